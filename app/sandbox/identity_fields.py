"""What the practice SCIM 1 interface takes: fields, members, filters (spec/goto.md 2.4, 2.6)."""

from __future__ import annotations

import json
import re
import zoneinfo
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from app.sandbox.organization import Fields, Organization
from app.sandbox.wire import Answer, Json, Refused

Filters: TypeAlias = dict[str, tuple[str, ...]]
"""Operators by the attributes that may be filtered."""

MOST_MEMBERS = 100
_LONGEST = {"userName": 128, "givenName": 60, "familyName": 60}
_PLAIN = ("userName", "displayName", "locale", "timezone")
NAME_PARTS = ("givenName", "familyName")
_LOCALE = re.compile(r"[a-z]{2,3}(?:[_-][A-Z]{2})?")
_FILTER = re.compile(r'\s*([\w.]+)\s+(\w+)\s+("(?:[^"\\]|\\.)*")\s*')

USER_FILTERS: Filters = {
    "userName": ("eq", "sw"),
    "displayName": ("eq", "sw"),
    "name.givenName": ("eq", "sw"),
    "name.familyName": ("eq", "sw"),
}
GROUP_FILTERS: Filters = {"displayName": ("eq", "sw", "co")}


def bad(code: str, message: str, status: int = 400) -> Refused:
    """A refusal in one of the forms of section 7."""
    return Refused(Answer(status, {"errorCode": code, "message": message}))


def user_fields(body: Json, *, whole: bool) -> Fields:
    """The fields of a request, flat; what is not known is ignored. Raises `Refused`."""
    found: Fields = {name: body[name] for name in _PLAIN if name in body}
    if "name" in body:
        name = body["name"]
        if not isinstance(name, dict) or not all(part in name for part in NAME_PARTS):
            raise bad("INVALID_USER", "name has a givenName and a familyName")
        found |= {part: name[part] for part in NAME_PARTS}
    for name, value in found.items():
        if not isinstance(value, str):
            raise bad("INVALID_USER", f"The {name} field must be a string")
        if len(value) > _LONGEST.get(name, len(value)):
            raise bad("INVALID_USER", f"The {name} field cannot exceed {_LONGEST[name]} characters")
    if whole and "userName" not in found:
        raise bad("INVALID_USER", "The userName field is required")
    if "userName" in found and not found["userName"].strip():
        raise bad("INVALID_USER", "The userName field must be non-empty")
    if "locale" in found and not _LOCALE.fullmatch(found["locale"]):
        raise bad("INVALID_USER", "The locale field must be composed of 1 or 2 parts")
    if "timezone" in found and found["timezone"] not in _zones():
        raise bad("INVALID_USER", "The timezone field must be a valid timezone")
    return found


def group_name(body: Json) -> str | None:
    """The name of a group in a request; None when it names none. Raises `Refused`."""
    if "displayName" not in body:
        return None
    name = body["displayName"]
    if not isinstance(name, str) or not name.strip():
        raise bad("INVALID_GROUP", "The displayName field is malformed")
    if len(name) > 128:
        raise bad("INVALID_GROUP", "The displayName field exceeds 128 characters")
    return name


def group_members(body: Json, organization: Organization) -> dict[str, str] | None:
    """Members in a request, keys with their type; None when it names none. Raises `Refused`."""
    if "members" not in body:
        return None
    listed = body["members"]
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise bad("INVALID_GROUP", "members must be a list of objects")
    if len(listed) > MOST_MEMBERS:
        raise bad("INVALID_GROUP", f"The members array exceeds {MOST_MEMBERS} elements")
    found: dict[str, str] = {}
    for one in listed:
        key, kind = str(one.get("value", "")), one.get("type")
        if kind not in ("user", "group"):
            raise bad("INVALID_MEMBER", "The type of a member is user or group")
        if not organization.knows(key, kind):
            raise bad("INVALID_MEMBER", f"There is no {kind} {key} in the organisation")
        found[key] = kind
    return found


def parse_filter(
    written: str, known: Filters, *, exact: bool
) -> tuple[str, Callable[[Json], bool]]:
    """The value asked for by `userName eq`, else empty; and whether a resource fits."""
    match = _FILTER.fullmatch(written)
    if match is None or match[2] not in known.get(match[1], ()):
        raise bad("INVALID_FILTER", "Invalid filter syntax")
    path, operator = match[1].split("."), match[2]
    value: str = json.loads(match[3])
    wanted = value if exact else value.casefold()

    def fits(item: Json) -> bool:
        held: object = item
        for part in path:
            held = held.get(part) if isinstance(held, dict) else None
        text = str(held or "")
        text = text if exact else text.casefold()
        if operator == "eq":
            return text == wanted
        return text.startswith(wanted) if operator == "sw" else wanted in text

    return value if (match[1], operator) == ("userName", "eq") else "", fits


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
