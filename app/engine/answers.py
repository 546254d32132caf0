"""The first line of "why" and the clause behind it, in words an administrator repeats to others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.domain.activity import ActionKind, PlannedAction, Reason, Status
from app.domain.explanation import Path, PathReason
from app.domain.people import Value
from app.domain.plan import Subject
from app.domain.settings import Clause
from app.domain.texts import Text, TextValue
from app.engine.scoping import ScopeVerdict
from app.mapping.scoping import ClauseVerdict

Named: TypeAlias = Mapping[str, TextValue]

NOT_COUNTED = {
    PathReason.DEFAULT_ACCESS: Text("Default Access gives no account"),
    PathReason.NESTED: Text("nested groups do not count"),
    PathReason.NOT_SECURITY_ENABLED: Text("it is no security group"),
    PathReason.UNKNOWN_ROLE: Text("the application has no such role"),
}
"""Why a way to a role gives no account."""

_OUT = {
    Reason.UNASSIGNED: Text("the application is not assigned, directly or through a group"),
    Reason.DISABLED_IN_SOURCE: Text("the sign-in is disabled in Entra"),
    Reason.DELETED_IN_SOURCE: Text("Entra has moved this user to the recycle bin"),
    Reason.PURGED_IN_SOURCE: Text("Entra has deleted this user for good"),
    Reason.FILTER_UNDECIDED: Text("a scoping filter cannot be decided"),
    Reason.OUTSIDE_PILOT: Text("the pilot list names others only"),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """What the answer depends on."""

    subject: Subject
    verdict: ScopeVerdict
    planned: PlannedAction | None
    paths: Sequence[Path]
    clauses: Sequence[ClauseVerdict]
    foreign: bool
    """An account has the address, and Rollcall does not manage it."""
    failed: Text | None = None
    """What went wrong when it was tried last."""


def answer(situation: Situation) -> Text:
    """One sentence: has this person an account, and why."""
    values: Named = {"person": situation.subject.person.name, "why": because(situation)}
    planned = situation.planned
    problem = situation.failed
    if planned is not None and planned.status is Status.FAILURE:
        problem = planned.message
    if problem is not None and situation.verdict.in_scope:
        return _trouble(situation, problem)
    if not situation.verdict.in_scope:
        return _outside(situation, values)
    link = situation.subject.link
    if link is not None and link.active:
        return Text("{person} has a GoToMeeting account, because {why}", values)
    if planned is not None and planned.status is Status.SKIPPED:
        return Text(
            "{person} gets no GoToMeeting account: {problem}",
            {"person": situation.subject.person.name, "problem": planned.message},
        )
    if planned is not None and planned.action is ActionKind.ENABLE:
        return Text(
            "{person} has a disabled GoToMeeting account; it is to be enabled, because {why}",
            values,
        )
    if situation.subject.accounts:
        return Text(
            "{person} has a GoToMeeting account for Rollcall to take over, because {why}", values
        )
    return Text("{person} has no GoToMeeting account yet; one is due, because {why}", values)


def _trouble(situation: Situation, problem: Text) -> Text:
    values: Named = {"person": situation.subject.person.name, "problem": problem}
    if situation.subject.link is not None:
        return Text("The GoToMeeting account of {person} needs attention: {problem}", values)
    return Text("{person} gets no GoToMeeting account: {problem}", values)


def _outside(situation: Situation, values: Named) -> Text:
    link = situation.subject.link
    if link is None:
        if situation.foreign:
            return Text(
                "{person} has a GoToMeeting account that Rollcall does not manage, because {why}",
                values,
            )
        return Text("{person} has no GoToMeeting account, because {why}", values)
    if link.active and situation.subject.accounts:
        return Text("{person} still has a GoToMeeting account, although {why}", values)
    return Text("The GoToMeeting account of {person} is disabled, because {why}", values)


def because(situation: Situation) -> Text:
    """The clause after "because": the group, role, filter or state that decides."""
    verdict = situation.verdict
    if verdict.in_scope:
        return _inside(situation)
    if verdict.reason is Reason.FILTERED_OUT:
        return _filtered(situation)
    if verdict.reason is Reason.LEFT_GROUP:
        return Text("the membership in {group} has ended", {"group": verdict.because})
    if verdict.reason is Reason.GROUP_UNASSIGNED:
        return Text("{group} is no longer assigned", {"group": verdict.because})
    if verdict.reason is Reason.NOT_EFFECTIVELY_ENTITLED or (
        verdict.reason is Reason.UNASSIGNED and situation.paths
    ):
        return _not_counted(situation)
    return _OUT[verdict.reason]


def _inside(situation: Situation) -> Text:
    path = next((one for one in situation.paths if one.counts), None)
    if path is None:
        return Text("everybody is in scope")
    if not path.groups:
        return Text("the role {role} is assigned directly", {"role": path.role})
    if len(path.groups) == 1:
        return Text(
            "members of {group} have the role {role}", {"group": path.groups[0], "role": path.role}
        )
    return Text(
        "{inner} is nested in {group}, whose members have the role {role}",
        {"inner": path.groups[0], "group": path.groups[-1], "role": path.role},
    )


def _not_counted(situation: Situation) -> Text:
    path = situation.paths[0] if situation.paths else Path(role="")
    if path.reason is PathReason.NESTED:
        return Text(
            "{inner} is nested in {group}, and nested groups do not count",
            {"inner": path.groups[0], "group": path.groups[-1]},
        )
    if path.reason is PathReason.NOT_SECURITY_ENABLED:
        return Text("{group} is no security group", {"group": path.groups[-1]})
    if path.reason is PathReason.UNKNOWN_ROLE:
        return Text("the assignment names a role that the application does not have")
    return Text("Default Access gives no account")


def _filtered(situation: Situation) -> Text:
    failed = next(
        (
            one
            for one in situation.clauses
            if not one.passed and one.filter_name == situation.verdict.because
        ),
        None,
    )
    if failed is None:
        return Text("no scoping filter holds")
    return Text(
        "the filter “{filter}” wants {clause}, and {attribute} is {value}",
        {
            "filter": failed.filter_name,
            "clause": clause_said(failed.clause),
            "attribute": failed.clause.attribute,
            "value": value_said(failed.value),
        },
    )


def clause_said(clause: Clause) -> str:
    """Attribute operator value, as the portal writes it."""
    return f"{clause.attribute} {clause.operator} {clause.value}".strip()


def value_said(value: Value) -> Text:
    """A value as evidence; an absent one is said."""
    if value in (None, "", ()):
        return Text("empty")
    if isinstance(value, tuple):
        return Text("{value}", {"value": ", ".join(value)})
    return Text("{value}", {"value": f"“{value}”" if isinstance(value, str) else str(value)})
