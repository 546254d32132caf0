"""Reading the groups of one cycle: who is in scope, whose group is whose, what rests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
        cases = list(self._evaluated(groups, links, waiting))
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

    def _evaluated(
        self,
        groups: Sequence[DirectoryGroup],
        links: Mapping[str, GroupLink],
        waiting: Mapping[str, GroupWaiting],
    ) -> Iterator[GroupCase]:
        """Groups with a matching value of their own; the others are said once and left."""
        now = self._desk.clock.now()
        found: list[GroupCase] = []
        for group in groups:
            link = links.get(group.id)
            try:
                values = self._rules.values(group, link, now)
                found.append(GroupCase(group, values, self._rules.hiding, link))
            except EntryError as error:
                secrets = self._rules.secrets(group, link, now)
                self._desk.failed_early(group, error, waiting.get(group.id), secrets)
        shared = twins(found)
        for one in found:
            before = waiting.get(one.group.id)
            if not one.match:
                planned = one.secrets.planned(sayings.without_match(one.group))
                self._desk.rest(planned, "!", before)
            elif one.link is None and one.match in shared:
                shared_name = sayings.shared_name(one.group.name)
                self._desk.failed_early(one.group, shared_name, before, one.secrets)
            else:
                yield one

    async def _find(self, unlinked: Sequence[GroupCase]) -> None:
        if not unlinked:
            return
        hits: dict[str, list[TargetGroup]] = defaultdict(list)
        for group in await self._target.find_groups(sorted({one.match for one in unlinked})):
            hits[group.match].append(group)
        for one in unlinked:
            one.candidates = tuple(hits[one.match])

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
