"""Candidates, what scoping found about them, and the plan of the cycle."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from app.domain.accounts import Account
from app.domain.activity import ActionKind, Counts, tally
from app.domain.people import Person, Presence
from app.domain.plan import Evaluated, Grant, Link, RemovalCounts, Subject, Work
from app.state import codec
from app.state.mirror import chunks
from app.state.schema import (
    EVALUATED,
    TO_EVALUATE,
    account,
    escrow,
    held,
    intent,
    link,
    parked,
    person,
    planned,
)

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
REMOVALS = (ActionKind.DISABLE, ActionKind.DELETE)


class SqlPlanBook:
    """`domain.ports.PlanBook` on SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, now: datetime, *, everybody: bool) -> None:
        """Empty the plan and queue who is due."""
        due = or_(
            person.c.id.in_(
                select(escrow.c.person_id).where(escrow.c.next_try_at <= codec.stamp(now))
            ),
            person.c.id.in_(select(held.c.person_id)),
            person.c.id.in_(select(intent.c.person_id)),
            person.c.dirty == EVALUATED,
        )
        queue = update(person).values(dirty=TO_EVALUATE)
        with self._engine.begin() as connection:
            connection.execute(delete(planned))
            connection.execute(queue if everybody else queue.where(due))

    def to_evaluate(self, limit: int, *, nested: bool) -> Sequence[Subject]:
        """The next candidates to scope."""
        chosen = (
            select(person).where(person.c.dirty == TO_EVALUATE).order_by(person.c.id).limit(limit)
        )
        with self._engine.connect() as connection:
            people = {row.id: _person(row) for row in connection.execute(chosen)}
            return _subjects(connection, people, nested=nested)

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
                    select(func.count()).select_from(person).where(person.c.dirty > 0)
                ).scalar_one()
            )

    def unmatched(self, limit: int, after: str) -> Sequence[str]:
        """Matching values of candidates in scope without a link."""
        query = (
            select(person.c.match_value)
            .distinct()
            .outerjoin(link, link.c.person_id == person.c.id)
            .where(
                person.c.dirty == EVALUATED,
                person.c.in_scope,
                person.c.match_value > after,
                link.c.person_id.is_(None),
            )
            .order_by(person.c.match_value)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def to_decide(self, after: str, limit: int, cycle: str, *, nested: bool) -> Sequence[Subject]:
        """Candidates in the order of their ids, complete."""
        condition = and_(person.c.dirty == EVALUATED, person.c.id > after)
        return self._complete(condition, limit, cycle, nested=nested)

    def to_redecide(self, limit: int, cycle: str, *, nested: bool) -> Sequence[Subject]:
        """Candidates whose work still waits for a fresh account."""
        waiting = select(planned.c.person_id).where(planned.c.needs_fresh.is_not(None))
        return self._complete(person.c.id.in_(waiting), limit, cycle, nested=nested)

    def _complete(
        self, condition: ColumnElement[bool], limit: int, cycle: str, *, nested: bool
    ) -> Sequence[Subject]:
        chosen = select(person).where(condition).order_by(person.c.id).limit(limit)
        with self._engine.connect() as connection:
            rows = list(connection.execute(chosen))
            people = {row.id: _person(row) for row in rows}
            matches = {row.id: row.match_value for row in rows if row.match_value}
            subjects = _subjects(connection, people, nested=nested)
            return _with_accounts(connection, subjects, matches, cycle)

    def waiting_for_fresh(self) -> Sequence[str]:
        """Matching values of the accounts that must be read again."""
        with self._engine.connect() as connection:
            return list(
                connection.scalars(
                    select(planned.c.needs_fresh)
                    .where(planned.c.needs_fresh.is_not(None))
                    .distinct()
                    .order_by(planned.c.needs_fresh)
                )
            )

    def add(self, works: Sequence[Work], settled: Sequence[str]) -> None:
        """Put work into the plan (replacing); `settled` people need nothing."""
        rows = [
            {
                "person_id": work.person_id,
                "rank": RANK[work.planned.action],
                "action": work.planned.action,
                "status": work.planned.status,
                "removal": work.planned.removal,
                "needs_fresh": work.needs_fresh,
                "batch": ",".join(sorted(work.draft.licences)) if work.draft else "",
                "payload": codec.WORK.dump_json(work).decode(),
            }
            for work in works
        ]
        with self._engine.begin() as connection:
            if rows:
                connection.execute(insert(planned).prefix_with("OR REPLACE"), rows)
            for chunk in chunks(settled):
                _settle_people(connection, chunk)

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

    def hold(self, now: datetime, because: str, *, everything: bool) -> Sequence[Work]:
        """Take removals out of the plan and keep them for a decision; returns the new ones."""
        released = select(held.c.person_id).where(held.c.released)
        before = select(held.c.person_id)
        removing = and_(planned.c.removal, planned.c.person_id.not_in(released))
        if not everything:
            removing = and_(removing, planned.c.person_id.in_(before))
        with self._engine.begin() as connection:
            known = set(connection.scalars(before))
            rows = list(
                connection.execute(
                    select(planned.c.person_id, planned.c.payload)
                    .where(removing)
                    .order_by(planned.c.person_id)
                )
            )
            works = {row.person_id: codec.WORK.validate_json(row.payload) for row in rows}
            for person_id, work in works.items():
                values = {
                    "because": because,
                    "fingerprint": work.fingerprint,
                    "payload": codec.WORK.dump_json(work).decode(),
                }
                connection.execute(
                    insert(held)
                    .values(person_id=person_id, since=codec.stamp(now), released=False, **values)
                    .on_conflict_do_update(index_elements=["person_id"], set_=values)
                )
            connection.execute(delete(planned).where(removing))
            for chunk in chunks(list(works)):
                connection.execute(update(person).where(person.c.id.in_(chunk)).values(dirty=0))
            # Whoever was held and is no longer to be removed has nothing to wait for.
            connection.execute(
                delete(held).where(
                    held.c.person_id.not_in(list(works)),
                    held.c.person_id.in_(select(person.c.id).where(person.c.dirty == 0)),
                    held.c.person_id.not_in(select(planned.c.person_id)),
                )
            )
        return [work for person_id, work in works.items() if person_id not in known]

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

    def works(self, *, action: ActionKind | None = None) -> Iterator[Work]:
        """The plan in the order it is carried out; safe while work is settled."""
        after: tuple[int, str, str] = (-1, "", "")
        key = (planned.c.rank, planned.c.batch, planned.c.person_id)
        while True:
            rank, batch, person_id = after
            query = (
                select(*key, planned.c.payload)
                .where(
                    or_(
                        planned.c.rank > rank,
                        and_(planned.c.rank == rank, planned.c.batch > batch),
                        and_(
                            planned.c.rank == rank,
                            planned.c.batch == batch,
                            planned.c.person_id > person_id,
                        ),
                    )
                )
                .order_by(*key)
                .limit(PAGE)
            )
            if action is not None:
                query = query.where(planned.c.action == action)
            with self._engine.connect() as connection:
                rows = list(connection.execute(query))
            if not rows:
                return
            for row in rows:
                yield codec.WORK.validate_json(row.payload)
            last = rows[-1]
            after = (last.rank, last.batch, last.person_id)


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        attributes=codec.ATTRIBUTES.validate_json(row.attributes),
        presence=Presence(row.presence),
    )


def _queue_sharers(connection: Connection, matches: set[str]) -> None:
    for chunk in chunks(sorted(matches)):
        connection.execute(
            update(person)
            .where(person.c.match_value.in_(chunk), person.c.in_scope, person.c.dirty == 0)
            .values(dirty=TO_EVALUATE)
        )


def _settle_people(connection: Connection, person_ids: Sequence[str]) -> None:
    """These people are as they should be: nothing waits for them any more."""
    connection.execute(update(person).where(person.c.id.in_(person_ids)).values(dirty=0))
    for table in (planned, escrow, held, intent):
        connection.execute(delete(table).where(table.c.person_id.in_(person_ids)))


_DIRECT = """
    SELECT a.principal_id AS person_id, a.role_id AS role_id, '[]' AS ids, '[]' AS names
    FROM assignment a WHERE a.principal_id IN (SELECT value FROM json_each(:people))
"""
_THROUGH_GROUP = """
    SELECT m.member_id, a.role_id, json_array(g.id), json_array(g.name)
    FROM membership m
    JOIN directory_group g ON g.id = m.group_id AND g.security_enabled
    JOIN assignment a ON a.principal_id = g.id
    WHERE m.member_id IN (SELECT value FROM json_each(:people))
"""
_THROUGH_NESTED = """
    SELECT up.person_id, a.role_id, up.ids, up.names
    FROM up JOIN directory_group g ON g.id = up.group_id AND g.security_enabled
    JOIN assignment a ON a.principal_id = g.id
"""
_UP = """
    WITH RECURSIVE up(person_id, group_id, ids, names, depth) AS (
        SELECT m.member_id, g.id, json_array(g.id), json_array(g.name), 1
        FROM membership m JOIN directory_group g ON g.id = m.group_id
        WHERE m.member_id IN (SELECT value FROM json_each(:people))
        UNION
        SELECT up.person_id, g.id,
               json_insert(up.ids, '$[#]', g.id), json_insert(up.names, '$[#]', g.name),
               up.depth + 1
        FROM up JOIN membership m ON m.member_id = up.group_id
        JOIN directory_group g ON g.id = m.group_id
        WHERE up.depth < 16
          AND NOT EXISTS (SELECT 1 FROM json_each(up.ids) WHERE value = g.id)
    )
"""
_GRANTS = text(f"{_DIRECT} UNION ALL {_THROUGH_GROUP} ORDER BY 1, 3, 2")
_NESTED_GRANTS = text(f"{_UP} {_DIRECT} UNION ALL {_THROUGH_NESTED} ORDER BY 1, 3, 2")


def _grants(
    connection: Connection, person_ids: Sequence[str], *, nested: bool
) -> dict[str, list[Grant]]:
    """Roles by person: direct ones first. The assigned group stands first in a path."""
    found: dict[str, list[Grant]] = defaultdict(list)
    rows = connection.execute(
        _NESTED_GRANTS if nested else _GRANTS, {"people": json.dumps(list(person_ids))}
    )
    for row in rows:
        found[row.person_id].append(
            Grant(
                role_id=row.role_id,
                group_ids=tuple(reversed(json.loads(row.ids))),
                group_names=tuple(reversed(json.loads(row.names))),
            )
        )
    for grants in found.values():
        grants.sort(key=lambda grant: len(grant.group_ids))
    return found


def _subjects(connection: Connection, people: dict[str, Person], *, nested: bool) -> list[Subject]:
    ids = list(people)
    grants = _grants(connection, ids, nested=nested)
    links = _links(connection, ids)
    intents = {
        row.person_id: ActionKind(row.action)
        for row in connection.execute(select(intent).where(intent.c.person_id.in_(ids)))
    }
    parked_as = {
        row.person_id: row.fingerprint
        for row in connection.execute(select(parked).where(parked.c.person_id.in_(ids)))
    }
    waiting = set(connection.scalars(select(held.c.person_id).where(held.c.person_id.in_(ids))))
    failed = set(connection.scalars(select(escrow.c.person_id).where(escrow.c.person_id.in_(ids))))
    return [
        Subject(
            person=one,
            grants=tuple(grants[person_id]),
            link=links.get(person_id),
            intent=intents.get(person_id),
            parked=parked_as.get(person_id),
            held=person_id in waiting,
            escrowed=person_id in failed,
        )
        for person_id, one in people.items()
    ]


def _links(connection: Connection, person_ids: Sequence[str]) -> dict[str, Link]:
    rows = connection.execute(select(link).where(link.c.person_id.in_(person_ids)))
    return {row.person_id: codec.LINK.validate_json(row.payload) for row in rows}


@dataclass(frozen=True)
class _Found:
    """Accounts by key, keys by matching value, who is linked to which, and what was read now."""

    accounts: dict[str, Account]
    by_match: dict[str, list[str]]
    owners: dict[str, Link]
    fresh: set[str]

    def complete(self, subject: Subject, match: str | None, twins: Sequence[str]) -> Subject:
        """The subject with its account, or those with its matching value."""
        if subject.link:
            keys = [subject.link.account_key] if subject.link.account_key in self.accounts else []
        else:
            keys = self.by_match.get(match or "", [])
        owners = [self.owners[key] for key in keys if key in self.owners]
        foreign = [owner for owner in owners if owner.person_id != subject.person.id]
        return replace(
            subject,
            accounts=tuple(self.accounts[key] for key in keys),
            account_fresh=bool(keys) and self.fresh.issuperset(keys),
            owner=foreign[0].person_name if foreign else None,
            twins=tuple(twins),
        )


def _with_accounts(
    connection: Connection, subjects: Sequence[Subject], matches: dict[str, str], cycle: str
) -> list[Subject]:
    """Fill in the linked account, or those with the matching value, their owners, and twins."""
    keys = [one.link.account_key for one in subjects if one.link]
    rows = list(
        connection.execute(
            select(account).where(
                or_(account.c.key.in_(keys), account.c.match_value.in_(list(matches.values())))
            )
        )
    )
    by_match: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_match[row.match_value].append(row.key)
    owners = connection.execute(
        select(link).where(link.c.account_key.in_([row.key for row in rows]))
    )
    found = _Found(
        accounts={row.key: codec.ACCOUNT.validate_json(row.payload) for row in rows},
        by_match=by_match,
        owners={row.account_key: codec.LINK.validate_json(row.payload) for row in owners},
        fresh={row.key for row in rows if row.cycle_id == cycle},
    )
    twins = _twins(connection, [one.person.id for one in subjects])
    return [
        found.complete(one, matches.get(one.person.id), twins.get(one.person.id, ()))
        for one in subjects
    ]


def _twins(connection: Connection, person_ids: Sequence[str]) -> dict[str, list[str]]:
    mine, other = person.alias("mine"), person.alias("other")
    name = func.coalesce(
        func.json_extract(other.c.attributes, "$.displayName"),
        func.json_extract(other.c.attributes, "$.userPrincipalName"),
        other.c.id,
    )
    rows = connection.execute(
        select(mine.c.id, name.label("name"))
        .join(other, and_(other.c.match_value == mine.c.match_value, other.c.id != mine.c.id))
        .where(mine.c.id.in_(person_ids), mine.c.in_scope, other.c.in_scope)
        .order_by(mine.c.id, other.c.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row.id].append(row.name)
    return found
