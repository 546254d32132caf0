"""What every list of the practice Graph does: filter, page, select (spec/graph.md 2).

A page token holds a position in a list that only grows, so that pages neither repeat nor lose
anybody when objects come and go between two of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import TypeVar

from app.sandbox.faults import Faults
from app.sandbox.filters import FilterUnreadable, Node, comparisons, parse_odata
from app.sandbox.wire import Answer, Call, Json, Refused, link, pack, unpack

Item = TypeVar("Item")

MOST = 999
"""Largest page of every list (spec/graph.md 2.2)."""

ADVANCED_ONLY = frozenset(
    {
        "companyName",
        "mobilePhone",
        "officeLocation",
        "postalCode",
        "streetAddress",
        "preferredLanguage",
        "employeeType",
        "onPremisesSamAccountName",
        "onPremisesExtensionAttributes",
    }
)
"""Properties that only an advanced query may filter by (spec/graph.md 2.4)."""

OUTSIDE_DIRECTORY = frozenset(
    {"aboutMe", "birthday", "hireDate", "interests", "mailboxSettings", "skills"}
)
"""Properties that a list of users cannot show: 501 (spec/graph.md 2.3)."""


def error(status: int, code: str, message: str) -> Answer:
    """A Graph error body (spec/graph.md 2.5)."""
    identity = str(uuid.uuid4())
    inner = {"request-id": identity, "client-request-id": identity}
    return Answer(status, {"error": {"code": code, "message": message, "innerError": inner}})


def not_found() -> Refused:
    """404 for an object that does not exist."""
    return Refused(error(404, "Request_ResourceNotFound", "Resource does not exist."))


def bad_request(message: str) -> Refused:
    """400 with the code Graph uses for most mistakes."""
    return Refused(error(400, "Request_BadRequest", message))


def is_advanced(call: Call) -> bool:
    """Whether the call carries both parameters of an advanced query (spec/graph.md 2.1)."""
    level = call.headers.get("consistencylevel", "").lower()
    return level == "eventual" and call.query.get("$count", "").lower() == "true"


def require_advanced(call: Call) -> None:
    """Refuses a call that needs the advanced parameters and lacks them."""
    if not is_advanced(call):
        raise Refused(
            error(
                400,
                "Request_UnsupportedQuery",
                "The query needs $count=true and the header ConsistencyLevel: eventual.",
            )
        )


def selected(
    call: Call,
    default: Sequence[str],
    known: frozenset[str],
    kind: str,
    *,
    extensions: bool = False,
    with_id: bool = False,
) -> Sequence[str]:
    """Names of `$select`, else `default`. Unknown names are refused, never passed over.

    `with_id` puts `id` first whatever was asked for, as deltas do.
    """
    names = [name.strip() for name in call.query.get("$select", "").split(",") if name.strip()]
    for name in names:
        if name in OUTSIDE_DIRECTORY and kind == "user":
            raise Refused(error(501, "NotImplemented", f"{name} is not available on a list."))
        if name not in known and not (extensions and name.startswith("extension_")):
            raise bad_request(
                f"Could not find a property named '{name}' on type 'microsoft.graph.{kind}'."
            )
    if not names:
        return default
    return ["id", *(name for name in names if name != "id")] if with_id else names


def filter_of(call: Call, known: frozenset[str]) -> Node | None:
    """The call's `$filter`, checked; None when there is none."""
    if "$search" in call.query:
        require_advanced(call)
        raise bad_request("The practice directory does not search.")
    written = call.query.get("$filter")
    if written is None:
        return None
    try:
        node = parse_odata(written)
    except FilterUnreadable as trouble:
        raise bad_request(f"Invalid filter clause: {trouble}") from None
    for test, negated in comparisons(node):
        if test.name not in known:
            raise bad_request(f"Invalid filter clause: there is no property '{test.name}'.")
        if negated or test.operator in {"ne", "endswith"} or test.name in ADVANCED_ONLY:
            require_advanced(call)
    return node


def page(
    call: Call,
    faults: Faults,
    items: Sequence[Item],
    keep: Callable[[Item], bool],
    show: Callable[[Item], object],
    context: str,
) -> Answer:
    """One page of `items` that pass `keep`, with a nextLink when there are more."""
    size = _page_size(call, faults)
    token = call.query.get("$skiptoken")
    state = _position(token, faults)
    body: Json = {"@odata.context": f"{call.base}/$metadata#{context}"}
    if token is None and is_advanced(call):
        body["@odata.count"] = sum(1 for item in items if keep(item))
    at = state["at"]
    found: list[object] = []
    if faults.empty_pages and not state.get("blank"):
        body["@odata.nextLink"] = _next_link(call, {"at": at, "blank": True})
        return Answer(200, body | {"value": found})
    while at < len(items):
        if keep(items[at]):
            if len(found) == size:
                body["@odata.nextLink"] = _next_link(call, {"at": at})
                break
            found.append(show(items[at]))
        at += 1
    return Answer(200, body | {"value": found})


def _page_size(call: Call, faults: Faults) -> int:
    top = call.query.get("$top", str(faults.default_top))
    if not top.isdecimal() or int(top) == 0:
        raise bad_request("Invalid value for $top.")
    return min(int(top), MOST)


def _position(token: str | None, faults: Faults) -> Json:
    if token is None:
        return {"at": 0}
    state = unpack(token)
    if faults.delta_reset == "stale_page":
        faults.delta_reset = state = None
    if state is None or not isinstance(state.get("at"), int):
        raise Refused(error(400, "Directory_ExpiredPageToken", "The page token has expired."))
    return state


def _next_link(call: Call, state: Json) -> str:
    return link(f"{call.base}{call.path}", {**call.query, "$skiptoken": pack(state)})
