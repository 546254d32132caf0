"""Expressions compiled once to closures (spec/expressions.md)."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.people import Attributes, Value
from app.domain.texts import Text
from app.mapping.errors import ExpressionError
from app.mapping.functions import FUNCTIONS
from app.mapping.functions.signature import Arguments, Function, Misuse
from app.mapping.grammar import parse
from app.mapping.nodes import Attribute, Call, Comparison, Constant, Keyword, Node
from app.mapping.values import Context, Evaluate, Flow, Inner, number, plain, text

KEYWORDS: dict[str, Inner] = {
    "vbTextCompare": "vbTextCompare",
    "vbBinaryCompare": "vbBinaryCompare",
    "IgnoreAttributeFlow": Flow.IGNORE,
}
ORDERINGS: dict[str, Callable[[Inner, Inner], bool]] = {
    "=": lambda one, other: text(one) == text(other),
    "<>": lambda one, other: text(one) != text(other),
    "<": lambda one, other: number(one) < number(other),
    ">": lambda one, other: number(one) > number(other),
    "<=": lambda one, other: number(one) <= number(other),
    ">=": lambda one, other: number(one) >= number(other),
}


def compile_expression(expression: str) -> Callable[[Attributes, Context], Value | Flow]:
    """The expression as a function of a person's attributes.

    Raises `ExpressionError` at the column of the trouble. The function raises `EntryError` when
    a person's values do not suit it.
    """
    try:
        evaluate = _compile(parse(expression))
    except Misuse as misuse:
        raise ExpressionError(expression, misuse.node.at, misuse.problem, misuse.advice) from None

    def run(attributes: Attributes, context: Context) -> Value | Flow:
        value = evaluate(attributes, context)
        return value if isinstance(value, Flow) else plain(value)

    return run


def _compile(node: Node) -> Evaluate:
    match node:
        case Constant(value=value):
            return _constant(value)
        case Attribute(name=name):
            return lambda attributes, _context: attributes.get(name)
        case Keyword(word=word):
            if word not in KEYWORDS:
                raise Misuse(node, Text("“{word}” is not a word of the language.", {"word": word}))
            return _constant(KEYWORDS[word])
        case Comparison():
            return _comparison(node)
        case Call():
            return _call(node)


def _constant(value: Inner) -> Evaluate:
    return lambda _attributes, _context: value


def _comparison(node: Comparison) -> Evaluate:
    left, right, holds = _compile(node.left), _compile(node.right), ORDERINGS[node.operator]
    return lambda attributes, context: holds(left(attributes, context), right(attributes, context))


def _call(call: Call) -> Evaluate:
    function = FUNCTIONS.get(call.name)
    if function is None:
        raise Misuse(call, Text("There is no function {name}.", {"name": call.name}))
    _check_arguments(call, function)
    arguments = [None if one is None else _compile(one) for one in call.arguments]
    if function.build is not None:
        return function.build(call, arguments)
    assert function.apply is not None, "a function has apply or build"
    return _applied(function.apply, arguments)


def _applied(apply: Callable[..., Inner], arguments: Arguments) -> Evaluate:
    given = [one or _constant(None) for one in arguments]
    if len(given) == 1:
        only = given[0]
        return lambda attributes, context: apply(only(attributes, context))
    return lambda attributes, context: apply(*[one(attributes, context) for one in given])


def _check_arguments(call: Call, function: Function) -> None:
    most = function.maximum
    given = len(call.arguments)
    lacking = [
        function.parameters[position]
        for position in range(function.minimum)
        if function.needs(position) and (position >= given or call.arguments[position] is None)
    ]
    if lacking and function.build is None:
        raise Misuse(
            call,
            Text("{name} needs {lacking}.", {"name": call.name, "lacking": lacking[0]}),
            Text("It takes: {takes}", {"takes": function.takes}),
        )
    if most is not None and given > most:
        extra = call.arguments[most] or call
        raise Misuse(
            extra,
            Text(
                "{name} takes ({takes}); this is one value too many.",
                {"name": call.name, "takes": function.takes},
            ),
            Text("Remove it"),
        )
