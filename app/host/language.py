"""Languages: the locale decides, `ROLLCALL_LANGUAGE` overrides.

Sentences are `domain.texts.Text`; the English sentence is the key in gettext catalogues under
`resources/translations/<language>/LC_MESSAGES/rollcall.mo`. Extraction looks for `Text(…)` and
`_(…)` with literal strings, plurals by `plural=`.
"""

from __future__ import annotations

import gettext
import locale
from collections.abc import Mapping
from pathlib import Path

from app.domain.texts import Text, Translator, fill

LANGUAGES = ("en", "fr")


def choose_language(environment: Mapping[str, str], setting: str | None = None) -> str:
    """`en` or `fr`."""
    for name in ("ROLLCALL_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = setting if name != "ROLLCALL_LANGUAGE" and setting else environment.get(name)
        if value:
            return _known(value)
    return _known(locale.getlocale()[0] or "")


def _known(value: str) -> str:
    code = value[:2].lower()
    return code if code in LANGUAGES else "en"


class GettextTranslator:
    """`domain.texts.Translator` on one catalogue; English where there is none."""

    def __init__(self, language: str, folder: Path) -> None:
        self.language = language
        self._catalogue = gettext.translation(
            "rollcall", folder, languages=[language], fallback=True
        )

    def render(self, text: Text) -> str:
        """The sentence in this language with its values filled in."""
        number = text.values.get("n")
        if text.plural is not None and isinstance(number, int):
            template = self._catalogue.ngettext(text.message, text.plural, number)
        else:
            template = self._catalogue.gettext(text.message)
        return fill(template, text.values, self)


def translator(environment: Mapping[str, str], resources: Path) -> Translator:
    """The translator for this machine."""
    return GettextTranslator(choose_language(environment), resources / "translations")
