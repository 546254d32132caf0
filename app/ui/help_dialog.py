"""F1: what this page is for, and its keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme import Role, Space, Token, grown
from app.ui.widgets import Button, KeyCap, Label


class HelpDialog(QDialog):
    """`keys` are pairs of a shortcut, as `QKeySequence` reads it, and what it does."""

    def __init__(
        self, title: str, text: str, keys: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Help"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(grown(460), 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.PAGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(Label(title, Role.TITLE, wrap=True))
        column.addWidget(Label(text, Role.BODY, Token.TEXT2, wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.WIDE)
        grid.setColumnStretch(1, 1)
        for row, (shortcut, deed) in enumerate(keys):
            native = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            grid.addWidget(KeyCap(native), row, 0)
            grid.addWidget(Label(deed, Role.BODY, wrap=True), row, 1)
        column.addLayout(grid)
        self.close_button = Button(self.tr("&Close"), kind="primary")
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        row_of_buttons = QHBoxLayout()
        row_of_buttons.addStretch(1)
        row_of_buttons.addWidget(self.close_button)
        column.addLayout(row_of_buttons)
