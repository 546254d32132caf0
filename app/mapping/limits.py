"""What each kind of target takes, known before anybody connects (spec/goto.md 2.4, 3.2)."""

from __future__ import annotations

from app.domain.accounts import TargetLimits, ValueForm
from app.domain.settings import TargetKind
from app.mapping import scim2_attributes as scim2

GOTO_ADMIN = TargetLimits(
    max_lengths={"firstName": 60, "lastName": 60},
    refused_lengths={"email": 128},
    forms={"email": ValueForm.ADDRESS, "locale": ValueForm.LOCALE},
    identity="email",
    attributes=frozenset({"email", "firstName", "lastName", "locale"}),
    required=frozenset({"email", "firstName", "lastName"}),
    case_insensitive=frozenset({"email"}),
    create_batch=100,
    can_disable=True,
)

SCIM2 = TargetLimits(
    identity=scim2.USER_NAME,
    attributes=scim2.ATTRIBUTES,
    required=frozenset({scim2.USER_NAME}),
    case_insensitive=scim2.ATTRIBUTES - scim2.CASE_EXACT,
    booleans=scim2.BOOLEANS,
    references=scim2.REFERENCES,
    create_batch=8,
    can_disable=True,
    has_seats=False,
    has_domains=False,
)
"""Creations are a request each, so a batch is what may be in flight together."""

SCIM2_GROUPS = TargetLimits(
    identity=scim2.GROUP_NAME,
    attributes=scim2.GROUP_ATTRIBUTES,
    required=frozenset({scim2.GROUP_NAME}),
    case_insensitive=frozenset({scim2.GROUP_NAME}),
)

GOTO_SCIM = TargetLimits(
    max_lengths={"name.givenName": 60, "name.familyName": 60},
    refused_lengths={"userName": 128},
    forms={
        "userName": ValueForm.ADDRESS,
        "locale": ValueForm.LOCALE,
        "timezone": ValueForm.TIME_ZONE,
    },
    identity="userName",
    attributes=frozenset(
        {"userName", "displayName", "name.givenName", "name.familyName", "locale", "timezone"}
    ),
    required=frozenset({"userName", "name.givenName", "name.familyName"}),
    case_insensitive=frozenset({"userName"}),
    create_batch=8,
    can_disable=False,
    has_seats=False,
)
"""Creations are a request each, so a batch is what may be in flight together."""

GOTO_SCIM_GROUPS = TargetLimits(
    refused_lengths={"displayName": 128},
    identity="displayName",
    attributes=frozenset({"displayName"}),
    required=frozenset({"displayName"}),
    case_insensitive=frozenset({"displayName"}),
    can_disable=False,
)
"""Whoever leaves keeps the identity, and with it the membership."""

_LIMITS = {
    TargetKind.GOTO_ADMIN: GOTO_ADMIN,
    TargetKind.GOTO_SCIM: GOTO_SCIM,
    TargetKind.SCIM2: SCIM2,
}
_GROUP_LIMITS = {TargetKind.GOTO_SCIM: GOTO_SCIM_GROUPS, TargetKind.SCIM2: SCIM2_GROUPS}


def limits_of(kind: TargetKind) -> TargetLimits:
    """The limits of a kind."""
    return _LIMITS[kind]


def group_limits_of(kind: TargetKind) -> TargetLimits | None:
    """What its groups take; None for a kind without groups."""
    return _GROUP_LIMITS.get(kind)
