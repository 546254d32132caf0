"""Random values (spec/expressions.md 3, "Random and log")."""

from __future__ import annotations

import string
from uuid import UUID

from app.mapping.errors import failed
from app.mapping.functions.signature import Function
from app.mapping.values import Context, Inner, text, whole

LONGEST = 256
SPECIAL = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/"
"""What the Windows password rules call special."""


def guid(context: Context) -> str:
    """A new GUID, lower case with hyphens."""
    return str(UUID(int=context.random.getrandbits(128), version=4))


def random_string(
    context: Context,
    length: Inner,
    digits: Inner,
    special: Inner,
    capitals: Inner,
    small: Inner,
    avoid: Inner = None,
) -> str:
    """At least so many of each kind, the rest digits and letters, in random order."""
    wanted, unwanted = whole(length), text(avoid)
    least = [whole(one) for one in (digits, special, capitals, small)]
    if min(wanted, *least) < 0 or wanted > LONGEST or sum(least) > wanted:
        raise failed(
            "RandomString cannot make {length} characters, at least {least} of them of given "
            "kinds; {most} is the most",
            length=wanted,
            least=sum(least),
            most=LONGEST,
        )
    kinds = (string.digits, SPECIAL, string.ascii_uppercase, string.ascii_lowercase)
    rest = string.digits + string.ascii_letters
    found: list[str] = []
    for number, kind in (*zip(least, kinds, strict=True), (wanted - sum(least), rest)):
        allowed = [one for one in kind if one not in unwanted]
        if number and not allowed:
            raise failed("RandomString may use none of the characters {kind}", kind=kind)
        found += [context.random.choice(allowed) for _ in range(number)]
    context.random.shuffle(found)
    return "".join(found)


FUNCTIONS = (
    Function("Guid", "", asks=guid),
    Function(
        "RandomString",
        "length, minimumNumbers, minimumSpecialCharacters, minimumCapital, minimumLowerCase, "
        "charactersToAvoid?",
        asks=random_string,
    ),
)
