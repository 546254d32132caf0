"""The practice directory's objects as Graph writes them (spec/graph.md 3, 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from app.domain.people import Presence
from app.sandbox.directory import (
    KNOWN_PROPERTIES,
    UNSET,
    Directory,
    Grant,
    Group,
    Person,
    Role,
    ServicePrincipal,
)
from app.sandbox.wire import Json
from app.sandbox.world import Credentials

USER_DEFAULT: tuple[str, ...] = (
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
)
"""Properties of a user in a list without `$select` (spec/graph.md 2.3)."""

USER_ALL = tuple(sorted(KNOWN_PROPERTIES))

_GROUP_FIXED: Json = {
    "description": None,
    "mail": None,
    "mailEnabled": False,
    "groupTypes": [],
    "membershipRule": None,
    "membershipRuleProcessingState": None,
    "visibility": None,
    "isAssignableToRole": None,
    "onPremisesSyncEnabled": None,
    "deletedDateTime": None,
}
GROUP_KNOWN = frozenset(_GROUP_FIXED) | {"id", "displayName", "mailNickname", "securityEnabled"}
GROUP_ALL = tuple(sorted(GROUP_KNOWN))

REGISTRATION_KNOWN = frozenset(
    {"id", "appId", "displayName", "appRoles", "passwordCredentials", "keyCredentials"}
)

_LISTS = frozenset({"businessPhones", "otherMails", "proxyAddresses"})


def person_json(person: Person, select: Sequence[str]) -> Json:
    """Exactly the selected properties; null when unset, an empty list for lists."""
    return {name: _value(person, name) for name in select}


def person_delta(
    person: Person, select: Sequence[str], managers: Sequence[Json], only: set[str] | None = None
) -> Json:
    """A delta entry: every selected property ever set, null when cleared (5.1 rule 7).

    `manager@delta` is absent when the manager did not change, as `members@delta` is (5.3).
    `only` narrows it to these properties, as `Prefer: return=minimal` does.
    """
    if person.presence is not Presence.PRESENT:
        reason = "changed" if person.presence is Presence.SOFT_DELETED else "deleted"
        return {"id": person.id, "@removed": {"reason": reason}}
    entry: Json = {"id": person.id}
    for name in select:
        value = person.raw(name)
        if value is not UNSET and (only is None or name in only):
            entry[name] = value
    if managers and "manager" in select:
        entry["manager@delta"] = list(managers)
    return entry


def group_json(group: Group, select: Sequence[str]) -> Json:
    """Exactly the selected properties of a group."""
    values = {
        **_GROUP_FIXED,
        "id": group.id,
        "displayName": group.name,
        "mailNickname": group.id[:8],
        "securityEnabled": group.security_enabled,
    }
    return {name: values[name] for name in select}


def group_delta(group: Group, select: Sequence[str], members: Sequence[Json]) -> Json:
    """A delta entry; `members@delta` is absent without a change of membership (5.3)."""
    if not group.present:
        return {"id": group.id, "@removed": {"reason": "deleted"}}
    entry = group_json(group, [name for name in select if name != "members"])
    if members and "members" in select:
        entry["members@delta"] = list(members)
    return entry


def member_json(identity: str, kind: str, *, removed: bool = False) -> Json:
    """Type and id of a member, all that a delta tells."""
    entry: Json = {"@odata.type": f"#microsoft.graph.{kind}", "id": identity}
    if removed:
        entry["@removed"] = {"reason": "deleted"}
    return entry


def manager_json(manager: Person, select: Sequence[str]) -> Json:
    """A manager as a directory object, with the selected properties of a user."""
    return {"@odata.type": "#microsoft.graph.user", **person_json(manager, select)}


def application_json(one: ServicePrincipal) -> Json:
    """An enterprise application with its roles."""
    return {
        "id": one.id,
        "appId": one.app_id,
        "displayName": one.name,
        "appDisplayName": one.name,
        "accountEnabled": True,
        "appRoleAssignmentRequired": True,
        "applicationTemplateId": None,
        "servicePrincipalType": "Application",
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
        "appRoles": [role_json(role) for role in one.roles],
    }


def role_json(role: Role) -> Json:
    """A role as the application and the enterprise application show it."""
    return {
        "id": role.id,
        "displayName": role.name,
        "description": role.description,
        "value": role.value or None,
        "isEnabled": role.enabled,
        "allowedMemberTypes": list(role.member_types),
        "origin": "Application",
    }


APPLICATION_KNOWN = frozenset(application_json(ServicePrincipal("", "", "")))


def assignment_json(directory: Directory, grant: Grant) -> Json:
    """An assignment of a role of the application."""
    return {
        "id": grant.id,
        "deletedDateTime": None,
        "createdDateTime": grant.created,
        "appRoleId": grant.role_id,
        "principalId": grant.principal_id,
        "principalType": grant.principal_kind.title(),
        "principalDisplayName": directory.principal_name(grant),
        "resourceId": directory.application.id,
        "resourceDisplayName": directory.application.name,
    }


ASSIGNMENT_KNOWN = frozenset(
    {
        "id",
        "deletedDateTime",
        "createdDateTime",
        "appRoleId",
        "principalId",
        "principalType",
        "principalDisplayName",
        "resourceId",
        "resourceDisplayName",
    }
)


def _value(person: Person, name: str) -> object:
    if name == "deletedDateTime":
        return person.deleted_at.strftime("%Y-%m-%dT%H:%M:%SZ") if person.deleted_at else None
    value = person.raw(name)
    if value is UNSET:
        return [] if name in _LISTS else None
    if name == "userPrincipalName" and person.presence is Presence.SOFT_DELETED:
        return f"{person.id.replace('-', '')}{value}"
    return value


def home_registration_json(one: ServicePrincipal) -> Json:
    """The app registration behind an enterprise application of this tenant."""
    return {
        "id": registration_id(one.app_id),
        "appId": one.app_id,
        "displayName": one.name,
        "appRoles": [role_json(role) for role in one.roles],
        "passwordCredentials": [],
        "keyCredentials": [],
    }


def registration_id(app_id: str) -> str:
    """Object id of an app registration."""
    return str(uuid5(NAMESPACE_URL, app_id))


def registration_json(known: Credentials, ends_at: datetime) -> Json:
    """The app registration of the practice client with its one secret."""
    return {
        "id": registration_id(known.client_id),
        "appId": known.client_id,
        "displayName": "Rollcall practice",
        "appRoles": [],
        "passwordCredentials": [
            {
                "displayName": "Practice secret",
                "hint": known.client_secret[:3],
                "keyId": str(uuid5(NAMESPACE_URL, known.client_secret)),
                "startDateTime": None,
                "endDateTime": f"{ends_at:%Y-%m-%dT%H:%M:%SZ}",
            }
        ],
        "keyCredentials": [],
    }
