"""Refusals of GoTo's SCIM interface as domain errors (spec/goto.md 2.7, 7, 10).

Here 401 means that the token is fine but not allowed to do this, and 403 that the token is bad.
Live answers do not keep to that, so words about the token decide first.
"""

from __future__ import annotations

from app.connectors import errors
from app.connectors.goto_scim_choices import permanent_for_one
from app.connectors.wire import Answer
from app.domain.codes import UNRESOLVED
from app.domain.errors import (
    CredentialsRefused,
    EntryError,
    PermissionMissing,
    Service,
    ServiceError,
)
from app.domain.texts import Text, TextValue

READ = "ROLE_ORG_READ"
WRITE = "ROLE_ORG_WRITE"
IMPOSSIBLE = "NotImplemented"

_BAD_TOKEN_CODES = frozenset({"invalidtoken", "invalid_token", "not.authenticated"})


def about_token(answer: Answer) -> bool:
    """Whether a 401 or 403 says in so many words that the token is no good (7)."""
    code, _ = errors.goto_words(answer)
    challenge = answer.headers.get("www-authenticate", "").casefold()
    return code.casefold() in _BAD_TOKEN_CODES or "invalid_token" in challenge


def unreadable(answer: Answer) -> ServiceError:
    """A read that was refused."""
    return refused(answer, READ)


def refused(answer: Answer, role: str) -> ServiceError:
    """A refusal that concerns everybody; `role` is what was needed."""
    if answer.status == 403 or (answer.status == 401 and about_token(answer)):
        return CredentialsRefused(
            Service.TARGET,
            Text("{host} does not accept Rollcall's token.{quote}", _said(answer)),
            "Check the administrator's credentials, and that the OAuth client has the scope"
            " identity:scim.org (automated user management).",
            request_id=answer.request_id,
        )
    if answer.status == 401:
        return not_allowed(role, str(_said(answer)["quote"]), answer.request_id)
    return errors.unexpected_status(Service.TARGET, answer)


def not_allowed(role: str, quote: str = "", request_id: str | None = None) -> PermissionMissing:
    """Signed in, without the organisation role that is needed (2.7, 3.6)."""
    return PermissionMissing(
        Service.TARGET,
        Text(
            "GoTo does not let this administrator do this: the organisation role {role} is"
            " missing.{quote}",
            {"role": role, "quote": quote},
        ),
        "Give the administrator the organisation roles ROLE_ORG_READ and ROLE_ORG_WRITE (read and"
        " write), and the OAuth client the scope identity:scim.org.",
        request_id=request_id,
    )


def user_refused(answer: Answer, address: str, *, foreign: bool) -> EntryError:
    """One person was refused; raises the `ServiceError` when it was not about that person.

    `foreign`: an address is written that may be outside the verified domains (10, 8).
    """
    if about_token(answer) or not permanent_for_one(answer, foreign=foreign):
        raise refused(answer, WRITE)
    if answer.status in (401, 403):
        return EntryError(
            "InvalidDomain",
            Text(
                "GoTo does not take {address} into the organisation (HTTP {status}).{quote}",
                {**_said(answer), "address": address, "status": answer.status},
            ),
            "Verify the domain of the address in the GoTo Admin Center, or correct the address. If"
            " nobody can be added, the administrator lacks the role ROLE_ORG_WRITE.",
            request_id=answer.request_id,
        )
    return errors.goto_entry_error(answer, address, asks_for_seat=False)


def exists_elsewhere(answer: Answer, address: str) -> EntryError:
    """The user name is taken by an identity this organisation does not see (10, 9)."""
    return EntryError(
        "Conflict",
        Text(
            "{address} has a GoTo identity outside this organisation.{quote}",
            {**_said(answer), "address": address},
        ),
        "Ask the person or GoTo's support to bring that identity into the organisation, or correct"
        " the address.",
        request_id=answer.request_id,
    )


def group_refused(answer: Answer, name: str) -> EntryError:
    """One group was refused."""
    values: dict[str, TextValue] = {**_said(answer), "name": name, "status": answer.status}
    if answer.status == 409:
        return EntryError(
            "Conflict",
            Text("GoTo has another group called {name}.{quote}", values),
            "Rename one of the two.",
            request_id=answer.request_id,
        )
    return EntryError(
        "UnprocessableEntity",
        Text("GoTo refused the group {name} (HTTP {status}).{quote}", values),
        "Correct the group in Entra, or the mapping of groups.",
        request_id=answer.request_id,
    )


def members_refused(answer: Answer, name: str) -> EntryError:
    """Members of one group were refused; the group itself stands."""
    return EntryError(
        UNRESOLVED,
        Text(
            "GoTo did not take members of the group {name}.{quote}", {**_said(answer), "name": name}
        ),
        "See that these people are still in the GoTo organisation, then sync again.",
        request_id=answer.request_id,
    )


def members_not_kept(name: str) -> EntryError:
    """GoTo said yes, and the group read again shows another membership."""
    return EntryError(
        UNRESOLVED,
        Text(
            "GoTo confirmed a change of the members of {name} and did not keep it.", {"name": name}
        ),
        "It is tried again. If it stays so, change the members in the GoTo Admin Center.",
    )


def removal_impossible(name: str, members: int, most: int) -> EntryError:
    """Members can only go with a list of those who stay, and the list is too long (10, 3)."""
    return EntryError(
        IMPOSSIBLE,
        Text(
            "Nobody can be taken out of the group {name}: {members} members would stay, and GoTo"
            " takes a list of {most} at most.",
            {"name": name, "members": members, "most": most},
        ),
        "Take them out of this group in the GoTo Admin Center, or split the group in Entra.",
    )


def addition_impossible(name: str, members: int, most: int) -> EntryError:
    """GoTo was seen to replace members instead of adding to them (10, 3)."""
    return EntryError(
        IMPOSSIBLE,
        Text(
            "Nobody can be added to the group {name}: GoTo replaces the members of a group by the"
            " {most} at most that it is sent, and {members} are needed.",
            {"name": name, "members": members, "most": most},
        ),
        "Add them in the GoTo Admin Center, or split the group in Entra.",
    )


def members_lost(name: str, lost: int) -> EntryError:
    """An addition took other members away and they could not all be put back (10, 3)."""
    return EntryError(
        IMPOSSIBLE,
        Text(
            "GoTo took {n} member out of the group {name} while others were added, and not"
            " everybody could be put back.",
            {"n": lost, "name": name},
            plural="GoTo took {n} members out of the group {name} while others were added, and not"
            " everybody could be put back.",
        ),
        "Compare the group in the GoTo Admin Center with Entra and add who is missing there."
        " Rollcall adds nobody to groups of this size any more in this cycle.",
    )


def group_gone(name: str) -> EntryError:
    """What was to be changed is no longer in the organisation (2.2)."""
    return EntryError(
        "InvalidAnchor",
        Text("GoTo no longer knows the group {name}.", {"name": name}),
        "Look at everybody again with an initial cycle.",
    )


def _said(answer: Answer) -> dict[str, TextValue]:
    code, words = errors.goto_words(answer)
    return {"host": answer.host, "quote": errors.quotation(words or code)}
