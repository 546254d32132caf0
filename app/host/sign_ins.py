"""Sign-ins of people in the keyring: `domain.sign_in.SignInShelf` of one side of a profile."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.domain.errors import SecretMissing, Service
from app.domain.ports import Secrets
from app.domain.sign_in import KeptSignIn, Shelves
from app.domain.texts import Text
from app.host.lock import TurnLock


def name_of(side: Service) -> str:
    """Its name among the secrets."""
    return f"{side.value}.sign_in"


def encode(sign_in: KeptSignIn) -> str:
    """As text for the keyring."""
    return json.dumps(
        {
            "format": 1,
            "refresh_token": sign_in.refresh_token,
            "client": sign_in.client,
            "user": sign_in.user,
            "renewed_at": sign_in.renewed_at.isoformat(),
        }
    )


def decode(text: str) -> KeptSignIn | None:
    """From the keyring; None for anything that `encode` did not make."""
    try:
        kept = json.loads(text)
        if kept["format"] != 1:
            return None
        renewed_at = datetime.fromisoformat(kept["renewed_at"])
        return KeptSignIn(
            str(kept["refresh_token"]), str(kept["client"]), str(kept["user"]), renewed_at
        )
    except (ValueError, TypeError, KeyError):
        return None


class KeyringShelf:
    """One side's sign-in, renewed by one process at a time."""

    def __init__(
        self,
        secrets: Secrets,
        profile: str,
        side: Service,
        folder: Path,
        now: Callable[[], datetime],
    ) -> None:
        self._secrets = secrets
        self._profile = profile
        self._side = side
        self._turn = TurnLock(folder / f"sign-in-{side.value}.lock")
        self._now = now

    @property
    def advice(self) -> Text:
        """The command that signs in; the window has a button that does the same."""
        return Text(
            "Sign in again: run `rollcall sign-in -p {profile} --side {side}` on this computer, as"
            " the user who runs Rollcall.",
            {"profile": self._profile, "side": self._side.value},
        )

    def load(self) -> KeptSignIn | None:
        """What the keyring holds."""
        try:
            return decode(self._secrets.get(self._profile, name_of(self._side)))
        except SecretMissing:
            return None

    def save(self, refresh_token: str, client: str, user: str) -> None:
        """Into the keyring, with the time."""
        kept = KeptSignIn(refresh_token, client, user, self._now())
        self._secrets.set(self._profile, name_of(self._side), encode(kept))

    def begin_turn(self) -> bool:
        """Take the turn; False while another task or process has it."""
        return self._turn.begin()

    def end_turn(self) -> None:
        """Give it back."""
        self._turn.end()


def shelves_of(
    secrets: Secrets, profile: str, folder: Path, now: Callable[[], datetime]
) -> Shelves:
    """Both sides of a profile whose state lives in `folder`."""
    return Shelves(
        KeyringShelf(secrets, profile, Service.SOURCE, folder, now),
        KeyringShelf(secrets, profile, Service.TARGET, folder, now),
    )
