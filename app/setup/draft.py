"""The answers of the wizard, typed, and the profile document they make.

A draft never holds a secret: those are kept apart in memory (`Answers.secrets`) and go into
the keyring when their step is left.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

from app.domain.settings import (
    SourceSettings,
    SourceSignIn,
    TargetKind,
    TargetSettings,
    TargetSignIn,
)

MICROSOFT_LOGIN_URL = "https://login.microsoftonline.com"
MICROSOFT_GRAPH_URL = "https://graph.microsoft.com/v1.0"
GOTO_ADMIN_URL = "https://api.getgo.com/admin/rest/v1"
GOTO_TOKEN_URL = "https://authentication.logmeininc.com/oauth/token"

SOURCE_SECRET = "source.client_secret"
SOURCE_CERTIFICATE = "source.certificate"
SOURCE_SIGN_IN = "source.sign_in"
TARGET_SIGN_IN = "target.sign_in"
TARGET_PASSWORD = "target.password"
TARGET_TOKEN = "target.token"
TARGET_CLIENT_SECRET = "target.client_secret"
SMTP_PASSWORD = "smtp.password"


class Step(IntEnum):
    """The pages of the wizard in their order."""

    WELCOME = 1
    SOURCE = 2
    ASSIGNMENT = 3
    TARGET = 4
    CONNECTION_TEST = 5
    NOTIFICATION = 6
    MAPPINGS = 7
    PREVIEW = 8


class World(StrEnum):
    """Which tenant the profile is for."""

    PRACTICE = "practice"
    REAL = "real"


@dataclass(frozen=True, slots=True)
class Draft:
    """Every answer given so far; empty texts are answers still to come.

    `pilot` is the user principal name of the one person to start with; it is used only while
    `one_person_first` is set. `step` is where to carry on.
    """

    step: Step = Step.WELCOME
    world: World | None = None
    name: str = ""
    name_is_own: bool = False
    """The name was typed, so it no longer follows the tenant."""

    tenant: str = ""
    client_id: str = ""
    source_sign_in: SourceSignIn = SourceSignIn.CLIENT_SECRET
    login_url: str = MICROSOFT_LOGIN_URL
    graph_url: str = MICROSOFT_GRAPH_URL

    application_id: str = ""
    application_name: str = ""
    nested_groups: bool = False
    pilot: str = ""
    pilot_name: str = ""

    target_kind: TargetKind = TargetKind.GOTO_ADMIN
    target_sign_in: TargetSignIn = TargetSignIn.PASSWORD
    target_url: str = GOTO_ADMIN_URL
    token_url: str = GOTO_TOKEN_URL
    user_name: str = ""
    target_client_id: str = ""
    account_key: str = ""
    account_name: str = ""

    addresses: tuple[str, ...] = ()
    on_failure: bool = True
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user_name: str = ""
    smtp_from: str = ""

    switch_on: bool = True
    one_person_first: bool = False
    interval_minutes: int = 20

    def required_secrets(self) -> tuple[str, ...]:
        """Names of the secrets this profile cannot do without (interface.md, Targets)."""
        return (secret_of_source(self.source_sign_in), secret_of_target(self.target_sign_in))

    def usable_secrets(self) -> tuple[str, ...]:
        """Names of all secrets the profile as answered may use."""
        names = list(self.required_secrets())
        if self.target_sign_in is not TargetSignIn.BEARER:
            names.append(TARGET_CLIENT_SECRET)
        if self.smtp_host:
            names.append(SMTP_PASSWORD)
        return tuple(names)

    def source_settings(self) -> SourceSettings:
        """The source as answered so far; the application may still be missing."""
        return SourceSettings(
            tenant=self.tenant.strip(),
            client_id=self.client_id.strip(),
            service_principal=self.application_id,
            sign_in=self.source_sign_in,
            login_url=self.login_url,
            graph_url=self.graph_url,
        )

    def target_settings(self) -> TargetSettings:
        """The target as answered so far."""
        bearer = self.target_sign_in is TargetSignIn.BEARER
        password = self.target_sign_in is TargetSignIn.PASSWORD
        return TargetSettings(
            kind=self.target_kind,
            url=self.target_url,
            sign_in=self.target_sign_in,
            client_id=None if bearer else self.target_client_id.strip(),
            user_name=self.user_name.strip() if password else None,
            token_url=None if bearer else self.token_url,
            account_key=self.account_key or None,
        )

    def to_document(self, *, everyone: bool = False) -> dict[str, Any]:
        """The profile document of `interface.md`; `everyone` leaves the pilot out.

        Mappings, licences and safety are left to their defaults: the wizard only shows them.
        """
        pilot = [self.pilot] if self.one_person_first and self.pilot and not everyone else None
        return {
            "format": 1,
            "name": self.name,
            "source": self._source(),
            "target": self._target(),
            "scope": "assigned",
            "nested_groups": self.nested_groups,
            "pilot": pilot,
            "notification": self._notification(),
            "interval_minutes": self.interval_minutes,
            "enabled": self.switch_on,
        }

    def _source(self) -> dict[str, Any]:
        return {
            "kind": "entra",
            "tenant": self.tenant.strip(),
            "client_id": self.client_id.strip(),
            "service_principal": self.application_id,
            "sign_in": self.source_sign_in.value,
            "login_url": self.login_url,
            "graph_url": self.graph_url,
        }

    def _target(self) -> dict[str, Any]:
        target: dict[str, Any] = {
            "kind": self.target_kind.value,
            "url": self.target_url,
            "sign_in": self.target_sign_in.value,
        }
        if self.target_kind is TargetKind.GOTO_ADMIN:
            target["account_key"] = self.account_key or None
        if self.target_sign_in is not TargetSignIn.BEARER:
            target["client_id"] = self.target_client_id.strip()
            target["token_url"] = self.token_url
        if self.target_sign_in is TargetSignIn.PASSWORD:
            target["user_name"] = self.user_name.strip()
        return target

    def _notification(self) -> dict[str, Any]:
        notification: dict[str, Any] = {
            "email": list(self.addresses),
            "on_failure": self.on_failure,
        }
        if self.smtp_host:
            notification["send_through"] = "smtp"
            notification["smtp"] = {
                "host": self.smtp_host,
                "port": self.smtp_port,
                "security": self.smtp_security,
                "user_name": self.smtp_user_name or None,
                "from": self.smtp_from,
            }
        return notification

    def to_json(self) -> dict[str, Any]:
        """The draft for "Save and close"; holds no secret."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Draft:
        """The draft as saved. Raises `ValueError` or `TypeError` when it cannot be one."""
        unknown = set(saved) - set(cls.__dataclass_fields__)
        if unknown:
            raise ValueError(f"unknown answer {min(unknown)}")
        model = cls()
        values = {name: _typed(name, value, getattr(model, name)) for name, value in saved.items()}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Answers:
    """A draft with the secrets typed for it. Printing it shows their names alone."""

    draft: Draft = field(default_factory=Draft)
    secrets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    @property
    def known(self) -> frozenset[str]:
        """Names of the secrets that have a value."""
        return frozenset(name for name, value in self.secrets.items() if value)


def secret_of_source(sign_in: SourceSignIn) -> str:
    """Name of the secret that this way of signing in at Microsoft cannot do without."""
    if sign_in.by_person:
        return SOURCE_SIGN_IN
    return SOURCE_CERTIFICATE if sign_in is SourceSignIn.CERTIFICATE else SOURCE_SECRET


def secret_of_target(sign_in: TargetSignIn) -> str:
    """Name of the secret that this way of signing in at the target cannot do without."""
    if sign_in.by_person:
        return TARGET_SIGN_IN
    return TARGET_PASSWORD if sign_in is TargetSignIn.PASSWORD else TARGET_TOKEN


def suggested_name(tenant: str) -> str:
    """A profile name made of the tenant's domain: `contoso.onmicrosoft.com` gives `contoso`."""
    label = tenant.strip().lower().partition(".")[0]
    return re.sub(r"[^a-z0-9]+", "-", label).strip("-")[:40]


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _typed(name: str, value: Any, model: object) -> Any:  # noqa: ANN401 - JSON in, any field out
    """`value` in the type the field has in an empty draft."""
    if name == "world":
        return None if value is None else World(value)
    if isinstance(model, Enum):
        return type(model)(value)
    if isinstance(model, tuple):
        return tuple(_typed(name, item, "") for item in value)
    if type(value) is not type(model):
        raise TypeError(f"the answer {name} has the wrong type")
    return value
