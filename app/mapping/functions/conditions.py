"""Conditions and choices (spec/expressions.md 3, "Conditions"); IIF and Switch are lazy."""

from __future__ import annotations

from app.domain.errors import EntryError
from app.domain.people import Attributes
from app.domain.texts import Text
from app.mapping.functions.signature import Arguments, Function, Misuse, Veil, padded
from app.mapping.nodes import Attribute, Call, Constant, Node, same
from app.mapping.values import Context, Evaluate, Flow, Inner, empty, missing, number, text, truth

CONTROL = "IgnoreFlowIfNullOrEmpty"


def choose(call: Call, arguments: Arguments) -> Evaluate:
    """IIF: only the condition and the chosen value are worked out."""
    condition, yes, no = padded(arguments, 3)
    node = call.arguments[0] if call.arguments else None
    if node is None:
        raise Misuse(call, Text("IIF needs a condition."))
    if isinstance(node, Call) and node.name == CONTROL:
        raise Misuse(
            node,
            Text("{name} cannot be the condition of IIF.", {"name": CONTROL}),
            Text("Put it round the whole IIF"),
        )

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        holds = condition(attributes, context)
        if holds is True or (holds is not False and truth(holds)):
            return yes(attributes, context)
        return no(attributes, context)

    return evaluate


def switch(call: Call, arguments: Arguments) -> Evaluate:
    """Switch: keys are compared in order as text, case-sensitively."""
    written = call.written
    if written % 2 and len(arguments) < written:
        # A comma behind the last pair leaves nothing out.
        written -= 1
    if written < 4 or written % 2 or call.arguments[0] is None:
        raise Misuse(
            call,
            Text("Switch takes a source, a default, and keys and values in pairs."),
            Text("Count the commas: the number of arguments must be even"),
        )
    nodes = [*call.arguments, *[None] * (written - len(call.arguments))]
    source, default, *rest = padded(arguments, written)
    keys, values = rest[::2], rest[1::2]
    if all(node is None or isinstance(node, Constant) for node in nodes[2::2]):
        table = _table(nodes[2::2], values)
        if _is_fallback(nodes):
            return _fallback_switch(source, table[""])
        return _table_switch(nodes[0], source, default, table)
    return _general_switch(source, default, list(zip(keys, values, strict=True)))


def _table(keys: list[Node | None], values: list[Evaluate]) -> dict[str, Evaluate]:
    """Values by key; of two with one key the first counts."""
    table: dict[str, Evaluate] = {}
    for key, value in zip(keys, values, strict=True):
        table.setdefault(str(key.value) if isinstance(key, Constant) else "", value)
    return table


def _is_fallback(nodes: list[Node | None]) -> bool:
    """`Switch([a], [a], "", …)`: the value, or something else when there is none."""
    key = nodes[2]
    return (
        len(nodes) == 4
        and isinstance(nodes[0], Attribute)
        and same(nodes[0], nodes[1])
        and (key is None or (isinstance(key, Constant) and key.value == ""))
    )


def _fallback_switch(source: Evaluate, other: Evaluate) -> Evaluate:
    def evaluate(attributes: Attributes, context: Context) -> Inner:
        value = source(attributes, context)
        return value if text(value) else other(attributes, context)

    return evaluate


def _table_switch(
    node: Node | None, source: Evaluate, default: Evaluate, table: dict[str, Evaluate]
) -> Evaluate:
    get = table.get
    if isinstance(node, Attribute):
        name = node.name
        return lambda attributes, context: get(text(attributes.get(name)), default)(
            attributes, context
        )
    return lambda attributes, context: get(text(source(attributes, context)), default)(
        attributes, context
    )


def _general_switch(
    source: Evaluate, default: Evaluate, pairs: list[tuple[Evaluate, Evaluate]]
) -> Evaluate:
    def evaluate(attributes: Attributes, context: Context) -> Inner:
        wanted = text(source(attributes, context))
        for key, value in pairs:
            if text(key(attributes, context)) == wanted:
                return value(attributes, context)
        return default(attributes, context)

    return evaluate


def coalesce(*sources: Inner) -> Inner:
    """The first value that is not null; an empty text is a value."""
    for source in sources:
        if type(source) is str or not missing(source):
            return source
    return None


def negate(source: Inner) -> bool:
    """True gives False, anything else gives True."""
    if isinstance(source, bool):
        return not source
    return text(source).strip().lower() != "true"


def as_boolean(value: Inner) -> bool:
    """True for what is not zero; a text may say True or False."""
    if isinstance(value, str) and value.strip().lower() in ("true", "false", ""):
        return value.strip().lower() == "true"
    try:
        return not missing(value) and number(value) != 0
    except EntryError:
        return False


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
    Function(
        "IIF",
        "condition, valueIfTrue, valueIfFalse",
        build=choose,
        blanks=True,
        veil=Veil.CHOSEN,
        looks_at=lambda position: position == 0,
    ),
    Function(
        "Switch",
        "source, defaultValue?, key1, value1, …",
        build=switch,
        blanks=True,
        veil=Veil.CHOSEN,
        looks_at=lambda position: position % 2 == 0,
    ),
    Function("Coalesce", "source1, …", coalesce, veil=Veil.CHOSEN),
    Function("Not", "source", negate),
    Function("CBool", "expression", as_boolean),
    Function("IsNull", "expression", missing),
    Function("IsNullOrEmpty", "expression", is_null_or_empty),
    Function("IsPresent", "expression", is_present),
    Function("IsString", "expression", is_string),
    Function(CONTROL, "expression", ignore_if_empty, veil=Veil.CHOSEN),
)
