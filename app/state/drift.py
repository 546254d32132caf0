"""What was changed by hand at the target: whom to compare, what was found, what was decided.

An account has to be compared when it was read and is not what it was (`account.compared`); until
that has happened `account.agreed` keeps what it was. Accounts of nobody are nobody's business.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    not_,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from app.domain.activity import Reason, Status
from app.domain.codes import DRIFT
from app.domain.drift import ACCOUNT, ROLES, Drift, DriftChoice, DriftFound
from app.domain.plan import Settled, Work
from app.domain.settings import DriftSettings
from app.state import codec
from app.state.mirror import chunks
from app.state.people import folded
from app.state.schema import DRIFTED, TO_COMPARE, account, drift, escrow, held, link, person

_IN_FORCE = func.coalesce(drift.c.decision, drift.c.choice)
_WAITS = _IN_FORCE == DriftChoice.REPORT


class SqlDriftBook:
    """`domain.ports.DriftBook` on SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def gone(self, limit: int, after: str) -> Sequence[str]:
        """Addresses, in order, of active accounts that a full read did not list."""
        address = func.json_extract(link.c.payload, "$.match")
        query = (
            select(address)
            .distinct()
            .outerjoin(account, account.c.key == link.c.account_key)
            .where(link.c.active, account.c.key.is_(None), address > after)
            .order_by(address)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def lost(self) -> int:
        """How many active accounts are not there any more, beyond those known to be gone."""
        known = select(drift.c.person_id).where(drift.c.attribute == ACCOUNT)
        query = (
            select(func.count())
            .select_from(link)
            .outerjoin(account, account.c.key == link.c.account_key)
            .where(link.c.active, account.c.key.is_(None), link.c.person_id.not_in(known))
        )
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def queue(
        self,
        settings: DriftSettings,
        pilot: frozenset[str] | None,
        *,
        compare: bool,
        listed: bool,
    ) -> int:
        """Who is to be decided about only because of the account; returns how many.

        `compare`: also whose account is not what it was. `listed`: all accounts were read in this
        cycle, so that some may be gone. Outside the pilot list, and while something failed or
        waits, nobody is looked at.
        """
        with self._engine.begin() as connection:
            if listed:
                mine = select(link.c.account_key)
                connection.execute(
                    update(account)
                    .where(TO_COMPARE, account.c.key.not_in(mine))
                    .values(compared=True, agreed=None)
                )
            due = [person.c.id.in_(_to_decide_anew(settings))]
            theirs = select(link.c.person_id)
            if compare:
                here = theirs.join(account, account.c.key == link.c.account_key)
                due.append(person.c.id.in_(here.where(TO_COMPARE)))
            if compare and listed:
                there = theirs.outerjoin(account, account.c.key == link.c.account_key)
                due.append(person.c.id.in_(there.where(link.c.active, account.c.key.is_(None))))
            waits = or_(
                person.c.id.in_(select(escrow.c.person_id)),
                person.c.id.in_(select(held.c.person_id)),
            )
            chosen = and_(person.c.dirty == 0, or_(*due), not_(waits))
            if pilot is not None:
                chosen = and_(chosen, _in_pilot(pilot))
            statement = update(person).where(chosen).values(dirty=DRIFTED)
            return connection.execute(statement).rowcount

    def of(self, person_id: str) -> Sequence[Drift]:
        """What is known about one person."""
        with self._engine.connect() as connection:
            return drifts_of(connection, [person_id]).get(person_id, ())

    def decide(
        self,
        decision: DriftChoice,
        attributes: Sequence[str] | None = None,
        person_ids: Sequence[str] | None = None,
        *,
        waiting: bool = False,
    ) -> int:
        """Decide about what is listed, None = all of it; returns how many people.

        `waiting`: only about what nobody has decided.
        """
        changed = update(drift).values(decision=decision).returning(drift.c.person_id)
        if attributes is not None:
            changed = changed.where(drift.c.attribute.in_(attributes))
        if waiting:
            changed = changed.where(_WAITS)
        portions = [changed]
        if person_ids is not None:
            portions = [changed.where(drift.c.person_id.in_(one)) for one in chunks(person_ids)]
        with self._engine.begin() as connection:
            found = {one for portion in portions for one in connection.scalars(portion)}
            people = sorted(found)
            if decision is DriftChoice.REPAIR:
                # Somebody asked: what failed before is tried once more without waiting.
                for chunk in chunks(people):
                    connection.execute(delete(escrow).where(escrow.c.person_id.in_(chunk)))
            return len(people)


def _to_decide_anew(settings: DriftSettings) -> Select[tuple[str]]:
    """Whose repair was asked for, and those for whom the profile says something else by now."""
    named = {one: settings.choice(one) for one in (*settings.attributes, ROLES)}
    choice = case(named, value=drift.c.attribute, else_=settings.otherwise)
    return select(drift.c.person_id).where(
        or_(
            drift.c.decision == DriftChoice.REPAIR,
            and_(drift.c.decision.is_(None), drift.c.choice != choice),
        )
    )


def _in_pilot(pilot: frozenset[str]) -> ColumnElement[bool]:
    names = ("userPrincipalName", "originalUserPrincipalName")
    values = (folded(func.json_extract(person.c.attributes, f"$.{name}")) for name in names)
    return or_(*(value.in_(sorted(pilot)) for value in values))


def drifts_of(connection: Connection, person_ids: Sequence[str]) -> Mapping[str, tuple[Drift, ...]]:
    """By person."""
    found: defaultdict[str, list[Drift]] = defaultdict(list)
    for chunk in chunks(person_ids):
        rows = connection.execute(
            select(drift).where(drift.c.person_id.in_(chunk)).order_by(drift.c.attribute)
        )
        for row in rows:
            found[row.person_id].append(_found(row).drift)
    return {one: tuple(drifts) for one, drifts in found.items()}


def all_found(connection: Connection) -> list[DriftFound]:
    """Everything that was found, by name."""
    if not _known(connection):
        return []
    found = [_found(row) for row in connection.execute(select(drift))]
    return sorted(found, key=lambda one: (one.source.name.casefold(), one.source.id,
                                          one.drift.attribute))  # fmt: skip


def undecided(connection: Connection) -> int:
    """How many people's accounts wait for a decision."""
    if not _known(connection):
        return 0
    query = select(func.count(drift.c.person_id.distinct())).where(_WAITS)
    return int(connection.execute(query).scalar_one())


def _known(connection: Connection) -> bool:
    """A file is read as it is, also one that an older version has written."""
    query = text("SELECT count(*) FROM sqlite_master WHERE name = 'drift'")
    return bool(connection.execute(query).scalar_one())


def remember(connection: Connection, works: Iterable[Work]) -> None:
    """What was found, before anything is done about it; since when it is so stays known."""
    for work in works:
        if not work.drifts:
            continue
        for one in work.drifts:
            entry = DriftFound(work.planned.source, work.planned.target, one)
            values = {
                "choice": one.choice,
                "decision": one.decision,
                "wished": one.wished,
                "found": one.found,
                "since": codec.stamp(one.since) if one.since else "",
                "told": one.told,
                "payload": codec.DRIFT.dump_json(entry).decode(),
            }
            connection.execute(
                insert(drift)
                .values(person_id=work.person_id, attribute=one.attribute, **values)
                .on_conflict_do_update(index_elements=["person_id", "attribute"], set_=values)
            )
        _forget_others(connection, work.person_id, [one.attribute for one in work.drifts])


def settle(connection: Connection, results: Iterable[Settled]) -> None:
    """What was repaired is over, and so is what a success did not find; the rest was told.

    Where the profile lets nothing be written it is over too, except for what was accepted: once
    the profile says otherwise everybody is looked at again.
    """
    over: list[str] = []
    refused: list[str] = []
    settled: list[str] = []
    for result in results:
        work, record = result.work, result.record
        if record.status is Status.FAILURE or record.reason is Reason.OUTSIDE_PILOT:
            continue
        left = [one for one in work.drifts if one.in_force is not DriftChoice.REPAIR]
        told = [one.attribute for one in left if one.told or _says(work, one)]
        if left:
            _forget_others(connection, work.person_id, [one.attribute for one in left])
        elif record.status is not Status.SKIPPED:
            over.append(work.person_id)
        elif record.reason is Reason.ACTION_SWITCHED_OFF:
            refused.append(work.person_id)
        if told:
            connection.execute(
                update(drift)
                .where(drift.c.person_id == work.person_id, drift.c.attribute.in_(told))
                .values(told=True)
            )
        if len(told) < len(left):
            _compare_again(connection, work.person_id)
        elif result.account is None:
            settled.append(work.person_id)
    for chunk in chunks(over):
        connection.execute(delete(drift).where(drift.c.person_id.in_(chunk)))
    for chunk in chunks(refused):
        theirs = drift.c.person_id.in_(chunk)
        connection.execute(delete(drift).where(theirs, _IN_FORCE != DriftChoice.ACCEPT))
    for chunk in chunks(settled):
        compared(connection, chunk)


def _says(work: Work, one: Drift) -> bool:
    """The record of this work names it, or it is nothing to be told."""
    return one.in_force is DriftChoice.ACCEPT or work.planned.code == DRIFT


def compared(connection: Connection, person_ids: Sequence[str]) -> None:
    """The accounts of these people were compared with what they should be."""
    theirs = select(link.c.account_key).where(link.c.person_id.in_(person_ids))
    connection.execute(
        update(account)
        .where(account.c.key.in_(theirs), TO_COMPARE)
        .values(compared=True, agreed=None)
    )


def as_they_should_be(connection: Connection, person_ids: Sequence[str]) -> None:
    """Nothing about the accounts of these people is other than it should be."""
    compared(connection, person_ids)
    connection.execute(delete(drift).where(drift.c.person_id.in_(person_ids)))


def _compare_again(connection: Connection, person_id: str) -> None:
    theirs = select(link.c.account_key).where(link.c.person_id == person_id)
    connection.execute(update(account).where(account.c.key.in_(theirs)).values(compared=False))


def _forget_others(connection: Connection, person_id: str, attributes: Sequence[str]) -> None:
    connection.execute(
        delete(drift).where(drift.c.person_id == person_id, drift.c.attribute.not_in(attributes))
    )


def _found(row: Row[Any]) -> DriftFound:
    entry = codec.DRIFT.validate_json(row.payload)
    decision = DriftChoice(row.decision) if row.decision else None
    return replace(entry, drift=replace(entry.drift, decision=decision, told=row.told))
