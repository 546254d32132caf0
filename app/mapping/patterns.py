"""Regular expressions of administrators: .NET's language (see `dotnet`), with a time-out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import regex

from app.mapping.dotnet import NAME, NUMBER, translate
from app.mapping.dotnet_characters import PatternError, unreadable
from app.mapping.errors import failed
from app.mapping.values import shown

__all__ = ["Pattern", "PatternError", "compile_pattern", "replacement"]

SECONDS = 0.25
"""For one search in one value; a pattern that needs longer is a trap, not a rule."""


class Pattern:
    """A compiled pattern whose searches end in time."""

    __slots__ = ("_compiled", "groups", "last", "source")

    def __init__(self, source: str) -> None:
        try:
            translated = translate(source)
            self._compiled = regex.compile(translated.pattern, regex.VERSION0)
        except PatternError:
            raise
        except (regex.error, RecursionError, OverflowError, ValueError, KeyError) as error:
            # Besides its own error the library lets through what very long patterns run into.
            raise unreadable(source, getattr(error, "msg", str(error))) from None
        index = self._compiled.groupindex
        self.source = source
        self.groups = {name: index[f"_{one}"] for name, one in translated.groups.items()}
        """Groups by name and by .NET's number; 0 is the whole match."""
        self.groups["0"] = 0
        self.last = index[f"_{max(translated.groups.values())}"] if translated.groups else 0
        """The group with the highest number, which `$+` stands for."""

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
    """.NET's replacement text: groups, the match and what stands round it; the rest is itself."""
    parts: list[str | Part] = []
    rest = 0
    for token in _SUBSTITUTION.finditer(template):
        part = _part(pattern, token)
        if part is not None:
            parts += [template[rest : token.start()], part]
            rest = token.end()
    parts.append(template[rest:])

    def replace(match: regex.Match[str]) -> str:
        return "".join(part if isinstance(part, str) else part(match) for part in parts)

    return replace


Part: TypeAlias = Callable[[regex.Match[str]], str]
_SUBSTITUTION = re.compile(rf"\$(?:\{{(?:({NUMBER})|({NAME}))\}}|({NUMBER})(?![0-9])|([&$`'+_]))")
_ROUND: dict[str, Part] = {
    "$": lambda _match: "$",
    "&": lambda match: match[0],
    "`": lambda match: match.string[: match.start()],
    "'": lambda match: match.string[match.end() :],
    "_": lambda match: match.string,
}


def _part(pattern: Pattern, token: re.Match[str]) -> Part | None:
    """What stands for `$…`; None when it is itself."""
    if token[4] in _ROUND:
        return _ROUND[token[4]]
    number = token[1] or token[3]
    name = str(int(number)) if number else token[2]
    group = pattern.last if token[4] == "+" else pattern.groups.get(name)
    return None if group is None else lambda match: match.group(group) or ""
