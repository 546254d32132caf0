"""A person signs in at GoTo in the browser: authorization code with PKCE (spec/goto.md 5.1)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets as chance
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from app.connectors import errors
from app.connectors import sign_in_errors as refusals
from app.connectors.goto_sign_in import client_of
from app.connectors.goto_tokens import TokenEndpoint
from app.connectors.http import ServiceClient
from app.connectors.loopback_redirect import NobodyAnswered, open_redirect
from app.connectors.turns import own_turn
from app.connectors.wire import Call, host_of, text_of, texts_of
from app.domain.errors import ConfigurationError, Service
from app.domain.ports import StopSignal
from app.domain.settings import TargetSettings
from app.domain.sign_in import SignInGuide, SignInShelf
from app.domain.texts import Text, Translator

BROWSER_SECONDS = 600.0
"""How long the browser is waited for."""
_METADATA = "/.well-known/oauth-authorization-server"


@dataclass(frozen=True, slots=True)
class _Authority:
    """Where a person signs in, and the name the answer must carry if it carries one (RFC 9207)."""

    authorize_url: str
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class _Verifier:
    """PKCE, S256 (RFC 7636): the secret half goes to the token endpoint alone."""

    value: str = field(default_factory=lambda: chance.token_urlsafe(64), repr=False)

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.value.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


class GoToPerson:
    """One interactive sign-in; ends with a refresh token on `shelf`."""

    def __init__(
        self,
        settings: TargetSettings,
        secrets: Callable[[str], str],
        http: ServiceClient,
        shelf: SignInShelf,
        guide: SignInGuide,
        words: Translator,
        stop: StopSignal,
        *,
        port: int = 0,
        browser_seconds: float = BROWSER_SECONDS,
    ) -> None:
        self._endpoint = TokenEndpoint(settings, secrets, http)
        self._http = http
        self._shelf = shelf
        self._guide = guide
        self._words = words
        self._stop = stop
        self._port = port
        self._browser_seconds = browser_seconds

    async def sign_in(self) -> str:
        """Returns who signed in, "" when GoTo does not say.

        Raises `SignInNeeded` when nobody did, `CredentialsRefused`, `Stopped`.
        """
        authority = await self._authority()
        state, verifier = chance.token_urlsafe(32), _Verifier()
        async with open_redirect(state, self._words, self._port) as redirect:
            query = {
                "response_type": "code",
                "client_id": self._endpoint.client_id,
                "redirect_uri": redirect.address,
                "state": state,
                "code_challenge": verifier.challenge,
                "code_challenge_method": "S256",
            }
            await self._guide.show_address(_with(authority.authorize_url, query))
            try:
                answer = await redirect.wait(self._browser_seconds, self._stop)
            except NobodyAnswered:
                raise refusals.nobody_came(
                    Service.TARGET,
                    host_of(authority.authorize_url),
                    self._browser_seconds,
                    self._shelf.advice,
                ) from None
        self._check(answer, authority)
        return await self._exchange(answer["code"], redirect.address, verifier)

    def _check(self, answer: Mapping[str, str], authority: _Authority) -> None:
        if "error" in answer:
            raise refusals.goto_not_signed_in(answer, self._shelf.advice)
        if answer.get("iss", authority.issuer) != authority.issuer and authority.issuer:
            raise errors.broken(
                Service.TARGET,
                host_of(authority.authorize_url),
                Text("the answer belongs to another sign-in."),
            )

    async def _exchange(self, code: str, address: str, verifier: _Verifier) -> str:
        self._http.hide(code)
        self._http.hide(verifier.value)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": address,
            "code_verifier": verifier.value,
        }
        answer = await self._endpoint.send(form, repeatable=False)
        if not answer.ok:
            raise refusals.goto_not_renewed(answer, "", self._shelf.advice)
        granted = self._endpoint.granted(answer)
        if not granted.refresh_token:
            raise errors.broken(
                Service.TARGET, answer.host, Text("there is no refresh token."), answer.request_id
            )
        async with own_turn(self._shelf, self._http):
            await asyncio.to_thread(
                self._shelf.save, granted.refresh_token, client_of(self._endpoint), granted.user
            )
        return granted.user

    async def _authority(self) -> _Authority:
        """From the metadata of the token endpoint's host (RFC 8414), else beside the token URL."""
        parts = urlsplit(self._endpoint.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        answer = await self._http.send(Call("GET", origin + _METADATA))
        body = answer.json_object() if answer.ok else {}
        listed = text_of(body.get("authorization_endpoint"))
        methods = texts_of(body.get("code_challenge_methods_supported"))
        if listed and "S256" in methods and _secure(listed):
            return _Authority(listed, text_of(body.get("issuer")))
        path, slash, last = parts.path.rpartition("/")
        if last != "token":
            raise ConfigurationError(
                Text("{host} does not say where to sign in.", {"host": parts.netloc}),
                "Check target.token_url: GoTo's is https://authentication.logmeininc.com/oauth/token.",
                key="target.token_url",
            )
        return _Authority(f"{origin}{path}{slash}authorize")


def _secure(address: str) -> bool:
    """Whether a browser may be sent there: https, or loopback."""
    parts = urlsplit(address)
    loopback = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return parts.scheme == "https" or (parts.scheme == "http" and loopback)


def _with(address: str, query: Mapping[str, str]) -> str:
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode(query)}"
