"""Mappings, expressions and scoping filters: vectors written from the rules."""

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.graph_shapes import ATTRIBUTE_OF, read_person
from app.domain.accounts import TargetLimits
from app.domain.errors import ConfigurationError, EntryError
from app.domain.settings import (
    Apply,
    AttributeMapping,
    Clause,
    MappingType,
    Operator,
    ScopingFilter,
    TargetKind,
)
from app.mapping.attributes import compile_mappings
from app.mapping.comparison import differences
from app.mapping.defaults import default_mappings
from app.mapping.errors import ExpressionError
from app.mapping.expression import compile_expression
from app.mapping.patterns import compile_pattern
from app.mapping.scoping import UNFILTERABLE, compile_filters
from app.mapping.sources import KNOWN
from app.mapping.values import Context, Flow

LIMITS = TargetLimits(
    max_lengths={"lastName": 60},
    attributes=frozenset({"email", "firstName", "lastName", "locale"}),
    required=frozenset({"email", "firstName", "lastName"}),
    case_insensitive=frozenset({"email"}),
)
CONTEXT = Context(datetime(2026, 1, 1, tzinfo=UTC), Random(1))


def value(expression: str, **attributes: object) -> object:
    return compile_expression(expression)(attributes, CONTEXT)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expression", "attributes", "expected"),
    [
        ('Append([a], "!")', {"a": "hi"}, "hi!"),
        ('Join(".", [a], [b], [c])', {"a": "x", "b": "", "c": "z"}, "x.z"),
        ("Left([a], 3)", {"a": "abcdef"}, "abc"),
        ("Left([a], -1)", {"a": "abc"}, "abc"),
        ("Mid([a], 2, 99)", {"a": "abc"}, "bc"),
        ("Len([a])", {"a": None}, 0),
        ('InStr("Hello", "L", , vbTextCompare)', {}, 3),
        ('InStr("Hello", "L")', {}, 0),
        ("PCase([a])", {"a": "mary-jane o'neill"}, "Mary-Jane O'Neill"),
        ("NormalizeDiacritics([a])", {"a": "Łódź Øre straße"}, "Lodz OEre strasse"),
        ('Word([a], 2, " ,")', {"a": "a, b"}, "b"),
        ('Item(Split([a], ","), 2)', {"a": "x, y"}, "y"),
        ('Switch([a], "none", "x", "X")', {"a": "x"}, "X"),
        ('Switch([a], "none", "x", "X")', {"a": "q"}, "none"),
        ('Switch([a], [a], "", "empty")', {}, "empty"),
        ('IIF([a] = "x", "yes", Mid("a", 0, 1))', {"a": "x"}, "yes"),
        ('Coalesce([a], [b], "c")', {"b": ""}, ""),
        ("Not([a])", {"a": True}, False),
        ("IgnoreFlowIfNullOrEmpty([a])", {}, Flow.IGNORE),
        ("CBool(&H10 = 16)", {}, True),
        ("Count([a])", {"a": ("x", "y")}, 2),
        (r'Append("a\\b", "\"")', {}, 'a\\b"'),
    ],
)
def test_functions(expression: str, attributes: dict[str, object], expected: object) -> None:
    assert value(expression, **attributes) == expected


@pytest.mark.parametrize(
    ("expression", "column"),
    [
        ("", 1),
        ('Append("a"', 11),
        ('Nope("a")', 1),
        ('ToUpper("a", "b", "c")', 19),
        ('Append([a], "x', 13),
        ('Append([a] & "x")', 12),
    ],
)
def test_errors_point_at_the_column(expression: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(expression)
    assert caught.value.column == column


@given(st.text(alphabet="abAppendJoin(\"[]),&H0=<> \\'", max_size=60))
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    try:
        compile_expression(text)
    except ExpressionError as error:
        assert error.column >= 1


@pytest.mark.parametrize(
    ("attributes", "names"),
    [
        ({"mail": "a@x", "givenName": "Zoë", "surname": "Lefèvre"}, ("Zoë", "Lefèvre")),
        ({"mail": "a@x", "displayName": "Ana María Núñez"}, ("Ana", "María Núñez")),
        ({"mail": "a@x", "displayName": "陈美玲"}, ("陈美玲", "陈美玲")),
        ({"mail": "", "userPrincipalName": "x.y@z", "givenName": ""}, ("x.y", "x.y")),
    ],
)
def test_default_names_fall_back(attributes: dict[str, str], names: tuple[str, str]) -> None:
    mappings = compile_mappings(default_mappings(TargetKind.GOTO_ADMIN), LIMITS)
    found = mappings.evaluate(attributes, creating=True, context=CONTEXT).values
    assert (found["firstName"], found["lastName"]) == names


def test_long_values_are_cut_with_a_warning() -> None:
    mappings = compile_mappings(default_mappings(TargetKind.GOTO_ADMIN), LIMITS)
    attributes = {"mail": "a@x", "givenName": "A", "surname": "n\u0303" * 31}
    found = mappings.evaluate(attributes, creating=True, context=CONTEXT)
    assert found.values["lastName"] == "n\u0303" * 30
    assert "lastName" in str(found.warnings[0])


def test_defaults_on_creation_only_and_create_only() -> None:
    mappings = compile_mappings(
        [
            AttributeMapping("email", MappingType.DIRECT, source="mail", match=1),
            AttributeMapping("firstName", MappingType.DIRECT, source="g", default="New"),
            AttributeMapping(
                "lastName", MappingType.CONSTANT, constant="Person", apply=Apply.CREATE_ONLY
            ),
        ],
        LIMITS,
    )
    made = mappings.evaluate({"mail": "a@x"}, creating=True, context=CONTEXT).values
    kept = mappings.evaluate({"mail": "a@x"}, creating=False, context=CONTEXT).values
    assert made == {"email": "a@x", "firstName": "New", "lastName": "Person"}
    assert kept == {"email": "a@x"}


def test_missing_required_values_fail_one_person() -> None:
    mappings = compile_mappings(
        [AttributeMapping("email", MappingType.DIRECT, source="mail", match=1)], LIMITS
    )
    with pytest.raises(EntryError) as caught:
        mappings.evaluate({"mail": "a@x"}, creating=True, context=CONTEXT)
    assert caught.value.code == "MandatoryFieldsMissing"


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        (AttributeMapping("shoe", MappingType.DIRECT, source="x", match=1), "[0].target"),
        (AttributeMapping("email", MappingType.DIRECT, match=1), "[0].source"),
        (
            AttributeMapping("email", MappingType.EXPRESSION, expression="(", match=1),
            "[0].expression",
        ),
        (AttributeMapping("email", MappingType.DIRECT, source="x"), "attributes"),
    ],
)
def test_wrong_mappings_name_their_key(mapping: AttributeMapping, key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        compile_mappings([mapping], LIMITS)
    assert caught.value.key.endswith(key)


def test_only_differences_and_not_capitals_of_addresses() -> None:
    changes = differences(
        {"email": "A@X", "firstName": "ann"}, {"email": "a@x", "firstName": "Ann"}, LIMITS
    )
    assert [change.attribute for change in changes] == ["firstName"]


@pytest.mark.parametrize(
    ("operator", "operand", "given_value", "passes"),
    [
        (Operator.EQUALS, "Sales", "Sales", True),
        (Operator.EQUALS, "Sales", "sales", False),
        (Operator.NOT_EQUALS, "Sales", None, False),
        (Operator.IS_NULL, "", "", True),
        (Operator.IS_NOT_NULL, "", "x", True),
        (Operator.IS_TRUE, "", True, True),
        (Operator.REGEX_MATCH, "^A.c$", "Abc", True),
        (Operator.NOT_REGEX_MATCH, "b", None, False),
        (Operator.GREATER_THAN, "10", "11", True),
        (Operator.GREATER_THAN, "10", "10", False),
        (Operator.GREATER_THAN_OR_EQUALS, "10", "10", True),
        (Operator.GREATER_THAN, "10", "x", False),
        (Operator.ENDS_WITH, "son", "Jonsson", True),
        (Operator.INCLUDES, "ale", "Sales", True),
        (Operator.IN, "DE,FR", "FR", True),
        (Operator.NOT_IN, "DE,FR", "FR", False),
    ],
)
def test_scoping_operators(
    operator: Operator, operand: str, given_value: str | bool | None, passes: bool
) -> None:
    filters = compile_filters([ScopingFilter("f", (Clause("department", operator, operand),))])
    assert filters.check({"department": given_value}).passed is passes


def test_clauses_and_filters_or() -> None:
    sales = Clause("department", Operator.EQUALS, "Sales")
    lyon = Clause("city", Operator.EQUALS, "Lyon")
    filters = compile_filters([ScopingFilter("one", (sales, lyon)), ScopingFilter("two", (lyon,))])
    assert filters.check({"city": "Lyon"}).filter_name == "two"
    assert filters.check({"department": "Sales"}).passed is False
    assert compile_filters([]).check({}).passed is True


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (r"\p{L}", "a"),
        (r"\p{Lu}", "A"),
        (r"^\P{Lu}+$", "abc"),
        (r"\p{IsGreek}", "α"),
        ("a{2}", "aa"),
    ],
)
def test_properties_of_characters_match_outside_a_set_too(pattern: str, value: str) -> None:
    assert compile_pattern(pattern).search(value)


def test_every_attribute_the_directory_delivers_can_be_filtered_by() -> None:
    delivered = read_person(
        {
            "id": "1",
            "userPrincipalName": "a@b",
            "businessPhones": ["1"],
            "onPremisesExtensionAttributes": {f"extensionAttribute{n}": "x" for n in range(1, 16)},
            **dict.fromkeys(ATTRIBUTE_OF),
        }
    )
    assert set(delivered.attributes) - UNFILTERABLE == KNOWN


def test_a_filter_on_an_attribute_nobody_has_is_refused() -> None:
    clause = Clause("departement", Operator.EQUALS, "Sales")
    with pytest.raises(ConfigurationError, match="departement") as refused:
        compile_filters([ScopingFilter("Sales", (clause,))])
    assert "department" in str(refused.value.advice)
