"""The closures of single calls, fast for the shapes that most mappings have.

An attribute, a constant, few arguments have closures of their own, because a mapping runs for
every person of a tenant.
"""

from __future__ import annotations

from collections.abc import Callable

from app.mapping.functions.signature import Arguments, Function, null
from app.mapping.nodes import Attribute, Call, Constant
from app.mapping.values import Evaluate, Inner


def closure(call: Call, function: Function, arguments: Arguments) -> Evaluate:
    """The call of `function` with these arguments. Raises `Misuse`."""
    if function.build is not None:
        return function.build(call, arguments)
    if function.asks is not None:
        return _asking(function.asks, arguments)
    assert function.apply is not None, "a function has apply, asks or build"
    return _applied(function.apply, call, arguments)


def _asking(asks: Callable[..., Inner], arguments: Arguments) -> Evaluate:
    given = [one or null for one in arguments]
    return lambda attributes, context: asks(context, *[one(attributes, context) for one in given])


def _applied(apply: Callable[..., Inner], call: Call, arguments: Arguments) -> Evaluate:
    given = [one or null for one in arguments]
    if len(given) == 1:
        only, node = given[0], call.arguments[0]
        if isinstance(node, Attribute):
            name = node.name
            return lambda attributes, _context: apply(attributes.get(name))
        return lambda attributes, context: apply(only(attributes, context))
    if len(given) == 2:
        return _applied_to_two(apply, call, given[0], given[1])
    if len(given) == 3:
        return _applied_to_three(apply, call, given)
    return lambda attributes, context: apply(*[one(attributes, context) for one in given])


def _applied_to_two(
    apply: Callable[..., Inner], call: Call, first: Evaluate, second: Evaluate
) -> Evaluate:
    node, other = call.arguments
    if isinstance(other, Constant):
        constant = other.value
        if isinstance(node, Attribute):
            name = node.name
            return lambda attributes, _context: apply(attributes.get(name), constant)
        return lambda attributes, context: apply(first(attributes, context), constant)
    if isinstance(node, Attribute) and isinstance(other, Attribute):
        one, two = node.name, other.name
        return lambda attributes, _context: apply(attributes.get(one), attributes.get(two))
    if isinstance(node, Constant):
        beginning = node.value
        return lambda attributes, context: apply(beginning, second(attributes, context))
    return lambda attributes, context: apply(
        first(attributes, context), second(attributes, context)
    )


def _applied_to_three(apply: Callable[..., Inner], call: Call, given: list[Evaluate]) -> Evaluate:
    first, second, third = given
    node, *others = call.arguments
    constants = [one.value for one in others if isinstance(one, Constant)]
    if len(constants) == 2:
        one, two = constants
        if isinstance(node, Attribute):
            name = node.name
            return lambda attributes, _context: apply(attributes.get(name), one, two)
        return lambda attributes, context: apply(first(attributes, context), one, two)
    return lambda attributes, context: apply(
        first(attributes, context), second(attributes, context), third(attributes, context)
    )
