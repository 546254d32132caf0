"""What the wizard asks of the world, and the real answer to it.

Every method is asynchronous and belongs to the engine's loop; progress and check results are
handed to callables on that loop's thread. Each call opens its own connections and closes them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from app.connectors.errors import AccountKeyNeeded
from app.domain.accounts import AccountChoice
from app.domain.activity import CheckResult, PlannedAction, PlanSummary, Progress
from app.domain.errors import ConfigurationError, PermissionMissing, SecretMissing, Service
from app.domain.people import Application
from app.domain.ports import Clock, Mailer, Secrets, Source, StopSignal, Target
from app.domain.settings import (
    NotificationSettings,
    Profile,
    SourceSignIn,
    TargetKind,
    TargetSignIn,
)
from app.domain.sign_in import Shelves
from app.domain.texts import Text, Translator
from app.host.sign_ins import name_of
from app.mapping.attributes import properties_asked
from app.mapping.values import Context
from app.setup.assignees import Rules
from app.setup.assigning import AssignmentDesk
from app.setup.assignment_table import AssignmentFacts, AssignmentTable, load_facts
from app.setup.checks import Report
from app.setup.connection_test import run_connection_test
from app.setup.doors import EditorDoor, SecretLookup, SourceDoor, TargetDoor
from app.setup.draft import Answers, Draft, World
from app.setup.draft_file import DraftFile
from app.setup.mapping_review import MappingReview, review_mappings
from app.setup.practice import PracticeTenant
from app.setup.preview import Preview, PreviewRows, estimated_seconds
from app.setup.sign_in import Desk, Shown, Sides, TellingGuide, sign_in_person
from app.setup.sign_in_shelf import Renewals, WizardShelf


@dataclass(frozen=True, slots=True)
class Abilities:
    """What this version can do; the wizard shows the rest and says that it cannot yet."""

    source_sign_ins: frozenset[SourceSignIn] = frozenset(SourceSignIn)
    target_kinds: frozenset[TargetKind] = frozenset({TargetKind.GOTO_ADMIN})
    target_sign_ins: frozenset[TargetSignIn] = frozenset(
        {TargetSignIn.PASSWORD, TargetSignIn.BROWSER, TargetSignIn.PERSONAL_ACCESS_TOKEN}
    )


class WizardServices(Protocol):
    """What the pages need at run time. All errors people can cure are `RollcallError`."""

    @property
    def abilities(self) -> Abilities:
        """What this version can do."""
        ...

    @property
    def secret_place(self) -> Text:
        """Where secrets go on this machine, "the Windows Credential Manager"."""
        ...

    @property
    def practice_offered(self) -> bool:
        """Whether there is a practice tenant to choose."""
        ...

    async def profile_names(self) -> Sequence[str]:
        """Names that are taken."""
        ...

    async def open_practice(self) -> PracticeTenant:
        """The practice tenant; its servers are started when they do not run yet."""
        ...

    async def load_draft(self) -> Answers | None:
        """The saved draft with the secrets that the keyring keeps for it."""
        ...

    async def save_draft(self, answers: Answers) -> None:
        """Keep the answers, and their secrets in the keyring."""
        ...

    async def store_secrets(self, answers: Answers) -> None:
        """Put the secrets that the answers use into the keyring. A person may have to unlock it."""
        ...

    async def sign_in(
        self,
        answers: Answers,
        side: Service,
        tell: Callable[[Shown], None],
        stop: StopSignal,
        *,
        assigning: bool = False,
    ) -> str:
        """A person signs in; returns what of it goes among the secrets of the answers.

        `assigning`: at Microsoft, to change assignments and roles too.
        """
        ...

    def signed_in(self, answers: Answers, side: Service) -> str | None:
        """Who is signed in on a side, "" when the service did not say; None for nobody."""
        ...

    async def check_source(self, answers: Answers, stop: StopSignal) -> Sequence[Application]:
        """Sign in at Microsoft and list the applications to choose from."""
        ...

    async def search_applications(
        self, answers: Answers, text: str, stop: StopSignal
    ) -> Sequence[Application]:
        """Applications whose name starts with `text`."""
        ...

    async def load_assignments(
        self, answers: Answers, progress: Callable[[int], None], stop: StopSignal
    ) -> AssignmentFacts:
        """Who is assigned to the chosen application."""
        ...

    def assignment_desk(self, answers: Answers) -> AssignmentDesk:
        """Changes who is assigned to the chosen application; opens nothing yet."""
        ...

    async def check_target(self, answers: Answers, stop: StopSignal) -> Sequence[AccountChoice]:
        """Sign in at GoTo; the organisations this administrator manages."""
        ...

    async def test_connection(
        self, answers: Answers, report: Report, seen_enough: StopSignal, stop: StopSignal
    ) -> tuple[CheckResult, ...]:
        """Every check, both sides at the same time."""
        ...

    async def review_mappings(
        self,
        answers: Answers,
        facts: AssignmentFacts,
        table: AssignmentTable,
        progress: Callable[[int], None],
        stop: StopSignal,
    ) -> MappingReview:
        """The mappings on real people, and what they do to everybody."""
        ...

    async def preview(
        self, answers: Answers, progress: Callable[[Progress], None], stop: StopSignal
    ) -> Preview:
        """What the first cycle would do for everyone."""
        ...

    async def send_test_mail(self, answers: Answers) -> None:
        """Send a mail to the notification addresses."""
        ...

    async def switch_on(self, answers: Answers) -> str:
        """Save secrets and profile, forget the draft; returns the profile's name."""
        ...


class ProfileStore(Protocol):
    """Profile documents by name."""

    def names(self) -> Sequence[str]:
        """Names of all profiles."""
        ...

    def save(self, document: dict[str, Any], *, replace: bool) -> str:
        """Check and keep a document. Raises `ConfigurationError` that names the key."""
        ...


class PlanRunner(Protocol):
    """The engine's plan on a scratch copy of the state: writes nothing anywhere."""

    async def __call__(
        self,
        profile: Profile,
        secrets: SecretLookup,
        shelves: Shelves,
        stop: StopSignal,
        progress: Callable[[Progress], None],
        take: Callable[[PlannedAction], None],
    ) -> PlanSummary:
        """Plan the first cycle; every action goes to `take` in the order of the plan."""
        ...


class Practice(Protocol):
    """The practice servers of this program."""

    @property
    def secrets(self) -> Secrets:
        """Keeps practice secrets in memory: they protect nothing and need no keyring."""
        ...

    def open(self) -> PracticeTenant:
        """Start the servers when they do not run yet; returns when they listen."""
        ...


@dataclass(frozen=True, slots=True)
class Doors:
    """How the outside is opened; handed in by the wiring."""

    source: SourceDoor
    editor: EditorDoor
    target: TargetDoor
    mailer: Callable[[NotificationSettings, SecretLookup], Mailer]
    profile: Callable[[Mapping[str, Any]], Profile]
    """Checks a profile document; raises `ConfigurationError` that names the key."""
    plan: PlanRunner
    clock: Clock
    open_browser: Callable[[str], bool]
    words: Translator
    """The language of the page in the browser that ends a sign-in."""


@dataclass(frozen=True, slots=True)
class SetupServices:
    """The wizard's services over real connectors, keyring, profiles and planner."""

    doors: Doors
    secrets: Secrets
    profiles: ProfileStore
    drafts: DraftFile
    practice: Practice | None = None
    abilities: Abilities = field(default_factory=Abilities)
    renewals: Renewals = field(default_factory=Renewals)
    secret_place: Text = field(default_factory=lambda: Text("the keyring of this computer"))

    @property
    def practice_offered(self) -> bool:
        """Whether practice servers can be started."""
        return self.practice is not None

    async def profile_names(self) -> Sequence[str]:
        """Names that are taken."""
        return await asyncio.to_thread(self.profiles.names)

    async def open_practice(self) -> PracticeTenant:
        """The practice tenant; its servers are started when they do not run yet."""
        if self.practice is None:
            raise ConfigurationError(Text("This Rollcall has no practice tenant"))
        return await asyncio.to_thread(self.practice.open)

    async def load_draft(self) -> Answers | None:
        """The saved draft with the secrets that the keyring keeps for it."""
        draft = await asyncio.to_thread(self.drafts.load)
        if draft is None:
            return None
        if draft.world is World.PRACTICE and self.practice is not None:
            tenant = await self.open_practice()
            return Answers(tenant.filled(draft), tenant.secrets())
        return await asyncio.to_thread(self._with_kept_secrets, draft)

    async def save_draft(self, answers: Answers) -> None:
        """Keep the answers, and their secrets in the keyring."""
        await asyncio.to_thread(self.drafts.save, answers.draft)
        if answers.draft.name:
            await self.store_secrets(answers)

    async def store_secrets(self, answers: Answers) -> None:
        """Put the secrets that the answers use into the keyring. A person may have to unlock it."""
        await asyncio.to_thread(self._store, answers)

    async def sign_in(
        self,
        answers: Answers,
        side: Service,
        tell: Callable[[Shown], None],
        stop: StopSignal,
        *,
        assigning: bool = False,
    ) -> str:
        """A person signs in; returns what of it goes among the secrets of the answers."""
        draft = answers.draft
        sides = Sides(draft.source_settings(), draft.target_settings(), assigning=assigning)
        shelf = self._new_shelf(answers, side, "")
        guide = TellingGuide(tell, self.doors.open_browser)
        desk = Desk(shelf, guide, self.doors.words, stop)
        await sign_in_person(sides, side, _lookup(answers), desk)
        return shelf.made

    def signed_in(self, answers: Answers, side: Service) -> str | None:
        """Who is signed in on a side, "" when the service did not say; None for nobody."""
        kept = self._shelf(answers, side).load()
        return kept.user if kept is not None else None

    async def check_source(self, answers: Answers, stop: StopSignal) -> Sequence[Application]:
        """Sign in at Microsoft and list the applications to choose from."""
        async with self._source(answers, stop) as source:
            await source.sign_in()
            return await source.search_applications("")

    async def search_applications(
        self, answers: Answers, text: str, stop: StopSignal
    ) -> Sequence[Application]:
        """Applications whose name starts with `text`."""
        async with self._source(answers, stop) as source:
            return await source.search_applications(text)

    async def load_assignments(
        self, answers: Answers, progress: Callable[[int], None], stop: StopSignal
    ) -> AssignmentFacts:
        """Who is assigned to the chosen application."""
        async with self._source(answers, stop) as source:
            return await load_facts(source, stop, progress)

    def assignment_desk(self, answers: Answers) -> AssignmentDesk:
        """Changes who is assigned to the chosen application; opens nothing yet."""
        settings, shelf = answers.draft.source_settings(), self._shelf(answers, Service.SOURCE)
        lookup = _lookup(answers)
        return AssignmentDesk(
            lambda stop: self.doors.source(settings, lookup, stop, shelf=shelf),
            lambda stop: self.doors.editor(settings, lookup, stop, shelf=shelf),
            Rules(nested_groups=answers.draft.nested_groups),
        )

    async def check_target(self, answers: Answers, stop: StopSignal) -> Sequence[AccountChoice]:
        """Sign in at GoTo; the organisations this administrator manages.

        Missing rights are left to the connection test, which says more about them.
        """
        async with self._target(answers, stop) as target:
            await target.sign_in()
            try:
                return (await target.fetch_info()).choices
            except AccountKeyNeeded as error:
                return error.choices
            except (PermissionMissing, ConfigurationError):
                return ()

    async def test_connection(
        self, answers: Answers, report: Report, seen_enough: StopSignal, stop: StopSignal
    ) -> tuple[CheckResult, ...]:
        """Every check, both sides at the same time."""
        profile = self._profile(answers)
        context = Context(now=self.doors.clock.now(), random=Random(profile.name))
        async with (
            self._source(answers, stop, properties_asked(profile)) as source,
            self._target(answers, stop) as target,
        ):
            return await run_connection_test(
                profile, source, target, report, context, seen_enough=seen_enough
            )

    async def review_mappings(
        self,
        answers: Answers,
        facts: AssignmentFacts,
        table: AssignmentTable,
        progress: Callable[[int], None],
        stop: StopSignal,
    ) -> MappingReview:
        """The mappings on real people, and what they do to everybody."""
        profile = self._profile(answers)
        context = Context(now=self.doors.clock.now(), random=Random(profile.name))
        async with (
            self._source(answers, stop, properties_asked(profile)) as source,
            self._target(answers, stop) as target,
        ):
            return await review_mappings(
                profile,
                context,
                facts,
                table,
                source=source,
                target=target,
                stop=stop,
                progress=progress,
            )

    async def preview(
        self, answers: Answers, progress: Callable[[Progress], None], stop: StopSignal
    ) -> Preview:
        """What the first cycle would do for everyone."""
        profile = self._profile(answers)
        rows = PreviewRows()
        lookup = _lookup(answers)
        shelves = Shelves(
            self._shelf(answers, Service.SOURCE), self._shelf(answers, Service.TARGET)
        )
        summary = await self.doors.plan(profile, lookup, shelves, stop, progress, rows.take)
        return Preview(
            summary=summary,
            counts=dict(rows.counts),
            rows=rows.in_order(),
            seconds=estimated_seconds(rows.counts, profile.target.requests_per_second),
        )

    async def send_test_mail(self, answers: Answers) -> None:
        """Send a mail to the notification addresses."""
        profile = self._profile(answers)
        mailer = self.doors.mailer(profile.notification, _lookup(answers))
        subject = "Rollcall can reach you"
        body = (
            f"This is the test mail of the profile {profile.name}.\n"
            "Rollcall writes to this address when something fails.\n"
        )
        await asyncio.to_thread(mailer.send, subject, body)

    async def switch_on(self, answers: Answers) -> str:
        """Save secrets and profile, forget the draft; returns the profile's name."""
        document = answers.draft.to_document()
        self.doors.profile(document)
        await self.store_secrets(answers)
        practising = answers.draft.world is World.PRACTICE
        name = await asyncio.to_thread(self.profiles.save, document, replace=practising)
        await asyncio.to_thread(self.drafts.discard)
        return name

    def _profile(self, answers: Answers) -> Profile:
        return self.doors.profile(answers.draft.to_document(everyone=True))

    def _secrets_of(self, draft: Draft) -> Secrets:
        practising = draft.world is World.PRACTICE and self.practice is not None
        return self.practice.secrets if practising and self.practice else self.secrets

    def _store(self, answers: Answers) -> None:
        store = self._secrets_of(answers.draft)
        for name in answers.draft.usable_secrets():
            if answers.secrets.get(name):
                newest = self.renewals.newest(answers.secrets[name])
                store.set(answers.draft.name, name, newest)

    def _shelf(self, answers: Answers, side: Service) -> WizardShelf:
        return self._new_shelf(answers, side, answers.secrets.get(name_of(side), ""))

    def _new_shelf(self, answers: Answers, side: Service, made: str) -> WizardShelf:
        secrets, now = self._secrets_of(answers.draft), self.doors.clock.now
        return WizardShelf(self.renewals, side, made, secrets, answers.draft.name, now)

    def _with_kept_secrets(self, draft: Draft) -> Answers:
        found: dict[str, str] = {}
        for name in draft.usable_secrets() if draft.name else ():
            try:
                found[name] = self.secrets.get(draft.name, name)
            except SecretMissing:
                continue
        return Answers(draft, found)

    @asynccontextmanager
    async def _source(
        self, answers: Answers, stop: StopSignal, extensions: Collection[str] = ()
    ) -> AsyncIterator[Source]:
        shelf = self._shelf(answers, Service.SOURCE)
        settings = answers.draft.source_settings()
        source = self.doors.source(
            settings, _lookup(answers), stop, extensions=extensions, shelf=shelf
        )
        try:
            yield source
        finally:
            await source.close()

    @asynccontextmanager
    async def _target(self, answers: Answers, stop: StopSignal) -> AsyncIterator[Target]:
        shelf = self._shelf(answers, Service.TARGET)
        settings = answers.draft.target_settings()
        target = self.doors.target(settings, _lookup(answers), stop, shelf=shelf)
        try:
            yield target
        finally:
            await target.close()


def _lookup(answers: Answers) -> SecretLookup:
    """Secrets as typed; what was not typed is missing."""

    def secret(name: str) -> str:
        value = answers.secrets.get(name, "")
        if not value:
            raise SecretMissing(Text("The secret {name} was not given", {"name": name}), key=name)
        return value

    return secret
