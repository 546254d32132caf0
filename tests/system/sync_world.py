"""The program as a subprocess against practice servers in this process."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from app.cli.main import run
from app.sandbox.server import Sandbox
from app.wiring import make_services


class Rollcall:
    """Runs `python -m app` with a home of its own and the practice tenant's secrets."""

    def __init__(self, home: Path, sandbox: Sandbox) -> None:
        self.home = home
        self.sandbox = sandbox
        info = sandbox.info()
        self.environment = {
            **os.environ,
            "ROLLCALL_HOME": str(home),
            "ROLLCALL_LANGUAGE": "en",
            "PYTHONWARNINGS": "error",
            "ROLLCALL_SECRET__PRACTICE__SOURCE_CLIENT_SECRET": info["client_secret"],
            "ROLLCALL_SECRET__PRACTICE__TARGET_PASSWORD": info["password"],
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "app", *words]

    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*words),
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def import_profile(self, **changes: Any) -> None:
        document = self.sandbox.info()["profile"]
        document["target"]["requests_per_second"] = 10_000
        for path, value in changes.items():
            *parents, last = path.split("__")
            place = document
            for name in parents:
                place = place.setdefault(name, {})
            place[last] = value
        done = self.run("profile", "import", "-", "--replace", stdin=json.dumps(document))
        assert done.returncode == 0, done.stderr

    def sync(self, *words: str) -> tuple[int, list[dict[str, Any]]]:
        done = self.run("sync", "--json", *words)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


class RollcallInside(Rollcall):
    """The same command lines in this process: a start costs two seconds, and many are typed.

    What a terminal, a signal or the start itself does only a subprocess proves.
    """

    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        out, err = io.StringIO(), io.StringIO()
        log = logging.getLogger()
        handlers = list(log.handlers)
        with (
            patch.dict(os.environ, self.environment, clear=True),
            patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()))),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = run(words, make_services)
        for handler in [one for one in log.handlers if one not in handlers]:
            log.removeHandler(handler)
            handler.close()
        return subprocess.CompletedProcess(list(words), code, out.getvalue(), err.getvalue())


def expected_addresses(sandbox: Sandbox) -> set[str]:
    """Who should hold a seat by the rules, written down a second time and simply."""
    people = [person for person, _ in sandbox.world.entitled()]
    addresses = Counter(
        str(person.get("mail") or person.get("userPrincipalName")).lower() for person in people
    )
    return {address for address, number in addresses.items() if number == 1}


def seated(sandbox: Sandbox) -> set[str]:
    """Addresses that hold a seat, without the account nobody in Entra has."""
    goto = sandbox.world.goto
    return {user.email.lower() for user in goto.living() if user.licences} - {
        "boardroom@haldenroux.example"
    }


def created_twice(sandbox: Sandbox) -> dict[str, int]:
    """Addresses that came to be more than once."""
    return {address: n for address, n in sandbox.creates.items() if n > 1}
