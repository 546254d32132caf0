"""Requests to a SCIM 2.0 server: token, discovery, lists in pages (RFC 7644 3.4, 4)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

from app.connectors import scim2_errors
from app.connectors import scim2_shapes as shapes
from app.connectors.http import ServiceClient
from app.connectors.scim_pages import pages
from app.connectors.tokens import TokenKeeper
from app.connectors.wire import (
    Answer,
    Call,
    JsonObject,
    host_of,
    objects_of,
    text_of,
    with_query,
)
from app.mapping.scim2_attributes import ATTRIBUTES, CASE_EXACT, ENTERPRISE

MEDIA_TYPE = "application/scim+json"


@dataclass(frozen=True, slots=True)
class Offer:
    """What the server says it can do; without a word from it, what nearly all of them can."""

    patch: bool = True
    filter: bool = True
    etag: bool = False
    users: str = "/Users"
    groups: str | None = "/Groups"
    case_exact: frozenset[str] = CASE_EXACT


class ScimApi:
    """The server at one base address. Every SCIM refusal comes back as the answer."""

    def __init__(self, base: str, http: ServiceClient, tokens: TokenKeeper) -> None:
        self.base = base.rstrip("/")
        self.host = host_of(base)
        self._http = http
        self._tokens = tokens
        self._offer: Offer | None = None
        self._asking = asyncio.Lock()

    async def send(self, call: Call) -> Answer:
        """The answer. On 401 once more, if there is another token to be had."""
        token = await self._tokens.current()
        answer = await self._http.send(_with_token(call, token.value))
        if answer.status != 401:
            return answer
        renewed = await self._tokens.replace(token)
        if renewed.value == token.value:
            return answer
        return await self._http.send(_with_token(call, renewed.value))

    async def get(self, url: str) -> JsonObject:
        """An object. Raises the `ServiceError` of any refusal."""
        answer = await self.send(Call("GET", url))
        if not answer.ok:
            raise scim2_errors.refused(answer)
        return self.object_of(answer)

    def object_of(self, answer: Answer) -> JsonObject:
        """The body, which must be an object."""
        return self._http.object_of(answer)

    async def pause(self, seconds: float) -> None:
        """Wait. Raises `Stopped`."""
        await self._http.pause(seconds)

    async def offer(self) -> Offer:
        """What the server can do, asked once. An endpoint that is absent means the defaults."""
        async with self._asking:
            if self._offer is None:
                config, types, schemas = await asyncio.gather(
                    self._discover("/ServiceProviderConfig"),
                    self._discover("/ResourceTypes"),
                    self._discover("/Schemas"),
                )
                self._offer = _offer_of(config, types, schemas)
            return self._offer

    async def pages(
        self, path: str, condition: str | None = None
    ) -> AsyncIterator[list[JsonObject]]:
        """All resources, each once, page by page. Raises `ServiceFaulty` for a list with holes."""

        async def read(query: Mapping[str, str | int]) -> JsonObject:
            whole = dict(query) if condition is None else {**query, "filter": condition}
            return await self.get(with_query(f"{self.base}{path}", whole))

        async for page in pages(read, self.host):
            yield page.items

    async def _discover(self, path: str) -> JsonObject:
        answer = await self.send(Call("GET", f"{self.base}{path}"))
        if answer.status == 401:
            raise scim2_errors.refused(answer)
        if not answer.ok:
            return {}
        try:
            value = answer.json()
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {"Resources": value}


def _offer_of(config: JsonObject, types: JsonObject, schemas: JsonObject) -> Offer:
    usual = Offer()
    endpoints = {
        text_of(one.get("name") or one.get("id")): text_of(one.get("endpoint"))
        for one in objects_of(types.get("Resources"))
    }
    return Offer(
        patch=_supported(config, "patch", default=usual.patch),
        filter=_supported(config, "filter", default=usual.filter),
        etag=_supported(config, "etag", default=usual.etag),
        users=_endpoint(endpoints.get("User"), usual.users),
        groups=None
        if endpoints and "Group" not in endpoints
        else _endpoint(endpoints.get("Group"), "/Groups"),
        case_exact=_case_exact(schemas) or usual.case_exact,
    )


def _supported(config: JsonObject, name: str, *, default: bool) -> bool:
    value = config.get(name)
    said = value.get("supported") if isinstance(value, dict) else None
    return said if isinstance(said, bool) else default


def _endpoint(said: str | None, usual: str) -> str:
    """The path below the base address; a server may name its whole address or a bare word."""
    last = (said or "").rstrip("/").rpartition("/")[2]
    return f"/{last}" if last else usual


def _case_exact(schemas: JsonObject) -> frozenset[str]:
    """Attributes of users whose capitals matter, by the names mappings use."""
    exact: set[str] = set()
    found = {text_of(one.get("id")): one for one in objects_of(schemas.get("Resources"))}
    for schema, prefix in ((shapes.USER, ""), (ENTERPRISE, f"{ENTERPRISE}:")):
        for attribute in objects_of(found.get(schema, {}).get("attributes")):
            name = f"{prefix}{text_of(attribute.get('name'))}"
            parts = objects_of(attribute.get("subAttributes"))
            if attribute.get("caseExact") is True and not parts:
                exact.add(name)
            exact.update(
                written
                for part in parts
                if part.get("caseExact") is True
                for written in ATTRIBUTES
                if _is_part(written, name, text_of(part.get("name")))
            )
    return frozenset(exact) | CASE_EXACT if shapes.USER in found else frozenset()


def _is_part(written: str, name: str, part: str) -> bool:
    path = shapes.path_of(written)
    return path.schema is None and path.name == name and path.part == part


def _with_token(call: Call, token: str) -> Call:
    headers = {**call.headers, "Authorization": f"Bearer {token}", "Accept": MEDIA_TYPE}
    if call.body is not None:
        headers["Content-Type"] = MEDIA_TYPE
    return replace(call, headers=headers)
