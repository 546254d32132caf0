"""The checks of the target's side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.domain.accounts import Account, TargetInfo, WriteProbe
from app.domain.activity import Status
from app.domain.ports import Source, StopSignal, Target
from app.domain.settings import Profile
from app.domain.texts import Text, TextValue
from app.setup.assigned import matching_values
from app.setup.checks import Finding, Found, Untested, once
from app.setup.contact import Contact
from app.setup.domains import Addresses, domain_of, judge_domains
from app.setup.seats import judge_seats
from app.setup.source_checks import SourceChecks

FULL_RIGHTS = "SUPER_USER"
NEEDED_RIGHTS = frozenset({"MANAGE_USERS", "MANAGE_SEATS"})
ENOUGH_ACCOUNTS = 2_000
"""Accounts read before the test is content."""
_MOST_DOMAINS = 1_000


def may_manage(roles: Sequence[str]) -> bool:
    """Whether these account roles allow creating people and giving seats (spec/goto.md 3.6)."""
    return FULL_RIGHTS in roles or set(roles) >= NEEDED_RIGHTS


@dataclass(slots=True)
class TargetChecks:
    """In the order of `connection_test.TARGET_CHECKS`; `source` ends before the last one begins."""

    profile: Profile
    target: Target
    source: Source
    people: SourceChecks
    seen_enough: StopSignal | None
    info: TargetInfo | None = None
    domains: set[str] = field(default_factory=set)
    all_accounts: bool = False

    def steps(self) -> tuple[Callable[[], Found], ...]:
        """One for each check."""
        contact = Contact(self.target.reach)
        return (
            lambda: once(contact.names()),
            lambda: once(contact.connection()),
            lambda: once(contact.tls()),
            lambda: once(self.sign_in()),
            lambda: once(self.account()),
            lambda: once(self.rights()),
            self.accounts,
            lambda: once(self.write()),
            lambda: once(self.seats()),
            self.addresses,
        )

    async def sign_in(self) -> Finding:
        """A token."""
        minutes = round(await self.target.sign_in() / 60)
        user = self.profile.target.user_name
        if not user:
            return Finding(Text("Signed in, token for {minutes} minutes", {"minutes": minutes}))
        return Finding(
            Text("{user}, token for {minutes} minutes", {"user": user, "minutes": minutes})
        )

    async def account(self) -> Finding:
        """Where, and as whom."""
        self.info = await self.target.fetch_info()
        return Finding(Text("{account}", {"account": self.info.account.name}))

    async def rights(self) -> Finding:
        """By name, where the target has names for them."""
        info = self._known_info()
        if not self.target.limits.has_seats:
            return await self._read_some()
        if may_manage(info.roles):
            if FULL_RIGHTS in info.roles:
                return Finding(Text("{user} is a super admin", {"user": info.own_name}))
            return Finding(Text("{user} may manage users and seats", {"user": info.own_name}))
        return Finding(
            Text("This account may look at users but not change them."),
            Status.FAILURE,
            Text("Make it a super admin in GoTo, then test again."),
        )

    async def _read_some(self) -> Finding:
        """Without account roles to look at, a page of accounts shows what the token is good for."""
        read = 0
        async for page in self.target.fetch_accounts():
            read = len(page)
            break
        if await self.target.may_write():
            return Finding(
                Text(
                    "{n} account read; changes are allowed too",
                    {"n": read},
                    plural="{n} accounts read; changes are allowed too",
                )
            )
        return Finding(
            Text(
                "{n} account read; what may be written shows with the first change",
                {"n": read},
                plural="{n} accounts read; what may be written shows with the first change",
            )
        )

    async def accounts(self) -> Found:
        """Enough of them, then our own and that of the one person, looked up by address."""
        info, read = self._known_info(), 0
        self._know(info.own_name)
        self.all_accounts = True
        async for page in self.target.fetch_accounts():
            read += len(page)
            for one in page:
                self._know(one.match)
            if read >= ENOUGH_ACCOUNTS or self._stopped_counting():
                self.all_accounts = False
                break
            yield Finding(_read(read))
        name, match = await self.people.shared.match
        wanted = [one.lower() for one in (info.own_name, match) if "@" in one]
        found = await self.target.find_accounts(wanted) if wanted else ()
        yield self._judged(read, found, name, match)

    def _judged(self, read: int, found: Sequence[Account], name: str, match: str) -> Finding:
        info = self._known_info()
        values: dict[str, TextValue] = {"read": _read(read), "person": name}
        fact = _read(read)
        if match and any(one.match == match.lower() for one in found):
            fact = Text("{read}; {person} has one", values)
        elif match:
            fact = Text("{read}; {person} has none yet", values)
        known_address = "@" in info.own_name and bool(info.own_key)
        if known_address and not any(one.match == info.own_name.lower() for one in found):
            absent: dict[str, TextValue] = {"fact": fact, "own": info.own_name}
            return Finding(
                Text("{fact}. Rollcall's own account {own} is not among them", absent),
                Status.WARNING,
                Text("Check that target.account_key names the organisation you mean."),
            )
        return Finding(fact)

    async def write(self) -> Finding:
        """The right to write; nothing is written to find out, and nobody is named."""
        probe = await self.target.probe_writing()
        if probe is WriteProbe.ALLOWED:
            return Finding(Text("Allowed; found out with an empty request that names nobody"))
        advice = Text("Provision one person on demand first; that shows it.")
        if probe is WriteProbe.NOT_REFUSED:
            return Finding(
                Text("Not refused so far; without a real change it cannot be known"),
                Status.WARNING,
                advice,
            )
        return Finding(
            Text("It cannot be known: there is nothing harmless to ask this target"),
            Status.WARNING,
            advice,
        )

    async def seats(self) -> Finding:
        """How many are left of each licence the profile gives."""
        if not self.target.limits.has_seats:
            return Finding(Text("This kind of target has no seats to give"))
        status, fact, advice = judge_seats(self._known_info().licences, self.profile.target)
        return Finding(fact, status, advice)

    async def addresses(self) -> Found:
        """Whether the people who would get accounts have addresses that the target takes."""
        if not self.target.limits.has_domains:
            yield Finding(
                Text("This kind of target takes addresses of any domain, as far as known")
            )
            return
        yield Finding(Text("Waiting for the people…"))
        source = self.people
        await source.shared.ended.wait()
        if not source.shared.usable:
            raise Untested(
                Text("Not tested yet: needs {what}", {"what": Text("the side of Microsoft")})
            )
        verified = await self.source.fetch_domains()
        addresses = Addresses()
        portions = matching_values(
            self.source, source.assigned.people, source.mappings, source.context
        )
        async for portion in portions:
            for person, match in portion:
                addresses.take(person.name, match)
            yield Finding(Text("{people} people so far…", {"people": addresses.total}))
        if not addresses.total:
            yield Finding(Text("Nobody is assigned yet, so there are no addresses to compare"))
            return
        yield judge_domains(
            addresses,
            self.domains,
            verified,
            all_accounts=self.all_accounts,
            more=source.assigned.more,
        )

    def _know(self, address: str) -> None:
        domain = domain_of(address)
        if domain and len(self.domains) < _MOST_DOMAINS:
            self.domains.add(domain)

    def _stopped_counting(self) -> bool:
        return self.seen_enough is not None and self.seen_enough.is_set()

    def _known_info(self) -> TargetInfo:
        if self.info is None:
            raise RuntimeError("the organisation is looked up before its rights and seats")
        return self.info


def _read(accounts: int) -> Text:
    return Text("{n} account read", {"n": accounts}, plural="{n} accounts read")
