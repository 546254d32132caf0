"""The pulse and the activity pane's hint in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject

from app.domain.activity import CycleKind, JobStatus, Phase, Progress
from app.domain.commands import JobState
from app.ui import wording
from app.ui.overview.standing import STATES, Standing
from app.ui.states import State


@dataclass(frozen=True, slots=True)
class PulseWords:
    """State, what it is, what comes next; `share` is how much of a cycle is done."""

    state: State
    words: str
    more: str
    share: float | None = None


class PulseWording(QObject):
    """Says in words how the job stands; a `QObject` because plurals need its `tr`."""

    def pulse(
        self,
        standing: Standing,
        job: JobState,
        status: JobStatus,
        progress: Progress | None,
        now: datetime,
    ) -> PulseWords:
        """What the bottom of the navigation says on every page."""
        if standing is Standing.SYNCING:
            return self._running(job, progress)
        last = status.last
        failed = (last.counts.failed or status.escrowed) if last is not None else 0
        words = {
            Standing.PROBLEM: self.tr("Cannot run"),
            Standing.HELD: self.tr("Held"),
            Standing.QUARANTINE: self.tr("In quarantine"),
            Standing.OFFLINE: self.tr("Offline"),
            Standing.FAILED: self.tr("Last cycle failed"),
            Standing.EMPTY: self.tr("Not run yet"),
            Standing.OFF: self.tr("Off"),
            Standing.STOPPED: self.tr("Stopped"),
            Standing.PARTLY: self.tr("%Ln failures", "", failed),
            Standing.PILOT: self.tr("First people only"),
            Standing.HEALTHY: self.tr("Healthy"),
        }[standing]
        if standing is Standing.HELD:
            more = self.tr("%Ln removals wait for you", "", status.held)
        elif not job.enabled:
            more = self.tr("No next cycle")
        elif standing is Standing.QUARANTINE and job.next_run_at is not None:
            again = self.tr("Tries again {time}")
            more = again.format(time=wording.near_time(job.next_run_at, now))
        elif job.next_run_at is not None:
            left = wording.countdown((job.next_run_at - now).total_seconds())
            more = self.tr("Next cycle in {time}").format(time=left)
        else:
            more = ""
        return PulseWords(STATES[standing], words, more)

    def _running(self, job: JobState, progress: Progress | None) -> PulseWords:
        if job.stopping or (progress is not None and progress.stopping):
            return PulseWords(State.RUNNING, self.tr("Stopping…"), "")
        if progress is None:
            return PulseWords(State.RUNNING, self.tr("Starting"), "")
        words = (
            self.tr("Initial cycle")
            if progress.kind is CycleKind.INITIAL
            else self.tr("Incremental cycle")
        )
        if progress.phase is not Phase.APPLY or not progress.total:
            read = self.tr("%Ln people read", "", progress.read) if progress.read else ""
            return PulseWords(State.RUNNING, words, read)
        share = min(1.0, progress.done / progress.total)
        more = self.tr("{percent} %").format(percent=int(share * 100))
        if progress.eta_seconds is not None:
            left = wording.time_left(progress.eta_seconds)
            more = self.tr("{percent} % · {left}").format(
                percent=int(share * 100), left=left[:1].lower() + left[1:]
            )
        return PulseWords(State.RUNNING, words, more, share)

    def activity_hint(
        self, job: JobState, status: JobStatus, progress: Progress | None, records: int
    ) -> str:
        """What stands beside "Activity"."""
        if job.running or progress is not None:
            return self.tr("%Ln records this cycle", "", records)
        last = status.last
        if last is None:
            return ""
        at = wording.clock_time(last.ended_at or last.started_at)
        if status.held:
            return self.tr("Cycle held at {time}").format(time=at)
        return self.tr("Idle since {time}").format(time=at)
