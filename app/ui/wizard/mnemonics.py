"""A key for every button and label of a page, unique on it in every language.

Letters chosen by a translator (`&Next`) are kept; whoever has none gets a free letter of its own
words. Two translators can therefore never make two buttons share a key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QPushButton, QRadioButton, QWidget

_OWN_TEXT = "mnemonicText"
Labelled = QAbstractButton | QLabel


def give_mnemonics(
    page: QWidget, frame: Sequence[QAbstractButton], reserved: Collection[str] = ()
) -> None:
    """Give keys to the frame's buttons first, then to everything visible on the page.

    Letters in `reserved` belong to somebody else.
    """
    widgets: list[Labelled] = [*frame, *_labelled(page)]
    texts = [_plain_text(widget) for widget in widgets]
    fixed = set(reserved)
    open_texts: dict[int, str] = {}
    for at, text in enumerate(texts):
        letter = chosen_letter(text)
        own = letter and (letter not in fixed or (at == 0 and letter in reserved))
        if own:
            fixed.add(letter)
        else:
            open_texts[at] = without_letter(text)
    for at, letter in assign_letters(open_texts, fixed).items():
        texts[at] = with_letter(open_texts[at], letter)
    for widget, text in zip(widgets, texts, strict=True):
        if widget.text() != text:
            widget.setProperty(_OWN_TEXT, [_plain_text(widget), text])
            widget.setText(text)


def assign_letters(texts: Mapping[int, str], taken: Collection[str]) -> dict[int, str]:
    """A letter for each text, no letter twice, for as many texts as can have one.

    Earlier letters of a text are liked better; a text moves on to a later one of its letters when
    another has no choice (augmenting paths).
    """
    holder: dict[str, int] = {}

    def place(at: int, tried: set[str]) -> bool:
        for letter in letters_of(texts[at]):
            if letter in taken or letter in tried:
                continue
            tried.add(letter)
            if letter not in holder or place(holder[letter], tried):
                holder[letter] = at
                return True
        return False

    for at in texts:
        place(at, set())
    return {at: letter for letter, at in holder.items()}


def letters_of(text: str) -> list[str]:
    """Letters and figures that a keyboard has, upper case, in their order."""
    found = (one.upper() for one in text if one.isascii() and one.isalnum())
    return list(dict.fromkeys(found))


def chosen_letter(text: str) -> str:
    """The letter after a single `&`, upper case; nothing without one."""
    rest = text.replace("&&", "")
    at = rest.find("&")
    return rest[at + 1 : at + 2].upper() if at >= 0 else ""


def without_letter(text: str) -> str:
    """The text without its mark; a doubled `&&` is a real one and stays."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&&")


def with_letter(text: str, letter: str) -> str:
    """The text with `&` before the first such letter."""
    at = text.upper().index(letter)
    return f"{text[:at]}&{text[at:]}"


def _plain_text(widget: Labelled) -> str:
    """The text as the page set it, before this module marked a letter."""
    given = widget.property(_OWN_TEXT)
    if isinstance(given, list) and len(given) == 2 and given[1] == widget.text():
        return str(given[0])
    return widget.text()


def _labelled(page: QWidget) -> list[Labelled]:
    found: list[Labelled] = []
    for widget in page.findChildren(QWidget):
        if isinstance(widget, QLabel):
            named = widget.buddy() is not None
        elif isinstance(widget, QPushButton | QCheckBox | QRadioButton):
            named = True
        else:
            continue
        if named and widget.isVisibleTo(page) and widget.text():
            found.append(widget)
    return found
