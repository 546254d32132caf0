"""The first line of the overview while nothing runs: how things stand, and when it goes on."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.commands import JobState
from app.domain.texts import Translator
from app.ui import wording
from app.ui.overview.everyone_question import ask_for_everyone
from app.ui.overview.health_words import HealthWording, HealthWords
from app.ui.overview.standing import STATES, Standing
from app.ui.secret_words import replace_word
from app.ui.services import Snapshot
from app.ui.states import LOOKS
from app.ui.theme import Role, Space, Token, grown
from app.ui.widgets import Button, Card, FlowLayout, Label
from app.ui.widgets.lines import Glyph

_TINTED = frozenset(
    {Standing.PROBLEM, Standing.QUARANTINE, Standing.OFFLINE, Standing.FAILED, Standing.PARTLY}
)
_LEAST_WORDS = 420
"""Room for the sentence below which the countdown goes under it."""


class HealthCard(Card):
    """Glyph, sentence, what it rests on; countdown at the right; buttons below."""

    failures_wanted = Signal()
    sync_wanted = Signal()
    replace_wanted = Signal(object)
    """Names of the secrets that may have to be replaced."""
    sign_in_wanted = Signal(object)
    """The side on which a person has to sign in."""
    everyone_wanted = Signal()
    person_wanted = Signal(str)
    """The name of the one person who was provisioned first."""

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=Space.WIDE + 4)
        self._wording = HealthWording(translator, self)
        self._shown = HealthWords("")
        self._glyph = Glyph("circle-check", Token.SUCCESS, 40)
        self._title = Label("", Role.TITLE, wrap=True)
        self._text = Label("", Role.BODY, Token.TEXT2, wrap=True)
        self._details = Label("", Role.CODE, Token.TEXT, wrap=True, selectable=True)
        self._details.setVisible(False)
        self._next = Label("", Role.CAPTION, Token.TEXT2)
        self._countdown = Label("", Role.DISPLAY)
        self._rhythm = Label("", Role.CAPTION, Token.TEXT2)
        self.again = Button(self.tr("Try now"), kind="primary", glyph="refresh-cw")
        self.replace = Button(replace_word(()), kind="primary", glyph="key-round")
        self.sign_in = Button(self.tr("Sign in again…"), kind="primary", glyph="key-round")
        self.everyone = Button(self.tr("Provision everyone…"), kind="primary", glyph="users-round")
        self.account = Button(self.tr("Show the account"), kind="link")
        self._failures = Button(self.tr("Show failures"))
        self.more = Button(self.tr("Details"), kind="link", trailing="chevron-right")
        self.copy = Button(self.tr("Copy"), kind="link", glyph="copy")
        self._build()
        self.again.clicked.connect(self.sync_wanted)
        self.replace.clicked.connect(lambda: self.replace_wanted.emit(self._shown.secrets))
        self.sign_in.clicked.connect(lambda: self.sign_in_wanted.emit(self._shown.sign_in))
        self.everyone.clicked.connect(lambda: ask_for_everyone(self, self.everyone_wanted.emit))
        self.account.clicked.connect(lambda: self.person_wanted.emit(self._shown.pilot[0]))
        self._failures.clicked.connect(self.failures_wanted)
        self.more.clicked.connect(self._toggle_details)
        self.copy.clicked.connect(self._copy_all)

    def _build(self) -> None:
        self._buttons = QWidget()
        flow = FlowLayout(self._buttons)
        deeds = (self.everyone, self.account, self.again, self.replace, self.sign_in)
        for button in (*deeds, self._failures, self.more, self.copy):
            flow.addWidget(button)
        words = QVBoxLayout()
        words.setSpacing(Space.HAIR)
        words.addStretch(1)
        for label in (self._title, self._text):
            words.addWidget(label)
        words.addWidget(self._buttons)
        words.addWidget(self._details)
        words.addStretch(1)
        self._beside = right = QVBoxLayout()
        right.setSpacing(2)
        right.addStretch(1)
        for label in (self._next, self._countdown, self._rhythm):
            right.addWidget(label)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setContentsMargins(Space.HAIR, 0, Space.HAIR, 0)
        row.setSpacing(Space.WIDE)
        row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._whole.setSpacing(Space.WIDE)
        self._whole.addLayout(row, 1)
        self._whole.addLayout(right)
        self.body.addLayout(self._whole)
        self._turn()

    @property
    def sentence(self) -> str:
        """The answer."""
        return self._title.text()

    @property
    def reason(self) -> str:
        """What the answer rests on."""
        return self._text.text()

    @property
    def retries(self) -> bool:
        """The card offers another try, so the header need not."""
        return self._shown.again

    def show_standing(
        self, standing: Standing, job: JobState, snapshot: Snapshot, now: datetime
    ) -> None:
        """Say how things stand."""
        look = LOOKS[STATES[standing]]
        self._glyph.show_glyph(look.glyph, look.token)
        self._show_words(self._wording.words(standing, job, snapshot, now))
        tinted = standing in _TINTED
        self._text.set_token(Token.TEXT if tinted else Token.TEXT2)
        self.set_fill(look.subtle if tinted else Token.SURFACE)
        self.set_edge(look.token if tinted else Token.BORDER)
        for label in (self._next, self._rhythm):
            label.set_token(Token.TEXT if tinted else Token.TEXT2)
        self.again.setEnabled(job.problem is None)
        failed = standing is Standing.PARTLY
        self._failures.setVisible(failed)
        shown = self._shown
        self._buttons.setVisible(
            failed or shown.again or any((shown.secrets, shown.details, shown.pilot, shown.sign_in))
        )
        minutes = round(snapshot.profile.interval_minutes)
        self._rhythm.setText(self.tr("every %Ln minutes", "", minutes))

    def _show_words(self, shown: HealthWords) -> None:
        if shown == self._shown:
            return
        if shown.details != self._shown.details:
            self._details.setVisible(False)
            self._details.setText(shown.details)
            self._point_details()
        self._shown = shown
        self._title.setText(shown.title)
        self._text.setText(shown.text)
        self._text.setVisible(bool(shown.text))
        self.again.setVisible(shown.again)
        self.replace.setText(replace_word(shown.secrets))
        self.replace.setVisible(bool(shown.secrets))
        self.sign_in.setVisible(shown.sign_in is not None)
        self.everyone.setVisible(bool(shown.pilot))
        self.account.setVisible(len(shown.pilot) == 1)
        self.more.setVisible(bool(shown.details))
        self.copy.setVisible(bool(shown.details))
        self.setAccessibleName(f"{shown.title}. {shown.text}")

    def tick(self, job: JobState, now: datetime) -> None:
        """Count down to the next cycle; a pause of hours is said in words instead."""
        at = job.next_run_at if job.enabled and not self._shown.paused else None
        shown = at is not None
        for label in (self._next, self._countdown, self._rhythm):
            label.setVisible(shown)
        if at is not None:
            self._next.setText(self.tr("Next cycle in"))
            text = wording.countdown((at - now).total_seconds())
            if text != self._countdown.text():
                self._countdown.setText(text)

    def _toggle_details(self) -> None:
        self._details.setVisible(self._details.isHidden())
        self._point_details()

    def _point_details(self) -> None:
        glyph = "chevron-right" if self._details.isHidden() else "chevron-down"
        self.more.setProperty("trailingGlyph", glyph)
        self.more.update()

    def _copy_all(self) -> None:
        parts = (self._shown.title, self._shown.text, self._shown.details)
        QGuiApplication.clipboard().setText("\n".join(part for part in parts if part))

    # --- room ------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The countdown beside the sentence, or under it."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        beside = max(self._beside.sizeHint().width(), grown(120))
        under = self.width() - beside < grown(_LEAST_WORDS)
        direction = QBoxLayout.Direction.TopToBottom if under else QBoxLayout.Direction.LeftToRight
        self._whole.setDirection(direction)
        side = Qt.AlignmentFlag.AlignLeading if under else Qt.AlignmentFlag.AlignTrailing
        indent = grown(40) + Space.WIDE + Space.HAIR if under else 0
        self._beside.setContentsMargins(indent, 0, 0, 0)
        for label in (self._next, self._countdown, self._rhythm):
            label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
