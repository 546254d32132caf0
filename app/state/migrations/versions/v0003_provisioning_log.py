"""The provisioning log for a million records: narrow rows to filter, the words kept once.

Records of version 0001 keep their payload as it is; each gets a change id of its own. Totals to
date move into a table, so that old records may go without the numbers shrinking.
"""

from __future__ import annotations

import hashlib
import sqlite3
import unicodedata

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE log RENAME TO log_0001",
    "DROP INDEX ix_log_at",
    "DROP INDEX ix_log_cycle",
    "DROP INDEX ix_log_source",
    "DROP INDEX ix_log_status",
    """
    CREATE TABLE log (
        id INTEGER NOT NULL,
        at INTEGER NOT NULL,
        cycle INTEGER NOT NULL,
        action VARCHAR NOT NULL,
        status VARCHAR NOT NULL,
        subject INTEGER NOT NULL,
        change_id BLOB,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE log_cycle (
        number INTEGER NOT NULL,
        id VARCHAR NOT NULL,
        PRIMARY KEY (number),
        UNIQUE (id)
    )
    """,
    """
    CREATE TABLE log_subject (
        id INTEGER NOT NULL,
        fingerprint INTEGER NOT NULL,
        source_id VARCHAR NOT NULL,
        source_name VARCHAR NOT NULL,
        target_id VARCHAR NOT NULL,
        target_name VARCHAR NOT NULL,
        code VARCHAR,
        folded VARCHAR NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (fingerprint)
    )
    """,
    "CREATE TABLE log_detail (id INTEGER NOT NULL, payload BLOB NOT NULL, PRIMARY KEY (id))",
    """
    CREATE TABLE log_total (
        action VARCHAR NOT NULL,
        status VARCHAR NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (action, status)
    )
    """,
    """
    CREATE TABLE notice (
        "key" VARCHAR NOT NULL,
        since VARCHAR NOT NULL,
        told_at VARCHAR,
        detail TEXT NOT NULL,
        PRIMARY KEY ("key")
    )
    """,
    """
    CREATE TABLE credential (
        id INTEGER NOT NULL,
        name VARCHAR NOT NULL,
        ends_at VARCHAR,
        read_at VARCHAR NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "INSERT INTO log_cycle (id) SELECT cycle_id FROM log_0001 GROUP BY cycle_id ORDER BY min(id)",
    """
    INSERT OR IGNORE INTO log_subject
        (fingerprint, source_id, source_name, target_id, target_name, code, folded)
    SELECT fingerprint_0003(source_id, source_name, target_id, target_name, code),
           source_id, source_name, target_id, target_name, code,
           folded_0003(source_id, source_name, target_id, target_name, code)
    FROM log_0001 GROUP BY source_id, source_name, target_id, target_name, code ORDER BY min(id)
    """,
    """
    INSERT INTO log (id, at, cycle, action, status, subject, change_id)
    SELECT old.id,
           CAST(strftime('%s', old.at) AS INTEGER) * 1000 + CAST(substr(old.at, 21, 3) AS INTEGER),
           log_cycle.number, old.action, old.status, log_subject.id, randomblob(16)
    FROM log_0001 AS old
    JOIN log_cycle ON log_cycle.id = old.cycle_id
    JOIN log_subject ON log_subject.fingerprint = fingerprint_0003(
        old.source_id, old.source_name, old.target_id, old.target_name, old.code)
    """,
    "INSERT INTO log_detail (id, payload) SELECT id, payload FROM log_0001",
    """
    INSERT INTO log_total (action, status, number)
    SELECT action, status, count(*) FROM log_0001 GROUP BY action, status
    """,
    "DROP TABLE log_0001",
    "CREATE INDEX ix_log_at ON log (at)",
    "CREATE INDEX ix_log_cycle ON log (cycle, action, status)",
    "CREATE INDEX ix_log_subject ON log (subject)",
)


def upgrade() -> None:
    """From 0002."""
    connection = op.get_bind().connection.driver_connection
    if not isinstance(connection, sqlite3.Connection):
        raise TypeError(type(connection))
    connection.create_function("fingerprint_0003", 5, _fingerprint, deterministic=True)
    connection.create_function("folded_0003", 5, _folded, deterministic=True)
    for statement in STATEMENTS:
        op.execute(statement)


def _fingerprint(*words: str | None) -> int:
    text = "\0".join(word or "" for word in words)
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _folded(*words: str | None) -> str:
    parts = unicodedata.normalize("NFKD", "\n".join(word for word in words if word))
    return "".join(one for one in parts if not unicodedata.combining(one)).casefold()
