"""What was changed by hand at the target, and which accounts are still to be compared."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE account ADD COLUMN compared BOOLEAN DEFAULT 0 NOT NULL",
    "ALTER TABLE account ADD COLUMN agreed TEXT",
    "CREATE INDEX ix_account_compared ON account (key) WHERE compared = 0",
    """
    CREATE TABLE drift (
        person_id VARCHAR NOT NULL,
        attribute VARCHAR NOT NULL,
        choice VARCHAR NOT NULL,
        decision VARCHAR,
        wished VARCHAR NOT NULL,
        found VARCHAR NOT NULL,
        since VARCHAR NOT NULL,
        told BOOLEAN NOT NULL,
        payload TEXT NOT NULL,
        PRIMARY KEY (person_id, attribute)
    )
    """,
)


def upgrade() -> None:
    """From 0006."""
    for statement in STATEMENTS:
        op.execute(statement)
