"""Writing SCIM resources: nobody twice, versions where they are offered, PUT where PATCH is not.

- A creation that may be done already is looked up (`scim_creation`), and what is there adopted.
- With ETags a change to what was read in this cycle says which version it is for. Refused for
  that (412), the resource is read again and the change, which names its own attributes only, is
  sent once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from app.connectors import scim2_errors
from app.connectors import scim2_shapes as shapes
from app.connectors.errors import answer_lost, faulty
from app.connectors.scim2_api import ScimApi
from app.connectors.scim_creation import Find, create
from app.connectors.wire import Answer, Call, Json, JsonObject, key_text, segment
from app.domain.errors import EntryError, Service

_TRIES = 3

Written: TypeAlias = JsonObject | EntryError


class Resources:
    """Users or groups of one server; remembers what was read in this cycle."""

    def __init__(self, api: ScimApi, wait: float) -> None:
        self._api = api
        self._wait = wait
        self._known: dict[str, JsonObject] = {}

    def remember(self, items: Sequence[JsonObject]) -> None:
        """These resources were just read or written."""
        for item in items:
            self._known[key_text(item.get("id"))] = item

    async def create(
        self, path: str, body: JsonObject, name: str, find: Find
    ) -> tuple[Written, bool]:
        """The resource, and whether it was there before; or why there is none.

        Raises `KeepsFailing` when the server answered 5xx until patience ended, `AnswerLost` when
        no answer came.
        """
        tried = await create(self._api, f"{self._api.base}{path}", body, find, self._wait)
        if tried.found is not None:
            self.remember([tried.found])
            return tried.found, True
        if tried.answer is None:
            raise answer_lost(Service.TARGET, self._api.host)
        if tried.faulty:
            raise faulty(Service.TARGET, tried.answer)
        return self._answered(tried.answer, name), False

    async def read(self, path: str, key: str) -> JsonObject | None:
        """One resource, freshly; None when it is gone."""
        answer = await self._api.send(Call("GET", self._url(path, key)))
        if answer.status == 404:
            self._known.pop(key, None)
            return None
        if not answer.ok:
            raise scim2_errors.refused(answer)
        item = self._api.object_of(answer)
        self.remember([item])
        return item

    async def change(
        self, path: str, key: str, make: Callable[[JsonObject], list[Json]], *, fresh: bool
    ) -> Answer | None:
        """PATCH with the operations made for the resource as it is; None when it is gone.

        `fresh`: the operations depend on what the resource holds, so it has to be known.
        """
        known = self._known.get(key)
        if known is None and fresh:
            known = await self.read(path, key)
            if known is None:
                return None
        answer = await self._send("PATCH", path, key, shapes.patch_of(make(known or {})))
        if answer.status == 412:
            known = await self.read(path, key)
            if known is None:
                return None
            answer = await self._send("PATCH", path, key, shapes.patch_of(make(known)))
        return self._kept(key, answer)

    async def replace(
        self, path: str, key: str, alter: Callable[[JsonObject], None]
    ) -> Answer | None:
        """PUT the whole resource with an alteration; None when it is gone.

        For servers without PATCH. What we do not know goes back as it came.
        """
        answer: Answer | None = None
        for _ in range(_TRIES):
            item = await self.read(path, key)
            if item is None:
                return None
            body = {name: value for name, value in item.items() if name not in ("meta", "groups")}
            alter(body)
            answer = await self._send("PUT", path, key, body)
            if answer.status != 412:
                break
        return None if answer is None else self._kept(key, answer)

    async def delete(self, path: str, key: str, name: str) -> EntryError | None:
        """Delete; what is gone already counts as done. Raises `KeepsFailing`."""
        answer = await self._send("DELETE", path, key, None)
        if answer.status == 412:
            await self.read(path, key)
            answer = await self._send("DELETE", path, key, None)
        if answer.status == 401:
            raise scim2_errors.refused(answer)
        self._known.pop(key, None)
        if answer.ok or answer.status == 404:
            return None
        return scim2_errors.entry_refused(answer, name)

    async def _send(self, method: str, path: str, key: str, body: JsonObject | None) -> Answer:
        headers: dict[str, str] = {}
        version = shapes.version_of(self._known.get(key, {}))
        if version is not None and (await self._api.offer()).etag:
            headers["If-Match"] = version
        return await self._api.send(Call(method, self._url(path, key), headers, body))

    def _kept(self, key: str, answer: Answer) -> Answer:
        """Remember what a successful answer describes; without a body nothing is known any more."""
        if answer.status == 401:
            raise scim2_errors.refused(answer)
        item = answer.json_object() if answer.ok else {}
        if key_text(item.get("id")) == key:
            self._known[key] = item
        else:
            self._known.pop(key, None)
        return answer

    def _answered(self, answer: Answer, name: str) -> Written:
        if answer.status == 401:
            raise scim2_errors.refused(answer)
        if not answer.ok:
            return scim2_errors.entry_refused(answer, name)
        item = self._api.object_of(answer)
        if not key_text(item.get("id")):
            return scim2_errors.not_there(self._api.host, name)
        self.remember([item])
        return item

    def _url(self, path: str, key: str) -> str:
        return f"{self._api.base}{path}/{segment(key)}"
