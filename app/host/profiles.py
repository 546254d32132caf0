"""Profile documents from and to JSON, and as the settings the engine works with.

Whatever comes in, the answer is a valid document or a `ConfigurationError` that names what is
wrong: place in the text for broken JSON, dotted path of the key for everything else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError

from app.domain.drift import ACCOUNT, LICENCES
from app.domain.errors import ConfigurationError
from app.domain.settings import (
    AttributeMapping,
    Clause,
    DriftSettings,
    HistorySettings,
    NetworkSettings,
    NotificationSettings,
    ObjectMapping,
    Profile,
    QuarantineLimits,
    SafetySettings,
    Scope,
    ScopingFilter,
    SmtpSettings,
    SourceSettings,
    TargetSettings,
)
from app.domain.texts import Text
from app.host.profile_document import NotificationDocument, ObjectDocument, ProfileDocument
from app.host.profile_problems import configuration_error, describe
from app.mapping.attributes import compile_mappings, functions_used
from app.mapping.limits import group_limits_of, limits_of
from app.mapping.scoping import compile_filters

__all__ = ["ProfileDocument", "as_dict", "json_schema", "load_document", "to_json", "to_settings"]

SIZE_LIMIT = 1_000_000
"""Characters; a real profile has some thousand."""
DEPTH_LIMIT = 16


def load_document(document: str | bytes | Mapping[str, Any]) -> ProfileDocument:
    """Read a profile document from JSON text or from its parsed form.

    Absent keys take their defaults. Raises `ConfigurationError` with all problems found.
    """
    data = document if isinstance(document, Mapping) else _parse(document)
    if not isinstance(data, Mapping):
        raise ConfigurationError(
            Text("A profile must be an object, but is {given}.", {"given": describe(data)})
        )
    _check_depth(data)
    try:
        # JSON mode: strict about types, yet enums come as text and tuples as lists.
        checked = ProfileDocument.model_validate_json(_encoded(data))
    except ValidationError as error:
        raise configuration_error(error, _known_keys) from None
    check_rules(to_settings(checked))
    return checked


def check_rules(profile: Profile) -> None:
    """Refuse mappings and filters that no cycle could work with; names key and place."""
    compile_mappings(profile.users.attributes, limits_of(profile.target.kind))
    _check_groups(profile)
    compile_filters(profile.scoping_filters)
    _refuse_roles_of_everybody(profile)
    _check_drift(profile)


def _check_drift(profile: Profile) -> None:
    """Only what is written can be repaired, and each is called by its name."""
    limits = limits_of(profile.target.kind)
    names = {one.target for one in profile.users.attributes} - limits.references
    names |= {ACCOUNT, LICENCES} if limits.has_seats else {ACCOUNT}
    for name in profile.drift.attributes:
        if name not in names:
            key = f"drift.attributes.{name}"
            raise ConfigurationError(
                Text("{key}: no mapping writes {name}", {"key": key, "name": name}),
                Text("It may be one of: {names}", {"names": ", ".join(sorted(names))}),
                key=key,
            )


def _check_groups(profile: Profile) -> None:
    limits = group_limits_of(profile.target.kind)
    if limits is not None and profile.groups.enabled:
        compile_mappings(profile.groups.attributes, limits, "mappings.groups.attributes")


ROLE_FUNCTIONS = frozenset(
    {
        "SingleAppRoleAssignment",
        "AppRoleAssignmentsComplex",
        "AssertiveAppRoleAssignmentsComplex",
    }
)


def _refuse_roles_of_everybody(profile: Profile) -> None:
    """Role functions need assignments (spec/provisioning.md 2.1)."""
    if profile.scope is not Scope.ALL:
        return
    for index, mapping in enumerate(profile.users.attributes):
        for name in sorted(functions_used(mapping) & ROLE_FUNCTIONS):
            key = f"mappings.users.attributes[{index}].expression"
            raise ConfigurationError(
                Text(
                    "{key}: {function} cannot be used with the scope all",
                    {"key": key, "function": name},
                ),
                "Set scope to assigned, or use another expression.",
                key=key,
            )


def as_dict(document: ProfileDocument) -> dict[str, Any]:
    """The document with every key, in the order the interface shows them."""
    return document.model_dump(mode="json")


def to_json(document: ProfileDocument) -> str:
    """Pretty JSON for people and for the file on disk; ends in a line break."""
    return json.dumps(as_dict(document), indent=2, ensure_ascii=False) + "\n"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the document (draft 2020-12)."""
    schema = ProfileDocument.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Rollcall profile",
    }


def to_settings(document: ProfileDocument) -> Profile:
    """The document as frozen settings of the engine."""
    source, target = document.source, document.target
    pilot = document.pilot
    network = NetworkSettings(document.network.proxy, document.network.ca_file)
    return Profile(
        name=document.name,
        source=SourceSettings(
            tenant=source.tenant,
            client_id=source.client_id,
            service_principal=source.service_principal,
            sign_in=source.sign_in,
            login_url=source.login_url,
            graph_url=source.graph_url,
            network=network,
        ),
        target=TargetSettings(
            kind=target.kind,
            url=target.url,
            sign_in=target.sign_in,
            client_id=target.client_id,
            user_name=target.user_name,
            token_url=target.token_url,
            account_key=target.account_key,
            requests_per_second=target.requests_per_second,
            licences={role: frozenset(codes) for role, codes in target.licences.items()},
            disable=target.disable,
            network=network,
        ),
        users=_object_mapping(document.mappings.users),
        groups=_object_mapping(document.mappings.groups),
        scope=document.scope,
        nested_groups=document.nested_groups,
        default_access_counts=document.default_access_counts,
        skip_out_of_scope_deletions=document.skip_out_of_scope_deletions,
        pilot=None if pilot is None else frozenset(name.strip().lower() for name in pilot),
        scoping_filters=tuple(
            ScopingFilter(
                name=item.name,
                clauses=tuple(
                    Clause(clause.attribute, clause.operator, clause.value)
                    for clause in item.clauses
                ),
            )
            for item in document.scoping_filters
        ),
        safety=SafetySettings(
            max_removals=document.safety.max_removals,
            max_removal_percent=document.safety.max_removal_percent,
            quarantine=QuarantineLimits(**dict(document.safety.quarantine)),
        ),
        drift=DriftSettings(
            every_hours=document.drift.every_hours,
            attributes=dict(document.drift.attributes),
            otherwise=document.drift.otherwise,
        ),
        notification=_notification(document.notification),
        history=HistorySettings(keep_days=document.history.keep_days),
        interval_minutes=document.interval_minutes,
        enabled=document.enabled,
    )


def _object_mapping(document: ObjectDocument) -> ObjectMapping:
    return ObjectMapping(
        enabled=document.enabled,
        actions=frozenset(document.actions),
        attributes=tuple(
            AttributeMapping(**dict(attribute)) for attribute in document.attributes or ()
        ),
    )


def _notification(document: NotificationDocument) -> NotificationSettings:
    smtp = document.smtp
    return NotificationSettings(
        email=document.email,
        on_failure=document.on_failure,
        send_through=document.send_through,
        mailbox=document.mailbox,
        smtp=None
        if smtp is None
        else SmtpSettings(
            host=smtp.host,
            sender=smtp.sender,
            port=smtp.port,
            security=smtp.security,
            user_name=smtp.user_name,
        ),
    )


def _parse(text: str | bytes) -> object:
    if len(text) > SIZE_LIMIT:
        raise ConfigurationError(
            Text(
                "The profile has more than {limit} characters; it is not a profile document.",
                {"limit": SIZE_LIMIT},
            )
        )
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
        parsed: object = json.loads(
            decoded.removeprefix("\ufeff"),
            object_pairs_hook=_without_twins,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        raise ConfigurationError(
            Text(
                "The profile is not valid JSON: line {line}, column {column}: {reason}.",
                {"line": error.lineno, "column": error.colno, "reason": error.msg},
            )
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            Text("The profile is not UTF-8 text: byte {place}.", {"place": error.start})
        ) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        # Python's guard against numbers that take for ever to read.
        raise ConfigurationError(
            Text("The profile contains a number with thousands of digits.")
        ) from None
    return parsed


def _encoded(data: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ConfigurationError(
            Text("The profile contains half a character (a lone surrogate), which is not text.")
        ) from None
    except (TypeError, ValueError) as error:
        raise ConfigurationError(
            Text("The profile cannot be written as JSON: {reason}.", {"reason": str(error)})
        ) from None


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a key stand twice and the last one win; here nobody's words are dropped."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ConfigurationError(
                Text("The key {key} stands twice in one object.", {"key": key}), key=key
            )
        found[key] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ConfigurationError(
        Text("The profile is not valid JSON: {name} is not a number of JSON.", {"name": name})
    )


def _check_depth(data: object) -> None:
    level: list[object] = [data]
    for _ in range(DEPTH_LIMIT):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise _too_deep()


def _children(value: object) -> Sequence[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list | tuple) else ()


def _too_deep() -> ConfigurationError:
    return ConfigurationError(
        Text(
            "The profile is nested more than {limit} levels deep; it is not a profile document.",
            {"limit": DEPTH_LIMIT},
        )
    )


def _known_keys(location: Sequence[int | str]) -> list[str]:
    """Keys of the object at this place of the document; empty where keys are free."""
    model: type[BaseModel] | None = ProfileDocument
    for part in location:
        if model is None or isinstance(part, int):
            continue
        model = _model_of(model, part)
    return [] if model is None else [f.alias or n for n, f in model.model_fields.items()]


def _model_of(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    field = model.model_fields.get(key)
    pending: list[Any] = [] if field is None else [field.annotation]
    while pending:
        annotation = pending.pop()
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return annotation
        pending.extend(getattr(annotation, "__args__", ()))
    return None
