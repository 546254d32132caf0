"""Assignments and roles changed in Microsoft Entra ID: a `domain.ports.AssignmentEditor`.

What spec/graph.md leaves out is Graph's public reference: an assignment is a POST or DELETE at
`appRoleAssignedTo`; roles are the `appRoles` of the *application*, written as a whole list, and
the enterprise application follows after a while. `origin` may not be sent. A role that is missing
in the list would be deleted, which Graph refuses while it is enabled: so nobody's role is lost when
two write at the same time, and whoever came second reads again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import uuid4

from app.connectors import errors
from app.connectors.entra_sign_in import DIRECTORY, EntraSignIn
from app.connectors.graph import Graph
from app.connectors.graph_search import find_principals, look_into, quoted
from app.connectors.graph_shapes import (
    APPLICATION_PROPERTIES,
    ASSIGNMENT_PROPERTIES,
    read_application,
    read_assignment,
    read_role,
)
from app.connectors.http import USUAL, Patience, ServiceClient
from app.connectors.sign_in_errors import ConsentMissing
from app.connectors.tokens import Token, TokenKeeper
from app.connectors.wire import Answer, Json, JsonObject, objects_of, segment, text_of
from app.domain.assigning import (
    ASSIGN_PERMISSION,
    ROLES_PERMISSION,
    AddedRole,
    Assigned,
    Members,
    Principal,
    RoleDraft,
)
from app.domain.errors import (
    ChangeRefused,
    ConfigurationError,
    PermissionMissing,
    RollcallError,
    Service,
)
from app.domain.people import Application, AppRole, Assignment
from app.domain.ports import StopSignal
from app.domain.settings import SourceSettings
from app.domain.sign_in import SignInShelf
from app.domain.texts import Text

ROLE_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between two looks whether the enterprise application shows a new role."""
_TRIES = 3
_APPLICATIONS = DIRECTORY[0]
_PAGE = 999
_ROLE_IN_THE_WAY = "cannotdeleteorupdateenabledentitlement"
_SIGN_IN_AGAIN = Text(
    "Run `rollcall sign-in --side source --manage-assignments` as somebody who may manage the"
    " application in Entra (Cloud Application Administrator), who can also consent to it."
)


class EntraAssignments:
    """One connection for a few changes; `close` ends it.

    Where a person signs in, a permission is asked for only by the call that needs it.
    """

    def __init__(
        self,
        settings: SourceSettings,
        secrets: Callable[[str], str],
        stop: StopSignal,
        *,
        shelf: SignInShelf | None = None,
        patience: Patience = USUAL,
        role_waits: Sequence[float] = ROLE_WAITS,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._shelf = shelf
        self._role_waits = role_waits
        self._http = ServiceClient(
            Service.SOURCE, stop, patience=patience, network=settings.network
        )
        self._graphs: dict[str, Graph] = {}

    async def find(self, text: str) -> Sequence[Principal]:
        """People and groups whose name or address starts with `text`, or with this id."""
        return await find_principals(self._reading(), text)

    async def look_into(self, group: Principal) -> Members:
        """Whether a group has people, and groups, as direct members."""
        return await look_into(self._reading(), group)

    async def assign(
        self, application: Application, principal: Principal, role: AppRole
    ) -> Assigned:
        """Give a role. Graph has one code for "held already" and for other mistakes: so we look."""
        graph = self._writing(ASSIGN_PERMISSION)
        body: JsonObject = {
            "principalId": principal.id,
            "resourceId": application.id,
            "appRoleId": role.id,
        }
        answer = await graph.write("POST", _assigned_to(application), body)
        if answer.ok:
            (made,) = graph.read(read_assignment, [graph.object_of(answer)])
            return Assigned(made)
        if answer.status in (400, 409):
            held = await self._held(application, principal, role)
            if held is not None:
                return Assigned(held, already=True)
        raise self._refusal(
            answer,
            ASSIGN_PERMISSION,
            Text(
                "Microsoft did not assign {name} with the role {role}.{quote}",
                {"name": principal.name, "role": role.name, "quote": errors.quoted(answer)},
            ),
        )

    async def unassign(self, application: Application, assignment: Assignment) -> bool:
        """Take a role away; False when it was gone already."""
        graph = self._writing(ASSIGN_PERMISSION)
        path = f"{_assigned_to(application)}/{segment(assignment.id)}"
        answer = await graph.write("DELETE", path)
        if answer.ok or answer.status == 404:
            return answer.ok
        raise self._refusal(
            answer,
            ASSIGN_PERMISSION,
            Text(
                "Microsoft did not take the assignment of {name} away.{quote}",
                {"name": assignment.principal_name, "quote": errors.quoted(answer)},
            ),
        )

    async def add_role(self, application: Application, draft: RoleDraft) -> AddedRole:
        """Make a role for people and groups, beside all that are there."""
        graph, identity = self._writing(ROLES_PERMISSION), str(uuid4())
        for _ in range(_TRIES):
            path, roles = await self._registration(graph, application)
            checked = draft.checked(graph.read(read_role, roles))
            body: JsonObject = {"appRoles": [*roles, _new(identity, checked)]}
            answer = await graph.write("PATCH", path, body)
            if answer.ok:
                role = AppRole(identity, checked.name, checked.value)
                return AddedRole(role, await self._shows(application, role))
            if _ROLE_IN_THE_WAY not in errors.graph_codes(answer):
                break
        raise self._refusal(
            answer,
            ROLES_PERMISSION,
            Text(
                "Microsoft did not make the role {role}.{quote}",
                {"role": checked.name, "quote": errors.quoted(answer)},
            ),
        )

    async def close(self) -> None:
        """End all connections."""
        await self._http.close()

    # -- roles -----------------------------------------------------------------------------

    async def _registration(
        self, graph: Graph, application: Application
    ) -> tuple[str, list[JsonObject]]:
        """Where the roles are written, and all of them as they may be sent back."""
        path = f"/applications(appId='{segment(quoted(application.app_id))}')"
        answer = await graph.get(path, {"$select": "id,appRoles"}, _APPLICATIONS)
        body = graph.object_of(answer) if answer.ok else {}
        key = text_of(body.get("id"))
        if not key:
            raise ConfigurationError(
                Text(
                    "The roles of {application} are not made in this tenant: its app registration"
                    " is elsewhere.",
                    {"application": application.name},
                ),
                "Assign one of the roles it has, or ask its publisher for another.",
                key="source.service_principal",
            )
        roles: list[JsonObject] = [
            {name: value for name, value in one.items() if name != "origin"}
            for one in objects_of(body.get("appRoles"))
        ]
        return f"/applications/{segment(key)}", roles

    async def _shows(self, application: Application, role: AppRole) -> bool:
        """Whether the enterprise application shows the role, which takes it a while."""
        path = f"/servicePrincipals/{segment(application.id)}"
        graph = self._reading()
        for wait in (*self._role_waits, None):
            answer = await graph.get(path, {"$select": APPLICATION_PROPERTIES}, _APPLICATIONS)
            if answer.ok:
                (shown,) = graph.read(read_application, [graph.object_of(answer)])
                if any(one.id == role.id for one in shown.roles):
                    return True
            if wait is not None:
                await self._http.pause(wait)
        return False

    # -- assignments -----------------------------------------------------------------------

    async def _held(
        self, application: Application, principal: Principal, role: AppRole
    ) -> Assignment | None:
        graph = self._reading()
        query: dict[str, str | int] = {"$select": ASSIGNMENT_PROPERTIES, "$top": _PAGE}
        async for page in graph.pages(_assigned_to(application), query, _APPLICATIONS):
            for one in graph.read(read_assignment, page.entries):
                if (one.principal_id, one.role_id) == (principal.id, role.id):
                    return one
        return None

    def _refusal(self, answer: Answer, permission: str, sentence: Text) -> RollcallError:
        if answer.status == 403 and "insufficient_claims" not in errors.graph_codes(answer):
            if self._settings.sign_in.by_person:
                return self._not_allowed(permission, answer.request_id)
            return errors.graph_error(answer, _or_owned(permission))
        if answer.status in (400, 404, 409):
            return ChangeRefused(
                Service.SOURCE,
                sentence,
                "Read who is assigned again. What was changed in Entra a moment ago can take some"
                " minutes to be known everywhere.",
                request_id=answer.request_id,
            )
        return errors.graph_error(answer, permission)

    def _not_allowed(self, permission: str, request_id: str | None) -> PermissionMissing:
        """Without consent, or signed in as somebody without a directory role (graph.md 1.6)."""
        return PermissionMissing(
            Service.SOURCE,
            Text(
                "The sign-in of Rollcall lacks the permission {permission}, or whoever signed in"
                " may not manage the application.",
                {"permission": permission},
            ),
            _SIGN_IN_AGAIN,
            request_id=request_id,
        )

    # -- connections -----------------------------------------------------------------------

    def _reading(self) -> Graph:
        return self._graph("")

    def _writing(self, permission: str) -> Graph:
        return self._graph(permission if self._settings.sign_in.by_person else "")

    def _graph(self, permission: str) -> Graph:
        """Graph with a token for a cycle's permissions and this one; an application has all."""
        if permission not in self._graphs:
            asked = (*DIRECTORY, permission) if permission else DIRECTORY
            sign_in = EntraSignIn(self._settings, self._secrets, self._http, self._shelf, asked)

            async def obtain() -> Token:
                try:
                    return await sign_in.obtain()
                except ConsentMissing as error:
                    if not permission:
                        raise
                    raise self._not_allowed(permission, error.request_id) from error

            tokens = TokenKeeper(obtain)
            self._graphs[permission] = Graph(self._settings.graph_url, self._http, tokens)
        return self._graphs[permission]


def _assigned_to(application: Application) -> str:
    return f"/servicePrincipals/{segment(application.id)}/appRoleAssignedTo"


def _new(identity: str, draft: RoleDraft) -> Json:
    return {
        "id": identity,
        "displayName": draft.name,
        "description": draft.description,
        "value": draft.value,
        "isEnabled": True,
        "allowedMemberTypes": ["User"],
    }


def _or_owned(permission: str) -> str:
    """With the narrower permission that would do (spec/graph.md 1.6: application only)."""
    if permission == ROLES_PERMISSION:
        return f"{permission} (or Application.ReadWrite.OwnedBy)"
    return permission
