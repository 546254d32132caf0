"""Whose account is whose: links as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.plan import Settled
from app.state import codec
from app.state.mirror import chunks
from app.state.references import mark_relinked
from app.state.schema import drift, link, person, planned


def write_links(connection: Connection, results: Iterable[Settled], now: datetime) -> None:
    """An account has one owner: who takes it over ends the link of whoever had it before."""
    results = [one for one in results if one.unlink or one.link is not None]
    before = _accounts_of(connection, [one.work.person_id for one in results])
    relinked: set[str] = set()
    for result in results:
        mine = result.work.person_id
        if result.unlink or result.link is None:
            connection.execute(delete(link).where(link.c.person_id == mine))
            relinked.add(mine)
            continue
        if before.get(mine) != (result.link.account_key, result.link.active):
            relinked.add(mine)
        others = delete(link).where(
            link.c.account_key == result.link.account_key,
            link.c.person_id != result.link.person_id,
        )
        former = set(connection.scalars(others.returning(link.c.person_id)))
        if former:
            # Their account has passed on: nothing is left to decide about them.
            connection.execute(update(person).where(person.c.id.in_(former)).values(dirty=0))
            connection.execute(delete(drift).where(drift.c.person_id.in_(former)))
        relinked |= former
        values = {
            "account_key": result.link.account_key,
            "active": result.link.active,
            "payload": codec.LINK.dump_json(result.link).decode(),
        }
        connection.execute(
            insert(link)
            .values(person_id=result.link.person_id, linked_at=codec.stamp(now), **values)
            .on_conflict_do_update(index_elements=["person_id"], set_=values)
        )
    if relinked:
        mark_relinked(connection, relinked)


def _accounts_of(connection: Connection, person_ids: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """The key of each person's account, and whether it is active."""
    found: dict[str, tuple[str, bool]] = {}
    for chunk in chunks(person_ids):
        rows = connection.execute(select(link).where(link.c.person_id.in_(chunk)))
        found.update({row.person_id: (row.account_key, row.active) for row in rows})
    return found


def keep_reasons(connection: Connection, chosen: ColumnElement[bool]) -> None:
    """Why these planned leavers are not managed any more, though their removal is not done yet.

    It decides what a later deletion in the directory means (spec/provisioning.md 6, row 8).
    """
    reason = func.json_extract(planned.c.payload, "$.left")
    left = select(reason).where(planned.c.person_id == link.c.person_id).scalar_subquery()
    leavers = select(planned.c.person_id).where(chosen, reason.is_not(None))
    connection.execute(
        update(link)
        .where(link.c.person_id.in_(leavers))
        .values(payload=func.json_set(link.c.payload, "$.left", left))
    )


def stay_managed(connection: Connection, person_ids: Sequence[str]) -> None:
    """These people are in scope: why they once left means nothing while the account is active."""
    for chunk in chunks(person_ids):
        connection.execute(
            update(link)
            .where(
                link.c.person_id.in_(chunk),
                link.c.active,
                func.json_extract(link.c.payload, "$.left").is_not(None),
            )
            .values(payload=func.json_set(link.c.payload, "$.left", None))
        )
