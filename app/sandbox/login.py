"""The two sign-in services: Microsoft's token endpoint and GoTo's (graph.md 1, goto.md 5)."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta

from app.sandbox.wire import Answer, Call, Routes
from app.sandbox.world import World

LIFE = 3599
"""Seconds a Graph token lives (spec/graph.md 1.1)."""
GOTO_LIFE = 3600
"""Seconds a GoTo token lives (spec/goto.md 5.2)."""
REFRESH_LIFE = 30 * 86_400


class Grants:
    """Tokens that were given out, with the moment each of them ends in the world's time."""

    def __init__(self) -> None:
        self._ends: dict[tuple[str, str], datetime] = {}

    def issue(self, kind: str, now: datetime, seconds: float) -> str:
        """A new token of a kind (`graph`, `goto`, `refresh`)."""
        token = f"practice-{kind}-{uuid.uuid4()}"
        self._ends[kind, token] = now + timedelta(seconds=seconds)
        return token

    def valid(self, kind: str, token: str | None, now: datetime) -> bool:
        """Whether this token was given out and has not ended."""
        ends = self._ends.get((kind, token or ""))
        return ends is not None and now < ends

    def revoke(self, kind: str, token: str | None = None) -> None:
        """End one token, or all of a kind."""
        for key in [key for key in self._ends if key[0] == kind and token in {None, key[1]}]:
            del self._ends[key]


def microsoft_routes(world: World, grants: Grants) -> Routes:
    """`/{tenant}/oauth2/v2.0/token` and the tenant look-up."""
    routes = Routes()

    def token(call: Call, match: re.Match[str]) -> Answer:
        form, known = call.form(), world.credentials
        basic = call.basic()
        client, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
        if match["tenant"] not in (known.tenant, world.company.domain):
            return _aadsts(400, "invalid_request", 90002, "Tenant not found")
        for name in ("grant_type", "scope"):
            if not form.get(name):
                return _aadsts(400, "invalid_request", 900144, f"The parameter {name} is missing")
        if not client:
            return _aadsts(400, "invalid_request", 900144, "The parameter client_id is missing")
        if form["grant_type"] != "client_credentials":
            return _aadsts(400, "unsupported_grant_type", 70003, "Grant not supported")
        if client != known.client_id:
            return _aadsts(400, "unauthorized_client", 700016, "Application not found")
        if secret != known.client_secret:
            return _aadsts(401, "invalid_client", 7000215, "Invalid client secret provided")
        if world.faults.client_secret_expired:
            return _aadsts(401, "invalid_client", 7000222, "The client secret has expired")
        if not form["scope"].endswith("/.default"):
            return _aadsts(400, "invalid_scope", 70011, "The scope must end in /.default")
        value = grants.issue("graph", world.now(), LIFE)
        return Answer(
            200,
            {
                "token_type": "Bearer",
                "expires_in": LIFE,
                "ext_expires_in": LIFE,
                "access_token": value,
            },
        )

    def discovery(call: Call, match: re.Match[str]) -> Answer:
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

    routes.add("POST", r"/(?P<tenant>[^/]+)/oauth2/v2\.0/token", token)
    routes.add("GET", r"/(?P<tenant>[^/]+)/\.well-known/openid-configuration", discovery)
    routes.add("GET", r"/(?P<tenant>[^/]+)/v2\.0/\.well-known/openid-configuration", discovery)
    return routes


def goto_routes(world: World, grants: Grants) -> Routes:
    """GoTo's token endpoint."""
    routes = Routes()

    def token(call: Call, _match: re.Match[str]) -> Answer:
        form, known = call.form(), world.credentials
        basic = call.basic()
        client, secret = basic or (form.get("client_id", ""), None)
        if client != known.goto_client_id or (
            secret is not None and secret != known.goto_client_secret
        ):
            return _refused(401, "invalid_client", "Unknown client")
        kind = form.get("grant_type")
        if kind == "password":
            if not world.faults.password_grant:
                return _refused(401, "unauthorized_client", "The client cannot use this grant")
            right = (form.get("username"), form.get("password")) == (
                known.user_name,
                known.password,
            )
        elif kind == "personal_access_token":
            right = form.get("pat") == known.personal_access_token
        elif kind == "refresh_token":
            right = grants.valid("refresh", form.get("refresh_token"), world.now())
        else:
            return _refused(400, "unsupported_grant_type", f"Cannot do {kind}")
        if not right or world.faults.password_expired:
            return _refused(400, "invalid_grant", "The credentials are not valid")
        value = grants.issue("goto", world.now(), GOTO_LIFE)
        body: dict[str, object] = {
            "access_token": value,
            "token_type": "Bearer",
            "expires_in": GOTO_LIFE,
            "scope": "identity: identity:scim.org collab:",
            "principal": world.administrator.email,
        }
        if kind != "refresh_token" or world.faults.rotate_refresh_tokens:
            if kind == "refresh_token":
                grants.revoke("refresh", form["refresh_token"])
            body["refresh_token"] = grants.issue("refresh", world.now(), REFRESH_LIFE)
        return Answer(200, body)

    routes.add("POST", "/oauth/token", token)
    return routes


def _aadsts(status: int, error: str, number: int, words: str) -> Answer:
    return Answer(
        status,
        {
            "error": error,
            "error_description": f"AADSTS{number}: {words}.",
            "error_codes": [number],
            "timestamp": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}",
            "trace_id": str(uuid.uuid4()),
            "correlation_id": str(uuid.uuid4()),
        },
    )


def _refused(status: int, error: str, words: str) -> Answer:
    return Answer(status, {"error": error, "error_description": words})
