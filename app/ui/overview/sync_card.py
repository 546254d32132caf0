"""The running cycle: where it is, how far, how long still."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.domain.activity import CycleKind, Phase, Progress
from app.ui import wording
from app.ui.states import State
from app.ui.theme import Role, Space, Token, grown
from app.ui.widgets import Card, Label, PhaseRow, Tile, TileRow

PHASES = (
    Phase.IMPORT,
    Phase.SCOPING,
    Phase.MATCHING,
    Phase.PLAN,
    Phase.GUARDS,
    Phase.APPLY,
)


class SyncCard(Card):
    """Title, people done of people in all, bar, the six phases."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=Space.WIDE + 4)
        self._title = Label("", Role.TITLE, wrap=True)
        self._text = Label("", Role.BODY, Token.TEXT2, wrap=True)
        self._done = Label("", Role.DISPLAY)
        self._of = Label("", Role.BODY, Token.TEXT2)
        self._left = Label("", Role.SECTION)
        self._pace = Label("", Role.CAPTION, Token.TEXT2)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(10)
        self.bar.setAccessibleName(self.tr("People done"))
        self.phases = PhaseRow(
            [
                self.tr("Import"),
                self.tr("Scoping"),
                self.tr("Matching"),
                self.tr("Plan"),
                self.tr("Safety check"),
                self.tr("Apply"),
            ]
        )
        self._build()

    def _build(self) -> None:
        numbers = self._numbers = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        numbers.setSpacing(Space.TIGHT)
        count = QHBoxLayout()
        count.setSpacing(Space.TIGHT)
        count.addWidget(self._done, 0, Qt.AlignmentFlag.AlignBottom)
        count.addWidget(self._of, 0, Qt.AlignmentFlag.AlignBottom)
        count.addStretch(1)
        numbers.addLayout(count, 1)
        self._of.setContentsMargins(0, 0, 0, Space.HAIR + 1)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addStretch(1)
        for label in (self._left, self._pace):
            right.addWidget(label)
        numbers.addLayout(right)
        self.body.setContentsMargins(Space.PAGE, Space.WIDE + 4, Space.PAGE, Space.WIDE + 4)
        self.body.setSpacing(Space.HAIR)
        self.body.addWidget(self._title)
        self.body.addWidget(self._text)
        self.body.addSpacing(Space.TIGHT)
        self.body.addLayout(numbers)
        self.body.addSpacing(Space.HAIR)
        self.body.addWidget(self.bar)
        self.body.addSpacing(Space.MEDIUM)
        self.body.addWidget(self.phases)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The time left beside the number, or under it."""
        super().resizeEvent(event)
        under = self.width() < grown(560)
        self._numbers.setDirection(
            QBoxLayout.Direction.TopToBottom if under else QBoxLayout.Direction.LeftToRight
        )
        side = Qt.AlignmentFlag.AlignLeading if under else Qt.AlignmentFlag.AlignTrailing
        for label in (self._left, self._pace):
            label.setAlignment(side)

    @property
    def sentence(self) -> str:
        """What is being done."""
        return self._title.text()

    @property
    def numbers(self) -> str:
        """The big number and what it is of."""
        return f"{self._done.text()} {self._of.text()}"

    @property
    def time_left(self) -> str:
        """The estimate in words."""
        return self._left.text()

    def show_starting(self) -> None:
        """A cycle was asked for; nothing is known of it yet."""
        self._title.setText(self.tr("Starting a cycle"))
        self._text.setText("")
        self._text.setVisible(False)
        for label in (self._done, self._of, self._left, self._pace):
            label.setText("")
        self.bar.setVisible(False)
        self.phases.set_states([State.WAITING] * len(PHASES))

    def show_progress(self, progress: Progress, *, tray: bool) -> None:
        """The newest snapshot."""
        self._title.setText(self._title_words(progress))
        started = self.tr("Started at {time}.").format(time=wording.clock_time(progress.started_at))
        more = self.tr("You may close this window; the cycle goes on in the tray.") if tray else ""
        self._text.setText(f"{started} {more}".strip())
        self._text.setVisible(True)
        self._show_numbers(progress)
        at = PHASES.index(progress.phase)
        states = [
            State.SUCCESS if i < at else State.RUNNING if i == at else State.WAITING
            for i in range(len(PHASES))
        ]
        self.phases.set_states(states)
        self.setAccessibleName(f"{self._title.text()}. {self.numbers}. {self._left.text()}")

    def _show_numbers(self, progress: Progress) -> None:
        applying = progress.phase is Phase.APPLY
        known = progress.total > 0
        if applying and known:
            self._done.setText(wording.number(progress.done))
            of = self.tr("of %Ln people", "", progress.total)
            self._of.setText(of)
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
        else:
            self._done.setText(wording.number(progress.read))
            self._of.setText(self.tr("people read so far"))
        self.bar.setVisible(applying and known)
        finishing = applying and known and progress.done >= progress.total
        if progress.stopping:
            self._left.setText(self.tr("Stopping after the request in flight…"))
        elif finishing:
            self._left.setText(self.tr("Finishing…"))
        elif applying and progress.eta_seconds is not None:
            self._left.setText(wording.time_left(progress.eta_seconds))
        elif applying:
            self._left.setText(self.tr("Working out how long…"))
        else:
            self._left.setText("")
        fast = applying and not finishing and progress.per_second >= 1
        pace = self.tr("%Ln people a second", "", round(progress.per_second)) if fast else ""
        self._pace.setText(pace)
        self._pace.setVisible(bool(pace))

    def _title_words(self, progress: Progress) -> str:
        return (
            self._initial_words(progress.phase)
            if progress.kind is CycleKind.INITIAL
            else self._incremental_words(progress.phase)
        )

    def _initial_words(self, phase: Phase) -> str:
        return {
            Phase.IMPORT: self.tr("Initial cycle: reading both sides"),
            Phase.SCOPING: self.tr("Initial cycle: finding out who is in scope"),
            Phase.MATCHING: self.tr("Initial cycle: matching people to accounts"),
            Phase.PLAN: self.tr("Initial cycle: deciding what to do"),
            Phase.GUARDS: self.tr("Initial cycle: checking that it is safe"),
            Phase.APPLY: self.tr("Initial cycle: creating accounts in GoTo"),
        }[phase]

    def _incremental_words(self, phase: Phase) -> str:
        return {
            Phase.IMPORT: self.tr("Incremental cycle: reading what changed"),
            Phase.SCOPING: self.tr("Incremental cycle: finding out who is in scope"),
            Phase.MATCHING: self.tr("Incremental cycle: matching people to accounts"),
            Phase.PLAN: self.tr("Incremental cycle: deciding what to do"),
            Phase.GUARDS: self.tr("Incremental cycle: checking that it is safe"),
            Phase.APPLY: self.tr("Incremental cycle: writing changes to GoTo"),
        }[phase]


class CountTiles(TileRow):
    """Six counts of the running cycle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        created = Tile("user-plus", QCoreApplication.translate("CountTiles", "Created"))
        linked = Tile("link-2", QCoreApplication.translate("CountTiles", "Linked"))
        updated = Tile("user-pen", QCoreApplication.translate("CountTiles", "Updated"))
        disabled = Tile("user-x", QCoreApplication.translate("CountTiles", "Disabled"))
        skipped = Tile("circle-minus", QCoreApplication.translate("CountTiles", "Skipped"))
        failed = Tile("octagon-x", QCoreApplication.translate("CountTiles", "Failed"))
        super().__init__([created, linked, updated, disabled, skipped, failed], parent)
        self.created, self.linked, self.updated = created, linked, updated
        self.disabled, self.skipped, self.failed = disabled, skipped, failed

    def show_progress(self, progress: Progress) -> None:
        """The newest snapshot."""
        counts = progress.counts
        self.created.set_value(counts.created)
        self.linked.set_value(counts.linked)
        self.updated.set_value(counts.updated + counts.enabled)
        self.disabled.set_value(counts.disabled + counts.deleted)
        self.skipped.set_value(counts.skipped)
        self.failed.set_value(counts.failed)
        self.failed.set_token(Token.FAILURE if counts.failed else Token.TEXT)
