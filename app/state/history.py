"""Reading the state without writing, beside a running cycle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, func, or_, select

from app.domain.activity import (
    ActivityRecord,
    Counts,
    CycleSummary,
    JobStatus,
    LogQuery,
    PlannedAction,
    tally,
)
from app.domain.people import Person
from app.state import codec
from app.state.journal import read_quarantine
from app.state.people import called, like
from app.state.schema import cycle, escrow, held, link, log, person, watermark

PAGE = 500

Row = TypeVar("Row", bound=tuple[Any, ...])


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
                escrowed=_number(connection, select(func.count()).select_from(escrow)),
                held=_number(
                    connection,
                    select(func.count()).select_from(held).where(held.c.released.is_(False)),
                ),
                totals=_totals(connection),
                cycles=_number(connection, select(func.count()).select_from(cycle)),
                since=codec.moment(since) if since else None,
                quarantine=unhealthy.reason if unhealthy else None,
                quarantined_since=unhealthy.series_began if unhealthy else None,
                next_attempt=unhealthy.next_attempt if unhealthy else None,
            )

    def cycles(self, limit: int) -> Sequence[CycleSummary]:
        """The newest finished cycles, newest first."""
        with self._engine.connect() as connection:
            return _cycles(connection, limit)

    def log(self, query: LogQuery) -> Iterator[ActivityRecord]:
        """Records of the provisioning log; pages through, so any length is fine."""
        left, offset = query.limit, query.offset
        direction = log.c.id.desc() if query.newest_first else log.c.id.asc()
        after: int | None = None
        while left is None or left > 0:
            size = PAGE if left is None else min(PAGE, left)
            statement = _matching(select(log.c.id, log.c.payload), query).order_by(direction)
            if after is not None:
                statement = statement.where(
                    log.c.id < after if query.newest_first else log.c.id > after
                )
            with self._engine.connect() as connection:
                rows = list(connection.execute(statement.limit(size).offset(offset)))
            for row in rows:
                yield codec.RECORD.validate_json(row.payload)
            if len(rows) < size:
                return
            after, offset = rows[-1].id, 0
            left = None if left is None else left - len(rows)

    def count_log(self, query: LogQuery) -> int:
        """How many records `log` would give without its limit."""
        with self._engine.connect() as connection:
            return _number(connection, _matching(select(func.count()).select_from(log), query))

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

    def people_called(self, user: str) -> Sequence[Person]:
        """By id, address or name."""
        with self._engine.connect() as connection:
            return called(connection, user)

    def people_like(self, user: str, limit: int) -> Sequence[Person]:
        """By names and addresses that are near."""
        with self._engine.connect() as connection:
            return like(connection, user, limit)


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


def _totals(connection: Connection) -> Counts:
    rows = connection.execute(
        select(log.c.action, log.c.status, func.count().label("n")).group_by(
            log.c.action, log.c.status
        )
    )
    return tally((row.action, row.status, row.n) for row in rows)


def _matching(statement: Select[Row], query: LogQuery) -> Select[Row]:
    if query.status is not None:
        statement = statement.where(log.c.status == query.status)
    if query.action is not None:
        statement = statement.where(log.c.action == query.action)
    if query.cycle is not None:
        statement = statement.where(log.c.cycle_id == query.cycle)
    if query.since is not None:
        statement = statement.where(log.c.at >= codec.stamp(query.since))
    if query.text:
        wanted = query.text
        statement = statement.where(
            or_(
                *(
                    column.icontains(wanted, autoescape=True)
                    for column in (
                        log.c.source_name,
                        log.c.target_name,
                        log.c.code,
                        log.c.source_id,
                        log.c.target_id,
                    )
                )
            )
        )
    return statement
