"""When a failed entry is tried again (spec/provisioning.md 7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.errors import EntryError
from app.domain.plan import Escrow

WAITS = (timedelta(hours=6), timedelta(hours=12), timedelta(hours=24))
"""From the first failure on; the last one repeats."""
GIVEN_UP_AFTER = timedelta(days=28)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Not by itself: a change of the person, `retry` or an initial cycle starts anew."""


def escrow(
    person_id: str, error: EntryError, before: Escrow | None, now: datetime, fingerprint: str = ""
) -> Escrow:
    """The entry after one more failure: 6, 12, 24 hours, then daily; given up after 28 days.

    A transient error waits for the next cycle only, and does so the first time it happens. A
    person who changed in the source, or fails in another way, starts anew; one passing trouble
    after another is the same way.
    """
    again = (
        before is not None
        and before.fingerprint == fingerprint
        and (before.code == error.code or (before.transient and error.transient))
    )
    attempts = before.attempts + 1 if before and again else 1
    first = before.first_failed_at if before and again else now
    if now - first >= GIVEN_UP_AFTER:
        return Escrow(
            person_id,
            error.code,
            error.text,
            first,
            attempts,
            NEVER,
            fingerprint,
            given_up=True,
            transient=error.transient,
        )
    if error.transient and attempts == 1:
        wait = timedelta(0)
    else:
        wait = waiting(attempts - 1 if error.transient else attempts)
    return Escrow(
        person_id,
        error.code,
        error.text,
        first,
        attempts,
        now + wait,
        fingerprint,
        transient=error.transient,
    )


def waiting(attempts: int) -> timedelta:
    """How long after so many failures in a row, from 1."""
    return WAITS[min(attempts, len(WAITS)) - 1]
