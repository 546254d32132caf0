"""When the notification addresses get a mail, and what it says: decided purely, sent elsewhere.

One mail when something begins, none while it lasts, one when it is over; what one cycle calls for
is one mail. What stands and what was told comes from the state and goes back to it, so neither a
restart nor another `sync` says it again. A quarantine is told again when its reason changes
(spec/provisioning.md 8.3), a credential at 30, 7 and 1 days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.activity import CycleOutcome, CycleSummary, PlannedAction, Status
from app.domain.notices import Credential, Digest, Section, Standing
from app.domain.texts import Text
from app.engine import notice_words as words

FAILED = "failed"
HELD = "held"
QUARANTINE = "quarantine"
IDLE = "idle"
CREDENTIAL = "credential"
ORDER = (FAILED, QUARANTINE, HELD, IDLE, CREDENTIAL)

DAYS = (30, 7, 1, 0)
"""Days before the end of a credential at which people are told."""

OUT_OF_REACH = frozenset(
    {"Unreachable", "AnswerLost", "ServiceFaulty", "KeepsFailing", "BrokenContract"}
)
"""Failures that take turns while one and the same outage lasts."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when a cycle has ended, or when none could run (`cycle` None)."""

    profile: str
    now: datetime
    cycle: CycleSummary | None = None
    held: Sequence[PlannedAction] = ()
    credential: Credential | None = None
    idle_since: datetime | None = None
    """Start of the last cycle before, when that was more than three intervals ago."""
    problem: Text | None = None
    """Why no cycle could run."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The mail, and what to remember when it was accepted, and when it was not."""

    digest: Digest | None
    told: tuple[Standing, ...]
    untold: tuple[Standing, ...]


def decide(facts: Facts, before: Sequence[Standing]) -> Decision:
    """What to say now, given what was said before."""
    known = {standing.key: standing for standing in before}
    sections: list[Section] = []
    told: list[Standing] = []
    untold: list[Standing] = []
    for key in ORDER:
        was = known.get(key)
        now = _standing(key, facts, was)
        section = _section(key, facts, was, now)
        if section is not None:
            sections.append(section)
        if now is not None:
            told.append(replace(now, told_at=facts.now) if section is not None else now)
        # What was not told is told next time: the beginning as well as the end.
        waiting = now or (was if section is not None else None)
        if waiting is not None:
            untold.append(waiting)
    return Decision(_digest(facts, sections), tuple(told), tuple(untold))


def _digest(facts: Facts, sections: Sequence[Section]) -> Digest | None:
    if not sections:
        return None
    weights = {Status.FAILURE: 0, Status.WARNING: 1}
    in_order = sorted(sections, key=lambda section: weights.get(section.status, 2))
    first = Text("Rollcall: {title}", {"title": in_order[0].title})
    if len(in_order) > 1:
        first = Text(
            "{subject} (and {n} more)",
            {"subject": first, "n": len(in_order) - 1},
            plural="{subject} (and {n} more)",
        )
    return Digest(facts.profile, facts.now, first, tuple(in_order))


# --- what stands -----------------------------------------------------------------------------


def _standing(key: str, facts: Facts, was: Standing | None) -> Standing | None:
    """What is wrong now; `was` where this cycle says nothing about it.

    `told_at` is kept only while the same thing stands: None means that it has to be told.
    """
    detail = {
        FAILED: _failure,
        HELD: _held,
        QUARANTINE: _quarantine,
        IDLE: _idle,
        CREDENTIAL: _credential,
    }[key](facts)
    if detail is _SILENT:
        return was
    if detail is None:
        return None
    if was is None:
        return Standing(key, facts.now, None, detail)
    news = _worse(was.detail, detail) if key == CREDENTIAL else was.detail != detail
    return Standing(key, was.since, None if news else was.told_at, detail)


_SILENT = "\0"
"""This cycle says nothing about it."""


def _settles(cycle: CycleSummary | None) -> bool:
    """Whether a cycle went through its plan: only then it says something about the plan."""
    if cycle is None or cycle.held_because == "stale_plan":
        return False
    return cycle.outcome in (CycleOutcome.SUCCEEDED, CycleOutcome.HELD)


def _failure(facts: Facts) -> str | None:
    cycle = facts.cycle
    if cycle is not None and cycle.outcome is CycleOutcome.FAILED:
        code = cycle.error_code or ""
        return "OutOfReach" if code in OUT_OF_REACH else code
    return None if _settles(cycle) else _SILENT


def _held(facts: Facts) -> str | None:
    if not _settles(facts.cycle):
        return _SILENT
    return "" if facts.held else None


def _quarantine(facts: Facts) -> str | None:
    cycle = facts.cycle
    if cycle is not None and cycle.quarantine is not None:
        return cycle.quarantine
    return None if _settles(cycle) else _SILENT


def _idle(facts: Facts) -> str | None:
    if facts.cycle is not None:
        return None
    return "" if facts.idle_since is not None else _SILENT


def _credential(facts: Facts) -> str | None:
    credential = facts.credential
    if credential is None or credential.ends_at is None:
        return _SILENT
    left = credential.ends_at - facts.now
    reached = [days for days in DAYS if left <= timedelta(days=days)]
    return str(reached[-1]) if reached else None


def _worse(before: str, now: str) -> bool:
    return int(now) < int(before)


# --- what is said ----------------------------------------------------------------------------


def _section(key: str, facts: Facts, was: Standing | None, now: Standing | None) -> Section | None:
    if now is not None:
        return _begun(key, facts) if now.told_at is None else None
    if was is not None and was.told_at is not None:
        return words.over(key, facts.profile, was.since)
    if key == IDLE and facts.idle_since is not None and facts.cycle is not None:
        return words.slept(facts.profile, facts.idle_since, facts.cycle.started_at)
    return None


def _begun(key: str, facts: Facts) -> Section | None:
    cycle = facts.cycle
    if key == FAILED and cycle is not None and cycle.outcome is CycleOutcome.FAILED:
        return words.failed(facts.profile, cycle)
    if key == HELD:
        return words.held(facts.profile, facts.held)
    if key == QUARANTINE and cycle is not None and cycle.quarantine is not None:
        return words.quarantined(facts.profile, cycle.quarantine, cycle.error)
    if key == IDLE and facts.idle_since is not None:
        return words.idle(facts.profile, facts.idle_since, facts.problem)
    if key == CREDENTIAL and facts.credential is not None:
        return words.expiring(facts.profile, facts.credential, facts.now)
    return None
