"""What the sign-in services have given out: tokens, and sign-ins of people that wait for them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import urlencode, urlsplit

CODE_LIFE = 600.0
"""Seconds an authorization code lives (spec/graph.md 1.3)."""


class Grants:
    """Tokens that were given out, with the moment each of them ends in the world's time."""

    def __init__(self) -> None:
        self._ends: dict[tuple[str, str], datetime] = {}
        self._issued: dict[tuple[str, str], datetime] = {}
        self._scopes: dict[str, frozenset[str]] = {}

    def issue(
        self, kind: str, now: datetime, seconds: float, scopes: frozenset[str] | None = None
    ) -> str:
        """A new token of a kind (`graph`, `graph-refresh`, `goto`, `refresh`).

        With `scopes` it is a person's and good for these permissions alone.
        """
        token = f"practice-{kind}-{uuid.uuid4()}"
        self._ends[kind, token] = now + timedelta(seconds=seconds)
        self._issued[kind, token] = now
        if scopes is not None:
            self._scopes[token] = scopes
        return token

    def scopes(self, token: str | None) -> frozenset[str] | None:
        """The permissions of a person's token; None for an application's, which has no scopes."""
        return self._scopes.get(token or "")

    def valid(self, kind: str, token: str | None, now: datetime) -> bool:
        """Whether this token was given out and has not ended."""
        ends = self._ends.get((kind, token or ""))
        return ends is not None and now < ends

    def older(self, kind: str, token: str | None, moment: datetime | None) -> bool:
        """Whether this token was given out before a moment; False for an unknown one."""
        issued = self._issued.get((kind, token or ""))
        return issued is not None and moment is not None and issued <= moment

    def revoke(self, kind: str, token: str | None = None) -> None:
        """End one token, or all of a kind."""
        for key in [key for key in self._ends if key[0] == kind and token in {None, key[1]}]:
            del self._ends[key]
            del self._issued[key]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program wants when it sends a person to the sign-in page."""

    client_id: str
    redirect_uri: str
    state: str
    challenge: str
    scope: str = ""
    nonce: str = ""


class Problem(Enum):
    """Why a code is refused."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    FOREIGN = "foreign"
    VERIFIER = "verifier"


@dataclass(slots=True)
class _Code:
    asked: Asked
    ends: datetime
    used: bool = False


@dataclass(slots=True)
class Authorizations:
    """Sign-in pages that are open, and the codes that came of them."""

    _open: dict[str, Asked] = field(default_factory=dict)
    _codes: dict[str, _Code] = field(default_factory=dict)

    def ask(self, asked: Asked) -> str:
        """Open a page; returns the name it goes by."""
        name = str(uuid.uuid4())
        self._open[name] = asked
        return name

    def decide(self, name: str, *, allow: bool, now: datetime) -> str | None:
        """Close the page; returns where the browser goes now, None for a page nobody opened."""
        asked = self._open.pop(name, None)
        if asked is None:
            return None
        if not allow:
            return back(asked, error="access_denied", error_description="The user said no.")
        code = f"practice-code-{uuid.uuid4()}"
        self._codes[code] = _Code(asked, now + timedelta(seconds=CODE_LIFE))
        return back(asked, code=code)

    def redeem(
        self, code: str, client_id: str, redirect_uri: str, verifier: str, now: datetime
    ) -> Asked | Problem:
        """What the code stands for; it works once, with the verifier of its challenge."""
        found = self._codes.get(code)
        if found is None:
            return Problem.UNKNOWN
        if found.used:
            return Problem.USED
        asked = found.asked
        if now >= found.ends:
            return Problem.EXPIRED
        if (client_id, redirect_uri) != (asked.client_id, asked.redirect_uri):
            return Problem.FOREIGN
        if asked.challenge and not hmac.compare_digest(challenge_of(verifier), asked.challenge):
            return Problem.VERIFIER
        found.used = True
        return asked


def back(asked: Asked, **answer: str) -> str:
    """The program's address with an answer and its state."""
    pairs = {**answer, "state": asked.state} if asked.state else answer
    joint = "&" if urlsplit(asked.redirect_uri).query else "?"
    return f"{asked.redirect_uri}{joint}{urlencode(pairs)}"


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def on_loopback(address: str) -> bool:
    """Whether a redirect goes to a program on this computer: any port will do (RFC 8252)."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme == "http" and host in ("localhost", "127.0.0.1", "::1")
