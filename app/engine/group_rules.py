"""Deciding about one group object: what the mapping makes of it and what is to be done.

Nothing here asks the target, writes to it or keeps anything (spec/provisioning.md 2.3, 4.6, 6).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from app.domain.accounts import TargetLimits
from app.domain.activity import Change, Identity, PlannedAction, Reason
from app.domain.errors import EntryError
from app.domain.groups import (
    DirectoryGroup,
    GroupLink,
    MemberChanges,
    TargetGroup,
)
from app.domain.people import Attributes, Value
from app.domain.settings import ObjectAction, Profile
from app.engine import group_sayings as sayings
from app.engine.hiding import Hiding, Secrets
from app.engine.works import loggable
from app.mapping.attributes import (
    SOFT_DELETED,
    CompiledMappings,
    MappedValues,
    compile_mappings,
)
from app.mapping.comparison import differences
from app.mapping.values import Context

KEY = "mappings.groups.attributes"


@dataclass(slots=True)
class GroupCase:
    """One group in scope, as far as this cycle has come with it."""

    group: DirectoryGroup
    if_new: MappedValues
    if_there: MappedValues
    link: GroupLink | None = None
    candidates: tuple[TargetGroup, ...] = ()
    resting: bool = False
    """It failed or was left alone, and nothing has changed since."""
    waited: bool = False
    """Something is on record about it that is over once there is nothing left to write."""
    hiding: Hiding = field(default_factory=Hiding)
    """What the mapping hides from the log."""

    @property
    def values(self) -> MappedValues:
        """What the mapping gives: defaults and create-only values for a new group alone (4.2)."""
        return self.if_there if self.key else self.if_new

    @property
    def match(self) -> str:
        """The matching value, lower case; else empty."""
        return self.if_new.match[0][1].lower() if self.if_new.match else ""

    @property
    def key(self) -> str:
        """Of its group at the target, or of the first that its name finds; else empty."""
        if self.link is not None:
            return self.link.key
        return self.candidates[0].key if self.candidates else ""

    @property
    def current(self) -> Mapping[str, Value]:
        """What the target holds."""
        if self.link is not None:
            return self.link.attributes
        return self.candidates[0].attributes if self.candidates else {}

    @property
    def target(self) -> Identity:
        """The group at the target as the log names it."""
        return sayings.target_of(self.key, self.group.name if self.link else self.match)

    @property
    def secrets(self) -> Secrets:
        """What nobody is to read about the group."""
        values = self.values
        return self.hiding.among(
            values.values.items(), values.match, self.current.items(), shown=values.shown
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done to a group itself. `wanted` are the values to write, hidden or not."""

    planned: PlannedAction
    wanted: Mapping[str, Value] = field(default_factory=dict)
    error: EntryError | None = None


@dataclass(frozen=True, slots=True)
class GroupRules:
    """Everything that is the same for all groups of a cycle."""

    actions: Collection[ObjectAction]
    mappings: CompiledMappings
    limits: TargetLimits

    @classmethod
    def of(cls, profile: Profile, limits: TargetLimits) -> GroupRules:
        """Compiled from the profile; raises `ConfigurationError`."""
        groups = profile.groups
        return cls(groups.actions, compile_mappings(groups.attributes, limits, KEY), limits)

    def allows(self, action: ObjectAction) -> bool:
        """Is this action among those of the mapping?"""
        return action in self.actions

    def case(self, group: DirectoryGroup, link: GroupLink | None, now: datetime) -> GroupCase:
        """What the mapping makes of a group; raises `EntryError`."""
        source, context = _source(group), Context(now=now, random=Random())
        if_new, if_there = (
            self.mappings.evaluate(source, creating=new, context=context) for new in (True, False)
        )
        return GroupCase(group, if_new, if_there, link, hiding=self.hiding)

    @property
    def hiding(self) -> Hiding:
        """Which attributes of groups the mapping hides from the log."""
        return Hiding.of(self.mappings, self.limits)

    def secrets(self, group: DirectoryGroup, link: GroupLink | None, now: datetime) -> Secrets:
        """What nobody is to read about a group, as far as its mapping can be worked out."""
        context = Context(now=now, random=Random())
        secret, shown = self.mappings.secrets(_source(group), context)
        held = link.attributes if link is not None else {}
        return self.hiding.among(secret.items(), held.items(), shown=shown.items())

    def decide(self, one: GroupCase, taken: Collection[str]) -> Decision | None:
        """None when the group is as it should be. `taken`: keys that are some group's own."""
        decision = self._decide(one, taken)
        if decision is None:
            return None
        return replace(decision, planned=one.secrets.planned(decision.planned))

    def _decide(self, one: GroupCase, taken: Collection[str]) -> Decision | None:
        try:
            _check(one, taken)
        except EntryError as error:
            creating = sayings.creating(one.group, one.match, ())
            return Decision(sayings.failed(creating, error), error=error)
        changes = differences(one.current, one.values.values, self.limits)
        if one.link is not None and not changes:
            return None
        creates = not one.key
        if not self.allows(ObjectAction.CREATE if creates else ObjectAction.UPDATE):
            return Decision(sayings.switched_off(one.group, one.target))
        logged = tuple(loggable(change, one.values) for change in changes)
        if creates:
            planned = sayings.creating(one.group, one.match, logged)
            return Decision(planned, one.values.values)
        return Decision(_keeping(one, logged), {change.attribute: change.new for change in changes})

    def fingerprint(self, one: GroupCase, changes: MemberChanges) -> str:
        """What is to be written to a group; a failure waits until it is something else."""
        seen = [
            sorted(one.values.values.items()),
            sorted(self.actions),
            [member.key for member in changes.added],
            [member.key for member in changes.removed],
        ]
        return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()


def _source(group: DirectoryGroup) -> Attributes:
    """A group's attributes as mappings know them."""
    return {
        "objectId": group.id,
        "displayName": group.name,
        "securityEnabled": True,
        SOFT_DELETED: False,
    }


def _check(one: GroupCase, taken: Collection[str]) -> None:
    """Raises when the name does not lead to exactly one group that is free."""
    if one.link is not None or not one.candidates:
        return
    if len(one.candidates) > 1:
        raise sayings.several_groups(one.match, len(one.candidates))
    if one.key in taken:
        raise sayings.shared_name(one.group.name)


def _keeping(one: GroupCase, logged: tuple[Change, ...]) -> PlannedAction:
    """A group that is there: its own already, or taken over."""
    say = sayings.adopting if one.link is None else sayings.updating
    return say(one.group, one.target, logged)


def twins(cases: Iterable[GroupCase]) -> frozenset[str]:
    """Matching values that more than one new group has."""
    shared = Counter(one.match for one in cases if one.link is None)
    return frozenset(match for match, number in shared.items() if number > 1)


def leaving(link: GroupLink, reason: Reason, hiding: Hiding) -> PlannedAction:
    """The line about a group that stays as it is."""
    return hiding.among(link.attributes.items()).planned(sayings.leaving(link, reason))
