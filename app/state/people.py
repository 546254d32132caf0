"""A person as the mirror keeps them, and by which names they are found."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, func, or_, select

from app.domain.people import Person, Presence
from app.state import codec
from app.state.schema import person

MOST = 10
CLOSE_ENOUGH = 0.55
WIDEST = 200
ADDRESSES = ("userPrincipalName", "originalUserPrincipalName", "mail")
NAMES = ("displayName", "givenName", "surname")


def person_of(row: Row[Any]) -> Person:
    """A person as the mirror keeps them."""
    return Person(
        id=row.id,
        attributes=codec.ATTRIBUTES.validate_json(row.attributes),
        presence=Presence(row.presence),
    )


def folded(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Without capitals, in every script: SQLite's own `lower` knows only A to Z."""
    return func.rollcall_fold(column)


def name_of(one: FromClause) -> ColumnElement[str]:
    """The name to show."""
    return func.coalesce(
        func.json_extract(one.c.attributes, "$.displayName"),
        func.json_extract(one.c.attributes, "$.userPrincipalName"),
        one.c.id,
    )


def called(connection: Connection, user: str) -> list[Person]:
    """By id, else by sign-in name or address, else by display name, else by one of its parts."""
    wanted = user.strip()
    ways = (
        person.c.id == wanted.lower(),
        or_(*(_attribute(name) == wanted.casefold() for name in ADDRESSES)),
        *(_attribute(name) == wanted.casefold() for name in NAMES),
    )
    for way in ways:
        query = select(person).where(way).order_by(person.c.presence, person.c.id).limit(MOST)
        if rows := list(connection.execute(query)):
            return [person_of(row) for row in rows]
    return []


def like(connection: Connection, user: str, limit: int) -> list[Person]:
    """Whose name or address begins as this does, or shares a word with it; the nearest first."""
    wanted = user.strip().casefold()
    local = wanted.partition("@")[0]
    words = {word for word in local.replace(".", " ").replace("-", " ").split() if len(word) > 2}
    beginnings = {word[:3] for word in words} or {local[:3]}
    columns = [_attribute(name) for name in ("displayName", "userPrincipalName", "mail")]
    near = or_(
        *(
            column.contains(part, autoescape=True)
            for part in sorted(beginnings - {""})
            for column in columns
        )
    )
    rows = connection.execute(select(person).where(near).limit(WIDEST))
    found = [(_likeness(one, wanted, local), one) for one in map(person_of, rows)]
    best = sorted(found, key=lambda pair: (-pair[0], pair[1].name))
    return [one for likeness, one in best if likeness >= CLOSE_ENOUGH][:limit]


def _likeness(one: Person, wanted: str, local: str) -> float:
    name = one.name.casefold()
    address = str(one.attributes.get("userPrincipalName") or "").casefold().partition("@")[0]
    pairs = ((wanted, name), (local, address), (local.replace(".", " "), name))
    return max(SequenceMatcher(None, left, right).ratio() for left, right in pairs)


def _attribute(name: str) -> ColumnElement[str]:
    return folded(func.json_extract(person.c.attributes, f"$.{name}"))
