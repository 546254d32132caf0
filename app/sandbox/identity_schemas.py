"""What the practice SCIM 1 interface says about itself (spec/goto.md 2.1, 2.2, 2.7)."""

from __future__ import annotations

from app.sandbox.wire import Json

_CORE = "urn:scim:schemas:core:1.0"
_YES: Json = {"supported": True}
_NO: Json = {"supported": False}

CONFIG: Json = {
    "documentationUrl": "https://developer.goto.com/Scim",
    "patch": _YES,
    "bulk": _NO,
    "filter": _YES,
    "changePassword": _YES,
    "sort": _YES,
    "etag": _NO,
    "xmlDataFormat": _NO,
    "authenticationSchemes": {
        "name": "OAuth Bearer Token",
        "description": "The token of GoTo's authorization server",
        "specUrl": "https://www.rfc-editor.org/rfc/rfc6750",
        "documentationUrl": "https://developer.goto.com/Authentication",
    },
}
"""`authenticationSchemes` is one object here, not a list."""


def user_schema(base: str) -> Json:
    """The schema of users."""
    return {
        "id": f"{_CORE}:User",
        "name": "User",
        "description": "A user of the organisation",
        "schema": _CORE,
        "endpoint": f"{base}/Users",
        "attributes": [
            _attribute("id", "The key of the user", read_only=True, exact=True),
            _attribute("userName", "Usually the e-mail address", required=True),
            _attribute("displayName", "The name that is shown"),
            {
                **_attribute("name", "The parts of the name", kind="complex"),
                "subAttributes": [
                    _part("givenName", "The first name"),
                    _part("familyName", "The surname"),
                ],
            },
            _attribute("locale", "The language"),
            _attribute("timezone", "The time zone"),
        ],
    }


def _part(name: str, description: str, *, kind: str = "string") -> Json:
    return {
        "name": name,
        "type": kind,
        "description": description,
        "readOnly": False,
        "required": False,
        "caseExact": False,
    }


def _attribute(
    name: str,
    description: str,
    *,
    kind: str = "string",
    read_only: bool = False,
    required: bool = False,
    exact: bool = False,
) -> Json:
    return {
        **_part(name, description, kind=kind),
        "multiValued": False,
        "schema": _CORE,
        "readOnly": read_only,
        "required": required,
        "caseExact": exact,
    }
