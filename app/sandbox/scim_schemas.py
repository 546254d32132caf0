"""What the practice SCIM server knows of users and groups (RFC 7643 4 and 8.7), and holds to.

Unlike lenient servers it is exact about types: the text "False" for a Boolean is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.sandbox.wire import Answer, Json, Refused

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "reference": str, "dateTime": str, "binary": str,
    "boolean": bool, "integer": int, "decimal": (int, float), "complex": dict,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a schema."""

    name: str
    type: str = "string"
    multi: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: str = "readWrite"
    uniqueness: str = "none"
    parts: tuple[Attribute, ...] = ()

    def part(self, name: str) -> Attribute | None:
        """A sub-attribute in any capitals."""
        return _named(self.parts, name)

    def json(self) -> Json:
        """As /Schemas shows it."""
        found: Json = {
            "name": self.name,
            "type": self.type,
            "multiValued": self.multi,
            "required": self.required,
            "caseExact": self.case_exact,
            "mutability": self.mutability,
            "returned": "default",
            "uniqueness": self.uniqueness,
            "description": self.name,
        }
        if self.type == "reference":
            found["referenceTypes"] = ["external"]
        if self.parts:
            found["subAttributes"] = [one.json() for one in self.parts]
        return found


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema with its attributes."""

    id: str
    name: str
    attributes: tuple[Attribute, ...]

    def attribute(self, name: str) -> Attribute | None:
        """An attribute in any capitals."""
        return _named(self.attributes, name)

    def json(self, base: str) -> Json:
        """As /Schemas shows it."""
        return {
            "schemas": [f"{CORE}Schema"],
            "id": self.id,
            "name": self.name,
            "description": self.name,
            "attributes": [one.json() for one in self.attributes],
            "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{self.id}"},
        }


def _texts(*names: str) -> tuple[Attribute, ...]:
    return tuple(Attribute(name) for name in names)


def _many(name: str) -> Attribute:
    parts = (*_texts("value", "display", "type"), Attribute("primary", "boolean"))
    return Attribute(name, "complex", multi=True, parts=parts)


_MEMBER_PARTS = (
    Attribute("value", mutability="immutable", case_exact=True),
    Attribute("$ref", "reference", mutability="immutable", case_exact=True),
    Attribute("display", mutability="immutable"),
    Attribute("type", mutability="immutable"),
)
COMMON = (
    Attribute("id", mutability="readOnly", case_exact=True, uniqueness="server"),
    Attribute("externalId", case_exact=True),
    Attribute("meta", "complex", mutability="readOnly"),
)
USERS = Schema(
    USER,
    "User",
    (
        Attribute("userName", required=True, uniqueness="server"),
        Attribute(
            "name",
            "complex",
            parts=_texts(
                "formatted", "familyName", "givenName", "middleName",
                "honorificPrefix", "honorificSuffix",
            ),
        ),
        *_texts("displayName", "nickName"),
        Attribute("profileUrl", "reference", case_exact=True),
        *_texts("title", "userType", "preferredLanguage", "locale", "timezone"),
        Attribute("active", "boolean"),
        *(_many(name) for name in ("emails", "phoneNumbers", "ims", "photos")),
        Attribute(
            "addresses",
            "complex",
            multi=True,
            parts=(
                *_texts(
                    "formatted", "streetAddress", "locality", "region", "postalCode", "country",
                    "type",
                ),
                Attribute("primary", "boolean"),
            ),
        ),
        Attribute(
            "groups",
            "complex",
            multi=True,
            mutability="readOnly",
            parts=tuple(
                Attribute(one.name, one.type, case_exact=one.case_exact, mutability="readOnly")
                for one in _MEMBER_PARTS
            ),
        ),
        *(_many(name) for name in ("entitlements", "roles", "x509Certificates")),
    ),
)  # fmt: skip
ENTERPRISE_USERS = Schema(
    ENTERPRISE,
    "EnterpriseUser",
    (
        *_texts("employeeNumber", "costCenter", "organization", "division", "department"),
        Attribute(
            "manager",
            "complex",
            parts=(
                Attribute("value", case_exact=True),
                Attribute("$ref", "reference", case_exact=True),
                Attribute("displayName", mutability="readOnly"),
            ),
        ),
    ),
)
GROUPS = Schema(
    GROUP,
    "Group",
    (
        Attribute("displayName", required=True),
        Attribute("members", "complex", multi=True, parts=_MEMBER_PARTS),
    ),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A resource type: its endpoint, schema and extension."""

    name: str
    endpoint: str
    schema: Schema
    extension: Schema | None = None

    def attribute(self, name: str) -> Attribute | None:
        """A top-level attribute in any capitals, common ones included."""
        return _named(COMMON, name) or self.schema.attribute(name)

    def json(self, base: str) -> Json:
        """As /ResourceTypes shows it."""
        found: Json = {
            "schemas": [f"{CORE}ResourceType"],
            "id": self.name,
            "name": self.name,
            "description": self.name,
            "endpoint": self.endpoint,
            "schema": self.schema.id,
            "meta": {
                "resourceType": "ResourceType",
                "location": f"{base}/ResourceTypes/{self.name}",
            },
        }
        if self.extension is not None:
            found["schemaExtensions"] = [{"schema": self.extension.id, "required": False}]
        return found

    def checked(self, body: Json) -> Json:
        """The resource in the schema's spelling; raises `Refused` for what does not fit.

        Read-only attributes are left out (RFC 7644 3.3), nulls and empty lists mean absent.
        """
        schemas = body.get("schemas")
        if not isinstance(schemas, list) or self.schema.id not in schemas:
            raise bad("invalidSyntax", f"schemas must name {self.schema.id}")
        found: Json = {}
        for name, value in body.items():
            if name.lower() == "schemas":
                continue
            if self.extension is not None and name.lower() == self.extension.id.lower():
                inner = _object(value, name, self.extension.attributes)
                if inner:
                    found[self.extension.id] = inner
                continue
            attribute = self.attribute(name)
            if attribute is None:
                raise bad("invalidSyntax", f"There is no attribute {name}")
            if attribute.mutability != "readOnly":
                clean = fitting(attribute, value)
                if clean is not None:
                    found[attribute.name] = clean
        for attribute in self.schema.attributes:
            if attribute.required and not found.get(attribute.name):
                raise bad("invalidValue", f"{attribute.name} is required")
        extended = self.extension is not None and self.extension.id in found
        found["schemas"] = [self.schema.id, *([ENTERPRISE] if extended else [])]
        return found


USER_KIND = Kind("User", "/Users", USERS, ENTERPRISE_USERS)
GROUP_KIND = Kind("Group", "/Groups", GROUPS)
KINDS = (USER_KIND, GROUP_KIND)


def bad(kind: str, detail: str, status: int = 400) -> Refused:
    """A SCIM error."""
    return Refused(error(status, detail, kind))


def error(status: int, detail: str, kind: str | None = None) -> Answer:
    """An error body (RFC 7644 3.12); the status is a text there."""
    body: Json = {"schemas": [ERROR], "status": str(status), "detail": detail}
    if kind is not None:
        body["scimType"] = kind
    return Answer(status, body)


def fitting(attribute: Attribute, value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The value in the schema's spelling; raises `Refused`. None means absent."""
    if value is None:
        return None
    if not attribute.multi:
        return _single(attribute, value)
    if not isinstance(value, list):
        raise bad("invalidValue", f"{attribute.name} holds several values: a list is needed")
    values = [one for one in (_single(attribute, each) for each in value) if one is not None]
    if sum(one.get("primary") is True for one in values if isinstance(one, dict)) > 1:
        raise bad("invalidValue", f"Only one of {attribute.name} may be primary")
    return values or None


def _single(attribute: Attribute, value: Any) -> Any:  # noqa: ANN401 - any JSON
    wanted = _TYPES[attribute.type]
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise bad("invalidValue", f"{attribute.name} must be of type {attribute.type}")
    if attribute.type != "complex":
        return value
    return _object(value, attribute.name, attribute.parts)


def _object(value: Any, name: str, attributes: Iterable[Attribute]) -> Json | None:  # noqa: ANN401
    if not isinstance(value, dict):
        raise bad("invalidValue", f"{name} must be an object")
    found: Json = {}
    for key, inner in value.items():
        attribute = _named(attributes, key)
        if attribute is None:
            raise bad("invalidSyntax", f"{name} has no attribute {key}")
        clean = fitting(attribute, inner)
        if clean is not None:
            found[attribute.name] = clean
    return found or None


def _named(attributes: Iterable[Attribute], name: str) -> Attribute | None:
    wanted = name.lower()
    return next((one for one in attributes if one.name.lower() == wanted), None)
