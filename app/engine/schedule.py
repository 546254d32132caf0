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


MISSED = 3
"""Intervals without a cycle after which people are told."""


def overdue(
    last_started: datetime | None,
    interval_minutes: float,
    now: datetime,
    not_before: datetime | None = None,
) -> bool:
    """Whether no cycle has run for three intervals: asleep, busy, switched off, never started.

    Waiting for the end of a quarantine's pause is not being late.
    """
    if last_started is None:
        return False
    interval = timedelta(minutes=interval_minutes)
    paused = not_before - interval if not_before is not None else last_started
    return now - max(last_started, paused) > MISSED * interval
