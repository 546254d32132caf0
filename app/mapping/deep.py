"""Expressions nested deeper than Python's own stack allows (spec/expressions.md 1: to any depth).

The compiler cuts them into parts of at most `DEPTH` calls inside each other. A part that needs
another which is not known yet breaks off; that one is worked out, then the part starts again.
Only what is needed is ever worked out, as everywhere in the language, and a part starts again
once for each part directly inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.errors import EntryError
from app.domain.people import Attributes
from app.mapping.values import Context, Evaluate, Inner

DEPTH = 64
"""Calls inside calls in one part; each takes a handful of Python's frames."""


class _Wanted(Exception):
    """Another part has to be known first."""

    def __init__(self, part: int) -> None:
        self.part = part
        super().__init__(part)


def wanted(part: int) -> Evaluate:
    """Stands in the closures for a part with this number."""

    def known(_attributes: Attributes, context: Context) -> Inner:
        assert context.known is not None, "parts are worked out together"
        if part not in context.known:
            raise _Wanted(part)
        found = context.known[part]
        if isinstance(found, EntryError):
            raise found
        return found

    return known


def joined(parts: Sequence[Evaluate]) -> Evaluate:
    """The expression whose parts these are, the outermost first."""

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        known: dict[int, Inner | EntryError] = {}
        inside = replace(context, known=known)
        waiting = [0]
        while True:
            part = waiting[-1]
            try:
                found: Inner | EntryError = parts[part](attributes, inside)
            except _Wanted as other:
                waiting.append(other.part)
                continue
            except EntryError as error:
                if part == 0:
                    raise
                found = error
            waiting.pop()
            if not waiting:
                assert not isinstance(found, EntryError), "the failure of the whole was raised"
                return found
            known[part] = found

    return evaluate
