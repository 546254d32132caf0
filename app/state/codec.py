"""Frozen domain data to JSON text and back, for the payload columns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from pydantic import TypeAdapter

from app.domain.accounts import Account, TargetInfo
from app.domain.activity import ActivityRecord, CycleSummary
from app.domain.people import Application, Attributes
from app.domain.plan import Escrow, Link, Quarantine, Work

ACCOUNT: Final = TypeAdapter(Account)
APPLICATION: Final = TypeAdapter(Application)
ATTRIBUTES: Final[TypeAdapter[Attributes]] = TypeAdapter(Attributes)
CYCLE: Final = TypeAdapter(CycleSummary)
ESCROW: Final = TypeAdapter(Escrow)
LINK: Final = TypeAdapter(Link)
QUARANTINE: Final = TypeAdapter(Quarantine)
RECORD: Final = TypeAdapter(ActivityRecord)
TARGET: Final = TypeAdapter(TargetInfo)
WORK: Final = TypeAdapter(Work)


def stamp(moment: datetime) -> str:
    """A moment as text that sorts: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The inverse of `stamp`."""
    return datetime.fromisoformat(text)
