"""What administrators are told by mail: what stands, what was told, and the mail itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.activity import Status
from app.domain.texts import Text


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that is wrong, since when, and when people were told of it (None = not yet).

    `detail` is what may change while it lasts: the reason of a quarantine, the days that are left.
    """

    key: str
    since: datetime
    told_at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """The secret or certificate Rollcall signs in with; `ends_at` None = the service won't say."""

    name: str
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class People:
    """Who is concerned, for one cause: the first of them by name, and how many more."""

    cause: Text
    names: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that happened: what, to whom, what to do."""

    status: Status
    title: Text
    happened: Text
    to_do: Text
    people: tuple[People, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """One mail: everything that one cycle calls for."""

    profile: str
    at: datetime
    subject: Text
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in words of one language, as text and as HTML."""

    subject: str
    text: str
    html: str | None = None
