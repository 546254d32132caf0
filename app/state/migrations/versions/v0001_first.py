"""The first schema: mirror, links, intents, plan, brakes, watermarks, cycles and log."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE account (
        "key" VARCHAR NOT NULL,
        match_value VARCHAR NOT NULL,
        payload TEXT NOT NULL,
        seen INTEGER NOT NULL,
        cycle_id VARCHAR NOT NULL,
        PRIMARY KEY ("key")
    )
    """,
    "CREATE INDEX ix_account_match ON account (match_value)",
    """
    CREATE TABLE assignment (
        id VARCHAR NOT NULL,
        principal_id VARCHAR NOT NULL,
        principal_kind VARCHAR NOT NULL,
        principal_name VARCHAR NOT NULL,
        role_id VARCHAR NOT NULL,
        seen INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_assignment_principal ON assignment (principal_id)",
    """
    CREATE TABLE cycle (
        id VARCHAR NOT NULL,
        started_at VARCHAR NOT NULL,
        ended_at VARCHAR,
        outcome VARCHAR,
        duration_s FLOAT DEFAULT 0 NOT NULL,
        payload TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_cycle_started ON cycle (started_at)",
    """
    CREATE TABLE directory_group (
        id VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        security_enabled BOOLEAN NOT NULL,
        seen INTEGER NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE escrow (
        person_id VARCHAR NOT NULL,
        next_try_at VARCHAR NOT NULL,
        payload TEXT NOT NULL,
        PRIMARY KEY (person_id)
    )
    """,
    "CREATE INDEX ix_escrow_next ON escrow (next_try_at)",
    """
    CREATE TABLE generation (
        stream VARCHAR NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (stream)
    )
    """,
    """
    CREATE TABLE held (
        person_id VARCHAR NOT NULL,
        since VARCHAR NOT NULL,
        because VARCHAR NOT NULL,
        released BOOLEAN NOT NULL,
        fingerprint VARCHAR NOT NULL,
        payload TEXT NOT NULL,
        PRIMARY KEY (person_id)
    )
    """,
    """
    CREATE TABLE intent (
        person_id VARCHAR NOT NULL,
        cycle_id VARCHAR NOT NULL,
        action VARCHAR NOT NULL,
        match_value VARCHAR NOT NULL,
        at VARCHAR NOT NULL,
        PRIMARY KEY (person_id)
    )
    """,
    """
    CREATE TABLE link (
        person_id VARCHAR NOT NULL,
        account_key VARCHAR NOT NULL,
        active BOOLEAN NOT NULL,
        payload TEXT NOT NULL,
        linked_at VARCHAR NOT NULL,
        PRIMARY KEY (person_id),
        UNIQUE (account_key)
    )
    """,
    "CREATE INDEX ix_link_active ON link (active)",
    """
    CREATE TABLE log (
        id INTEGER NOT NULL,
        at VARCHAR NOT NULL,
        cycle_id VARCHAR NOT NULL,
        action VARCHAR NOT NULL,
        status VARCHAR NOT NULL,
        source_id VARCHAR NOT NULL,
        source_name VARCHAR NOT NULL,
        target_id VARCHAR NOT NULL,
        target_name VARCHAR NOT NULL,
        code VARCHAR,
        payload TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_log_at ON log (at)",
    "CREATE INDEX ix_log_cycle ON log (cycle_id, action, status)",
    "CREATE INDEX ix_log_source ON log (source_id, id)",
    "CREATE INDEX ix_log_status ON log (status, id)",
    """
    CREATE TABLE membership (
        group_id VARCHAR NOT NULL,
        member_id VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        seen INTEGER NOT NULL,
        PRIMARY KEY (group_id, member_id)
    )
     WITHOUT ROWID
    """,
    "CREATE INDEX ix_membership_member ON membership (member_id)",
    """
    CREATE TABLE parked (
        person_id VARCHAR NOT NULL,
        code VARCHAR NOT NULL,
        at VARCHAR NOT NULL,
        fingerprint VARCHAR NOT NULL,
        PRIMARY KEY (person_id)
    )
    """,
    """
    CREATE TABLE person (
        id VARCHAR NOT NULL,
        attributes TEXT NOT NULL,
        presence VARCHAR NOT NULL,
        seen INTEGER NOT NULL,
        dirty INTEGER NOT NULL,
        in_scope BOOLEAN DEFAULT 0 NOT NULL,
        match_value VARCHAR,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_person_dirty ON person (dirty, id) WHERE dirty > 0",
    "CREATE INDEX ix_person_match ON person (match_value) WHERE in_scope",
    """
    CREATE TABLE planned (
        person_id VARCHAR NOT NULL,
        rank INTEGER NOT NULL,
        action VARCHAR NOT NULL,
        status VARCHAR NOT NULL,
        removal BOOLEAN NOT NULL,
        needs_fresh VARCHAR,
        batch VARCHAR NOT NULL,
        payload TEXT NOT NULL,
        PRIMARY KEY (person_id)
    )
    """,
    "CREATE INDEX ix_planned_fresh ON planned (needs_fresh) WHERE needs_fresh IS NOT NULL",
    "CREATE INDEX ix_planned_rank ON planned (rank, batch, person_id)",
    """
    CREATE TABLE watermark (
        stream VARCHAR NOT NULL,
        link TEXT NOT NULL,
        at VARCHAR NOT NULL,
        PRIMARY KEY (stream)
    )
    """,
)


def upgrade() -> None:
    """Create every table of version 0001."""
    for statement in STATEMENTS:
        op.execute(statement)
