"""An error in the window's words: what happened, what to do, and what belongs behind "Details"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.domain.texts import Text

_QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """The sentence, the advice, and the service's own words with codes, in its own language."""

    title: str
    advice: str
    details: str


def error_words(
    say: Callable[[Text], str], text: Text, advice: Text | None, facts: tuple[str, ...] = ()
) -> ErrorWords:
    """The parts of an error; `facts` (class, request id) join the details."""
    sentence, quoted = without_quotation(text)
    told = say(advice) if advice is not None else ""
    details = " · ".join(part for part in (*facts, quoted) if part)
    return ErrorWords(say(sentence).strip(), told.replace("`", ""), details)


def without_quotation(text: Text) -> tuple[Text, str]:
    """The engine's sentence alone, and what it quotes: English inside French helps nobody."""
    quoted = text.values.get(_QUOTE)
    if not isinstance(quoted, str) or not quoted:
        return text, ""
    return replace(text, values={**text.values, _QUOTE: ""}), quoted.strip().strip("“”")
