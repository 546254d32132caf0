"""One piece of work of a page: runs on the engine's loop, its news come back to the window.

News (counts, check results) are put into a queue by the engine's thread and taken out by a timer
of the window, so no signal crosses threads and the newest count wins.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from app.domain.errors import RollcallError, Stopped
from app.setup.cancel import Cancellation

Result = TypeVar("Result")

NEWS_EVERY_MS = 100


class Runner(Protocol):
    """Runs a coroutine on the engine's loop; both callables are called on the window's thread."""

    def submit(
        self,
        factory: Callable[[], Coroutine[Any, Any, Result]],
        on_result: Callable[[Result], None],
        on_error: Callable[[BaseException], None],
    ) -> object:
        """Start it; exactly one of the two callables is called, once."""
        ...


class Work(QObject):
    """Runs one thing at a time for its owner; a newer one makes the older one's answer void."""

    changed = Signal()
    """Began or ended."""

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._stop: Cancellation | None = None
        self._news: deque[object] = deque()
        self._on_news: Callable[[object], None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(NEWS_EVERY_MS)
        self._timer.timeout.connect(self._deliver)

    @property
    def running(self) -> bool:
        """True from `start` until the answer is there or `cancel`."""
        return self._stop is not None

    def start(
        self,
        factory: Callable[[Cancellation, Callable[[object], None]], Coroutine[Any, Any, Result]],
        on_result: Callable[[Result], None],
        on_error: Callable[[RollcallError], None],
        on_news: Callable[[object], None] | None = None,
    ) -> None:
        """Run `factory(stop, tell)`; what it tells goes to `on_news` at the window's pace.

        An error that is not for people is raised here, on the window's thread: it is a bug.
        """
        self.cancel()
        stop = Cancellation()
        news: deque[object] = deque()
        self._stop, self._news, self._on_news = stop, news, on_news

        def ended() -> bool:
            # The window may have closed while the answer was on its way.
            if not isValid(self) or self._stop is not stop:
                return False
            self._deliver()
            self._finish()
            return True

        def came(result: Result) -> None:
            if ended():
                on_result(result)
                self.changed.emit()

        def failed(error: BaseException) -> None:
            current = ended()
            if not isinstance(error, RollcallError):
                raise error
            if current and not isinstance(error, Stopped):
                on_error(error)
            if current:
                self.changed.emit()

        self._timer.start()
        self.changed.emit()
        self._runner.submit(lambda: factory(stop, news.append), came, failed)

    def cancel(self) -> None:
        """Ask it to stop; whatever it still answers is not listened to."""
        if self._stop is not None:
            self._stop.set()
            self._finish()
            self.changed.emit()

    def _finish(self) -> None:
        self._stop = None
        self._timer.stop()

    def _deliver(self) -> None:
        while self._news:
            one = self._news.popleft()
            if self._on_news is not None:
                self._on_news(one)
