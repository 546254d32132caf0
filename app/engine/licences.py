"""Which seats a person should hold (spec/goto.md 3.3): foreign ones stay, ours follow the role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.accounts import Licence
from app.domain.people import AppRole

ANY_ROLE = "*"


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """The complete list of licence keys to hold, those of them that are ours, what is missing."""

    keys: frozenset[str]
    granted: frozenset[str]
    missing: tuple[frozenset[str], ...] = ()
    """Product sets for which the target has no licence at all."""


def wanted_products(
    roles: Iterable[AppRole], licences: Mapping[str, frozenset[str]]
) -> tuple[frozenset[str], ...]:
    """Product sets of these roles; a set within another one is dropped."""
    chosen: set[frozenset[str]] = set()
    for role in roles:
        for key in (role.value, role.name, ANY_ROLE):
            if key is not None and key in licences:
                chosen.add(licences[key])
                break
    largest = [one for one in chosen if one and not any(one < other for other in chosen)]
    return tuple(sorted(largest, key=sorted))


def plan_seats(
    wanted: Sequence[frozenset[str]],
    held: frozenset[str],
    granted: frozenset[str],
    catalogue: Sequence[Licence],
) -> SeatPlan:
    """Seats after the change: a held seat that includes the products counts.

    `held` are the licence keys on the account, `granted` those that Rollcall gave before.
    """
    products = {licence.key: licence.products for licence in catalogue}
    outdated = {key for key in granted & held if products.get(key) not in set(wanted)}
    keys = set(held - outdated)
    ours = set((granted & held) - outdated)
    missing: list[frozenset[str]] = []
    for one in wanted:
        if any(one <= products.get(key, frozenset()) for key in keys):
            continue
        exact = next((licence.key for licence in catalogue if licence.products == one), None)
        if exact is None:
            missing.append(one)
        else:
            keys.add(exact)
            ours.add(exact)
    return SeatPlan(frozenset(keys), frozenset(ours), tuple(missing))
