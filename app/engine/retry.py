"""When a failed entry is tried again (spec/provisioning.md 7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.errors import EntryError
from app.domain.plan import Escrow

WAITS = (timedelta(hours=6), timedelta(hours=12), timedelta(hours=24))


def escrow(person_id: str, error: EntryError, before: Escrow | None, now: datetime) -> Escrow:
    """The entry after one more failure: 6, 12, 24 hours, then daily.

    A transient error waits for the next cycle only, and does so the first time it happens.
    """
    attempts = before.attempts + 1 if before and before.code == error.code else 1
    first = before.first_failed_at if before and attempts > 1 else now
    if error.transient and attempts == 1:
        wait = timedelta(0)
    else:
        step = attempts - 2 if error.transient else attempts - 1
        wait = WAITS[min(step, len(WAITS) - 1)]
    return Escrow(person_id, error.code, error.text, first, attempts, now + wait)
