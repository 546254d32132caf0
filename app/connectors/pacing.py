"""Keeping under a service's limit of requests a second."""

from __future__ import annotations

import asyncio
from typing import Protocol

from aiolimiter import AsyncLimiter

from app.domain.errors import Stopped
from app.domain.ports import StopSignal

_HEADROOM = 0.97
"""A server counts arrivals, not departures: without slack, jitter alone would cross the limit."""

_CREDIT = 0.012
"""Of a second: whoever left late may be followed that much sooner, so that lateness adds up to no
loss. Together with the headroom still no more than the limit in any second."""


_LONGEST_WAIT = 3600.0


class Pacer(Protocol):
    """Lets requests through one by one."""

    async def turn(self) -> None:
        """Return when the next request may leave. Raises `Stopped`."""
        ...


class Unpaced:
    """For services that tell us themselves when it is too much."""

    async def turn(self) -> None:
        """At once."""


class SteadyPacer:
    """Evenly spaced requests, shared by everything one connector sends."""

    def __init__(self, per_second: float, stop: StopSignal) -> None:
        rate = per_second * _HEADROOM
        burst = 1.0 + per_second * _CREDIT
        self._limiter = AsyncLimiter(burst, burst / rate)
        self._stop = stop

    async def turn(self) -> None:
        """Wait for the next place, or for the stop."""
        if self._limiter.has_capacity():
            await self._limiter.acquire()
            return
        place = asyncio.ensure_future(self._limiter.acquire())
        try:
            while not place.done():
                stopped = asyncio.ensure_future(self._stop.wait(_LONGEST_WAIT))
                await asyncio.wait({place, stopped}, return_when=asyncio.FIRST_COMPLETED)
                stopped.cancel()
                if self._stop.is_set():
                    raise Stopped
        finally:
            place.cancel()
