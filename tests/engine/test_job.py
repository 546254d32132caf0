"""The job: schedule and commands on a real event loop."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from app.domain.activity import CycleKind, CycleSummary
from app.domain.commands import DecideDrift, JobState, Quit, SetEnabled, StopCycle, SyncNow
from app.domain.drift import DriftChoice
from app.domain.errors import ProfileBusy
from app.engine.job import Job, JobPlan
from app.engine.stop import StopEvent


class Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return 0.0


class Sink:
    def __init__(self) -> None:
        self.states: list[JobState] = []

    def record(self, record: object) -> None: ...

    def progress(self, progress: object) -> None: ...

    def cycle_finished(self, summary: object) -> None: ...

    def job_changed(self, state: JobState) -> None:
        self.states.append(state)


class Cycles:
    """Cycles that last until they are stopped, or end at once."""

    def __init__(self, *, endless: bool = False, busy: bool = False, on: bool = True) -> None:
        self._on = on
        self.kinds: list[CycleKind | None] = []
        self.enabled: list[bool] = []
        self.decided: list[tuple[str, ...]] = []
        self._endless = endless
        self._busy = busy

    async def run_cycle(self, kind: CycleKind | None, stop: StopEvent) -> CycleSummary:
        self.kinds.append(kind)
        if self._busy:
            raise ProfileBusy("Another run holds the profile")
        if self._endless:
            assert await stop.wait(30)
        return CycleSummary("1", "p", CycleKind.INITIAL, datetime.now(UTC))

    def last_started(self) -> datetime | None:
        return None

    def not_before(self) -> datetime | None:
        return None

    def is_enabled(self) -> bool:
        return self.enabled[-1] if self.enabled else self._on

    def set_enabled(self, enabled: bool) -> None:
        self.enabled.append(enabled)

    def release(self) -> int:
        return 0

    def keep(self) -> int:
        return 0

    def decide_drift(self, decision: DriftChoice, people: Sequence[str]) -> int:
        self.decided.append((decision, *people))
        return len(people)


async def _drive(job: Job, *commands: object) -> None:
    task = asyncio.create_task(job.main())
    for command in commands:
        await asyncio.sleep(0.05)
        job.post(command)
    await asyncio.wait_for(task, 5)


def test_first_cycle_starts_at_once_and_quit_ends_it() -> None:
    world, sink = Cycles(endless=True), Sink()
    asyncio.run(_drive(Job(JobPlan(True, 20), world, Clock(), sink), Quit()))
    assert world.kinds == [None]


def test_off_starts_nothing_but_sync_now_works() -> None:
    world, sink = Cycles(), Sink()
    job = Job(JobPlan(False, 20), world, Clock(), sink)
    asyncio.run(_drive(job, SyncNow(initial=True), Quit()))
    assert world.kinds == [CycleKind.INITIAL]


def test_stop_lets_the_cycle_land_and_says_so() -> None:
    world, sink = Cycles(endless=True), Sink()
    job = Job(JobPlan(True, 20), world, Clock(), sink)
    asyncio.run(_drive(job, StopCycle(), SetEnabled(False), Quit()))
    assert any(state.stopping for state in sink.states)
    assert world.enabled == [False]
    assert sink.states[-1].enabled is False


def test_a_busy_profile_is_told_and_not_hammered() -> None:
    world, sink = Cycles(busy=True), Sink()
    asyncio.run(_drive(Job(JobPlan(True, 20), world, Clock(), sink), Quit()))
    assert world.kinds == [None]
    assert any(state.problem is not None for state in sink.states)


def test_a_repair_starts_a_cycle_and_what_is_accepted_does_not() -> None:
    world, sink = Cycles(), Sink()
    job = Job(JobPlan(False, 20), world, Clock(), sink)
    accept = DecideDrift(DriftChoice.ACCEPT, ("a",))
    repair = DecideDrift(DriftChoice.REPAIR, ("b",))
    asyncio.run(_drive(job, accept, repair, Quit()))
    assert world.decided == [("accept", "a"), ("repair", "b")]
    assert world.kinds == [None]


def test_a_decision_that_comes_while_a_cycle_runs_is_carried_out_after_it() -> None:
    world, sink = Cycles(endless=True), Sink()
    job = Job(JobPlan(False, 20), world, Clock(), sink)
    decide = DecideDrift(DriftChoice.REPAIR, ("a",))
    asyncio.run(_drive(job, SyncNow(), decide, StopCycle(), Quit()))
    assert world.decided == [("repair", "a")]
    assert world.kinds == [None, None]
