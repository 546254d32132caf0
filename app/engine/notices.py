"""When the notification addresses get a mail, and what it says.

One mail when something begins, none while it lasts, one when it is over.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.activity import CycleOutcome, CycleSummary
from app.domain.texts import Text


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail to write."""

    subject: Text
    body: Text


def notice(before: CycleSummary | None, now: CycleSummary) -> Notice | None:
    """The mail that the end of `now` calls for, given the cycle that ended before it."""
    said_before = _standing(before) if before is not None else None
    standing = _standing(now)
    if standing == said_before:
        return None
    values = {"profile": now.profile, "time": f"{now.started_at:%Y-%m-%d %H:%M} UTC"}
    if now.outcome is CycleOutcome.FAILED:
        return Notice(
            Text("Rollcall: provisioning of {profile} has failed", values),
            Text(
                "The cycle of {time} failed.\n\n{error}\n\n{advice}\n\n"
                "Rollcall goes on trying and writes again when this changes.",
                {
                    **values,
                    "error": now.error or Text("No reason was given."),
                    "advice": now.advice or Text("The provisioning log says more."),
                },
            ),
        )
    if now.outcome is CycleOutcome.HELD:
        return Notice(
            Text("Rollcall: removals of {profile} wait for your decision", values),
            Text(
                "The cycle of {time} wanted to take access from more people than the safety limits"
                " of {profile} allow. Nobody has lost anything; everything else was done.\n\n"
                "Look at the people concerned in Rollcall, then release them or keep everyone.",
                values,
            ),
        )
    failed_before = before is not None and before.outcome is CycleOutcome.FAILED
    if now.outcome is CycleOutcome.SUCCEEDED and failed_before:
        return Notice(
            Text("Rollcall: provisioning of {profile} works again", values),
            Text("The cycle of {time} succeeded. There is nothing to do.", values),
        )
    return None


def _standing(cycle: CycleSummary) -> tuple[CycleOutcome, str | None] | None:
    """What is wrong after a cycle; None when nothing is."""
    if cycle.outcome in (CycleOutcome.FAILED, CycleOutcome.HELD):
        return cycle.outcome, cycle.error_code
    return None
