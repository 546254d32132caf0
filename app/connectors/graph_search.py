"""Whom one can assign: people and groups by the beginning of a name or address, or by id."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.connectors import errors
from app.connectors.entra_sign_in import DIRECTORY
from app.connectors.graph import Graph
from app.connectors.graph_shapes import (
    MEMBER_PROPERTIES,
    kind_of,
    read_found_group,
    read_found_person,
)
from app.connectors.wire import objects_of, segment, with_query
from app.domain.assigning import Members, Principal
from app.domain.people import PrincipalKind

MOST_FOUND = 25
"""People, and as many groups, that a search shows."""
_PAGE = 999
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PERSON = "id,displayName,userPrincipalName,mail,accountEnabled"
_GROUP = "id,displayName,mail,securityEnabled"
_PERSON_NAMES = ("displayName", "givenName", "surname", "userPrincipalName", "mail")
_GROUP_NAMES = ("displayName", "mail")
_, _USERS, _GROUPS = DIRECTORY


async def find_principals(graph: Graph, text: str) -> Sequence[Principal]:
    """At most a page of each kind, those called exactly so first. One request, a batch."""
    wanted = text.strip()
    if not wanted:
        return ()
    person: dict[str, str | int] = {"$select": _PERSON}
    group: dict[str, str | int] = {"$select": _GROUP}
    asked = [
        (_USERS, with_query("/users", _starting(wanted, _PERSON_NAMES) | person)),
        (_GROUPS, with_query("/groups", _starting(wanted, _GROUP_NAMES) | group)),
    ]
    if _ID.fullmatch(wanted):
        asked += [
            (_USERS, with_query(f"/users/{wanted}", person)),
            (_GROUPS, with_query(f"/groups/{wanted}", group)),
        ]
    answers = await graph.together([path for _, path in asked])
    found: dict[str, Principal] = {}
    for (permission, _), answer in zip(asked, answers, strict=True):
        if answer.status == 404:
            continue
        if not answer.ok:
            raise errors.graph_error(answer, permission)
        read = read_found_person if permission == _USERS else read_found_group
        body = graph.object_of(answer)
        entries = objects_of(body["value"]) if "value" in body else [body]
        found.update((one.id, one) for one in graph.read(read, entries))
    return sorted(found.values(), key=lambda one: (not one.is_called(wanted), one.name.casefold()))


async def look_into(graph: Graph, group: Principal) -> Members:
    """Whether a group has people, and groups, as direct members; stops at the first person."""
    people = groups = False
    query: dict[str, str | int] = {"$select": MEMBER_PROPERTIES, "$top": _PAGE}
    async for page in graph.pages(f"/groups/{segment(group.id)}/members", query, _GROUPS):
        kinds = {kind_of(entry) for entry in page.entries}
        people = people or PrincipalKind.USER in kinds
        groups = groups or PrincipalKind.GROUP in kinds
        if people:
            break
    return Members(people, groups)


def quoted(text: str) -> str:
    """The inside of a string literal of `$filter` (spec/graph.md 2.1)."""
    return text.replace("'", "''")


def _starting(text: str, names: Sequence[str]) -> dict[str, str | int]:
    """The options of a search; all of these may be filtered so without advanced queries (2.4)."""
    literal = quoted(text)
    tests = " or ".join(f"startswith({name},'{literal}')" for name in names)
    return {"$filter": tests, "$top": MOST_FOUND}
