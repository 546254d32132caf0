"""Profiles on disk: one pretty JSON file each, replaced atomically."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Any

from app.domain.errors import ConfigurationError
from app.domain.settings import Profile
from app.domain.texts import Text
from app.host.profiles import as_dict, load_document, to_json, to_settings


class ProfileStore:
    """The profiles of one configuration folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """Names of all profiles, sorted."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def document(self, name: str) -> dict[str, Any]:
        """The document with its defaults filled in. Raises `ConfigurationError`."""
        return as_dict(load_document(self._read(name)))

    def settings(self, name: str) -> Profile:
        """The profile as the engine sees it."""
        return to_settings(load_document(self._read(name)))

    def save(self, document: dict[str, Any] | str | bytes, *, replace: bool) -> str:
        """Check and store; returns the name. Refused over an existing name without `replace`."""
        checked = load_document(document)
        path = self._path(checked.name)
        self._refuse_lookalike(checked.name)
        if path.exists() and not replace:
            raise ConfigurationError(
                Text("There is a profile {name} already", {"name": checked.name}),
                "Use --replace to overwrite it, or change “name” in the document.",
                key="name",
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        _write(path, to_json(checked))
        return checked.name

    def _refuse_lookalike(self, name: str) -> None:
        """Two names that differ in capitals or punctuation would share files and variables."""
        for other in self.names():
            if other != name and lookalike(other) == lookalike(name):
                raise ConfigurationError(
                    Text("The name {name} is too close to {other}", {"name": name, "other": other}),
                    "Choose a name that differs in letters or digits.",
                    key="name",
                )

    def set_enabled(self, name: str, *, enabled: bool) -> None:
        """Provisioning on or off."""
        self.save(self.document(name) | {"enabled": enabled}, replace=True)

    def delete(self, name: str) -> None:
        """Remove the document."""
        self._existing(name).unlink()

    def choose(self, name: str | None) -> str:
        """The named profile, or the only one there is."""
        if name is not None:
            self._existing(name)
            return name
        names = self.names()
        if len(names) == 1:
            return names[0]
        if not names:
            raise ConfigurationError(
                "There is no profile yet",
                "Import one with `rollcall profile import FILE`, or open the window.",
            )
        raise ConfigurationError(
            Text("There are {n} profiles: {names}", {"n": len(names), "names": ", ".join(names)}),
            "Name one with -p.",
        )

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _existing(self, name: str) -> Path:
        path = self._path(name)
        if name not in self.names():
            raise ConfigurationError(
                Text("There is no profile {name}", {"name": name}),
                Text("There are: {names}", {"names": ", ".join(self.names()) or "–"}),
            )
        return path

    def _read(self, name: str) -> bytes:
        return self._existing(name).read_bytes()


def lookalike(name: str) -> str:
    """The same for names that share a file or an environment variable."""
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, so that a crash leaves the old or the new one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".profile-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
