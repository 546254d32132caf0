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


def inside_out(root: Node) -> list[Node]:
    """Every node after all that stands inside it."""
    return list(walk(root))[::-1]


def holders(root: Node, name: str) -> frozenset[int]:
    """Ids of the nodes that are a call of this function, or have one inside."""
    found: set[int] = set()
    for node in inside_out(root):
        match node:
            case Comparison(left=left, right=right):
                holds = id(left) in found or id(right) in found
            case Call():
                holds = node.name == name or any(id(one) in found for one in node.arguments)
            case _:
                holds = False
        if holds:
            found.add(id(node))
    return frozenset(found)


def inside(root: Node, name: str) -> frozenset[int]:
    """Ids of the nodes that stand inside a call of this function."""
    found: set[int] = set()
    for node in walk(root):
        match node:
            case Call(arguments=arguments) if node.name == name or id(node) in found:
                found.update(id(one) for one in arguments)
            case Comparison() if id(node) in found:
                found.update((id(node.left), id(node.right)))
    return frozenset(found)


def renamed(root: Node, names: Mapping[str, str]) -> Node:
    """The tree with attributes under their other names, where there is one."""
    new: dict[int, Node] = {}
    for node in inside_out(root):
        match node:
            case Attribute(name=name):
                new[id(node)] = replace(node, name=names.get(name, name))
            case Comparison(left=left, right=right):
                new[id(node)] = replace(node, left=new[id(left)], right=new[id(right)])
            case Call(arguments=arguments):
                changed = tuple(None if one is None else new[id(one)] for one in arguments)
                new[id(node)] = replace(node, arguments=changed)
            case _:
                new[id(node)] = node
    return new[id(root)]


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
