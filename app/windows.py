"""Opens the window: puts wizard, main window and engine thread together. The wiring of Qt.

Loaded by `wiring` only when a window is wanted; the command line never imports Qt.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication

from app.bridge.engine_thread import GRACE_SECONDS, EngineContext, EngineThread, Main, idle
from app.bridge.event_pipe import EventPipe
from app.connectors import open_editor, open_source, open_target
from app.domain.activity import (
    ActivityRecord,
    CycleSummary,
    JobStatus,
    LogQuery,
    PlannedAction,
)
from app.domain.commands import Command, JobState, Quit
from app.domain.drift import DriftFound
from app.domain.errors import ConfigurationError, Service
from app.domain.ports import EventSink, History, Secrets, StopSignal
from app.domain.settings import Profile, SourceSignIn
from app.domain.sign_in import SignInGuide
from app.domain.texts import Text, Translator
from app.engine.job import Job
from app.host.browser import open_address
from app.host.clock import SystemClock
from app.host.language import choose_language
from app.host.mail import open_mailer
from app.host.paths import Paths
from app.host.profile_store import ProfileStore
from app.host.profiles import load_document, to_settings
from app.sandbox.server import Sandbox
from app.sandbox.world import World
from app.setup.draft import secret_of_source, secret_of_target
from app.setup.draft_file import DraftFile
from app.setup.practice import PracticeTenant
from app.setup.services import Doors, PlanRunner, SetupServices
from app.setup.sign_in import Shown as SignInShown
from app.setup.sign_in import SignedIn, TellingGuide
from app.ui.language import install_language
from app.ui.main_window import MainWindow
from app.ui.services import Advice, ProfileFacts, SandboxOperation
from app.ui.style import apply_theme
from app.ui.wizard.window import WizardWindow

Result = TypeVar("Result")

_STUCK_AFTER_MS = round(2 * GRACE_SECONDS * 1000)


class WindowProgram(Protocol):
    """The parts of the program that the window stands on."""

    @property
    def paths(self) -> Paths:
        """Folders."""
        ...

    @property
    def profiles(self) -> ProfileStore:
        """Profile documents."""
        ...

    @property
    def secrets(self) -> Secrets:
        """The keyring."""
        ...

    @property
    def translator(self) -> Translator:
        """The language."""
        ...

    @property
    def preview(self) -> PlanRunner:
        """The first cycle's plan."""
        ...

    def history(self, profile: str) -> History | None:
        """The state for reading."""
        ...

    def job(self, profile: str, sink: EventSink) -> Job:
        """The scheduled job."""
        ...

    async def sign_in_at(
        self, profile: str, side: Service, guide: SignInGuide, stop: StopSignal
    ) -> SignedIn:
        """A person signs in."""
        ...

    def practice(self, servers: Any, folder: Path) -> WindowProgram:  # noqa: ANN401 - see wiring
        """The same on the practice servers."""
        ...


class PracticeWorld:
    """`setup.services.Practice`: servers started when first wanted, thrown away at the end."""

    def __init__(self, program: WindowProgram) -> None:
        self._outer = program
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.servers: Sandbox | None = None
        self.program: WindowProgram | None = None

    @property
    def secrets(self) -> Secrets:
        """In memory only."""
        return self._opened().secrets

    def open(self) -> PracticeTenant:
        """Start the servers when they do not run yet."""
        self._opened()
        if self.servers is None:
            raise AssertionError
        return PracticeTenant.from_info(self.servers.info())

    def close(self) -> None:
        """Stop the servers and forget everything."""
        if self.servers is not None:
            self.servers.stop()
        if self._folder is not None:
            self._folder.cleanup()

    def _opened(self) -> WindowProgram:
        if self.program is None:
            self.servers = Sandbox()
            self.servers.start()
            self._folder = tempfile.TemporaryDirectory(
                prefix="rollcall-practice-", ignore_cleanup_errors=True
            )
            self.program = self._outer.practice(self.servers, Path(self._folder.name))
            for name in self.program.profiles.names():
                self.program.profiles.delete(name)
        return self.program


class ProfileShelf:
    """`setup.services.ProfileStore`: practice profiles go with the practice world."""

    def __init__(self, program: WindowProgram, practice: PracticeWorld) -> None:
        self._program = program
        self._practice = practice

    def names(self) -> Sequence[str]:
        """Names of the lasting profiles."""
        return self._program.profiles.names()

    def save(self, document: dict[str, Any], *, replace: bool) -> str:
        """Keep it where it belongs."""
        program = self._practice.program
        if program is not None and self._practice.servers is not None:
            practice_url = self._practice.servers.info()["graph_url"]
            if document["source"].get("graph_url") == practice_url:
                return program.profiles.save(document, replace=True)
        return self._program.profiles.save(document, replace=replace)


class MainServices:
    """`ui.services.WindowServices` of one profile."""

    def __init__(
        self, shown: Shown, post: Callable[[Command], None], session: Session, engine: EngineThread
    ) -> None:
        self.translator = shown.program.translator
        self._shown = shown
        self._program = shown.program
        self._profile = shown.profile
        self._post = post
        self._session = session
        self._engine = engine
        self._history: History | None = None

    def status(self) -> JobStatus:
        """Numbers of the profile's state."""
        history = self._read()
        return history.status() if history is not None else JobStatus()

    def cycles(self, limit: int) -> Sequence[CycleSummary]:
        """The newest finished cycles."""
        history = self._read()
        return history.cycles(limit) if history is not None else ()

    def held(self) -> Sequence[PlannedAction]:
        """Removals waiting for a decision."""
        history = self._read()
        return history.held() if history is not None else ()

    def drifts(self) -> Sequence[DriftFound]:
        """What was changed by hand at the target."""
        history = self._read()
        return history.drifts() if history is not None else ()

    def log(self, query: LogQuery) -> Sequence[ActivityRecord]:
        """Records of the provisioning log."""
        history = self._read()
        return tuple(history.log(query)) if history is not None else ()

    def count_log(self, query: LogQuery) -> int:
        """How many records match."""
        history = self._read()
        return history.count_log(query) if history is not None else 0

    def profile(self) -> ProfileFacts:
        """The profile on show, with the names of its first people."""
        facts = self._facts(self._profile)
        return replace(facts, pilot=tuple(map(self._person, facts.pilot)))

    def profiles(self) -> Sequence[ProfileFacts]:
        """All profiles."""
        return [self._facts(name) for name in self._program.profiles.names()]

    def choose_profile(self, name: str) -> None:
        """Show another profile."""
        self._session.show_main(replace(self._shown, profile=name))

    def replace_secret(self, name: str, value: str) -> None:
        """Keep it in the keyring; the practice tenant renews what it let expire."""
        if self._shown.world is not None:
            self._shown.world.renew_credentials()
        else:
            self._program.secrets.set(self._profile, name, value)

    async def sign_in(
        self, side: Service, tell: Callable[[SignInShown], None], stop: StopSignal
    ) -> str:
        """A person signs in, on the engine's loop; a cycle may run beside it."""
        guide = TellingGuide(tell, open_address)
        return (await self._program.sign_in_at(self._profile, side, guide, stop)).user

    def submit(
        self,
        factory: Callable[[], Coroutine[Any, Any, Result]],
        on_result: Callable[[Result], None],
        on_error: Callable[[BaseException], None],
    ) -> None:
        """On the engine's loop."""
        self._engine.submit(factory, on_result, on_error)

    def provision_everyone(self) -> None:
        """Take the first people's list out of the profile; the next cycle reads it anew."""
        profiles = self._program.profiles
        document = profiles.document(self._profile)
        profiles.save(document | {"pilot": None}, replace=True)

    def set_up_profile(self) -> None:
        """Open the wizard for another profile."""
        self._session.show_wizard()

    def post(self, command: Command) -> None:
        """Ask the job."""
        self._post(command)

    def job_state(self) -> JobState:
        """What the profile says before the job spoke."""
        settings = self._program.profiles.settings(self._profile)
        return JobState(enabled=settings.enabled, running=False)

    def sandbox_operations(self) -> Sequence[SandboxOperation]:
        """What can be made to happen."""
        world = self._shown.world
        if world is None:
            return ()
        return (
            SandboxOperation(Text("Somebody joins"), world.join, "user-plus"),
            SandboxOperation(Text("Somebody leaves"), world.leave, "user-x"),
            SandboxOperation(Text("Somebody marries"), world.marry, "user-pen"),
            SandboxOperation(Text("Somebody moves group"), world.move_group, "users-round"),
            SandboxOperation(
                Text("The network breaks"), lambda: world.break_network(20), "wifi-off"
            ),
            SandboxOperation(Text("Credentials expire"), world.expire_credentials, "key-round"),
            SandboxOperation(Text("Credentials renewed"), world.renew_credentials, "key-round"),
        )

    def advice(self) -> Sequence[Advice]:
        """Nothing is foreseen yet."""
        return ()

    def close(self) -> None:
        """Give the state's file back."""
        if self._history is not None:
            self._history.close()
            self._history = None

    def _read(self) -> History | None:
        if self._history is None:
            self._history = self._program.history(self._profile)
        return self._history

    def _person(self, address: str) -> str:
        history = self._read()
        found = history.people_called(address) if history is not None else ()
        return found[0].name if len(found) == 1 else address

    def _facts(self, name: str) -> ProfileFacts:
        settings = self._program.profiles.settings(name)
        practice = self._shown.world is not None
        return ProfileFacts(
            name=name,
            title="Halden Roux" if practice else name,
            subtitle="haldenroux.example" if practice else settings.source.tenant,
            interval_minutes=settings.interval_minutes,
            max_removals=settings.safety.max_removals,
            max_removal_percent=settings.safety.max_removal_percent,
            sandbox=practice,
            target_url="" if practice else "https://admin.goto.com",
            source_hosts=_hosts(settings.source.login_url, settings.source.graph_url),
            target_hosts=_hosts(settings.target.url, settings.target.token_url),
            secrets=_typed_secrets(settings),
            pilot=tuple(sorted(settings.pilot or ())),
            sign_ins=_sign_ins(settings),
        )


def _typed_secrets(settings: Profile) -> tuple[str, ...]:
    """The secrets of both sign-ins that can be replaced by typing; nobody types a sign-in."""
    source, target = settings.source.sign_in, settings.target.sign_in
    found = (
        None if source.by_person else secret_of_source(source),
        None if target.by_person else secret_of_target(target),
    )
    return tuple(one for one in found if one is not None)


def _sign_ins(settings: Profile) -> tuple[tuple[Service, bool], ...]:
    """The sides that a person signs in on, and whether with a code."""
    source, target = settings.source.sign_in, settings.target.sign_in
    found = []
    if source.by_person:
        found.append((Service.SOURCE, source is SourceSignIn.DEVICE_CODE))
    if target.by_person:
        found.append((Service.TARGET, False))
    return tuple(found)


def _hosts(*addresses: str | None) -> frozenset[str]:
    """The hosts as an error names them: with their port where there is one."""
    return frozenset(urlsplit(one).netloc for one in addresses if one)


@dataclass(frozen=True)
class Shown:
    """What the main window stands on: a profile of one program, practice or lasting."""

    program: WindowProgram
    profile: str
    world: World | None = None


class Session:
    """The windows of one run of the program, one at a time.

    Leaving a window never blocks: its engine is asked to stop, the window says so, and what comes
    next follows when the write in flight has landed.
    """

    def __init__(self, program: WindowProgram) -> None:
        self._program = program
        self._practice = PracticeWorld(program)
        self._wizard: WizardWindow | None = None
        self._main: MainWindow | None = None
        self._shown: Shown | None = None
        self._services: MainServices | None = None
        self._thread: EngineThread | None = None
        self._pipe: EventPipe | None = None
        self._next: Callable[[], None] | None = None
        self._ending = False
        self.over = False
        """Everything has been given back."""
        self.stuck = False
        """An engine did not stop: the process has to end with it."""

    @property
    def main_window(self) -> MainWindow | None:
        """The main window, while it is open."""
        return self._main

    @property
    def wizard(self) -> WizardWindow | None:
        """The wizard, while it is open."""
        return self._wizard

    def begin(self, *, sandbox: bool) -> None:
        """The wizard when there is nothing to show yet, else the first profile."""
        names = [] if sandbox else self._program.profiles.names()
        if names:
            self.show_main(Shown(self._program, names[0]))
        else:
            self.show_wizard()

    def show_wizard(self) -> None:
        """Set up a profile; closing it unfinished returns to the profile that was on show."""
        self._leave(self._open_wizard)

    def show_main(self, shown: Shown) -> None:
        """The main window of a profile, its job running."""
        self._leave(lambda: self._open_main(shown))

    def end(self) -> None:
        """Stop the engine, the write in flight lands; then give everything back and quit."""
        if not self._ending:
            self._ending = True
            self._leave(self._finish)

    def _open_wizard(self) -> None:
        self._start_engine(idle)
        services = SetupServices(
            doors=Doors(
                source=open_source,
                editor=open_editor,
                target=open_target,
                mailer=open_mailer,
                profile=lambda document: to_settings(load_document(document)),
                plan=self._program.preview,
                clock=SystemClock(),
                open_browser=open_address,
                words=self._program.translator,
            ),
            secrets=self._program.secrets,
            profiles=ProfileShelf(self._program, self._practice),
            drafts=DraftFile(self._program.paths.config / "draft.json"),
            practice=self._practice,
        )
        wizard = self._wizard = WizardWindow(
            services,
            self._engine(),
            self._program.translator,
            self._set_up,
            names=tuple(self._program.profiles.names()),
        )
        wizard.closed.connect(self._wizard_closed)
        wizard.show()

    def _open_main(self, shown: Shown) -> None:
        jobs: list[Job] = []

        async def main(context: EngineContext) -> None:
            job = shown.program.job(shown.profile, context.sink)
            jobs.append(job)
            watch = context.loop.create_task(_quit_when_stopped(context, job))
            try:
                await job.main()
            finally:
                watch.cancel()

        pipe = self._start_engine(main)
        thread = self._engine()

        def post(command: Command) -> None:
            thread.post(lambda: jobs[0].post(command) if jobs else None)

        self._shown = shown
        self._services = MainServices(shown, post, self, thread)
        window = self._main = MainWindow(
            self._services, pipe, settings_path=shown.program.paths.config / "window.ini"
        )
        window.closing.connect(self.end)
        window.show()

    def _start_engine(self, main: Main) -> EventPipe:
        pipe = self._pipe = EventPipe()
        self._thread = EngineThread(main, pipe, on_crash=self._crashed, on_end=self._engine_ended)
        self._thread.start()
        return pipe

    def _engine(self) -> EngineThread:
        if self._thread is None:
            raise AssertionError
        return self._thread

    def _wizard_closed(self) -> None:
        if self._wizard is None or self._wizard.finished:
            return
        if self._shown is not None:
            self.show_main(self._shown)
        else:
            self.end()

    def _set_up(self, name: str) -> None:
        practice = self._practice
        if practice.program is not None and name in practice.program.profiles.names():
            world = practice.servers.world if practice.servers is not None else None
            self.show_main(Shown(practice.program, name, world))
        else:
            self.show_main(Shown(self._program, name))

    def _crashed(self, error: BaseException) -> None:
        if self._main is not None:
            self._main.show_crash(error)

    def _leave(self, then: Callable[[], None]) -> None:
        leaving, self._next = self._next is not None, then
        if leaving:
            return
        thread = self._thread
        if thread is None or not thread.isRunning():
            self._left()
            return
        if self._main is not None:
            self._main.show_stopping()
        thread.ask_stop()
        QTimer.singleShot(_STUCK_AFTER_MS, thread, lambda: self._give_up(thread))

    def _engine_ended(self) -> None:
        if self._next is not None:
            self._left()

    def _give_up(self, thread: EngineThread) -> None:
        if thread is self._thread and self._next is not None:
            self.stuck = True
            self._left()

    def _left(self) -> None:
        """Give back the window that was open and its engine; then what comes next."""
        thread, self._thread = self._thread, None
        if thread is not None and not self.stuck:
            thread.wait()
            thread.deleteLater()
        for window in (self._wizard, self._main):
            if window is not None:
                window.hide()
                window.deleteLater()
        if self._main is not None:
            self._main.give_back()
        self._wizard = self._main = None
        if self._services is not None:
            self._services.close()
            self._services = None
        if self._pipe is not None:
            self._pipe.stop()
            self._pipe.deleteLater()
            self._pipe = None
        then, self._next = self._next, None
        if then is not None:
            then()

    def _finish(self) -> None:
        self._practice.close()
        self.over = True
        application = QApplication.instance()
        if application is not None:
            application.quit()


async def _quit_when_stopped(context: EngineContext, job: Job) -> None:
    while not await context.stop.wait(3600):
        pass
    job.post(Quit())


def make_application(environment: Mapping[str, str]) -> QApplication:
    """The Qt application in our style and language. Raises `ConfigurationError` without a screen.

    Qt does not raise without a display, it aborts: hence the look before.
    """
    shown = any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform == "linux" and not shown and not environment.get("QT_QPA_PLATFORM"):
        raise ConfigurationError(
            "There is no screen to open a window on",
            "Use the commands instead, for example `rollcall sync`; see `rollcall --help`.",
        )
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(["rollcall"])
    application.setApplicationName("Rollcall")
    application.setQuitOnLastWindowClosed(False)  # windows follow each other; `Session` quits
    apply_theme(application)
    locale = QLocale(choose_language(environment))
    application.setProperty("translators", install_language(application, locale))
    return application


def open_window(program: WindowProgram, *, sandbox: bool) -> int:
    """Run the window until it is closed; returns the exit code."""
    application = make_application(os.environ)
    session = Session(program)
    session.begin(sandbox=sandbox)
    code = int(application.exec())
    if session.stuck:
        # Qt aborts when a running thread is destroyed; all that was written is in the state.
        os._exit(code)
    return code
