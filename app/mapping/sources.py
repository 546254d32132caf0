"""Names of the attributes a person has in mappings and scoping filters (spec/expressions.md 4)."""

from __future__ import annotations

from types import MappingProxyType

SPELLINGS = MappingProxyType(
    {
        "id": "objectId",
        "businessPhones": "telephoneNumber",
        "mobilePhone": "mobile",
        "faxNumber": "facsimileTelephoneNumber",
        "officeLocation": "physicalDeliveryOfficeName",
        **{
            f"onPremisesExtensionAttributes.extensionAttribute{n}": f"extensionAttribute{n}"
            for n in range(1, 16)
        },
    }
)
"""Graph's names of attributes that have another one in mappings (spec/expressions.md 4)."""

EXTENSION = "extension_"
"""Directory extensions begin so; which ones there are only the tenant knows."""

MANAGER = "manager"
"""The one attribute that points at another person; read only where a mapping names it."""

KNOWN = frozenset(
    {
        "objectId",
        "userPrincipalName",
        "originalUserPrincipalName",
        "mail",
        "mailNickname",
        "displayName",
        "givenName",
        "surname",
        "jobTitle",
        "department",
        "companyName",
        "city",
        "state",
        "country",
        "postalCode",
        "streetAddress",
        "telephoneNumber",
        "mobile",
        "facsimileTelephoneNumber",
        "physicalDeliveryOfficeName",
        "preferredLanguage",
        "employeeId",
        "employeeType",
        "usageLocation",
        "accountEnabled",
        *(f"extensionAttribute{n}" for n in range(1, 16)),
    }
)
"""Attributes with one value that the directory delivers."""
