"""A stop signal that one thread may set while another one's loop waits on it."""

from __future__ import annotations

import asyncio
import threading


class Cancellation:
    """`domain.ports.StopSignal` whose `set` may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = False
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}

    def is_set(self) -> bool:
        """True from the moment somebody asked to stop."""
        return self._asked

    def set(self) -> None:
        """Ask to stop; every wait ends at once."""
        with self._lock:
            self._asked = True
            for event, loop in self._waiting.items():
                # The entry is removed under this lock before its loop can end.
                loop.call_soon_threadsafe(event.set)

    async def wait(self, seconds: float) -> bool:
        """Wait up to `seconds`; True at once when the stop is asked for."""
        event = asyncio.Event()
        with self._lock:
            if self._asked:
                return True
            self._waiting[event] = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            with self._lock:
                del self._waiting[event]
        return self._asked
