"""When the next cycle starts (spec/provisioning.md 5.3): a pure function of the clock."""

from __future__ import annotations

from datetime import datetime, timedelta


def next_run(last_started: datetime | None, interval_minutes: float, now: datetime) -> datetime:
    """From one start to the next; never in the past. A clock set back does not postpone it."""
    if last_started is None or last_started > now:
        return now
    return max(now, last_started + timedelta(minutes=interval_minutes))


MISSED = 3
"""Intervals without a cycle after which people are told."""


def overdue(last_started: datetime | None, interval_minutes: float, now: datetime) -> bool:
    """Whether no cycle has run for three intervals: asleep, busy, switched off, never started."""
    if last_started is None:
        return False
    return now - last_started > MISSED * timedelta(minutes=interval_minutes)
