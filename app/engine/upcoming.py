"""What the next cycle does about somebody, and when."""

from __future__ import annotations

from app.domain.activity import ActionKind, Status
from app.domain.explanation import Next, NextAction
from app.domain.plan import Escrow
from app.domain.texts import Text
from app.engine import sayings
from app.engine.cases import Case, Schedule

SETTLED = Text("Nothing until something changes in Entra")
AHEAD = {
    ActionKind.CREATE: Text("The next cycle makes the account"),
    ActionKind.UPDATE: Text("The next cycle brings the account up to date"),
    ActionKind.DISABLE: Text("The next cycle disables the account"),
    ActionKind.ENABLE: Text("The next cycle enables the account again"),
    ActionKind.DELETE: Text("The next cycle deletes the account"),
    ActionKind.LINK: Text("The next cycle takes the account over as it is"),
}


def upcoming(case: Case) -> Next:
    """What the next cycle does, and when; without a cause it does not look at anybody."""
    planned, subject = case.planned, case.subject
    if planned is None:
        return Next(NextAction.NONE, _quiet(case))
    if planned.removal and subject.held and not subject.released:
        return Next(NextAction.DECISION, sayings.UNANSWERED, None, planned.changes)
    if planned.status is Status.SKIPPED or planned.action is ActionKind.OTHER:
        return Next(NextAction.NONE, Text("Nothing: {why}", {"why": planned.message}))
    if planned.status is Status.FAILURE or case.escrow is not None:
        return _again(case)
    if not case.due:
        later = Text(
            "Nothing until something changes in Entra; `rollcall provision` does it at once"
        )
        return Next(NextAction.NONE, later, None, planned.changes)
    said = on_time(AHEAD[planned.action], case.schedule)
    return Next(NextAction(planned.action.value), said, case.schedule.at, planned.changes)


def _quiet(case: Case) -> Text:
    if case.verdict.in_scope:
        return SETTLED
    if case.subject.link is not None:
        return Text("Nothing until this person comes back into scope")
    return Text("Nothing until this person comes into scope")


def _again(case: Case) -> Next:
    """What failed waits its time, unless something about the person makes it due (7)."""
    escrow = case.escrow
    if escrow is None:
        if not case.due:
            return Next(NextAction.NONE, SETTLED)
        said = Text("The next cycle comes to the same end, unless something changes before")
        return Next(NextAction.RETRY, on_time(said, case.schedule), case.schedule.at)
    said = Text(
        "Failed {n} time; the next try comes then, or sooner if this person changes in Entra",
        {"n": escrow.attempts},
        plural="Failed {n} times; the next try comes then, or sooner if this person changes in "
        "Entra",
    )
    return again(escrow, said, case.schedule, due=case.due)


def again(escrow: Escrow, said: Text, schedule: Schedule, *, due: bool = False) -> Next:
    """The next try of what failed. `due`: it does not wait for it."""
    if escrow.given_up and not due:
        return Next(
            NextAction.NONE,
            Text("Not tried by itself any more; `rollcall retry` or a change in Entra starts anew"),
        )
    at = schedule.at
    if at is not None and not due:
        at = max(at, escrow.next_try_at)
    return Next(NextAction.RETRY, on_time(said, schedule), at)


def on_time(said: Text, schedule: Schedule) -> Text:
    """The same, with what keeps the next cycle from coming soon."""
    if schedule.at is None:
        return Text("{what}, once provisioning is on again or `rollcall sync` runs", {"what": said})
    if schedule.quarantine is not None:
        return Text(
            "{what}; cycles are rare while the job is in quarantine ({reason})",
            {"what": said, "reason": schedule.quarantine},
        )
    return said
