"""The answer to "why": scope, account, steps and what happens next.

`rollcall why` and the end of `rollcall provision` show the same data (spec/provisioning.md 11).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.activity import ActivityRecord, Change, Identity, Reason, Status
from app.domain.groups import DirectoryGroup
from app.domain.people import Person
from app.domain.texts import Text


class PathReason(StrEnum):
    """Whether a way to a role counts, and why not."""

    COUNTS = "counts"
    DEFAULT_ACCESS = "default_access"
    NESTED = "nested"
    NOT_SECURITY_ENABLED = "not_security_enabled"
    UNKNOWN_ROLE = "unknown_role"


@dataclass(frozen=True, slots=True)
class Path:
    """One way from the person to a role; the group the person is a direct member of comes first."""

    role: str
    groups: tuple[str, ...] = ()
    reason: PathReason = PathReason.COUNTS

    @property
    def counts(self) -> bool:
        """Does it give an account?"""
        return self.reason is PathReason.COUNTS


class Ownership(StrEnum):
    """How an account came under Rollcall's care, or that it is not."""

    CREATED = "created"
    TAKEN_OVER = "taken_over"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class AccountFound:
    """The account as the target shows it."""

    key: str
    address: str
    active: bool
    products: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class StageName(StrEnum):
    """The steps of section 11; the connection is shown only when it failed, members of groups."""

    CONNECTION = "connection"
    IMPORT = "import"
    SCOPE = "scope"
    MATCH = "match"
    ACTION = "action"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line under a step; `passed` None when there is nothing to pass."""

    text: Text
    passed: bool | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One step with its evidence."""

    name: StageName
    status: Status
    evidence: tuple[Evidence, ...] = ()


class NextAction(StrEnum):
    """What the next cycle does about the person."""

    CREATE = "create"
    UPDATE = "update"
    DISABLE = "disable"
    ENABLE = "enable"
    DELETE = "delete"
    LINK = "link"
    NONE = "none"
    RETRY = "retry"
    """It failed and is tried again."""
    DECISION = "decision"
    """A held removal waits for `release` or `keep`."""


@dataclass(frozen=True, slots=True)
class Next:
    """What happens next, and when; `at` None when nothing is scheduled."""

    action: NextAction
    message: Text
    at: datetime | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What there is to say about a person or a group."""

    answer: Text
    in_scope: bool
    reason: Reason
    because: str
    application: str
    paths: tuple[Path, ...]
    origin: Ownership | None
    stages: tuple[Stage, ...]
    next: Next
    code: str | None = None
    """The code of spec/provisioning.md 12.4 when something fails or is left alone."""
    advice: Text | None = None
    as_of: datetime | None = None
    """When both sides were last read; None = just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation(Explained):
    """Everything there is to say about one person."""

    person: Person
    account: AccountFound | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupExplanation(Explained):
    """Everything there is to say about one group."""

    group: DirectoryGroup
    security_enabled: bool
    target: Identity | None
    """The group at the target, where it has one."""


class Result(StrEnum):
    """How provision on demand ended for one person or group."""

    SUCCESS = "success"
    SKIPPED = "skipped"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What provision on demand did for one person."""

    explanation: Explanation
    result: Result
    record: ActivityRecord


@dataclass(frozen=True, slots=True)
class ProvisionedGroup:
    """What provision on demand did for one group: the object, then members."""

    explanation: GroupExplanation
    result: Result
    record: ActivityRecord | None
    """The one that decided the result; None where groups themselves are left alone."""
    records: tuple[ActivityRecord, ...] = ()
    """All that were made."""


@dataclass(frozen=True, slots=True)
class ProvisionedOnDemand:
    """People, and the group they were chosen from."""

    people: tuple[Provisioned, ...]
    group: ProvisionedGroup | None = None
