"""One HTTP request and its answer as the connectors see them, and JSON read with care."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import TypeAlias
from urllib.parse import quote, urlencode, urlsplit

Json: TypeAlias = str | int | float | bool | list["Json"] | dict[str, "Json"] | None
JsonObject: TypeAlias = dict[str, Json]

_REQUEST_ID_HEADERS = ("request-id", "x-ms-request-id", "x-request-id", "client-request-id")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to make. `repeatable` is False where doing it twice could do harm."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: JsonObject | None = None
    form: Mapping[str, str] | None = None
    content: bytes | None = None
    """A body that is neither JSON nor a form."""
    repeatable: bool = True

    @property
    def host(self) -> str:
        """Host, with the port when one is named, for sentences."""
        return host_of(self.url)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer read to its end. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    host: str

    @property
    def ok(self) -> bool:
        """Any success; services differ between 200, 201 and 204."""
        return 200 <= self.status < 300

    @property
    def request_id(self) -> str | None:
        """The service's own id of this request, for its support."""
        return next(
            (self.headers[name] for name in _REQUEST_ID_HEADERS if name in self.headers), None
        )

    @property
    def retry_after(self) -> float | None:
        """Seconds the service asks us to wait, or None when it says nothing usable.

        A date is read against the answer's own `Date`: our clock may be wrong.
        """
        value = self.headers.get("retry-after", "").strip()
        try:
            seconds = float(value)
        except ValueError:
            seconds = _seconds_between(self.headers.get("date", ""), value)
        return seconds if isfinite(seconds) and seconds > 0 else None

    def json(self) -> Json:
        """The body. Raises `ValueError` when it is not JSON (integers stay exact)."""
        try:
            value: Json = json.loads(self.content)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        return value

    def json_object(self) -> JsonObject:
        """The body when it is a JSON object, else an empty one: for reading error bodies."""
        try:
            value = self.json()
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


def _seconds_between(start: str, end: str) -> float:
    try:
        return (parsedate_to_datetime(end) - parsedate_to_datetime(start)).total_seconds()
    except (ValueError, TypeError):
        return 0.0


def host_of(url: str) -> str:
    """The host of an address, with its port when one is named."""
    return urlsplit(url).netloc.rpartition("@")[2]


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: what must stay the same when a service hands out links."""
    parts = urlsplit(url)
    default = {"https": 443, "http": 80}.get(parts.scheme)
    try:
        port = parts.port
    except ValueError:
        port = -1
    return (parts.scheme, parts.hostname or "", default if port is None else port)


def with_query(url: str, query: Mapping[str, str | int]) -> str:
    """`url?query` with spaces as %20: GoTo refuses `+` (spec/goto.md 3.5)."""
    if not query:
        return url
    pairs = {name: str(value) for name, value in query.items()}
    return f"{url}?{urlencode(pairs, quote_via=quote, safe='$,')}"


def segment(value: str) -> str:
    """One path segment, so that no value can climb out of its place in the address."""
    return quote(value, safe="")


def key_text(value: Json) -> str:
    """A key as text; numbers beyond 2^53 stay exact. Empty when there is none."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def text_of(value: Json) -> str:
    """A string, or empty when it is something else."""
    return value if isinstance(value, str) else ""


def objects_of(value: Json) -> list[JsonObject]:
    """The objects in a list; anything else in it is ignored."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts_of(value: Json) -> tuple[str, ...]:
    """The strings in a list; anything else in it is ignored."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
