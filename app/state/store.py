"""One profile's state, put together: the ports of the engine on one database."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import Engine, func, not_, select

from app.domain.codes import UNRESOLVED
from app.domain.plan import Health
from app.state.database import copy_database, open_database, open_reader
from app.state.drift import SqlDriftBook
from app.state.groups import SqlGroupBook
from app.state.history import SqlHistory
from app.state.journal import SqlJournal
from app.state.mirror import SqlMirror
from app.state.plan_book import SqlPlanBook
from app.state.references import SqlReferenceBook
from app.state.schema import escrow, link, person, reference_attempt


class SqlStore(SqlHistory):
    """`domain.ports.Store` on SQLite."""

    def __init__(self, engine: Engine, throw_away: Path | None = None) -> None:
        super().__init__(engine)
        self.mirror = SqlMirror(engine)
        self.plan = SqlPlanBook(engine)
        self.groups = SqlGroupBook(engine)
        self.references = SqlReferenceBook(engine)
        self.drift = SqlDriftBook(engine)
        self.journal = SqlJournal(engine)
        self._throw_away = throw_away

    def entitled_and_linked(self) -> int:
        """How many people in scope have their account."""
        query = (
            select(func.count())
            .select_from(person)
            .join(link, link.c.person_id == person.c.id)
            .where(
                person.c.in_scope,
                link.c.active,
                person.c.id.not_in(select(escrow.c.person_id)),
            )
        )
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def health(self) -> Health:
        """What quarantine is judged by; the counts are of the same moment."""
        code = func.json_extract(escrow.c.payload, "$.code")
        reference = code == UNRESOLVED
        query = select(func.count().filter(not_(reference)), func.count().filter(reference)).where(
            func.json_extract(escrow.c.payload, "$.given_up").is_not(1)
        )
        refused = select(func.count()).where(
            reference_attempt.c.next_try_at.is_not(None),
            func.json_extract(reference_attempt.c.payload, "$.given_up").is_not(1),
        )
        with self._engine.connect() as connection:
            failures, references = connection.execute(query).one()
            references += connection.execute(refused).scalar_one()
        return Health(failures, references, self.entitled_and_linked())

    def scratch(self) -> SqlStore:
        """A copy to plan on, in a file of its own beside the temporary files."""
        folder = Path(tempfile.mkdtemp(prefix="rollcall-plan-"))
        return SqlStore(copy_database(self._engine, folder / "plan.db"), folder)

    def close(self) -> None:
        """Give the files back; a scratch copy vanishes."""
        self._engine.dispose()
        if self._throw_away is not None:
            for file in self._throw_away.iterdir():
                file.unlink()
            self._throw_away.rmdir()
            self._throw_away = None


def open_store(path: Path) -> SqlStore:
    """The state in `path` for writing; raises `StateUnusable`."""
    return SqlStore(open_database(path))


def open_scratch() -> SqlStore:
    """An empty state that vanishes when closed, for a preview before anything exists."""
    folder = Path(tempfile.mkdtemp(prefix="rollcall-plan-"))
    return SqlStore(open_database(folder / "plan.db"), folder)


def open_history(path: Path) -> SqlHistory | None:
    """The state in `path` for reading, None while it is being created.

    Raises `StateUnusable` when there is none.
    """
    engine = open_reader(path)
    return SqlHistory(engine) if engine is not None else None
