"""One renewal of a sign-in at a time, in all tasks and processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.connectors import sign_in_errors as refusals
from app.connectors.http import ServiceClient
from app.domain.errors import Service
from app.domain.sign_in import KeptSignIn, SignInShelf

_ASK_AGAIN = 0.05
"""Seconds between two looks whether the turn is free."""


@asynccontextmanager
async def own_turn(shelf: SignInShelf, http: ServiceClient) -> AsyncIterator[None]:
    """Wait for the turn and hold it. Raises `Stopped`."""
    while not shelf.begin_turn():
        await http.pause(_ASK_AGAIN)
    try:
        yield
    finally:
        shelf.end_turn()


async def load_kept(
    service: Service, shelf: SignInShelf, http: ServiceClient, client: str
) -> KeptSignIn:
    """The sign-in kept for this client. Raises `SignInNeeded` when there is none."""
    kept = await asyncio.to_thread(shelf.load)
    if kept is None or kept.client != client:
        raise refusals.nobody_signed_in(service, shelf.advice)
    http.hide(kept.refresh_token)
    return kept
