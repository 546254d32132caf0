"""References of people, after the accounts: the manager of each (spec/provisioning.md 4.4).

An account points at the manager's account as soon as that is there and active, whoever of the
two came first, because whoever gets or loses an account makes those who name them due. Whose
manager has no account is said once; what the account pointed at stays, since null is never
provisioned (4.3), unless the mapping flows nulls. Nothing is asked of the target while nothing
has changed.

Whoever is due stays so until the outcome is kept: after a crash the same change is sent once
more, which does no harm. A failure is the reference's own: it waits like one in escrow (7) and
counts apart from the failures of people (8.1).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from app.domain.accounts import AccountUpdate
from app.domain.activity import ActivityRecord, Initiator, PlannedAction
from app.domain.codes import UNRESOLVED
from app.domain.errors import EntryError, Stopped
from app.domain.plan import Escrow
from app.domain.ports import Clock, EventSink, StopSignal, Store, Target
from app.domain.references import ReferenceSettled, Referring
from app.domain.settings import ObjectAction, Profile
from app.engine import reference_sayings as sayings
from app.engine import retry
from app.engine.hiding import Hiding, Secrets
from app.engine.records import record_of
from app.engine.sayings import GIVEN_UP
from app.mapping.references import reference_of

SLICE = 200
IN_FLIGHT = 8


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done about one person's reference.

    `key` is written, empty to take the reference away; None = nothing is sent. Without `planned`
    there is nothing to say. `unresolved`: there is nobody to point at. `rests`: it failed, and
    waits for its next try.
    """

    planned: PlannedAction | None = None
    key: str | None = None
    unresolved: bool = False
    rests: bool = False


NOTHING = Decision()


def decide(one: Referring, attribute: str, *, flow_nulls: bool) -> Decision:
    """Only differences are written (spec/provisioning.md 4.3, 4.4)."""
    unresolved = one.wanted_id is not None and one.wanted_key is None
    key = one.wanted_key
    if key is None and flow_nulls and one.current:
        key = ""
    if key == one.current:
        key = None
    if unresolved:
        said = _said(one) and key is None
        planned = None if said else sayings.unresolved(one, attribute, key)
        return Decision(planned, key, unresolved=True)
    return NOTHING if key is None else Decision(sayings.writing(one, attribute, key), key)


def _said(one: Referring) -> bool:
    attempt = one.attempt
    return attempt is not None and not one.failed and attempt.fingerprint == one.wanted_id


class ReferenceStage:
    """The references of one cycle; `run` writes, `plan` says what it would write."""

    def __init__(
        self,
        profile: Profile,
        store: Store,
        target: Target,
        clock: Clock,
        sink: EventSink,
        stop: StopSignal,
        cycle: str,
        initiator: Initiator = Initiator.SYSTEM,
    ) -> None:
        mapping = reference_of(profile.users.attributes)
        on = mapping is not None and ObjectAction.UPDATE in profile.users.actions
        self._attribute = mapping.target if mapping is not None and on else None
        self._flow_nulls = mapping is not None and mapping.flow_nulls
        self._hiding = Hiding.written(profile.users.attributes, target.limits.identity)
        self._book = store.references
        self._target = target
        self._clock = clock
        self._sink = sink
        self._stop = stop
        self._cycle = cycle
        self._initiator = initiator

    def begin(self, *, everybody: bool) -> None:
        """Queue who is due, before anything else of the cycle is kept."""
        if self._attribute is None:
            if everybody:
                self._book.switch_off()
            return
        if everybody:
            self._book.begin_everybody()
        self._book.begin(self._clock.now())

    async def run(self, chosen: Sequence[str] | None = None) -> None:
        """Bring the references of whoever is due, or of these people, into the wanted state."""
        attribute = self._attribute
        if attribute is None:
            return
        if chosen is not None:
            self._book.queue(chosen)
        after = ""
        while slice_ := self._book.due(attribute, after, SLICE, chosen):
            after = slice_[-1].person_id
            await self._look(slice_, attribute)

    async def plan(self) -> AsyncIterator[PlannedAction]:
        """What `run` would do with the accounts there are now."""
        attribute = self._attribute
        if attribute is None:
            return
        after = ""
        while slice_ := self._book.due(attribute, after, SLICE):
            await self._breathe()
            after = slice_[-1].person_id
            for one in slice_:
                decision = self._decide(one, attribute)
                waits = decision.unresolved and one.coming
                if decision.planned is not None and not waits:
                    yield decision.planned

    async def _look(self, slice_: Sequence[Referring], attribute: str) -> None:
        """A slice of people: first those to whom nothing is sent, together."""
        quiet: list[ReferenceSettled] = []
        writes: list[tuple[Referring, PlannedAction, str]] = []
        for one in slice_:
            decision = self._decide(one, attribute)
            if decision.planned is not None and decision.key is not None:
                writes.append((one, decision.planned, decision.key))
            else:
                quiet.append(self._quiet(one, decision))
        await self._breathe()
        self._settle(attribute, quiet)
        for start in range(0, len(writes), IN_FLIGHT):
            await self._breathe()
            # All land, also when one of them ends the cycle: nothing is cancelled in flight.
            results = await asyncio.gather(
                *(self._write(attribute, *one) for one in writes[start : start + IN_FLIGHT]),
                return_exceptions=True,
            )
            for result in results:
                if isinstance(result, BaseException):
                    raise result

    def _decide(self, one: Referring, attribute: str) -> Decision:
        """A failure rests until it is due, or until something else is to be written."""
        decision = decide(one, attribute, flow_nulls=self._flow_nulls)
        if decision.planned is not None:
            planned = self._secrets(one).planned(decision.planned)
            decision = replace(decision, planned=planned)
        before = one.attempt
        if decision.key is None or before is None or not one.failed:
            return decision
        rests = before.fingerprint == decision.key and before.next_try_at > self._clock.now()
        return Decision(unresolved=decision.unresolved, rests=True) if rests else decision

    def _secrets(self, one: Referring) -> Secrets:
        """What nobody is to read about this person here: at most the account's address."""
        return self._hiding.among([(self._hiding.identity, one.address)])

    def _quiet(self, one: Referring, decision: Decision) -> ReferenceSettled:
        """Nothing is sent: as it should be, resting, or nobody to point at."""
        if decision.planned is not None:
            record = self._record(decision.planned)
            return ReferenceSettled(
                one.person_id, record, attempt=self._unresolved(one, decision.planned)
            )
        kept = one.attempt if decision.rests or decision.unresolved else None
        return ReferenceSettled(one.person_id, attempt=kept, failed=kept is not None and one.failed)

    def _unresolved(self, one: Referring, planned: PlannedAction) -> Escrow:
        """Kept so that it is said once; whoever they point at makes them due by an account."""
        now = self._clock.now()
        return Escrow(one.person_id, UNRESOLVED, planned.message, now, 0, now, one.wanted_id or "")

    async def _write(
        self, attribute: str, one: Referring, planned: PlannedAction, key: str
    ) -> None:
        update = AccountUpdate(one.person_id, one.account_key, one.address, {attribute: key})
        started = self._clock.monotonic()
        outcome = await self._target.update(update)
        spent = round((self._clock.monotonic() - started) * 1000)
        if outcome.error is not None:
            result = self._failed(one, planned, key, outcome.error, spent)
        else:
            unresolved = planned.code is not None
            result = ReferenceSettled(
                one.person_id,
                self._record(planned, spent, written=True),
                one.account_key,
                written=key,
                attempt=self._unresolved(one, planned) if unresolved else None,
            )
        self._settle(attribute, [result])

    def _failed(
        self, one: Referring, planned: PlannedAction, key: str, error: EntryError, spent: int
    ) -> ReferenceSettled:
        error = self._secrets(one).failure(sayings.refused(one, error))
        before = one.attempt if one.failed else None
        entry = retry.escrow(one.person_id, error, before, self._clock.now(), key)
        record = self._record(sayings.failed(planned, error), spent, written=True)
        record = replace(record, request_id=error.request_id)
        if entry.given_up:
            record = replace(record, advice=GIVEN_UP)
        return ReferenceSettled(one.person_id, record, attempt=entry, failed=True)

    def _record(
        self, planned: PlannedAction, spent: int = 0, *, written: bool = False
    ) -> ActivityRecord:
        return record_of(
            planned,
            self._clock.now(),
            self._cycle,
            spent=spent,
            written=written,
            initiator=self._initiator,
        )

    def _settle(self, attribute: str, results: Sequence[ReferenceSettled]) -> None:
        if not results:
            return
        self._book.settle(attribute, results)
        for result in results:
            if result.record is not None:
                self._sink.record(result.record)

    async def _breathe(self) -> None:
        """Let the loop run, and end here when asked to stop."""
        await asyncio.sleep(0)
        if self._stop.is_set():
            raise Stopped
