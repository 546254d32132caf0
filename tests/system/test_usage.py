"""What the command line answers to whoever asks it wrongly, and deleting a profile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sync_world import Rollcall

from app import __version__
from app.host.lock import ProfileLock
from app.sandbox.server import Sandbox


@pytest.fixture
def rollcall(tmp_path: Path) -> Rollcall:
    return Rollcall(tmp_path, Sandbox())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nonsense",), "nonsense"),
        (("sync", "--nonsense"), "--nonsense"),
        (("logs", "--status", "nonsense"), "nonsense"),
        (("profile", "import"), "file"),
        (("sandbox", "serve", "--users", "many"), "--users"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_2(
    rollcall: Rollcall, words: tuple[str, ...], said: str
) -> None:
    done = rollcall.run(*words)
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[0]
    done = rollcall.run(*words, "--json")
    assert done.returncode == 2
    assert said in json.loads(done.stdout)["error"]["message"]


def test_the_version(rollcall: Rollcall) -> None:
    done = rollcall.run("--version")
    assert (done.returncode, done.stdout.strip()) == (0, __version__)


def test_deleting_a_profile_takes_its_state_along(rollcall: Rollcall, tmp_path: Path) -> None:
    rollcall.import_profile()
    state = tmp_path / "state" / "practice"
    with ProfileLock(state / "lock", "practice"):
        assert rollcall.run("profile", "delete", "practice", "--yes").returncode == 5
    assert rollcall.run("profile", "show", "practice").returncode == 0
    assert rollcall.run("profile", "delete", "practice", "--yes").returncode == 0
    assert not state.exists()
    assert rollcall.run("profile", "show", "practice").returncode == 2
