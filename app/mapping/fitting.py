"""Mapped values made to fit the target, or refused, before they are sent (spec/goto.md 2.4)."""

from __future__ import annotations

import unicodedata

from app.domain.accounts import TargetLimits
from app.domain.errors import EntryError
from app.domain.people import Value
from app.domain.texts import Text
from app.mapping import forms
from app.mapping.errors import unquoted
from app.mapping.values import empty, text, truth


class Fitting:
    """Knows the limits of one target.

    Whatever is said about a value quotes `logged`, which is what the log may show of it.
    """

    def __init__(self, limits: TargetLimits) -> None:
        self._limits = limits

    def fit(self, target: str, value: Value, logged: Value, warnings: list[Text]) -> Value:
        """The value to send; what is lost is added to `warnings`. Raises `EntryError`."""
        if isinstance(value, tuple):
            if len(value) > 1:
                raise EntryError(
                    "SchemaPropertyCanOnlyAcceptValue",
                    Text(
                        "{attribute} takes one value, the mapping gives {count}",
                        {"attribute": target, "count": len(value)},
                    ),
                    Text("Choose one with Item, or put them together with Join."),
                )
            value = value[0] if value else None
        if isinstance(logged, tuple):
            logged = logged[0] if logged else None
        typed = self._typed(target, value, logged)
        if not isinstance(typed, str):
            return typed
        return self._limited(target, typed, text(logged), warnings)

    def _typed(self, target: str, value: Value, logged: Value) -> Value:
        """True and false where the target has a Boolean, text everywhere else (4.4)."""
        if target not in self._limits.booleans:
            return text(value) if isinstance(value, int) else value
        if empty(value):
            return value
        try:
            return truth(value)
        except EntryError as error:
            raise error if logged == value else unquoted(error) from None

    def _limited(self, target: str, value: str, logged: str, warnings: list[Text]) -> Value:
        """Cut or refused, by the target's own limits."""
        form = self._limits.forms.get(target)
        if value and form is not None and not forms.fits(form, value):
            if target == self._limits.identity:
                raise forms.refused(target, logged, form)
            warnings.append(forms.left_out(target, logged, form))
            return None
        most = self._limits.refused_lengths.get(target)
        if most is not None and len(value) > most:
            raise forms.too_long(target, logged, len(value), most)
        limit = self._limits.max_lengths.get(target)
        if limit is None or len(value) <= limit:
            return value
        warnings.append(
            Text("{attribute} cut to {limit} characters", {"attribute": target, "limit": limit})
        )
        return cut(value, limit)


def cut(value: str, limit: int | None) -> str:
    """At most `limit` characters, never between a letter and its marks."""
    if limit is None or len(value) <= limit:
        return value
    end = limit
    while end > 0 and unicodedata.combining(value[end]):
        end -= 1
    return value[:end].rstrip()
