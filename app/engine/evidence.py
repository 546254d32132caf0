"""The evidence of a record: import, scoping, matching, processing, export (12.1).

What the target answered is known only afterwards; `apply` adds it as the last step.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.accounts import Account
from app.domain.activity import Change, Reason, Status, Step, StepType
from app.domain.errors import EntryError
from app.domain.people import Person
from app.domain.plan import Subject, Work
from app.domain.texts import Text
from app.engine.sayings import SKIPPED, skipped
from app.engine.scoping import ScopeVerdict

FOUND_WHILE_MATCHING = frozenset(
    {"DuplicateSourceEntries", "DuplicateTargetEntries", "EntryConflict", "InvalidAnchor"}
)
AFTER_SCOPING = frozenset(
    {
        Reason.ACTION_SWITCHED_OFF,
        Reason.KEPT,
        Reason.OUT_OF_SCOPE_KEPT,
        Reason.OWN_ACCOUNT,
    }
)
"""Reasons to leave an account alone that have nothing to do with who is in scope."""


def steps(
    subject: Subject,
    verdict: ScopeVerdict,
    *,
    account: Account | None = None,
    changes: Sequence[Change] = (),
    address: str = "",
) -> tuple[Step, ...]:
    """For what is written, or would be but for a switch."""
    found = [*_before(subject, verdict)]
    if account is not None:
        found.append(_matched(subject, account))
    elif address:
        said = Text("No account with the address {address}", {"address": address})
        found.append(Step(StepType.MATCHING, Status.SUCCESS, said))
    if account is not None or changes:
        found.append(Step(StepType.PROCESSING, Status.SUCCESS, to_send(changes)))
    return tuple(found)


def steps_of_skip(subject: Subject, verdict: ScopeVerdict, message: Text) -> tuple[Step, ...]:
    """For somebody who is left alone: the last step says why."""
    found = [*_before(subject, verdict)]
    if verdict.reason is Reason.NO_MATCHING_VALUE:
        found.append(Step(StepType.MATCHING, Status.SKIPPED, message))
    elif verdict.reason in AFTER_SCOPING:
        found.extend(_matched(subject, account) for account in subject.accounts[:1])
        found.append(Step(StepType.PROCESSING, Status.SKIPPED, message))
    return tuple(found)


def steps_of_drift(
    subject: Subject, verdict: ScopeVerdict, account: Account | None, message: Text
) -> tuple[Step, ...]:
    """For an account that was changed by hand and stays so."""
    found = [*_before(subject, verdict)]
    if account is not None:
        found.append(_matched(subject, account))
    return (*found, Step(StepType.PROCESSING, Status.WARNING, message))


def steps_of_failure(
    subject: Subject, verdict: ScopeVerdict, error: EntryError
) -> tuple[Step, ...]:
    """For somebody who fails before anything is sent: the last step says where."""
    found = [*_before(subject, verdict)]
    if verdict.trouble is not None:
        return tuple(found)
    if error.code in FOUND_WHILE_MATCHING:
        return (*found, Step(StepType.MATCHING, Status.FAILURE, error.text))
    found.extend(_matched(subject, account) for account in subject.accounts[:1])
    return (*found, Step(StepType.PROCESSING, Status.FAILURE, error.text))


def exported(work: Work, key: str) -> Step:
    """What the target answered."""
    if work.draft is not None:
        said = Text("GoTo made the account {key}", {"key": key})
    elif work.update is not None:
        said = Text("GoTo confirmed the change")
    elif work.remove is not None:
        said = Text("GoTo confirmed the deletion")
    else:
        return Step(StepType.EXPORT, Status.SKIPPED, Text("Nothing had to be sent to GoTo"))
    return Step(StepType.EXPORT, Status.SUCCESS, said)


def refused(error: EntryError) -> Step:
    """What the target refused."""
    return Step(StepType.EXPORT, Status.FAILURE, error.text)


def to_send(changes: Sequence[Change]) -> Text:
    """What is sent, by attribute."""
    if not changes:
        return Text("Nothing to send: the account is as it should be")
    return Text(
        "{n} value to send: {names}",
        {"n": len(changes), "names": ", ".join(change.attribute for change in changes)},
        plural="{n} values to send: {names}",
    )


def read(person: Person) -> Text:
    """What was read of a person; nulls do not count (11, step 2)."""
    number = sum(value not in (None, "", ()) for value in person.attributes.values())
    return Text(
        "{person}, {n} attribute",
        {"person": str(person.attributes.get("userPrincipalName") or person.id), "n": number},
        plural="{person}, {n} attributes",
    )


def _before(subject: Subject, verdict: ScopeVerdict) -> tuple[Step, Step]:
    passed = verdict.in_scope or verdict.reason in AFTER_SCOPING
    status = Status.SUCCESS if passed else Status.SKIPPED
    if verdict.trouble is not None:
        status = Status.FAILURE
    return (
        Step(StepType.IMPORT, Status.SUCCESS, read(subject.person)),
        Step(StepType.SCOPING, status, scope_said(verdict)),
    )


def _matched(subject: Subject, account: Account) -> Step:
    if subject.link is not None:
        said = Text("Account {address}, linked before", {"address": account.match})
    else:
        said = Text("Account {address} found", {"address": account.match})
    return Step(StepType.MATCHING, Status.SUCCESS, said)


def scope_said(verdict: ScopeVerdict) -> Text:
    """Whether somebody is in scope, and through what."""
    if verdict.trouble is not None:
        return verdict.trouble.text
    if not verdict.in_scope:
        if verdict.reason in SKIPPED:
            return skipped(verdict).message
        return Text("Out of scope: {because}", {"because": verdict.because or verdict.reason})
    roles = ", ".join(role.name for role in verdict.roles)
    if verdict.grant is not None and verdict.grant.group_names:
        path = " › ".join(verdict.grant.group_names)
        return Text("Assigned through {path}; role {role}", {"path": path, "role": roles})
    return Text("Assigned directly; role {role}", {"role": roles})
