"""What administrators were told, and the end of the credential: kept over restarts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.notices import Credential, Standing
from app.domain.texts import Text
from app.state import codec
from app.state.schema import credential, notice

MAIL = "mail"
"""Key of the row that says why the last mail was not accepted."""


def standings(connection: Connection) -> list[Standing]:
    """Everything that is wrong, with when people were told."""
    rows = connection.execute(select(notice).where(notice.c.key != MAIL).order_by(notice.c.key))
    return [
        Standing(
            row.key,
            codec.moment(row.since),
            codec.moment(row.told_at) if row.told_at else None,
            row.detail,
        )
        for row in rows
    ]


def keep(connection: Connection, found: Sequence[Standing]) -> None:
    """Replace what is kept."""
    connection.execute(delete(notice).where(notice.c.key != MAIL))
    rows = [
        {
            "key": one.key,
            "since": codec.stamp(one.since),
            "told_at": codec.stamp(one.told_at) if one.told_at else None,
            "detail": one.detail,
        }
        for one in found
    ]
    if rows:
        connection.execute(insert(notice), rows)


def mail_error(connection: Connection) -> Text | None:
    """Why the last mail was not accepted."""
    detail = connection.scalar(select(notice.c.detail).where(notice.c.key == MAIL))
    return codec.TEXT.validate_json(detail) if detail else None


def keep_mail_error(connection: Connection, error: Text | None, now: datetime) -> None:
    """Keep it; None forgets it."""
    connection.execute(delete(notice).where(notice.c.key == MAIL))
    if error is not None:
        detail = codec.TEXT.dump_json(error).decode()
        connection.execute(insert(notice).values(key=MAIL, since=codec.stamp(now), detail=detail))


def credential_of(connection: Connection) -> Credential | None:
    """What Microsoft said last, when it said an end."""
    row = connection.execute(select(credential)).first()
    if row is None or row.ends_at is None:
        return None
    return Credential(row.name, codec.moment(row.ends_at))


def read_at(connection: Connection) -> datetime | None:
    """When it was asked last, answered or not."""
    at = connection.scalar(select(credential.c.read_at))
    return codec.moment(at) if at else None


def keep_credential(connection: Connection, found: Credential, now: datetime) -> None:
    """One row: there is one credential."""
    connection.execute(delete(credential))
    ends_at = codec.stamp(found.ends_at) if found.ends_at else None
    connection.execute(
        insert(credential).values(id=1, name=found.name, ends_at=ends_at, read_at=codec.stamp(now))
    )
