"""The overview in each of its states: the first line is the answer."""

import threading
from dataclasses import replace
from datetime import timedelta

import picture_world as world
import pytest
from main_states import failed, held
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QMessageBox,
)

from app.domain.activity import Counts, CycleOutcome, JobStatus, Phase
from app.domain.commands import (
    JobState,
    KeepHeld,
    ReleaseHeld,
    SyncNow,
)
from app.domain.errors import SecretStoreUnavailable, Service, SignInNeeded, Unreachable
from app.domain.texts import Text
from app.ui.help_dialog import HelpDialog
from app.ui.overview.chart import bar_of, round_up
from app.ui.overview.standing import Standing, standing
from app.ui.secret_dialog import SecretDialog
from app.ui.services import Advice
from app.ui.sign_in_dialog import SignInDialog
from app.ui.states import State
from app.ui.wording import clock_time

pytestmark = pytest.mark.gui


def test_healthy(open_window):
    window = open_window()
    page = window.overview
    assert page.health.sentence == "Everyone who should have GoToMeeting has it"
    assert (
        page.health.reason == "12,444 people checked at 14:20 in 6 s. 3 changes made, none failed."
    )
    assert page.chart.isVisible()
    assert not page.syncing.isVisible()
    assert window.navigation.pulse.words == "Healthy"
    assert page.sync.kind == "primary"


def test_a_running_cycle(open_window, pipe, qtbot):
    window = open_window()
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.progress(world.syncing())
    pipe.drain()
    qtbot.waitUntil(window.overview.syncing.isVisible, timeout=2000)
    page = window.overview
    assert page.syncing.isVisible()
    assert page.syncing.numbers == "8,412 of 12,444 people"
    assert page.syncing.time_left == "About 30 seconds left"
    assert page.syncing.phases.states == (*[State.SUCCESS] * 5, State.RUNNING)
    assert page.tiles.created.value == "6,907"
    assert page.tiles.failed.value == "8"
    assert page.failures.isVisible()
    assert page.stop.isVisible()
    assert not page.sync.isVisible()
    assert not page.health.isVisible()
    assert window.navigation.pulse.words == "Initial cycle"


def test_an_import_counts_people_and_has_no_bar(open_window, pipe, qtbot):
    window = open_window()
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.progress(replace(world.syncing(), phase=Phase.IMPORT, total=0, read=8_412))
    pipe.drain()
    qtbot.waitUntil(window.overview.syncing.isVisible, timeout=2000)
    assert window.overview.syncing.numbers == "8,412 people read so far"
    assert not window.overview.syncing.bar.isVisible()


def test_the_end_of_a_cycle_reads_the_numbers_again(open_window, services, pipe, qtbot):
    window = open_window()
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.progress(world.syncing())
    pipe.drain()
    end = replace(world.cycle(1514, world.NOW, Counts(created=5)), id="c-1")
    services.job_status = replace(services.job_status, last=end)
    pipe.cycle_finished(end)
    pipe.job_changed(JobState(enabled=True, running=False))
    qtbot.waitUntil(window.overview.health.isVisible, timeout=3000)
    qtbot.waitUntil(lambda: "5 changes made" in window.overview.health.reason, timeout=3000)


def test_held(open_window, services, qtbot):
    held(services)
    window = open_window()
    page = window.overview
    assert page.held.isVisible()
    assert page.held.sentence == "38 removals are waiting for your decision"
    assert page.held.keep.kind == "primary"
    assert page.held.release.kind == "destructive"
    assert page.sync.kind == "normal"
    assert page.held_list.tree.model().rowCount() == 3
    qtbot.mouseClick(page.held.keep, Qt.MouseButton.LeftButton)
    assert services.posted == [KeepHeld()]


def test_release_asks_once_more_and_the_safe_answer_is_the_default(open_window, services, qtbot):
    held(services)
    window = open_window()
    for press_release, expected in ((False, []), (True, [ReleaseHeld()])):
        qtbot.mouseClick(window.overview.held.release, Qt.MouseButton.LeftButton)
        box = window.findChild(QMessageBox)
        assert "38" in box.text()
        assert box.defaultButton().text() == "Cancel"
        release = next(b for b in box.buttons() if b.text().startswith("Release 38"))
        if press_release:
            qtbot.mouseClick(release, Qt.MouseButton.LeftButton)
        else:
            qtbot.keyClick(box, Qt.Key.Key_Escape)
        assert services.posted == expected
        qtbot.waitUntil(lambda: window.findChild(QMessageBox) is None, timeout=2000)


def test_the_held_list_can_be_searched(open_window, services):
    held(services)
    tree = open_window().overview.held_list
    tree.search.setText("kjærgaard")
    model = tree.tree.model()
    groups = [model.index(row, 0) for row in range(model.rowCount())]
    found = {model.index(row, 0, group).data() for group in groups for row in range(40)}
    assert found == {"Søren Kjærgaard", None}


def test_offline_says_that_nothing_is_lost(open_window, services):
    error = Unreachable(Service.SOURCE, "Microsoft did not answer")
    failed(services, type(error).__name__, error.text)
    window = open_window()
    assert window.overview.standing is Standing.OFFLINE
    health = window.overview.health
    assert health.sentence == "A service cannot be reached since 14:20"
    assert "Nothing is lost" in health.reason
    assert health.again.isVisible()
    assert not window.overview.sync.isVisible()
    assert window.navigation.pulse.words == "Offline"


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("graph.microsoft.com", "Microsoft cannot be reached since 14:00"),
        ("api.getgo.com", "GoTo cannot be reached since 14:00"),
    ],
)
def test_offline_names_the_service_and_when_it_began(
    open_window, services, pipe, qtbot, host, sentence
):
    failed(services, "Unreachable", Text("{host} did not answer in time.", {"host": host}))
    last = services.job_status.last
    before = replace(
        last,
        started_at=last.started_at - timedelta(minutes=20),
        ended_at=last.ended_at - timedelta(minutes=20),
    )
    services.past = (last, before, *services.past)
    window = open_window()
    pipe.job_changed(
        JobState(enabled=True, running=False, next_run_at=world.NOW + timedelta(minutes=2))
    )
    pipe.drain()
    health = window.overview.health
    assert health.sentence == sentence
    assert health.reason == "Nothing is lost; Rollcall tries again in 2 minutes."
    assert host not in health.reason
    assert host in health._shown.details


def test_links_are_no_changes_and_the_people_are_those_in_scope(open_window, services):
    """Complaint: 20 people checked beside 17 in scope, and a link counted as a change."""
    counts = Counts(created=14, updated=1, linked=2, skipped=3)
    services.job_status = replace(
        services.job_status, last=world.cycle(1, world.LAST, counts), people_in_scope=17
    )
    window = open_window()
    assert window.overview.health.reason == (
        "17 people checked at 14:20 in 6 s. 15 changes made, 2 accounts taken over, none failed."
    )
    assert bar_of(services.job_status.last).values == (14, 1, 0, 0)


def test_the_focus_stays_with_syncing(open_window, pipe, qtbot, qapp):
    """Complaint: after a sync the ring stood on another deed."""
    window = open_window()
    page = window.overview
    page.sync.setFocus(Qt.FocusReason.TabFocusReason)
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.progress(world.syncing())
    pipe.drain()
    qtbot.waitUntil(page.syncing.isVisible, timeout=2000)
    assert page.stop.hasFocus()
    pipe.job_changed(JobState(enabled=True, running=False))
    pipe.drain()
    qtbot.waitUntil(page.health.isVisible, timeout=2000)
    assert page.sync.hasFocus()


def test_the_focus_goes_back_from_trying_again(open_window, services, pipe, qtbot):
    failed(services, "Unreachable", Text("GoTo did not answer in time."))
    window = open_window()
    page = window.overview
    page.health.again.setFocus(Qt.FocusReason.TabFocusReason)
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.drain()
    services.job_status = replace(services.job_status, last=world.cycles()[0])
    pipe.job_changed(JobState(enabled=True, running=False))
    pipe.drain()
    qtbot.waitUntil(lambda: page.standing is Standing.HEALTHY, timeout=3000)
    assert page.sync.hasFocus()


def test_a_failed_cycle_leaves_a_mark_in_the_chart(open_window, services):
    failed(services, "Unreachable", Text("{host} did not answer in time.", {"host": "GoTo"}))
    services.past = (services.job_status.last, *services.past)
    chart = open_window().overview.chart.chart
    assert chart.words(chart._bars[-1]) == "14:20: GoTo did not answer in time."
    assert chart._bars[-2].failure == ""


def test_a_full_bar_is_finishing(open_window, pipe, qtbot):
    window = open_window()
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.progress(replace(world.syncing(done=12_444), eta_seconds=None, per_second=44))
    pipe.drain()
    qtbot.waitUntil(window.overview.syncing.isVisible, timeout=2000)
    assert window.overview.syncing.time_left == "Finishing…"
    assert not window.overview.syncing._pace.isVisible()


def test_failures_are_grouped_by_their_cause(open_window, pipe, qtbot):
    """Complaint: the card named one person for eight failures."""
    window = open_window()
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.progress(world.syncing())
    for entry in world.stream(world.NOW)[6:7] * 2:
        pipe.record(entry)
    pipe.drain()
    qtbot.waitUntil(window.overview.syncing.isVisible, timeout=2000)
    words = window.overview.failures._text.text()
    assert words == "No free seat: 2. The cycle goes on for everyone else."


def test_the_held_list_shows_a_few_of_each_cause(open_window, services, qtbot):
    """Complaint: two scroll bars beside each other."""
    held(services)
    listed = open_window().overview.held_list
    model, tree = listed.tree.model(), listed.tree
    first = model.index(0, 0)
    assert model.rowCount(first) == 5
    assert tree.verticalScrollBar().maximum() == 0
    more = model.index(4, 0, first)
    assert more.data() == "Show 31 more"
    tree.setCurrentIndex(more)
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert model.rowCount(model.index(0, 0)) == 35
    assert tree.verticalScrollBar().maximum() == 0
    qtbot.keyClick(tree, Qt.Key.Key_Home)
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert not tree.isExpanded(model.index(0, 0))


def test_a_short_cycle_moves_nothing(open_window, pipe, qtbot):
    """Complaint: page and pane jumped at every cycle, even one under a second."""
    window = open_window()
    qtbot.waitUntil(lambda: window._pane_height._given is not None, timeout=2000)
    height = window._dock.height()
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.drain()
    assert window.overview.health.isVisible()
    assert not window.overview.syncing.isVisible()
    pipe.job_changed(JobState(enabled=True, running=False))
    pipe.drain()
    qtbot.wait(400)
    assert window.overview.health.isVisible()
    assert window._dock.height() == height


def test_the_pane_grows_once_when_a_cycle_lasts(open_window, pipe, qtbot):
    window = open_window()
    qtbot.waitUntil(lambda: window._dock.height() < 140, timeout=2000)
    window._long_cycle.setInterval(50)
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.drain()
    qtbot.waitUntil(lambda: window._dock.height() > 250, timeout=2000)
    pipe.job_changed(JobState(enabled=True, running=False))
    pipe.drain()
    qtbot.wait(100)
    assert window._dock.height() > 250


def test_the_pane_keeps_the_height_a_person_gave_it(open_window, pipe, qtbot):
    window = open_window()
    qtbot.waitUntil(lambda: window._pane_height._given is not None, timeout=2000)
    window._inner.resizeDocks([window._dock], [200], Qt.Orientation.Vertical)
    QApplication.processEvents()
    window._long_cycle.setInterval(10)
    pipe.job_changed(JobState(enabled=True, running=True))
    pipe.drain()
    qtbot.wait(50)
    assert abs(window._dock.height() - 200) < 10


def test_help_says_what_the_page_is_for(open_window, qtbot):
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = window.findChild(HelpDialog)
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_the_profile_is_not_read_on_the_windows_thread(open_window, services, pipe, qtbot):
    window = open_window()
    threads = []
    read = services.profile
    services.profile = lambda: (threads.append(threading.current_thread()), read())[1]
    window.overview.refresh()
    window.overview.tick(world.NOW)
    assert threads == []
    window.reload()
    qtbot.waitUntil(lambda: bool(threads), timeout=3000)
    assert threading.main_thread() not in threads


def test_a_failed_cycle_says_why(open_window, services, qtbot, qapp):
    failed(services, "CredentialsRefused", Text("GoTo refused the sign-in of {u}", {"u": "admin"}))
    window = open_window()
    assert window.overview.health.sentence == "The 14:20 cycle failed"
    health = window.overview.health
    assert health.reason == "GoTo refused the sign-in of admin. Replace the password to go on."
    assert "`" not in health._shown.details
    assert not health._details.isVisible()
    qtbot.mouseClick(health.more, Qt.MouseButton.LeftButton)
    assert health._details.isVisible()
    assert "CredentialsRefused" in health._shown.details
    qtbot.mouseClick(health.copy, Qt.MouseButton.LeftButton)
    assert "CredentialsRefused" in qapp.clipboard().text()


def test_refused_credentials_can_be_replaced(open_window, services, qtbot):
    """Complaint: the red card had no button and spoke of a command."""
    failed(services, "CredentialsRefused", Text("GoTo refused the sign-in of {u}", {"u": "admin"}))
    window = open_window()
    health = window.overview.health
    assert health.replace.kind == "primary"
    assert not health.again.isVisible()
    qtbot.mouseClick(health.replace, Qt.MouseButton.LeftButton)
    assert health.replace.text() == "Replace password…"
    dialog = window.findChild(SecretDialog)
    assert dialog.windowTitle() == "Replace password"
    assert list(dialog.fields) == ["target.password"]
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    field = dialog.fields["target.password"]
    assert field.error
    qtbot.keyClicks(field.control, "n3w")
    assert not field.error
    qtbot.keyClick(field.control, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: services.posted == [SyncNow()], timeout=3000)
    assert services.replaced == {"target.password": "n3w"}


def test_a_quarantine_says_what_is_lost_and_when_it_goes_on(open_window, services, pipe):
    """Complaint: a figure ticked for six hours beside "every 20 minutes"."""
    text = Text("The client secret of application {client} has expired.", {"client": "3f2a"})
    failed(services, "CredentialsRefused", text)
    last = replace(services.job_status.last, quarantine="CredentialsRefused")
    services.job_status = replace(services.job_status, last=last)
    window = open_window()
    assert not window.overview.health._countdown.isVisible()
    tomorrow = world.NOW + timedelta(hours=15, minutes=10)
    pipe.job_changed(JobState(enabled=True, running=False, next_run_at=tomorrow))
    pipe.drain()
    health = window.overview.health
    assert health.sentence == "Cycles are paused: the Microsoft client secret has expired"
    assert health.reason == (
        "Nobody has lost anything. Make a new secret in Entra (App registrations, Certificates &"
        f" secrets), then replace it here. Rollcall tries again tomorrow at {clock_time(tomorrow)},"
        " or as soon as you have replaced it."
    )
    assert "3f2a" not in health.reason
    assert "3f2a" in health._shown.details
    assert not health._countdown.isVisible()


def test_a_keyring_that_refuses_is_said_in_the_dialog(open_window, services, qtbot):
    failed(services, "CredentialsRefused", Text("GoTo refused the sign-in of {u}", {"u": "admin"}))

    def refuse(name, value):
        raise SecretStoreUnavailable(Text("The keyring is locked"), Text("Unlock it."))

    services.replace_secret = refuse
    window = open_window()
    qtbot.mouseClick(window.overview.health.replace, Qt.MouseButton.LeftButton)
    dialog = window.findChild(SecretDialog)
    qtbot.keyClicks(dialog.fields["target.password"].control, "n3w")
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.note.title == "The keyring is locked", timeout=3000)
    assert services.posted == []
    dialog.reject()


def test_what_expires_soon_can_be_replaced(open_window, services, qtbot):
    title, text = Text("The Microsoft client secret expires in 23 days"), Text("Cycles fail then.")
    services.soon = (Advice(title, text, secrets=("source.client_secret",)),)
    window = open_window()
    line = window.overview.soon.findChildren(QAbstractButton)
    button = next(one for one in line if one.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert list(window.findChild(SecretDialog).fields) == ["source.client_secret"]
    window.findChild(SecretDialog).reject()


def test_people_who_failed_are_never_called_healthy(open_window, services, qtbot):
    last = world.cycle(1513, world.LAST, Counts(created=3, failed=8, unchanged=100))
    services.job_status = replace(services.job_status, last=last)
    window = open_window()
    assert window.overview.health.sentence == "8 people could not be provisioned"
    qtbot.mouseClick(window.overview.health._failures, Qt.MouseButton.LeftButton)
    assert window.log.isVisible()
    assert window.log.query().status == "failure"


def test_one_person_first_is_not_everyone(open_window, services, qtbot):
    """Complaint: "everyone has it" while 16 people waited, and no way to let them in."""
    services.facts = replace(services.facts, pilot=("Amara Okafor",))
    services.job_status = replace(services.job_status, people_in_scope=1)
    window = open_window()
    health = window.overview.health
    assert health.sentence == "Amara Okafor has GoToMeeting. Everybody else waits for you"
    assert window.overview.standing is Standing.PILOT
    assert window.overview.sync.kind == "normal"
    for answer, expected in (("Cancel", []), ("Provision everyone", [SyncNow()])):
        qtbot.mouseClick(health.everyone, Qt.MouseButton.LeftButton)
        box = window.findChild(QMessageBox)
        assert box.defaultButton().text() == "Cancel"
        button = next(one for one in box.buttons() if one.text() == answer)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: window.findChild(QMessageBox) is None, timeout=2000)
        if expected:
            qtbot.waitUntil(lambda: bool(services.posted), timeout=2000)
        assert services.posted == expected
    assert services.facts.pilot == ()
    qtbot.mouseClick(health.account, Qt.MouseButton.LeftButton)
    assert window.log.isVisible()
    assert window.log.search.text() == "Amara Okafor"


def test_off_and_empty(open_window, services, pipe):
    services.job_status, services.past = JobStatus(), ()
    window = open_window()
    assert window.overview.health.sentence == "No cycle has run yet"
    pipe.job_changed(JobState(enabled=False, running=False))
    pipe.drain()
    assert window.overview.health.sentence == "Provisioning is off"
    assert window.overview.switch.text() == "Provisioning off"
    assert not window.overview.health._countdown.isVisible()


def test_off_does_not_promise_that_nothing_is_written(open_window, services, pipe):
    """Complaint: "nothing is changed until you switch it on", after a sync that changed nine."""
    window = open_window()
    pipe.job_changed(JobState(enabled=False, running=False))
    pipe.drain()
    said = "No cycle starts by itself. Sync now still writes to GoTo."
    assert window.overview.health.reason.startswith(said)
    assert window.overview.sync.kind == "normal"


def test_a_problem_disables_sync_and_says_why(open_window, pipe):
    window = open_window()
    pipe.job_changed(
        JobState(
            enabled=True,
            running=False,
            problem=Text("Another process runs this profile"),
            advice=Text("Close it first"),
        )
    )
    pipe.drain()
    assert window.overview.health.sentence == "Another process runs this profile"
    assert not window.overview.sync.isEnabled()
    assert window.overview.sync.toolTip() == "Another process runs this profile"


def test_a_crash_of_the_engine_is_shown(open_window):
    window = open_window()
    window.show_crash(ZeroDivisionError("a bug"))
    assert window.crash_note.isVisible()
    assert "fault in Rollcall" in window.crash_note.title


@pytest.mark.parametrize(
    ("job", "status", "expected"),
    [
        (JobState(enabled=True, running=True), JobStatus(held=3), Standing.SYNCING),
        (JobState(enabled=False, running=False), JobStatus(), Standing.OFF),
        (JobState(enabled=True, running=False), JobStatus(), Standing.EMPTY),
        (
            JobState(enabled=True, running=False),
            JobStatus(last=world.cycle(1, world.LAST, Counts(unchanged=5)), escrowed=2),
            Standing.PARTLY,
        ),
        (
            JobState(enabled=True, running=False),
            JobStatus(last=world.cycle(1, world.LAST, Counts(), CycleOutcome.STOPPED)),
            Standing.STOPPED,
        ),
        (
            JobState(enabled=True, running=False),
            JobStatus(last=replace(world.cycle(1, world.LAST, Counts()), quarantine="x")),
            Standing.QUARANTINE,
        ),
    ],
)
def test_the_one_answer(job, status, expected):
    assert standing(job, status, None) is expected


def test_the_axis_ends_at_a_number_with_a_half():
    assert [round_up(n) for n in (0, 1, 3, 9, 16, 17, 120, 999)] == [2, 2, 4, 10, 16, 20, 120, 1000]


def sign_in_ended(services, side="source", by_code=False, code="SignInNeeded"):
    """A person's sign-in is no longer accepted, on the side the advice names."""
    failed(
        services, code, Text("Microsoft no longer accepts the sign-in of {user}.", {"user": "a"})
    )
    advice = Text("Sign in again: run `rollcall sign-in --side {side}`.", {"side": side})
    last = replace(services.job_status.last, advice=advice, quarantine=code)
    services.job_status = replace(services.job_status, last=last)
    both = ((Service.SOURCE, by_code), (Service.TARGET, False))
    services.facts = replace(services.facts, sign_ins=both)


@pytest.mark.parametrize(("side", "name"), [("source", "Microsoft"), ("target", "GoTo")])
def test_an_ended_sign_in_has_a_button_for_its_side(open_window, services, qtbot, side, name):
    """Complaint: the red card showed a command and nothing to press."""
    sign_in_ended(services, side)
    window = open_window()
    health = window.overview.health
    assert health.sign_in.isVisible()
    assert health.sign_in.kind == "primary"
    assert not health.again.isVisible()
    assert not health.replace.isVisible()
    assert "`" not in health.reason
    assert "Sign in again to go on." in health.reason
    qtbot.mouseClick(health.sign_in, Qt.MouseButton.LeftButton)
    dialog = window.findChild(SignInDialog)
    assert dialog.windowTitle() == f"Sign in at {name}"
    assert dialog.panel.begin.text() == "Sign in with the browser"
    dialog.reject()


def test_where_nobody_signs_in_there_is_no_such_button(open_window, services):
    sign_in_ended(services)
    services.facts = replace(services.facts, sign_ins=())
    assert not open_window().overview.health.sign_in.isVisible()


def test_signing_in_again_starts_the_next_cycle(open_window, services, qtbot):
    sign_in_ended(services, by_code=True)
    asked = []

    async def signs_in(side, tell, stop):
        asked.append(side)
        if len(asked) == 1:
            raise SignInNeeded(Service.SOURCE, "Nobody signed in within 5 minutes", "Try again.")
        return "admin@x.example"

    services.sign_in = signs_in
    window = open_window()
    qtbot.mouseClick(window.overview.health.sign_in, Qt.MouseButton.LeftButton)
    dialog = window.findChild(SignInDialog)
    assert dialog.panel.begin.text() == "Get a code"
    qtbot.mouseClick(dialog.panel.begin, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.note.title.startswith("Nobody signed in"), timeout=3000)
    assert services.posted == []
    assert dialog.panel.begin.isEnabled()
    with qtbot.waitSignal(dialog.signed_in, timeout=3000):
        qtbot.mouseClick(dialog.panel.begin, Qt.MouseButton.LeftButton)
    assert services.posted == [SyncNow()]
    assert asked == [Service.SOURCE] * 2
