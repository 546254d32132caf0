"""Glyphs: Lucide SVGs coloured by token at paint time, drawn for the device's pixel ratio.

A picture is made once per (name, colour, size, ratio) and kept. `icon()` follows the scheme by
itself, because its engine asks for the token's colour each time it paints.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.ui.resources import resource_path
from app.ui.theme import Token, color


@cache
def _source(name: str) -> str:
    return resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")


@cache
def _picture(name: str, rgb: str, size: int, ratio: float) -> QPixmap:
    pixels = round(size * ratio)
    made = QPixmap(pixels, pixels)
    made.fill(Qt.GlobalColor.transparent)
    svg = _source(name).replace("currentColor", rgb)
    if name == "square":
        svg = svg.replace('fill="none"', f'fill="{rgb}"')
    painter = QPainter(made)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def pixmap(name: str, token: Token, size: int, ratio: float = 1.0) -> QPixmap:
    """The glyph in the token's present colour, `size` logical pixels square."""
    return _picture(name, color(token).name(), size, ratio)


def paint(painter: QPainter, rect: QRect, name: str, token: Token) -> None:
    """Draw the glyph centred in `rect`, as large as the rectangle's shorter side."""
    size = min(rect.width(), rect.height())
    ratio = painter.device().devicePixelRatioF()
    left = rect.x() + (rect.width() - size) // 2
    top = rect.y() + (rect.height() - size) // 2
    painter.drawPixmap(left, top, pixmap(name, token, size, ratio))


class _GlyphEngine(QIconEngine):
    """An icon that looks its colour up when it is painted."""

    def __init__(self, name: str, token: Token) -> None:
        super().__init__()
        self._name = name
        self._token = token

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._name, self._token)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        del state
        paint(painter, rect, self._name, self._for(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        del state
        side = min(size.width(), size.height())
        return pixmap(self._name, self._for(mode), max(1, round(side / scale)), scale)

    def _for(self, mode: QIcon.Mode) -> Token:
        return Token.DISABLED if mode is QIcon.Mode.Disabled else self._token


def icon(name: str, token: Token = Token.TEXT) -> QIcon:
    """A `QIcon` of the glyph, any size, for menus, line-edit actions and combo entries."""
    return QIcon(_GlyphEngine(name, token))


@cache
def application_icon() -> QIcon:
    """The program's own icon, in the sizes desktops ask for."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(_picture("rollcall", "#FFFFFF", size, 1.0))
    return made
