"""Functions that make text out of text (spec/expressions.md 3, "Text").

A character is a Unicode code point: nothing here cuts a pair of surrogates in two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from app.domain.texts import Text
from app.mapping.casing import INVARIANT, Case, case_of
from app.mapping.errors import failed
from app.mapping.functions.signature import (
    Arguments,
    Function,
    Misuse,
    Veil,
    constant_text,
    padded,
)
from app.mapping.nodes import Call
from app.mapping.values import Evaluate, Inner, empty, shown, text, whole

_SPELT_OUT = {
    "æ": "ae", "Æ": "AE", "ø": "oe", "Ø": "OE", "œ": "oe", "Œ": "OE",
    "ß": "ss", "ł": "l", "Ł": "L", "ı": "i",
}  # fmt: skip
_APART = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
"""With all punctuation and symbols: what .NET's title casing takes for a separator."""


def append(source: Inner, suffix: Inner) -> str:
    """`source` followed by `suffix`."""
    if type(source) is str and type(suffix) is str:
        return source + suffix
    return text(source) + text(suffix)


def join(separator: Inner, *sources: Inner) -> str:
    """Values with the separator between; empty ones are left out together with theirs."""
    parts: list[str] = []
    for source in sources:
        if type(source) is str:
            parts.append(source)
        elif isinstance(source, tuple):
            parts += source
        else:
            parts.append(text(source))
    return text(separator).join([part for part in parts if part])


def left(source: Inner, count: Inner) -> str:
    """The first characters; a negative number gives the input."""
    value = source if type(source) is str else text(source)
    number = count if type(count) is int else whole(count)
    return value if number < 0 else value[:number]


def mid(source: Inner, start: Inner, length: Inner) -> str:
    """`length` characters from `start`, counted from 1; what reaches past the end is left off."""
    first, number = whole(start), whole(length)
    if first < 1:
        raise failed("Mid starts at {start}; the first character is 1", start=first)
    return text(source)[first - 1 : first - 1 + max(number, 0)]


def length(source: Inner) -> int:
    """Number of characters."""
    return len(text(source))


def find(value: Inner, wanted: Inner, start: Inner = None, compare: Inner = None) -> int:
    """Position from 1 of the first occurrence at or after `start`; 0 = not found."""
    inside, part = text(value), text(wanted)
    if _ignores_case(compare):
        inside, part = INVARIANT.lower(inside), INVARIANT.lower(part)
    first = 1 if start is None else whole(start)
    if first < 1:
        raise failed("InStr starts at {start}; the first character is 1", start=first)
    return inside.find(part, first - 1) + 1


def _ignores_case(compare: Inner) -> bool:
    kind = text(compare)
    if kind not in ("", "vbBinaryCompare", "0", "vbTextCompare", "1"):
        raise failed(
            "InStr compares with vbBinaryCompare or vbTextCompare, not “{kind}”", kind=shown(kind)
        )
    return kind in ("vbTextCompare", "1")


def _cased(change: Callable[[Case, str], str]) -> Callable[[Call, Arguments], Evaluate]:
    """ToLower or ToUpper; a culture that is written out is looked up once."""

    def build(call: Call, arguments: Arguments) -> Evaluate:
        source, culture = padded(arguments, 2)
        written = constant_text(call, 1)
        if len(arguments) > 1 and written is None:
            return lambda attributes, context: change(
                _case(text(culture(attributes, context))), text(source(attributes, context))
            )
        case = case_of(written or "")
        if case is None:
            raise Misuse(
                call.arguments[1] or call,
                Text("“{culture}” is no name of a culture.", {"culture": shown(written or "")}),
                Text("Write it like tr or de-CH"),
            )
        return lambda attributes, context: change(case, text(source(attributes, context)))

    return build


def _case(culture: str) -> Case:
    case = case_of(culture)
    if case is None:
        raise failed("“{culture}” is no name of a culture", culture=shown(culture))
    return case


def proper_case(source: Inner, separators: Inner = None) -> str:
    """First character of each word upper, all others lower."""
    chosen = None if separators is None else text(separators)
    result: list[str] = []
    begins = True
    for one in INVARIANT.lower(text(source)):
        result.append(INVARIANT.upper(one) if begins else one)
        begins = _separates(one) if chosen is None else one in chosen
    return "".join(result)


def _separates(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "PS" or category in _APART


def strip_spaces(source: Inner) -> str:
    """Without any U+0020."""
    return text(source).replace(" ", "")


class _PlainLetters(dict[int, str]):
    """A translation table that learns each character when it first meets it."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        parts = unicodedata.normalize("NFD", character)
        kept = "".join(one for one in parts if unicodedata.category(one)[0] != "M")
        spelt = "".join(_SPELT_OUT.get(one, one) for one in kept)
        # What lost no mark stays as it is, composed: Hangul is no letter with marks.
        found = character if kept == parts and spelt == kept else spelt
        self[code] = found
        return found


_PLAIN = _PlainLetters()


def plain_letters(source: Inner) -> str:
    """Letters without their marks."""
    value = text(source)
    return value if value.isascii() else value.translate(_PLAIN)


def word(source: Inner, number: Inner, delimiters: Inner) -> str:
    """The n-th run between delimiter characters; too few give empty."""
    value, marks, wanted = text(source), text(delimiters), whole(number)
    if len(marks) > 1:
        for mark in marks[1:]:
            value = value.replace(mark, marks[0])
        marks = marks[0]
    words = [part for part in (value.split(marks) if marks else (value,)) if part]
    return words[wanted - 1] if 1 <= wanted <= len(words) else ""


def split(source: Inner, delimiter: Inner) -> tuple[str, ...]:
    """Values between delimiters, each trimmed."""
    if empty(source):
        return ()
    value, mark = text(source), text(delimiter)
    parts = value.split(mark) if mark else [value]
    return tuple([part.strip() for part in parts])


def trim(source: Inner) -> Inner:
    """Without white space around; each value of a list."""
    if isinstance(source, tuple):
        return tuple(one.strip() for one in source)
    return text(source).strip()


FUNCTIONS = (
    Function("Append", "source, suffix", append, veil=Veil.PARTS),
    Function("Join", "separator, source1, …", join, veil=Veil.PARTS),
    Function("Left", "string, numChars", left),
    Function("Mid", "source, start, length", mid),
    Function("Len", "string", length),
    Function("InStr", "value1, value2, start?, compareType?", find),
    Function("ToLower", "source, culture?", build=_cased(Case.lower)),
    Function("ToUpper", "source, culture?", build=_cased(Case.upper)),
    Function("PCase", "source, wordSeparators?", proper_case),
    Function("StripSpaces", "source", strip_spaces),
    Function("NormalizeDiacritics", "source", plain_letters),
    Function("Word", "string, wordNumber, delimiters", word),
    Function("Split", "source, delimiter", split),
    Function("Trim", "source", trim),
)
