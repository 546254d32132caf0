"""One cycle: import, scoping, matching, plan, guards, apply, watermark (architecture: a cycle).

The same steps without the last two are the plan: `rollcall plan`, the preview and the dry run.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from random import Random

from app.domain.activity import (
    ActivityRecord,
    Counts,
    CycleKind,
    CycleOutcome,
    CycleSummary,
    IdentityType,
    Phase,
    PlannedAction,
    PlanSummary,
    Status,
    tally,
)
from app.domain.errors import RollcallError, StalePlan, Stopped
from app.domain.plan import Stream, Watermarks, Work
from app.domain.ports import Clock, EventSink, Source, StopSignal, Store, Target
from app.domain.settings import Profile
from app.domain.texts import Text
from app.engine import sayings
from app.engine.apply import Applier
from app.engine.decide import Rules
from app.engine.groups import GroupStage
from app.engine.guards import brake
from app.engine.importing import Imported, Importer
from app.engine.planning import Planner
from app.engine.progress import ProgressMeter
from app.mapping.attributes import compile_mappings
from app.mapping.scoping import compile_filters
from app.mapping.values import Context

WORDS_OF = {"max_removals": "limit", "max_removal_percent": "percent"}


@dataclass(frozen=True, slots=True)
class World:
    """The parts of one cycle. Source and target are opened for it and closed by their owner."""

    source: Source
    target: Target
    store: Store
    clock: Clock
    sink: EventSink
    stop: StopSignal


@dataclass(frozen=True, slots=True)
class _Planned:
    imported: Imported
    held_because: str | None
    new_held: tuple[Work, ...]


class Cycle:
    """Runs or plans one cycle of a profile."""

    def __init__(self, profile: Profile, world: World) -> None:
        self._profile = profile
        self._world = world
        self._id = str(uuid.uuid4())
        self._groups = GroupStage(
            profile,
            world.store,
            world.target.groups,
            world.clock,
            world.sink,
            world.stop,
            self._id,
        )

    async def run(
        self, kind: CycleKind | None = None, *, expected: Callable[[Store], None] | None = None
    ) -> CycleSummary:
        """Run to the end, however it ends; never raises for the world's errors.

        `kind` None: incremental when there is a watermark. `expected` compares the new plan with
        a saved one and raises `StalePlan`; nothing is written then.
        """
        store = self._world.store
        kind = self._kind(kind)
        summary = CycleSummary(self._id, self._profile.name, kind, self._world.clock.now())
        store.journal.start_cycle(summary)
        meter = ProgressMeter(summary, self._world.clock, self._world.sink)
        try:
            planned = await self._plan(kind, meter, expected)
            await self._apply(planned, meter)
            if not planned.imported.empty:
                await self._groups.run(everybody=kind is CycleKind.INITIAL)
            outcome = CycleOutcome.HELD if planned.held_because else CycleOutcome.SUCCEEDED
            summary = replace(summary, outcome=outcome, held_because=planned.held_because)
            return self._finish(summary, self._watermarks(planned.imported, summary))
        except Stopped:
            return self._finish(replace(summary, outcome=CycleOutcome.STOPPED), None)
        except StalePlan as error:
            summary = replace(summary, outcome=CycleOutcome.HELD, held_because="stale_plan")
            return self._finish(_failed(summary, error), None)
        except RollcallError as error:
            summary = replace(summary, outcome=CycleOutcome.FAILED)
            return self._finish(_failed(summary, error), None)

    async def plan(
        self, kind: CycleKind | None, on_action: Callable[[PlannedAction], Awaitable[None]]
    ) -> PlanSummary:
        """What a cycle would do, on a scratch copy of the state; raises the world's errors."""
        scratch = self._world.store.scratch()
        try:
            cycle = Cycle(self._profile, replace(self._world, store=scratch))
            return await cycle._plan_only(kind, on_action)
        finally:
            scratch.close()

    async def _plan_only(
        self, kind: CycleKind | None, on_action: Callable[[PlannedAction], Awaitable[None]]
    ) -> PlanSummary:
        kind = self._kind(kind)
        summary = CycleSummary(self._id, self._profile.name, kind, self._world.clock.now())
        meter = ProgressMeter(summary, self._world.clock, self._world.sink)
        planned = await self._plan(kind, meter, None)
        for work in self._world.store.plan.works():
            await on_action(work.planned)
        for work in filter(_is_person, planned.new_held):
            await on_action(work.planned)
        groups = await self._plan_groups(planned, kind, on_action)
        counts = self._world.store.plan.counts()
        people = [one for one in planned.new_held if _is_person(one)]
        removals = counts.disabled + counts.deleted + groups.deleted + len(people)
        counts = replace(counts, disabled=counts.disabled + len(people))
        return PlanSummary(self._id, kind, counts, removals, planned.held_because, groups)

    async def _plan_groups(
        self,
        planned: _Planned,
        kind: CycleKind,
        on_action: Callable[[PlannedAction], Awaitable[None]],
    ) -> Counts:
        numbers: Counter[tuple[str, str]] = Counter()
        if not planned.imported.empty:
            async for action in self._groups.plan(everybody=kind is CycleKind.INITIAL):
                numbers[action.action, action.status] += 1
                await on_action(action)
        return tally((*key, number) for key, number in numbers.items())

    def _kind(self, kind: CycleKind | None) -> CycleKind:
        if kind is not None:
            return kind
        known = self._world.store.mirror.watermarks()
        return CycleKind.INCREMENTAL if known.people else CycleKind.INITIAL

    async def _plan(
        self,
        kind: CycleKind,
        meter: ProgressMeter,
        expected: Callable[[Store], None] | None,
    ) -> _Planned:
        world, store = self._world, self._world.store
        everybody = kind is CycleKind.INITIAL
        marks = Watermarks() if everybody else store.mirror.watermarks()
        meter.phase(Phase.IMPORT)
        imported = await Importer(world.source, store.mirror, world.stop, meter.read).run(marks)
        store.plan.begin(world.clock.now(), everybody=everybody)
        work_waits = everybody or store.plan.candidates() > 0
        if not work_waits:
            return _Planned(imported, *self._guard(imported, meter))
        rules = await self._rules(imported)
        planner = Planner(store, world.target, rules, world.stop, self._id)
        meter.phase(Phase.SCOPING)
        await planner.scope(meter.seen)
        meter.total(store.plan.candidates())
        meter.phase(Phase.MATCHING)
        await planner.match(everybody=everybody)
        meter.phase(Phase.PLAN)
        await planner.plan(meter.seen)
        if expected is not None:
            expected(store)
        return _Planned(imported, *self._guard(imported, meter))

    async def _rules(self, imported: Imported) -> Rules:
        world = self._world
        # First: what the target takes may only be known once it has answered.
        info = await world.target.fetch_info()
        return Rules(
            profile=self._profile,
            mappings=compile_mappings(self._profile.users.attributes, world.target.limits),
            filters=compile_filters(self._profile.scoping_filters),
            roles={role.id: role for role in imported.application.roles},
            assigned_groups=world.store.mirror.assigned_groups(),
            limits=world.target.limits,
            target=info,
            context=Context(now=world.clock.now(), random=Random()),
        )

    def _guard(
        self, imported: Imported, meter: ProgressMeter
    ) -> tuple[str | None, tuple[Work, ...]]:
        meter.phase(Phase.GUARDS)
        plan, now = self._world.store.plan, self._world.clock.now()
        groups = self._groups.removals()
        counts = plan.removals()
        counts = replace(
            counts,
            planned=counts.planned + len(groups.works),
            already_held=counts.already_held + groups.already_held,
        )
        because = brake(counts, self._profile.safety, source_empty=bool(imported.empty))
        everything = because is not None
        held = (
            *plan.hold(now, because or "decision", everything=everything),
            *self._groups.hold(because or "decision", everything=everything),
        )
        if because is None and counts.already_held:
            because = "decision"
        return because, held

    async def _apply(self, planned: _Planned, meter: ProgressMeter) -> None:
        world = self._world
        meter.phase(Phase.APPLY)
        records = [self._held_record(work) for work in planned.new_held]
        world.store.journal.record(records)
        for record in records:
            world.sink.record(record)
        meter.done(records, people=0)
        applier = Applier(
            world.store, world.target, world.clock, world.sink, world.stop, self._id, meter.done
        )
        await applier.run()

    def _held_record(self, work: Work) -> ActivityRecord:
        planned = work.planned
        return ActivityRecord(
            at=self._world.clock.now(),
            cycle=self._id,
            action=planned.action,
            status=Status.SKIPPED,
            source=planned.source,
            target=planned.target,
            message=sayings.held_back(planned.message),
            reason=planned.reason,
            changes=planned.changes,
            code="StagedDelete",
            advice=Text("Release the removals or keep everyone."),
            steps=planned.steps,
        )

    def _watermarks(self, imported: Imported, summary: CycleSummary) -> Watermarks | None:
        """Where the next cycle resumes; not moved when a read was not believed."""
        if {Stream.PEOPLE, Stream.GROUPS}.intersection(imported.empty):
            return None
        return Watermarks(imported.people_link, imported.groups_link, summary.started_at)

    def _finish(self, summary: CycleSummary, watermarks: Watermarks | None) -> CycleSummary:
        world = self._world
        status = world.store.status()
        counts: Counts = world.store.journal.counts(self._id)
        groups = world.store.journal.counts(self._id, IdentityType.GROUP)
        touched = counts.created + counts.linked + counts.updated + counts.enabled
        source, target = world.source.counts, world.target.counts
        finished = replace(
            summary,
            ended_at=world.clock.now(),
            counts=replace(
                counts,
                unchanged=max(0, world.store.entitled_and_linked() - touched),
                escrowed=status.escrowed,
            ),
            groups=groups,
            source_requests=source.requests,
            target_requests=target.requests,
            throttled=source.throttled + target.throttled,
        )
        world.store.journal.finish_cycle(finished, watermarks)
        world.sink.cycle_finished(finished)
        return finished


def _is_person(work: Work) -> bool:
    return work.planned.source.type is IdentityType.USER


def _failed(summary: CycleSummary, error: RollcallError) -> CycleSummary:
    return replace(summary, error=error.text, advice=error.advice, error_code=type(error).__name__)
