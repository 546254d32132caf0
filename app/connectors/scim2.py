"""The accounts and groups of any SCIM 2.0 server as a `Target` (RFC 7643, 7644).

Licences and roles do not exist here: an account is active or not, and that is an attribute.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from uuid import uuid4

from app.connectors import scim2_errors
from app.connectors import scim2_shapes as shapes
from app.connectors.errors import AnswerLost, KeepsFailing
from app.connectors.forbearance import Forbearance
from app.connectors.http import USUAL, Patience, ServiceClient
from app.connectors.pacing import SteadyPacer
from app.connectors.scim2_api import ScimApi
from app.connectors.scim2_groups import ScimGroups
from app.connectors.scim2_lookup import Lookup
from app.connectors.scim2_resources import Resources
from app.connectors.scim2_sign_in import sign_in_of
from app.connectors.scim_creation import all_landed
from app.connectors.tokens import TokenKeeper
from app.connectors.wire import Call, JsonObject
from app.domain.accounts import (
    Account,
    AccountChoice,
    AccountDraft,
    AccountUpdate,
    Outcome,
    TargetInfo,
    TargetLimits,
    WriteProbe,
)
from app.domain.errors import EntryError, Service
from app.domain.network import Reached
from app.domain.ports import GroupTarget, RequestCounts, StopSignal
from app.domain.settings import TargetSettings
from app.domain.sign_in import SignInShelf
from app.mapping.comparison import differences
from app.mapping.limits import SCIM2
from app.mapping.scim2_attributes import ATTRIBUTES, USER_NAME


class Scim2Target:
    """One server, for one cycle. `groups` is its `GroupTarget`."""

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
        self._api = ScimApi(settings.url, self._http, self._tokens)
        self._lookup = Lookup(self._api, USER_NAME)
        self._users = Resources(self._api, patience.first_wait)
        self._forbearance = Forbearance()
        self._name = settings.user_name or ""
        self._token_url = settings.token_url
        self.groups: GroupTarget | None = ScimGroups(
            self._api, patience.first_wait, self._forbearance
        )
        self.counts: RequestCounts = self._http.counts
        self.limits: TargetLimits = SCIM2

    async def reach(self) -> Sequence[Reached]:
        """Everything needed, as it answered anything at all; one try each, no token."""
        return await self._http.reach(*filter(None, (self._token_url, self._api.base)))

    async def sign_in(self) -> int:
        """Get a token; returns its life in seconds, a day for one that does not say."""
        return int((await self._tokens.fresh()).life)

    async def fetch_info(self) -> TargetInfo:
        """The server by its host; nobody is signed in as an account, and there are no seats."""
        offer = await self._api.offer()
        insensitive = ATTRIBUTES - offer.case_exact
        self.limits = replace(SCIM2, case_insensitive=insensitive)
        here = AccountChoice(self._api.host, self._api.host)
        return TargetInfo(here, (here,), own_key="", own_name=self._name, roles=(), licences=())

    async def may_write(self) -> bool:
        """Servers have no way to say it."""
        return False

    async def probe_writing(self) -> WriteProbe:
        """A PATCH without operations of an account that cannot exist (RFC 7644, 3.5.2 and 3.12).

        Forbidden (401, 403) it says so; that it is not found does not prove the right, because
        no server says what it looks at first. A PUT might create something, so without PATCH
        there is nothing harmless to ask.
        """
        if not (await self._api.offer()).patch:
            return WriteProbe.UNKNOWN
        url = f"{self._api.base}{await self._path()}/rollcall-{uuid4()}"
        try:
            answer = await self._api.send(Call("PATCH", url, body=shapes.patch_of([])))
        except KeepsFailing:
            return WriteProbe.UNKNOWN
        if answer.status in (401, 403):
            raise scim2_errors.refused(answer)
        return WriteProbe.NOT_REFUSED if answer.status in (400, 404) else WriteProbe.UNKNOWN

    async def fetch_accounts(self) -> AsyncIterator[Sequence[Account]]:
        """All accounts, page by page; raises rather than leave anybody out."""
        async for page in self._api.pages(await self._path()):
            yield [shapes.account_of(item) for item in page]

    async def find_accounts(self, matches: Sequence[str]) -> Sequence[Account]:
        """Accounts with these user names (lower case), freshly read."""
        if not matches:
            return ()
        found = await self._lookup.find(await self._path(), matches)
        self._users.remember(found)
        return [shapes.account_of(item) for item in found]

    async def create(self, drafts: Sequence[AccountDraft]) -> Sequence[Outcome]:
        """One request each, some at a time; one outcome each, nobody twice."""
        return await all_landed(self._create(draft) for draft in drafts)

    async def update(self, update: AccountUpdate) -> Outcome:
        """Write what is given to one account: PATCH, or PUT where PATCH is not supported."""
        path = await self._path()
        wanted = update.attributes
        try:
            if (await self._api.offer()).patch:
                answer = await self._users.change(
                    path,
                    update.key,
                    lambda known: shapes.operations_of(wanted, known),
                    fresh=shapes.needs_current(wanted),
                )
            else:
                answer = await self._users.replace(
                    path, update.key, lambda body: shapes.write_into(body, wanted)
                )
        except KeepsFailing as fault:
            return self._failed(update.person_id, update.match, fault)
        self._forbearance.answered()
        if answer is None:
            return Outcome(update.person_id, error=scim2_errors.gone(self._api.host, update.match))
        if not answer.ok:
            return Outcome(update.person_id, error=scim2_errors.entry_refused(answer, update.match))
        return Outcome(update.person_id, update.key, _whole(answer.json_object()))

    async def delete(self, person_id: str, key: str) -> Outcome:
        """Delete one account; one that is gone already counts as done."""
        try:
            error = await self._users.delete(await self._path(), key, key)
        except KeepsFailing as fault:
            return self._failed(person_id, key, fault)
        self._forbearance.answered()
        return Outcome(person_id, key, error=error)

    async def close(self) -> None:
        """End all connections."""
        await self._http.close()

    async def _path(self) -> str:
        return (await self._api.offer()).users

    def _failed(self, person_id: str, name: str, fault: KeepsFailing) -> Outcome:
        """One entry the server stumbles over, told from a server that is down."""
        self._forbearance.failed(fault)
        return Outcome(person_id, error=scim2_errors.entry_faulty(fault, name))

    async def _create(self, draft: AccountDraft) -> Outcome:
        path = await self._path()
        body = shapes.body_of(shapes.USER, draft.attributes)

        async def find() -> JsonObject | None:
            found = await self._lookup.find(path, [draft.match])
            return found[0] if len(found) == 1 else None

        try:
            made, adopted = await self._users.create(path, body, draft.match, find)
        except KeepsFailing as fault:
            return self._failed(draft.person_id, draft.match, fault)
        except AnswerLost as lost:
            self._forbearance.failed(lost)
            error = scim2_errors.not_there(self._api.host, draft.match)
            return Outcome(draft.person_id, error=error)
        self._forbearance.answered()
        if isinstance(made, EntryError):
            return Outcome(draft.person_id, error=made)
        account = shapes.account_of(made)
        outcome = Outcome(draft.person_id, account.key, _whole(made))
        changes = differences(account.attributes, draft.attributes, self.limits) if adopted else ()
        if not changes:
            return outcome
        # What was there already gets what the new one would have had.
        return await self.update(
            AccountUpdate(
                draft.person_id,
                account.key,
                draft.match,
                {change.attribute: change.new for change in changes},
            )
        )


def _whole(item: JsonObject) -> Account | None:
    """The account of an answer that describes it; some servers answer without a body."""
    return shapes.account_of(item) if item.get("id") and item.get(USER_NAME) else None
