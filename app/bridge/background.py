"""Short blocking reads (the history's database) off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.bridge.event_pipe import EventPipe

Result = TypeVar("Result")


class Background:
    """One worker thread; answers come back through the pipe, in the order of the questions."""

    def __init__(self, pipe: EventPipe) -> None:
        self._pipe = pipe
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")
        self._closed = False

    def run(
        self,
        read: Callable[[], Result],
        on_result: Callable[[Result], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        """Call `read` on the worker, then one of the others on the window's thread."""
        if self._closed:
            return

        def work() -> None:
            try:
                result = read()
            except Exception as error:  # noqa: BLE001 - whatever it is, the asker decides
                caught = error
                self._deliver(lambda: on_error(caught))
            else:
                self._deliver(lambda: on_result(result))

        self._pool.submit(work)

    def close(self) -> None:
        """Wait for the read in flight; drop the others and all answers."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, answer: Callable[[], None]) -> None:
        def unless_closed() -> None:
            if not self._closed:
                answer()

        self._pipe.post_outcome(unless_closed)
