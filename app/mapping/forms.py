"""Forms that a target demands of a value, checked before anything is sent (spec/goto.md 2.4)."""

from __future__ import annotations

import re
import zoneinfo
from functools import lru_cache

from app.domain.accounts import ValueForm
from app.domain.errors import EntryError
from app.domain.texts import Text
from app.mapping.values import shown

_ADDRESS = re.compile(r"[^\s@,;<>()\[\]\"]+@[^\s@.,;]+(?:\.[^\s@.,;]+)+")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[_-][A-Za-z]{2})?")
NAMES = {
    ValueForm.ADDRESS: Text("an e-mail address"),
    ValueForm.LOCALE: Text("a language with an optional country, such as en or en_US"),
    ValueForm.TIME_ZONE: Text("a time zone, such as Europe/Paris"),
}


def fits(form: ValueForm, value: str) -> bool:
    """Would the target take the value?"""
    match form:
        case ValueForm.ADDRESS:
            return _ADDRESS.fullmatch(value) is not None
        case ValueForm.LOCALE:
            return _LOCALE.fullmatch(value) is not None
        case ValueForm.TIME_ZONE:
            return value in _zones()


def refused(attribute: str, value: str, form: ValueForm) -> EntryError:
    """A value without which there is no account."""
    code = "InvalidDomain" if form is ValueForm.ADDRESS else "UnprocessableEntity"
    return EntryError(
        code,
        Text(
            "{attribute} would be “{value}”, which is not {form}",
            {"attribute": attribute, "value": shown(value), "form": NAMES[form]},
        ),
        Text("Correct the value in Entra, or the mapping."),
    )


def left_out(attribute: str, value: str, form: ValueForm) -> Text:
    """A value that the account can do without."""
    return Text(
        "{attribute} left out: “{value}” is not {form}",
        {"attribute": attribute, "value": shown(value), "form": NAMES[form]},
    )


def too_long(attribute: str, value: str, length: int, most: int) -> EntryError:
    """A value of `length` characters that cannot be cut without becoming somebody else's."""
    return EntryError(
        "UnprocessableEntity",
        Text(
            "{attribute} has {length} characters, GoTo takes {most}: {value}",
            {"attribute": attribute, "length": length, "most": most, "value": shown(value)},
        ),
        Text("Shorten the value in Entra, or map another attribute."),
    )


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
