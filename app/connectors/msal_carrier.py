"""Carries msal's requests through our own HTTP client.

msal is blocking and runs in a thread; each request it makes is handed back to the event loop, so
it is counted, retried and stopped like every other. msal insists on an https authority and on
discovering its endpoints: it is told the documented ones without a request. Where `login_url` is
not https, which only a practice server on loopback may be, msal is shown the public authority and
the requests go to `login_url` all the same.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.connectors import errors
from app.connectors.http import ServiceClient
from app.connectors.wire import Call, segment
from app.domain.errors import Service
from app.domain.settings import SourceSettings

_PUBLIC_LOGIN = "https://login.microsoftonline.com"
_PUBLIC_GRAPH = "https://graph.microsoft.com"


def shown_authority(settings: SourceSettings) -> str:
    """The authority as msal knows it, tenant included."""
    login = settings.login_url.rstrip("/")
    shown = login if urlsplit(login).scheme == "https" else _PUBLIC_LOGIN
    return f"{shown}/{segment(settings.tenant)}"


def graph_origin(settings: SourceSettings) -> str:
    """What scopes begin with; a practice server stands in for the public cloud."""
    graph = urlsplit(settings.graph_url)
    return f"https://{graph.netloc}" if graph.scheme == "https" else _PUBLIC_GRAPH


@dataclass(frozen=True, slots=True)
class _CarriedAnswer:
    """An answer in the shape msal reads."""

    status_code: int
    text: str
    headers: Mapping[str, str]

    def raise_for_status(self) -> None:
        """Never reached: the client behind us raises for 5xx, msal reads 4xx itself."""


class Carrier:
    """msal's `http_client`: `get` and `post`, called in msal's thread."""

    def __init__(self, settings: SourceSettings, http: ServiceClient) -> None:
        self._shown = shown_authority(settings)
        self._real = f"{settings.login_url.rstrip('/')}/{segment(settings.tenant)}"
        self._http = http
        self._loop = asyncio.get_running_loop()
        self.request_id: str | None = None

    def real(self, address: str) -> str:
        """An address below the shown authority, where it really is."""
        return self._real + address.removeprefix(self._shown)

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
        """A request for tokens or for a code. Domain errors pass through msal unharmed."""
        grant = str(data.get("grant_type", ""))
        call = Call(
            "POST",
            self.real(url),
            headers={name: str(value) for name, value in (headers or {}).items()},
            form={name: _text(value) for name, value in data.items() if value is not None},
            # A code works once: a second try would say that it is used up, and hide the first.
            repeatable=grant != "authorization_code",
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


def _text(value: object) -> str:
    """A value of a form; assertions come as bytes."""
    return value.decode("ascii") if isinstance(value, bytes) else str(value)
