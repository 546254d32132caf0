"""What a function is: its name, what it takes, and how a call of it becomes a closure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol, TypeAlias

from app.domain.texts import Text
from app.mapping.nodes import Call, Constant, Node
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


class Veil(Enum):
    """What the log shows of a call's result when an argument is redacted."""

    WHOLE = auto()
    """Nothing of it."""
    PARTS = auto()
    """The result made of what the log shows of each argument: text put beside text."""
    CHOSEN = auto()
    """The result is one of the arguments as it is, and is shown as that argument is."""
    SAID = auto()
    """There is no result: what the log may show of the arguments is said."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the language.

    `takes` is written as people read it: `source, culture?` (optional), `source1, …` (repeating).
    `apply` works on values, `asks` on values after the context, `build` on closures; a function
    has one of the three.
    """

    name: str
    takes: str
    apply: Callable[..., Inner] | None = None
    asks: Callable[..., Inner] | None = None
    build: Build | None = None
    outermost: bool = False
    """May not stand inside another call."""
    blanks: bool = False
    """Any argument may be left empty between its commas, and is null then."""
    counts_itself: bool = False
    """`build` knows which arguments are needed."""
    veil: Veil = Veil.WHOLE
    looks_at: Callable[[int], bool] = lambda _position: False
    """With `Veil.CHOSEN`: which arguments (from 0) are only looked at, never the result."""
    parameters: tuple[str, ...] = field(init=False)
    optional: tuple[bool, ...] = field(init=False)
    minimum: int = field(init=False)
    maximum: int | None = field(init=False)

    def __post_init__(self) -> None:
        names = [name for name in self.takes.split(", ") if name]
        repeats = bool(names) and names[-1] == "…"
        if repeats:
            names.pop()
        optional = tuple(name.endswith("?") for name in names)
        object.__setattr__(self, "parameters", tuple(name.rstrip("?") for name in names))
        object.__setattr__(self, "optional", optional)
        last_needed = max((n for n, may in enumerate(optional, 1) if not may), default=0)
        object.__setattr__(self, "minimum", last_needed)
        object.__setattr__(self, "maximum", None if repeats else len(names))

    def lacks(self, call: Call) -> str | None:
        """The first argument that the call must have and does not."""
        if self.counts_itself:
            return None
        given = call.written if self.blanks else len(call.arguments)
        for position, name in enumerate(self.parameters):
            if self.optional[position]:
                continue
            if position >= given or (not self.blanks and call.arguments[position] is None):
                return name
        return None


def constant_text(call: Call, position: int) -> str | None:
    """The argument when it is written out as a text or a number, None when it is worked out."""
    if position < len(call.arguments):
        node = call.arguments[position]
        if isinstance(node, Constant):
            return str(node.value)
    return None


def null(_attributes: object, _context: object) -> Inner:
    """The closure of a missing argument."""
    return None


def padded(arguments: Arguments, count: int) -> list[Evaluate]:
    """The arguments as closures, missing ones null, at least `count` of them."""
    return [*((one or null) for one in arguments), *[null] * (count - len(arguments))]
