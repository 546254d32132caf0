"""Several values, numbers and text forms (spec/expressions.md 3)."""

from __future__ import annotations

from app.mapping.errors import failed
from app.mapping.functions.signature import Function
from app.mapping.values import Inner, missing, text, values_of, whole


def count(source: Inner) -> int:
    """Number of values; null has none."""
    return len(values_of(source))


def item(source: Inner, index: Inner) -> str:
    """The n-th value, counted from 1."""
    values, wanted = values_of(source), whole(index)
    if not 1 <= wanted <= len(values):
        raise failed(
            "Item asks for value {wanted}, there are {count}", wanted=wanted, count=len(values)
        )
    return values[wanted - 1]


def without_duplicates(source: Inner) -> tuple[str, ...]:
    """Each value once, the first kept."""
    return tuple(dict.fromkeys(values_of(source)))


def as_text(value: Inner) -> Inner:
    """A number or a truth as text."""
    return None if missing(value) else text(value)


def bit_and(one: Inner, other: Inner) -> int:
    """Bitwise and."""
    return whole(one) & whole(other)


FUNCTIONS = (
    Function("Count", "attribute", count),
    Function("Item", "attribute, index", item),
    Function("RemoveDuplicates", "attribute", without_duplicates),
    Function("CStr", "value", as_text),
    Function("BitAnd", "value1, value2", bit_and),
)
