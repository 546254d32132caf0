"""What the engine works with while it plans: links, grants, subjects, work, watermarks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.accounts import Account, AccountDraft, AccountUpdate, Origin, TargetInfo
from app.domain.activity import ActionKind, ActivityRecord, Identity, PlannedAction, Reason
from app.domain.drift import Drift
from app.domain.people import Application, Person
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
class KnownFacts:
    """What a cycle learned about both sides: roles there, seats and our own account here."""

    application: Application | None = None
    target: TargetInfo | None = None
    default_domain: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """One way a person holds a role: directly, or through groups (the assigned one first)."""

    role_id: str
    group_ids: tuple[str, ...] = ()
    group_names: tuple[str, ...] = ()
    security_enabled: bool = True
    """Whether the assigned group is one that can give a role."""


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
    returned: frozenset[str] = frozenset()
    """Licence keys that the last write took away, where the target did not show what it kept."""
    group_id: str | None = None
    """The assigned group the entitlement came through; None = assigned directly."""
    group_name: str | None = None
    taken_licences: frozenset[str] = frozenset()
    taken_roles: tuple[str, ...] = ()
    """What the last disable took away."""
    left: Reason | None = None
    """Why the account was disabled; None while it is active."""


@dataclass(frozen=True, slots=True)
class Predecessor:
    """Somebody out of scope whose account passes to another person."""

    link: Link
    user_names: frozenset[str]
    """Their user principal names, lower case."""


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
    """Names of other people in scope with the same address."""
    rivals: tuple[str, ...] = ()
    """Names of other people whose matching attributes find the same account."""
    owner: str | None = None
    """Name of another person in scope who is already linked to the account that matches."""
    predecessor: Predecessor | None = None
    """Whose account it is that matches; they are out of scope and give way."""
    heir: Identity | None = None
    """Another person in scope, without a link, whose address is that of the linked account:
    somebody hired again under the same address."""
    taken: bool = False
    """The address belongs to an account that matching does not find."""
    intent: ActionKind | None = None
    """An action that was begun and whose outcome is unknown, or not yet seen in the target."""
    confirmed: bool = False
    """The target confirmed the intent; it has yet to be seen there."""
    recovered: bool = False
    """The account was made or taken over by the intent, under the address the person had then."""
    parked: str | None = None
    """Fingerprint of the source when an administrator chose to keep this account."""
    held: bool = False
    """A removal of this person waits for a decision."""
    released: bool = False
    """The decision was to let that removal through."""
    escrowed: bool = False
    drifts: tuple[Drift, ...] = ()
    """What is known to have been changed by hand."""
    drifting: bool = False
    """Looked at only because the account is not what it was; nothing changed in the source."""
    agreed: Account | None = None
    """The linked account when it was last compared; None when that is not known."""
    anew: Subject | None = None
    """The same person matched anew, where the linked account is not to be found."""

    @property
    def granted(self) -> frozenset[str]:
        """Licence keys that are ours to take, those included that may not be gone yet."""
        if self.link is None:
            former = self.predecessor
            return former.link.granted if former is not None else frozenset()
        doubtful = self.intent is not None
        return self.link.granted | (self.link.returned if doubtful else frozenset())


@dataclass(frozen=True, slots=True)
class Work:
    """One planned action with all that is needed to carry it out.

    `draft` creates, `update` writes, `remove` deletes the account with this key; none of them
    means that only Rollcall's own books change. `link` is the link as it will stand afterwards
    (without a key for a create), `unlink` takes it away.
    """

    person_id: str
    planned: PlannedAction
    draft: AccountDraft | None = None
    update: AccountUpdate | None = None
    account: Account | None = None
    """The account as it was when this was decided."""
    link: Link | None = None
    remove: str | None = None
    unlink: bool = False
    needs_fresh: bool = False
    """The account must be read again before this can be decided."""
    fingerprint: str = ""
    """What the source looked like; a kept person is looked at again when it differs."""
    left: Reason | None = None
    """Why the person is not managed from now on, whether or not this is carried out."""
    passes_to: str | None = None
    """Id of the person who takes this one's account over. Until that has happened the account
    stays this person's, who is looked at again."""
    drifts: tuple[Drift, ...] = ()
    """What was changed by hand: left as it is, or repaired with this."""
    silent: bool = False
    """Nothing is written and there is nothing new to say; only `drifts` are remembered."""


@dataclass(frozen=True, slots=True)
class Escrow:
    """A failed entry waiting for its next try (spec/provisioning.md 7)."""

    person_id: str
    code: str
    message: Text
    first_failed_at: datetime
    attempts: int
    next_try_at: datetime
    fingerprint: str = ""
    """What the source looked like; once it differs the next failure is a first one."""
    given_up: bool = False
    """It failed for too long: kept so that nobody tries again by themselves."""
    transient: bool = False
    """Trouble that passes; the next of this kind goes on counting, whatever its code."""


TOO_MANY_DELETES = "TooManyDeletes"
"""The one reason for a quarantine that an answer of the administrator lifts at once."""


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The job is unhealthy (spec/provisioning.md 8.2); codes as the service writes them."""

    reason: str
    began: datetime
    """Last evaluated and imposed."""
    series_began: datetime
    series_count: int = 1
    next_attempt: datetime | None = None
    """The schedule waits until then; None = it keeps its usual pace."""
    error: Text | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What quarantine is judged by: failures that wait, and people who are as they should be."""

    failures: int = 0
    reference_failures: int = 0
    in_wanted_state: int = 0


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


class IntentAfter(StrEnum):
    """What becomes of the intent when its outcome is recorded."""

    DONE = "done"
    CONFIRMED = "confirmed"
    """The target said yes without showing what it holds: read it before believing it."""
    OPEN = "open"
    """It may have been done: look before this person is touched again."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one piece of work.

    On success `link` is stored or with `unlink` forgotten; `account` is what the target holds
    now, when it is known, `gone` the key of an account that is no more. On failure `escrow` says
    when it is tried again.
    """

    work: Work
    record: ActivityRecord
    link: Link | None = None
    account: Account | None = None
    expected: Account | None = None
    """The account as it should be after what was written."""
    unlink: bool = False
    gone: str | None = None
    intent: IntentAfter = IntentAfter.DONE
    escrow: Escrow | None = None
