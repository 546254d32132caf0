"""The door for tests and other processes: `/practice/…` (JSON in, JSON out).

`POST /practice/<operation>` runs an operation of the world with a JSON object of arguments and
answers `{"said": sentence}`; `GET /practice/state` shows the world, `GET /practice/requests` the
traffic, `POST /practice/reset-counters` forgets it. Wrong input: 400 `{"error": sentence}`.
"""

from __future__ import annotations

import inspect
from types import UnionType
from typing import Any, get_args, get_origin

from app.domain.errors import RollcallError
from app.sandbox.goto_api import GoToApi
from app.sandbox.scim_schemas import GROUP_KIND, USER_KIND
from app.sandbox.traffic import Traffic
from app.sandbox.wire import Answer, Call, Json
from app.sandbox.world import OPERATIONS, World


class Practice:
    """Operations and a view of everything."""

    def __init__(self, world: World, goto: GoToApi, traffic: Traffic) -> None:
        self._world = world
        self._goto = goto
        self._traffic = traffic

    def answer(self, call: Call) -> Answer:
        """Any request to the door."""
        name = call.path.strip("/").replace("-", "_")
        if call.method == "GET" and name == "state":
            return Answer(200, self._state())
        if call.method == "GET" and name == "requests":
            return Answer(200, self._requests())
        if call.method == "POST" and name == "reset_counters":
            self._reset()
            return Answer(200, {"said": "The counters are back at zero"})
        if call.method != "POST" or name not in OPERATIONS:
            return Answer(404, {"error": f"There is no operation {name}"})
        return self._run(name, call)

    def _run(self, name: str, call: Call) -> Answer:
        try:
            arguments = call.json()
        except ValueError:
            return Answer(400, {"error": "The body is not a JSON object"})
        problem = _problem(name, arguments)
        if problem is not None:
            return Answer(400, {"error": problem})
        try:
            said = getattr(self._world, name)(**arguments)
        except RollcallError as error:
            return Answer(400, {"error": str(error)})
        return Answer(200, {"said": str(said)})

    def _reset(self) -> None:
        self._traffic.reset()
        for counter in (
            self._goto.creates,
            self._goto.revives,
            self._goto.repeats,
            self._goto.invitations,
            self._world.scim.creates,
            self._world.organization.creates,
        ):
            counter.clear()

    def _requests(self) -> Json:
        return {
            "login": 0,
            "graph": 0,
            "goto": 0,
            "scim": 0,
            **self._traffic.summary(),
            "creates": dict(self._goto.creates),
            "scim_creates": dict(self._world.scim.creates),
            "identity_creates": dict(self._world.organization.creates),
            "revives": dict(self._goto.revives),
            "repeats": dict(self._goto.repeats),
            "invitations": dict(self._goto.invitations),
        }

    def _state(self) -> Json:
        with self._world.lock:
            return {
                "entitled": [
                    {
                        "id": person.id,
                        "name": person.text("displayName"),
                        "role": role.value,
                        "mail": person.get("mail"),
                        "upn": person.get("userPrincipalName"),
                    }
                    for person, role in self._world.entitled()
                ],
                "people": self._people(),
                "groups": self._groups(),
                "assignments": self._assignments(),
                "accounts": self._accounts(),
                "licences": [
                    {
                        "key": str(pool.key),
                        "products": list(pool.products),
                        "seats": pool.seats,
                        "used": pool.used,
                    }
                    for pool in self._world.goto.pools.values()
                ],
                "scim": self._scim(),
                "organization": self._organization(),
                "mails": list(self._world.mails),
            }

    def _people(self) -> list[Json]:
        return [
            {
                "id": one.id,
                "upn": one.get("userPrincipalName"),
                "mail": one.get("mail"),
                "name": one.get("displayName"),
                "given": one.get("givenName"),
                "surname": one.get("surname"),
                "type": one.get("userType"),
                "enabled": one.enabled,
                "presence": one.presence.value,
            }
            for one in self._world.directory.people
        ]

    def _groups(self) -> list[Json]:
        directory = self._world.directory
        return [
            {
                "id": group.id,
                "name": group.name,
                "security_enabled": group.security_enabled,
                "members": [
                    {"id": identity, "kind": kind} for identity, kind in directory.members(group)
                ],
            }
            for group in directory.living_groups()
        ]

    def _assignments(self) -> list[Json]:
        directory = self._world.directory
        roles = {role.id: role.value for role in directory.application.roles}
        return [
            {
                "principal": grant.principal_id,
                "kind": grant.principal_kind,
                "name": directory.principal_name(grant),
                "role": roles.get(grant.role_id),
            }
            for grant in directory.living_grants()
        ]

    def _scim(self) -> Json:
        """Users as they are; groups with their members by user name."""
        directory = self._world.scim
        users = directory.of(USER_KIND)
        return {
            "users": list(users.values()),
            "groups": [
                {
                    **group,
                    "members": sorted(
                        users[key]["userName"] if key in users else key
                        for key in directory.members[group["id"]]
                    ),
                }
                for group in directory.of(GROUP_KIND).values()
            ],
        }

    def _organization(self) -> Json:
        """Identities as they are shown; groups with their members by name."""
        organization = self._world.organization
        organization.catch_up(self._world.goto, self._world.timestamp())
        return {
            "identities": [one.json("") for one in organization.identities.values()],
            "groups": [
                {**team.json(""), "members": organization.names_of(team.members)}
                for team in organization.teams.values()
            ],
        }

    def _accounts(self) -> list[Json]:
        goto = self._world.goto
        return [
            {
                "key": str(user.key),
                "email": user.email,
                "firstName": user.first_name,
                "lastName": user.last_name,
                "products": goto.products(user),
                "adminRoles": list(user.roles),
                "suspended": user.suspended,
                "identityReadOnly": user.read_only,
            }
            for user in goto.living()
        ]


def _problem(name: str, arguments: dict[str, Any]) -> str | None:
    """What is wrong with the arguments of an operation, in a sentence; None when nothing is."""
    parameters = dict(list(OPERATIONS[name].parameters.items())[1:])
    for key, value in arguments.items():
        if key not in parameters:
            return f"{name} takes no “{key}”; it takes {', '.join(parameters) or 'nothing'}"
        if not _fits(value, parameters[key].annotation):
            return f"“{key}” of {name} cannot be {value!r}"
    for key, parameter in parameters.items():
        if parameter.default is inspect.Parameter.empty and key not in arguments:
            return f"{name} needs “{key}”"
    return None


def _fits(value: object, wanted: Any) -> bool:  # noqa: ANN401 - an annotation has no type
    if isinstance(wanted, UnionType):
        return any(_fits(value, part) for part in get_args(wanted))
    if get_origin(wanted) is list:
        return isinstance(value, list) and all(_fits(one, get_args(wanted)[0]) for one in value)
    if isinstance(value, bool):
        return wanted is bool
    return isinstance(value, (int, float) if wanted is float else wanted)
