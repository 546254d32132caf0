"""Microsoft's sign-in, practised: tokens for applications and for people (spec/graph.md 1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from app.sandbox.device_codes import DeviceCodes
from app.sandbox.grants import Asked, Authorizations, Grants, Problem, back, on_loopback
from app.sandbox.login_pages import decided, question, said, sent
from app.sandbox.token_errors import aadsts, missing
from app.sandbox.wire import Answer, Call, Json, Refused, Routes
from app.sandbox.world import World

LIFE = 3599
"""Seconds a Graph token lives (spec/graph.md 1.1)."""
REFRESH_LIFE = 90 * 86_400
"""Seconds a refresh token of a person lives (spec/graph.md 1.4)."""
_REFRESH = "graph-refresh"
_PUBLIC_LOGIN = "https://login.microsoftonline.com"
_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_PAGE = "Practice sign-in at Microsoft"
_CODE_PROBLEMS = {
    Problem.UNKNOWN: (70000, "The provided value for the input parameter code is not valid"),
    Problem.USED: (54005, "The code was already redeemed"),
    Problem.EXPIRED: (70008, "The code has expired"),
    Problem.FOREIGN: (50011, "The redirect address is not the one of the code"),
    Problem.VERIFIER: (501481, "The code verifier does not match the code challenge"),
}


_CONSENTED = frozenset({"Application.Read.All", "User.Read.All", "GroupMember.Read.All"})
"""What the administrator consented to when the practice client was registered."""


@dataclass(slots=True)
class MicrosoftLogin:
    """`/{tenant}/oauth2/v2.0/…` and the tenant look-up."""

    world: World
    grants: Grants
    routes: Routes = field(default_factory=Routes)
    _pages: Authorizations = field(default_factory=Authorizations)
    _devices: DeviceCodes = field(init=False)
    _assertions: set[str] = field(default_factory=set)
    """The `jti` of each one that was used: it works once."""
    _consented: frozenset[str] = _CONSENTED
    """Delegated permissions that somebody has consented to."""

    def __post_init__(self) -> None:
        self._devices = DeviceCodes(self.world, self._user)
        add, oauth = self.routes.add, r"/(?P<tenant>[^/]+)/oauth2/v2\.0"
        add("POST", f"{oauth}/token", self._token)
        add("GET", f"{oauth}/authorize", self._authorize)
        add("POST", "/decision", self._decision)
        add("POST", f"{oauth}/devicecode", self._device_code)
        add("GET", "/device", lambda call, _: self._devices.page(call))
        add("POST", "/device", lambda call, _: self._devices.decide(call))
        add("GET", r"/(?P<tenant>[^/]+)/\.well-known/openid-configuration", self._discovery)
        add("GET", r"/(?P<tenant>[^/]+)/v2\.0/\.well-known/openid-configuration", self._discovery)

    @property
    def _user(self) -> str:
        return f"admin@{self.world.company.domain}"

    # -- tokens ----------------------------------------------------------------------------

    def _token(self, call: Call, match: re.Match[str]) -> Answer:
        form = call.form()
        self._check_tenant(match["tenant"])
        if not form.get("grant_type"):
            raise missing("grant_type")
        match form["grant_type"]:
            case "client_credentials":
                return self._for_application(call, match["tenant"], form)
            case "authorization_code":
                self._check_public(form)
                return self._by_code(form)
            case "refresh_token":
                self._check_public(form)
                return self._by_refresh_token(form)
            case grant if grant == _DEVICE_GRANT:
                self._check_public(form)
                scope = self._devices.redeem(form.get("device_code", ""))
                return self._for_person(scope, "")
        return aadsts(400, "unsupported_grant_type", 70003, "Grant not supported")

    def _for_application(self, call: Call, tenant: str, form: dict[str, str]) -> Answer:
        known = self.world.credentials
        basic = call.basic()
        client, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
        if not form.get("scope"):
            raise missing("scope")
        self._check_client(client)
        if form.get("client_assertion_type") == _JWT_BEARER:
            self._check_assertion(call, tenant, form.get("client_assertion", ""))
        elif secret != known.client_secret:
            return aadsts(401, "invalid_client", 7000215, "Invalid client secret provided")
        elif self.world.faults.client_secret_expired:
            return aadsts(401, "invalid_client", 7000222, "The client secret has expired")
        if not form["scope"].endswith("/.default"):
            return aadsts(400, "invalid_scope", 70011, "The scope must end in /.default")
        return Answer(200, self._access())

    def _check_assertion(self, call: Call, tenant: str, assertion: str) -> None:
        from app.sandbox.assertions import AssertionRefused, verify  # noqa: PLC0415 - slow import

        # It stands in for the public cloud, which clients without https here name instead.
        audiences = {
            f"{base}/{tenant}/{end}"
            for base in (call.base, _PUBLIC_LOGIN)
            for end in ("oauth2/v2.0/token", "v2.0")
        }
        world = self.world
        try:
            name = verify(
                assertion,
                world.credentials.client_id,
                audiences,
                world.certificates,
                world.now(),
            )
        except AssertionRefused as refused:
            raise Refused(aadsts(401, "invalid_client", refused.number, refused.words)) from refused
        if name in self._assertions:
            raise Refused(aadsts(401, "invalid_client", 50027, "The assertion was used before"))
        self._assertions.add(name)

    def _by_code(self, form: dict[str, str]) -> Answer:
        asked = self._pages.redeem(
            form.get("code", ""),
            form.get("client_id", ""),
            form.get("redirect_uri", ""),
            form.get("code_verifier", ""),
            self.world.now(),
        )
        if isinstance(asked, Problem):
            return aadsts(400, "invalid_grant", *_CODE_PROBLEMS[asked])
        return self._for_person(asked.scope, asked.nonce)

    def _by_refresh_token(self, form: dict[str, str]) -> Answer:
        held, now = form.get("refresh_token"), self.world.now()
        if self.grants.older(_REFRESH, held, self.world.signed_out_at.get("source")):
            return aadsts(400, "invalid_grant", 50173, "The grant was revoked")
        if not self.grants.valid(_REFRESH, held, now):
            return aadsts(400, "invalid_grant", 700082, "The refresh token has expired")
        scope = form.get("scope", "")
        if not _permissions(scope) <= self._consented:
            return aadsts(400, "invalid_grant", 65001, "Nobody has consented to the permission")
        return self._for_person(scope, "")

    def _for_person(self, scope: str, nonce: str) -> Answer:
        """Every use gives a new refresh token; the old one is not revoked (graph.md 1.4).

        Whoever signs in interactively consents to what is asked for.
        """
        self._consented |= _permissions(scope)
        body = self._access(_permissions(scope)) | {"scope": scope}
        if "offline_access" in scope.split():
            body["refresh_token"] = self.grants.issue(_REFRESH, self.world.now(), REFRESH_LIFE)
        if "openid" in scope.split():
            body["id_token"] = self._id_token(nonce)
        return Answer(200, body)

    def _access(self, scopes: frozenset[str] | None = None) -> Json:
        value = self.grants.issue("graph", self.world.now(), LIFE, scopes)
        return {
            "token_type": "Bearer",
            "expires_in": LIFE,
            "ext_expires_in": LIFE,
            "access_token": value,
        }

    def _id_token(self, nonce: str) -> str:
        import jwt  # noqa: PLC0415 - slow to import

        known, now = self.world.credentials, int(self.world.now().timestamp())
        claims: Json = {
            "iss": f"{_PUBLIC_LOGIN}/{known.tenant}/v2.0",
            "aud": known.client_id,
            "sub": "practice-administrator",
            "tid": known.tenant,
            "preferred_username": self._user,
            "iat": now,
            "nbf": now,
            "exp": now + LIFE,
        }
        if nonce:
            claims["nonce"] = nonce
        return jwt.encode(claims, _signing_key(), algorithm="RS256")

    # -- browser ---------------------------------------------------------------------------

    def _authorize(self, call: Call, match: re.Match[str]) -> Answer:
        """The page; what cannot be trusted with a redirect is told to the person instead."""
        query = call.query
        try:
            self._check_tenant(match["tenant"])
            self._check_client(query.get("client_id", ""))
        except Refused as refused:
            body = refused.answer.body
            words = body["error_description"] if isinstance(body, dict) else ""
            return said(_PAGE, str(words), 400)
        asked = Asked(
            query["client_id"],
            query.get("redirect_uri", ""),
            query.get("state", ""),
            query.get("code_challenge", ""),
            query.get("scope", ""),
            query.get("nonce", ""),
        )
        if not on_loopback(asked.redirect_uri):
            return said(_PAGE, "AADSTS50011: The redirect address is not registered.", 400)
        if query.get("response_type") != "code":
            return sent(back(asked, error="unsupported_response_type"))
        if not asked.scope or (
            asked.challenge and query.get("code_challenge_method", "plain") != "S256"
        ):
            return sent(back(asked, error="invalid_request"))
        return question(
            _PAGE, self._user, f"{call.base}/decision", {"request": self._pages.ask(asked)}
        )

    def _decision(self, call: Call, _match: re.Match[str]) -> Answer:
        return decided(_PAGE, self._pages, call, self.world.now())

    def _device_code(self, call: Call, match: re.Match[str]) -> Answer:
        form = call.form()
        self._check_tenant(match["tenant"])
        self._check_public(form)
        if not form.get("scope"):
            raise missing("scope")
        return self._devices.begin(call, form["scope"])

    # -- checks ----------------------------------------------------------------------------

    def _check_tenant(self, tenant: str) -> None:
        if tenant not in (self.world.credentials.tenant, self.world.company.domain):
            raise Refused(aadsts(400, "invalid_request", 90002, "Tenant not found"))

    def _check_client(self, client: str) -> None:
        if not client:
            raise missing("client_id")
        if client != self.world.credentials.client_id:
            raise Refused(aadsts(400, "unauthorized_client", 700016, "Application not found"))

    def _check_public(self, form: dict[str, str]) -> None:
        """A person's sign-in is of a public client: no secret, and allowed in the registration."""
        self._check_client(form.get("client_id", ""))
        if form.get("client_secret") or form.get("client_assertion"):
            raise Refused(
                aadsts(401, "invalid_client", 700025, "A public client must send no credential")
            )
        if not self.world.faults.public_client:
            raise Refused(
                aadsts(401, "invalid_client", 7000218, "Public client flows are not allowed")
            )

    def _discovery(self, call: Call, match: re.Match[str]) -> Answer:
        base = f"{call.base}/{match['tenant']}"
        return Answer(
            200,
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            },
        )


def _permissions(scope: str) -> frozenset[str]:
    """Graph's permissions in a scope, without the addresses before them."""
    names = (one.rpartition("/")[2] for one in scope.split())
    return frozenset(one for one in names if "." in one)


@cache
def _signing_key() -> str:
    """Made when the first id token is; nobody verifies its signature over loopback."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - as above

    return (
        rsa.generate_private_key(65537, 2048)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode("ascii")
    )
