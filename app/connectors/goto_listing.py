"""Reading the accounts of the Admin API: the whole list, or one by its address.

No page size, total or end of list is documented (spec/goto.md 3.5), so nothing but an empty page
ends the list, and whatever hints at a hole in it ends the reading with an error.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from app.connectors import errors
from app.connectors.account_list import PAGE, AccountList, exactly
from app.connectors.goto_accounts import account_of
from app.connectors.goto_api import GoToApi
from app.connectors.wire import Call, JsonObject, objects_of, with_query
from app.domain.accounts import Account
from app.domain.errors import Service, ServiceFaulty
from app.domain.texts import Text


@dataclass(frozen=True, slots=True)
class _Page:
    accounts: list[Account]
    total: int | None


class Listing(AccountList):
    """The users of one account."""

    def __init__(self, api: GoToApi, users_url: str) -> None:
        super().__init__()
        self._api = api
        self._url = users_url

    async def pages(self) -> AsyncIterator[list[Account]]:
        """Everybody, each account once. Raises `ServiceFaulty` when the list has holes."""
        seen: set[str] = set()
        offset, total = 0, None
        while True:
            page = await self._read({"pageSize": PAGE, "offset": offset})
            if page.total is not None and total is not None and page.total < total:
                raise self._incomplete(Text("it shrank while it was read."))
            total = total if page.total is None else page.total
            if not page.accounts:
                break
            fresh = list({one.key: one for one in page.accounts if one.key not in seen}.values())
            if not fresh:
                raise self._incomplete(Text("a page was repeated."))
            seen.update(one.key for one in fresh)
            offset += len(page.accounts)
            self._total = max(len(seen), total or 0)
            yield fresh
        if total is not None and len(seen) < total:
            raise self._incomplete(
                Text("{found} of {total} came.", {"found": len(seen), "total": total})
            )
        self._total = len(seen)

    async def _find_one(self, match: str) -> list[Account] | None:
        quoted = match.replace("\\", "\\\\").replace('"', '\\"')
        query: dict[str, str | int] = {"filter": f'email eq "{quoted}"', "pageSize": PAGE}
        answer = await self._api.send(Call("GET", with_query(self._url, query)))
        if answer.status == 404:
            return []
        if not answer.ok:
            raise errors.goto_error(answer)
        results = self._api.object_of(answer).get("results")
        return exactly(self._accounts(objects_of(results)), match)

    async def _read(self, query: dict[str, str | int]) -> _Page:
        body = await self._api.get(with_query(self._url, query))
        results, total = body.get("results"), body.get("total")
        if not isinstance(results, list):
            raise errors.broken(Service.TARGET, self._api.host, Text("a page has no results."))
        items = objects_of(results)
        return _Page(
            self._accounts(items),
            total if isinstance(total, int) and not isinstance(total, bool) else None,
        )

    def _accounts(self, items: Sequence[JsonObject]) -> list[Account]:
        accounts = [account_of(item) for item in items]
        if not all(account.key for account in accounts):
            raise errors.broken(Service.TARGET, self._api.host, Text("a user has no key."))
        return accounts

    def _incomplete(self, what: Text) -> ServiceFaulty:
        return errors.list_incomplete(self._api.host, what)
