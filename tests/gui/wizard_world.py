"""The wizard over real parts: practice servers, connectors, engine thread, planner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.bridge.engine_thread import EngineThread, idle
from app.bridge.event_pipe import EventPipe
from app.connectors.entra import EntraSource
from app.connectors.entra_assigning import EntraAssignments
from app.connectors.goto_admin import GoToAdminTarget
from app.domain.texts import Translator
from app.host.clock import SystemClock
from app.host.mail import SmtpMailer
from app.host.profile_store import ProfileStore
from app.host.profiles import load_document, to_settings
from app.host.secrets import MemorySecrets
from app.sandbox.server import Sandbox
from app.setup.draft import SMTP_PASSWORD
from app.setup.draft_file import DraftFile
from app.setup.planning import EnginePlan
from app.setup.practice import PracticeTenant
from app.setup.services import Doors, SetupServices
from app.state.store import open_scratch
from app.ui.wizard import WizardWindow


@dataclass
class PracticeServers:
    sandbox: Sandbox
    secrets: MemorySecrets = field(default_factory=lambda: MemorySecrets({}))

    def open(self) -> PracticeTenant:
        return PracticeTenant.from_info(self.sandbox.info())


class WizardWorld:
    """Everything a wizard needs, on one practice tenant; `close` ends it."""

    def __init__(self, home: Path, translator: Translator, users: int = 25) -> None:
        self.sandbox = Sandbox(users=users)
        self.sandbox.start()
        self.translator = translator
        self.profiles = ProfileStore(home / "profiles")
        self.secrets = MemorySecrets({})
        self.practice = PracticeServers(self.sandbox)
        self.drafts = DraftFile(home / "setup.json")
        clock = SystemClock()
        self.browsed: list[str] = []
        self.visit: Callable[[str], object] = lambda _address: None
        self.services = SetupServices(
            Doors(
                source=EntraSource,
                editor=EntraAssignments,
                target=GoToAdminTarget,
                mailer=lambda settings, secrets: SmtpMailer(settings, secrets(SMTP_PASSWORD)),
                profile=lambda document: to_settings(load_document(document)),
                plan=EnginePlan(EntraSource, GoToAdminTarget, open_scratch, clock),
                clock=clock,
                open_browser=self.browse,
                words=translator,
            ),
            self.secrets,
            self.profiles,
            self.drafts,
            self.practice,
        )
        self.pipe = EventPipe()
        self.thread = EngineThread(idle, self.pipe)
        self.thread.start()
        self.finished: list[str] = []

    def browse(self, address: str) -> bool:
        self.browsed.append(address)
        self.visit(address)
        return True

    def window(self) -> WizardWindow:
        return WizardWindow(
            self.services,
            self.thread,
            self.translator,
            self.finished.append,
            names=tuple(self.profiles.names()),
        )

    def close(self) -> None:
        assert self.thread.shutdown()
        self.sandbox.stop()
        # Left to the garbage collector they might be destroyed on another test's engine thread,
        # and a timer destroyed on a thread not its own goes on firing.
        for owned in (self.pipe, self.thread):
            owned.deleteLater()
