"""Reading expressions: every rule of the grammar, and errors that point at the place."""

from __future__ import annotations

import pytest
from expression_world import answer, context, quoted, value
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import EntryError
from app.mapping.errors import ExpressionError
from app.mapping.expression import Answer, compile_expression
from app.mapping.functions import FUNCTIONS
from app.mapping.grammar import MAX_LENGTH


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('Append ( "a" ,\t\n"b" )', "ab"),
        (r'Append("\"", "\\")', '"\\'),
        (r'Append("\+", "\d")', r"\+\d"),
        ('Append("\'a\'", "b")', "'a'b"),
        ("Append(&HfF, -1.50)", "255-1.50"),
        ("ToLower([ a ], , )", None),
        ('Append("é\n", "")', "é\n"),
        ("[a]", "A"),
        ('"x"', "x"),
        ('[a] = "A"', True),
        ('Append([a]="A", 1)', "True1"),
        ("Append(7, 007)", "7007"),
    ],
)
def test_grammar(expression: str, expected: object) -> None:
    if expected is None:
        with pytest.raises(ExpressionError):
            compile_expression("ToLower([a], , , )x")
        return
    assert value(expression, a="A") == expected


@pytest.mark.parametrize(
    ("expression", "column", "said"),
    [
        ("", 1, "empty"),
        ("  \n", 1, "empty"),
        ('Append("a", "b"', 16, "closing “)”"),
        ('Append("a", "b"))', 17, "complete"),
        ('Append("a" "b")', 12, "comma"),
        ('Append("a, b)', 8, "closing quotation mark"),
        ("Append([a, 1)", 8, "closing bracket"),
        ('Apend("a", "b")', 1, "Append"),
        ('Append("a", touper("b"))', 13, "ToUpper"),
        ('Append("a", toupper("b"))', 13, "written ToUpper"),
        ('Xyzzy("a")', 1, "no function Xyzzy"),
        ("Append", 1, "needs “(” and “)”"),
        ('InStr("a", "b", 1, vbtextcompare)', 20, "vbTextCompare"),
        ("hello", 1, "hello"),
        ('Append("a")', 1, "suffix"),
        ('Append(, "a")', 1, "source"),
        ('Append("a", "b", "c")', 18, "too many"),
        ("Now(1)", 5, "too many"),
        ("IIF([a] AND [b], 1, 2)", 9, "AND"),
        ('[a] & "x"', 5, "&"),
        ("ToLower(‘a’)", 9, "does not begin"),
        ("ToLower([])", 9, "name of an attribute"),
        (f"BitAnd(&H{'F' * 17}, 1)", 8, "too large"),
        ('[a] = [b] = "c"', 11, "complete"),
        ("ToLower(,", 10, "closing “)”"),
        ("x" * (MAX_LENGTH + 1), MAX_LENGTH + 1, "10000"),
    ],
)
def test_errors(expression: str, column: int, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(expression)
    assert (caught.value.column, said in str(caught.value)) == (column, True), str(caught.value)


def test_errors_of_several_lines_name_the_line() -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression('Append("a",\n  Nonsense("b"))')
    assert (caught.value.line, caught.value.column, caught.value.offset) == (2, 3, 15)


def test_length() -> None:
    fits = 'Append("", "")'
    assert value(fits.replace('""', '"' + "x" * (MAX_LENGTH - len(fits)) + '"', 1))


def nested(before: str, middle: str, after: str) -> tuple[str, int]:
    """The deepest expression of this shape that an expression may be, and how deep that is."""
    depth = (MAX_LENGTH - len(middle)) // len(before + after)
    return before * depth + middle + after * depth, depth


def test_calls_stand_inside_each_other_as_deeply_as_the_length_allows() -> None:
    deep, depth = nested("Not(", "[a]", ")")
    assert depth == 1999
    assert value(deep, a="True") is False
    deep, depth = nested("Append(", '"a"', ",1)")
    assert value(deep) == "a" + "1" * depth
    deep, _ = nested('IIF([a]="x",CDate("no"),', '"n"', ")")
    assert value(deep, a="y") == "n"
    deep, _ = nested('IIF([a]="x","y",', 'CDate("no")', ")")
    assert value(deep, a="x") == "y"
    with pytest.raises(EntryError, match="“no” is not a date"):
        value(deep, a="y")
    deep, _ = nested("Redact(", "[a]", ")")
    assert answer(deep, a="x") == Answer("x", None, "[Redact]")
    deep, depth = nested("Append(", 'Redact("x")', ",1)")
    assert answer(deep) == Answer("x" + "1" * depth, None, "[Redact]" + "1" * depth)
    side = "Append(" * 99 + "[a]" + ",1)" * 99
    branches = "Append(" * 70 + 'Join("-",' + ",".join([side] * 8) + ")" + ",2)" * 70
    assert value(branches, a="x") == "-".join(["x" + "1" * 99] * 8) + "2" * 70


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (nested("a(", "[a]", ")")[0], "no function a"),
        (nested("Not(", "Foo()", ")")[0], "no function Foo"),
        (nested("Not(", '"a" = "b" = "c"', ")")[0], "comma"),
        ("Append(" + "Not(" * 1900 + "[a]" + ")" * 1900 + ' "x")', "comma"),
        ("Not(" * 2500, "closing"),
        ("(" * MAX_LENGTH, "expected"),
        (nested("Not(", "[]", ")")[0], "name of an attribute"),
    ],
)
def test_what_is_wrong_deep_inside_is_said(expression: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said):
        compile_expression(expression)


@given(st.text(max_size=80))
def test_a_text_means_itself(text: str) -> None:
    assert value(f'Append({quoted(text)}, "")') == text


PIECES = st.sampled_from(
    [*FUNCTIONS, "(", ")", ",", "[a]", "[b]", '"x"', '"', "\\", "=", "<>", "<=", "&H1", "-1", "5",
     "IgnoreAttributeFlow", "vbTextCompare", " ", "\n", "[", "]", "&", "'", "é", "\ud800", "\0"]
)  # fmt: skip


def tried(expression: str, attributes: dict[str, object]) -> None:
    """Whatever happens is one of the two errors."""
    try:
        compiled = compile_expression(expression)
    except ExpressionError as error:
        assert 1 <= error.offset <= len(expression) + 1
        return
    try:
        found = compiled.answer(attributes, context())  # type: ignore[arg-type]
    except EntryError:
        return
    assert isinstance(found, Answer)
    assert found.value is None or isinstance(found.value, str | int | tuple)


@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_is_read_or_refused(text: str) -> None:
    tried(text, {"a": "x"})


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=30),
    st.sampled_from(["2020-03-16", "8/25/2021 5:41:18 PM", "10:30", "129699324000000000", "1.5"]),
    st.lists(st.text(max_size=5), max_size=3).map(tuple),
)
LITERALS = st.sampled_from(
    ["[a]", "[b]", "[none]", "1", "2", "-1", "&HFF", '""', '"a"', '"x, y"', '"(?<n>a*)"', '"n"',
     '"yyyy-MM-dd"', '"d"', '"ww"', '"2020-03-16"', '"tr"', '[a] = "x"', "[a] < 2", "", "Now()"]
)  # fmt: skip


def calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(inner, max_size=7).map(", ".join)
    return st.builds("{}({})".format, st.sampled_from(sorted(FUNCTIONS)), arguments)


@given(st.recursive(LITERALS, calls, max_leaves=12), VALUES, VALUES)
@settings(max_examples=600, deadline=None)
def test_any_values_are_worked_out_or_fail_one_person(
    expression: str, one: object, other: object
) -> None:
    tried(expression, {"a": one, "b": other})


@given(st.text(alphabet="ab[](){}?<>:*+\\^$.|-=!,01nkP'cxu&#i", max_size=24), st.text(max_size=8))
@settings(max_examples=400, deadline=None)
def test_any_regular_expression_is_read_or_refused(pattern: str, text: str) -> None:
    tried(f'Replace([a], , {quoted(pattern)}, , "x", , )', {"a": text})


@given(st.text(max_size=12), st.text(max_size=16))
@settings(max_examples=300)
def test_any_date_is_read_or_refused(written: str, form: str) -> None:
    tried("FormatDateTime([a], , [b], [b])", {"a": written, "b": form})
    tried("CDate([a])", {"a": written})
