"""What nobody has established about GoTo's SCIM interface, and what Rollcall does about it.

Each name is one open point of spec/goto.md 10, with the default recommended there. Points that
need no number or switch are kept by what is not written anywhere:

- 2: a change is the part of the resource that changes; there is no PatchOp in this connector.
- 4: `active` is neither read nor written. The target cannot disable (`mapping.limits.GOTO_SCIM`).
- 5: entitlements and product codes are never written; the getgo extension only names accounts.
- 7: DELETE is sent only where the profile lists the action Delete, off unless asked for (2.8).
- 14: locale and time zone are sent only where a mapping names them, as they are.
- 17: no If-Match; `Retry-After` is honoured by `http`, the pace is `target.requests_per_second`.
- 19: the newer interface of the Entra gallery app is the kind scim2 with an address of its own.
- 20: nothing but the user name joins anybody to an account; keys are text and mean nothing else.
"""

from __future__ import annotations

from app.connectors.wire import Answer

_HERE = "/identity/v1"
_ADMIN_ME = "/admin/rest/v1/me"


def admin_me(base: str) -> str | None:
    """Point 1 and section 3.2: where organisation roles can be read, beside the usual address.

    The SCIM interface does not tell them. What the other one says is believed only where it
    agrees with what reading has shown; without an answer the first change shows it.
    """
    return base.removesuffix(_HERE) + _ADMIN_ME if base.endswith(_HERE) else None


MOST_MEMBERS = 100
"""Point 3 and section 2.4: members in one call."""

PATCH_MAY_REPLACE_MEMBERS = True
"""Point 3: whether a PATCH adds members or replaces all is not stated.

So as long as a group fits into one call the whole membership is sent, which is right either way.
Above that only those who come are sent; the group is read again, and if others are gone they are
put back, and no such group is written to any more. Who goes is taken out by PUT of the whole list,
and refused where that does not fit into one call.
"""

UNKNOWN_GROUP_STATUSES = frozenset({401, 404})
"""Section 2.2: 401 also means an unknown group. Which of the two is found out by reading."""


def permanent_for_one(answer: Answer, *, foreign: bool) -> bool:
    """Point 8: whether a refused write is about this person and not about Rollcall's rights.

    An address outside the verified domains may be answered 400, 401 or 403. `foreign`: it is in
    another domain than the administrator's own, which is certainly one of the organisation's.
    Inside that a 401 or 403 can only be about rights or token (2.7).
    """
    return answer.status not in (401, 403) or foreign
