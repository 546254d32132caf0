"""How long ten ordinary mappings take for 100,000 people, beside the same work by hand.

    python tests/benchmarks/expressions.py [PEOPLE]

Run from the project's folder. The promise is a ratio of at most 3.
"""

from __future__ import annotations

import gc
import sys
import time
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.mapping.expression import compile_expression
from app.mapping.values import Context

LIMIT = 3.0
CONTEXT = Context(datetime(2026, 1, 1, tzinfo=UTC), Random(1))
OFFICES = {"Lyon": "FR-LYO", "Berlin": "DE-BER", "Geneva": "CH-GVA", "Dallas": "US-DAL"}

Person = Mapping[str, object]


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _plain(value: str) -> str:
    parts = unicodedata.normalize("NFD", value)
    kept = "".join(one for one in parts if not unicodedata.combining(one))
    for letter, spelt in (
        ("æ", "ae"),
        ("ø", "oe"),
        ("œ", "oe"),
        ("ß", "ss"),
        ("ł", "l"),
        ("Ł", "L"),
    ):
        kept = kept.replace(letter, spelt)
    return kept


def address(person: Person, _context: object) -> object:
    """Mail, else the sign-in name."""
    return _text(person.get("mail")) or person.get("userPrincipalName")


def full_name(person: Person, _context: object) -> object:
    """Surname, first name."""
    parts = (_text(person.get("surname")), _text(person.get("givenName")))
    return ", ".join(part for part in parts if part)


def made_address(person: Person, _context: object) -> object:
    """first.last at the company, in plain letters."""
    parts = (_text(person.get("givenName")), _text(person.get("surname")))
    local = _plain(".".join(part for part in parts if part).replace(" ", ""))
    return f"{local}@contoso.com".lower()


def office(person: Person, _context: object) -> object:
    """The office's code by its city."""
    return OFFICES.get(_text(person.get("city")), "OTHER")


def initials(person: Person, _context: object) -> object:
    """First letters."""
    return _text(person.get("givenName"))[:1] + _text(person.get("surname"))[:1]


def kind(person: Person, _context: object) -> object:
    """Inside or outside."""
    return "inside" if _text(person.get("companyName")) == "Contoso" else "outside"


def alias(person: Person, _context: object) -> object:
    """What stands before the at sign."""
    words = [part for part in _text(person.get("userPrincipalName")).split("@") if part]
    return words[0] if words else ""


def first_name(person: Person, _context: object) -> object:
    """The preferred name, else the given one, eight letters, capitals first."""
    value = person.get("preferredName")
    name = _text(person.get("givenName") if value is None else value)
    return name[:8].upper()


def phone(person: Person, _context: object) -> object:
    """The number without blanks."""
    return _text(person.get("telephoneNumber")).replace(" ", "").replace("+", "00")


def active(person: Person, _context: object) -> object:
    """The opposite of being deleted."""
    return _text(person.get("IsSoftDeleted")).lower() != "true"


MAPPINGS: tuple[tuple[str, Callable[[Person, Context], object]], ...] = (
    ('Switch([mail], [mail], "", [userPrincipalName])', address),
    ('Join(", ", [surname], [givenName])', full_name),
    (
        """ToLower(Join("@", NormalizeDiacritics(StripSpaces(Join(".", [givenName], [surname]))),
        "contoso.com"))""",
        made_address,
    ),
    (
        """Switch([city], "OTHER", "Lyon", "FR-LYO", "Berlin", "DE-BER", "Geneva", "CH-GVA",
        "Dallas", "US-DAL")""",
        office,
    ),
    ("Append(Left([givenName], 1), Left([surname], 1))", initials),
    ('IIF([companyName] = "Contoso", "inside", "outside")', kind),
    ('Word([userPrincipalName], 1, "@")', alias),
    ("ToUpper(Left(Coalesce([preferredName], [givenName]), 8))", first_name),
    ('Replace(StripSpaces([telephoneNumber]), "+", , , "00", , )', phone),
    ("Not([IsSoftDeleted])", active),
)


def people(count: int) -> list[dict[str, object]]:
    """People of all kinds, the same every time."""
    chance = Random(7)
    given = ("Zoë", "Łukasz", "Ana María", "John", "Jörg", "Søren", "Mary", "Ravi")
    names = ("O'Neill", "Núñez", "Smith", "Müller", "Dvořák", "Kaya", "Jones", "Lee")
    return [
        {
            "givenName": chance.choice(given),
            "surname": chance.choice(names),
            "preferredName": chance.choice((None, "Max")),
            "userPrincipalName": f"user{number}@contoso.com",
            "mail": chance.choice((None, "", f"mail{number}@contoso.com")),
            "city": chance.choice(("Lyon", "Berlin", "Oslo", None)),
            "companyName": chance.choice(("Contoso", "Fabrikam")),
            "telephoneNumber": "+41 22 555 01 23",
            "IsSoftDeleted": chance.choice((True, False, None)),
        }
        for number in range(count)
    ]


def seconds(work: Callable[[Person, Context], object], everybody: list[dict[str, object]]) -> float:
    """The best of five."""
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        for person in everybody:
            work(person, CONTEXT)
        best = min(best, time.perf_counter() - started)
    return best


def main() -> int:
    """0 when the promise holds."""
    everybody = people(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    gc.disable()
    total = by_hand = 0.0
    print(f"{'mapping':50} {'by hand':>9} {'compiled':>9} {'ratio':>6}")
    for written, hand in MAPPINGS:
        expression = compile_expression(written)
        for person in everybody[:500]:
            assert expression(person, CONTEXT) == hand(person, CONTEXT), (written, person)  # type: ignore[arg-type]
        one, other = seconds(hand, everybody), seconds(expression, everybody)  # type: ignore[arg-type]
        by_hand, total = by_hand + one, total + other
        print(f"{written.splitlines()[0][:50]:50} {one:8.3f}s {other:8.3f}s {other / one:6.2f}")
    ratio = total / by_hand
    print(f"{'all ten':50} {by_hand:8.3f}s {total:8.3f}s {ratio:6.2f}")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
