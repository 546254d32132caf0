"""The JSON of GoTo's SCIM interface to accounts and groups, and back (spec/goto.md 2.3, 2.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from app.connectors.wire import Answer, Json, JsonObject, key_text, objects_of, text_of, texts_of
from app.domain.accounts import ACTIVE, Account, AccountChoice
from app.domain.groups import TargetGroup
from app.domain.people import Value
from app.mapping.limits import GOTO_SCIM

USER_NAME = GOTO_SCIM.identity
GROUP_NAME = "displayName"
EXTENSION = "urn:scim:schemas:extension:getgo:1.0"
NAME_PARTS = ("name.givenName", "name.familyName")

Members: TypeAlias = dict[str, JsonObject]
"""Members of a group by key, in their order, each as it is written."""


@dataclass(frozen=True, slots=True)
class Me:
    """Whoever the token belongs to. `accounts` are those the organisation spans, as far as seen."""

    key: str
    name: str
    accounts: tuple[AccountChoice, ...] = ()

    @property
    def domain(self) -> str:
        """The domain of the administrator's address, lower case: one of the organisation's."""
        return domain_of(self.name)


def domain_of(address: str) -> str:
    """What follows the @ of an address, lower case."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def me_of(item: JsonObject, name: str) -> Me:
    """The token's owner; accounts where they are an administrator come first (5.5)."""
    extension = item.get(EXTENSION)
    listed = objects_of(extension.get("accounts")) if isinstance(extension, dict) else []
    listed.sort(key=lambda one: "acctadmin" not in texts_of(one.get("entitlements")))
    accounts = tuple(
        AccountChoice(key, text_of(one.get("display")) or key)
        for one in listed
        if (key := key_text(one.get("value")))
    )
    return Me(key_text(item.get("id")), text_of(item.get(USER_NAME)) or name, accounts)


def key_at(answer: Answer) -> str:
    """The last part of where an answer points to: `/Users/me` may be one (2.3)."""
    return answer.headers.get("location", "").partition("?")[0].rstrip("/").rpartition("/")[2]


def account_of(item: JsonObject) -> Account:
    """One identity. There is no suspended one (10, 4): whoever is there is active."""
    attributes: dict[str, Value] = {ACTIVE: True}
    for written in GOTO_SCIM.attributes:
        name, _, part = written.partition(".")
        value = item.get(name)
        if part:
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str):
            attributes[written] = value
    return Account(
        key=key_text(item.get("id")),
        match=text_of(item.get(USER_NAME)).lower(),
        attributes=attributes,
    )


def is_whole(item: JsonObject) -> bool:
    """Whether an answer describes the whole identity."""
    return bool(key_text(item.get("id")) and text_of(item.get(USER_NAME)))


def user_of(attributes: Mapping[str, Value]) -> JsonObject:
    """A new identity, or the part of one that changes."""
    body: JsonObject = {}
    for written, value in sorted(attributes.items()):
        name, _, part = written.partition(".")
        text: Json = value if isinstance(value, str) else ""
        if not part:
            body[name] = text
            continue
        holder = body.setdefault(name, {})
        if isinstance(holder, dict):
            holder[part] = text
    return body


def half_a_name(attributes: Mapping[str, Value]) -> bool:
    """Whether one part of the name changes alone. A change replaces the name as a whole (2.5)."""
    return sum(part in attributes for part in NAME_PARTS) == 1


def with_whole_name(attributes: Mapping[str, Value], current: Account) -> dict[str, Value]:
    """The same change with both parts of the name."""
    return {**{part: current.attributes.get(part, "") for part in NAME_PARTS}, **attributes}


def group_of(item: JsonObject) -> TargetGroup:
    """One group with the keys of its members."""
    name = text_of(item.get(GROUP_NAME))
    return TargetGroup(
        key=key_text(item.get("id")),
        match=name.lower(),
        attributes={GROUP_NAME: name},
        members=tuple(members_of(item)),
    )


def members_of(item: JsonObject) -> Members:
    """The members as they have to be written; a group among them stays one."""
    return {
        key: _member(key, text_of(one.get("type")) or "user")
        for one in objects_of(item.get("members"))
        if (key := key_text(one.get("value")))
    }


def users(keys: Iterable[str]) -> Members:
    """These accounts as members."""
    return {key: _member(key, "user") for key in keys}


def membership(name: str, members: Members) -> JsonObject:
    """A group's members. The name goes with it: the vendor's description demands it."""
    return {GROUP_NAME: name, "members": list(members.values())}


def _member(key: str, kind: str) -> JsonObject:
    return {"type": kind, "value": key}
