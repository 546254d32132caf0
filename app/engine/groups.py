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

import asyncio
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeAlias

from app.domain.accounts import Origin
from app.domain.activity import (
    ActivityRecord,
    Change,
    Identity,
    PlannedAction,
    Reason,
    Status,
)
from app.domain.errors import BrokenContract, EntryError, Service, Stopped
from app.domain.groups import (
    DirectoryGroup,
    GroupLink,
    GroupRemovals,
    GroupSettled,
    GroupWaiting,
    MemberChange,
    MemberChanges,
    TargetGroup,
)
from app.domain.people import Application, Attributes
from app.domain.plan import Work
from app.domain.ports import Clock, EventSink, GroupTarget, StopSignal, Store
from app.domain.settings import ObjectAction, Profile, Scope
from app.domain.texts import Text
from app.engine import group_sayings as sayings
from app.engine import retry
from app.engine.scoping import effective_roles
from app.mapping.attributes import (
    SOFT_DELETED,
    CompiledMappings,
    MappedValues,
    compile_mappings,
)
from app.mapping.comparison import differences
from app.mapping.values import Context

KEY = "mappings.groups.attributes"
MOST_REFUSED = 20
"""Refused members looked for one by one in a group before the rest is left for the next try."""


@dataclass(slots=True)
class _Group:
    """One group in scope, as far as this cycle has come with it."""

    group: DirectoryGroup
    values: MappedValues
    link: GroupLink | None = None
    candidates: tuple[TargetGroup, ...] = ()
    resting: bool = False
    """It failed or was left alone, and nothing has changed since."""
    waited: bool = False
    """Something is on record about it that is over once there is nothing left to write."""

    @property
    def match(self) -> str:
        return self.values.match[0][1].lower() if self.values.match else ""


@dataclass(slots=True)
class _Written:
    """How far the members of one group came."""

    added: list[MemberChange] = field(default_factory=list)
    removed: list[MemberChange] = field(default_factory=list)
    refused: int = 0
    error: EntryError | None = None
    over: bool = False


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
        self._journal = store.journal
        on = profile.groups.enabled and profile.pilot is None
        self._target = target if on else None
        self._clock = clock
        self._sink = sink
        self._stop = stop
        self._cycle = cycle
        self._roles: frozenset[str] = frozenset()

    def know(self, application: Application) -> None:
        """Which roles give an account, known once the application was read."""
        self._roles = effective_roles(application, self._profile)

    def _scope(self) -> frozenset[str] | None:
        return None if self._profile.scope is Scope.ALL else self._roles

    def removals(self) -> GroupRemovals:
        """Deletions that are due, for the brake (spec/provisioning.md 9)."""
        return self._book.removals(self._deletions()) if self._target else GroupRemovals()

    def drop_returned(self) -> None:
        """A group that is no longer to be deleted waits for no answer."""
        if self._target is not None:
            self._book.returned(self._deletions())

    def hold(self, because: str, *, everything: bool) -> Sequence[Work]:
        """Keep deletions for a decision; returns those that were not held before."""
        if self._target is None:
            return ()
        now = self._clock.now()
        return self._book.hold(self._deletions(), now, because, everything=everything)

    async def run(self, *, everybody: bool) -> None:
        """Bring groups and then their members into the wanted state."""
        target = self._target
        if target is None:
            return
        groups = await self._look(target, everybody=everybody)
        await self._leave(target)
        for one in groups:
            await self._breathe()
            if not one.resting:
                await self._write_group(target, one)
        for one in groups:
            await self._breathe()
            if not one.resting and one.link is not None:
                await self._write_members(target, one)

    async def plan(self, *, everybody: bool) -> AsyncIterator[PlannedAction]:
        """What `run` would do, once everybody in scope has an account."""
        target = self._target
        if target is None:
            return
        groups = await self._look(target, everybody=everybody)
        for work in self._deletions():
            yield work.planned
        for link, reason in self._left():
            if not self._allows(ObjectAction.DELETE):
                yield sayings.leaving(link, reason)
        for one in groups:
            if one.resting:
                continue
            if one.link is None and len(one.candidates) == 1:
                self._book.members_read(one.candidates[0].key, one.candidates[0].members)
            planned = self._planned(target, one)
            if planned is not None:
                yield planned
            if planned is None or planned.status is Status.SUCCESS:
                key = one.link.key if one.link else _key_of(one.candidates)
                changes = self._book.member_changes(one.group.id, key, planned=True)
                if changes and self._allows(ObjectAction.UPDATE):
                    yield sayings.membering(one.group, _target_of(one), changes)

    # -- what is there ---------------------------------------------------------------------

    async def _look(self, target: GroupTarget, *, everybody: bool) -> list[_Group]:
        """Groups in scope with their links, or with what their name finds at the target."""
        found = list(self._evaluated(target))
        if everybody:
            await self._read_all(target, found)
        waiting = self._book.waiting(self._clock.now())
        for one in found:
            one.waited = one.group.id in waiting
            one.resting = not everybody and self._rests(one, waiting)
        unlinked = [one for one in found if one.link is None and not one.resting]
        if not everybody and unlinked:
            hits: dict[str, list[TargetGroup]] = defaultdict(list)
            for group in await target.find_groups(sorted({one.match for one in unlinked})):
                hits[group.match].append(group)
            for one in unlinked:
                one.candidates = tuple(hits[one.match])
        return found

    def _evaluated(self, target: GroupTarget) -> Iterable[_Group]:
        """Groups with a matching value of their own; the others are said once and left."""
        mappings = compile_mappings(self._profile.groups.attributes, target.limits, KEY)
        links = {link.group_id: link for link in self._book.links()}
        waiting = self._book.waiting(self._clock.now())
        found: list[_Group] = []
        for group in self._book.in_scope(self._scope()):
            link = links.get(group.id)
            try:
                found.append(_Group(group, self._values(mappings, group, link), link))
            except EntryError as error:
                self._fail_early(group, error, waiting)
        shared = Counter(one.match for one in found if one.link is None)
        for one in found:
            if not one.match:
                self._rest(sayings.without_match(one.group), "!", waiting)
            elif one.link is None and shared[one.match] > 1:
                self._fail_early(one.group, sayings.shared_name(one.group.name), waiting)
            else:
                yield one

    def _values(
        self, mappings: CompiledMappings, group: DirectoryGroup, link: GroupLink | None
    ) -> MappedValues:
        source: Attributes = {
            "objectId": group.id,
            "displayName": group.name,
            "securityEnabled": True,
            SOFT_DELETED: False,
        }
        context = Context(now=self._clock.now(), random=Random())
        return mappings.evaluate(source, creating=link is None, context=context)

    async def _read_all(self, target: GroupTarget, groups: Sequence[_Group]) -> None:
        """Every group of the target: what it holds now, and which of them fit by name."""
        links = {link.key: link for link in self._book.links()}
        by_group = {one.group.id: one for one in groups}
        wanted: dict[str, list[_Group]] = defaultdict(list)
        for one in groups:
            wanted[one.match].append(one)
        seen: set[str] = set()
        async for page in target.fetch_groups():
            await self._breathe()
            for group in page:
                link = links.get(group.key)
                if link is not None:
                    seen.add(group.key)
                    self._refresh(link, group, by_group)
                else:
                    for one in wanted.get(group.match, ()):
                        one.candidates = (*one.candidates, group)
        if links and not seen:
            raise BrokenContract(
                Service.TARGET,
                Text(
                    "The target listed none of the {n} groups that were there before. "
                    "No group was changed.",
                    {"n": len(links)},
                ),
                "Look at the groups at the target, then sync again.",
            )
        for key, link in links.items():
            if key not in seen:
                self._book.forget(link.group_id)
                if link.group_id in by_group:
                    by_group[link.group_id].link = None

    def _refresh(self, link: GroupLink, group: TargetGroup, by_group: Mapping[str, _Group]) -> None:
        self._book.members_read(group.key, group.members)
        if dict(link.attributes) != dict(group.attributes):
            link = replace(link, attributes=group.attributes)
            self._book.put_link(link, self._clock.now())
        if link.group_id in by_group:
            by_group[link.group_id].link = link

    def _rests(self, one: _Group, waiting: Mapping[str, GroupWaiting]) -> bool:
        before = waiting.get(one.group.id)
        if before is None or (before.failed and before.due):
            return False
        return before.fingerprint == self._fingerprint(one)

    def _fingerprint(self, one: _Group) -> str:
        """What is to be written to a group; a failure waits until it is something else."""
        changes = MemberChanges()
        if one.link is not None:
            changes = self._book.member_changes(one.group.id, one.link.key, planned=False)
        seen = [
            sorted(one.values.values.items()),
            sorted(self._profile.groups.actions),
            [member.key for member in changes.added],
            [member.key for member in changes.removed],
        ]
        return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()

    # -- groups that left ------------------------------------------------------------------

    def _left(self) -> list[tuple[GroupLink, Reason]]:
        """Groups we look after that are no longer in scope."""
        staying = {one.id for one in self._book.in_scope(self._scope())}
        gone = [one for one in self._book.links() if one.managed and one.group_id not in staying]
        present = self._book.present([one.group_id for one in gone])
        return [
            (
                one,
                Reason.GROUP_UNASSIGNED if one.group_id in present else Reason.DELETED_IN_SOURCE,
            )
            for one in gone
        ]

    def _deletions(self) -> list[Work]:
        if not self._allows(ObjectAction.DELETE):
            return []
        return [
            Work(link.group_id, sayings.deleting(link, reason), fingerprint=reason)
            for link, reason in self._left()
        ]

    async def _leave(self, target: GroupTarget) -> None:
        """Delete what may be deleted; leave the rest as it is and say so once."""
        if not self._allows(ObjectAction.DELETE):
            for link, reason in self._left():
                self._done(sayings.leaving(link, reason), link=replace(link, managed=False))
            return
        links = {link.group_id: link for link in self._book.links()}
        waiting = self._book.waiting(self._clock.now())
        for work in self._book.removals(self._deletions()).free:
            await self._breathe()
            before = waiting.get(work.person_id)
            if before is not None and before.failed and not before.due:
                continue
            link = links[work.person_id]
            error = await target.delete_group(link.key, link.name)
            if error is None:
                self._done(work.planned, forget=True)
            else:
                self._fail(sayings.failed(work.planned, error), error, work.fingerprint)

    # -- groups ----------------------------------------------------------------------------

    def _planned(self, target: GroupTarget, one: _Group) -> PlannedAction | None:
        """What is to be done to the group itself; None when it is as it should be."""
        try:
            self._check(one)
        except EntryError as error:
            return sayings.failed(sayings.creating(one.group, one.match, ()), error)
        changes = self._changes(target, one)
        may_update = self._allows(ObjectAction.UPDATE)
        if one.link is not None:
            if not changes:
                return None
            if not may_update:
                return sayings.switched_off(one.group, _target_of(one))
            return sayings.updating(one.group, _target_of(one), changes)
        if one.candidates:
            if not may_update:
                return sayings.switched_off(one.group, _target_of(one))
            return sayings.adopting(one.group, _target_of(one), changes)
        if not self._allows(ObjectAction.CREATE):
            return sayings.switched_off(one.group, _target_of(one))
        return sayings.creating(one.group, one.match, changes)

    def _check(self, one: _Group) -> None:
        """Raises when the name does not lead to exactly one group that is free."""
        if one.link is not None or not one.candidates:
            return
        if len(one.candidates) > 1:
            raise sayings.several_groups(one.match, len(one.candidates))
        owners = {link.key: link for link in self._book.links()}
        if one.candidates[0].key in owners:
            raise sayings.shared_name(one.group.name)

    def _changes(self, target: GroupTarget, one: _Group) -> tuple[Change, ...]:
        current = one.link.attributes if one.link else {}
        if one.link is None and one.candidates:
            current = one.candidates[0].attributes
        return differences(current, one.values.values, target.limits)

    async def _write_group(self, target: GroupTarget, one: _Group) -> None:
        planned = self._planned(target, one)
        if planned is None:
            return
        if planned.status is Status.FAILURE:
            error = EntryError(planned.code or "InternalError", planned.message, planned.advice)
            self._give_up(one, planned, error)
        elif planned.status is Status.SKIPPED:
            one.resting = True
            self._done(planned, fingerprint=self._fingerprint(one))
        elif one.link is None and not one.candidates:
            await self._create(target, one, planned)
        else:
            await self._update(target, one, planned)

    async def _create(self, target: GroupTarget, one: _Group, planned: PlannedAction) -> None:
        outcome = await target.create_group(one.match, one.values.values)
        if outcome.group is None:
            error = outcome.error or EntryError("InternalError", Text("The group was not created"))
            self._give_up(one, planned, error)
            return
        self._adopt(one, outcome.group, Origin.CREATED, one.values.values)
        made = replace(planned, target=_target_of(one))
        self._done(made, link=one.link)

    async def _update(self, target: GroupTarget, one: _Group, planned: PlannedAction) -> None:
        wanted = {change.attribute: change.new for change in planned.changes}
        key = one.link.key if one.link else _key_of(one.candidates)
        error = await target.update_group(key, one.group.name, wanted) if wanted else None
        if error is not None:
            self._give_up(one, planned, error)
            return
        if one.link is None:
            self._adopt(one, one.candidates[0], Origin.TAKEN_OVER, wanted)
        else:
            attributes = {**one.link.attributes, **wanted}
            one.link = replace(one.link, name=one.group.name, attributes=attributes, managed=True)
        self._done(planned, link=one.link)

    def _adopt(
        self, one: _Group, group: TargetGroup, origin: Origin, wanted: Mapping[str, object]
    ) -> None:
        """From now on this is the group's own; what it holds is known."""
        attributes = {
            **group.attributes,
            **{name: one.values.values[name] for name in wanted},
        }
        one.link = GroupLink(one.group.id, one.group.name, group.key, origin, attributes)
        self._book.members_read(group.key, group.members)

    # -- members ---------------------------------------------------------------------------

    async def _write_members(self, target: GroupTarget, one: _Group) -> None:
        link = one.link
        if link is None or not self._allows(ObjectAction.UPDATE):
            return
        if not link.managed:
            link = one.link = replace(link, managed=True)
            self._book.put_link(link, self._clock.now())
        changes = self._book.member_changes(one.group.id, link.key, planned=False)
        if not changes:
            if one.waited:
                self._settle(GroupSettled(link.group_id))
            return
        written = _Written()
        for added, removed in _portions(changes, target.portion):
            if written.over:
                written.refused += len(added) + len(removed)
                continue
            await self._breathe()
            await self._write_portion(target, link, added, removed, written)
        planned = sayings.membering(one.group, _target_of(one), _taken(written))
        if written.added or written.removed:
            self._done(planned)
        if written.error is not None:
            error = sayings.members_left(written.refused, written.error)
            self._fail(sayings.failed(planned, error, ()), error, self._fingerprint(one))

    async def _write_portion(
        self,
        target: GroupTarget,
        link: GroupLink,
        added: Sequence[MemberChange],
        removed: Sequence[MemberChange],
        written: _Written,
    ) -> None:
        """One request; refused for its members, it is halved until the culprits stand alone."""
        came, went = [one.key for one in added], [one.key for one in removed]
        error = await target.change_members(link.key, link.name, came, went)
        if error is None:
            self._book.members_written(link.key, came, went)
            written.added.extend(added)
            written.removed.extend(removed)
            return
        count = len(came) + len(went)
        if error.code != sayings.REFERENCE:
            written.over = True
        if count == 1 or written.over or written.refused >= MOST_REFUSED:
            written.refused += count
            written.error = written.error or error
            return
        for half in _halves(added, removed):
            await self._write_portion(target, link, *half, written)

    # -- books -----------------------------------------------------------------------------

    def _done(
        self,
        planned: PlannedAction,
        *,
        link: GroupLink | None = None,
        forget: bool = False,
        fingerprint: str | None = None,
    ) -> None:
        record = self._record(planned)
        self._settle(
            GroupSettled(
                planned.source.id, record, link=link, forget=forget, fingerprint=fingerprint
            )
        )

    def _rest(
        self, planned: PlannedAction, fingerprint: str, waiting: Mapping[str, GroupWaiting]
    ) -> None:
        """Say once that a group is left alone."""
        before = waiting.get(planned.source.id)
        if before is None or before.fingerprint != fingerprint:
            self._done(planned, fingerprint=fingerprint)

    def _give_up(self, one: _Group, planned: PlannedAction, error: EntryError) -> None:
        one.resting = True
        self._fail(sayings.failed(planned, error), error, self._fingerprint(one))

    def _fail_early(
        self, group: DirectoryGroup, error: EntryError, waiting: Mapping[str, GroupWaiting]
    ) -> None:
        """Nothing can be asked of the target for this group; said when it is new or due."""
        before, fingerprint = waiting.get(group.id), f"!{error.code}"
        if before is None or before.fingerprint != fingerprint or before.due:
            planned = sayings.creating(group, group.name, ())
            self._fail(sayings.failed(planned, error), error, fingerprint)

    def _fail(self, planned: PlannedAction, error: EntryError, fingerprint: str) -> None:
        """One group failed: it waits in escrow under its id."""
        now, group_id = self._clock.now(), planned.source.id
        entry = retry.escrow(group_id, error, self._journal.escrow_of(group_id), now)
        record = replace(self._record(planned), request_id=error.request_id)
        self._settle(GroupSettled(group_id, record, escrow=entry, fingerprint=fingerprint))

    def _settle(self, result: GroupSettled) -> None:
        self._book.settle([result], self._clock.now())
        if result.record is not None:
            self._sink.record(result.record)

    def _record(self, planned: PlannedAction) -> ActivityRecord:
        return ActivityRecord(
            at=self._clock.now(),
            cycle=self._cycle,
            action=planned.action,
            status=planned.status,
            source=planned.source,
            target=planned.target,
            message=planned.message,
            reason=planned.reason,
            changes=planned.changes,
            code=planned.code,
            advice=planned.advice,
            steps=planned.steps,
        )

    def _allows(self, action: ObjectAction) -> bool:
        return action in self._profile.groups.actions

    async def _breathe(self) -> None:
        """Let the loop run between groups, and end here when asked to stop."""
        await asyncio.sleep(0)
        if self._stop.is_set():
            raise Stopped


def _key_of(candidates: Sequence[TargetGroup]) -> str:
    return candidates[0].key if candidates else ""


def _target_of(one: _Group) -> Identity:
    if one.link is not None:
        return sayings.target_of(one.link.key, one.group.name)
    return sayings.target_of(_key_of(one.candidates), one.match)


def _taken(written: _Written) -> MemberChanges:
    return MemberChanges(tuple(written.added), tuple(written.removed))


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
