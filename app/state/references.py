"""References of people: who is to be looked at, whom they point at, what went wrong (spec 4.4).

`person.refers` marks whose reference may differ from the target: it is set where the cause is
(another manager, another account on either side) and cleared together with the outcome, so that
a cycle cut anywhere forgets nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, text, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.references import ReferenceSettled, Referring
from app.domain.texts import Text
from app.state import codec, log_book
from app.state.mirror import chunks
from app.state.schema import person, reference_attempt

# SQLite uses the index only where its very expression and condition stand in the query.
_MANAGER = "json_extract(attributes, '$.manager')"
_MARK_OWN = text(f"""
    UPDATE person SET refers = 1
    WHERE id IN (SELECT value FROM json_each(:ids)) AND {_MANAGER} IS NOT NULL
""")  # noqa: S608 - ours
_MARK_POINTING = text(f"""
    UPDATE person SET refers = 1
    WHERE {_MANAGER} IS NOT NULL AND {_MANAGER} IN (SELECT value FROM json_each(:ids))
      AND EXISTS (SELECT 1 FROM link WHERE link.person_id = person.id)
""")  # noqa: S608 - ours
_MARK_ALL = text("""
    UPDATE person SET refers = 1 WHERE id IN (SELECT person_id FROM link WHERE active)
""")
_MARK_DUE = text("""
    UPDATE person SET refers = 1
    WHERE id IN (SELECT person_id FROM reference_attempt WHERE next_try_at <= :now)
""")
_DUE = text("""
    SELECT p.id AS person_id,
           COALESCE(json_extract(p.attributes, '$.displayName'),
                    json_extract(p.attributes, '$.userPrincipalName'), p.id) AS name,
           l.account_key,
           COALESCE(json_extract(a.payload, '$.attributes.userName'), a.match_value, '') AS address,
           json_extract(a.payload, :place) AS current,
           json_extract(p.attributes, '$.manager') AS wanted_id,
           COALESCE(json_extract(m.attributes, '$.displayName'),
                    json_extract(m.attributes, '$.userPrincipalName'),
                    json_extract(p.attributes, '$.manager'), '') AS wanted_name,
           w.account_key AS wanted_key, COALESCE(m.in_scope, 0) AS coming,
           r.payload AS attempt, r.next_try_at
    FROM person p
    JOIN link l ON l.person_id = p.id AND l.active
    LEFT JOIN account a ON a.key = l.account_key
    LEFT JOIN person m ON m.id = json_extract(p.attributes, '$.manager')
    LEFT JOIN link w ON w.person_id = json_extract(p.attributes, '$.manager') AND w.active
    LEFT JOIN reference_attempt r ON r.person_id = p.id
    WHERE p.refers > 0 AND p.in_scope AND p.id > :after
      AND (:ids IS NULL OR p.id IN (SELECT value FROM json_each(:ids)))
    ORDER BY p.id LIMIT :limit
""")
_KEEP = text("UPDATE account SET payload = json_set(payload, :place, :value) WHERE key = :key")
_FORGET = text("UPDATE account SET payload = json_remove(payload, :place) WHERE key = :key")


class SqlReferenceBook:
    """`domain.ports.ReferenceBook` on SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, now: datetime) -> None:
        """Queue whose retry is due."""
        with self._engine.begin() as connection:
            connection.execute(_MARK_DUE, {"now": codec.stamp(now)})

    def begin_everybody(self) -> None:
        """Queue everybody with an account; failures count anew."""
        failed = reference_attempt.c.next_try_at.is_not(None)
        with self._engine.begin() as connection:
            connection.execute(_MARK_ALL)
            connection.execute(delete(reference_attempt).where(failed))

    def switch_off(self) -> None:
        """No reference is mapped: nothing waits for one."""
        with self._engine.begin() as connection:
            connection.execute(delete(reference_attempt))

    def due(
        self, attribute: str, after: str, limit: int, chosen: Sequence[str] | None = None
    ) -> Sequence[Referring]:
        """The next people to look at, in the order of their ids."""
        values = {
            "place": _place(attribute),
            "after": after,
            "limit": limit,
            "ids": json.dumps(list(chosen)) if chosen is not None else None,
        }
        with self._engine.connect() as connection:
            return [
                Referring(
                    person_id=row.person_id,
                    name=row.name,
                    account_key=row.account_key,
                    address=row.address,
                    current=row.current,
                    wanted_id=row.wanted_id,
                    wanted_name=row.wanted_name,
                    wanted_key=row.wanted_key,
                    coming=bool(row.coming),
                    attempt=codec.ESCROW.validate_json(row.attempt) if row.attempt else None,
                    failed=row.next_try_at is not None,
                )
                for row in connection.execute(_DUE, values)
            ]

    def settle(self, attribute: str, results: Sequence[ReferenceSettled]) -> None:
        """Mark, account, attempt and log record of each, in one transaction."""
        with self._engine.begin() as connection:
            for chunk in chunks([result.person_id for result in results]):
                connection.execute(update(person).where(person.c.id.in_(chunk)).values(refers=0))
                _forget_attempts(connection, chunk)
            _keep(connection, attribute, results)
            _put_attempts(connection, results)
            log_book.write(connection, [one.record for one in results if one.record])

    def trouble(self, person_id: str) -> Text | None:
        """Why somebody's reference is not as the source wants it; None when it is."""
        query = reference_attempt.select().where(reference_attempt.c.person_id == person_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return codec.ESCROW.validate_json(row.payload).message if row is not None else None


def mark_relinked(connection: Connection, person_ids: Iterable[str]) -> None:
    """Another account, or none: theirs is to be looked at, and whoever points at them.

    What went wrong with the account before has no meaning any more.
    """
    relinked = list(person_ids)
    for chunk in chunks(relinked):
        _forget_attempts(connection, chunk)
    ids = json.dumps(relinked)
    connection.execute(_MARK_OWN, {"ids": ids})
    connection.execute(_MARK_POINTING, {"ids": ids})


def _forget_attempts(connection: Connection, person_ids: Sequence[str]) -> None:
    mine = reference_attempt.c.person_id.in_(person_ids)
    connection.execute(delete(reference_attempt).where(mine))


def _keep(connection: Connection, attribute: str, results: Sequence[ReferenceSettled]) -> None:
    """What the accounts hold now."""
    place = _place(attribute)
    rows = [
        {"place": place, "key": one.account_key, "value": one.written}
        for one in results
        if one.written is not None
    ]
    for statement, some in ((_KEEP, True), (_FORGET, False)):
        chosen = [row for row in rows if bool(row["value"]) is some]
        if chosen:
            connection.execute(statement, chosen)


def _put_attempts(connection: Connection, results: Sequence[ReferenceSettled]) -> None:
    rows = [
        {
            "person_id": result.person_id,
            "next_try_at": codec.stamp(result.attempt.next_try_at) if result.failed else None,
            "payload": codec.ESCROW.dump_json(result.attempt).decode(),
        }
        for result in results
        if result.attempt is not None
    ]
    if rows:
        connection.execute(insert(reference_attempt), rows)


def _place(attribute: str) -> str:
    return f'$.attributes."{attribute}"'
