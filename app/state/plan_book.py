"""Candidates, what scoping found about them, and the plan of the cycle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    tuple_,
    union,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from app.domain.activity import ActionKind, Counts, Status, tally
from app.domain.drift import DriftChoice
from app.domain.plan import Evaluated, Grant, Predecessor, RemovalCounts, Subject, Work
from app.state import codec
from app.state.drift import as_they_should_be, compared, remember
from app.state.grants import every_way
from app.state.links import keep_reasons, stay_managed
from app.state.mirror import chunks
from app.state.people import person_of
from app.state.schema import (
    CANDIDATE,
    DRIFTED,
    EVALUATED,
    TO_EVALUATE,
    account,
    drift,
    escrow,
    held,
    intent,
    link,
    person,
    planned,
)
from app.state.subjects import former_owners, owners_of, subjects_of, with_accounts

PAGE = 500

# Removals free seats, updates free addresses, both before anybody new needs them.
ORDER = (
    ActionKind.OTHER,
    ActionKind.LINK,
    ActionKind.DISABLE,
    ActionKind.DELETE,
    ActionKind.UPDATE,
    ActionKind.ENABLE,
    ActionKind.CREATE,
)
RANK = {action: rank for rank, action in enumerate(ORDER)}

WAITING = (planned, escrow, held, intent)


class SqlPlanBook:
    """`domain.ports.PlanBook` on SQLite."""

    def __init__(self, engine: Engine, only: frozenset[str] | None = None) -> None:
        self._engine = engine
        self._only = only

    def only(self, person_ids: Sequence[str]) -> SqlPlanBook:
        """The same book, in which only these people are matched and decided about.

        Whatever they have in the target counts as in doubt: it is read before it is believed.
        """
        return SqlPlanBook(self._engine, frozenset(person_ids))

    def queue(self, person_ids: Sequence[str] | None) -> None:
        """These people, or everybody, are to be looked at, whether or not something changed."""
        statement = update(person).values(dirty=TO_EVALUATE)
        with self._engine.begin() as connection:
            if person_ids is None:
                connection.execute(statement)
                return
            for chunk in chunks(person_ids):
                connection.execute(statement.where(person.c.id.in_(chunk)))

    def due(self, person_ids: Sequence[str]) -> frozenset[str]:
        """Who of these is a candidate already, or somebody whose account is to be repaired."""
        query = select(person.c.id).where(CANDIDATE, person.c.id.in_(person_ids))
        repair = select(drift.c.person_id).where(
            drift.c.decision == DriftChoice.REPAIR, drift.c.person_id.in_(person_ids)
        )
        with self._engine.connect() as connection:
            return frozenset((*connection.scalars(query), *connection.scalars(repair)))

    def leave_out(self, person_ids: Sequence[str]) -> None:
        """Take these people's work out of the plan; they stay candidates of the next cycle."""
        with self._engine.begin() as connection:
            connection.execute(delete(planned).where(planned.c.person_id.in_(person_ids)))

    def subject(self, person_id: str, cycle: str, *, nested: bool) -> Subject | None:
        """One person, complete, candidate or not."""
        return next(iter(self._complete(person.c.id == person_id, 1, cycle, nested=nested)), None)

    def every_way(self, person_id: str) -> Sequence[Grant]:
        """All ways from this person to a role, also those that do not count."""
        with self._engine.connect() as connection:
            return every_way(connection, person_id)

    def begin(self, now: datetime, *, everybody: bool) -> None:
        """Empty the plan and queue who is due; a look at everybody starts all retries anew."""
        due = or_(
            person.c.id.in_(
                select(escrow.c.person_id).where(escrow.c.next_try_at <= codec.stamp(now))
            ),
            person.c.id.in_(select(held.c.person_id)),
            person.c.id.in_(
                # What failed waits its time, also when nobody knows how it ended.
                select(intent.c.person_id).where(
                    intent.c.person_id.not_in(select(escrow.c.person_id))
                )
            ),
            and_(CANDIDATE, person.c.dirty == EVALUATED),
        )
        queue = update(person).values(dirty=TO_EVALUATE)
        with self._engine.begin() as connection:
            connection.execute(delete(planned))
            # Who was looked at only for the account is found by the account once more.
            drifted = update(person).where(CANDIDATE, person.c.dirty == DRIFTED)
            connection.execute(drifted.values(dirty=0))
            if everybody:
                connection.execute(delete(escrow))
            connection.execute(queue if everybody else queue.where(due))

    def to_evaluate(self, limit: int, *, nested: bool) -> Sequence[Subject]:
        """The next candidates to scope."""
        chosen = (
            select(person)
            .where(CANDIDATE, person.c.dirty == TO_EVALUATE)
            .order_by(person.c.id)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            people = {row.id: person_of(row) for row in connection.execute(chosen)}
            return subjects_of(connection, people, nested=nested)

    def evaluated(self, results: Sequence[Evaluated]) -> None:
        """Keep what scoping found; people who share an address become candidates too."""
        with self._engine.begin() as connection:
            before: dict[str, tuple[bool, str | None]] = {}
            for chunk in chunks([result.person_id for result in results]):
                rows = connection.execute(
                    select(person.c.id, person.c.in_scope, person.c.match_value).where(
                        person.c.id.in_(chunk)
                    )
                )
                before.update({row.id: (row.in_scope, row.match_value) for row in rows})
            connection.execute(
                update(person)
                .where(person.c.id == bindparam("b_id"))
                .values(
                    in_scope=bindparam("b_scope"),
                    match_value=bindparam("b_match"),
                    dirty=bindparam("b_dirty"),
                ),
                [
                    {
                        "b_id": result.person_id,
                        "b_scope": result.in_scope,
                        "b_match": result.match,
                        "b_dirty": EVALUATED if result.relevant else 0,
                    }
                    for result in results
                ],
            )
            stay_managed(connection, [one.person_id for one in results if one.in_scope])
            moved: set[str] = set()
            for result in results:
                was = before.get(result.person_id, (False, None))
                if was != (result.in_scope, result.match):
                    moved.update(value for value in (was[1], result.match) if value)
            _queue_sharers(connection, moved)

    def candidates(self) -> int:
        """How many people this cycle has to decide about."""
        with self._engine.connect() as connection:
            return int(
                connection.execute(
                    select(func.count()).select_from(person).where(CANDIDATE)
                ).scalar_one()
            )

    def to_look_up(self, limit: int, after: str) -> Sequence[str]:
        """Addresses at which the target must be asked before anything is decided.

        Those of candidates in scope without a link, and of whatever was begun or failed there.
        """
        candidate = self._candidate()
        unlinked = (
            select(person.c.match_value.label("address"))
            .outerjoin(link, link.c.person_id == person.c.id)
            .where(candidate, person.c.in_scope, link.c.person_id.is_(None))
        )
        begun = (
            select(intent.c.match_value)
            .join(person, person.c.id == intent.c.person_id)
            .where(candidate)
        )
        doubtful = (
            select(account.c.match_value)
            .join(link, link.c.account_key == account.c.key)
            .join(person, person.c.id == link.c.person_id)
            .where(candidate, self._doubtful())
        )
        wanted = union(unlinked, begun, doubtful).subquery()
        query = (
            select(wanted.c.address)
            .where(wanted.c.address > after)
            .order_by(wanted.c.address)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def not_found(self, cycle: str) -> int:
        """Linked candidates in doubt whose account was not read in this cycle: their number."""
        query = (
            select(func.count())
            .select_from(person)
            .join(link, link.c.person_id == person.c.id)
            .outerjoin(account, account.c.key == link.c.account_key)
            .where(self._candidate(), self._doubtful(), _not_read_in(cycle))
        )
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def begin_verification(self) -> int:
        """Queue whom the target confirmed without showing what it holds; returns how many.

        Whoever waits for a decision is not looked at: that would plan the removal a second time,
        behind the brake.
        """
        waiting = select(held.c.person_id).where(held.c.released.is_(False))
        confirmed = select(intent.c.person_id).where(
            intent.c.confirmed, intent.c.person_id.not_in(waiting)
        )
        if self._only is not None:
            confirmed = confirmed.where(intent.c.person_id.in_(self._only))
        with self._engine.begin() as connection:
            return connection.execute(
                update(person).where(person.c.id.in_(confirmed)).values(dirty=EVALUATED)
            ).rowcount

    def to_decide(self, after: str, limit: int, cycle: str, *, nested: bool) -> Sequence[Subject]:
        """Candidates in the order of their ids, complete."""
        condition = and_(self._candidate(), person.c.id > after)
        return self._complete(condition, limit, cycle, nested=nested)

    def to_redecide(self, limit: int, cycle: str, *, nested: bool) -> Sequence[Subject]:
        """Candidates whose work still waits for a fresh account."""
        waiting = select(planned.c.person_id).where(planned.c.needs_fresh)
        return self._complete(person.c.id.in_(waiting), limit, cycle, nested=nested)

    def to_disinherit(self, limit: int, cycle: str, *, nested: bool) -> Sequence[Subject]:
        """Candidates whose account was to pass to somebody who, as planned, won't take it over."""
        heir = planned.alias("heir")
        taken = func.json_extract(heir.c.payload, "$.link.account_key")
        refused = or_(
            heir.c.person_id.is_(None),
            heir.c.status.in_((Status.FAILURE, Status.SKIPPED)),
            taken.is_distinct_from(link.c.account_key),
        )
        disinherited = (
            select(planned.c.person_id)
            .join(link, link.c.person_id == planned.c.person_id)
            .outerjoin(heir, heir.c.person_id == planned.c.passes_to)
            .where(planned.c.passes_to.is_not(None), refused)
        )
        return self._complete(person.c.id.in_(disinherited), limit, cycle, nested=nested)

    def _candidate(self) -> ColumnElement[bool]:
        """Somebody this book decides about."""
        candidate = and_(CANDIDATE, person.c.dirty.in_((EVALUATED, DRIFTED)))
        return candidate if self._only is None else and_(candidate, person.c.id.in_(self._only))

    def _doubtful(self) -> ColumnElement[bool]:
        """Something was begun at the target for this person, or failed there."""
        if self._only is not None:
            return true()
        return or_(
            person.c.id.in_(select(intent.c.person_id)), person.c.id.in_(select(escrow.c.person_id))
        )

    def _complete(
        self, condition: ColumnElement[bool], limit: int, cycle: str, *, nested: bool
    ) -> Sequence[Subject]:
        chosen = select(person).where(condition).order_by(person.c.id).limit(limit)
        with self._engine.connect() as connection:
            rows = list(connection.execute(chosen))
            people = {row.id: person_of(row) for row in rows}
            matches = {row.id: row.match_value for row in rows if row.match_value}
            subjects = subjects_of(connection, people, nested=nested)
            drifting = {row.id for row in rows if row.dirty == DRIFTED}
            subjects = [replace(one, drifting=one.person.id in drifting) for one in subjects]
            return with_accounts(connection, subjects, matches, cycle)

    def waiting_for_fresh(self, limit: int, after: str) -> Sequence[str]:
        """Addresses of the accounts that must be read again, as they were last known."""
        query = (
            select(account.c.match_value)
            .distinct()
            .join(link, link.c.account_key == account.c.key)
            .join(planned, planned.c.person_id == link.c.person_id)
            .where(planned.c.needs_fresh, account.c.match_value > after)
            .order_by(account.c.match_value)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def still_waiting(self, cycle: str) -> int:
        """Accounts that must be read again and were not found at their address: their number."""
        query = (
            select(func.count())
            .select_from(planned)
            .join(link, link.c.person_id == planned.c.person_id)
            .outerjoin(account, account.c.key == link.c.account_key)
            .where(planned.c.needs_fresh, _not_read_in(cycle))
        )
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def owner_of(self, keys: Sequence[str], person_id: str, *, moving: bool = False) -> str | None:
        """Name of somebody else in scope to whom one of these accounts belongs.

        `moving`: also of somebody whose account is to get another address.
        """
        with self._engine.connect() as connection:
            return next(
                (
                    owner.name
                    for owner in owners_of(connection, keys)
                    if owner.person_id != person_id and (owner.claims or moving)
                ),
                None,
            )

    def former_owner(self, keys: Sequence[str], person_id: str) -> Predecessor | None:
        """Somebody else out of scope to whom one of these accounts still belongs."""
        with self._engine.connect() as connection:
            found = former_owners(connection, keys).values()
        return next((one for one in found if one.link.person_id != person_id), None)

    def add(
        self,
        works: Sequence[Work],
        settled: Sequence[str],
        silent: Sequence[Work] = (),
        resting: Sequence[str] = (),
    ) -> None:
        """Put work into the plan (replacing); `settled` people need nothing.

        Of `silent` people only what was changed by hand is remembered. Nothing is done about
        `resting` people, and what was begun for them stays begun.
        """
        rows = [
            {
                "person_id": work.person_id,
                "rank": RANK[work.planned.action],
                "action": work.planned.action,
                "status": work.planned.status,
                "removal": work.planned.removal,
                "needs_fresh": work.needs_fresh,
                "batch": ",".join(sorted(work.draft.licences)) if work.draft else "",
                "fingerprint": work.fingerprint,
                "passes_to": work.passes_to,
                "payload": codec.WORK.dump_json(work).decode(),
            }
            for work in works
        ]
        with self._engine.begin() as connection:
            if rows:
                connection.execute(insert(planned).prefix_with("OR REPLACE"), rows)
            remember(connection, (*works, *silent))
            for chunk in chunks(settled):
                _settle_people(connection, chunk, WAITING)
                as_they_should_be(connection, chunk)
            for chunk in chunks([work.person_id for work in silent]):
                _settle_people(connection, chunk, WAITING)
            for chunk in chunks([work.person_id for work in silent if work.drifts]):
                compared(connection, chunk)
            for chunk in chunks(resting):
                _settle_people(connection, chunk, (planned, escrow, held))

    def removals(self) -> RemovalCounts:
        """What the brake has to know."""
        released = select(held.c.person_id).where(held.c.released)
        removing = and_(planned.c.removal, planned.c.person_id.not_in(released))
        with self._engine.connect() as connection:
            total = connection.execute(
                select(func.count()).select_from(planned).where(removing)
            ).scalar_one()
            waiting = connection.execute(
                select(func.count())
                .select_from(planned)
                .where(removing, planned.c.person_id.in_(select(held.c.person_id)))
            ).scalar_one()
            active = connection.execute(
                select(func.count()).select_from(link).where(link.c.active)
            ).scalar_one()
        return RemovalCounts(planned=total, already_held=waiting, active_links=active)

    def hold(self, now: datetime, because: str, *, everything: bool) -> None:
        """Take removals out of the plan and keep them for a decision."""
        released = select(held.c.person_id).where(held.c.released)
        removing = and_(planned.c.removal, planned.c.person_id.not_in(released))
        if not everything:
            removing = and_(removing, planned.c.person_id.in_(select(held.c.person_id)))
        waiting = select(held.c.person_id).where(held.c.released.is_(False))
        new = insert(held)
        moved = new.from_select(
            ["person_id", "since", "because", "released", "fingerprint", "payload"],
            select(
                planned.c.person_id,
                literal(codec.stamp(now)),
                literal(because),
                literal(False),
                planned.c.fingerprint,
                planned.c.payload,
            ).where(removing),
        )
        with self._engine.begin() as connection:
            connection.execute(
                moved.on_conflict_do_update(
                    index_elements=["person_id"],
                    set_={
                        name: new.excluded[name] for name in ("because", "fingerprint", "payload")
                    },
                )
            )
            gone = and_(planned.c.removal, planned.c.person_id.in_(waiting))
            keep_reasons(connection, gone)
            connection.execute(
                update(person)
                .where(person.c.id.in_(select(planned.c.person_id).where(gone)))
                .values(dirty=0)
            )
            connection.execute(delete(planned).where(gone))

    def newly_held(self, now: datetime) -> Iterator[Work]:
        """Removals that wait since `now`."""
        after = ""
        query = (
            select(held.c.person_id, held.c.payload)
            .where(held.c.since == codec.stamp(now), held.c.released.is_(False))
            .order_by(held.c.person_id)
            .limit(PAGE)
        )
        while True:
            with self._engine.connect() as connection:
                rows = list(connection.execute(query.where(held.c.person_id > after)))
            if not rows:
                return
            for row in rows:
                yield codec.WORK.validate_json(row.payload)
            after = rows[-1].person_id

    def counts(self) -> Counts:
        """What the plan would do."""
        query = select(planned.c.action, planned.c.status, func.count().label("n")).group_by(
            planned.c.action, planned.c.status
        )
        unchanged = (
            select(func.count())
            .select_from(person)
            .join(link, link.c.person_id == person.c.id)
            .where(
                person.c.in_scope,
                link.c.active,
                person.c.id.not_in(select(planned.c.person_id)),
            )
        )
        with self._engine.connect() as connection:
            rows = [(row.action, row.status, row.n) for row in connection.execute(query)]
            same = connection.execute(unchanged).scalar_one()
        return tally(rows, unchanged=same)

    def works(self) -> Iterator[Work]:
        """The plan in the order it is carried out; safe while work is settled."""
        return self._pages(select(*_ORDER, planned.c.payload))

    def listing(self) -> Iterator[Work]:
        """The plan as it is shown and compared: without removals that wait already."""
        waiting = select(held.c.person_id).where(held.c.released.is_(False))
        known = and_(planned.c.removal, planned.c.person_id.in_(waiting))
        return self._pages(select(*_ORDER, planned.c.payload).where(not_(known)))

    def _pages(self, query: Select[tuple[int, str, str, str]]) -> Iterator[Work]:
        after: tuple[int, str, str] = (-1, "", "")
        while True:
            page = query.where(tuple_(*_ORDER) > tuple_(*map(literal, after)))
            with self._engine.connect() as connection:
                rows = list(connection.execute(page.order_by(*_ORDER).limit(PAGE)))
            if not rows:
                return
            for row in rows:
                yield codec.WORK.validate_json(row.payload)
            last = rows[-1]
            after = (last.rank, last.batch, last.person_id)


_ORDER = (planned.c.rank, planned.c.batch, planned.c.person_id)


def _not_read_in(cycle: str) -> ColumnElement[bool]:
    return or_(account.c.key.is_(None), account.c.cycle_id != cycle)


def _queue_sharers(connection: Connection, matches: set[str]) -> None:
    for chunk in chunks(sorted(matches)):
        connection.execute(
            update(person)
            .where(
                person.c.match_value.is_not(None),
                person.c.match_value.in_(chunk),
                person.c.in_scope,
                person.c.dirty == 0,
            )
            .values(dirty=TO_EVALUATE)
        )


def _settle_people(
    connection: Connection, person_ids: Sequence[str], waiting: Sequence[Table]
) -> None:
    """These people are no candidates, and nothing waits for them in these tables any more."""
    connection.execute(update(person).where(person.c.id.in_(person_ids)).values(dirty=0))
    for table in waiting:
        connection.execute(delete(table).where(table.c.person_id.in_(person_ids)))
