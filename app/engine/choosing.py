"""Whom a name means: one person, or a group with up to five of its members (11)."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.errors import ConfigurationError
from app.domain.people import Person
from app.domain.ports import Store
from app.domain.texts import Text

MOST_MEMBERS = 5
NEAR = 5
ALL_MEMBERS = 1_000_000


def find_person(store: Store, user: str) -> Person:
    """One person of the mirror by id, address or name; raises `ConfigurationError`."""
    found = store.people_called(user)
    if len(found) == 1:
        return found[0]
    if found:
        raise ConfigurationError(
            Text("{n} people are called {user}", {"n": len(found), "user": user}),
            Text(
                "Use the object id: {ids}",
                {"ids": "; ".join(f"{one.id} {_with_address(one)}" for one in found)},
            ),
        )
    raise _nobody(store, user)


def choose(store: Store, name: str, members: Sequence[str]) -> list[str]:
    """Ids of the people to provision; raises `ConfigurationError`."""
    if len(members) > MOST_MEMBERS:
        raise ConfigurationError(
            Text(
                "{n} members are named; on demand takes up to {most}",
                {"n": len(members), "most": MOST_MEMBERS},
            ),
            "Name fewer, or run `rollcall sync` for everybody.",
        )
    groups = store.mirror.groups_called(name)
    if groups and (members or not store.people_called(name)):
        return _members(store, _only(groups, name), name, members)
    if members:
        raise ConfigurationError(
            Text("There is no group called {name}", {"name": name}),
            "--member goes with a group: its display name or object id.",
        )
    return [find_person(store, name).id]


def to_retry(store: Store, name: str) -> list[str]:
    """The id of the person or else of the group of this name; raises `ConfigurationError`."""
    groups = store.mirror.groups_called(name)
    if groups and not store.people_called(name):
        return [_only(groups, name)]
    return [find_person(store, name).id]


def _only(groups: Sequence[str], name: str) -> str:
    if len(groups) > 1:
        raise ConfigurationError(
            Text("{n} groups are called {name}", {"n": len(groups), "name": name}),
            Text("Use the object id: {ids}", {"ids": ", ".join(groups)}),
        )
    return groups[0]


def _members(store: Store, group: str, name: str, members: Sequence[str]) -> list[str]:
    if not members:
        first = list(store.mirror.members_of(group, MOST_MEMBERS))
        if not first:
            raise ConfigurationError(
                Text("Nobody is a direct member of {group}", {"group": name}),
                "Members of groups nested in it are reached by naming that group.",
            )
        return first
    known = set(store.mirror.members_of(group, ALL_MEMBERS))
    chosen: list[str] = []
    for member in members:
        person = find_person(store, member)
        if person.id not in known:
            raise ConfigurationError(
                Text(
                    "{person} is no direct member of {group}",
                    {"person": person.name, "group": name},
                ),
                "Provision this person by name, without the group.",
            )
        if person.id not in chosen:
            chosen.append(person.id)
    return chosen


def _nobody(store: Store, user: str) -> ConfigurationError:
    near = store.people_like(user, NEAR)
    return ConfigurationError(
        Text(
            "Nobody called {user} is known to this profile; object id, sign-in name, e-mail "
            "address and name were looked at",
            {"user": user},
        ),
        Text("Did you mean {people}?", {"people": "; ".join(map(_with_address, near))})
        if near
        else Text("Use the sign-in name, the e-mail address or the object id."),
    )


def _with_address(person: Person) -> str:
    return f"{person.name} ({person.attributes.get('userPrincipalName') or person.id})"
