"""Whom the connection test looks at: people assigned, as far as it has read, and one of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from app.domain.activity import CheckPart, Status
from app.domain.errors import EntryError
from app.domain.people import (
    DEFAULT_ACCESS,
    Assignment,
    GroupChange,
    Person,
    PersonChange,
    Presence,
    PrincipalKind,
)
from app.domain.ports import Source
from app.domain.settings import AttributeMapping
from app.domain.texts import Text, TextValue
from app.mapping.attributes import SOFT_DELETED, CompiledMappings, sources_of
from app.mapping.sources import SPELLINGS
from app.mapping.values import Context, empty
from app.setup.checks import Finding

BY_ID = 1000
"""People asked for at a time."""
_FEW = 20
"""People, or pages of groups, looked at for one who can be read."""


@dataclass(slots=True)
class Assigned:
    """Ids of at most `enough` people who get an account; `more` says that there are others.

    With `everyone` assignments do not matter (the profile's scope is all).
    """

    enough: int
    everyone: bool
    groups: set[str] = field(default_factory=set)
    more: bool = False
    _people: dict[str, None] = field(default_factory=dict)

    @property
    def people(self) -> Sequence[str]:
        """Those assigned by name first."""
        return tuple(self._people)

    @property
    def full(self) -> bool:
        """No more are taken."""
        return len(self._people) >= self.enough

    def take_assignments(self, page: Sequence[Assignment]) -> None:
        """Default Access alone gives nothing (spec/provisioning.md 2.3)."""
        for one in page:
            if self.everyone or one.role_id == DEFAULT_ACCESS:
                continue
            if one.principal_kind is PrincipalKind.USER:
                self._add(one.principal_id)
            elif one.principal_kind is PrincipalKind.GROUP:
                self.groups.add(one.principal_id)

    def take_groups(self, page: Sequence[GroupChange]) -> None:
        """Direct members of assigned groups."""
        for group in page:
            if group.id in self.groups:
                for member in group.added:
                    if member.kind is PrincipalKind.USER:
                        self._add(member.id)

    def take_people(self, page: Sequence[PersonChange]) -> None:
        """Everybody, where the scope is all."""
        if self.everyone:
            for one in page:
                if one.presence is Presence.PRESENT:
                    self._add(one.id)

    def _add(self, person: str) -> None:
        if person in self._people:
            return
        if self.full:
            self.more = True
        else:
            self._people[person] = None


async def find_one(source: Source, assigned: Assigned) -> tuple[Person | None, bool]:
    """Somebody who can be read, and whether they are assigned. None: nobody can be read."""
    people = await source.fetch_people_by_id(assigned.people[:_FEW])
    if not people and assigned.groups:
        pages = 0
        async for groups in source.fetch_groups(None):
            assigned.take_groups(groups.changes)
            pages += 1
            if assigned.people or pages >= _FEW:
                break
        people = await source.fetch_people_by_id(assigned.people[:_FEW])
    if people:
        return people[0], True
    async for page in source.fetch_people(None):
        found = [one.id for one in page.changes if one.presence is Presence.PRESENT][:_FEW]
        if found:
            people = await source.fetch_people_by_id(found)
            break
    return (people[0] if people else None), assigned.everyone


def judge_person(
    person: Person,
    mapped: Sequence[AttributeMapping],
    mappings: CompiledMappings,
    context: Context,
    *,
    assigned: bool,
) -> tuple[Finding, str]:
    """What the mappings read of them, and the value that finds their account, "" for none.

    Values are not shown, only which attributes came without one or did not come at all.
    """
    named = sorted({SPELLINGS.get(one, one) for mapping in mapped for one in sources_of(mapping)})
    named = [one for one in named if one != SOFT_DELETED]
    absent = [one for one in named if one not in person.attributes]
    blank = [one for one in named if one in person.attributes and empty(person.attributes[one])]
    parts = tuple(
        [CheckPart(one, Status.WARNING, Text("not delivered")) for one in absent]
        + [CheckPart(one, Status.SKIPPED, Text("empty")) for one in blank]
    )
    values: dict[str, TextValue] = {"person": person.name, "n": len(named)}
    fact = (
        Text(
            "{person}: {n} mapped attribute read",
            values,
            plural="{person}: {n} mapped attributes read",
        )
        if assigned
        else Text(
            "Nobody is assigned; of {person} {n} mapped attribute read",
            values,
            plural="Nobody is assigned; of {person} {n} mapped attributes read",
        )
    )
    details = {"person": person.id}
    try:
        made = mappings.evaluate(
            {**person.attributes, SOFT_DELETED: False}, creating=True, context=context, taken=_free
        )
    except EntryError as error:
        said = Text("{person}: {trouble}", {"person": person.name, "trouble": error.text})
        return Finding(said, Status.WARNING, error.advice, details, parts), ""
    match = made.match[0][1] if made.match else ""
    if not match:
        said = Text("{person} has no value to find the account by", values)
        advice = Text("Fill the attribute in Entra, or change the mapping that is for matching.")
        return Finding(said, Status.WARNING, advice, details, parts), ""
    if absent:
        advice = Text(
            "Check the names of the attributes in the mappings, and that the application may"
            " read them."
        )
        return Finding(fact, Status.WARNING, advice, details, parts), match
    return Finding(fact, details=details, parts=parts), match


async def matching_values(
    source: Source, people: Sequence[str], mappings: CompiledMappings, context: Context
) -> AsyncIterator[list[tuple[Person, str]]]:
    """Portions of these people with the value that finds their account, "" for none."""
    for start in range(0, len(people), BY_ID):
        yield [
            (person, _match(person, mappings, context))
            for person in await source.fetch_people_by_id(people[start : start + BY_ID])
        ]


def _match(person: Person, mappings: CompiledMappings, context: Context) -> str:
    try:
        made = mappings.evaluate(
            {**person.attributes, SOFT_DELETED: False},
            creating=False,
            context=context,
            whole=False,
            taken=_free,
        )
    except EntryError:
        return ""
    return made.match[0][1] if made.match else ""


def _free(_attribute: str, _value: str) -> bool:
    """Values that must be unique are the plan's business."""
    return False
