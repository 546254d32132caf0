"""Conditions and choices (spec/expressions.md 3, "Conditions"); IIF and Switch are lazy."""

from __future__ import annotations

from app.domain.people import Attributes
from app.domain.texts import Text
from app.mapping.functions.signature import Arguments, Function, Misuse
from app.mapping.nodes import Call
from app.mapping.values import Context, Evaluate, Flow, Inner, empty, missing, number, text, truth


def _null(_attributes: Attributes, _context: Context) -> Inner:
    return None


def choose(_call: Call, arguments: Arguments) -> Evaluate:
    """IIF: only the condition and the chosen value are worked out."""
    condition, yes, no = ((one or _null) for one in (*arguments, None, None, None)[:3])

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        chosen = yes if truth(condition(attributes, context)) else no
        return chosen(attributes, context)

    return evaluate


def switch(call: Call, arguments: Arguments) -> Evaluate:
    """Switch: keys are compared in order as text, case-sensitively."""
    if call.written < 4 or call.written % 2:
        raise Misuse(
            call,
            Text("Switch takes a source, a default, and keys and values in pairs."),
            Text("Count the commas: the number of arguments must be even"),
        )
    padded = [(one or _null) for one in arguments]
    padded += [_null] * (call.written - len(padded))
    source, default, *rest = padded
    pairs = list(zip(rest[::2], rest[1::2], strict=True))

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        wanted = text(source(attributes, context))
        for key, value in pairs:
            if text(key(attributes, context)) == wanted:
                return value(attributes, context)
        return default(attributes, context)

    return evaluate


def coalesce(*sources: Inner) -> Inner:
    """The first value that is not null; an empty text is a value."""
    return next((source for source in sources if not missing(source)), None)


def negate(source: Inner) -> bool:
    """True gives False, anything else gives True."""
    return text(source).strip().lower() != "true"


def as_boolean(value: Inner) -> bool:
    """True for what is not zero; a text may say True or False."""
    if isinstance(value, str) and value.strip().lower() in ("true", "false", ""):
        return value.strip().lower() == "true"
    return not missing(value) and number(value) != 0


def is_null_or_empty(value: Inner) -> bool:
    """Null or empty."""
    return empty(value)


def is_present(value: Inner) -> bool:
    """Neither null nor empty."""
    return not empty(value)


def is_string(value: Inner) -> bool:
    """Can be taken as one text."""
    return not missing(value) and not isinstance(value, tuple)


def ignore_if_empty(value: Inner) -> Inner:
    """The value, or "leave this attribute out"."""
    return Flow.IGNORE if empty(value) else value


FUNCTIONS = (
    Function("IIF", "condition, valueIfTrue, valueIfFalse", build=choose),
    Function("Switch", "source, defaultValue?, key1, value1, …", build=switch),
    Function("Coalesce", "source1, …", coalesce),
    Function("Not", "source", negate),
    Function("CBool", "expression", as_boolean),
    Function("IsNull", "expression", missing),
    Function("IsNullOrEmpty", "expression", is_null_or_empty),
    Function("IsPresent", "expression", is_present),
    Function("IsString", "expression", is_string),
    Function("IgnoreFlowIfNullOrEmpty", "expression", ignore_if_empty),
)
