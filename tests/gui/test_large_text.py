"""Letters of twice the size: nothing is cut, nothing overlaps, nothing reaches out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import picture_world as company
import pytest
from layout_checks import assert_nothing_is_cut
from PySide6.QtWidgets import QApplication, QFocusFrame, QWidget
from pytestqt.qtbot import QtBot
from walker import Walker
from wizard_world import WizardWorld

from app.bridge.event_pipe import EventPipe
from app.domain.activity import Counts, CycleOutcome
from app.domain.commands import JobState
from app.domain.settings import SourceSignIn
from app.domain.texts import Text
from app.setup.draft import Step
from app.ui.main_window import MainWindow
from app.ui.services import Advice, SandboxOperation
from app.ui.style import apply_theme
from app.ui.theme import Scheme, scale_text
from app.ui.wizard import WizardWindow
from app.ui.wizard.assignment import AssignmentPage
from app.ui.wizard.connection import ConnectionPage
from app.ui.wizard.source import SourcePage
from app.ui.wizard.target import TargetPage
from app.ui.wizard.welcome import WelcomePage

pytestmark = pytest.mark.gui
SIZES = pytest.mark.parametrize("size", [(1280, 800), (1000, 680)], ids=["usual", "smallest"])
STATES = ("idle", "busy", "held", "failed", "offline", "sandbox", "log", "details")


@pytest.fixture
def large(qapp: QApplication) -> Iterator[None]:
    """20 pt."""
    scale_text(2.0)
    apply_theme(qapp, Scheme.LIGHT)
    yield
    scale_text(1.0)
    apply_theme(qapp, Scheme.LIGHT)


def services_in(state: str, translator: object) -> company.PictureServices:
    made = company.PictureServices(translator)
    made.job_status, made.past = company.healthy_status(), company.cycles()
    made.records = tuple(company.stream(company.NOW)) * 3
    last = company.cycle(1513, company.LAST, Counts(created=4, updated=11), CycleOutcome.FAILED)
    if state == "held":
        last = replace(last, outcome=CycleOutcome.HELD, held_because="max_removals")
        made.job_status = replace(made.job_status, last=last, held=38)
        made.waiting = company.held_actions()
    elif state == "failed":
        error = Text("GoTo refused the sign-in of {user}.", {"user": f"admin@{company.DOMAIN}"})
        last = replace(last, error=error, error_code="CredentialsRefused")
        made.job_status = replace(made.job_status, last=last)
    elif state == "offline":
        error = Text("{host} did not answer in time.", {"host": "graph.microsoft.com"})
        last = replace(last, error=error, error_code="Unreachable")
        made.job_status = replace(made.job_status, last=last)
    elif state == "sandbox":
        names = ("Somebody joins", "Somebody marries", "Somebody moves group", "Nothing here")
        made.operations = tuple(SandboxOperation(Text(n), lambda: Text("Done")) for n in names)
    else:
        title = Text("The Microsoft client secret expires in 23 days, on 17 December 2026")
        cure = Text("Without a new one, cycles fail from that day on.")
        made.soon = (Advice(title, cure, secrets=("source.client_secret",)),)
    return made


@SIZES
@pytest.mark.parametrize("state", STATES)
def test_the_main_window(
    large: None,
    world: WizardWorld,
    pipe: EventPipe,
    qtbot: QtBot,
    state: str,
    size: tuple[int, int],
) -> None:
    services = services_in(state, world.translator)
    window = MainWindow(services, pipe, now=lambda: company.NOW)
    qtbot.addWidget(window, before_close_func=MainWindow.give_back)
    window.resize(*size)
    window.show()
    qtbot.waitUntil(lambda: bool(window._snapshot.cycles), timeout=3000)
    if state == "busy":
        pipe.job_changed(JobState(enabled=True, running=True))
        pipe.progress(company.syncing())
        for entry in company.stream(company.NOW):
            pipe.record(entry)
        pipe.drain()
        window._dock.setVisible(True)
    elif state in ("log", "details"):
        window.show_page("log")
        qtbot.waitUntil(lambda: bool(window.log.count.text()), timeout=3000)
        if state == "details":
            window.log.show_record(services.records[6])
    assert_nothing_is_cut(window, qtbot)
    if state == "log":
        view = window.log.view
        assert view.viewport().height() >= 3 * view.verticalHeader().defaultSectionSize()
        assert view.columnViewportPosition(4) < view.viewport().width()


def look(window: WizardWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    window.resize(*size)
    assert_nothing_is_cut(window, qtbot)


def assert_in_sight(walker: Walker, field: QWidget) -> None:
    """It was scrolled to after it got the focus, and so was the ring round it."""
    walker.until(lambda: not field.visibleRegion().isEmpty())
    rings = walker.window.findChildren(QFocusFrame)
    walker.until(lambda: any(one.widget() is field and one.isVisible() for one in rings))


@SIZES
@pytest.mark.usefixtures("large")
def test_the_wizard(world: WizardWorld, qtbot: QtBot, size: tuple[int, int]) -> None:
    window = world.window()
    qtbot.addWidget(window)
    walker = Walker(qtbot, window)
    welcome = window.page
    assert isinstance(welcome, WelcomePage)
    walker.until(lambda: not welcome.work.running)
    look(window, qtbot, size)
    welcome.real.setChecked(True)
    window.go_next()
    window.go_next()
    look(window, qtbot, size)
    source = window.page
    assert isinstance(source, SourcePage)
    for way in SourceSignIn:
        source.sign_in.part(way.value).click()
        look(window, qtbot, size)
    window.go_back()
    welcome.practice.setChecked(True)
    window.go_next()
    walker.arrive(Step.SOURCE)
    look(window, qtbot, size)
    window.go_next()
    walker.arrive(Step.ASSIGNMENT)
    assignment = window.page
    assert isinstance(assignment, AssignmentPage)
    walker.until(lambda: assignment.table is not None)
    look(window, qtbot, size)
    window.go_next()
    walker.arrive(Step.TARGET)
    target = window.page
    assert isinstance(target, TargetPage)
    right = target.password.text()
    target.password.setText("wrong")
    window.go_next()
    walker.until(lambda: target.refused)
    assert_in_sight(walker, target.password)
    look(window, qtbot, size)
    target.password.setText(right)
    world.sandbox.world.revoke_admin()
    window.go_next()
    walker.arrive(Step.CONNECTION_TEST)
    test = window.page
    assert isinstance(test, ConnectionPage)
    walker.until(test.back_to_credentials.isVisible)
    look(window, qtbot, size)
    world.sandbox.world.restore_admin()
    test.run()
    for step in (Step.NOTIFICATION, Step.MAPPINGS, Step.PREVIEW):
        walker.next()
        walker.arrive(step)
        look(window, qtbot, size)
