"""Invented names, and the addresses and ids that go with them."""

from __future__ import annotations

import random
import re
import unicodedata
import uuid
from dataclasses import dataclass

_UNFOLDABLE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "þ": "th", "ð": "d", "æ": "ae", "œ": "oe", "ß": "ss"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """One given name or surname and its spelling in an address."""

    text: str
    latin: str


def name_of(entry: str | list[str]) -> Name:
    """A name as the seed file writes it: alone, or with its Latin spelling."""
    if isinstance(entry, str):
        return Name(entry, latin(entry))
    return Name(entry[0], entry[1])


def latin(text: str) -> str:
    """Lower case without accents, blanks and apostrophes; empty for other scripts."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_UNFOLDABLE))
    return re.sub(r"[^a-z0-9-]", "", folded)


def display(given: str, surname: str) -> str:
    """Given name first, except where the script puts the family first."""
    if surname and "\u3040" <= surname[0] <= "\u9fff":
        return f"{surname} {given}"
    return f"{given} {surname}"


def local_part(given: Name, surname: Name) -> str:
    """What stands before the @ in somebody's address."""
    return f"{latin(given.latin) or 'new'}.{latin(surname.latin) or 'person'}"


class Identities:
    """Object ids from a seed: the same seed gives the same ids in the same order."""

    def __init__(self, seed: int, purpose: str) -> None:
        # Lifelike ids for an invented company; nothing here protects anything.
        self._random = random.Random(f"{seed}:{purpose}")

    def next(self) -> str:
        """A GUID nobody else got from here."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
