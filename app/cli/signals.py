"""Ctrl-C and SIGTERM end what runs gracefully, between two accounts."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.cli.services import StopSwitch


@contextmanager
def signals(end: Callable[[], object]) -> Iterator[None]:
    """SIGINT and SIGTERM end the foreground gracefully."""
    before = {
        number: signal.signal(number, lambda *_: end())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def loop_signals(stop: StopSwitch) -> Iterator[None]:
    """The same on an event loop: the signal only wakes the loop."""
    loop = asyncio.get_running_loop()
    with signals(lambda: loop.call_soon_threadsafe(stop.set)):
        yield
