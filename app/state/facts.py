"""Single things the job remembers by name."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from app.state.schema import job

APPLICATION = "application"
TARGET = "target"
DEFAULT_DOMAIN = "default_domain"
TARGET_IDENTITY = "target_identity"
LINKS_FROM = "links_from"
"""The target at which the links were made, while this one's accounts were not listed yet."""
LISTED_AT = "listed_at"
"""When all accounts were last read by a cycle that came to its end."""
ASSIGNMENTS_GONE = "assignments_gone"
"""How many assignments there were before the list came back empty.

Kept until a cycle has come to its end with that knowledge: one that fails after the import, or a
look at one person, must not make an empty list look usual.
"""


def read_fact(connection: Connection, name: str) -> str | None:
    """What the job remembers under this name."""
    return connection.scalar(select(job.c.value).where(job.c.name == name))


def write_fact(connection: Connection, name: str, value: str | None) -> None:
    """Remember it, or forget it with None."""
    connection.execute(delete(job).where(job.c.name == name))
    if value is not None:
        connection.execute(insert(job).values(name=name, value=value))
