"""The groups of a GoTo organisation as a `GroupTarget` (spec/goto.md 2.2, 2.4, 2.5, 10 point 3)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence

from app.connectors import errors
from app.connectors import goto_scim_errors as refusals
from app.connectors import goto_scim_shapes as shapes
from app.connectors.errors import KeepsFailing
from app.connectors.forbearance import Forbearance
from app.connectors.goto_api import GoToApi
from app.connectors.goto_scim_choices import (
    MOST_MEMBERS,
    PATCH_MAY_REPLACE_MEMBERS,
    UNKNOWN_GROUP_STATUSES,
)
from app.connectors.scim_creation import create
from app.connectors.scim_pages import pages
from app.connectors.wire import Answer, Call, JsonObject, key_text, segment, text_of, with_query
from app.domain.errors import EntryError, Service
from app.domain.groups import GroupOutcome, TargetGroup
from app.domain.people import Value
from app.mapping.limits import GOTO_SCIM_GROUPS


class GoToScimGroups:
    """Groups and their members."""

    limits = GOTO_SCIM_GROUPS
    portion = MOST_MEMBERS

    def __init__(self, api: GoToApi, wait: float, forbearance: Forbearance) -> None:
        self._api = api
        self._forbearance = forbearance
        self._wait = wait
        self._url = f"{api.base}/Groups"
        self._replaces = False
        """Seen in this cycle: a PATCH replaces the members of a group."""

    async def fetch_groups(self) -> AsyncIterator[Sequence[TargetGroup]]:
        """All groups with their members, page by page."""
        async for items in self._pages():
            yield [shapes.group_of(await self._with_members(item)) for item in items]

    async def find_groups(self, matches: Sequence[str]) -> Sequence[TargetGroup]:
        """Groups with these names (lower case), freshly read, members included.

        Out of the list: whether capitals count in a filter is nowhere said, and names of groups
        have capitals.
        """
        wanted = set(matches)
        if not wanted:
            return ()
        return [
            shapes.group_of(await self._with_members(item)) for item in await self._named(wanted)
        ]

    async def create_group(self, match: str, attributes: Mapping[str, Value]) -> GroupOutcome:
        """A new group without members; nothing twice."""

        async def find() -> JsonObject | None:
            found = await self._named({match})
            return await self._with_members(found[0]) if len(found) == 1 else None

        try:
            body = shapes.user_of(attributes)
            made = await create(self._api, self._url, body, find, self._wait)
        except KeepsFailing as fault:
            return GroupOutcome(error=self._failed(fault, match))
        item, answer = made.found, made.answer
        if item is not None or (answer is not None and not made.faulty):
            self._forbearance.answered()
        if item is None and answer is not None and answer.ok:
            item = answer.json_object()
            item = item if key_text(item.get("id")) else await find()
        if item is not None:
            return GroupOutcome(shapes.group_of(item))
        if answer is None:
            self._forbearance.failed(errors.answer_lost(Service.TARGET, self._api.host))
        if answer is None or answer.ok:
            return GroupOutcome(error=errors.goto_not_there(match))
        if made.faulty:
            trouble = errors.faulty(Service.TARGET, answer)
            return GroupOutcome(error=self._failed(trouble, match))
        if answer.status in (401, 403):
            raise refusals.refused(answer, refusals.WRITE)
        return GroupOutcome(error=refusals.group_refused(answer, match))

    async def update_group(
        self, key: str, name: str, attributes: Mapping[str, Value]
    ) -> EntryError | None:
        """Write these attributes to one group."""
        try:
            answer = await self._send("PATCH", key, shapes.user_of(attributes))
            if answer.ok:
                return None
            if await self._gone(key, answer):
                return refusals.group_gone(name)
        except KeepsFailing as fault:
            return self._failed(fault, name)
        return refusals.group_refused(answer, name)

    async def change_members(
        self, key: str, name: str, added: Sequence[str], removed: Sequence[str]
    ) -> EntryError | None:
        """Add and remove these accounts; whoever is there or gone already is no error."""
        try:
            item = await self._read(key)
            if item is None:
                return refusals.group_gone(name)
            before = shapes.members_of(item)
            coming = shapes.users(one for one in added if one not in before)
            leaving = before.keys() & set(removed)
            if not coming and not leaving:
                return None
            staying = {one: entry for one, entry in before.items() if one not in leaving}
            written = text_of(item.get(shapes.GROUP_NAME)) or name
            if len(staying) + len(coming) <= MOST_MEMBERS:
                after = {**staying, **coming}
                return await self._write_all(key, written, after, coming, leaving)
            if leaving:
                return refusals.removal_impossible(
                    written, len(staying) + len(coming), MOST_MEMBERS
                )
            return await self._add(key, written, before, coming)
        except KeepsFailing as fault:
            return self._failed(fault, name)

    async def delete_group(self, key: str, name: str) -> EntryError | None:
        """Delete one group; one that is gone already counts as done."""
        try:
            answer = await self._send("DELETE", key)
            if answer.ok or await self._gone(key, answer):
                return None
        except KeepsFailing as fault:
            return self._failed(fault, name)
        return refusals.group_refused(answer, name)

    def _failed(self, fault: KeepsFailing, name: str) -> EntryError:
        """One group GoTo stumbles over; raises the fault of a service that is down."""
        self._forbearance.failed(fault)
        return errors.goto_entry_keeps_failing(fault, name)

    # -- members ---------------------------------------------------------------------------

    async def _write_all(
        self,
        key: str,
        name: str,
        after: shapes.Members,
        coming: shapes.Members,
        leaving: set[str],
    ) -> EntryError | None:
        """The whole membership in one call, then read again and compared."""
        # PUT alone takes somebody out. Without that PATCH is right whether it adds or replaces.
        answer = await self._send(
            "PUT" if leaving else "PATCH", key, shapes.membership(name, after)
        )
        if not answer.ok:
            return await self._members_refused(key, name, answer)
        now = await self._members(key)
        if now is None:
            return refusals.group_gone(name)
        kept = coming.keys() <= now.keys() and not leaving & now.keys()
        return None if kept else refusals.members_not_kept(name)

    async def _add(
        self, key: str, name: str, before: shapes.Members, coming: shapes.Members
    ) -> EntryError | None:
        """Those who come, to a group that does not fit into one call."""
        if self._replaces:
            return refusals.addition_impossible(name, len(before) + len(coming), MOST_MEMBERS)
        answer = await self._send("PATCH", key, shapes.membership(name, coming))
        if not answer.ok:
            return await self._members_refused(key, name, answer)
        now = await self._members(key)
        if now is None:
            return refusals.group_gone(name)
        if PATCH_MAY_REPLACE_MEMBERS and before.keys().isdisjoint(now) and before:
            self._replaces = True
            return await self._put_back(key, name, before, coming)
        return None if coming.keys() <= now.keys() else refusals.members_not_kept(name)

    async def _put_back(
        self, key: str, name: str, before: shapes.Members, coming: shapes.Members
    ) -> EntryError:
        """The members whom an addition replaced, as many as one call takes."""
        back = dict(list(before.items())[:MOST_MEMBERS])
        await self._send("PUT", key, shapes.membership(name, back))
        now = await self._members(key) or {}
        lost = before.keys() - now.keys()
        if lost:
            return refusals.members_lost(name, len(lost))
        return refusals.addition_impossible(name, len(before) + len(coming), MOST_MEMBERS)

    async def _members_refused(self, key: str, name: str, answer: Answer) -> EntryError:
        if await self._gone(key, answer):
            return refusals.group_gone(name)
        return refusals.members_refused(answer, name)

    async def _members(self, key: str) -> shapes.Members | None:
        item = await self._read(key)
        return None if item is None else shapes.members_of(item)

    # -- reading ---------------------------------------------------------------------------

    async def _pages(self) -> AsyncIterator[list[JsonObject]]:
        async def read(query: Mapping[str, str | int]) -> JsonObject:
            return await self._api.get(with_query(self._url, query))

        async for page in pages(read, self._api.host):
            yield page.items

    async def _named(self, names: Collection[str]) -> list[JsonObject]:
        """The groups with these names (lower case), as the list shows them."""
        return [
            item
            async for items in self._pages()
            for item in items
            if shapes.group_of(item).match in names
        ]

    async def _with_members(self, item: JsonObject) -> JsonObject:
        """Lists may leave members out, and a missing member would be written again."""
        if "members" in item:
            return item
        return await self._read(key_text(item.get("id"))) or item

    async def _read(self, key: str) -> JsonObject | None:
        """One group, freshly; None when it is gone."""
        answer = await self._send("GET", key)
        if answer.ok:
            return self._api.object_of(answer)
        if answer.status in UNKNOWN_GROUP_STATUSES and not refusals.about_token(answer):
            # Who may read the list may read every group that is there. Raises for who may not.
            await self._api.get(with_query(self._url, {"startIndex": 1, "count": 1}))
            return None
        raise refusals.unreadable(answer)

    async def _gone(self, key: str, answer: Answer) -> bool:
        """Whether a write was refused because the group is gone; raises when rights are missing."""
        unknown = answer.status in UNKNOWN_GROUP_STATUSES and not refusals.about_token(answer)
        if unknown and await self._read(key) is None:
            return True
        if answer.status in (401, 403):
            raise refusals.refused(answer, refusals.WRITE)
        return False

    async def _send(self, method: str, key: str, body: JsonObject | None = None) -> Answer:
        answer = await self._api.send(Call(method, f"{self._url}/{segment(key)}", body=body))
        if method != "GET":
            self._forbearance.answered()
        return answer
