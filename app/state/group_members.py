"""Who is a member of a group at the target, and who should be (spec 2.3)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, text
from sqlalchemy.dialects.sqlite import insert

from app.domain.groups import MemberChange, MemberChanges
from app.state.mirror import chunks
from app.state.schema import group_link, group_member, link

# Who should be a member: a direct member of the group whose account is, or will be, active.
_WITH = """
    WITH wanted AS (
        SELECT m.member_id AS person_id, l.account_key,
               COALESCE(json_extract(l.payload, '$.person_name'),
                        json_extract(p.attributes, '$.displayName'), m.member_id) AS name
        FROM membership m
        LEFT JOIN link l ON l.person_id = m.member_id
        LEFT JOIN person p ON p.id = m.member_id
        WHERE m.group_id = :group_id AND m.kind = 'user'
          AND CASE WHEN :planned THEN p.in_scope OR (:staying AND l.active) ELSE l.active END
    )
"""
_ADDED = """
    SELECT COALESCE(account_key, '') AS account_key, name FROM wanted
    WHERE account_key IS NULL OR NOT EXISTS (
        SELECT 1 FROM group_member g
        WHERE g.group_key = :group_key AND g.account_key = wanted.account_key)
    ORDER BY person_id
"""
# Members that nobody here knows were put there by others, and stay.
_REMOVED = """
    SELECT g.account_key,
           COALESCE(json_extract(l.payload, '$.person_name'), g.account_key) AS name
    FROM group_member g LEFT JOIN link l ON l.account_key = g.account_key
    WHERE g.group_key = :group_key AND (g.ours OR l.person_id IS NOT NULL)
      AND g.account_key NOT IN (
        SELECT account_key FROM wanted WHERE account_key IS NOT NULL)
    ORDER BY g.account_key
"""
# The same for all linked groups at once: those where anything is to be added or removed.
_DIFFERING = text("""
    SELECT gl.group_id FROM group_link gl
    JOIN membership m ON m.group_id = gl.group_id AND m.kind = 'user'
    LEFT JOIN link l ON l.person_id = m.member_id
    LEFT JOIN person p ON p.id = m.member_id
    WHERE CASE WHEN :planned THEN p.in_scope OR (:staying AND l.active) ELSE l.active END
      AND NOT EXISTS (
        SELECT 1 FROM group_member g
        WHERE g.group_key = gl.group_key AND g.account_key = l.account_key)
    UNION
    SELECT gl.group_id FROM group_link gl
    JOIN group_member g ON g.group_key = gl.group_key
    LEFT JOIN link l ON l.account_key = g.account_key
    WHERE (g.ours OR l.person_id IS NOT NULL)
      AND NOT EXISTS (
        SELECT 1 FROM membership m
        LEFT JOIN person p ON p.id = m.member_id
        WHERE m.group_id = gl.group_id AND m.member_id = l.person_id AND m.kind = 'user'
          AND CASE WHEN :planned THEN p.in_scope OR (:staying AND l.active) ELSE l.active END)
""")
_STATEMENTS = (text(f"{_WITH} {_ADDED}"), text(f"{_WITH} {_REMOVED}"))


def changes(
    connection: Connection, group_id: str, key: str, *, planned: bool, staying: bool
) -> MemberChanges:
    """Direct members with an active account against what the target holds."""
    values = {"group_id": group_id, "group_key": key, "planned": planned, "staying": staying}
    return MemberChanges(
        *(
            tuple(
                MemberChange(row.account_key, row.name)
                for row in connection.execute(statement, values)
            )
            for statement in _STATEMENTS
        )
    )


def differing(connection: Connection, *, planned: bool, staying: bool) -> frozenset[str]:
    """Linked groups whose members are not what the target holds."""
    values = {"planned": planned, "staying": staying}
    return frozenset(connection.scalars(_DIFFERING, values))


def people_in(connection: Connection, group_id: str) -> frozenset[str]:
    """Whose accounts are members of a linked group at the target."""
    query = (
        select(link.c.person_id)
        .join(group_member, group_member.c.account_key == link.c.account_key)
        .join(group_link, group_link.c.group_key == group_member.c.group_key)
        .where(group_link.c.group_id == group_id)
    )
    return frozenset(connection.scalars(query))


def read(connection: Connection, key: str, members: Sequence[str]) -> None:
    """These are all the members the target's group has."""
    mine = select(group_member.c.account_key).where(group_member.c.group_key == key)
    before = set(connection.scalars(mine))
    for chunk in chunks(sorted(before.difference(members))):
        _drop(connection, key, chunk)
    _put(connection, key, sorted(set(members) - before), ours=False)


def written(connection: Connection, key: str, added: Sequence[str], removed: Sequence[str]) -> None:
    """The target took these changes."""
    for chunk in chunks(removed):
        _drop(connection, key, chunk)
    _put(connection, key, added, ours=True)


def _put(connection: Connection, key: str, members: Sequence[str], *, ours: bool) -> None:
    rows = [{"group_key": key, "account_key": member, "ours": ours} for member in members]
    if rows:
        connection.execute(insert(group_member).prefix_with("OR REPLACE"), rows)


def _drop(connection: Connection, key: str, members: Sequence[str]) -> None:
    connection.execute(
        delete(group_member).where(
            group_member.c.group_key == key, group_member.c.account_key.in_(members)
        )
    )
