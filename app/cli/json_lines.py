"""Domain objects as the JSON of the interface: names and order are a promise."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from app.domain.activity import (
    ActivityRecord,
    Change,
    Counts,
    CycleSummary,
    Identity,
    JobStatus,
    PlannedAction,
    PlanSummary,
)
from app.domain.drift import DriftFound
from app.domain.errors import ConfigurationError, RollcallError
from app.domain.texts import Text, Translator


def line(value: Mapping[str, Any]) -> str:
    """One JSON object on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def stamp(moment: datetime | None) -> str | None:
    """UTC with milliseconds and Z."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def activity(record: ActivityRecord, translator: Translator) -> dict[str, Any]:
    """`"record": "activity"`."""
    return {
        "record": "activity",
        "at": stamp(record.at),
        "cycle": record.cycle,
        "action": record.action.value,
        "status": record.status.value,
        "source": identity(record.source),
        "target": identity(record.target),
        "changes": changes(record.changes),
        "code": record.code,
        "message": translator.render(record.message),
        "advice": _said(record.advice, translator),
        "duration_ms": record.duration_ms,
        "reason": record.reason.value if record.reason else None,
    }


def cycle(summary: CycleSummary, translator: Translator) -> dict[str, Any]:
    """`"record": "cycle"`."""
    return {
        "record": "cycle",
        "id": summary.id,
        "profile": summary.profile,
        "kind": summary.kind.value,
        "outcome": summary.outcome.value if summary.outcome else None,
        **counts(summary.counts),
        "groups": counts(summary.groups),
        "requests": {"source": summary.source_requests, "target": summary.target_requests},
        "throttled": summary.throttled,
        "duration_s": round(summary.duration_s, 3),
        "held_because": summary.held_because,
        "quarantine": summary.quarantine,
        "started_at": stamp(summary.started_at),
        "error": _said(summary.error, translator),
        "advice": _said(summary.advice, translator),
    }


def planned(action: PlannedAction, translator: Translator) -> dict[str, Any]:
    """`"record": "action"` of a plan."""
    return {
        "record": "action",
        "action": action.action.value,
        "status": action.status.value,
        "source": identity(action.source),
        "target": identity(action.target),
        "changes": changes(action.changes),
        "reason": action.reason.value,
        "because": action.because,
        "code": action.code,
        "message": translator.render(action.message),
        "advice": _said(action.advice, translator),
    }


def plan(summary: PlanSummary) -> dict[str, Any]:
    """`"record": "plan"`, the last line."""
    return {
        "record": "plan",
        "id": summary.id,
        "kind": summary.kind.value,
        **counts(summary.counts),
        "groups": counts(summary.groups),
        "removals": summary.removals,
        "held_because": summary.held_because,
    }


def status(state: JobStatus, facts: Mapping[str, Any], translator: Translator) -> dict[str, Any]:
    """`rollcall status`."""
    return {
        **facts,
        "current": cycle(state.current, translator) if state.current else None,
        "last": cycle(state.last, translator) if state.last else None,
        "watermark_at": stamp(state.watermark_at),
        "people_in_scope": state.people_in_scope,
        "linked": state.linked,
        "quarantine": state.quarantine,
        "quarantined_since": stamp(state.quarantined_since),
        "escrowed": state.escrowed,
        "held": state.held,
        "drifted": state.drifted,
        "mail_error": _said(state.mail_error, translator),
        "totals": {**counts(state.totals), "cycles": state.cycles, "since": stamp(state.since)},
    }


def drift(found: DriftFound) -> dict[str, Any]:
    """`"record": "drift"`."""
    one = found.drift
    return {
        "record": "drift",
        "source": identity(found.source),
        "target": identity(found.target),
        "attribute": one.attribute,
        "wished": one.change.new,
        "found": one.change.old,
        "since": stamp(one.since),
        "choice": one.choice.value,
        "decision": one.decision.value if one.decision else None,
        "in_force": one.in_force.value,
    }


def failure(error: RollcallError, translator: Translator) -> dict[str, Any]:
    """What went wrong, for programs."""
    return {
        "error": {
            "code": type(error).__name__,
            "message": translator.render(error.text),
            "advice": _said(error.advice, translator),
            "key": error.key if isinstance(error, ConfigurationError) else "",
        }
    }


def identity(one: Identity) -> dict[str, str]:
    """Id and name, and whether it is a user or a group."""
    return {"id": one.id, "name": one.name, "type": one.type.value}


def changes(found: Sequence[Change]) -> list[dict[str, Any]]:
    """Old and new value of each attribute."""
    return [{"attribute": one.attribute, "old": one.old, "new": one.new} for one in found]


def counts(found: Counts) -> dict[str, int]:
    """The ten numbers."""
    return asdict(found)


def _said(text: Text | None, translator: Translator) -> str | None:
    return translator.render(text) if text is not None else None
