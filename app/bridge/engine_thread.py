"""One thread, one asyncio loop: where everything that waits for a service runs.

Policy. The loop, HTTP clients and the writing database connection are touched by this thread only.
The window asks by `post` and `submit`; answers come back through the event pipe, on the window's
thread. Stopping is cooperative: the stop signal is set and every wait ends; the write in flight
lands. After `GRACE_SECONDS` main is cancelled, once. The thread is never terminated. An exception
that leaves main reaches the window through `on_crash`; the thread never dies in silence.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, QTimer

from app.bridge.event_pipe import EventPipe
from app.bridge.responsive import Responsive
from app.bridge.stop import AsyncStop

GRACE_SECONDS = 5.0
Result = TypeVar("Result")


class EngineContext:
    """What main gets: the loop it runs on, the stop signal, and where events go."""

    def __init__(self, loop: asyncio.AbstractEventLoop, stop: AsyncStop, pipe: EventPipe) -> None:
        self.loop = loop
        self.stop = stop
        self.sink = pipe


Main = Callable[[EngineContext], Coroutine[Any, Any, None]]


async def idle(context: EngineContext) -> None:
    """A main that only serves `submit`: it waits for the stop (the wizard's engine)."""
    while not await context.stop.wait(3600):
        pass


class EngineThread(QThread):
    """`run()` is one `asyncio.run`. All public methods are for the window's thread."""

    def __init__(
        self,
        main: Main,
        pipe: EventPipe,
        *,
        on_crash: Callable[[BaseException], None] | None = None,
        on_end: Callable[[], None] | None = None,
        responsive: Responsive | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._main = main
        self._pipe = pipe
        self._on_crash = on_crash
        self._on_end = on_end
        self._responsive = responsive or Responsive()
        self._ready = threading.Event()
        self._context: EngineContext | None = None
        self._task: asyncio.Task[None] | None = None
        self._submitted: set[asyncio.Task[None]] = set()
        self._cancelled = False
        self._stop_asked = False

    # --- on the engine's thread ------------------------------------------------------------------

    def run(self) -> None:
        """Run main to its end; hand what it raises to the window."""
        crash: BaseException | None = None
        try:
            asyncio.run(self._supervise())
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001 - the thread must not die in silence
            crash = error
        finally:
            self._ready.set()
        if crash is not None and self._on_crash is not None:
            deliver, cause = self._on_crash, crash
            self._pipe.post_outcome(lambda: deliver(cause))
        if self._on_end is not None:
            self._pipe.post_outcome(self._on_end)

    async def _supervise(self) -> None:
        loop = asyncio.get_running_loop()
        self._context = EngineContext(loop, AsyncStop(), self._pipe)
        self._task = asyncio.ensure_future(self._main(self._context))
        self._ready.set()
        try:
            await self._task
        finally:
            self._context.stop.set()
            for task in tuple(self._submitted):
                task.cancel()
            await asyncio.gather(*self._submitted, return_exceptions=True)

    async def _answer(
        self,
        factory: Callable[[], Coroutine[Any, Any, Result]],
        on_result: Callable[[Result], None],
        on_error: Callable[[BaseException], None],
    ) -> None:
        self._responsive.begin()
        try:
            result = await factory()
        except Exception as error:  # noqa: BLE001 - whatever it is, the asker decides
            caught = error
            self._pipe.post_outcome(lambda: on_error(caught))
        else:
            self._pipe.post_outcome(lambda: on_result(result))
        finally:
            self._responsive.end()

    # --- on the window's thread ------------------------------------------------------------------

    def context(self) -> EngineContext | None:
        """The context once the loop runs; waits for it after `start`. None when it has ended."""
        self._ready.wait()
        return self._context

    def post(self, call: Callable[[], object]) -> None:
        """Have `call` run on the loop's thread; ignored when the loop has ended."""
        context = self.context()
        if context is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop closed in between
            context.loop.call_soon_threadsafe(call)

    def submit(
        self,
        factory: Callable[[], Coroutine[Any, Any, Result]],
        on_result: Callable[[Result], None],
        on_error: Callable[[BaseException], None],
    ) -> None:
        """Run one coroutine on the loop; its outcome comes back on the window's thread.

        Errors of every kind go to `on_error`. When the thread ends first, nothing comes.
        """

        def begin() -> None:
            task = asyncio.ensure_future(self._answer(factory, on_result, on_error))
            self._submitted.add(task)
            task.add_done_callback(self._submitted.discard)

        self.post(begin)

    def ask_stop(self) -> None:
        """Set the stop signal; cancel main once if it has not ended `GRACE_SECONDS` later."""
        if self._stop_asked or not self.isRunning():
            return
        self._stop_asked = True
        context = self.context()
        if context is not None:
            self.post(context.stop.set)
        QTimer.singleShot(round(GRACE_SECONDS * 1000), self, self.cancel)

    def cancel(self) -> None:
        """Cancel main; at most once in the life of the thread."""
        if self._cancelled or not self.isRunning():
            return
        self._cancelled = True
        task = self._task
        if task is not None:
            self.post(task.cancel)

    def shutdown(self, grace_seconds: float = GRACE_SECONDS) -> bool:
        """Stop and wait: `grace_seconds` for a stop, as long again after the one cancel.

        False when the thread is still running; then the process must end with it.
        """
        if not self.isRunning():
            return self.isFinished()
        self.ask_stop()
        if self.wait(QDeadlineTimer(round(grace_seconds * 1000))):
            return True
        self.cancel()
        return self.wait(QDeadlineTimer(round(grace_seconds * 1000)))
