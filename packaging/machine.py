"""What this machine has and lacks: a screen, Qt's system libraries, helper programs, apt.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from trouble import SetupTrouble


@dataclass(frozen=True, slots=True)
class Need:
    """Something the system must have: how to look for it, and the Debian package that brings it.

    `kind` is `library` (name of the shared object), `program` (on the search path), `module` (of
    the Python that runs this) or `font` (a language fontconfig must have a font for).
    """

    kind: str
    name: str
    package: str


PYTHON_NEEDS = (
    Need("module", "venv", "python3-venv"),
    Need("module", "ensurepip", "python3-venv"),
)
"""Debian parts these from its python3."""

QT_NEEDS = (
    Need("library", "libEGL.so.1", "libegl1"),
    Need("library", "libGL.so.1", "libgl1"),
    Need("library", "libglib-2.0.so.0", "libglib2.0-0"),
    Need("library", "libxkbcommon.so.0", "libxkbcommon0"),
    Need("library", "libdbus-1.so.3", "libdbus-1-3"),
    Need("library", "libfontconfig.so.1", "libfontconfig1"),
)
"""Qt cannot even be imported without these."""

FONT_NEEDS = (Need("font", "zh", "fonts-wqy-microhei"),)
"""Names of the practice company are written in several scripts."""

SCREEN_NEEDS = (
    Need("library", "libxcb-cursor.so.0", "libxcb-cursor0"),
    Need("library", "libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Need("library", "libxcb-icccm.so.4", "libxcb-icccm4"),
    Need("library", "libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Need("library", "libxcb-shape.so.0", "libxcb-shape0"),
)
"""Without these a window on an X11 screen does not open but aborts the process."""

TEST_NEEDS = (
    Need("program", "dbus-run-session", "dbus-daemon"),
    Need("program", "gnome-keyring-daemon", "gnome-keyring"),
)
"""A real Secret Service for the keyring tests."""


def has_screen(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a window opened now would be seen by somebody."""
    if platform == "linux":
        return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    return not (environment.get("CI") or environment.get("SSH_CONNECTION"))


def needs_of(command: str, platform: str, *, screen: bool) -> tuple[Need, ...]:
    """Everything the command wants of the system. Only Linux leaves Qt's libraries to it."""
    if platform != "linux":
        return PYTHON_NEEDS
    if command == "test":
        return PYTHON_NEEDS + QT_NEEDS + FONT_NEEDS + TEST_NEEDS
    if command == "demo" and screen:
        return PYTHON_NEEDS + QT_NEEDS + FONT_NEEDS + SCREEN_NEEDS
    return PYTHON_NEEDS + QT_NEEDS + FONT_NEEDS


def is_there(need: Need) -> bool:
    """Look for it the way its user will: load the library, find the program."""
    if need.kind == "library":
        try:
            ctypes.CDLL(need.name)
        except OSError:
            return False
        return True
    if need.kind == "module":
        return importlib.util.find_spec(need.name) is not None
    if need.kind == "font":
        return has_font_for(need.name)
    return shutil.which(need.name) is not None


def has_font_for(language: str) -> bool:
    """Whether fontconfig knows a font for the language; without its tools, look at the files."""
    listing = shutil.which("fc-list")
    if listing is None:
        return os.path.isdir("/usr/share/fonts/truetype/wqy")  # noqa: PTH112 — one plain question
    found = subprocess.run([listing, f":lang={language}"], capture_output=True, check=False)
    return bool(found.stdout.strip())


def missing_packages(
    needs: Iterable[Need], present: Callable[[Need], bool] = is_there
) -> tuple[str, ...]:
    """Debian packages to install, each once, in a steady order."""
    return tuple(dict.fromkeys(need.package for need in needs if not present(need)))


def install_line(packages: Iterable[str]) -> str:
    """The line a person can paste to install the packages."""
    names = " ".join(packages)
    return f"sudo apt-get update && sudo apt-get install --no-install-recommends -y {names}"


def administrator_prefix() -> list[str] | None:
    """What to put before apt-get: nothing for root, sudo where it asks no password, else None."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    allowed = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    return [sudo, "-n"] if allowed.returncode == 0 else None


def install_packages(packages: tuple[str, ...]) -> None:
    """Install with apt, or raise with the exact line to run."""
    if shutil.which("apt-get") is None:
        lacking = ", ".join(packages)
        raise SetupTrouble(
            f"This system lacks what these Debian packages bring: {lacking}.\n"
            "Install their counterparts with the package manager of this system, "
            "then run this command again."
        )
    prefix = administrator_prefix()
    if prefix is None:
        raise SetupTrouble(
            "Some system packages are missing and this account may not install them. Run\n\n"
            f"  {install_line(packages)}\n\nthen this command again."
        )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if prefix:
        prefix = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
    for arguments in (
        ["update", "-qq"],
        ["install", "-qq", "-y", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            [*prefix, "apt-get", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            tail = "\n".join(f"  {line}" for line in done.stdout.splitlines()[-6:])
            raise SetupTrouble(
                f"apt-get {arguments[0]} failed:\n{tail}\n"
                f"Put this right (is the network reachable?), or run\n\n"
                f"  {install_line(packages)}\n\nthen this command again."
            )
