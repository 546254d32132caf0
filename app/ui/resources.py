"""Where the shipped files are: inside the installed package, or beside `app` in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_APP = Path(__file__).resolve().parent.parent


@cache
def resource_path(name: str) -> Path:
    """Path of a shipped file (`icons/check.svg`); a missing one is a packaging fault."""
    for root in (_APP / "_resources", _APP.parent / "resources"):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(name)
