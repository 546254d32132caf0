"""The virtual environment `.venv`: made once, filled from the locks, left alone while current.

Three locks, all with hashes and without addresses: `requirements-setup.txt` (uv and the build
backend), `requirements.txt` (the program), `requirements-dev.txt` (program and tools).
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trouble import SetupTrouble

LOCKS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
SETUP_LOCK = "requirements-setup.txt"

PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
}
"""uv reads other variables than pip; a machine set up for pip must work here too."""

LISTS = {"extra-index-url": " ", "find-links": ",", "trusted-host": " "}
"""Options with several values, and what parts them in uv's variable."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The virtual environment of one checkout."""

    root: Path

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.root / ".venv"

    @property
    def scripts(self) -> Path:
        """Where its programs lie."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def stamp(self) -> Path:
        """Says what it was last filled with."""
        return self.folder / "rollcall-setup.json"

    def lock(self, name: str) -> Path:
        """A lock file by name."""
        return self.root / "packaging" / name


def digest(environment: Environment, kind: str) -> str:
    """Changes exactly when the environment has to be filled again."""
    content = hashlib.sha256(f"{kind} {sys.version_info[:2]}".encode())
    for path in (
        environment.lock(SETUP_LOCK),
        environment.lock(LOCKS[kind]),
        environment.root / "pyproject.toml",
    ):
        content.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return content.hexdigest()


def stamped(environment: Environment) -> dict[str, str]:
    """What the stamp says; nothing when there is none or it cannot be read."""
    try:
        found = json.loads(environment.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def kind_to_fill(environment: Environment, wanted: str) -> str:
    """Never take the development tools away from somebody who has them."""
    return "dev" if stamped(environment).get("kind") == "dev" else wanted


def is_current(environment: Environment, kind: str) -> bool:
    """Whether the environment already holds what this kind wants."""
    return environment.python.exists() and stamped(environment).get("digest") == digest(
        environment, kind
    )


def ensure(environment: Environment, wanted: str) -> bool:
    """Make and fill the environment. False when nothing had to be done."""
    kind = kind_to_fill(environment, wanted)
    if is_current(environment, kind):
        return False
    create(environment)
    fill(environment, kind)
    environment.stamp.write_text(
        json.dumps({"kind": kind, "digest": digest(environment, kind)}), encoding="utf-8"
    )
    return True


def create(environment: Environment) -> None:
    """Make `.venv`, anew when it belongs to another or a vanished Python."""
    if interpreter_version(environment) == sys.version_info[:2]:
        return
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(environment.folder)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise SetupTrouble(
            f"Python could not make a virtual environment in {environment.folder}:\n"
            f"{(done.stdout + done.stderr).strip()}"
        )


def interpreter_version(environment: Environment) -> tuple[int, int] | None:
    """Major and minor version of the environment's Python; None when it does not run."""
    if not environment.python.exists():
        return None
    done = subprocess.run(
        [str(environment.python), "-c", "import pip, sys; print(*sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        return None
    major, minor = done.stdout.split()
    return int(major), int(minor)


def fill(environment: Environment, kind: str) -> None:
    """Install the locked packages and this checkout; with uv, and where uv cannot, with pip."""
    python = str(environment.python)
    setup_lock = str(environment.lock(SETUP_LOCK))
    lock = str(environment.lock(LOCKS[kind]))
    install_quietly([python, "-m", "pip", "install", "-q", "--require-hashes", "-r", setup_lock])
    here = ["--no-deps", "--no-build-isolation", "-e", str(environment.root)]
    uv = environment.scripts / ("uv.exe" if os.name == "nt" else "uv")
    uv_environment = {**os.environ, **uv_settings(pip_settings(python), os.environ)}
    # Every file is bound by its hash, so any index may offer it.
    options = ["-q", "--python", python, "--index-strategy", "unsafe-best-match"]
    steps = (
        [str(uv), "pip", "sync", *options, "--require-hashes", setup_lock, lock],
        [str(uv), "pip", "install", *options, *here],
    )
    if all(
        subprocess.run(step, env=uv_environment, capture_output=True, check=False).returncode == 0
        for step in steps
    ):
        return
    pip = [python, "-m", "pip", "install", "-q"]
    install_quietly([*pip, "--require-hashes", "-r", setup_lock, "-r", lock])
    install_quietly([*pip, *here])


def install_quietly(command: list[str]) -> None:
    """Run one pip command; its last lines are the explanation when it fails."""
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        # pip says each of its five attempts; the last words are the reason.
        said = [line for line in done.stdout.strip().splitlines() if "Retrying (" not in line]
        tail = "\n".join(f"  {line}" for line in said[-12:])
        raise SetupTrouble(
            f"The packages could not be installed:\n{tail}\n"
            "Look at the network, at the proxy and certificates in pip's configuration "
            f"(pip config list) and at the space on the disk: {free_space()} free. "
            "Then run this command again; what is done stays done."
        )


def free_space() -> str:
    """Free space of the working folder's disk, for people."""
    return f"{shutil.disk_usage('.').free / 1e9:.1f} GB"


def pip_settings(python: str) -> dict[str, str]:
    """What pip is told by its files and `PIP_…` variables, by option name."""
    done = subprocess.run(
        [python, "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return parse_pip_settings(done.stdout)


def parse_pip_settings(listing: str) -> dict[str, str]:
    """`global.index-url='…'` lines to options; a variable beats [install], that beats [global]."""
    ranks = {"global": 0, "install": 1, ":env:": 2}
    found: dict[str, tuple[int, str]] = {}
    for line in listing.splitlines():
        key, equals, quoted = line.partition("=")
        section, dot, option = key.rpartition(".")
        if not (equals and dot) or section not in ranks:
            continue
        try:
            value = str(ast.literal_eval(quoted))
        except (ValueError, SyntaxError):
            continue
        if option not in found or found[option][0] <= ranks[section]:
            found[option] = (ranks[section], value)
    return {option: value for option, (_, value) in found.items()}


def uv_settings(settings: Mapping[str, str], present: Mapping[str, str]) -> dict[str, str]:
    """The settings of pip as uv's variables; what is already set for uv is left as it is."""
    translated: dict[str, str] = {}
    for option, variable in PIP_TO_UV.items():
        value = settings.get(option)
        if value is None or variable in present:
            continue
        if option in LISTS:
            value = LISTS[option].join(value.split())
        translated[variable] = value
    return translated
