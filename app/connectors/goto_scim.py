"""GoTo's organisation as a `Target`, through its SCIM 1 dialect (spec/goto.md 2).

There are identities here and no seats, and nobody can be suspended. What is not established
about the interface is decided in `goto_scim_choices`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from app.connectors import errors
from app.connectors import goto_scim_errors as refusals
from app.connectors import goto_scim_shapes as shapes
from app.connectors.errors import KeepsFailing
from app.connectors.forbearance import Forbearance
from app.connectors.goto_api import GoToApi
from app.connectors.goto_scim_choices import admin_me
from app.connectors.goto_scim_groups import GoToScimGroups
from app.connectors.goto_scim_users import Identities
from app.connectors.http import USUAL, Patience, ServiceClient
from app.connectors.pacing import SteadyPacer
from app.connectors.scim2_sign_in import sign_in_of
from app.connectors.scim_creation import all_landed, create
from app.connectors.tokens import TokenKeeper
from app.connectors.wire import Answer, Call, JsonObject, segment, texts_of
from app.domain.accounts import (
    Account,
    AccountChoice,
    AccountDraft,
    AccountUpdate,
    Outcome,
    TargetInfo,
    WriteProbe,
)
from app.domain.errors import Service
from app.domain.network import Reached
from app.domain.ports import GroupTarget, RequestCounts, StopSignal
from app.domain.settings import TargetSettings
from app.domain.sign_in import SignInShelf
from app.mapping.comparison import differences
from app.mapping.limits import GOTO_SCIM


class GoToScimTarget:
    """The identities of one organisation, for one cycle. `groups` is its `GroupTarget`."""

    def __init__(
        self,
        settings: TargetSettings,
        secrets: Callable[[str], str],
        stop: StopSignal,
        *,
        shelf: SignInShelf | None = None,
        patience: Patience = USUAL,
    ) -> None:
        pacer = SteadyPacer(settings.requests_per_second, stop)
        self._http = ServiceClient(
            Service.TARGET, stop, patience=patience, pacer=pacer, network=settings.network
        )
        self._tokens = TokenKeeper(sign_in_of(settings, secrets, self._http, shelf))
        self._api = GoToApi(
            settings.url,
            self._http,
            self._tokens,
            about_token=refusals.about_token,
            refusal=refusals.unreadable,
        )
        self._users = Identities(self._api)
        self._forbearance = Forbearance()
        self._settings = settings
        self._wait = patience.first_wait
        self._me: shapes.Me | None = None
        self._asking = asyncio.Lock()
        self.groups: GroupTarget | None = GoToScimGroups(
            self._api, patience.first_wait, self._forbearance
        )
        self.counts: RequestCounts = self._http.counts
        self.limits = GOTO_SCIM

    async def reach(self) -> Sequence[Reached]:
        """Everything needed, as it answered anything at all; one try each, no token."""
        return await self._http.reach(*filter(None, (self._settings.token_url, self._api.base)))

    async def sign_in(self) -> int:
        """Get a fresh token; returns its life in seconds."""
        return int((await self._tokens.fresh()).life)

    async def fetch_info(self) -> TargetInfo:
        """As whom, and where: the accounts the organisation spans, else its domain."""
        me = await self._myself()
        name = me.domain or self._api.host
        here = me.accounts or (AccountChoice(name, name),)
        return TargetInfo(here[0], here, own_key=me.key, own_name=me.name, roles=(), licences=())

    async def may_write(self) -> bool:
        """By the organisation roles that the Admin API beside this one tells (3.2)."""
        url = admin_me(self._api.base)
        if url is None:
            return False
        try:
            answer = await self._api.send(Call("GET", url))
        except KeepsFailing:
            return False
        roles = texts_of(answer.json_object().get("organizationRoles")) if answer.ok else ()
        if refusals.READ in roles and refusals.WRITE not in roles:
            raise refusals.not_allowed(refusals.WRITE)
        return refusals.WRITE in roles

    async def probe_writing(self) -> WriteProbe:
        """An empty change to an identity that cannot exist: keys are digits and none is 0.

        Refused for the lack of the role (401, 2.7) it says so; that it is not found (404) proves
        the right only together with the role that the Admin API tells.
        """
        allowed = await self.may_write()
        try:
            answer = await self._api.send(Call("PATCH", f"{self._users.url}/0", body={}))
        except KeepsFailing:
            return WriteProbe.UNKNOWN
        if answer.status in (401, 403):
            raise refusals.refused(answer, refusals.WRITE)
        if answer.status in (400, 404):
            return WriteProbe.ALLOWED if allowed else WriteProbe.NOT_REFUSED
        return WriteProbe.UNKNOWN

    async def fetch_accounts(self) -> AsyncIterator[Sequence[Account]]:
        """All identities, page by page; raises rather than leave anybody out."""
        async for page in self._users.pages():
            yield page

    async def find_accounts(self, matches: Sequence[str]) -> Sequence[Account]:
        """Identities with these user names (lower case), freshly read, the cheapest way."""
        return await self._users.find(matches) if matches else ()

    async def create(self, drafts: Sequence[AccountDraft]) -> Sequence[Outcome]:
        """One request each, some at a time; one outcome each, nobody twice."""
        return await all_landed(self._create(draft) for draft in drafts)

    async def update(self, update: AccountUpdate) -> Outcome:
        """Write the part that changes; it may be repeated, so it is (spec/goto.md 2.5)."""
        attributes, url = update.attributes, f"{self._users.url}/{segment(update.key)}"
        try:
            if shapes.half_a_name(attributes):
                answer = await self._api.send(Call("GET", url))
                if answer.status == 404:
                    return await self._refused(update.person_id, update.match, answer)
                if not answer.ok:
                    raise refusals.unreadable(answer)
                current = shapes.account_of(self._api.object_of(answer))
                attributes = shapes.with_whole_name(attributes, current)
            body = shapes.user_of(attributes)
            answer = await self._api.send(Call("PATCH", url, body=body))
        except KeepsFailing as fault:
            return self._failed(update.person_id, update.match, fault)
        self._forbearance.answered()
        if not answer.ok:
            written = shapes.USER_NAME in update.attributes
            return await self._refused(update.person_id, update.match, answer, written=written)
        return Outcome(update.person_id, update.key, _whole(answer.json_object()))

    async def delete(self, person_id: str, key: str) -> Outcome:
        """Delete one identity, asked for by the profile alone; one that is gone counts as done."""
        try:
            answer = await self._api.send(Call("DELETE", f"{self._users.url}/{segment(key)}"))
        except KeepsFailing as fault:
            return self._failed(person_id, key, fault)
        self._forbearance.answered()
        if answer.ok or answer.status == 404:
            return Outcome(person_id, key)
        return await self._refused(person_id, key, answer)

    async def close(self) -> None:
        """End all connections."""
        await self._http.close()

    async def _create(self, draft: AccountDraft) -> Outcome:
        written = str(draft.attributes.get(shapes.USER_NAME) or draft.match)
        try:
            made = await create(
                self._api,
                self._users.url,
                shapes.user_of(draft.attributes),
                lambda: self._users.named(written),
                self._wait,
            )
        except KeepsFailing as fault:
            return self._failed(draft.person_id, draft.match, fault)
        if made.found is not None:
            self._forbearance.answered()
            return await self._adopted(draft, shapes.account_of(made.found))
        if made.answer is None:
            self._forbearance.failed(errors.answer_lost(Service.TARGET, self._api.host))
            return Outcome(draft.person_id, error=errors.goto_not_there(draft.match))
        if made.faulty:
            trouble = errors.faulty(Service.TARGET, made.answer)
            return self._failed(draft.person_id, draft.match, trouble)
        self._forbearance.answered()
        if made.answer.status == 409:
            error = refusals.exists_elsewhere(made.answer, draft.match)
            return Outcome(draft.person_id, error=error)
        if not made.answer.ok:
            return await self._refused(draft.person_id, draft.match, made.answer, written=True)
        account = _whole(made.answer.json_object())
        if account is None:
            found = await self._users.named(written)
            account = shapes.account_of(found) if found is not None else None
        if account is None:
            return Outcome(draft.person_id, error=errors.goto_not_there(draft.match))
        self._users.grown(1)
        return Outcome(draft.person_id, account.key, account)

    async def _adopted(self, draft: AccountDraft, account: Account) -> Outcome:
        """What was there already gets what the new one would have had."""
        changes = differences(account.attributes, draft.attributes, self.limits)
        if not changes:
            return Outcome(draft.person_id, account.key, account)
        wanted = {change.attribute: change.new for change in changes}
        return await self.update(AccountUpdate(draft.person_id, account.key, draft.match, wanted))

    async def _refused(
        self, person_id: str, address: str, answer: Answer, *, written: bool = False
    ) -> Outcome:
        """One person's refusal; raises what is not about that person. `written`: the address is."""
        foreign = written and shapes.domain_of(address) != (await self._myself()).domain
        error = refusals.user_refused(answer, address, foreign=foreign)
        return Outcome(person_id, error=error)

    def _failed(self, person_id: str, address: str, fault: KeepsFailing) -> Outcome:
        """One entry GoTo stumbles over; raises the fault of a service that is down."""
        self._forbearance.failed(fault)
        return Outcome(person_id, error=errors.goto_entry_keeps_failing(fault, address))

    async def _myself(self) -> shapes.Me:
        async with self._asking:
            if self._me is None:
                self._me = await self._read_me()
            return self._me

    async def _read_me(self) -> shapes.Me:
        """`/Users/me`, which may point to the identity instead of showing it (2.3)."""
        answer = await self._api.send(Call("GET", f"{self._users.url}/me"))
        key = shapes.key_at(answer) if 300 <= answer.status < 400 else ""
        if key:
            answer = await self._api.send(Call("GET", f"{self._users.url}/{segment(key)}"))
        if not answer.ok:
            raise refusals.unreadable(answer)
        return shapes.me_of(self._api.object_of(answer), self._settings.user_name or "")


def _whole(item: JsonObject) -> Account | None:
    """The account of an answer that describes it; an answer may come without a body."""
    return shapes.account_of(item) if shapes.is_whole(item) else None
