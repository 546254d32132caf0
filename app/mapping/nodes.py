"""An expression as it was written: the tree between the parser and the compiler.

`at` and `end` are offsets into the text (0-based, end exclusive), for messages and the editor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, Union


@dataclass(frozen=True, slots=True)
class Attribute:
    """`[name]`."""

    name: str
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A string or a number; a number that is not a plain integer keeps its text."""

    value: str | int
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Keyword:
    """A bare word of the language, such as vbTextCompare."""

    word: str
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left = right` and its like."""

    operator: str
    left: Node
    right: Node
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """`Name(arguments)`. A left-out argument is None; trailing ones are not kept.

    `written` counts the places between commas, left-out ones included.
    """

    name: str
    arguments: tuple[Node | None, ...]
    written: int
    at: int
    end: int


Node: TypeAlias = Union[Attribute, Constant, Keyword, Comparison, Call]


def walk(root: Node) -> Iterator[Node]:
    """Every node of the tree in the order it was written, without recursion."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Call):
            waiting.extend(child for child in reversed(node.arguments) if child is not None)
        elif isinstance(node, Comparison):
            waiting.extend((node.right, node.left))


def renamed(root: Node, names: Mapping[str, str]) -> Node:
    """The tree with attributes under their other names, where there is one."""
    match root:
        case Attribute(name=name):
            return replace(root, name=names.get(name, name))
        case Comparison(left=left, right=right):
            return replace(root, left=renamed(left, names), right=renamed(right, names))
        case Call(arguments=arguments):
            return replace(
                root,
                arguments=tuple(None if one is None else renamed(one, names) for one in arguments),
            )
    return root


def same(one: Node | None, other: Node | None) -> bool:
    """The same expression, wherever it stands."""
    match one, other:
        case Attribute(), Attribute():
            return one.name == other.name
        case Constant(), Constant():
            return one.value == other.value
        case Keyword(), Keyword():
            return one.word == other.word
        case Comparison(), Comparison():
            return (
                one.operator == other.operator
                and same(one.left, other.left)
                and same(one.right, other.right)
            )
        case Call(), Call():
            return (
                one.name == other.name
                and len(one.arguments) == len(other.arguments)
                and all(map(same, one.arguments, other.arguments))
            )
    return one is None and other is None
