"""Explanations as JSON: names and order are a promise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cli import json_lines
from app.domain.explanation import (
    AccountFound,
    Explained,
    Explanation,
    Provisioned,
    ProvisionedGroup,
    Stage,
)
from app.domain.texts import Translator


def why_record(said: Explanation, translator: Translator) -> dict[str, Any]:
    """`"record": "why"`."""
    person = said.person
    user = {
        "id": person.id,
        "name": person.name,
        "user_principal_name": person.attributes.get("userPrincipalName"),
        "mail": person.attributes.get("mail"),
        "enabled": person.enabled,
        "presence": person.presence.value,
    }
    head = {"record": "why", "user": user}
    return _record(said, head, {"account": _account_record(said.account)}, translator)


def provision_record(done: Provisioned, translator: Translator) -> dict[str, Any]:
    """`"record": "provision"`: the same keys with the result and the log record."""
    return {
        **why_record(done.explanation, translator),
        "record": "provision",
        "result": done.result.value,
        "activity": json_lines.activity(done.record, translator),
        "group": None,
    }


def group_record(done: ProvisionedGroup, translator: Translator) -> dict[str, Any]:
    """The same of a group; `activities` are all log records, `activity` the one that decided."""
    said = done.explanation
    group = {
        "id": said.group.id,
        "name": said.group.name,
        "security_enabled": said.security_enabled,
    }
    target = json_lines.identity(said.target) if said.target is not None else None
    head = {"record": "provision", "user": None}
    found = {"account": None, "target_group": target}
    activity = json_lines.activity(done.record, translator) if done.record is not None else None
    return {
        **_record(said, head, found, translator),
        "result": done.result.value,
        "activity": activity,
        "group": group,
        "activities": [json_lines.activity(one, translator) for one in done.records],
    }


def _record(
    said: Explained, head: Mapping[str, Any], found: Mapping[str, Any], translator: Translator
) -> dict[str, Any]:
    """`head`: of whom; `found`: what the target has for them."""
    return {
        **head,
        "answer": translator.render(said.answer),
        "in_scope": said.in_scope,
        "reason": said.reason.value,
        "because": said.because,
        "code": said.code,
        "advice": translator.render(said.advice) if said.advice else None,
        "application": said.application,
        "paths": [
            {
                "role": path.role,
                "groups": list(path.groups),
                "counts": path.counts,
                "reason": path.reason.value,
            }
            for path in said.paths
        ],
        **found,
        "origin": said.origin.value if said.origin else None,
        "steps": [_stage_record(stage, translator) for stage in said.stages],
        "next": {
            "action": said.next.action.value,
            "at": json_lines.stamp(said.next.at),
            "message": translator.render(said.next.message),
            "changes": json_lines.changes(said.next.changes),
        },
        "as_of": json_lines.stamp(said.as_of),
    }


def _account_record(account: AccountFound | None) -> dict[str, Any] | None:
    if account is None:
        return None
    return {
        "key": account.key,
        "address": account.address,
        "active": account.active,
        "products": list(account.products),
        "roles": list(account.roles),
    }


def _stage_record(stage: Stage, translator: Translator) -> dict[str, Any]:
    return {
        "name": stage.name.value,
        "status": stage.status.value,
        "evidence": [
            {"text": translator.render(line.text), "passed": line.passed} for line in stage.evidence
        ],
    }
