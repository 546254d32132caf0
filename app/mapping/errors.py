"""The two ways an expression goes wrong: when it is written, and with one person's values."""

from __future__ import annotations

from dataclasses import replace

from app.domain.activity import REDACTED
from app.domain.errors import ConfigurationError, EntryError
from app.domain.texts import Text, TextValue

EXPRESSION_FAILED = "ExpressionFailed"
"""Code of a mapping that cannot be worked out for one person's values."""


class ExpressionError(ConfigurationError):
    """An expression cannot be read.

    `problem` is the sentence without the place. `offset` counts characters from the start of the
    expression, `line` and `column` are where a person looks; all three count from 1.
    """

    def __init__(
        self,
        expression: str,
        at: int,
        problem: Text,
        advice: Text | None = None,
        *,
        key: str = "",
        target: str = "",
    ) -> None:
        before = expression[:at]
        self.problem = problem
        self.offset = at + 1
        self.line = before.count("\n") + 1
        self.column = at - (before.rfind("\n") + 1) + 1
        self._expression = expression
        place: dict[str, TextValue] = {"column": self.column, "problem": problem}
        text = Text("Column {column}: {problem}", place)
        if "\n" in expression:
            place["line"] = self.line
            text = Text("Line {line}, column {column}: {problem}", place)
        if target:
            text = Text(
                "The expression for {target} cannot be read. {problem}",
                {"target": target, "problem": text},
            )
        super().__init__(text, advice, key=key)

    def placed(self, key: str, target: str) -> ExpressionError:
        """The same error, naming the profile's key and the target attribute it was found in."""
        return ExpressionError(
            self._expression, self.offset - 1, self.problem, self.advice, key=key, target=target
        )


def failed(message: str, advice: str | None = None, /, **values: TextValue) -> EntryError:
    """One person's values do not suit the expression; the person fails, the run goes on."""
    return EntryError(
        EXPRESSION_FAILED, Text(message, values), Text(advice, values) if advice else None
    )


class Sayable(EntryError):
    """A failure out of which every hidden value was taken (spec/expressions.md, Redact)."""


def sayable(error: EntryError) -> Sayable:
    """The failure as it is: it comes from where nothing is hidden."""
    return Sayable(error.code, error.text, error.advice)


def unquoted(error: EntryError) -> Sayable:
    """The failure without any value: each may be a hidden one, or tell what it is."""
    advice = None if error.advice is None else _without_values(error.advice)
    return Sayable(error.code, _without_values(error.text), advice)


def _without_values(text: Text) -> Text:
    values = {
        name: _without_values(value) if isinstance(value, Text) else REDACTED
        for name, value in text.values.items()
    }
    return replace(text, values=values, plural=None)
