"""The Admin API's JSON to accounts and licences, and back (spec/goto.md 3.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from app.connectors.wire import Answer, Json, JsonObject, key_text, objects_of, text_of, texts_of
from app.domain.accounts import Account, AccountChoice, AccountDraft, Licence
from app.domain.people import Value

ATTRIBUTES = ("email", "firstName", "lastName", "locale")


def account_of(item: JsonObject) -> Account:
    """One user of the account."""
    attributes: dict[str, Value] = {
        name: value for name in ATTRIBUTES if isinstance(value := item.get(name), str)
    }
    roles = texts_of(item.get("adminRoles"))
    licences = item.get("licenseKeys")
    keys = licences if isinstance(licences, list) else []
    return Account(
        key=key_text(item.get("key")),
        match=text_of(item.get("email")).lower(),
        attributes=attributes,
        licences=frozenset(key for one in keys if (key := key_text(one))),
        roles=roles,
        read_only=item.get("identityReadOnly") is True,
    )


def is_whole(item: JsonObject) -> bool:
    """Whether an answer describes the whole user, seats included."""
    return bool(item.get("email")) and isinstance(item.get("licenseKeys"), list)


def licence_of(item: JsonObject) -> Licence:
    """One pool of seats; totals are not to be relied on (spec/goto.md 10, 13)."""
    return Licence(
        key=key_text(item.get("key")),
        products=frozenset(texts_of(item.get("products"))),
        seats=_whole(item, ("quantity", "seats", "total")),
        seats_used=_whole(item, ("used", "seatsUsed", "assigned")),
    )


def choices_of(me: JsonObject) -> tuple[AccountChoice, ...]:
    """The accounts an administrator may choose from (spec/goto.md 5.5)."""
    listed = {
        key: AccountChoice(key, text_of(one.get("name")) or key)
        for one in objects_of(me.get("accounts"))
        if (key := key_text(one.get("key")))
    }
    own = key_text(me.get("accountKey"))
    if own and own not in listed:
        listed[own] = AccountChoice(own, own)
    return tuple(listed.values())


def creation_of(drafts: Iterable[AccountDraft], licences: Iterable[str]) -> JsonObject:
    """The body that creates these users with these seats, without mailing them."""
    body: JsonObject = {
        "users": [attributes_json(draft.attributes) for draft in drafts],
        "suppressEmail": True,
    }
    keys = keys_json(licences)
    if keys:
        body["licenseKeys"] = keys
    return body


def created_items(answer: Answer) -> list[JsonObject]:
    """What a creation answered: an array, one object or a `results` envelope (3.2)."""
    try:
        body = answer.json()
    except ValueError:
        return []
    if isinstance(body, dict):
        listed = body.get("results", body.get("users"))
        return objects_of(listed) if isinstance(listed, list) else [body]
    return objects_of(body)


def may_manage_users(roles: Collection[str]) -> bool:
    """Whether these admin roles let somebody create and change users (3.6)."""
    return not {"SUPER_USER", "MANAGE_USERS"}.isdisjoint(role.upper() for role in roles)


def attributes_json(attributes: Mapping[str, Value]) -> JsonObject:
    """Attributes as GoTo names them."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in attributes.items()
    }


def keys_json(keys: Iterable[str]) -> list[Json]:
    """Keys as GoTo writes them: numbers where they are numbers."""
    return [int(key) if key.isdecimal() else key for key in sorted(keys)]


def _whole(item: JsonObject, names: tuple[str, ...]) -> int | None:
    for name in names:
        value = item.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None
