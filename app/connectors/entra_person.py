"""A person signs in at Microsoft: in the browser, or with a code on another device.

What comes of it is a refresh token on the shelf, which `entra_sign_in` renews in every cycle.
"""

from __future__ import annotations

import asyncio
import secrets
import warnings
from collections.abc import Sequence
from typing import Any

import msal

from app.connectors import errors
from app.connectors import sign_in_errors as refusals
from app.connectors.entra_sign_in import (
    client_of,
    public_application,
    scopes_of,
    token_of,
    user_of,
)
from app.connectors.http import ServiceClient
from app.connectors.loopback_redirect import NobodyAnswered, open_redirect
from app.connectors.msal_carrier import Carrier
from app.connectors.turns import own_turn
from app.connectors.wire import JsonObject, host_of, text_of
from app.domain.errors import Service, SignInNeeded
from app.domain.ports import StopSignal
from app.domain.settings import SourceSettings, SourceSignIn
from app.domain.sign_in import DeviceCode, SignInGuide, SignInShelf
from app.domain.texts import Text, Translator

BROWSER_SECONDS = 600.0
"""How long the browser is waited for."""
_PENDING = ("authorization_pending", "slow_down")


class EntraPerson:
    """One interactive sign-in; ends with a refresh token on `shelf`."""

    def __init__(
        self,
        settings: SourceSettings,
        http: ServiceClient,
        shelf: SignInShelf,
        guide: SignInGuide,
        words: Translator,
        stop: StopSignal,
        permissions: Sequence[str],
        *,
        port: int = 0,
        browser_seconds: float = BROWSER_SECONDS,
    ) -> None:
        self._settings = settings
        self._http = http
        self._shelf = shelf
        self._guide = guide
        self._words = words
        self._stop = stop
        self._scopes = scopes_of(settings, permissions)
        self._port = port
        self._browser_seconds = browser_seconds

    async def sign_in(self) -> str:
        """Sign in as the profile says; returns who it was, "" when Microsoft does not say.

        Raises `SignInNeeded` when nobody did, `CredentialsRefused`, `Stopped`.
        """
        carrier = Carrier(self._settings, self._http)
        by_code = self._settings.sign_in is SourceSignIn.DEVICE_CODE
        result = await (self._by_code(carrier) if by_code else self._by_browser(carrier))
        if refusals.asks_for_person(result):
            raise refusals.microsoft_not_signed_in(result, self._shelf.advice, carrier.request_id)
        token_of(result, self._settings, self._http, carrier.request_id)
        refresh_token = text_of(result.get("refresh_token"))
        if not refresh_token:
            raise errors.broken(
                Service.SOURCE,
                host_of(self._settings.login_url),
                "there is no refresh token.",
                carrier.request_id,
            )
        self._http.hide(refresh_token)
        user = user_of(result)
        async with own_turn(self._shelf, self._http):
            client = client_of(self._settings)
            await asyncio.to_thread(self._shelf.save, refresh_token, client, user)
        return user

    async def _by_browser(self, carrier: Carrier) -> JsonObject:
        """Authorization code with PKCE (spec/graph.md 1.3); msal makes verifier and nonce."""
        state = secrets.token_urlsafe(32)
        async with open_redirect(state, self._words, self._port) as redirect:
            application = await asyncio.to_thread(public_application, self._settings, carrier)
            with warnings.catch_warnings(action="ignore"):
                # A form posted from https to loopback makes browsers warn; msal prefers it.
                flow: dict[str, Any] = application.initiate_auth_code_flow(
                    self._scopes,
                    redirect_uri=redirect.address,
                    state=state,
                    response_mode="query",
                    prompt="select_account",
                )
            await self._guide.show_address(carrier.real(flow["auth_uri"]))
            try:
                answer = dict(await redirect.wait(self._browser_seconds, self._stop))
            except NobodyAnswered:
                raise self._nobody(self._browser_seconds) from None
        if "error" in answer:
            return {name: value for name, value in answer.items() if name.startswith("error")}

        def exchange() -> JsonObject:
            result: JsonObject = application.acquire_token_by_auth_code_flow(flow, answer)
            return result

        try:
            return await asyncio.to_thread(exchange)
        except (ValueError, RuntimeError):
            # What msal checks itself: state, and the nonce in the id token.
            raise errors.broken(
                Service.SOURCE,
                host_of(self._settings.login_url),
                Text("the answer belongs to another sign-in."),
            ) from None

    async def _by_code(self, carrier: Carrier) -> JsonObject:
        """Device code (spec/graph.md 1.2); polled here, since msal's own loop cannot be stopped."""
        application = await asyncio.to_thread(public_application, self._settings, carrier)

        def begin() -> dict[str, Any]:
            started: dict[str, Any] = application.initiate_device_flow(self._scopes)
            return started

        flow = await asyncio.to_thread(begin)
        if "error" in flow:
            return flow
        code, address = text_of(flow.get("user_code")), text_of(flow.get("verification_uri"))
        if not code or not address:
            raise errors.broken(
                Service.SOURCE,
                host_of(self._settings.login_url),
                Text("there is no code to enter."),
                carrier.request_id,
            )
        life = float(flow["expires_in"])
        await self._guide.show_code(DeviceCode(code, address, life))
        return await self._poll(application, flow, life)

    async def _poll(
        self,
        application: msal.PublicClientApplication,
        flow: dict[str, Any],
        life: float,
    ) -> JsonObject:
        def ask() -> JsonObject:
            result: JsonObject = application.acquire_token_by_device_flow(
                flow, exit_condition=lambda _: True
            )
            return result

        now = asyncio.get_running_loop().time
        ends = now() + life
        flow["interval"] = max(1, flow["interval"])
        while True:
            # The clock of the computer may jump; this one does not.
            wait = min(float(flow["interval"]), ends - now())
            if wait <= 0:
                raise self._nobody(life)
            await self._http.pause(wait)
            result = await asyncio.to_thread(ask)
            # After slow_down msal has made the interval longer by itself (RFC 8628, 3.5).
            if result.get("error") not in _PENDING:
                return result

    def _nobody(self, seconds: float) -> SignInNeeded:
        return refusals.nobody_came(
            Service.SOURCE, host_of(self._settings.login_url), seconds, self._shelf.advice
        )
