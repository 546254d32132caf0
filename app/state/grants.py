"""Which roles people hold, and through which groups (spec/provisioning.md 2.2, 2.3)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, text

from app.domain.plan import Grant

_DIRECT = """
    SELECT a.principal_id AS person_id, a.role_id AS role_id, '[]' AS ids, '[]' AS names
    FROM assignment a WHERE a.principal_id IN (SELECT value FROM json_each(:people))
"""
_THROUGH_GROUP = """
    SELECT m.member_id, a.role_id, json_array(g.id), json_array(g.name)
    FROM membership m
    JOIN directory_group g ON g.id = m.group_id AND g.security_enabled
    JOIN assignment a ON a.principal_id = g.id
    WHERE m.member_id IN (SELECT value FROM json_each(:people))
"""
_THROUGH_NESTED = """
    SELECT up.person_id, a.role_id, up.ids, up.names
    FROM up JOIN directory_group g ON g.id = up.group_id AND g.security_enabled
    JOIN assignment a ON a.principal_id = g.id
"""
_UP = """
    WITH RECURSIVE up(person_id, group_id, ids, names, depth) AS (
        SELECT m.member_id, g.id, json_array(g.id), json_array(g.name), 1
        FROM membership m JOIN directory_group g ON g.id = m.group_id
        WHERE m.member_id IN (SELECT value FROM json_each(:people))
        UNION
        SELECT up.person_id, g.id,
               json_insert(up.ids, '$[#]', g.id), json_insert(up.names, '$[#]', g.name),
               up.depth + 1
        FROM up JOIN membership m ON m.member_id = up.group_id
        JOIN directory_group g ON g.id = m.group_id
        WHERE up.depth < 16
          AND NOT EXISTS (SELECT 1 FROM json_each(up.ids) WHERE value = g.id)
    )
"""
_EVERY_DIRECT = """
    SELECT a.principal_id AS person_id, a.role_id AS role_id, '[]' AS ids, '[]' AS names,
           1 AS security_enabled
    FROM assignment a WHERE a.principal_id IN (SELECT value FROM json_each(:people))
"""
_EVERY_GROUP = """
    SELECT up.person_id, a.role_id, up.ids, up.names, g.security_enabled
    FROM up JOIN directory_group g ON g.id = up.group_id
    JOIN assignment a ON a.principal_id = g.id
"""
_EVERY_WAY = text(f"{_UP} {_EVERY_DIRECT} UNION ALL {_EVERY_GROUP} ORDER BY 1, 3, 2")
_GRANTS = text(f"{_DIRECT} UNION ALL {_THROUGH_GROUP} ORDER BY 1, 3, 2")
_NESTED_GRANTS = text(f"{_UP} {_DIRECT} UNION ALL {_THROUGH_NESTED} ORDER BY 1, 3, 2")


def grants_of(
    connection: Connection, person_ids: Sequence[str], *, nested: bool
) -> dict[str, list[Grant]]:
    """Roles by person: direct ones first. The assigned group stands first in a path."""
    found: dict[str, list[Grant]] = defaultdict(list)
    rows = connection.execute(
        _NESTED_GRANTS if nested else _GRANTS, {"people": json.dumps(list(person_ids))}
    )
    for row in rows:
        found[row.person_id].append(
            Grant(
                role_id=row.role_id,
                group_ids=tuple(reversed(json.loads(row.ids))),
                group_names=tuple(reversed(json.loads(row.names))),
            )
        )
    for grants in found.values():
        grants.sort(key=lambda grant: len(grant.group_ids))
    return found


def every_way(connection: Connection, person_id: str) -> list[Grant]:
    """All ways from a person to a role, also those that do not count; the shortest first."""
    rows = connection.execute(_EVERY_WAY, {"people": json.dumps([person_id])})
    found = [
        Grant(
            role_id=row.role_id,
            group_ids=tuple(reversed(json.loads(row.ids))),
            group_names=tuple(reversed(json.loads(row.names))),
            security_enabled=bool(row.security_enabled),
        )
        for row in rows
    ]
    return sorted(found, key=lambda grant: len(grant.group_ids))
