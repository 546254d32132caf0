"""Writing groups and their members to the target, one group after the other.

A failure is that group's own. Members the target refuses are singled out; the others come in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from app.domain.accounts import Origin
from app.domain.activity import PlannedAction, Reason, Status
from app.domain.codes import UNRESOLVED
from app.domain.errors import EntryError
from app.domain.groups import (
    GroupLink,
    GroupSettled,
    MemberChange,
    MemberChanges,
    TargetGroup,
)
from app.domain.people import Value
from app.domain.plan import Work
from app.domain.ports import GroupTarget
from app.domain.settings import ObjectAction
from app.domain.texts import Text
from app.engine import group_sayings as sayings
from app.engine.group_desk import GroupDesk
from app.engine.group_rules import Decision, GroupCase, GroupRules, leaving

MOST_REFUSED = 20
"""Refused members looked for one by one in a group before the rest is left for the next try."""


@dataclass(slots=True)
class _Written:
    """How far the members of one group came."""

    added: list[MemberChange] = field(default_factory=list)
    removed: list[MemberChange] = field(default_factory=list)
    refused: int = 0
    error: EntryError | None = None
    over: bool = False

    @property
    def taken(self) -> MemberChanges:
        return MemberChanges(tuple(self.added), tuple(self.removed))


class GroupWriter:
    """Carries out what was decided. `taken`: keys of groups that are some group's own.

    `only`: keys of the accounts whose memberships are looked at; None = everybody's.
    """

    def __init__(
        self,
        rules: GroupRules,
        target: GroupTarget,
        desk: GroupDesk,
        taken: set[str],
        only: Collection[str] | None = None,
    ) -> None:
        self._rules = rules
        self._target = target
        self._book = desk.book
        self._desk = desk
        self._taken = taken
        self._only = only

    def leave(self, left: Sequence[tuple[GroupLink, Reason]]) -> None:
        """Delete is switched off: leave these groups as they are and say so once."""
        for link, reason in left:
            planned = leaving(link, reason, self._rules.hiding)
            self._desk.done(planned, link=replace(link, managed=False))

    async def delete(self, works: Sequence[Work]) -> None:
        """Delete these groups; one that failed waits for its turn."""
        waiting = self._desk.waiting()
        for work in works:
            await self._desk.breathe()
            before = waiting.get(work.person_id)
            if before is not None and before.failed and not before.due:
                continue
            group = work.planned.target
            error = await self._target.delete_group(group.id, group.name)
            if error is None:
                self._desk.done(work.planned, forget=True)
            else:
                self._desk.failed(work.planned, error, work.fingerprint)

    async def write(self, one: GroupCase) -> None:
        """Bring the group itself into the wanted state."""
        decision = self._rules.decide(one, self._taken)
        if decision is None:
            return
        if decision.error is not None:
            self._give_up(one, decision.planned, decision.error)
        elif decision.planned.status is Status.SKIPPED:
            one.resting = True
            self._desk.done(decision.planned, fingerprint=self._fingerprint(one))
        elif not one.key:
            await self._create(one, decision)
        else:
            await self._update(one, decision)

    async def _create(self, one: GroupCase, decision: Decision) -> None:
        outcome = await self._target.create_group(one.match, decision.wanted)
        if outcome.group is None:
            error = outcome.error or EntryError("InternalError", Text("The group was not created"))
            self._give_up(one, decision.planned, error)
            return
        self._adopt(one, outcome.group, Origin.CREATED, decision.wanted)
        self._desk.done(
            one.secrets.planned(replace(decision.planned, target=one.target)), link=one.link
        )

    async def _update(self, one: GroupCase, decision: Decision) -> None:
        wanted = decision.wanted
        if wanted:
            error = await self._target.update_group(one.key, one.group.name, wanted)
            if error is not None:
                self._give_up(one, decision.planned, error)
                return
        if one.link is None:
            self._adopt(one, one.candidates[0], Origin.TAKEN_OVER, wanted)
        else:
            attributes = {**one.link.attributes, **wanted}
            one.link = replace(one.link, name=one.group.name, attributes=attributes, managed=True)
        self._desk.done(decision.planned, link=one.link)

    def _adopt(
        self, one: GroupCase, group: TargetGroup, origin: Origin, wanted: Mapping[str, Value]
    ) -> None:
        """From now on this is the group's own; what it holds is known."""
        attributes = {**group.attributes, **wanted}
        one.link = GroupLink(one.group.id, one.group.name, group.key, origin, attributes)
        self._taken.add(group.key)
        self._book.members_read(group.key, group.members)

    def _give_up(self, one: GroupCase, planned: PlannedAction, error: EntryError) -> None:
        one.resting = True
        self._desk.failed(planned, error, self._fingerprint(one), secrets=one.secrets)

    def _fingerprint(self, one: GroupCase) -> str:
        changes = self.changes(one.link) if one.link is not None else MemberChanges()
        return self._rules.fingerprint(one, changes)

    def changes(self, link: GroupLink) -> MemberChanges:
        """The memberships that are to be written."""
        found = self._book.member_changes(link.group_id, link.key, planned=False)
        return found if self._only is None else found.of(self._only)

    async def write_members(self, one: GroupCase, link: GroupLink, *, differ: bool) -> None:
        """Bring the members into the wanted state. `differ`: they are not."""
        if not self._rules.allows(ObjectAction.UPDATE):
            return
        if not link.managed:
            link = one.link = replace(link, managed=True)
            self._book.put_link(link, self._desk.clock.now())
        if not differ:
            if one.waited:
                self._desk.settle(GroupSettled(link.group_id))
            return
        written = _Written()
        for added, removed in _portions(self.changes(link), self._target.portion):
            if written.over:
                written.refused += len(added) + len(removed)
                continue
            await self._desk.breathe()
            await self._write_portion(link, added, removed, written)
        planned = one.secrets.planned(sayings.membering(one.group, one.target, written.taken))
        if written.added or written.removed:
            self._desk.done(planned)
        if written.error is not None:
            error = sayings.members_left(written.refused, written.error)
            planned = replace(planned, changes=())
            self._desk.failed(planned, error, self._fingerprint(one), secrets=one.secrets)

    async def _write_portion(
        self,
        link: GroupLink,
        added: Sequence[MemberChange],
        removed: Sequence[MemberChange],
        written: _Written,
    ) -> None:
        """One request; refused for its members, it is halved until the culprits stand alone.

        What the target cannot do at all is not tried again in pieces; whoever comes is told
        from whoever goes, since it may be able to do one of the two.
        """
        came, went = [one.key for one in added], [one.key for one in removed]
        error = await self._target.change_members(link.key, link.name, came, went)
        if error is None:
            self._book.members_written(link.key, came, went)
            written.added.extend(added)
            written.removed.extend(removed)
            return
        count = len(came) + len(went)
        mixed = bool(came and went)
        impossible = error.code == "NotImplemented"
        if error.code != UNRESOLVED and not impossible:
            written.over = True
        enough = (
            count == 1
            or (impossible and not mixed)
            or written.over
            or written.refused >= MOST_REFUSED
        )
        if enough:
            written.refused += count
            written.error = written.error or error
            return
        for half in _halves(added, removed):
            await self._write_portion(link, *half, written)


_Portion: TypeAlias = tuple[Sequence[MemberChange], Sequence[MemberChange]]


def _portions(changes: MemberChanges, size: int) -> Iterator[_Portion]:
    """Members who go first, then those who come, each request within the size."""
    removed, added = changes.removed, changes.added
    while removed or added:
        going, removed = removed[:size], removed[size:]
        room = size - len(going)
        coming, added = added[:room], added[room:]
        yield coming, going


def _halves(added: Sequence[MemberChange], removed: Sequence[MemberChange]) -> list[_Portion]:
    if added and removed:
        return [(added, ()), ((), removed)]
    middle = (len(added) + len(removed)) // 2
    halves = [(added[:middle], removed[:middle]), (added[middle:], removed[middle:])]
    return [half for half in halves if half[0] or half[1]]
