"""The developer log: a rotating file. No level shows a secret, since none is ever handed to it.

Libraries are heard from WARNING upwards only: their debug output prints whole requests.
"""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.domain.errors import ConfigurationError
from app.domain.texts import Text

LEVELS = ("debug", "info", "warning", "error")
BYTES = 2_000_000
FILES = 3


def begin(folder: Path, level: str | None) -> None:
    """Write to `rollcall.log` in `folder` from now on. Raises `ConfigurationError`."""
    chosen = (level or "warning").lower()
    if chosen not in LEVELS:
        raise ConfigurationError(
            Text(
                "ROLLCALL_LOG_LEVEL is {given}; it can be {known}",
                {"given": chosen, "known": ", ".join(LEVELS)},
            )
        )
    handler = RotatingFileHandler(
        folder / "rollcall.log", maxBytes=BYTES, backupCount=FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("app").setLevel(chosen.upper())
