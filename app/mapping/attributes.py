"""Attribute mappings compiled once and evaluated for each person (spec/provisioning.md 4)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.accounts import TargetLimits
from app.domain.errors import ConfigurationError, EntryError
from app.domain.people import Attributes, Value
from app.domain.settings import Apply, AttributeMapping, MappingType
from app.domain.texts import Text
from app.mapping import forms
from app.mapping.errors import ExpressionError
from app.mapping.expression import compile_expression
from app.mapping.values import Context, Flow, empty

KEY = "mappings.users.attributes"


@dataclass(frozen=True, slots=True)
class MappedValues:
    """What the mappings make of one person. `match` is in the order of precedence."""

    values: Mapping[str, Value]
    warnings: tuple[Text, ...] = ()
    match: tuple[tuple[str, str], ...] = ()
    fallbacks: Mapping[str, Value] = field(default_factory=dict)
    """Defaults of mappings of type none: for attributes that an account has empty (4.1)."""

    def for_account(self, attributes: Mapping[str, Value]) -> dict[str, Value]:
        """The values to send to an account that has these attributes now."""
        missing = {
            name: value for name, value in self.fallbacks.items() if empty(attributes.get(name))
        }
        return {**self.values, **missing}


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

    @property
    def matching(self) -> tuple[str, ...]:
        """Target attributes that find accounts, by precedence."""
        return tuple(one.mapping.target for one in self._matching)

    def evaluate(
        self, attributes: Attributes, *, creating: bool, context: Context, whole: bool = True
    ) -> MappedValues:
        """Values to send: nulls are left out, defaults apply on creation only (4.2, 4.3).

        With `whole` a new account must have all that the target requires.
        Raises `EntryError` when the person's values do not suit a mapping.
        """
        values: dict[str, Value] = {}
        fallbacks: dict[str, Value] = {}
        warnings: list[Text] = []
        for one in self._compiled:
            value = self._value(one, attributes, context, creating=creating)
            if isinstance(value, Flow):
                continue
            fitted = self._fit(one.mapping.target, value, warnings)
            if one.mapping.type is MappingType.NONE and not creating:
                if not empty(fitted):
                    fallbacks[one.mapping.target] = fitted
            elif not empty(fitted) or (one.mapping.flow_nulls and not creating):
                values[one.mapping.target] = "" if empty(fitted) else fitted
        if creating and whole:
            self._require(values)
        match = self._match(attributes, context)
        return MappedValues(values, tuple(warnings), match, fallbacks)

    def _value(
        self, one: _Compiled, attributes: Attributes, context: Context, *, creating: bool
    ) -> Value | Flow:
        mapping = one.mapping
        if not creating and mapping.apply is Apply.CREATE_ONLY:
            return Flow.IGNORE
        if mapping.type is MappingType.NONE:
            return mapping.default
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
        return self._limited(target, value, warnings) if isinstance(value, str) else value

    def _limited(self, target: str, value: str, warnings: list[Text]) -> Value:
        """Cut or refused before it is sent, by the target's own limits (spec/goto.md 2.4)."""
        form = self._limits.forms.get(target)
        if value and form is not None and not forms.fits(form, value):
            if target == self._limits.identity:
                raise forms.refused(target, value, form)
            warnings.append(forms.left_out(target, value, form))
            return None
        most = self._limits.refused_lengths.get(target)
        if most is not None and len(value) > most:
            raise forms.too_long(target, value, most)
        limit = self._limits.max_lengths.get(target)
        if limit is None or len(value) <= limit:
            return value
        warnings.append(
            Text("{attribute} cut to {limit} characters", {"attribute": target, "limit": limit})
        )
        return _cut(value, limit)

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
    mappings: Sequence[AttributeMapping], limits: TargetLimits
) -> CompiledMappings:
    """Check and compile; raises `ConfigurationError` whose key names the mapping."""
    seen: set[str] = set()
    compiled: list[_Compiled] = []
    for index, mapping in enumerate(mappings):
        key = f"{KEY}[{index}]"
        if limits.attributes and mapping.target not in limits.attributes:
            raise ConfigurationError(
                Text(
                    "{key}: the target has no attribute {name}",
                    {"key": f"{key}.target", "name": mapping.target},
                ),
                Text("It has: {names}", {"names": ", ".join(sorted(limits.attributes))}),
                key=f"{key}.target",
            )
        if mapping.target in seen:
            raise ConfigurationError(
                Text(
                    "{key}: {name} is mapped twice",
                    {"key": f"{key}.target", "name": mapping.target},
                ),
                key=f"{key}.target",
            )
        seen.add(mapping.target)
        compiled.append(_Compiled(mapping, _compile(mapping, key)))
    if not any(mapping.match is not None for mapping in mappings):
        raise ConfigurationError(
            Text("{key}: no attribute is marked for matching", {"key": KEY}),
            'Give one of them "match": 1, so that existing accounts are found.',
            key=KEY,
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
