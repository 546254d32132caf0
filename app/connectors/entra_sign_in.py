"""Signing in at Microsoft as an application: msal speaks, our own HTTP client carries.

msal is blocking and runs in a thread; each request it makes is handed back to the event loop, so
it is counted, retried and stopped like every other. msal insists on an https authority and on
discovering its endpoints: it is shown the public one and told the documented endpoints without
a request, and the token request goes to the `login_url` of the profile.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import msal

from app.connectors import errors
from app.connectors.http import ServiceClient
from app.connectors.tokens import Token
from app.connectors.wire import Call, Json, host_of, segment
from app.domain.errors import ConfigurationError, Service
from app.domain.settings import SourceSettings, SourceSignIn
from app.domain.texts import Text

_SHOWN_AUTHORITY = "https://login.microsoftonline.com"
_PUBLIC_GRAPH = "https://graph.microsoft.com"


class EntraSignIn:
    """Client credentials (spec/graph.md 1.1)."""

    def __init__(
        self, settings: SourceSettings, secrets: Callable[[str], str], http: ServiceClient
    ) -> None:
        if settings.sign_in is not SourceSignIn.CLIENT_SECRET:
            raise ConfigurationError(
                Text("Signing in with {how} is not available.", {"how": settings.sign_in.value}),
                "This version signs in with client_secret only: set source.sign_in to it.",
                key="source.sign_in",
            )
        self._settings = settings
        self._secrets = secrets
        self._http = http

    async def obtain(self) -> Token:
        """A new token. Raises `CredentialsRefused` with the reason Microsoft gives."""
        secret = await asyncio.to_thread(self._secrets, "source.client_secret")
        self._http.hide(secret)
        carrier = _Carrier(self._settings, self._http, asyncio.get_running_loop())
        result = await asyncio.to_thread(self._ask, carrier, secret)
        return self._read(result, carrier.request_id)

    def _ask(self, carrier: _Carrier, secret: str) -> dict[str, Json]:
        """Runs in a thread; a new msal application each time, so that nothing is cached."""
        application = msal.ConfidentialClientApplication(
            self._settings.client_id,
            client_credential=secret,
            authority=f"{_SHOWN_AUTHORITY}/{segment(self._settings.tenant)}",
            instance_discovery=False,
            http_client=carrier,
        )
        result: dict[str, Json] = application.acquire_token_for_client([self._scope])
        return result

    @property
    def _scope(self) -> str:
        """The whole of Graph; a practice server stands in for the public cloud."""
        graph = urlsplit(self._settings.graph_url)
        origin = f"https://{graph.netloc}" if graph.scheme == "https" else _PUBLIC_GRAPH
        return f"{origin}/.default"

    def _read(self, result: dict[str, Json], request_id: str | None) -> Token:
        value, life = result.get("access_token"), result.get("expires_in")
        if isinstance(value, str) and value and isinstance(life, int | float):
            self._http.hide(value)
            return Token(value, float(life))
        if "error" in result:
            raise errors.microsoft_token_error(
                result,
                tenant=self._settings.tenant,
                client_id=self._settings.client_id,
                request_id=request_id,
            )
        raise errors.broken(
            Service.SOURCE, host_of(self._settings.login_url), "there is no token.", request_id
        )


@dataclass(frozen=True, slots=True)
class _CarriedAnswer:
    """An answer in the shape msal reads."""

    status_code: int
    text: str
    headers: Mapping[str, str]

    def raise_for_status(self) -> None:
        """Never reached: the client behind us raises for 5xx, msal reads 4xx itself."""


class _Carrier:
    """msal's `http_client`: `get` and `post`, called in msal's thread."""

    def __init__(
        self, settings: SourceSettings, http: ServiceClient, loop: asyncio.AbstractEventLoop
    ) -> None:
        tenant = segment(settings.tenant)
        self._shown = f"{_SHOWN_AUTHORITY}/{tenant}"
        self._real = f"{settings.login_url.rstrip('/')}/{tenant}"
        self._http = http
        self._loop = loop
        self.request_id: str | None = None

    def get(self, url: str, **_: object) -> _CarriedAnswer:
        """Msal only ever asks for the endpoints, which are documented: no request."""
        if not url.endswith("/.well-known/openid-configuration"):
            raise ValueError(f"unexpected request for {url}")
        oauth = f"{self._shown}/oauth2/v2.0"
        endpoints = {
            "issuer": f"{self._shown}/v2.0",
            "authorization_endpoint": f"{oauth}/authorize",
            "token_endpoint": f"{oauth}/token",
            "device_authorization_endpoint": f"{oauth}/devicecode",
        }
        return _CarriedAnswer(200, json.dumps(endpoints), {})

    def post(
        self,
        url: str,
        *,
        data: Mapping[str, object],
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> _CarriedAnswer:
        """The token request. Domain errors pass through msal unharmed."""
        call = Call(
            "POST",
            self._real + url.removeprefix(self._shown),
            headers={name: str(value) for name, value in (headers or {}).items()},
            form={name: str(value) for name, value in data.items()},
        )
        return asyncio.run_coroutine_threadsafe(self._carry(call), self._loop).result()

    async def _carry(self, call: Call) -> _CarriedAnswer:
        answer = await self._http.send(call)
        self.request_id = answer.request_id
        body = answer.json_object()
        if not (body if answer.ok else "error" in body):
            # Seen here, since msal would write such a body to its log.
            raise errors.unexpected_status(Service.SOURCE, answer)
        return _CarriedAnswer(answer.status, json.dumps(body), answer.headers)
