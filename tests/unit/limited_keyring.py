"""A keyring as strict as Windows': 2,560 bytes of UTF-16 an entry; it may break at any write."""

from __future__ import annotations

import keyring.backend
from keyring.errors import PasswordDeleteError


class Crash(BaseException):
    """The process ended here."""


class LimitedKeyring(keyring.backend.KeyringBackend):
    """`writes_left`: None for as many as wanted."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[str, str] = {}
        self.writes_left: int | None = None
        self.after_read = lambda user: None

    def get_password(self, service: str, username: str) -> str | None:
        found = self.entries.get(username)
        self.after_read(username)
        return found

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write()
        if len(password.encode("utf-16-le")) > 2560:
            raise OSError(1783, "The stub received bad data", "CredWrite")
        self.entries[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._write()
        if username not in self.entries:
            raise PasswordDeleteError(username)
        del self.entries[username]

    def _write(self) -> None:
        if self.writes_left is not None:
            if self.writes_left == 0:
                raise Crash
            self.writes_left -= 1
