"""The tables of one profile's state, as SQLAlchemy Core sees them today.

Migrations are frozen and never import this module. What each table is for:

person, directory_group, membership, assignment   mirror of the directory, merged from deltas
account                                           mirror of the target as last read or written
link                                              whose account is whose (provisioning.md 3)
intent                                            begun at the target, outcome not yet known, or
                                                  confirmed but not yet seen there
planned                                           the plan of the cycle that runs (or of a preview)
held, parked, escrow                              waiting for a decision, for a change, for a retry
group_link, group_member, group_attempt           group objects at the target, members, what rests
reference_attempt                                 references that failed or point at nobody yet
drift                                             changed by hand at the target, and the decision
watermark, generation                             where reading resumes; which full read saw a row
job                                               configuration of the watermark, quarantine
cycle                                             what was done, in numbers
log, log_cycle, log_subject, log_detail           what was done, to whom (see log_book.py)
log_total                                         numbers to date; stay when records go
notice, credential                                what administrators were told, what runs out
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    literal_column,
    text,
)

metadata = MetaData()

TO_EVALUATE = 1
EVALUATED = 2
DRIFTED = 3
"""Decided about in this cycle only because the account is not what it was."""

person = Table(
    "person",
    metadata,
    Column("id", String, primary_key=True),
    Column("attributes", Text, nullable=False),
    Column("presence", String, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("dirty", Integer, nullable=False),
    Column("in_scope", Boolean, nullable=False, server_default=text("0")),
    Column("match_value", String),
    Column("refers", Integer, nullable=False, server_default=text("0")),
)
Index("ix_person_dirty", person.c.dirty, person.c.id, sqlite_where=text("dirty > 0"))
Index("ix_person_match", person.c.match_value, sqlite_where=person.c.match_value.is_not(None))

Index("ix_person_refers", person.c.id, sqlite_where=text("refers > 0"))
_MANAGER = func.json_extract(person.c.attributes, literal_column("'$.manager'"))
Index("ix_person_manager", _MANAGER, sqlite_where=_MANAGER.is_not(None))

# SQLite uses the partial index only where its very condition stands in the query.
CANDIDATE = person.c.dirty > literal_column("0")

directory_group = Table(
    "directory_group",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("security_enabled", Boolean, nullable=False),
    Column("seen", Integer, nullable=False),
)

membership = Table(
    "membership",
    metadata,
    Column("group_id", String, primary_key=True),
    Column("member_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("seen", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_membership_member", membership.c.member_id)

assignment = Table(
    "assignment",
    metadata,
    Column("id", String, primary_key=True),
    Column("principal_id", String, nullable=False),
    Column("principal_kind", String, nullable=False),
    Column("principal_name", String, nullable=False),
    Column("role_id", String, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
)
Index("ix_assignment_principal", assignment.c.principal_id)

account = Table(
    "account",
    metadata,
    Column("key", String, primary_key=True),
    Column("match_value", String, nullable=False),
    Column("payload", Text, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("cycle_id", String, nullable=False),
    Column("compared", Boolean, nullable=False, server_default=text("0")),
    Column("agreed", Text),
)
Index("ix_account_match", account.c.match_value)
Index("ix_account_compared", account.c.key, sqlite_where=text("compared = 0"))
# As with CANDIDATE.
TO_COMPARE = account.c.compared == literal_column("0")

link = Table(
    "link",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("account_key", String, nullable=False, unique=True),
    Column("active", Boolean, nullable=False),
    Column("payload", Text, nullable=False),
    Column("linked_at", String, nullable=False),
)
Index("ix_link_active", link.c.active)

link_elsewhere = Table(
    "link_elsewhere",
    metadata,
    Column("target", String, primary_key=True),
    Column("person_id", String, primary_key=True),
    Column("account_key", String, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("payload", Text, nullable=False),
    Column("linked_at", String, nullable=False),
)

intent = Table(
    "intent",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("cycle_id", String, nullable=False),
    Column("action", String, nullable=False),
    Column("match_value", String, nullable=False),
    Column("at", String, nullable=False),
    Column("confirmed", Boolean, nullable=False, server_default=text("0")),
)
Index("ix_intent_match", intent.c.match_value)

planned = Table(
    "planned",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("action", String, nullable=False),
    Column("status", String, nullable=False),
    Column("removal", Boolean, nullable=False),
    Column("needs_fresh", Boolean, nullable=False),
    Column("batch", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("payload", Text, nullable=False),
    Column("passes_to", String),
)
Index("ix_planned_rank", planned.c.rank, planned.c.batch, planned.c.person_id)
Index("ix_planned_fresh", planned.c.person_id, sqlite_where=text("needs_fresh = 1"))
Index("ix_planned_removal", planned.c.person_id, sqlite_where=text("removal = 1"))
Index("ix_planned_passes_to", planned.c.person_id, sqlite_where=text("passes_to IS NOT NULL"))

held = Table(
    "held",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("since", String, nullable=False),
    Column("because", String, nullable=False),
    Column("released", Boolean, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("payload", Text, nullable=False),
)

Index("ix_held_since", held.c.since)

parked = Table(
    "parked",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("code", String, nullable=False),
    Column("at", String, nullable=False),
    Column("fingerprint", String, nullable=False),
)

escrow = Table(
    "escrow",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("next_try_at", String, nullable=False),
    Column("payload", Text, nullable=False),
)
Index("ix_escrow_next", escrow.c.next_try_at)

drift = Table(
    "drift",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("attribute", String, primary_key=True),
    Column("choice", String, nullable=False),
    Column("decision", String),
    Column("wished", String, nullable=False),
    Column("found", String, nullable=False),
    Column("since", String, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("payload", Text, nullable=False),
)

group_link = Table(
    "group_link",
    metadata,
    Column("group_id", String, primary_key=True),
    Column("group_key", String, nullable=False, unique=True),
    Column("payload", Text, nullable=False),
    Column("linked_at", String, nullable=False),
)

group_member = Table(
    "group_member",
    metadata,
    Column("group_key", String, primary_key=True),
    Column("account_key", String, primary_key=True),
    Column("ours", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

group_attempt = Table(
    "group_attempt",
    metadata,
    Column("group_id", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
)

reference_attempt = Table(
    "reference_attempt",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("next_try_at", String),
    Column("payload", Text, nullable=False),
)
Index(
    "ix_reference_attempt_next_try",
    reference_attempt.c.next_try_at,
    sqlite_where=text("next_try_at IS NOT NULL"),
)

watermark = Table(
    "watermark",
    metadata,
    Column("stream", String, primary_key=True),
    Column("link", Text, nullable=False),
    Column("at", String, nullable=False),
)

job = Table(
    "job",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)

generation = Table(
    "generation",
    metadata,
    Column("stream", String, primary_key=True),
    Column("number", Integer, nullable=False),
)

cycle = Table(
    "cycle",
    metadata,
    Column("id", String, primary_key=True),
    Column("started_at", String, nullable=False),
    Column("ended_at", String),
    Column("outcome", String),
    Column("duration_s", Float, nullable=False, server_default=text("0")),
    Column("payload", Text, nullable=False),
)
Index("ix_cycle_started", cycle.c.started_at)

log = Table(
    "log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("action", String, nullable=False),
    Column("status", String, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("change_id", LargeBinary),
    Column("kind", String, nullable=False, server_default=text("'User'")),
)
Index("ix_log_at", log.c.at)
Index("ix_log_cycle", log.c.cycle, log.c.action, log.c.status)
Index("ix_log_subject", log.c.subject)

log_cycle = Table(
    "log_cycle",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
)

log_subject = Table(
    "log_subject",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", Integer, nullable=False, unique=True),
    Column("source_id", String, nullable=False),
    Column("source_name", String, nullable=False),
    Column("target_id", String, nullable=False),
    Column("target_name", String, nullable=False),
    Column("code", String),
    Column("folded", String, nullable=False),
)

log_detail = Table(
    "log_detail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("payload", LargeBinary, nullable=False),
)

log_total = Table(
    "log_total",
    metadata,
    Column("action", String, primary_key=True),
    Column("status", String, primary_key=True),
    Column("number", Integer, nullable=False),
)

notice = Table(
    "notice",
    metadata,
    Column("key", String, primary_key=True),
    Column("since", String, nullable=False),
    Column("told_at", String),
    Column("detail", Text, nullable=False),
)

credential = Table(
    "credential",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("ends_at", String),
    Column("read_at", String, nullable=False),
)
