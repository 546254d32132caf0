"""A record with the names and values of Microsoft's provisioning log (spec/provisioning.md 12.1).

What is the same for all records of a profile is taken from the profile, what follows from other
fields is derived; the state holds neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from app.cli import json_lines
from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    Change,
    Identity,
    Initiator,
    Status,
    Step,
    StepType,
)
from app.domain.codes import category_of
from app.domain.people import Value
from app.domain.settings import Profile
from app.domain.texts import Translator

ACTIONS = {
    ActionKind.CREATE: "create",
    ActionKind.UPDATE: "update",
    ActionKind.ENABLE: "update",
    ActionKind.DISABLE: "disable",
    ActionKind.DELETE: "delete",
    ActionKind.LINK: "other",
    ActionKind.OTHER: "other",
}
"""Microsoft's log has no word for enabling (it writes an attribute) or for linking."""

_VERBS = {
    ActionKind.CREATE: "Add",
    ActionKind.UPDATE: "Update",
    ActionKind.ENABLE: "Update",
    ActionKind.DISABLE: "Update",
    ActionKind.DELETE: "Delete",
}


@dataclass(frozen=True, slots=True)
class Systems:
    """What all records of one profile share."""

    tenant: str
    job: str
    source: Mapping[str, Any]
    target: Mapping[str, Any]
    service_principal: Mapping[str, Any]

    @classmethod
    def of(cls, profile: Profile) -> Systems:
        """Of this profile. The job id stays the same as long as profile and tenant do."""
        source, target = profile.source, profile.target
        instance = uuid5(NAMESPACE_URL, f"rollcall:{source.tenant}/{profile.name}").hex
        return cls(
            tenant=source.tenant,
            job=f"{target.kind.value}.{source.tenant}.{instance}",
            source={
                "id": source.tenant,
                "displayName": "Microsoft Entra ID",
                "details": {"graphUrl": source.graph_url},
            },
            target={
                "id": target.account_key or urlsplit(target.url).netloc,
                "displayName": "GoTo" if target.kind.value.startswith("goto") else "SCIM",
                "details": {"kind": target.kind.value, "url": target.url},
            },
            service_principal={"id": source.service_principal, "displayName": profile.name},
        )


def log_record(record: ActivityRecord, systems: Systems, translator: Translator) -> dict[str, Any]:
    """The activity record of the interface with the fields of 12.1 beside its own."""
    return {
        **json_lines.activity(record, translator),
        "id": record_id(record),
        "activityDateTime": json_lines.stamp(record.at),
        "tenantId": systems.tenant,
        "jobId": systems.job,
        "cycleId": record.cycle,
        "changeId": record.change,
        "provisioningAction": _action(record),
        "durationInMilliseconds": record.duration_ms,
        "provisioningStatusInfo": {
            "status": record.status.value,
            "errorInformation": _error(record, translator),
        },
        "provisioningSteps": [_step(one, record.action, translator) for one in record.steps],
        "modifiedProperties": [_property(change) for change in record.changes],
        "sourceIdentity": _identity(record.source),
        "targetIdentity": _identity(record.target),
        "sourceSystem": systems.source,
        "targetSystem": systems.target,
        "servicePrincipal": systems.service_principal,
        "initiatedBy": {
            "id": "",
            "displayName": "Rollcall" if record.initiator is Initiator.SYSTEM else "",
            "initiatingType": record.initiator.value,
        },
    }


def record_id(record: ActivityRecord) -> str:
    """A GUID of the record's own; the change id is that of what was done."""
    return str(uuid5(UUID(record.change), "record")) if record.change else ""


def _action(record: ActivityRecord) -> str:
    return "stageddelete" if record.code == "StagedDelete" else ACTIONS[record.action]


def _error(record: ActivityRecord, translator: Translator) -> dict[str, Any] | None:
    """Why it failed, was left or was done with a loss; None for a plain success."""
    if record.code is None and record.status is not Status.FAILURE:
        return None
    code = record.code or "InternalError"
    request = record.request_id
    return {
        "errorCode": code,
        "reason": translator.render(record.message),
        "additionalDetails": f"request-id {request}" if request else None,
        "errorCategory": category_of(code),
        "recommendedAction": translator.render(record.advice) if record.advice else None,
    }


def _step(step: Step, action: ActionKind, translator: Translator) -> dict[str, Any]:
    return {
        "name": _step_name(step, action),
        "provisioningStepType": step.type.value,
        "status": step.status.value,
        "description": translator.render(step.description),
        "details": dict(step.details),
    }


def _step_name(step: Step, action: ActionKind) -> str:
    """As Microsoft names them; the names of matching and references are ours."""
    verb = _VERBS.get(action, "Skip")
    if step.type is StepType.PROCESSING and step.status is Status.SKIPPED:
        verb = "Skip"
    return {
        StepType.IMPORT: "EntryImport",
        StepType.SCOPING: "EntrySynchronizationScoping",
        StepType.MATCHING: "EntrySynchronizationMatching",
        StepType.PROCESSING: f"EntrySynchronization{verb}",
        StepType.REFERENCE_RESOLUTION: "EntrySynchronizationReferenceResolution",
        StepType.EXPORT: f"EntryExport{verb}",
    }[step.type]


def _property(change: Change) -> dict[str, Any]:
    return {
        "displayName": change.attribute,
        "oldValue": _text(change.old),
        "newValue": _text(change.new),
    }


def _text(value: Value) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _identity(one: Identity) -> dict[str, Any]:
    return {
        "id": one.id,
        "displayName": one.name,
        "identityType": one.type.value,
        "details": {},
    }
