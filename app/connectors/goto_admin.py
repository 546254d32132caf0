"""GoTo's accounts as a `Target`, through the Admin API (spec/goto.md 3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from app.connectors import errors
from app.connectors import goto_accounts as shapes
from app.connectors.forbearance import Forbearance
from app.connectors.goto_api import GoToApi
from app.connectors.goto_creation import Creation
from app.connectors.goto_listing import Listing
from app.connectors.goto_sign_in import goto_sign_in
from app.connectors.http import USUAL, Patience, ServiceClient
from app.connectors.pacing import SteadyPacer
from app.connectors.tokens import TokenKeeper
from app.connectors.wire import Call, JsonObject, key_text, objects_of, segment, text_of, texts_of
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
from app.mapping.limits import GOTO_ADMIN

_REFUSED_AS_EMPTY = frozenset({400, 422})


class GoToAdminTarget:
    """The accounts, for one cycle."""

    def __init__(
        self,
        settings: TargetSettings,
        secrets: Callable[[str], str],
        stop: StopSignal,
        *,
        shelf: SignInShelf | None = None,
        patience: Patience = USUAL,
    ) -> None:
        self._settings = settings
        self._patience = patience
        pacer = SteadyPacer(settings.requests_per_second, stop)
        self._http = ServiceClient(
            Service.TARGET, stop, patience=patience, pacer=pacer, network=settings.network
        )
        self._tokens = TokenKeeper(goto_sign_in(settings, secrets, self._http, shelf))
        self._api = GoToApi(settings.url, self._http, self._tokens)
        self._opened: _Account | None = None
        self._opening = asyncio.Lock()
        self._forbearance = Forbearance()
        self.counts: RequestCounts = self._http.counts
        self.limits = GOTO_ADMIN
        self.groups: GroupTarget | None = None

    async def reach(self) -> Sequence[Reached]:
        """Both hosts, as they answered anything at all; one try each, no token."""
        return await self._http.reach(self._settings.token_url or self._api.base, self._api.base)

    async def sign_in(self) -> int:
        """Get a fresh token; returns its life in seconds."""
        return int((await self._tokens.fresh()).life)

    async def fetch_info(self) -> TargetInfo:
        """Which account, as whom, with which rights and licences; read once.

        Raises `AccountKeyNeeded` when there are several accounts and none is configured.
        """
        return (await self._account()).info

    async def may_write(self) -> bool:
        """By the administrator's roles."""
        return shapes.may_manage_users((await self._account()).info.roles)

    async def probe_writing(self) -> WriteProbe:
        """A creation of nobody: without a row there is nothing to do, whatever the rights.

        A change to an account that exists would prove more, but it is mirrored to the phone
        system (3.1), and that PUT leaves alone what it is not given is nowhere promised.
        """
        account = await self._account()
        body: JsonObject = {"users": [], "suppressEmail": True}
        try:
            answer = await self._api.send(Call("POST", account.users_url, body=body))
        except errors.KeepsFailing:
            return WriteProbe.UNKNOWN
        if answer.status in (401, 403):
            raise errors.goto_error(answer)
        named = shapes.may_manage_users(account.info.roles)
        if answer.ok or answer.status in _REFUSED_AS_EMPTY:
            return WriteProbe.ALLOWED if named else WriteProbe.NOT_REFUSED
        return WriteProbe.UNKNOWN

    async def fetch_accounts(self) -> AsyncIterator[Sequence[Account]]:
        """All accounts, page by page; raises rather than leave anybody out."""
        account = await self._account()
        async for page in account.listing.pages():
            yield page

    async def find_accounts(self, matches: Sequence[str]) -> Sequence[Account]:
        """Accounts with these addresses (lower case), freshly read, the cheapest way."""
        if not matches:
            return ()
        return await (await self._account()).listing.find(matches)

    async def create(self, drafts: Sequence[AccountDraft]) -> Sequence[Outcome]:
        """Create accounts of one licence set in bulk; one outcome each, nobody twice."""
        return await (await self._account()).creation.create(drafts)

    async def update(self, update: AccountUpdate) -> Outcome:
        """Write what is given to one account. A PUT may be repeated, so it is."""
        account = await self._account()
        body = shapes.attributes_json(update.attributes)
        if update.licences is not None:
            body["licenseKeys"] = shapes.keys_json(update.licences)
        if update.roles is not None:
            body["adminRoles"] = list(update.roles)
        try:
            answer = await self._api.send(
                Call("PUT", f"{account.users_url}/{segment(update.key)}", body=body)
            )
        except errors.KeepsFailing as fault:
            self._forbearance.failed(fault)
            error = errors.goto_entry_keeps_failing(fault, update.match)
            return Outcome(update.person_id, error=error)
        self._forbearance.answered()
        rights = shapes.may_manage_users(account.info.roles)
        if answer.status == 401 or (answer.status == 403 and not rights):
            raise errors.goto_error(answer)
        if not answer.ok:
            asks_for_seat = bool(update.licences)
            return Outcome(
                update.person_id,
                error=errors.goto_entry_error(answer, update.match, asks_for_seat=asks_for_seat),
            )
        if update.licences is not None:
            account.creation.seats_given(update.licences)
        item = answer.json_object()
        whole = shapes.account_of(item) if shapes.is_whole(item) else None
        return Outcome(update.person_id, update.key, whole)

    async def delete(self, person_id: str, key: str) -> Outcome:
        """Remove one user from the account (spec/goto.md 3.1: the path is inferred)."""
        account = await self._account()
        answer = await self._api.send(Call("DELETE", f"{account.users_url}/{segment(key)}"))
        if answer.ok or answer.status == 404:
            return Outcome(person_id, key)
        rights = shapes.may_manage_users(account.info.roles)
        if answer.status == 401 or (answer.status == 403 and not rights):
            raise errors.goto_error(answer)
        return Outcome(person_id, error=errors.goto_entry_error(answer, key, asks_for_seat=False))

    async def close(self) -> None:
        """End all connections."""
        await self._http.close()

    async def _account(self) -> _Account:
        async with self._opening:
            if self._opened is None:
                self._opened = _Account(await self._read_info(), self._api, self._patience)
            return self._opened

    async def _read_info(self) -> TargetInfo:
        me = await self._api.get(f"{self._api.base}/me")
        name = text_of(me.get("email")) or self._settings.user_name or ""
        account, choices = self._choose(me, name)
        answer = await self._api.send(Call("GET", f"{_address(self._api, account)}/licenses"))
        if answer.status in (403, 404) and choices and account not in choices:
            raise errors.goto_account_unknown(name, account.key, choices)
        if not answer.ok:
            raise errors.goto_error(answer)
        licences = self._api.object_of(answer).get("results")
        return TargetInfo(
            account=account,
            choices=choices,
            own_key=key_text(me.get("key")),
            own_name=name,
            roles=texts_of(me.get("adminRoles")),
            licences=tuple(shapes.licence_of(item) for item in objects_of(licences)),
        )

    def _choose(self, me: JsonObject, name: str) -> tuple[AccountChoice, tuple[AccountChoice, ...]]:
        """The configured account, else the only one there is (spec/goto.md 5.5)."""
        choices = shapes.choices_of(me)
        wanted = self._settings.account_key
        if wanted:
            listed = (choice for choice in choices if choice.key == wanted)
            return next(listed, AccountChoice(wanted, wanted)), choices
        if not choices:
            raise errors.goto_account_missing(name)
        if len(choices) > 1:
            raise errors.AccountKeyNeeded(name, choices)
        return choices[0], choices


class _Account:
    """The account worked in, and what reads and creates there."""

    def __init__(self, info: TargetInfo, api: GoToApi, patience: Patience) -> None:
        self.info = info
        self.users_url = f"{_address(api, info.account)}/users"
        self.listing = Listing(api, self.users_url)
        self.creation = Creation(
            api,
            self.users_url,
            self.listing,
            may_manage=shapes.may_manage_users(info.roles),
            wait=patience.first_wait,
        )


def _address(api: GoToApi, account: AccountChoice) -> str:
    return f"{api.base}/accounts/{segment(account.key)}"
