"""Pictures of every way of signing in: empty, filled in, waited for, refused, done."""

from __future__ import annotations

import re
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from wizard_pictures import Save, rest, until

from app.bridge.engine_thread import EngineThread, idle
from app.bridge.event_pipe import EventPipe
from app.connectors import open_editor, open_source, open_target
from app.domain.settings import SourceSignIn, TargetSignIn
from app.domain.texts import Translator
from app.host.clock import SystemClock
from app.host.mail import open_mailer
from app.host.profile_store import ProfileStore
from app.host.profiles import load_document, to_settings
from app.host.secrets import MemorySecrets
from app.sandbox.server import Sandbox
from app.setup.draft import Step
from app.setup.draft_file import DraftFile
from app.setup.planning import EnginePlan
from app.setup.practice import PracticeTenant
from app.setup.services import Doors, SetupServices
from app.state.store import open_scratch
from app.ui.wizard import WizardWindow
from app.ui.wizard.person_sign_in import PersonSignIn
from app.ui.wizard.source import SourcePage
from app.ui.wizard.target import TargetPage
from app.ui.wizard.welcome import WelcomePage


@dataclass
class Servers:
    """`setup.services.Practice`, and the browser of somebody who may press a button."""

    sandbox: Sandbox
    secrets: MemorySecrets = field(default_factory=lambda: MemorySecrets({}))
    browsed: list[str] = field(default_factory=list)

    def open(self) -> PracticeTenant:
        """They run already."""
        return PracticeTenant.from_info(self.sandbox.info())

    def browse(self, address: str) -> bool:
        """Only noted: what the window says meanwhile is what the pictures are about."""
        self.browsed.append(address)
        return True

    def press(self, address: str, decision: str) -> None:
        """What somebody does on the page that has opened."""
        page = _read(address)
        action = re.search(r'action="([^"]+)"', page)
        if action is None:
            raise RuntimeError("the sign-in page has no form")
        fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
        form = {unescape(name): unescape(value) for name, value in fields}
        _read(unescape(action[1]), urlencode(form | {"decision": decision}).encode())


def _read(address: str, body: bytes | None = None) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, body, timeout=10) as answer:
        return str(answer.read().decode())


def walk(translator: Translator, size: tuple[int, int], save: Save) -> None:
    """Every way on both sides, each state handed to `save`."""
    with _window(translator) as (window, servers):
        window.resize(*size)
        window.show()
        until(lambda: not window.page.work.running)

        def shoot(name: str) -> None:
            rest(0.15)
            save(f"wizard-sign-in-{name.replace('_', '-')}", window)

        _source(window, servers, shoot)
        window.go_next()
        until(lambda: window.session.flow.step is Step.ASSIGNMENT)
        until(lambda: not window.page.work.running)
        window.go_next()
        until(lambda: window.session.flow.step is Step.TARGET)
        _target(window, servers, shoot)


def _source(window: WizardWindow, servers: Servers, shoot: Callable[[str], None]) -> None:
    welcome = window.page
    if not isinstance(welcome, WelcomePage):
        raise TypeError
    welcome.real.setChecked(True)
    window.go_next()
    page = window.page
    if not isinstance(page, SourcePage):
        raise TypeError
    info, faults = servers.sandbox.info(), servers.sandbox.world.faults
    faults.device_interval = 1
    window.session.flow.answer(
        login_url=info["login_url"],
        graph_url=info["graph_url"],
        target_url=info["goto_url"],
        token_url=info["token_url"],
    )
    for way in SourceSignIn:
        page.sign_in.part(way.value).click()
        shoot(f"source-{way.value}-empty")
    window.go_next()
    shoot("source-device_code-missing")
    page.tenant.setText(info["tenant"])
    page.client.setText(info["client_id"])
    page.client_secret.setText("not the secret")
    page.certificate.setText("-----BEGIN CERTIFICATE----- AAAA")
    for way in (SourceSignIn.CLIENT_SECRET, SourceSignIn.CERTIFICATE):
        page.sign_in.part(way.value).click()
        shoot(f"source-{way.value}-filled")
        window.go_next()
        until(lambda: not page.work.running)
        shoot(f"source-{way.value}-refused")
    page.sign_in.part(SourceSignIn.BROWSER.value).click()
    shoot("source-browser-filled")
    window.go_next()
    shoot("source-browser-not-yet")
    panel = page.person_sign_in
    faults.latency_seconds = 1.5
    page.sign_in.part(SourceSignIn.DEVICE_CODE.value).click()
    panel.begin.click()
    rest(0.3)
    shoot("source-device_code-moment")
    faults.latency_seconds = 0.0
    until(panel.code.isVisible)
    shoot("source-device_code-shown")
    panel.cancel.click()
    shoot("source-device_code-cancelled")
    faults.device_code_life = 2.0
    panel.begin.click()
    until(lambda: not page.work.running)
    shoot("source-device_code-expired")
    faults.device_code_life = 900.0
    page.sign_in.part(SourceSignIn.BROWSER.value).click()
    _browser(page, panel, servers, lambda name: shoot(f"source-{name}"))


def _target(window: WizardWindow, servers: Servers, shoot: Callable[[str], None]) -> None:
    page = window.page
    if not isinstance(page, TargetPage):
        raise TypeError
    info = servers.sandbox.info()
    for way in (
        TargetSignIn.PASSWORD,
        TargetSignIn.BROWSER,
        TargetSignIn.PERSONAL_ACCESS_TOKEN,
    ):
        page.sign_in.part(way.value).click()
        shoot(f"target-{way.value}-empty")
    page.client.setText(info["goto_client_id"])
    page.token.setText("not the token")
    window.go_next()
    until(lambda: not page.work.running)
    shoot("target-token-refused")
    page.sign_in.part(TargetSignIn.BROWSER.value).click()
    window.go_next()
    shoot("target-browser-not-yet")
    _browser(page, page.person_sign_in, servers, lambda name: shoot(f"target-{name}"))


def _browser(
    page: SourcePage | TargetPage,
    panel: PersonSignIn,
    servers: Servers,
    shoot: Callable[[str], None],
) -> None:
    for decision in ("decline", "allow"):
        servers.browsed.clear()
        panel.begin.click()
        until(lambda: bool(servers.browsed) and panel.copy.isVisible())
        if decision == "decline":
            shoot("browser-waiting")
        servers.press(servers.browsed[0], decision)
        until(lambda: not page.work.running)
        shoot("browser-declined" if decision == "decline" else "browser-done")


@contextmanager
def _window(translator: Translator) -> Iterator[tuple[WizardWindow, Servers]]:
    """The wizard in a folder to throw away; the practice servers stand in for a real tenant."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        sandbox = Sandbox(users=25)
        sandbox.start()
        servers = Servers(sandbox)
        clock = SystemClock()
        services = SetupServices(
            Doors(
                source=open_source,
                editor=open_editor,
                target=open_target,
                mailer=open_mailer,
                profile=lambda document: to_settings(load_document(document)),
                plan=EnginePlan(open_source, open_target, open_scratch, clock),
                clock=clock,
                open_browser=servers.browse,
                words=translator,
            ),
            MemorySecrets({}),
            ProfileStore(Path(folder) / "profiles"),
            DraftFile(Path(folder) / "draft.json"),
            servers,
        )
        thread = EngineThread(idle, EventPipe())
        thread.start()
        window = WizardWindow(services, thread, translator, lambda _name: None, names=())
        try:
            yield window, servers
        finally:
            window.page.work.cancel()
            window.hide()
            window.deleteLater()
            thread.shutdown()
            sandbox.stop()
