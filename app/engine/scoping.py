"""Who should have an account, and why (spec/provisioning.md 2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.activity import Reason
from app.domain.people import DEFAULT_ACCESS, AppRole, Presence
from app.domain.plan import Grant, Link, Subject
from app.domain.settings import Profile, Scope
from app.mapping.scoping import CompiledFilters


@dataclass(frozen=True, slots=True)
class ScopeVerdict:
    """Whether a person is in scope; `because` names the group, role or filter behind it."""

    in_scope: bool
    reason: Reason
    because: str = ""
    roles: tuple[AppRole, ...] = ()
    grant: Grant | None = None
    """The grant that decided: the first effective one."""


def assess(
    subject: Subject, profile: Profile, roles: Mapping[str, AppRole], filters: CompiledFilters
) -> ScopeVerdict:
    """Decide scope for one person from the grants, the pilot list, presence and filters."""
    person = subject.person
    if profile.pilot is not None and not _in_pilot(subject, profile.pilot):
        return ScopeVerdict(False, Reason.OUTSIDE_PILOT)
    if person.presence is not Presence.PRESENT:
        return ScopeVerdict(False, Reason.DELETED_IN_SOURCE)
    effective = [grant for grant in subject.grants if grant.role_id != DEFAULT_ACCESS]
    held = tuple(_role(grant.role_id, roles) for grant in effective)
    if not effective and profile.scope is Scope.ASSIGNED:
        return _not_entitled(subject)
    grant = effective[0] if effective else None
    if not person.enabled:
        return ScopeVerdict(False, Reason.DISABLED_IN_SOURCE, roles=held, grant=grant)
    verdict = filters.check(person.attributes)
    if not verdict.passed:
        name = verdict.filter_name or ""
        return ScopeVerdict(False, Reason.FILTERED_OUT, name, roles=held, grant=grant)
    because = grant.group_names[0] if grant and grant.group_names else ""
    return ScopeVerdict(True, Reason.ASSIGNED, because, roles=held, grant=grant)


def fingerprint(subject: Subject) -> str:
    """What the source looks like: a kept person is looked at again when it changes."""
    seen = [
        sorted(subject.person.attributes.items()),
        subject.person.presence,
        [[grant.role_id, *grant.group_ids] for grant in subject.grants],
    ]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()


def _in_pilot(subject: Subject, pilot: frozenset[str]) -> bool:
    names = (
        subject.person.attributes.get("userPrincipalName"),
        subject.person.attributes.get("originalUserPrincipalName"),
    )
    return any(isinstance(name, str) and name.lower() in pilot for name in names)


def _role(role_id: str, roles: Mapping[str, AppRole]) -> AppRole:
    return roles.get(role_id) or AppRole(id=role_id, name=role_id)


def _not_entitled(subject: Subject) -> ScopeVerdict:
    if subject.grants:
        grant = subject.grants[0]
        return ScopeVerdict(False, Reason.NOT_EFFECTIVELY_ENTITLED, "Default Access", grant=grant)
    return _left(subject.link)


def _left(link: Link | None) -> ScopeVerdict:
    """No grant is left: the link remembers the group through which the last one came.

    Whether the group lost its assignment or the person left it is told by the caller, who knows
    the groups that are still assigned.
    """
    if link is None or link.group_id is None:
        return ScopeVerdict(False, Reason.UNASSIGNED)
    return ScopeVerdict(False, Reason.LEFT_GROUP, link.group_name or "")
