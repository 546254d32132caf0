"""A directory and a target in memory, for what no server can be made to answer on demand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from app.domain.accounts import (
    Account,
    AccountChoice,
    AccountDraft,
    AccountUpdate,
    Licence,
    Outcome,
    TargetInfo,
    TargetLimits,
    WriteProbe,
)
from app.domain.errors import RollcallError
from app.domain.network import Reached
from app.domain.people import (
    DEFAULT_ACCESS,
    Application,
    AppRole,
    Assignment,
    DeltaPage,
    GroupChange,
    Member,
    Permission,
    Person,
    PersonChange,
    Presence,
    PrincipalKind,
)

USER, GROUP = PrincipalKind.USER, PrincipalKind.GROUP
ROLE = AppRole("role", "GoToMeeting User", "user")
WEBINAR = AppRole("webinar", "Meeting and Webinar", "webinar")
APPLICATION = Application("sp", "app", "GoToMeeting", (ROLE, WEBINAR))


@dataclass
class Counts:
    requests: int = 0
    throttled: int = 0


def person(key: str, name: str, **attributes: object) -> Person:
    upn = f"{key}@halden.example"
    values = {"displayName": name, "userPrincipalName": upn, "mail": upn, "accountEnabled": True}
    given, _, surname = name.partition(" ")
    values |= {"givenName": given, "surname": surname}
    return Person(key, {**values, **attributes})  # type: ignore[dict-item]


@dataclass
class MemorySource:
    people: Sequence[Person] = ()
    groups: Sequence[GroupChange] = ()
    assignments: Sequence[Assignment] = ()
    application: Application = APPLICATION
    fails: dict[str, RollcallError] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    closed: bool = False
    page: int = 2
    skew: float | None = None
    refused: tuple[str, ...] = ()
    domains: tuple[str, ...] | None = ("halden.example",)

    def _may(self, name: str) -> None:
        if name in self.fails:
            raise self.fails[name]

    async def reach(self) -> list[Reached]:
        self._may("reach")
        return [Reached("login.microsoftonline.com", 0.084, "203.0.113.7", "TLSv1.3", self.skew)]

    async def sign_in(self) -> int:
        self._may("sign_in")
        return 3599

    async def fetch_permissions(self) -> Sequence[Permission]:
        self._may("permissions")
        names = ("Application.Read.All", "User.Read.All", "GroupMember.Read.All")
        needed = [Permission(name, name not in self.refused) for name in names]
        domains = "Organization.Read.All"
        return [*needed, Permission(domains, domains not in self.refused, optional=True)]

    async def fetch_default_domain(self) -> str | None:
        return self.domains[0] if self.domains else None

    async def fetch_domains(self) -> Sequence[str] | None:
        self._may("domains")
        return self.domains

    async def fetch_application(self) -> Application:
        self._may("application")
        return self.application

    async def search_applications(self, text: str) -> Sequence[Application]:
        return [self.application] if self.application.name.startswith(text) else []

    async def fetch_assignments(self) -> AsyncIterator[Sequence[Assignment]]:
        self._may("assignments")
        yield self.assignments

    async def fetch_people(self, delta_link: str | None) -> AsyncIterator[DeltaPage[PersonChange]]:
        self._may("people")
        for start in range(0, len(self.people), self.page):
            some = self.people[start : start + self.page]
            yield DeltaPage(tuple(PersonChange(one.id, one.attributes) for one in some))

    async def fetch_groups(self, delta_link: str | None) -> AsyncIterator[DeltaPage[GroupChange]]:
        self._may("groups")
        yield DeltaPage(tuple(self.groups), "link")

    async def fetch_people_by_id(self, ids: Sequence[str]) -> Sequence[Person]:
        return [one for one in self.people if one.id in ids]

    async def fetch_presence(self, ids: Sequence[str]) -> dict[str, Presence]:
        return {}

    async def close(self) -> None:
        self.closed = True


@dataclass
class MemoryTarget:
    roles: tuple[str, ...] = ("SUPER_USER",)
    licences: tuple[Licence, ...] = (Licence("9007199254740993", frozenset({"G2M"}), 25, 5),)
    accounts: Sequence[Account] = ()
    choices: tuple[AccountChoice, ...] = (AccountChoice("1", "Halden Roux SA"),)
    fails: dict[str, RollcallError] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    limits: TargetLimits = field(
        default_factory=lambda: TargetLimits(max_lengths={"firstName": 60, "lastName": 60})
    )
    closed: bool = False
    own_name: str = "Ada Admin"
    probe: WriteProbe = WriteProbe.ALLOWED

    def _may(self, name: str) -> None:
        if name in self.fails:
            raise self.fails[name]

    async def reach(self) -> list[Reached]:
        self._may("reach")
        return [Reached("api.getgo.com", 0.131)]

    async def sign_in(self) -> int:
        self._may("sign_in")
        return 3600

    async def fetch_info(self) -> TargetInfo:
        self._may("info")
        return TargetInfo(
            self.choices[0], self.choices, "7", self.own_name, self.roles, self.licences
        )

    async def may_write(self) -> bool:
        self._may("may_write")
        return True

    async def probe_writing(self) -> WriteProbe:
        self._may("write")
        return self.probe

    async def fetch_accounts(self) -> AsyncIterator[Sequence[Account]]:
        self._may("accounts")
        yield self.accounts

    async def find_accounts(self, matches: Sequence[str]) -> Sequence[Account]:
        return [one for one in self.accounts if one.match in matches]

    async def create(self, drafts: Sequence[AccountDraft]) -> Sequence[Outcome]:
        raise AssertionError("the wizard writes nothing")

    async def update(self, update: AccountUpdate) -> Outcome:
        raise AssertionError("the wizard writes nothing")

    async def close(self) -> None:
        self.closed = True


def assigned(key: str, kind: PrincipalKind = USER, role: str = ROLE.id) -> Assignment:
    return Assignment(f"a-{key}-{role}", key, kind, key.title(), role)


def halden() -> MemorySource:
    """A small company with every reason to get an account or not."""
    people = [
        person("zoe", "Zoë Lefèvre"),
        person("chen", "陈美玲 (Chen Meiling)"),
        person("lukasz", "Łukasz Żak"),
        person("dimitri", "Dimitri Papadopoulos", accountEnabled=False),
        person("ramon", "Ramón Ibáñez", userType="Guest"),
        person("ana", "Ana María Núñez", mail=None),
        person("soren", "Søren Kjærgaard"),
        person("siobhan", "Siobhán O’Connor", mail="SOREN@halden.example"),
        person("long", "Max " + "W" * 70),
        person("nested", "Nested Person"),
    ]
    groups = [
        GroupChange(
            "sales",
            "Sales – EMEA",
            True,
            (Member("ana", USER), Member("soren", USER), Member("dimitri", USER)),
        ),
        GroupChange("sales", added=(Member("siobhan", USER), Member("inner", GROUP))),
        GroupChange("inner", "Inner", True, (Member("nested", USER), Member("ana", USER))),
        GroupChange("mailing", "Mailing", False, (Member("long", USER),)),
        GroupChange("paused", "Paused", True, (Member("dimitri", USER),)),
        GroupChange("empty", "Empty", True, (Member("printer", PrincipalKind.OTHER),)),
    ]
    assignments = [
        assigned("zoe"),
        assigned("chen", role=WEBINAR.id),
        assigned("lukasz", role=DEFAULT_ACCESS),
        assigned("dimitri"),
        assigned("ramon"),
        assigned("long"),
        assigned("ghost"),
        assigned("sales", GROUP),
        assigned("mailing", GROUP),
        assigned("paused", GROUP),
        assigned("empty", GROUP),
        assigned("sales", GROUP, DEFAULT_ACCESS),
        assigned("robot", PrincipalKind.OTHER),
    ]
    return MemorySource(people, groups, assignments)
