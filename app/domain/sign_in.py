"""Signing in as a person: what is shown meanwhile, and what is kept for the cycles after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.domain.texts import Text


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A code to enter at an address, on any device, within so many seconds."""

    code: str
    address: str
    seconds: float


@dataclass(frozen=True, slots=True)
class KeptSignIn:
    """What lets later cycles in without the person.

    `client` says for which application at which service it is good: it is sent nowhere else.
    `user` is the person as the service names them, "" when it does not say.
    """

    refresh_token: str = field(repr=False)
    client: str
    user: str
    renewed_at: datetime


class SignInShelf(Protocol):
    """Where the sign-in of one side of one profile is kept: the keyring. Its calls may block."""

    @property
    def advice(self) -> Text:
        """What to run or click for a new sign-in."""
        ...

    def load(self) -> KeptSignIn | None:
        """What is kept. Raises `SecretStoreUnavailable`."""
        ...

    def save(self, refresh_token: str, client: str, user: str) -> None:
        """Keep this instead, whole or not at all. Raises `SecretStoreUnavailable`."""
        ...

    def begin_turn(self) -> bool:
        """Be the only one that renews, in all processes; False while somebody else is at it.

        A service may end a refresh token with its first use: two at a time would lose both.
        """
        ...

    def end_turn(self) -> None:
        """Let the next one renew."""
        ...


class SignInGuide(Protocol):
    """Shows the person who signs in what to do; lives on the loop that signs in."""

    async def show_address(self, address: str) -> None:
        """Open it in the browser, and show it for copying."""
        ...

    async def show_code(self, code: DeviceCode) -> None:
        """Show the code, and where to enter it."""
        ...


class NoShelf:
    """For whoever has nowhere to keep a sign-in: there is none, and none can be made."""

    advice = Text("Run `rollcall sign-in` on this computer, as the user who runs Rollcall.")

    def load(self) -> KeptSignIn | None:
        """Nothing."""
        return None

    def save(self, refresh_token: str, client: str, user: str) -> None:
        """Never reached: nobody signs in without a shelf."""
        raise NotImplementedError

    def begin_turn(self) -> bool:
        """Nobody is in the way."""
        return True

    def end_turn(self) -> None:
        """Nobody waits."""


@dataclass(frozen=True, slots=True)
class Shelves:
    """The sign-ins of both sides of a profile."""

    source: SignInShelf = field(default_factory=NoShelf)
    target: SignInShelf = field(default_factory=NoShelf)


NO_SHELVES = Shelves()
