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

SCIM2_REFERENCES = frozenset({"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"})
"""RFC 7643 4.3: the account of the manager, by its id."""


def limits_of(kind: TargetKind) -> TargetLimits:
    """The limits of a kind; an empty set of attributes means that any may be named."""
    if kind is TargetKind.GOTO_ADMIN:
        return GOTO_ADMIN
    references = SCIM2_REFERENCES if kind is TargetKind.SCIM2 else frozenset[str]()
    return TargetLimits(identity="userName", references=references)
