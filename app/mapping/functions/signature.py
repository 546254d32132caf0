"""What a function is: its name, what it takes, and how a call of it becomes a closure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from app.domain.texts import Text
from app.mapping.nodes import Call, Node
from app.mapping.values import Evaluate, Inner

Arguments: TypeAlias = Sequence[Evaluate | None]
"""Compiled arguments; None where one was left out. As long as what was written."""


class Misuse(Exception):
    """A call that is wrong as written. The compiler adds the column of `node`."""

    def __init__(self, node: Node, problem: Text, advice: Text | None = None) -> None:
        self.node = node
        self.problem = problem
        self.advice = advice
        super().__init__(str(problem))


class Build(Protocol):
    """Makes the closure of one call: for functions that are lazy or look at their arguments."""

    def __call__(self, call: Call, arguments: Arguments, /) -> Evaluate:
        """The closure. Raises `Misuse`."""
        ...


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the language.

    `takes` is written as people read it: `source, culture?` (optional), `source1, …` (repeating).
    Either `apply` works on values, or `build` on closures.
    """

    name: str
    takes: str
    apply: Callable[..., Inner] | None = None
    build: Build | None = None
    steady: bool = True
    """Gives the same value again for the same person at the same time."""
    parameters: tuple[str, ...] = field(init=False)
    minimum: int = field(init=False)
    maximum: int | None = field(init=False)

    def __post_init__(self) -> None:
        names = [name for name in self.takes.split(", ") if name]
        repeats = bool(names) and names[-1] == "…"
        if repeats:
            names.pop()
        optional = [name.endswith("?") for name in names]
        object.__setattr__(self, "parameters", tuple(name.rstrip("?") for name in names))
        last_needed = max((n for n, may in enumerate(optional, 1) if not may), default=0)
        object.__setattr__(self, "minimum", last_needed)
        object.__setattr__(self, "maximum", None if repeats else len(names))

    def needs(self, position: int) -> bool:
        """May the argument at this position (from 0) not be left out?"""
        names = [name for name in self.takes.split(", ") if name and name != "…"]
        return position < len(names) and not names[position].endswith("?")
