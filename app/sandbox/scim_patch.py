"""PatchOp (RFC 7644 3.5.2) on one resource: all operations, or none."""

from __future__ import annotations

import copy
from typing import Any

from app.sandbox.scim_filters import Place, parse_path
from app.sandbox.scim_schemas import Attribute, Kind, bad, fitting
from app.sandbox.wire import Json

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def patched(resource: Json, body: Json, kind: Kind) -> Json:
    """A changed copy; raises `Refused` for what cannot be done."""
    if PATCH not in (body.get("schemas") or []):
        raise bad("invalidSyntax", f"schemas must name {PATCH}")
    operations = body.get("Operations")
    if not isinstance(operations, list) or not operations:
        raise bad("invalidSyntax", "Operations must be a list")
    result = copy.deepcopy(resource)
    for operation in operations:
        if not isinstance(operation, dict):
            raise bad("invalidSyntax", "An operation must be an object")
        _apply(result, operation, kind)
    return result


def _apply(resource: Json, operation: Json, kind: Kind) -> None:
    op = str(operation.get("op", "")).lower()
    if op not in ("add", "replace", "remove"):
        raise bad("invalidSyntax", f"Unknown operation {operation.get('op')}")
    path, value = operation.get("path"), operation.get("value")
    if op != "remove" and "value" not in operation:
        raise bad("invalidValue", f"{op} needs a value")
    if path is not None and not isinstance(path, str):
        raise bad("invalidPath", "path must be text")
    if path:
        if kind.extension is not None and path.lower() == kind.extension.id.lower():
            _whole_extension(resource, op, value, kind)
        else:
            _at(resource, op, parse_path(path, kind), value)
        return
    if op == "remove":
        raise bad("noTarget", "remove needs a path")
    if not isinstance(value, dict):
        raise bad("invalidValue", "Without a path the value must be an object")
    for name, inner in value.items():
        if name.lower() == "schemas":
            continue
        _apply(resource, {"op": op, "path": name, "value": inner}, kind)


def _whole_extension(resource: Json, op: str, value: Any, kind: Kind) -> None:  # noqa: ANN401
    extension = kind.extension
    if extension is None:
        return
    if op == "remove":
        resource.pop(extension.id, None)
        return
    if not isinstance(value, dict):
        raise bad("invalidValue", f"{extension.id} must be an object")
    for name, inner in value.items():
        if name.lower() != "schemas":
            _apply(resource, {"op": op, "path": f"{extension.id}:{name}", "value": inner}, kind)


def _at(resource: Json, op: str, place: Place, value: Any) -> None:  # noqa: ANN401
    for one in (place.attribute, place.part):
        if one is not None and one.mutability == "readOnly":
            raise bad("mutability", f"{one.name} cannot be changed")
    holder = resource
    if place.schema is not None:
        holder = resource.setdefault(place.schema, {})
    if place.condition is not None:
        _among_values(holder, op, place, value)
    elif place.part is not None:
        _in_part(holder, op, place, value)
    else:
        _plain(holder, op, place.attribute, value)
    if place.schema is not None and not resource[place.schema]:
        del resource[place.schema]


def _plain(holder: Json, op: str, attribute: Attribute, value: Any) -> None:  # noqa: ANN401
    name = attribute.name
    if op == "remove":
        holder.pop(name, None)
        return
    if attribute.multi and op == "add":
        clean = fitting(attribute, value if isinstance(value, list) else [value]) or []
        kept = holder.get(name) or []
        if any(one.get("primary") is True for one in clean):
            kept = [{**one, "primary": False} if one.get("primary") else one for one in kept]
        holder[name] = [*kept, *(one for one in clean if one not in kept)]
        return
    clean = fitting(attribute, value)
    if clean is None:
        holder.pop(name, None)
    elif attribute.type == "complex" and not attribute.multi:
        holder[name] = {**(holder.get(name) or {}), **clean}
    else:
        holder[name] = clean


def _in_part(holder: Json, op: str, place: Place, value: Any) -> None:  # noqa: ANN401
    part, attribute = place.part, place.attribute
    if part is None:
        return
    if attribute.multi:
        entries = holder.get(attribute.name) or []
        if not entries:
            raise bad("noTarget", f"There are no {attribute.name}")
        for entry in entries:
            _plain(entry, op, part, value)
        return
    inner = holder.setdefault(attribute.name, {})
    _plain(inner, op, part, value)
    if not inner:
        del holder[attribute.name]


def _among_values(holder: Json, op: str, place: Place, value: Any) -> None:  # noqa: ANN401
    entries, condition = holder.get(place.attribute.name) or [], place.condition
    chosen = [one for one in entries if condition is not None and condition(one)]
    if not chosen:
        raise bad("noTarget", f"No value of {place.attribute.name} fits the filter")
    if place.part is not None:
        for entry in chosen:
            _plain(entry, op, place.part, value)
    elif op == "remove":
        entries = [one for one in entries if one not in chosen]
    else:
        clean = fitting(place.attribute, [value]) or [{}]
        for entry in chosen:
            if op == "replace":
                entry.clear()
            entry.update(clean[0])
    holder[place.attribute.name] = [one for one in entries if one]
    if not holder[place.attribute.name]:
        del holder[place.attribute.name]
