"""Steps of a record under one another, joined by a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.states import LOOKS, State, state_word
from app.ui.theme import Role, Size, Space, Token, color, grown
from app.ui.widgets.label import Label
from app.ui.widgets.lines import Glyph


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One step: how it went, its name, its evidence, and what it took."""

    state: State
    name: str
    text: str
    extra: str = ""


class _Rail(QWidget):
    """Glyph on top, line below it to the next step."""

    def __init__(self, state: State, *, last: bool) -> None:
        super().__init__()
        self._last = last
        look = LOOKS[state]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 0)
        column.addWidget(Glyph(look.glyph, look.token, Size.ICON + 2))
        column.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._last:
            painter = QPainter(self)
            top = grown(Size.ICON + 2) + 8
            middle = self.width() // 2
            height = max(4, self.height() - top - 2)
            painter.fillRect(middle, top, 2, height, color(Token.BORDER))
            painter.end()


class Timeline(QWidget):
    """A list of steps; read from top to bottom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.failed: QWidget | None = None
        """The first step that failed."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_steps(self, steps: Sequence[TimelineStep]) -> None:
        """Replace what is shown."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.failed = None
        for index, step in enumerate(steps):
            row = self._row(step, last=index == len(steps) - 1)
            self._column.addWidget(row)
            if step.state is State.FAILURE and self.failed is None:
                self.failed = row
        self._column.addStretch(1)

    def _row(self, step: TimelineStep, *, last: bool) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(_Rail(step.state, last=last))
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0 if last else Space.MEDIUM)
        words.setSpacing(1)
        head = QHBoxLayout()
        head.addWidget(Label(step.name, Role.STRONG), 1)
        if step.extra:
            head.addWidget(Label(step.extra, Role.CAPTION, Token.TEXT2))
        words.addLayout(head)
        failed = step.state is State.FAILURE
        tint = Token.FAILURE if failed else Token.TEXT2
        text = Label(step.text, Role.DENSE, tint, wrap=True, selectable=True)
        words.addWidget(text)
        row.addLayout(words, 1)
        made.setAccessibleName(f"{step.name}: {state_word(step.state)}. {step.text}")
        return made
