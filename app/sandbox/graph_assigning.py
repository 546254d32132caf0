"""Changes of assignments and roles in the practice Graph.

Inferred, as spec/graph.md describes reading only: paths, permissions, statuses and the codes of
refusals are Graph's public reference and what clients report.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID, uuid4

from app.domain.people import DEFAULT_ACCESS
from app.sandbox.directory import Grant, Role
from app.sandbox.grants import Grants
from app.sandbox.graph_lists import bad_request, error, not_found
from app.sandbox.graph_shapes import assignment_json, registration_id
from app.sandbox.wire import Answer, Call, Json, Refused, Routes
from app.sandbox.world import World

_LONGEST_VALUE = 120
_VALUE = re.compile(r"(?!\.)[0-9A-Za-z:!#$%&'()*+,\-./;<=>?@\[\]^_`{|}~]+")
_ROLE_KEYS = frozenset(
    {"id", "displayName", "description", "value", "isEnabled", "allowedMemberTypes"}
)


class Assigning:
    """Handlers over the world for `appRoleAssignedTo` and for the roles of the application."""

    def __init__(self, world: World, grants: Grants) -> None:
        self._world = world
        self._grants = grants

    def add_to(self, routes: Routes) -> None:
        """Serve these paths as well."""
        assigned = r"/servicePrincipals/(?P<id>[^/]+)/appRoleAssignedTo"
        routes.add("POST", assigned, self._assign)
        routes.add("DELETE", rf"{assigned}/(?P<grant>[^/]+)", self._unassign)
        routes.add("PATCH", r"/applications/(?P<id>[^/(]+)", self._change_application)

    # -- assignments -----------------------------------------------------------------------

    def _assign(self, call: Call, match: re.Match[str]) -> Answer:
        self._needs(call, "AppRoleAssignment.ReadWrite.All")
        directory = self._world.directory
        self._own(match["id"])
        body = _body(call)
        principal, resource, role = (
            str(body.get(name) or "").lower() for name in ("principalId", "resourceId", "appRoleId")
        )
        if not (principal and role and resource == directory.application.id):
            raise bad_request("One or more properties are invalid.")
        kind = self._kind(principal)
        if not self._may_be_given(role):
            raise bad_request("Not a valid reference update.")
        if any(
            (one.principal_id, one.role_id) == (principal, role)
            for one in directory.living_grants()
        ):
            raise bad_request("Permission being assigned already exists on the object")
        identity = str(uuid4())
        grant = directory.grant(identity, principal, kind, role, self._world.timestamp())
        context = {"@odata.context": f"{call.base}/$metadata#appRoleAssignments/$entity"}
        return Answer(201, context | assignment_json(directory, grant))

    def _unassign(self, call: Call, match: re.Match[str]) -> Answer:
        self._needs(call, "AppRoleAssignment.ReadWrite.All")
        self._own(match["id"])
        self._world.directory.revoke(self._grant(match["grant"]))
        return Answer(204)

    def _grant(self, identity: str) -> Grant:
        for one in self._world.directory.living_grants():
            if one.id == identity:
                return one
        raise not_found()

    def _kind(self, principal: str) -> str:
        directory = self._world.directory
        person, group = directory.person(principal), directory.group(principal)
        if person is not None and person.present:
            return "user"
        if group is not None and group.present:
            return "group"
        raise not_found()

    def _may_be_given(self, role: str) -> bool:
        """Default Access is there as long as the application has declared no role."""
        directory = self._world.directory
        application = directory.application
        if directory.late_looks > 0:
            application = directory.application_before
        if role == DEFAULT_ACCESS:
            return not application.roles
        return any(
            one.id == role and one.enabled and "User" in one.member_types
            for one in application.roles
        )

    def _own(self, identity: str) -> None:
        """The practice directory keeps assignments of GoToMeeting alone."""
        if identity.lower() != self._world.directory.application.id:
            raise not_found()

    # -- roles -----------------------------------------------------------------------------

    def _change_application(self, call: Call, match: re.Match[str]) -> Answer:
        self._needs(call, "Application.ReadWrite.All")
        directory = self._world.directory
        if match["id"].lower() != registration_id(directory.application.app_id):
            raise not_found()
        body = _body(call)
        if set(body) - {"appRoles"}:
            raise bad_request("The practice directory changes nothing but appRoles.")
        entries = body.get("appRoles")
        if not isinstance(entries, list):
            raise bad_request("Invalid value specified for property 'appRoles'.")
        roles = tuple(_role(one) for one in entries)
        _check_unique(roles)
        kept = {one.id: one for one in roles}
        for old in directory.application.roles:
            if old.enabled and not _same(old, kept.get(old.id)):
                raise Refused(
                    error(
                        400,
                        "CannotDeleteOrUpdateEnabledEntitlement",
                        "Permission (scope or role) cannot be deleted or updated unless disabled"
                        " first.",
                    )
                )
        directory.set_roles(roles)
        directory.late_looks = self._world.faults.role_lag
        return Answer(204)

    # -- every request ---------------------------------------------------------------------

    def _needs(self, call: Call, permission: str) -> None:
        """Consented for the client, and asked for where a person signed in."""
        scopes = self._grants.scopes(call.bearer())
        consented = permission in self._world.faults.permissions
        if not consented or (scopes is not None and permission not in scopes):
            raise Refused(
                error(
                    403,
                    "Authorization_RequestDenied",
                    "Insufficient privileges to complete the operation.",
                )
            )


def _body(call: Call) -> Json:
    try:
        return call.json()
    except ValueError:
        raise bad_request("The body is not a JSON object.") from None


def _role(entry: object) -> Role:
    """A role as it was sent; `origin` may not be (Graph's reference of appRole)."""
    if not isinstance(entry, Mapping) or set(entry) - _ROLE_KEYS:
        raise bad_request("Invalid value specified for property 'appRoles'.")
    value, types = entry.get("value") or "", entry.get("allowedMemberTypes")
    name = str(entry.get("displayName") or "")
    if not name or not isinstance(types, list) or not types or not _is_guid(entry.get("id")):
        raise bad_request("Invalid value specified for property 'appRoles'.")
    if value and (len(value) > _LONGEST_VALUE or not _VALUE.fullmatch(value)):
        raise bad_request(f"Invalid value specified for property 'value' of role '{name}'.")
    return Role(
        str(entry["id"]).lower(),
        name,
        value,
        str(entry.get("description") or ""),
        entry.get("isEnabled") is not False,
        tuple(types),
    )


def _check_unique(roles: tuple[Role, ...]) -> None:
    values = [one.value.casefold() for one in roles if one.value]
    if len({one.id for one in roles}) < len(roles) or len(set(values)) < len(values):
        raise bad_request("Request contains a property with duplicate values.")


def _same(old: Role, new: Role | None) -> bool:
    """Unchanged but for being switched off."""
    return new is not None and (old.name, old.value, old.member_types) == (
        new.name,
        new.value,
        new.member_types,
    )


def _is_guid(value: object) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False
