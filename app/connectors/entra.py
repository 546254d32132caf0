"""Microsoft Entra ID as a `Source`, read through Microsoft Graph (spec/graph.md)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import replace

from app.connectors import credentials, errors
from app.connectors.certificates import read_certificate
from app.connectors.entra_sign_in import EntraSignIn
from app.connectors.graph import Graph
from app.connectors.graph_search import quoted
from app.connectors.graph_shapes import (
    APPLICATION_PROPERTIES,
    ASSIGNMENT_PROPERTIES,
    GROUP_PROPERTIES,
    person_properties,
    read_application,
    read_assignment,
    read_group_change,
    read_person,
    read_person_change,
)
from app.connectors.http import USUAL, Patience, ServiceClient
from app.connectors.tokens import TokenKeeper
from app.connectors.wire import Json, JsonObject, objects_of, segment, text_of, with_query
from app.domain.errors import BrokenContract, PermissionMissing, Service
from app.domain.network import Reached
from app.domain.notices import Credential
from app.domain.people import (
    Application,
    Assignment,
    DeltaPage,
    GroupChange,
    Permission,
    Person,
    PersonChange,
    Presence,
    Value,
)
from app.domain.ports import RequestCounts, StopSignal
from app.domain.settings import SourceSettings, SourceSignIn
from app.domain.sign_in import SignInShelf
from app.mapping.sources import MANAGER

_APPLICATIONS = "Application.Read.All"
_USERS = "User.Read.All"
_GROUPS = "GroupMember.Read.All"
_ORGANIZATION = "Organization.Read.All"
_PAGE = 999
_IDS_AT_ONCE = 1000
_IDS_IN_A_FILTER = 15
_FEW = 100
"""More are looked for in the list of all deleted people."""


class EntraSource:
    """The directory, for one cycle.

    `extensions` are read of each person only where something names them: directory extensions,
    and the manager.
    """

    def __init__(
        self,
        settings: SourceSettings,
        secrets: Callable[[str], str],
        stop: StopSignal,
        *,
        extensions: Iterable[str] = (),
        shelf: SignInShelf | None = None,
        patience: Patience = USUAL,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._http = ServiceClient(
            Service.SOURCE, stop, patience=patience, network=settings.network
        )
        self.counts: RequestCounts = self._http.counts
        self._tokens = TokenKeeper(EntraSignIn(settings, secrets, self._http, shelf).obtain)
        self._graph = Graph(settings.graph_url, self._http, self._tokens)
        asked = frozenset(extensions)
        self._select = person_properties(asked)
        self._managers = MANAGER in asked
        self._application: Application | None = None

    async def reach(self) -> Sequence[Reached]:
        """Both hosts, as they answered anything at all; one try each, no token."""
        settings = self._settings
        discovery = f"{segment(settings.tenant)}/v2.0/.well-known/openid-configuration"
        login = f"{settings.login_url.rstrip('/')}/{discovery}"
        return await self._http.reach(login, self._graph.base)

    async def sign_in(self) -> int:
        """Get a fresh token; returns its life in seconds."""
        return int((await self._tokens.fresh()).life)

    async def fetch_application(self) -> Application:
        """The application of the profile, given by object id or by client id."""
        name = self._settings.service_principal
        query: dict[str, str | int] = {"$select": APPLICATION_PROPERTIES}
        literal = segment(quoted(name))
        for path in (
            f"/servicePrincipals/{segment(name)}",
            f"/servicePrincipals(appId='{literal}')",
        ):
            answer = await self._graph.get(path, query, _APPLICATIONS)
            if answer.ok:
                body = self._graph.object_of(answer)
                (self._application,) = self._graph.read(read_application, [body])
                return self._application
        raise errors.application_unknown(name)

    async def fetch_permissions(self) -> Sequence[Permission]:
        """Whether each permission that a cycle needs was granted, by trying all at once (1.6).

        Without the last one nothing but the tenant's domains stays unknown.
        """
        one: dict[str, str | int] = {"$select": "id", "$top": 1}
        asked = {
            _APPLICATIONS: with_query("/servicePrincipals", one),
            _USERS: with_query("/users", one),
            _GROUPS: with_query("/groups", one),
            _ORGANIZATION: with_query("/organization", {"$select": "id"}),
        }
        answers = await self._graph.together(list(asked.values()))
        found: list[Permission] = []
        for name, answer in zip(asked, answers, strict=True):
            optional = name == _ORGANIZATION
            if not answer.ok and answer.status != 403 and not optional:
                raise errors.graph_error(answer, name)
            found.append(Permission(name, granted=answer.ok, optional=optional))
        return found

    async def fetch_default_domain(self) -> str | None:
        """From the organization; which permission that takes is not documented (1.6)."""
        domains = await self._verified_domains()
        return next((text_of(one.get("name")) for one in domains if one.get("isDefault")), None)

    async def fetch_domains(self) -> Sequence[str] | None:
        """From the organization; None without the permission for it."""
        try:
            domains = await self._verified_domains()
        except PermissionMissing:
            return None
        return [name for one in domains if (name := text_of(one.get("name")).lower())] or None

    async def _verified_domains(self) -> Sequence[JsonObject]:
        answer = await self._graph.get(
            "/organization", {"$select": "verifiedDomains"}, _ORGANIZATION
        )
        if not answer.ok:
            return ()
        tenants = objects_of(self._graph.object_of(answer).get("value"))
        return [one for tenant in tenants for one in objects_of(tenant.get("verifiedDomains"))]

    async def fetch_credential(self) -> Credential:
        """The credential of the sign-in; not known where Microsoft does not say."""
        settings = self._settings
        if settings.sign_in.by_person:
            return credentials.UNKNOWN
        if settings.sign_in is SourceSignIn.CERTIFICATE:
            held = await asyncio.to_thread(self._secrets, "source.certificate")
            certificate = read_certificate(held)
            return Credential(certificate.name, certificate.ends_at)
        query: dict[str, str | int] = {"$select": credentials.PROPERTIES}
        try:
            answer = await self._graph.get(
                credentials.path_of(settings.client_id), query, _APPLICATIONS
            )
        except (PermissionMissing, BrokenContract):
            return credentials.UNKNOWN
        body = answer.json_object() if answer.ok else {}
        secret = await asyncio.to_thread(self._secrets, "source.client_secret")
        return credentials.secret_of(body, secret)

    async def search_applications(self, text: str) -> Sequence[Application]:
        """Enterprise applications whose name starts with `text`; the first page of them."""
        query: dict[str, str | int] = {"$select": APPLICATION_PROPERTIES, "$top": _PAGE}
        if text:
            query["$filter"] = f"startswith(displayName,'{quoted(text)}')"
        pages = self._graph.pages("/servicePrincipals", query, _APPLICATIONS)
        async for page in pages:
            if page.entries:
                return self._graph.read(read_application, page.entries)
        return ()

    async def fetch_assignments(self) -> AsyncIterator[Sequence[Assignment]]:
        """All role assignments of the application, page by page."""
        application = self._application or await self.fetch_application()
        query: dict[str, str | int] = {"$select": ASSIGNMENT_PROPERTIES, "$top": _PAGE}
        path = f"/servicePrincipals/{segment(application.id)}/appRoleAssignedTo"
        async for page in self._graph.pages(path, query, _APPLICATIONS):
            yield self._graph.read(read_assignment, page.entries)

    async def fetch_people(self, delta_link: str | None) -> AsyncIterator[DeltaPage[PersonChange]]:
        """Everybody without a link, else what changed since. Raises `DeltaExpired`."""
        async for page in self._graph.delta("/users/delta", self._select, delta_link, _USERS):
            changes = self._graph.read(read_person_change, page.entries)
            yield DeltaPage(changes, page.delta_link)

    async def fetch_groups(self, delta_link: str | None) -> AsyncIterator[DeltaPage[GroupChange]]:
        """Groups with direct members, or what changed since. Raises `DeltaExpired`."""
        async for page in self._graph.delta("/groups/delta", GROUP_PROPERTIES, delta_link, _GROUPS):
            changes = self._graph.read(read_group_change, page.entries)
            yield DeltaPage(changes, page.delta_link)

    async def fetch_people_by_id(self, ids: Sequence[str]) -> Sequence[Person]:
        """These people in full, a thousand a request; who cannot be read is missing."""
        people = await self._fetch_by_id(ids)
        return await self._with_managers(people) if self._managers else people

    async def _fetch_by_id(self, ids: Sequence[str]) -> Sequence[Person]:
        people: list[Person] = []
        for start in range(0, len(ids), _IDS_AT_ONCE):
            part: list[Json] = list(ids[start : start + _IDS_AT_ONCE])
            page = await self._graph.post(
                "/directoryObjects/getByIds", {"ids": part, "types": ["user"]}, _USERS
            )
            people.extend(self._graph.read(read_person, page.entries))
        return people

    async def _with_managers(self, people: Sequence[Person]) -> Sequence[Person]:
        """The same people with their managers, which getByIds does not give."""
        found: dict[str, Value] = {}
        for start in range(0, len(people), _IDS_IN_A_FILTER):
            ids = ",".join(f"'{one.id}'" for one in people[start : start + _IDS_IN_A_FILTER])
            query: dict[str, str | int] = {
                "$filter": f"id in ({ids})",
                "$select": "id",
                "$expand": "manager($select=id)",
            }
            async for page in self._graph.pages("/users", query, _USERS):
                for one in self._graph.read(read_person, page.entries):
                    found[one.id] = one.attributes.get(MANAGER)
        return [
            replace(one, attributes={**one.attributes, MANAGER: found[one.id]})
            if one.id in found
            else one
            for one in people
        ]

    async def fetch_presence(self, ids: Sequence[str]) -> dict[str, Presence]:
        """Still there, else in the recycle bin, else gone for good."""
        present = {person.id for person in await self._fetch_by_id(ids)}
        absent = {one for one in ids if one not in present}
        look = self._find_few if len(absent) <= _FEW else self._find_deleted
        binned = await look(absent) if absent else set()
        return {
            one: Presence.PRESENT
            if one in present
            else Presence.SOFT_DELETED
            if one in binned
            else Presence.PURGED
            for one in ids
        }

    async def close(self) -> None:
        """End all connections."""
        await self._http.close()

    async def _find_few(self, wanted: set[str]) -> set[str]:
        """Which of these are in the recycle bin, asked for one by one in batches."""
        ids = sorted(wanted)
        paths = [f"/directory/deletedItems/{segment(one)}?$select=id" for one in ids]
        answers = await self._graph.together(paths)
        for answer in answers:
            if not answer.ok and answer.status != 404:
                raise errors.graph_error(answer, _USERS)
        return {one for one, answer in zip(ids, answers, strict=True) if answer.ok}

    async def _find_deleted(self, wanted: set[str]) -> set[str]:
        """Which of these are in the recycle bin; stops reading when all are found."""
        found: set[str] = set()
        query: dict[str, str | int] = {"$select": "id", "$top": _PAGE}
        path = "/directory/deletedItems/microsoft.graph.user"
        async for page in self._graph.pages(path, query, _USERS):
            found.update(wanted.intersection(text_of(entry.get("id")) for entry in page.entries))
            if found == wanted:
                break
        return found
