"""The bounded pipe from the engine's thread to the window.

The engine's side is `domain.ports.EventSink`: every call appends to a queue and returns. The
window's side is one timer: it takes at most `MOST_A_TICK` records and emits them as one list, so
one tick costs one row insertion. Of progress, job state only the newest matters and is kept. What
does not fit is dropped and counted; it is in the provisioning log all the same. Outcomes (answers
to something the window asked for) are never dropped.

No Python signal crosses threads: signals are emitted by the timer, on the window's thread.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.responsive import Responsive
from app.domain.activity import ActivityRecord, CycleSummary, Progress
from app.domain.commands import JobState

TICK_MS = 100
MOST_A_TICK = 2_000
CAPACITY = 50_000


class EventPipe(QObject):
    """Implements `EventSink` for one thread and emits signals on another, its own."""

    records = Signal(list)
    """Up to `MOST_A_TICK` `ActivityRecord`s, oldest first."""
    progress_changed = Signal(object)
    """The newest `Progress` since the last tick."""
    cycle_ended = Signal(object)
    """A `CycleSummary`, after the records that came before it."""
    job_state_changed = Signal(object)
    """The newest `JobState` since the last tick."""
    records_dropped = Signal(int)
    """How many records were lost since the last tick."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        capacity: int = CAPACITY,
        responsive: Responsive | None = None,
    ) -> None:
        super().__init__(parent)
        self._capacity = capacity
        self._queue: deque[ActivityRecord | CycleSummary] = deque()
        self._outcomes: deque[Callable[[], None]] = deque()
        self._progress: Progress | None = None
        self._job: JobState | None = None
        self._dropped = 0
        self._reported = 0
        self._responsive = responsive or Responsive()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.drain)
        self._timer.start()

    # --- the engine's side; deque.append and attribute writes are atomic -------------------------

    def record(self, record: ActivityRecord) -> None:
        """Take one record, or count it as dropped while the window is behind."""
        if len(self._queue) >= self._capacity:
            self._dropped += 1
        else:
            self._queue.append(record)

    def progress(self, progress: Progress) -> None:
        """Keep the newest snapshot."""
        self._progress = progress

    def cycle_finished(self, summary: CycleSummary) -> None:
        """Keep the end of a cycle behind its records; never dropped."""
        self._queue.append(summary)

    def job_changed(self, state: JobState) -> None:
        """Keep the newest state; while a cycle runs threads take turns more often."""
        self._responsive.cycle_runs(running=state.running)
        self._job = state

    def post_outcome(self, deliver: Callable[[], None]) -> None:
        """Have `deliver` called on the window's thread at the next tick. Any thread may post."""
        self._outcomes.append(deliver)

    # --- the window's side ---------------------------------------------------------------------

    @property
    def dropped(self) -> int:
        """Records lost since the pipe was made."""
        return self._dropped

    @property
    def waiting(self) -> int:
        """Records not yet handed on."""
        return len(self._queue)

    def drain(self) -> None:
        """One tick; the timer calls it, and tests do."""
        while self._outcomes:
            self._outcomes.popleft()()
        job, self._job = self._job, None
        if job is not None:
            self.job_state_changed.emit(job)
        self._drain_queue()
        progress, self._progress = self._progress, None
        if progress is not None:
            self.progress_changed.emit(progress)
        lost = self._dropped - self._reported
        if lost:
            self._reported += lost
            self.records_dropped.emit(lost)

    def _drain_queue(self) -> None:
        batch: list[ActivityRecord] = []
        ended: list[CycleSummary] = []
        with contextlib.suppress(IndexError):
            for _ in range(MOST_A_TICK):
                entry = self._queue.popleft()
                if isinstance(entry, CycleSummary):
                    ended.append(entry)
                else:
                    batch.append(entry)
        if batch:
            self.records.emit(batch)
        for summary in ended:
            # Progress of a finished cycle must not appear after its end.
            if self._progress is not None and self._progress.cycle == summary.id:
                self._progress = None
            self.cycle_ended.emit(summary)

    def stop(self) -> None:
        """No more ticks; hand on what is left."""
        self._timer.stop()
        self.drain()
