"""Where a cycle is: its phases in a row, joined by lines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStyle, QWidget

from app.ui.states import LOOKS, State, state_word
from app.ui.theme import Role, Space, Token, color, font
from app.ui.widgets.label import Label
from app.ui.widgets.lines import BusyRing, Glyph

_LEAST_JOIN = 8


class _Phase(QWidget):
    """One phase: glyph or ring, and its name."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
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
    """The phases with their states: one line, or several where the words need the room."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phases = [_Phase(name, self) for name in names]
        self._states: tuple[State, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_states(self, states: Sequence[State]) -> None:
        """One state a phase, in order."""
        if tuple(states) == self._states:
            return
        self._states = tuple(states)
        for phase, state in zip(self._phases, states, strict=True):
            phase.show_state(state)
        self._place()

    @property
    def states(self) -> tuple[State, ...]:
        """What is shown."""
        return self._states

    def heightForWidth(self, width: int) -> int:
        """As many lines as the phases need."""
        lines = -(-len(self._phases) // self._columns(width))
        return lines * self._line() + (lines - 1) * Space.TIGHT

    def sizeHint(self) -> QSize:
        """All in one line."""
        return QSize(self._in_one_line(), self._line())

    def minimumSizeHint(self) -> QSize:
        """The widest alone."""
        return QSize(self._widest(), self._line())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place them anew."""
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines between those that stand beside each other."""
        if self._columns(self.width()) < len(self._phases):
            return
        painter = QPainter(self)
        middle = self.height() // 2
        for before, after in zip(self._phases, self._phases[1:], strict=False):
            left, right = sorted((before, after), key=lambda one: one.x())
            start = left.geometry().right() + Space.TIGHT
            painter.fillRect(start, middle, right.x() - Space.TIGHT - start, 1, color(Token.BORDER))
        painter.end()

    def _line(self) -> int:
        return max(phase.sizeHint().height() for phase in self._phases)

    def _widest(self) -> int:
        return max(phase.sizeHint().width() for phase in self._phases)

    def _in_one_line(self) -> int:
        join = _LEAST_JOIN + 2 * Space.TIGHT
        widths = sum(phase.sizeHint().width() for phase in self._phases)
        return widths + join * (len(self._phases) - 1)

    def _columns(self, width: int) -> int:
        if self._in_one_line() <= width:
            return len(self._phases)
        step = self._widest() + Space.WIDE
        return 3 if 3 * step <= width else 2 if 2 * step <= width else 1

    def _place(self) -> None:
        columns, line = self._columns(self.width()), self._line()
        one_line = columns == len(self._phases)
        widths = [phase.sizeHint().width() for phase in self._phases]
        free = (self.width() - sum(widths)) / max(1, len(widths) - 1)
        x = 0.0
        for number, phase in enumerate(self._phases):
            left = round(x) if one_line else number % columns * (self.width() // columns)
            top = 0 if one_line else number // columns * (line + Space.TIGHT)
            spot = QRect(left, top, widths[number], line)
            phase.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), spot))
            x += widths[number] + free
        self.update()
