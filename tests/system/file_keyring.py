"""A keyring for programs that tests start: a file, with entries as short as on Windows."""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path

import keyring.backend
from keyring.errors import PasswordDeleteError


class FileKeyring(keyring.backend.KeyringBackend):
    """Entries in the file that `ROLLCALL_TEST_KEYRING_FILE` names; one writer at a time."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password.encode("utf-16-le")) > 2560:
            raise OSError(1783, "The stub received bad data")
        with self._alone():
            self._write(self._read() | {f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        with self._alone():
            entries = self._read()
            if entries.pop(f"{service} {username}", None) is None:
                raise PasswordDeleteError(username)
            self._write(entries)

    @property
    def _file(self) -> Path:
        return Path(os.environ["ROLLCALL_TEST_KEYRING_FILE"])

    def _read(self) -> dict[str, str]:
        return json.loads(self._file.read_text()) if self._file.exists() else {}

    def _write(self, entries: dict[str, str]) -> None:
        beside = self._file.with_suffix(".new")
        beside.write_text(json.dumps(entries))
        beside.replace(self._file)

    @contextlib.contextmanager
    def _alone(self):
        held = self._file.with_suffix(".lock")
        while True:
            try:
                held.touch(exist_ok=False)
                break
            except FileExistsError:
                time.sleep(0.002)
        try:
            yield
        finally:
            held.unlink()
