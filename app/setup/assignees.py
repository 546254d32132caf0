"""Who and which role a name means, and what follows when an assignment ends. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.assigning import Principal
from app.domain.errors import ConfigurationError
from app.domain.people import DEFAULT_ACCESS, Application, AppRole, Assignment
from app.domain.texts import Text
from app.setup.assignment_table import (
    AssignedPerson,
    AssignmentFacts,
    AssignmentTable,
    build_table,
)

SUGGESTED_ROLE = "GoToMeeting User"
DEFAULT_ACCESS_NAME = "Default Access"
MOST_NAMED = 10
"""Candidates named in one sentence."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What of a profile decides whether an assignment gives an account and what its end brings."""

    nested_groups: bool = False
    default_access_counts: bool = False
    disables: bool = True
    """Whoever is no longer assigned has the account disabled."""

    def table(self, facts: AssignmentFacts) -> AssignmentTable:
        """Every assignment, and whether it gives an account."""
        return build_table(
            facts,
            nested_groups=self.nested_groups,
            default_access_counts=self.default_access_counts,
        )


@dataclass(frozen=True, slots=True)
class Removal:
    """An assignment that can be taken away, and what follows: who would no longer be entitled."""

    assignment: Assignment
    role: AppRole
    losing: tuple[AssignedPerson, ...]
    follows: Text


def real_roles(application: Application) -> Sequence[AppRole]:
    """The roles that can be given to people and groups; Default Access is none."""
    return [one for one in application.roles if one.assignable and one.id != DEFAULT_ACCESS]


def choose_role(application: Application, wanted: str | None) -> AppRole:
    """The role to give: the named one, else the only one. Raises `ConfigurationError`."""
    roles = real_roles(application)
    names = {"application": application.name, "roles": _listed([one.name for one in roles])}
    if wanted is None:
        if len(roles) == 1:
            return roles[0]
        if roles:
            raise ConfigurationError(
                Text("{application} has several roles: {roles}.", names),
                "Name one with --role.",
                key="role",
            )
        raise _no_role(application)
    if wanted.strip().casefold() in (DEFAULT_ACCESS_NAME.casefold(), DEFAULT_ACCESS, "default"):
        raise ConfigurationError(
            "Default Access cannot be chosen: whoever has only that gets no GoToMeeting account.",
            Text("Choose a real role: {roles}.", names) if roles else _MAKE_ONE,
            key="role",
        )
    found = [one for one in application.roles if _is_role(one, wanted)]
    if not found:
        if not roles:
            raise _no_role(application)
        raise ConfigurationError(
            Text("{application} has no role {role}.", {**names, "role": wanted}),
            Text("Choose one of these: {roles}.", names),
            key="role",
        )
    usable = [one for one in found if one in roles]
    if not usable:
        raise ConfigurationError(
            Text("The role {role} cannot be given to people or groups.", {"role": found[0].name}),
            "It is switched off in Entra, or for applications only. Choose another.",
            key="role",
        )
    if len(usable) > 1:
        raise ConfigurationError(
            Text("{n} roles are called {role}.", {"n": len(usable), "role": wanted}),
            Text("Use the id: {ids}.", {"ids": _listed([one.id for one in usable])}),
            key="role",
        )
    return usable[0]


_MAKE_ONE = Text('Make a role first: `rollcall roles add "GoToMeeting User"`.')


def _no_role(application: Application) -> ConfigurationError:
    return ConfigurationError(
        Text(
            "{application} has no role that can be given, only Default Access, which gives nobody"
            " an account.",
            {"application": application.name},
        ),
        _MAKE_ONE,
        key="role",
    )


def choose_principal(found: Sequence[Principal], text: str) -> Principal:
    """Who is called exactly so. A beginning is enough to look, not to change somebody's access."""
    exact = [one for one in found if one.is_called(text)]
    if len(exact) == 1:
        return exact[0]
    if exact:
        raise ConfigurationError(
            Text("{n} people and groups are called {name}.", {"n": len(exact), "name": text}),
            Text("Use the object id: {ids}.", {"ids": _candidates(exact)}),
            key="name",
        )
    raise ConfigurationError(
        Text("Nobody and no group is called {name}.", {"name": text}),
        Text("Is it one of these? {names}", {"names": _candidates(found)})
        if found
        else Text("Give a sign-in name, an address, the name of a group, or an object id."),
        key="name",
    )


def held_by(facts: AssignmentFacts, name: str) -> list[Assignment]:
    """The assignments of whoever is called so among the assigned; raises for several."""
    wanted = name.strip().casefold()
    held = [one for one in facts.assignments if wanted in _names(facts, one)]
    holders = {one.principal_id: one for one in held}
    if len(holders) > 1:
        ids = [f"{key} {_with_address(facts, one)}" for key, one in holders.items()]
        raise ConfigurationError(
            Text("{n} people and groups are called {name}.", {"n": len(holders), "name": name}),
            Text("Use the object id: {ids}.", {"ids": _listed(ids)}),
            key="name",
        )
    return held


def choose_assignment(
    facts: AssignmentFacts, held: Sequence[Assignment], role: str | None
) -> Assignment | None:
    """The one with the named role, else the only one; None where the role is not held."""
    if role is not None:
        return next((one for one in held if _is_role(facts.role(one), role)), None)
    if len(held) == 1:
        return held[0]
    raise ConfigurationError(
        Text(
            "{name} holds several roles: {roles}.",
            {
                "name": name_of(facts, held[0]),
                "roles": _listed([facts.role(one).name for one in held]),
            },
        ),
        "Name the one to take away with --role.",
        key="role",
    )


def removal_of(facts: AssignmentFacts, assignment: Assignment, rules: Rules) -> Removal:
    """What the end of an assignment brings; pure."""
    before = set(rules.table(facts).entitled)
    rest = tuple(one for one in facts.assignments if one.id != assignment.id)
    after = set(rules.table(replace(facts, assignments=rest)).entitled)
    losing = tuple(
        sorted((facts.people[key] for key in before - after), key=lambda one: one.name.casefold())
    )
    row = next(one for one in rules.table(facts).rows if one.assignment.id == assignment.id)
    follows = _follows(losing, gave=row.count > 0, disables=rules.disables)
    return Removal(assignment, facts.role(assignment), losing, follows)


def _follows(losing: Sequence[AssignedPerson], *, gave: bool, disables: bool) -> Text:
    if not gave:
        return Text("Nothing follows: this assignment gives nobody an account.")
    if not losing:
        return Text("Nobody loses an account: all of them are assigned in another way too.")
    one, several = {"name": losing[0].name}, {"n": len(losing)}
    if not disables:
        return (
            Text("{name} is out of scope then; the account stays as it is.", one)
            if len(losing) == 1
            else Text("{n} people are out of scope then; their accounts stay as they are.", several)
        )
    return (
        Text(
            "At the next cycle the GoToMeeting account of {name} is disabled, if there is one.", one
        )
        if len(losing) == 1
        else Text(
            "At the next cycle the GoToMeeting accounts of {n} people are disabled, where they"
            " have one.",
            several,
        )
    )


def name_of(facts: AssignmentFacts, assignment: Assignment) -> str:
    """The name of whoever holds an assignment, as the directory has it now."""
    person = facts.people.get(assignment.principal_id)
    group = facts.groups.get(assignment.principal_id)
    return (person.name if person else group.name if group else "") or assignment.principal_name


def _names(facts: AssignmentFacts, assignment: Assignment) -> set[str]:
    person = facts.people.get(assignment.principal_id)
    address = person.user_principal_name if person else ""
    names = (assignment.principal_id, name_of(facts, assignment), address)
    return {one.casefold() for one in names if one}


def _with_address(facts: AssignmentFacts, assignment: Assignment) -> str:
    person = facts.people.get(assignment.principal_id)
    name = name_of(facts, assignment)
    return f"{name} ({person.user_principal_name})" if person else name


def _is_role(role: AppRole, wanted: str) -> bool:
    names = {role.id.casefold(), role.name.casefold(), (role.value or "").casefold()}
    return bool(wanted.strip()) and wanted.strip().casefold() in names


def _candidates(found: Sequence[Principal]) -> str:
    return _listed([f"{one.id} {one.label}" for one in found])


def _listed(names: Sequence[str]) -> str:
    shown = "; ".join(names[:MOST_NAMED])
    return f"{shown}; …" if len(names) > MOST_NAMED else shown
