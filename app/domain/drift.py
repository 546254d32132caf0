"""Accounts that somebody changed by hand in the target: what was found, and what is done about it.

The service itself does not notice such changes (spec/provisioning.md 5); Rollcall compares all
accounts from time to time and lets the administrator choose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.activity import Change, Identity

ACCOUNT = "account"
"""Names the account itself among the attributes: it was deleted by hand."""
LICENCES = "licences"
"""Names the state of an account where seats make it: taken away, or given to a leaver."""
ROLES = "adminRoles"
"""Names the admin roles, which are taken away with the seats and decided about with them."""


class DriftChoice(StrEnum):
    """What is done about an attribute that differs though nothing changed in the source."""

    REPORT = "report"
    """It is shown, and stays until somebody decides or the person changes in the source."""
    REPAIR = "repair"
    """The wished value is written again."""
    ACCEPT = "accept"
    """It stays until the source wishes for another value."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One attribute of one account. `change`: from what was found to what should be, as shown.

    `wished` and `found` are marks of the two values; they tell whether one is still the same.
    """

    attribute: str
    change: Change
    wished: str
    found: str
    choice: DriftChoice = DriftChoice.REPORT
    """The standing choice of the profile when it was found."""
    decision: DriftChoice | None = None
    """What an administrator decided about this one."""
    told: bool = False
    """The log has it already."""
    since: datetime | None = None

    @property
    def in_force(self) -> DriftChoice:
        """A decision about this one wins over the standing choice."""
        return self.decision or self.choice


@dataclass(frozen=True, slots=True)
class DriftFound:
    """One line of the list of what was changed by hand."""

    source: Identity
    target: Identity
    drift: Drift
