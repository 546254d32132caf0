"""Looking accounts up one by one or out of the whole list, whichever takes fewer requests."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Collection

from app.domain.accounts import Account

PAGE = 100
"""Accounts asked for at a time (spec/goto.md 10, 6 and 13)."""


class AccountList(ABC):
    """The accounts of one target; remembers how many there were to choose the cheaper way."""

    def __init__(self) -> None:
        self._total: int | None = None

    @abstractmethod
    def pages(self) -> AsyncIterator[list[Account]]:
        """Everybody, each account once; raises rather than leave anybody out. Sets `_total`."""

    @abstractmethod
    async def _find_one(self, match: str) -> list[Account] | None:
        """By filter; None when the service ignores filters and lists just anybody."""

    def grown(self, created: int) -> None:
        """So many accounts were created since the list was read."""
        if self._total is not None:
            self._total += created

    async def find(self, matches: Collection[str]) -> list[Account]:
        """Accounts with these matching values (lower case)."""
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
        return 2 if self._total is None else -(-self._total // PAGE) + 1

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


def exactly(accounts: list[Account], match: str) -> list[Account] | None:
    """What a filter on `match` was to give; None when it gave others instead."""
    hits = [account for account in accounts if account.match == match]
    return hits if hits or not accounts else None
