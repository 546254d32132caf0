"""A SCIM 2.0 server's refusals as domain errors (RFC 7644 3.12, spec/provisioning.md 12.4)."""

from __future__ import annotations

import re

from app.connectors import errors
from app.connectors.wire import Answer, text_of
from app.domain.codes import UNRESOLVED
from app.domain.errors import (
    BrokenContract,
    ConfigurationError,
    CredentialsRefused,
    EntryError,
    PermissionMissing,
    Service,
    ServiceError,
    ServiceFaulty,
)
from app.domain.texts import Text, TextValue

_MISSING = re.compile(r"required|mandatory|missing|must not be (?:empty|blank|null)")


def scim_type(answer: Answer) -> str:
    """The `scimType` of an error body, lower case; empty when there is none."""
    return text_of(answer.json_object().get("scimType")).casefold()


def refused(answer: Answer) -> ServiceError:
    """A refusal that concerns everybody."""
    said = _said(answer)
    if answer.status == 401:
        return CredentialsRefused(
            Service.TARGET,
            Text("{host} does not accept Rollcall's token.{quote}", said),
            "Make a new token at the target and store it with `rollcall secret set`.",
            request_id=answer.request_id,
        )
    if answer.status == 403:
        return PermissionMissing(
            Service.TARGET,
            Text("{host} does not let this token manage users.{quote}", said),
            "Give the token the right to read and write users and groups.",
            request_id=answer.request_id,
        )
    return BrokenContract(
        Service.TARGET,
        Text(
            "{host} answered something unexpected: HTTP {status}.{quote}",
            {**said, "status": answer.status},
        ),
        "Check target.url: it ends where /Users begins.",
        request_id=answer.request_id,
    )


def entry_refused(answer: Answer, name: str) -> EntryError:
    """One account or group was refused; quotes the server's own words."""
    values: dict[str, TextValue] = {**_said(answer), "name": name, "status": answer.status}
    kind, request_id = scim_type(answer), answer.request_id
    if answer.status == 409 or kind == "uniqueness":
        return EntryError(
            "Conflict",
            Text("{host} says {name} collides with something that exists.{quote}", values),
            "Correct the value on one side, or change the matching attribute.",
            request_id=request_id,
        )
    if answer.status == 404:
        return gone(answer.host, name, request_id)
    if answer.status in (403, 405) or kind == "mutability":
        return EntryError(
            "MethodNotAllowed" if answer.status == 405 else "NotPermitted",
            Text("{host} does not allow this change to {name}.{quote}", values),
            "Check the rights of the token, or take the attribute out of the mappings.",
            request_id=request_id,
        )
    if answer.status == 501:
        return EntryError(
            "NotImplemented",
            Text("{host} cannot do this to {name}.{quote}", values),
            "Switch this action off in the mappings, or ask the maker of the target.",
            request_id=request_id,
        )
    if kind in ("invalidpath", "notarget"):
        return EntryError(
            "SchemaAttributeNotFound",
            Text("{host} lacks an attribute that is written to {name}.{quote}", values),
            "Take the attribute out of the mappings.",
            request_id=request_id,
        )
    if _MISSING.search(str(values["quote"]).casefold()):
        return EntryError(
            "MandatoryFieldsMissing",
            Text("{host} misses a value for {name}.{quote}", values),
            "Fill it in Entra, or give the mapping a default.",
            request_id=request_id,
        )
    return EntryError(
        "UnprocessableEntity",
        Text("{host} refused {name} (HTTP {status}).{quote}", values),
        "Correct the values in Entra or the mapping.",
        request_id=request_id,
    )


def gone(host: str, name: str, request_id: str | None = None) -> EntryError:
    """What was to be changed is no longer at the target (spec/provisioning.md 3)."""
    return EntryError(
        "InvalidAnchor",
        Text("{host} no longer knows {name}.", {"host": host, "name": name}),
        "Look at everybody again with an initial cycle.",
        request_id=request_id,
    )


def members_refused(answer: Answer, name: str) -> EntryError:
    """Members of one group were refused; the group itself stands (spec 12.4)."""
    if answer.status not in (400, 404, 409, 422):
        return entry_refused(answer, name)
    return EntryError(
        UNRESOLVED,
        Text("{host} did not take members of {name}.{quote}", {**_said(answer), "name": name}),
        "See that the accounts of these people are still at the target, then sync again.",
        request_id=answer.request_id,
    )


def entry_faulty(fault: ServiceFaulty, name: str) -> EntryError:
    """A write that the server keeps failing at, although it answers otherwise."""
    return EntryError(
        "InternalServerError",
        Text("{name} was not written: {fault}", {"name": name, "fault": fault.text}),
        "Nothing to do; it is tried again.",
        transient=True,
        request_id=fault.request_id,
    )


def not_there(host: str, name: str) -> EntryError:
    """The answer to a creation was lost, and what was asked for cannot be found."""
    return EntryError(
        "InternalServerError",
        Text(
            "{host} did not confirm {name}, and it cannot be found.", {"host": host, "name": name}
        ),
        "Nothing to do; it is tried again.",
        transient=True,
    )


def no_groups(host: str) -> ConfigurationError:
    """Groups are switched on, but the target has none."""
    return ConfigurationError(
        Text("{host} has no groups.", {"host": host}),
        "Switch the mapping of groups off: mappings.groups.enabled.",
        key="mappings.groups.enabled",
    )


def _said(answer: Answer) -> dict[str, TextValue]:
    body = answer.json_object()
    words = text_of(body.get("detail")) or text_of(body.get("message"))
    return {"host": answer.host, "quote": errors.quotation(words or text_of(body.get("scimType")))}
