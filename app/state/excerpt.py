"""The part of a state that concerns a few people, in memory, to answer questions about them.

The file is read and never written: `rollcall why` may run beside a cycle and on a read-only disk.
Nor is it copied: groups, assignments and the job's facts come over whole; people, their
memberships, accounts and links when something mentions them, and with them whoever shares their
address or their account. A delta that changes somebody unknown so far brings them first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from app.domain.accounts import Account
from app.domain.people import GroupChange, Person, PersonChange
from app.domain.plan import Evaluated
from app.state.database import memory_database, open_reader, read_only
from app.state.mirror import SqlMirror
from app.state.people import called, like
from app.state.plan_book import SqlPlanBook
from app.state.schema import metadata
from app.state.store import SqlStore

WHOLE = ("directory_group", "assignment", "watermark", "generation", "job")
_PERSONAL = ("link", "intent", "held", "parked", "escrow", "reference_attempt", "drift")
COPIED = (*WHOLE, *_PERSONAL, "person", "membership", "account")
_ALL = {name: f"base.{name}" for name in WHOLE}
_THEIRS = {
    "person": "base.person WHERE id IN (SELECT value FROM json_each(:ids))",
    "membership": """
        base.membership WHERE member_id IN (
            WITH RECURSIVE above(id) AS (
                SELECT value FROM json_each(:ids)
                UNION
                SELECT m.group_id FROM above JOIN base.membership m ON m.member_id = above.id
            )
            SELECT id FROM above
        )
    """,
    "account": """
        base.account WHERE key IN (
            SELECT account_key FROM base.link
            WHERE person_id IN (SELECT value FROM json_each(:ids))
        )
    """,
    **{
        name: " ".join(("base." + name, "WHERE person_id IN (SELECT value FROM json_each(:ids))"))
        for name in _PERSONAL
    },
}
_ACCOUNTS_AT = "base.account WHERE match_value IN (SELECT value FROM json_each(:ids))"
_NEW = text(
    "SELECT DISTINCT value FROM json_each(:ids) WHERE value NOT IN (SELECT id FROM brought)"
)
_OWNERS = text(
    "SELECT person_id FROM base.link WHERE account_key IN (SELECT value FROM json_each(:ids))"
)
_SHARING = text(
    """
    SELECT id FROM base.person WHERE match_value IN (SELECT value FROM json_each(:ids))
    UNION
    SELECT l.person_id FROM base.account a JOIN base.link l ON l.account_key = a.key
    WHERE a.match_value IN (SELECT value FROM json_each(:ids))
    """
)
_ADDRESSES_OF = text(
    """
    SELECT a.match_value FROM base.account a JOIN base.link l ON l.account_key = a.key
    WHERE l.person_id IN (SELECT value FROM json_each(:ids))
    UNION
    SELECT match_value FROM base.person
    WHERE id IN (SELECT value FROM json_each(:ids)) AND match_value IS NOT NULL
    UNION
    SELECT match_value FROM base.intent
    WHERE person_id IN (SELECT value FROM json_each(:ids)) AND match_value <> ''
    """
)


class Base:
    """The state on disk, attached read-only as `base`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with engine.begin() as connection:
            self._columns = {name: _shared(connection, name) for name in COPIED}
            for name, rows in _ALL.items():
                self._copy(connection, name, rows, ())

    def bring(self, ids: Iterable[str]) -> None:
        """These people and groups, with what is around them."""
        wanted = list(ids)
        if not wanted:
            return
        with self.engine.begin() as connection:
            self._bring(connection, wanted)
            addresses = connection.scalars(_ADDRESSES_OF, {"ids": json.dumps(wanted)})
            self._bring_at(connection, list(addresses))

    def bring_at(self, addresses: Iterable[str]) -> None:
        """Accounts with these addresses, and who has one of them or one of these accounts."""
        wanted = list(addresses)
        if wanted:
            with self.engine.begin() as connection:
                self._bring_at(connection, wanted)

    def bring_owners(self, keys: Iterable[str]) -> None:
        """Whose accounts these are."""
        with self.engine.begin() as connection:
            owners = list(connection.scalars(_OWNERS, {"ids": json.dumps(list(keys))}))
            self._bring(connection, owners)

    def _bring_at(self, connection: Connection, addresses: Sequence[str]) -> None:
        self._copy(connection, "account", _ACCOUNTS_AT, addresses)
        sharing = connection.scalars(_SHARING, {"ids": json.dumps(list(addresses))})
        self._bring(connection, list(sharing))

    def _bring(self, connection: Connection, ids: Sequence[str]) -> None:
        """Only who is not here yet: what the excerpt learned since is newer."""
        new = list(connection.scalars(_NEW, {"ids": json.dumps(list(ids))}))
        if not new:
            return
        connection.execute(
            text("INSERT INTO brought SELECT value FROM json_each(:ids)"), {"ids": json.dumps(new)}
        )
        for name, rows in _THEIRS.items():
            self._copy(connection, name, rows, new)

    def _copy(self, connection: Connection, name: str, rows: str, ids: Sequence[str]) -> None:
        if not self._columns[name]:
            return  # The file is of a version that did not have this table yet.
        columns = ", ".join(self._columns[name])
        target = f"main.{name} ({columns})"
        connection.execute(
            text(f"INSERT OR IGNORE INTO {target} SELECT {columns} FROM {rows}"),  # noqa: S608 - ours
            {"ids": json.dumps(list(ids))} if ":ids" in rows else {},
        )


def _shared(connection: Connection, name: str) -> list[str]:
    """Columns that the file, perhaps of an older version, and this program both know."""
    columns = text("SELECT name FROM pragma_table_info(:name, :place)")
    here, there = (
        list(connection.scalars(columns, {"name": name, "place": place}))
        for place in ("main", "base")
    )
    return [column for column in here if column in there]


class ExcerptMirror(SqlMirror):
    """A mirror that fetches from the file whom a page mentions."""

    known = "SELECT id FROM person UNION ALL SELECT id FROM base.person"

    def __init__(self, base: Base) -> None:
        super().__init__(base.engine)
        self._base = base

    def merge_people(self, changes: Sequence[PersonChange], generation: int | None) -> None:
        """Merge a page."""
        self._base.bring(change.id for change in changes)
        super().merge_people(changes, generation)

    def merge_groups(self, changes: Sequence[GroupChange], generation: int | None) -> None:
        """Merge a page."""
        for change in changes:
            self._base.bring([*(member.id for member in change.added), *change.removed])
        super().merge_groups(changes, generation)

    def merge_accounts(self, page: Sequence[Account], generation: int | None, cycle: str) -> None:
        """Merge accounts with their owners."""
        self._base.bring_owners(account.key for account in page)
        super().merge_accounts(page, generation, cycle)


class ExcerptPlanBook(SqlPlanBook):
    """A plan book that fetches from the file who shares an address."""

    def __init__(self, base: Base, only: frozenset[str] | None = None) -> None:
        super().__init__(base.engine, only)
        self._base = base

    def only(self, person_ids: Sequence[str]) -> ExcerptPlanBook:
        """The same book, in which only these people are decided about."""
        return ExcerptPlanBook(self._base, frozenset(person_ids))

    def evaluated(self, results: Sequence[Evaluated]) -> None:
        """Keep what scoping found."""
        self._base.bring_at(result.match for result in results if result.match)
        super().evaluated(results)

    def queue(self, person_ids: Sequence[str] | None) -> None:
        """Look at these people; everybody means whoever is here."""
        if person_ids is not None:
            self._base.bring(person_ids)
        super().queue(person_ids)


class SqlExcerpt(SqlStore):
    """`domain.ports.Store` on the part of a file that concerns somebody."""

    def __init__(self, base: Base, reader: Engine) -> None:
        super().__init__(base.engine)
        self._base = base
        self._reader = reader
        self.mirror = ExcerptMirror(base)
        self.plan = ExcerptPlanBook(base)

    def people_called(self, user: str) -> Sequence[Person]:
        """Whoever has the name in the file, or since."""
        with self._reader.connect() as connection:
            self._base.bring([one.id for one in called(connection, user)])
        return super().people_called(user)

    def people_like(self, user: str, limit: int) -> Sequence[Person]:
        """By names and addresses that are near, in the file."""
        with self._reader.connect() as connection:
            return like(connection, user, limit)

    def close(self) -> None:
        """Give the file back."""
        super().close()
        self._reader.dispose()


def open_excerpt(path: Path) -> SqlExcerpt | None:
    """An excerpt of the state in `path`, empty of people; None while it is being created.

    Raises `StateUnusable` when the file cannot be read.
    """
    reader = open_reader(path)
    if reader is None:
        return None
    engine = memory_database()

    @event.listens_for(engine, "connect")
    def _attach(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("ATTACH DATABASE ? AS base", (read_only(path),))
        cursor.execute("CREATE TEMP TABLE brought (id TEXT PRIMARY KEY)")

    metadata.create_all(engine)
    return SqlExcerpt(Base(engine), reader)
