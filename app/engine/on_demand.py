"""Provision on demand, and "why": one person now, by the rules of a cycle (11).

Both read like an incremental cycle and scope everybody who is due, for two people with one address
must be seen; only the chosen are matched and decided about. Provisioning then writes for them and
for nobody else. The watermark stays: the next cycle reads the same changes again, and whoever was
due stays so. It is no cycle: it has no summary, counts for no quarantine and trips no brake.

A person's own decision is obeyed: to disable somebody who was unassigned needs no release. Yet a
removal that the brake already holds stays held, since the answer to that is release or keep; and
people disabled or deleted in Entra are left to the next cycle, as the service leaves them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.domain.accounts import Account
from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    CycleSummary,
    Initiator,
    PlannedAction,
    Progress,
    Reason,
    Status,
)
from app.domain.commands import JobState
from app.domain.errors import BrokenContract, RollcallError, Service
from app.domain.explanation import Explanation, Next, NextAction, Provisioned, Result
from app.domain.people import Application
from app.domain.plan import KnownFacts, Subject, Watermarks, Work
from app.domain.ports import EventSink, Store
from app.domain.settings import Profile
from app.domain.texts import Text
from app.engine import evidence, sayings
from app.engine.apply import Applier
from app.engine.choosing import choose, find_person
from app.engine.configuration import fingerprint
from app.engine.cycle import World, default_domain, make_rules
from app.engine.explaining import Attempt, Case, Schedule, after, explain
from app.engine.importing import Importer
from app.engine.planning import Planner
from app.engine.records import record_of
from app.engine.rules import Rules

LEFT_TO_THE_CYCLE = frozenset(
    {Reason.DISABLED_IN_SOURCE, Reason.DELETED_IN_SOURCE, Reason.PURGED_IN_SOURCE}
)
"""Not supported on demand (11): explained, and done by the next cycle."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is known once the chosen people were decided about."""

    chosen: Sequence[str]
    due: frozenset[str]
    works: dict[str, Work]
    rules: Rules
    planner: Planner
    application: str
    trouble: RollcallError | None = None


class OnDemand:
    """One call of `provision` or `why` on a profile."""

    def __init__(self, profile: Profile, world: World, schedule: Schedule) -> None:
        self._profile = profile
        self._world = world
        self._schedule = schedule
        self._id = str(uuid.uuid4())

    async def provision(self, name: str, members: Sequence[str] = ()) -> list[Provisioned]:
        """Import, scope, match, act. Raises the world's errors and `ConfigurationError`."""
        looked = await self._look(lambda store: choose(store, name, members))
        found = {one: self._case(looked, one, await self._foreign(looked, one))
                 for one in looked.chosen}  # fmt: skip
        refused = {one: record for one in found if (record := self._refusal(found[one]))}
        self._world.store.plan.leave_out(list(refused))
        looked.planner.choose([one for one in looked.chosen if one not in refused])
        records = await self._apply(looked)
        for one, case in found.items():
            if one not in records:
                records[one] = refused.get(one) or self._nothing(case)
                self._world.store.journal.record([records[one]])
                self._world.sink.record(records[one])
        return [self._done(looked, found[one], records[one]) for one in looked.chosen]

    async def explain(self, name: str) -> Explanation:
        """The same without writing. The store is one that is thrown away."""
        # Known people come into an excerpt before the import, which then sees what concerns them.
        self._world.store.people_called(name)
        looked = await self._look(lambda store: [find_person(store, name).id])
        (one,) = looked.chosen
        return explain(self._case(looked, one, await self._foreign(looked, one)))

    async def explain_offline(self, name: str, trouble: RollcallError) -> Explanation:
        """From what the last cycle knew, when a service cannot be asked now.

        Raises `trouble` when no cycle ever got far enough.
        """
        store = self._world.store
        facts, marks = store.mirror.facts(), store.mirror.watermarks()
        if facts.application is None or facts.target is None:
            raise trouble
        rules = make_rules(
            self._profile, self._world, facts.application, facts.target, facts.default_domain
        )
        chosen = [find_person(store, name).id]
        looked = await self._scope(rules, facts.application, chosen)
        looked.planner.take_as_listed()
        await looked.planner.plan(_ignored)
        looked = replace(looked, works=self._works(), trouble=trouble)
        return explain(replace(self._case(looked, chosen[0], None), as_of=marks.at))

    async def _look(self, chosen: Callable[[Store], Sequence[str]]) -> _Looked:
        world, store = self._world, self._world.store
        marks = store.mirror.watermarks()
        imported = await Importer(world.source, store.mirror, world.stop, _ignored).run(
            marks if marks.people else Watermarks()
        )
        if imported.empty:
            raise BrokenContract(
                Service.SOURCE,
                Text(
                    "Entra listed nothing where there was something before: {streams}",
                    {"streams": ", ".join(imported.empty)},
                ),
                "Nothing was changed. Look at the application in Entra, then run `rollcall sync`.",
            )
        ids = chosen(store)
        target = await world.target.fetch_info()
        domain = await default_domain(self._profile, world.source)
        store.mirror.keep_facts(KnownFacts(target=target, default_domain=domain))
        rules = make_rules(self._profile, world, imported.application, target, domain)
        looked = await self._scope(rules, imported.application, ids)
        await looked.planner.match(everybody=False)
        await looked.planner.plan(_ignored)
        return replace(looked, works=self._works())

    async def _scope(
        self, rules: Rules, application: Application, chosen: Sequence[str]
    ) -> _Looked:
        """Everybody due, the chosen among them; all when the profile decides otherwise now."""
        world, store = self._world, self._world.store
        changed = store.journal.configuration() != fingerprint(self._profile)
        store.plan.begin(world.clock.now(), everybody=False)
        if changed:
            store.plan.queue(None)
        planner = Planner(store, world.target, rules, world.stop, self._id, chosen)
        # Somebody else's new address may make the chosen due: ask only once all others are known.
        await planner.scope(_ignored)
        due = store.plan.due(chosen)
        store.plan.queue(chosen)
        await planner.scope(_ignored)
        due = frozenset(chosen) if changed else due
        return _Looked(chosen, due, {}, rules, planner, application.name)

    def _works(self) -> dict[str, Work]:
        return {work.person_id: work for work in self._world.store.plan.works()}

    async def _foreign(self, looked: _Looked, person_id: str) -> Account | None:
        """Somebody out of scope may have an account that Rollcall never had to do with."""
        subject = looked.planner.subject_of(person_id)
        if subject is None or subject.link is not None or subject.accounts:
            return None
        identity = looked.rules.limits.identity
        values = dict(looked.rules.matching_values(subject))
        address = values.get(identity, "").lower()
        if not address:
            return None
        found = await self._world.target.find_accounts([address])
        return next(iter(found), None)

    def _case(self, looked: _Looked, person_id: str, foreign: Account | None) -> Case:
        store, rules = self._world.store, looked.rules
        subject = looked.planner.subject_of(person_id)
        if subject is None:
            raise KeyError(person_id)
        work = looked.works.get(person_id)
        return Case(
            subject=subject,
            verdict=rules.scope(subject),
            planned=work.planned if work is not None else None,
            ways=store.plan.every_way(person_id),
            attempts=self._attempts(subject, rules, foreign),
            foreign=foreign,
            due=person_id in looked.due,
            escrow=store.journal.escrow_of(person_id),
            schedule=self._schedule,
            rules=rules,
            application=looked.application,
            trouble=looked.trouble,
        )

    def _attempts(
        self, subject: Subject, rules: Rules, foreign: Account | None
    ) -> tuple[Attempt, ...]:
        """By precedence; the first that finds an account ends the search (3)."""
        attempts: list[Attempt] = []
        for attribute, value in rules.matching_values(subject):
            found = len(self._world.store.mirror.accounts_with(attribute, [value]))
            if foreign is not None and attribute == rules.limits.identity:
                found = max(found, 1)
            attempts.append(Attempt(attribute, value, found))
            if found:
                break
        return tuple(attempts)

    def _refusal(self, case: Case) -> ActivityRecord | None:
        """Work that on demand leaves to a cycle or to a decision."""
        planned, subject = case.planned, case.subject
        if planned is None or not planned.removal:
            return None
        if subject.held and not subject.released:
            message, code = sayings.held_back(planned.message), "StagedDelete"
            advice: Text | None = Text("Release the removals or keep everyone.")
        elif case.verdict.reason in LEFT_TO_THE_CYCLE:
            message = Text(
                "Left to the next cycle, which does this: {action}", {"action": planned.message}
            )
            code, advice = "EntrySynchronizationSkipped", None
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
        return self._record(
            case.rules.secrets(case.subject, foreign=case.foreign).planned(
                PlannedAction(
                    action=ActionKind.OTHER,
                    status=Status.SKIPPED,
                    source=sayings.source_of(case.subject),
                    target=sayings.target_of(account, ""),
                    reason=reason,
                    message=message,
                    code=code,
                    steps=evidence.steps(case.subject, case.verdict, account=account),
                )
            )
        )

    def _record(self, planned: PlannedAction) -> ActivityRecord:
        now = self._world.clock.now()
        return record_of(planned, now, self._id, initiator=Initiator.USER)

    async def _apply(self, looked: _Looked) -> dict[str, ActivityRecord]:
        """The chosen people's work; the last record of each, or a failure among them."""
        world, heard = self._world, _Heard(self._world.sink)
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
        return heard.records

    def _done(self, looked: _Looked, case: Case, record: ActivityRecord) -> Provisioned:
        """What was found, with the account and the plans as they are now."""
        now = self._case(looked, case.subject.person.id, case.foreign)
        before = explain(case)
        result = _result(record)
        if result is Result.SUCCESS:
            now = replace(now, planned=None)
        elif result is Result.FAILURE:
            now = replace(now, due=True)
        later = explain(now)
        what = later.next if result is not Result.SUCCESS else Next(NextAction.NONE, _SETTLED)
        told = replace(
            before, answer=later.answer, account=later.account, origin=later.origin, next=what,
            advice=record.advice,
        )  # fmt: skip
        return Provisioned(after(told, record), result, record)


_SETTLED = Text("Nothing until something changes in Entra")


def _result(record: ActivityRecord) -> Result:
    if record.status is Status.FAILURE:
        return Result.FAILURE
    if record.status is Status.SKIPPED or record.action is ActionKind.OTHER:
        return Result.SKIPPED
    return Result.SUCCESS


class _Heard:
    """Keeps each person's record on its way to the sink."""

    def __init__(self, sink: EventSink) -> None:
        self._sink = sink
        self.records: dict[str, ActivityRecord] = {}

    def record(self, record: ActivityRecord) -> None:
        """A failure stays, whatever came before or after it."""
        known = self.records.get(record.source.id)
        if known is None or known.status is not Status.FAILURE:
            self.records[record.source.id] = record
        self._sink.record(record)

    def progress(self, progress: Progress) -> None:
        """There is none."""

    def cycle_finished(self, summary: CycleSummary) -> None:
        """It is no cycle."""

    def job_changed(self, state: JobState) -> None:
        """It is no job."""


def _ignored(_number: int) -> None:
    """Progress of one person is not worth telling."""


def _unheard(_records: Sequence[ActivityRecord], _people: int) -> None:
    """As above."""
