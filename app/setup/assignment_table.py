"""Who is assigned to the application, with which role, and who gets an account: with the reason.

`load_facts` asks the directory once; `build_table` is pure, so ticking "Count nested groups"
costs no request. Only people who are assigned, directly or through groups, are held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.activity import Status
from app.domain.errors import Stopped
from app.domain.people import (
    DEFAULT_ACCESS,
    Application,
    AppRole,
    Assignment,
    GroupChange,
    Person,
    PrincipalKind,
)
from app.domain.ports import Source, StopSignal
from app.domain.texts import Text

BY_ID = 1000
"""People asked for in one go (spec/graph.md 4.1)."""

MAX_CANDIDATES = 500
"""People offered for "start with one person"; more would not be a list to choose from."""


class PrincipalType(StrEnum):
    """What is assigned, as the table names it."""

    PERSON = "person"
    GUEST = "guest"
    GROUP = "group"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class AssignedPerson:
    """What the table needs of a person; far less than the directory gives."""

    id: str
    name: str
    user_principal_name: str
    enabled: bool
    guest: bool

    @classmethod
    def of(cls, person: Person) -> AssignedPerson:
        """From the directory's person."""
        upn = person.attributes.get("userPrincipalName")
        original = person.attributes.get("originalUserPrincipalName")
        guest = person.attributes.get("userType") == "Guest" or "#EXT#" in f"{upn}{original}"
        return cls(person.id, person.name, str(upn or ""), person.enabled, guest)


@dataclass(slots=True)
class GroupFacts:
    """A group and its direct members."""

    name: str = ""
    security_enabled: bool = True
    people: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)

    def take(self, change: GroupChange) -> None:
        """Add one portion of the group as the directory delivers it."""
        self.name = change.name or self.name
        if change.security_enabled is not None:
            self.security_enabled = change.security_enabled
        for member in change.added:
            if member.kind is PrincipalKind.USER:
                self.people.add(member.id)
            elif member.kind is PrincipalKind.GROUP:
                self.groups.add(member.id)


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """What the directory said about the application's assignments."""

    application: Application
    assignments: tuple[Assignment, ...]
    groups: Mapping[str, GroupFacts]
    people: Mapping[str, AssignedPerson]

    def role(self, assignment: Assignment) -> AppRole:
        """The role of an assignment; one the application no longer has shows its id."""
        for role in self.application.roles:
            if role.id == assignment.role_id:
                return role
        name = "Default Access" if assignment.role_id == DEFAULT_ACCESS else assignment.role_id
        return AppRole(assignment.role_id, name)

    def roles_of(self, person_id: str, *, nested: bool) -> Sequence[AppRole]:
        """The real roles a person holds, directly or through an assigned group."""
        return [
            self.role(one)
            for one in self.assignments
            if one.role_id != DEFAULT_ACCESS
            and (one.principal_id == person_id or self._holds(one.principal_id, person_id, nested))
        ]

    def _holds(self, group_id: str, person_id: str, nested: bool) -> bool:
        group = self.groups.get(group_id, GroupFacts())
        return person_id in group.people or (nested and person_id in self.nested(group_id))

    def nested(self, group_id: str) -> set[str]:
        """People in the groups below this one who are not its direct members."""
        below: set[str] = set()
        seen = {group_id}
        waiting = list(self.groups[group_id].groups) if group_id in self.groups else []
        while waiting:
            current = waiting.pop()
            if current in seen or current not in self.groups:
                continue
            seen.add(current)
            below |= self.groups[current].people
            waiting.extend(self.groups[current].groups)
        return below - self.groups[group_id].people if group_id in self.groups else below


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One assignment: who, with which role, and whether it gives an account."""

    assignment: Assignment
    principal_id: str
    name: str
    type: PrincipalType
    type_text: Text
    role: str
    status: Status
    answer: Text
    count: int
    """People who get an account through this row."""


@dataclass(frozen=True, slots=True)
class AssignmentTable:
    """The rows and what they add up to; people counted once, however many rows they have."""

    rows: tuple[AssignmentRow, ...]
    entitled: tuple[str, ...]
    """Ids of everybody who gets an account."""
    left_out: int
    """People assigned who get none, with the reason in their row."""
    nested_extra: int
    """People who would come in if nested groups counted."""
    candidates: tuple[AssignedPerson, ...]
    """People to start with, those assigned by name first."""


async def load_facts(
    source: Source, stop: StopSignal, progress: Callable[[int], None]
) -> AssignmentFacts:
    """Ask the directory; `progress` gets the number of people read so far.

    Raises `ServiceError` as the source does, `Stopped` when asked to stop.
    """
    application = await source.fetch_application()
    assignments: list[Assignment] = []
    async for page in source.fetch_assignments():
        assignments.extend(page)
        _check(stop)
    groups: dict[str, GroupFacts] = {}
    if any(one.principal_kind is PrincipalKind.GROUP for one in assignments):
        async for groups_page in source.fetch_groups(None):
            for change in groups_page.changes:
                groups.setdefault(change.id, GroupFacts()).take(change)
            _check(stop)
    facts = AssignmentFacts(application, tuple(assignments), groups, {})
    people: dict[str, AssignedPerson] = {}
    for ids in _portions(sorted(_everybody(facts))):
        for person in await source.fetch_people_by_id(ids):
            people[person.id] = AssignedPerson.of(person)
        progress(len(people))
        _check(stop)
    return AssignmentFacts(application, tuple(assignments), groups, people)


def build_table(
    facts: AssignmentFacts, *, nested_groups: bool, default_access_counts: bool = False
) -> AssignmentTable:
    """The table as the wizard shows it; pure. The settings are those of the profile."""
    builder = _Builder(facts, nested_groups, default_access_counts)
    rows = [builder.row(assignment) for assignment in facts.assignments]
    rows.sort(
        key=lambda row: (row.type is not PrincipalType.GROUP, row.type is PrincipalType.OTHER)
    )
    return AssignmentTable(
        rows=tuple(rows),
        entitled=tuple(sorted(builder.entitled)),
        left_out=len(builder.left_out - builder.entitled),
        nested_extra=len(builder.nested - builder.entitled)
        if not nested_groups
        else len(builder.nested - builder.without_nested),
        candidates=tuple(builder.candidates()),
    )


class _Builder:
    """Goes over the assignments once and counts everybody once."""

    def __init__(
        self, facts: AssignmentFacts, nested_groups: bool, default_access_counts: bool
    ) -> None:
        self._facts = facts
        self._nested_groups = nested_groups
        self._default_access_counts = default_access_counts
        self._direct: list[str] = []
        self.entitled: set[str] = set()
        self.without_nested: set[str] = set()
        self.nested: set[str] = set()
        self.left_out: set[str] = set()

    def row(self, assignment: Assignment) -> AssignmentRow:
        role = self._facts.role(assignment)
        if assignment.principal_kind is PrincipalKind.GROUP:
            return self._group_row(assignment, role)
        if assignment.principal_kind is PrincipalKind.USER:
            return self._person_row(assignment, role)
        return AssignmentRow(
            assignment,
            assignment.principal_id,
            assignment.principal_name,
            PrincipalType.OTHER,
            Text("Service principal"),
            role.name,
            Status.SKIPPED,
            Text("No: only people get accounts"),
            0,
        )

    def candidates(self) -> Iterator[AssignedPerson]:
        """People assigned by name first, then the rest by name; at most `MAX_CANDIDATES`."""
        direct = [key for key in self._direct if key in self.entitled]
        rest = sorted(
            self.entitled.difference(direct),
            key=lambda key: self._facts.people[key].name.casefold(),
        )
        for key in [*direct, *rest][:MAX_CANDIDATES]:
            yield self._facts.people[key]

    def _counts(self, role: AppRole) -> bool:
        return role.id != DEFAULT_ACCESS or self._default_access_counts

    def _person_row(self, assignment: Assignment, role: AppRole) -> AssignmentRow:
        person = self._facts.people.get(assignment.principal_id)
        guest = person is not None and person.guest
        if person is None:
            status, answer = Status.SKIPPED, Text("No: no longer in Entra")
        elif not self._counts(role):
            status, answer = Status.SKIPPED, Text("No: Default Access gives no account")
        elif not person.enabled:
            status, answer = Status.SKIPPED, Text("No: disabled in Entra")
        else:
            status, answer = Status.SUCCESS, Text("Yes")
            self.entitled.add(person.id)
            self.without_nested.add(person.id)
            self._direct.append(person.id)
        if status is Status.SKIPPED:
            self.left_out.add(assignment.principal_id)
        return AssignmentRow(
            assignment,
            assignment.principal_id,
            person.name if person else assignment.principal_name,
            PrincipalType.GUEST if guest else PrincipalType.PERSON,
            Text("Guest") if guest else Text("Person"),
            role.name,
            status,
            answer,
            int(status is Status.SUCCESS),
        )

    def _group_row(self, assignment: Assignment, role: AppRole) -> AssignmentRow:
        group = self._facts.groups.get(assignment.principal_id, GroupFacts())
        members = {key for key in group.people if key in self._facts.people}
        nested = {
            key
            for key in self._facts.nested(assignment.principal_id)
            if key in self._facts.people and self._facts.people[key].enabled
        }
        enabled = {key for key in members if self._facts.people[key].enabled}
        reason = _group_refused(group, counts=self._counts(role))
        if reason is not None:
            self.left_out |= members
            status, answer, count = Status.SKIPPED, reason, 0
        else:
            self.without_nested |= enabled
            self.nested |= nested
            self.left_out |= members - enabled
            counted = enabled | nested if self._nested_groups else enabled
            self.entitled |= counted
            count = len(counted)
            status, answer = _group_answer(
                count, len(members - enabled), 0 if self._nested_groups else len(nested)
            )
        return AssignmentRow(
            assignment,
            assignment.principal_id,
            group.name or assignment.principal_name,
            PrincipalType.GROUP,
            Text("Group · {n} person", {"n": len(members)}, plural="Group · {n} people"),
            role.name,
            status,
            answer,
            count,
        )


def _group_refused(group: GroupFacts, *, counts: bool) -> Text | None:
    if not counts:
        return Text("No: Default Access gives no account")
    if not group.security_enabled:
        return Text("No: not a security group")
    return None


def _group_answer(count: int, disabled: int, nested: int) -> tuple[Status, Text]:
    yes = Text("Yes, {count}", {"count": count})
    if nested and not count:
        return Status.WARNING, Text(
            "None; {n} is nested and does not count",
            {"n": nested},
            plural="None; {n} are nested and do not count",
        )
    if nested and disabled:
        parts = {"yes": yes, "disabled": _disabled(disabled), "nested": _nested(nested)}
        return Status.WARNING, Text("{yes}; {disabled}, {nested}", parts)
    if nested:
        return Status.WARNING, Text(
            "Yes, {count}; {n} more is nested",
            {"count": count, "n": nested},
            plural="Yes, {count}; {n} more are nested",
        )
    if not count:
        return Status.SKIPPED, Text("No: nobody in it can sign in")
    if disabled:
        return Status.SUCCESS, Text(
            "Yes, {count}; {n} is disabled in Entra",
            {"count": count, "n": disabled},
            plural="Yes, {count}; {n} are disabled in Entra",
        )
    return Status.SUCCESS, yes


def _disabled(number: int) -> Text:
    return Text("{n} is disabled", {"n": number}, plural="{n} are disabled")


def _nested(number: int) -> Text:
    return Text("{n} more is nested", {"n": number}, plural="{n} more are nested")


def _everybody(facts: AssignmentFacts) -> set[str]:
    """Ids of all people assigned directly, through groups, or nested in them."""
    found: set[str] = set()
    for assignment in facts.assignments:
        if assignment.principal_kind is PrincipalKind.USER:
            found.add(assignment.principal_id)
        elif assignment.principal_id in facts.groups:
            found |= facts.groups[assignment.principal_id].people
            found |= facts.nested(assignment.principal_id)
    return found


def _portions(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + BY_ID] for start in range(0, len(ids), BY_ID))


def _check(stop: StopSignal) -> None:
    if stop.is_set():
        raise Stopped
