"""Lists of SCIM resources in pages, for both dialects (RFC 7644 3.4.2, spec/goto.md 2.6)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from app.connectors import errors
from app.connectors.wire import Json, JsonObject, key_text, objects_of
from app.domain.errors import Service
from app.domain.texts import Text

PAGE = 100
"""Resources asked for at a time (spec/goto.md 10, 6)."""

_NAMES = ("Resources", "resources")
"""RFC 7644 writes the first, GoTo the second (spec/goto.md 2.3)."""

Read: TypeAlias = Callable[[Mapping[str, str | int]], Awaitable[JsonObject]]
"""One page by its query."""


@dataclass(frozen=True, slots=True)
class Page:
    """Resources not seen on an earlier page, and how many the server says there are."""

    items: list[JsonObject]
    total: int | None


async def pages(read: Read, host: str) -> AsyncIterator[Page]:
    """All resources, each once.

    Ends on an empty page, when `totalResults` is reached, or when a page repeats what was seen
    (spec/goto.md 10, 6). Raises `ServiceFaulty` when less came than was announced.
    """
    seen: set[str] = set()
    start, total = 1, None
    while True:
        body = await read({"startIndex": start, "count": PAGE})
        total = _whole(body.get("totalResults"), total)
        items = resources_of(body, host)
        fresh = {key: one for one in items if (key := key_text(one.get("id"))) not in seen}
        if not fresh:
            break
        seen.update(fresh)
        start += len(items)
        yield Page(list(fresh.values()), total)
        if total is not None and len(seen) >= total:
            return
    if total is not None and len(seen) < total:
        raise errors.list_incomplete(
            host, Text("{found} of {total} came.", {"found": len(seen), "total": total})
        )


def resources_of(body: JsonObject, host: str) -> list[JsonObject]:
    """The resources of one page. Raises `BrokenContract` for a body that is none."""
    name = next((one for one in _NAMES if one in body), None)
    listed: Json = [] if name is None else body[name]
    if not isinstance(listed, list) or (name is None and "totalResults" not in body):
        raise errors.broken(Service.TARGET, host, "a page has no Resources.")
    items = objects_of(listed)
    if not all(key_text(item.get("id")) for item in items):
        raise errors.broken(Service.TARGET, host, "a resource has no id.")
    return items


def _whole(value: Json, default: int | None) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else default
