"""Making records: the one place where a plan's line becomes a line of the provisioning log.

Here a record gets its change id, the step that carried it out, advice from the table of codes
when it has none of its own, and here hidden values (spec/expressions.md, Redact) are taken out of
whatever was said. Records without a hidden value pass untouched.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from app.domain.activity import (
    REDACTED,
    ActionKind,
    ActivityRecord,
    Initiator,
    PlannedAction,
    Status,
    Step,
    StepType,
)
from app.domain.codes import advice_of
from app.domain.errors import EntryError
from app.domain.people import Value
from app.domain.plan import Work
from app.domain.texts import Text, TextValue


def record_of(
    planned: PlannedAction,
    at: datetime,
    cycle: str,
    *,
    spent: int = 0,
    written: bool = False,
    initiator: Initiator = Initiator.SYSTEM,
) -> ActivityRecord:
    """The record of one planned action. `written`: something was sent to the target."""
    return ActivityRecord(
        at=at,
        cycle=cycle,
        action=planned.action,
        status=planned.status,
        source=planned.source,
        target=planned.target,
        message=planned.message,
        reason=planned.reason,
        changes=planned.changes,
        code=planned.code,
        advice=planned.advice or advice_of(planned.code),
        steps=_steps(planned, written=written),
        duration_ms=spent,
        change=str(uuid.uuid4()),
        initiator=initiator,
    )


def _steps(planned: PlannedAction, *, written: bool) -> tuple[Step, ...]:
    """The evidence, closed by what was done or left."""
    told = any(step.type is StepType.EXPORT for step in planned.steps)
    ended = bool(planned.steps) and planned.steps[-1].status in (Status.SKIPPED, Status.FAILURE)
    if told or ended:
        return planned.steps
    left = planned.status is Status.SKIPPED or planned.action is ActionKind.OTHER
    if left or not written:
        return (*planned.steps, Step(StepType.PROCESSING, planned.status, planned.message))
    return (*planned.steps, Step(StepType.EXPORT, planned.status, planned.message))


def without_hidden(error: EntryError, work: Work) -> EntryError:
    """The failure without values that a mapping hides: services like to quote what they refuse."""
    return scrubbed(error, hidden_values(work))


def scrubbed(error: EntryError, hidden: frozenset[str]) -> EntryError:
    """The failure without these values."""
    if not hidden:
        return error
    advice = _scrub(error.advice, hidden) if error.advice is not None else None
    return EntryError(
        error.code,
        _scrub(error.text, hidden),
        advice,
        transient=error.transient,
        request_id=error.request_id,
    )


def hidden_values(work: Work) -> frozenset[str]:
    """Old and new values of this work's hidden attributes, as they may be quoted."""
    names = {change.attribute for change in work.planned.changes if change.redacted}
    holders = (holder.attributes for holder in (work.draft, work.update, work.account) if holder)
    return quotable(names, holders)


def quotable(names: Collection[str], holders: Iterable[Mapping[str, Value]]) -> frozenset[str]:
    """The values of these attributes, as they may be quoted."""
    found: set[str] = set()
    for attributes in holders:
        for name in attributes.keys() & set(names):
            value = attributes[name]
            found.update(value if isinstance(value, tuple) else (str(value),))
    return frozenset(one for one in found if one and one != "None")


def _scrub(text: Text, hidden: frozenset[str]) -> Text:
    values = {name: _scrub_value(value, hidden) for name, value in text.values.items()}
    return replace(text, values=values)


def _scrub_value(value: TextValue, hidden: frozenset[str]) -> TextValue:
    if isinstance(value, Text):
        return _scrub(value, hidden)
    # Longest first: a value may be a part of another.
    said = str(value)
    for one in sorted(hidden, key=len, reverse=True):
        said = said.replace(one, REDACTED)
    return value if said == str(value) else said
