"""Pictures of every page of the wizard: one walk through a real practice tenant for each look."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QTimer

from app.domain.texts import Translator
from app.host.paths import Paths
from app.host.profile_store import ProfileStore
from app.host.secrets import MemorySecrets
from app.sandbox.world import World
from app.setup.draft import Step
from app.ui.wizard import WizardWindow
from app.ui.wizard.assignment import AssignmentPage
from app.ui.wizard.connection import ConnectionPage
from app.ui.wizard.notification import NotificationPage
from app.ui.wizard.source import SourcePage
from app.ui.wizard.target import TargetPage
from app.ui.wizard.welcome import WelcomePage
from app.windows import Session
from app.wiring import Program

PATIENCE = 30.0
PageType = TypeVar("PageType")
Save = Callable[[str, WizardWindow], None]


def walk(translator: Translator, size: tuple[int, int], save: Save) -> None:
    """Walk the wizard once and hand each page in its main states to `save`."""
    with _session(translator) as session:
        session.show_wizard()
        window = session.wizard
        if window is None:
            raise RuntimeError("the wizard did not open")
        window.resize(*size)
        _walk(session, window, save)


def _walk(session: Session, window: WizardWindow, save: Save) -> None:
    def shoot(name: str) -> None:
        rest(0.15)
        save(f"wizard-{name}", window)

    _welcome(window, shoot)
    servers = session._practice.servers
    if servers is None:
        raise RuntimeError("the practice servers did not start")
    _source(window, shoot, servers.world)
    assignment = _page(window, Step.ASSIGNMENT, AssignmentPage)
    until(lambda: assignment.table is not None)
    shoot("assignment")
    assignment.start_with.click()
    shoot("assignment-one-person")
    _go(window, Step.TARGET)
    _target(window, shoot, str(servers.info()["password"]))
    servers.world.revoke_admin()
    window.go_next()
    test = _page(window, Step.CONNECTION_TEST, ConnectionPage)
    until(lambda: not test.work.running)
    shoot("connection-test-failed")
    servers.world.restore_admin()
    servers.world.faults.latency_seconds = 0.4
    test.run()
    rest(1.0)
    shoot("connection-test-busy")
    servers.world.faults.latency_seconds = 0.0
    until(lambda: not test.work.running)
    shoot("connection-test")
    _go(window, Step.NOTIFICATION)
    notification = _page(window, Step.NOTIFICATION, NotificationPage)
    notification.addresses.set_addresses(("ops@haldenroux.example", "it@haldenroux.example"))
    shoot("notification")
    _go(window, Step.MAPPINGS)
    shoot("mappings")
    servers.world.faults.latency_seconds = 0.4
    window.go_next()
    rest(1.0)
    shoot("preview-busy")
    servers.world.faults.latency_seconds = 0.0
    until(lambda: window.session.preview is not None)
    shoot("preview")


def _welcome(window: WizardWindow, shoot: Callable[[str], None]) -> None:
    page = _page(window, Step.WELCOME, WelcomePage)
    until(lambda: not page.work.running)
    shoot("welcome")
    page.real.setChecked(True)
    window.go_next()
    _page(window, Step.SOURCE, SourcePage)
    window.go_next()
    shoot("source-missing")
    window.go_back()
    page.practice.setChecked(True)
    _go(window, Step.SOURCE)


def _source(window: WizardWindow, shoot: Callable[[str], None], world: World) -> None:
    page = _page(window, Step.SOURCE, SourcePage)
    shoot("source")
    world.faults.latency_seconds = 0.9
    window.go_next()
    rest(0.4)
    shoot("source-busy")
    world.faults.latency_seconds = 0.0
    until(lambda: not page.work.running)


def _target(window: WizardWindow, shoot: Callable[[str], None], password: str) -> None:
    page = _page(window, Step.TARGET, TargetPage)
    shoot("credentials")
    page.password.setText("not the password")
    window.go_next()
    until(lambda: page.refused)
    shoot("credentials-error")
    page.password.setText(password)


def _page(window: WizardWindow, step: Step, kind: type[PageType]) -> PageType:
    until(lambda: window.session.flow.step is step)
    page = window.page
    if not isinstance(page, kind):
        raise TypeError(f"{step} is not a {kind.__name__}")
    return page


def _go(window: WizardWindow, step: Step) -> None:
    window.go_next()
    until(lambda: window.session.flow.step is step and not window.page.work.running)


def until(holds: Callable[[], bool]) -> None:
    """Let the window live until something holds. Raises `TimeoutError`."""
    end = time.monotonic() + PATIENCE
    while not holds():
        rest(0.02)
        if time.monotonic() > end:
            raise TimeoutError("the wizard did not get there")


def rest(seconds: float) -> None:
    """Let the window live so long."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


@contextmanager
def _session(translator: Translator) -> Iterator[Session]:
    """The program's own session in a folder to throw away, secrets in memory."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        paths = Paths.of({"ROLLCALL_HOME": folder}).create()
        profiles = ProfileStore(paths.profiles)
        session = Session(Program(paths, profiles, MemorySecrets({}), translator))
        try:
            yield session
        finally:
            session.end()
            until(lambda: session.over)
