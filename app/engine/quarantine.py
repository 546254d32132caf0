"""When the job itself is unhealthy, and how slowly it then goes on (spec/provisioning.md 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.activity import CycleOutcome, CycleSummary
from app.domain.plan import TOO_MANY_DELETES, Health, Quarantine
from app.domain.settings import QuarantineLimits
from app.engine.retry import waiting

REFUSED = "EncounteredQuarantineException"
BASE = "EncounteredBaseEscrowThreshold"
TOTAL = "EncounteredTotalEscrowThreshold"
PROPORTION = "EncounteredEscrowProportionThreshold"

AT_ONCE = frozenset({"CredentialsRefused", "SignInNeeded", "BrokenContract", "PermissionMissing"})
"""Errors that end a cycle and that only a person can mend (8.1)."""
BRAKES = frozenset({"max_removals", "max_removal_percent"})
DISABLED_AFTER = timedelta(days=28)


def by_count(health: Health, limits: QuarantineLimits) -> str | None:
    """The published thresholds (8.1, rules 1 to 3)."""
    failures = health.failures
    if failures + health.reference_failures > limits.all_failures:
        return TOTAL
    if failures < limits.from_failures:
        return None
    if failures > limits.failures:
        return BASE
    events = failures + health.in_wanted_state
    return PROPORTION if failures * 100 > limits.percent * events else None


def reason_of(summary: CycleSummary, health: Health, limits: QuarantineLimits) -> str | None:
    """Why this cycle leaves the job unhealthy; None = it is well."""
    if summary.outcome is CycleOutcome.FAILED:
        return REFUSED if summary.error_code in AT_ONCE else None
    if summary.held_because in BRAKES:
        return TOO_MANY_DELETES
    return by_count(health, limits)


def imposed(
    before: Quarantine | None, reason: str, now: datetime, summary: CycleSummary
) -> Quarantine:
    """The quarantine after this cycle: begun, or kept once more and slower.

    Held removals do not slow the schedule: nobody else should wait for that decision.
    """
    series = before if before is not None and before.reason == reason else None
    count = series.series_count + 1 if series else 1
    slow = reason != TOO_MANY_DELETES
    return Quarantine(
        reason=reason,
        began=now,
        series_began=series.series_began if series else now,
        series_count=count,
        next_attempt=now + waiting(count) if slow else None,
        error=summary.error,
    )


def after_cycle(
    before: Quarantine | None,
    summary: CycleSummary,
    health: Health,
    limits: QuarantineLimits,
) -> Quarantine | None:
    """What the end of a cycle makes of the quarantine.

    A cycle that was stopped, or that did not reach a service, tells nothing about the job.
    """
    now = summary.ended_at or summary.started_at
    reason = reason_of(summary, health, limits)
    if reason is not None:
        return imposed(before, reason, now, summary)
    if summary.outcome is CycleOutcome.STOPPED:
        return before
    if summary.outcome is CycleOutcome.FAILED and before is not None:
        return replace(
            before, next_attempt=before.next_attempt and now + waiting(before.series_count)
        )
    return None


def outlasted(quarantine: Quarantine | None, now: datetime) -> bool:
    """Unhealthy for more than four weeks: the job is switched off (8.2)."""
    return quarantine is not None and now - quarantine.series_began > DISABLED_AFTER
