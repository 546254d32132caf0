"""References of people: whose are to be looked at, who points at whom, what rests."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE person ADD COLUMN refers INTEGER DEFAULT 0 NOT NULL",
    "CREATE INDEX ix_person_refers ON person (id) WHERE refers > 0",
    """
    CREATE INDEX ix_person_manager ON person (json_extract(attributes, '$.manager'))
    WHERE json_extract(attributes, '$.manager') IS NOT NULL
    """,
    """
    CREATE TABLE reference_attempt (
        person_id VARCHAR NOT NULL,
        next_try_at VARCHAR,
        payload TEXT NOT NULL,
        PRIMARY KEY (person_id)
    )
    """,
)


def upgrade() -> None:
    """From 0004."""
    for statement in STATEMENTS:
        op.execute(statement)
