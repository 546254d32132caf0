"""Links of former targets are kept apart, and rows that few queries ask for have their indices."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE planned ADD COLUMN passes_to VARCHAR",
    "CREATE INDEX ix_planned_passes_to ON planned (person_id) WHERE passes_to IS NOT NULL",
    """
    CREATE INDEX ix_reference_attempt_next_try ON reference_attempt (next_try_at)
    WHERE next_try_at IS NOT NULL
    """,
    """
    CREATE TABLE link_elsewhere (
        target VARCHAR NOT NULL,
        person_id VARCHAR NOT NULL,
        account_key VARCHAR NOT NULL,
        active BOOLEAN NOT NULL,
        payload TEXT NOT NULL,
        linked_at VARCHAR NOT NULL,
        PRIMARY KEY (target, person_id)
    )
    """,
)


def upgrade() -> None:
    """From 0005."""
    for statement in STATEMENTS:
        op.execute(statement)
