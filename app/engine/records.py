"""Making records: the one place where a plan's line becomes a line of the provisioning log.

Here a record gets its change id, the step that carried it out, and advice from the table of codes
when it has none of its own. Hidden values were taken out before (see `hiding`).
"""

from __future__ import annotations

import uuid
from datetime import datetime

from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    Initiator,
    PlannedAction,
    Status,
    Step,
    StepType,
)
from app.domain.codes import advice_of


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
