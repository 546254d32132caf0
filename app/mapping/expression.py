"""Expressions compiled once to closures (spec/expressions.md).

A closure is called as `closure(attributes, context)`. The common shapes (an attribute, a constant,
few arguments) have closures of their own, because a mapping runs for every person of a tenant.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq, ne

from app.domain.people import Attributes, Value
from app.domain.texts import Text
from app.mapping.errors import ExpressionError
from app.mapping.functions import FUNCTIONS
from app.mapping.functions.log import REDACTED
from app.mapping.functions.signature import Arguments, Function, Misuse, Veil, null
from app.mapping.grammar import parse
from app.mapping.nodes import Attribute, Call, Comparison, Constant, Keyword, Node, renamed, walk
from app.mapping.values import (
    Context,
    Evaluate,
    Flow,
    Inner,
    Veiled,
    empty,
    missing,
    number,
    opened,
    plain,
    shown,
    shown_in_log,
    text,
)

KEYWORDS: dict[str, Inner] = {
    "vbTextCompare": "vbTextCompare",
    "vbBinaryCompare": "vbBinaryCompare",
    "IgnoreAttributeFlow": Flow.IGNORE,
}
ORDERINGS: dict[str, Callable[[Inner, Inner], bool]] = {
    "<": lambda one, other: number(one) < number(other),
    ">": lambda one, other: number(one) > number(other),
    "<=": lambda one, other: number(one) <= number(other),
    ">=": lambda one, other: number(one) >= number(other),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an expression gives: `value` for the target, `logged` for the log.

    With a flow marker there is no value: the attribute is left out.
    """

    value: Value
    flow: Flow | None
    logged: Value


class Expression:
    """Made by `compile_expression`; call it with a person's attributes and the context.

    Raises `EntryError`, and nothing else, when the values do not suit it.
    """

    __slots__ = ("_evaluate", "redacts", "selects")

    def __init__(self, evaluate: Evaluate, *, redacts: bool, selects: bool) -> None:
        self._evaluate = evaluate
        self.redacts = redacts
        """The log must not show the value; ask for an `answer`."""
        self.selects = selects
        """It asks the target which values are taken (SelectUniqueValue)."""

    def __call__(self, attributes: Attributes, context: Context) -> Value | Flow:
        """The value for the target, or the marker that leaves the attribute out."""
        value = self._evaluate(attributes, context)
        kind = type(value)
        if kind is str or kind is bool:
            # Nearly every value is one of these: the rest takes the long way.
            return value  # type: ignore[return-value]
        value = opened(value)
        return value if isinstance(value, Flow) else plain(value)

    def answer(self, attributes: Attributes, context: Context) -> Answer:
        """The value for the target together with what the log shows."""
        value = self._evaluate(attributes, context)
        if isinstance(value, Flow):
            return Answer(None, value, None)
        return Answer(plain(opened(value)), None, plain(shown_in_log(value)))


def compile_expression(expression: str, spellings: Mapping[str, str] | None = None) -> Expression:
    """The expression as a function of a person's attributes.

    `spellings` are other names of attributes, with the names they stand under.
    Raises `ExpressionError` at the column of the trouble, and nothing else, whatever the text.
    """
    root = parse(expression)
    if spellings:
        root = renamed(root, spellings)
    try:
        evaluate = _compile(root, outermost=True)
    except Misuse as misuse:
        raise ExpressionError(expression, misuse.node.at, misuse.problem, misuse.advice) from None
    selects = isinstance(root, Call) and FUNCTIONS[root.name].outermost
    return Expression(evaluate, redacts=_redacts(root), selects=selects)


def _redacts(node: Node) -> bool:
    return any(isinstance(one, Call) and one.name == "Redact" for one in walk(node))


def _compile(node: Node, *, outermost: bool = False) -> Evaluate:
    match node:
        case Constant(value=value):
            return _constant(value)
        case Attribute(name=name):
            return lambda attributes, _context: attributes.get(name)
        case Keyword():
            return _constant(_keyword(node))
        case Comparison():
            return _comparison(node)
        case Call():
            return _call(node, outermost=outermost)


def _constant(value: Inner) -> Evaluate:
    return lambda _attributes, _context: value


def _keyword(node: Keyword) -> Inner:
    word = node.word
    if word in KEYWORDS:
        return KEYWORDS[word]
    if word == "IgnoreObjectFlow":
        raise Misuse(
            node,
            Text("IgnoreObjectFlow is for people who come from an HR system."),
            Text("Use a scoping filter to leave people out"),
        )
    if word in FUNCTIONS:
        raise Misuse(
            node,
            Text("{name} is a function and needs “(” and “)”.", {"name": word}),
            Text("It takes: {takes}", {"takes": FUNCTIONS[word].takes}),
        )
    near = _nearest(word, (*KEYWORDS, *FUNCTIONS))
    if near is not None:
        raise Misuse(
            node,
            Text(
                "“{word}” is not a word of the language; did you mean {near}?",
                {"word": shown(word), "near": near},
            ),
        )
    raise Misuse(
        node,
        Text("“{word}” is not a word of the language.", {"word": shown(word)}),
        Text("Texts stand between quotation marks, attributes between [ and ]"),
    )


def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    """The known name that was probably meant; capitals do not count."""
    lower = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word[:40].lower(), lower, n=1, cutoff=0.7)
    return lower[found[0]] if found else None


def _comparison(node: Comparison) -> Evaluate:
    left, right = _looking(node.left), _looking(node.right)
    if node.operator in ORDERINGS:
        return _ordering(ORDERINGS[node.operator], left, right)
    compare: Callable[[str, str], bool] = eq if node.operator == "=" else ne
    if isinstance(node.right, Constant):
        wanted = str(node.right.value)
        if isinstance(node.left, Attribute):
            name = node.left.name
            return lambda attributes, _context: compare(text(attributes.get(name)), wanted)
        return lambda attributes, context: compare(text(left(attributes, context)), wanted)
    return lambda attributes, context: compare(
        text(left(attributes, context)), text(right(attributes, context))
    )


def _ordering(holds: Callable[[Inner, Inner], bool], left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(attributes: Attributes, context: Context) -> Inner:
        one, other = left(attributes, context), right(attributes, context)
        # What is absent is neither more nor less: the check fails (section 2).
        return not (missing(one) or missing(other)) and holds(one, other)

    return evaluate


def _looking(node: Node) -> Evaluate:
    """The closure for somebody who looks at the value itself, redacted or not."""
    evaluate = _compile(node)
    if not _redacts(node):
        return evaluate
    return lambda attributes, context: opened(evaluate(attributes, context))


def _call(call: Call, *, outermost: bool) -> Evaluate:
    function = FUNCTIONS.get(call.name)
    if function is None:
        raise _unknown(call)
    if function.outermost and not outermost:
        raise Misuse(
            call, Text("{name} cannot stand inside another function.", {"name": call.name})
        )
    _check_arguments(call, function)
    if any(one is not None and _redacts(one) for one in call.arguments):
        return _veiled_call(call, function)
    return _closure(call, function, _arguments(call))


def _arguments(call: Call) -> list[Evaluate | None]:
    return [None if one is None else _compile(one) for one in call.arguments]


def _unknown(call: Call) -> Misuse:
    near = _nearest(call.name, tuple(FUNCTIONS))
    names = {"name": shown(call.name), "near": near or ""}
    if near is None:
        return Misuse(call, Text("There is no function {name}.", names))
    if near.lower() == call.name.lower():
        return Misuse(
            call,
            Text("There is no function {name}; it is written {near}.", names),
            Text("Capitals matter in names"),
        )
    return Misuse(call, Text("There is no function {name}; did you mean {near}?", names))


def _check_arguments(call: Call, function: Function) -> None:
    lacking = function.lacks(call)
    if lacking is not None:
        raise Misuse(
            call,
            Text("{name} needs {lacking}.", {"name": call.name, "lacking": lacking}),
            Text("It takes: {takes}", {"takes": function.takes}),
        )
    most = function.maximum
    if most is not None and len(call.arguments) > most:
        raise Misuse(
            call.arguments[most] or call,
            Text(
                "{name} takes ({takes}); this is one value too many.",
                {"name": call.name, "takes": function.takes},
            ),
            Text("Remove it"),
        )


def _closure(call: Call, function: Function, arguments: Arguments) -> Evaluate:
    if function.build is not None:
        return function.build(call, arguments)
    if function.asks is not None:
        return _asking(function.asks, arguments)
    assert function.apply is not None, "a function has apply, asks or build"
    return _applied(function.apply, call, arguments)


def _asking(asks: Callable[..., Inner], arguments: Arguments) -> Evaluate:
    given = [one or null for one in arguments]
    return lambda attributes, context: asks(context, *[one(attributes, context) for one in given])


def _applied(apply: Callable[..., Inner], call: Call, arguments: Arguments) -> Evaluate:
    given = [one or null for one in arguments]
    if len(given) == 1:
        only, node = given[0], call.arguments[0]
        if isinstance(node, Attribute):
            name = node.name
            return lambda attributes, _context: apply(attributes.get(name))
        return lambda attributes, context: apply(only(attributes, context))
    if len(given) == 2:
        return _applied_to_two(apply, call, given[0], given[1])
    if len(given) == 3:
        return _applied_to_three(apply, call, given)
    return lambda attributes, context: apply(*[one(attributes, context) for one in given])


def _applied_to_two(
    apply: Callable[..., Inner], call: Call, first: Evaluate, second: Evaluate
) -> Evaluate:
    node, other = call.arguments
    if isinstance(other, Constant):
        constant = other.value
        if isinstance(node, Attribute):
            name = node.name
            return lambda attributes, _context: apply(attributes.get(name), constant)
        return lambda attributes, context: apply(first(attributes, context), constant)
    if isinstance(node, Attribute) and isinstance(other, Attribute):
        one, two = node.name, other.name
        return lambda attributes, _context: apply(attributes.get(one), attributes.get(two))
    if isinstance(node, Constant):
        beginning = node.value
        return lambda attributes, context: apply(beginning, second(attributes, context))
    return lambda attributes, context: apply(
        first(attributes, context), second(attributes, context)
    )


def _applied_to_three(apply: Callable[..., Inner], call: Call, given: list[Evaluate]) -> Evaluate:
    first, second, third = given
    node, *others = call.arguments
    constants = [one.value for one in others if isinstance(one, Constant)]
    if len(constants) == 2:
        one, two = constants
        if isinstance(node, Attribute):
            name = node.name
            return lambda attributes, _context: apply(attributes.get(name), one, two)
        return lambda attributes, context: apply(first(attributes, context), one, two)
    return lambda attributes, context: apply(
        first(attributes, context), second(attributes, context), third(attributes, context)
    )


def _veiled_call(call: Call, function: Function) -> Evaluate:
    """A call with a Redact somewhere inside: the log must not learn what came out of it."""
    compiled = _arguments(call)
    if function.name == "Redact":
        return _closure(call, function, compiled)
    if function.veil is Veil.PARTS:
        return _in_parts(function, [one or null for one in compiled])
    chosen = function.veil is Veil.CHOSEN
    arguments = [
        one if one is None or (chosen and not function.looks_at(position)) else _each(one, opened)
        for position, one in enumerate(compiled)
    ]
    result = _closure(call, function, arguments)
    if chosen:
        return result

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        value = opened(result(attributes, context))
        return value if empty(value) else Veiled(value, REDACTED)

    return evaluate


def _each(evaluate: Evaluate, look: Callable[[Inner], Inner]) -> Evaluate:
    return lambda attributes, context: look(evaluate(attributes, context))


def _in_parts(function: Function, arguments: list[Evaluate]) -> Evaluate:
    apply = function.apply
    assert apply is not None, "text is put together from values"

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        values = [one(attributes, context) for one in arguments]
        value = opened(apply(*map(opened, values)))
        logged = opened(apply(*map(shown_in_log, values)))
        return value if empty(value) else Veiled(value, logged)

    return evaluate
