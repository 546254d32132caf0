"""Holding an access token: fetched once at a time, renewed before it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

_EARLY = 300.0
"""Seconds before its end at which a token is renewed."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and its life in seconds from when it was given."""

    value: str = field(repr=False)
    life: float


class TokenKeeper:
    """The current token of one sign-in. `obtain` asks the service for a new one."""

    def __init__(self, obtain: Callable[[], Awaitable[Token]]) -> None:
        self._obtain = obtain
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._renew_at = 0.0

    async def current(self) -> Token:
        """A token good for some minutes yet."""
        async with self._lock:
            if self._token is not None and asyncio.get_running_loop().time() < self._renew_at:
                return self._token
            return await self._fetch()

    async def replace(self, refused: Token) -> Token:
        """Another token than the one just refused; one request, however many ask."""
        async with self._lock:
            if self._token is not None and self._token is not refused:
                return self._token
            return await self._fetch()

    async def fresh(self) -> Token:
        """A new token, whatever is held."""
        async with self._lock:
            return await self._fetch()

    async def _fetch(self) -> Token:
        token = await self._obtain()
        self._token = token
        early = min(_EARLY, token.life / 2)
        self._renew_at = asyncio.get_running_loop().time() + token.life - early
        return token
