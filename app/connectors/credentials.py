"""When the credential of the app registration ends.

Inferred, the one place: spec/graph.md does not describe `/applications`. The request, that it
needs Application.Read.All, and the names `passwordCredentials` (`hint`: the first three letters of
the secret, `displayName`, `endDateTime`) are Graph's public documentation as we know it. Whatever
else comes back means "not known", never a failure. A certificate says itself when it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from app.connectors.wire import JsonObject, objects_of, segment, text_of
from app.domain.notices import Credential

PROPERTIES = "passwordCredentials"
UNKNOWN = Credential("", None)
_HINT = 3


def path_of(client_id: str) -> str:
    """The app registration by its client id."""
    return f"/applications(appId='{segment(client_id.replace(chr(39), chr(39) * 2))}')"


def secret_of(body: JsonObject, secret: str) -> Credential:
    """The client secret in use: of those with its first letters the one that lasts longest.

    Old secrets stay listed beside their successor; only the one in use matters.
    """
    listed = objects_of(body.get("passwordCredentials"))
    ours = [one for one in listed if text_of(one.get("hint")) == secret[:_HINT]]
    return _longest(ours or listed)


def _longest(listed: Sequence[JsonObject]) -> Credential:
    found = [
        (end, text_of(one.get("displayName")))
        for one in listed
        if (end := _moment(text_of(one.get("endDateTime")))) is not None
    ]
    if not found:
        return UNKNOWN
    end, name = max(found)
    return Credential(name, end)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
