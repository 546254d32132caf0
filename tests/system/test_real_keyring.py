"""The program and a real Secret Service that is open, locked, silent, not set up, or not there.

Issue "Talk to the real services": exit code 3, one sentence that says what to do, nothing lost,
and no secret in what is printed.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sync_world import Rollcall

from app.host.secrets import PROMPT_S
from app.sandbox.server import Sandbox

pytest.importorskip("secretstorage", reason="Secret Services are a matter of Linux")

from secret_service import Bus, message_bus_of_its_own

pytestmark = pytest.mark.keyring
PASSWORD = "opens-the-login-keyring"
SECRETS = {"source.client_secret": "client_secret", "target.password": "password"}
COMMANDS = (("secret", "set", "practice", "target.password"), ("sync",), ("doctor",))


@pytest.fixture
def bus() -> Iterator[Bus]:
    with message_bus_of_its_own() as running:
        yield running


@pytest.fixture
def rollcall(bus: Bus, tmp_path: Path) -> Iterator[Rollcall]:
    with Sandbox(users=12, groups=2, seed=3) as sandbox:
        program = Rollcall(tmp_path / "rollcall", sandbox)
        for name in [name for name in program.environment if name.startswith("ROLLCALL_SECRET_")]:
            del program.environment[name]
        # The keyring library leaves its connection to the bus to the garbage collector.
        program.environment |= {
            **bus.environment,
            "PYTHONWARNINGS": "error,ignore::ResourceWarning",
        }
        program.import_profile()
        yield program


def keep_secrets(rollcall: Rollcall) -> None:
    info = rollcall.sandbox.info()
    for name, key in SECRETS.items():
        done = rollcall.run("secret", "set", "practice", name, stdin=f"{info[key]}\n")
        assert (done.returncode, done.stderr) == (0, "")


def told(done: subprocess.CompletedProcess[str], rollcall: Rollcall) -> str:
    """What a person reads, without any secret in it."""
    info, said = rollcall.sandbox.info(), done.stdout + done.stderr
    for secret in (info["client_secret"], info["password"], "typed-in-vain", PASSWORD):
        assert secret not in said
    return " ".join(said.split())


def all_at_once(rollcall: Rollcall) -> list[subprocess.CompletedProcess[str]]:
    def one(words: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        return rollcall.run(*words, stdin="typed-in-vain\n" if words[0] == "secret" else "")

    with ThreadPoolExecutor(len(COMMANDS)) as pool:
        return list(pool.map(one, COMMANDS))


def assert_each_says(rollcall: Rollcall, sentence: str, *, variables: bool = True) -> None:
    setting, syncing, doctor = all_at_once(rollcall)
    assert (setting.returncode, syncing.returncode, doctor.returncode) == (3, 3, 0)
    for done in (setting, syncing, doctor):
        said = told(done, rollcall)
        assert sentence in said
        assert "ROLLCALL_SECRET__" in said or not variables
    assert "Nothing was stored" in told(setting, rollcall) or "Install one" in setting.stderr
    assert rollcall.sandbox.creates == {}


def assert_nothing_was_lost(bus: Bus, rollcall: Rollcall) -> None:
    """Opened again, it still has what it had, and a cycle goes through."""
    bus.stop_keyring()
    bus.start_keyring(PASSWORD)
    info = rollcall.sandbox.info()
    assert bus.entries() == {f"practice/{name}": info[key] for name, key in SECRETS.items()}
    assert rollcall.sync()[0] in (0, 1)
    assert rollcall.sandbox.creates


def test_an_open_keyring_serves_every_command(bus: Bus, rollcall: Rollcall) -> None:
    bus.start_keyring(PASSWORD)
    keep_secrets(rollcall)
    assert rollcall.sync()[0] in (0, 1)
    facts = json.loads(rollcall.run("doctor", "--json").stdout)
    assert (facts["keyring"], facts["keyring_state"]) == ("SecretService", "ready")
    assert rollcall.run("profile", "delete", "practice", "--yes").returncode == 0
    assert bus.entries() == {}


@pytest.mark.parametrize("asks", ["nobody", "somebody who declines"])
def test_a_locked_keyring_is_said_at_once(bus: Bus, rollcall: Rollcall, asks: str) -> None:
    bus.start_keyring(PASSWORD)
    keep_secrets(rollcall)
    bus.lock()
    prompter = bus.start_prompter(silent=False) if asks != "nobody" else None
    started = time.monotonic()
    assert_each_says(rollcall, "The keyring is locked")
    assert time.monotonic() - started < 3 * PROMPT_S
    assert prompter is None or prompter.asked >= 3
    assert_nothing_was_lost(bus, rollcall)


def test_a_wrong_password_leaves_it_locked(bus: Bus, rollcall: Rollcall) -> None:
    bus.start_keyring(PASSWORD)
    keep_secrets(rollcall)
    bus.stop_keyring()
    bus.start_keyring("not the password")
    assert_each_says(rollcall, "The keyring is locked")
    assert_nothing_was_lost(bus, rollcall)


def test_a_prompt_that_nobody_answers_ends(bus: Bus, rollcall: Rollcall) -> None:
    bus.start_keyring(PASSWORD)
    keep_secrets(rollcall)
    bus.lock()
    prompter = bus.start_prompter(silent=True)
    started = time.monotonic()
    assert_each_says(rollcall, f"nobody answered its question within {PROMPT_S:.0f} seconds")
    assert PROMPT_S <= time.monotonic() - started < 3 * PROMPT_S
    assert prompter.asked >= 1
    assert_nothing_was_lost(bus, rollcall)


def test_one_that_was_never_set_up(bus: Bus, rollcall: Rollcall) -> None:
    bus.start_keyring(None)
    assert_each_says(rollcall, "The keyring is not set up")


@pytest.mark.parametrize("lacking", ["service", "bus"])
def test_none_at_all(bus: Bus, rollcall: Rollcall, lacking: str) -> None:
    if lacking == "bus":
        rollcall.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={bus.folder}/nobody"
    assert_each_says(rollcall, "This machine has no keyring")


@pytest.mark.parametrize("state", ["locked", "absent"])
def test_variables_need_no_keyring(bus: Bus, rollcall: Rollcall, state: str) -> None:
    if state == "locked":
        bus.start_keyring(PASSWORD)
        keep_secrets(rollcall)
        bus.lock()
    info = rollcall.sandbox.info()
    rollcall.environment |= {
        "ROLLCALL_SECRET__PRACTICE__SOURCE_CLIENT_SECRET": info["client_secret"],
        "ROLLCALL_SECRET__PRACTICE__TARGET_PASSWORD": info["password"],
    }
    assert rollcall.sync()[0] in (0, 1)
    assert rollcall.sandbox.creates
