"""Whose account is whose: links as they are written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.plan import Settled
from app.state import codec
from app.state.schema import link, planned


def write_links(connection: Connection, results: Iterable[Settled], now: datetime) -> None:
    """An account has one owner: who takes it over ends the link of whoever had it before."""
    for result in results:
        if result.unlink:
            connection.execute(delete(link).where(link.c.person_id == result.work.person_id))
            continue
        if result.link is None:
            continue
        connection.execute(
            delete(link).where(
                link.c.account_key == result.link.account_key,
                link.c.person_id != result.link.person_id,
            )
        )
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
