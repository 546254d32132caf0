"""Texts for people, kept apart from the language they are shown in.

The engine and the connectors say what happened as a `Text`: the English sentence with named
places and the values for them. Whoever shows it (command line, window, mail) translates the
sentence first and fills in the values after, so one record reads well in every language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, Union

TextValue: TypeAlias = Union[str, int, float, "Text"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence for people: `Text("GoTo refused the sign-in of {user}", {"user": name})`.

    `plural` is the English plural form; with it `values["n"]` is the number that decides.
    Values may be texts themselves; they are translated with the sentence.
    """

    message: str
    values: Mapping[str, TextValue] = field(default_factory=dict)
    plural: str | None = None

    def __str__(self) -> str:
        """The English sentence, for logs of developers and for tests."""
        return English().render(self)


class Translator(Protocol):
    """Renders texts in one language."""

    def render(self, text: Text) -> str:
        """The sentence in this language with its values filled in."""
        ...


class English:
    """The language the sentences are written in."""

    def render(self, text: Text) -> str:
        """The sentence as written, with its values filled in."""
        number = text.values.get("n")
        template = text.message
        if text.plural is not None and number != 1:
            template = text.plural
        return fill(template, text.values, self)


def fill(template: str, values: Mapping[str, TextValue], translator: Translator) -> str:
    """`template` with its `{places}` filled; texts among the values are rendered first."""
    return template.format_map(
        {
            name: translator.render(value) if isinstance(value, Text) else value
            for name, value in values.items()
        }
    )
