"""Every rule of the text that can be shown by one example, function by function.

Also the choices where the text leaves one: the test is where they are written down.
"""

from __future__ import annotations

import pytest
from expression_world import answer, context, value

from app.domain.errors import EntryError
from app.domain.people import Value
from app.mapping.errors import ExpressionError
from app.mapping.expression import compile_expression
from app.mapping.values import Flow


@pytest.mark.parametrize(
    ("expression", "attributes", "expected"),
    [
        ("Append([a], [b])", {"a": None, "b": "x"}, "x"),
        ('Join(", ", [l], 7, Now())', {"l": ("a", "", "b")}, "a, b, 7, 5/17/2026 1:04:05 PM"),
        ('Join("", "a", "b")', {}, "ab"),
        ("Left([a], 0)", {"a": "abc"}, ""),
        ("Left([a], 2)", {"a": None}, ""),
        ("Left([a], -3)", {"a": "abc"}, "abc"),
        ("Left([a], [n])", {"a": "abc", "n": "2"}, "ab"),
        ("Mid([a], 4, 1)", {"a": "abc"}, ""),
        ("Mid([a], 1, 1)", {"a": None}, ""),
        ("Len([a])", {"a": 1234}, 4),
        ("Len(007.50)", {}, 6),
        ('InStr([a], "x")', {"a": None}, 0),
        ('InStr("aXa", "A", 2, vbTextCompare)', {}, 3),
        ('InStr("İx", "X", 1, vbTextCompare)', {}, 2),
        ("ToLower([a])", {"a": "ΟΔΟΣ İI"}, "οδοσ İi"),
        ('ToLower([a], "tr")', {"a": "Iİ"}, "ıi"),
        ('ToLower([a], "tr-TR")', {"a": "DIŞ"}, "dış"),
        ('ToUpper([a], "az-Latn-AZ")', {"a": "iı"}, "İI"),
        ('ToUpper([a], "de-CH")', {"a": "straße"}, "STRAßE"),
        ('ToLower([a], "lt")', {"a": "JÌ"}, "jì"),
        ('ToUpper([a], "xx")', {"a": "iı"}, "II"),
        ("ToUpper([a])", {"a": "iı"}, "Iı"),
        ("ToUpper([a], [c])", {"a": "i", "c": "tr"}, "İ"),
        ("ToUpper([a], )", {"a": "i"}, "I"),
        ("PCase([a])", {"a": "JEAN-LUC o'neil\tx_y 3m"}, "Jean-Luc O'Neil\tX_Y 3m"),
        ('PCase([a], " ")', {"a": "JEAN-LUC o'neil"}, "Jean-luc O'neil"),
        ('PCase([a], "")', {"a": "ANN LEE"}, "Ann lee"),
        ("StripSpaces([a])", {"a": " a\tb\u00a0c "}, "a\tb\u00a0c"),
        ("NormalizeDiacritics([a])", {"a": "Ǿǣßłı đ 한 ゛"}, "OEaessli đ 한 ゛"),
        ("NormalizeDiacritics([a])", {"a": "e\u0301\u0323"}, "e"),
        ('Word([a], 0, " ")', {"a": "a b"}, ""),
        ('Word([a], 3, " ")', {"a": "a b"}, ""),
        ('Word([a], 1, " ")', {"a": None}, ""),
        ('Word([a], 2, " ,")', {"a": ", a,, b"}, "b"),
        ('Word([a], 1, "")', {"a": "a b"}, "a b"),
        ('Split([a], ",")', {"a": "a, b ,,c"}, ("a", "b", "", "c")),
        ('Split([a], ",")', {"a": None}, None),
        ('Count(Split([a], ","))', {"a": ""}, 0),
        ("Trim([l])", {"l": (" a", "b ")}, ("a", "b")),
        ("ConvertToBase64([a])", {"a": "é"}, "6QA="),
        ("ConvertToUTF8Hex([a])", {"a": "é€"}, "C3A9E282AC"),
        ("ConvertToUTF8Hex([a])", {"a": "\ud800"}, "EFBFBD"),
        ('ConvertFromBase64("w6k=", "UTF8")', {}, "é"),
        ('ConvertFromBase64("aGk=", "ASCII")', {}, "hi"),
        ('DNComponent("CN=Doe\\\\, Joe,OU=x", 1)', {}, "Doe, Joe"),
        ('DNComponent("CN=Joe,OU=Sales+x", 2)', {}, "Sales+x"),
        (
            "StringFromSid([s])",
            {"s": "AQUAAAAAAAUVAAAAoGXPfnhLm1/nfIdwr/1IAQ=="},
            "S-1-5-21-2127521184-1604012920-1887927527-21560751",
        ),
    ],
)
def test_text(expression: str, attributes: dict[str, Value], expected: object) -> None:
    assert value(expression, **attributes) == expected


@pytest.mark.parametrize(
    ("arguments", "attributes", "expected"),
    [
        ('[a], "b", , , "", , ', {"a": "abab"}, "aa"),
        ('[a], "x", , , "y", , ', {"a": None}, ""),
        ('[a], "%", , , , , "(%/%)"', {"a": "x"}, "(x/x)"),
        ('[a], , "x*", , "-", , ', {"a": "abc"}, "-a-b-c-"),
        ('[a], , ".*", , "y", , ', {"a": "abc"}, "yy"),
        ('[a], , "b", , "x", , ', {"a": "aBc"}, "aBc"),
        # Named groups count from the left after unnamed ones: here $1 is the group d.
        (
            r'[a], , "(?<d>\\d+)-(?<w>\\w+)", , "${w}:$1:$&:$$:${no}", , ',
            {"a": "1-a"},
            "a:1:1-a:$:${no}",
        ),
        (r'[a], , "(?<d>\\d)x", "d", "", , ', {"a": "1x 2x 3y"}, "x x 3y"),
        (r'[a], , "(?<d>\\d)?x", "d", "N", , ', {"a": "x1x"}, "xNx"),
        (r'[a], , "(?<d>\\d+)", "d", , [b], ', {"a": "kept", "b": "no 7"}, "kept"),
        (r'[a], , "(?<d>\\d+)", "d", , [b], ', {"a": "", "b": "no 7"}, "7"),
        (r'[a], , "(?<d>\\d+)", "d", , [b], ', {"a": None, "b": "none"}, None),
        (r'[a], , "(?<d>\\d+)", "d", , [b], ', {"b": None}, None),
        ('[a], , "[a-z-[aeiou]]", , "*", , ', {"a": "hello"}, "*e**o"),
        (r'[a], , "\+(\d+)", , "$1", , ', {"a": "+49"}, "49"),
    ],
)
def test_replace(arguments: str, attributes: dict[str, Value], expected: str | None) -> None:
    assert value(f"Replace({arguments})", **attributes) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        "[a]",
        '[a], "b"',
        '[a], "b", "c", , "d"',
        '[a], , "b"',
        '[a], , "b", "g"',
        '[a], , , , "d"',
        '[a], "b", , , "c", , "d"',
        '[a], , "(", , "x"',
        r'[a], , "(?<d>\\d)", "e", "x"',
        "[a], , , , , , , [b]",
    ],
)
def test_replace_refuses_any_other_combination(arguments: str) -> None:
    with pytest.raises(ExpressionError):
        compile_expression(f"Replace({arguments})")


@pytest.mark.parametrize(
    ("expression", "attributes", "expected"),
    [
        ('IIF([a] = "x", "y", Error("no"))', {"a": "x"}, "y"),
        ('IIF([a] <> "x", Error("no"), "y")', {"a": "x"}, "y"),
        ('IIF([a] = "X", "y", "n")', {"a": "x"}, "n"),
        ("IIF([a], 1, 2)", {"a": "True"}, 1),
        ("IIF([a], 1, 2)", {"a": None}, 2),
        ('IIF([a] = "", 1, 2)', {"a": None}, 1),
        ("IIF([a] > 9, 1, 2)", {"a": "10"}, 1),
        ("IIF([a] <= 1.5, 1, 2)", {"a": "1.50"}, 1),
        ('IIF(IsNullOrEmpty([a]), "none", [a])', {}, "none"),
        ('IIF([a] = "x", , "n")', {"a": "x"}, None),
        ('Switch([a], "d", "x", "X", "x", "second")', {"a": "x"}, "X"),
        ('Switch([a], , "x", "X")', {"a": "X"}, None),
        ('Switch([a], "d", "", "empty")', {"a": None}, "empty"),
        ('Switch([a], "d", , "empty")', {"a": ""}, "empty"),
        ('Switch(IsPresent([a]), "d", "True", "yes")', {"a": "x"}, "yes"),
        ('Switch([a], "d", 5, "five")', {"a": "5"}, "five"),
        ('Switch([a], "d", [b], Append([b], "!"))', {"a": "q", "b": "q"}, "q!"),
        ('Switch([a], "d", "x", Error("no"), "y", "Y", )', {"a": "y"}, "Y"),
        ('Coalesce([a], [b], "d")', {"a": None, "b": ""}, ""),
        ("Coalesce([a], [b])", {}, None),
        ('Not("true")', {}, False),
        ('Not("no")', {}, True),
        ("Not([a])", {}, True),
        ("CBool(2)", {}, True),
        ("CBool(-0.5)", {}, True),
        ("CBool([a])", {"a": "0"}, False),
        ("CBool([a])", {}, False),
        ('CBool([a] = "x")', {"a": "x"}, True),
        ("IsNull([a])", {"a": ""}, False),
        ("IsNullOrEmpty([a])", {"a": ""}, True),
        ("IsPresent([a])", {"a": ""}, False),
        ("IsString([a])", {"a": None}, False),
        ("IsString(5)", {}, True),
        ("IsString([a])", {"a": ("x", "y")}, False),
        ("IgnoreFlowIfNullOrEmpty([a])", {"a": ""}, Flow.IGNORE),
        ("IgnoreFlowIfNullOrEmpty([a])", {"a": False}, False),
        ("IIF(IsPresent([a]), [a], IgnoreAttributeFlow)", {}, Flow.IGNORE),
        ("Count([a])", {"a": None}, 0),
        ("Count([a])", {"a": "x"}, 1),
        ("Item([a], 2)", {"a": ("x", "y")}, "y"),
        ("RemoveDuplicates([a])", {"a": ("b", "B", "b", "a")}, ("b", "B", "a")),
        ("BitAnd(&HF, &HF7)", {}, 7),
        ("BitAnd([a], 2)", {"a": "3"}, 2),
        ("CStr([a])", {"a": True}, "True"),
        ("CStr([a])", {"a": 42}, "42"),
        ("CStr([a])", {}, None),
    ],
)
def test_conditions_and_values(
    expression: str, attributes: dict[str, Value], expected: object
) -> None:
    found = value(expression, **attributes)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2020-03-16-07:00", "3/16/2020 7:00:00 AM"),
        ("2020-03-16", "3/16/2020 12:00:00 AM"),
        ("2020-03-16T23:30:00-01:00", "3/17/2020 12:30:00 AM"),
        ("2020-03-16 07:08:09.9999999Z", "3/16/2020 7:08:09 AM"),
        ("8/25/2021 5:41:18 PM", "8/25/2021 5:41:18 PM"),
        ("8/25/2021 12:41:18 AM", "8/25/2021 12:41:18 AM"),
        ("08/05/21", "8/5/2021 12:00:00 AM"),
        ("08/05/50", "8/5/1950 12:00:00 AM"),
        ("2021/8/5 17:00", "8/5/2021 5:00:00 PM"),
        ("Mon, 16 Mar 2020 07:00:00 GMT", "3/16/2020 7:00:00 AM"),
        ("16 March 2020", "3/16/2020 12:00:00 AM"),
        ("March 16, 2020 7 pm", "3/16/2020 7:00:00 PM"),
        ("16-Mar-2020", "3/16/2020 12:00:00 AM"),
        ("March 2020", "3/1/2020 12:00:00 AM"),
        ("2020-03", "3/1/2020 12:00:00 AM"),
        ("3/16", "3/16/2026 12:00:00 AM"),
        ("10:30", "5/17/2026 10:30:00 AM"),
        ("0001-01-01", "1/1/0001 12:00:00 AM"),
        ("9999-12-31T23:59:59", "12/31/9999 11:59:59 PM"),
        (" 2020-03-16 07:00 +05:30 ", "3/16/2020 1:30:00 AM"),
    ],
)
def test_cdate_reads(written: str, read: str) -> None:
    assert value("CDate([a])", a=written) == read
    assert value("CDate(CDate([a]))", a=written) == read


@pytest.mark.parametrize(
    "written",
    [
        "",
        "x",
        "20200316",
        "2020-13-01",
        "2020-02-30",
        "13/01/2020",
        "2020-03-16T25:00",
        "2020-03-16 07:60",
        "Tue, 16 Mar 2020",
        "0001-01-01T00:00+14:00",
        "2020-03-16T07:00+15:00",
        "2020-03-16 07:00 EST",
        "0000-01-01",
    ],
)
def test_cdate_refuses(written: str) -> None:
    with pytest.raises(EntryError):
        value("CDate([a])", a=written)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('DateAdd("m", 1, "2021-01-31")', "2/28/2021 12:00:00 AM"),
        ('DateAdd("yyyy", -1, "2020-02-29 10:00")', "2/28/2019 10:00:00 AM"),
        ('DateAdd("ww", -1, "2021-01-05")', "12/29/2020 12:00:00 AM"),
        ('DateAdd("h", 25, "2021-01-05")', "1/6/2021 1:00:00 AM"),
        ('DateAdd("n", -1, "2021-01-05")', "1/4/2021 11:59:00 PM"),
        ('DateAdd("s", 1, Now())', "5/17/2026 1:04:06 PM"),
        ('DateDiff("yyyy", "2020-12-31", "2021-01-01")', 1),
        ('DateDiff("m", "2021-01-31", "2020-12-01")', -1),
        ('DateDiff("d", "2021-01-02 12:00", "2021-01-01 13:00")', 0),
        ('DateDiff("d", "2021-01-01", "2021-01-01")', 0),
        ('DateDiff("ww", "2021-01-02", "2021-01-03")', 1),
        ('DateDiff("ww", "2021-01-02 12:00", "2021-01-03 11:00")', 0),
        ('DateDiff("s", "2021-01-01", "2021-01-01 00:00:01.9999999")', 1),
        ("DateFromNum(0)", "1/1/1601 12:00:00 AM"),
        ('NumFromDate("2012-01-01 23:00:00.0000001Z")', "129699324000000001"),
        ('NumFromDate("9999-12-31T23:59:59.9999999")', "2650467743999999999"),
    ],
)
def test_dates(expression: str, expected: object) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        'DateAdd("q", 1, Now())',
        'DateAdd("d", 4000000, Now())',
        'DateAdd("m", 99999999, Now())',
        'DateAdd("d", 1.5, Now())',
        'DateDiff("w", Now(), Now())',
        "DateFromNum(-1)",
        "DateFromNum(9999999999999999999)",
        'NumFromDate("1600-12-31")',
        'FormatDateTime("2020-1-1", , "yyyy-MM-dd", "d")',
        'FormatDateTime("", , "yyyy", "yyyy")',
        'Mid("a", 0, 1)',
        'Left("a", "x")',
        'InStr("a", "b", 0)',
        "Item([l], 0)",
        'Item("x", 2)',
        "IIF(5, 1, 2)",
        'IIF("a" < 2, 1, 2)',
        'Replace("a", [none], , , "b")',
        'ConvertFromBase64("%")',
        'ToLower("a", Append("not a", " culture"))',
        "RandomString(3, 1, 1, 1, 1)",
        "RandomString(257, 0, 0, 0, 0)",
        'RandomString(4, 4, 0, 0, 0, "0123456789")',
        'Error("on purpose")',
        'Append([l], "x")',
        'DNComponent("CN=x", 2)',
        'StringFromSid("x")',
    ],
)
def test_what_a_person_can_fail_at(expression: str) -> None:
    with pytest.raises(EntryError):
        value(expression, l=("a", "b"))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('"20150123105347.1Z", , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd"', "2015-01-23"),
        ('"1/2/2021 05:00:00 PM", "M/d/yyyy hh:mm:ss tt", "yyyy-MM-dd HH"', "2021-01-02 17"),
        (
            '"2021-01-02T03:04:05.1234567+02:00", , "o", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"',
            "2021-01-02T01:04:05.1234567Z",
        ),
        ('"  2021-01-02 ", , "yyyy-MM-dd", "dddd, d MMMM yy"', "Saturday, 2 January 21"),
        ('"Sat 02 Jan 2021", , "ddd dd MMM yyyy", "MM\'/\'dd"', "01/02"),
        ('"12:30", , "hh:mm", "yyyy-MM-dd HH:mm"', "2026-05-17 00:30"),
        ('"12:30", "NoCurrentDateDefault", "HH:mm", "yyyy-MM-dd"', "0001-01-01"),
        ('"2021 01", "AllowInnerWhite", "yyyyMM", "MM/yyyy"', "01/2021"),
        ('"21", , "yy", "yyyy"', "2021"),
        ('"49/1", , "yy/M", "yyyy"', "2049"),
        ('"50/1", , "yy/M", "yyyy"', "1950"),
        ('"5", , "%M", "%M"', "5"),
        ('"2021-01-02 03:04:05", , "yyyy-MM-dd HH:mm:ss.FFF", "ss.FFF"', "05"),
        (
            '"2021-01-02 03:04:05.120", , "yyyy-MM-dd HH:mm:ss.fff", "ss.FFF|fffffff"',
            "05.12|1200000",
        ),
        ('"01/02/2021", , "d", "D"', "Saturday, 02 January 2021"),
        ('"2021-01-02 -05:30", , "yyyy-MM-dd zzz", "HH:mm zzz z K"', "05:30 +00:00 +0 Z"),
        ('"2021-01-02", "AssumeUniversal,AdjustToUniversal", "yyyy-MM-dd", "%K"', "Z"),
        ('"AD 2021", , "g yyyy", "yyyy g"', "2021 A.D."),
        ('"02 1 2021", , "dd M yyyy", "\\\\d d h m t"', "d 2 12 0 A"),
        ('"2021-01-02GMT", , "yyyy-MM-ddGMT", "r"', "Sat, 02 Jan 2021 00:00:00 GMT"),
    ],
)
def test_format_date_time(arguments: str, expected: str) -> None:
    assert value(f"FormatDateTime({arguments})") == expected


@pytest.mark.parametrize(
    "arguments",
    [
        '"x", "yyyy"',
        '"x", , "yyyy"',
        '"x", , "yyyy", ',
        '"x", , "ffffffff", "yyyy"',
        '"x", , "yyyy\'", "yyyy"',
        '"x", , "%", "yyyy"',
        '"x", , "x", "yyyy"',
        '"x", , "", "yyyy"',
        '"x", "Nonsense", "yyyy", "yyyy"',
        '"x", "AssumeLocal, AssumeUniversal", "yyyy", "yyyy"',
        '"x", "RoundtripKind, AssumeLocal", "yyyy", "yyyy"',
        '"x", , "yyyy", "yyyy", "yyyy"',
    ],
)
def test_formats_that_cannot_be_saved(arguments: str) -> None:
    with pytest.raises(ExpressionError):
        compile_expression(f"FormatDateTime({arguments})")


def test_default_domain() -> None:
    expression = compile_expression("DefaultDomain()")
    assert expression({}, context()) == "contoso.com"
    with pytest.raises(EntryError):
        expression({}, context(domain=None))


def test_roles() -> None:
    assert (
        value("SingleAppRoleAssignment([appRoleAssignments])", appRoleAssignments=("A", "B")) == "A"
    )
    assert value("SingleAppRoleAssignment()", appRoleAssignments="A") == "A"
    assert value("SingleAppRoleAssignment()") is None
    found = value("AppRoleAssignmentsComplex([appRoleAssignments])", appRoleAssignments=("A",))
    assert found == (
        '{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"A","value":"A"}',
    )
    assert value("AssertiveAppRoleAssignmentsComplex([r])", r=None) is None


def test_select_unique_value() -> None:
    expression = compile_expression('SelectUniqueValue([a], Append([a], "2"), Append([a], "3"))')
    assert expression({"a": "x"}, context()) == "x"
    assert expression({"a": "x"}, context(taken={"x", "x2"})) == "x3"
    with pytest.raises(EntryError):
        expression({"a": "x"}, context(taken={"x", "x2", "x3"}))
    with pytest.raises(EntryError):
        expression({"a": "x"}, context(taken=None))
    empty = compile_expression("SelectUniqueValue([a], [b])")
    assert empty({"b": "y"}, context()) == "y"
    assert empty({}, context()) is None


@pytest.mark.parametrize(
    "expression",
    [
        "SelectUniqueValue([a])",
        "SelectUniqueValue([a], )",
        'Append(SelectUniqueValue([a], [b]), "x")',
        "IgnoreFlowIfNullOrEmpty(SelectUniqueValue([a], [b]))",
        "SelectUniqueValue([a], SelectUniqueValue([a], [b]))",
        "IIF(IgnoreFlowIfNullOrEmpty([a]), 1, 2)",
        "IIF([a], 1)",
        "IIF(, 1, 2)",
        'Switch([a], "d")',
        'Switch([a], "d", "k")',
        'Switch([a], "d", "k", "v", "k2")',
        "IgnoreObjectFlow",
        'IIF([a] = "x", [a], IgnoreObjectFlow)',
        'ToLower([a], "not a culture")',
    ],
)
def test_what_cannot_be_saved(expression: str) -> None:
    with pytest.raises(ExpressionError):
        compile_expression(expression)


@pytest.mark.parametrize(
    ("expression", "value_", "logged"),
    [
        ("Redact([a])", "secret", "[Redact]"),
        ('Append("x:", Redact([a]))', "x:secret", "x:[Redact]"),
        ('Join("-", [b], Redact([a]), Redact([none]))', "b-secret", "b-[Redact]"),
        ("ToUpper(Redact([a]))", "SECRET", "[Redact]"),
        ("Len(Redact([a]))", 6, "[Redact]"),
        ('IIF(Redact([a]) = "secret", [b], "n")', "b", "b"),
        ('IIF([b] = "b", Redact([a]), "n")', "secret", "[Redact]"),
        ('Switch(Redact([a]), "d", "secret", "found")', "found", "found"),
        ('Switch([b], "d", "b", Redact([a]))', "secret", "[Redact]"),
        ("Coalesce([none], Redact([a]))", "secret", "[Redact]"),
        ("IgnoreFlowIfNullOrEmpty(Redact([a]))", "secret", "[Redact]"),
        ("Redact(Append(Redact([a]), [b]))", "secretb", "[Redact]"),
        ('Append(ToUpper(Redact([a])), Left("yz", 1))', "SECRETy", "[Redact]y"),
        ('Replace("abc", "b", , , Redact([a]))', "asecretc", "[Redact]"),
        ("Redact([none])", None, None),
        ("SelectUniqueValue(Redact([a]), [b])", "secret", "[Redact]"),
        ("[b]", "b", "b"),
    ],
)
def test_redact(expression: str, value_: Value, logged: Value) -> None:
    found = answer(expression, a="secret", b="b")
    assert (found.value, found.logged) == (value_, logged)
    assert value(expression, a="secret", b="b") == value_


def test_redacted_nothing_is_left_out_too() -> None:
    found = answer("IgnoreFlowIfNullOrEmpty(Redact([a]))")
    assert (found.value, found.flow, found.logged) == (None, Flow.IGNORE, None)


def test_chance() -> None:
    one, other = value("Guid()"), value("Guid()")
    assert one == other, "the same seed"
    expression = compile_expression("Guid()")
    surroundings = context()
    assert expression({}, surroundings) != expression({}, surroundings)
