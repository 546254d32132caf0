"""Attribute mappings compiled once and evaluated for each person (spec/provisioning.md 4)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.accounts import TargetLimits
from app.domain.errors import ConfigurationError, EntryError
from app.domain.people import Attributes, Value
from app.domain.settings import Apply, AttributeMapping, MappingType
from app.domain.texts import Text
from app.mapping.errors import ExpressionError
from app.mapping.expression import compile_expression
from app.mapping.values import Context, Flow, empty, text, truth

KEY = "mappings.users.attributes"

SOFT_DELETED = "IsSoftDeleted"
"""A computed source attribute: is this object on its way out (spec/provisioning.md 4.5)?"""


@dataclass(frozen=True, slots=True)
class MappedValues:
    """What the mappings make of one person. `match` is in the order of precedence."""

    values: Mapping[str, Value]
    warnings: tuple[Text, ...] = ()
    match: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Compiled:
    mapping: AttributeMapping
    evaluate: Callable[[Attributes, Context], Value | Flow]


class CompiledMappings:
    """Made by `compile_mappings`."""

    def __init__(self, compiled: Sequence[_Compiled], limits: TargetLimits) -> None:
        self._compiled = compiled
        self._limits = limits
        self._matching = sorted(
            (one for one in compiled if one.mapping.match is not None),
            key=lambda one: one.mapping.match or 0,
        )

    def evaluate(self, attributes: Attributes, *, creating: bool, context: Context) -> MappedValues:
        """Values to send: nulls are left out, defaults apply on creation only (4.2, 4.3).

        Raises `EntryError` when the person's values do not suit a mapping.
        """
        values: dict[str, Value] = {}
        warnings: list[Text] = []
        for one in self._compiled:
            value = self._value(one, attributes, context, creating=creating)
            if isinstance(value, Flow):
                continue
            fitted = self._fit(one.mapping.target, value, warnings)
            if not empty(fitted) or (one.mapping.flow_nulls and not creating):
                values[one.mapping.target] = "" if empty(fitted) else fitted
        if creating:
            self._require(values)
        return MappedValues(values, tuple(warnings), self._match(attributes, context))

    def _value(
        self, one: _Compiled, attributes: Attributes, context: Context, *, creating: bool
    ) -> Value | Flow:
        mapping = one.mapping
        if not creating and (
            mapping.apply is Apply.CREATE_ONLY or mapping.type is MappingType.NONE
        ):
            return Flow.IGNORE
        value = one.evaluate(attributes, context)
        if creating and not isinstance(value, Flow) and empty(value):
            return mapping.default
        return value

    def _fit(self, target: str, value: Value, warnings: list[Text]) -> Value:
        if isinstance(value, tuple):
            if len(value) > 1:
                raise EntryError(
                    "SchemaPropertyCanOnlyAcceptValue",
                    Text(
                        "{attribute} takes one value, the mapping gives {count}",
                        {"attribute": target, "count": len(value)},
                    ),
                    Text("Choose one with Item, or put them together with Join."),
                )
            value = value[0] if value else None
        value = self._typed(target, value)
        limit = self._limits.max_lengths.get(target)
        if limit is None or not isinstance(value, str) or len(value) <= limit:
            return value
        warnings.append(
            Text("{attribute} cut to {limit} characters", {"attribute": target, "limit": limit})
        )
        return _cut(value, limit)

    def _typed(self, target: str, value: Value) -> Value:
        """True and false where the target has a Boolean, text everywhere else (4.4)."""
        if target in self._limits.booleans:
            return value if empty(value) else truth(value)
        return text(value) if isinstance(value, int) else value

    def _match(self, attributes: Attributes, context: Context) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for one in self._matching:
            value = one.evaluate(attributes, context)
            if isinstance(value, str) and value:
                found.append((one.mapping.target, value))
        return tuple(found)

    def _require(self, values: Mapping[str, Value]) -> None:
        matching = {one.mapping.target for one in self._matching}
        lacking = sorted(self._limits.required - set(values) - matching)
        if lacking:
            raise EntryError(
                "MandatoryFieldsMissing",
                Text("No value for {attributes}", {"attributes": ", ".join(lacking)}),
                Text("Fill the attribute in Entra, or give the mapping a default."),
            )


def compile_mappings(
    mappings: Sequence[AttributeMapping], limits: TargetLimits, key: str = KEY
) -> CompiledMappings:
    """Check and compile; raises `ConfigurationError` whose key names the mapping below `key`."""
    seen: set[str] = set()
    compiled: list[_Compiled] = []
    for index, mapping in enumerate(mappings):
        place = f"{key}[{index}]"
        if limits.attributes and mapping.target not in limits.attributes:
            raise ConfigurationError(
                Text(
                    "{key}: the target has no attribute {name}",
                    {"key": f"{place}.target", "name": mapping.target},
                ),
                Text("It has: {names}", {"names": ", ".join(sorted(limits.attributes))}),
                key=f"{place}.target",
            )
        if mapping.target in seen:
            raise ConfigurationError(
                Text(
                    "{key}: {name} is mapped twice",
                    {"key": f"{place}.target", "name": mapping.target},
                ),
                key=f"{place}.target",
            )
        seen.add(mapping.target)
        compiled.append(_Compiled(mapping, _compile(mapping, place)))
    if not any(mapping.match is not None for mapping in mappings):
        raise ConfigurationError(
            Text("{key}: no attribute is marked for matching", {"key": key}),
            'Give one of them "match": 1, so that existing accounts are found.',
            key=key,
        )
    return CompiledMappings(compiled, limits)


def _compile(mapping: AttributeMapping, key: str) -> Callable[[Attributes, Context], Value | Flow]:
    match mapping.type:
        case MappingType.DIRECT:
            source = _needed(mapping.source, f"{key}.source")
            return lambda attributes, _context: attributes.get(source)
        case MappingType.CONSTANT:
            constant = _needed(mapping.constant, f"{key}.constant")
            return lambda _attributes, _context: constant
        case MappingType.NONE:
            return lambda _attributes, _context: None
        case MappingType.EXPRESSION:
            expression = _needed(mapping.expression, f"{key}.expression")
            try:
                return compile_expression(expression)
            except ExpressionError as error:
                raise error.placed(f"{key}.expression", mapping.target) from None


def _needed(value: str | None, key: str) -> str:
    if value is None:
        raise ConfigurationError(Text("{key} is missing", {"key": key}), key=key)
    return value


def _cut(value: str, limit: int) -> str:
    """At most `limit` characters, never between a letter and its marks."""
    end = limit
    while end > 0 and unicodedata.combining(value[end]):
        end -= 1
    return value[:end].rstrip()
