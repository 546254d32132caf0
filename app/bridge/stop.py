"""The stop signal of an asyncio loop."""

from __future__ import annotations

import asyncio


class AsyncStop:
    """`domain.ports.StopSignal`; made and set on the loop's thread."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def is_set(self) -> bool:
        """True from the moment somebody asked to stop."""
        return self._event.is_set()

    def set(self) -> None:
        """Ask to stop; all waits end at once."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Wait up to `seconds`; True at once when the stop is asked for."""
        try:
            await asyncio.wait_for(self._event.wait(), timeout=seconds)
        except TimeoutError:
            return False
        return True
