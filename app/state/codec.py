"""Frozen domain data to JSON text and back, for the payload columns."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pydantic import TypeAdapter

from app.domain.accounts import Account, TargetInfo
from app.domain.activity import (
    ActivityRecord,
    Change,
    CycleSummary,
    IdentityType,
    Initiator,
    Reason,
    Step,
)
from app.domain.drift import DriftFound
from app.domain.groups import GroupLink
from app.domain.people import Application, Attributes
from app.domain.plan import Escrow, Link, Quarantine, Work
from app.domain.texts import Text


@dataclass(frozen=True, slots=True)
class Details:
    """The part of a record that no filter looks at. Every new field needs a default."""

    message: Text
    reason: Reason | None = None
    changes: tuple[Change, ...] = ()
    advice: Text | None = None
    steps: tuple[Step, ...] = ()
    duration_ms: int = 0
    request_id: str | None = None
    initiator: Initiator = Initiator.SYSTEM
    source_type: IdentityType = IdentityType.USER
    target_type: IdentityType = IdentityType.USER

    @classmethod
    def of(cls, record: ActivityRecord) -> Details:
        """Of this record."""
        return cls(
            record.message,
            record.reason,
            record.changes,
            record.advice,
            record.steps,
            record.duration_ms,
            record.request_id,
            record.initiator,
            record.source.type,
            record.target.type,
        )


ACCOUNT: Final = TypeAdapter(Account)
APPLICATION: Final = TypeAdapter(Application)
ATTRIBUTES: Final[TypeAdapter[Attributes]] = TypeAdapter(Attributes)
CYCLE: Final = TypeAdapter(CycleSummary)
DRIFT: Final = TypeAdapter(DriftFound)
ESCROW: Final = TypeAdapter(Escrow)
GROUP_LINK: Final = TypeAdapter(GroupLink)
LINK: Final = TypeAdapter(Link)
QUARANTINE: Final = TypeAdapter(Quarantine)
DETAILS: Final = TypeAdapter(Details)
TARGET: Final = TypeAdapter(TargetInfo)
TEXT: Final = TypeAdapter(Text)
WORK: Final = TypeAdapter(Work)


def account_text(account: Account) -> str:
    """The same text for equal accounts: what has no order is put into one."""
    plain = ACCOUNT.dump_python(account, mode="json")
    plain["licences"].sort()
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def stamp(moment: datetime) -> str:
    """A moment as text that sorts: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The inverse of `stamp`."""
    return datetime.fromisoformat(text)
