"""Signing in at GoTo for a cycle: password, personal access token, or a person's sign-in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from app.connectors import sign_in_errors as refusals
from app.connectors.errors import AnswerLost
from app.connectors.goto_tokens import TokenEndpoint, needed
from app.connectors.http import ServiceClient
from app.connectors.tokens import Token
from app.connectors.turns import load_kept, own_turn
from app.connectors.wire import Answer
from app.domain.errors import ConfigurationError, Service
from app.domain.settings import TargetSettings, TargetSignIn
from app.domain.sign_in import NoShelf, SignInShelf
from app.domain.texts import Text

_GRANTS = (TargetSignIn.PASSWORD, TargetSignIn.PERSONAL_ACCESS_TOKEN)


def goto_sign_in(
    settings: TargetSettings,
    secrets: Callable[[str], str],
    http: ServiceClient,
    shelf: SignInShelf | None = None,
) -> Callable[[], Awaitable[Token]]:
    """What obtains tokens as the profile says. Raises `ConfigurationError`."""
    if settings.sign_in is TargetSignIn.BROWSER:
        return RenewedSignIn(settings, secrets, http, shelf or NoShelf()).obtain
    return GrantSignIn(settings, secrets, http).obtain


class GrantSignIn:
    """By password or personal access token; a refresh token is used once while it is honoured.

    Not safe for two at a time: `tokens.TokenKeeper` sees to that.
    """

    def __init__(
        self, settings: TargetSettings, secrets: Callable[[str], str], http: ServiceClient
    ) -> None:
        if settings.sign_in not in _GRANTS:
            raise ConfigurationError(
                Text("Nobody signs in at GoTo with {how}.", {"how": settings.sign_in.value}),
                "Set target.sign_in to password, browser or personal_access_token.",
                key="target.sign_in",
            )
        self._user_name = (
            needed(settings.user_name, "target.user_name")
            if settings.sign_in is TargetSignIn.PASSWORD
            else None
        )
        self._endpoint = TokenEndpoint(settings, secrets, http)
        self._refresh_token: str | None = None

    async def obtain(self) -> Token:
        """A new token. Raises `CredentialsRefused`."""
        answer = await self._refresh() or await self._endpoint.send(
            await self._grant(), repeatable=True
        )
        if not answer.ok:
            raise refusals.goto_token_error(answer, user_name=self._user_name)
        granted = self._endpoint.granted(answer)
        # None in the answer means the old one stays good (spec/goto.md 5.2).
        self._refresh_token = granted.refresh_token or self._refresh_token
        return granted.token

    async def _refresh(self) -> Answer | None:
        """The answer to the refresh token held, or None when it is no good any more.

        It is never sent twice: the service may rotate it with each use.
        """
        held, self._refresh_token = self._refresh_token, None
        if held is None:
            return None
        try:
            answer = await self._endpoint.send(
                {"grant_type": "refresh_token", "refresh_token": held}, repeatable=False
            )
        except AnswerLost:
            return None
        if not answer.ok:
            return None
        self._refresh_token = held
        return answer

    async def _grant(self) -> dict[str, str]:
        if self._user_name is not None:
            password = await self._endpoint.secret("target.password")
            return {"grant_type": "password", "username": self._user_name, "password": password}
        token = await self._endpoint.secret("target.token")
        return {"grant_type": "personal_access_token", "pat": token}


class RenewedSignIn:
    """With what the sign-in of a person left in the keyring.

    A refresh token that GoTo issues is kept before anything is done with its access token, and
    one process renews at a time: the old one may be void from then on (spec/goto.md 5.2, 10 #15).
    """

    def __init__(
        self,
        settings: TargetSettings,
        secrets: Callable[[str], str],
        http: ServiceClient,
        shelf: SignInShelf,
    ) -> None:
        self._endpoint = TokenEndpoint(settings, secrets, http)
        self._http = http
        self._shelf = shelf

    async def obtain(self) -> Token:
        """A new token. Raises `SignInNeeded` when a person has to sign in (again)."""
        shelf = self._shelf
        client = client_of(self._endpoint)
        async with own_turn(shelf, self._http):
            kept = await load_kept(Service.TARGET, shelf, self._http, client)
            answer = await self._endpoint.send(
                {"grant_type": "refresh_token", "refresh_token": kept.refresh_token},
                repeatable=False,
            )
            if not answer.ok:
                raise refusals.goto_not_renewed(answer, kept.user, shelf.advice)
            granted = self._endpoint.granted(answer)
            await asyncio.to_thread(
                shelf.save,
                granted.refresh_token or kept.refresh_token,
                client,
                granted.user or kept.user,
            )
            return granted.token


def client_of(endpoint: TokenEndpoint) -> str:
    """For which client of which service a sign-in is good."""
    return f"{endpoint.url.casefold()} {endpoint.client_id}"
