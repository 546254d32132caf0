"""Provision on demand: a few people now, and the group they were chosen from (11).

People are looked at as `looking` says; provisioning then writes for the chosen and for nobody
else. It is no cycle: it has no summary, counts for no quarantine and trips no brake.

A person's own decision is obeyed: to disable somebody who was unassigned needs no release. Yet a
removal that the brake already holds stays held, since the answer to that is release or keep; and
people disabled or deleted in Entra are left to the next cycle, as the service leaves them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    Initiator,
    PlannedAction,
    Reason,
    Status,
)
from app.domain.explanation import (
    Next,
    NextAction,
    Provisioned,
    ProvisionedOnDemand,
    Result,
)
from app.domain.settings import Profile
from app.domain.texts import Text
from app.engine import evidence, sayings
from app.engine.apply import Applier
from app.engine.cases import Case, Schedule
from app.engine.choosing import choose
from app.engine.cycle import World
from app.engine.explaining import after, explain, result_of
from app.engine.group_on_demand import GroupOnDemand
from app.engine.group_scope import groups_of
from app.engine.hearing import Heard
from app.engine.looking import Looked, Looker
from app.engine.records import record_of
from app.engine.references import ReferenceStage
from app.engine.upcoming import SETTLED

LEFT_TO_THE_CYCLE = frozenset(
    {Reason.DISABLED_IN_SOURCE, Reason.DELETED_IN_SOURCE, Reason.PURGED_IN_SOURCE}
)
"""Not supported on demand (11): explained, and done by the next cycle."""


class OnDemand:
    """One call of `provision` on a profile."""

    def __init__(self, profile: Profile, world: World, schedule: Schedule) -> None:
        self._world = world
        self._id = str(uuid.uuid4())
        self._looker = Looker(profile, world, schedule, self._id)
        self._groups = GroupOnDemand(profile, world, schedule, self._id)
        self._with_groups = not isinstance(groups_of(profile, world.target.groups), Text)
        self._heard = Heard(world.sink)
        self._references = ReferenceStage(
            profile,
            world.store,
            world.target,
            world.clock,
            self._heard,
            world.stop,
            self._id,
            Initiator.USER,
        )

    async def provision(self, name: str, members: Sequence[str] = ()) -> ProvisionedOnDemand:
        """Import, scope, match, act. Raises the world's errors and `ConfigurationError`."""
        looked = await self._looker.look(
            lambda store: choose(store, name, members, objects=self._with_groups)
        )
        people = await self._people(looked)
        if looked.chosen.group is None:
            return ProvisionedOnDemand(people)
        group = await self._groups.provision(looked, looked.chosen.group)
        return ProvisionedOnDemand(people, group)

    async def _people(self, looked: Looked) -> tuple[Provisioned, ...]:
        chosen, looker = looked.chosen.people, self._looker
        found = {one: looker.case(looked, one, await looker.foreign(looked, one))
                 for one in chosen}  # fmt: skip
        refused = {one: record for one in found if (record := self._refusal(found[one]))}
        self._world.store.plan.leave_out(list(refused))
        looked.planner.choose([one for one in chosen if one not in refused])
        records = await self._apply(looked)
        await self._references.run(chosen)
        for record in self._heard.records:
            # A manager alone is what was done; one that failed is worth more than what went well.
            if record.source.id not in records or record.status is Status.FAILURE:
                records[record.source.id] = record
        for one, case in found.items():
            if one not in records:
                records[one] = refused.get(one) or self._nothing(case)
                self._world.store.journal.record([records[one]])
                self._world.sink.record(records[one])
        return tuple(self._done(looked, found[one], records[one]) for one in chosen)

    def _refusal(self, case: Case) -> ActivityRecord | None:
        """Work that on demand leaves to a cycle or to a decision."""
        planned, subject = case.planned, case.subject
        if planned is None or not planned.removal:
            return None
        if subject.held and not subject.released:
            message, code = sayings.held_back(planned.message), "StagedDelete"
            advice: Text | None = sayings.TO_ANSWER
        elif case.verdict.reason in LEFT_TO_THE_CYCLE:
            message, code = (
                sayings.left_to_the_cycle(planned.message),
                "EntrySynchronizationSkipped",
            )
            advice = None
        else:
            return None
        left = replace(planned, status=Status.SKIPPED, message=message, code=code, advice=advice)
        return self._record(left)

    def _nothing(self, case: Case) -> ActivityRecord:
        """Somebody about whom nothing was planned: as they should be, or none of our business."""
        message, code, reason = evidence.to_send(()), "RedundantExport", Reason.NOTHING_TO_CHANGE
        if not case.verdict.in_scope:
            message, code = explain(case).answer, "EntrySynchronizationSkipped"
            reason = case.verdict.reason
        account = next(iter(case.subject.accounts), None)
        planned = PlannedAction(
            action=ActionKind.OTHER,
            status=Status.SKIPPED,
            source=sayings.source_of(case.subject),
            target=sayings.target_of(account, ""),
            reason=reason,
            message=message,
            code=code,
            steps=evidence.steps(case.subject, case.verdict, account=account),
        )
        secrets = case.rules.secrets(case.subject, foreign=case.foreign)
        return self._record(secrets.planned(planned))

    def _record(self, planned: PlannedAction) -> ActivityRecord:
        now = self._world.clock.now()
        return record_of(planned, now, self._id, initiator=Initiator.USER)

    async def _apply(self, looked: Looked) -> dict[str, ActivityRecord]:
        """The chosen people's work; the last record of each, or a failure among them."""
        world, heard = self._world, Heard(self._world.sink)
        applier = Applier(
            world.store,
            world.target,
            world.clock,
            heard,
            world.stop,
            self._id,
            _unheard,
            Initiator.USER,
            hiding=looked.rules.hiding,
        )
        await applier.run()
        if await looked.planner.see_again():
            await applier.run()
        records: dict[str, ActivityRecord] = {}
        for record in heard.records:
            known = records.get(record.source.id)
            if known is None or known.status is not Status.FAILURE:
                records[record.source.id] = record
        return records

    def _done(self, looked: Looked, case: Case, record: ActivityRecord) -> Provisioned:
        """What was found, with the account and the plans as they are now."""
        now = self._looker.case(looked, case.subject.person.id, case.foreign)
        before = explain(case)
        result = result_of(record)
        if result is Result.SUCCESS:
            now = replace(now, planned=None)
        elif result is Result.FAILURE:
            now = replace(now, due=True)
        later = explain(now)
        what = later.next if result is not Result.SUCCESS else Next(NextAction.NONE, SETTLED)
        told = replace(
            before, answer=later.answer, account=later.account, origin=later.origin, next=what,
            advice=record.advice,
        )  # fmt: skip
        return Provisioned(after(told, record), result, record)


def _unheard(_records: Sequence[ActivityRecord], _people: int) -> None:
    """Progress of a few people is not worth telling."""
