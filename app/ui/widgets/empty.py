"""What stands where nothing is yet."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.theme import Role, Space, Token, grown
from app.ui.widgets.buttons import Button
from app.ui.widgets.label import Label
from app.ui.widgets.lines import Glyph

_LOW = 120


class EmptyState(QWidget):
    """A glyph, one sentence what will be here, one button."""

    def __init__(
        self, glyph: str, sentence: str, button: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._glyph = Glyph(glyph, Token.TEXT2, 40)
        self._sentence = Label(sentence, Role.BODY, Token.TEXT2, wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = Button(button)
        self.button.setVisible(bool(button))
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.PAGE)
        column.setSpacing(Space.MEDIUM)
        column.addStretch(1)
        column.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._sentence)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no height, the words alone."""
        super().resizeEvent(event)
        low = self.height() < grown(_LOW)
        self._glyph.setVisible(not low)
        edge = Space.HAIR if low else Space.PAGE
        self._column.setContentsMargins(Space.PAGE, edge, Space.PAGE, edge)

    def minimumSizeHint(self) -> QSize:
        """The words; the glyph goes first."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), min(hint.height(), grown(_LOW) // 2))

    def show_message(self, glyph: str, sentence: str, button: str = "") -> None:
        """Change all three."""
        self._glyph.show_glyph(glyph, Token.TEXT2)
        self._sentence.setText(sentence)
        self.button.setText(button)
        self.button.setVisible(bool(button))

    @property
    def sentence(self) -> str:
        """What is said."""
        return self._sentence.text()
