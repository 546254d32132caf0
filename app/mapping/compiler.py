"""From the tree of an expression to closures (spec/expressions.md 3).

A call with a Redact inside is guarded: what came out of it is veiled, and when it fails, no value
that it saw is quoted. What stands deeper than `DEPTH` becomes a part of its own (see `deep`).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from operator import eq, ne

from app.domain.people import Attributes
from app.domain.texts import Text
from app.mapping import veils
from app.mapping.closures import closure
from app.mapping.deep import DEPTH, joined, wanted
from app.mapping.functions import FUNCTIONS
from app.mapping.functions.signature import Function, Misuse, Veil, null
from app.mapping.nodes import Attribute, Call, Comparison, Constant, Keyword, Node, holders, inside
from app.mapping.values import (
    Context,
    Evaluate,
    Flow,
    Inner,
    missing,
    number,
    opened,
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


class Compiler:
    """Compiles one expression. `redacts`: there is a Redact in it."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._veiled = holders(root, "Redact")
        self._hidden = inside(root, "Redact")
        self.redacts = id(root) in self._veiled
        self._depth = 0
        self._deeper: list[Node] = []

    def compile(self) -> Evaluate:
        """The closure of the whole. Raises `Misuse` at what is wrong as written."""
        parts = [self._closure(self._root)]
        while len(parts) <= len(self._deeper):
            parts.append(self._closure(self._deeper[len(parts) - 1]))
        return parts[0] if len(parts) == 1 else joined(parts)

    def _closure(self, node: Node) -> Evaluate:
        match node:
            case Constant(value=value):
                return _constant(value)
            case Attribute(name=name):
                return lambda attributes, _context: attributes.get(name)
            case Keyword():
                return _constant(_keyword(node))
        if self._depth == DEPTH:
            self._deeper.append(node)
            return wanted(len(self._deeper))
        self._depth += 1
        made = self._comparison(node) if isinstance(node, Comparison) else self._call(node)
        self._depth -= 1
        return veils.guarded(made) if id(node) in self._veiled else made

    def _call(self, call: Call) -> Evaluate:
        function = FUNCTIONS.get(call.name)
        if function is None:
            raise _unknown(call)
        if function.outermost and call is not self._root:
            raise Misuse(
                call, Text("{name} cannot stand inside another function.", {"name": call.name})
            )
        _check_arguments(call, function)
        if any(id(one) in self._veiled for one in call.arguments):
            return self._veiled_call(call, function)
        arguments = [None if one is None else self._closure(one) for one in call.arguments]
        return closure(call, function, arguments)

    def _veiled_call(self, call: Call, function: Function) -> Evaluate:
        """A call with a Redact somewhere inside: the log must not learn what came out of it."""
        given = [None if one is None else self._argument(one) for one in call.arguments]
        if function.name == "Redact":
            return closure(call, function, given)
        if function.veil is Veil.PARTS:
            return veils.in_parts(function, [one or null for one in given])
        if function.veil is Veil.SAID:
            said = [None if one is None else veils.seen(one, shown_in_log) for one in given]
            return veils.openly(closure(call, function, said))
        chosen = function.veil is Veil.CHOSEN
        arguments = [
            one if one is None or (chosen and not function.looks_at(position))
            else veils.seen(one, opened)
            for position, one in enumerate(given)
        ]  # fmt: skip
        result = closure(call, function, arguments)
        return result if chosen else veils.veiled(result)

    def _argument(self, node: Node) -> Evaluate:
        """An argument of a guarded call; where nothing is hidden its failures may be told."""
        made = self._closure(node)
        fails = isinstance(node, Call | Comparison)
        secret = id(node) in self._veiled or id(node) in self._hidden
        return veils.openly(made) if fails and not secret else made

    def _comparison(self, node: Comparison) -> Evaluate:
        if id(node) in self._veiled:
            sides = [veils.seen(self._argument(one), opened) for one in (node.left, node.right)]
            return veils.veiled(_compared(node.operator, *sides))
        if isinstance(node.right, Constant) and node.operator not in ORDERINGS:
            return _compared_to_constant(
                node.operator, node.left, self._closure(node.left), str(node.right.value)
            )
        return _compared(node.operator, self._closure(node.left), self._closure(node.right))


def _compared(operator: str, left: Evaluate, right: Evaluate) -> Evaluate:
    if operator in ORDERINGS:
        return _ordering(ORDERINGS[operator], left, right)
    compare = _equality(operator)
    return lambda attributes, context: compare(
        text(left(attributes, context)), text(right(attributes, context))
    )


def _equality(operator: str) -> Callable[[str, str], bool]:
    return eq if operator == "=" else ne


def _compared_to_constant(operator: str, node: Node, left: Evaluate, right: str) -> Evaluate:
    compare = _equality(operator)
    if isinstance(node, Attribute):
        name = node.name
        return lambda attributes, _context: compare(text(attributes.get(name)), right)
    return lambda attributes, context: compare(text(left(attributes, context)), right)


def _ordering(holds: Callable[[Inner, Inner], bool], left: Evaluate, right: Evaluate) -> Evaluate:
    def evaluate(attributes: Attributes, context: Context) -> Inner:
        one, other = left(attributes, context), right(attributes, context)
        # What is absent is neither more nor less: the check fails (section 2).
        return not (missing(one) or missing(other)) and holds(one, other)

    return evaluate


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
