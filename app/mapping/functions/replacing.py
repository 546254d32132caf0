"""Replace in its five forms (spec/expressions.md 3); what is written says which is meant."""

from __future__ import annotations

from collections.abc import Callable

import regex

from app.domain.people import Attributes
from app.domain.texts import Text
from app.mapping.errors import failed
from app.mapping.functions.signature import (
    Arguments,
    Function,
    Misuse,
    constant_text,
    padded,
)
from app.mapping.nodes import Call
from app.mapping.patterns import Pattern, PatternError, compile_pattern, replacement
from app.mapping.values import Context, Evaluate, Inner, empty, text

PARAMETERS = (
    "source",
    "oldValue",
    "regexPattern",
    "regexGroupName",
    "replacementValue",
    "replacementAttributeName",
    "template",
)
SOURCE, OLD, PATTERN, GROUP, NEW, ATTRIBUTE, TEMPLATE = range(7)

Form = Callable[[list[Evaluate]], Evaluate]


def replace(call: Call, arguments: Arguments) -> Evaluate:
    """The closure of the form that the written arguments make. Raises `Misuse` for any other."""
    written = frozenset(
        name
        for name, given in zip(PARAMETERS[1:], arguments[1:], strict=False)
        if given is not None
    )
    form = FORMS.get(written)
    if form is None:
        raise Misuse(
            call,
            Text("Replace does not know what to do with these arguments together."),
            Text(
                "Give oldValue and replacementValue, oldValue and template, or regexPattern with "
                "replacementValue and perhaps regexGroupName, or regexPattern, regexGroupName "
                "and replacementAttributeName"
            ),
        )
    _check_pattern(call)
    return form(padded(arguments, len(PARAMETERS)))


def _check_pattern(call: Call) -> None:
    """A pattern that is written out is read at once, so that a wrong one cannot be saved."""
    source, group = constant_text(call, PATTERN), constant_text(call, GROUP)
    if source is None:
        return
    node = call.arguments[PATTERN]
    assert node is not None, "a constant was written"
    try:
        pattern = compile_pattern(source)
    except PatternError as error:
        raise Misuse(node, error.text) from None
    if group is not None and group not in pattern.groups:
        raise Misuse(
            call.arguments[GROUP] or node,
            Text("The regular expression has no group “{group}”.", {"group": group}),
        )


def _old_by_new(given: list[Evaluate]) -> Evaluate:
    source, old, new = given[SOURCE], given[OLD], given[NEW]

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        wanted = _something(text(old(attributes, context)))
        return text(source(attributes, context)).replace(wanted, text(new(attributes, context)))

    return evaluate


def _old_in_template(given: list[Evaluate]) -> Evaluate:
    return _old_by_new([given[TEMPLATE], given[OLD], *given[2:NEW], given[SOURCE]])


def _something(old: str) -> str:
    if not old:
        raise failed("Replace has nothing to look for: oldValue is empty")
    return old


def _matches(given: list[Evaluate]) -> Evaluate:
    source, regular, new = given[SOURCE], given[PATTERN], given[NEW]

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        pattern = _pattern(text(regular(attributes, context)))
        by = replacement(pattern, text(new(attributes, context)))
        return pattern.sub(by, text(source(attributes, context)))

    return evaluate


def _group_only(given: list[Evaluate]) -> Evaluate:
    source, regular, name, new = given[SOURCE], given[PATTERN], given[GROUP], given[NEW]

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        pattern = _pattern(text(regular(attributes, context)))
        group = _group(pattern, text(name(attributes, context)))
        value, inserted = text(source(attributes, context)), text(new(attributes, context))

        def changed(match: regex.Match[str]) -> str:
            start, end = match.span(group)
            if start < 0:
                return match[0]
            return value[match.start() : start] + inserted + value[end : match.end()]

        return pattern.sub(changed, value)

    return evaluate


def _from_attribute(given: list[Evaluate]) -> Evaluate:
    source, regular, name, other = given[SOURCE], given[PATTERN], given[GROUP], given[ATTRIBUTE]

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        value = source(attributes, context)
        if not empty(value):
            return value
        pattern = _pattern(text(regular(attributes, context)))
        group = _group(pattern, text(name(attributes, context)))
        found = pattern.search(text(other(attributes, context)))
        return None if found is None else found[group]

    return evaluate


def _pattern(source: str) -> Pattern:
    try:
        return compile_pattern(source)
    except PatternError as error:
        raise failed("{problem}", problem=error.text) from None


def _group(pattern: Pattern, name: str) -> int:
    if name not in pattern.groups:
        raise failed("The regular expression has no group “{group}”", group=name)
    return pattern.groups[name]


FORMS: dict[frozenset[str], Form] = {
    frozenset({"oldValue", "replacementValue"}): _old_by_new,
    frozenset({"oldValue", "template"}): _old_in_template,
    frozenset({"regexPattern", "replacementValue"}): _matches,
    frozenset({"regexPattern", "regexGroupName", "replacementValue"}): _group_only,
    frozenset({"regexPattern", "regexGroupName", "replacementAttributeName"}): _from_attribute,
}

FUNCTIONS = (
    Function("Replace", "?, ".join(PARAMETERS).replace("source?", "source") + "?", build=replace),
)
