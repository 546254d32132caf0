"""The rows of the connection test: one check each, in the card of its side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.states import LOOKS, State
from app.ui.theme import Role, Space, Token, grown, line_height
from app.ui.widgets import Button, Card, Label, StateLine
from app.ui.widgets.flow import FlowLayout

_FOUND_UNDER = 520
"""Width below which what was found goes under the name."""
_ROW_EDGE = 4


class CheckRow(QWidget):
    """One check: shape, name, what was found, what to do."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.state = StateLine(State.WAITING)
        self.title = Label(title, Role.STRONG, Token.TEXT2)
        self.fact = Label("", Role.BODY, Token.TEXT2, wrap=True)
        self.advice = Label("", Role.BODY, wrap=True)
        self.stop = Button(self.tr("Stop"), kind="link")
        self.stop.setAccessibleName(self.tr("Stop counting people"))
        found = QVBoxLayout()
        found.setSpacing(0)
        self.parts = QWidget()
        self._parts = FlowLayout(self.parts, spacing=Space.WIDE, between_lines=0)
        for part in (self.fact, self.parts, self.advice):
            found.addWidget(part)
        top = Qt.AlignmentFlag.AlignTop
        named = QHBoxLayout()
        named.setSpacing(Space.WIDE)
        # The glyph and the name stand in the middle of a line of the words beside them.
        line = line_height(Role.BODY)
        for part in (self.state, self.title):
            part.setMinimumHeight(line)
            named.addWidget(part, 0, top)
        named.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(Space.WIDE, _ROW_EDGE, Space.WIDE, _ROW_EDGE)
        self._row.setSpacing(Space.WIDE)
        self._row.addLayout(named)
        self._row.addLayout(found, 1)
        self._row.addWidget(self.stop, 0, top)
        self.stop.hide()
        self.advice.hide()
        self.parts.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was found beside the name, or under it."""
        super().resizeEvent(event)
        under = self.width() < grown(_FOUND_UNDER)
        self._row.setDirection(
            QBoxLayout.Direction.TopToBottom if under else QBoxLayout.Direction.LeftToRight
        )
        self._row.setSpacing(Space.HAIR if under else Space.WIDE)

    def show_check(self, state: State, fact: str, advice: str) -> None:
        """How it stands."""
        look = LOOKS[state]
        self.state.show_state(state, "")
        quiet = state in (State.SUCCESS, State.WAITING)
        self.title.set_token(Token.TEXT2 if state is State.WAITING else Token.TEXT)
        self.fact.set_token(Token.TEXT2 if quiet else look.token)
        self.fact.setText(fact)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))

    def show_parts(self, parts: Sequence[tuple[State, str]]) -> None:
        """Each thing the check looked at, with how it stands."""
        while (item := self._parts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for state, words in parts:
            self._parts.addWidget(
                StateLine(state, words, role=Role.CAPTION, tinted=False, wrap=True)
            )
        self.parts.setVisible(bool(parts))


class SideCard(Card):
    """One side: its name, its checks, and how many are through."""

    def __init__(self, title: str, checks: Sequence[tuple[str, str]]) -> None:
        super().__init__(padding=0)
        head = self.add_header(title, " ")
        self.summary = StateLine(State.WAITING)
        head.addWidget(self.summary)
        self.rows: dict[str, CheckRow] = {}
        for at, (name, words) in enumerate(checks):
            if at:
                self.add_line()
            self.rows[name] = CheckRow(words)
            self.body.addWidget(self.rows[name])

    def show_hint(self, text: str) -> None:
        """Which tenant, which organisation."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
