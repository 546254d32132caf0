"""Reading the state without writing, beside a running cycle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Engine, Select, Table, func, select

from app.domain.activity import (
    ActivityRecord,
    CycleSummary,
    JobStatus,
    LogQuery,
    PlannedAction,
)
from app.domain.drift import DriftFound
from app.domain.notices import Credential, Standing
from app.domain.people import Person
from app.state import codec, drift, log_book, notices
from app.state.journal import read_quarantine
from app.state.log_book import KEYS_AT_ONCE, PAGE
from app.state.people import called, like
from app.state.schema import cycle, escrow, held, link, person, reference_attempt, watermark


class SqlHistory:
    """`domain.ports.History` on SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()

    def status(self) -> JobStatus:
        """Numbers for the overview and `rollcall status`."""
        with self._engine.connect() as connection:
            running = connection.scalar(
                select(cycle.c.payload)
                .where(cycle.c.ended_at.is_(None))
                .order_by(cycle.c.started_at.desc())
                .limit(1)
            )
            last = _cycles(connection, 1)
            read_at = connection.scalar(select(func.max(watermark.c.at)))
            since = connection.scalar(select(func.min(cycle.c.started_at)))
            unhealthy = read_quarantine(connection)
            return JobStatus(
                current=codec.CYCLE.validate_json(running) if running else None,
                last=last[0] if last else None,
                watermark_at=codec.moment(read_at) if read_at else None,
                people_in_scope=_number(
                    connection, select(func.count()).select_from(person).where(person.c.in_scope)
                ),
                linked=_number(
                    connection, select(func.count()).select_from(link).where(link.c.active)
                ),
                escrowed=sum(_waiting(connection, table) for table in (escrow, reference_attempt)),
                held=_number(
                    connection,
                    select(func.count()).select_from(held).where(held.c.released.is_(False)),
                ),
                totals=log_book.totals(connection),
                cycles=_number(connection, select(func.count()).select_from(cycle)),
                since=codec.moment(since) if since else None,
                quarantine=unhealthy.reason if unhealthy else None,
                quarantined_since=unhealthy.series_began if unhealthy else None,
                next_attempt=unhealthy.next_attempt if unhealthy else None,
                mail_error=notices.mail_error(connection),
                drifted=drift.undecided(connection),
            )

    def cycles(self, limit: int) -> Sequence[CycleSummary]:
        """The newest finished cycles, newest first."""
        with self._engine.connect() as connection:
            return _cycles(connection, limit)

    def log(self, query: LogQuery) -> Iterator[ActivityRecord]:
        """Records of the provisioning log; pages through, so any length is fine."""
        left, offset = query.limit, query.offset
        after: int | None = None
        while left is None or left > 0:
            size = KEYS_AT_ONCE if left is None else min(KEYS_AT_ONCE, left)
            with self._engine.connect() as connection:
                numbers = log_book.find(connection, query, after, size, offset)
            for start in range(0, len(numbers), PAGE):
                with self._engine.connect() as connection:
                    page = list(log_book.read(connection, numbers[start : start + PAGE]))
                yield from page
            if len(numbers) < size:
                return
            after, offset = numbers[-1], 0
            left = None if left is None else left - len(numbers)

    def count_log(self, query: LogQuery) -> int:
        """How many records `log` would give without its limit."""
        with self._engine.connect() as connection:
            return log_book.count(connection, query)

    def standings(self) -> Sequence[Standing]:
        """What is wrong, and whether administrators were told."""
        with self._engine.connect() as connection:
            return notices.standings(connection)

    def credential(self) -> Credential | None:
        """The credential Rollcall signs in with at Microsoft, when its end is known."""
        with self._engine.connect() as connection:
            return notices.credential_of(connection)

    def held(self) -> Sequence[PlannedAction]:
        """Removals waiting for a decision, grouped by cause."""
        with self._engine.connect() as connection:
            works = [
                codec.WORK.validate_json(payload)
                for payload in connection.scalars(
                    select(held.c.payload)
                    .where(held.c.released.is_(False))
                    .order_by(held.c.person_id)
                )
            ]
        planned = [work.planned for work in works]
        return sorted(planned, key=lambda one: (one.reason, one.because, one.source.name))

    def drifts(self) -> Sequence[DriftFound]:
        """What was changed by hand at the target."""
        with self._engine.connect() as connection:
            return drift.all_found(connection)

    def people_called(self, user: str) -> Sequence[Person]:
        """By id, address or name."""
        with self._engine.connect() as connection:
            return called(connection, user)

    def people_like(self, user: str, limit: int) -> Sequence[Person]:
        """By names and addresses that are near."""
        with self._engine.connect() as connection:
            return like(connection, user, limit)


def _waiting(connection: Connection, table: Table) -> int:
    """Failures that are tried again."""
    return _number(
        connection,
        select(func.count())
        .select_from(table)
        .where(
            table.c.next_try_at.is_not(None),
            func.json_extract(table.c.payload, "$.given_up").is_not(1),
        ),
    )


def _number(connection: Connection, statement: Select[tuple[int]]) -> int:
    return int(connection.execute(statement).scalar_one())


def _cycles(connection: Connection, limit: int) -> list[CycleSummary]:
    rows = connection.scalars(
        select(cycle.c.payload)
        .where(cycle.c.ended_at.is_not(None))
        .order_by(cycle.c.started_at.desc())
        .limit(limit)
    )
    return [codec.CYCLE.validate_json(payload) for payload in rows]
