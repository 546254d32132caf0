"""Characters, classes and sets in regular expressions of .NET, in the spelling of `regex`."""

from __future__ import annotations

import re

import regex

from app.domain.texts import Text
from app.mapping.values import shown

_OCTAL = re.compile(r"\\([0-7]{1,3})", re.ASCII)
_HEX = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))", re.ASCII)
_CONTROL = re.compile(r"\\c([@-_a-z])", re.ASCII)
_PROPERTY = re.compile(r"\\([pP])\{(\w[\w-]*)\}", re.ASCII)
_POSIX = re.compile(r"\[:\w*:\]")
_CHARACTERS = {"a": 7, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_BLOCKS = {"IsGreek": "GreekandCoptic", "IsPrivateUse": "PrivateUseArea"}
"""Blocks with another name in .NET; all others are called Is and their name in Unicode."""
_CATEGORIES = {
    "L": "ultmo",
    "M": "nce",
    "N": "dlo",
    "P": "cdseifo",
    "S": "mcko",
    "Z": "slp",
    "C": "cfson",
}


class PatternError(ValueError):
    """A pattern that cannot be used. `text` is the sentence."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(str(text))


def unreadable(source: str, problem: str | Text) -> PatternError:
    """The pattern cannot be read, and why."""
    return PatternError(
        Text(
            "The regular expression “{pattern}” cannot be read: {problem}.",
            {"pattern": shown(source), "problem": problem},
        )
    )


def unknown(source: str, what: str) -> PatternError:
    """Something that .NET does not know, whatever it means elsewhere."""
    return unreadable(source, Text(".NET does not know {what}", {"what": what}))


def literal(character: str) -> str:
    """A character that stands for itself."""
    return character if character.isalnum() else regex.escape(character, special_only=False)


def _code(number: int) -> str:
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


def escaped(source: str, at: int) -> tuple[str, int, bool]:
    """The escape of one character or of a class, where it ends, whether it is a class."""
    letter = source[at + 1 : at + 2]
    if letter and letter in "wWsSdD":
        return f"\\{letter}", at + 2, True
    if letter in _CHARACTERS:
        return _code(_CHARACTERS[letter]), at + 2, False
    if found := _HEX.match(source, at):
        return _code(int(found[1] or found[2], 16)), found.end(), False
    if found := _OCTAL.match(source, at):
        return _code(int(found[1], 8) & 0xFF), found.end(), False
    if found := _CONTROL.match(source, at):
        return _code(ord(found[1].upper()) - 64), found.end(), False
    if found := _PROPERTY.match(source, at):
        return _property(source, found), found.end(), True
    if not letter:
        raise unreadable(source, Text("it ends in a backslash"))
    if letter.isalnum() or letter == "_":
        raise PatternError(
            Text(
                "The regular expression “{pattern}” has the unknown escape {escape}.",
                {"pattern": shown(source), "escape": f"\\{letter}"},
            )
        )
    return literal(letter), at + 2, False


def _property(source: str, found: re.Match[str]) -> str:
    kind, name = found[1], found[2]
    if name[1:] in ("", *_CATEGORIES.get(name[0], "")):
        return f"\\{kind}{{{name}}}"
    if not name.startswith("Is"):
        raise unknown(source, found[0])
    return f"\\{kind}{{In{_BLOCKS.get(name, name[2:])}}}"


def read_set(source: str, start: int) -> tuple[str, int]:
    r"""The set `[…]` that begins at `start`, and where it ends.

    What .NET subtracts with `-[…]` becomes a look ahead.
    """
    first = start + 1 + source.startswith("^", start + 1)
    out, at, without = source[start:first], first, ""
    while at < len(source):
        if source[at] == "]" and at > first:
            return f"(?:(?!{without}){out}])" if without else f"{out}]", at + 1
        if without:
            raise unreadable(source, Text("what a set leaves out does not stand at its end"))
        if source.startswith("-[", at) and at > first:
            without, at = read_set(source, at + 1)
        else:
            member, at = _range(source, at)
            out += member
    raise unreadable(source, Text("a set has no end"))


def _range(source: str, at: int) -> tuple[str, int]:
    """One character, class or range of a set, and where it ends."""
    begin, at, is_class = _member(source, at)
    following = source[at : at + 2]
    if is_class or not following.startswith("-") or following[1:] in ("", "]", "["):
        return begin, at
    end, at, is_class = _member(source, at + 1)
    if is_class:
        raise unreadable(source, Text("a range ends in a class of characters"))
    return f"{begin}-{end}", at


def _member(source: str, at: int) -> tuple[str, int, bool]:
    if source.startswith(r"\b", at):
        return _code(8), at + 2, False
    if source[at] == "\\":
        return escaped(source, at)
    if found := _POSIX.match(source, at):
        raise unknown(source, found[0])
    return literal(source[at]), at + 1, False
