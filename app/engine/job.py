"""One provisioning job: the schedule, and what a person asks of it meanwhile.

`main` lives on the engine's loop; commands reach it through `post`, called on that loop. A cycle
in flight is stopped through its stop event, never cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from app.domain.activity import CycleKind, CycleSummary
from app.domain.commands import (
    Command,
    DecideDrift,
    JobState,
    KeepHeld,
    Quit,
    ReleaseHeld,
    SetEnabled,
    StopCycle,
    SyncNow,
)
from app.domain.drift import DriftChoice
from app.domain.errors import RollcallError
from app.domain.ports import Clock, EventSink
from app.engine.schedule import next_run
from app.engine.stop import StopEvent


class JobWorld(Protocol):
    """What the job needs from whoever put it together."""

    async def run_cycle(self, kind: CycleKind | None, stop: StopEvent) -> CycleSummary:
        """Open both sides, run one cycle, close them; raises what keeps it from starting."""
        ...

    def last_started(self) -> datetime | None:
        """Start of the newest cycle, from the state."""
        ...

    def not_before(self) -> datetime | None:
        """Until when a quarantine makes the schedule wait; None = it does not."""
        ...

    def is_enabled(self) -> bool:
        """The provisioning status in the profile, which a cycle may have switched off."""
        ...

    def set_enabled(self, enabled: bool) -> None:
        """Keep the provisioning status in the profile."""
        ...

    def release(self) -> int:
        """Let the held removals through."""
        ...

    def keep(self) -> int:
        """Park the held removals."""
        ...

    def decide_drift(self, decision: DriftChoice, people: Sequence[str]) -> int:
        """Decide about what was changed by hand."""
        ...


@dataclass(frozen=True, slots=True)
class JobPlan:
    """The part of the profile the schedule needs."""

    enabled: bool
    interval_minutes: float


class Job:
    """Runs cycles by schedule and by command until `Quit`."""

    def __init__(self, plan: JobPlan, world: JobWorld, clock: Clock, sink: EventSink) -> None:
        self._plan = plan
        self._world = world
        self._clock = clock
        self._sink = sink
        self._commands: asyncio.Queue[Command] = asyncio.Queue()
        self._running: asyncio.Task[None] | None = None
        self._stop = StopEvent()
        self._quit = False
        self._later: list[Command] = []
        """Answers that came while a cycle ran; of those about held removals the last one counts."""
        self._tried_at: datetime | None = None
        self._state = JobState(enabled=plan.enabled, running=False)

    def post(self, command: Command) -> None:
        """Hand over a command; on the engine's loop only."""
        self._commands.put_nowait(command)

    async def main(self) -> None:
        """Run until `Quit`; a cycle in flight is stopped and lands first."""
        self._tell()
        while not self._quit:
            await self._wait()
        if self._running is not None:
            self._stop.set()
            await self._running

    async def _wait(self) -> None:
        """One command, or the next run, or the end of the running cycle."""
        due = self._seconds_to_next()
        command = asyncio.create_task(self._commands.get())
        waits: set[asyncio.Task[object]] = {command}
        if self._running is not None:
            waits.add(self._running)
        await asyncio.wait(waits, timeout=due, return_when=asyncio.FIRST_COMPLETED)
        if self._running is not None and self._running.done():
            running, self._running = self._running, None
            running.result()
            self._tell()
            answers, self._later = self._later, []
            for answer in answers:
                self._obey(answer)
        if command.done():
            self._obey(command.result())
        else:
            command.cancel()
            if self._running is None and self._plan.enabled and self._seconds_to_next() == 0:
                self._start(None)

    def _seconds_to_next(self) -> float | None:
        if self._running is not None or not self._plan.enabled:
            return None
        due = self._next_run_at()
        return max(0.0, (due - self._clock.now()).total_seconds())

    def _next_run_at(self) -> datetime:
        # A cycle that could not even start counts too, or it would be tried without end.
        started = self._world.last_started()
        tried = self._tried_at
        last = max(started, tried) if started and tried else started or tried
        return next_run(
            last, self._plan.interval_minutes, self._clock.now(), self._world.not_before()
        )

    def _obey(self, command: Command) -> None:
        match command:
            case SyncNow(initial=initial):
                self._start(CycleKind.INITIAL if initial else None)
            case StopCycle():
                if self._running is not None:
                    self._stop.set()
                    self._tell()
            case SetEnabled(enabled=enabled):
                self._guarded(lambda: self._world.set_enabled(enabled))
                self._plan = replace(self._plan, enabled=enabled)
                self._tell()
            case (ReleaseHeld() | KeepHeld()) as answer if self._running is not None:
                others = [one for one in self._later if isinstance(one, DecideDrift)]
                self._later = [*others, answer]
            case DecideDrift() as answer if self._running is not None:
                self._later.insert(0, answer)
            case DecideDrift(decision=decision, people=people):
                decided = self._guarded(lambda: self._world.decide_drift(decision, people))
                if decided and decision is DriftChoice.REPAIR:
                    self._start(None)
                self._tell()
            case ReleaseHeld():
                if self._guarded(self._world.release):
                    self._start(None)
            case KeepHeld():
                self._guarded(self._world.keep)
                self._tell()
            case Quit():
                self._quit = True

    def _start(self, kind: CycleKind | None) -> None:
        if self._running is not None:
            return
        self._stop = StopEvent()
        self._tried_at = self._clock.now()
        self._running = asyncio.create_task(self._run(kind, self._stop))
        self._state = replace(self._state, problem=None, advice=None)
        self._tell()

    async def _run(self, kind: CycleKind | None, stop: StopEvent) -> None:
        try:
            await self._world.run_cycle(kind, stop)
            self._plan = replace(self._plan, enabled=self._world.is_enabled())
        except RollcallError as error:
            self._trouble(error)

    def _guarded(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except RollcallError as error:
            self._trouble(error)
            return False
        return True

    def _trouble(self, error: RollcallError) -> None:
        self._state = replace(self._state, problem=error.text, advice=error.advice)

    def _tell(self) -> None:
        running = self._running is not None
        scheduled = self._plan.enabled and not running
        self._state = replace(
            self._state,
            enabled=self._plan.enabled,
            running=running,
            stopping=running and self._stop.is_set(),
            next_run_at=self._next_run_at() if scheduled else None,
        )
        self._sink.job_changed(self._state)
