"""Removals that wait for a decision: the two answers, and who would lose what."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QMessageBox, QVBoxLayout, QWidget

from app.domain.activity import CycleOutcome, CycleSummary
from app.ui import wording
from app.ui.services import Snapshot
from app.ui.theme import Role, Space, Token, grown
from app.ui.widgets import Button, Card, FlowLayout, Label
from app.ui.widgets.card import Strip
from app.ui.widgets.lines import Glyph

_STACK_BELOW = 760


class HeldCard(Card):
    """The question, with the safe answer first."""

    released = Signal()
    kept = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0, edge=Token.WARNING)
        self._held = 0
        self._title = Label("", Role.TITLE, wrap=True)
        self._text = Label("", Role.BODY, wrap=True, rich=True)
        top = Strip(Token.WARNING_SUBTLE)
        top.row.setContentsMargins(20, Space.WIDE, 20, Space.WIDE)
        top.row.setSpacing(Space.WIDE)
        top.row.addWidget(Glyph("octagon-pause", Token.WARNING, 36), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Space.HAIR)
        words.addWidget(self._title)
        words.addWidget(self._text)
        top.row.addLayout(words, 1)
        self.release = Button("", kind="destructive")
        self.keep = Button(self.tr("Keep everyone"), kind="primary", glyph="shield-check")
        self.release.clicked.connect(self._ask)
        self.keep.clicked.connect(self.kept)
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=Space.MEDIUM)
        flow.addWidget(self.release)
        flow.addWidget(self.keep)
        self._answer = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._answer.setContentsMargins(20, Space.MEDIUM, 20, Space.MEDIUM)
        self._answer.setSpacing(Space.MEDIUM)
        meaning = self.tr(
            "Keep everyone if this is a mistake: put the assignment right in Entra, then"
            " sync. Release if these people should go: they lose their seat in a cycle"
            " that starts now."
        )
        self._answer.addWidget(Label(meaning, Role.BODY, Token.TEXT2, wrap=True), 1)
        self._answer.addWidget(buttons, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addWidget(top)
        self.body.addLayout(self._answer)

    @property
    def sentence(self) -> str:
        """The question."""
        return self._title.text()

    def show_held(self, snapshot: Snapshot) -> None:
        """How many, since when, and why they were held."""
        held = self._held = snapshot.status.held
        self._title.setText(self.tr("%Ln removals are waiting for your decision", "", held))
        self.release.setText(self.tr("Release %Ln removals…", "", held))
        cycle = held_cycle(snapshot)
        parts = []
        if cycle is not None:
            parts.append(self._why(cycle, snapshot))
        parts.append("<b>" + self.tr("Nobody has lost anything.") + "</b>")
        if cycle is not None:
            parts.append(
                self.tr("Its {creates} and {updates} were made.").format(
                    creates=self.tr("%Ln creates", "", cycle.counts.created),
                    updates=self.tr("%Ln updates", "", cycle.counts.updated),
                )
            )
        self._text.setText(" ".join(parts))
        self.setAccessibleName(self._title.text())

    def _why(self, cycle: CycleSummary, snapshot: Snapshot) -> str:
        at = wording.clock_time(cycle.ended_at or cycle.started_at)
        facts, because = snapshot.profile, cycle.held_because
        if because == "source_empty":
            words = self.tr("The {time} cycle found nobody in Entra, which is rarely meant.")
            return words.format(time=at)
        wanted = self.tr("The {time} cycle wanted to disable {accounts}").format(
            time=at, accounts=self.tr("%Ln accounts", "", snapshot.status.held)
        )
        if because == "max_removal_percent" and facts.max_removal_percent is not None:
            limit = self.tr("your limit is {percent} % of all.")
            told = limit.format(percent=wording.decimal(facts.max_removal_percent))
            return self.tr("{wanted}; {limit}").format(wanted=wanted, limit=told)
        if facts.max_removals is not None:
            limit = self.tr("your limit is {limit}.")
            told = limit.format(limit=wording.number(facts.max_removals))
            return self.tr("{wanted}; {limit}").format(wanted=wanted, limit=told)
        return f"{wanted}."

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The answers beside what they mean, or under it."""
        super().resizeEvent(event)
        under = self.width() < grown(_STACK_BELOW)
        self._answer.setDirection(
            QBoxLayout.Direction.TopToBottom if under else QBoxLayout.Direction.LeftToRight
        )

    def _ask(self) -> None:
        box = QMessageBox(self.window())
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Release removals"))
        box.setText(self.tr("Disable %Ln accounts in GoTo now?", "", self._held))
        box.setInformativeText(
            self.tr("These people lose their seat. Their meetings and recordings stay.")
        )
        release = box.addButton(
            self.tr("Release %Ln removals", "", self._held), QMessageBox.ButtonRole.DestructiveRole
        )
        release.setProperty("kind", "destructive")
        safe = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(safe)
        box.setEscapeButton(safe)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        release.clicked.connect(self.released)
        box.open()


def held_cycle(snapshot: Snapshot) -> CycleSummary | None:
    """The newest cycle that was held; a later one may have run meanwhile."""
    cycles = [snapshot.status.last, *snapshot.cycles]
    held = (one for one in cycles if one is not None and one.outcome is CycleOutcome.HELD)
    return next(held, snapshot.status.last)
