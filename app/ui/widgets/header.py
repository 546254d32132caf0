"""The head of a page: its name left, its actions right, or below where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from app.ui.states import State
from app.ui.theme import Role, Size, Space
from app.ui.widgets.chips import Badge
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.label import Label


class PageHeader(QWidget):
    """Title, an optional badge, actions."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Label(title, Role.TITLE)
        self._badge = Badge()
        self._badge.setVisible(False)
        self._actions = QWidget()
        self._flow = FlowLayout(self._actions, spacing=Space.WIDE)
        name = QHBoxLayout()
        name.setSpacing(Space.TIGHT)
        name.addWidget(self._title)
        name.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        name.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(Space.PAGE, Space.MEDIUM, Space.PAGE, Space.MEDIUM)
        self._row.setSpacing(Space.TIGHT)
        self._row.addLayout(name, 1)
        self._row.addWidget(self._actions)
        self.setMinimumHeight(Size.PAGE_HEADER)

    def set_title(self, text: str) -> None:
        """Rename the page."""
        self._title.setText(text)

    def set_badge(self, state: State, text: str) -> None:
        """A pill after the title; "" removes it."""
        self._badge.show_state(state, text)
        self._badge.setVisible(bool(text))

    def add_action(self, widget: QWidget) -> None:
        """One more at the right."""
        self._flow.addWidget(widget)

    def minimumSizeHint(self) -> QSize:
        """The wider of the two."""
        widest = max(self._title.sizeHint().width(), self._flow.minimumSize().width())
        return QSize(widest + 2 * Space.PAGE, super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        """A word on a button changed."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._turn()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside or below."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        needed = self._title.sizeHint().width() + self._flow.sizeHint().width() + 3 * Space.PAGE
        below = needed > self.width()
        direction = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        if self._row.direction() != direction:
            self._row.setDirection(direction)
