"""The expression language's grammar and parser (spec/expressions.md 1).

`parse` gives a tree or raises `ExpressionError`, nothing else, whatever the text. Which functions
exist and what they take is not grammar: see `expression`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache, lru_cache

from lark import Lark, ParseTree, Token, Tree, UnexpectedCharacters, UnexpectedToken

from app.domain.texts import Text
from app.mapping.errors import ExpressionError
from app.mapping.nodes import Attribute, Call, Comparison, Constant, Keyword, Node
from app.mapping.values import shown

MAX_LENGTH = 10_000

GRAMMAR = r"""
    ?start: operand | comparison
    comparison: operand COMPARE operand
    ?operand: call | attribute | string | number | hexadecimal | keyword
    call: NAME _LPAR _arguments _RPAR
    _arguments: argument | _arguments _COMMA argument
    ?argument: operand | comparison | nothing
    nothing:
    attribute: ATTRIBUTE
    string: STRING
    number: NUMBER
    hexadecimal: HEX
    keyword: NAME

    COMPARE: "<=" | ">=" | "<>" | "=" | "<" | ">"
    NAME: /[A-Za-z_][A-Za-z0-9_]*/
    ATTRIBUTE: /\[[^\[\]]*\]/
    STRING: /"(?:[^"\\]|\\[\s\S])*"/
    NUMBER: /-?[0-9]+(?:\.[0-9]+)?/
    HEX: /&H[0-9A-Fa-f]+/
    _LPAR: "("
    _RPAR: ")"
    _COMMA: ","
    WHITE: /[\s\ufeff]+/
    %ignore WHITE
"""

_ESCAPE = re.compile(r'\\([\\"])')
HEX_DIGITS = 16
"""Of a hexadecimal number: 64 bits are what .NET counts with."""
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,39}", re.ASCII)


@lru_cache(maxsize=1024)
def parse(expression: str) -> Node:
    """The tree of `expression`. Raises `ExpressionError` at the column of the trouble.

    A profile is compiled several times in every cycle; what it says seldom changes.
    """
    if len(expression) > MAX_LENGTH:
        raise ExpressionError(
            expression,
            MAX_LENGTH,
            Text(
                "The expression has {length} characters, {limit} are allowed.",
                {"length": len(expression), "limit": MAX_LENGTH},
            ),
            Text("Shorten it"),
        )
    if not expression.strip():
        raise ExpressionError(
            expression, 0, Text("The expression is empty."), Text("Write a function or [attribute]")
        )
    try:
        tree = _parser().parse(expression)
    except UnexpectedCharacters as trouble:
        raise _bad_character(expression, trouble.pos_in_stream or 0) from None
    except UnexpectedToken as trouble:
        raise _bad_token(expression, trouble) from None
    try:
        return _nodes(tree)
    except _BadNode as bad:
        raise ExpressionError(expression, bad.at, bad.problem) from None


class _BadNode(Exception):
    """A token that looks right and cannot be."""

    def __init__(self, token: Token, problem: Text) -> None:
        self.at = token.start_pos or 0
        self.problem = problem
        super().__init__(str(problem))


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="basic", propagate_positions=True)


def _nodes(root: ParseTree) -> Node:
    """Our tree for lark's, from the inside out: its depth is the writer's choice.

    Raises the first `_BadNode` in the order of the text.
    """
    built: dict[int, Node | None] = {}
    bad: _BadNode | None = None
    for tree in root.iter_subtrees():
        try:
            built[id(tree)] = _node(tree, built)
        except _BadNode as found:
            built[id(tree)] = Constant("", found.at, found.at)
            bad = found if bad is None or found.at < bad.at else bad
    if bad is not None:
        raise bad
    return _operand(built[id(root)])


def _node(tree: ParseTree, built: Mapping[int, Node | None]) -> Node | None:
    """One node, with those inside it as they were built; None for a left-out argument."""
    if tree.data == "nothing":
        return None
    at, end = tree.meta.start_pos, tree.meta.end_pos
    match tree.data, tree.children:
        case "call", [Token() as name, *written]:
            arguments = [built[id(child)] for child in written if isinstance(child, Tree)]
            while arguments and arguments[-1] is None:
                arguments.pop()
            return Call(str(name), tuple(arguments), len(written), at, end)
        case "comparison", [Tree() as left, Token() as operator, Tree() as right]:
            sides = _operand(built[id(left)]), _operand(built[id(right)])
            return Comparison(str(operator), *sides, at, end)
        case "attribute", [Token() as token]:
            attribute = token[1:-1].strip()
            if not attribute:
                raise _BadNode(token, Text("Between [ and ] stands the name of an attribute."))
            return Attribute(attribute, at, end)
        case "string", [Token() as token]:
            return Constant(_ESCAPE.sub(r"\1", token[1:-1]), at, end)
        case "number", [Token() as token]:
            value = int(token) if _INTEGER.fullmatch(token) else str(token)
            return Constant(value, at, end)
        case "hexadecimal", [Token() as token]:
            digits = str(token).removeprefix("&H").lstrip("0")
            if len(digits) > HEX_DIGITS:
                raise _BadNode(token, Text("This number is too large."))
            return Constant(int(digits or "0", base=16), at, end)
        case _, [Token() as token]:
            return Keyword(str(token), at, end)
    raise AssertionError(tree.data)


def _operand(node: Node | None) -> Node:
    assert node is not None, "the grammar leaves nothing out beside a comparison"
    return node


def _bad_character(expression: str, at: int) -> ExpressionError:
    """A character that begins no token."""
    character = expression[at]
    if character == '"':
        problem, advice = (
            Text("This text has no closing quotation mark."),
            Text('Write " at its end'),
        )
    elif character == "[":
        problem, advice = (
            Text("This attribute has no closing bracket."),
            Text("Write ] after its name"),
        )
    elif character == "&":
        problem, advice = (
            Text("“&” does not put texts together in this language."),
            Text("Use Append or Join"),
        )
    elif character in "'‘’“”„«»":
        problem, advice = (
            Text("{character} does not begin a text.", {"character": character}),
            Text('Texts stand between straight double quotation marks: "text"'),
        )
    else:
        problem, advice = (
            Text("“{character}” has no meaning here.", {"character": character}),
            Text("Remove it, or put it between quotation marks"),
        )
    return ExpressionError(expression, at, problem, advice)


def _bad_token(expression: str, trouble: UnexpectedToken) -> ExpressionError:
    """A token where another is needed: say which."""
    token, expected = trouble.token, trouble.accepts or trouble.expected
    if token.type == "$END":
        return _ends_early(expression, expected)
    at = token.start_pos or 0
    found = shown(str(token))
    if token.type == "NAME" and found.upper() in ("AND", "OR"):
        problem = Text("There is no {word} in this language.", {"word": found})
        return ExpressionError(expression, at, problem, Text("Put one IIF into another"))
    if "ATTRIBUTE" in expected:
        problem = Text(
            'A function, an [attribute], a "text" or a number is expected, not “{found}”.',
            {"found": found},
        )
    elif "_COMMA" in expected:
        problem = Text("A comma or “)” is expected before “{found}”.", {"found": found})
    else:
        problem = Text("The expression is complete before “{found}”.", {"found": found})
        return ExpressionError(expression, at, problem, Text("Remove what follows"))
    return ExpressionError(expression, at, problem)


def _ends_early(expression: str, expected: Collection[str]) -> ExpressionError:
    end = len(expression.rstrip())
    if "_RPAR" in expected:
        return ExpressionError(expression, end, Text("A closing “)” is missing."), Text("Write it"))
    return ExpressionError(
        expression,
        end,
        Text('A function, an [attribute], a "text" or a number is expected at the end.'),
    )
