"""GoTo's sign-in, practised: the token endpoint and the page for people (spec/goto.md 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.sandbox.grants import Asked, Authorizations, Grants, Problem, back, on_loopback
from app.sandbox.login_pages import decided, question, said, sent
from app.sandbox.wire import Answer, Call, Routes
from app.sandbox.world import World

LIFE = 3600
"""Seconds a GoTo token lives (spec/goto.md 5.2)."""
REFRESH_LIFE = 30 * 86_400
_REFRESH = "refresh"
_PAGE = "Practice sign-in at GoTo"
METADATA = "/.well-known/oauth-authorization-server"
"""Served at the root of the host, as at GoTo (spec/goto.md 5.1)."""


@dataclass(slots=True)
class GoToLogin:
    """`/oauth/…`, relative to the service."""

    world: World
    grants: Grants
    routes: Routes = field(default_factory=Routes)
    _pages: Authorizations = field(default_factory=Authorizations)

    def __post_init__(self) -> None:
        add = self.routes.add
        add("POST", "/oauth/token", self._token)
        add("GET", "/oauth/authorize", self._authorize)
        add("POST", "/oauth/decision", self._decision)
        add("POST", "/oauth/revoke", self._revoke)
        add("GET", re.escape(METADATA), self._metadata)

    def _token(self, call: Call, _match: re.Match[str]) -> Answer:
        form = call.form()
        client = self._client(call, form)
        if client is None:
            return _refused(401, "invalid_client", "Unknown client")
        kind = form.get("grant_type")
        faults = self.world.faults
        if kind == "password" and not faults.password_grant:
            return _refused(401, "unauthorized_client", "The client cannot use this grant")
        right = self._right(kind, form, client)
        if right is None:
            return _refused(400, "unsupported_grant_type", f"Cannot do {kind}")
        if not right or faults.password_expired:
            return _refused(400, "invalid_grant", "The credentials are not valid")
        return Answer(200, self._granted(form))

    def _right(self, kind: str | None, form: dict[str, str], client: str) -> bool | None:
        """Whether a grant holds; None for one that is not known."""
        known, now = self.world.credentials, self.world.now()
        match kind:
            case "password":
                given = (form.get("username"), form.get("password"))
                return given == (known.user_name, known.password)
            case "personal_access_token":
                return form.get("pat") == known.personal_access_token
            case "refresh_token":
                held = form.get("refresh_token")
                signed_out = self.world.signed_out_at.get("target")
                return self.grants.valid(_REFRESH, held, now) and not self.grants.older(
                    _REFRESH, held, signed_out
                )
            case "authorization_code":
                asked = self._pages.redeem(
                    form.get("code", ""),
                    client,
                    form.get("redirect_uri", ""),
                    form.get("code_verifier", ""),
                    now,
                )
                return not isinstance(asked, Problem)
        return None

    def _granted(self, form: dict[str, str]) -> dict[str, object]:
        world, refreshing = self.world, form["grant_type"] == "refresh_token"
        body: dict[str, object] = {
            "access_token": self.grants.issue("goto", world.now(), LIFE),
            "token_type": "Bearer",
            "expires_in": LIFE,
            "scope": "identity: identity:scim.org collab:",
            "principal": world.administrator.email,
        }
        if not refreshing or world.faults.rotate_refresh_tokens:
            if refreshing:
                self.grants.revoke(_REFRESH, form["refresh_token"])
            body["refresh_token"] = self.grants.issue(_REFRESH, world.now(), REFRESH_LIFE)
        return body

    def _client(self, call: Call, form: dict[str, str]) -> str | None:
        """Who asks: a client with its secret, or a public one without."""
        known = self.world.credentials
        client, secret = call.basic() or (form.get("client_id", ""), form.get("client_secret"))
        right = secret is None or secret == known.goto_client_secret
        return client if client == known.goto_client_id and right else None

    def _authorize(self, call: Call, _match: re.Match[str]) -> Answer:
        """The page; what cannot be trusted with a redirect is told to the person instead."""
        query = call.query
        asked = Asked(
            query.get("client_id", ""),
            query.get("redirect_uri", ""),
            query.get("state", ""),
            query.get("code_challenge", ""),
        )
        if asked.client_id != self.world.credentials.goto_client_id:
            return said(_PAGE, "Unknown client.", 400)
        if not on_loopback(asked.redirect_uri):
            return said(_PAGE, "This redirect address is not registered.", 400)
        if query.get("response_type") != "code":
            return sent(back(asked, error="unsupported_response_type"))
        if asked.challenge and query.get("code_challenge_method") != "S256":
            return sent(back(asked, error="invalid_request"))
        return question(
            _PAGE,
            self.world.administrator.email,
            f"{call.base}/oauth/decision",
            {"request": self._pages.ask(asked)},
        )

    def _decision(self, call: Call, _match: re.Match[str]) -> Answer:
        return decided(_PAGE, self._pages, call, self.world.now())

    def _revoke(self, call: Call, _match: re.Match[str]) -> Answer:
        """RFC 7009: an unknown token is revoked already."""
        form = call.form()
        if self._client(call, form) is None:
            return _refused(401, "invalid_client", "Unknown client")
        for kind in (_REFRESH, "goto"):
            self.grants.revoke(kind, form.get("token", ""))
        return Answer(200)

    def _metadata(self, call: Call, _match: re.Match[str]) -> Answer:
        return Answer(
            200,
            {
                "issuer": call.base,
                "authorization_endpoint": f"{call.base}/oauth/authorize",
                "token_endpoint": f"{call.base}/oauth/token",
                "revocation_endpoint": f"{call.base}/oauth/revoke",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                    "none",
                ],
            },
        )


def _refused(status: int, error: str, words: str) -> Answer:
    return Answer(status, {"error": error, "error_description": words})
