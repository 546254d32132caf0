"""The connection test: every step a cycle will rely on, both sides at the same time.

Source: names -> reach -> tls -> sign_in -> permissions -> application -> person -> people.
Target: names -> reach -> tls -> sign_in -> account -> rights -> accounts -> write -> seats ->
domains.

A check that fails ends its side; the later ones say what they would have needed. Each failed one
says what was found and what to do. Nothing is written on either side: `write` sends a request
that names nobody, and `accounts` and `domains` wait for what the source's side found out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from app.domain.activity import CheckResult, Status
from app.domain.ports import Source, StopSignal, Target
from app.domain.settings import Profile, Scope
from app.domain.texts import Text
from app.mapping.attributes import compile_mappings
from app.mapping.values import Context
from app.setup.assigned import Assigned
from app.setup.checks import Report, Side
from app.setup.source_checks import FromSource, SourceChecks
from app.setup.target_checks import TargetChecks

ENOUGH_PEOPLE = 20_000
"""People read before the test is content; a cycle reads everybody, the test proves it can."""


def _source(name: str, title: Text) -> CheckResult:
    return CheckResult("source", name, title, Status.SKIPPED)


def _target(name: str, title: Text) -> CheckResult:
    return CheckResult("target", name, title, Status.SKIPPED)


SOURCE_CHECKS: tuple[CheckResult, ...] = (
    _source("names", Text("Name resolution")),
    _source("reach", Text("Reach Microsoft")),
    _source("tls", Text("Secure connection (TLS)")),
    _source("sign_in", Text("Sign in")),
    _source("permissions", Text("Permissions")),
    _source("application", Text("Read the application")),
    _source("person", Text("Read one person")),
    _source("people", Text("Read people and groups")),
)
TARGET_CHECKS: tuple[CheckResult, ...] = (
    _target("names", Text("Name resolution")),
    _target("reach", Text("Reach GoTo")),
    _target("tls", Text("Secure connection (TLS)")),
    _target("sign_in", Text("Sign in")),
    _target("account", Text("Find the organisation")),
    _target("rights", Text("Admin rights")),
    _target("accounts", Text("Read accounts")),
    _target("write", Text("Right to write")),
    _target("seats", Text("Seats")),
    _target("domains", Text("Mail domains")),
)
ALL_CHECKS = SOURCE_CHECKS + TARGET_CHECKS
"""Every check in the order it is shown, before it has run."""

_SOURCE_NEEDS = {
    "names": Text("the address of Microsoft"),
    "reach": Text("an answer from Microsoft"),
    "tls": Text("a secure connection"),
    "sign_in": Text("the sign-in at Microsoft"),
    "permissions": Text("the permissions"),
    "application": Text("the application"),
    "person": Text("one person who can be read"),
}
_TARGET_NEEDS = {
    "names": Text("the address of GoTo"),
    "reach": Text("an answer from GoTo"),
    "tls": Text("a secure connection"),
    "sign_in": Text("the sign-in at GoTo"),
    "account": Text("the organisation"),
    "rights": Text("admin rights"),
    "accounts": Text("the accounts"),
    "write": Text("the right to write"),
    "seats": Text("a licence with seats"),
}


def passed(results: Sequence[CheckResult]) -> bool:
    """Nothing failed and nothing was left out; warnings are fine."""
    return all(result.status in (Status.SUCCESS, Status.WARNING) for result in results)


async def run_connection_test(
    profile: Profile,
    source: Source,
    target: Target,
    report: Report,
    context: Context,
    *,
    seen_enough: StopSignal | None = None,
    enough_people: int = ENOUGH_PEOPLE,
) -> tuple[CheckResult, ...]:
    """Run every check and return them in their order. Failures are results.

    `context` is what the mappings may know besides a person. `seen_enough` ends the counting of
    people and accounts early and is no failure. The stop signal of the two connectors ends the
    whole test; what was not tested then says so.

    Raises `ConfigurationError` when a mapping cannot be used.
    """
    mappings = compile_mappings(profile.users.attributes, target.limits)
    shared = FromSource(asyncio.get_running_loop().create_future())
    assigned = Assigned(enough_people, profile.scope is Scope.ALL)
    source_side = SourceChecks(profile, source, mappings, context, assigned, shared, seen_enough)
    target_side = TargetChecks(profile, target, source, source_side, seen_enough)

    async def run_source() -> tuple[CheckResult, ...]:
        try:
            side = Side(SOURCE_CHECKS, _SOURCE_NEEDS, report)
            results = await side.run(source_side.steps())
            shared.usable = passed(results)
            return results
        finally:
            if not shared.match.done():
                shared.match.set_result(("", ""))
            shared.ended.set()

    async with asyncio.TaskGroup() as both:
        first = both.create_task(run_source())
        second = both.create_task(
            Side(TARGET_CHECKS, _TARGET_NEEDS, report).run(target_side.steps())
        )
    return (*first.result(), *second.result())
