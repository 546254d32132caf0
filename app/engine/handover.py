"""Addresses that pass from one account to another within one cycle.

The target takes no address twice, so an update waits for the one that frees its address: again as
long as that helps. Two people who exchange their addresses wait for each other; one of them
then takes a detour over an address that nobody has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.domain.accounts import AccountUpdate, Outcome
from app.domain.plan import Work
from app.domain.ports import Target

CONFLICTS = frozenset({"Conflict", "EntryConflict"})


@dataclass(frozen=True, slots=True)
class Blocked:
    """An update that the target refused because somebody else has the address."""

    work: Work
    outcome: Outcome


class Handover:
    """Collects refused updates of one cycle and settles them once no other update is left."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._identity = target.limits.identity
        self._blocked: list[Blocked] = []

    def takes(self, work: Work, outcome: Outcome) -> bool:
        """Whether this refusal may solve itself; it is kept then."""
        update = work.update
        if update is None or outcome.error is None or outcome.error.code not in CONFLICTS:
            return False
        if self._identity not in update.attributes:
            return False
        self._blocked.append(Blocked(work, outcome))
        return True

    async def finish(
        self,
        write: Callable[[Work], Awaitable[None]],
        give_up: Callable[[Work, Outcome], None],
    ) -> None:
        """`write` tries once more and may come back through `takes`."""
        moved: set[str] = set()
        while self._blocked:
            waiting, self._blocked = self._blocked, []
            for one in waiting:
                await write(one.work)
            if len(self._blocked) < len(waiting):
                continue
            aside = self._exchanging(moved)
            if aside is None or not await self._move_aside(aside):
                break
            moved.add(aside.person_id)
        refused, self._blocked = self._blocked, []
        for one in refused:
            give_up(one.work, one.outcome)

    def _exchanging(self, moved: set[str]) -> Work | None:
        """Somebody in a round of people of whom each waits for the next one's address."""
        holders = {one.work.account.match: one.work for one in self._blocked if one.work.account}
        for start in holders.values():
            work: Work | None = start
            for _ in holders:
                work = holders.get(work.update.match) if work and work.update else None
                if work is start and start.person_id not in moved:
                    return start
        return None

    async def _move_aside(self, work: Work) -> bool:
        if work.update is None or work.account is None:
            return False
        address = detour(work.account.match, work.account.key)
        outcome = await self._target.update(
            AccountUpdate(
                person_id=work.person_id,
                key=work.update.key,
                match=address,
                attributes={self._identity: address},
            )
        )
        return outcome.error is None


def detour(address: str, key: str) -> str:
    """An address in the same domain that nobody has; the same for the same account."""
    name, _, domain = address.rpartition("@")
    mark = hashlib.sha256(key.encode()).hexdigest()[:12]
    return f"{name[:40]}-{mark}@{domain}"
