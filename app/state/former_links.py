"""Links of targets that a profile had before: kept apart, and there again when it returns."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, literal, select, update
from sqlalchemy.dialects.sqlite import insert

from app.state.schema import (
    account,
    drift,
    group_attempt,
    group_link,
    group_member,
    intent,
    link,
    link_elsewhere,
    person,
    reference_attempt,
)

OF_ONE_TARGET = (intent, group_link, group_member, group_attempt, reference_attempt, drift)
"""What means nothing at another target; it stays where links show that it is the same one."""
_COLUMNS = ("person_id", "account_key", "active", "payload", "linked_at")


def exchange_links(connection: Connection, made_at: str, here: str) -> None:
    """Put the links made at one target away, and take out those of the target that was listed.

    A link is taken out again only when its account is there under the address it had: a key alone
    may be a stranger's. Links of the former target that are good here are those of a target that
    got another address.
    """
    kept = [link_elsewhere.c[name] for name in _COLUMNS]
    connection.execute(delete(link_elsewhere).where(link_elsewhere.c.target == made_at))
    connection.execute(
        insert(link_elsewhere).from_select(
            ["target", *_COLUMNS],
            select(literal(made_at), *(link.c[name] for name in _COLUMNS)),
        )
    )
    connection.execute(delete(link))
    take_out = insert(link).prefix_with("OR IGNORE")
    address = func.json_extract(link_elsewhere.c.payload, "$.match")
    carried_over = 0
    for target in (here, made_at):
        good = (
            select(*kept)
            .join(account, account.c.key == link_elsewhere.c.account_key)
            .where(link_elsewhere.c.target == target, account.c.match_value == address)
        )
        taken = connection.execute(take_out.from_select(list(_COLUMNS), good)).rowcount
        carried_over += taken if target == made_at else 0
    for table in () if carried_over else OF_ONE_TARGET:
        connection.execute(delete(table))
    connection.execute(delete(link_elsewhere).where(link_elsewhere.c.target == here))
    linked = select(link.c.person_id)
    connection.execute(update(person).where(person.c.id.in_(linked)).values(refers=1))
