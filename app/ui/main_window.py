"""The main window: navigation, pages, activity pane; it shows and asks, it decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QSystemTrayIcon,
    QVBoxLayout,
    QWidget,
)

from app.bridge.activity_model import ActivityModel, RowMaker
from app.bridge.background import Background
from app.bridge.event_pipe import EventPipe
from app.domain.activity import ActionKind, ActivityRecord, CycleSummary, Progress, Status
from app.domain.commands import (
    Command,
    JobState,
    KeepHeld,
    ReleaseHeld,
    SetEnabled,
    StopCycle,
    SyncNow,
)
from app.domain.errors import RollcallError, Service
from app.ui.activity_pane import ActivityPane, ClosedActivity
from app.ui.deeds import Deeds, said
from app.ui.focus_areas import Area, go_round
from app.ui.icons import application_icon
from app.ui.log_page import LogPage
from app.ui.main_help import main_help
from app.ui.navigation import NavigationPane, PageEntry
from app.ui.overview.chart import CYCLES
from app.ui.overview.page import OverviewPage
from app.ui.pane_height import PaneHeight
from app.ui.pulse_words import PulseWording
from app.ui.services import Snapshot, WindowServices, take_snapshot
from app.ui.states import State, action_word, state_word
from app.ui.theme import grown, large_text
from app.ui.widgets import Note

NARROW_BELOW = 1120
LOW_BELOW = 760
LONG_CYCLE_MS = 2000
"""A cycle that lasts longer gives the activity pane its room, once."""
ROWS_IDLE, ROWS_BUSY = 3, 10
"""Rows of the activity pane while nobody has chosen its height."""


def utc_now() -> datetime:
    """The present."""
    return datetime.now(UTC)


class MainWindow(QMainWindow):
    """Everything arrives through the pipe's signals; everything asked goes to the services."""

    closing = Signal()
    """The window is closed for good: no tray, or the person asked to quit."""

    def __init__(
        self,
        services: WindowServices,
        pipe: EventPipe,
        *,
        settings_path: Path | None = None,
        now: Callable[[], datetime] = utc_now,
        tray: QSystemTrayIcon | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._pipe = pipe
        self._now = now
        self._tray = tray
        self._background = Background(pipe)
        self._settings = _settings(settings_path)
        self._job = services.job_state()
        self._progress: Progress | None = None
        self._snapshot = Snapshot()
        self._wording = PulseWording(self)
        self._records_this_cycle = 0
        self._quitting = False
        self._stopping = False
        self._panes_remembered = False
        words = _words()
        self.activity = ActivityModel(RowMaker(services.translator), words=words, parent=self)
        self.pane = ActivityPane(self.activity)
        self.overview = OverviewPage(services, now, tray=tray is not None)
        self.log = LogPage(services, self._background, words, now)
        self._deeds = Deeds(services, self._background, self.overview.sandbox, self)
        self._deeds.secrets_replaced.connect(self.sync)
        self._deeds.signed_in.connect(self.sync)
        self._deeds.everyone_let_in.connect(self.sync)
        self._deeds.failed.connect(self.show_crash)
        self.navigation = NavigationPane(
            [
                PageEntry("overview", self.tr("Overview"), "layout-dashboard", "Ctrl+1"),
                PageEntry("log", self.tr("Provisioning log"), "scroll-text", "Ctrl+4"),
            ]
        )
        self._pages: dict[str, QWidget] = {"overview": self.overview, "log": self.log}
        self._build()
        self._connect()
        self._add_shortcuts()
        self._restore()
        self.show_page("overview")
        self.reload()
        self._tick()

    # --- making ----------------------------------------------------------------------------------

    def _build(self) -> None:
        profile = self._services.profile()
        self.setWindowTitle(self.tr("Rollcall – {profile}").format(profile=profile.title))
        self.setWindowIcon(application_icon())
        self.setMinimumSize(1000, 680)
        self.resize(1280, 800)
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._dock = QDockWidget(self.tr("Activity"))
        self._dock.setObjectName("activity")
        self._dock.setTitleBarWidget(QWidget())
        self._dock.setWidget(self.pane)
        self._dock.setAllowedAreas(Qt.DockWidgetArea.BottomDockWidgetArea)
        self._inner = QMainWindow(flags=Qt.WindowType.Widget)
        self._inner.setCentralWidget(self._stack)
        self._inner.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._dock)
        self._pane_height = PaneHeight(self._inner, self._dock)
        self._activity_bar = ClosedActivity()
        self._activity_bar.hide()
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._inner, 1)
        column.addWidget(self._activity_bar)
        row.addLayout(column, 1)
        self.setCentralWidget(whole)
        self.crash_note = Note(State.FAILURE, edged=True)
        self.navigation.show_profiles(profile, self._services.profiles())

    def _connect(self) -> None:
        pipe, overview = self._pipe, self.overview
        pipe.records.connect(self._add_records)
        pipe.progress_changed.connect(self._show_progress)
        pipe.job_state_changed.connect(self._show_job)
        pipe.cycle_ended.connect(self._cycle_ended)
        overview.sync_wanted.connect(self.sync)
        overview.stop_wanted.connect(self.stop_cycle)
        overview.enabled_wanted.connect(self._set_enabled)
        overview.release_wanted.connect(lambda: self._services.post(ReleaseHeld()))
        overview.keep_wanted.connect(self._keep_everyone)
        overview.drift_decided.connect(self._decide)
        overview.failures_wanted.connect(self._show_failures)
        overview.operation_wanted.connect(self._deeds.make_happen)
        overview.everyone_wanted.connect(self._deeds.provision_everyone)
        overview.person_wanted.connect(self._show_person)
        overview.replace_wanted.connect(self._replace_secret)
        overview.sign_in_wanted.connect(self._sign_in)
        self.navigation.chosen.connect(self.show_page)
        self.navigation.profile_chosen.connect(self._services.choose_profile)
        self.navigation.help_wanted.connect(self.show_help)
        self.navigation.set_up_wanted.connect(self._services.set_up_profile)
        self.pane.details_wanted.connect(self._show_details)
        self.pane.close_wanted.connect(lambda: self._dock.setVisible(False))
        self._activity_bar.open_wanted.connect(self.toggle_activity)
        self._dock.installEventFilter(self)
        self.pane.float_wanted.connect(self._float_pane)
        self._long_cycle = QTimer(self)
        self._long_cycle.setSingleShot(True)
        self._long_cycle.setInterval(LONG_CYCLE_MS)
        self._long_cycle.timeout.connect(self._fit_pane)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self._clock.start()

    def _add_shortcuts(self) -> None:
        keys: list[tuple[str, Callable[[], None]]] = [
            ("Ctrl+1", lambda: self.show_page("overview")),
            ("Ctrl+4", lambda: self.show_page("log")),
            ("Ctrl+R", self.sync),
            ("F5", self.sync),
            ("Ctrl+.", self.stop_cycle),
            ("Ctrl+J", self.toggle_activity),
            ("Ctrl+F", self.focus_search),
            ("F6", lambda: self._cycle_focus(1)),
            ("Shift+F6", lambda: self._cycle_focus(-1)),
            ("F1", self.show_help),
            ("Ctrl+Q", self.quit),
        ]
        for key, act in keys:
            QShortcut(QKeySequence(key), self).activated.connect(act)

    # --- what a person does ----------------------------------------------------------------------

    def show_page(self, key: str) -> None:
        """Go to a page."""
        self._stack.setCurrentWidget(self._pages[key])
        self.navigation.set_current(key)
        if key == "log" and not self.log.model.rowCount():
            self.log.load()

    def sync(self) -> None:
        """Ask for a cycle; nothing happens while one runs or none can."""
        if not self._job.running and self._job.problem is None:
            self._services.post(SyncNow())

    def stop_cycle(self) -> None:
        """Ask the running cycle to stop."""
        if self._job.running and not self._job.stopping:
            self._services.post(StopCycle())

    def toggle_activity(self) -> None:
        """Show or hide the activity pane."""
        self._dock.setVisible(not self._dock.isVisible())
        if self._dock.isVisible():
            self.pane.view.setFocus()

    def focus_search(self) -> None:
        """The search of what is in front: the log's, or the pane's filter."""
        in_log = self._stack.currentWidget() is self.log
        search = self.log.search if in_log else self.pane.filter
        if not in_log:
            self._dock.setVisible(True)
        search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        search.selectAll()

    def show_help(self) -> None:
        """What this page is for, and the keys of the window."""
        main_help(in_log=self._stack.currentWidget() is self.log, parent=self).open()

    def quit(self) -> None:
        """Close for good, tray or not."""
        self._quitting = True
        self.close()

    def _set_enabled(self, enabled: bool) -> None:
        self._services.post(SetEnabled(enabled))

    def _keep_everyone(self) -> None:
        self._decide(KeepHeld())

    def _decide(self, answer: Command) -> None:
        self._services.post(answer)
        QTimer.singleShot(500, self, self.reload)

    def _show_failures(self) -> None:
        if self._job.running:
            self._dock.setVisible(True)
            self.pane.show_failures()
        else:
            self.show_page("log")
            self.log.show_failures()

    def _show_details(self, record: ActivityRecord) -> None:
        self.show_page("log")
        self.log.reveal(record)

    def _show_person(self, name: str) -> None:
        self.show_page("log")
        self.log.search.setText(name)

    def _replace_secret(self, names: tuple[str, ...]) -> None:
        self._deeds.replace_secret(names, self._snapshot.profile)

    def _sign_in(self, side: Service) -> None:
        self._deeds.sign_in(side, self._snapshot.profile)

    def _float_pane(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())

    def _cycle_focus(self, step: int) -> None:
        in_log = self._stack.currentWidget() is self.log
        page = self.log if in_log else self.overview
        areas = [
            Area(self.navigation, self.navigation.first_focus),
            Area(page.header),
            Area(page, without=page.header),
        ]
        if self._dock.isVisible():
            areas.append(Area(self.pane, self.pane.first_focus))
        go_round(areas, step)

    # --- what arrives ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Read status, cycles and held removals again, on the worker."""
        self._background.run(
            lambda: take_snapshot(self._services, CYCLES), self._show_snapshot, self.show_crash
        )

    def show_crash(self, error: BaseException) -> None:
        """Something ended that should not have: say so at the top of the overview."""
        advice = ""
        if isinstance(error, RollcallError) and error.advice is not None:
            advice = self._services.translator.render(error.advice)
        details = "" if isinstance(error, RollcallError) else f"{type(error).__name__}: {error}"
        title = (
            said(self._services.translator, error)
            if isinstance(error, RollcallError)
            else self.tr("The engine has stopped because of a fault in Rollcall.")
        )
        text = advice or self.tr("Nothing half-done is lost. Start Rollcall again to go on.")
        self.crash_note.show_message(State.FAILURE, title, text, details)
        self.overview.show_note(self.crash_note)

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.overview.show_snapshot(snapshot)
        self.navigation.set_badge("overview", snapshot.status.held + snapshot.status.drifted)
        self._show_pulse()

    def _add_records(self, records: Sequence[ActivityRecord]) -> None:
        self._records_this_cycle += len(records)
        self.activity.append(records)
        self.overview.count_failures(records)
        self.log.count_new(records)
        self._show_pulse()

    def _show_progress(self, progress: Progress) -> None:
        if self._progress is None or self._progress.cycle != progress.cycle:
            self._records_this_cycle = 0
        self._progress = progress
        self.overview.show_progress(progress)
        self._show_pulse()

    def _show_job(self, job: JobState) -> None:
        if not job.running:
            self._progress = None
        ended = self._job.running and not job.running
        changed = self._job.running != job.running
        self._job = job
        if changed:
            self._long_cycle.stop()
            if job.running:
                self._long_cycle.start()
        self.overview.show_job(job)
        self.overview.tick(self._now())
        self._show_pulse()
        if ended:
            self.reload()

    def _cycle_ended(self, summary: CycleSummary) -> None:
        self._progress = None
        self.overview.show_end(summary)
        self.reload()
        if self._tray is not None and not self.isVisible():
            self._tray.setToolTip(self.windowTitle())

    def _tick(self) -> None:
        self.overview.tick(self._now())
        self._show_pulse()

    def _show_pulse(self) -> None:
        if self._stopping:
            return
        shown = self._wording.pulse(
            self.overview.standing, self._job, self._snapshot.status, self._progress, self._now()
        )
        self.navigation.pulse.show_pulse(shown.state, shown.words, shown.more, shown.share)
        hint = self._wording.activity_hint(
            self._job, self._snapshot.status, self._progress, self._records_this_cycle
        )
        self.pane.set_hint(hint)
        self._activity_bar.set_hint(hint)

    # --- the window itself -----------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While the activity pane is closed a bar stands for it."""
        if watched is self._dock and event.type() in (
            QEvent.Type.HideToParent,
            QEvent.Type.ShowToParent,
        ):
            self._activity_bar.setVisible(self._dock.isHidden())
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Navigation shrinks to icons where there is little room."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_BELOW
        self.navigation.set_narrow(narrow or (large_text() and self.width() < grown(NARROW_BELOW)))

    def closeEvent(self, event: QCloseEvent) -> None:
        """With a tray a running cycle goes on there; otherwise the wiring stops it.

        While a cycle runs the window stays until the write in flight has landed.
        """
        self._save()
        if self._tray is not None and self._job.running and not self._quitting:
            event.ignore()
            self.hide()
        elif self._job.running:
            event.ignore()
            if not self._stopping:
                self.closing.emit()
        else:
            self.give_back()
            event.accept()
            self.closing.emit()

    def show_stopping(self) -> None:
        """The window goes as soon as the write in flight has landed."""
        self._stopping = True
        self.setEnabled(False)
        self.navigation.pulse.show_pulse(
            State.RUNNING, self.tr("Stopping…"), self.tr("The write in flight is finished first.")
        )

    def give_back(self) -> None:
        """Stop the clock and the worker; nothing is shown any more."""
        self._clock.stop()
        self._long_cycle.stop()
        self._background.close()

    def _save(self) -> None:
        if self._settings is not None:
            self._settings.setValue("window/geometry", self.saveGeometry())
            self._settings.setValue("window/panes", self._inner.saveState())
            self._settings.sync()

    def _restore(self) -> None:
        stored = self._settings
        geometry = stored.value("window/geometry") if stored is not None else None
        panes = stored.value("window/panes") if stored is not None else None
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        self._panes_remembered = isinstance(panes, QByteArray) and self._inner.restoreState(panes)

    def showEvent(self, event: QShowEvent) -> None:
        """The first time the pane takes its share, or stays closed where there is little room."""
        super().showEvent(event)
        if not self._panes_remembered:
            self._panes_remembered = True
            self._dock.setVisible(self.height() >= grown(LOW_BELOW))
            self._fit_pane()
        else:
            self._pane_height.leave_alone()

    def _fit_pane(self) -> None:
        """A few rows at first, more once a cycle lasts; the pane never shrinks by itself."""
        rows = ROWS_BUSY if self._job.running else ROWS_IDLE
        self._pane_height.fit(self.pane.height_for(rows))
        QTimer.singleShot(0, self, self._pane_height.settled)


def _settings(path: Path | None) -> QSettings | None:
    return None if path is None else QSettings(str(path), QSettings.Format.IniFormat)


def _words() -> dict[str, str]:
    words: dict[str, str] = {status.value: state_word(status) for status in Status}
    words.update({kind.value: action_word(kind) for kind in ActionKind})
    return words
