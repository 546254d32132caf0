"""Columns that share the width of their table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QTableView

from app.ui.theme import grown

LEAST_COLUMN = 104


class SharedColumns(QObject):
    """Gives the columns of a table their share of its width; the last takes what is left."""

    def __init__(self, view: QTableView, shares: Sequence[float]) -> None:
        super().__init__(view)
        self._view = view
        self._shares = shares
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The table became wider or narrower."""
        if event.type() == QEvent.Type.Resize:
            width = self._view.viewport().width()
            for column, share in enumerate(self._shares):
                least = grown(LEAST_COLUMN)
                self._view.setColumnWidth(column, max(least, round(width * share)))
        return super().eventFilter(watched, event)
