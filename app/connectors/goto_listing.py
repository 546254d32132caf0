"""Reading accounts: the whole list, or some of them in as few requests as possible.

No page size, total or end of list is documented (spec/goto.md 3.5), so nothing but an empty page
ends the list, and whatever hints at a hole in it ends the reading with an error.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass

from app.connectors import errors
from app.connectors.goto_accounts import account_of
from app.connectors.goto_api import GoToApi
from app.connectors.wire import Call, JsonObject, objects_of, with_query
from app.domain.accounts import Account
from app.domain.errors import Service, ServiceFaulty
from app.domain.texts import Text

_PAGE = 100


@dataclass(frozen=True, slots=True)
class _Page:
    accounts: list[Account]
    total: int | None


class Listing:
    """The users of one account; remembers how many there were to choose the cheaper way."""

    def __init__(self, api: GoToApi, users_url: str) -> None:
        self._api = api
        self._url = users_url
        self._total: int | None = None

    def grown(self, created: int) -> None:
        """So many accounts were created since the list was read."""
        if self._total is not None:
            self._total += created

    async def pages(self) -> AsyncIterator[list[Account]]:
        """Everybody, each account once. Raises `ServiceFaulty` when the list has holes."""
        seen: set[str] = set()
        offset, total = 0, None
        while True:
            page = await self._read({"pageSize": _PAGE, "offset": offset})
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

    async def find(self, matches: Collection[str]) -> list[Account]:
        """Accounts with these addresses (lower case), one by one or out of the whole list."""
        wanted = set(matches)
        found: list[Account] = []
        if self._list_requests() < len(wanted):
            found, finished = await self._find_in_list(wanted)
            if finished:
                return found
            wanted -= {account.match for account in found}
        for match in sorted(wanted):
            hits = await self._find_one(match)
            if hits is None:
                known = {account.match for account in found}
                return found + await self._search(wanted - known)
            found.extend(hits)
        return found

    def _list_requests(self) -> int:
        """What the whole list costs, its empty last page included; 2 when nothing is known."""
        return 2 if self._total is None else -(-self._total // _PAGE) + 1

    async def _find_in_list(self, wanted: set[str]) -> tuple[list[Account], bool]:
        """From the list; False with it where asking for the rest one by one is cheaper."""
        found: list[Account] = []
        left, read = set(wanted), 0
        async for accounts in self.pages():
            hits = [account for account in accounts if account.match in left]
            found.extend(hits)
            left -= {account.match for account in hits}
            if not left:
                return found, True
            read += len(accounts)
            rest = -(-((self._total or 0) - read) // len(accounts)) + 1
            if rest > len(left):
                return found, False
        return found, True

    async def _search(self, wanted: set[str]) -> list[Account]:
        return [one async for page in self.pages() for one in page if one.match in wanted]

    async def _find_one(self, match: str) -> list[Account] | None:
        """By filter; None when the service ignores filters and lists just anybody."""
        quoted = match.replace("\\", "\\\\").replace('"', '\\"')
        query: dict[str, str | int] = {"filter": f'email eq "{quoted}"', "pageSize": _PAGE}
        answer = await self._api.send(Call("GET", with_query(self._url, query)))
        if answer.status == 404:
            return []
        if not answer.ok:
            raise errors.goto_error(answer)
        results = self._api.object_of(answer).get("results")
        accounts = self._accounts(objects_of(results))
        hits = [account for account in accounts if account.match == match]
        return hits if hits or not accounts else None

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
        return errors.goto_list_incomplete(self._api.host, what)
