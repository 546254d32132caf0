"""A bearer token from the keyring: what most SCIM 2.0 servers are opened with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from app.connectors.goto_sign_in import goto_sign_in
from app.connectors.http import ServiceClient
from app.connectors.tokens import Token
from app.domain.settings import TargetSettings, TargetSignIn
from app.domain.sign_in import SignInShelf

_LIFE = 86_400.0
"""Seconds until the keyring is asked again: nobody says how long such a token lasts."""


def sign_in_of(
    settings: TargetSettings,
    secrets: Callable[[str], str],
    http: ServiceClient,
    shelf: SignInShelf | None = None,
) -> Callable[[], Awaitable[Token]]:
    """What obtains tokens: the secret `target.token` itself, or OAuth as at GoTo."""
    if settings.sign_in is not TargetSignIn.BEARER:
        return goto_sign_in(settings, secrets, http, shelf)

    async def obtain() -> Token:
        # In a thread: a locked keyring waits for a person.
        value = await asyncio.to_thread(secrets, "target.token")
        http.hide(value)
        return Token(value, _LIFE)

    return obtain
