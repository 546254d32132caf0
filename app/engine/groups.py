"""Group objects and their memberships, after the people (spec/provisioning.md 2.3, 4.6, 6).

Which groups: the security groups that hold an effective role; with scope `all` every security
group. While a pilot list is set groups are left alone. Members are always by reference: who is a
direct member and has an active account. Others are left out and come in by themselves once they
have one, because every cycle compares the wanted membership with what the target holds. Nothing
is asked of the target while nothing about groups has changed; an initial cycle reads them all.

A group cannot be disabled: one that lost its assignment is deleted where Delete is switched on,
else left as it is, said once. A failure is that group's own; it waits in escrow under its id.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

from app.domain.activity import PlannedAction, Status
from app.domain.groups import GroupRemovals
from app.domain.people import Application
from app.domain.plan import Work
from app.domain.ports import Clock, EventSink, GroupTarget, StopSignal, Store
from app.domain.settings import ObjectAction, Profile
from app.domain.texts import Text
from app.engine import group_sayings as sayings
from app.engine.group_desk import GroupDesk
from app.engine.group_reading import GroupReader, Seen
from app.engine.group_rules import GroupCase, GroupRules, leaving
from app.engine.group_scope import GroupScope, groups_of
from app.engine.group_writing import GroupWriter
from app.engine.scoping import effective_roles


class GroupStage:
    """The groups of one cycle; `run` writes, `plan` says what it would write."""

    def __init__(
        self,
        profile: Profile,
        store: Store,
        target: GroupTarget | None,
        clock: Clock,
        sink: EventSink,
        stop: StopSignal,
        cycle: str,
    ) -> None:
        self._profile = profile
        self._book = store.groups
        found = groups_of(profile, target)
        self._target = None if isinstance(found, Text) else found
        self._clock = clock
        self._desk = GroupDesk(store, clock, sink, stop, cycle)
        self._scope = GroupScope(profile, store.groups, frozenset())

    def know(self, application: Application) -> None:
        """Which roles give an account, known once the application was read."""
        roles = effective_roles(application, self._profile)
        self._scope = GroupScope(self._profile, self._book, roles)

    def removals(self) -> GroupRemovals:
        """Deletions that are due, for the brake (spec/provisioning.md 9)."""
        return self._book.removals(self._scope.deletions()) if self._target else GroupRemovals()

    def drop_returned(self) -> None:
        """A group that is no longer to be deleted waits for no answer."""
        if self._target is not None:
            self._book.returned(self._scope.deletions())

    def hold(self, because: str, *, everything: bool) -> Sequence[Work]:
        """Keep deletions for a decision; returns those that were not held before."""
        if self._target is None:
            return ()
        now = self._clock.now()
        return self._book.hold(self._scope.deletions(), now, because, everything=everything)

    async def run(self, *, everybody: bool) -> None:
        """Bring groups and then their members into the wanted state."""
        target = self._target
        if target is None:
            return
        rules = GroupRules.of(self._profile, target.limits)
        seen = await self._look(target, rules, everybody=everybody)
        writer = GroupWriter(rules, target, self._desk, seen.taken)
        if rules.allows(ObjectAction.DELETE):
            await writer.delete(self._book.removals(self._scope.deletions()).free)
        else:
            writer.leave(self._scope.left())
        for one in seen.cases:
            await self._desk.breathe()
            if not one.resting:
                await writer.write(one)
        differing = self._book.differing(planned=False)
        for one in seen.cases:
            await self._desk.breathe()
            if not one.resting and one.link is not None:
                await writer.write_members(one, one.link, differ=one.group.id in differing)

    async def plan(self, *, everybody: bool) -> AsyncIterator[PlannedAction]:
        """What `run` would do, once everybody in scope has an account."""
        target = self._target
        if target is None:
            return
        rules = GroupRules.of(self._profile, target.limits)
        seen = await self._look(target, rules, everybody=everybody)
        for work in self._scope.deletions():
            yield work.planned
        if not rules.allows(ObjectAction.DELETE):
            for link, reason in self._scope.left():
                yield leaving(link, reason, rules.hiding)
        differing = self._book.differing(planned=True, staying=not target.limits.can_disable)
        for one in seen.cases:
            if not one.resting:
                for planned in self._planned(rules, one, seen, differing):
                    yield planned

    def _planned(
        self, rules: GroupRules, one: GroupCase, seen: Seen, differing: frozenset[str]
    ) -> Iterator[PlannedAction]:
        """The group itself, then its members."""
        decision = rules.decide(one, seen.taken)
        if decision is not None:
            yield decision.planned
            if decision.planned.status is not Status.SUCCESS:
                return
        if not rules.allows(ObjectAction.UPDATE):
            return
        if one.link is None and one.candidates:
            self._book.members_read(one.key, one.candidates[0].members)
        elif one.link is not None and one.group.id not in differing:
            return
        changes = self._book.member_changes(
            one.group.id, one.key, planned=True, staying=not rules.limits.can_disable
        )
        if changes:
            yield one.secrets.planned(sayings.membering(one.group, one.target, changes))

    async def _look(self, target: GroupTarget, rules: GroupRules, *, everybody: bool) -> Seen:
        reader = GroupReader(rules, target, self._desk)
        return await reader.look(self._scope.groups(), everybody=everybody)
