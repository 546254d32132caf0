"""The stop signal on an asyncio loop: set once, and every wait ends."""

from __future__ import annotations

import asyncio


class StopEvent:
    """`domain.ports.StopSignal`. `set` belongs to the loop's thread."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """Ask for the stop."""
        self._event.set()

    def is_set(self) -> bool:
        """True from the moment somebody asked to stop."""
        return self._event.is_set()

    async def wait(self, seconds: float) -> bool:
        """Wait up to `seconds`; True at once when the stop is asked for."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        return True
