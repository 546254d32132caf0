"""Calls that may wait for a person, bounded in time.

A keyring that is locked asks the person at the screen, and where nobody sits it asks for ever.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from queue import SimpleQueue
from typing import TypeVar

_Result = TypeVar("_Result")


class NoAnswer(Exception):
    """The call took longer than it may."""


class OneByOne:
    """Runs calls in their order, on one thread of its own that keeps no process alive.

    A call that has begun cannot be taken back: it may still end after its `NoAnswer`, but before
    any later one. One that has not begun by then never does.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def run(self, work: Callable[[], _Result]) -> _Result:
        """Its result, or what it raised. Raises `NoAnswer` after so many seconds."""
        if threading.current_thread() is self._thread:
            return work()
        outcome: Future[_Result] = Future()

        def call() -> None:
            if not outcome.set_running_or_notify_cancel():
                return
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for it
                outcome.set_exception(error)
            else:
                outcome.set_result(result)

        self._calls.put(call)
        self._start()
        wait([outcome], self._seconds)
        if not outcome.done():
            outcome.cancel()
            raise NoAnswer
        return outcome.result()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="keyring", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            self._calls.get()()
