"""Opening a profile's SQLite database: pragmas, migrations, refusals, copies.

Every write is durable before the call returns (WAL with synchronous=FULL): an intent must be on
disk before the target hears of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from app.domain.errors import StateUnusable
from app.domain.texts import Text

HEAD = "0008"
OF_THE_WORLD = tuple(
    f"SQLITE_{what}"
    for what in ("BUSY", "CANTOPEN", "CORRUPT", "FULL", "IOERR", "LOCKED", "NOTADB", "READONLY")
)
"""SQLite's codes for what is not a mistake of this program."""
ACCOUNT_ATTRIBUTE = "rollcall_account_attribute"
"""SQL function: one attribute of an account as text without capitals."""
MIGRATIONS = Path(__file__).with_name("migrations")


def open_database(path: Path) -> Engine:
    """The database for writing, brought to today's schema.

    Raises `StateUnusable` naming the file when it is damaged, newer than this program, locked,
    or cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = _engine(str(path))
    with problems_of(path):
        _migrate(engine, path)
    return engine


def open_reader(path: Path) -> Engine | None:
    """The database for reading beside a running cycle; never creates or migrates it.

    None while its writer is still creating it: the file is there before its first table.
    """
    engine = _engine(read_only(path), uri=True)
    with problems_of(path), engine.connect() as connection:
        version = _version(connection)
        _refuse_newer(version, path)
    if version is None:
        engine.dispose()
        return None
    return engine


def memory_database() -> Engine:
    """An empty database that was never on a disk; other files can be attached to it."""
    return _engine("file::memory:", uri=True)


def read_only(path: Path) -> str:
    """The address by which SQLite opens this file for reading, whatever signs its name has."""
    return f"{path.absolute().as_uri()}?mode=ro"


def copy_database(engine: Engine, path: Path) -> Engine:
    """A copy in `path`, consistent even while others read; opened for writing."""
    path.unlink(missing_ok=True)
    with problems_of(path):
        # VACUUM refuses to run in a transaction, and SQLAlchemy always opens one.
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("VACUUM INTO ?", (str(path),))
        except sqlite3.DatabaseError as error:
            raise DatabaseError("VACUUM INTO", None, error) from error
        finally:
            raw.close()
        return open_database(path)


@contextmanager
def problems_of(path: Path) -> Iterator[None]:
    """Turn what SQLite says into a sentence about this file."""
    try:
        yield
    except DatabaseError as error:
        raise unusable(str(path), str(error.orig)) from error


def unusable(file: str, cause: str) -> StateUnusable:
    """The sentence for what SQLite says."""
    return StateUnusable(
        Text("The state database {file} cannot be used: {cause}", {"file": file, "cause": cause}),
        _advice(cause),
    )


def _advice(cause: str) -> str:
    if "full" in cause:
        return "Free some disk space, then start again. Nothing recorded so far is lost."
    if "malformed" in cause or "not a database" in cause:
        return (
            "Move the file aside and sync again: Rollcall reads both sides anew and finds "
            "every account by its address."
        )
    if "locked" in cause:
        return "Another program keeps it open. Close that program, then start again."
    return "Check that the folder exists and may be written by you."


def _engine(database: str, *, uri: bool = False) -> Engine:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(database, uri=uri, timeout=10, check_same_thread=False)

    reads = database.endswith("mode=ro")
    engine = create_engine("sqlite://", poolclass=StaticPool, creator=connect)

    @event.listens_for(engine, "connect")
    def _pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        if not isinstance(connection, sqlite3.Connection):
            raise TypeError(type(connection))
        # SQLAlchemy opens transactions itself (BEGIN IMMEDIATE below), sqlite3 must not.
        connection.isolation_level = None
        connection.create_function("rollcall_fold", 1, _fold, deterministic=True)
        connection.create_function(ACCOUNT_ATTRIBUTE, 2, _account_attribute, deterministic=True)
        query_only = connection.execute("PRAGMA query_only").fetchone() == (1,)
        if not query_only and not reads:
            connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        # An index uses a function of ours; some builds of SQLite distrust those in a schema.
        connection.execute("PRAGMA trusted_schema=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("PRAGMA cache_size=-16384")

    @event.listens_for(engine, "handle_error")
    def _say_it(context: ExceptionContext) -> None:
        # Damage, a full disk or a lock in the middle of a cycle ends it with a sentence.
        error = context.original_exception
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(OF_THE_WORLD):
            raise unusable(database, str(error)) from error

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _fold(value: str | None) -> str | None:
    return value.casefold() if value is not None else None


def _account_attribute(payload: str, name: str) -> str | None:
    """SQLite's JSON paths cannot name an attribute that has quotes in it."""
    value = json.loads(payload)["attributes"].get(name)
    return _fold(value) if isinstance(value, str) else None


def _version(connection: Connection) -> str | None:
    tables = connection.execute(
        text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")
    ).scalar_one()
    if not tables:
        return None
    version: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar()
    return version


def _refuse_newer(version: str | None, path: Path) -> None:
    if version is not None and version > HEAD:
        raise StateUnusable(
            Text(
                "The state database {file} was written by a newer Rollcall (version {version})",
                {"file": str(path), "version": version},
            ),
            "Install that newer version, or restore a backup made with this one.",
        )


def _migrate(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        version = _version(connection)
        _refuse_newer(version, path)
        if version == HEAD:
            return
        # Alembic takes a quarter of a second to import; most starts need no migration.
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
