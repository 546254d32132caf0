"""A process that dies in the middle of a cycle, between any two calls of its parts."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from unittest.mock import patch

from app import wiring


class Killed(BaseException):
    """The process is gone; nothing in the program catches this."""


class Knife:
    """Lets so many calls through, then kills; whoever is dead stays dead."""

    def __init__(self, calls: int | None = None) -> None:
        self._calls = calls
        self.seen: list[str] = []

    def pass_by(self, name: str) -> None:
        """One more call is about to be made."""
        if self._calls is not None and len(self.seen) >= self._calls:
            raise Killed(name)
        self.seen.append(name)


class Cut:
    """Something real whose calls pass by the knife."""

    def __init__(self, real: Any, knife: Knife) -> None:
        self._real = real
        self._knife = knife

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return found
        if inspect.isasyncgenfunction(found):
            return self._pages(found)
        if inspect.iscoroutinefunction(found):
            return self._awaited(found)

        def called(*args: Any, **kwargs: Any) -> Any:
            self._knife.pass_by(name)
            return found(*args, **kwargs)

        return called

    def _pages(self, found: Any) -> Any:
        async def pages(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            self._knife.pass_by(found.__name__)
            async for page in found(*args, **kwargs):
                yield page
                self._knife.pass_by(found.__name__)

        return pages

    def _awaited(self, found: Any) -> Any:
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            self._knife.pass_by(found.__name__)
            return await found(*args, **kwargs)

        return awaited


@contextmanager
def kill_after(knife: Knife) -> Iterator[None]:
    """Cycles run here pass by the knife: source, target and journal."""
    open_sides, open_store = wiring.open_sides, wiring.open_store

    @asynccontextmanager
    async def sides(*args: Any) -> AsyncIterator[tuple[Any, Any]]:
        async with open_sides(*args) as (source, target):
            yield Cut(source, knife), Cut(target, knife)

    def store(*args: Any) -> Any:
        opened = open_store(*args)
        opened.journal = Cut(opened.journal, knife)
        return opened

    with patch.object(wiring, "open_sides", sides), patch.object(wiring, "open_store", store):
        yield
