"""Where this machine keeps what is ours: configuration, state, logs; and what we brought along.

`ROLLCALL_HOME` moves the three folders under one; without it the operating system's custom
decides (platformdirs). The folders are readable by their owner alone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from app.domain.errors import ConfigurationError
from app.domain.texts import Text

HOME_VARIABLE = "ROLLCALL_HOME"
_OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class Paths:
    """The three folders; absolute, not necessarily there yet."""

    config: Path
    state: Path
    logs: Path

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Paths:
        """The folders for this environment; nothing is created."""
        home = environment.get(HOME_VARIABLE, "")
        if home:
            folder = Path(home).expanduser().absolute()
            return cls(folder / "config", folder / "state", folder / "logs")
        return cls(
            platformdirs.user_config_path("rollcall", appauthor=False),
            platformdirs.user_state_path("rollcall", appauthor=False),
            platformdirs.user_log_path("rollcall", appauthor=False),
        )

    @property
    def profiles(self) -> Path:
        """Folder of the profile documents."""
        return self.config / "profiles"

    def create(self) -> Paths:
        """Make the folders, closed to everybody else. Raises `ConfigurationError`."""
        for folder in (self.config, self.profiles, self.state, self.logs):
            _create_private(folder)
        return self


def resources() -> Path:
    """The folder of icons, translations, seeds and help, wherever this program runs from.

    Three homes: inside a frozen program, inside the installed wheel, beside the source.
    """
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"


def _create_private(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # mkdir's mode is subject to the umask, and the folder may have been there before.
        folder.chmod(_OWNER_ONLY)
    except OSError as error:
        raise ConfigurationError(
            Text(
                "The folder {folder} cannot be used: {reason}.",
                {"folder": str(folder), "reason": error.strerror or str(error)},
            ),
            Text(
                "Make it writable, or name another place in {variable}.",
                {"variable": HOME_VARIABLE},
            ),
            key=HOME_VARIABLE,
        ) from error
