"""Regular expressions of administrators: .NET's spelling on the `regex` library, with a time-out.

Where the two dialects read the same characters differently the pattern is rewritten; what cannot
be rewritten is refused, so that no pattern quietly means something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import regex

from app.domain.texts import Text
from app.mapping.errors import failed
from app.mapping.values import shown

SECONDS = 0.25
"""For one search in one value; a pattern that needs longer is a trap, not a rule."""

_TOKEN = re.compile(
    r"""
    \\k<(?P<back>\w+)> | \\k'(?P<back_quoted>\w+)'
    | \\c(?P<control>[A-Za-z])
    | (?P<property> \\[pP]\{ \^? [A-Za-z0-9_\-]+ \} )
    | (?P<escape> \\ [\s\S])
    | \(\?'(?P<quoted>\w+)'
    | (?P<quantifier> \{ [0-9]+ (?:,[0-9]*)? \})
    | (?P<brace> \{)
    | (?P<set> \[)
    """,
    re.VERBOSE,
)
_IN_SET = re.compile(r"\\c[A-Za-z]|\\[\s\S]|-\[|\[(?!:)|[\s\S]")
_KNOWN_ESCAPES = frozenset("aAbBdDefGnpPrsStuvwWxzZ")


class PatternError(ValueError):
    """A pattern that cannot be used. `text` is the sentence."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(str(text))


class Pattern:
    """A compiled pattern whose searches end in time."""

    __slots__ = ("_compiled", "groups", "source")

    def __init__(self, source: str) -> None:
        translated = _translate(source)
        try:
            self._compiled = regex.compile(translated, regex.VERSION0)
        except (regex.error, RecursionError, OverflowError, ValueError, KeyError) as error:
            # Besides its own error the library lets through what very long patterns run into.
            raise _unreadable(source, str(error)) from None
        self.source = source
        self.groups: dict[str, int] = _numbering(self._compiled)

    def search(self, value: str) -> regex.Match[str] | None:
        """The first match. Raises `EntryError` when the search takes too long."""
        try:
            return self._compiled.search(value, timeout=SECONDS)
        except TimeoutError:
            raise self._too_slow() from None

    def sub(self, replace: Callable[[regex.Match[str]], str], value: str) -> str:
        """Every match replaced. Raises `EntryError` when it takes too long."""
        try:
            return self._compiled.sub(replace, value, timeout=SECONDS)
        except TimeoutError:
            raise self._too_slow() from None

    def _too_slow(self) -> Exception:
        return failed(
            "The regular expression “{pattern}” takes too long for this person's value",
            "Make it simpler; repetitions inside repetitions are the usual reason",
            pattern=shown(self.source),
        )


@lru_cache(maxsize=256)
def compile_pattern(source: str) -> Pattern:
    """The pattern, compiled once. Raises `PatternError`."""
    return Pattern(source)


def replacement(pattern: Pattern, template: str) -> Callable[[regex.Match[str]], str]:
    """.NET's replacement text: `${name}`, `$1`, `$&`, `$$`; anything else is itself."""
    parts: list[str | int] = []
    rest = 0
    for token in re.finditer(r"\$(?:\{(\w+)\}|([0-9]+)|([&$]))", template, re.ASCII):
        name = token[1] or token[2]
        if token[3] == "$":
            piece: str | int = "$"
        elif token[3] == "&" or name == "0":
            piece = 0
        elif name in pattern.groups:
            piece = pattern.groups[name]
        else:
            continue
        parts += [template[rest : token.start()], piece]
        rest = token.end()
    parts.append(template[rest:])

    def replace(match: regex.Match[str]) -> str:
        return "".join(part if isinstance(part, str) else match.group(part) or "" for part in parts)

    return replace


def _numbering(compiled: regex.Pattern[str]) -> dict[str, int]:
    """Groups by name and by .NET's number: there, named groups count after unnamed ones."""
    named = dict(compiled.groupindex)
    taken = set(named.values())
    unnamed = [index for index in range(1, compiled.groups + 1) if index not in taken]
    order = unnamed + sorted(taken)
    return {str(number): index for number, index in enumerate(order, 1)} | named


def _unreadable(source: str, problem: str) -> PatternError:
    return PatternError(
        Text(
            "The regular expression “{pattern}” cannot be read: {problem}.",
            {"pattern": shown(source), "problem": problem},
        )
    )


def _translate(source: str) -> str:
    """The same pattern in `regex`'s spelling."""
    out: list[str] = []
    at = 0
    while token := _TOKEN.search(source, at):
        out.append(source[at : token.start()])
        at = token.end()
        if token["set"]:
            characters, at = _read_set(source, token.start())
            out.append(characters)
        elif name := token["back"] or token["back_quoted"]:
            out.append(f"(?P={name})")
        elif token["control"]:
            out.append(_control(token["control"]))
        elif token["quoted"]:
            out.append(f"(?<{token['quoted']}>")
        elif token["brace"]:
            out.append(r"\{")
        elif token["quantifier"] or token["property"]:
            out.append(token[0])
        else:
            out.append(_translate_escape(token[0], source))
    out.append(source[at:])
    return "".join(out)


def _control(letter: str) -> str:
    return f"\\x{ord(letter.upper()) - 64:02x}"


def _translate_escape(escape: str, source: str) -> str:
    letter = escape[1]
    if letter == "z":
        return r"\Z"
    if letter == "Z":
        return r"(?=\n?\Z)"
    if letter == "e":
        return r"\x1b"
    if letter.isascii() and letter.isalpha() and letter not in _KNOWN_ESCAPES:
        raise PatternError(
            Text(
                "The regular expression “{pattern}” has the unknown escape {escape}.",
                {"pattern": shown(source), "escape": escape},
            )
        )
    return escape


def _read_set(source: str, start: int) -> tuple[str, int]:
    r"""The set `[…]` that begins at `start`, and where it ends.

    `[` inside has to be escaped for `regex`. What .NET subtracts with `-[…]` becomes a look ahead.
    """
    begin = start + 1 + source.startswith("^", start + 1)
    out, at, without = source[start:begin], begin, ""
    while piece := _IN_SET.match(source, at):
        at, found = piece.end(), piece[0]
        if found == "]" and piece.start() > begin:
            return (f"(?:(?!{without}){out}])" if without else f"{out}]"), at
        if without or found == "\\":
            break
        if found == "-[" and piece.start() > begin:
            without, at = _read_set(source, at - 1)
        elif found[:2] == r"\c" and len(found) == 3:
            out += _control(found[2])
        elif found[0] == "\\" and found != r"\b":
            out += _translate_escape(found, source)
        elif found == "]" or found.endswith("["):
            out += found[:-1] + "\\" + found[-1]
        else:
            out += found
    raise _unreadable(source, "unterminated character set")
