"""The sentences about group objects: what happened, to which group, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.activity import (
    ActionKind,
    Change,
    Identity,
    IdentityType,
    PlannedAction,
    Reason,
    Status,
    Step,
    StepType,
)
from app.domain.errors import EntryError
from app.domain.groups import DirectoryGroup, GroupLink, MemberChange, MemberChanges
from app.domain.people import Value
from app.domain.texts import Text

MEMBERS = "members"
SHOWN_MEMBERS = 50
"""Names in one record; a group of thousands would make it unreadable."""

SKIPPED = "EntrySynchronizationSkipped"
SWITCHED_OFF = Text("This action is switched off in the mapping of groups")
NOTHING_TO_SEND = Text("Nothing to send: the group is as it should be")


def source_of(group: DirectoryGroup) -> Identity:
    """The group in the directory as the log names it."""
    return Identity(group.id, group.name, IdentityType.GROUP)


def target_of(key: str, name: Value) -> Identity:
    """The group at the target as the log names it."""
    return Identity(key, name if isinstance(name, str) else "", IdentityType.GROUP)


def action(
    group: DirectoryGroup,
    target: Identity,
    kind: ActionKind,
    reason: Reason,
    message: Text,
    *,
    changes: tuple[Change, ...] = (),
    status: Status = Status.SUCCESS,
    code: str | None = None,
    advice: Text | None = None,
) -> PlannedAction:
    """One line of the plan about a group."""
    steps = [_scoped(reason, message)]
    if target.id:
        found = Text("Group {name}", {"name": target.name})
        steps.append(Step(StepType.MATCHING, Status.SUCCESS, found))
    if status is not Status.SKIPPED:
        steps.append(Step(StepType.EXPORT, status, message))
    return PlannedAction(
        action=kind,
        status=status,
        source=source_of(group),
        target=target,
        reason=reason,
        message=message,
        because=group.name,
        changes=changes,
        code=code,
        advice=advice,
        steps=tuple(steps),
    )


def _scoped(reason: Reason, message: Text) -> Step:
    if reason in (Reason.GROUP_UNASSIGNED, Reason.DELETED_IN_SOURCE):
        return Step(StepType.SCOPING, Status.SKIPPED, why_left(reason))
    if reason in (Reason.UNASSIGNED, Reason.NOT_EFFECTIVELY_ENTITLED):
        return Step(StepType.SCOPING, Status.SKIPPED, message)
    return Step(StepType.SCOPING, Status.SUCCESS, Text("The group is assigned"))


def failed(planned: PlannedAction, error: EntryError) -> PlannedAction:
    """The same line when it did not work out."""
    return action(
        DirectoryGroup(planned.source.id, planned.source.name),
        planned.target,
        planned.action,
        planned.reason,
        error.text,
        changes=planned.changes,
        status=Status.FAILURE,
        code=error.code,
        advice=error.advice,
    )


def creating(group: DirectoryGroup, match: str, changes: tuple[Change, ...]) -> PlannedAction:
    """A new group; its members follow."""
    return action(
        group,
        target_of("", match),
        ActionKind.CREATE,
        Reason.ASSIGNED,
        Text("Group created"),
        changes=changes,
    )


def adopting(group: DirectoryGroup, target: Identity, changes: tuple[Change, ...]) -> PlannedAction:
    """A group of that name was there."""
    if not changes:
        message = Text("Existing group found by its name, nothing to change")
        return action(group, target, ActionKind.LINK, Reason.MATCHED, message)
    names = ", ".join(change.attribute for change in changes)
    message = Text("Existing group brought up to date: {names}", {"names": names})
    return action(group, target, ActionKind.UPDATE, Reason.MATCHED, message, changes=changes)


def updating(group: DirectoryGroup, target: Identity, changes: tuple[Change, ...]) -> PlannedAction:
    """Attributes of the group changed."""
    names = ", ".join(change.attribute for change in changes)
    message = Text("Group brought up to date: {names}", {"names": names})
    return action(
        group, target, ActionKind.UPDATE, Reason.ATTRIBUTE_CHANGED, message, changes=changes
    )


def membering(group: DirectoryGroup, target: Identity, changes: MemberChanges) -> PlannedAction:
    """Who comes and goes."""
    return action(
        group,
        target,
        ActionKind.UPDATE,
        Reason.ATTRIBUTE_CHANGED,
        Text(
            "Members of the group: {added} added, {removed} removed",
            {"added": len(changes.added), "removed": len(changes.removed)},
        ),
        changes=(Change(MEMBERS, _names(changes.removed), _names(changes.added)),),
    )


def deleting(link: GroupLink, reason: Reason) -> PlannedAction:
    """The group goes, because the mapping of groups has Delete switched on."""
    return action(
        DirectoryGroup(link.group_id, link.name),
        target_of(link.key, link.name),
        ActionKind.DELETE,
        reason,
        Text("Group deleted: {why}", {"why": why_left(reason)}),
    )


def leaving(link: GroupLink, reason: Reason) -> PlannedAction:
    """The group stays as it is: a group cannot be disabled, and Delete is switched off."""
    return action(
        DirectoryGroup(link.group_id, link.name),
        target_of(link.key, link.name),
        ActionKind.OTHER,
        reason,
        Text("Group left as it is with its members: {why}", {"why": why_left(reason)}),
        status=Status.SKIPPED,
        code=SKIPPED,
        advice=Text(
            "Delete it at the target by hand, or add delete to the actions of mappings.groups."
        ),
    )


def without_match(group: DirectoryGroup) -> PlannedAction:
    """No value for the matching attribute (spec/provisioning.md 2.3)."""
    return action(
        group,
        target_of("", None),
        ActionKind.OTHER,
        Reason.NO_MATCHING_VALUE,
        Text("No value for the matching attribute"),
        status=Status.SKIPPED,
        code="ImportSkipped",
        advice=Text("Give this group a value in Entra, or correct the mapping of groups."),
    )


def switched_off(group: DirectoryGroup, target: Identity) -> PlannedAction:
    """The action is not among those of the mapping."""
    return action(
        group,
        target,
        ActionKind.OTHER,
        Reason.ACTION_SWITCHED_OFF,
        SWITCHED_OFF,
        status=Status.SKIPPED,
        code=SKIPPED,
    )


def postponed(
    planned: PlannedAction, message: Text, code: str, advice: Text | None = None
) -> PlannedAction:
    """What was planned for a group and is not done now."""
    return action(
        DirectoryGroup(planned.source.id, planned.source.name),
        planned.target,
        planned.action,
        planned.reason,
        message,
        status=Status.SKIPPED,
        code=code,
        advice=advice,
    )


def outside(
    group: DirectoryGroup, target: Identity, reason: Reason, message: Text
) -> PlannedAction:
    """A group that is not in scope and that nobody here looks after."""
    return action(
        group,
        target,
        ActionKind.OTHER,
        reason,
        message,
        status=Status.SKIPPED,
        code=SKIPPED,
    )


def as_it_should_be(group: DirectoryGroup, target: Identity) -> PlannedAction:
    """Neither the group nor the members looked at had to change."""
    return action(
        group,
        target,
        ActionKind.OTHER,
        Reason.NOTHING_TO_CHANGE,
        NOTHING_TO_SEND,
        status=Status.SKIPPED,
        code="RedundantExport",
    )


def shared_name(name: str) -> EntryError:
    """Two groups of the directory want to be the same one."""
    return EntryError(
        "DuplicateSourceEntries",
        Text("Another group in scope is called {name} too; it is not touched", {"name": name}),
        Text("Give each of them a name of its own in Entra."),
    )


def several_groups(name: str, count: int) -> EntryError:
    """More than one group answers to the matching value."""
    return EntryError(
        "DuplicateTargetEntries",
        Text("{count} groups at the target are called {name}", {"count": count, "name": name}),
        Text("Rename or remove all but one of them at the target."),
    )


def members_left(count: int, error: EntryError) -> EntryError:
    """Some members were not taken; the group stands with the others."""
    return EntryError(
        error.code,
        Text(
            "{n} membership was not written: {cause}",
            {"n": count, "cause": error.text},
            plural="{n} memberships were not written: {cause}",
        ),
        error.advice,
        transient=error.transient,
        request_id=error.request_id,
    )


def why_left(reason: Reason) -> Text:
    """Why a group that we look after is no longer in scope."""
    if reason is Reason.DELETED_IN_SOURCE:
        return Text("it is deleted in Entra")
    return Text("it is no longer assigned")


def _names(members: Sequence[MemberChange]) -> Value:
    if not members:
        return None
    names = tuple(member.name for member in members[:SHOWN_MEMBERS])
    return names if len(members) <= SHOWN_MEMBERS else (*names, "…")
