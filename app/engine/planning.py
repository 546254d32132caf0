"""Scoping, matching and plan over all candidates, in slices (architecture: a cycle, step 2).

Two people with one address can only be seen when everybody's matching value is known, hence two
passes: the first finds matching values, the second decides. Nothing here writes to the target.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.errors import BrokenContract, EntryError, Service, Stopped
from app.domain.plan import Evaluated, Stream, Subject, Work
from app.domain.ports import StopSignal, Store, Target
from app.domain.settings import Scope
from app.domain.texts import Text
from app.engine.decide import Rules, decide

SLICE = 200
MATCHES = 500


class Planner:
    """Builds the plan of one cycle in the store's plan book."""

    def __init__(
        self, store: Store, target: Target, rules: Rules, stop: StopSignal, cycle: str
    ) -> None:
        self._store = store
        self._target = target
        self._rules = rules
        self._stop = stop
        self._cycle = cycle
        self._nested = rules.profile.nested_groups

    async def scope(self, on_progress: Callable[[int], None]) -> None:
        """First pass: who is in scope, with which matching value."""
        done = 0
        while subjects := self._store.plan.to_evaluate(SLICE, nested=self._nested):
            await self._breathe()
            self._store.plan.evaluated([self._evaluate(subject) for subject in subjects])
            done += len(subjects)
            on_progress(done)

    async def match(self, *, everybody: bool) -> None:
        """Read the accounts that candidates without a link may already have."""
        if everybody:
            await self._read_all_accounts()
            return
        after = ""
        while matches := self._store.plan.unmatched(MATCHES, after):
            await self._look_up(matches)
            after = matches[-1]

    async def plan(self, on_progress: Callable[[int], None]) -> None:
        """Second pass: decide; then once more for those whose account had to be read again."""
        after, done = "", 0
        while subjects := self._store.plan.to_decide(
            after, SLICE, self._cycle, nested=self._nested
        ):
            await self._breathe()
            self._decide(subjects)
            after = subjects[-1].person.id
            done += len(subjects)
            on_progress(done)
        if waiting := self._store.plan.waiting_for_fresh():
            await self._look_up(waiting)
            while subjects := self._store.plan.to_redecide(SLICE, self._cycle, nested=self._nested):
                await self._breathe()
                # The look-up was made: an account it did not find is gone.
                self._decide([replace(one, account_fresh=True) for one in subjects])

    def _decide(self, subjects: Sequence[Subject]) -> None:
        works: list[Work] = []
        settled: list[str] = []
        for subject in subjects:
            work = decide(subject, self._rules)
            if work is None:
                settled.append(subject.person.id)
            else:
                works.append(work)
        self._store.plan.add(works, settled)

    def _evaluate(self, subject: Subject) -> Evaluated:
        verdict = self._rules.scope(subject)
        match: str | None = None
        if verdict.in_scope:
            try:
                match = self._rules.match_of(self._rules.evaluate(subject, verdict))
            except EntryError:
                match = subject.link.match if subject.link else None
        relevant = bool(
            subject.grants
            or subject.link
            or subject.intent
            or subject.held
            or subject.escrowed
            or self._rules.profile.scope is Scope.ALL
        )
        return Evaluated(subject.person.id, verdict.in_scope, match, relevant)

    async def _read_all_accounts(self) -> None:
        mirror = self._store.mirror
        generation = mirror.begin_read(Stream.ACCOUNTS)
        async for page in self._target.fetch_accounts():
            await self._breathe()
            mirror.merge_accounts(page, generation, self._cycle)
        counts = mirror.finish_accounts(generation)
        if counts.found == 0 and counts.before > 0:
            raise BrokenContract(
                Service.TARGET,
                Text(
                    "GoTo listed no account at all, but {n} were there before. "
                    "Nothing was changed.",
                    {"n": counts.before},
                ),
                "Look at the users in GoTo's admin centre, then sync again.",
            )

    async def _look_up(self, matches: Sequence[str]) -> None:
        await self._breathe()
        found = await self._target.find_accounts(matches)
        self._store.mirror.merge_accounts(found, None, self._cycle)
        self._store.mirror.forget_accounts(matches, [account.key for account in found])

    async def _breathe(self) -> None:
        """Let the loop run between slices, and end here when asked to stop."""
        await asyncio.sleep(0)
        if self._stop.is_set():
            raise Stopped
