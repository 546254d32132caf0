"""Apply: intent, remote call, then outcome + link + log together (architecture: step 4).

An intent whose outcome never arrived stays in the journal, and so does one that the target
confirmed without showing what it holds: it is looked at before that person is touched again.
One bad entry is one bad entry: it goes to escrow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from app.domain.accounts import Account, Outcome
from app.domain.activity import ActivityRecord, Initiator, PlannedAction, Status, Step
from app.domain.errors import EntryError, Stopped
from app.domain.plan import IntentAfter, Link, Settled, Work
from app.domain.ports import Clock, EventSink, StopSignal, Store, Target
from app.engine import evidence, retry, sayings
from app.engine.handover import Handover
from app.engine.hiding import Hiding
from app.engine.records import record_of

IN_FLIGHT = 8
BOOKS = 200


class Applier:
    """Carries out one plan. `on_done` hears how many people were finished."""

    def __init__(
        self,
        store: Store,
        target: Target,
        clock: Clock,
        sink: EventSink,
        stop: StopSignal,
        cycle: str,
        on_done: Callable[[Sequence[ActivityRecord], int], None],
        initiator: Initiator = Initiator.SYSTEM,
        *,
        hiding: Hiding,
    ) -> None:
        self._hiding = hiding
        self._store = store
        self._target = target
        self._clock = clock
        self._sink = sink
        self._stop = stop
        self._cycle = cycle
        self._on_done = on_done
        self._initiator = initiator
        self._handover = Handover(target)

    async def run(self) -> None:
        """Apply everything in the plan, in its order; raises `Stopped` between two accounts."""
        for kind, works in _batches(self._store.plan.works(), self._target.limits.create_batch):
            if self._stop.is_set():
                raise Stopped
            if kind != "update":
                await self._hand_over()
            if kind == "books":
                self._book(works)
            elif kind == "create":
                await self._create(works)
            elif kind == "delete":
                await self._together(works, self._delete)
            else:
                await self._together(works, self._update)
        await self._hand_over()

    async def _hand_over(self) -> None:
        await self._handover.finish(
            self._update,
            lambda work, outcome: self._settle([self._finished(work, outcome, 0)]),
        )

    def _book(self, works: Sequence[Work]) -> None:
        """Work that changes only Rollcall's own books: skips, known failures, links."""
        self._settle([self._booked(work) for work in works])

    def _booked(self, work: Work) -> Settled:
        planned = work.planned
        if planned.status is Status.FAILURE:
            error = EntryError(planned.code or "InternalError", planned.message, planned.advice)
            return self._failed(work, error, 0, asked=False)
        if planned.status is not Status.SKIPPED:
            planned = _answered(planned, evidence.exported(work, ""))
        link = None if work.unlink else work.link
        return Settled(work, self._record(planned, 0), link=link, unlink=work.unlink)

    async def _create(self, works: Sequence[Work]) -> None:
        drafts = [work.draft for work in works if work.draft is not None]
        self._store.journal.intend(works, self._cycle, self._clock.now())
        started = self._clock.monotonic()
        outcomes = await self._target.create(drafts)
        spent = self._since(started)
        by_person = {outcome.person_id: outcome for outcome in outcomes}
        self._settle([self._finished(work, by_person.get(work.person_id), spent) for work in works])

    async def _together(
        self, works: Sequence[Work], write: Callable[[Work], Awaitable[None]]
    ) -> None:
        self._store.journal.intend(works, self._cycle, self._clock.now())
        # All land, also when one of them ends the cycle: nothing is cancelled in flight.
        results = await asyncio.gather(*(write(work) for work in works), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _update(self, work: Work) -> None:
        if work.update is None:
            return
        started = self._clock.monotonic()
        outcome = await self._target.update(work.update)
        if not self._handover.takes(work, outcome):
            self._settle([self._finished(work, outcome, self._since(started))])

    async def _delete(self, work: Work) -> None:
        started = self._clock.monotonic()
        outcome = await self._target.delete(work.person_id, work.remove or "")
        spent = self._since(started)
        if outcome.error is not None:
            self._settle([self._failed(work, outcome.error, spent)])
        else:
            planned = _answered(work.planned, evidence.exported(work, ""))
            record = self._record(planned, spent, written=True)
            self._settle([Settled(work, record, unlink=True, gone=work.remove)])

    def _finished(self, work: Work, outcome: Outcome | None, spent: int) -> Settled:
        if outcome is None:
            return self._failed(work, sayings.not_kept(work.planned.target.name), spent)
        if outcome.error is not None:
            return self._failed(work, outcome.error, spent)
        key = outcome.key or (work.link.account_key if work.link else "")
        if work.draft is not None and (owner := self._owner_of(key, work.person_id)):
            # GoTo answers a creation with an account that exists as if it had made it.
            return self._failed(work, sayings.address_held(work.draft.match, owner), spent)
        planned = replace(work.planned, target=replace(work.planned.target, id=key))
        planned = _answered(planned, evidence.exported(work, key))
        return Settled(
            work,
            self._record(planned, spent, written=True),
            link=_linked(work, key, seen=outcome.account is not None),
            account=outcome.account or _expected(work, key),
            expected=_expected(work, key),
            intent=IntentAfter.DONE if outcome.account else IntentAfter.CONFIRMED,
        )

    def _owner_of(self, key: str, person_id: str) -> str | None:
        return self._store.plan.owner_of([key], person_id, moving=True)

    def _failed(self, work: Work, error: EntryError, spent: int, *, asked: bool = True) -> Settled:
        """`asked` is False for what failed before anything was sent; its steps say where."""
        now = self._clock.now()
        error = self._hiding.of_work(work).failure(error)
        before = self._store.journal.escrow_of(work.person_id)
        entry = retry.escrow(work.person_id, error, before, now, work.fingerprint)
        planned = replace(
            work.planned,
            status=Status.FAILURE,
            message=error.text,
            advice=sayings.GIVEN_UP if entry.given_up else error.advice,
            code=error.code,
        )
        if asked:
            planned = _answered(planned, evidence.refused(error))
        record = self._record(planned, spent, written=asked)
        return Settled(
            work,
            replace(record, request_id=error.request_id),
            # A delete that failed leaves the account, and it stays its person's.
            unlink=work.unlink and work.remove is None,
            intent=IntentAfter.DONE if asked and not error.transient else IntentAfter.OPEN,
            escrow=entry,
        )

    def _settle(self, results: Sequence[Settled]) -> None:
        self._store.journal.settle(results, self._cycle, self._clock.now())
        records = [result.record for result in results]
        for record in records:
            self._sink.record(record)
        self._on_done(records, len(results))

    def _record(
        self, planned: PlannedAction, spent: int, *, written: bool = False
    ) -> ActivityRecord:
        return record_of(
            planned,
            self._clock.now(),
            self._cycle,
            spent=spent,
            written=written,
            initiator=self._initiator,
        )

    def _since(self, started: float) -> int:
        return round((self._clock.monotonic() - started) * 1000)


def _answered(planned: PlannedAction, step: Step) -> PlannedAction:
    return replace(planned, steps=(*planned.steps, step))


def _kind(work: Work) -> str:
    if work.planned.status is Status.FAILURE:
        return "books"
    if work.remove is not None:
        return "delete"
    if work.draft is not None:
        return "create"
    return "update" if work.update is not None else "books"


def _batches(works: Iterable[Work], create_batch: int) -> Iterator[tuple[str, list[Work]]]:
    """Neighbours of one kind together; creates only with the same seats."""
    sizes = {"books": BOOKS, "create": create_batch, "update": IN_FLIGHT, "delete": IN_FLIGHT}
    batch: list[Work] = []
    current: tuple[str, frozenset[str]] = ("", frozenset())
    for work in works:
        kind = _kind(work)
        group = (kind, work.draft.licences if work.draft else frozenset())
        if batch and (group != current or len(batch) >= sizes[kind]):
            yield current[0], batch
            batch = []
        current = group
        batch.append(work)
    if batch:
        yield current[0], batch


def _linked(work: Work, key: str, *, seen: bool) -> Link | None:
    """The link as it stands now. Seats taken away stay ours until they are seen gone."""
    if work.link is None:
        return None
    link = replace(work.link, account_key=key)
    if seen or work.account is None or work.update is None or work.update.licences is None:
        return link
    return replace(link, returned=work.account.licences - work.update.licences)


def _expected(work: Work, key: str) -> Account | None:
    """The account as it was written, until it is read again."""
    if work.draft is not None:
        return Account(key, work.draft.match, work.draft.attributes, work.draft.licences)
    before, update = work.account, work.update
    if before is None or update is None:
        return None
    return replace(
        before,
        match=update.match,
        attributes={**before.attributes, **update.attributes},
        licences=before.licences if update.licences is None else update.licences,
        roles=before.roles if update.roles is None else update.roles,
    )
