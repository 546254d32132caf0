"""Requests to GoTo: token, renewal, and JSON that must be there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from app.connectors import errors
from app.connectors.http import ServiceClient
from app.connectors.tokens import TokenKeeper
from app.connectors.wire import Answer, Call, JsonObject, host_of
from app.domain.errors import ServiceError

_TRUST_REFUSAL = 60.0
"""Seconds for which a refusal that a new token did not cure is believed without asking again."""


def _is_401(answer: Answer) -> bool:
    return answer.status == 401


class GoToApi:
    """One of GoTo's interfaces at one address.

    `about_token` says of a 401 or 403 whether the token is what was refused for certain;
    `refusal` makes the error of an answer that concerns everybody. Both are the Admin API's
    unless given: the SCIM interface means other things by its statuses (spec/goto.md 2.7).
    """

    def __init__(
        self,
        base: str,
        http: ServiceClient,
        tokens: TokenKeeper,
        *,
        about_token: Callable[[Answer], bool] = _is_401,
        refusal: Callable[[Answer], ServiceError] = errors.goto_error,
    ) -> None:
        self.base = base.rstrip("/")
        self.host = host_of(base)
        self._http = http
        self._tokens = tokens
        self._about_token = about_token
        self._refusal = refusal
        self._believe_until = 0.0

    async def send(self, call: Call) -> Answer:
        """The answer. On a 401 or 403 that is or may be about the token, once more with another."""
        token = await self._tokens.current()
        answer = await self._http.send(_with_token(call, token.value))
        if answer.status not in (401, 403):
            return answer
        if not self._about_token(answer) and self._now() < self._believe_until:
            return answer
        renewed = await self._tokens.replace(token)
        if renewed.value == token.value:
            return answer
        answer = await self._http.send(_with_token(call, renewed.value))
        if answer.status in (401, 403) and not self._about_token(answer):
            self._believe_until = self._now() + _TRUST_REFUSAL
        return answer

    async def get(self, url: str) -> JsonObject:
        """An object. Raises the `ServiceError` of any refusal."""
        answer = await self.send(Call("GET", url))
        if not answer.ok:
            raise self._refusal(answer)
        return self.object_of(answer)

    def object_of(self, answer: Answer) -> JsonObject:
        """The body, which must be an object."""
        return self._http.object_of(answer)

    async def pause(self, seconds: float) -> None:
        """Wait. Raises `Stopped`."""
        await self._http.pause(seconds)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _with_token(call: Call, token: str) -> Call:
    headers = {**call.headers, "Authorization": f"Bearer {token}"}
    if call.method == "GET":
        # Without it a read after a write may be stale (spec/goto.md 2.6).
        headers["Cache-Control"] = "no-cache"
    return replace(call, headers=headers)
