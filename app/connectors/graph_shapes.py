"""Graph's JSON to our data: which properties are asked for, and their names in mappings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import MappingProxyType

from app.connectors.wire import Json, JsonObject, objects_of, text_of
from app.domain.assigning import Principal
from app.domain.people import (
    Application,
    AppRole,
    Assignment,
    GroupChange,
    Member,
    Person,
    PersonChange,
    Presence,
    PrincipalKind,
    Value,
)
from app.mapping.sources import MANAGER

ATTRIBUTE_OF = MappingProxyType(
    {
        "mail": "mail",
        "mailNickname": "mailNickname",
        "displayName": "displayName",
        "givenName": "givenName",
        "surname": "surname",
        "jobTitle": "jobTitle",
        "department": "department",
        "companyName": "companyName",
        "city": "city",
        "state": "state",
        "country": "country",
        "postalCode": "postalCode",
        "streetAddress": "streetAddress",
        "mobilePhone": "mobile",
        "faxNumber": "facsimileTelephoneNumber",
        "officeLocation": "physicalDeliveryOfficeName",
        "preferredLanguage": "preferredLanguage",
        "employeeId": "employeeId",
        "employeeType": "employeeType",
        "usageLocation": "usageLocation",
        "accountEnabled": "accountEnabled",
        "userType": "userType",
        "proxyAddresses": "proxyAddresses",
        "otherMails": "otherMails",
    }
)
"""Graph property to attribute name, where the value passes unchanged (spec/expressions.md 4)."""

_EXTENSIONS = "onPremisesExtensionAttributes"
_EXTENSION_NAMES = tuple(f"extensionAttribute{n}" for n in range(1, 16))
_CONVERTED = ("id", "userPrincipalName", "businessPhones", _EXTENSIONS)

APPLICATION_PROPERTIES = "id,appId,displayName,accountEnabled,appRoles"
ASSIGNMENT_PROPERTIES = "id,appRoleId,principalId,principalType,principalDisplayName"
MEMBER_PROPERTIES = "id"
GROUP_PROPERTIES = "displayName,securityEnabled,members"

_KINDS = {
    "user": PrincipalKind.USER,
    "#microsoft.graph.user": PrincipalKind.USER,
    "group": PrincipalKind.GROUP,
    "#microsoft.graph.group": PrincipalKind.GROUP,
}
_REMOVED = {"changed": Presence.SOFT_DELETED, "deleted": Presence.PURGED}


class Malformed(ValueError):
    """An entry lacks what makes it one; the message is a whole sentence."""


def person_properties(extensions: Iterable[str] = ()) -> str:
    """`$select` for users; `extensions` are read only where something names them."""
    return ",".join((*_CONVERTED, *ATTRIBUTE_OF, *sorted(extensions)))


def read_person(entry: JsonObject) -> Person:
    """A user in full."""
    return Person(_id(entry), _attributes(entry))


def read_person_change(entry: JsonObject) -> PersonChange:
    """One entry of users/delta: only what was mentioned; null clears."""
    removed = _presence(entry)
    if removed is not Presence.PRESENT:
        return PersonChange(_id(entry), {}, removed)
    return PersonChange(_id(entry), _attributes(entry))


def read_group_change(entry: JsonObject) -> GroupChange:
    """One entry of groups/delta, perhaps only a portion of its members."""
    # In the order received: the last word about a member counts (spec/graph.md 5.1, rule 8).
    members = {_id(member): member for member in objects_of(entry.get("members@delta"))}
    enabled = entry.get("securityEnabled")
    return GroupChange(
        id=_id(entry),
        name=text_of(entry.get("displayName")) if "displayName" in entry else None,
        security_enabled=enabled if isinstance(enabled, bool) else None,
        added=tuple(
            Member(_id(member), _kind(member.get("@odata.type")))
            for member in members.values()
            if "@removed" not in member
        ),
        removed=tuple(one for one, member in members.items() if "@removed" in member),
        presence=_presence(entry),
    )


def read_assignment(entry: JsonObject) -> Assignment:
    """One role held by one principal."""
    return Assignment(
        id=_id(entry),
        principal_id=_required(entry, "principalId"),
        principal_kind=_kind(entry.get("principalType")),
        principal_name=text_of(entry.get("principalDisplayName")),
        role_id=_required(entry, "appRoleId"),
    )


def read_application(entry: JsonObject) -> Application:
    """A service principal with its roles for users."""
    return Application(
        id=_id(entry),
        app_id=text_of(entry.get("appId")),
        name=text_of(entry.get("displayName")),
        roles=tuple(map(read_role, objects_of(entry.get("appRoles")))),
        enabled=entry.get("accountEnabled") is not False,
    )


def read_role(entry: JsonObject) -> AppRole:
    """A role of an application."""
    types = entry.get("allowedMemberTypes")
    return AppRole(
        id=_id(entry),
        name=text_of(entry.get("displayName")),
        value=text_of(entry.get("value")) or None,
        enabled=entry.get("isEnabled") is not False,
        for_people=not isinstance(types, list) or "User" in types,
    )


def read_found_person(entry: JsonObject) -> Principal:
    """A person as a search shows them."""
    return Principal(
        id=_id(entry),
        kind=PrincipalKind.USER,
        name=text_of(entry.get("displayName")) or text_of(entry.get("userPrincipalName")),
        address=text_of(entry.get("userPrincipalName")),
        mail=text_of(entry.get("mail")),
        enabled=entry.get("accountEnabled") is not False,
    )


def read_found_group(entry: JsonObject) -> Principal:
    """A group as a search shows it."""
    mail = text_of(entry.get("mail"))
    return Principal(
        id=_id(entry),
        kind=PrincipalKind.GROUP,
        name=text_of(entry.get("displayName")),
        address=mail,
        mail=mail,
        security_enabled=entry.get("securityEnabled") is not False,
    )


def kind_of(entry: JsonObject) -> PrincipalKind:
    """What a directory object is."""
    return _kind(entry.get("@odata.type"))


def home_address(user_principal_name: str) -> str:
    """A guest's sign-in name as its home address (spec/provisioning.md 2.4)."""
    at = user_principal_name.upper().find("#EXT#")
    if at < 0:
        return user_principal_name
    name, underscore, domain = user_principal_name[:at].rpartition("_")
    return f"{name}@{domain}" if underscore else user_principal_name[:at]


def _attributes(entry: JsonObject) -> dict[str, Value]:
    found: dict[str, Value] = {"objectId": _id(entry)}
    for name, value in entry.items():
        if name in ATTRIBUTE_OF:
            found[ATTRIBUTE_OF[name]] = _value(name, value)
        elif name in _READERS:
            found.update(_READERS[name](value))
        elif name.startswith("extension_"):
            found[name] = _value(name, value)
    return found


def _value(name: str, value: Json) -> Value:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list):
        items = tuple(item for item in value if isinstance(item, str))
        if len(items) == len(value):
            return items or None
    raise Malformed(f"a user's {name} has a form it never has.")


def _names(value: Json) -> dict[str, Value]:
    if not isinstance(value, str):
        return {"userPrincipalName": None, "originalUserPrincipalName": None}
    return {"userPrincipalName": home_address(value), "originalUserPrincipalName": value}


def _phone(value: Json) -> dict[str, Value]:
    numbers = _value("businessPhones", value)
    return {"telephoneNumber": numbers[0] if isinstance(numbers, tuple) else None}


def _manager(value: Json) -> dict[str, Value]:
    """As `$expand` shows it; absent where there is none."""
    return {MANAGER: _id(value) if isinstance(value, dict) else None}


def _manager_change(value: Json) -> dict[str, Value]:
    """As members are told (spec/graph.md 5.3): who came, and who went with `@removed`."""
    entries = {_id(entry): entry for entry in objects_of(value)}
    there = [one for one, entry in entries.items() if "@removed" not in entry]
    return {MANAGER: there[-1] if there else None}


def _extension_values(value: Json) -> dict[str, Value]:
    if isinstance(value, dict):
        return {name: _value(name, value[name]) for name in _EXTENSION_NAMES if name in value}
    return dict.fromkeys(_EXTENSION_NAMES)


_READERS: dict[str, Callable[[Json], dict[str, Value]]] = {
    "userPrincipalName": _names,
    "manager": _manager,
    "manager@delta": _manager_change,
    "businessPhones": _phone,
    _EXTENSIONS: _extension_values,
}


def _presence(entry: JsonObject) -> Presence:
    removed = entry.get("@removed")
    if removed is None:
        return Presence.PRESENT
    reason = text_of(removed.get("reason")) if isinstance(removed, dict) else ""
    # An unknown reason is read as the milder one: it can be undone.
    return _REMOVED.get(reason.casefold(), Presence.SOFT_DELETED)


def _kind(value: Json) -> PrincipalKind:
    return _KINDS.get(text_of(value).casefold(), PrincipalKind.OTHER)


def _id(entry: JsonObject) -> str:
    return _required(entry, "id")


def _required(entry: JsonObject, name: str) -> str:
    value = text_of(entry.get(name))
    if not value:
        raise Malformed(f"an entry has no {name}.")
    return value
