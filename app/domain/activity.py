"""What happened and what is happening: actions, records, progress, cycles.

Field names and the values of the enums are those of the JSON the command line prints.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from app.domain.people import Value
from app.domain.texts import Text


class ActionKind(StrEnum):
    """What is done to an account."""

    CREATE = "create"
    UPDATE = "update"
    DISABLE = "disable"
    ENABLE = "enable"
    DELETE = "delete"
    LINK = "link"
    OTHER = "other"


class Status(StrEnum):
    """How a step or an action ended."""

    SUCCESS = "success"
    FAILURE = "failure"
    SKIPPED = "skipped"
    WARNING = "warning"


class Reason(StrEnum):
    """Why an action is planned; stable names, the window groups by them."""

    ASSIGNED = "assigned"
    MATCHED = "matched"
    ATTRIBUTE_CHANGED = "attribute_changed"
    ROLE_CHANGED = "role_changed"
    REFERENCE_CHANGED = "reference_changed"
    REACTIVATED = "reactivated"
    UNASSIGNED = "unassigned"
    GROUP_UNASSIGNED = "group_unassigned"
    LEFT_GROUP = "left_group"
    DISABLED_IN_SOURCE = "disabled_in_source"
    DELETED_IN_SOURCE = "deleted_in_source"
    FILTERED_OUT = "filtered_out"
    FILTER_UNDECIDED = "filter_undecided"
    NOT_EFFECTIVELY_ENTITLED = "not_effectively_entitled"
    OUTSIDE_PILOT = "outside_pilot"
    NO_MATCHING_VALUE = "no_matching_value"
    DUPLICATE = "duplicate"
    ACTION_SWITCHED_OFF = "action_switched_off"
    OWN_ACCOUNT = "own_account"
    NOTHING_TO_CHANGE = "nothing_to_change"
    KEPT = "kept"
    OUT_OF_SCOPE_KEPT = "out_of_scope_kept"
    PURGED_IN_SOURCE = "purged_in_source"
    TARGET_LOST = "target_lost"
    DRIFT = "drift"


class StepType(StrEnum):
    """Steps of a provisioning record (spec/provisioning.md 12.1)."""

    IMPORT = "import"
    SCOPING = "scoping"
    MATCHING = "matching"
    PROCESSING = "processing"
    REFERENCE_RESOLUTION = "referenceResolution"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a record with its evidence."""

    type: StepType
    status: Status
    description: Text
    details: Mapping[str, str] = field(default_factory=dict)


REDACTED = "[Redact]"
"""Stands in the log for a value that a mapping hides (spec/expressions.md, Redact)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute, old and new value. `redacted`: a mapping hides its values from the log."""

    attribute: str
    old: Value
    new: Value
    redacted: bool = False

    def shown(self) -> Change:
        """As people may see it."""
        if not self.redacted:
            return self
        return replace(self, old=_hidden(self.old), new=_hidden(self.new))


def _hidden(value: Value) -> Value:
    """Of a text that shows already what is hidden the rest may be read."""
    if value is None or (isinstance(value, str) and REDACTED in value):
        return value
    return REDACTED


class IdentityType(StrEnum):
    """What an identity of the log is (spec/provisioning.md 12.1)."""

    USER = "User"
    GROUP = "Group"


@dataclass(frozen=True, slots=True)
class Identity:
    """A person, an account or a group by id and name; both may be empty when there is none."""

    id: str = ""
    name: str = ""
    type: IdentityType = IdentityType.USER


class Initiator(StrEnum):
    """Who caused a record (spec/provisioning.md 12.1, initiatingType)."""

    SYSTEM = "system"
    USER = "user"


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One line of a plan: what would be done to whom, and why.

    `status` is SUCCESS for what would be written, SKIPPED for what is left alone on purpose,
    FAILURE for what is known to fail (two people with one address), WARNING for what is written
    with a loss (a name cut to length).
    """

    action: ActionKind
    status: Status
    source: Identity
    target: Identity
    reason: Reason
    message: Text
    because: str = ""
    """The group, role, filter or attribute behind the reason."""
    changes: tuple[Change, ...] = ()
    code: str | None = None
    advice: Text | None = None
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        """What is planned is shown, kept and saved: hidden values never get in."""
        object.__setattr__(self, "changes", tuple(change.shown() for change in self.changes))

    @property
    def removal(self) -> bool:
        """Counts against the removal brake."""
        return self.action in (ActionKind.DISABLE, ActionKind.DELETE) and self.status in (
            Status.SUCCESS,
            Status.WARNING,
        )


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    """One line of the provisioning log: what was done to whom, with what result."""

    at: datetime
    cycle: str
    action: ActionKind
    status: Status
    source: Identity
    target: Identity
    message: Text
    reason: Reason | None = None
    changes: tuple[Change, ...] = ()
    code: str | None = None
    advice: Text | None = None
    steps: tuple[Step, ...] = ()
    duration_ms: int = 0
    request_id: str | None = None
    change: str = ""
    """GUID of this change; the record's own id is derived from it."""
    initiator: Initiator = Initiator.SYSTEM

    def __post_init__(self) -> None:
        """The one gate to stores, sinks, mails and windows: hidden values never get through."""
        object.__setattr__(self, "changes", tuple(change.shown() for change in self.changes))


class CycleKind(StrEnum):
    """First look at everybody, or only at what changed."""

    INITIAL = "initial"
    INCREMENTAL = "incremental"


class CycleOutcome(StrEnum):
    """How a cycle ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    HELD = "held"


class Phase(StrEnum):
    """Where a cycle is."""

    IMPORT = "import"
    SCOPING = "scoping"
    MATCHING = "matching"
    PLAN = "plan"
    GUARDS = "guards"
    APPLY = "apply"


@dataclass(frozen=True, slots=True)
class Counts:
    """People by what became of them in one cycle."""

    created: int = 0
    updated: int = 0
    disabled: int = 0
    enabled: int = 0
    deleted: int = 0
    linked: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    escrowed: int = 0


_COUNT_OF = {
    ActionKind.CREATE: "created",
    ActionKind.UPDATE: "updated",
    ActionKind.DISABLE: "disabled",
    ActionKind.ENABLE: "enabled",
    ActionKind.DELETE: "deleted",
    ActionKind.LINK: "linked",
}


def tally(rows: Iterable[tuple[str, str, int]], *, unchanged: int = 0, escrowed: int = 0) -> Counts:
    """Counts from (action, status, number) rows of a plan or of a log."""
    numbers: dict[str, int] = defaultdict(int, unchanged=unchanged, escrowed=escrowed)
    for action, status, number in rows:
        if status == Status.FAILURE:
            numbers["failed"] += number
        elif status == Status.SKIPPED or action == ActionKind.OTHER:
            numbers["skipped"] += number
        else:
            numbers[_COUNT_OF[ActionKind(action)]] += number
    return Counts(**numbers)


@dataclass(frozen=True, slots=True)
class Progress:
    """A snapshot of the running cycle; the newest replaces the older."""

    cycle: str
    kind: CycleKind
    phase: Phase
    started_at: datetime
    read: int = 0
    """People read so far (import has no total)."""
    done: int = 0
    total: int = 0
    """People this cycle has to decide about; 0 = not known yet."""
    counts: Counts = Counts()
    per_second: float = 0.0
    """People finished per second, over the last seconds of the apply phase."""
    eta_seconds: float | None = None
    stopping: bool = False


@dataclass(frozen=True, slots=True)
class CycleSummary:
    """One cycle, finished (or running: `ended_at` is None)."""

    id: str
    profile: str
    kind: CycleKind
    started_at: datetime
    ended_at: datetime | None = None
    outcome: CycleOutcome | None = None
    counts: Counts = Counts()
    groups: Counts = Counts()
    """Group objects, apart from the people."""
    source_requests: int = 0
    target_requests: int = 0
    throttled: int = 0
    held_because: str | None = None
    quarantine: str | None = None
    error: Text | None = None
    advice: Text | None = None
    escrows_pruned: bool = False
    """So many failed in an initial cycle that their retries were given up (8.1)."""
    error_code: str | None = None
    """Class name of the error that ended it (`CredentialsRefused`), for the exit code."""

    @property
    def duration_s(self) -> float:
        """Seconds from start to end; 0 while it runs."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else 0.0


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """The end of a plan: counts of what would be done."""

    id: str
    kind: CycleKind
    counts: Counts
    removals: int = 0
    held_because: str | None = None
    groups: Counts = Counts()
    """Group objects, apart from the people."""


@dataclass(frozen=True, slots=True)
class JobStatus:
    """What `rollcall status` and the overview show, read from the state alone."""

    current: CycleSummary | None = None
    last: CycleSummary | None = None
    watermark_at: datetime | None = None
    people_in_scope: int = 0
    linked: int = 0
    escrowed: int = 0
    held: int = 0
    totals: Counts = Counts()
    cycles: int = 0
    since: datetime | None = None
    quarantine: str | None = None
    """Why the job is unhealthy, and until when the schedule waits."""
    quarantined_since: datetime | None = None
    next_attempt: datetime | None = None
    mail_error: Text | None = None
    """Why the last notification could not be sent; None when it could, or none was due."""
    drifted: int = 0
    """People whose account was changed by hand, and nobody has decided about it."""


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Filters of the provisioning log; None = any (spec/provisioning.md 12.2).

    `text` is a part of a name, address, id or code, of either side. `since` is included, `until`
    is not.
    """

    status: Status | None = None
    action: ActionKind | None = None
    cycle: str | None = None
    change: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None
    newest_first: bool = True
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class CheckPart:
    """One of several things that a check looked at: a permission, a domain."""

    name: str
    status: Status
    fact: Text
    """In two or three words: "granted"."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line of the connection test. `status` None while it runs."""

    side: str
    """`source` or `target`."""
    name: str
    """Stable id, one of those in `setup.connection_test`."""
    title: Text
    status: Status | None = None
    fact: Text | None = None
    advice: Text | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[CheckPart, ...] = ()
