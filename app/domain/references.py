"""References of people: who points at whom, and what became of writing it (spec 4.4)."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.activity import ActivityRecord
from app.domain.plan import Escrow


@dataclass(frozen=True, slots=True)
class Referring:
    """Somebody in scope with an active account, and the one person the source names for them."""

    person_id: str
    name: str
    account_key: str
    address: str
    """Name of their account."""
    current: str | None
    """Key that the account holds as its reference, as last read or written."""
    wanted_id: str | None = None
    """Whom the source names; None = nobody."""
    wanted_name: str = ""
    wanted_key: str | None = None
    """Key of that person's active account."""
    coming: bool = False
    """That person is in scope, and so will have an account."""
    attempt: Escrow | None = None
    """What went wrong last time; its fingerprint says with which key, or with whom."""
    failed: bool = False
    """The attempt was refused at the target; else nobody could be found to point at."""


@dataclass(frozen=True, slots=True)
class ReferenceSettled:
    """What became of one person's reference, stored together.

    They are not looked at again until something about them changes, or until `attempt` is due.
    """

    person_id: str
    record: ActivityRecord | None = None
    account_key: str = ""
    written: str | None = None
    """The key that the account holds now, empty when none; None = as before."""
    attempt: Escrow | None = None
    """Replaces what was known of earlier attempts."""
    failed: bool = False
    """The attempt is tried again when it is due; else when there is somebody to point at."""
