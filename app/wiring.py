"""Builds every object and hands it its parts. Qt is imported only where a window opens."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from random import SystemRandom
from typing import Any

from app import __version__
from app.cli import json_lines
from app.cli.services import PracticeServers, StopSwitch
from app.connectors import open_editor, open_graph_mailer, open_source, open_target
from app.domain.activity import (
    ActivityRecord,
    CheckResult,
    CycleKind,
    CycleSummary,
    IdentityType,
    JobStatus,
    PlannedAction,
    PlanSummary,
    Progress,
    Reason,
)
from app.domain.commands import JobState, Quit
from app.domain.drift import DriftChoice
from app.domain.errors import (
    ConfigurationError,
    RollcallError,
    SecretMissing,
    SecretStoreUnavailable,
    Service,
    ServiceError,
    StalePlan,
    StateUnusable,
)
from app.domain.explanation import Explanation, ProvisionedOnDemand
from app.domain.plan import Quarantine
from app.domain.ports import EventSink, History, Mailer, Secrets, Source, StopSignal, Store, Target
from app.domain.settings import ObjectAction, Profile, TargetKind
from app.domain.sign_in import NO_SHELVES, Shelves, SignInGuide, SignInShelf
from app.domain.texts import Text, Translator
from app.engine.cases import Schedule
from app.engine.choosing import find_person, to_retry
from app.engine.cycle import Cycle, World
from app.engine.job import Job, JobPlan
from app.engine.notices import Facts
from app.engine.on_demand import OnDemand
from app.engine.quarantine import outlasted
from app.engine.schedule import next_run, overdue
from app.engine.stop import StopEvent
from app.engine.telling import Teller
from app.engine.why import Why
from app.host import devlog
from app.host.browser import open_address
from app.host.clock import SystemClock
from app.host.language import translator
from app.host.letters import write_letter, write_test_letter
from app.host.lock import ProfileLock
from app.host.mail import open_mailer
from app.host.paths import Paths, resources
from app.host.profile_store import ProfileStore
from app.host.secrets import KeyringSecrets, MemorySecrets
from app.host.sign_ins import shelves_of
from app.mapping.attributes import properties_asked
from app.mapping.values import Context
from app.sandbox.server import Sandbox
from app.setup.assignees import Rules
from app.setup.assigning import AssignmentDesk
from app.setup.connection_test import run_connection_test
from app.setup.sign_in import Desk, Sides, SignedIn, sign_in_person
from app.state.database import read_only
from app.state.excerpt import open_excerpt
from app.state.store import open_history, open_scratch, open_store

SecretLookup = Callable[[str], str]
RENEW_AFTER = timedelta(hours=20)
"""A person's sign-in is renewed at least daily (spec/goto.md 10, point 15)."""
_log = logging.getLogger(__name__)


class Silence:
    """An event sink for whoever does not listen."""

    def __init__(self, on_progress: Callable[[Progress], None] | None = None) -> None:
        self._on_progress = on_progress

    def record(self, record: ActivityRecord) -> None:
        """Nobody listens."""

    def progress(self, progress: Progress) -> None:
        """Passed on when somebody wants it."""
        if self._on_progress is not None:
            self._on_progress(progress)

    def cycle_finished(self, summary: CycleSummary) -> None:
        """Nobody listens."""

    def job_changed(self, state: JobState) -> None:
        """Nobody listens."""


@dataclass(frozen=True)
class Program:
    """The program without a window: `cli.services.Services`."""

    paths: Paths
    profiles: ProfileStore
    secrets: Secrets
    translator: Translator

    def state_file(self, profile: str) -> Path:
        """The database of a profile."""
        return self.paths.state / profile / "state.db"

    def history(self, profile: str) -> History | None:
        """The state for reading; None before the first cycle."""
        file = self.state_file(profile)
        return open_history(file) if file.exists() else None

    def new_stop(self) -> StopEvent:
        """A stop switch on the running loop."""
        return StopEvent()

    def shelves(self, profile: str) -> Shelves:
        """Where the sign-ins of people for this profile are kept."""
        folder = self.state_file(profile).parent
        return shelves_of(self.secrets, profile, folder, SystemClock().now)

    def open_browser(self, address: str) -> bool:
        """In the browser of this computer; False where there is none."""
        return open_address(address)

    async def sign_in(
        self,
        profile: str,
        side: Service | None,
        guide: Callable[[Service], SignInGuide],
        stop: StopSwitch,
        port: int,
        *,
        assigning: bool = False,
    ) -> AsyncIterator[SignedIn]:
        """A person signs in, one side after the other; `assigning`: to change assignments too."""
        if not isinstance(stop, StopEvent):
            raise TypeError(type(stop))
        settings = self.profiles.settings(profile)
        for at in _people(settings).by_person(side):
            yield await self.sign_in_at(profile, at, guide(at), stop, port, assigning=assigning)

    async def sign_in_at(
        self,
        profile: str,
        side: Service,
        guide: SignInGuide,
        stop: StopSignal,
        port: int = 0,
        *,
        assigning: bool = False,
    ) -> SignedIn:
        """A person signs in on one side; what comes of it is in the keyring."""
        settings, shelves = self.profiles.settings(profile), self.shelves(profile)
        shelf = shelves.source if side is Service.SOURCE else shelves.target
        desk = Desk(shelf, guide, self.translator, stop, port)
        sides = _people(settings, assigning=assigning)
        return await sign_in_person(sides, side, self._secret_of(profile), desk)

    def assignment_desk(self, profile: str) -> AssignmentDesk:
        """Reads and changes who is assigned to the application of a profile."""
        settings, secret = self.profiles.settings(profile), self._secret_of(profile)
        source, shelf = settings.source, self.shelves(profile).source
        return AssignmentDesk(
            lambda stop: open_source(source, secret, stop, shelf=shelf),
            lambda stop: open_editor(source, secret, stop, shelf=shelf),
            Rules(
                settings.nested_groups,
                settings.default_access_counts,
                disables=ObjectAction.DISABLE in settings.users.actions
                and settings.target.kind is not TargetKind.GOTO_SCIM,
            ),
        )

    async def connection_test(self, profile: str) -> AsyncIterator[CheckResult]:
        """Every check, as it ends."""
        settings, stop = self.profiles.settings(profile), StopEvent()
        queue: asyncio.Queue[CheckResult | None] = asyncio.Queue()

        async def test() -> None:
            async with self._sides(settings, stop) as (source, target):
                context = Context(now=SystemClock().now(), random=SystemRandom())
                await run_connection_test(settings, source, target, queue.put_nowait, context)

        task = asyncio.create_task(test())
        task.add_done_callback(lambda _: queue.put_nowait(None))
        while (result := await queue.get()) is not None:
            yield result
        await task

    async def preview(
        self,
        settings: Profile,
        secrets: SecretLookup,
        shelves: Shelves,
        stop: StopSignal,
        progress: Callable[[Progress], None],
        take: Callable[[PlannedAction], None],
    ) -> PlanSummary:
        """What a first cycle of this profile would do, on an empty state that vanishes."""

        async def on_action(action: PlannedAction) -> None:
            take(action)

        store = open_scratch()
        try:
            async with open_sides(settings, secrets, stop, shelves) as (source, target):
                world = World(source, target, store, SystemClock(), Silence(progress), stop)
                return await Cycle(settings, world).plan(CycleKind.INITIAL, on_action)
        finally:
            store.close()

    async def plan(
        self, profile: str, on_action: Callable[[PlannedAction], Awaitable[None]], sink: EventSink
    ) -> PlanSummary:
        """What a cycle would do; the state is copied, never written."""
        del sink
        settings, stop = self.profiles.settings(profile), StopEvent()
        file = self.state_file(profile)
        store = open_store(file) if file.exists() else open_scratch()
        try:
            async with self._sides(settings, stop) as (source, target):
                world = World(source, target, store, SystemClock(), Silence(), stop)
                return await Cycle(settings, world).plan(None, on_action)
        finally:
            store.close()

    async def sync(
        self,
        profile: str,
        sink: EventSink,
        stop: StopSwitch,
        *,
        initial: bool,
        saved_plan: list[dict[str, Any]] | None,
    ) -> CycleSummary:
        """One cycle now."""
        if not isinstance(stop, StopEvent):
            raise TypeError(type(stop))
        kind = CycleKind.INITIAL if initial else None
        expected = None
        if saved_plan is not None:
            saved = saved_plan
            if saved[-1].get("kind") == CycleKind.INITIAL:
                kind = CycleKind.INITIAL

            def expected(store: Store) -> None:
                _compare(saved, store, self.translator)

        return await self.run_cycle(profile, kind, sink, stop, expected)

    async def run_cycle(
        self,
        profile: str,
        kind: CycleKind | None,
        sink: EventSink,
        stop: StopSignal,
        expected: Callable[[Store], None] | None = None,
        *,
        idle_since: datetime | None = None,
    ) -> CycleSummary:
        """One cycle under the profile's lock, with connections of its own.

        `idle_since`: the job noticed that no cycle had run since then.
        """
        settings = self.profiles.settings(profile)
        with ProfileLock(self.state_file(profile).with_name("lock"), profile):
            store = open_store(self.state_file(profile))
            try:
                async with self._sides(settings, stop) as (source, target):
                    upkeep = self._upkeep(settings, target)
                    world = World(source, target, store, SystemClock(), sink, stop, upkeep)
                    summary = await Cycle(settings, world).run(kind, expected=expected)
                unhealthy = store.journal.quarantine()
            finally:
                store.close()
        self._pause(settings, summary, unhealthy)
        await self.tell(settings, cycle=summary, idle_since=idle_since)
        return summary

    def _pause(
        self, settings: Profile, summary: CycleSummary, unhealthy: Quarantine | None
    ) -> None:
        """Provisioning goes off where only a person can go on (spec/provisioning.md 8)."""
        given_up = outlasted(unhealthy, summary.ended_at or summary.started_at)
        if settings.enabled and (summary.escrows_pruned or given_up):
            self.profiles.set_enabled(settings.name, enabled=False)

    async def tell(
        self,
        settings: Profile,
        *,
        cycle: CycleSummary | None = None,
        idle_since: datetime | None = None,
        problem: Text | None = None,
    ) -> None:
        """Mail what a cycle, or the lack of one, calls for; the cycle stands whatever happens."""
        file = self.state_file(settings.name)
        if not settings.notification.wanted or not file.exists():
            return
        teller = Teller(
            lambda: closing(open_store(file)),
            lambda digest: write_letter(digest, self.translator),
            lambda: self._mailer(settings),
        )
        now = SystemClock().now()
        try:
            await teller.tell(
                Facts(settings.name, now, cycle, idle_since=idle_since, problem=problem)
            )
        except StateUnusable as error:
            _log.warning("Notifications cannot be remembered, so none was sent: %s", error)

    async def test_mail(self, profile: str) -> Sequence[str]:
        """Send the test mail; returns the addresses. Raises what keeps it from being sent."""
        settings = self.profiles.settings(profile)
        mailer = await asyncio.to_thread(self._mailer, settings)
        letter = write_test_letter(profile, self.translator)
        await asyncio.to_thread(mailer.send, letter.subject, letter.text, letter.html)
        return settings.notification.email

    def _mailer(self, settings: Profile) -> Mailer:
        secret, wanted = self._secret_of(settings.name), settings.notification
        if wanted.send_through == "graph":
            shelf = self.shelves(settings.name).source
            now = SystemClock().now
            return open_graph_mailer(settings.source, wanted, secret, now, shelf=shelf)
        return open_mailer(wanted, secret)

    async def provision(
        self, profile: str, name: str, members: Sequence[str], stop: StopSwitch
    ) -> ProvisionedOnDemand:
        """One person, or a group with a few members, on demand; under the profile's lock."""
        if not isinstance(stop, StopEvent):
            raise TypeError(type(stop))
        settings = self.profiles.settings(profile)
        with ProfileLock(self.state_file(profile).with_name("lock"), profile):
            store = open_store(self.state_file(profile))
            try:
                schedule = _schedule(settings, store, store.journal.quarantine())
                async with self._sides(settings, stop) as (source, target):
                    world = World(source, target, store, SystemClock(), Silence(), stop)
                    return await OnDemand(settings, world, schedule).provision(name, members)
            finally:
                store.close()

    async def why(self, profile: str, user: str) -> Explanation:
        """One person's scope, account and future; nothing is written anywhere.

        When a service cannot be asked the answer is as of the last cycle.
        """
        settings = self.profiles.settings(profile)
        try:
            return await self._explained(settings, lambda one: one.explain(user))
        except (ServiceError, SecretMissing, SecretStoreUnavailable) as error:
            trouble = error
        return await self._explained(settings, lambda one: one.explain_offline(user, trouble))

    async def _explained(
        self, settings: Profile, ask: Callable[[Why], Awaitable[Explanation]]
    ) -> Explanation:
        """Ask on an excerpt of the state, in memory, that is thrown away."""
        file, stop = self.state_file(settings.name), StopEvent()
        history = self.history(settings.name)
        excerpt = open_excerpt(file) if history is not None else None
        store: Store = excerpt if excerpt is not None else open_scratch()
        try:
            schedule = _schedule(settings, history or store, store.journal.quarantine())
            async with self._sides(settings, stop) as (source, target):
                world = World(source, target, store, SystemClock(), Silence(), stop)
                return await ask(Why(settings, world, schedule))
        finally:
            store.close()
            if history is not None:
                history.close()

    async def run(self, profile: str, sink: EventSink, stop: StopSwitch) -> None:
        """Cycles by schedule until the stop."""
        if not isinstance(stop, StopEvent):
            raise TypeError(type(stop))
        job = self.job(profile, sink)
        waiter = asyncio.create_task(self._quit_on(stop, job))
        try:
            await job.main()
        finally:
            waiter.cancel()

    def job(self, profile: str, sink: EventSink) -> Job:
        """The scheduled job of a profile."""
        settings = self.profiles.settings(profile)
        plan = JobPlan(settings.enabled, settings.interval_minutes)
        return Job(plan, ProfileWorld(self, profile, sink), SystemClock(), sink)

    async def _quit_on(self, stop: StopEvent, job: Job) -> None:
        while not await stop.wait(3600):
            pass
        job.post(Quit())

    def release(self, profile: str) -> int:
        """Let the held removals through."""
        return self._with_store(profile, lambda store: store.journal.release())

    def keep(self, profile: str) -> int:
        """Park the held removals."""
        now = SystemClock().now()
        return self._with_store(profile, lambda store: store.journal.keep(now))

    async def look_for_drift(self, profile: str, stop: StopSwitch) -> None:
        """Compare all accounts now, and remember what was changed by hand; nothing else is done."""
        if not isinstance(stop, StopEvent):
            raise TypeError(type(stop))
        settings = self.profiles.settings(profile)
        with ProfileLock(self.state_file(profile).with_name("lock"), profile):
            store = open_store(self.state_file(profile))
            try:
                async with self._sides(settings, stop) as (source, target):
                    world = World(source, target, store, SystemClock(), Silence(), stop)
                    await Cycle(settings, world).compare()
            finally:
                store.close()

    def decide_drift(
        self,
        profile: str,
        decision: DriftChoice,
        attributes: Sequence[str] | None = None,
        users: Sequence[str] | None = None,
    ) -> int:
        """Decide about what was changed by hand, None = about all of it."""

        def decide(store: Store) -> int:
            people = None if users is None else [find_person(store, one).id for one in users]
            return store.drift.decide(decision, attributes, people)

        return self._with_store(profile, decide)

    def decide_waiting_drift(
        self, profile: str, decision: DriftChoice, people: Sequence[str]
    ) -> int:
        """The same about what nobody has decided, for people by their ids, known still or not."""
        return self._with_store(
            profile, lambda store: store.drift.decide(decision, None, people, waiting=True)
        )

    def retry(self, profile: str, user: str | None, *, forget_link: bool) -> int:
        """Try this person or group, or all that failed, in the next cycle."""

        def again(store: Store) -> int:
            if user is None:
                return store.journal.retry(None)
            chosen = [find_person(store, user).id] if forget_link else to_retry(store, user)
            return store.journal.retry(chosen, forget_link=forget_link)

        return self._with_store(profile, again)

    def forget(self, profile: str) -> None:
        """Remove secrets and state of a profile. Raises `ProfileBusy` while a run holds it."""
        folder = self.state_file(profile).parent
        if not folder.is_dir():
            self.secrets.delete(profile)
            return
        lock = folder / "lock"
        with ProfileLock(lock, profile):
            self.secrets.delete(profile)
            for file in folder.iterdir():
                if file != lock:
                    file.unlink()
        lock.unlink()
        folder.rmdir()

    def doctor(self) -> Mapping[str, Any]:
        """Versions, folders, keyring, databases, clock; no secrets."""
        backend = self.secrets.backend() if isinstance(self.secrets, KeyringSecrets) else "memory"
        return {
            "rollcall": __version__,
            "python": platform.python_version(),
            "system": platform.platform(),
            "sqlite": sqlite3.sqlite_version,
            "qt": _version("PySide6-Essentials"),
            "config": str(self.paths.config),
            "state": str(self.paths.state),
            "logs": str(self.paths.logs),
            "resources": str(resources()),
            "keyring": backend,
            "keyring_state": self._keyring_state(),
            "sign_ins": dict(self._sign_ins()),
            "profiles": {name: self._health(name) for name in self.profiles.names()},
            "clock": json_lines.stamp(SystemClock().now()),
        }

    def _keyring_state(self) -> str:
        """`ready`, or what is wrong with it and what to do."""
        if isinstance(self.secrets, KeyringSecrets):
            try:
                self.secrets.check()
            except SecretStoreUnavailable as error:
                said = [error.text, *([error.advice] if error.advice else [])]
                return ". ".join(self.translator.render(text) for text in said)
        return "ready"

    def _upkeep(self, settings: Profile, target: Target) -> Callable[[], Awaitable[None]] | None:
        """A quiet cycle asks the target nothing, and a sign-in nobody renews comes to its end."""
        if not settings.target.sign_in.by_person:
            return None
        shelf = self.shelves(settings.name).target

        async def renew() -> None:
            kept = await asyncio.to_thread(shelf.load)
            if kept is None or SystemClock().now() - kept.renewed_at > RENEW_AFTER:
                await target.sign_in()

        return renew

    def _sign_ins(self) -> Iterator[tuple[str, str | None]]:
        """When the sign-in of each side that a person signs in on was last renewed."""
        for name in self.profiles.names():
            try:
                settings, shelves = self.profiles.settings(name), self.shelves(name)
            except ConfigurationError:
                continue
            for side, by_person, shelf in (
                (Service.SOURCE, settings.source.sign_in.by_person, shelves.source),
                (Service.TARGET, settings.target.sign_in.by_person, shelves.target),
            ):
                if by_person:
                    yield f"{name} {side.value}", self._renewed(shelf)

    def _renewed(self, shelf: SignInShelf) -> str | None:
        try:
            kept = shelf.load()
        except SecretStoreUnavailable as error:
            return self.translator.render(error.text)
        return json_lines.stamp(kept.renewed_at) if kept is not None else None

    def sandbox(
        self, users: int, groups: int | None, latency_ms: int, seed: int, port: int
    ) -> Sandbox:
        """Practice servers, not started yet."""
        return Sandbox(users, groups, latency_ms, seed, port)

    def practice(self, servers: PracticeServers, folder: Path) -> Program:
        """The same program on the practice servers, with folders and secrets of its own."""
        paths = Paths(folder / "config", folder / "state", folder / "logs").create()
        info = servers.info()
        profiles = ProfileStore(paths.profiles)
        profiles.save(info["profile"], replace=True)
        return replace(self, paths=paths, profiles=profiles, secrets=MemorySecrets(info["secrets"]))

    def open_window(self, *, sandbox: bool) -> int:
        """The window; returns the exit code."""
        try:
            from app.windows import open_window  # noqa: PLC0415 - Qt may be absent
        except ImportError as error:
            raise ConfigurationError(
                Text("The window cannot open: {cause}", {"cause": str(error)}),
                "Use the commands instead (`rollcall --help`), or install Qt's libraries.",
            ) from None
        return open_window(self, sandbox=sandbox)

    @asynccontextmanager
    async def _sides(
        self, settings: Profile, stop: StopSignal
    ) -> AsyncIterator[tuple[Source, Target]]:
        secret, shelves = self._secret_of(settings.name), self.shelves(settings.name)
        async with open_sides(settings, secret, stop, shelves) as sides:
            yield sides

    def _secret_of(self, profile: str) -> SecretLookup:
        return lambda name: self.secrets.get(profile, name)

    def _with_store(self, profile: str, act: Callable[[Store], int]) -> int:
        file = self.state_file(profile)
        if not file.exists():
            return 0
        with ProfileLock(file.with_name("lock"), profile):
            store = open_store(file)
            try:
                return act(store)
            finally:
                store.close()

    def _health(self, profile: str) -> str:
        file = self.state_file(profile)
        if not file.exists():
            return "no cycle yet"
        connection = sqlite3.connect(read_only(file), uri=True)
        try:
            return str(connection.execute("PRAGMA quick_check").fetchone()[0])
        except sqlite3.DatabaseError as error:
            return str(error)
        finally:
            connection.close()


class ProfileWorld:
    """`engine.job.JobWorld` of one profile."""

    def __init__(self, program: Program, profile: str, sink: EventSink) -> None:
        self.program = program
        self.profile = profile
        self.sink = sink
        status = _status(program.history(profile))
        self._last_started = _started(status)
        self._not_before = status.next_attempt

    async def run_cycle(self, kind: CycleKind | None, stop: StopEvent) -> CycleSummary:
        """One cycle; when it cannot even start and none has for long, people are told."""
        program, settings = self.program, self.program.profiles.settings(self.profile)
        status, now = _status(program.history(self.profile)), SystemClock().now()
        last = _started(status)
        idle = settings.enabled and overdue(
            last, settings.interval_minutes, now, status.next_attempt
        )
        idle_since = last if idle else None
        try:
            summary = await program.run_cycle(
                self.profile, kind, self.sink, stop, idle_since=idle_since
            )
        except RollcallError as error:
            if idle_since is not None:
                await program.tell(settings, idle_since=idle_since, problem=error.text)
            raise
        self._last_started = summary.started_at
        self._not_before = _status(self.program.history(self.profile)).next_attempt
        return summary

    def is_enabled(self) -> bool:
        """The provisioning status in the profile, which a cycle may have switched off."""
        return self.program.profiles.settings(self.profile).enabled

    def last_started(self) -> datetime | None:
        """Start of the newest cycle."""
        return self._last_started

    def not_before(self) -> datetime | None:
        """Until when a quarantine makes the schedule wait."""
        return self._not_before

    def set_enabled(self, enabled: bool) -> None:
        """Keep the provisioning status in the profile."""
        self.program.profiles.set_enabled(self.profile, enabled=enabled)

    def release(self) -> int:
        """Let the held removals through."""
        return self.program.release(self.profile)

    def keep(self) -> int:
        """Park the held removals."""
        return self.program.keep(self.profile)

    def decide_drift(self, decision: DriftChoice, people: Sequence[str]) -> int:
        """Decide about what was changed by hand."""
        return self.program.decide_waiting_drift(self.profile, decision, people)


def _people(settings: Profile, *, assigning: bool = False) -> Sides:
    """Where people sign in, and whether for mail too."""
    mail = settings.notification.wanted and settings.notification.send_through == "graph"
    return Sides(settings.source, settings.target, mail, assigning)


def _schedule(settings: Profile, history: History, unhealthy: Quarantine | None) -> Schedule:
    """When the next cycle runs, if any."""
    reason = unhealthy.reason if unhealthy is not None else None
    if not settings.enabled:
        return Schedule(None, reason)
    last = next(iter(history.cycles(1)), None)
    not_before = unhealthy.next_attempt if unhealthy is not None else None
    started = last.started_at if last is not None else None
    at = next_run(started, settings.interval_minutes, SystemClock().now(), not_before)
    return Schedule(at, reason if not_before is not None else None)


def _status(history: History | None) -> JobStatus:
    if history is None:
        return JobStatus()
    status = history.status()
    history.close()
    return status


def _started(status: JobStatus) -> datetime | None:
    """Start of the newest cycle, whoever runs it."""
    return max((one.started_at for one in (status.current, status.last) if one), default=None)


@asynccontextmanager
async def open_sides(
    settings: Profile, secrets: SecretLookup, stop: StopSignal, shelves: Shelves = NO_SHELVES
) -> AsyncIterator[tuple[Source, Target]]:
    """Both connectors for one cycle, closed at its end."""
    extensions = properties_asked(settings)
    source = open_source(settings.source, secrets, stop, extensions, shelf=shelves.source)
    try:
        target = open_target(settings.target, secrets, stop, shelf=shelves.target)
        try:
            yield source, target
        finally:
            await target.close()
    finally:
        await source.close()


def make_services(log_level: str | None) -> Program:
    """The program on this machine's folders, keyring and language."""
    environment = os.environ
    paths = Paths.of(environment).create()
    devlog.begin(paths.logs, log_level or environment.get("ROLLCALL_LOG_LEVEL"))
    return Program(
        paths=paths,
        profiles=ProfileStore(paths.profiles),
        secrets=KeyringSecrets(environment),
        translator=translator(environment, resources()),
    )


def _compare(saved: list[dict[str, Any]], store: Store, words: Translator) -> None:
    """The new plan must be the saved one; raises `StalePlan`."""

    def essence(line: Mapping[str, Any]) -> str:
        kept = ("action", "status", "source", "target", "changes", "reason", "because", "code")
        return json_lines.line({key: line.get(key) for key in kept})

    # Groups and references follow the people and are compared with the target in their turn.
    before = sorted(
        essence(line)
        for line in saved
        if line["record"] == "action"
        and line["source"].get("type") != IdentityType.GROUP
        and line.get("reason") != Reason.REFERENCE_CHANGED
    )
    listing = store.plan.listing()
    now = sorted(essence(json_lines.planned(work.planned, words)) for work in listing)
    if before != now:
        raise StalePlan(
            "The world has moved since this plan was made. Nothing was written.",
            "Make a new plan and look at it again.",
        )


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not installed"
