"""The columns of who is assigned: side by side, or type and role under the name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QTableView

from app.ui.theme import Role, Size, font, grown
from app.ui.widgets import CellDelegate, StateWrappedDelegate, TwoLineDelegate
from app.ui.widgets.rows import row_height, two_lines_height

_NAME, _TYPE, _ROLE, _ANSWER = range(4)
_SHARES = {_NAME: 0.24, _TYPE: 0.20, _ROLE: 0.22, _ANSWER: 0.34}
_PADDING = 24
_MOST_OF_NAMES = 0.55


class AssignmentColumns(QObject):
    """Nothing is cut: where one column is too narrow, rows have two lines and the answer wraps."""

    turned = Signal()
    """Rows have another height now."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view
        self._stacked = False
        self._one_line, self._two_lines = CellDelegate(view), TwoLineDelegate(view)
        view.setItemDelegateForColumn(_ANSWER, StateWrappedDelegate(view))
        view.viewport().installEventFilter(self)
        view.model().modelReset.connect(self._fit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The table became wider or narrower."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        width = self._view.viewport().width()
        needed = {column: self._needed(column) for column in _SHARES}
        stacked = any(needed[column] > width * share for column, share in _SHARES.items())
        widths = {column: round(width * _SHARES[column]) for column in (_NAME, _TYPE, _ROLE)}
        if stacked:
            below = f"{self._widest(_TYPE)} · {self._widest(_ROLE)}"
            second = QFontMetrics(font(Role.CAPTION)).horizontalAdvance(below)
            names = max(needed[_NAME], second + 2 * _PADDING + grown(Size.ICON))
            widths[_NAME] = min(names, round(width * _MOST_OF_NAMES))
        for column, wanted in widths.items():
            self._view.setColumnWidth(column, wanted)
        if stacked != self._stacked:
            self._turn(stacked)

    def _turn(self, stacked: bool) -> None:
        self._stacked = stacked
        for column in (_TYPE, _ROLE):
            self._view.setColumnHidden(column, stacked)
        delegate = self._two_lines if stacked else self._one_line
        self._view.setItemDelegateForColumn(_NAME, delegate)
        height = two_lines_height() if stacked else row_height(dense=False)
        self._view.verticalHeader().setDefaultSectionSize(height)
        self.turned.emit()

    def _texts(self, column: int) -> list[str]:
        model = self._view.model()
        return [str(model.index(row, column).data() or "") for row in range(model.rowCount())]

    def _widest(self, column: int) -> str:
        letters = QFontMetrics(font(Role.BODY))
        return max(self._texts(column), key=letters.horizontalAdvance, default="")

    def _needed(self, column: int) -> int:
        glyph = grown(Size.ICON) + 8 if column in (_NAME, _ANSWER) else 0
        words = QFontMetrics(font(Role.BODY)).horizontalAdvance(self._widest(column))
        return words + glyph + _PADDING
