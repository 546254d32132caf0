"""Requests to GoTo's Admin API: token, renewal, and JSON that must be there."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from app.connectors import errors
from app.connectors.http import ServiceClient
from app.connectors.tokens import TokenKeeper
from app.connectors.wire import Answer, Call, JsonObject, host_of

_TRUST_403 = 60.0
"""Seconds for which a 403 that a new token did not cure is believed without asking again."""


class GoToApi:
    """The Admin API at one address."""

    def __init__(self, base: str, http: ServiceClient, tokens: TokenKeeper) -> None:
        self.base = base.rstrip("/")
        self.host = host_of(base)
        self._http = http
        self._tokens = tokens
        self._believe_403_until = 0.0

    async def send(self, call: Call) -> Answer:
        """The answer. On 401, or a 403 that may mean the same, once more with a new token."""
        token = await self._tokens.current()
        answer = await self._http.send(_with_token(call, token.value))
        now = asyncio.get_running_loop().time()
        doubtful = answer.status == 403 and now >= self._believe_403_until
        if answer.status != 401 and not doubtful:
            return answer
        token = await self._tokens.replace(token)
        answer = await self._http.send(_with_token(call, token.value))
        if answer.status == 403:
            self._believe_403_until = asyncio.get_running_loop().time() + _TRUST_403
        return answer

    async def get(self, url: str) -> JsonObject:
        """An object. Raises the `ServiceError` of any refusal."""
        answer = await self.send(Call("GET", url))
        if not answer.ok:
            raise errors.goto_error(answer)
        return self.object_of(answer)

    def object_of(self, answer: Answer) -> JsonObject:
        """The body, which must be an object."""
        return self._http.object_of(answer)

    async def pause(self, seconds: float) -> None:
        """Wait. Raises `Stopped`."""
        await self._http.pause(seconds)


def _with_token(call: Call, token: str) -> Call:
    headers = {**call.headers, "Authorization": f"Bearer {token}"}
    if call.method == "GET":
        # Without it a read after a write may be stale (spec/goto.md 2.6).
        headers["Cache-Control"] = "no-cache"
    return replace(call, headers=headers)
