"""The overview page: which cards are shown, and what they are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.domain.activity import ActivityRecord, CycleSummary, Progress, Status
from app.domain.commands import JobState
from app.ui.overview.cards import FailuresCard, SandboxCard, SoonCard, ToDateCard
from app.ui.overview.chart import ChartCard
from app.ui.overview.drift_card import DriftCard
from app.ui.overview.health_card import HealthCard
from app.ui.overview.held_card import HeldCard
from app.ui.overview.held_list import HeldList
from app.ui.overview.standing import Standing, standing
from app.ui.overview.sync_card import CountTiles, SyncCard
from app.ui.result_words import ResultWording
from app.ui.services import Snapshot, WindowServices
from app.ui.theme import Space, grown
from app.ui.widgets import Button, PageHeader, Switch, page_scroll

_STACK_BELOW = 820
_BUSY_AFTER_MS = 300
"""What is over sooner leaves the page as it is."""


class OverviewPage(QWidget):
    """Header with the switch and the one primary action; cards below."""

    sync_wanted = Signal()
    stop_wanted = Signal()
    enabled_wanted = Signal(bool)
    release_wanted = Signal()
    keep_wanted = Signal()
    drift_decided = Signal(object)
    """A `DecideDrift` command."""
    failures_wanted = Signal()
    operation_wanted = Signal(object)
    replace_wanted = Signal(object)
    """Names of secrets that may have to be replaced."""
    sign_in_wanted = Signal(object)
    """The side on which a person has to sign in."""
    everyone_wanted = Signal()
    person_wanted = Signal(str)
    """Whose records in the log are asked for."""

    def __init__(
        self,
        services: WindowServices,
        now: Callable[[], datetime],
        *,
        tray: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._now = now
        self._tray = tray
        self._job = services.job_state()
        self._snapshot = Snapshot(profile=services.profile())
        self._progress: Progress | None = None
        self._results = ResultWording(services.translator, self)
        self._causes: Counter[str] = Counter()
        self.standing = Standing.EMPTY
        self._lasting = QTimer(self)
        self._lasting.setSingleShot(True)
        self._lasting.setInterval(_BUSY_AFTER_MS)
        self._lasting.timeout.connect(self.refresh)
        translator = services.translator
        self.header = PageHeader(self.tr("Overview"))
        self.switch = Switch("")
        self.sync = Button(self.tr("Sync now"), kind="primary", glyph="refresh-cw")
        self.stop = Button(self.tr("Stop"), glyph="square")
        self.health = HealthCard(translator)
        self.syncing = SyncCard()
        self.tiles = CountTiles()
        self.failures = FailuresCard()
        self.held = HeldCard()
        self.held_list = HeldList(translator)
        self.drift = DriftCard()
        self.chart = ChartCard(translator)
        self.to_date = ToDateCard()
        self.soon = SoonCard(translator)
        self.sandbox = SandboxCard(translator)
        self._build()
        self._connect()
        self.sandbox.set_operations(services.sandbox_operations())
        self.refresh()

    def _build(self) -> None:
        self.header.add_action(self.switch)
        self.header.add_action(self.sync)
        self.header.add_action(self.stop)
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pair.setSpacing(Space.WIDE)
        self._pair.addWidget(self.chart, 7)
        self._pair.addWidget(self.to_date, 3)
        content = QWidget()
        self._column = column = QVBoxLayout(content)
        column.setSpacing(Space.WIDE)
        self._notes = QVBoxLayout()
        column.addLayout(self._notes)
        for card in (
            self.health,
            self.held,
            self.syncing,
            self.tiles,
            self.failures,
            self.held_list,
            self.drift,
            self.sandbox,
        ):
            column.addWidget(card)
        column.addLayout(self._pair)
        column.addWidget(self.soon)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.header)
        area = page_scroll(content)
        self._bar = area.verticalScrollBar()
        self._bar.rangeChanged.connect(self._keep_margin)
        self._keep_margin(0, 0)
        outer.addWidget(area, 1)

    def _keep_margin(self, _least: int, most: int) -> None:
        """The scroll bar lies in the margin, so that cards keep their edge."""
        right = Space.PAGE - (self._bar.sizeHint().width() if most > 0 else 0)
        self._column.setContentsMargins(Space.PAGE, 0, right, Space.PAGE)

    def _connect(self) -> None:
        self.switch.clicked.connect(self.enabled_wanted)
        self.sync.clicked.connect(self.sync_wanted)
        self.stop.clicked.connect(self.stop_wanted)
        self.health.sync_wanted.connect(self.sync_wanted)
        self.health.failures_wanted.connect(self.failures_wanted)
        self.health.replace_wanted.connect(self.replace_wanted)
        self.health.sign_in_wanted.connect(self.sign_in_wanted)
        self.health.everyone_wanted.connect(self.everyone_wanted)
        self.health.person_wanted.connect(self.person_wanted)
        self.soon.replace_wanted.connect(self.replace_wanted)
        self.failures.failures_wanted.connect(self.failures_wanted)
        self.held.released.connect(self.release_wanted)
        self.held.kept.connect(self.keep_wanted)
        self.drift.decided.connect(self.drift_decided)
        self.sandbox.operation_wanted.connect(self.operation_wanted)

    # --- what the window tells -------------------------------------------------------------------

    def show_job(self, job: JobState) -> None:
        """The job changed."""
        if not job.running:
            self._progress = None
        elif not self._job.running:
            self._lasting.start()
            self._causes.clear()
            self.sandbox.show_answer("")
        self._job = job
        self.refresh()

    def show_progress(self, progress: Progress) -> None:
        """The running cycle moved."""
        if self._progress is not None and self._progress.cycle != progress.cycle:
            self._causes.clear()
        self._progress = progress
        self.refresh()

    def show_end(self, summary: CycleSummary) -> None:
        """The cycle ended; the numbers are read again by the window."""
        if self._progress is not None and self._progress.cycle == summary.id:
            self._progress = None
        self.refresh()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """The state was read again."""
        self._snapshot = snapshot
        self.held_list.show_actions(snapshot.held)
        self.drift.show_found(snapshot.drifts)
        self.refresh()
        self.tick(self._now())

    def count_failures(self, records: Sequence[ActivityRecord]) -> None:
        """Remember why people failed, for the card of the running cycle."""
        for record in records:
            if record.status is Status.FAILURE:
                self._causes[self._results.cause(record) or self.tr("Other causes")] += 1
        if self._progress is not None:
            self._show_failures()

    def show_note(self, note: QWidget) -> None:
        """A note above everything else."""
        self._notes.addWidget(note)
        note.setVisible(True)

    def tick(self, now: datetime) -> None:
        """Once a second: the countdown, and how long until the next try."""
        if self.standing is Standing.OFFLINE:
            self.health.show_standing(self.standing, self._job, self._snapshot, now)
        self.health.tick(self._job, now)

    # --- showing ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what fits how things stand."""
        health = self.health
        deeds = (self.sync, health.again, health.replace, health.sign_in, self.stop)
        focused = any(deed.hasFocus() for deed in deeds)
        self._show()
        if focused and not any(deed.hasFocus() for deed in deeds):
            # Qt hands the focus of a hidden button to its neighbour, which does something else.
            heir = next((one for one in deeds if not one.isHidden() and one.isEnabled()), None)
            if heir is not None:
                heir.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        job, snapshot = self._job, self._snapshot
        pilot = bool(snapshot.profile.pilot)
        self.standing = standing(job, snapshot.status, self._progress, pilot=pilot)
        early = self._lasting.isActive() and not job.stopping
        if self.standing is Standing.SYNCING and early:
            # Most cycles are over before anybody could read what they do.
            return
        busy = self.standing is Standing.SYNCING
        held = self.standing is Standing.HELD
        self.health.setVisible(not busy and not held)
        self.held.setVisible(held)
        self.held_list.setVisible(held)
        self.drift.setVisible(not busy and bool(snapshot.drifts))
        self.syncing.setVisible(busy)
        self.tiles.setVisible(busy)
        if busy:
            self._show_cycle()
        elif held:
            self.held.show_held(snapshot)
        else:
            self.health.show_standing(self.standing, job, snapshot, self._now())
        self._show_header()
        self._show_failures()
        quiet = not busy and not held and bool(snapshot.cycles)
        self.chart.setVisible(quiet)
        self.to_date.setVisible(quiet)
        if quiet:
            self.chart.show_cycles(snapshot.cycles)
            self.to_date.show_snapshot(snapshot)
        self.soon.show_advice(() if busy or held else self._services.advice())

    def _show_cycle(self) -> None:
        if self._progress is None:
            self.syncing.show_starting()
            self.tiles.setVisible(False)
        else:
            self.syncing.show_progress(self._progress, tray=self._tray)
            self.tiles.show_progress(self._progress)

    def _show_failures(self) -> None:
        failed = self._progress.counts.failed if self._progress is not None else 0
        self.failures.show_failures(failed, self._causes)

    def _show_header(self) -> None:
        job = self._job
        busy = self.standing is Standing.SYNCING
        on = self.tr("Provisioning on") if job.enabled else self.tr("Provisioning off")
        if self.switch.text() != on:
            self.switch.setText(on)
            self.switch.updateGeometry()
        self.switch.setChecked(job.enabled)
        # The card that offers another try needs no second button for the same deed.
        self.sync.setVisible(not busy and (self.health.isHidden() or not self.health.retries))
        blocked = job.problem is not None
        self.sync.setEnabled(not blocked)
        tip = self._services.translator.render(job.problem) if job.problem else ""
        self.sync.setToolTip(tip or self.tr("Sync now (Ctrl+R)"))
        second = self.standing in (
            Standing.HELD,
            Standing.OFFLINE,
            Standing.FAILED,
            Standing.QUARANTINE,
            Standing.PILOT,
            Standing.OFF,
        ) or bool(self._snapshot.drifts)
        self.sync.set_kind("normal" if second else "primary")
        self.stop.setVisible(busy)
        stopping = job.stopping or (self._progress is not None and self._progress.stopping)
        self.stop.setEnabled(not stopping)
        text = self.tr("Stopping after the request in flight…") if stopping else self.tr("Stop")
        if self.stop.text() != text:
            self.stop.setText(text)
        self.stop.setToolTip("" if stopping else self.tr("Stop (Ctrl+.)"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cards side by side stack where there is little room."""
        narrow = self.width() < grown(_STACK_BELOW)
        self._pair.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
