"""A SCIM 2.0 server's groups as a `GroupTarget` (RFC 7643 4.2)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TypeAlias

from app.connectors import scim2_errors
from app.connectors import scim2_shapes as shapes
from app.connectors.errors import AnswerLost, KeepsFailing
from app.connectors.forbearance import Forbearance
from app.connectors.scim2_api import ScimApi
from app.connectors.scim2_lookup import Lookup
from app.connectors.scim2_resources import Resources
from app.connectors.wire import Answer, Json, JsonObject, key_text, objects_of
from app.domain.codes import UNRESOLVED
from app.domain.errors import EntryError
from app.domain.groups import GroupOutcome, TargetGroup
from app.domain.people import Value
from app.mapping.limits import SCIM2_GROUPS
from app.mapping.scim2_attributes import GROUP_NAME

_Make: TypeAlias = Callable[[JsonObject], list[Json]]
_Alter: TypeAlias = Callable[[JsonObject], None]
_Refusal: TypeAlias = Callable[[Answer, str], EntryError]

PORTION = 500
"""Members in one change: a request of some 30 kB."""


class ScimGroups:
    """Groups and their members. Members are written in portions of `portion`."""

    limits = SCIM2_GROUPS
    portion = PORTION

    def __init__(self, api: ScimApi, wait: float, forbearance: Forbearance) -> None:
        self._api = api
        self._forbearance = forbearance
        self._lookup = Lookup(api, GROUP_NAME)
        self._groups = Resources(api, wait)

    async def fetch_groups(self) -> AsyncIterator[Sequence[TargetGroup]]:
        """All groups with their members, page by page."""
        async for page in self._api.pages(await self._path()):
            yield [shapes.group_of(item) for item in page]

    async def find_groups(self, matches: Sequence[str]) -> Sequence[TargetGroup]:
        """Groups with these names (lower case), freshly read, members included."""
        path = await self._path()
        found = await self._lookup.find(path, matches) if matches else []
        whole: list[TargetGroup] = []
        for item in found:
            # Lists may leave members out, and a missing member would be written again.
            full = item if "members" in item else await self._groups.read(path, _key(item))
            if full is not None:
                self._groups.remember([full])
                whole.append(shapes.group_of(full))
        return whole

    async def create_group(self, match: str, attributes: Mapping[str, Value]) -> GroupOutcome:
        """A new group without members; nothing twice."""
        path = await self._path()

        async def find() -> JsonObject | None:
            found = await self._lookup.find(path, [match])
            return await self._groups.read(path, _key(found[0])) if len(found) == 1 else None

        body = shapes.body_of(shapes.GROUP, attributes)
        try:
            made, _ = await self._groups.create(path, body, match, find)
        except KeepsFailing as fault:
            return GroupOutcome(error=self._failed(fault, match))
        except AnswerLost as lost:
            self._forbearance.failed(lost)
            return GroupOutcome(error=scim2_errors.not_there(self._api.host, match))
        self._forbearance.answered()
        if isinstance(made, EntryError):
            return GroupOutcome(error=made)
        return GroupOutcome(shapes.group_of(made))

    async def update_group(
        self, key: str, name: str, attributes: Mapping[str, Value]
    ) -> EntryError | None:
        """Write these attributes; `name` is for sentences."""
        return await self._write(
            key,
            name,
            lambda known: shapes.operations_of(attributes, known),
            lambda body: shapes.write_into(body, attributes),
            scim2_errors.entry_refused,
        )

    async def change_members(
        self, key: str, name: str, added: Sequence[str], removed: Sequence[str]
    ) -> EntryError | None:
        """Add and remove these accounts; whoever is there or gone already is no error."""
        error = await self._change_members(key, name, added, removed)
        if error is None or error.code != UNRESOLVED:
            return error
        # A removal that finds nobody is an error in SCIM: look, and ask for what is left to do.
        item = await self._groups.read(await self._path(), key)
        if item is None:
            return scim2_errors.gone(self._api.host, name)
        held = set(shapes.group_of(item).members)
        left = [one for one in added if one not in held], [one for one in removed if one in held]
        if not any(left):
            return None
        if left == (list(added), list(removed)):
            return error
        return await self._change_members(key, name, *left)

    async def delete_group(self, key: str, name: str) -> EntryError | None:
        """Delete; a group that is gone already counts as done."""
        try:
            error = await self._groups.delete(await self._path(), key, name)
        except KeepsFailing as fault:
            return self._failed(fault, name)
        self._forbearance.answered()
        return error

    async def _change_members(
        self, key: str, name: str, added: Sequence[str], removed: Sequence[str]
    ) -> EntryError | None:
        operations = shapes.member_operations(added, removed)

        def alter(body: JsonObject) -> None:
            kept: list[Json] = [
                one
                for one in objects_of(body.get("members"))
                if key_text(one.get("value")) not in removed
            ]
            held = {key_text(one.get("value")) for one in objects_of(kept)}
            body["members"] = kept + [{"value": one} for one in added if one not in held]

        return await self._write(
            key, name, lambda _known: operations, alter, scim2_errors.members_refused
        )

    async def _write(
        self, key: str, name: str, make: _Make, alter: _Alter, refusal: _Refusal
    ) -> EntryError | None:
        path = await self._path()
        try:
            if (await self._api.offer()).patch:
                answer = await self._groups.change(path, key, make, fresh=False)
            else:
                answer = await self._groups.replace(path, key, alter)
        except KeepsFailing as fault:
            return self._failed(fault, name)
        self._forbearance.answered()
        if answer is None:
            return scim2_errors.gone(self._api.host, name)
        return None if answer.ok else refusal(answer, name)

    def _failed(self, fault: KeepsFailing, name: str) -> EntryError:
        """One group the server stumbles over; raises the fault of a server that is down."""
        self._forbearance.failed(fault)
        return scim2_errors.entry_faulty(fault, name)

    async def _path(self) -> str:
        path = (await self._api.offer()).groups
        if path is None:
            raise scim2_errors.no_groups(self._api.host)
        return path


def _key(item: JsonObject) -> str:
    return key_text(item.get("id"))
