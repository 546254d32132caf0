"""The one saved draft: "Save and close", "Carry on where you stopped"."""

from __future__ import annotations

import json
from pathlib import Path

from app.domain.errors import ConfigurationError
from app.domain.texts import Text
from app.setup.draft import Draft


class DraftFile:
    """A draft as JSON at `path`, written whole or not at all. Secrets are never in it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def save(self, draft: Draft) -> None:
        """Replace what was saved. Raises `ConfigurationError` when the folder refuses."""
        text = json.dumps(draft.to_json(), ensure_ascii=False, indent=2)
        beside = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8")
            beside.replace(self._path)
        except OSError as error:
            raise ConfigurationError(
                Text("Your answers could not be kept in {file}", {"file": str(self._path)}),
                Text("Free the folder for writing: {cause}.", {"cause": error.strerror or ""}),
            ) from error

    def load(self) -> Draft | None:
        """The saved draft, None without one. Raises `ConfigurationError` when it is damaged."""
        try:
            saved = json.loads(self._path.read_text(encoding="utf-8"))
            if not isinstance(saved, dict):
                raise TypeError("not an object")  # noqa: TRY301 - one place says what is wrong
            return Draft.from_json(saved)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise ConfigurationError(
                Text("The answers kept in {file} cannot be read", {"file": str(self._path)}),
                Text("Begin anew; nothing was switched on with them."),
            ) from error

    def discard(self) -> None:
        """Forget the draft; a missing one is fine."""
        self._path.unlink(missing_ok=True)
