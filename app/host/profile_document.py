"""The profile document: its keys, defaults and rules, as the interface promises them.

The order of fields is the order in which the document is written, and rules look only at fields
that stand above (`info.data`). Rules live in validators of the field they complain about, so
every problem of a document is found in one pass and each names its key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from app.domain.drift import DriftChoice
from app.domain.settings import (
    Apply,
    AttributeMapping,
    DisableMode,
    MappingType,
    ObjectAction,
    Operator,
    Scope,
    SourceSignIn,
    TargetKind,
    TargetSignIn,
)
from app.domain.texts import Text
from app.host.profile_fields import (
    AccountKey,
    Filled,
    Identifier,
    MailAddress,
    Number,
    Operand,
    ProfileName,
    ProxyUrl,
    Url,
    is_loopback,
    refuse,
    refuse_missing,
)
from app.mapping.defaults import default_group_mappings, default_mappings

GOTO_TOKEN_URL = "https://authentication.logmeininc.com/oauth/token"
EXPRESSION_LIMIT = 10_000
YEAR_IN_MINUTES = 525_600
YEAR_IN_HOURS = 8_760
MOST = 2**31 - 1
"""Largest whole number of a document: fits every database column."""

_WITHOUT_OPERAND = frozenset(
    {Operator.IS_TRUE, Operator.IS_FALSE, Operator.IS_NULL, Operator.IS_NOT_NULL}
)


class _Part(BaseModel):
    """An object of the document: closed, frozen, and exact about types."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        serialize_by_alias=True,
    )


class SourceDocument(_Part):
    """Where the people come from."""

    kind: Literal["entra"] = "entra"
    tenant: Identifier = Field(description="Tenant id or domain.")
    client_id: Identifier = Field(description="Application (client) id of the app registration.")
    service_principal: Identifier = Field(
        description="Object id of the enterprise application whose assignments decide."
    )
    sign_in: SourceSignIn = SourceSignIn.CLIENT_SECRET
    login_url: Url = "https://login.microsoftonline.com"
    graph_url: Url = "https://graph.microsoft.com/v1.0"


def _default_url(data: dict[str, Any]) -> str:
    return {
        TargetKind.GOTO_ADMIN: "https://api.getgo.com/admin/rest/v1",
        TargetKind.GOTO_SCIM: "https://api.getgo.com/identity/v1",
    }.get(data["kind"], "")


def _default_token_url(data: dict[str, Any]) -> str | None:
    if data.get("kind") is TargetKind.SCIM2 or data.get("sign_in") is TargetSignIn.BEARER:
        return None
    return GOTO_TOKEN_URL


def _default_rate(data: dict[str, Any]) -> float:
    return 25 if data.get("kind") is TargetKind.SCIM2 else 10


def _default_licences() -> dict[str, tuple[str, ...]]:
    return {"*": ("G2M",)}


class TargetDocument(_Part):
    """Where the accounts are."""

    kind: TargetKind
    url: Url = Field(
        default_factory=_default_url,
        validate_default=True,
        description="Base address; for the GoTo kinds the public one when absent.",
    )
    account_key: AccountKey | None = Field(
        default=None, description="Only goto-admin; null = the only account of the administrator."
    )
    sign_in: TargetSignIn
    client_id: Filled | None = Field(
        default=None, validate_default=True, description="Needed by every sign-in but bearer."
    )
    user_name: Filled | None = Field(
        default=None, validate_default=True, description="Only for password, which needs it."
    )
    token_url: Url | None = Field(
        default_factory=_default_token_url,
        validate_default=True,
        description="Needed by every sign-in but bearer; GoTo's own when absent (GoTo kinds).",
    )
    requests_per_second: Number = Field(
        default_factory=_default_rate,
        ge=0.1,
        le=10_000,
        description="10 for the GoTo kinds and 25 for scim2 when absent.",
    )
    licences: dict[Filled, Annotated[tuple[Filled, ...], Field(min_length=1)]] = Field(
        default_factory=_default_licences,
        min_length=1,
        description="Application role (value or display name, * = any) to product codes.",
    )
    disable: DisableMode = DisableMode.SUSPEND

    @field_validator("url", mode="before")
    @classmethod
    def _needs_url(cls, url: object, info: ValidationInfo) -> object:
        if url == "" and info.data.get("kind") is TargetKind.SCIM2:
            refuse_missing()
        return url

    @field_validator("account_key")
    @classmethod
    def _account_key_fits(cls, account_key: str | None, info: ValidationInfo) -> str | None:
        kind = info.data.get("kind")
        if account_key is not None and kind not in {None, TargetKind.GOTO_ADMIN}:
            refuse(Text("{key} is used by kind goto-admin only; remove it."))
        return account_key

    @field_validator("client_id", "token_url")
    @classmethod
    def _token_endpoint_fits(cls, value: str | None, info: ValidationInfo) -> str | None:
        sign_in = info.data.get("sign_in")
        if sign_in is TargetSignIn.BEARER and value is not None:
            refuse(Text("{key} is not used by the sign-in bearer; remove it."))
        if sign_in not in {None, TargetSignIn.BEARER} and value is None:
            refuse_missing()
        return value

    @field_validator("user_name")
    @classmethod
    def _user_name_fits(cls, user_name: str | None, info: ValidationInfo) -> str | None:
        sign_in = info.data.get("sign_in")
        if sign_in is TargetSignIn.PASSWORD and user_name is None:
            refuse_missing()
        if sign_in not in {None, TargetSignIn.PASSWORD} and user_name is not None:
            refuse(Text("{key} is used by the sign-in password only; remove it."))
        return user_name


class ClauseDocument(_Part):
    """One condition of a scoping filter (spec/provisioning.md 2.6)."""

    attribute: Filled
    operator: Operator
    value: Operand = Field(default="", validate_default=True)

    @field_validator("value")
    @classmethod
    def _operand_is_there(cls, value: str, info: ValidationInfo) -> str:
        operator = info.data.get("operator")
        if operator is not None and operator not in _WITHOUT_OPERAND and not value:
            refuse_missing()
        return value


class FilterDocument(_Part):
    """All clauses must hold; of several filters one is enough."""

    name: Filled
    clauses: tuple[ClauseDocument, ...] = Field(min_length=1)


class AttributeDocument(_Part):
    """One attribute of the target and where its value comes from (spec/provisioning.md 4)."""

    target: Filled
    type: MappingType = MappingType.DIRECT
    source: Filled | None = Field(default=None, validate_default=True)
    expression: Annotated[str, Field(max_length=EXPRESSION_LIMIT)] | None = Field(
        default=None, validate_default=True
    )
    constant: str | None = Field(default=None, validate_default=True)
    default: str | None = None
    match: int | None = Field(
        default=None, ge=1, le=MOST, description="Matching precedence, or null."
    )
    apply: Apply = Apply.ALWAYS
    flow_nulls: bool = False

    @field_validator("source", "expression", "constant")
    @classmethod
    def _value_of_its_type(cls, value: str | None, info: ValidationInfo) -> str | None:
        kind = info.data.get("type")
        named = {"source": MappingType.DIRECT}.get(info.field_name or "")
        if kind is not None and value is None and kind in {named, info.field_name}:
            refuse_missing()
        return value


_ACTIONS = (ObjectAction.CREATE, ObjectAction.UPDATE, ObjectAction.DISABLE)


class ObjectDocument(_Part):
    """What may be done to one kind of object, and how its attributes are made."""

    enabled: bool = True
    actions: tuple[ObjectAction, ...] = _ACTIONS
    attributes: tuple[AttributeDocument, ...] | None = Field(
        default=None, description="The default mapping of the target's kind when absent."
    )

    @field_validator("attributes")
    @classmethod
    def _attributes_differ(
        cls, attributes: tuple[AttributeDocument, ...] | None
    ) -> tuple[AttributeDocument, ...] | None:
        seen: set[str] = set()
        for attribute in attributes or ():
            if attribute.target in seen:
                refuse(
                    Text(
                        "{key} maps {attribute} twice; keep one of the two.",
                        {"attribute": attribute.target},
                    )
                )
            seen.add(attribute.target)
        return attributes


class UsersDocument(ObjectDocument):
    """The mapping of people."""

    @field_validator("enabled")
    @classmethod
    def _always_on(cls, enabled: bool) -> bool:
        """As in the service: only the mapping of groups can be switched off."""
        if not enabled:
            refuse(
                Text(
                    "{key} must be true; to provision nobody, switch provisioning off with "
                    "“enabled” of the profile."
                )
            )
        return enabled

    @field_validator("attributes")
    @classmethod
    def _somebody_can_be_matched(
        cls, attributes: tuple[AttributeDocument, ...] | None
    ) -> tuple[AttributeDocument, ...] | None:
        if attributes is not None and not any(item.match for item in attributes):
            refuse(
                Text(
                    "{key} needs a matching attribute: give the one that identifies an account "
                    "“match”: 1."
                )
            )
        return attributes


class GroupsDocument(ObjectDocument):
    """The mapping of groups; off unless switched on. Members always go by reference."""

    enabled: bool = False
    attributes: tuple[AttributeDocument, ...] | None = Field(
        default=(), description="The default mapping of the target's kind when absent or empty."
    )

    @field_validator("attributes")
    @classmethod
    def _some_group_can_be_matched(
        cls, attributes: tuple[AttributeDocument, ...] | None
    ) -> tuple[AttributeDocument, ...] | None:
        if attributes and not any(item.match for item in attributes):
            refuse(
                Text(
                    "{key} needs a matching attribute: give the one that identifies a group "
                    "“match”: 1."
                )
            )
        return attributes


class MappingsDocument(_Part):
    """Both mappings."""

    users: UsersDocument = Field(default_factory=UsersDocument)
    groups: GroupsDocument = Field(default_factory=GroupsDocument)


class QuarantineDocument(_Part):
    """From which failures on the job is unhealthy (spec/provisioning.md 8.1)."""

    from_failures: int = Field(
        default=5_000, ge=1, le=MOST, description="Fewer are never judged by proportion."
    )
    percent: Number = Field(
        default=40, ge=0, le=100, description="More of all provisioning events failed than this."
    )
    failures: int = Field(default=40_000, ge=1, le=MOST, description="More than this many failed.")
    all_failures: int = Field(
        default=60_000,
        ge=1,
        le=MOST,
        description="More than this many failed, references that could not be written included.",
    )


class SafetyDocument(_Part):
    """The removal brake, null switches that half of it off; and when the job is unhealthy."""

    max_removals: int | None = Field(default=20, ge=0, le=MOST)
    max_removal_percent: Number | None = Field(default=10, ge=0, le=100)
    quarantine: QuarantineDocument = Field(default_factory=QuarantineDocument)


class DriftDocument(_Part):
    """Accounts changed by hand: when they are looked for, and what is done about them."""

    every_hours: Number | None = Field(
        default=24,
        gt=0,
        le=YEAR_IN_HOURS,
        description="Hours between two full reads of the accounts; null looks for nothing.",
    )
    attributes: dict[Filled, DriftChoice] = Field(
        default_factory=dict,
        description="Mapped attribute of the target, “licences” for seats, or “account” for an "
        "account that was deleted: report, repair or accept.",
    )
    otherwise: DriftChoice = Field(
        default=DriftChoice.REPORT, description="What is done about every other attribute."
    )


class SmtpDocument(_Part):
    """A mail server."""

    host: Identifier
    port: int = Field(default=587, ge=1, le=65_535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user_name: Filled | None = None
    sender: MailAddress = Field(alias="from")

    @field_validator("user_name")
    @classmethod
    def _password_stays_hidden(cls, user_name: str | None, info: ValidationInfo) -> str | None:
        bare = info.data.get("security") == "none"
        host = info.data.get("host")
        if user_name is not None and bare and host is not None and not is_loopback(host):
            refuse(
                Text(
                    "{key} would send its password unprotected: set security to starttls or tls, "
                    "or remove the user name."
                )
            )
        return user_name


class NotificationDocument(_Part):
    """Who is told by mail, and how the mail is handed over."""

    email: tuple[MailAddress, ...] = ()
    on_failure: bool = True
    send_through: Literal["smtp", "graph"] = "smtp"
    mailbox: MailAddress | None = Field(
        default=None, validate_default=True, description="The sender with send_through graph."
    )
    smtp: SmtpDocument | None = None

    @field_validator("mailbox")
    @classmethod
    def _graph_needs_a_mailbox(cls, mailbox: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("send_through") == "graph" and mailbox is None:
            refuse_missing()
        return mailbox


class HistoryDocument(_Part):
    """The provisioning log."""

    keep_days: int | None = Field(
        default=30,
        ge=1,
        le=MOST,
        description="Records of the provisioning log older than this many days are removed at "
        "the end of a cycle; null keeps them for ever. Numbers to date are not affected.",
    )


class NetworkDocument(_Part):
    """The way to both services, where the system's own settings do not say it."""

    proxy: ProxyUrl | None = Field(
        default=None,
        description="Address of an HTTP proxy for both services, such as http://proxy:8080; null = "
        "what the environment (HTTPS_PROXY, NO_PROXY) or the system says.",
    )
    ca_file: Filled | None = Field(
        default=None,
        description="PEM file of certificates to trust besides those of the system.",
    )


class ProfileDocument(_Part):
    """One provisioning job: everything but its secrets."""

    format: Annotated[int, Field(ge=1, le=1)] = 1
    name: ProfileName
    source: SourceDocument
    target: TargetDocument
    scope: Scope = Scope.ASSIGNED
    nested_groups: bool = False
    default_access_counts: bool = Field(
        default=False, description="Whether Default Access gives an account like a real role."
    )
    skip_out_of_scope_deletions: bool = Field(
        default=False,
        description="Whether people who leave the scope keep their account as it is.",
    )
    pilot: tuple[Filled, ...] | None = Field(
        default=None,
        description="User principal names; while it is a list, nobody else is touched.",
    )
    scoping_filters: tuple[FilterDocument, ...] = ()
    mappings: MappingsDocument = Field(default_factory=MappingsDocument, validate_default=True)
    safety: SafetyDocument = Field(default_factory=SafetyDocument)
    drift: DriftDocument = Field(default_factory=DriftDocument)
    notification: NotificationDocument = Field(default_factory=NotificationDocument)
    history: HistoryDocument = Field(default_factory=HistoryDocument)
    network: NetworkDocument = Field(default_factory=NetworkDocument)
    interval_minutes: Number = Field(default=20, gt=0, le=YEAR_IN_MINUTES)
    enabled: bool = True

    @field_validator("mappings")
    @classmethod
    def _absent_attributes_are_the_defaults(
        cls, mappings: MappingsDocument, info: ValidationInfo
    ) -> MappingsDocument:
        """Written out, so that a later Rollcall with other defaults changes nobody's accounts."""
        target: TargetDocument | None = info.data.get("target")
        if target is None:
            return mappings
        users, groups = mappings.users, mappings.groups
        if users.attributes is None:
            users = users.model_copy(
                update={"attributes": _documents(default_mappings(target.kind))}
            )
        if not groups.attributes:
            groups = groups.model_copy(
                update={"attributes": _documents(default_group_mappings(target.kind))}
            )
        return mappings.model_copy(update={"users": users, "groups": groups})


def _documents(mappings: Iterable[AttributeMapping]) -> tuple[AttributeDocument, ...]:
    return tuple(AttributeDocument(**asdict(mapping)) for mapping in mappings)
