"""The target side: accounts, seats and who Rollcall is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.errors import EntryError
from app.domain.people import Value

ACTIVE = "active"
"""The attribute of targets without seats that says whether an account may be used."""


class ValueForm(StrEnum):
    """A form that a target demands of an attribute (spec/goto.md 2.4)."""

    ADDRESS = "address"
    LOCALE = "locale"
    TIME_ZONE = "time_zone"


class Origin(StrEnum):
    """How an account came under Rollcall's care."""

    CREATED = "created"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True, slots=True)
class Licence:
    """A pool of seats of the account. Keys differ per account and exceed 2^53: they are text."""

    key: str
    products: frozenset[str]
    seats: int | None = None
    seats_used: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One account in the target.

    `match` is the value of the matching attribute, lower case. `attributes` are by target name.
    `active` is False when suspended (spec/goto.md 3.4).
    """

    key: str
    match: str
    attributes: Mapping[str, Value]
    licences: frozenset[str] = frozenset()
    """Keys of the licences held."""
    roles: tuple[str, ...] = ()
    """Admin roles held."""
    read_only: bool = False
    """The name and address belong to another account's administrator (`identityReadOnly`)."""

    @property
    def active(self) -> bool:
        """The target's own flag where it has one; else suspended means no seat and no role."""
        flag = self.attributes.get(ACTIVE)
        return flag if isinstance(flag, bool) else bool(self.licences or self.roles)


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """An account to create. `person_id` comes back in the outcome."""

    person_id: str
    match: str
    attributes: Mapping[str, Value]
    licences: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AccountUpdate:
    """What to write to one account. Only what is given is sent; None leaves it alone.

    `licences` and `roles` are complete lists: the target replaces what is there.
    """

    person_id: str
    key: str
    match: str
    attributes: Mapping[str, Value] = field(default_factory=dict)
    licences: frozenset[str] | None = None
    roles: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft or update: the account as the target answered it, or the error.

    `key` is known after a success; `account` only when the answer described the whole account,
    otherwise the engine reads it again.
    """

    person_id: str
    key: str | None = None
    account: Account | None = None
    error: EntryError | None = None


class WriteProbe(StrEnum):
    """What is known about the right to write without having written anything."""

    ALLOWED = "allowed"
    """The target names the right, and did not refuse an empty request for the lack of it."""
    NOT_REFUSED = "not_refused"
    """It refused for another reason; whether it looks at rights before that, nobody says."""
    UNKNOWN = "unknown"
    """Its answer says nothing about rights, or there is nothing harmless to ask."""


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """One account (billing container) the administrator may manage."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class TargetInfo:
    """The target after signing in: which account, as whom, with which rights and seats."""

    account: AccountChoice
    choices: tuple[AccountChoice, ...]
    own_key: str
    """Account key of the administrator Rollcall signs in as; never disabled."""
    own_name: str
    roles: tuple[str, ...]
    licences: tuple[Licence, ...]


@dataclass(frozen=True, slots=True)
class TargetLimits:
    """What the target takes (spec/goto.md 2.4). Lengths are in characters."""

    max_lengths: Mapping[str, int] = field(default_factory=dict)
    """Longer values are cut, with a warning."""
    refused_lengths: Mapping[str, int] = field(default_factory=dict)
    """Longer values cannot be cut without becoming somebody else's: the person fails."""
    forms: Mapping[str, ValueForm] = field(default_factory=dict)
    identity: str = "email"
    """The attribute that names an account in `Account.match`, unique in the target."""
    attributes: frozenset[str] = frozenset()
    """Target attributes a mapping may name."""
    required: frozenset[str] = frozenset()
    case_insensitive: frozenset[str] = frozenset()
    """Attributes whose values are the same when only capitals differ."""
    booleans: frozenset[str] = frozenset()
    """Attributes that hold true or false; everything else is text."""
    references: frozenset[str] = frozenset()
    """Attributes that hold the key of another account; written once both exist."""
    create_batch: int = 1
    can_disable: bool = True
    has_seats: bool = True
    """Accounts hold licences; without them disabling is an attribute (`ACTIVE`)."""
    has_domains: bool = True
    """Addresses must lie in domains that the target has verified (spec/goto.md 2.2)."""
