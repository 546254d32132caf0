"""SCIM 2.0 resources to accounts and groups, and changes to PatchOp or whole bodies (RFC 7643/4).

A mapping names an attribute as SCIM paths do: `userName`, `name.givenName`,
`emails[type eq "work"].value`, `urn:…:User:department`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.connectors.wire import Json, JsonObject, key_text, objects_of, text_of
from app.domain.accounts import Account
from app.domain.groups import TargetGroup
from app.domain.people import Value
from app.mapping.scim2_attributes import (
    ATTRIBUTES,
    GROUP_ATTRIBUTES,
    GROUP_NAME,
    REFERENCES,
    USER_NAME,
)

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

_PATH = re.compile(r'(?:(urn:[^\[]+):)?([^\[.:]+)(?:\[type eq "([^"]+)"\])?(?:\.(\w+))?')


@dataclass(frozen=True, slots=True)
class Path:
    """A path in its parts: schema extension, attribute, type of a value, sub-attribute."""

    written: str
    schema: str | None
    name: str
    type: str | None
    part: str | None
    reference: bool = False
    """The value is the id of another resource, which SCIM keeps as an object."""


@lru_cache(maxsize=256)
def path_of(written: str) -> Path:
    """The parts of an attribute's name."""
    match = _PATH.fullmatch(written)
    if match is None:
        return Path(written, None, written, None, None)
    reference = written in REFERENCES
    return Path(written, match[1], match[2], match[3], match[4], reference)


def account_of(item: JsonObject) -> Account:
    """One user, with the attributes mappings may name."""
    attributes: dict[str, Value] = {}
    for written in ATTRIBUTES:
        value = _read(item, path_of(written))
        if isinstance(value, (str, bool, int)):
            attributes[written] = value
    return Account(
        key=key_text(item.get("id")),
        match=text_of(item.get(USER_NAME)).lower(),
        attributes=attributes,
    )


def group_of(item: JsonObject) -> TargetGroup:
    """One group with the keys of its members."""
    attributes: dict[str, Value] = {
        name: value for name in GROUP_ATTRIBUTES if isinstance(value := item.get(name), str)
    }
    return TargetGroup(
        key=key_text(item.get("id")),
        match=text_of(item.get(GROUP_NAME)).lower(),
        attributes=attributes,
        members=tuple(
            key for one in objects_of(item.get("members")) if (key := key_text(one.get("value")))
        ),
    )


def body_of(schema: str, attributes: Mapping[str, Value]) -> JsonObject:
    """A new resource with these attributes."""
    body: JsonObject = {"schemas": [schema]}
    write_into(body, attributes)
    return body


def write_into(body: JsonObject, attributes: Mapping[str, Value]) -> None:
    """Set attributes in a resource; an empty value takes the attribute away."""
    for written, value in attributes.items():
        path = path_of(written)
        holder = body
        if path.schema:
            holder = _object(body, path.schema)
            _announce(body, path.schema)
        if path.reference:
            _set_json(holder, path.name, _pointing(value))
        elif path.type is not None:
            _write_typed(holder, path, value)
        elif path.part is not None:
            _set(_object(holder, path.name), path.part, value)
        else:
            _set(holder, path.name, value)


def operations_of(attributes: Mapping[str, Value], known: JsonObject) -> list[Json]:
    """The PatchOp operations that set these attributes; `known` is the user as last read.

    A value filter that finds nothing is an error (RFC 7644 3.5.2.3), so the first value of a
    type is added as a whole instead.
    """
    found: list[Json] = []
    fresh: dict[tuple[str, str], JsonObject] = {}
    for written, value in sorted(attributes.items()):
        path = path_of(written)
        if path.type is not None and _typed(known, path) is None:
            if value not in (None, ""):
                entry = fresh.setdefault((path.name, path.type), {"type": path.type})
                entry[path.part or "value"] = _json(value)
        elif value in (None, ""):
            found.append({"op": "remove", "path": written})
        else:
            sent = _pointing(value) if path.reference else _json(value)
            found.append({"op": "replace", "path": written, "value": sent})
    found.extend(
        {"op": "add", "path": name, "value": [entry]} for (name, _), entry in fresh.items()
    )
    return found


def patch_of(operations: Sequence[Json]) -> JsonObject:
    """The body of a PATCH."""
    return {"schemas": [PATCH], "Operations": list(operations)}


def needs_current(attributes: Mapping[str, Value]) -> bool:
    """Whether the right operations depend on what the user holds now."""
    return any(path_of(written).type is not None for written in attributes)


def member_operations(added: Sequence[str], removed: Sequence[str]) -> list[Json]:
    """Operations that change a group's members, removals by value filter."""
    found: list[Json] = [
        {"op": "remove", "path": f"members[value eq {json.dumps(key)}]"} for key in removed
    ]
    if added:
        found.append({"op": "add", "path": "members", "value": [{"value": key} for key in added]})
    return found


def equals(attribute: str, value: str) -> str:
    """A filter on one value; quotes and backslashes are escaped as in JSON (RFC 7644 3.4.2.2)."""
    return f"{attribute} eq {json.dumps(value, ensure_ascii=False)}"


def version_of(item: JsonObject) -> str | None:
    """The ETag in a resource's `meta`."""
    meta = item.get("meta")
    return (text_of(meta.get("version")) or None) if isinstance(meta, dict) else None


def _read(item: JsonObject, path: Path) -> Json:
    holder: Json = item.get(path.schema) if path.schema else item
    if not isinstance(holder, dict):
        return None
    if path.type is not None:
        entry = _typed(holder, path)
        return None if entry is None else entry.get(path.part or "value")
    value = holder.get(path.name)
    if path.reference:
        return key_text(value.get("value") if isinstance(value, dict) else value) or None
    if path.part is None:
        return value
    return value.get(path.part) if isinstance(value, dict) else None


def _typed(holder: JsonObject, path: Path) -> JsonObject | None:
    for entry in objects_of(holder.get(path.name)):
        if text_of(entry.get("type")).lower() == path.type:
            return entry
    return None


def _write_typed(holder: JsonObject, path: Path, value: Value) -> None:
    entries = objects_of(holder.get(path.name))
    entry = _typed({path.name: list(entries)}, path)
    if entry is None:
        entry = {"type": path.type}
        entries.append(entry)
    _set(entry, path.part or "value", value)
    kept: list[Json] = [one for one in entries if set(one) - {"type", "primary"}]
    _set_json(holder, path.name, kept or None)


def _object(holder: JsonObject, name: str) -> JsonObject:
    value = holder.get(name)
    if not isinstance(value, dict):
        value = {}
        holder[name] = value
    return value


def _announce(body: JsonObject, schema: str) -> None:
    schemas = body.get("schemas")
    if isinstance(schemas, list) and schema not in schemas:
        schemas.append(schema)


def _set(holder: JsonObject, name: str, value: Value) -> None:
    _set_json(holder, name, None if value in (None, "") else _json(value))


def _set_json(holder: JsonObject, name: str, value: Json) -> None:
    if value is None:
        holder.pop(name, None)
    else:
        holder[name] = value


def _pointing(value: Value) -> Json:
    """A reference by id; the server knows `$ref` and the name (RFC 7643 4.3)."""
    return None if value in (None, "") else {"value": _json(value)}


def _json(value: Value) -> Json:
    return list(value) if isinstance(value, tuple) else value
