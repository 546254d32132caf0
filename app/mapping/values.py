"""Values inside expressions and how one kind is taken for another (spec/expressions.md 2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from random import Random
from typing import TypeAlias

from app.domain.errors import EntryError
from app.domain.people import Attributes, Value
from app.mapping.errors import failed
from app.mapping.moments import Moment


class Flow(Enum):
    """Markers in the place of a value."""

    IGNORE = "ignore"
    """Leave this attribute out; the target keeps what it has."""


@dataclass(frozen=True, slots=True)
class Veiled:
    """A value that the log must not show, with what it shows instead (Redact).

    It never stands for null or an empty text: there is nothing to hide in those. Only calls that
    have a Redact inside them ever meet one.
    """

    value: PlainInner
    shown: PlainInner


PlainInner: TypeAlias = str | int | bool | tuple[str, ...] | Moment | Flow | None
Inner: TypeAlias = PlainInner | Veiled
"""A value while an expression is worked out."""


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression may know beside the person: time, chance, the tenant, taken values."""

    now: datetime
    random: Random = field(repr=False)
    default_domain: str | None = None
    taken: Callable[[str], bool] | None = None
    """Is this value taken in the target? Only SelectUniqueValue asks."""
    known: dict[int, Inner | EntryError] | None = field(default=None, repr=False)
    """Parts of a deep expression that were worked out already (see `deep`)."""


Evaluate: TypeAlias = Callable[[Attributes, Context], Inner]
"""A compiled expression. Raises `EntryError` when the person's values do not suit it."""

# A longer run of digits is no number anybody means, and int() refuses thousands of digits.
_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?", re.ASCII)


def text(value: Inner) -> str:
    """The value as text; null is empty. Several values where one is needed is an error."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, Flow):
        return ""
    if isinstance(value, tuple):
        if len(value) > 1:
            raise failed(
                "{count} values stand where one is needed",
                "Choose one with Item, or put them together with Join",
                count=len(value),
            )
        return value[0] if value else ""
    return str(value)


def values_of(value: Inner) -> tuple[str, ...]:
    """All values of one that may have several; null has none."""
    if isinstance(value, tuple):
        return value
    return () if missing(value) else (text(value),)


def missing(value: Inner) -> bool:
    """Null: absent, or no values at all."""
    if type(value) is str:
        return False
    return value is None or value == () or isinstance(value, Flow)


def empty(value: Inner) -> bool:
    """Null or an empty text."""
    if type(value) is str:
        return not value
    return value is None or value in ("", ()) or isinstance(value, Flow)


def plain(value: PlainInner) -> Value:
    """The value as it leaves the expression: a moment becomes text, no values become null."""
    if isinstance(value, Moment):
        return str(value)
    if isinstance(value, Flow) or value == ():
        return None
    return value


def opened(value: Inner) -> PlainInner:
    """The value itself, for whoever has to look at it."""
    return value.value if isinstance(value, Veiled) else value


def shown_in_log(value: Inner) -> PlainInner:
    """The value as the log may show it."""
    return value.shown if isinstance(value, Veiled) else value


def number(value: Inner) -> int | Decimal:
    """The value as a number; a text holding one is accepted."""
    if isinstance(value, int):
        return int(value)
    written = text(value).strip()
    if not _NUMBER.fullmatch(written):
        raise failed("“{value}” stands where a number is needed", value=shown(written))
    return Decimal(written) if "." in written else int(written)


def whole(value: Inner) -> int:
    """The value as an integer."""
    if type(value) is int:
        return value
    found = number(value)
    if isinstance(found, Decimal):
        if found != found.to_integral_value():
            raise failed("{value} stands where a whole number is needed", value=str(found))
        return int(found)
    return found


def truth(value: Inner) -> bool:
    """The value as a condition: True or False in any spelling; null does not hold."""
    if isinstance(value, bool):
        return value
    written = text(value).strip().lower()
    if written == "true":
        return True
    if written in ("false", ""):
        return False
    raise failed(
        "“{value}” stands where True or False is needed",
        "Compare it with something, or use CBool for numbers",
        value=shown(written),
    )


def shown(value: str) -> str:
    """A value short enough for a sentence."""
    return value if len(value) <= 60 else value[:59] + "…"
