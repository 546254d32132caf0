"""Users and groups behind the practice SCIM server: resources as JSON, versions, references."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from app.sandbox.scim_schemas import GROUP_KIND, KINDS, USER_KIND, Kind, bad
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
    """Groups take members that do not exist, as lenient servers do."""
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
        """Remove a resource, and it from every group. False when it is not there."""
        gone = self.of(kind).pop(key, None)
        if gone is None:
            return False
        self._names.pop(str(gone.get("userName", "")).casefold(), None)
        self.members.pop(key, None)
        for members in self.members.values():
            members.pop(key, None)
        return True

    def whole(self, kind: Kind, stored: Json, base: str) -> Json:
        """A resource as it is shown: with its address, its groups or its members."""
        shown = {**stored, "meta": {**stored["meta"], "location": self._place(stored, base)}}
        if kind is GROUP_KIND:
            entries = [self._entry(*one, base) for one in self.members[stored["id"]].items()]
            if entries:
                shown["members"] = entries
        else:
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

    def _checked_members(self, body: Json) -> dict[str, Json]:
        members: dict[str, Json] = {}
        for entry in body.get("members") or ():
            key = str(entry.get("value", ""))
            if not self.any_member and not self._stored(key):
                raise bad("invalidValue", f"There is no member {key}")
            members[key] = entry
        return members
