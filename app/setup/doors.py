"""How the outside is opened: handed in by the wiring."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from app.domain.ports import AssignmentEditor, Source, StopSignal, Target
from app.domain.settings import SourceSettings, TargetSettings
from app.domain.sign_in import SignInShelf

SecretLookup = Callable[[str], str]
"""A secret by its name (`source.client_secret`); raises `SecretMissing`."""


class SourceDoor(Protocol):
    """Opens the directory."""

    def __call__(
        self,
        settings: SourceSettings,
        secrets: SecretLookup,
        stop: StopSignal,
        /,
        *,
        extensions: Collection[str] = (),
        shelf: SignInShelf | None = None,
    ) -> Source:
        """Nothing is sent yet; `extensions` are read of people only where they are named."""
        ...


class EditorDoor(Protocol):
    """Opens the directory for changes of assignments and roles."""

    def __call__(
        self,
        settings: SourceSettings,
        secrets: SecretLookup,
        stop: StopSignal,
        /,
        *,
        shelf: SignInShelf | None = None,
    ) -> AssignmentEditor:
        """Nothing is sent yet."""
        ...


class TargetDoor(Protocol):
    """Opens the accounts."""

    def __call__(
        self,
        settings: TargetSettings,
        secrets: SecretLookup,
        stop: StopSignal,
        /,
        *,
        shelf: SignInShelf | None = None,
    ) -> Target:
        """Nothing is sent yet."""
        ...
