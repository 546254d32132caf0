"""GoTo's token endpoint: what every way of signing in there sends and gets (spec/goto.md 5)."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite

from app.connectors import errors
from app.connectors.http import ServiceClient
from app.connectors.tokens import Token
from app.connectors.wire import Answer, Call, Json, text_of
from app.domain.errors import ConfigurationError, SecretMissing, Service
from app.domain.settings import TargetSettings
from app.domain.texts import Text

_USUAL_LIFE = 3600.0


@dataclass(frozen=True, slots=True)
class Granted:
    """A token, with the new refresh token if one was issued, and who it is for."""

    token: Token
    refresh_token: str = field(repr=False)
    user: str


class TokenEndpoint:
    """`POST token_url` as one OAuth client."""

    def __init__(
        self, settings: TargetSettings, secrets: Callable[[str], str], http: ServiceClient
    ) -> None:
        self.client_id = needed(settings.client_id, "target.client_id")
        self.url = needed(settings.token_url, "target.token_url")
        self._secrets = secrets
        self._http = http

    async def send(self, form: dict[str, str], *, repeatable: bool) -> Answer:
        """With the client's secret as Basic, or as a public client (metadata: `none`)."""
        headers: dict[str, str] = {}
        try:
            secret = await self.secret("target.client_secret")
        except SecretMissing:
            form = {**form, "client_id": self.client_id}
        else:
            pair = base64.b64encode(f"{self.client_id}:{secret}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        return await self._http.send(
            Call("POST", self.url, headers, form=form, repeatable=repeatable)
        )

    async def secret(self, name: str) -> str:
        """In a thread: a locked keyring waits for a person."""
        value = await asyncio.to_thread(self._secrets, name)
        self._http.hide(value)
        return value

    def granted(self, answer: Answer) -> Granted:
        """What a success holds. Raises `BrokenContract` without a token."""
        body = answer.json_object()
        value = text_of(body.get("access_token"))
        if not value:
            raise errors.broken(
                Service.TARGET, answer.host, Text("there is no token."), answer.request_id
            )
        self._http.hide(value)
        refresh_token = text_of(body.get("refresh_token"))
        if refresh_token:
            self._http.hide(refresh_token)
        token = Token(value, _life(body.get("expires_in")))
        return Granted(token, refresh_token, text_of(body.get("principal")))


def needed(value: str | None, key: str) -> str:
    """A value that this way of signing in cannot do without. Raises `ConfigurationError`."""
    if not value:
        raise ConfigurationError(
            Text("{key} is missing.", {"key": key}),
            "This way of signing in at GoTo needs it.",
            key=key,
        )
    return value


def _life(value: Json) -> float:
    """Seconds; the old endpoint sends a string."""
    try:
        life = float(value) if isinstance(value, int | float | str) else _USUAL_LIFE
    except ValueError:
        return _USUAL_LIFE
    return life if isfinite(life) and life > 0 else _USUAL_LIFE
