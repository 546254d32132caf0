"""Making records: hidden values stay out of plans, the last step says what was done."""

from datetime import UTC, datetime

from app.domain.accounts import AccountDraft
from app.domain.activity import (
    ActionKind,
    Change,
    Identity,
    PlannedAction,
    Reason,
    Status,
    StepType,
)
from app.domain.plan import Work
from app.domain.texts import Text
from app.engine.records import record_of
from app.state import codec

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def planned(**changes: object) -> PlannedAction:
    values = {
        "action": ActionKind.CREATE,
        "status": Status.SUCCESS,
        "source": Identity("1", "Anna"),
        "target": Identity("", "anna@x.example"),
        "reason": Reason.ASSIGNED,
        "message": Text("Account created without a seat"),
    }
    return PlannedAction(**values | changes)


def test_a_plan_never_holds_a_hidden_value_and_the_draft_keeps_it() -> None:
    change = Change("firstName", None, "Secret-Ann", redacted=True)
    plan = planned(changes=(change, Change("lastName", "Old", "Berg")))
    assert plan.changes[0].new == "[Redact]"
    assert plan.changes[0].old is None
    work = Work("1", plan, draft=AccountDraft("1", "a", {"firstName": "Secret-Ann"}))
    again = codec.WORK.validate_json(codec.WORK.dump_json(work))
    assert again.planned == plan
    assert record_of(plan, NOW, "c").changes == plan.changes


def test_the_last_step_says_what_was_done_and_the_table_advises() -> None:
    written = record_of(planned(), NOW, "c", written=True)
    assert written.steps[-1].type is StepType.EXPORT
    skipped = record_of(
        planned(status=Status.SKIPPED, code="StagedDelete", action=ActionKind.DISABLE), NOW, "c"
    )
    assert skipped.steps[-1].type is StepType.PROCESSING
    assert skipped.advice is not None
    assert "Release" in str(skipped.advice)
    assert written.change != skipped.change
    own = record_of(planned(code="Conflict", advice=Text("Mine")), NOW, "c")
    assert str(own.advice) == "Mine"
