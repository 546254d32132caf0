"""The practice Graph: applications, assignments, people, groups, mail (spec/graph.md 2-8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from app.domain.people import Presence
from app.sandbox.directory import (
    KNOWN_PROPERTIES,
    Directory,
    Grant,
    Group,
    Person,
    ServicePrincipal,
)
from app.sandbox.filters import Node, equal_values
from app.sandbox.grants import Grants
from app.sandbox.graph_assigning import Assigning
from app.sandbox.graph_batch import answer_batch
from app.sandbox.graph_delta import Deltas
from app.sandbox.graph_lists import (
    bad_request,
    error,
    filter_of,
    is_advanced,
    not_found,
    page,
    require_advanced,
    selected,
)
from app.sandbox.graph_mail import is_mime, mime_message
from app.sandbox.graph_shapes import (
    APPLICATION_KNOWN,
    ASSIGNMENT_KNOWN,
    GROUP_ALL,
    GROUP_KNOWN,
    REGISTRATION_KNOWN,
    USER_ALL,
    USER_DEFAULT,
    application_json,
    assignment_json,
    group_json,
    home_registration_json,
    manager_json,
    member_json,
    person_json,
    registration_json,
)
from app.sandbox.wire import Answer, Call, Json, Refused, Routes
from app.sandbox.world import World

Item = TypeVar("Item")

MOST_IDS = 1_000
_INDEXED = frozenset({"id", "userPrincipalName", "mail"})
_EXPANDED = re.compile(r"manager(?:\(\$select=(?P<select>[^()]*)\))?")
_CASTS = frozenset({"user", "group", "device", "orgContact", "servicePrincipal"})


class Graph:
    """Handlers over the world; `routes` is the table of them."""

    def __init__(self, world: World, grants: Grants) -> None:
        self._world = world
        self._grants = grants
        self._deltas = Deltas(world)
        self.routes = Routes()
        add = self.routes.add
        principal = r"/servicePrincipals/(?P<id>[^/]+)"
        add("GET", r"/servicePrincipals\(appId='(?P<app>[^']+)'\)", self._by_app_id)
        add("GET", rf"{principal}/appRoleAssignedTo", self._assigned_to)
        add("GET", principal, self._by_id)
        add("GET", r"/servicePrincipals", self._applications)
        add("GET", r"/organization", self._organization)
        add("GET", r"/applications\(appId='(?P<app>[^']+)'\)", self._registration)
        add("GET", r"/users/delta(\(\))?", self._users_delta)
        add("GET", r"/groups/delta(\(\))?", self._groups_delta)
        add("GET", r"/users/(?P<id>[^/]+)/manager", self._manager)
        add("GET", r"/(?:users|groups)/(?P<id>[^/]+)/appRoleAssignments", self._assigned_of)
        add("POST", r"/users/(?P<id>[^/]+)/sendMail", self._send_mail)
        add("GET", r"/users/(?P<id>[^/]+)", self._user)
        add("GET", r"/users", self._users)
        members = r"/groups/(?P<id>[^/]+)/(?P<reach>members|transitiveMembers)"
        add("GET", rf"{members}(/microsoft\.graph\.(?P<cast>\w+))?", self._members)
        add("GET", r"/groups/(?P<id>[^/]+)", self._group)
        add("GET", r"/groups", self._groups)
        add("POST", r"/directoryObjects/getByIds", self._by_ids)
        add("GET", r"/directory/deletedItems/microsoft\.graph\.user", self._deleted)
        add("GET", r"/directory/deletedItems/(?P<id>[^/]+)", self._deleted_one)
        add("POST", r"/directory/deletedItems/[^/]+/restore", self._read_only)
        add("DELETE", r"/directory/deletedItems/[^/]+", self._read_only)
        add("POST", r"/\$batch", self._batch)
        Assigning(world, grants).add_to(self.routes)

    def answer(self, call: Call) -> Answer:
        """Any request: token first, then the route; unknown paths are 400 as in Graph."""
        with self._world.lock:
            if not self._grants.valid("graph", call.bearer(), self._world.now()):
                return error(401, "InvalidAuthenticationToken", "Access token is not valid.")
            return self._dispatch(call)

    def _dispatch(self, call: Call) -> Answer:
        found = self.routes.dispatch(call)
        return found or error(400, "BadRequest", "Resource not found for the segment.")

    def _batch(self, call: Call, _match: re.Match[str]) -> Answer:
        return answer_batch(call, self._dispatch, self._world.faults)

    # -- applications and assignments ------------------------------------------------------

    def _by_id(self, call: Call, match: re.Match[str]) -> Answer:
        return self._application(call, lambda one: one.id == match["id"].lower())

    def _by_app_id(self, call: Call, match: re.Match[str]) -> Answer:
        return self._application(call, lambda one: one.app_id == match["app"].lower())

    def _organization(self, _call: Call, _match: re.Match[str]) -> Answer:
        self._needs("Organization.Read.All")
        domain = {"name": self._world.company.domain, "isDefault": True, "isInitial": False}
        tenant = {"id": self._world.credentials.tenant, "verifiedDomains": [domain]}
        return Answer(200, {"value": [tenant]})

    def _application(self, call: Call, wanted: Callable[[ServicePrincipal], bool]) -> Answer:
        self._needs("Application.Read.All")
        select = selected(
            call, tuple(APPLICATION_KNOWN), APPLICATION_KNOWN, "servicePrincipal", with_id=True
        )
        for one in self._world.directory.applications:
            if wanted(one):
                return Answer(200, _chosen(application_json(self._as_known(one)), select))
        raise not_found()

    def _as_known(self, one: ServicePrincipal) -> ServicePrincipal:
        """Roles reach the enterprise application later than the application."""
        directory = self._world.directory
        if one is not directory.application or directory.late_looks <= 0:
            return one
        directory.late_looks -= 1
        return directory.application_before

    def _applications(self, call: Call, _match: re.Match[str]) -> Answer:
        self._needs("Application.Read.All")
        select = selected(call, tuple(APPLICATION_KNOWN), APPLICATION_KNOWN, "servicePrincipal")
        node = filter_of(call, APPLICATION_KNOWN)
        items = [application_json(one) for one in self._world.directory.applications]
        return self._page(
            call, items, lambda one: _passes(node, one.get), lambda one: _chosen(one, select),
            "servicePrincipals",
        )  # fmt: skip

    def _registration(self, call: Call, match: re.Match[str]) -> Answer:
        """An app registration of this tenant (inferred, see connectors.credentials).

        The other enterprise applications were registered by their publishers.
        """
        self._needs("Application.Read.All")
        known, own = self._world.credentials, self._world.directory.application
        select = selected(
            call, tuple(REGISTRATION_KNOWN), REGISTRATION_KNOWN, "application", with_id=True
        )
        app = match["app"].lower()
        if app == known.client_id.lower():
            whole = registration_json(known, self._world.secret_ends_at)
        elif app == own.app_id.lower():
            whole = home_registration_json(own)
        else:
            raise not_found()
        return Answer(200, _chosen(whole, select))

    def _assigned_to(self, call: Call, match: re.Match[str]) -> Answer:
        self._needs("Application.Read.All")
        directory = self._world.directory
        known = {one.id for one in directory.applications}
        if match["id"].lower() not in known:
            raise not_found()
        own = match["id"].lower() == directory.application.id
        return self._assignments(call, directory.grants if own else [])

    def _assigned_of(self, call: Call, match: re.Match[str]) -> Answer:
        self._needs("Application.Read.All")
        directory = self._world.directory
        grants = [one for one in directory.grants if one.principal_id == match["id"].lower()]
        return self._assignments(call, grants)

    def _assignments(self, call: Call, grants: Sequence[Grant]) -> Answer:
        directory = self._world.directory
        select = selected(call, tuple(ASSIGNMENT_KNOWN), ASSIGNMENT_KNOWN, "appRoleAssignment")
        node = filter_of(call, ASSIGNMENT_KNOWN)
        late = self._not_heard_of(call)

        def keep(grant: Grant) -> bool:
            if not (directory.grant_counts(grant) ^ (grant is late)):
                return False
            return node is None or node.holds(assignment_json(directory, grant).get)

        def show(grant: Grant) -> Json:
            return _chosen(assignment_json(directory, grant), select)

        return self._page(call, grants, keep, show, "appRoleAssignments")

    def _not_heard_of(self, call: Call) -> Grant | None:
        """The newest change of assignments, where a list lags (spec/graph.md 3)."""
        faults = self._world.faults
        if faults.assignment_lag <= 0:
            return None
        if "$skiptoken" not in call.query:
            faults.assignment_lag -= 1
        return self._world.directory.newest_grant

    # -- people ----------------------------------------------------------------------------

    def _users(self, call: Call, _match: re.Match[str]) -> Answer:
        self._needs("User.Read.All")
        if "$skip" in call.query:
            raise bad_request("$skip is not supported.")
        select = selected(call, USER_DEFAULT, KNOWN_PROPERTIES, "user", extensions=True)
        node = filter_of(call, KNOWN_PROPERTIES)
        expanded = self._expanding(call)
        if "$expand" in call.query and is_advanced(call):
            raise bad_request("$expand is not supported by advanced queries.")
        people = self._candidates(node)
        return self._page(
            call,
            people,
            lambda one: one.present and _passes(node, one.get),
            lambda one: person_json(one, select) | expanded(one),
            "users",
        )

    def _candidates(self, node: Node | None) -> Sequence[Person]:
        """Who might pass a filter, by index where it pins people down."""
        directory = self._world.directory
        pairs = equal_values(node, _INDEXED) if node is not None else None
        if pairs is None:
            return directory.people
        found: dict[str, Person] = {}
        for name, value in pairs:
            one = directory.person(value.lower()) if name == "id" else None
            for person in [one] if one is not None else directory.at_address(value):
                found[person.id] = person
        return sorted(found.values(), key=lambda one: one.number)

    def _user(self, call: Call, match: re.Match[str]) -> Answer:
        self._needs("User.Read.All")
        select = selected(call, USER_DEFAULT, KNOWN_PROPERTIES, "user", extensions=True)
        person = self._person(match["id"])
        return Answer(
            200, {"@odata.context": f"{call.base}/$metadata#users/$entity"}
            | person_json(person, select) | self._expanding(call)(person)
        )  # fmt: skip

    def _person(self, name: str) -> Person:
        """By object id or sign-in name; mail addresses do not count."""
        directory = self._world.directory
        person = directory.person(name.lower())
        found = [person] if person is not None else directory.at_address(name)
        for one in found:
            by_name = one.text("userPrincipalName").lower() == name.lower()
            if one.present and (person is not None or by_name):
                return one
        raise not_found()

    def _manager(self, call: Call, match: re.Match[str]) -> Answer:
        self._needs("User.Read.All")
        select = selected(call, USER_DEFAULT, KNOWN_PROPERTIES, "user", extensions=True)
        manager = self._world.directory.manager_of(self._person(match["id"]))
        if manager is None:
            raise not_found()
        context = {"@odata.context": f"{call.base}/$metadata#directoryObjects/$entity"}
        return Answer(200, context | manager_json(manager, select))

    def _expanding(self, call: Call) -> Callable[[Person], Json]:
        """What `$expand` adds to a user: the manager, who is absent where there is none (K)."""
        written = call.query.get("$expand")
        if written is None:
            return lambda _person: {}
        found = _EXPANDED.fullmatch(written.strip())
        if found is None:
            raise bad_request(f"Could not expand '{written}' on type 'microsoft.graph.user'.")
        names = {"$select": found["select"]} if found["select"] else {}
        inner = replace(call, query=names)
        select = selected(inner, USER_DEFAULT, KNOWN_PROPERTIES, "user", extensions=True)

        def shown(person: Person) -> Json:
            manager = self._world.directory.manager_of(person)
            return {} if manager is None else {"manager": manager_json(manager, select)}

        return shown

    def _by_ids(self, call: Call, _match: re.Match[str]) -> Answer:
        self._needs("User.Read.All")
        body = _body(call)
        ids = body.get("ids")
        if not isinstance(ids, list) or len(ids) > MOST_IDS:
            raise bad_request(f"ids must hold at most {MOST_IDS} values.")
        types = body.get("types") or ["directoryObject"]
        return Answer(
            200,
            {
                "@odata.context": f"{call.base}/$metadata#directoryObjects",
                "value": list(self._found(ids, types)),
            },
        )

    def _found(self, ids: Sequence[object], types: Sequence[object]) -> Iterator[Json]:
        directory = self._world.directory
        for identity in dict.fromkeys(str(one).lower() for one in ids):
            person, group = directory.person(identity), directory.group(identity)
            if person is not None and person.present and {"user", "directoryObject"} & {*types}:
                yield {"@odata.type": "#microsoft.graph.user", **person_json(person, USER_ALL)}
            elif group is not None and group.present and {"group", "directoryObject"} & {*types}:
                yield {"@odata.type": "#microsoft.graph.group", **group_json(group, GROUP_ALL)}

    def _deleted(self, call: Call, _match: re.Match[str]) -> Answer:
        self._needs("User.Read.All")
        select = selected(call, USER_DEFAULT, KNOWN_PROPERTIES, "user", extensions=True)
        if "$orderby" in call.query:
            require_advanced(call)
        return self._page(
            call,
            self._world.directory.people,
            lambda one: one.presence is Presence.SOFT_DELETED,
            lambda one: person_json(one, select),
            "directoryObjects",
        )

    def _deleted_one(self, call: Call, match: re.Match[str]) -> Answer:
        self._needs("User.Read.All")
        select = selected(call, (*USER_DEFAULT, "deletedDateTime"), KNOWN_PROPERTIES, "user")
        person = self._world.directory.person(match["id"].lower())
        if person is None or person.presence is not Presence.SOFT_DELETED:
            raise not_found()
        return Answer(200, {"@odata.type": "#microsoft.graph.user", **person_json(person, select)})

    def _read_only(self, _call: Call, _match: re.Match[str]) -> Answer:
        """The practice client was never given a permission to write."""
        return error(403, "Authorization_RequestDenied", "Needs User.ReadWrite.All.")

    # -- groups ----------------------------------------------------------------------------

    def _groups(self, call: Call, _match: re.Match[str]) -> Answer:
        self._needs("GroupMember.Read.All")
        select = selected(call, GROUP_ALL, GROUP_KNOWN, "group")
        node = filter_of(call, GROUP_KNOWN)
        return self._page(
            call,
            self._world.directory.groups,
            lambda one: (
                one.present and (node is None or node.holds(group_json(one, GROUP_ALL).get))
            ),
            lambda one: group_json(one, select),
            "groups",
        )

    def _group(self, call: Call, match: re.Match[str]) -> Answer:
        self._needs("GroupMember.Read.All")
        select = selected(call, GROUP_ALL, GROUP_KNOWN, "group")
        return Answer(200, group_json(self._living_group(match["id"]), select))

    def _living_group(self, identity: str) -> Group:
        group = self._world.directory.group(identity.lower())
        if group is None or not group.present:
            raise not_found()
        return group

    def _members(self, call: Call, match: re.Match[str]) -> Answer:
        self._needs("GroupMember.Read.All")
        group = self._living_group(match["id"])
        cast = match["cast"]
        if cast is not None:
            require_advanced(call)
            if cast not in _CASTS:
                raise Refused(error(400, "Request_UnsupportedQuery", f"No member is a {cast}."))
        directory = self._world.directory
        members: Sequence[tuple[str, str]] = list(group.members.items())
        if match["reach"].lower() == "transitivemembers":
            members = list(_flattened(directory, group).items())
        select = selected(call, USER_DEFAULT, KNOWN_PROPERTIES | GROUP_KNOWN, "directoryObject")
        return self._page(
            call,
            members,
            lambda one: directory.member_exists(*one) and cast in {None, one[1]},
            lambda one: self._member(*one, select),
            "directoryObjects",
        )

    def _member(self, identity: str, kind: str, select: Sequence[str]) -> Json:
        """A member as far as the caller may read its type (spec/graph.md 4.3)."""
        entry = member_json(identity, kind)
        person = self._world.directory.person(identity)
        group = self._world.directory.group(identity)
        if person is not None and "User.Read.All" in self._world.faults.permissions:
            known = [one for one in select if one in KNOWN_PROPERTIES]
            return entry | person_json(person, known)
        if group is not None:
            return entry | group_json(group, [one for one in select if one in GROUP_KNOWN])
        return entry | {one: None for one in select if one != "id"}

    # -- deltas and mail -------------------------------------------------------------------

    def _users_delta(self, call: Call, _match: re.Match[str]) -> Answer:
        self._needs("User.Read.All")
        return self._deltas.users(call)

    def _groups_delta(self, call: Call, _match: re.Match[str]) -> Answer:
        self._needs("GroupMember.Read.All")
        return self._deltas.groups(call)

    def _send_mail(self, call: Call, match: re.Match[str]) -> Answer:
        self._needs("Mail.Send")
        sender = self._person(match["id"])
        message = mime_message(call) if is_mime(call) else _body(call).get("message")
        if not isinstance(message, dict) or not message.get("toRecipients"):
            raise Refused(error(400, "ErrorInvalidRecipients", "A message needs recipients."))
        self._world.mails.append({"from": sender.get("userPrincipalName"), "message": message})
        return Answer(202)

    # -- every request ---------------------------------------------------------------------

    def _needs(self, permission: str) -> None:
        if permission not in self._world.faults.permissions:
            raise Refused(error(403, "Authorization_RequestDenied", "Insufficient privileges."))

    def _page(
        self,
        call: Call,
        items: Sequence[Item],
        keep: Callable[[Item], bool],
        show: Callable[[Item], object],
        context: str,
    ) -> Answer:
        return page(call, self._world.faults, items, keep, show, context)


def _body(call: Call) -> Json:
    try:
        return call.json()
    except ValueError:
        raise bad_request("The body is not a JSON object.") from None


def _passes(node: Node | None, get: Callable[[str], object]) -> bool:
    return node is None or node.holds(get)


def _chosen(whole: Mapping[str, object], select: Sequence[str]) -> Json:
    return {name: whole[name] for name in select}


def _flattened(directory: Directory, group: Group) -> dict[str, str]:
    """Everybody and everything below a group, each once, however often groups nest in rings."""
    found: dict[str, str] = {}
    waiting = [group]
    while waiting:
        for identity, kind in waiting.pop().members.items():
            nested = directory.group(identity) if kind == "group" else None
            if identity not in found and nested is not None and nested.present:
                waiting.append(nested)
            found.setdefault(identity, kind)
    return found
