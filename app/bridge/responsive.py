"""Keeps the window smooth beside a busy engine.

Two things stall it, both measured with 100,000 records streaming into the pane. Each frame retakes
the interpreter's lock many times, and with the usual 5 ms turns a busy thread makes it wait that
long each time: turns of 10 µs cost nothing measurable. And a full garbage collection looks at every
record kept, 40 to 60 ms at a time: while something works only the young generations are collected
(worst stall 67 ms with, 20 ms without); the next full one comes when it is quiet.
"""

from __future__ import annotations

import gc
import sys
import threading

SHORT_TURN = 1e-5
_NEVER = 1_000_000


class Responsive:
    """Short turns and no full collections while anything works. Any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._usual = sys.getswitchinterval()
        self._collect = gc.get_threshold()
        self._working = 0
        self._cycle = False
        self._busy = False

    def cycle_runs(self, *, running: bool) -> None:
        """A cycle began or ended; saying it twice is fine."""
        with self._lock:
            self._cycle = running
            self._apply()

    def begin(self) -> None:
        """Something else works; pair with `end`."""
        with self._lock:
            self._working += 1
            self._apply()

    def end(self) -> None:
        """It is done."""
        with self._lock:
            self._working -= 1
            self._apply()

    def _apply(self) -> None:
        busy = self._cycle or self._working > 0
        if busy == self._busy:
            return
        self._busy = busy
        young, middle, old = self._collect
        sys.setswitchinterval(SHORT_TURN if busy else self._usual)
        gc.set_threshold(young, middle, _NEVER if busy else old)
