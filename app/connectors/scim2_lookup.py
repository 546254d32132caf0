"""Finding resources by one attribute, in as few requests as the server can be trusted with."""

from __future__ import annotations

from collections.abc import Collection

from app.connectors import scim2_shapes as shapes
from app.connectors.scim2_api import ScimApi
from app.connectors.wire import JsonObject, text_of
from app.domain.errors import BrokenContract

_TOGETHER = 20
"""Values in one filter: keeps the address below 2,000 characters with ordinary names."""


class Lookup:
    """Looks up by `attribute`. `path` is asked for each time: discovery may name it."""

    def __init__(self, api: ScimApi, attribute: str) -> None:
        self._api = api
        self._attribute = attribute
        self._or_works: bool | None = None
        """Known only once an answer held values of both sides of an `or`."""

    async def find(self, path: str, values: Collection[str]) -> list[JsonObject]:
        """Every resource with one of these values (lower case)."""
        wanted = set(values)
        if not (await self._api.offer()).filter:
            return [
                item
                async for page in self._api.pages(path)
                for item in page
                if self._value(item) in wanted
            ]
        found: list[JsonObject] = []
        left = sorted(wanted)
        while left and self._or_works is not False and len(left) > 1:
            together, left = left[:_TOGETHER], left[_TOGETHER:]
            hits = await self._together(path, together)
            found.extend(hits)
            if self._or_works is not True:
                left += sorted(set(together) - {self._value(item) for item in hits})
                break
        for value in left:
            found.extend(await self._matching(path, shapes.equals(self._attribute, value), {value}))
        return found

    async def _together(self, path: str, values: list[str]) -> list[JsonObject]:
        condition = " or ".join(shapes.equals(self._attribute, value) for value in values)
        try:
            hits = await self._matching(path, condition, set(values))
        except BrokenContract:
            if self._or_works is True:
                raise
            self._or_works = False
            return []
        if self._or_works is None and len({self._value(item) for item in hits}) > 1:
            self._or_works = True
        return hits

    async def _matching(
        self, path: str, condition: str, wanted: Collection[str]
    ) -> list[JsonObject]:
        """A server that ignores filters lists just anybody: only what was asked for counts."""
        return [
            item
            async for page in self._api.pages(path, condition)
            for item in page
            if self._value(item) in wanted
        ]

    def _value(self, item: JsonObject) -> str:
        return text_of(item.get(self._attribute)).lower()
