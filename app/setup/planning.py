"""The preview's plan: the engine's own, on an empty scratch state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.domain.activity import (
    ActivityRecord,
    CycleKind,
    CycleSummary,
    PlannedAction,
    PlanSummary,
    Progress,
)
from app.domain.commands import JobState
from app.domain.ports import Clock, StopSignal, Store
from app.domain.settings import Profile
from app.domain.sign_in import Shelves
from app.engine.cycle import Cycle, World
from app.setup.doors import SecretLookup, SourceDoor, TargetDoor


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """`setup.services.PlanRunner` on real connectors. `store` opens a state to throw away."""

    source: SourceDoor
    target: TargetDoor
    store: Callable[[], Store]
    clock: Clock

    async def __call__(
        self,
        profile: Profile,
        secrets: SecretLookup,
        shelves: Shelves,
        stop: StopSignal,
        progress: Callable[[Progress], None],
        take: Callable[[PlannedAction], None],
    ) -> PlanSummary:
        """Plan the first cycle; raises the world's errors, and `Stopped`."""
        store = self.store()
        try:
            source = self.source(profile.source, secrets, stop, shelf=shelves.source)
            try:
                target = self.target(profile.target, secrets, stop, shelf=shelves.target)
                try:
                    world = World(source, target, store, self.clock, _ProgressOnly(progress), stop)
                    return await Cycle(profile, world).plan(CycleKind.INITIAL, _taking(take))
                finally:
                    await target.close()
            finally:
                await source.close()
        finally:
            store.close()


def _taking(take: Callable[[PlannedAction], None]) -> Callable[[PlannedAction], Awaitable[None]]:
    async def on_action(action: PlannedAction) -> None:
        take(action)

    return on_action


class _ProgressOnly:
    """An event sink that hears nothing but progress: a plan does nothing else worth hearing."""

    def __init__(self, progress: Callable[[Progress], None]) -> None:
        self._progress = progress

    def record(self, record: ActivityRecord) -> None:
        """Plans write no records."""

    def progress(self, progress: Progress) -> None:
        """The newest snapshot."""
        self._progress(progress)

    def cycle_finished(self, summary: CycleSummary) -> None:
        """A plan is no cycle."""

    def job_changed(self, state: JobState) -> None:
        """A plan is no job."""
