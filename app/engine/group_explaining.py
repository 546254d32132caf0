"""What on demand says about a group: evidence of each step, the answer, what happens next (11).

Nothing here reads or decides, and nothing asks the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.activity import ActivityRecord, Reason, Status
from app.domain.explanation import Evidence, Path, PathReason, Stage, StageName
from app.domain.groups import DirectoryGroup, GroupLink, GroupSeen
from app.domain.texts import Text
from app.engine import evidence
from app.engine import group_sayings as sayings
from app.engine.answers import NOT_COUNTED, Named
from app.engine.explaining import changed
from app.engine.group_rules import GroupCase


@dataclass(frozen=True, slots=True)
class GroupFound:
    """What is known about a group before the target is asked."""

    group: DirectoryGroup
    seen: GroupSeen | None
    """None when the directory no longer has it."""
    link: GroupLink | None
    paths: tuple[Path, ...]
    application: str
    everybody: bool
    """The scope is everybody, assigned or not."""
    in_scope: bool

    @property
    def roles(self) -> str:
        """Names of the roles that count."""
        return ", ".join(path.role for path in self.paths if path.counts)

    @property
    def reason(self) -> Reason:
        """Why it is in scope or not."""
        if self.in_scope:
            return Reason.ASSIGNED
        if self.seen is None:
            return Reason.DELETED_IN_SOURCE
        if self.link is not None:
            return Reason.GROUP_UNASSIGNED
        if self.paths or not self.seen.security_enabled:
            return Reason.NOT_EFFECTIVELY_ENTITLED
        return Reason.UNASSIGNED


@dataclass(frozen=True, slots=True)
class MemberFound:
    """One of the chosen people and the group, before and after it was written."""

    person: str
    direct: bool
    """A direct member in the directory."""
    before: bool
    after: bool
    open: bool
    """Something is still to be written."""


def imported(found: GroupFound, *, nameless: bool = False) -> Stage:
    """What was read. `nameless`: the mapping gives it no matching value."""
    if found.seen is None:
        gone = Text("{group} is deleted in Entra", {"group": found.group.name})
        return Stage(StageName.IMPORT, Status.SKIPPED, (Evidence(gone, passed=False),))
    read = Text(
        "{group}, {n} person as a direct member",
        {"group": found.group.name, "n": found.seen.people},
        plural="{group}, {n} people as direct members",
    )
    lines = [Evidence(read)]
    if found.seen.nested:
        nested = Text(
            "{n} group among the members is left aside; its members are reached by naming it",
            {"n": found.seen.nested},
            plural="{n} groups among the members are left aside; their members are reached by "
            "naming them",
        )
        lines.append(Evidence(nested))
    if nameless:
        lines.append(Evidence(Text("No value for the matching attribute"), passed=False))
    status = Status.FAILURE if nameless else Status.SUCCESS
    return Stage(StageName.IMPORT, status, tuple(lines))


def scoped(found: GroupFound) -> Stage:
    """The lines of section 11, step 3, as far as groups have them."""
    secure = found.seen is not None and found.seen.security_enabled
    everybody, roles = found.everybody, found.roles
    lines = (
        Evidence(Text("A security group"), passed=secure),
        Evidence(
            Text("Assigned to {application}", {"application": found.application}),
            passed=bool(found.paths),
        ),
        Evidence(Text("Scope: all groups") if everybody else Text("Scope: assigned groups only")),
        Evidence(
            Text("Has a role that counts: {role}", {"role": roles})
            if roles
            else Text("Has a role that counts"),
            passed=bool(roles) or everybody,
        ),
    )
    status = Status.SUCCESS if found.in_scope else Status.SKIPPED
    return Stage(StageName.SCOPE, status, lines)


def matched(found: GroupFound, case: GroupCase | None) -> Stage:
    """By link, else by the matching value."""
    lines: list[Evidence] = []
    if found.link is not None:
        lines.append(_linked(found.link, case))
    if case is not None and not _still_linked(found, case):
        attribute, value = case.values.match[0]
        said = Text(
            "{attribute} {value}: {n} group",
            {
                "attribute": attribute,
                "value": value,
                "n": len(case.candidates),
            },
            plural="{attribute} {value}: {n} groups",
        )
        lines.append(Evidence(said))
    if not lines:
        return Stage(StageName.MATCH, Status.SKIPPED, (Evidence(Text("Nothing to match by")),))
    return Stage(StageName.MATCH, Status.SUCCESS, tuple(lines))


def mismatched(stage: Stage, records: Sequence[ActivityRecord]) -> Stage:
    """The same step when what was found is not one group, or not a free one."""
    wrong = [one for one in records if one.code in evidence.FOUND_WHILE_MATCHING]
    if not wrong:
        return stage
    lines = (*stage.evidence, *(Evidence(one.message, passed=False) for one in wrong))
    return replace(stage, status=Status.FAILURE, evidence=lines)


def _still_linked(found: GroupFound, case: GroupCase) -> bool:
    return found.link is not None and case.key == found.link.key


def _linked(link: GroupLink, case: GroupCase | None) -> Evidence:
    there = case is not None and case.key == link.key
    if case is not None and not there:
        gone = Text("Linked to the group {name}, which is gone", {"name": link.name})
        return Evidence(gone, passed=False)
    return Evidence(Text("Linked to the group {name}", {"name": link.name}), passed=there or None)


def left(said: Text) -> tuple[Stage, Stage, Stage]:
    """Match, action and members of a group that is not written."""
    nothing = (Evidence(Text("Nothing to do")),)
    return (
        Stage(StageName.MATCH, Status.SKIPPED, (Evidence(Text("Not looked for")),)),
        Stage(StageName.ACTION, Status.SKIPPED, (Evidence(said),)),
        Stage(StageName.MEMBERS, Status.SKIPPED, nothing),
    )


def acted(records: Sequence[ActivityRecord]) -> Stage:
    """What was done to the group itself."""
    if not records:
        return Stage(StageName.ACTION, Status.SKIPPED, (Evidence(sayings.NOTHING_TO_SEND),))
    lines = [line for one in records for line in (Evidence(one.message), *changed(one.changes))]
    return Stage(StageName.ACTION, records[-1].status, tuple(lines))


def membered(people: Sequence[MemberFound], records: Sequence[ActivityRecord]) -> Stage:
    """What was done to the memberships of the chosen people."""
    lines = [_member(one) for one in people]
    failures = [one for one in records if one.status is Status.FAILURE]
    lines.extend(Evidence(one.message, passed=False) for one in failures)
    if not lines:
        lines.append(Evidence(Text("The group has no direct members")))
    status = Status.SUCCESS if any(one.before or one.after for one in people) else Status.SKIPPED
    return Stage(StageName.MEMBERS, Status.FAILURE if failures else status, tuple(lines))


def not_membered(said: Text) -> Stage:
    """Why memberships were left as they are."""
    return Stage(StageName.MEMBERS, Status.SKIPPED, (Evidence(said),))


def _member(one: MemberFound) -> Evidence:
    name = {"person": one.person}
    if one.open:
        return Evidence(Text("{person} waits", name), passed=False)
    if one.after and not one.before:
        return Evidence(Text("{person} was added", name), passed=True)
    if one.before and not one.after:
        return Evidence(Text("{person} was removed", name), passed=True)
    if one.after:
        return Evidence(Text("{person} is a member already", name), passed=True)
    if not one.direct:
        return Evidence(Text("{person} is no direct member in Entra", name))
    return Evidence(Text("{person} is left out: no active account", name))


def answer(found: GroupFound, record: ActivityRecord | None, *, linked: bool) -> Text:
    """One sentence: is the group at the target, and why. `record` decided; `linked`: it has one."""
    group = found.group.name
    if not found.in_scope:
        values: Named = {"group": group, "why": why_outside(found)}
        if linked:
            return Text("The group {group} is still at the target, although {why}", values)
        return Text("The group {group} is not provisioned, because {why}", values)
    if record is not None and record.status is Status.FAILURE:
        values = {"group": group, "problem": record.message}
        return Text("The group {group} needs attention: {problem}", values)
    if not linked and record is not None:
        values = {"group": group, "problem": record.message}
        return Text("The group {group} is not at the target: {problem}", values)
    why = Text("every security group is in scope")
    if found.roles:
        why = Text("it has the role {role}", {"role": found.roles})
    return Text("The group {group} is at the target, because {why}", {"group": group, "why": why})


def why_outside(found: GroupFound) -> Text:
    """The clause after "because"."""
    if found.seen is None:
        return sayings.why_left(Reason.DELETED_IN_SOURCE)
    if not found.seen.security_enabled:
        return NOT_COUNTED[PathReason.NOT_SECURITY_ENABLED]
    if found.paths:
        return NOT_COUNTED[found.paths[0].reason]
    return Text("it is not assigned to {application}", {"application": found.application})
