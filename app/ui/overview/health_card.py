"""The first line of the overview while nothing runs: how things stand, and when it goes on."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.activity import CycleSummary
from app.domain.commands import JobState
from app.domain.errors import CredentialsRefused
from app.domain.texts import Translator
from app.ui import wording
from app.ui.overview.standing import STATES, Standing
from app.ui.services import ProfileFacts, Snapshot
from app.ui.states import LOOKS
from app.ui.theme import Role, Space, Token
from app.ui.widgets import Button, Card, FlowLayout, Label
from app.ui.widgets.lines import Glyph

_TINTED = frozenset(
    {Standing.PROBLEM, Standing.QUARANTINE, Standing.OFFLINE, Standing.FAILED, Standing.PARTLY}
)


class HealthCard(Card):
    """Glyph, sentence, what it rests on; countdown at the right; buttons below."""

    failures_wanted = Signal()
    sync_wanted = Signal()

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=Space.WIDE + 4)
        self._translator = translator
        self._glyph = Glyph("circle-check", Token.SUCCESS, 40)
        self._title = Label("", Role.TITLE, wrap=True)
        self._text = Label("", Role.BODY, Token.TEXT2, wrap=True)
        self._next = Label("", Role.CAPTION, Token.TEXT2)
        self._countdown = Label("", Role.DISPLAY)
        self._rhythm = Label("", Role.CAPTION, Token.TEXT2)
        self._failures = Button(self.tr("Show failures"))
        self._failures.clicked.connect(self.failures_wanted)
        self._again = Button(self.tr("Try now"), kind="primary", glyph="refresh-cw")
        self._again.clicked.connect(self.sync_wanted)
        self._buttons = QWidget()
        flow = FlowLayout(self._buttons)
        flow.addWidget(self._again)
        flow.addWidget(self._failures)
        words = QVBoxLayout()
        words.setSpacing(Space.HAIR)
        words.addStretch(1)
        for label in (self._title, self._text):
            words.addWidget(label)
        words.addSpacing(Space.HAIR)
        words.addWidget(self._buttons)
        words.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(2)
        right.addStretch(1)
        for label in (self._next, self._countdown, self._rhythm):
            label.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            right.addWidget(label)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setContentsMargins(Space.HAIR, 0, Space.HAIR, 0)
        row.setSpacing(Space.WIDE)
        row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addLayout(right)
        self.body.addLayout(row)

    @property
    def sentence(self) -> str:
        """The answer."""
        return self._title.text()

    @property
    def reason(self) -> str:
        """What the answer rests on."""
        return self._text.text()

    def show_standing(
        self, standing: Standing, job: JobState, snapshot: Snapshot, profile: ProfileFacts
    ) -> None:
        """Say how things stand."""
        look = LOOKS[STATES[standing]]
        self._glyph.show_glyph(look.glyph, look.token)
        title, text = self._words(standing, job, snapshot)
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        tinted = standing in _TINTED
        self._text.set_token(Token.TEXT if tinted else Token.TEXT2)
        self.set_fill(look.subtle if tinted else Token.SURFACE)
        self.set_edge(look.token if tinted else Token.BORDER)
        for label in (self._next, self._rhythm):
            label.set_token(Token.TEXT if tinted else Token.TEXT2)
        again = standing in (Standing.OFFLINE, Standing.FAILED, Standing.QUARANTINE)
        last = snapshot.status.last
        # Refused credentials are refused again, and repeated wrong tries may lock the account.
        again = again and (last is None or last.error_code != CredentialsRefused.__name__)
        self._again.setVisible(again)
        self._again.setEnabled(job.problem is None)
        failed = standing is Standing.PARTLY
        self._failures.setVisible(failed)
        self._buttons.setVisible(again or failed)
        self._rhythm.setText(self._rhythm_words(job, profile))
        self.setAccessibleName(f"{title}. {text}")

    def tick(self, job: JobState, now: datetime) -> None:
        """Count down to the next cycle."""
        at = job.next_run_at if job.enabled else None
        shown = at is not None
        for label in (self._next, self._countdown, self._rhythm):
            label.setVisible(shown)
        if at is not None:
            self._next.setText(self.tr("Next cycle in"))
            text = wording.countdown((at - now).total_seconds())
            if text != self._countdown.text():
                self._countdown.setText(text)

    def _rhythm_words(self, job: JobState, profile: ProfileFacts) -> str:
        if job.next_run_at is None:
            return ""
        minutes = round(profile.interval_minutes)
        every = self.tr("every %Ln minutes", "", minutes)
        at = wording.clock_time(job.next_run_at)
        return self.tr("at {time}, {every}").format(time=at, every=every)

    def _words(self, standing: Standing, job: JobState, snapshot: Snapshot) -> tuple[str, str]:
        last = snapshot.status.last
        if standing is Standing.PROBLEM and job.problem is not None:
            advice = self._translator.render(job.advice) if job.advice else ""
            return self._translator.render(job.problem), advice
        if standing is Standing.EMPTY or last is None:
            return self._before_first(standing)
        if standing is Standing.HEALTHY:
            return self.tr("Everyone who should have GoToMeeting has it"), self._checked(last)
        if standing is Standing.PARTLY:
            people = last.counts.failed or snapshot.status.escrowed or last.counts.escrowed
            return (
                self.tr("%Ln people could not be provisioned", "", people),
                self.tr("Everybody else is up to date. {checked}").format(
                    checked=self._checked(last)
                ),
            )
        if standing is Standing.OFF:
            return (
                self.tr("Provisioning is off"),
                self.tr("Nothing is changed in GoTo until you switch it on. {checked}").format(
                    checked=self._checked(last)
                ),
            )
        if standing is Standing.STOPPED:
            return (
                self.tr("The last cycle was stopped"),
                self.tr("What was written stays written; the next cycle goes on from there."),
            )
        return self._failure(standing, last)

    def _before_first(self, standing: Standing) -> tuple[str, str]:
        if standing is Standing.EMPTY:
            return (
                self.tr("No cycle has run yet"),
                self.tr("Sync now to create the first accounts."),
            )
        return (
            self.tr("Provisioning is off"),
            self.tr("No cycle has run yet. Switch provisioning on to create the first accounts."),
        )

    def _failure(self, standing: Standing, last: CycleSummary) -> tuple[str, str]:
        at = wording.clock_time(last.ended_at or last.started_at)
        error = self._translator.render(last.error) if last.error else last.quarantine or ""
        advice = self._translator.render(last.advice) if last.advice else ""
        if standing is Standing.OFFLINE:
            title = self.tr("A service cannot be reached since {time}").format(time=at)
            advice = advice or self.tr("Nothing is lost; Rollcall tries again by itself.")
        elif standing is Standing.QUARANTINE:
            title = self.tr("Provisioning is in quarantine since {time}").format(time=at)
        else:
            title = self.tr("The {time} cycle failed").format(time=at)
        return title, " ".join(wording.sentence(part) for part in (error, advice) if part)

    def _checked(self, last: CycleSummary) -> str:
        counts = last.counts
        changes = counts.created + counts.updated + counts.disabled + counts.enabled + counts.linked
        people = self.tr("%Ln people checked", "", changes + counts.unchanged + counts.skipped)
        made = self.tr("%Ln changes made", "", changes)
        failed = (
            self.tr("%Ln failed", "", counts.failed) if counts.failed else self.tr("none failed")
        )
        return self.tr("{people} at {time} in {took}. {changes}, {failed}.").format(
            people=people,
            time=wording.clock_time(last.ended_at or last.started_at),
            took=wording.took(last.duration_s),
            changes=made,
            failed=failed,
        )
