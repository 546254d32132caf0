"""The practice SCIM 2.0 server (RFC 7643, 7644): users, groups, discovery, ETags.

No bulk, no sorting, no passwords, and it says so in its ServiceProviderConfig.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from app.sandbox.scim_filters import parse_filter
from app.sandbox.scim_patch import patched
from app.sandbox.scim_schemas import (
    CORE,
    ENTERPRISE_USERS,
    GROUPS,
    KINDS,
    USER_KIND,
    USERS,
    Kind,
    bad,
    error,
)
from app.sandbox.wire import Answer, Call, Json, Refused, Routes
from app.sandbox.world import World

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
LARGEST_PAGE = 200
TYPE = {"content-type": "application/scim+json"}
_BY_NAME = re.compile(r'userName\s+eq\s+"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_ALWAYS = frozenset({"id", "schemas"})


class ScimApi:
    """Handlers over the world's SCIM directory."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.routes = Routes()
        add = self.routes.add
        add("GET", "/ServiceProviderConfig", lambda call, _: Answer(200, _config(call.base)))
        add("GET", "/ResourceTypes(?:/(?P<id>[^/]+))?", self._types)
        add("GET", "/Schemas(?:/(?P<id>[^/]+))?", self._schemas)
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            for place in ("ServiceProviderConfig", "ResourceTypes", "Schemas"):
                add(method, f"/{place}(?:/[^/]+)?", lambda call, _: error(405, call.method))
        for kind in KINDS:
            self._serve(kind)
        add("POST", r"/\.search", lambda _call, _match: error(501, "Search users or groups"))

    def answer(self, call: Call) -> Answer:
        """Any request: the token first, then the route."""
        with self._world.lock:
            if call.bearer() != self._world.credentials.scim_token:
                found = error(401, "The token is not valid")
            else:
                found = self.routes.dispatch(call) or error(404, f"There is nothing at {call.path}")
        return Answer(found.status, found.body, {**TYPE, **found.headers})

    def _serve(self, kind: Kind) -> None:
        add, one = self.routes.add, rf"{kind.endpoint}/(?P<id>[^/]+)"
        add("GET", kind.endpoint, lambda call, _: self._list(kind, call, dict(call.query)))
        add("POST", rf"{kind.endpoint}/\.search", lambda call, _: self._search(kind, call))
        add("POST", kind.endpoint, lambda call, _: self._create(kind, call))
        add("GET", one, lambda call, match: self._read(kind, call, match["id"]))
        add("PUT", one, lambda call, match: self._replace(kind, call, match["id"]))
        add("PATCH", one, lambda call, match: self._patch(kind, call, match["id"]))
        add("DELETE", one, lambda call, match: self._delete(kind, call, match["id"]))

    def _types(self, call: Call, match: re.Match[str]) -> Answer:
        return _listed([kind.json(call.base) for kind in KINDS], match["id"])

    def _schemas(self, call: Call, match: re.Match[str]) -> Answer:
        schemas = [one.json(call.base) for one in (USERS, ENTERPRISE_USERS, GROUPS)]
        return _listed(schemas, match["id"])

    def _list(self, kind: Kind, call: Call, query: Json) -> Answer:
        start = max(1, _number(query, "startIndex", 1))
        count = min(LARGEST_PAGE, max(0, _number(query, "count", LARGEST_PAGE)))
        found = list(self._chosen(kind, str(query.get("filter") or ""), call.base))
        page = found[start - 1 : start - 1 + count]
        return Answer(
            200,
            {
                "schemas": [LIST],
                "totalResults": len(found),
                "startIndex": start,
                "itemsPerPage": len(page),
                "Resources": [
                    _projected(self._world.scim.whole(kind, one, call.base), query) for one in page
                ],
            },
        )

    def _search(self, kind: Kind, call: Call) -> Answer:
        body = _body(call)
        if SEARCH not in (body.get("schemas") or []):
            raise bad("invalidSyntax", f"schemas must name {SEARCH}")
        for name in ("attributes", "excludedAttributes"):
            if isinstance(body.get(name), list):
                body[name] = ",".join(body[name])
        return self._list(kind, call, body)

    def _chosen(self, kind: Kind, condition: str, base: str) -> Iterator[Json]:
        directory = self._world.scim
        if not condition:
            yield from directory.of(kind).values()
            return
        holds = parse_filter(condition, kind)
        by_name = _BY_NAME.fullmatch(condition.strip()) if kind is USER_KIND else None
        named = directory.user_at(json.loads(f'"{by_name[1]}"')) if by_name else None
        candidates = directory.of(kind).values() if by_name is None else [named] if named else []
        needs_whole = "members" in condition.lower() or "groups" in condition.lower()
        for one in candidates:
            if holds(directory.whole(kind, one, base) if needs_whole else one):
                yield one

    def _create(self, kind: Kind, call: Call) -> Answer:
        stored = self._world.scim.put(kind, kind.checked(_body(call)), None, self._world.now())
        return self._shown(kind, call, stored, 201)

    def _read(self, kind: Kind, call: Call, key: str) -> Answer:
        stored = self._stored(kind, key)
        if call.headers.get("if-none-match") == stored["meta"]["version"]:
            return Answer(304)
        return self._shown(kind, call, stored, 200)

    def _replace(self, kind: Kind, call: Call, key: str) -> Answer:
        self._check_version(call, self._stored(kind, key))
        stored = self._world.scim.put(kind, kind.checked(_body(call)), key, self._world.now())
        return self._shown(kind, call, stored, 200)

    def _patch(self, kind: Kind, call: Call, key: str) -> Answer:
        stored = self._stored(kind, key)
        self._check_version(call, stored)
        directory = self._world.scim
        before = directory.whole(kind, stored, call.base)
        after = kind.checked(patched(before, _body(call), kind))
        if after != kind.checked(before):
            stored = directory.put(kind, after, key, self._world.now())
        return self._shown(kind, call, stored, 200)

    def _delete(self, kind: Kind, call: Call, key: str) -> Answer:
        self._check_version(call, self._stored(kind, key))
        self._world.scim.delete(kind, key)
        return Answer(204)

    def _stored(self, kind: Kind, key: str) -> Json:
        stored = self._world.scim.of(kind).get(key)
        if stored is None:
            raise Refused(error(404, f"There is no {kind.name} {key}"))
        return stored

    def _check_version(self, call: Call, stored: Json) -> None:
        wanted = call.headers.get("if-match")
        if wanted not in (None, "*", stored["meta"]["version"]):
            raise Refused(error(412, "The resource has changed since"))

    def _shown(self, kind: Kind, call: Call, stored: Json, status: int) -> Answer:
        whole = self._world.scim.whole(kind, stored, call.base)
        headers = {"etag": whole["meta"]["version"], "location": whole["meta"]["location"]}
        return Answer(status, _projected(whole, dict(call.query)), headers)


def _config(base: str) -> Json:
    no = {"supported": False}
    return {
        "schemas": [f"{CORE}ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {**no, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": LARGEST_PAGE},
        "changePassword": no,
        "sort": no,
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "The token that the practice servers print",
                "primary": True,
            }
        ],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": f"{base}/ServiceProviderConfig",
        },
    }


def _listed(items: list[Json], key: str | None) -> Answer:
    if key is None:
        return Answer(200, {"schemas": [LIST], "totalResults": len(items), "Resources": items})
    found = next((one for one in items if one["id"].lower() == key.lower()), None)
    return Answer(200, found) if found is not None else error(404, f"There is no {key}")


def _projected(item: Json, query: Json) -> Json:
    """`attributes` and `excludedAttributes` by top-level name (RFC 7644 3.9)."""
    only, without = (
        {_top(name) for name in str(query.get(key) or "").split(",") if name.strip()}
        for key in ("attributes", "excludedAttributes")
    )
    return {
        name: value
        for name, value in item.items()
        if name in _ALWAYS or ((not only or name.lower() in only) and name.lower() not in without)
    }


def _top(name: str) -> str:
    """The top-level key of a path; an extension's attributes live below the extension."""
    name = name.strip().lower()
    if name.startswith("urn:"):
        schema = name if name.endswith(":user") else name.rpartition(":")[0]
        return schema if "extension" in schema else name.rpartition(":")[2]
    return name.partition(".")[0]


def _number(query: Json, name: str, default: int) -> int:
    value = str(query.get(name, default))
    if not re.fullmatch(r"-?\d{1,9}", value):
        raise bad("invalidValue", f"{name} must be a number")
    return int(value)


def _body(call: Call) -> Json:
    try:
        return call.json()
    except ValueError:
        raise bad("invalidSyntax", "The body is not a JSON object") from None
