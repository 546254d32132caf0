"""What stands under a Redact is quoted by nobody: not by a value, a failure or a warning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from expression_world import answer, context, quoted, value
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.accounts import TargetLimits, ValueForm
from app.domain.errors import EntryError
from app.domain.people import Value
from app.domain.settings import AttributeMapping, MappingType
from app.mapping.attributes import compile_mappings
from app.mapping.errors import ExpressionError
from app.mapping.expression import compile_expression
from app.mapping.functions import FUNCTIONS
from app.mapping.limits import GOTO_ADMIN

MARK = "SECRET-777"
NUMBER = "77712345"
VALUES: tuple[Value, ...] = (
    MARK,
    f"{MARK} x@y",
    NUMBER,
    f"-{NUMBER}.5",
    (MARK, NUMBER),
    int(NUMBER),
)


def quotes(said: object) -> bool:
    """Does it give away the value? Numbers may have lost their sign and digits after the point."""
    return "SECRET" in str(said).upper() or NUMBER in str(said)


def told(expression: str, secret: Value) -> Iterator[object]:
    """Everything that evaluating says to anybody but the target."""
    try:
        found = compile_expression(expression).answer(
            {"s": secret, "b": "b"}, context(taken=VALUES_TAKEN)
        )
    except EntryError as error:
        yield error.text
        yield error.advice
        yield error
        yield error.__cause__
        return
    yield found.logged


VALUES_TAKEN = [str(one) for one in VALUES]
REPLACING = [
    "Replace([b], Redact([s]), , , [none], , )",
    "Replace([b], , Redact([s]), , [b], , )",
    'Replace([b], , Append("(", Redact([s])), , [b], , )',
    'Replace([b], , "(b)", Redact([s]), [b], , )',
    "Replace([none], , Redact([s]), Redact([s]), , [b], )",
    'Replace(Redact([s]), , "^(([A-Z]|[A-Z0-9])+)+$", , [b], , )',
]
OTHERS = ["1", "[b]", '"yyyy"', '"("', '"|"', ""]


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS)))
def test_no_function_gives_a_hidden_argument_away(name: str) -> None:
    """In every place, with every number of arguments, whatever the others are."""
    failures = 0
    for expression in (*_calls(name), *(REPLACING if name == "Replace" else ())):
        for secret in VALUES:
            try:
                lines = list(told(expression, secret))
            except ExpressionError:
                continue
            failures += len(lines) > 1
            assert not any(map(quotes, lines)), (expression, secret, lines)
    assert failures or name not in FAILING


def _calls(name: str) -> Iterator[str]:
    for count in range(1, 8):
        for place in range(count):
            for other in OTHERS:
                arguments = [other] * count
                arguments[place] = "Redact([s])"
                yield f"{name}({', '.join(arguments)})"


FAILING = frozenset(
    {"BitAnd", "CDate", "ConvertFromBase64", "DNComponent", "DateAdd", "DateDiff", "DateFromNum",
     "Error", "FormatDateTime", "IIF", "InStr", "Item", "Left", "Mid", "NumFromDate",
     "RandomString", "Replace", "SelectUniqueValue", "StringFromSid", "ToLower", "ToUpper", "Word"}
)  # fmt: skip
"""Functions that a value can fail."""

LITERALS = st.sampled_from(
    ["Redact([s])", "Redact([s])", "[b]", "1", "-2", '"a"', '"yyyy"', '"(?<n>.)"', '"n"', "",
     "Redact([s]) = [b]", "Redact([s]) < 2", "Now()", 'Append("x", Redact([s]))']
)  # fmt: skip


def calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(inner, max_size=7).map(", ".join)
    return st.builds("{}({})".format, st.sampled_from(sorted(FUNCTIONS)), arguments)


@given(st.recursive(LITERALS, calls, max_leaves=10), st.sampled_from(VALUES))
@settings(max_examples=800, deadline=None)
def test_nothing_hidden_is_quoted_from_anywhere(expression: str, secret: Value) -> None:
    try:
        lines = list(told(expression, secret))
    except ExpressionError:
        return
    assert not any(map(quotes, lines)), lines


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ('FormatDateTime(Redact([s]), "d", "d")', "“[Redact]” does not have the form [Redact]"),
        ('Join("-", Redact([s]), CDate([b]))', "“plain” is not a date"),
        ('Left(CDate([b]), Redact([s]))', "“plain” is not a date"),
        ('IIF(Redact([s]) = "x", 1, CDate([b]))', "“plain” is not a date"),
        ('IIF([b] < 3, Redact([s]), "")', "“plain” stands where a number is needed"),
        ("IIF(Redact([s]) < 3, 1, 2)", "“[Redact]” stands where a number is needed"),
        ("Redact([s]) < 3", "“[Redact]” stands where a number is needed"),
        ("Redact(CDate([s]))", None),
        ("Redact(Append(Redact([b]), CDate([s])))", None),
        ('Error(Append("No badge: ", Redact([s])))', "No badge: [Redact]"),
        ("SelectUniqueValue(Redact([s]), Redact([s]))", "the last was “[Redact]”"),
    ],
)  # fmt: skip
def test_a_failure_still_says_what_it_may(expression: str, said: str | None) -> None:
    compiled = compile_expression(expression)
    with pytest.raises(EntryError) as caught:
        compiled.answer({"s": MARK, "b": "plain"}, context(taken=[MARK]))
    if said is None:
        # What goes wrong inside of it is no value of the Redact yet, and hidden all the same.
        assert not quotes(caught.value)
    else:
        assert said in str(caught.value)


def test_a_comparison_of_a_hidden_value_is_hidden_too() -> None:
    assert answer(f"Redact([s]) = {quoted(MARK)}", s=MARK).logged == "[Redact]"
    assert value(f"Redact([s]) = {quoted(MARK)}", s=MARK) is True


SCIM = TargetLimits(
    max_lengths={"name": 3},
    refused_lengths={"userName": 12},
    forms={"locale": ValueForm.LOCALE, "zone": ValueForm.TIME_ZONE},
    identity="userName",
    booleans=frozenset({"active"}),
)


@pytest.mark.parametrize("secret", VALUES)
@pytest.mark.parametrize(
    "expression", ["Redact([s])", 'Split(Redact([s]), ",")', "Trim(Redact([s]))"]
)
@pytest.mark.parametrize("limits", [SCIM, GOTO_ADMIN])
def test_no_warning_or_refusal_quotes_a_hidden_value(
    limits: TargetLimits, expression: str, secret: Value
) -> None:
    warned = False
    for target in ("userName", "active", "locale", "zone", "name", "email", "lastName"):
        if limits.attributes and target not in limits.attributes:
            continue
        mapping = AttributeMapping(target, MappingType.EXPRESSION, expression=expression, match=1)
        mappings = compile_mappings([mapping], limits)
        try:
            found = mappings.evaluate({"s": secret}, creating=True, context=context(), whole=False)
        except EntryError as error:
            assert not quotes(error.text)
            assert not quotes(error.advice)
            warned = True
            continue
        assert not any(map(quotes, found.warnings))
        assert not quotes(found.logged)
        warned = warned or bool(found.warnings)
    assert warned


def test_a_warning_shows_what_the_log_may_show() -> None:
    mapping = AttributeMapping(
        "locale", MappingType.EXPRESSION, expression='Append("x ", Redact([s]))', match=1
    )
    found = compile_mappings([mapping], SCIM).evaluate(
        {"s": MARK}, creating=True, context=context(), whole=False
    )
    assert "“x [Redact]” is not a language" in str(found.warnings[0])
