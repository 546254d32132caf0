"""What is unverified at the target, the job's health, and indexes that large companies need."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    # The plan is made anew in every cycle; nothing in it is worth carrying over.
    "DROP TABLE planned",
    """
    CREATE TABLE planned (
        person_id VARCHAR NOT NULL,
        rank INTEGER NOT NULL,
        action VARCHAR NOT NULL,
        status VARCHAR NOT NULL,
        removal BOOLEAN NOT NULL,
        needs_fresh BOOLEAN NOT NULL,
        batch VARCHAR NOT NULL,
        fingerprint VARCHAR NOT NULL,
        payload TEXT NOT NULL,
        PRIMARY KEY (person_id)
    )
    """,
    "CREATE INDEX ix_planned_rank ON planned (rank, batch, person_id)",
    "CREATE INDEX ix_planned_fresh ON planned (person_id) WHERE needs_fresh = 1",
    "CREATE INDEX ix_planned_removal ON planned (person_id) WHERE removal = 1",
    "ALTER TABLE intent ADD COLUMN confirmed BOOLEAN DEFAULT 0 NOT NULL",
    "DROP INDEX ix_person_match",
    "CREATE INDEX ix_person_match ON person (match_value) WHERE match_value IS NOT NULL",
    "CREATE INDEX ix_held_since ON held (since)",
    """
    CREATE TABLE job (
        name VARCHAR NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (name)
    )
    """,
)


def upgrade() -> None:
    """From 0001."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """A newer file is refused by an older program, never taken back."""
    raise NotImplementedError
