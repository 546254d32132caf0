"""Expressions worked out in tests, the short way."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from random import Random

from app.domain.people import Value
from app.mapping.expression import Answer, compile_expression
from app.mapping.values import Context, Flow

NOW = datetime(2026, 5, 17, 13, 4, 5, 678901, tzinfo=UTC)


def context(
    domain: str | None = "contoso.com", taken: Collection[str] | None = (), seed: int = 1
) -> Context:
    asked: Callable[[str], bool] | None = None if taken is None else taken.__contains__
    return Context(NOW, Random(seed), domain, asked)


def value(expression: str, **attributes: Value) -> Value | Flow:
    return compile_expression(expression)(attributes, context())


def answer(expression: str, **attributes: Value) -> Answer:
    return compile_expression(expression).answer(attributes, context())


def quoted(text: str) -> str:
    """The text as a literal of the language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
