"""Reading the groups of one cycle: who is in scope, whose group is whose, what rests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.errors import BrokenContract, EntryError, Service
from app.domain.groups import (
    DirectoryGroup,
    GroupLink,
    GroupWaiting,
    MemberChanges,
    TargetGroup,
)
from app.domain.ports import GroupTarget
from app.domain.texts import Text
from app.engine import group_sayings as sayings
from app.engine.group_desk import GroupDesk
from app.engine.group_rules import GroupCase, GroupRules, twins


@dataclass(frozen=True, slots=True)
class Seen:
    """The groups in scope, and the keys of all groups at the target that are somebody's own."""

    cases: Sequence[GroupCase]
    taken: set[str]


@dataclass(frozen=True, slots=True)
class _Evaluated:
    """Groups to look for, groups without a matching value, groups that fail before that."""

    cases: Sequence[GroupCase]
    nameless: Sequence[DirectoryGroup]
    failed: Sequence[tuple[DirectoryGroup, EntryError]]

    def of(self, group_id: str) -> _Evaluated:
        """What was found out about one of them."""
        return _Evaluated(
            [one for one in self.cases if one.group.id == group_id],
            [one for one in self.nameless if one.id == group_id],
            [one for one in self.failed if one[0].id == group_id],
        )


class GroupReader:
    """Finds each group in scope with its link, or with what its name finds at the target."""

    def __init__(self, rules: GroupRules, target: GroupTarget, desk: GroupDesk) -> None:
        self._rules = rules
        self._target = target
        self._book = desk.book
        self._desk = desk

    async def look(self, groups: Sequence[DirectoryGroup], *, everybody: bool) -> Seen:
        """Nothing is asked of the target for groups that rest, unless it is asked for all."""
        links = {link.group_id: link for link in self._book.links()}
        waiting = self._desk.waiting()
        found = self._evaluate(groups, links)
        self._tell(found, waiting)
        cases = found.cases
        taken = {link.key for link in links.values()}
        if everybody:
            taken = await self._read_all(cases, {link.key: link for link in links.values()})
        differing = self._book.differing(planned=False) if waiting else frozenset[str]()
        for one in cases:
            one.waited = one.group.id in waiting
            one.resting = not everybody and self._rests(one, waiting, differing)
        if not everybody:
            await self._find([one for one in cases if one.link is None and not one.resting])
        return Seen(cases, taken)

    async def look_at(self, groups: Sequence[DirectoryGroup], group_id: str) -> Seen:
        """One of these groups, whether or not it rests; nothing is told of the others.

        What it has at the target is read before it is believed.
        """
        links = {link.group_id: link for link in self._book.links()}
        found = self._evaluate(groups, links).of(group_id)
        self._tell(found, {})
        for one in found.cases:
            one.waited = group_id in self._desk.waiting()
            if one.link is None:
                await self._find([one])
            else:
                await self._see(one, one.link, len(links))
        return Seen(found.cases, {link.key for link in links.values()})

    def _evaluate(
        self, groups: Sequence[DirectoryGroup], links: Mapping[str, GroupLink]
    ) -> _Evaluated:
        """Groups with a matching value of their own, and what is wrong with the others."""
        now = self._desk.clock.now()
        cases: list[GroupCase] = []
        nameless: list[DirectoryGroup] = []
        failed: list[tuple[DirectoryGroup, EntryError]] = []
        for group in groups:
            link = links.get(group.id)
            try:
                one = self._rules.case(group, link, now)
            except EntryError as error:
                failed.append((group, error))
                continue
            if one.match:
                cases.append(one)
            else:
                nameless.append(group)
        shared = twins(cases)
        free: list[GroupCase] = []
        for one in cases:
            if one.link is None and one.match in shared:
                failed.append((one.group, sayings.shared_name(one.group.name)))
            else:
                free.append(one)
        return _Evaluated(free, nameless, failed)

    def _tell(self, found: _Evaluated, waiting: Mapping[str, GroupWaiting]) -> None:
        """Groups that are not looked for, unless that was said before."""
        now = self._desk.clock.now()
        for group in found.nameless:
            planned = self._rules.secrets(group, None, now).planned(sayings.without_match(group))
            self._desk.rest(planned, "!", waiting.get(group.id))
        for group, error in found.failed:
            secrets = self._rules.secrets(group, None, now)
            self._desk.failed_early(group, error, waiting.get(group.id), secrets)

    async def _find(self, unlinked: Sequence[GroupCase]) -> None:
        if not unlinked:
            return
        hits: dict[str, list[TargetGroup]] = defaultdict(list)
        for group in await self._target.find_groups(sorted({one.match for one in unlinked})):
            hits[group.match].append(group)
        for one in unlinked:
            one.candidates = tuple(hits[one.match])

    async def _see(self, one: GroupCase, link: GroupLink, known: int) -> None:
        """What a linked group holds now; only a list of all groups tells that it is gone."""
        name = link.attributes.get(self._target.limits.identity)
        names = {one.match, str(name or one.match).lower()}
        held = {group.key: group for group in await self._target.find_groups(sorted(names))}
        if link.key not in held:
            held = await self._list_all()
        if link.key in held:
            self._refresh(link, held[link.key], {one.group.id: one})
            return
        if not held:
            raise _none_listed(known)
        self._book.forget(one.group.id)
        one.link = None
        one.candidates = tuple(group for group in held.values() if group.match == one.match)

    async def _list_all(self) -> dict[str, TargetGroup]:
        found: dict[str, TargetGroup] = {}
        async for page in self._target.fetch_groups():
            await self._desk.breathe()
            found.update((group.key, group) for group in page)
        return found

    async def _read_all(
        self, cases: Sequence[GroupCase], links: Mapping[str, GroupLink]
    ) -> set[str]:
        """Every group of the target: what it holds now, and which of them fit by name.

        Returns the keys of those that are some group's own.
        """
        by_group = {one.group.id: one for one in cases}
        wanted: dict[str, list[GroupCase]] = defaultdict(list)
        for one in cases:
            wanted[one.match].append(one)
        seen: set[str] = set()
        async for page in self._target.fetch_groups():
            await self._desk.breathe()
            for group in page:
                link = links.get(group.key)
                if link is not None:
                    seen.add(group.key)
                    self._refresh(link, group, by_group)
                else:
                    for one in wanted.get(group.match, ()):
                        one.candidates = (*one.candidates, group)
        if links and not seen:
            raise _none_listed(len(links))
        for key, link in links.items():
            if key not in seen:
                self._book.forget(link.group_id)
                if link.group_id in by_group:
                    by_group[link.group_id].link = None
        return seen

    def _refresh(
        self, link: GroupLink, group: TargetGroup, by_group: Mapping[str, GroupCase]
    ) -> None:
        self._book.members_read(group.key, group.members)
        if dict(link.attributes) != dict(group.attributes):
            link = replace(link, attributes=group.attributes)
            self._book.put_link(link, self._desk.clock.now())
        if link.group_id in by_group:
            by_group[link.group_id].link = link

    def _rests(
        self, one: GroupCase, waiting: Mapping[str, GroupWaiting], differing: frozenset[str]
    ) -> bool:
        before = waiting.get(one.group.id)
        if before is None or (before.failed and before.due):
            return False
        changes = MemberChanges()
        if one.link is not None and one.group.id in differing:
            changes = self._book.member_changes(one.group.id, one.key, planned=False)
        return before.fingerprint == self._rules.fingerprint(one, changes)


def _none_listed(count: int) -> BrokenContract:
    return BrokenContract(
        Service.TARGET,
        Text(
            "The target listed none of the {n} groups that were there before. "
            "No group was changed.",
            {"n": count},
        ),
        "Look at the groups at the target, then sync again.",
    )
