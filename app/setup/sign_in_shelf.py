"""The sign-ins of people while their profile is being set up.

The answers hold a sign-in as it was made. It is renewed meanwhile, and the service may end the old
one with that: the newest is remembered here, and put into the keyring where the older one is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from app.domain.errors import SecretMissing, Service
from app.domain.ports import Secrets
from app.domain.sign_in import KeptSignIn
from app.domain.texts import Text
from app.host.sign_ins import decode, encode, name_of


class Renewals:
    """What became of each sign-in; shared by everything one wizard opens."""

    def __init__(self) -> None:
        self._chains: dict[str, list[str]] = {}
        self._turns: dict[Service, threading.Lock] = {side: threading.Lock() for side in Service}

    def newest(self, made: str) -> str:
        """The sign-in as it was last renewed."""
        return self.all_of(made)[-1]

    def all_of(self, made: str) -> list[str]:
        """The sign-in as made and as renewed, oldest first."""
        return self._chains.get(made, [made])

    def add(self, made: str, renewed: str) -> None:
        """It was renewed."""
        self._chains[made] = [*self.all_of(made), renewed]

    def turn(self, side: Service) -> threading.Lock:
        """Held by whoever renews this side."""
        return self._turns[side]


class WizardShelf:
    """`domain.sign_in.SignInShelf` of one side of the answers.

    `made` is the sign-in among the secrets of the answers, "" before the first one.
    """

    def __init__(
        self,
        renewals: Renewals,
        side: Service,
        made: str,
        secrets: Secrets,
        profile: str,
        now: Callable[[], datetime],
    ) -> None:
        self._renewals = renewals
        self._side = side
        self._secrets = secrets
        self._profile = profile
        self._now = now
        self.made = made

    @property
    def advice(self) -> Text:
        """Where the button is."""
        if self._side is Service.SOURCE:
            return Text("Sign in again on the page Microsoft sign-in.")
        return Text("Sign in again on the page GoTo credentials.")

    def load(self) -> KeptSignIn | None:
        """The newest of it."""
        return decode(self._renewals.newest(self.made)) if self.made else None

    def save(self, refresh_token: str, client: str, user: str) -> None:
        """The first one becomes `made`; a later one replaces it wherever it lies."""
        kept = encode(KeptSignIn(refresh_token, client, user, self._now()))
        if not self.made:
            self.made = kept
            return
        older = self._renewals.all_of(self.made)
        if self._profile and self._stored() in older:
            self._secrets.set(self._profile, name_of(self._side), kept)
        self._renewals.add(self.made, kept)

    def begin_turn(self) -> bool:
        """Take the turn."""
        return self._renewals.turn(self._side).acquire(blocking=False)

    def end_turn(self) -> None:
        """Give it back."""
        self._renewals.turn(self._side).release()

    def _stored(self) -> str | None:
        try:
            return self._secrets.get(self._profile, name_of(self._side))
        except SecretMissing:
            return None
