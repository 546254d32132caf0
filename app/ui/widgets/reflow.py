"""Rows that become columns where there is no room, so that large text never leaves the page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.ui.theme import Space


class ReflowRow(QWidget):
    """Widgets side by side, or below each other when they are wider than the row."""

    def __init__(self, *, spacing: int = Space.TIGHT) -> None:
        super().__init__()
        self._parts: list[QWidget] = []
        self.box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(spacing)

    def add(self, widget: QWidget, stretch: int = 0, side: Qt.AlignmentFlag | None = None) -> None:
        """One more widget; `side` aligns it where it has room."""
        self._parts.append(widget)
        if side is None:
            self.box.addWidget(widget, stretch)
        else:
            self.box.addWidget(widget, stretch, side)

    def add_stretch(self) -> None:
        """Room that pushes what follows to the end of the row."""
        self.box.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest part."""
        widest = max((one.minimumSizeHint().width() for one in self._shown()), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Words changed, or something was shown: look again."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._turn()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn where the width does not do."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        shown = self._shown()
        needed = sum(max(one.minimumSizeHint().width(), one.minimumWidth()) for one in shown)
        needed += self.box.spacing() * max(0, len(shown) - 1)
        direction = (
            QBoxLayout.Direction.LeftToRight
            if needed <= self.width()
            else QBoxLayout.Direction.TopToBottom
        )
        if self.box.direction() != direction:
            self.box.setDirection(direction)
            self.updateGeometry()

    def _shown(self) -> list[QWidget]:
        return [one for one in self._parts if not one.isHidden()]
