"""Who should have an account, and why (spec/provisioning.md 2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.activity import Reason
from app.domain.errors import EntryError
from app.domain.people import DEFAULT_ACCESS, Application, AppRole, Presence
from app.domain.plan import Grant, Link, Subject
from app.domain.settings import Profile, Scope
from app.mapping.scoping import CompiledFilters

DEFAULT_ROLE = AppRole(id=DEFAULT_ACCESS, name="Default Access")


@dataclass(frozen=True, slots=True)
class ScopeVerdict:
    """Whether a person is in scope; `because` names the group, role or filter behind it."""

    in_scope: bool
    reason: Reason
    because: str = ""
    roles: tuple[AppRole, ...] = ()
    grant: Grant | None = None
    """The grant that decided: the first effective one."""
    trouble: EntryError | None = None
    """Why nobody can tell; until somebody can, things stay as they are."""


def effective_roles(application: Application, profile: Profile) -> frozenset[str]:
    """Ids of the roles that give an account (spec/provisioning.md 2.2)."""
    roles = frozenset(role.id for role in application.roles)
    return roles | {DEFAULT_ACCESS} if profile.default_access_counts else roles


def assess(
    subject: Subject, profile: Profile, roles: Mapping[str, AppRole], filters: CompiledFilters
) -> ScopeVerdict:
    """Decide scope for one person from the grants, the pilot list, presence and filters."""
    person = subject.person
    if profile.pilot is not None and not _in_pilot(subject, profile.pilot):
        return ScopeVerdict(False, Reason.OUTSIDE_PILOT)
    if person.presence is Presence.PURGED:
        return ScopeVerdict(False, Reason.PURGED_IN_SOURCE)
    if person.presence is Presence.SOFT_DELETED:
        return ScopeVerdict(False, Reason.DELETED_IN_SOURCE)
    effective = [
        grant
        for grant in subject.grants
        if grant.role_id in roles
        or (grant.role_id == DEFAULT_ACCESS and profile.default_access_counts)
    ]
    held = tuple(roles.get(grant.role_id, DEFAULT_ROLE) for grant in effective)
    if not effective and profile.scope is Scope.ASSIGNED:
        return _not_entitled(subject, profile)
    grant = effective[0] if effective else None
    if not person.enabled:
        return ScopeVerdict(False, Reason.DISABLED_IN_SOURCE, roles=held, grant=grant)
    try:
        verdict = filters.check(person.attributes)
    except EntryError as error:
        kept = subject.link is not None and subject.link.active
        return ScopeVerdict(kept, Reason.FILTER_UNDECIDED, roles=held, grant=grant, trouble=error)
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


def _not_entitled(subject: Subject, profile: Profile) -> ScopeVerdict:
    """Only Default Access, or an assignment whose role does not exist: a damaged record (2.2)."""
    if not subject.grants:
        return _left(subject.link)
    default = [grant for grant in subject.grants if grant.role_id == DEFAULT_ACCESS]
    if default and not profile.default_access_counts:
        name = DEFAULT_ROLE.name
        return ScopeVerdict(False, Reason.NOT_EFFECTIVELY_ENTITLED, name, grant=default[0])
    grant = subject.grants[0]
    return ScopeVerdict(False, Reason.NOT_EFFECTIVELY_ENTITLED, grant.role_id, grant=grant)


def _left(link: Link | None) -> ScopeVerdict:
    """No grant is left: the link remembers the group through which the last one came.

    Whether the group lost its assignment or the person left it is told by the caller, who knows
    the groups that are still assigned.
    """
    if link is None or link.group_id is None:
        return ScopeVerdict(False, Reason.UNASSIGNED)
    return ScopeVerdict(False, Reason.LEFT_GROUP, link.group_name or "")
