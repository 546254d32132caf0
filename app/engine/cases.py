"""What was found out about one person, before it is put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.accounts import Account
from app.domain.activity import PlannedAction
from app.domain.drift import Drift
from app.domain.errors import RollcallError
from app.domain.plan import Escrow, Grant, Subject
from app.domain.texts import Text
from app.engine.rules import Rules
from app.engine.scoping import ScopeVerdict


@dataclass(frozen=True, slots=True)
class Schedule:
    """When cycles run: `at` is the next one, None while provisioning is off."""

    at: datetime | None = None
    quarantine: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One matching attribute, the value looked for, the accounts found."""

    attribute: str
    value: str
    found: int


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that was found out about one person."""

    subject: Subject
    verdict: ScopeVerdict
    planned: PlannedAction | None
    ways: Sequence[Grant]
    attempts: Sequence[Attempt]
    foreign: Account | None
    """The account with this address, when Rollcall has nothing to do with it."""
    due: bool
    """The next cycle looks at this person."""
    escrow: Escrow | None
    schedule: Schedule
    rules: Rules
    application: str
    trouble: RollcallError | None = None
    """Why a service could not be asked."""
    as_of: datetime | None = None
    drifts: Sequence[Drift] = ()
    """What is known to have been changed by hand."""
    reference: Text | None = None
    """Why the account does not point at the manager's."""
