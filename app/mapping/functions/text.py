"""Functions that make text out of text (spec/expressions.md 3, "Text")."""

from __future__ import annotations

import unicodedata

from app.mapping.errors import failed
from app.mapping.functions.signature import Function
from app.mapping.values import Inner, empty, text, whole

PLAIN = str.maketrans(
    {
        "æ": "ae", "Æ": "AE", "ø": "oe", "Ø": "OE", "œ": "oe", "Œ": "OE",
        "ß": "ss", "ł": "l", "Ł": "L", "ı": "i",
    }
)  # fmt: skip
# What .NET's title casing takes for a separator: white space, controls, punctuation, symbols.
SEPARATORS = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"})
SYMBOLS = frozenset({"Sm", "Sc", "Sk", "So"})


def append(source: Inner, suffix: Inner) -> str:
    """`source` followed by `suffix`."""
    return text(source) + text(suffix)


def join(separator: Inner, *sources: Inner) -> str:
    """Values with the separator between; empty ones are left out together with theirs."""
    parts: list[str] = []
    for source in sources:
        parts.extend(source if isinstance(source, tuple) else (text(source),))
    return text(separator).join(part for part in parts if part)


def left(source: Inner, count: Inner) -> str:
    """The first characters; a negative number gives the input."""
    value, number = text(source), whole(count)
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
    if text(compare) == "vbTextCompare":
        inside, part = inside.lower(), part.lower()
    first = 1 if start is None else whole(start)
    if first < 1:
        raise failed("InStr starts at {start}; the first character is 1", start=first)
    return inside.find(part, first - 1) + 1


def lower(source: Inner, _culture: Inner = None) -> str:
    """Lower case by the invariant rules."""
    return text(source).lower()


def upper(source: Inner, _culture: Inner = None) -> str:
    """Upper case by the invariant rules; no letter becomes two."""
    return "".join(one.upper() if len(one.upper()) == 1 else one for one in text(source))


def proper_case(source: Inner, separators: Inner = None) -> str:
    """First letter of each word upper, all others lower."""
    chosen = text(separators)
    result: list[str] = []
    begins = True
    for one in text(source).lower():
        result.append(upper(one) if begins else one)
        begins = one in chosen if chosen else _separates(one)
    return "".join(result)


def _separates(character: str) -> bool:
    return unicodedata.category(character) in SEPARATORS | SYMBOLS


def strip_spaces(source: Inner) -> str:
    """Without any U+0020."""
    return text(source).replace(" ", "")


def plain_letters(source: Inner) -> str:
    """Letters without their marks."""
    parts = unicodedata.normalize("NFD", text(source))
    kept = "".join(one for one in parts if not unicodedata.combining(one))
    return unicodedata.normalize("NFC", kept.translate(PLAIN))


def word(source: Inner, number: Inner, delimiters: Inner) -> str:
    """The n-th run between delimiter characters; too few give empty."""
    marks, wanted = text(delimiters), whole(number)
    words = "".join("\0" if one in marks else one for one in text(source)).split("\0")
    words = [part for part in words if part]
    return words[wanted - 1] if 1 <= wanted <= len(words) else ""


def split(source: Inner, delimiter: Inner) -> tuple[str, ...]:
    """Values between delimiters, each trimmed."""
    if empty(source):
        return ()
    value, mark = text(source), text(delimiter)
    parts = value.split(mark) if mark else [value]
    return tuple(part.strip() for part in parts)


def trim(source: Inner) -> Inner:
    """Without white space around; each value of a list."""
    if isinstance(source, tuple):
        return tuple(one.strip() for one in source)
    return text(source).strip()


FUNCTIONS = (
    Function("Append", "source, suffix", append),
    Function("Join", "separator, source1, …", join),
    Function("Left", "string, numChars", left),
    Function("Mid", "source, start, length", mid),
    Function("Len", "string", length),
    Function("InStr", "value1, value2, start?, compareType?", find),
    Function("ToLower", "source, culture?", lower),
    Function("ToUpper", "source, culture?", upper),
    Function("PCase", "source, wordSeparators?", proper_case),
    Function("StripSpaces", "source", strip_spaces),
    Function("NormalizeDiacritics", "source", plain_letters),
    Function("Word", "string, wordNumber, delimiters", word),
    Function("Split", "source, delimiter", split),
    Function("Trim", "source", trim),
)
