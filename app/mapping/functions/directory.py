"""Functions that know the tenant, the application or the target (spec/expressions.md 3)."""

from __future__ import annotations

import json
import re

from app.domain.people import Attributes
from app.domain.texts import Text
from app.mapping.errors import failed
from app.mapping.functions.signature import Arguments, Function, Misuse, Veil, padded
from app.mapping.nodes import Call
from app.mapping.values import (
    Context,
    Evaluate,
    Inner,
    empty,
    opened,
    shown,
    text,
    values_of,
    whole,
)

ROLES = "appRoleAssignments"
ROLE_TYPE = "WindowsAzureActiveDirectoryRole"
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{2}|.)", re.DOTALL)
_NAME = re.compile(r'(?:[^,\\"]|\\.|"[^"]*")+', re.DOTALL)


def default_domain(context: Context) -> str:
    """The tenant's default verified domain."""
    if not context.default_domain:
        raise failed("The tenant has no default domain that Rollcall knows")
    return context.default_domain


def single_role(_call: Call, arguments: Arguments) -> Evaluate:
    """One role of the person in this application; the first in the order of the directory."""
    roles = _roles(arguments)

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        found = values_of(roles(attributes, context))
        return found[0] if found else None

    return evaluate


def complex_roles(_call: Call, arguments: Arguments) -> Evaluate:
    """The roles as SCIM role objects, each written as JSON."""
    roles = _roles(arguments)

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        return tuple(map(_role_object, values_of(roles(attributes, context))))

    return evaluate


def _roles(arguments: Arguments) -> Evaluate:
    given = arguments[0] if arguments else None
    return given or (lambda attributes, _context: attributes.get(ROLES))


def _role_object(name: str) -> str:
    role = {"primary": False, "type": ROLE_TYPE, "display": name, "value": name}
    return json.dumps(role, ensure_ascii=False, separators=(",", ":"))


def select_unique(call: Call, arguments: Arguments) -> Evaluate:
    """The first rule whose value nobody in the target has; empty ones are passed over."""
    rules = padded(arguments, 2)
    if len(arguments) < 2 or None in arguments:
        raise Misuse(call, Text("SelectUniqueValue needs at least two rules."))

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        taken, tried = context.taken, ""
        if taken is None:
            raise failed("SelectUniqueValue cannot ask this target which values are taken")
        for rule in rules:
            value = rule(attributes, context)
            if empty(value):
                continue
            tried = text(opened(value))
            if not taken(tried):
                return value
        if not tried:
            return None
        raise failed(
            "Every value that SelectUniqueValue may give is taken; the last was “{value}”",
            "Add a rule, or change the account that has the value",
            value=shown(tried),
        )

    return evaluate


def component(name: Inner, number: Inner) -> str:
    """DNComponent: the value of the n-th part of a distinguished name, from the left."""
    parts, wanted = _NAME.findall(text(name)), whole(number)
    if not 1 <= wanted <= len(parts):
        raise failed(
            "DNComponent asks for part {wanted}, there are {count}",
            wanted=wanted,
            count=len(parts),
        )
    value = parts[wanted - 1].partition("=")[2].strip().strip('"')
    return _ESCAPED.sub(_unescaped, value)


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if len(found[1]) == 2 else found[1]


FUNCTIONS = (
    Function("DefaultDomain", "", asks=default_domain),
    Function("SingleAppRoleAssignment", "appRoleAssignments?", build=single_role),
    Function("AppRoleAssignmentsComplex", "appRoleAssignments?", build=complex_roles),
    Function("AssertiveAppRoleAssignmentsComplex", "appRoleAssignments?", build=complex_roles),
    Function(
        "SelectUniqueValue",
        "rule1, rule2, …",
        build=select_unique,
        outermost=True,
        veil=Veil.CHOSEN,
    ),
    Function("DNComponent", "dn, number", component),
)
