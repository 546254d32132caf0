"""A person as the mirror keeps them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from app.domain.people import Person, Presence
from app.state import codec


def person_of(row: Row[Any]) -> Person:
    """A person as the mirror keeps them."""
    return Person(
        id=row.id,
        attributes=codec.ATTRIBUTES.validate_json(row.attributes),
        presence=Presence(row.presence),
    )
