"""Users and groups behind the practice SCIM server: resources as JSON, versions, references."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from app.sandbox.scim_schemas import ENTERPRISE, GROUP_KIND, KINDS, USER_KIND, Kind, bad
from app.sandbox.wire import Json


@dataclass(slots=True)
class ScimDirectory:
    """All resources of one server. A group keeps its members by key, in order, as they came."""

    resources: dict[str, dict[str, Json]] = field(
        default_factory=lambda: {kind.name: {} for kind in KINDS}
    )
    members: dict[str, dict[str, Json]] = field(default_factory=dict)
    creates: Counter[str] = field(default_factory=Counter)
    """How often each user name came to be, lower case."""
    any_member: bool = False
    """Members and managers need not exist, as at lenient servers."""
    _names: dict[str, str] = field(default_factory=dict)
    _versions: Counter[str] = field(default_factory=Counter)

    def of(self, kind: Kind) -> dict[str, Json]:
        """The resources of a kind by id, oldest first."""
        return self.resources[kind.name]

    def user_at(self, name: str) -> Json | None:
        """The user with this name in any capitals."""
        key = self._names.get(name.casefold())
        return self.of(USER_KIND).get(key) if key is not None else None

    def put(self, kind: Kind, body: Json, key: str | None, now: datetime) -> Json:
        """Store a resource, new or instead of the one with this id. Raises `Refused`."""
        name = str(body.get("userName", "")).casefold()
        if kind is USER_KIND:
            holder = self._names.get(name)
            if holder is not None and holder != key:
                raise bad("uniqueness", f"{body['userName']} is taken", 409)
            body = self._with_checked_manager(body)
        members = self._checked_members(body) if kind is GROUP_KIND else {}
        if key is None:
            key = str(uuid.uuid4())
            self.creates[name or str(body.get("displayName", "")).casefold()] += 1
        before = self.of(kind).get(key)
        if kind is USER_KIND:
            if before is not None:
                self._names.pop(str(before["userName"]).casefold(), None)
            self._names[name] = key
        else:
            self.members[key] = members
        stamp = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._versions[key] += 1
        stored: Json = {
            **{one: value for one, value in body.items() if one not in ("members", "groups")},
            "id": key,
            "meta": {
                "resourceType": kind.name,
                "created": before["meta"]["created"] if before else stamp,
                "lastModified": stamp,
                "version": f'W/"{self._versions[key]}"',
            },
        }
        self.of(kind)[key] = stored
        return stored

    def delete(self, kind: Kind, key: str) -> bool:
        """Remove a resource, and it from whoever points at it. False when it is not there."""
        gone = self.of(kind).pop(key, None)
        if gone is None:
            return False
        self._names.pop(str(gone.get("userName", "")).casefold(), None)
        self.members.pop(key, None)
        for members in self.members.values():
            members.pop(key, None)
        for user in self.of(USER_KIND).values():
            if _manager_of(user) == key:
                _set_manager(user, None)
        return True

    def whole(self, kind: Kind, stored: Json, base: str) -> Json:
        """A resource as it is shown: with its address, its groups or its members."""
        shown = {**stored, "meta": {**stored["meta"], "location": self._place(stored, base)}}
        if kind is GROUP_KIND:
            entries = [self._entry(*one, base) for one in self.members[stored["id"]].items()]
            if entries:
                shown["members"] = entries
        else:
            manager = _manager_of(stored)
            if manager is not None:
                entry = self._entry(manager, {"value": manager}, base)
                names = {"value": "value", "$ref": "$ref", "display": "displayName"}
                _set_manager(shown, {names[one]: entry[one] for one in entry if one in names})
            groups = [
                {**self._entry(key, {}, base), "type": "direct"} for key in self._groups_of(stored)
            ]
            if groups:
                shown["groups"] = groups
        return shown

    def _groups_of(self, stored: Json) -> Iterator[str]:
        return (key for key, members in self.members.items() if stored["id"] in members)

    def _place(self, stored: Json, base: str) -> str:
        kind = next(one for one in KINDS if one.name == stored["meta"]["resourceType"])
        return f"{base}{kind.endpoint}/{stored['id']}"

    def _entry(self, key: str, sent: Json, base: str) -> Json:
        stored = self._stored(key)
        if stored is None:
            return sent
        return {
            "value": key,
            "$ref": self._place(stored, base),
            "display": stored.get("displayName") or stored.get("userName"),
            "type": stored["meta"]["resourceType"],
        }

    def _stored(self, key: str) -> Json | None:
        return next((items[key] for items in self.resources.values() if key in items), None)

    def _with_checked_manager(self, body: Json) -> Json:
        """Only the manager's id is kept: what else is shown of it follows from that."""
        if "manager" not in body.get(ENTERPRISE, {}):
            return body
        found, manager = dict(body), _manager_of(body)
        if manager is not None and not self.any_member and manager not in self.of(USER_KIND):
            raise bad("invalidValue", f"There is no user {manager} to be a manager")
        _set_manager(found, None if manager is None else {"value": manager})
        return found

    def _checked_members(self, body: Json) -> dict[str, Json]:
        members: dict[str, Json] = {}
        for entry in body.get("members") or ():
            key = str(entry.get("value", ""))
            if not self.any_member and not self._stored(key):
                raise bad("invalidValue", f"There is no member {key}")
            members[key] = entry
        return members


def _manager_of(user: Json) -> str | None:
    manager = user.get(ENTERPRISE, {}).get("manager", {}).get("value")
    return str(manager) if manager else None


def _set_manager(user: Json, manager: Json | None) -> None:
    """In a copy of the extension, which goes when nothing is left in it."""
    extension = dict(user.get(ENTERPRISE, {}))
    extension.pop("manager", None)
    if manager is not None:
        extension["manager"] = manager
    user.pop(ENTERPRISE, None)
    if extension:
        user[ENTERPRISE] = extension
    schemas = [one for one in user.get("schemas", []) if one != ENTERPRISE]
    user["schemas"] = [*schemas, *([ENTERPRISE] if extension else [])]
