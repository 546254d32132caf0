"""Every check and test of the project, in one order."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from environment import Environment

COVERAGE_FLOOR = 80
"""Percent of app/, lines and branches, that the tests must reach."""

NO_SECRET_SERVICE = (
    "NOT RUN: the tests with a real keyring. They need Linux with dbus-daemon and gnome-keyring."
)


@dataclass(frozen=True, slots=True)
class Check:
    """One command that must end with 0. `variables` are added to its environment."""

    name: str
    command: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)


def all_checks(
    python: str, data_file: str, *, secret_service: bool, home: str
) -> tuple[Check, ...]:
    """The checks in order: the quick ones first, then the tests, then what they covered."""
    measured = {"COVERAGE_FILE": data_file}
    coverage = (python, "-m", "coverage")
    keyring = (
        Check(
            "tests with a real keyring",
            (
                *with_secret_service(),
                *coverage,
                "run",
                "-m",
                "pytest",
                "-q",
                "-n",
                "2",
                "-m",
                "keyring",
            ),
            {
                **measured,
                "HOME": home,
                "XDG_DATA_HOME": "",
                "XDG_RUNTIME_DIR": home,
                "ROLLCALL_TEST_KEYRING": "1",
            },
        ),
    )
    return (
        Check("lint", (python, "-m", "ruff", "check", ".")),
        Check("format", (python, "-m", "ruff", "format", "--check", ".")),
        Check("floors", (str(Path(python).with_name("lint-imports")),)),
        Check("types", (python, "-m", "mypy")),
        Check("types of the set-up", (python, "-m", "mypy", *set_up_sources())),
        Check("translations", (python, "packaging/translate.py", "--check")),
        Check("tests", (*coverage, "run", "-m", "pytest", "-q", "-n", "2"), measured),
        *(keyring if secret_service else ()),
        Check("coverage data", (*coverage, "combine", "-q"), measured),
        Check("coverage", (*coverage, "report", f"--fail-under={COVERAGE_FLOOR}"), measured),
    )


def set_up_sources() -> tuple[str, ...]:
    """The scripts beside this one."""
    return tuple(sorted(f"packaging/{path.name}" for path in Path(__file__).parent.glob("*.py")))


def with_secret_service() -> tuple[str, ...]:
    """Runs what follows on a message bus of its own with an unlocked keyring."""
    unlock = (
        "printf rollcall | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "
        'exec "$@"'
    )
    return ("dbus-run-session", "--", "sh", "-c", unlock, "sh")


def has_secret_service() -> bool:
    """Whether a Secret Service can be started here; elsewhere the tests use a fake store."""
    programs = ("dbus-run-session", "gnome-keyring-daemon")
    return sys.platform == "linux" and all(shutil.which(program) for program in programs)


def run_all(environment: Environment) -> int:
    """Run every check, even after one failed; 0 when all passed."""
    data = environment.root / "build" / "coverage"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="rollcall-") as home:
        checks = all_checks(
            str(environment.python),
            str(data / "data"),
            secret_service=has_secret_service(),
            home=home,
        )
        for check in checks:
            print(f"\n── {check.name}", flush=True)
            started = time.monotonic()
            done = subprocess.run(
                check.command,
                cwd=environment.root,
                env={**os.environ, "PYTHONUTF8": "1", **check.variables},
                check=False,
            )
            if done.returncode != 0:
                failed.append(check.name)
            verdict = "passed" if done.returncode == 0 else f"FAILED ({done.returncode})"
            print(f"── {check.name}: {verdict} in {time.monotonic() - started:.1f} s", flush=True)
    if not has_secret_service():
        print(f"\n── {NO_SECRET_SERVICE}", flush=True)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nEverything passed.", flush=True)
    return 1 if failed else 0
