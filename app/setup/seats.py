"""Which licence each role gives, and whether the organisation has free seats of it."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.accounts import Licence
from app.domain.activity import Status
from app.domain.products import product_name
from app.domain.settings import TargetSettings
from app.domain.texts import Text


def judge_seats(
    licences: Sequence[Licence], settings: TargetSettings
) -> tuple[Status, Text, Text | None]:
    """Whether every product set the profile gives exists as a licence with a free seat.

    Returns status, fact and advice. A set nobody could get is a failure, a full one a warning:
    each person without a seat is told in the log, the others go on (interface.md, Codes).
    """
    wanted = sorted(set(settings.licences.values()), key=sorted)
    facts: list[Text] = []
    full: list[str] = []
    for products in wanted:
        name = product_name(products)
        found = [licence for licence in licences if licence.products == products]
        if not found:
            return (
                Status.FAILURE,
                Text("The organisation has no licence for {product} alone", {"product": name}),
                Text("Buy one in GoTo, or name another product for the role in the profile."),
            )
        licence = found[0]
        if licence.seats is None or licence.seats_used is None:
            facts.append(Text("{product} licence found", {"product": name}))
            continue
        free = max(0, licence.seats - licence.seats_used)
        values: dict[str, str | int | float | Text] = {
            "product": name,
            "free": free,
            "seats": licence.seats,
        }
        facts.append(Text("{product}: {free} of {seats} seats free", values))
        if not free:
            full.append(name)
    fact = facts[0]
    for another in facts[1:]:
        fact = Text("{one}; {two}", {"one": fact, "two": another})
    if full:
        return (
            Status.WARNING,
            fact,
            Text(
                "Add seats of {products} in GoTo; until then new people fail one by one.",
                {"products": ", ".join(full)},
            ),
        )
    return Status.SUCCESS, fact, None
