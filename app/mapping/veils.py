"""What the log may learn of an expression with a Redact in it (spec/expressions.md 3, Redact)."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.activity import REDACTED
from app.domain.errors import EntryError
from app.domain.people import Attributes
from app.mapping.errors import Sayable, sayable, unquoted
from app.mapping.functions.signature import Function
from app.mapping.values import (
    Context,
    Evaluate,
    Inner,
    PlainInner,
    Veiled,
    empty,
    opened,
    shown_in_log,
)


def guarded(evaluate: Evaluate) -> Evaluate:
    """The same, whose failures quote no value: it has seen hidden ones."""

    def guard(attributes: Attributes, context: Context) -> Inner:
        try:
            return evaluate(attributes, context)
        except Sayable:
            raise
        except EntryError as error:
            raise unquoted(error) from None

    return guard


def openly(evaluate: Evaluate) -> Evaluate:
    """The same inside a guarded call: it has seen nothing hidden, its failures may be told."""

    def tell(attributes: Attributes, context: Context) -> Inner:
        try:
            return evaluate(attributes, context)
        except Sayable:
            raise
        except EntryError as error:
            raise sayable(error) from None

    return tell


def seen(evaluate: Evaluate, look: Callable[[Inner], PlainInner]) -> Evaluate:
    """For somebody who needs the value itself, or what the log shows of it."""
    return lambda attributes, context: look(evaluate(attributes, context))


def veiled(evaluate: Evaluate) -> Evaluate:
    """The log learns nothing of the result."""

    def veil(attributes: Attributes, context: Context) -> Inner:
        value = opened(evaluate(attributes, context))
        return value if empty(value) else Veiled(value, REDACTED)

    return veil


def in_parts(function: Function, arguments: list[Evaluate]) -> Evaluate:
    """Text put together: the log shows the same of what it may see of each part."""
    apply = function.apply
    assert apply is not None, "text is put together from values"

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        values = [one(attributes, context) for one in arguments]
        value = opened(apply(*map(opened, values)))
        logged = opened(apply(*map(shown_in_log, values)))
        return value if empty(value) else Veiled(value, logged)

    return evaluate
