"""Whether the addresses people would get lie in domains that the target knows.

GoTo takes an address only in one of its verified domains (spec/goto.md 2.2) and has no documented
call that lists them. What is certain are the domains of the accounts that exist and of our own
administrator; the tenant's verified domains say how likely another one is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from app.domain.activity import CheckPart, Status
from app.domain.texts import Text, TextValue
from app.setup.checks import Finding

_NAMES = 3
"""People named as examples for a domain."""
_SHOWN = 6
"""Domains shown one by one."""
_MOST = 1000
"""Domains told apart; people of any more are left out."""
_NOTHING = ""


def domain_of(address: str) -> str:
    """What follows the @, lower case; "" without one."""
    return address.rpartition("@")[2].lower() if "@" in address else _NOTHING


@dataclass(slots=True)
class Addresses:
    """People counted by the domain of their address, with a few names each."""

    counts: Counter[str] = field(default_factory=Counter)
    names: dict[str, list[str]] = field(default_factory=dict)

    def take(self, name: str, address: str) -> None:
        """One person."""
        domain = domain_of(address)
        if domain not in self.counts and len(self.counts) >= _MOST:
            return
        self.counts[domain] += 1
        named = self.names.setdefault(domain, [])
        if len(named) < _NAMES:
            named.append(name)

    @property
    def total(self) -> int:
        """People looked at."""
        return self.counts.total()


def judge_domains(
    addresses: Addresses,
    known: Collection[str],
    verified: Collection[str] | None,
    *,
    all_accounts: bool,
    more: bool,
) -> Finding:
    """How many are in `known` domains, who is not, and what to do.

    `verified`: the tenant's domains, None when it does not say. `all_accounts`: `known` comes
    from every account there is. `more`: not everybody who is assigned was looked at.
    """
    inside = sum(count for domain, count in addresses.counts.items() if domain in known)
    outside = addresses.total - inside
    values: dict[str, TextValue] = {"inside": inside, "n": addresses.total}
    fact = Text(
        "{inside} of {n} assigned person has an address in a domain that the target knows",
        values,
        plural="{inside} of {n} assigned people have an address in a domain that the target knows",
    )
    if more:
        values["n"] = addresses.total
        fact = Text(
            "Of the first {n} assigned people {inside} have an address in a domain that the target"
            " knows",
            values,
        )
    parts = tuple(_parts(addresses, known, verified))
    details = {"domains_known": ", ".join(sorted(known)[:_SHOWN])}
    if verified is not None:
        details["domains_of_tenant"] = ", ".join(sorted(verified)[:_SHOWN])
    if not outside:
        return Finding(fact, details=details, parts=parts)
    strangers = [domain for domain, _ in addresses.counts.most_common() if domain not in known]
    named = [name for domain in strangers for name in addresses.names[domain]][:_NAMES]
    examples: dict[str, TextValue] = {"fact": fact, "n": outside, "names": ", ".join(named)}
    fact = Text(
        "{fact}; {n} does not: {names}",
        examples,
        plural="{fact}; {n} do not, among them {names}",
    )
    if strangers == [_NOTHING]:
        advice = Text("Fill their address in Entra, or change the mapping that is for matching.")
    elif all_accounts:
        advice = Text(
            "No account has such an address yet. Verify these domains at the target before the"
            " first cycle, or correct the addresses; otherwise these people fail one by one."
        )
    else:
        advice = Text(
            "Not all accounts were looked at, so it cannot be known. Check that these domains are"
            " verified at the target; otherwise these people fail one by one."
        )
    return Finding(fact, Status.WARNING, advice, details, parts)


def _parts(
    addresses: Addresses, known: Collection[str], verified: Collection[str] | None
) -> Iterable[CheckPart]:
    ranked = sorted(addresses.counts.items(), key=lambda one: (one[0] in known, -one[1], one[0]))
    for domain, count in ranked[:_SHOWN]:
        values: dict[str, TextValue] = {"n": count}
        status = Status.SUCCESS if domain in known else Status.WARNING
        name = domain or "–"
        if domain in known:
            said = Text("{n} person", values, plural="{n} people")
        elif not domain:
            said = Text("{n} without an address", values)
        elif verified is not None and domain in verified:
            said = Text("{n}, verified in Entra only", values)
        elif verified is not None:
            said = Text("{n}, not verified in Entra either", values)
        else:
            said = Text("{n}, not known at the target", values)
        yield CheckPart(name, status, said)
