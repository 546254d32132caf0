"""Requests and answers of the practice services, free of any web framework.

Each service is a table of routes from a `Call` to an `Answer`. That is what lets `$batch` run
its items through the very same code as single requests.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, quote

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` is decoded and relative to the service; header names are lower case."""

    method: str
    path: str
    base: str
    """Address of the service as the caller sees it, without a trailing slash."""
    query: Mapping[str, str] = field(default_factory=dict)
    raw_query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def below(self, root: str) -> Call:
        """The same request as seen by whoever lives below `root`."""
        return replace(self, path=self.path.removeprefix(root) or "/", base=self.base + root)

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> Json:
        """The body as a JSON object; an empty body is an empty object. Raises `ValueError`."""
        value = json.loads(self.body or b"{}")
        if isinstance(value, dict):
            return value
        raise ValueError("not a JSON object")

    def bearer(self) -> str | None:
        """The bearer token, if one was sent."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    def basic(self) -> tuple[str, str] | None:
        """User and password of HTTP Basic, if sent and readable."""
        scheme, _, blob = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, colon, password = base64.b64decode(blob, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return (user, password) if colon else None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `body` None means no body at all, bytes are sent as they are."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The body as JSON in UTF-8."""
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


class Refused(Exception):
    """Ends a request early with the answer it carries."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


Handler: TypeAlias = Callable[[Call, "re.Match[str]"], Answer]


class Routes:
    """The first pattern that fits the whole path wins."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, pattern: str, handler: Handler) -> None:
        """Serve `method` on paths that match the regular expression `pattern` in full."""
        self._routes.append((method, re.compile(pattern, re.IGNORECASE), handler))

    def dispatch(self, call: Call) -> Answer | None:
        """The handler's answer, refusals included; None when no route fits."""
        for method, pattern, handler in self._routes:
            if method == call.method and (match := pattern.fullmatch(call.path)):
                try:
                    return handler(call, match)
                except Refused as refused:
                    return refused.answer
        return None


def link(address: str, options: Mapping[str, str]) -> str:
    """`address` with query options; `$` and friends stay readable, everything else is encoded."""
    kept = "$,'()"
    pairs = "&".join(f"{name}={quote(value, safe=kept)}" for name, value in options.items())
    return f"{address}?{pairs}" if pairs else address


def pack(content: Json) -> str:
    """An opaque token that carries `content`."""
    blob = json.dumps(content, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(blob).decode().rstrip("=")


def unpack(token: str) -> Json | None:
    """What `pack` was given, or None for anything it did not make."""
    try:
        content = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError):
        return None
    return content if isinstance(content, dict) else None
