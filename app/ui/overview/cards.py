"""The quieter cards of the overview: numbers to date, what will matter soon, failures, practice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.texts import Translator
from app.ui import wording
from app.ui.secret_words import replace_word
from app.ui.services import Advice, SandboxOperation, Snapshot
from app.ui.states import LOOKS, State
from app.ui.theme import Role, Space, Token
from app.ui.widgets import Button, Card, FlowLayout, Glyph, Label, StateLine

_CAUSES = 3
"""Causes of failures that are listed; the log has them all."""


class ToDateCard(Card):
    """Numbers of the whole profile."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add_title(self.tr("To date"))
        self._rows: list[tuple[Label, Label]] = []
        for _ in range(7):
            name = Label("", Role.BODY, Token.TEXT2)
            value = Label("", Role.STRONG)
            row = QHBoxLayout()
            row.setSpacing(Space.TIGHT)
            row.addWidget(name, 1)
            row.addWidget(value)
            self.body.addLayout(row)
            self._rows.append((name, value))
        self.body.addStretch(1)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """The numbers as read."""
        facts = self._facts(snapshot)
        for index, (name, value) in enumerate(self._rows):
            shown = index < len(facts)
            name.setVisible(shown)
            value.setVisible(shown)
            if shown:
                name.setText(facts[index][0])
                value.setText(facts[index][1])

    def _facts(self, snapshot: Snapshot) -> list[tuple[str, str]]:
        status = snapshot.status
        in_scope = self.tr("First people only") if snapshot.profile.pilot else ""
        facts = [
            (in_scope or self.tr("People in scope"), wording.number(status.people_in_scope)),
            (self.tr("GoTo accounts linked"), wording.number(status.linked)),
            (self.tr("Waiting for a retry"), wording.number(status.escrowed)),
            (self.tr("Accounts created"), wording.number(status.totals.created)),
        ]
        last = status.last
        if last is not None:
            requests = last.source_requests + last.target_requests
            took = self.tr("{took}, {requests}").format(
                took=wording.took(last.duration_s),
                requests=self.tr("%Ln requests", "", requests),
            )
            facts.append((self.tr("Last cycle took"), took))
        if status.since is not None:
            since = self.tr("Cycles since {date}").format(date=wording.day_and_month(status.since))
            facts.append((since, wording.number(status.cycles)))
        return facts


class SoonCard(Card):
    """What is not wrong now but will matter later, each with its cure."""

    replace_wanted = Signal(object)
    """Names of secrets."""

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0)
        self._translator = translator
        head = QHBoxLayout()
        head.setContentsMargins(Space.WIDE, Space.MEDIUM, Space.WIDE, Space.MEDIUM)
        head.setSpacing(Space.TIGHT)
        head.addWidget(Label(self.tr("Soon"), Role.SECTION))
        head.addWidget(
            Label(
                self.tr("Nothing is wrong now. These will matter later."),
                Role.CAPTION,
                Token.TEXT2,
                wrap=True,
            ),
            1,
        )
        self.body.addLayout(head)
        self._shown: tuple[Advice, ...] = ()
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.body.addLayout(self._column)

    def show_advice(self, advice: Sequence[Advice]) -> None:
        """Replace the lines; the card hides itself when there are none."""
        self.setVisible(bool(advice))
        if tuple(advice) == self._shown:
            return
        self._shown = tuple(advice)
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for entry in advice:
            line = _AdviceLine(entry, self._translator)
            line.replace.clicked.connect(
                lambda _checked=False, names=entry.secrets: self.replace_wanted.emit(names)
            )
            self._column.addWidget(line)


class _AdviceLine(QWidget):
    """Glyph, what, why."""

    def __init__(self, advice: Advice, translator: Translator) -> None:
        super().__init__()
        look = LOOKS[State.WARNING if advice.warning else State.INFO]
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.WIDE, Space.TIGHT, Space.WIDE, Space.MEDIUM)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(Glyph(look.glyph, look.token), 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(translator.render(advice.title), Role.STRONG, wrap=True))
        words.addWidget(Label(translator.render(advice.text), Role.CAPTION, Token.TEXT2, wrap=True))
        row.addLayout(words, 1)
        self.replace = Button(replace_word(advice.secrets), glyph="key-round")
        self.replace.setVisible(bool(advice.secrets))
        row.addWidget(self.replace)


class FailuresCard(Card):
    """Who failed so far in the running cycle, and why most of them."""

    failures_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=Space.MEDIUM)
        self._title = Label("", Role.STRONG, wrap=True)
        self._text = Label("", Role.CAPTION, Token.TEXT2, wrap=True)
        button = Button(self.tr("Show failures"))
        button.clicked.connect(self.failures_wanted)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = QHBoxLayout()
        row.setContentsMargins(Space.HAIR, 0, Space.HAIR, 0)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(Glyph("octagon-x", Token.FAILURE), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(button)
        self.body.addLayout(row)

    def show_failures(self, failed: int, causes: Mapping[str, int]) -> None:
        """`causes` are those of the failures seen so far, in words that name nobody."""
        self.setVisible(failed > 0)
        if not failed:
            return
        self._title.setText(self.tr("%Ln people could not be provisioned", "", failed))
        listed = sorted(causes.items(), key=lambda cause: -cause[1])[:_CAUSES]
        reasons = self.tr("; ").join(
            self.tr("{cause}: {count}").format(cause=cause, count=wording.number(count))
            for cause, count in listed
        )
        rest = self.tr("The cycle goes on for everyone else.")
        self._text.setText(f"{reasons}. {rest}" if reasons else rest)
        self.setAccessibleName(f"{self._title.text()}. {self._text.text()}")


class SandboxCard(Card):
    """Make something happen in the practice world, then sync and see."""

    operation_wanted = Signal(object)

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._translator = translator
        self._buttons: list[Button] = []
        self._busy = False
        self.add_title(
            self.tr("Make something happen"),
            self.tr("This is the practice tenant: nothing here is real."),
        )
        self._flow_host = QWidget()
        self._flow = FlowLayout(self._flow_host)
        self.body.addWidget(self._flow_host)
        self._answer = StateLine(State.INFO, "", tinted=False, wrap=True)
        self._answer.setVisible(False)
        self.body.addWidget(self._answer)

    def set_operations(self, operations: Sequence[SandboxOperation]) -> None:
        """One button each; the card hides itself when there are none."""
        for button in self._buttons:
            button.deleteLater()
        self._buttons = []
        for operation in operations:
            button = Button(self._translator.render(operation.name), glyph=operation.glyph)
            if operation.tip is not None:
                button.setToolTip(self._translator.render(operation.tip))
            button.clicked.connect(self._asker(operation))
            self._flow.addWidget(button)
            self._buttons.append(button)
        self.setVisible(bool(operations))

    def _asker(self, operation: SandboxOperation) -> Callable[[], None]:
        return lambda: None if self._busy else self.operation_wanted.emit(operation)

    def set_busy(self, *, busy: bool) -> None:
        """No second wish while one is carried out.

        The buttons stay enabled: a disabled one would hand the keyboard's focus to a stranger.
        """
        self._busy = busy

    def show_answer(self, text: str, *, failed: bool = False) -> None:
        """What happened; "" once a cycle has seen it."""
        self._answer.show_state(State.FAILURE if failed else State.INFO, text)
        self._answer.setVisible(bool(text))

    @property
    def answer(self) -> str:
        """The sentence shown."""
        return self._answer.label.text()
