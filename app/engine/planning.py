"""Scoping, matching and plan over all candidates, in slices (architecture: a cycle, step 2).

Two people with one address can only be seen when everybody's matching value is known, hence two
passes: the first finds matching values, the second decides. Nothing here writes to the target.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from app.domain.activity import Identity
from app.domain.errors import BrokenContract, EntryError, Service, Stopped
from app.domain.plan import Evaluated, RemovalCounts, Stream, Subject, Work
from app.domain.ports import StopSignal, Store, Target
from app.domain.settings import Scope
from app.domain.texts import Text
from app.engine.decide import decide, rests
from app.engine.guards import brake
from app.engine.rules import Rules

SLICE = 200
MATCHES = 500


class Planner:
    """Builds the plan of one cycle in the store's plan book."""

    def __init__(
        self,
        store: Store,
        target: Target,
        rules: Rules,
        stop: StopSignal,
        cycle: str,
        chosen: Sequence[str] | None = None,
    ) -> None:
        """`chosen`: match and decide about these people alone; everybody due is scoped."""
        self._store = store
        self._book = store.plan if chosen is None else store.plan.only(chosen)
        self._chosen = chosen is not None
        """The rest of the plan is not known: who takes an account over may be missing."""
        self._target = target
        self._rules = rules
        self._stop = stop
        self._cycle = cycle
        self._nested = rules.profile.nested_groups
        self._listed = False
        """All accounts were listed in this cycle: who is not in the mirror is gone."""
        self.listed = False
        """All accounts were read in this cycle, sooner or later."""
        self._claims: defaultdict[tuple[str, str], list[Identity]] = defaultdict(list)
        """Who would take an account over, or have a value, found by other than the address."""

    def choose(self, people: Sequence[str]) -> None:
        """From now on only these people are matched and decided about."""
        self._book = self._store.plan.only(people)

    async def scope(self, on_progress: Callable[[int], None]) -> None:
        """First pass: who is in scope, with which matching value."""
        done = 0
        while subjects := self._store.plan.to_evaluate(SLICE, nested=self._nested):
            await self._breathe()
            self._store.plan.evaluated([self._evaluate(subject) for subject in subjects])
            done += len(subjects)
            on_progress(done)

    async def match(self, *, everybody: bool) -> None:
        """Read the accounts that candidates may already have, and what is in doubt there."""
        look_up = self._book.to_look_up
        if everybody or (self._rules.looked_up and look_up(1, "")):
            await self.read_all_accounts()
            self._store.mirror.index_accounts(self._rules.looked_up)
            return
        await self._look_up_all(look_up)
        if not self._listed and self._book.not_found(self._cycle):
            await self.read_all_accounts()

    async def make_sure_of_the_gone(self) -> None:
        """What a complete list lacks is asked for by its address before it is called gone."""
        if not self._listed:
            return
        after, book = "", self._store.drift
        while addresses := book.gone(MATCHES, after):
            await self._look_up(addresses)
            after = addresses[-1]
        active = self._store.plan.removals().active_links
        gone = RemovalCounts(planned=book.lost(), active_links=active)
        many = brake(gone, self._rules.profile.safety, source_empty=False) is not None
        self._rules = replace(self._rules, many_gone=many)

    async def plan(self, on_progress: Callable[[int], None]) -> None:
        """Second pass: decide; then once more for those whose account had to be read again."""
        await self._claim()
        after, done = "", 0
        while subjects := self._book.to_decide(after, SLICE, self._cycle, nested=self._nested):
            await self._breathe()
            self._decide(subjects)
            after = subjects[-1].person.id
            done += len(subjects)
            on_progress(done)
        await self._disinherit()
        await self._look_up_all(self._book.waiting_for_fresh)
        if self._book.still_waiting(self._cycle):
            await self.read_all_accounts()
        while subjects := self._book.to_redecide(SLICE, self._cycle, nested=self._nested):
            await self._breathe()
            self._decide([replace(one, account_fresh=True) for one in subjects])
        await self._disinherit()

    async def _disinherit(self) -> None:
        """Who was to pass their account on to somebody who cannot take it is a leaver like all."""
        if self._chosen:
            return
        while subjects := self._book.to_disinherit(SLICE, self._cycle, nested=self._nested):
            await self._breathe()
            self._decide(subjects, inherits=False)

    async def see_again(self) -> bool:
        """Read what the target confirmed without showing it, and plan what it did not keep.

        False when there is nothing to see.
        """
        waiting = self._book.begin_verification()
        if not waiting:
            return False
        self._listed = False
        await self.match(everybody=waiting > MATCHES)
        await self.plan(lambda _seen: None)
        return True

    def take_as_listed(self) -> None:
        """Believe the mirror of the accounts: the target cannot be asked now."""
        self._listed = True

    def subject_of(self, person_id: str) -> Subject | None:
        """What was known about one person when it was decided."""
        found = self._book.subject(person_id, self._cycle, nested=self._nested)
        if found is None:
            return None
        (subject,) = map(self._shared, self._matched([found]))
        return replace(subject, account_fresh=True)

    async def _claim(self) -> None:
        """Whose account is found by another attribute than the address, and who shares it."""
        if not self._rules.matches_otherwise:
            return
        after = ""
        while subjects := self._store.plan.to_decide(
            after, SLICE, self._cycle, nested=self._nested
        ):
            await self._breathe()
            after = subjects[-1].person.id
            for subject in self._matched(subjects):
                if subject.link is None and self._rules.scope(subject).in_scope:
                    who = Identity(subject.person.id, subject.person.name)
                    for claim in self._claims_of(subject):
                        self._claims[claim].append(who)

    def _claims_of(self, subject: Subject) -> Iterator[tuple[str, str]]:
        """The accounts somebody would take over, and the values they would be the first to have."""
        for account in subject.accounts:
            yield "", account.key
        for attribute, value in self._rules.matching_values(subject):
            if attribute != self._rules.limits.identity:
                yield attribute, self._rules.folded(attribute, value)

    def _matched(self, subjects: Sequence[Subject]) -> list[Subject]:
        """By precedence: the first attribute that finds an account ends the search (3)."""
        if not self._rules.matches_otherwise:
            return list(subjects)
        return [self._first_match(one) if one.link is None else self._anew(one)
                for one in subjects]  # fmt: skip

    def _anew(self, subject: Subject) -> Subject:
        if subject.anew is None:
            return subject
        return replace(subject, anew=self._first_match(subject.anew))

    def _first_match(self, subject: Subject) -> Subject:
        for attribute, value in self._rules.matching_values(subject):
            if attribute == self._rules.limits.identity:
                if subject.accounts:
                    return subject
                continue
            found = self._rules.same_value(
                attribute, value, self._store.mirror.accounts_with(attribute, [value])
            )
            if found:
                keys = [one.key for one in found]
                owner = self._book.owner_of(keys, subject.person.id)
                former = self._book.former_owner(keys, subject.person.id)
                return replace(subject, accounts=tuple(found), owner=owner, predecessor=former)
        return replace(
            subject, accounts=(), owner=None, predecessor=None, taken=bool(subject.accounts)
        )

    def _shared(self, subject: Subject) -> Subject:
        if not self._claims:
            return subject
        if subject.link is not None:
            heirs = self._claims.get(("", subject.link.account_key), ())
            heir = next((one for one in heirs if one.id != subject.person.id), None)
            return replace(subject, heir=subject.heir or heir)
        rivals = {
            one.name: None
            for claim in self._claims_of(subject)
            for one in self._claims.get(claim, ())
            if one.id != subject.person.id
        }
        return replace(subject, rivals=tuple(rivals)) if rivals else subject

    def _decide(self, subjects: Sequence[Subject], *, inherits: bool = True) -> None:
        works: list[Work] = []
        silent: list[Work] = []
        settled: list[str] = []
        resting: list[str] = []
        for found in map(self._shared, self._matched(subjects)):
            subject = replace(
                found,
                heir=found.heir if inherits else None,
                account_fresh=found.account_fresh or self._listed,
            )
            if rests(subject, self._rules):
                resting.append(subject.person.id)
                continue
            work = decide(subject, self._rules)
            if work is None:
                settled.append(subject.person.id)
            elif work.silent:
                silent.append(work)
            else:
                if self._rules.unique is not None:
                    self._rules.unique.give(work)
                works.append(work)
        self._book.add(works, settled, silent, resting)

    def _evaluate(self, subject: Subject) -> Evaluated:
        verdict = self._rules.scope(subject)
        match: str | None = None
        if verdict.trouble is not None:
            match = subject.link.match if subject.link else None
        elif verdict.in_scope:
            try:
                values = self._rules.evaluate(subject, verdict, whole=False)
                match = self._rules.address_of(values)
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

    async def read_all_accounts(self) -> None:
        """Every account of the target, page by page; raises when the list is not believed."""
        mirror = self._store.mirror
        self._listed = self.listed = True
        generation = mirror.begin_read(Stream.ACCOUNTS)
        async for page in self._target.fetch_accounts():
            await self._breathe()
            mirror.merge_accounts(page, generation, self._cycle)
        counts = mirror.finish_accounts(generation)
        if counts.found == 0 and counts.before > 0:
            raise BrokenContract(
                Service.TARGET,
                Text(
                    "The target listed no account at all, but {n} were there before. "
                    "Nothing was changed.",
                    {"n": counts.before},
                ),
                "Look at the users at the target, then sync again.",
            )

    async def _look_up_all(self, chosen: Callable[[int, str], Sequence[str]]) -> None:
        """Ask the target for the accounts at these addresses, unless all were listed already."""
        after = ""
        while not self._listed and (matches := chosen(MATCHES, after)):
            await self._look_up(matches)
            after = matches[-1]

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
