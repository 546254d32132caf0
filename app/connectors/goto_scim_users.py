"""Reading the identities of an organisation: the whole list, or one by its user name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from app.connectors import goto_scim_shapes as shapes
from app.connectors.account_list import AccountList, exactly
from app.connectors.goto_api import GoToApi
from app.connectors.scim2_shapes import equals
from app.connectors.scim_pages import pages, resources_of
from app.connectors.wire import JsonObject, with_query
from app.domain.accounts import Account


class Identities(AccountList):
    """The users of the organisation. Filters know no `or` (spec/goto.md 2.6)."""

    def __init__(self, api: GoToApi) -> None:
        super().__init__()
        self._api = api
        self.url = f"{api.base}/Users"

    async def pages(self) -> AsyncIterator[list[Account]]:
        """Everybody, each account once. Raises `ServiceFaulty` when the list has holes."""
        seen = 0
        async for page in pages(self._read, self._api.host):
            seen += len(page.items)
            self._total = max(seen, page.total or 0)
            yield [shapes.account_of(item) for item in page.items]
        self._total = seen

    async def named(self, name: str) -> JsonObject | None:
        """The one identity with this user name, as GoTo shows it.

        Asked for in lower case, then as written: whether capitals count in a filter is nowhere
        said.
        """
        for written in dict.fromkeys((name.lower(), name)):
            found = [
                item
                for item in await self._filtered(written)
                if shapes.account_of(item).match == name.lower()
            ]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    async def _find_one(self, match: str) -> list[Account] | None:
        return exactly([shapes.account_of(item) for item in await self._filtered(match)], match)

    async def _filtered(self, name: str) -> list[JsonObject]:
        body = await self._read({"filter": equals(shapes.USER_NAME, name)})
        return resources_of(body, self._api.host)

    async def _read(self, query: Mapping[str, str | int]) -> JsonObject:
        return await self._api.get(with_query(self.url, query))
