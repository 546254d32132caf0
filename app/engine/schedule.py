"""When the next cycle starts (spec/provisioning.md 5.3): a pure function of the clock."""

from __future__ import annotations

from datetime import datetime, timedelta


def next_run(last_started: datetime | None, interval_minutes: float, now: datetime) -> datetime:
    """From one start to the next; never in the past. A clock set back does not postpone it."""
    if last_started is None or last_started > now:
        return now
    return max(now, last_started + timedelta(minutes=interval_minutes))
