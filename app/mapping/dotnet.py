"""Regular expressions of .NET, read and written down as the `regex` library reads them.

Each construct of .NET is known here by name. What the library spells differently is rewritten,
what it cannot do is refused with its name, and what .NET does not know is refused too, though the
library may: no pattern quietly means something else. A character is a Unicode code point, where
.NET counts two for what lies beyond the first 65,536.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from app.domain.texts import Text
from app.mapping.dotnet_characters import (
    PatternError,
    escaped,
    literal,
    read_set,
    unknown,
    unreadable,
)
from app.mapping.values import shown

NAME = r"[^\W\d]\w*"
NUMBER = r"[0-9]{1,9}"
_SPACE = " \t\n\v\f\r"
_OPENING = re.compile(r"\(\?(?:[:=!>]|<[=!])")
_CAPTURING = re.compile(rf"\(\?(?:<({NUMBER}|{NAME})>|'({NUMBER}|{NAME})')")
_BALANCING = re.compile(r"\(\?['<]\w*-")
_CONDITION = re.compile(rf"\(\?\(({NUMBER}|{NAME})\)")
_OPTIONS = re.compile(r"\(\?([imnsx+-]*)([:)])", re.IGNORECASE)
_REPEAT = re.compile(r"[*+?]|\{[0-9]+(?:,[0-9]*)?\}", re.ASCII)
_REFERENCE = re.compile(
    rf"\\k(?:<({NUMBER}|{NAME})>|'({NUMBER}|{NAME})')|\\(?:<({NUMBER}|{NAME})>|'({NUMBER}|{NAME})')"
)
_NUMBERED = re.compile(r"\\([1-9][0-9]*)", re.ASCII)
_ANCHORS = {"b": r"\b", "B": r"\B", "A": r"\A", "G": r"\G", "z": r"\Z", "Z": r"(?=\n?\Z)"}


@dataclass(frozen=True, slots=True)
class Translated:
    """A pattern for `regex`, in which group n of .NET is called `_n`.

    `groups` are .NET's numbers by the names and numbers that a pattern or a replacement uses.
    """

    pattern: str
    groups: Mapping[str, int]


def translate(source: str) -> Translated:
    """The same pattern in `regex`'s spelling. Raises `PatternError`."""
    return _Reader(source).read()


@dataclass(frozen=True, slots=True)
class _Capture:
    """The opening of a group by name or number."""

    name: str


@dataclass(frozen=True, slots=True)
class _Reference:
    r"""What names a group: `\k<name>`, `(?(name)`, or `\12`, which may be a character instead."""

    name: str
    form: str
    written: str = ""


_Piece: TypeAlias = str | _Capture | _Reference


@dataclass(slots=True)
class _Reader:
    """Reads one pattern from left to right; groups get their numbers at the end, as in .NET."""

    source: str
    at: int = 0
    out: list[_Piece] = field(default_factory=list)
    unnamed: int = 0
    names: dict[str, None] = field(default_factory=dict)
    numbers: set[int] = field(default_factory=set)
    explicit: bool = False
    """Option n: only named groups capture."""
    spaced: bool = False
    """Option x: white space and comments mean nothing."""
    outer: list[tuple[bool, bool]] = field(default_factory=list)
    repeats: int = 0
    """1 behind a repetition such as `*`, 2 behind one with its `?`."""

    def read(self) -> Translated:
        while self.at < len(self.source):
            self._step()
        groups = self._numbering()
        return Translated("".join(self._written(one, groups) for one in self.out), groups)

    def _step(self) -> None:
        character = self.source[self.at]
        if self.spaced and character in _SPACE:
            self.at += 1
        elif self.spaced and character == "#":
            end = self.source.find("\n", self.at)
            self.at = len(self.source) if end < 0 else end
        elif self.source.startswith("(?#", self.at):
            end = self.source.find(")", self.at)
            if end < 0:
                raise unreadable(self.source, Text("a comment has no end"))
            self.at = end + 1
        elif repeat := _REPEAT.match(self.source, self.at):
            self._repeat(repeat[0])
        else:
            self.repeats = 0
            self._atom(character)

    def _atom(self, character: str) -> None:
        match character:
            case "(":
                self._open()
            case ")":
                self.explicit, self.spaced = self.outer.pop() if self.outer else (False, False)
                self._put(")", 1)
            case "[":
                text, end = read_set(self.source, self.at)
                self._put(text, end - self.at)
            case "\\":
                self._escape()
            case "^" | "$" | "." | "|":
                self._put(character, 1)
            case _:
                self._put(literal(character), 1)

    def _put(self, piece: _Piece, length: int) -> None:
        self.out.append(piece)
        self.at += length

    def _repeat(self, found: str) -> None:
        if self.repeats == 2 or (self.repeats and found != "?"):
            raise unreadable(
                self.source, Text("the repetition {what} follows another", {"what": found})
            )
        self.repeats += 1
        self._put(found, len(found))

    def _open(self) -> None:
        source, at = self.source, self.at
        if found := _OPENING.match(source, at):
            self._group(found[0], len(found[0]))
        elif found := _CAPTURING.match(source, at):
            self._capture(found[1] or found[2], len(found[0]))
        elif found := _CONDITION.match(source, at):
            self._group(_Reference(found[1], "(?({})"), len(found[0]))
        elif (found := _OPTIONS.match(source, at)) and found[0] != "(?)":
            self._options(found[1].lower(), found[2] == ":", len(found[0]))
        elif _BALANCING.match(source, at):
            raise self._refused(Text("groups that take captures away from others"))
        elif source.startswith("(?(", at):
            raise self._refused(Text("choices that depend on anything but a group"))
        elif source.startswith("(?", at):
            raise unknown(source, source[at : at + 4])
        elif self.explicit:
            self._group("(?:", 1)
        else:
            self.unnamed += 1
            self.numbers.add(self.unnamed)
            self._group(_Capture(str(self.unnamed)), 1)

    def _group(self, piece: _Piece, length: int) -> None:
        self.outer.append((self.explicit, self.spaced))
        self._put(piece, length)

    def _capture(self, name: str, length: int) -> None:
        if name.isdecimal():
            number = int(name)
            if not number:
                raise unreadable(self.source, Text("group 0 is the whole match"))
            self.numbers.add(number)
            name = str(number)
        else:
            self.names.setdefault(name)
        self._group(_Capture(name), length)

    def _options(self, letters: str, opens: bool, length: int) -> None:
        if opens:
            self.outer.append((self.explicit, self.spaced))
        on: dict[str, bool] = {}
        switch = True
        for letter in letters:
            if letter in "+-":
                switch = letter == "+"
            else:
                on[letter] = switch
        self.explicit = on.pop("n", self.explicit)
        self.spaced = on.pop("x", self.spaced)
        plus = "".join(letter for letter, is_on in on.items() if is_on)
        minus = "".join(letter for letter, is_on in on.items() if not is_on)
        flags = plus + (f"-{minus}" if minus else "")
        if opens:
            self._put(f"(?{flags}:", length)
        else:
            self._put(f"(?{flags})" if flags else "", length)

    def _escape(self) -> None:
        source, at = self.source, self.at
        letter = source[at + 1 : at + 2]
        if letter in _ANCHORS:
            self._put(_ANCHORS[letter], 2)
        elif found := _REFERENCE.match(source, at):
            name = found[1] or found[2] or found[3] or found[4]
            self._put(_Reference(name, "(?P={})"), len(found[0]))
        elif found := _NUMBERED.match(source, at):
            self._put(_Reference(found[1], "(?P={})", found[0]), len(found[0]))
        else:
            text, end, _ = escaped(source, at)
            self._put(text, end - at)

    def _numbering(self) -> dict[str, int]:
        """Unnamed groups count first, named ones get what numbers are free after them."""
        groups = {str(number): number for number in self.numbers}
        free = self.unnamed + 1
        for name in self.names:
            while free in self.numbers:
                free += 1
            self.numbers.add(free)
            groups[name] = groups[str(free)] = free
        return groups

    def _written(self, piece: _Piece, groups: Mapping[str, int]) -> str:
        if isinstance(piece, str):
            return piece
        if isinstance(piece, _Capture):
            return f"(?P<_{groups[piece.name]}>"
        name = str(int(piece.name)) if piece.name.isdecimal() else piece.name
        if name in groups:
            return piece.form.format(f"_{groups[name]}")
        if len(piece.written) > 2 and piece.written[1] in "01234567":
            character, end, _ = escaped(piece.written, 0)
            return character + piece.written[end:]
        raise PatternError(
            Text(
                "The regular expression “{pattern}” has no group {name}.",
                {"pattern": shown(self.source), "name": piece.name},
            )
        )

    def _refused(self, what: Text) -> PatternError:
        return unreadable(
            self.source, Text("Rollcall has no {what}; write it another way", {"what": what})
        )
