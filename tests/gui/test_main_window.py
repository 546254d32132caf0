"""The main window in each of its states, by keyboard, small, and in words 40 % longer."""

from dataclasses import replace
from datetime import timedelta

import picture_world as world
import pytest
from layout_checks import assert_nothing_is_cut
from main_states import failed, held
from PySide6.QtCore import QLocale, QPoint, Qt, QTranslator
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QScrollBar,
    QTabBar,
    QWidget,
)

from app.domain.commands import (
    JobState,
    SetEnabled,
    StopCycle,
    SyncNow,
)
from app.domain.errors import Service, Unreachable
from app.domain.texts import Text
from app.ui.language import window_language
from app.ui.services import SandboxOperation

pytestmark = pytest.mark.gui


# --- what it asks --------------------------------------------------------------------------------


def test_sync_stop_and_switch(open_window, services, pipe, qtbot):
    window = open_window()
    qtbot.mouseClick(window.overview.sync, Qt.MouseButton.LeftButton)
    assert services.posted == [SyncNow()]
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.progress(world.syncing())
    pipe.drain()
    qtbot.mouseClick(window.overview.stop, Qt.MouseButton.LeftButton)
    assert services.posted[-1] == StopCycle()
    pipe.job_changed(JobState(enabled=True, running=True, stopping=True))
    pipe.drain()
    assert window.overview.stop.text() == "Stopping after the request in flight…"
    assert not window.overview.stop.isEnabled()
    qtbot.mouseClick(window.overview.switch, Qt.MouseButton.LeftButton)
    assert services.posted[-1] == SetEnabled(False)


def test_shortcuts(open_window, services, pipe, qtbot):
    window = open_window()
    control, none = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(window, Qt.Key.Key_R, control)
    qtbot.keyClick(window, Qt.Key.Key_F5, none)
    assert services.posted == [SyncNow(), SyncNow()]
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.drain()
    qtbot.keyClick(window, Qt.Key.Key_F5, none)
    qtbot.keyClick(window, Qt.Key.Key_Period, control)
    assert services.posted[2:] == [StopCycle()]
    qtbot.keyClick(window, Qt.Key.Key_4, control)
    assert window.log.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F, control)
    assert window.log.search.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_1, control)
    assert window.overview.isVisible()
    assert window.pane.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_J, control)
    assert not window.pane.isVisible()


def test_f6_goes_round_the_four_areas(open_window, qtbot):
    window = open_window()
    page = window.overview
    window.activateWindow()
    window.navigation.first_focus().setFocus()
    seen = []
    for _ in range(4):
        qtbot.keyClick(window, Qt.Key.Key_F6)
        focused = QApplication.focusWidget()
        seen.append(
            "header"
            if page.header.isAncestorOf(focused)
            else "page"
            if page.isAncestorOf(focused)
            else "pane"
            if window.pane.isAncestorOf(focused)
            else "navigation"
        )
    assert seen == ["header", "page", "pane", "navigation"]
    qtbot.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert window.pane.isAncestorOf(QApplication.focusWidget())


def test_the_sandbox_makes_something_happen(open_window, services, qtbot):
    services.facts = replace(services.facts, sandbox=True)

    def fail():
        raise Unreachable(Service.SOURCE, "The practice world has ended")

    services.operations = (
        SandboxOperation(Text("Somebody joins"), lambda: Text("Zoë joined Sales")),
        SandboxOperation(Text("Fail"), fail),
    )
    window = open_window()
    card = window.overview.sandbox
    assert card.isVisible()
    assert window.navigation.practice.isVisible()
    qtbot.mouseClick(card._buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.answer == "Zoë joined Sales", timeout=3000)
    qtbot.mouseClick(card._buttons[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.answer == "The practice world has ended", timeout=3000)


def test_outside_the_sandbox_there_is_no_such_card(open_window):
    window = open_window()
    assert not window.overview.sandbox.isVisible()
    assert not window.navigation.practice.isVisible()


# --- details and log -----------------------------------------------------------------------------


def test_enter_in_the_pane_opens_the_details(open_window, pipe, qtbot, qapp):
    window = open_window()
    for entry in world.stream(world.NOW):
        pipe.record(entry)
    pipe.drain()
    window.pane.view.selectRow(6)
    qtbot.keyClick(window.pane.view, Qt.Key.Key_Return)
    details = window.log.details
    assert window.log.isVisible()
    assert details.isVisible()
    assert QApplication.focusWidget() is window.log.view
    names = [step.name for step in map(details._step, details._steps(details.record))]
    assert names == ["Import", "Scoping", "Matching", "Processing", "Export"]
    details.copy()
    copied = qapp.clipboard().text()
    for part in (
        "Nguyễn Thị Hương – Failure, Create",
        "Export: Failure. No free seat in GoTo",
        "Code: LicenseLimitExceeded",
        "What to do: Buy seats",
    ):
        assert part in copied


def test_the_log_pages_filters_and_counts(open_window, services, qtbot):
    window = open_window()
    window.show_page("log")
    log = window.log
    qtbot.waitUntil(lambda: log.model.rowCount() == 500, timeout=3000)
    assert log.count.text() == "1,200 records"
    log.view.scrollToBottom()
    qtbot.waitUntil(lambda: log.model.rowCount() == 1000, timeout=3000)
    log.search.setText("nguyễn")
    qtbot.waitUntil(lambda: log.model.rowCount() == 120, timeout=3000)
    assert log.count.text() == "120 records"
    log.search.setText("nobody at all")
    qtbot.waitUntil(log._empty.isVisible, timeout=3000)
    qtbot.mouseClick(log._empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: log.model.rowCount() == 500, timeout=3000)


def test_new_records_do_not_move_what_is_being_read(open_window, pipe, qtbot):
    window = open_window()
    window.show_page("log")
    log = window.log
    qtbot.waitUntil(lambda: log.model.rowCount() == 500, timeout=3000)
    for entry in world.stream(world.NOW):
        pipe.record(entry)
    pipe.drain()
    assert log.model.rowCount() == 500
    assert log._news.text() == "10 new since you looked"
    assert log.newest.isVisible()


def test_low_details_begin_at_the_step_that_failed(open_window, services, qtbot):
    """Complaint: at the least size the details showed no step, only what to do."""
    window = open_window(size=(1000, 680))
    window.show_page("log")
    details = window.log.details
    record = world.stream(world.NOW)[6]
    window.log.show_record(record)

    def failed_step_is_seen():
        shown = details._timeline.failed.visibleRegion().boundingRect()
        assert shown.height() >= details._timeline.failed.height() - 1

    qtbot.waitUntil(failed_step_is_seen, timeout=2000)
    assert not details._steps_advice.isVisible()
    assert details._brief_text.whole == str(record.advice)


def test_details_in_the_log_follow_the_selection_and_esc_closes_them(open_window, qtbot):
    window = open_window()
    window.show_page("log")
    log = window.log
    qtbot.waitUntil(lambda: log.model.rowCount() == 500, timeout=3000)
    log.view.selectRow(0)
    log.view.setFocus()
    qtbot.keyClick(log.view, Qt.Key.Key_Return)
    assert log.details.isVisible()
    assert log.details.record.source.name == "Mikko Hämäläinen"
    qtbot.keyClick(log.view, Qt.Key.Key_Down)
    assert log.details.record.source.name == "Åsa Öberg"
    qtbot.keyClick(log.view, Qt.Key.Key_Escape)
    assert not log.details.isVisible()


# --- the window itself ---------------------------------------------------------------------------


def test_closing_tells_the_wiring(open_window, qtbot):
    window = open_window()
    with qtbot.waitSignal(window.closing, timeout=1000):
        window.close()


class Tray:
    def setToolTip(self, text):
        self.text = text


def test_with_a_tray_a_running_cycle_goes_on_there(open_window, pipe, qtbot):
    window = open_window(tray=Tray())
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.progress(world.syncing())
    pipe.drain()
    ended = []
    window.closing.connect(lambda: ended.append(1))
    window.close()
    assert not window.isVisible()
    assert ended == []
    window.quit()
    assert ended == [1]


def test_a_running_cycle_keeps_the_window_until_it_has_stopped(open_window, pipe):
    window = open_window()
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.progress(world.syncing())
    pipe.drain()
    window.closing.connect(window.show_stopping)
    window.close()
    assert window.isVisible()
    window._tick()
    assert window.navigation.pulse.accessibleName().startswith("Stopping…")


def test_size_and_panes_are_remembered(open_window, tmp_path):
    file = tmp_path / "window.ini"
    first = open_window(settings_path=file)
    first.resize(1100, 740)
    first.toggle_activity()
    first.close()
    second = open_window(size=(1100, 740), settings_path=file)
    assert second.width() == 1100
    assert not second.pane.isVisible()


def test_narrow_windows_have_icons_for_navigation(open_window):
    window = open_window(size=(1000, 680))
    assert window.navigation.width() == 52
    window.resize(1280, 800)
    QApplication.processEvents()
    assert window.navigation.width() >= 208


# --- everybody can use it ------------------------------------------------------------------------


def test_everything_that_takes_the_focus_has_a_name(open_window, services, pipe, qtbot):
    held(services)
    window = open_window()
    nameless = []
    for page in ("overview", "log"):
        window.show_page(page)
        qtbot.wait(150)
        for widget in window.findChildren(QWidget):
            if not widget.isVisible() or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                continue
            interface = QAccessible.queryAccessibleInterface(widget)
            name = interface.text(QAccessible.Text.Name) if interface else ""
            if not name and not isinstance(widget, QScrollBar):
                nameless.append(f"{type(widget).__name__} {widget.objectName()}")
    assert nameless == []


class Longer(QTranslator):
    """Every text of the window, 40 % longer."""

    def translate(self, context, source, disambiguation=None, n=-1):
        if not source or len(source) < 2 or context.startswith("Q"):
            return source
        return (source + " " + "xyz wvu " * len(source))[: round(len(source) * 1.4)].strip()

    def isEmpty(self):
        return False


@pytest.mark.parametrize("size", [(1000, 680), (1280, 800)], ids=["smallest", "usual"])
@pytest.mark.parametrize("longer", [False, True], ids=["english", "longer"])
@pytest.mark.parametrize("state", ["idle", "busy", "held", "failed", "sandbox", "log"])
def test_no_words_are_cut(open_window, services, pipe, qtbot, qapp, size, longer, state):
    translator = Longer()
    if longer:
        qapp.installTranslator(translator)
    try:
        if state == "held":
            held(services)
        elif state == "failed":
            failed(services, "ServiceFaulty", Text("GoTo answered with an error 20 times in a row"))
        elif state == "sandbox":
            services.operations = tuple(
                SandboxOperation(Text(f"Somebody does thing {n}"), lambda: Text("Done"))
                for n in range(7)
            )
        window = open_window(size=size)
        if state == "busy":
            pipe.job_changed(JobState(enabled=True, running=True))
            pipe.progress(world.syncing())
            for entry in world.stream(world.NOW):
                pipe.record(entry)
            pipe.drain()
        elif state == "log":
            window.show_page("log")
            window.log.show_record(world.stream(world.NOW)[6])
            qtbot.waitUntil(lambda: bool(window.log.count.text()), timeout=3000)
        said = " ".join(label.text() for label in window.findChildren(QLabel))
        assert ("xyz" in said) == longer
        assert_nothing_is_cut(window, qtbot)
    finally:
        qapp.removeTranslator(translator)


def test_it_stands_in_french(open_window, services, qtbot, qapp):
    with window_language(qapp, QLocale("fr")):
        window = open_window()
        assert window.overview.header._title.text() == "Vue d’ensemble"
        sentence = "Toutes les personnes prévues ont GoToMeeting"
        assert window.overview.health.sentence == sentence
        assert_nothing_is_cut(window, qtbot)


def test_right_to_left_mirrors_the_window(open_window, qapp):
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window = open_window()
        assert window.navigation.mapTo(window, QPoint(0, 0)).x() > 900
        window.grab()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_no_shortcut_is_given_twice(open_window):
    window = open_window()
    from PySide6.QtGui import QShortcut

    keys = [
        s.key().toString(QKeySequence.SequenceFormat.PortableText)
        for s in window.findChildren(QShortcut)
    ]
    assert len(keys) == len(set(keys))


def test_the_countdown_counts(open_window, services, pipe):
    window = open_window()
    pipe.job_changed(
        JobState(enabled=True, running=False, next_run_at=world.NOW + timedelta(seconds=65))
    )
    pipe.drain()
    window._tick()
    assert window.overview.health._countdown.text() == "01:05"
    assert not [t for t in window.findChildren(QTabBar) if not t.accessibleName()]
