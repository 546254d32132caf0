"""Regular expressions mean what they mean in .NET, or are refused with a reason."""

from __future__ import annotations

import re

import pytest
from expression_world import quoted, value
from hypothesis import given, settings
from hypothesis import strategies as st

from app.mapping.errors import ExpressionError
from app.mapping.expression import compile_expression
from app.mapping.patterns import PatternError, compile_pattern, replacement


def replaced(text: str, pattern: str, new: str) -> str:
    compiled = compile_pattern(pattern)
    return compiled.sub(replacement(compiled, new), text)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        # Named groups count behind the unnamed ones.
        (r"(?<a>x)(y)\1", "xyy", True),
        (r"(?<a>x)(y)\1", "xyx", False),
        (r"(?<a>x)(y)\2", "xyx", True),
        (r"(?<a>x)(?<b>y)(z)\1\2\3", "xyzzxy", True),
        (r"(y)(?<a>x)\k<a>\k<1>\k'2'", "yxxyx", True),
        (r"(y)\<1>\'1'", "yyy", True),
        (r"(?<a>x)\<a>", "xx", True),
        (r"(?:\2b|(a)(c))+", "accb", True),
        (r"(?<n>a)|(?<n>b)\k<n>", "bb", True),
        # Numbers of one's own; an unnamed group may have the same.
        (r"(?<2>x)(y)\1\2", "xyyx", True),
        (r"(?<1>x)(y)\1", "xyy", True),
        (r"(?<2>a)(?<n>b)(c)\3", "abcb", True),
        (r"(?<01>a)\1", "aa", True),
        ("(a)" * 11 + r"\11", "a" * 12, True),
        (r"(a)\12", "a\n", True),
        (r"(a)\0101", "a\x081", True),
        (r"\101", "A", True),
        (r"[\101\60-\62]", "A", True),
        # Options hold from where they stand to the end of their group.
        ("a(?i)b", "aB", True),
        ("a(?i)b", "AB", False),
        ("(?:(?i)a)b", "AB", False),
        ("(a(?i)b|c)d", "Cd", True),
        ("(?i-s:a.)b", "A\nb", False),
        ("(?s)a.", "a\n", True),
        ("(?n)(a)(?<b>c)\\1", "acc", True),
        ("(?n:(a))(b)\\1", "abb", True),
        ("((?n)(a))\\1", "aa", True),
        ("(?x) a b # (comment\n c", "abc", True),
        ("(?x)a +?  # more\n [ ] \\ \\#", "aa  #", True),
        ("(?x-n: (a) ) \\1", "a a", True),
        ("(?x)(?-x) a", " a", True),
        ("(?# a (comment)a", "a", True),
        # Sets.
        ("[a-z-[aeiou]]", "b", True),
        ("[a-z-[aeiou]]", "e", False),
        ("[^a-z-[A]]", "A", False),
        (r"[\w-z]", "-", True),
        ("[]a]", "]", True),
        ("[^]a]", "]", False),
        ("[a&&~~||b]", "|", True),
        ("[[a]", "[", True),
        (r"[\b]", "\b", True),
        ("[-a]", "-", True),
        ("[a-]", "-", True),
        (r"[\]\-]", "-", True),
        (r"[\x41-\u0043]", "B", True),
        # Characters and classes.
        (r"\p{IsGreek}", "\u0378", True),
        (r"\p{IsGreek}", "\u1f00", False),
        (r"\p{IsCyrillic}", "\u1c80", False),
        (r"\P{IsBasicLatin}", "é", True),
        (r"\p{Lu}\p{L}", "Éé", True),
        (r"\cA\x41\u00e9\e\v", "\x01Aé\x1b\x0b", True),
        (r"a\Z", "a\n", False),
        (r"a\z", "a", True),
        ("a{,3}", "a{,3}", True),
        ("a{2", "a{2", True),
        ("a{2}?", "aa", True),
        ("(a)?(?(1)b|c)", "c", True),
        ("(?<n>a)?(?(n)b|c)", "ab", True),
        ("(?'q'a)\\k'q'", "aa", True),
        ("(?<=a)b", "b", False),
        (r"#\ \.\$", "# .$", True),
    ],
)
def test_matches(pattern: str, text: str, found: bool) -> None:
    matched = compile_pattern(pattern).search(text)
    assert (matched is not None and matched.span() == (0, len(text))) is found


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(?P<g>a)", ".NET does not know (?P<"),
        ("(?P=g)", ".NET does not know"),
        ("(?|a)", ".NET does not know"),
        ("(?R)", ".NET does not know"),
        ("(a)(?1)", ".NET does not know"),
        ("(?e)a", ".NET does not know"),
        ("(?)", ".NET does not know"),
        ("(?<a", ".NET does not know"),
        ("(?<0>a)", "group 0"),
        ("(?<o>a)(?<-o>b)", "captures away"),
        ("(?<o>a)(?<p-o>b)", "captures away"),
        ("(?(?=a)b|c)", "depend on anything but a group"),
        ("(?(a b)c)", "depend on anything but a group"),
        ("(?(nobody)c)", "no group nobody"),
        ("a++", "+ follows another"),
        ("a*+", "+ follows another"),
        ("a?+", "+ follows another"),
        ("a{2}+", "+ follows another"),
        ("a+?+", "+ follows another"),
        ("(?x)a+ +", "+ follows another"),
        ("a{1}{2}", "{2} follows another"),
        (r"(a)\2", "no group 2"),
        (r"\k<b>", "no group b"),
        (r"\<b>", "no group b"),
        (r"(a)\9", "no group 9"),
        (r"(a)\81", "no group 81"),
        (r"\K", "unknown escape"),
        (r"\X", "unknown escape"),
        (r"\_", "unknown escape"),
        (r"\pL", "unknown escape"),
        (r"\p{Greek}", "does not know"),
        (r"\p{^Lu}", "unknown escape"),
        (r"\p{lu}", "does not know"),
        (r"\x4", "unknown escape"),
        (r"[\B]", "unknown escape"),
        ("[[:alpha:]]", "does not know [:alpha:]"),
        (r"[a-\d]", "a class of characters"),
        ("[a-z-[b]c]", "at its end"),
        ("[a", "no end"),
        ("(?#a", "no end"),
        ("a\\", "backslash"),
        ("(", "cannot be read"),
        ("[a-" * 3000, "cannot be read"),
        ("(" * 5000 + ")" * 5000, "cannot be read"),
    ],
)
def test_refused(pattern: str, said: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    assert said in str(caught.value)
    if len(pattern) < 1000:
        with pytest.raises(ExpressionError):
            compile_expression(f'Replace([a], , {quoted(pattern)}, , "x", , )')


@pytest.mark.parametrize(
    ("pattern", "new", "expected"),
    [
        ("b", "[$&]", "a[b]c"),
        ("b", "[$0]", "a[b]c"),
        ("b", "[$`]", "a[a]c"),
        ("b", "[$']", "a[c]c"),
        ("b", "[$_]", "a[abc]c"),
        ("b", "$$1", "a$1c"),
        ("(a)(b)", "[$+]", "[b]c"),
        ("(?<n>a)(b)", "[$+$1$2]", "[aba]c"),
        ("(b)|(x)", "[$+]", "a[]c"),
        ("b", "[$+]", "a[b]c"),
        ("(b)", "${1}${01}$01", "abbbc"),
        ("(b)", "$10 ${10} $x ${x $", "a$10 ${10} $x ${x $c"),
        ("(?<é>b)", "${é}${e}", "ab${e}c"),
        ("(?<2>b)(c)", "$1$2", "acb"),
        ("b", r"\1\n", r"a\1\nc"),
    ],
)
def test_substitutions(pattern: str, new: str, expected: str) -> None:
    assert replaced("abc", pattern, new) == expected
    written = f"Replace([a], , {quoted(pattern)}, , {quoted(new)}, , )"
    assert value(written, a="abc") == expected


def test_a_group_by_any_of_its_names() -> None:
    assert value('Replace("abc", , "(?<g>b)(c)", "1", "X", , )') == "abX"
    assert value('Replace("abc", , "(?<g>b)(c)", "2", "X", , )') == "aXc"
    assert value('Replace("abc", , "b", "0", "X", , )') == "aXc"


PLAIN = st.recursive(
    st.sampled_from(["a", "b", "[ab]", "[^a]", ".", r"\d", r"\.", "(?:ab)", r"\x61"]),
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("(?:{}|{})".format, inner, inner),
        st.builds("(?:{}){}".format, inner, st.sampled_from(["*?", "{1,2}", "?"])),
        st.builds("{}{}".format, inner, inner),
    ),
    max_leaves=6,
)


@given(PLAIN, st.text("ab1.", max_size=6))
@settings(max_examples=300, deadline=None)
def test_what_all_dialects_share_matches_as_everywhere(pattern: str, text: str) -> None:
    expected = re.search(pattern, text)
    found = compile_pattern(pattern).search(text)
    assert (found and (found.span(), found.groups())) == (
        expected and (expected.span(), expected.groups())
    )
