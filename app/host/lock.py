"""One run at a time for each profile, one renewal of a sign-in: locks that end with a process."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from app.domain.errors import ProfileBusy
from app.domain.texts import Text


class ProfileLock:
    """`with ProfileLock(path, name):` raises `ProfileBusy` when another process holds it."""

    def __init__(self, path: Path, profile: str) -> None:
        self._path = path
        self._profile = profile
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+", encoding="utf-8")
        try:
            _lock(file)
        except OSError:
            file.seek(1)
            holder = file.read().strip() or "?"
            file.close()
            raise ProfileBusy(
                Text(
                    "Another run holds the profile {profile} (process {pid})",
                    {"profile": self._profile, "pid": holder},
                ),
                "Wait until it is done, or stop it, then try again.",
            ) from None
        file.seek(0)
        file.truncate()
        file.write(f" {os.getpid()}")
        file.flush()
        self._file = file
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class TurnLock:
    """Somebody's turn at `path`, in all processes; asking never waits."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def begin(self) -> bool:
        """Take the turn; False while somebody else has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+", encoding="utf-8")
        try:
            _lock(file)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def end(self) -> None:
        """Give it back."""
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
