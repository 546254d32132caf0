"""What each kind of target takes, known before anybody connects (spec/goto.md 2.4, 3.2)."""

from __future__ import annotations

from app.domain.accounts import TargetLimits, ValueForm
from app.domain.settings import TargetKind

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

_LIMITS = {TargetKind.GOTO_ADMIN: GOTO_ADMIN, TargetKind.GOTO_SCIM: GOTO_SCIM}


def limits_of(kind: TargetKind) -> TargetLimits:
    """The limits of a kind; an empty set of attributes means that any may be named."""
    return _LIMITS.get(kind, TargetLimits(identity="userName"))
