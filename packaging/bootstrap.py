r"""Sets Rollcall up from a fresh clone, then shows it or tests it.

    python3 packaging/bootstrap.py demo    set up, then run the main job on the sandbox
    python3 packaging/bootstrap.py test    set up with the tools, then run every check and test

On Windows: py packaging\bootstrap.py demo. Everything lands in `.venv` and `build` of this
folder, except system packages, which are installed with apt where that is possible. A second run
finds its work done.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 — an older Python must get a sentence, not a traceback
    sys.exit("Rollcall needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031 — f-strings are as new as what is being refused

import argparse
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import checks
import environment as environments
import locks
import machine
import practice_run
from trouble import SetupTrouble

ROOT = Path(__file__).resolve().parent.parent

COMMANDS = {
    "demo": "set up, then run the main job on the practice tenant: in the window, or without a "
    "screen in the terminal, with pictures of the window",
    "test": "set up with the development tools, then run every check and test",
    "pictures": "set up, then take the pictures of the window into build/pictures",
    "setup": "set up and nothing else",
    "lock": "write the locks again from pyproject.toml (--upgrade: with newer versions)",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 2 when the set-up lacks something."""
    parser = argparse.ArgumentParser(
        prog="bootstrap.py", description="Sets Rollcall up from a fresh clone and runs it."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, meaning in COMMANDS.items():
        command = commands.add_parser(name, help=meaning, description=meaning)
        if name == "lock":
            command.add_argument("--upgrade", action="store_true", help="take newer versions")
    chosen = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        status = run(chosen.command, upgrade=getattr(chosen, "upgrade", False))
    except SetupTrouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    say(f"{chosen.command}: {'done' if status == 0 else 'failed'} in {elapsed(started)}")
    return status


def run(command: str, *, upgrade: bool) -> int:
    """Set up what the command wants, then do it."""
    environment = environments.Environment(ROOT)
    screen = machine.has_screen(sys.platform, os.environ)
    tools = command in ("test", "lock")
    set_up(environment, machine.needs_of(command, sys.platform, screen=screen), tools=tools)
    if command == "demo":
        if screen:
            return open_window(environment)
        return practice_run.run(environment)
    if command == "test":
        return checks.run_all(environment)
    if command == "pictures":
        return practice_run.take_pictures(
            environment, [practice_run.PRACTICE_PICTURES, practice_run.ALL_PICTURES]
        )
    if command == "lock":
        locks.write(environment, upgrade=upgrade)
    return 0


def set_up(
    environment: environments.Environment, needs: Sequence[machine.Need], *, tools: bool
) -> None:
    """Bring the system and `.venv` to what is needed; quick when nothing is missing."""
    packages = machine.missing_packages(needs)
    if packages:
        step(f"Installing {' '.join(packages)}", lambda: machine.install_packages(packages))
        still = machine.missing_packages(needs)
        if still and sys.platform == "linux":
            raise SetupTrouble(f"Still missing after the installation: {', '.join(still)}.")
    kind = environments.kind_to_fill(environment, "dev" if tools else "run")
    if not environments.is_current(environment, kind):
        step("Filling .venv from the lock", lambda: environments.ensure(environment, kind))


def step(what: str, work: Callable[[], object]) -> None:
    """Say what is being done, do it, say how long it took."""
    print(f"{what} … ", end="", flush=True)
    started = time.monotonic()
    try:
        work()
    except BaseException:
        print("failed", flush=True)
        raise
    print(elapsed(started), flush=True)


def open_window(environment: environments.Environment) -> int:
    """The program on its practice tenant, until its window is closed."""
    say("Opening the window on the practice tenant. Close it to end.")
    return subprocess.run(
        [str(environment.python), "-m", "app", "--sandbox"], cwd=ROOT, check=False
    ).returncode


def say(text: str) -> None:
    """One line for the person at the terminal."""
    print(text, flush=True)


def elapsed(started: float) -> str:
    """Time since `started`, for people."""
    return f"{time.monotonic() - started:.1f} s"


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may lack a character; that is no reason to stop.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(main())
