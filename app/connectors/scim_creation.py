"""Creating one SCIM resource, nothing twice, the same for both dialects.

- A creation without an answer, or answered 5xx, is looked up before it is repeated.
- 409 means that somebody was faster or the value is known: looked up too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from app.connectors.errors import AnswerLost
from app.connectors.wire import Answer, Call, JsonObject
from app.domain.accounts import Outcome

_TRIES = 3

Find: TypeAlias = Callable[[], Awaitable[JsonObject | None]]
"""Looks a resource up by its matching value; None when there is not exactly one."""


class Sender(Protocol):
    """Whoever sends calls with a token."""

    async def send(self, call: Call) -> Answer:
        """The answer, refusals included. Raises `AnswerLost` for a call that may be done."""
        ...

    async def pause(self, seconds: float) -> None:
        """Wait. Raises `Stopped`."""
        ...


@dataclass(frozen=True, slots=True)
class Creation:
    """What became of it: `found` there, or the last answer; neither when all answers were lost."""

    answer: Answer | None
    found: JsonObject | None = None

    @property
    def faulty(self) -> bool:
        """The server answered 5xx to the end; 501 is a refusal."""
        return self.answer is not None and self.answer.status >= 500 and self.answer.status != 501


async def create(api: Sender, url: str, body: JsonObject, find: Find, wait: float) -> Creation:
    """POST once, and again only when `find` sees nothing. `wait`: the first pause, in seconds."""
    call = Call("POST", url, body=body, repeatable=False)
    tried = Creation(None)
    for attempt in range(_TRIES):
        try:
            tried = Creation(await api.send(call))
        except AnswerLost:
            tried = Creation(None)
        conflict = tried.answer is not None and tried.answer.status == 409
        if tried.answer is not None and not tried.faulty and not conflict:
            return tried
        found = await find()
        if found is not None or conflict:
            return Creation(tried.answer, found)
        if attempt < _TRIES - 1:
            await api.pause(wait * 2**attempt)
    return tried


async def all_landed(creations: Iterable[Awaitable[Outcome]]) -> list[Outcome]:
    """Several at a time; what ends the cycle is raised once all of them have landed.

    The intents tell what to look up then.
    """
    outcomes = await asyncio.gather(*creations, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return [outcome for outcome in outcomes if isinstance(outcome, Outcome)]
