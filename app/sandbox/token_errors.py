"""Refusals of Microsoft's sign-in, as it words them (spec/graph.md 1.5)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from app.sandbox.wire import Answer, Refused


def missing(name: str) -> Refused:
    """A parameter that has to be there."""
    return Refused(aadsts(400, "invalid_request", 900144, f"The parameter {name} is missing"))


def aadsts(status: int, error: str, number: int, words: str) -> Answer:
    """By its AADSTS number."""
    return Answer(
        status,
        {
            "error": error,
            "error_description": f"AADSTS{number}: {words}.",
            "error_codes": [number],
            "timestamp": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}",
            "trace_id": str(uuid.uuid4()),
            "correlation_id": str(uuid.uuid4()),
        },
    )
