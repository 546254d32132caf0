"""When the next cycle starts (spec/provisioning.md 5.3): a pure function of the clock."""

from __future__ import annotations

from datetime import datetime, timedelta


def next_run(
    last_started: datetime | None,
    interval_minutes: float,
    now: datetime,
    not_before: datetime | None = None,
) -> datetime:
    """From one start to the next, a quarantine's wait included; never in the past.

    A clock set back does not postpone it.
    """
    if last_started is None or last_started > now:
        return now
    due = last_started + timedelta(minutes=interval_minutes)
    return max(now, due, not_before or due)
