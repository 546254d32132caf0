"""SCIM's filter language and paths (RFC 7644 3.4.2.2, 3.5.2) over plain JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.sandbox.scim_schemas import Attribute, Kind, bad
from app.sandbox.wire import Json

Holds: TypeAlias = Callable[[Json], bool]

_TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|([()\[\]])|([^\s()\[\]"]+))')
_NAME = re.compile(r"(?:(urn:[^\s]+):)?([\w$-]+)(?:\.([\w$-]+))?", re.IGNORECASE)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda one, two: one == two,
    "ne": lambda one, two: one != two,
    "co": lambda one, two: two in one,
    "sw": lambda one, two: one.startswith(two),
    "ew": lambda one, two: one.endswith(two),
    "gt": lambda one, two: one > two,
    "ge": lambda one, two: one >= two,
    "lt": lambda one, two: one < two,
    "le": lambda one, two: one <= two,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: `name[condition].part`, perhaps in an extension."""

    schema: str | None
    attribute: Attribute
    condition: Holds | None
    part: Attribute | None


def parse_filter(text: str, kind: Kind) -> Holds:
    """A test of resources. Raises `Refused` (invalidFilter)."""
    reader = _Reader(text, lambda name: _resolve(name, kind), "invalidFilter")
    holds = reader.either()
    reader.end()
    return holds


def parse_path(text: str, kind: Kind) -> Place:
    """The target of a PatchOp. Raises `Refused` (invalidPath)."""
    match = re.fullmatch(r"([^\[\]]+?)(?:\[(.*)\](?:\.([\w$-]+))?)?", text.strip(), re.DOTALL)
    if match is None:
        raise bad("invalidPath", f"{text} is not a path")
    schema, attribute, part = _resolve(match[1], kind, "invalidPath")
    if match[2] is None:
        return Place(schema, attribute, None, part)
    if not attribute.multi or part is not None:
        raise bad("invalidPath", f"{text} filters something that has no several values")
    reader = _Reader(match[2], lambda name: _inner(name, attribute), "invalidFilter")
    condition = reader.either()
    reader.end()
    inner = attribute.part(match[3]) if match[3] else None
    if match[3] and inner is None:
        raise bad("invalidPath", f"{attribute.name} has no {match[3]}")
    return Place(schema, attribute, condition, inner)


_Resolved: TypeAlias = tuple[str | None, Attribute, Attribute | None]


def _resolve(name: str, kind: Kind, trouble: str = "invalidFilter") -> _Resolved:
    match = _NAME.fullmatch(name)
    if match is None:
        raise bad(trouble, f"{name} is not an attribute")
    urn, first, second = match.groups()
    schema: str | None = None
    attribute = None
    if urn is not None and kind.extension is not None and urn.lower() == kind.extension.id.lower():
        schema, attribute = kind.extension.id, kind.extension.attribute(first)
    elif urn is None or urn.lower() == kind.schema.id.lower():
        attribute = kind.attribute(first)
    if attribute is None:
        raise bad(trouble, f"There is no attribute {name}")
    part = attribute.part(second) if second else None
    if second and part is None and attribute.name != "meta":
        raise bad(trouble, f"There is no attribute {name}")
    return schema, attribute, part or (Attribute(second) if second else None)


def _inner(name: str, attribute: Attribute) -> _Resolved:
    part = attribute.part(name)
    if part is None:
        raise bad("invalidFilter", f"{attribute.name} has no {name}")
    return None, part, None


class _Reader:
    """Recursive descent; `resolve` knows the attributes of the level that is filtered."""

    def __init__(self, text: str, resolve: Callable[[str], _Resolved], trouble: str) -> None:
        self._resolve = resolve
        self._trouble = trouble
        self._tokens: list[str] = []
        at, text = 0, text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise bad(trouble, f"The filter cannot be read at position {at}")
            self._tokens.append(match[1] or match[2] or match[3])
            at = match.end()
        self._at = 0

    def end(self) -> None:
        if self._at != len(self._tokens):
            raise bad(self._trouble, f"Unexpected {self._tokens[self._at]}")

    def either(self) -> Holds:
        parts = [self._both()]
        while self._peek().lower() == "or":
            self._next()
            parts.append(self._both())
        return lambda item: any(part(item) for part in parts)

    def _both(self) -> Holds:
        parts = [self._single()]
        while self._peek().lower() == "and":
            self._next()
            parts.append(self._single())
        return lambda item: all(part(item) for part in parts)

    def _single(self) -> Holds:
        token = self._next()
        if token == "(":
            inner = self.either()
            self._expect(")")
            return inner
        if token.lower() == "not":
            self._expect("(")
            negated = self.either()
            self._expect(")")
            return lambda item: not negated(item)
        schema, attribute, part = self._resolve(token)
        if self._peek() == "[":
            return self._values(schema, attribute)
        return self._comparison(schema, attribute, part)

    def _values(self, schema: str | None, attribute: Attribute) -> Holds:
        self._next()
        outer, self._resolve = self._resolve, lambda name: _inner(name, attribute)
        condition = self.either()
        self._resolve = outer
        self._expect("]")
        return lambda item: any(condition(one) for one in _list(_of(item, schema, attribute)))

    def _comparison(
        self, schema: str | None, attribute: Attribute, part: Attribute | None
    ) -> Holds:
        operator = self._next().lower()
        leaf = part or (attribute.part("value") if attribute.multi else None) or attribute

        def values(item: Json) -> list[Any]:
            found = _list(_of(item, schema, attribute))
            if leaf is attribute:
                return found
            return [one[leaf.name] for one in found if isinstance(one, dict) and leaf.name in one]

        if operator == "pr":
            return lambda item: any(one not in (None, "", {}) for one in values(item))
        compare = _COMPARISONS.get(operator)
        if compare is None:
            raise bad(self._trouble, f"Unknown operator {operator}")
        wanted = self._value()
        fold = not leaf.case_exact

        def holds(item: Json) -> bool:
            found = values(item)
            if operator == "ne":
                return all(_folded(one, fold=fold) != _folded(wanted, fold=fold) for one in found)
            try:
                return any(
                    compare(_folded(one, fold=fold), _folded(wanted, fold=fold)) for one in found
                )
            except (TypeError, AttributeError):
                return False

        return holds

    def _value(self) -> object:
        token = self._next()
        try:
            value: object = json.loads(token)
        except ValueError:
            raise bad(self._trouble, f"{token} is not a value") from None
        return value

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise bad(self._trouble, "The filter ends too early")
        self._at += 1
        return token

    def _expect(self, wanted: str) -> None:
        if (token := self._next()) != wanted:
            raise bad(self._trouble, f"Expected {wanted}, found {token}")


def _of(item: Json, schema: str | None, attribute: Attribute) -> object:
    holder = item.get(schema, {}) if schema else item
    return holder.get(attribute.name) if isinstance(holder, dict) else None


def _list(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _folded(value: object, *, fold: bool) -> object:
    return value.casefold() if fold and isinstance(value, str) else value
