"""Numbers that are read at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from app.ui.theme import Role, Space, Token
from app.ui.widgets.card import Card
from app.ui.widgets.label import Label
from app.ui.widgets.lines import Glyph


class Tile(Card):
    """A glyph with what is counted, and the number below."""

    def __init__(
        self, glyph: str, name: str, value: int | str = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, padding=14)
        self._glyph_name = glyph
        self._glyph = Glyph(glyph, Token.TEXT2)
        self._name = Label(name, Role.BODY, Token.TEXT2)
        self._value = Label("", Role.FIGURE)
        top = QHBoxLayout()
        top.setSpacing(Space.TIGHT)
        top.addWidget(self._glyph)
        top.addWidget(self._name, 1)
        self.body.setSpacing(2)
        self.body.addLayout(top)
        self.body.addWidget(self._value)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_value(value)

    def set_value(self, value: int | str) -> None:
        """The number, written as the language does."""
        text = QLocale().toString(value) if isinstance(value, int) else value
        if text != self._value.text():
            self._value.setText(text)
        self.setAccessibleName(f"{self._name.text()}: {text}")

    def set_token(self, token: Token) -> None:
        """Tint glyph and number, for instance failures."""
        self._value.set_token(token)
        self._glyph.show_glyph(self._glyph_name, Token.TEXT2 if token is Token.TEXT else token)

    @property
    def value(self) -> str:
        """The number as shown."""
        return self._value.text()


class TileRow(QWidget):
    """Tiles of one width: as many a row as fit, then fewer."""

    def __init__(self, tiles: Sequence[Tile], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles = list(tiles)
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(Space.MEDIUM)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._arrange(len(self._tiles))

    def minimumSizeHint(self) -> QSize:
        """One tile wide: the row would otherwise keep the page as wide as all of them."""
        widest = max((tile.minimumSizeHint().width() for tile in self._tiles), default=1)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Six, three or two a row."""
        widest = max((tile.minimumSizeHint().width() for tile in self._tiles), default=1)
        for columns in (len(self._tiles), 3, 2, 1):
            needed = columns * widest + (columns - 1) * Space.MEDIUM
            if needed <= self.width() or columns == 1:
                self._arrange(columns)
                return

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for tile in self._tiles:
            self._grid.removeWidget(tile)
        for column in range(len(self._tiles)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for index, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, index // columns, index % columns)
        self.updateGeometry()
