"""Requests to Microsoft Graph: token, renewal on 401, pages, and links that stay at home."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import uuid4

from app.connectors import errors
from app.connectors.graph_shapes import Malformed
from app.connectors.http import ServiceClient
from app.connectors.tokens import TokenKeeper
from app.connectors.wire import (
    Answer,
    Call,
    Json,
    JsonObject,
    host_of,
    objects_of,
    origin_of,
    text_of,
    with_query,
)
from app.domain.errors import BrokenContract, DeltaExpired, Service

T = TypeVar("T")


_BATCH = 20
_AGAIN = frozenset({424, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list or of a delta round."""

    entries: list[JsonObject]
    next_link: str | None
    delta_link: str | None


class Graph:
    """Graph at one address, as one application. `permission` names what a request needs."""

    def __init__(self, base: str, http: ServiceClient, tokens: TokenKeeper) -> None:
        self.base = base.rstrip("/")
        self._host = host_of(base)
        self._http = http
        self._tokens = tokens

    async def get(self, path: str, query: dict[str, str | int], permission: str) -> Answer:
        """The answer to a GET; 404 is the caller's to read, other refusals raise."""
        call = Call("GET", with_query(self.base + path, query))
        answer = await self._authorised(call)
        if answer.ok or answer.status == 404:
            return answer
        raise errors.graph_error(answer, permission)

    async def post(self, path: str, body: JsonObject, permission: str) -> Page:
        """A POST that only reads (getByIds)."""
        answer = await self._authorised(Call("POST", self.base + path, body=body))
        if not answer.ok:
            raise errors.graph_error(answer, permission)
        return self._page(answer)

    async def write(self, method: str, path: str, body: JsonObject | None = None) -> Answer:
        """A change that may safely be made twice; every refusal is the caller's to read."""
        return await self._authorised(Call(method, self.base + path, body=body))

    async def hand_over(self, path: str, content: bytes, permission: str) -> None:
        """A POST of a message in base64; not repeated, or somebody gets it twice."""
        call = Call("POST", self.base + path, content=content, repeatable=False)
        answer = await self._authorised(call)
        if not answer.ok:
            raise errors.graph_error(answer, permission)

    async def pages(
        self, path: str, query: dict[str, str | int], permission: str
    ) -> AsyncIterator[Page]:
        """All pages of a list; a page may be empty and still have a next one."""
        url: str | None = with_query(self.base + path, query)
        seen: set[str] = set()
        while url is not None:
            answer = await self._authorised(Call("GET", url))
            if not answer.ok:
                raise errors.graph_error(answer, permission)
            page = self._page(answer)
            yield page
            url = self._follow(page.next_link, seen)

    async def delta(
        self, path: str, select: str, link: str | None, permission: str
    ) -> AsyncIterator[Page]:
        """One delta round, from the start or from `link`. Raises `DeltaExpired`."""
        if link is not None and not self._at_home(link):
            # Left from another Graph address (the profile was changed): it means nothing here.
            raise DeltaExpired
        url: str | None = link or with_query(self.base + path, {"$select": select})
        seen: set[str] = set()
        while url is not None:
            answer = await self._authorised(Call("GET", url))
            if not answer.ok:
                raise errors.graph_delta_error(answer, permission)
            page = self._page(answer)
            if (page.next_link is None) == (page.delta_link is None):
                raise self.broken("a page of changes must have one link to go on with.", answer)
            if page.delta_link is not None and not self._at_home(page.delta_link):
                raise self.broken("a link leads to another host.", answer)
            yield page
            url = self._follow(page.next_link, seen)

    async def together(self, paths: Sequence[str]) -> list[Answer]:
        """The answers to these GETs, 20 in a request (spec/graph.md 6); refusals among them.

        Whoever was asked for too much (429, 424, 5xx) is asked again after the longest wait named.
        """
        answers: dict[int, Answer] = {}
        attempt = self._http.attempt()
        while missing := [index for index in range(len(paths)) if index not in answers]:
            waits: list[float | None] = []
            for start in range(0, len(missing), _BATCH):
                part = missing[start : start + _BATCH]
                for index, answer in (await self._batch([(i, paths[i]) for i in part])).items():
                    if answer.status in _AGAIN:
                        waits.append(answer.retry_after)
                    else:
                        answers[index] = answer
            if waits:
                named = [one for one in waits if one is not None]
                wait = attempt.wait_throttled(max(named, default=None))
                if wait is None:
                    raise errors.keeps_throttling(Service.SOURCE, self._host)
                await self._http.pause(wait)
        return [answers[index] for index in range(len(paths))]

    async def _batch(self, items: Sequence[tuple[int, str]]) -> dict[int, Answer]:
        requests: list[Json] = [
            {"id": str(index), "method": "GET", "url": path} for index, path in items
        ]
        whole = await self._authorised(
            Call("POST", f"{self.base}/$batch", body={"requests": requests})
        )
        if not whole.ok:
            raise errors.unexpected_status(Service.SOURCE, whole)
        found: dict[int, Answer] = {}
        for one in objects_of(self.object_of(whole).get("responses")):
            index, status = text_of(one.get("id")), one.get("status")
            if index.isdecimal() and isinstance(status, int):
                content = json.dumps(one.get("body")).encode()
                found[int(index)] = Answer(
                    status, _lowered(one.get("headers")), content, self._host
                )
        if found.keys() != {index for index, _ in items}:
            raise self.broken("a batch was answered for others than were asked for.", whole)
        return found

    def object_of(self, answer: Answer) -> JsonObject:
        """The body, which must be an object."""
        return self._http.object_of(answer)

    def read(self, reader: Callable[[JsonObject], T], entries: list[JsonObject]) -> tuple[T, ...]:
        """Every entry through `reader`; a malformed one breaks the contract."""
        try:
            return tuple(reader(entry) for entry in entries)
        except Malformed as error:
            raise errors.broken(Service.SOURCE, self._host, str(error)) from error

    def broken(self, sentence: str, answer: Answer) -> BrokenContract:
        """An answer that cannot be used."""
        return errors.broken(Service.SOURCE, answer.host, sentence, answer.request_id)

    async def _authorised(self, call: Call) -> Answer:
        token = await self._tokens.current()
        answer = await self._http.send(self._with_token(call, token.value))
        if answer.status == 401:
            token = await self._tokens.replace(token)
            answer = await self._http.send(self._with_token(call, token.value))
        return answer

    def _with_token(self, call: Call, token: str) -> Call:
        headers = {"Authorization": f"Bearer {token}", "client-request-id": str(uuid4())}
        if call.content is not None:
            headers["Content-Type"] = "text/plain"
        return replace(call, headers=headers)

    def _page(self, answer: Answer) -> Page:
        body = self.object_of(answer)
        value = body.get("value")
        if not isinstance(value, list):
            raise self.broken("a page has no list of values.", answer)
        entries = [entry for entry in value if isinstance(entry, dict)]
        if len(entries) != len(value):
            raise self.broken("a list holds something that is not an entry.", answer)
        return Page(
            entries,
            text_of(body.get("@odata.nextLink")) or None,
            text_of(body.get("@odata.deltaLink")) or None,
        )

    def _follow(self, link: str | None, seen: set[str]) -> str | None:
        """The next page's address, unless it leaves the service or goes in circles."""
        if link is None:
            return None
        if not self._at_home(link):
            raise errors.broken(Service.SOURCE, self._host, "a link leads to another host.")
        if link in seen:
            raise errors.broken(Service.SOURCE, self._host, "the pages of a list go in circles.")
        seen.add(link)
        return link

    def _at_home(self, link: str) -> bool:
        """Our token must not be sent anywhere else."""
        return origin_of(link) == origin_of(self.base)


def _lowered(headers: Json) -> dict[str, str]:
    if not isinstance(headers, dict):
        return {}
    return {name.lower(): text_of(value) for name, value in headers.items()}
