"""Letter case as .NET changes it: one letter becomes one letter, by the rules of a culture.

Python follows Unicode's full mappings (ß to SS, a final sigma), .NET the simple ones. The
invariant culture leaves the dotted capital I and the dotless small i alone; Turkish and Azeri
know them; every other culture takes both for a plain i.
"""

from __future__ import annotations

import re
from enum import Enum

_CULTURE = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*",
    re.ASCII,
)
_TURKIC = frozenset({"tr", "az"})
_DOTTED, _DOTLESS = "İ", "ı"


class _Letters(dict[int, str]):
    """A translation table that learns each letter when it first meets it."""

    def __init__(self, exceptions: dict[str, str], *, upper: bool) -> None:
        super().__init__({ord(one): other for one, other in exceptions.items()})
        self._upper = upper

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        forms = (letter.upper(), letter.title()) if self._upper else (letter.lower(),)
        found = next((form for form in forms if len(form) == 1), letter)
        self[code] = found
        return found


class Case(Enum):
    """A family of cultures that agree about case."""

    INVARIANT = ({_DOTTED: _DOTTED}, {_DOTLESS: _DOTLESS})
    TURKIC = ({"I": _DOTLESS, _DOTTED: "i"}, {"i": _DOTTED, _DOTLESS: "I"})
    OTHER = ({_DOTTED: "i"}, {_DOTLESS: "I"})

    def __init__(self, lower: dict[str, str], upper: dict[str, str]) -> None:
        self._lower = _Letters(lower, upper=False)
        self._upper = _Letters(upper, upper=True)
        self._plain_ascii = "I" not in lower
        """ASCII letters change as everywhere."""

    def lower(self, value: str) -> str:
        """Small letters."""
        if self._plain_ascii and value.isascii():
            return value.lower()
        return value.translate(self._lower)

    def upper(self, value: str) -> str:
        """Capital letters."""
        if self._plain_ascii and value.isascii():
            return value.upper()
        return value.translate(self._upper)


INVARIANT = Case.INVARIANT


def case_of(culture: str) -> Case | None:
    """The rules of a culture by its RFC 4646 name; None when it is no such name.

    As in .NET a well-formed name of a language nobody knows is a culture without rules of its own.
    """
    if not culture:
        return Case.INVARIANT
    if not _CULTURE.fullmatch(culture):
        return None
    return Case.TURKIC if culture.partition("-")[0].lower() in _TURKIC else Case.OTHER
