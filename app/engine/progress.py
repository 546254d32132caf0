"""Progress in people: honest totals, a measured rate, an ETA only when it means something."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence

from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    CycleSummary,
    Phase,
    Progress,
    Status,
    tally,
)
from app.domain.ports import Clock, EventSink

WINDOW_S = 20.0
ETA_AFTER_S = 5.0


class ProgressMeter:
    """Turns steps of a cycle into snapshots for the sink."""

    def __init__(self, summary: CycleSummary, clock: Clock, sink: EventSink) -> None:
        self._summary = summary
        self._clock = clock
        self._sink = sink
        self._phase = Phase.IMPORT
        self._read = 0
        self._done = 0
        self._total = 0
        self._logged: Counter[tuple[ActionKind, Status]] = Counter()
        self._marks: deque[tuple[float, int]] = deque()

    def phase(self, phase: Phase) -> None:
        """The cycle entered a phase; what was done before does not count for it."""
        self._phase = phase
        self._done = 0
        self._marks.clear()
        self._tell()

    def read(self, people: int) -> None:
        """So many people were read."""
        self._read = people
        self._tell()

    def total(self, people: int) -> None:
        """So many people have to be decided about."""
        self._total = people
        self._tell()

    def seen(self, people: int) -> None:
        """So many people were looked at in this phase."""
        self._done = people
        self._tell()

    def done(self, records: Sequence[ActivityRecord], people: int) -> None:
        """So many more people are finished, and this is what the log says of them."""
        for record in records:
            self._logged[record.action, record.status] += 1
        self._done += people
        self._tell()

    def _tell(self) -> None:
        rate, eta = self._pace()
        self._sink.progress(
            Progress(
                cycle=self._summary.id,
                kind=self._summary.kind,
                phase=self._phase,
                started_at=self._summary.started_at,
                read=self._read,
                done=self._done,
                total=max(self._total, self._done),
                counts=tally((*key, number) for key, number in self._logged.items()),
                per_second=rate,
                eta_seconds=eta,
            )
        )

    def _pace(self) -> tuple[float, float | None]:
        now = self._clock.monotonic()
        self._marks.append((now, self._done))
        while now - self._marks[0][0] > WINDOW_S:
            self._marks.popleft()
        since, before = self._marks[0]
        elapsed = now - since
        rate = (self._done - before) / elapsed if elapsed > 0 else 0.0
        if self._phase is not Phase.APPLY or elapsed < ETA_AFTER_S or rate <= 0:
            return rate, None
        return rate, max(0, self._total - self._done) / rate
