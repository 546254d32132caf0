"""The source side: people, groups, roles and assignments as Entra describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

Value: TypeAlias = str | int | bool | tuple[str, ...] | None
"""An attribute's value. Several values are a tuple; absent and null are both None."""

Attributes: TypeAlias = Mapping[str, Value]
"""Attributes by their mapping name (`objectId`, `givenName`, …: spec/expressions.md 4)."""

DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
"""The role id that stands for "assigned without a role" (spec/provisioning.md 2.2)."""


class PrincipalKind(StrEnum):
    """What an assignment or a membership points at."""

    USER = "user"
    GROUP = "group"
    OTHER = "other"


class Presence(StrEnum):
    """Where a directory object is (spec/graph.md 5.2). Disabled people are PRESENT."""

    PRESENT = "present"
    SOFT_DELETED = "soft_deleted"
    PURGED = "purged"


@dataclass(frozen=True, slots=True)
class AppRole:
    """A role of the application. `value` may be absent; a disabled role still assigns."""

    id: str
    name: str
    value: str | None = None
    enabled: bool = True
    for_people: bool = True
    """People and groups can hold it; other roles are for applications alone."""

    @property
    def assignable(self) -> bool:
        """Whether it can be given to somebody new."""
        return self.enabled and self.for_people


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission of the directory that Rollcall needs, or can do without when `optional`."""

    name: str
    granted: bool
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Application:
    """The enterprise application (service principal): object id and client id."""

    id: str
    app_id: str
    name: str
    roles: tuple[AppRole, ...] = ()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """A principal holds a role of the application."""

    id: str
    principal_id: str
    principal_kind: PrincipalKind
    principal_name: str
    role_id: str


@dataclass(frozen=True, slots=True)
class Member:
    """A direct member of a group."""

    id: str
    kind: PrincipalKind


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the tenant with the attributes the mappings need."""

    id: str
    attributes: Attributes
    presence: Presence = Presence.PRESENT

    @property
    def name(self) -> str:
        """The name to show: display name, else the sign-in name, else the id."""
        for key in ("displayName", "userPrincipalName"):
            value = self.attributes.get(key)
            if isinstance(value, str) and value:
                return value
        return self.id

    @property
    def enabled(self) -> bool:
        """False only when the directory says so."""
        return self.attributes.get("accountEnabled") is not False


@dataclass(frozen=True, slots=True)
class PersonChange:
    """One entry of a users delta. `attributes` holds what came; a None in it clears the value."""

    id: str
    attributes: Attributes
    presence: Presence = Presence.PRESENT


@dataclass(frozen=True, slots=True)
class GroupChange:
    """One entry of a groups delta. None = not mentioned. A big group comes in portions."""

    id: str
    name: str | None = None
    security_enabled: bool | None = None
    added: tuple[Member, ...] = ()
    removed: tuple[str, ...] = ()
    presence: Presence = Presence.PRESENT


Entry = TypeVar("Entry", PersonChange, GroupChange)


@dataclass(frozen=True, slots=True)
class DeltaPage(Generic[Entry]):
    """One page of a delta round. Only the last page has the link to resume from next time."""

    changes: tuple[Entry, ...]
    delta_link: str | None = None


@dataclass(frozen=True, slots=True)
class AssignmentPath:
    """How a person comes to hold a role: directly, or through groups."""

    role: AppRole
    groups: tuple[str, ...] = ()
    """Display names, the assigned group first; empty for a direct assignment."""

    @property
    def effective(self) -> bool:
        """False for Default Access, which gives no account (spec/provisioning.md 2.2)."""
        return self.role.id != DEFAULT_ACCESS
