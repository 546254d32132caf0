"""Keeping what was told on its way to whoever listens."""

from __future__ import annotations

from app.domain.activity import ActivityRecord, CycleSummary, Progress
from app.domain.commands import JobState
from app.domain.ports import EventSink


class Heard:
    """An event sink that passes records on and keeps them. On demand has nothing else to tell."""

    def __init__(self, sink: EventSink) -> None:
        self._sink = sink
        self.records: list[ActivityRecord] = []

    def record(self, record: ActivityRecord) -> None:
        """Kept, in the order they came."""
        self.records.append(record)
        self._sink.record(record)

    def progress(self, progress: Progress) -> None:
        """There is none."""

    def cycle_finished(self, summary: CycleSummary) -> None:
        """It is no cycle."""

    def job_changed(self, state: JobState) -> None:
        """It is no job."""
