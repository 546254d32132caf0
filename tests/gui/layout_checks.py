"""Looks at every label and button on show: is anything cut, does anything lie on something else?"""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.ui.widgets.label import ElidedLabel


def words(widget):
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def _fits(widget):
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            fits = widget.heightForWidth(widget.width()) <= widget.height() + 1
        else:
            fits = widget.sizeHint().width() <= widget.width() + 1
        return fits and widget.fontMetrics().height() <= widget.height() + 1
    hint = widget.minimumSizeHint()
    return hint.width() <= widget.width() + 1 and hint.height() <= widget.height() + 1


def _speaking(window):
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, QLabel | QAbstractButton) or not words(widget):
            continue
        if widget.isVisible() and widget.width() and not isinstance(widget, ElidedLabel):
            yield widget


def _named(window, widget):
    spot = widget.mapTo(window, QPoint(0, 0))
    return f"{type(widget).__name__} {words(widget)!r} at {spot.toTuple()}"


def cut_texts(window):
    """Labels and buttons whose words do not fit where they stand, or reach out of their page."""
    cut = [_named(window, one) for one in _speaking(window) if not _fits(one)]
    for widget in _speaking(window):
        shown = widget.visibleRegion().boundingRect()
        if not shown.isEmpty() and shown.width() < widget.width() - 1:
            cut.append(f"{_named(window, widget)} reaches out")
        parent = widget.parentWidget()
        if parent is not None and not parent.rect().contains(widget.geometry()):
            cut.append(f"{_named(window, widget)} stands outside of {type(parent).__name__}")
    return cut


def overlaps(window):
    """Pairs of labels and buttons that lie on one another."""
    shown = []
    for widget in _speaking(window):
        area = widget.visibleRegion().boundingRect()
        if not area.isEmpty():
            shown.append((widget, QRect(widget.mapTo(window, area.topLeft()), area.size())))
    found = []
    for number, (one, here) in enumerate(shown):
        for other, there in shown[number + 1 :]:
            if one.isAncestorOf(other) or other.isAncestorOf(one):
                continue
            common = here.intersected(there)
            if common.width() > 2 and common.height() > 2:
                found.append(f"{_named(window, one)} and {_named(window, other)}")
    return found


def assert_nothing_is_cut(window, qtbot):
    """Nothing is cut once the layout has caught up with what arrived from other threads."""

    def nothing_is_cut():
        found = [*cut_texts(window), *overlaps(window)]
        assert not found, "\n".join(found)

    qtbot.waitUntil(nothing_is_cut, timeout=3000)
