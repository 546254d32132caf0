"""Group objects: links, members as the target holds them, what rests; the log knows its kind."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE group_attempt (
        group_id VARCHAR NOT NULL,
        fingerprint VARCHAR NOT NULL,
        PRIMARY KEY (group_id)
    )
    """,
    """
    CREATE TABLE group_link (
        group_id VARCHAR NOT NULL,
        group_key VARCHAR NOT NULL,
        payload TEXT NOT NULL,
        linked_at VARCHAR NOT NULL,
        PRIMARY KEY (group_id),
        UNIQUE (group_key)
    )
    """,
    """
    CREATE TABLE group_member (
        group_key VARCHAR NOT NULL,
        account_key VARCHAR NOT NULL,
        ours BOOLEAN NOT NULL,
        PRIMARY KEY (group_key, account_key)
    )
     WITHOUT ROWID
    """,
    "ALTER TABLE log ADD COLUMN kind VARCHAR DEFAULT 'User' NOT NULL",
)


def upgrade() -> None:
    """From 0003."""
    for statement in STATEMENTS:
        op.execute(statement)
