"""Replace in its five forms (spec/expressions.md 3). Which one is meant shows in what is written."""

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
PATTERN, GROUP = 2, 3

Form = Callable[[list[Evaluate], Attributes, Context], Inner]


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
    given = padded(arguments, len(PARAMETERS))
    return lambda attributes, context: form(given, attributes, context)


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


def _old_by_new(given: list[Evaluate], attributes: Attributes, context: Context) -> str:
    old = _old(given, attributes, context)
    source, new = (text(given[at](attributes, context)) for at in (0, 4))
    return source.replace(old, new)


def _old_in_template(given: list[Evaluate], attributes: Attributes, context: Context) -> str:
    old = _old(given, attributes, context)
    source, template = (text(given[at](attributes, context)) for at in (0, 6))
    return template.replace(old, source)


def _old(given: list[Evaluate], attributes: Attributes, context: Context) -> str:
    old = text(given[1](attributes, context))
    if not old:
        raise failed("Replace has nothing to look for: oldValue is empty")
    return old


def _matches(given: list[Evaluate], attributes: Attributes, context: Context) -> str:
    pattern = _pattern(given, attributes, context)
    source, new = (text(given[at](attributes, context)) for at in (0, 4))
    return pattern.sub(replacement(pattern, new), source)


def _group_only(given: list[Evaluate], attributes: Attributes, context: Context) -> str:
    pattern = _pattern(given, attributes, context)
    group = _group(pattern, given, attributes, context)
    source, new = (text(given[at](attributes, context)) for at in (0, 4))

    def changed(match: regex.Match[str]) -> str:
        start, end = match.span(group)
        if start < 0:
            return match[0]
        return source[match.start() : start] + new + source[end : match.end()]

    return pattern.sub(changed, source)


def _from_attribute(given: list[Evaluate], attributes: Attributes, context: Context) -> Inner:
    value = given[0](attributes, context)
    if not empty(value):
        return value
    pattern = _pattern(given, attributes, context)
    group = _group(pattern, given, attributes, context)
    found = pattern.search(text(given[5](attributes, context)))
    return None if found is None else found[group]


def _pattern(given: list[Evaluate], attributes: Attributes, context: Context) -> Pattern:
    try:
        return compile_pattern(text(given[PATTERN](attributes, context)))
    except PatternError as error:
        raise failed("{problem}", problem=error.text) from None


def _group(
    pattern: Pattern, given: list[Evaluate], attributes: Attributes, context: Context
) -> int:
    name = text(given[GROUP](attributes, context))
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
