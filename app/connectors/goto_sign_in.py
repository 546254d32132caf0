"""Signing in at GoTo by password or personal access token (spec/goto.md 5)."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from math import isfinite

from app.connectors import errors
from app.connectors.errors import AnswerLost
from app.connectors.http import ServiceClient
from app.connectors.tokens import Token
from app.connectors.wire import Answer, Call, Json, text_of
from app.domain.errors import ConfigurationError, SecretMissing, Service
from app.domain.settings import TargetSettings, TargetSignIn
from app.domain.texts import Text

_USUAL_LIFE = 3600.0
_WAYS = (TargetSignIn.PASSWORD, TargetSignIn.PERSONAL_ACCESS_TOKEN)


class GoToSignIn:
    """Fetches tokens; a refresh token is used once while it is honoured, then the grant again.

    Not safe for two at a time: `tokens.TokenKeeper` sees to that.
    """

    def __init__(
        self, settings: TargetSettings, secrets: Callable[[str], str], http: ServiceClient
    ) -> None:
        if settings.sign_in not in _WAYS:
            raise ConfigurationError(
                Text("Signing in with {how} is not available.", {"how": settings.sign_in.value}),
                "This version signs in with password or personal_access_token: set"
                " target.sign_in to one of them.",
                key="target.sign_in",
            )
        self._user_name = (
            _needed(settings.user_name, "target.user_name")
            if settings.sign_in is TargetSignIn.PASSWORD
            else None
        )
        self._client_id = _needed(settings.client_id, "target.client_id")
        self._token_url = _needed(settings.token_url, "target.token_url")
        self._secrets = secrets
        self._http = http
        self._refresh_token: str | None = None

    async def obtain(self) -> Token:
        """A new token. Raises `CredentialsRefused`."""
        answer = await self._refresh() or await self._send(await self._grant(), repeatable=True)
        if not answer.ok:
            raise errors.goto_token_error(answer, user_name=self._user_name)
        body = answer.json_object()
        value = text_of(body.get("access_token"))
        if not value:
            raise errors.broken(
                Service.TARGET, answer.host, Text("there is no token."), answer.request_id
            )
        self._http.hide(value)
        self._keep(text_of(body.get("refresh_token")))
        return Token(value, _life(body.get("expires_in")))

    async def _refresh(self) -> Answer | None:
        """The answer to the refresh token held, or None when it is no good any more.

        It is never sent twice: the service may rotate it with each use.
        """
        held, self._refresh_token = self._refresh_token, None
        if held is None:
            return None
        try:
            answer = await self._send(
                {"grant_type": "refresh_token", "refresh_token": held}, repeatable=False
            )
        except AnswerLost:
            return None
        if not answer.ok:
            return None
        self._refresh_token = held
        return answer

    def _keep(self, refresh_token: str) -> None:
        """A new one replaces the old; none in the answer means the old one stays good."""
        if refresh_token:
            self._http.hide(refresh_token)
            self._refresh_token = refresh_token

    async def _grant(self) -> dict[str, str]:
        if self._user_name is not None:
            password = await self._secret("target.password")
            return {"grant_type": "password", "username": self._user_name, "password": password}
        token = await self._secret("target.token")
        return {"grant_type": "personal_access_token", "pat": token}

    async def _send(self, form: dict[str, str], *, repeatable: bool) -> Answer:
        """With the client's secret as Basic, or as a public client (metadata: `none`)."""
        headers: dict[str, str] = {}
        try:
            secret = await self._secret("target.client_secret")
        except SecretMissing:
            form = {**form, "client_id": self._client_id}
        else:
            pair = base64.b64encode(f"{self._client_id}:{secret}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        return await self._http.send(
            Call("POST", self._token_url, headers, form=form, repeatable=repeatable)
        )

    async def _secret(self, name: str) -> str:
        """In a thread: a locked keyring waits for a person."""
        value = await asyncio.to_thread(self._secrets, name)
        self._http.hide(value)
        return value


def _life(value: Json) -> float:
    """Seconds; the old endpoint sends a string."""
    try:
        life = float(value) if isinstance(value, int | float | str) else _USUAL_LIFE
    except ValueError:
        return _USUAL_LIFE
    return life if isfinite(life) and life > 0 else _USUAL_LIFE


def _needed(value: str | None, key: str) -> str:
    if not value:
        raise ConfigurationError(
            Text("{key} is missing.", {"key": key}),
            "This way of signing in at GoTo needs it.",
            key=key,
        )
    return value
