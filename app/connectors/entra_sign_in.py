"""Signing in at Microsoft for a cycle: msal speaks, our own HTTP client carries.

As an application, with a client secret or a certificate (spec/graph.md 1.1), or with what the
sign-in of a person left in the keyring (1.4).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import msal

from app.connectors import errors
from app.connectors import sign_in_errors as refusals
from app.connectors.certificates import read_certificate
from app.connectors.http import ServiceClient
from app.connectors.msal_carrier import Carrier, graph_origin, shown_authority
from app.connectors.tokens import Token
from app.connectors.turns import load_kept, own_turn
from app.connectors.wire import Json, JsonObject, host_of, text_of
from app.domain.assigning import ASSIGN_PERMISSION, ROLES_PERMISSION
from app.domain.errors import Service
from app.domain.settings import SourceSettings, SourceSignIn
from app.domain.sign_in import NoShelf, SignInShelf

DIRECTORY = ("Application.Read.All", "User.Read.All", "GroupMember.Read.All")
"""Delegated permissions a cycle needs (spec/graph.md 1.6)."""
MAIL = ("Mail.Send",)
ASSIGNING = (ASSIGN_PERMISSION, ROLES_PERMISSION)
"""What changing assignments and roles takes; asked for only when somebody does."""

Ask = Callable[[Carrier], JsonObject]
"""Asks msal, in a thread."""


class EntraSignIn:
    """Fetches tokens for Graph; `permissions` matter to the sign-in of a person alone.

    Not safe for two at a time: `tokens.TokenKeeper` sees to that.
    """

    def __init__(
        self,
        settings: SourceSettings,
        secrets: Callable[[str], str],
        http: ServiceClient,
        shelf: SignInShelf | None = None,
        permissions: Sequence[str] = DIRECTORY,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._http = http
        self._shelf = shelf or NoShelf()
        self._permissions = permissions

    async def obtain(self) -> Token:
        """A new token.

        Raises `CredentialsRefused` with the reason Microsoft gives, `SignInNeeded` when a person
        has to sign in first.
        """
        if self._settings.sign_in.by_person:
            return await self._renew()
        credential = await self._credential()
        carrier = Carrier(self._settings, self._http)
        result = await asyncio.to_thread(self._ask_as_application, carrier, credential)
        return token_of(result, self._settings, self._http, carrier.request_id)

    async def _credential(self) -> str | dict[str, str]:
        """What msal takes: the secret, or key and certificate."""
        if self._settings.sign_in is SourceSignIn.CERTIFICATE:
            held = await asyncio.to_thread(self._secrets, "source.certificate")
            certificate = read_certificate(held)
            return {
                "private_key": certificate.private_key,
                "public_certificate": certificate.public,
            }
        secret = await asyncio.to_thread(self._secrets, "source.client_secret")
        self._http.hide(secret)
        return secret

    def _ask_as_application(self, carrier: Carrier, credential: str | dict[str, str]) -> JsonObject:
        """Runs in a thread; a new msal application each time, so that nothing is cached."""
        application = msal.ConfidentialClientApplication(
            self._settings.client_id,
            client_credential=credential,
            authority=shown_authority(self._settings),
            instance_discovery=False,
            http_client=carrier,
        )
        scope = f"{graph_origin(self._settings)}/.default"
        result: JsonObject = application.acquire_token_for_client([scope])
        return result

    async def _renew(self) -> Token:
        """With the refresh token, which each use replaces (spec/graph.md 1.4)."""
        settings, http, shelf = self._settings, self._http, self._shelf
        client = client_of(settings)
        async with own_turn(shelf, http):
            kept = await load_kept(Service.SOURCE, shelf, http, client)

            def ask(carrier: Carrier) -> JsonObject:
                result: JsonObject = public_application(
                    settings, carrier
                ).acquire_token_by_refresh_token(
                    kept.refresh_token, scopes_of(settings, self._permissions)
                )
                return result

            carrier = Carrier(settings, http)
            result = await asyncio.to_thread(ask, carrier)
            if refusals.asks_for_person(result):
                raise refusals.microsoft_signed_out(
                    result, kept.user, shelf.advice, carrier.request_id
                )
            token = token_of(result, settings, http, carrier.request_id)
            renewed = text_of(result.get("refresh_token")) or kept.refresh_token
            http.hide(renewed)
            await asyncio.to_thread(shelf.save, renewed, client, user_of(result) or kept.user)
            return token


def public_application(settings: SourceSettings, carrier: Carrier) -> msal.PublicClientApplication:
    """What a person signs in with; a new one each time, so that nothing is cached."""
    return msal.PublicClientApplication(
        settings.client_id,
        authority=shown_authority(settings),
        instance_discovery=False,
        http_client=carrier,
    )


def scopes_of(settings: SourceSettings, permissions: Sequence[str]) -> list[str]:
    """Scopes as the token endpoint wants them; msal adds offline_access and openid."""
    origin = graph_origin(settings)
    return [f"{origin}/{permission}" for permission in permissions]


def client_of(settings: SourceSettings) -> str:
    """For which application of which tenant a sign-in is good."""
    login = settings.login_url.rstrip("/").casefold()
    return f"{login}/{settings.tenant.casefold()} {settings.client_id.casefold()}"


def user_of(result: JsonObject) -> str:
    """Who signed in, from the id token; "" when Microsoft does not say."""
    claims: Json = result.get("id_token_claims")
    return text_of(claims.get("preferred_username")) if isinstance(claims, dict) else ""


def token_of(
    result: JsonObject, settings: SourceSettings, http: ServiceClient, request_id: str | None
) -> Token:
    """The token in msal's result, hidden from all logs; else the refusal it holds."""
    value, life = result.get("access_token"), result.get("expires_in")
    if isinstance(value, str) and value and isinstance(life, int | float):
        http.hide(value)
        return Token(value, float(life))
    if "error" in result:
        raise refusals.microsoft_token_error(
            result,
            tenant=settings.tenant,
            client_id=settings.client_id,
            request_id=request_id,
            way=settings.sign_in,
        )
    raise errors.broken(
        Service.SOURCE, host_of(settings.login_url), "there is no token.", request_id
    )
