"""Rows of tables: how high they are, and which one is under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QTableView

from app.ui.theme import Role, Size, font

_HOVERED = "hoveredRow"


class RowHover(QObject):
    """Remembers the row under the pointer; Qt's tables know only the cell."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view
        view.setProperty(_HOVERED, -1)
        view.entered.connect(lambda index: self._point_at(index.row()))
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The pointer left."""
        if event.type() == QEvent.Type.Leave:
            self._point_at(-1)
        return False

    def _point_at(self, row: int) -> None:
        if row != self._view.property(_HOVERED):
            self._view.setProperty(_HOVERED, row)
            self._view.viewport().update()


def hovered_row(view: QTableView) -> int:
    """The row under the pointer, -1 for none."""
    row = view.property(_HOVERED)
    return -1 if row is None else int(row)


def row_height(*, dense: bool) -> int:
    """The grid's row height, or what the font needs."""
    face = font(Role.DENSE if dense else Role.BODY)
    least = Size.DENSE_ROW if dense else Size.ROW
    return max(int(least), QFontMetrics(face).height() + (8 if dense else 12))


def two_lines_height() -> int:
    """Height of a row with two lines."""
    lines = QFontMetrics(font(Role.STRONG)).height() + QFontMetrics(font(Role.CAPTION)).height()
    return max(int(Size.TWO_LINES), lines + 12)
