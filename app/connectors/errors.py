"""The one translator: statuses, bodies and transport failures become domain errors here.

Every text says what happened and to whom, every advice what to do. A service's own words are
quoted, shortened, and never include a secret: `http.ServiceClient` blackens them before this
module sees the body.
"""

from __future__ import annotations

import re

import httpx

from app.connectors.unreachable import failure
from app.connectors.wire import Answer, Json, JsonObject, text_of
from app.domain.accounts import AccountChoice
from app.domain.errors import (
    BrokenContract,
    ConfigurationError,
    CredentialsRefused,
    DeltaExpired,
    EntryError,
    PermissionMissing,
    RollcallError,
    Service,
    ServiceError,
    ServiceFaulty,
    Unreachable,
)
from app.domain.texts import Text, TextValue

_LONGEST_QUOTE = 300

_RESYNC_CODES = frozenset(
    {
        "syncstatenotfound",
        "resyncrequired",
        "resyncapplydifferences",
        "resyncuploaddifferences",
        "directory_expiredpagetoken",
    }
)


class AnswerLost(Unreachable):
    """The request was sent, the answer never came: what was asked may have been done."""


class KeepsFailing(ServiceFaulty):
    """5xx to one and the same request until patience ended; others may fare better."""


# --- no answer -----------------------------------------------------------------------------


def unreachable(
    service: Service, host: str, error: httpx.TransportError, proxy: str | None = None
) -> Unreachable:
    """Which of name, connection, TLS or time failed, naming the host."""
    stage, text, advice = failure(host, error, proxy)
    return Unreachable(service, text, advice, stage=stage)


def answer_lost(service: Service, host: str) -> AnswerLost:
    """A write whose answer was lost on the way."""
    return AnswerLost(
        service,
        Text("{host} was sent a change but its answer was lost.", {"host": host}),
        "Check the network. Rollcall reads the account again before it writes to it.",
    )


# --- answers nobody can use ----------------------------------------------------------------


def faulty(service: Service, answer: Answer) -> KeepsFailing:
    """5xx that outlasted our patience."""
    return KeepsFailing(
        service,
        Text(
            "{host} keeps answering with an error of its own (HTTP {status}).{quote}",
            {"host": answer.host, "status": answer.status, "quote": quoted(answer)},
        ),
        "Nothing is wrong at your end. Rollcall tries again at the next cycle.",
        request_id=answer.request_id,
    )


def throttled(service: Service, answer: Answer) -> ServiceFaulty:
    """429 that outlasted our patience."""
    return keeps_throttling(service, answer.host, answer.request_id)


def keeps_throttling(service: Service, host: str, request_id: str | None = None) -> ServiceFaulty:
    """Asked for fewer requests until our patience ended."""
    return ServiceFaulty(
        service,
        Text("{host} keeps asking for fewer requests (HTTP 429).", {"host": host}),
        "Another program may use up the same allowance. Rollcall tries again at the next cycle.",
        request_id=request_id,
    )


def broken(
    service: Service, host: str, what: Text | str, request_id: str | None = None
) -> BrokenContract:
    """An answer that does not hold what the service promises; `what` is a whole sentence."""
    sentence = Text(what) if isinstance(what, str) else what
    return BrokenContract(
        service,
        Text("{host} answered something unexpected: {what}", {"host": host, "what": sentence}),
        "Check the address in the profile; a proxy's sign-in page answers like this too.",
        request_id=request_id,
    )


def not_json(service: Service, answer: Answer) -> BrokenContract:
    """A success whose body is not the JSON it should be."""
    return broken(
        service, answer.host, Text("the body is not the JSON it should be."), answer.request_id
    )


def unexpected_status(service: Service, answer: Answer) -> BrokenContract:
    """A status that means nothing at this place."""
    return broken(
        service,
        answer.host,
        Text("HTTP {status}.{quote}", {"status": answer.status, "quote": quoted(answer)}),
        answer.request_id,
    )


# --- Microsoft Graph -----------------------------------------------------------------------


def graph_error(answer: Answer, permission: str) -> RollcallError:
    """A refusal of Graph (spec/graph.md 2.5); `permission` is what the request needs (1.6)."""
    codes = graph_codes(answer)
    request_id = answer.request_id or _inner_request_id(answer.json_object())
    if answer.status == 401:
        return CredentialsRefused(
            Service.SOURCE,
            Text("{host} does not accept Rollcall's token.{quote}", _said(answer)),
            "Check that source.tenant and source.graph_url belong to the same cloud.",
            request_id=request_id,
        )
    if answer.status == 403 and "insufficient_claims" in codes:
        return PermissionMissing(
            Service.SOURCE,
            "Conditional Access refuses Rollcall's application.",
            "Exclude the application from the Conditional Access policy.",
            request_id=request_id,
        )
    if answer.status == 403:
        return PermissionMissing(
            Service.SOURCE,
            Text(
                "Rollcall's application lacks the permission {permission}.",
                {"permission": permission},
            ),
            Text(
                "Add the application permission {permission} under App registrations, API"
                " permissions, and grant admin consent. It can take some minutes to arrive.",
                {"permission": permission},
            ),
            request_id=request_id,
        )
    if "directory_expiredpagetoken" in codes:
        return ServiceFaulty(
            Service.SOURCE,
            "Microsoft forgot the place in a list while it was being read.",
            "The next cycle reads the list from its start.",
            request_id=request_id,
        )
    if answer.status in (507, 509):
        return faulty(Service.SOURCE, answer)
    return unexpected_status(Service.SOURCE, answer)


def graph_delta_error(answer: Answer, permission: str) -> RollcallError:
    """The same for a delta round, where some refusals only ask for a full read (5.4)."""
    if answer.status == 410 or (400 <= answer.status < 500 and graph_codes(answer) & _RESYNC_CODES):
        return DeltaExpired()
    return graph_error(answer, permission)


def graph_codes(answer: Answer) -> frozenset[str]:
    """All codes of an error body, nested ones too, lower case."""
    codes: set[str] = set()
    queue: list[Json] = [answer.json_object().get("error")]
    while queue:
        node = queue.pop()
        if isinstance(node, dict):
            codes.add(text_of(node.get("code")).casefold())
            queue.extend(node.values())
        elif isinstance(node, list):
            queue.extend(node)
    return frozenset(codes - {""})


def _inner_request_id(body: JsonObject) -> str | None:
    error = body.get("error")
    if not isinstance(error, dict):
        return None
    inner = error.get("innerError", error.get("innererror"))
    return (text_of(inner.get("request-id")) or None) if isinstance(inner, dict) else None


def application_unknown(service_principal: str) -> ConfigurationError:
    """Neither an object id nor a client id of an enterprise application."""
    return ConfigurationError(
        Text("The tenant has no enterprise application {id}.", {"id": service_principal}),
        "Copy the Object ID from Enterprise applications, Properties, to source.service_principal.",
        key="source.service_principal",
    )


# --- GoTo Admin API ------------------------------------------------------------------------


def goto_error(answer: Answer) -> ServiceError:
    """A refusal of the Admin API that concerns everybody."""
    code, _ = goto_words(answer)
    if answer.status == 401 and code.casefold() not in ("not.authenticated", "not.authorized"):
        return CredentialsRefused(
            Service.TARGET,
            Text("{host} does not accept Rollcall's token.{quote}", _said(answer)),
            "Check the administrator's credentials, and that the OAuth client has the scope"
            " identity: (Admin Center).",
            request_id=answer.request_id,
        )
    if answer.status in (401, 403):
        return PermissionMissing(
            Service.TARGET,
            Text("GoTo does not let this administrator manage the account.{quote}", _said(answer)),
            "Give the administrator the role of a super admin, or the rights to manage users and"
            " seats (MANAGE_USERS, MANAGE_SEATS), and the OAuth client the scope identity:.",
            request_id=answer.request_id,
        )
    return unexpected_status(Service.TARGET, answer)


class AccountKeyNeeded(ConfigurationError):
    """Several GoTo accounts and none chosen; `choices` are what to choose from."""

    def __init__(self, user: str, choices: tuple[AccountChoice, ...]) -> None:
        super().__init__(
            Text(
                "{user} manages {count} GoTo accounts: {names}.",
                {"user": user, "count": len(choices), "names": _named(choices)},
            ),
            "Write the key of the right one into target.account_key.",
            key="target.account_key",
        )
        self.choices = choices


def goto_account_missing(user: str) -> PermissionMissing:
    """Signed in, but no account to work in (spec/goto.md 5.5)."""
    return PermissionMissing(
        Service.TARGET,
        Text("{user} manages no GoTo account.", {"user": user}),
        "Sign in as an administrator of the account, or set target.account_key.",
    )


def _named(choices: tuple[AccountChoice, ...]) -> str:
    return ", ".join(f"{one.name} ({one.key})" for one in choices)


def goto_account_unknown(
    user: str, account_key: str, choices: tuple[AccountChoice, ...]
) -> ConfigurationError:
    """The configured account key is not one this administrator may use."""
    return ConfigurationError(
        Text(
            "{user} does not manage the GoTo account {key}, but these: {names}.",
            {"user": user, "key": account_key, "names": _named(choices)},
        ),
        "Correct target.account_key, or leave it out when there is one account.",
        key="target.account_key",
    )


def list_incomplete(host: str, what: Text | str) -> ServiceFaulty:
    """A listing that cannot be trusted to be whole; never taken for "that is all"."""
    sentence = Text(what) if isinstance(what, str) else what
    return ServiceFaulty(
        Service.TARGET,
        Text(
            "The list of accounts of {host} is incomplete: {what}", {"host": host, "what": sentence}
        ),
        "Nobody was changed because of it. The next cycle reads the list again.",
    )


def goto_entry_error(answer: Answer, address: str, *, asks_for_seat: bool) -> EntryError:
    """One account was refused (spec/provisioning.md 12.4); quotes the service's own words."""
    code, words = goto_words(answer)
    said = f"{code} {words}".casefold()
    values: dict[str, TextValue] = {
        "address": address,
        "status": answer.status,
        "quote": quotation(words or code),
    }
    request_id = answer.request_id
    if asks_for_seat and no_free_seat(answer):
        return seat_missing(address, quotation(words or code), request_id)
    if answer.status == 404:
        return EntryError(
            "InvalidAnchor",
            Text("GoTo no longer knows the account of {address}.{quote}", values),
            "The next full cycle looks for the account again.",
            request_id=request_id,
        )
    if answer.status == 409:
        return EntryError(
            "Conflict",
            Text("GoTo says {address} collides with an existing account.{quote}", values),
            "The address may belong to another GoTo account: ask GoTo's support to move it, or"
            " correct the address.",
            request_id=request_id,
        )
    if re.search(r"read.?only|not.?permitted", said):
        return EntryError(
            "NotPermitted",
            Text("GoTo does not allow this change to {address}.{quote}", values),
            "Name and address can only be changed in the user's primary GoTo account.",
            request_id=request_id,
        )
    if answer.status in (401, 403):
        return EntryError(
            "InsufficientRights",
            Text("GoTo does not allow this change to {address}.{quote}", values),
            "Check the administrator's roles in the GoTo Admin Center.",
            request_id=request_id,
        )
    if "domain" in said:
        return EntryError(
            "InvalidDomain",
            Text("GoTo does not accept the domain of {address}.{quote}", values),
            "Verify the domain in the GoTo Admin Center, or correct the address.",
            request_id=request_id,
        )
    if re.search(r"required|mandatory|missing|blank|must not be empty|may not be empty", said):
        return EntryError(
            "MandatoryFieldsMissing",
            Text("GoTo misses a value for {address}.{quote}", values),
            "Fill it in Entra, or give the mapping a default.",
            request_id=request_id,
        )
    return EntryError(
        "UnprocessableEntity",
        Text("GoTo refused {address} (HTTP {status}).{quote}", values),
        "Correct the person's data in Entra or the mapping.",
        request_id=request_id,
    )


def goto_entry_faulty(answer: Answer, address: str) -> EntryError:
    """A write that GoTo keeps failing at, although it answers otherwise."""
    return EntryError(
        "InternalServerError",
        Text(
            "GoTo failed at {address} (HTTP {status}).{quote}",
            {"address": address, "status": answer.status, "quote": quoted(answer)},
        ),
        "Nothing to do; it is tried again.",
        transient=True,
        request_id=answer.request_id,
    )


def goto_entry_keeps_failing(fault: KeepsFailing, address: str) -> EntryError:
    """A change to one account that GoTo fails at, told from a service that is down."""
    return EntryError(
        "InternalServerError",
        Text("{address} was not changed: {fault}", {"address": address, "fault": fault.text}),
        "Nothing to do; it is tried again.",
        transient=True,
        request_id=fault.request_id,
    )


def goto_not_there(address: str) -> EntryError:
    """GoTo said yes, and the account cannot be found afterwards."""
    return EntryError(
        "InternalServerError",
        Text(
            "GoTo did not report an account for {address}, and none can be found.",
            {"address": address},
        ),
        "It is tried again. If it stays so, look for the address in the GoTo Admin Center.",
        transient=True,
    )


def seat_missing(address: str, quote: str = "", request_id: str | None = None) -> EntryError:
    """No free seat for this person."""
    return EntryError(
        "LicenseLimitExceeded",
        Text("No free seat in GoTo for {address}.{quote}", {"address": address, "quote": quote}),
        "Buy seats, or take the assignment from somebody in Entra.",
        request_id=request_id,
    )


def no_free_seat(answer: Answer) -> bool:
    """Whether a refusal speaks of seats; no body for it is on record (spec/goto.md 10, 12)."""
    code, words = goto_words(answer)
    said = f"{code} {words}".casefold()
    if answer.status == 402:
        return True
    short = r"exceed|limit|exhaust|enough|insufficient|out.?of|free|available|remaining|left|full"
    return bool(re.search(r"licen[cs]e|seat", said) and re.search(short, said))


def goto_words(answer: Answer) -> tuple[str, str]:
    """Code and message of any body of spec/goto.md 7; empty strings where there is none."""
    body = answer.json_object()
    code = _first_text(body, ("errorCode", "int_err_code", "code", "err", "error"))
    message = _first_text(body, ("message", "msg", "error_description", "description"))
    if not code and not message:
        message = answer.headers.get("www-authenticate", "")
    return code, message


def _first_text(body: JsonObject, names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := text_of(body.get(name)))), "")


# --- quoting -------------------------------------------------------------------------------


def quotation(words: str) -> str:
    """` “words”` on one line, shortened; empty for nothing."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    if len(line) > _LONGEST_QUOTE:
        line = line[: _LONGEST_QUOTE - 1] + "…"
    return f" “{line}”" if line else ""


def quoted(answer: Answer) -> str:
    """What the service said, as `quotation` shows it."""
    body = answer.json_object()
    error = body.get("error")
    if isinstance(error, dict):
        return quotation(text_of(error.get("message")) or text_of(error.get("code")))
    code, words = goto_words(answer)
    return quotation(words or code)


def _said(answer: Answer) -> dict[str, str]:
    return {"host": answer.host, "quote": quoted(answer)}
