"""Frozen domain data to JSON text and back, for the payload columns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from pydantic import TypeAdapter

from app.domain.accounts import Account
from app.domain.activity import ActivityRecord, CycleSummary
from app.domain.groups import GroupLink
from app.domain.people import Attributes
from app.domain.plan import Escrow, Link, Work

ACCOUNT: Final = TypeAdapter(Account)
ATTRIBUTES: Final[TypeAdapter[Attributes]] = TypeAdapter(Attributes)
CYCLE: Final = TypeAdapter(CycleSummary)
ESCROW: Final = TypeAdapter(Escrow)
GROUP_LINK: Final = TypeAdapter(GroupLink)
LINK: Final = TypeAdapter(Link)
RECORD: Final = TypeAdapter(ActivityRecord)
WORK: Final = TypeAdapter(Work)


def stamp(moment: datetime) -> str:
    """A moment as text that sorts: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The inverse of `stamp`."""
    return datetime.fromisoformat(text)
