"""What the engine works with while it plans: links, grants, subjects, work, watermarks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.accounts import Account, AccountDraft, AccountUpdate, Origin
from app.domain.activity import ActionKind, ActivityRecord, PlannedAction
from app.domain.people import Person
from app.domain.texts import Text


class Stream(StrEnum):
    """What is read from the directory; each has a generation, two have a watermark."""

    PEOPLE = "people"
    GROUPS = "groups"
    ASSIGNMENTS = "assignments"
    ACCOUNTS = "accounts"


@dataclass(frozen=True, slots=True)
class Watermarks:
    """Where the next incremental cycle resumes; None = read in full."""

    people: str | None = None
    groups: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """One way a person holds a role: directly, or through groups (the assigned one first)."""

    role_id: str
    group_ids: tuple[str, ...] = ()
    group_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A person and the account that is theirs; used instead of matching from then on."""

    person_id: str
    person_name: str
    account_key: str
    match: str
    origin: Origin
    active: bool = True
    granted: frozenset[str] = frozenset()
    """Licence keys that Rollcall gave; others on the account are foreign and stay."""
    group_id: str | None = None
    """The assigned group the entitlement came through; None = assigned directly."""
    group_name: str | None = None
    taken_licences: frozenset[str] = frozenset()
    taken_roles: tuple[str, ...] = ()
    """What the last disable took away."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything known about one candidate when it is decided what to do."""

    person: Person
    grants: tuple[Grant, ...] = ()
    link: Link | None = None
    accounts: tuple[Account, ...] = ()
    """The linked account, or those the matching value finds."""
    account_fresh: bool = False
    """The account was read in this cycle."""
    twins: tuple[str, ...] = ()
    """Names of other people in scope with the same matching value."""
    owner: str | None = None
    """Name of another person who is already linked to the account that matches."""
    intent: ActionKind | None = None
    """An action that was begun in an earlier run and whose outcome is unknown."""
    parked: str | None = None
    """Fingerprint of the source when an administrator chose to keep this account."""
    held: bool = False
    """A removal of this person waits for a decision."""
    escrowed: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """One planned action with all that is needed to carry it out.

    `draft` creates, `update` writes, neither means that only Rollcall's own books change.
    `link` is the link as it will stand afterwards (without a key for a create).
    """

    person_id: str
    planned: PlannedAction
    draft: AccountDraft | None = None
    update: AccountUpdate | None = None
    account: Account | None = None
    """The account as it was when this was decided."""
    link: Link | None = None
    needs_fresh: str | None = None
    """Matching value of an account that must be read again before this can be decided."""
    fingerprint: str = ""
    """What the source looked like; a kept person is looked at again when it differs."""


@dataclass(frozen=True, slots=True)
class Escrow:
    """A failed entry waiting for its next try (spec/provisioning.md 7)."""

    person_id: str
    code: str
    message: Text
    first_failed_at: datetime
    attempts: int
    next_try_at: datetime


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What scoping found for one person: kept to notice two people with one address."""

    person_id: str
    in_scope: bool
    match: str | None
    relevant: bool
    """False for people who are neither entitled nor linked: nothing to say about them."""


@dataclass(frozen=True, slots=True)
class ReadCounts:
    """How much a full read found, and how much was known before it."""

    before: int
    found: int


@dataclass(frozen=True, slots=True)
class RemovalCounts:
    """Removals in the current plan, for the brake."""

    planned: int = 0
    """All removals that were not released by a person."""
    already_held: int = 0
    active_links: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one piece of work.

    On success `link` is stored; `account` is what the target holds now, when it is known.
    On failure `escrow` says when it is tried again.
    """

    work: Work
    record: ActivityRecord
    link: Link | None = None
    account: Account | None = None
    escrow: Escrow | None = None
