"""Scoping filters: clauses AND, filters OR (spec/provisioning.md 2.6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from app.domain.errors import ConfigurationError, EntryError
from app.domain.people import Attributes, Value
from app.domain.settings import Clause, Operator, ScopingFilter
from app.domain.texts import Text
from app.mapping.patterns import PatternError, compile_pattern
from app.mapping.sources import EXTENSION, KNOWN, SPELLINGS

_WHOLE = re.compile(r"[0-9]{1,40}", re.ASCII)
_SEVERAL_VALUES = {"proxyAddresses", "otherMails", "businessPhones", "imAddresses"}
_DATES = {
    "createdDateTime",
    "deletedDateTime",
    "employeeHireDate",
    "employeeLeaveDateTime",
    "lastPasswordChangeDateTime",
    "onPremisesLastSyncDateTime",
}
UNFILTERABLE = frozenset(
    {"appRoleAssignments", "userType", "manager", "members", *_SEVERAL_VALUES, *_DATES}
)

Holds = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class FilterVerdict:
    """Whether a person passes; otherwise the last filter tried and the clause that failed."""

    passed: bool
    filter_name: str | None = None
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class ClauseVerdict:
    """One line of the scope step: the clause, the person's value, whether it holds (11)."""

    filter_name: str
    clause: Clause
    value: Value
    passed: bool


@dataclass(frozen=True, slots=True)
class _Test:
    clause: Clause
    attribute: str
    """The attribute by its name in mappings; the clause may use Graph's."""
    holds: Callable[[Value], bool]


class CompiledFilters:
    """Made by `compile_filters`; no filter at all lets everybody through."""

    def __init__(self, filters: Sequence[tuple[str, Sequence[_Test]]]) -> None:
        self._filters = filters

    def check(self, attributes: Attributes) -> FilterVerdict:
        """One filter that holds is enough.

        Raises `EntryError` when a regular expression takes too long with this person's value.
        """
        verdict = FilterVerdict(passed=True)
        for name, tests in self._filters:
            try:
                failed = next(
                    (one for one in tests if not one.holds(attributes.get(one.attribute))),
                    None,
                )
            except EntryError as error:
                raise _undecided(name, error) from None
            if failed is None:
                return FilterVerdict(True, name)
            verdict = FilterVerdict(False, name, failed.clause)
        return verdict

    def report(self, attributes: Attributes) -> tuple[ClauseVerdict, ...]:
        """Every clause of every filter, also those that need not have been asked."""
        return tuple(
            ClauseVerdict(
                name,
                one.clause,
                attributes.get(one.attribute),
                _holds_in_time(one, attributes.get(one.attribute)),
            )
            for name, tests in self._filters
            for one in tests
        )


def _holds_in_time(test: _Test, value: Value) -> bool:
    try:
        return test.holds(value)
    except EntryError:
        return False


def _undecided(name: str, error: EntryError) -> EntryError:
    return EntryError(
        error.code,
        Text(
            "The scoping filter “{filter}” cannot be decided: {problem}",
            {"filter": name, "problem": error.text},
        ),
        error.advice,
    )


def compile_filters(filters: Sequence[ScopingFilter]) -> CompiledFilters:
    """Check and compile; raises `ConfigurationError` naming filter and clause."""
    return CompiledFilters(
        [
            (
                one.name,
                [
                    _test(clause, f"scoping_filters[{i}].clauses[{j}]")
                    for j, clause in enumerate(one.clauses)
                ],
            )
            for i, one in enumerate(filters)
        ]
    )


def _test(clause: Clause, key: str) -> _Test:
    return _Test(clause, _attribute(clause, key), _compile(clause, key))


def _attribute(clause: Clause, key: str) -> str:
    """The attribute's name in mappings; refused when nobody can have it, or it is no filter's."""
    if clause.attribute in UNFILTERABLE:
        raise ConfigurationError(
            Text(
                "{key}.attribute: {name} cannot be used in a scoping filter",
                {"key": key, "name": clause.attribute},
            ),
            key=f"{key}.attribute",
        )
    name = SPELLINGS.get(clause.attribute, clause.attribute)
    if name not in KNOWN and not name.startswith(EXTENSION):
        near = get_close_matches(name, sorted(KNOWN), 1)
        raise ConfigurationError(
            Text(
                "{key}.attribute: people have no attribute {name}",
                {"key": key, "name": clause.attribute},
            ),
            Text("Did you mean {name}?", {"name": near[0]}) if near else None,
            key=f"{key}.attribute",
        )
    return name


def _compile(clause: Clause, key: str) -> Callable[[Value], bool]:
    match clause.operator:
        case Operator.IS_TRUE:
            return lambda value: value is True
        case Operator.IS_FALSE:
            return lambda value: value is False
        case Operator.IS_NULL:
            return lambda value: value in (None, "", ())
        case Operator.IS_NOT_NULL:
            return lambda value: value not in (None, "", ())
    holds = _on_text(clause, key)

    def test(value: Value) -> bool:
        # A null makes every clause false, and several values cannot be filtered.
        if value in (None, "") or isinstance(value, tuple):
            return False
        return holds(str(value))

    return test


def _on_text(clause: Clause, key: str) -> Holds:
    wanted = clause.value
    match clause.operator:
        case Operator.EQUALS:
            return lambda value: value == wanted
        case Operator.NOT_EQUALS:
            return lambda value: value != wanted
        case Operator.ENDS_WITH:
            return lambda value: value.endswith(wanted)
        case Operator.INCLUDES:
            return lambda value: wanted in value
        case Operator.IN:
            return lambda value: value in wanted
        case Operator.NOT_IN:
            return lambda value: value not in wanted
        case Operator.REGEX_MATCH | Operator.NOT_REGEX_MATCH:
            return _pattern(clause, key)
        case _:
            return _ordering(clause, key)


def _pattern(clause: Clause, key: str) -> Holds:
    try:
        pattern = compile_pattern(clause.value)
    except PatternError as error:
        raise ConfigurationError(
            Text("{key}.value: {problem}", {"key": key, "problem": error.text}),
            key=f"{key}.value",
        ) from None
    found = clause.operator is Operator.REGEX_MATCH
    return lambda value: (pattern.search(value) is not None) is found


def _ordering(clause: Clause, key: str) -> Holds:
    if not _WHOLE.fullmatch(clause.value):
        raise ConfigurationError(
            Text(
                "{key}.value: {operator} needs a whole number, not “{value}”",
                {"key": key, "operator": clause.operator, "value": clause.value},
            ),
            key=f"{key}.value",
        )
    least = int(clause.value) + (clause.operator is Operator.GREATER_THAN)
    return lambda value: bool(_WHOLE.fullmatch(value)) and int(value) >= least
