"""One cycle: import, scoping, matching, plan, guards, apply, watermark (architecture: a cycle).

The same steps without the last two are the plan: `rollcall plan`, the preview and the dry run.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, islice
from random import SystemRandom

from app.domain.accounts import AccountChoice, TargetInfo
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
from app.domain.people import Application
from app.domain.plan import KnownFacts, Stream, Watermarks, Work
from app.domain.ports import Clock, EventSink, Source, StopSignal, Store, Target
from app.domain.settings import Profile
from app.engine import drift, expiry, quarantine, sayings
from app.engine.apply import Applier
from app.engine.configuration import fingerprint, target_identity
from app.engine.groups import GroupStage
from app.engine.guards import brake
from app.engine.hiding import Hiding
from app.engine.importing import Imported, Importer
from app.engine.planning import Planner
from app.engine.progress import ProgressMeter
from app.engine.records import record_of
from app.engine.references import ReferenceStage
from app.engine.rules import Rules
from app.engine.unique import UniqueValues
from app.mapping.attributes import compile_mappings, functions_used
from app.mapping.scoping import compile_filters
from app.mapping.values import Context

WAITING = "decision"
"""Nothing new trips the brake, but removals held before still wait for an answer."""
HELD_AT_ONCE = 500
MOST_PRUNED = 50_000
"""Records removed at the end of one cycle; the rest waits for the next."""
NOBODY = TargetInfo(AccountChoice("", ""), (), "", "", (), ())
"""Stands for a target that was not asked."""


@dataclass(frozen=True, slots=True)
class World:
    """The parts of one cycle. Source and target are opened for it and closed by their owner."""

    source: Source
    target: Target
    store: Store
    clock: Clock
    sink: EventSink
    stop: StopSignal
    upkeep: Callable[[], Awaitable[None]] | None = None
    """What has to happen in every cycle that is run, even when there is nothing to do."""


@dataclass(frozen=True, slots=True)
class _Planned:
    imported: Imported
    planner: Planner
    held_because: str | None
    decided_at: datetime
    hiding: Hiding


class Cycle:
    """Runs or plans one cycle of a profile."""

    def __init__(self, profile: Profile, world: World) -> None:
        self._profile = profile
        self._world = world
        self._configuration = fingerprint(profile)
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
        self._references = ReferenceStage(
            profile,
            world.store,
            world.target,
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
            planned = await self._plan(kind, meter)
            if self._world.upkeep is not None:
                await self._world.upkeep()
            if expected is not None:
                expected(store)
            await self._apply(planned, meter)
            if not planned.imported.empty:
                await self._references.run()
                await self._groups.run(everybody=kind is CycleKind.INITIAL)
            if planned.planner.listed:
                store.mirror.keep_listed_at(planned.decided_at)
            await expiry.look(self._world.source, store.journal, self._world.clock.now())
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

    async def compare(self) -> None:
        """Read everything and remember what was changed by hand, as a cycle does that is cut off.

        Raises the world's errors. The next cycle plans again and does what is due.
        """
        kind = self._kind(None)
        summary = CycleSummary(self._id, self._profile.name, kind, self._world.clock.now())
        meter = ProgressMeter(summary, self._world.clock, self._world.sink)
        await self._plan(kind, meter, compare=True)

    async def _plan_only(
        self, kind: CycleKind | None, on_action: Callable[[PlannedAction], Awaitable[None]]
    ) -> PlanSummary:
        kind = self._kind(kind)
        summary = CycleSummary(self._id, self._profile.name, kind, self._world.clock.now())
        meter = ProgressMeter(summary, self._world.clock, self._world.sink)
        planned = await self._plan(kind, meter)
        book = self._world.store.plan
        logged: Counter[tuple[str, str]] = Counter()
        for work in book.listing():
            await on_action(work.planned)
            logged[work.planned.action, work.planned.status] += 1
        if not planned.imported.empty:
            async for action in self._references.plan():
                await on_action(action)
                logged[action.action, action.status] += 1
        counts = tally(
            ((*key, number) for key, number in logged.items()), unchanged=book.counts().unchanged
        )
        groups = await self._plan_groups(planned, kind, on_action)
        removals = counts.disabled + counts.deleted + groups.deleted
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
        same = self._world.store.journal.configuration() == self._configuration
        return CycleKind.INCREMENTAL if known.people and same else CycleKind.INITIAL

    async def _plan(
        self, kind: CycleKind, meter: ProgressMeter, *, compare: bool = False
    ) -> _Planned:
        """`compare`: all accounts are read, whether or not it is time to."""
        world, store = self._world, self._world.store
        everybody = kind is CycleKind.INITIAL
        marks = Watermarks() if everybody else store.mirror.watermarks()
        meter.phase(Phase.IMPORT)
        imported = await Importer(world.source, store.mirror, world.stop, meter.read).run(marks)
        self._groups.know(imported.application)
        elsewhere = store.mirror.move_to_target(target_identity(self._profile))
        self._references.begin(everybody=everybody)
        store.plan.begin(world.clock.now(), everybody=everybody)
        listed_at = store.mirror.listed_at()
        compares = compare or drift.due(self._profile.drift, listed_at, world.clock.now())
        if not everybody:
            self._queue_drifted(listed=False)
        idle = not everybody and not compares and store.plan.candidates() == 0
        rules = await self._rules(imported, idle=idle)
        planner = Planner(store, world.target, rules, world.stop, self._id)
        meter.phase(Phase.SCOPING)
        await planner.scope(meter.seen)
        meter.total(store.plan.candidates())
        meter.phase(Phase.MATCHING)
        await planner.match(everybody=everybody or elsewhere or compares)
        await planner.make_sure_of_the_gone()
        if not everybody and not idle:
            self._queue_drifted(listed=planner.listed)
            meter.total(store.plan.candidates())
        meter.phase(Phase.PLAN)
        await planner.plan(meter.seen)
        meter.phase(Phase.GUARDS)
        return _Planned(imported, planner, self._brake(imported), world.clock.now(), rules.hiding)

    def _queue_drifted(self, *, listed: bool) -> None:
        """Whose account is not what it was is decided about, too."""
        store, settings = self._world.store, self._profile.drift
        known = listed or store.mirror.listed_at() is not None
        compare = known and settings.every_hours is not None
        store.drift.queue(settings, self._profile.pilot, compare=compare, listed=listed)

    async def _rules(self, imported: Imported, *, idle: bool) -> Rules:
        """What decides about everybody; a cycle without candidates asks the target nothing."""
        world, target = self._world, NOBODY
        domain = None
        if not idle:
            target = await world.target.fetch_info()
            domain = await default_domain(self._profile, world.source)
            world.store.mirror.keep_facts(KnownFacts(target=target, default_domain=domain))
        return make_rules(self._profile, world, imported.application, target, domain)

    def _brake(self, imported: Imported) -> str | None:
        self._groups.drop_returned()
        groups = self._groups.removals()
        counts = self._world.store.plan.removals()
        counts = replace(
            counts,
            planned=counts.planned + len(groups.works),
            already_held=counts.already_held + groups.already_held,
        )
        because = brake(counts, self._profile.safety, source_empty=bool(imported.empty))
        if because is None and counts.already_held:
            return WAITING
        return because

    async def _apply(self, planned: _Planned, meter: ProgressMeter) -> None:
        world = self._world
        meter.phase(Phase.APPLY)
        self._hold(planned, meter)
        applier = Applier(
            world.store,
            world.target,
            world.clock,
            world.sink,
            world.stop,
            self._id,
            meter.done,
            hiding=planned.hiding,
        )
        await applier.run()
        if await planned.planner.see_again():
            await applier.run()

    def _hold(self, planned: _Planned, meter: ProgressMeter) -> None:
        """Removals that need a decision leave the plan; the new ones are told."""
        store, because, now = self._world.store, planned.held_because, planned.decided_at
        if because is None:
            return
        everything = because != WAITING
        store.plan.hold(now, because, everything=everything)
        groups = self._groups.hold(because, everything=everything)
        held = chain(store.plan.newly_held(now), groups)
        while records := [self._held_record(work) for work in islice(held, HELD_AT_ONCE)]:
            store.journal.record(records)
            for record in records:
                self._world.sink.record(record)
            meter.done(records, people=0)

    def _held_record(self, work: Work) -> ActivityRecord:
        planned = replace(
            work.planned,
            status=Status.SKIPPED,
            message=sayings.held_back(work.planned.message),
            code="StagedDelete",
        )
        return record_of(planned, self._world.clock.now(), self._id)

    def _watermarks(self, imported: Imported, summary: CycleSummary) -> Watermarks | None:
        """Where the next cycle resumes; not moved when a read was not believed."""
        if {Stream.PEOPLE, Stream.GROUPS}.intersection(imported.empty):
            return None
        return Watermarks(imported.people_link, imported.groups_link, summary.started_at)

    def _finish(self, summary: CycleSummary, watermarks: Watermarks | None) -> CycleSummary:
        world, journal = self._world, self._world.store.journal
        ended = replace(summary, ended_at=world.clock.now())
        ended = self._pruned(ended)
        health = world.store.health()
        limits = self._profile.safety.quarantine
        unhealthy = quarantine.after_cycle(journal.quarantine(), ended, health, limits)
        counts: Counts = journal.counts(self._id)
        groups = journal.counts(self._id, IdentityType.GROUP)
        touched = journal.people_written(self._id)
        source, target = world.source.counts, world.target.counts
        finished = replace(
            ended,
            counts=replace(
                counts,
                unchanged=max(0, health.in_wanted_state - touched),
                escrowed=health.failures + health.reference_failures,
            ),
            groups=groups,
            source_requests=source.requests,
            target_requests=target.requests,
            throttled=source.throttled + target.throttled,
            quarantine=unhealthy.reason if unhealthy else None,
        )
        journal.finish_cycle(finished, watermarks, unhealthy, self._configuration)
        if summary.outcome is not CycleOutcome.STOPPED:
            self._prune()
        world.sink.cycle_finished(finished)
        return finished

    def _pruned(self, ended: CycleSummary) -> CycleSummary:
        """So many failures in an initial cycle are given up, and the job pauses (8.1)."""
        store = self._world.store
        if ended.kind is not CycleKind.INITIAL or ended.outcome is not CycleOutcome.SUCCEEDED:
            return ended
        if quarantine.by_count(store.health(), self._profile.safety.quarantine) is None:
            return ended
        store.journal.prune_escrows()
        return replace(
            ended, escrows_pruned=True, error=sayings.PRUNED.message, advice=sayings.PRUNED.advice
        )

    def _prune(self) -> None:
        """Old records go, links and numbers to date stay (spec/provisioning.md 12.2)."""
        days = self._profile.history.keep_days
        if days is None:
            return
        before = self._world.clock.now() - timedelta(days=days)
        self._world.store.journal.prune(before, MOST_PRUNED)


async def default_domain(profile: Profile, source: Source) -> str | None:
    """Asked for only where a mapping uses it."""
    if not any("DefaultDomain" in functions_used(one) for one in profile.users.attributes):
        return None
    return await source.fetch_default_domain()


def make_rules(
    profile: Profile,
    world: World,
    application: Application,
    target: TargetInfo,
    domain: str | None,
) -> Rules:
    """Everything that is the same for all people, compiled once."""
    mappings = compile_mappings(profile.users.attributes, world.target.limits)
    return Rules(
        profile=profile,
        mappings=mappings,
        filters=compile_filters(profile.scoping_filters),
        roles={role.id: role for role in application.roles},
        assigned_groups=world.store.mirror.assigned_groups(),
        limits=world.target.limits,
        target=target,
        context=Context(now=world.clock.now(), random=SystemRandom(), default_domain=domain),
        unique=UniqueValues(world.store.mirror, mappings.unique),
    )


def _failed(summary: CycleSummary, error: RollcallError) -> CycleSummary:
    return replace(summary, error=error.text, advice=error.advice, error_code=type(error).__name__)
