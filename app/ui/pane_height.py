"""How high the activity pane is while nobody has chosen: a few rows when idle, many when busy."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

_SLACK = 3


class PaneHeight:
    """Gives the dock its height until a person drags it; from then on it is theirs."""

    def __init__(self, window: QMainWindow, dock: QDockWidget) -> None:
        self._window = window
        self._dock = dock
        self._given: int | None = None
        self._theirs = False

    def leave_alone(self) -> None:
        """A height of last time was restored."""
        self._theirs = True

    def fit(self, height: int) -> None:
        """The height that suits what is shown now."""
        if self._theirs or self._dock.isHidden() or self._dock.isFloating():
            return
        if self._given is not None and abs(self._dock.height() - self._given) > _SLACK:
            self._theirs = True
            return
        self._window.resizeDocks([self._dock], [height], Qt.Orientation.Vertical)
        self._given = None

    def settled(self) -> None:
        """The layout has taken the height given; what differs later is a person's."""
        if self._given is None and not self._dock.isHidden():
            self._given = self._dock.height()
