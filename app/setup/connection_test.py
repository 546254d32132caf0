"""The connection test: every step a cycle will rely on, both sides at the same time.

Source: reach -> sign_in -> permissions -> application -> people.
Target: reach -> sign_in -> account -> rights -> seats.

A check that fails ends its side; the later ones say what they would have needed. Each failed one
says what was found and what to do. Nothing is written on either side.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from app.domain.accounts import TargetInfo
from app.domain.activity import CheckResult, Status
from app.domain.errors import RollcallError, ServiceError, Stopped
from app.domain.network import Reached
from app.domain.ports import Source, StopSignal, Target
from app.domain.settings import Profile
from app.domain.texts import Text, TextValue
from app.setup.seats import judge_seats

Report: TypeAlias = Callable[[CheckResult], None]
"""Receives each check when it starts (`status` None), while it counts, and when it ended."""

ENOUGH_PEOPLE = 20_000
"""People read before the test is content; a cycle reads everybody, the test proves it can."""

SOURCE_CHECKS: tuple[CheckResult, ...] = (
    CheckResult("source", "reach", Text("Reach Microsoft"), Status.SKIPPED),
    CheckResult("source", "sign_in", Text("Sign in"), Status.SKIPPED),
    CheckResult("source", "permissions", Text("Permissions"), Status.SKIPPED),
    CheckResult("source", "application", Text("Read the application"), Status.SKIPPED),
    CheckResult("source", "people", Text("Read people and groups"), Status.SKIPPED),
)
TARGET_CHECKS: tuple[CheckResult, ...] = (
    CheckResult("target", "reach", Text("Reach GoTo"), Status.SKIPPED),
    CheckResult("target", "sign_in", Text("Sign in"), Status.SKIPPED),
    CheckResult("target", "account", Text("Find the organisation"), Status.SKIPPED),
    CheckResult("target", "rights", Text("Admin rights"), Status.SKIPPED),
    CheckResult("target", "seats", Text("Seats"), Status.SKIPPED),
)
ALL_CHECKS = SOURCE_CHECKS + TARGET_CHECKS
"""Every check in the order it is shown, before it has run."""

_NEEDS = {
    ("source", "reach"): Text("an answer from Microsoft"),
    ("source", "sign_in"): Text("the sign-in at Microsoft"),
    ("source", "permissions"): Text("the permissions"),
    ("source", "application"): Text("the application"),
    ("target", "reach"): Text("an answer from GoTo"),
    ("target", "sign_in"): Text("the sign-in at GoTo"),
    ("target", "account"): Text("the organisation"),
    ("target", "rights"): Text("admin rights"),
}

FULL_RIGHTS = "SUPER_USER"
NEEDED_RIGHTS = frozenset({"MANAGE_USERS", "MANAGE_SEATS"})


def passed(results: Sequence[CheckResult]) -> bool:
    """Nothing failed and nothing was left out; warnings are fine."""
    return all(result.status in (Status.SUCCESS, Status.WARNING) for result in results)


def may_manage(roles: Sequence[str]) -> bool:
    """Whether these account roles allow creating people and giving seats (spec/goto.md 3.6)."""
    return FULL_RIGHTS in roles or set(roles) >= NEEDED_RIGHTS


async def run_connection_test(
    profile: Profile,
    source: Source,
    target: Target,
    report: Report,
    *,
    seen_enough: StopSignal | None = None,
    enough_people: int = ENOUGH_PEOPLE,
) -> tuple[CheckResult, ...]:
    """Run every check and return them in their order. Does not raise: failures are results.

    `seen_enough` ends the counting of people early and is no failure. The stop signal of the
    two connectors ends the whole test; what was not tested then says so.
    """
    source_side = _SourceChecks(profile, source, seen_enough, enough_people)
    target_side = _TargetChecks(profile, target)
    async with asyncio.TaskGroup() as both:
        first = both.create_task(_Side(SOURCE_CHECKS, report).run(source_side.steps()))
        second = both.create_task(_Side(TARGET_CHECKS, report).run(target_side.steps()))
    return (*first.result(), *second.result())


@dataclass(frozen=True, slots=True)
class _Finding:
    """What a check found."""

    fact: Text
    status: Status = Status.SUCCESS
    advice: Text | None = None
    details: Mapping[str, str] = field(default_factory=dict)


_Found: TypeAlias = AsyncIterator[_Finding]
"""Findings of one check: counts that grow, the last one is the result."""


async def _once(work: Awaitable[_Finding]) -> _Found:
    yield await work


@dataclass(slots=True)
class _Side:
    """One side: its checks in a row, until one fails."""

    checks: tuple[CheckResult, ...]
    report: Report
    results: list[CheckResult] = field(default_factory=list)

    async def run(self, steps: Sequence[Callable[[], _Found]]) -> tuple[CheckResult, ...]:
        blocked: Text | None = None
        for check, step in zip(self.checks, steps, strict=True):
            if blocked is not None:
                self._end(replace(check, fact=blocked))
                continue
            result = await self._one(check, step)
            self._end(result)
            if result.status is Status.SKIPPED:
                blocked = Text("Not tested: stopped")
            elif result.status is Status.FAILURE:
                needs = _NEEDS[check.side, check.name] if check is not self.checks[-1] else ""
                blocked = Text("Not tested yet: needs {what}", {"what": needs})
        return tuple(self.results)

    async def _one(self, check: CheckResult, step: Callable[[], _Found]) -> CheckResult:
        self.report(replace(check, status=None))
        finding = _Finding(Text("Nothing was found"), Status.FAILURE)
        try:
            async for finding in step():
                self.report(replace(check, status=None, fact=finding.fact))
        except Stopped:
            return replace(check, fact=Text("Not tested: stopped"))
        except RollcallError as error:
            return replace(
                check,
                status=Status.FAILURE,
                fact=error.text,
                advice=error.advice,
                details=_details(error),
            )
        return replace(
            check,
            status=finding.status,
            fact=finding.fact,
            advice=finding.advice,
            details=dict(finding.details),
        )

    def _end(self, result: CheckResult) -> None:
        self.results.append(result)
        self.report(result)


def _details(error: RollcallError) -> dict[str, str]:
    details = {"code": type(error).__name__}
    if isinstance(error, ServiceError) and error.request_id:
        details["request_id"] = error.request_id
    return details


def _answered(reached: Sequence[Reached]) -> _Finding:
    """All hosts of one side; a clock that is wrong is said before tokens fail for it."""
    hosts = list(dict.fromkeys(one.host for one in reached))
    details = {
        one.host: ", ".join(part for part in (one.address, one.tls) if part) for one in reached
    }
    wrong = next((one for one in reached if one.clock_is_wrong), None)
    if wrong is not None and wrong.skew is not None:
        minutes: dict[str, TextValue] = {"host": wrong.host, "n": round(abs(wrong.skew) / 60)}
        ahead = Text(
            "This computer's clock is {n} minute ahead of {host}",
            minutes,
            plural="This computer's clock is {n} minutes ahead of {host}",
        )
        behind = Text(
            "This computer's clock is {n} minute behind {host}",
            minutes,
            plural="This computer's clock is {n} minutes behind {host}",
        )
        return _Finding(
            ahead if wrong.skew > 0 else behind,
            Status.WARNING,
            Text("Set date, time and time zone of this computer; sign-ins fail without it."),
            details,
        )
    spent = max(1, round(sum(one.seconds for one in reached) * 1000))
    fact = Text("{host} answered in {ms} ms", {"host": ", ".join(hosts), "ms": spent})
    return _Finding(fact, details=details)


@dataclass(frozen=True, slots=True)
class _SourceChecks:
    profile: Profile
    source: Source
    seen_enough: StopSignal | None
    enough_people: int

    def steps(self) -> tuple[Callable[[], _Found], ...]:
        return (
            lambda: _once(self.reach()),
            lambda: _once(self.sign_in()),
            lambda: _once(self.permissions()),
            self.application,
            self.people,
        )

    async def reach(self) -> _Finding:
        return _answered(await self.source.reach())

    async def sign_in(self) -> _Finding:
        minutes = round(await self.source.sign_in() / 60)
        return _Finding(Text("Signed in, token for {minutes} minutes", {"minutes": minutes}))

    async def permissions(self) -> _Finding:
        found = await self.source.fetch_permissions()
        names = ", ".join(one.name for one in found)
        missing = ", ".join(one.name for one in found if not one.granted)
        if not missing:
            return _Finding(Text("Granted: {permissions}", {"permissions": names}))
        return _Finding(
            Text("Not granted: {permissions}", {"permissions": missing}),
            Status.FAILURE,
            Text(
                "Add the application permissions {permissions} under App registrations, API "
                "permissions, and grant admin consent. It can take some minutes to arrive.",
                {"permissions": missing},
            ),
        )

    async def application(self) -> _Found:
        application = await self.source.fetch_application()
        assignments = 0
        values: dict[str, str | int | float | Text] = {"application": application.name}
        values["roles"] = len(application.roles)
        message = "{application}: {assignments} assignments, {roles} roles"
        async for page in self.source.fetch_assignments():
            assignments += len(page)
            yield _Finding(Text(message, {**values, "assignments": assignments}))
        if not assignments:
            yield _Finding(
                Text("Nobody is assigned to {application}", values),
                Status.WARNING,
                Text("Assign one person in Entra to start with; you can carry on now."),
            )

    async def people(self) -> _Found:
        people = 0
        async for page in self.source.fetch_people(None):
            people += len(page.changes)
            if people >= self.enough_people or self._stopped_counting():
                break
            yield _Finding(_so_far(people))
        async for _ in self.source.fetch_groups(None):
            break
        yield self._judged(people)

    def _stopped_counting(self) -> bool:
        return self.seen_enough is not None and self.seen_enough.is_set()

    def _judged(self, people: int) -> _Finding:
        if not people:
            return _Finding(
                Text("Microsoft shows no people in this tenant"),
                Status.WARNING,
                Text("Check that this is the right tenant; the first cycle would be held."),
            )
        if people >= self.enough_people or self._stopped_counting():
            return _Finding(Text("{people} people read, and that is not all", {"people": people}))
        return _Finding(Text("{people} people, groups with their members", {"people": people}))


def _so_far(people: int) -> Text:
    return Text("{people} people so far…", {"people": people})


@dataclass(slots=True)
class _TargetChecks:
    profile: Profile
    target: Target
    info: TargetInfo | None = None

    def steps(self) -> tuple[Callable[[], _Found], ...]:
        return (
            lambda: _once(self.reach()),
            lambda: _once(self.sign_in()),
            lambda: _once(self.account()),
            lambda: _once(self.rights()),
            lambda: _once(self.seats()),
        )

    async def reach(self) -> _Finding:
        return _answered(await self.target.reach())

    async def sign_in(self) -> _Finding:
        minutes = round(await self.target.sign_in() / 60)
        user = self.profile.target.user_name
        if not user:
            return _Finding(Text("Signed in, token for {minutes} minutes", {"minutes": minutes}))
        return _Finding(
            Text("{user}, token for {minutes} minutes", {"user": user, "minutes": minutes})
        )

    async def account(self) -> _Finding:
        self.info = await self.target.fetch_info()
        return _Finding(Text("{account}", {"account": self.info.account.name}))

    async def rights(self) -> _Finding:
        info = self._known_info()
        if not self.target.limits.has_seats:
            return await self._read_some()
        if may_manage(info.roles):
            if FULL_RIGHTS in info.roles:
                return _Finding(Text("{user} is a super admin", {"user": info.own_name}))
            return _Finding(Text("{user} may manage users and seats", {"user": info.own_name}))
        return _Finding(
            Text("This account may look at users but not change them."),
            Status.FAILURE,
            Text("Make it a super admin in GoTo, then test again."),
        )

    async def _read_some(self) -> _Finding:
        """Without account roles to look at, a page of accounts shows what the token is good for."""
        read = 0
        async for page in self.target.fetch_accounts():
            read = len(page)
            break
        if await self.target.may_write():
            return _Finding(
                Text(
                    "{n} account read; changes are allowed too",
                    {"n": read},
                    plural="{n} accounts read; changes are allowed too",
                )
            )
        return _Finding(
            Text(
                "{n} account read; what may be written shows with the first change",
                {"n": read},
                plural="{n} accounts read; what may be written shows with the first change",
            )
        )

    async def seats(self) -> _Finding:
        if not self.target.limits.has_seats:
            return _Finding(Text("This kind of target has no seats to give"))
        status, fact, advice = judge_seats(self._known_info().licences, self.profile.target)
        return _Finding(fact, status, advice)

    def _known_info(self) -> TargetInfo:
        if self.info is None:
            raise RuntimeError("the organisation is looked up before its rights and seats")
        return self.info
