"""The provisioning log in its tables: a million records, any filter in well under a second.

A record is split by how it is asked for. `log` is what filters look at: a narrow row, so that
reading all of a million takes a tenth of a second and no filter needs an index of its own.
`log_subject` holds the words (names, addresses, ids, code) once for all records that share them,
folded for searching; a search reads those and not the records. `log_detail` is the rest, read
only for records that are shown, compressed. A trigram index over the words was measured too:
people never seen before took a third longer to write, to save some tenths of a second.
"""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    delete,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    Counts,
    Identity,
    IdentityType,
    LogQuery,
    Status,
    tally,
)
from app.state import codec
from app.state.schema import log, log_cycle, log_detail, log_subject, log_total

PAGE = 500
STAYING = (ActionKind.CREATE, ActionKind.LINK, ActionKind.UPDATE, ActionKind.ENABLE)
"""Actions after which somebody has an active account."""
KEYS_AT_ONCE = 20_000
_SAMPLE = 2_000
_COMMON = 4
"""A word is common when one of this many of the newest records has it."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write(connection: Connection, records: Sequence[ActivityRecord]) -> None:
    """Append records, in the caller's transaction."""
    if not records:
        return
    cycles = _cycle_numbers(connection, {record.cycle for record in records})
    subjects = _subject_ids(connection, records)
    first = int(connection.scalar(select(func.max(log.c.id))) or 0) + 1
    numbered = list(enumerate(records, first))
    connection.execute(
        insert(log),
        [
            {
                "id": number,
                "at": milliseconds(record.at),
                "cycle": cycles[record.cycle],
                "action": record.action,
                "status": record.status,
                "subject": subjects[fingerprint(*_words(record))],
                "kind": record.source.type,
                "change_id": uuid.UUID(record.change).bytes if record.change else None,
            }
            for number, record in numbered
        ],
    )
    connection.execute(
        insert(log_detail),
        [{"id": number, "payload": _packed(record)} for number, record in numbered],
    )
    people = [one for one in records if one.source.type is IdentityType.USER]
    if people:
        _add_totals(connection, people)


def count(connection: Connection, query: LogQuery) -> int:
    """How many records match, whatever the limit."""
    statement = select(func.count()).select_from(log)
    return int(connection.scalar(_matching(connection, statement, query)) or 0)


def find(
    connection: Connection, query: LogQuery, after: int | None, limit: int, offset: int
) -> list[int]:
    """Numbers of matching records in the order asked for, beyond the record `after`."""
    number = log.c.id
    statement = _matching(connection, select(number), query)
    if after is not None:
        statement = statement.where(number < after if query.newest_first else number > after)
    statement = statement.order_by(number.desc() if query.newest_first else number.asc())
    return list(connection.scalars(statement.limit(limit).offset(offset)))


def read(connection: Connection, numbers: Sequence[int]) -> Iterator[ActivityRecord]:
    """These records, in this order; one that has gone meanwhile is left out."""
    statement = (
        select(log, log_subject, log_cycle.c.id.label("cycle_id"), log_detail.c.payload)
        .join(log_subject, log_subject.c.id == log.c.subject)
        .join(log_cycle, log_cycle.c.number == log.c.cycle)
        .join(log_detail, log_detail.c.id == log.c.id)
        .where(log.c.id.in_(numbers))
    )
    found = {row.id: row for row in connection.execute(statement)}
    return (_record(found[number]) for number in numbers if number in found)


def counts_of(
    connection: Connection, cycle_id: str, kind: IdentityType = IdentityType.USER
) -> Counts:
    """What one cycle did to people, or to groups, from its records."""
    rows = connection.execute(
        select(log.c.action, log.c.status, func.count().label("n"))
        .where(log.c.cycle == _number_of(cycle_id), log.c.kind == kind)
        .group_by(log.c.action, log.c.status)
    )
    return tally((row.action, row.status, row.n) for row in rows)


def people_written(connection: Connection, cycle_id: str) -> int:
    """People whose accounts one cycle has written, each of them once."""
    query = (
        select(func.count(func.distinct(log_subject.c.source_id)))
        .select_from(log)
        .join(log_subject, log_subject.c.id == log.c.subject)
        .where(
            log.c.cycle == _number_of(cycle_id),
            log.c.kind == IdentityType.USER,
            log.c.action.in_(STAYING),
            log.c.status.in_((Status.SUCCESS, Status.WARNING)),
        )
    )
    return int(connection.execute(query).scalar_one())


def last_of(connection: Connection, cycle_id: str) -> datetime | None:
    """When the newest record of a cycle was written."""
    at = connection.scalar(select(func.max(log.c.at)).where(log.c.cycle == _number_of(cycle_id)))
    return moment(at) if at is not None else None


def totals(connection: Connection) -> Counts:
    """Numbers to date; records that were removed since are among them."""
    rows = connection.execute(select(log_total))
    return tally((row.action, row.status, row.number) for row in rows)


def prune(connection: Connection, before: datetime, limit: int) -> int:
    """Remove up to `limit` of the oldest records, in the caller's transaction."""
    old = connection.execute(
        select(log.c.id, log.c.subject)
        .where(log.c.at < milliseconds(before))
        .order_by(log.c.at)
        .limit(limit)
    ).all()
    numbers = [row.id for row in old]
    for chunk in _chunks(numbers):
        connection.execute(delete(log).where(log.c.id.in_(chunk)))
        connection.execute(delete(log_detail).where(log_detail.c.id.in_(chunk)))
    for chunk in _chunks(sorted({row.subject for row in old})):
        connection.execute(
            delete(log_subject).where(
                log_subject.c.id.in_(chunk), ~exists().where(log.c.subject == log_subject.c.id)
            )
        )
    return len(numbers)


def milliseconds(at: datetime) -> int:
    """A moment as a number that sorts, from 1970 in UTC."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def moment(at: int) -> datetime:
    """The inverse of `milliseconds`."""
    return _EPOCH + timedelta(milliseconds=at)


def fold(text: str) -> str:
    """For searching: without capitals and accents, so that "zoe" finds Zoë."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(one for one in parts if not unicodedata.combining(one)).casefold()


def fingerprint(*words: str | None) -> int:
    """A number for these words, the same in every run."""
    text = "\0".join(word or "" for word in words)
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


# --- filters ---------------------------------------------------------------------------------


def _matching(
    connection: Connection, statement: Select[tuple[int]], query: LogQuery
) -> Select[tuple[int]]:
    statement = _narrowed(statement, query)
    needle = fold(query.text or "")
    if not needle:
        return statement
    has = func.instr(log_subject.c.folded, needle) > 0
    if _is_common(connection, needle):
        return statement.join(log_subject, log_subject.c.id == log.c.subject).where(has)
    return statement.where(log.c.subject.in_(select(log_subject.c.id).where(has)))


def _narrowed(statement: Select[tuple[int]], query: LogQuery) -> Select[tuple[int]]:
    if query.status is not None:
        statement = statement.where(log.c.status == query.status)
    if query.action is not None:
        statement = statement.where(log.c.action == query.action)
    if query.cycle is not None:
        statement = statement.where(log.c.cycle == _number_of(query.cycle))
    if query.change is not None:
        statement = statement.where(log.c.change_id == _bytes_of(query.change))
    # The plus keeps SQLite from the index on time: rows lie in the order of time as it is.
    at: ColumnElement[int] = literal_column("+log.at")
    if query.since is not None:
        statement = statement.where(at >= milliseconds(query.since))
    if query.until is not None:
        statement = statement.where(at < milliseconds(query.until))
    return statement


def _is_common(connection: Connection, needle: str) -> bool:
    """Whether walking the records finds it sooner than looking up who has it."""
    newest = select(log.c.subject).order_by(log.c.id.desc()).limit(_SAMPLE).subquery()
    hits = (
        select(func.count())
        .select_from(newest)
        .join(log_subject, log_subject.c.id == newest.c.subject)
        .where(func.instr(log_subject.c.folded, needle) > 0)
    )
    return int(connection.scalar(hits) or 0) * _COMMON >= _SAMPLE


def _number_of(cycle_id: str) -> Any:  # noqa: ANN401 - a subquery of SQLAlchemy
    return select(log_cycle.c.number).where(log_cycle.c.id == cycle_id).scalar_subquery()


def _bytes_of(change: str) -> bytes:
    """No GUID: a value that no record has."""
    try:
        return uuid.UUID(change).bytes
    except ValueError:
        return b""


# --- rows ------------------------------------------------------------------------------------


def _words(record: ActivityRecord) -> tuple[str, str, str, str, str | None]:
    source, target = record.source, record.target
    return source.id, source.name, target.id, target.name, record.code


def _cycle_numbers(connection: Connection, ids: set[str]) -> dict[str, int]:
    connection.execute(
        insert(log_cycle).on_conflict_do_nothing(), [{"id": one} for one in sorted(ids)]
    )
    rows = connection.execute(select(log_cycle).where(log_cycle.c.id.in_(ids)))
    return {row.id: row.number for row in rows}


def _subject_ids(connection: Connection, records: Sequence[ActivityRecord]) -> dict[int, int]:
    """Ids of the words of these records, kept when they are new."""
    words = {fingerprint(*found): found for found in map(_words, records)}
    connection.execute(
        insert(log_subject).on_conflict_do_nothing(),
        [
            {
                "fingerprint": key,
                "source_id": found[0],
                "source_name": found[1],
                "target_id": found[2],
                "target_name": found[3],
                "code": found[4],
                "folded": fold("\n".join(word for word in found if word)),
            }
            for key, found in words.items()
        ],
    )
    ids: dict[int, int] = {}
    for chunk in _chunks(list(words)):
        rows = connection.execute(
            select(log_subject.c.fingerprint, log_subject.c.id).where(
                log_subject.c.fingerprint.in_(chunk)
            )
        )
        ids.update((row.fingerprint, row.id) for row in rows)
    return ids


def _add_totals(connection: Connection, records: Iterable[ActivityRecord]) -> None:
    numbers = Counter((record.action, record.status) for record in records)
    new = insert(log_total)
    connection.execute(
        new.on_conflict_do_update(
            index_elements=["action", "status"],
            set_={"number": log_total.c.number + new.excluded.number},
        ),
        [
            {"action": action, "status": status, "number": number}
            for (action, status), number in numbers.items()
        ],
    )


def _packed(record: ActivityRecord) -> bytes:
    return zlib.compress(codec.DETAILS.dump_json(codec.Details.of(record)), 1)


def _record(row: Row[Any]) -> ActivityRecord:
    payload = row.payload
    # Records of schema 0001 are text.
    text = payload if isinstance(payload, str) else zlib.decompress(payload)
    details = codec.DETAILS.validate_json(text)
    return ActivityRecord(
        at=moment(row.at),
        cycle=row.cycle_id,
        action=ActionKind(row.action),
        status=Status(row.status),
        source=Identity(row.source_id, row.source_name, details.source_type),
        target=Identity(row.target_id, row.target_name, details.target_type),
        message=details.message,
        reason=details.reason,
        changes=details.changes,
        code=row.code,
        advice=details.advice,
        steps=details.steps,
        duration_ms=details.duration_ms,
        request_id=details.request_id,
        change=str(uuid.UUID(bytes=row.change_id)) if row.change_id else "",
        initiator=details.initiator,
    )


def _chunks(items: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
