"""Whom a name means: one person, or a group with up to five of its members (11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import ConfigurationError
from app.domain.people import Person
from app.domain.ports import Store
from app.domain.texts import Text

MOST_MEMBERS = 5
NEAR = 5
ALL_MEMBERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """Ids of the people meant, and of the group they were chosen from."""

    people: tuple[str, ...]
    group: str | None = None


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


def choose(store: Store, name: str, members: Sequence[str], *, objects: bool) -> Chosen:
    """Who is to be provisioned; raises `ConfigurationError`.

    `objects`: groups themselves are provisioned, so that one without members is something to do,
    and so is one that only the target still has, or a former member who is one there.
    """
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
        group = _only(groups, name)
        return Chosen(_members(store, group, name, members, objects=objects), group)
    if members:
        raise ConfigurationError(
            Text("There is no group called {name}", {"name": name}),
            "--member goes with a group: its display name or object id.",
        )
    if objects and not store.people_called(name) and (gone := _gone(store, name)):
        return Chosen((), _only(gone, name))
    return Chosen((find_person(store, name).id,))


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


def _gone(store: Store, name: str) -> list[str]:
    """Groups of this id or name that the directory no longer has and the target still does."""
    wanted = name.strip()
    found = [
        link.group_id
        for link in store.groups.links()
        if link.group_id == wanted.lower() or link.name.casefold() == wanted.casefold()
    ]
    present = store.groups.present(found)
    return [one for one in found if one not in present]


def _members(
    store: Store, group: str, name: str, members: Sequence[str], *, objects: bool
) -> tuple[str, ...]:
    if not members:
        first = tuple(store.mirror.members_of(group, MOST_MEMBERS))
        if not first and not objects:
            raise ConfigurationError(
                Text("Nobody is a direct member of {group}", {"group": name}),
                "Members of groups nested in it are reached by naming that group.",
            )
        return first
    known = set(store.mirror.members_of(group, ALL_MEMBERS))
    if objects:
        known |= store.groups.people_in(group)
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
    return tuple(chosen)


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
