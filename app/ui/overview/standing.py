"""What the overview has to say first. Pure: facts in, one answer out."""

from __future__ import annotations

from enum import StrEnum

from app.domain.activity import CycleOutcome, CycleSummary, JobStatus, Progress
from app.domain.commands import JobState
from app.domain.plan import TOO_MANY_DELETES
from app.ui.states import State


class Standing(StrEnum):
    """How the job stands, the most pressing first."""

    SYNCING = "syncing"
    PROBLEM = "problem"
    HELD = "held"
    QUARANTINE = "quarantine"
    OFFLINE = "offline"
    FAILED = "failed"
    EMPTY = "empty"
    OFF = "off"
    STOPPED = "stopped"
    PARTLY = "partly"
    PILOT = "pilot"
    HEALTHY = "healthy"


STATES: dict[Standing, State] = {
    Standing.SYNCING: State.RUNNING,
    Standing.PROBLEM: State.WARNING,
    Standing.HELD: State.HELD,
    Standing.QUARANTINE: State.QUARANTINE,
    Standing.OFFLINE: State.OFFLINE,
    Standing.FAILED: State.FAILURE,
    Standing.EMPTY: State.WAITING,
    Standing.OFF: State.SKIPPED,
    Standing.STOPPED: State.WARNING,
    Standing.PARTLY: State.WARNING,
    Standing.PILOT: State.INFO,
    Standing.HEALTHY: State.SUCCESS,
}


def standing(
    job: JobState, status: JobStatus, progress: Progress | None, *, pilot: bool = False
) -> Standing:
    """The one answer. It never says "healthy" while something failed, or while people wait.

    `pilot`: the profile is for its first people alone.
    """
    if job.running or progress is not None:
        return Standing.SYNCING
    if job.problem is not None:
        return Standing.PROBLEM
    if status.held:
        return Standing.HELD
    last = status.last
    if last is None:
        return Standing.EMPTY if job.enabled else Standing.OFF
    failed = _failed(last)
    if failed is not None:
        return failed
    if not job.enabled:
        return Standing.OFF
    if last.outcome is CycleOutcome.STOPPED:
        return Standing.STOPPED
    if last.counts.failed or last.counts.escrowed or status.escrowed:
        return Standing.PARTLY
    return Standing.PILOT if pilot else Standing.HEALTHY


def _failed(last: CycleSummary) -> Standing | None:
    # Of too many removals the waiting people tell, until somebody has answered.
    if last.quarantine not in (None, TOO_MANY_DELETES):
        return Standing.QUARANTINE
    if last.outcome is CycleOutcome.FAILED:
        return Standing.OFFLINE if last.error_code == "Unreachable" else Standing.FAILED
    return None
