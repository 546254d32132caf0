"""The checks of the directory's side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.domain.activity import CheckPart, Status
from app.domain.people import Permission
from app.domain.ports import Source, StopSignal
from app.domain.settings import Profile
from app.domain.texts import Text, TextValue
from app.engine.cycle import default_domain
from app.mapping.attributes import CompiledMappings
from app.mapping.values import Context
from app.setup.assigned import Assigned, find_one, judge_person
from app.setup.checks import Finding, Found, once
from app.setup.contact import Contact

_MOST_GROUP_PAGES = 200
"""Pages of groups read for the members of those assigned; a cycle reads them all."""


@dataclass(slots=True)
class FromSource:
    """What the target's side looks up of the source's: it waits for it."""

    match: asyncio.Future[tuple[str, str]]
    """Name and matching value of the one person; empty when there is none."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    usable: bool = False
    """No check of the source's side failed."""


@dataclass(slots=True)
class SourceChecks:
    """In the order of `connection_test.SOURCE_CHECKS`."""

    profile: Profile
    source: Source
    mappings: CompiledMappings
    context: Context
    assigned: Assigned
    shared: FromSource
    seen_enough: StopSignal | None

    def steps(self) -> tuple[Callable[[], Found], ...]:
        """One for each check."""
        contact = Contact(self.source.reach)
        return (
            lambda: once(contact.names()),
            lambda: once(contact.connection()),
            lambda: once(contact.tls()),
            lambda: once(self.sign_in()),
            lambda: once(self.permissions()),
            self.application,
            lambda: once(self.person()),
            self.people,
        )

    async def sign_in(self) -> Finding:
        """A token."""
        minutes = round(await self.source.sign_in() / 60)
        return Finding(Text("Signed in, token for {minutes} minutes", {"minutes": minutes}))

    async def permissions(self) -> Finding:
        """Each by its name; those Rollcall can do without are no failure."""
        found = await self.source.fetch_permissions()
        parts = tuple(map(_permission, found))
        details = {
            one.name: ("granted" if one.granted else "missing")
            + (", optional" if one.optional else "")
            for one in found
        }
        needed = [one for one in found if not one.optional]
        missing = ", ".join(one.name for one in needed if not one.granted)
        if missing:
            return Finding(
                Text("Not granted: {permissions}", {"permissions": missing}),
                Status.FAILURE,
                Text(
                    "Add this under App registrations, API permissions, Application permissions, "
                    "and grant admin consent: {permissions}. It can take some minutes to arrive.",
                    {"permissions": missing},
                ),
                details,
                parts,
            )
        values: dict[str, TextValue] = {"n": len(needed)}
        fact = Text("{n} is needed and granted", values, plural="All {n} needed are granted")
        return Finding(fact, details=details, parts=parts)

    async def application(self) -> Found:
        """Its roles, and how much is assigned."""
        application = await self.source.fetch_application()
        assignments = 0
        values: dict[str, TextValue] = {"application": application.name}
        values["roles"] = Text("{n} role", {"n": len(application.roles)}, plural="{n} roles")
        async for page in self.source.fetch_assignments():
            assignments += len(page)
            self.assigned.take_assignments(page)
            yield Finding(
                Text(
                    "{application}: {n} assignment, {roles}",
                    {**values, "n": assignments},
                    plural="{application}: {n} assignments, {roles}",
                )
            )
        if not assignments:
            yield Finding(
                Text("Nobody is assigned to {application}", values),
                Status.WARNING,
                Text("Assign one person in Entra to start with; you can carry on now."),
            )

    async def person(self) -> Finding:
        """One person with everything the mappings name."""
        domain = await default_domain(self.profile, self.source)
        self.context = replace(self.context, default_domain=domain)
        person, assigned = await find_one(self.source, self.assigned)
        if person is None:
            self.shared.match.set_result(("", ""))
            return Finding(
                Text("Nobody could be read"),
                Status.WARNING,
                Text(
                    "Check that this is the right tenant, and that whoever is assigned still"
                    " exists."
                ),
            )
        attributes = self.profile.users.attributes
        finding, match = judge_person(
            person, attributes, self.mappings, self.context, assigned=assigned
        )
        self.shared.match.set_result((person.name, match))
        return finding

    async def people(self) -> Found:
        """Everybody, or enough of them, and the groups that are assigned."""
        people = 0
        async for page in self.source.fetch_people(None):
            people += len(page.changes)
            self.assigned.take_people(page.changes)
            if people >= self.assigned.enough or self._stopped_counting():
                break
            yield Finding(Text("{people} people so far…", {"people": people}))
        pages = 0
        async for groups in self.source.fetch_groups(None):
            self.assigned.take_groups(groups.changes)
            pages += 1
            enough = not self.assigned.groups or self.assigned.full
            if enough or pages >= _MOST_GROUP_PAGES or self._stopped_counting():
                break
        yield self._judged(people)

    def _stopped_counting(self) -> bool:
        return self.seen_enough is not None and self.seen_enough.is_set()

    def _judged(self, people: int) -> Finding:
        if not people:
            return Finding(
                Text("Microsoft shows no people in this tenant"),
                Status.WARNING,
                Text("Check that this is the right tenant; the first cycle would be held."),
            )
        if people >= self.assigned.enough or self._stopped_counting():
            return Finding(Text("{people} people read, and that is not all", {"people": people}))
        return Finding(Text("{people} people, groups with their members", {"people": people}))


def _permission(one: Permission) -> CheckPart:
    if one.granted:
        said = Text("granted, optional") if one.optional else Text("granted")
        return CheckPart(one.name, Status.SUCCESS, said)
    if one.optional:
        said = Text("missing, optional: names the tenant's domains")
        return CheckPart(one.name, Status.SKIPPED, said)
    return CheckPart(one.name, Status.FAILURE, Text("missing"))
