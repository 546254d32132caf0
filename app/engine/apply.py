"""Apply: intent, remote call, then outcome + link + log together (architecture: step 4).

An intent whose outcome never arrived stays in the journal; the next cycle looks at the target
before it touches that person again. One bad entry is one bad entry: it goes to escrow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from app.domain.accounts import Account, AccountUpdate, Outcome, TargetLimits
from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    PlannedAction,
    Reason,
    Status,
)
from app.domain.errors import EntryError, Stopped
from app.domain.plan import Settled, Work
from app.domain.ports import Clock, EventSink, StopSignal, Store, Target
from app.engine import retry, sayings
from app.engine.records import record_of, without_hidden
from app.mapping.comparison import differences

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
    ) -> None:
        self._store = store
        self._target = target
        self._clock = clock
        self._sink = sink
        self._stop = stop
        self._cycle = cycle
        self._on_done = on_done
        self._to_verify: list[Work] = []

    async def run(self) -> None:
        """Apply everything in the plan, in its order; raises `Stopped` between two accounts."""
        for kind, works in _batches(self._store.plan.works(), self._target.limits.create_batch):
            if self._stop.is_set():
                raise Stopped
            if kind == "books":
                self._book(works)
            elif kind == "create":
                await self._create(works)
            else:
                await self._update_together(works)
        await self._verify()

    def _book(self, works: Sequence[Work]) -> None:
        """Work that changes only Rollcall's own books: skips, known failures, links."""
        self._settle([self._booked(work) for work in works])

    def _booked(self, work: Work) -> Settled:
        planned = work.planned
        if planned.status is Status.FAILURE:
            error = EntryError(planned.code or "InternalError", planned.message, planned.advice)
            return self._failed(work, error, 0)
        return Settled(work, self._record(planned, 0), link=work.link)

    async def _create(self, works: Sequence[Work]) -> None:
        drafts = [work.draft for work in works if work.draft is not None]
        self._store.journal.intend(works, self._cycle, self._clock.now())
        started = self._clock.monotonic()
        outcomes = await self._target.create(drafts)
        spent = self._since(started)
        by_person = {outcome.person_id: outcome for outcome in outcomes}
        self._settle([self._finished(work, by_person.get(work.person_id), spent) for work in works])

    async def _update_together(self, works: Sequence[Work]) -> None:
        self._store.journal.intend(works, self._cycle, self._clock.now())
        # All land, also when one of them ends the cycle: nothing is cancelled in flight.
        results = await asyncio.gather(
            *(self._update(work) for work in works), return_exceptions=True
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _update(self, work: Work) -> None:
        if work.update is None:
            return
        started = self._clock.monotonic()
        outcome = await self._target.update(work.update)
        self._settle([self._finished(work, outcome, self._since(started))])

    def _finished(self, work: Work, outcome: Outcome | None, spent: int) -> Settled:
        if outcome is None:
            return self._failed(work, sayings.not_kept(work.planned.target.name), spent)
        if outcome.error is not None:
            return self._failed(work, outcome.error, spent)
        key = outcome.key or (work.link.account_key if work.link else "")
        account = outcome.account or _expected(work, key)
        seats = work.draft is not None or (
            work.update is not None and work.update.licences is not None
        )
        if outcome.account is None and seats:
            self._to_verify.append(work)
        planned = replace(work.planned, target=replace(work.planned.target, id=key))
        link = replace(work.link, account_key=key) if work.link else None
        record = self._record(planned, spent, written=True)
        return Settled(work, record, link=link, account=account)

    def _failed(self, work: Work, error: EntryError, spent: int) -> Settled:
        now = self._clock.now()
        error = without_hidden(error, work)
        before = self._store.journal.escrow_of(work.person_id)
        entry = retry.escrow(work.person_id, error, before, now)
        planned = replace(
            work.planned,
            status=Status.FAILURE,
            message=error.text,
            advice=error.advice,
            code=error.code,
        )
        written = work.draft is not None or work.update is not None
        record = self._record(planned, spent, written=written)
        record = replace(record, request_id=error.request_id)
        return Settled(work, record, escrow=entry)

    async def _verify(self) -> None:
        """Read what was written and compare: a yes that changed nothing is not a success."""
        works, self._to_verify = self._to_verify, []
        if not works:
            return
        if self._stop.is_set():
            raise Stopped
        matches = [_match_of(work) for work in works]
        found = {account.match: account for account in await self._target.find_accounts(matches)}
        self._store.mirror.merge_accounts(list(found.values()), None, self._cycle)
        lost = [work for work in works if _match_of(work) not in found]
        if lost:
            self._store.journal.unlink([work.person_id for work in lost])
            self._settle(
                [self._failed(one, sayings.not_kept(_match_of(one)), 0) for one in lost],
                count=False,
            )
        for work in works:
            account = found.get(_match_of(work))
            if account is not None:
                await self._correct(work, account)

    async def _correct(self, work: Work, account: Account) -> None:
        """Write once more what the target did not keep."""
        again = _correction(work, account, self._target.limits)
        if again is None or again.update is None:
            return
        if self._stop.is_set():
            raise Stopped
        self._store.journal.intend([again], self._cycle, self._clock.now())
        started = self._clock.monotonic()
        outcome = await self._target.update(again.update)
        self._settle([self._finished(again, outcome, self._since(started))], count=False)

    def _settle(self, results: Sequence[Settled], *, count: bool = True) -> None:
        self._store.journal.settle(results, self._cycle, self._clock.now())
        records = [result.record for result in results]
        for record in records:
            self._sink.record(record)
        self._on_done(records, len(results) if count else 0)

    def _record(
        self, planned: PlannedAction, spent: int, *, written: bool = False
    ) -> ActivityRecord:
        return record_of(planned, self._clock.now(), self._cycle, spent=spent, written=written)

    def _since(self, started: float) -> int:
        return round((self._clock.monotonic() - started) * 1000)


def _kind(work: Work) -> str:
    if work.planned.status is Status.FAILURE or (work.draft is None and work.update is None):
        return "books"
    return "create" if work.draft is not None else "update"


def _batches(works: Iterable[Work], create_batch: int) -> Iterator[tuple[str, list[Work]]]:
    """Neighbours of one kind together; creates only with the same seats."""
    sizes = {"books": BOOKS, "create": create_batch, "update": IN_FLIGHT}
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


def _match_of(work: Work) -> str:
    if work.draft is not None:
        return work.draft.match
    return work.update.match if work.update is not None else ""


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


def _correction(work: Work, account: Account, limits: TargetLimits) -> Work | None:
    """What the target did not keep of this work, as an update; None when all is there."""
    written = work.draft or work.update
    if written is None or work.link is None:
        return None
    changes = differences(account.attributes, written.attributes, limits)
    hidden = {change.attribute for change in work.planned.changes if change.redacted}
    changes = tuple(replace(one, redacted=one.attribute in hidden) for one in changes)
    wanted = written.licences
    if wanted is not None and work.draft is not None:
        # A revived account may hold other seats; they are not ours to take.
        wanted = wanted | account.licences
    seats = wanted is not None and wanted != account.licences
    if not changes and not seats:
        return None
    names = [change.attribute for change in changes]
    planned = replace(
        work.planned,
        action=ActionKind.UPDATE,
        status=Status.WARNING,
        reason=Reason.DRIFT,
        changes=changes,
        message=sayings.other_values(
            account.match, ", ".join([*names, "licences"] if seats else names)
        ),
    )
    return Work(
        person_id=work.person_id,
        planned=planned,
        update=AccountUpdate(
            person_id=work.person_id,
            key=account.key,
            match=account.match,
            attributes={change.attribute: change.new for change in changes},
            licences=wanted if seats else None,
        ),
        account=account,
        link=replace(work.link, account_key=account.key),
    )
