"""The two filter languages of the practice services as one small tree.

OData's for Graph (spec/graph.md 2.4) and GoTo's two grammars (spec/goto.md 3.5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

Getter: TypeAlias = Callable[[str], object]


class FilterUnreadable(ValueError):
    """The filter does not follow the grammar; the message says where."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`name operator value`; text is compared without regard to case, as both services do."""

    name: str
    operator: str
    values: tuple[object, ...]

    def holds(self, get: Getter) -> bool:
        """Whether an object with these values passes."""
        actual = _folded(get(self.name))
        wanted = tuple(_folded(value) for value in self.values)
        match self.operator:
            case "eq" | "in":
                return actual in wanted
            case "ne":
                return actual not in wanted
        if not isinstance(actual, str):
            return False
        text = str(wanted[0])
        match self.operator:
            case "startswith":
                return actual.startswith(text)
            case "endswith":
                return actual.endswith(text)
            case "pattern":
                return re.fullmatch(str(self.values[0]), str(get(self.name))) is not None
        return False


@dataclass(frozen=True, slots=True)
class Both:
    """Every part must hold."""

    parts: tuple[Node, ...]

    def holds(self, get: Getter) -> bool:
        """Whether an object with these values passes."""
        return all(part.holds(get) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """One part is enough."""

    parts: tuple[Node, ...]

    def holds(self, get: Getter) -> bool:
        """Whether an object with these values passes."""
        return any(part.holds(get) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Negated:
    """The part must not hold."""

    part: Node

    def holds(self, get: Getter) -> bool:
        """Whether an object with these values passes."""
        return not self.part.holds(get)


Node: TypeAlias = Comparison | Both | Either | Negated


def comparisons(node: Node) -> Iterator[tuple[Comparison, bool]]:
    """Every test of the tree, with whether it stands under a negation."""
    if isinstance(node, Comparison):
        yield node, False
    elif isinstance(node, Negated):
        for found, _ in comparisons(node.part):
            yield found, True
    else:
        for part in node.parts:
            yield from comparisons(part)


def equal_values(node: Node, names: frozenset[str]) -> list[tuple[str, str]] | None:
    """The (name, value) pairs one of which an object must have, so that an index can serve.

    None when the tree does not pin the object down to values of `names`.
    """
    if isinstance(node, Comparison):
        if node.operator in {"eq", "in"} and node.name in names:
            return [(node.name, str(value)) for value in node.values]
        return None
    if isinstance(node, Both):
        return next(
            (pairs for part in node.parts if (pairs := equal_values(part, names)) is not None),
            None,
        )
    if isinstance(node, Either):
        found: list[tuple[str, str]] = []
        for part in node.parts:
            pairs = equal_values(part, names)
            if pairs is None:
                return None
            found += pairs
        return found
    return None


def parse_odata(text: str) -> Node:
    """Graph's `$filter`. Raises `FilterUnreadable`."""
    return _Parser(text, "'").whole()


def parse_goto(text: str) -> Node:
    """GoTo's `filter`: `email eq "x"` or `(email="(?i)x.*") | (…)`. Raises `FilterUnreadable`."""
    return _Parser(text, '"').whole()


_FUNCTIONS = frozenset({"startswith", "endswith"})
_OPERATORS = frozenset({"eq", "ne", "in"})
_CONSTANTS: dict[str, object] = {"true": True, "false": False, "null": None}


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


class _Parser:
    """Recursive descent over both grammars; they differ in quotes and spelling only."""

    def __init__(self, text: str, quote: str) -> None:
        self._quote = quote
        literal = r"'(?:[^']|'')*'" if quote == "'" else r'"(?:[^"\\]|\\.)*"'
        scanner = re.compile(rf"\s*(?:({literal})|([\w.@/:#+-]+)|([(),=|&]))\s*")
        self._tokens: list[str] = []
        at = 0
        while at < len(text):
            match = scanner.match(text, at)
            if match is None or match.end() == at:
                raise FilterUnreadable(f"Invalid filter clause at position {at}")
            self._tokens.append(match[1] or match[2] or match[3])
            at = match.end()
        self._at = 0

    def whole(self) -> Node:
        node = self._either()
        if self._at != len(self._tokens):
            raise FilterUnreadable(f"Syntax error near '{self._peek()}'")
        return node

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise FilterUnreadable("The filter ends too early")
        self._at += 1
        return token

    def _expect(self, wanted: str) -> None:
        if (token := self._next()) != wanted:
            raise FilterUnreadable(f"Expected '{wanted}' near '{token}'")

    def _either(self) -> Node:
        parts = [self._both()]
        while self._peek().lower() in {"or", "|"}:
            self._next()
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Node:
        parts = [self._single()]
        while self._peek().lower() in {"and", "&"}:
            self._next()
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _single(self) -> Node:
        token = self._next()
        if token == "(":
            node = self._either()
            self._expect(")")
            return node
        if token.lower() == "not":
            return Negated(self._single())
        if token.lower() in _FUNCTIONS:
            self._expect("(")
            name = self._next()
            self._expect(",")
            value = self._value()
            self._expect(")")
            return Comparison(name, token.lower(), (value,))
        return self._comparison(token)

    def _comparison(self, name: str) -> Node:
        operator = self._next().lower()
        if operator == "=" and self._quote == '"':
            return Comparison(name, "pattern", (self._pattern(),))
        if operator not in _OPERATORS:
            raise FilterUnreadable(f"Unknown operator '{operator}'")
        if operator != "in":
            return Comparison(name, operator, (self._value(),))
        self._expect("(")
        values = [self._value()]
        while self._peek() == ",":
            self._next()
            values.append(self._value())
        self._expect(")")
        return Comparison(name, operator, tuple(values))

    def _pattern(self) -> str:
        pattern = str(self._value())
        try:
            re.compile(pattern)
        except re.error as error:
            raise FilterUnreadable(f"Bad pattern: {error}") from error
        return pattern

    def _value(self) -> object:
        token = self._next()
        if token.startswith(self._quote):
            inner = token[1:-1]
            return inner.replace("''", "'") if self._quote == "'" else inner
        return _CONSTANTS.get(token.lower(), token)
