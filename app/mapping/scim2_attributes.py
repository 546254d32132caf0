"""The attributes of SCIM 2.0 users and groups as mappings name them (RFC 7643 4, 8.7.1)."""

from __future__ import annotations

from app.domain.accounts import ACTIVE

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
USER_NAME = "userName"
GROUP_NAME = "displayName"

_PLAIN = (
    USER_NAME, "externalId", "displayName", "nickName", "profileUrl", "title", "userType",
    "preferredLanguage", "locale", "timezone", ACTIVE,
)  # fmt: skip
_NAME = ("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix")
_ADDRESS = ("formatted", "streetAddress", "locality", "region", "postalCode", "country")
_ENTERPRISE = ("employeeNumber", "costCenter", "organization", "division", "department")

REFERENCES = frozenset({f"{ENTERPRISE}:manager"})
"""The account of the manager, by its id (4.3)."""

ATTRIBUTES = frozenset(
    (
        *_PLAIN,
        *(f"name.{part}" for part in _NAME),
        *(f'emails[type eq "{kind}"].value' for kind in ("work", "home", "other")),
        *(
            f'phoneNumbers[type eq "{kind}"].value'
            for kind in ("work", "home", "mobile", "fax", "pager", "other")
        ),
        *(
            f'addresses[type eq "{kind}"].{part}'
            for kind in ("work", "home", "other")
            for part in _ADDRESS
        ),
        *(f"{ENTERPRISE}:{name}" for name in _ENTERPRISE),
        *REFERENCES,
    )
)
BOOLEANS = frozenset({ACTIVE})
GROUP_ATTRIBUTES = frozenset({GROUP_NAME, "externalId"})

CASE_EXACT = frozenset({"externalId"})
"""Core attributes whose capitals matter (3.1, 8.7.1); a server's schema may say more."""
