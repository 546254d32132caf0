"""The values a record changed: the attribute, under it the old value and the new one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.activity import Change
from app.ui.theme import Role, Space, Token, font
from app.ui.widgets import Label
from app.ui.widgets.delegates import value_text


class ChangesView(QWidget):
    """Long values wrap wherever the room ends, so nothing is ever cut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_changes(self, changes: Sequence[Change]) -> None:
        """Replace what is listed."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        if not changes:
            nothing = self.tr("No properties were modified.")
            self._column.addWidget(Label(nothing, Role.BODY, Token.TEXT2, wrap=True))
        for change in changes:
            self._add(change)

    def _add(self, change: Change) -> None:
        name = Label(change.attribute, Role.CAPTION, Token.TEXT2, wrap=True)
        name.setContentsMargins(0, Space.TIGHT if self._column.count() else 0, 0, 0)
        self._column.addWidget(name)
        if change.old is not None:
            old = Label(value_text(change.old), Role.DENSE, Token.TEXT2, wrap=True)
            struck = QFont(font(Role.DENSE))
            struck.setStrikeOut(True)
            old.setFont(struck)
            self._column.addWidget(old)
        new = Label(value_text(change.new), Role.STRONG, wrap=True)
        new.setAccessibleName(
            self.tr("{attribute}: {old} becomes {new}").format(
                attribute=change.attribute,
                old=value_text(change.old),
                new=value_text(change.new),
            )
        )
        self._column.addWidget(new)
