"""Keeping under a service's limit of requests a second."""

from __future__ import annotations

import asyncio
from typing import Protocol

from aiolimiter import AsyncLimiter

from app.domain.errors import Stopped
from app.domain.ports import StopSignal

_HEADROOM = 0.95
"""A server counts arrivals, not departures: without slack, jitter alone would cross the limit."""


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
    """Evenly spaced requests, shared by everything one connector sends.

    Up to 50 a second there is no burst at all; above, one of 20 ms, since timers are no finer.
    """

    def __init__(self, per_second: float, stop: StopSignal) -> None:
        rate = per_second * _HEADROOM
        burst = max(1.0, per_second / 50)
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
