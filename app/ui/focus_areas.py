"""F6: round the areas of the main window, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the window; `first` is where the focus lands in it, if it is given."""

    widget: QWidget
    first: Callable[[], QWidget] | None = None
    without: QWidget | None = None
    """A part of it that is an area of its own."""

    def target(self) -> QWidget | None:
        """Where the focus lands; None when nothing here takes it."""
        if self.first is not None:
            return self.first()
        for widget in self.widget.findChildren(QWidget):
            tabbed = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            outside = self.without is not None and holds(self.without, widget)
            if tabbed and widget.isVisible() and widget.isEnabled() and not outside:
                return widget
        return None


def go_round(areas: Sequence[Area], step: int) -> None:
    """From the area that has the focus to the next one that can take it."""
    focused = QApplication.focusWidget()
    nowhere = -1 if step > 0 else len(areas)
    # A page holds its header too: the first area that holds the focus is the one.
    at = next((i for i, area in enumerate(areas) if holds(area.widget, focused)), nowhere)
    for number in range(1, len(areas) + 1):
        target = areas[(at + step * number) % len(areas)].target()
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            return


def holds(area: QObject, widget: QWidget | None) -> bool:
    """`widget` is `area` or lies in it."""
    return (
        isinstance(area, QWidget)
        and widget is not None
        and (area is widget or area.isAncestorOf(widget))
    )
