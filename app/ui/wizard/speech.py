"""Texts and numbers in the language of the window."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QLocale

from app.domain.texts import Text, TextValue, Translator


def number(value: int) -> str:
    """The number as the locale groups it: 12,444 or 12 444."""
    return QLocale().toString(value)


class _Grouped(int):
    """An integer that is written with the locale's groups wherever a text holds it."""

    def __format__(self, form: str) -> str:
        return number(int(self)) if not form else super().__format__(form)


class Speech:
    """Renders the engine's texts with numbers as the locale writes them."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator

    def say(self, text: Text | None) -> str:
        """The sentence in the window's language; nothing for None."""
        return "" if text is None else self._translator.render(_grouped(text))


def _grouped(text: Text) -> Text:
    return replace(text, values={name: _value(value) for name, value in text.values.items()})


def _value(value: TextValue) -> TextValue:
    if isinstance(value, Text):
        return _grouped(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _Grouped(value)
    return value


def short_name(name: str) -> str:
    """How to call a person on a button: `Zoë Lefèvre` is Zoë, `陈美玲 (Chen Meiling)` 陈美玲."""
    return name.split(maxsplit=1)[0] if name.strip() else name
