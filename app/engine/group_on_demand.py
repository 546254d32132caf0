"""Provision on demand, the group itself: found, written, and the memberships of a few people (11).

The rules and the writing are those of a cycle. Memberships of people who were not chosen stay as
they are. A group that is no longer in scope is left to the next cycle, whatever becomes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.activity import ActivityRecord, Initiator, Reason, Status
from app.domain.errors import ConfigurationError
from app.domain.explanation import (
    GroupExplanation,
    Next,
    NextAction,
    Ownership,
    ProvisionedGroup,
    Result,
    Stage,
)
from app.domain.groups import DirectoryGroup, GroupLink
from app.domain.plan import Grant, Subject
from app.domain.ports import GroupTarget
from app.domain.settings import ObjectAction, Profile, Scope
from app.domain.texts import Text
from app.engine import group_explaining as saying
from app.engine import group_sayings
from app.engine.cases import Schedule
from app.engine.choosing import ALL_MEMBERS
from app.engine.cycle import World
from app.engine.explaining import path_of, result_of
from app.engine.group_desk import GroupDesk
from app.engine.group_explaining import GroupFound, MemberFound
from app.engine.group_leaving import postponed
from app.engine.group_reading import GroupReader
from app.engine.group_rules import GroupCase, GroupRules
from app.engine.group_scope import GroupScope, groups_of
from app.engine.group_writing import GroupWriter
from app.engine.hearing import Heard
from app.engine.hiding import Secrets
from app.engine.looking import Looked
from app.engine.scoping import effective_roles
from app.engine.upcoming import SETTLED, again, on_time

_BACK = Text("Nothing until the group comes into scope")
_OFF = Text("Nothing as long as groups are left alone")
_FIRST = Text("Waits for the group itself")


class GroupOnDemand:
    """One group, after the people chosen from it."""

    def __init__(self, profile: Profile, world: World, schedule: Schedule, cycle: str) -> None:
        self._profile = profile
        self._world = world
        self._schedule = schedule
        self._book = world.store.groups
        self._heard = Heard(world.sink)
        self._desk = GroupDesk(
            world.store, world.clock, self._heard, world.stop, cycle, Initiator.USER
        )

    async def provision(self, looked: Looked, group_id: str) -> ProvisionedGroup:
        """Find it, write it, write the memberships; raises the world's errors."""
        roles = effective_roles(looked.application, self._profile)
        scope = GroupScope(self._profile, self._book, roles)
        groups = scope.groups()
        found = self._find(looked, group_id, groups)
        target = groups_of(self._profile, self._world.target.groups)
        if isinstance(target, Text):
            return self._left_alone(found, target)
        if not found.in_scope:
            return self._outside(found, scope, self._secrets(found, target))
        return await self._inside(found, looked, groups, target)

    def _secrets(self, found: GroupFound, target: GroupTarget) -> Secrets:
        rules = GroupRules.of(self._profile, target.limits)
        return rules.secrets(found.group, found.link, self._world.clock.now())

    def _find(self, looked: Looked, group_id: str, groups: Sequence[DirectoryGroup]) -> GroupFound:
        seen = self._book.seen(group_id)
        link = next((one for one in self._book.links() if one.group_id == group_id), None)
        ways: list[Grant] = []
        if seen is not None:
            group, secure = seen.group, seen.security_enabled
            ways = [Grant(role, security_enabled=secure) for role in seen.roles]
        elif link is not None:
            group = DirectoryGroup(group_id, link.name)
        else:
            raise ConfigurationError(
                Text("The group {name} is not known any more", {"name": group_id}),
                "It was linked at another target. Run `rollcall sync`, then look again.",
            )
        paths = [path_of(way, looked.rules) for way in ways]
        return GroupFound(
            group,
            seen,
            link,
            tuple(sorted(paths, key=lambda path: not path.counts)),
            looked.application.name,
            self._profile.scope is Scope.ALL,
            in_scope=any(one.id == group_id for one in groups),
        )

    def _left_alone(self, found: GroupFound, why: Text) -> ProvisionedGroup:
        """Groups themselves are not provisioned; that is no event of the log."""
        said = Text("The group {group} itself is not provisioned", {"group": found.group.name})
        stages = (saying.imported(found), saying.scoped(found), *saying.left(why))
        told = self._told(found, stages, Next(NextAction.NONE, _OFF), None, Secrets())
        reason = Reason.ACTION_SWITCHED_OFF if found.in_scope else found.reason
        return replace(told, explanation=replace(told.explanation, answer=said, reason=reason))

    def _outside(self, found: GroupFound, scope: GroupScope, secrets: Secrets) -> ProvisionedGroup:
        link = found.link
        if link is not None and link.managed:
            planned, ahead = postponed(link, found.reason, scope, self._book, self._schedule)
            doing = planned.message
        else:
            said = saying.answer(found, None, linked=link is not None)
            target = group_sayings.target_of(link.key if link else "", link.name if link else None)
            planned = group_sayings.outside(found.group, target, found.reason, said)
            doing, ahead = Text("Nothing to do"), Next(NextAction.NONE, _BACK)
        self._desk.note(secrets.planned(planned))
        stages = (saying.imported(found), saying.scoped(found), *saying.left(doing))
        return self._told(found, stages, ahead, None, secrets)

    async def _inside(
        self,
        found: GroupFound,
        looked: Looked,
        groups: Sequence[DirectoryGroup],
        target: GroupTarget,
    ) -> ProvisionedGroup:
        rules = GroupRules.of(self._profile, target.limits)
        seen = await GroupReader(rules, target, self._desk).look_at(groups, found.group.id)
        case = next(iter(seen.cases), None)
        match = saying.matched(found, case)
        members, ahead = saying.not_membered(_FIRST), Next(NextAction.NONE, SETTLED)
        count = len(self._heard.records)
        if case is not None:
            chosen = self._chosen(looked, found)
            writer = GroupWriter(rules, target, self._desk, seen.taken, chosen.keys)
            await writer.write(case)
            count = len(self._heard.records)
            if case.link is not None and not case.resting:
                members = await self._write_members(case, case.link, rules, writer, chosen)
                ahead = self._for_others(case.link, rules, chosen)
        done = self._heard.records[:count]
        nameless = any(one.reason is Reason.NO_MATCHING_VALUE for one in done)
        stages = (
            saying.imported(found, nameless=nameless),
            saying.scoped(found),
            saying.mismatched(match, done),
            saying.acted(done),
            members,
        )
        if case is not None and not self._heard.records:
            planned = group_sayings.as_it_should_be(case.group, case.target)
            self._desk.note(case.secrets.planned(planned))
        secrets = self._secrets(found, target)
        if case is not None:
            secrets |= case.secrets
        return self._told(found, stages, ahead, case, secrets)

    async def _write_members(
        self,
        case: GroupCase,
        link: GroupLink,
        rules: GroupRules,
        writer: GroupWriter,
        chosen: _Chosen,
    ) -> Stage:
        """What waits for other members goes on waiting."""
        if not rules.allows(ObjectAction.UPDATE):
            return saying.not_membered(group_sayings.SWITCHED_OFF)
        before, count = self._book.people_in(link.group_id), len(self._heard.records)
        differing = self._book.member_changes(link.group_id, link.key, planned=False)
        case.waited = case.waited and not differing
        await writer.write_members(case, link, differ=bool(writer.changes(link)))
        after, left = self._book.people_in(link.group_id), writer.changes(link)
        open_keys = {one.key for one in (*left.added, *left.removed)}
        people = [
            MemberFound(
                one.person.name,
                direct=one.person.id in chosen.direct,
                before=one.person.id in before,
                after=one.person.id in after,
                open=one.link is not None and one.link.account_key in open_keys,
            )
            for one in chosen.people
        ]
        return saying.membered(people, self._heard.records[count:])

    def _for_others(self, link: GroupLink, rules: GroupRules, chosen: _Chosen) -> Next:
        """Memberships of people who were not chosen are the next cycle's."""
        planned = self._book.member_changes(link.group_id, link.key, planned=True)
        others = len(planned) - len(planned.of(chosen.keys)) - chosen.without_account
        if not rules.allows(ObjectAction.UPDATE) or others <= 0:
            return Next(NextAction.NONE, SETTLED)
        said = Text(
            "The next cycle writes {n} membership of somebody else",
            {"n": others},
            plural="The next cycle writes {n} memberships of others",
        )
        return Next(NextAction.UPDATE, on_time(said, self._schedule), self._schedule.at)

    def _chosen(self, looked: Looked, found: GroupFound) -> _Chosen:
        everyone = self._world.store.mirror.members_of(found.group.id, ALL_MEMBERS)
        direct = frozenset(looked.chosen.people).intersection(everyone)
        people = [looked.planner.subject_of(one) for one in looked.chosen.people]
        known = tuple(one for one in people if one is not None)
        waiting = [one for one in known if one.link is None and one.person.id in direct]
        return _Chosen(
            known,
            direct,
            frozenset(one.link.account_key for one in known if one.link is not None),
            sum(looked.rules.scope(one).in_scope for one in waiting),
        )

    def _told(
        self,
        found: GroupFound,
        stages: tuple[Stage, ...],
        ahead: Next,
        case: GroupCase | None,
        secrets: Secrets,
    ) -> ProvisionedGroup:
        """Everything there is to say, the records that were made included."""
        records = tuple(self._heard.records)
        results = [result_of(one) for one in records]
        failed = next((one for one in records if one.status is Status.FAILURE), None)
        record = failed or next(iter(records), None)
        link = case.link if case is not None else found.link
        escrow = self._world.store.journal.escrow_of(found.group.id)
        if failed is not None and escrow is not None:
            ahead = again(escrow, _failures(escrow.attempts), self._schedule)
        told = GroupExplanation(
            answer=saying.answer(found, record, linked=link is not None),
            in_scope=found.in_scope,
            reason=_reason(found, record),
            because=found.roles if found.in_scope else "",
            application=found.application,
            paths=found.paths,
            origin=Ownership(link.origin.value) if link is not None else None,
            stages=stages,
            next=ahead,
            code=record.code if record is not None else None,
            advice=record.advice if record is not None else None,
            group=found.group,
            security_enabled=found.seen is not None and found.seen.security_enabled,
            target=group_sayings.target_of(link.key, link.name) if link is not None else None,
        )
        worst = (Result.FAILURE, Result.SUCCESS, Result.SKIPPED)
        result = next((one for one in worst if one in results), Result.SKIPPED)
        return ProvisionedGroup(secrets.group_explained(told), result, record, records)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The chosen people after they were provisioned themselves."""

    people: tuple[Subject, ...]
    direct: frozenset[str]
    """Ids of those who are direct members in the directory."""
    keys: frozenset[str]
    """Of their accounts."""
    without_account: int
    """How many of them should have an account and have none."""


def _reason(found: GroupFound, record: ActivityRecord | None) -> Reason:
    """What decided: something wrong comes before the scope."""
    wrong = record is not None and record.status in (Status.FAILURE, Status.SKIPPED)
    if record is None or record.reason is None or not found.in_scope or not wrong:
        return found.reason
    return found.reason if record.reason is Reason.NOTHING_TO_CHANGE else record.reason


def _failures(number: int) -> Text:
    return Text(
        "Failed {n} time; the next try comes then, or sooner if something about the group changes",
        {"n": number},
        plural="Failed {n} times; the next try comes then, or sooner if something about the group "
        "changes",
    )
