"""Where a cycle is: its phases in a row, joined by lines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.states import LOOKS, State, state_word
from app.ui.theme import Role, Space, Token, color, font
from app.ui.widgets.label import Label
from app.ui.widgets.lines import BusyRing, Glyph


class _Join(QWidget):
    """The line between two phases."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() // 2, self.width(), 1, color(Token.BORDER))
        painter.end()


class _Phase(QWidget):
    """One phase: glyph or ring, and its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self._glyph = Glyph("circle-dashed", Token.TEXT2)
        self._ring = BusyRing()
        self._label = Label(name, Role.BODY, Token.TEXT2)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.HAIR)
        row.addWidget(self._glyph)
        row.addWidget(self._ring)
        row.addWidget(self._label)
        self.show_state(State.WAITING)

    def show_state(self, state: State) -> None:
        running = state is State.RUNNING
        look = LOOKS[state]
        self._glyph.show_glyph(look.glyph, look.token)
        self._glyph.setVisible(not running)
        self._ring.setVisible(running)
        self._label.setFont(font(Role.STRONG if running else Role.BODY))
        self._label.set_token(Token.TEXT if running else Token.TEXT2)
        self.setAccessibleName(f"{self.name}: {state_word(state)}")


class PhaseRow(QWidget):
    """The phases with their states; one line."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phases = [_Phase(name) for name in names]
        self._states: tuple[State, ...] = ()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.TIGHT)
        for index, phase in enumerate(self._phases):
            if index:
                row.addWidget(_Join(), 1)
            row.addWidget(phase)

    def set_states(self, states: Sequence[State]) -> None:
        """One state a phase, in order."""
        if tuple(states) == self._states:
            return
        self._states = tuple(states)
        for phase, state in zip(self._phases, states, strict=True):
            phase.show_state(state)

    @property
    def states(self) -> tuple[State, ...]:
        """What is shown."""
        return self._states
