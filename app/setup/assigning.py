"""Changing who is assigned: the one way for the command line and the wizard.

What a name means, which role can be given and what follows is decided in `app.setup.assignees`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.domain.assigning import AddedRole, Assigned, Principal, RoleDraft
from app.domain.people import Application, AppRole, Assignment, PrincipalKind
from app.domain.ports import AssignmentEditor, Source, StopSignal
from app.domain.texts import Text
from app.setup.assignees import (
    Removal,
    Rules,
    choose_assignment,
    choose_principal,
    held_by,
    name_of,
    removal_of,
)
from app.setup.assignment_table import AssignmentFacts, load_facts


@dataclass(frozen=True, slots=True)
class Done:
    """Somebody was assigned, or was so already; with what is to be known about it."""

    principal: Principal
    role: AppRole
    assigned: Assigned
    warnings: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentDesk:
    """Opens the directory for each thing that is asked, and closes it after."""

    open_source: Callable[[StopSignal], Source]
    open_editor: Callable[[StopSignal], AssignmentEditor]
    rules: Rules

    async def application(self, stop: StopSignal) -> Application:
        """The application of the profile with its roles."""
        async with self._source(stop) as source:
            return await source.fetch_application()

    async def facts(self, stop: StopSignal) -> AssignmentFacts:
        """Who is assigned, with the members of the groups."""
        async with self._source(stop) as source:
            return await load_facts(source, stop, lambda _: None)

    async def find(self, text: str, stop: StopSignal) -> Sequence[Principal]:
        """People and groups to choose from."""
        async with self._editor(stop) as editor:
            return await editor.find(text)

    async def choose(self, text: str, stop: StopSignal) -> Principal:
        """The person or group of this name; raises `ConfigurationError` for none or several."""
        return choose_principal(await self.find(text, stop), text)

    async def assign(
        self, application: Application, principal: Principal, role: AppRole, stop: StopSignal
    ) -> Done:
        """Give a role, with warnings where it gives nobody an account."""
        async with self._editor(stop) as editor:
            warnings = await self._warnings(editor, principal)
            assigned = await editor.assign(application, principal, role)
        return Done(principal, role, assigned, tuple(warnings))

    async def find_removal(
        self, facts: AssignmentFacts, name: str, role: str | None, stop: StopSignal
    ) -> tuple[str, Removal | None]:
        """The display name of whoever is meant, and what can be taken away; None: not assigned."""
        held = held_by(facts, name)
        if not held:
            principal = await self.choose(name, stop)
            held = [one for one in facts.assignments if one.principal_id == principal.id]
            if not held:
                return principal.name, None
        chosen = choose_assignment(facts, held, role)
        shown = name_of(facts, held[0])
        return shown, None if chosen is None else removal_of(facts, chosen, self.rules)

    async def unassign(
        self, application: Application, assignment: Assignment, stop: StopSignal
    ) -> bool:
        """Take a role away; False when it was gone already."""
        async with self._editor(stop) as editor:
            return await editor.unassign(application, assignment)

    async def assign_again(
        self, application: Application, assignment: Assignment, stop: StopSignal
    ) -> Assigned:
        """Undo an unassigning."""
        one, kind = assignment, assignment.principal_kind
        principal = Principal(one.principal_id, kind, one.principal_name)
        async with self._editor(stop) as editor:
            return await editor.assign(application, principal, AppRole(one.role_id, ""))

    async def add_role(
        self, application: Application, draft: RoleDraft, stop: StopSignal
    ) -> AddedRole:
        """Make a role."""
        checked = draft.checked(application.roles)
        async with self._editor(stop) as editor:
            return await editor.add_role(application, checked)

    async def _warnings(self, editor: AssignmentEditor, principal: Principal) -> list[Text]:
        name = {"name": principal.name}
        if principal.kind is not PrincipalKind.GROUP:
            if principal.enabled:
                return []
            return [Text("{name} is disabled in Entra and gets no account until enabled.", name)]
        found: list[Text] = []
        if not principal.security_enabled:
            found.append(
                Text("{name} is not a security group, so its members get no account.", name)
            )
        members = await editor.look_into(principal)
        if not members.people and not members.groups:
            found.append(Text("{name} has no members yet, so nobody gets an account.", name))
        elif not members.people and not self.rules.nested_groups:
            found.append(
                Text(
                    "{name} has only groups as members, and people in nested groups do not count:"
                    " nobody gets an account.",
                    name,
                )
            )
        return found

    @asynccontextmanager
    async def _source(self, stop: StopSignal) -> AsyncIterator[Source]:
        source = self.open_source(stop)
        try:
            yield source
        finally:
            await source.close()

    @asynccontextmanager
    async def _editor(self, stop: StopSignal) -> AsyncIterator[AssignmentEditor]:
        editor = self.open_editor(stop)
        try:
            yield editor
        finally:
            await editor.close()
