"""Changing who is assigned: whom one can choose, which role, and what a change came to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import ConfigurationError
from app.domain.people import AppRole, Assignment, PrincipalKind
from app.domain.texts import Text

ASSIGN_PERMISSION = "AppRoleAssignment.ReadWrite.All"
"""What assigning and unassigning takes; no cycle needs it."""
ROLES_PERMISSION = "Application.ReadWrite.All"
"""What a new role takes; `Application.ReadWrite.OwnedBy` is enough for an owner of it."""

LONGEST_VALUE = 120
_VALUE = re.compile(r"(?!\.)[0-9A-Za-z:!#$%&'()*+,\-./;<=>?@\[\]^_`{|}~]+")
_NOT_IN_A_VALUE = re.compile(r"[^0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or a group of the tenant, as a search finds them.

    `address` is the sign-in name of a person, the mail of a group, else empty.
    """

    id: str
    kind: PrincipalKind
    name: str
    address: str = ""
    mail: str = ""
    enabled: bool = True
    """A person may sign in."""
    security_enabled: bool = True
    """A group is a security group."""

    @property
    def label(self) -> str:
        """Name and address, for sentences in which a name alone may mean several."""
        return f"{self.name} ({self.address})" if self.address else self.name

    def is_called(self, text: str) -> bool:
        """Whether this is its id, name or one of its addresses, in any capitals."""
        wanted = text.strip().casefold()
        names = (self.id, self.name, self.address, self.mail)
        return wanted in {one.casefold() for one in names if one}


@dataclass(frozen=True, slots=True)
class Members:
    """What a group has as direct members, as far as somebody looked."""

    people: bool
    groups: bool


@dataclass(frozen=True, slots=True)
class Assigned:
    """A role is held now. `already`: it was held before, and nothing was changed."""

    assignment: Assignment
    already: bool = False


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """A role to be made; without a value one is made from the name."""

    name: str
    value: str = ""
    description: str = ""

    def checked(self, roles: Sequence[AppRole]) -> RoleDraft:
        """Complete, and different from the `roles` there are; raises `ConfigurationError`.

        What a value may be: 120 characters, no blanks (spec/graph.md 3); which, Graph's reference.
        """
        name = self.name.strip()
        if not name:
            raise ConfigurationError("A role needs a name.", "Give one.", key="name")
        value = self.value.strip() or _NOT_IN_A_VALUE.sub("", name)
        if len(value) > LONGEST_VALUE or not _VALUE.fullmatch(value):
            raise ConfigurationError(
                Text("“{value}” cannot be the value of a role.", {"value": value}),
                Text(
                    "Give one of up to {n} letters and figures without blanks or accents.",
                    {"n": LONGEST_VALUE},
                ),
                key="value",
            )
        for one in roles:
            if name.casefold() == one.name.casefold():
                raise ConfigurationError(
                    Text("There is a role {name} already.", {"name": one.name}),
                    "Assign that one, or give the new role another name.",
                    key="name",
                )
            if value.casefold() == (one.value or "").casefold():
                raise ConfigurationError(
                    Text(
                        "The role {name} has the value {value} already.",
                        {"name": one.name, "value": value},
                    ),
                    "Give the new role another value.",
                    key="value",
                )
        return RoleDraft(name, value, self.description.strip() or name)


@dataclass(frozen=True, slots=True)
class AddedRole:
    """A role was made. `ready`: the enterprise application shows it, so it can be assigned."""

    role: AppRole
    ready: bool
