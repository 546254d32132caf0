"""A profile as the engine sees it: validated, defaults filled in, no secrets.

The document on disk is `host.profiles`; its keys and defaults are `rollcall profile schema`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.drift import LICENCES, ROLES, DriftChoice


class SourceSignIn(StrEnum):
    """How Rollcall signs in at Microsoft."""

    CLIENT_SECRET = "client_secret"
    CERTIFICATE = "certificate"
    BROWSER = "browser"
    DEVICE_CODE = "device_code"

    @property
    def by_person(self) -> bool:
        """A person signs in once; later cycles renew what that left in the keyring."""
        return self in (SourceSignIn.BROWSER, SourceSignIn.DEVICE_CODE)


class TargetKind(StrEnum):
    """Which interface of the target is used (spec/goto.md 1)."""

    GOTO_ADMIN = "goto-admin"
    GOTO_SCIM = "goto-scim"
    SCIM2 = "scim2"


class TargetSignIn(StrEnum):
    """How Rollcall signs in at the target (spec/goto.md 5.1)."""

    PASSWORD = "password"
    BROWSER = "browser"
    PERSONAL_ACCESS_TOKEN = "personal_access_token"
    BEARER = "bearer"

    @property
    def by_person(self) -> bool:
        """As at Microsoft."""
        return self is TargetSignIn.BROWSER


class DisableMode(StrEnum):
    """What disabling takes away."""

    SUSPEND = "suspend"
    REMOVE_MANAGED = "remove_managed"


class Scope(StrEnum):
    """Whom to consider (spec/provisioning.md 2.1)."""

    ASSIGNED = "assigned"
    ALL = "all"


class ObjectAction(StrEnum):
    """Target object actions (spec/provisioning.md 4.6). Disabling counts as an update."""

    CREATE = "create"
    UPDATE = "update"
    DISABLE = "disable"
    DELETE = "delete"


class MappingType(StrEnum):
    """Where a mapped value comes from (spec/provisioning.md 4.1)."""

    DIRECT = "direct"
    CONSTANT = "constant"
    EXPRESSION = "expression"
    NONE = "none"


class Apply(StrEnum):
    """When a mapping is applied (spec/provisioning.md 4.2)."""

    ALWAYS = "always"
    CREATE_ONLY = "create_only"


class Operator(StrEnum):
    """Operators of a scoping clause (spec/provisioning.md 2.6)."""

    EQUALS = "EQUALS"
    NOT_EQUALS = "NOT EQUALS"
    IS_TRUE = "IS TRUE"
    IS_FALSE = "IS FALSE"
    IS_NULL = "IS NULL"
    IS_NOT_NULL = "IS NOT NULL"
    REGEX_MATCH = "REGEX MATCH"
    NOT_REGEX_MATCH = "NOT REGEX MATCH"
    GREATER_THAN = "Greater_Than"
    GREATER_THAN_OR_EQUALS = "Greater_Than_OR_EQUALS"
    ENDS_WITH = "ENDS_WITH"
    INCLUDES = "Includes"
    IN = "&"
    NOT_IN = "!&"


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """The way to both services, where the system's own settings do not say it."""

    proxy: str | None = None
    """Address of an HTTP proxy; None = what environment and system say."""
    ca_file: str | None = None
    """PEM file of certificates to trust besides those of the system."""


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where the people come from."""

    tenant: str
    client_id: str
    service_principal: str
    sign_in: SourceSignIn = SourceSignIn.CLIENT_SECRET
    login_url: str = "https://login.microsoftonline.com"
    graph_url: str = "https://graph.microsoft.com/v1.0"
    network: NetworkSettings = NetworkSettings()


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """Where the accounts are. `licences`: role value or name (`*` = any) to product codes."""

    kind: TargetKind
    url: str
    sign_in: TargetSignIn
    client_id: str | None = None
    user_name: str | None = None
    token_url: str | None = None
    account_key: str | None = None
    requests_per_second: float = 10.0
    licences: Mapping[str, frozenset[str]] = field(
        default_factory=lambda: {"*": frozenset({"G2M"})}
    )
    disable: DisableMode = DisableMode.SUSPEND
    network: NetworkSettings = NetworkSettings()


@dataclass(frozen=True, slots=True)
class AttributeMapping:
    """One attribute of the target and where its value comes from."""

    target: str
    type: MappingType
    source: str | None = None
    expression: str | None = None
    constant: str | None = None
    default: str | None = None
    match: int | None = None
    """Matching precedence, lowest first; None = not a matching attribute."""
    apply: Apply = Apply.ALWAYS
    flow_nulls: bool = False


@dataclass(frozen=True, slots=True)
class ObjectMapping:
    """What may be done to one kind of object and how its attributes are made."""

    enabled: bool
    actions: frozenset[ObjectAction]
    attributes: tuple[AttributeMapping, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a scoping filter."""

    attribute: str
    operator: Operator
    value: str = ""


@dataclass(frozen=True, slots=True)
class ScopingFilter:
    """All clauses must hold; of several filters one is enough."""

    name: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class QuarantineLimits:
    """From which failures on the job is unhealthy (spec/provisioning.md 8.1)."""

    from_failures: int = 5_000
    """Fewer waiting failures are never judged by proportion."""
    percent: float = 40.0
    failures: int = 40_000
    all_failures: int = 60_000
    """References that could not be written counted too."""


@dataclass(frozen=True, slots=True)
class SafetySettings:
    """The removal brake, None switches that half of it off; and when the job is unhealthy."""

    max_removals: int | None = 20
    max_removal_percent: float | None = 10.0
    quarantine: QuarantineLimits = QuarantineLimits()


@dataclass(frozen=True, slots=True)
class DriftSettings:
    """When accounts are compared, and what is done about those that were changed by hand."""

    every_hours: float | None = 24.0
    """Hours between two full reads of the accounts; None = only when one is needed anyway."""
    attributes: Mapping[str, DriftChoice] = field(default_factory=dict)
    otherwise: DriftChoice = DriftChoice.REPORT

    def choice(self, attribute: str) -> DriftChoice:
        """The standing choice for this attribute."""
        name = LICENCES if attribute == ROLES else attribute
        return self.attributes.get(name, self.otherwise)


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A mail server. `security` is `starttls`, `tls` or `none`."""

    host: str
    sender: str
    port: int = 587
    security: str = "starttls"
    user_name: str | None = None


@dataclass(frozen=True, slots=True)
class NotificationSettings:
    """Who is told by mail. `send_through` is `smtp` or `graph`, which sends as `mailbox`."""

    email: tuple[str, ...] = ()
    on_failure: bool = True
    smtp: SmtpSettings | None = None
    send_through: str = "smtp"
    mailbox: str | None = None

    @property
    def wanted(self) -> bool:
        """Whether there is somebody to tell, and a way to do it."""
        way = self.mailbox if self.send_through == "graph" else self.smtp
        return bool(self.on_failure and self.email and way)


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """How long records of the provisioning log are kept; None = for ever."""

    keep_days: int | None = 30


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything one provisioning job needs to know, except secrets."""

    name: str
    source: SourceSettings
    target: TargetSettings
    users: ObjectMapping
    groups: ObjectMapping = ObjectMapping(enabled=False, actions=frozenset(), attributes=())
    """Group objects; only for targets that have them (spec/provisioning.md 2.3)."""
    scope: Scope = Scope.ASSIGNED
    nested_groups: bool = False
    default_access_counts: bool = False
    """Default Access is a role like any other (spec/provisioning.md 2.2)."""
    skip_out_of_scope_deletions: bool = False
    """Who leaves the scope keeps the account as it is (spec/provisioning.md 6, row 14)."""
    pilot: frozenset[str] | None = None
    """User principal names, lower case; while set, nobody else is touched."""
    scoping_filters: tuple[ScopingFilter, ...] = ()
    safety: SafetySettings = SafetySettings()
    drift: DriftSettings = field(default_factory=DriftSettings)
    notification: NotificationSettings = NotificationSettings()
    history: HistorySettings = HistorySettings()
    interval_minutes: float = 20.0
    enabled: bool = True
