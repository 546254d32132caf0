"""The windows of one run of the program, over the real engine and the practice servers."""

from __future__ import annotations

import sys
from dataclasses import astuple
from pathlib import Path

import pytest

from app.domain.activity import Phase
from app.domain.errors import SecretMissing
from app.host.language import GettextTranslator
from app.host.paths import Paths
from app.host.profile_store import ProfileStore
from app.host.secrets import MemorySecrets
from app.sandbox.server import Sandbox
from app.ui.sign_in_dialog import SignInDialog
from app.windows import Session, Shown
from app.wiring import Program

sys.path.insert(0, str(Path(__file__).parents[1] / "connectors"))

from people import press

ROOT = Path(__file__).resolve().parents[2]


class Practice:
    """A program on practice servers, and how many accounts they hold."""

    def __init__(self, home: Path, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        paths = Paths.of({"ROLLCALL_HOME": str(home)}).create()
        words = GettextTranslator("en", ROOT / "resources" / "translations")
        self.outer = Program(paths, ProfileStore(paths.profiles), MemorySecrets({}), words)
        self.program = self.outer.practice(sandbox, home / "practice")
        (self.profile,) = self.program.profiles.names()

    def shown(self) -> Shown:
        return Shown(self.program, self.profile, self.sandbox.world)


@pytest.fixture
def practice(tmp_path):
    sandbox = Sandbox(users=200)
    sandbox.start()
    yield Practice(tmp_path, sandbox)
    sandbox.stop()


@pytest.fixture
def session(practice, qtbot):
    made = Session(practice.outer)
    yield made
    made.end()
    qtbot.waitUntil(lambda: made.over, timeout=15_000)
    assert not made.stuck


def test_with_no_profile_the_wizard_opens_and_closing_it_quits(session, qtbot):
    session.begin(sandbox=False)
    assert session.wizard.isVisible()
    session.wizard.close()
    qtbot.waitUntil(lambda: session.over, timeout=5000)
    assert session.wizard is None


def test_a_profile_provisions_in_the_main_window(session, practice, qtbot):
    practice.program.profiles.set_enabled(practice.profile, enabled=True)
    practice.sandbox.world.faults.latency_seconds = 0.05
    session.show_main(practice.shown())
    window = session.main_window
    seen = []
    window._pipe.progress_changed.connect(seen.append)
    said = "Everyone who should have GoToMeeting has it"
    qtbot.waitUntil(lambda: window.overview.health.sentence == said, timeout=60_000)
    assert window.activity.rowCount() > 100
    applying = [one for one in seen if one.phase is Phase.APPLY and one.done]
    assert applying
    assert [sum(astuple(one.counts)) for one in applying] == [one.done for one in applying]


def test_one_person_first_then_everyone(session, practice, qtbot):
    profiles = practice.program.profiles
    address = "first@haldenroux.example"
    profiles.save(profiles.document(practice.profile) | {"pilot": [address]}, replace=True)
    session.show_main(practice.shown())
    window = session.main_window
    services = window._services

    def read(question):
        # The history has one connection; only the window's worker may use it.
        answers = []
        window._background.run(question, answers.append, answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        return answers[0]

    assert read(services.profile).pilot == (address,)
    read(services.provision_everyone)
    assert read(services.profile).pilot == ()


def test_closing_in_the_middle_of_a_cycle_says_so_and_lets_the_write_land(session, practice, qtbot):
    practice.program.profiles.set_enabled(practice.profile, enabled=True)
    practice.sandbox.world.faults.latency_seconds = 0.3
    session.show_main(practice.shown())
    window = session.main_window
    qtbot.waitUntil(lambda: window.activity.rowCount() > 0, timeout=60_000)
    window.close()
    assert session.main_window is window
    assert window.navigation.pulse.accessibleName().startswith("Stopping…")
    qtbot.waitUntil(lambda: session.over, timeout=15_000)
    assert session.main_window is None
    history = practice.program.history(practice.profile)
    assert history.status().last.outcome.value == "stopped"
    history.close()


def test_a_wizard_closed_unfinished_returns_to_the_profile_on_show(session, practice, qtbot):
    session.show_main(practice.shown())
    session.show_wizard()
    qtbot.waitUntil(lambda: session.wizard is not None, timeout=5000)
    assert session.main_window is None
    session.wizard.close()
    qtbot.waitUntil(lambda: session.main_window is not None, timeout=5000)
    assert session.main_window.isVisible()


def test_a_person_signs_in_again_from_the_overview(session, practice, qtbot, monkeypatch):
    """Complaint: where a sign-in had ended the window knew a command, and nothing to press."""
    profiles = practice.program.profiles
    document = profiles.document(practice.profile)
    document["target"] |= {"sign_in": "browser", "user_name": None}
    profiles.save(document, replace=True)
    answers = ["deny", "allow"]
    opened = []

    def visit(address):
        opened.append(address)
        if len(opened) > 1:
            press(address, answers.pop(0))
        return True

    monkeypatch.setattr("app.windows.open_address", visit)
    session.show_main(practice.shown())
    window = session.main_window
    health = window.overview.health
    qtbot.waitUntil(window.overview.sync.isVisible, timeout=5000)
    window.sync()
    qtbot.waitUntil(health.sign_in.isVisible, timeout=30_000)

    health.sign_in.click()
    dialog = window.findChild(SignInDialog)
    dialog.panel.begin.click()
    qtbot.waitUntil(dialog.panel.copy.isVisible, timeout=10_000)
    dialog.panel.cancel.click()
    assert not dialog.work.running
    assert dialog.panel.begin.isEnabled()

    dialog.panel.begin.click()
    qtbot.waitUntil(lambda: bool(dialog.note.title), timeout=10_000)
    assert dialog.note.isVisible()
    with pytest.raises(SecretMissing):
        practice.program.secrets.get(practice.profile, "target.sign_in")

    with qtbot.waitSignal(dialog.signed_in, timeout=10_000):
        dialog.panel.begin.click()
    said = "Everyone who should have GoToMeeting has it"
    qtbot.waitUntil(lambda: health.sentence == said, timeout=60_000)
    assert not health.sign_in.isVisible()
