"""The head of a page: its name left, its actions right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.states import State
from app.ui.theme import Role, Size, Space
from app.ui.widgets.chips import Badge
from app.ui.widgets.label import Label


class PageHeader(QWidget):
    """Title, an optional badge, actions."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Label(title, Role.TITLE)
        self._badge = Badge()
        self._badge.setVisible(False)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.PAGE, Space.MEDIUM, Space.PAGE, Space.MEDIUM)
        self._row.setSpacing(Space.TIGHT)
        self._row.addWidget(self._title)
        self._row.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)
        self.setMinimumHeight(Size.PAGE_HEADER)

    def set_title(self, text: str) -> None:
        """Rename the page."""
        self._title.setText(text)

    def set_badge(self, state: State, text: str) -> None:
        """A pill after the title; "" removes it."""
        self._badge.show_state(state, text)
        self._badge.setVisible(bool(text))

    def add_action(self, widget: QWidget, *, gap: int = 0) -> None:
        """One more at the right."""
        if gap:
            self._row.addSpacing(gap)
        self._row.addWidget(widget)
