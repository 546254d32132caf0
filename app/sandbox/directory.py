"""The practice tenant as plain data: people, groups, assignments and what changed in them.

Lists only grow, so that a position in one stays a valid page token while objects come and go.
Everything that happens after seeding is appended to one log of changes; a delta token is a
position in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from app.domain.people import Presence

DELETED_ITEMS_KEPT = timedelta(days=30)
"""How long the recycle bin keeps people (spec/graph.md 4.4)."""

_COMMON = (
    "userPrincipalName",
    "mail",
    "displayName",
    "givenName",
    "surname",
    "accountEnabled",
    "userType",
    "department",
    "jobTitle",
    "companyName",
    "employeeId",
    "city",
    "country",
    "preferredLanguage",
    "mailNickname",
    "createdDateTime",
)
_SLOT = {name: index for index, name in enumerate(_COMMON)}

KNOWN_PROPERTIES = frozenset(_COMMON) | {
    "id",
    "businessPhones",
    "deletedDateTime",
    "employeeHireDate",
    "employeeType",
    "faxNumber",
    "mobilePhone",
    "officeLocation",
    "onPremisesExtensionAttributes",
    "onPremisesImmutableId",
    "onPremisesSamAccountName",
    "onPremisesSyncEnabled",
    "otherMails",
    "postalCode",
    "proxyAddresses",
    "state",
    "streetAddress",
    "usageLocation",
}
"""User properties the practice directory knows; `extension_…` names come on top."""


class _Unset:
    """The value of a property nobody ever set; a cleared one is None."""


UNSET = _Unset()


class Person:
    """A user. A hundred thousand of these must fit, hence the row of values and not a dict."""

    __slots__ = ("_extra", "_values", "deleted_at", "id", "manager", "number", "presence")

    def __init__(self, number: int, identity: str) -> None:
        self.number = number
        self.id = identity
        self.presence = Presence.PRESENT
        self.deleted_at: datetime | None = None
        self.manager: str | None = None
        """Object id; through `Directory.set_manager`."""
        self._values: list[object] = [UNSET] * len(_COMMON)
        self._extra: dict[str, object] | None = None

    def raw(self, name: str) -> object:
        """The value, `None` when cleared, `UNSET` when never set."""
        slot = _SLOT.get(name)
        if slot is not None:
            return self._values[slot]
        if name == "id":
            return self.id
        return (self._extra or {}).get(name, UNSET)

    def get(self, name: str) -> object:
        """The value as a list shows it: null both when cleared and when never set."""
        value = self.raw(name)
        return None if value is UNSET else value

    def text(self, name: str) -> str:
        """The value if it is text, else an empty string."""
        value = self.raw(name)
        return value if isinstance(value, str) else ""

    def put(self, name: str, value: object) -> None:
        """Set a property; through `Directory.change` once the world is seeded."""
        slot = _SLOT.get(name)
        if slot is not None:
            self._values[slot] = value
        else:
            if self._extra is None:
                self._extra = {}
            self._extra[name] = value

    @property
    def present(self) -> bool:
        """Neither in the recycle bin nor gone."""
        return self.presence is Presence.PRESENT

    @property
    def enabled(self) -> bool:
        """Whether the person may sign in."""
        return self.get("accountEnabled") is not False


@dataclass(slots=True)
class Group:
    """A group with its direct members: id to kind (`user`, `group`, `device`)."""

    number: int
    id: str
    name: str
    members: dict[str, str] = field(default_factory=dict)
    security_enabled: bool = True
    present: bool = True


@dataclass(frozen=True, slots=True)
class Role:
    """An application role."""

    id: str
    name: str
    value: str
    description: str
    enabled: bool = True
    member_types: tuple[str, ...] = ("User",)


@dataclass(frozen=True, slots=True)
class ServicePrincipal:
    """An enterprise application."""

    id: str
    app_id: str
    name: str
    roles: tuple[Role, ...] = ()


@dataclass(slots=True)
class Grant:
    """An app-role assignment of the GoToMeeting application."""

    number: int
    id: str
    principal_id: str
    principal_kind: str
    role_id: str
    created: str
    present: bool = True


class Change(NamedTuple):
    """One thing that happened.

    `member` is set when a membership began (`added`) or ended, of a user when they got or lost
    that manager.
    """

    kind: str
    object_id: str
    properties: frozenset[str] = frozenset()
    member: str | None = None
    added: bool = False


MANAGER = frozenset({"manager"})
LIFE = frozenset({"@life"})
"""Marks a change that every delta reports: created, deleted, restored."""


class Directory:
    """People, groups, enterprise applications and the assignments of GoToMeeting."""

    def __init__(self, application: ServicePrincipal) -> None:
        self.application = application
        self.application_before = application
        """Without the newest change of its roles, for whoever hears of it late."""
        self.late_looks = 0
        """How many of the next looks hear of it late."""
        self.applications: list[ServicePrincipal] = [application]
        self.people: list[Person] = []
        self.groups: list[Group] = []
        self.grants: list[Grant] = []
        self.newest_grant: Grant | None = None
        """The assignment that changed last, by its coming or going."""
        self.changes: list[Change] = []
        self._people: dict[str, Person] = {}
        self._groups: dict[str, Group] = {}
        self._by_address: dict[str, list[Person]] = {}
        self._reports: dict[str, dict[str, None]] = {}

    def person(self, identity: str) -> Person | None:
        """By object id, whatever became of the person."""
        return self._people.get(identity)

    def group(self, identity: str) -> Group | None:
        """By object id, whatever became of the group."""
        return self._groups.get(identity)

    def at_address(self, address: str) -> list[Person]:
        """Present people whose sign-in name or mail this is, in any capitals."""
        return [one for one in self._by_address.get(address.lower(), ()) if one.present]

    def living_people(self) -> Iterator[Person]:
        """Everybody who is neither in the recycle bin nor gone."""
        return (person for person in self.people if person.present)

    def living_groups(self) -> Iterator[Group]:
        """Every group that exists."""
        return (group for group in self.groups if group.present)

    def living_grants(self) -> Iterator[Grant]:
        """Assignments whose principal exists; those of the recycle bin are suspended."""
        return (grant for grant in self.grants if self.grant_counts(grant))

    def grant_counts(self, grant: Grant) -> bool:
        """Whether a list of assignments shows this one."""
        if not grant.present:
            return False
        if grant.principal_kind == "user":
            person = self._people.get(grant.principal_id)
            return person is not None and person.present
        group = self._groups.get(grant.principal_id)
        return group is not None and group.present

    def principal_name(self, grant: Grant) -> str:
        """Display name of whoever holds an assignment."""
        if grant.principal_kind == "user":
            person = self._people.get(grant.principal_id)
            return person.text("displayName") if person else ""
        group = self._groups.get(grant.principal_id)
        return group.name if group else ""

    def members(self, group: Group) -> Iterator[tuple[str, str]]:
        """Direct members that exist, as (id, kind)."""
        for identity, kind in group.members.items():
            if self.member_exists(identity, kind):
                yield identity, kind

    def member_exists(self, identity: str, kind: str) -> bool:
        """Whether a membership still points at something."""
        if kind == "user":
            person = self._people.get(identity)
            return person is not None and person.present
        if kind == "group":
            group = self._groups.get(identity)
            return group is not None and group.present
        return True

    def kind_of(self, identity: str) -> str:
        """What a member is: `user`, `group` or `device`."""
        if identity in self._people:
            return "user"
        return "group" if identity in self._groups else "device"

    def groups_of(self, person_id: str) -> list[Group]:
        """Groups with this person as a direct member."""
        return [group for group in self.living_groups() if person_id in group.members]

    # -- changes ---------------------------------------------------------------------------

    def add_person(self, identity: str, values: dict[str, object], *, seed: bool = False) -> Person:
        """A new user; `seed` when the world is being built and nothing is to be reported."""
        person = Person(len(self.people), identity)
        for name, value in values.items():
            person.put(name, value)
        self.people.append(person)
        self._people[identity] = person
        self._index(person)
        if not seed:
            self.changes.append(Change("user", identity, LIFE))
        return person

    def change(self, person: Person, values: dict[str, object]) -> None:
        """Set properties of a person and log those that really changed."""
        changed = {name for name, value in values.items() if person.raw(name) != value}
        if not changed:
            return
        self._unindex(person)
        for name in changed:
            person.put(name, values[name])
        self._index(person)
        self.changes.append(Change("user", person.id, frozenset(changed)))

    def manager_of(self, person: Person) -> Person | None:
        """The manager, unless deleted."""
        manager = self._people.get(person.manager or "")
        return manager if manager is not None and manager.present else None

    def set_manager(self, person: Person, manager: Person | None, *, seed: bool = False) -> None:
        """Give somebody a manager, who may be anybody, or take the manager away."""
        before, after = person.manager, manager.id if manager is not None else None
        if before == after:
            return
        if before is not None:
            self._reports[before].pop(person.id, None)
        person.manager = after
        if after is not None:
            self._reports.setdefault(after, {})[person.id] = None
        for one, added in ((before, False), (after, True)):
            if one is not None and not seed:
                self.changes.append(Change("user", person.id, MANAGER, one, added))

    def soft_delete(self, person: Person, now: datetime) -> None:
        """Into the recycle bin; memberships, assignments, reports are suspended with it."""
        person.presence = Presence.SOFT_DELETED
        person.deleted_at = now
        self.changes.append(Change("user", person.id, LIFE))
        self._log_memberships(person, added=False)
        self._log_reports(person, added=False)

    def restore(self, person: Person) -> None:
        """Back from the recycle bin, memberships, assignments and reports included."""
        person.presence = Presence.PRESENT
        person.deleted_at = None
        self.changes.append(Change("user", person.id, LIFE))
        self._log_memberships(person, added=True)
        self._log_reports(person, added=True)

    def purge(self, person: Person) -> None:
        """Gone for good."""
        if person.present:
            self._log_memberships(person, added=False)
            self._log_reports(person, added=False)
        person.presence = Presence.PURGED
        for report in self._reports.pop(person.id, {}):
            self._people[report].manager = None
        self._reports.get(person.manager or "", {}).pop(person.id, None)
        for group in self.groups:
            group.members.pop(person.id, None)
        for grant in self.grants:
            if grant.principal_id == person.id:
                self.revoke(grant)
        self._unindex(person)
        self.changes.append(Change("user", person.id, LIFE))

    def purge_expired(self, now: datetime) -> None:
        """Empty the recycle bin of everybody who lay there long enough."""
        for person in self.people:
            if (
                person.presence is Presence.SOFT_DELETED
                and person.deleted_at is not None
                and now - person.deleted_at >= DELETED_ITEMS_KEPT
            ):
                self.purge(person)

    def add_group(self, identity: str, name: str, *, seed: bool = False) -> Group:
        """A new, empty security group."""
        group = Group(len(self.groups), identity, name)
        self.groups.append(group)
        self._groups[identity] = group
        if not seed:
            self.changes.append(Change("group", identity, LIFE))
        return group

    def rename_group(self, group: Group, name: str) -> None:
        """Give a group another display name."""
        group.name = name
        self.changes.append(Change("group", group.id, frozenset({"displayName"})))

    def delete_group(self, group: Group) -> None:
        """Security groups are gone at once."""
        group.present = False
        self.changes.append(Change("group", group.id, LIFE))

    def join(self, group: Group, identity: str, kind: str = "user") -> None:
        """A direct membership begins."""
        if identity not in group.members:
            group.members[identity] = kind
            self.changes.append(Change("group", group.id, member=identity, added=True))

    def part(self, group: Group, identity: str) -> None:
        """A direct membership ends."""
        if group.members.pop(identity, None) is not None:
            self.changes.append(Change("group", group.id, member=identity))

    def grant(
        self, identity: str, principal_id: str, kind: str, role_id: str, created: str
    ) -> Grant:
        """Assign a role. Assignments have no delta, so nothing is logged."""
        grant = Grant(len(self.grants), identity, principal_id, kind, role_id, created)
        self.grants.append(grant)
        self.newest_grant = grant
        return grant

    def revoke(self, grant: Grant) -> None:
        """Take a role away."""
        grant.present = False
        self.newest_grant = grant

    def set_roles(self, roles: tuple[Role, ...]) -> None:
        """The application has these roles now; nobody holds one that is gone."""
        self.application_before = self.application
        self.application = replace(self.application, roles=roles)
        self.applications[self.applications.index(self.application_before)] = self.application
        gone = {one.id for one in self.application_before.roles} - {one.id for one in roles}
        for grant in self.grants:
            if grant.role_id in gone:
                self.revoke(grant)

    def _log_memberships(self, person: Person, *, added: bool) -> None:
        for group in self.groups_of(person.id):
            self.changes.append(Change("group", group.id, member=person.id, added=added))

    def _log_reports(self, person: Person, *, added: bool) -> None:
        for report in self._reports.get(person.id, ()):
            self.changes.append(Change("user", report, MANAGER, person.id, added))

    def _addresses(self, person: Person) -> set[str]:
        return {
            address.lower()
            for address in (person.text("userPrincipalName"), person.text("mail"))
            if address
        }

    def _index(self, person: Person) -> None:
        for address in self._addresses(person):
            self._by_address.setdefault(address, []).append(person)

    def _unindex(self, person: Person) -> None:
        for address in self._addresses(person):
            holders = self._by_address.get(address, [])
            if person in holders:
                holders.remove(person)
            if not holders:
                self._by_address.pop(address, None)
