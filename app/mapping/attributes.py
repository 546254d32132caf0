"""Attribute mappings compiled once and evaluated for each person (spec/provisioning.md 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from app.domain.accounts import TargetLimits
from app.domain.errors import ConfigurationError, EntryError
from app.domain.people import Attributes, Value
from app.domain.settings import Apply, AttributeMapping, MappingType, Profile
from app.domain.texts import Text
from app.mapping.errors import ExpressionError
from app.mapping.expression import Answer, Expression, compile_expression
from app.mapping.fitting import Fitting, cut
from app.mapping.grammar import parse
from app.mapping.nodes import Attribute, Call, Node, walk
from app.mapping.references import check_reference, is_reference, reference_of
from app.mapping.sources import EXTENSION, MANAGER, SPELLINGS
from app.mapping.values import Context, Flow, empty, text

KEY = "mappings.users.attributes"

Taken: TypeAlias = Callable[[str, str], bool]
"""Is this value of this target attribute taken?"""

SOFT_DELETED = "IsSoftDeleted"
"""A computed source attribute: is this object on its way out (spec/provisioning.md 4.5)?"""


@dataclass(frozen=True, slots=True)
class MappedValues:
    """What the mappings make of one person. `match` is in the order of precedence."""

    values: Mapping[str, Value]
    warnings: tuple[Text, ...] = ()
    match: tuple[tuple[str, str], ...] = ()
    hidden: frozenset[str] = frozenset()
    """Target attributes with a Redact in their mapping: old values are as secret as new ones."""
    logged: Mapping[str, Value] = field(default_factory=dict)
    """What the log shows of the hidden attributes' values."""
    fallbacks: Mapping[str, Value] = field(default_factory=dict)
    """Defaults of mappings of type none: for attributes that an account has empty (4.1)."""

    @property
    def shown(self) -> list[tuple[str, Value]]:
        """Values of hidden attributes that hide nothing this time."""
        return [one for one in self.logged.items() if one[1] == self.values.get(one[0])]

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
    answer: Callable[[Attributes, Context], Answer] | None = None
    """Of an expression with a Redact in it: evaluates for the target and for the log at once."""
    unique: bool = False
    """Its value must not be taken in the target (SelectUniqueValue)."""


class CompiledMappings:
    """Made by `compile_mappings`."""

    def __init__(self, compiled: Sequence[_Compiled], limits: TargetLimits) -> None:
        self._compiled = compiled
        self._limits = limits
        self.hidden = frozenset(one.mapping.target for one in compiled if one.answer is not None)
        """Target attributes with a Redact in their mapping."""
        self._fitting = Fitting(limits)
        self._matching = sorted(
            (one for one in compiled if one.mapping.match is not None),
            key=lambda one: one.mapping.match or 0,
        )

    @property
    def matching(self) -> tuple[str, ...]:
        """Target attributes that find accounts, by precedence."""
        return tuple(one.mapping.target for one in self._matching)

    @cached_property
    def of_leavers(self) -> CompiledMappings:
        """Those alone that depend on being in scope (IsSoftDeleted); nothing is matched by them."""
        return CompiledMappings(
            [
                replace(one, mapping=replace(one.mapping, match=None))
                for one in self._compiled
                if SOFT_DELETED in sources_of(one.mapping)
            ],
            self._limits,
        )

    @property
    def unique(self) -> tuple[str, ...]:
        """Target attributes whose value must not be taken in the target."""
        return tuple(one.mapping.target for one in self._compiled if one.unique)

    def evaluate(
        self,
        attributes: Attributes,
        *,
        creating: bool,
        context: Context,
        whole: bool = True,
        taken: Taken | None = None,
    ) -> MappedValues:
        """Values to send: nulls are left out, defaults apply on creation only (4.2, 4.3).

        With `whole` a new account must have all that the target requires, and values that must
        be unique are chosen; `taken` says which are not free.
        Raises `EntryError` when the person's values do not suit a mapping.
        """
        values: dict[str, Value] = {}
        shown: dict[str, Value] = {}
        fallbacks: dict[str, Value] = {}
        warnings: list[Text] = []
        for one in self._compiled:
            target = one.mapping.target
            known = context
            if one.unique:
                if not whole:
                    continue
                known = self._asking(target, context, taken)
            value, logged = self._value(one, attributes, known, creating=creating)
            if isinstance(value, Flow):
                continue
            fitted = self._fitting.fit(target, value, logged, warnings)
            if one.mapping.type is MappingType.NONE and not creating:
                if not empty(fitted):
                    fallbacks[target] = fitted
            elif not empty(fitted) or (one.mapping.flow_nulls and not creating):
                values[target] = "" if empty(fitted) else fitted
                if one.answer is not None:
                    shown[target] = values[target] if logged == value else logged
        if creating and whole:
            self._require(values)
        match = self._match(attributes, context)
        return MappedValues(values, tuple(warnings), match, self.hidden, shown, fallbacks)

    def secrets(
        self, attributes: Attributes, context: Context
    ) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
        """Of attributes with a Redact: values the log must not show, and those it may."""
        secret: dict[str, Value] = {}
        shown: dict[str, Value] = {}
        for one in self._compiled:
            if one.answer is None:
                continue
            try:
                answer = one.answer(attributes, context)
            except EntryError:
                continue
            kept = shown if answer.logged == answer.value else secret
            kept[one.mapping.target] = answer.value
        return secret, shown

    def _asking(self, target: str, context: Context, taken: Taken | None) -> Context:
        """The context in which this attribute's values are looked for, as long as they may be."""
        if taken is None:
            return context
        limit = self._limits.max_lengths.get(target)
        return replace(context, taken=lambda value: taken(target, cut(value, limit)))

    def _value(
        self, one: _Compiled, attributes: Attributes, context: Context, *, creating: bool
    ) -> tuple[Value | Flow, Value]:
        """The value for the target, and what the log shows of it."""
        mapping = one.mapping
        if not creating and mapping.apply is Apply.CREATE_ONLY:
            return Flow.IGNORE, None
        if mapping.type is MappingType.NONE:
            return mapping.default, mapping.default
        value: Value | Flow
        if one.answer is not None:
            answer = one.answer(attributes, context)
            value, logged = answer.flow or answer.value, answer.logged
        else:
            value = one.evaluate(attributes, context)
            logged = None if isinstance(value, Flow) else value
        if creating and not isinstance(value, Flow) and empty(value):
            return mapping.default, mapping.default
        return value, logged

    def _match(self, attributes: Attributes, context: Context) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for one in self._matching:
            value = one.evaluate(attributes, context)
            if not isinstance(value, tuple | Flow) and (said := text(value)):
                found.append((one.mapping.target, said))
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
    """Check all and compile those that make values.

    Raises `ConfigurationError` whose key names the mapping below `key`.
    """
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
        named = [one.name for one in _nodes(mapping) if isinstance(one, Attribute)]
        check_reference(mapping, named, limits, place)
        if not is_reference(mapping):
            compiled.append(_compile(mapping, place))
    if not any(mapping.match is not None for mapping in mappings):
        raise ConfigurationError(
            Text("{key}: no attribute is marked for matching", {"key": key}),
            'Give one of them "match": 1, so that existing accounts are found.',
            key=key,
        )
    return CompiledMappings(compiled, limits)


def _compile(mapping: AttributeMapping, key: str) -> _Compiled:
    match mapping.type:
        case MappingType.DIRECT:
            named = _needed(mapping.source, f"{key}.source")
            source = SPELLINGS.get(named, named)
            return _Compiled(mapping, lambda attributes, _context: attributes.get(source))
        case MappingType.CONSTANT:
            constant = _needed(mapping.constant, f"{key}.constant")
            return _Compiled(mapping, lambda _attributes, _context: constant)
        case MappingType.NONE:
            return _Compiled(mapping, lambda _attributes, _context: None)
        case MappingType.EXPRESSION:
            written = _needed(mapping.expression, f"{key}.expression")
            try:
                expression = compile_expression(written, SPELLINGS)
            except ExpressionError as error:
                raise error.placed(f"{key}.expression", mapping.target) from None
            _check_unique(mapping, expression, f"{key}.expression")
            answer = expression.answer if expression.redacts else None
            return _Compiled(mapping, expression, answer, expression.selects)


def _check_unique(mapping: AttributeMapping, expression: Expression, key: str) -> None:
    """SelectUniqueValue makes up a new account's value and nothing else."""
    if not expression.selects:
        return
    if mapping.match is not None or mapping.apply is not Apply.CREATE_ONLY:
        raise ConfigurationError(
            Text(
                "{key}: SelectUniqueValue cannot give {name}, which is for matching or is "
                "written again later",
                {"key": key, "name": mapping.target},
            ),
            'Give the mapping "apply": "create_only" and no "match".',
            key=key,
        )


def directory_extensions(profile: Profile) -> frozenset[str]:
    """The directory extensions that mappings and scoping filters name.

    Entra gives those alone that are asked for.
    """
    names = {clause.attribute for one in profile.scoping_filters for clause in one.clauses}
    for mapping in profile.users.attributes:
        names.update(sources_of(mapping))
    return frozenset(name for name in names if name.startswith(EXTENSION))


def properties_asked(profile: Profile) -> frozenset[str]:
    """What is read of each person only because the profile names it."""
    manager = {MANAGER} if reference_of(profile.users.attributes) is not None else set[str]()
    return directory_extensions(profile) | manager


def sources_of(mapping: AttributeMapping) -> frozenset[str]:
    """Names of the source attributes that a mapping depends on, as they are written."""
    if mapping.type is MappingType.DIRECT and mapping.source:
        return frozenset({mapping.source})
    return frozenset(one.name for one in _nodes(mapping) if isinstance(one, Attribute))


def redacted_sources(mappings: Iterable[AttributeMapping]) -> frozenset[str]:
    """Source attributes that a Redact hides: they are not to be shown as read either."""
    names: set[str] = set()
    for mapping in mappings:
        for node in _nodes(mapping):
            if isinstance(node, Call) and node.name == "Redact":
                inside = (one for one in walk(node) if isinstance(one, Attribute))
                names.update(SPELLINGS.get(one.name, one.name) for one in inside)
    return frozenset(names)


def functions_used(mapping: AttributeMapping) -> frozenset[str]:
    """Names of the functions in a mapping's expression."""
    return frozenset(one.name for one in _nodes(mapping) if isinstance(one, Call))


def _nodes(mapping: AttributeMapping) -> Iterator[Node]:
    if mapping.type is not MappingType.EXPRESSION or not mapping.expression:
        return iter(())
    try:
        return walk(parse(mapping.expression))
    except ExpressionError:
        return iter(())


def _needed(value: str | None, key: str) -> str:
    if value is None:
        raise ConfigurationError(Text("{key} is missing", {"key": key}), key=key)
    return value
