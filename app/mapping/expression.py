"""Expressions compiled once to closures (spec/expressions.md).

A closure is called as `closure(attributes, context)`; see `compiler`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.people import Attributes, Value
from app.mapping.compiler import Compiler
from app.mapping.errors import ExpressionError
from app.mapping.functions import FUNCTIONS
from app.mapping.functions.signature import Misuse
from app.mapping.grammar import parse
from app.mapping.nodes import Call, renamed
from app.mapping.values import Context, Evaluate, Flow, opened, plain, shown_in_log


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
    compiler = Compiler(root)
    try:
        evaluate = compiler.compile()
    except Misuse as misuse:
        raise ExpressionError(expression, misuse.node.at, misuse.problem, misuse.advice) from None
    selects = isinstance(root, Call) and FUNCTIONS[root.name].outermost
    return Expression(evaluate, redacts=compiler.redacts, selects=selects)
