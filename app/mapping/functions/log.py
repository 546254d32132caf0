"""What the provisioning log may show, and failing on purpose (spec/expressions.md 3)."""

from __future__ import annotations

from app.domain.activity import REDACTED
from app.mapping.errors import failed
from app.mapping.functions.signature import Function, Veil
from app.mapping.values import Inner, Veiled, empty, opened, text


def redact(value: Inner) -> Inner:
    """The value as it is; the log shows `[Redact]` in its place."""
    return value if empty(value) else Veiled(opened(value), REDACTED)


def fail(message: Inner) -> Inner:
    """The person fails with this message."""
    raise failed("{message}", message=text(message))


FUNCTIONS = (
    Function("Redact", "value", redact),
    Function("Error", "message", fail, veil=Veil.SAID),
)
