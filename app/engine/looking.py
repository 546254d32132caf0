"""Looking at a few people by the rules of a cycle, without a cycle ("why", and on demand, 11).

It reads like an incremental cycle and scopes everybody who is due, for two people with one address
must be seen; only the chosen are matched and decided about. The watermark stays: the next cycle
reads the same changes again, and whoever was due stays so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.domain.accounts import Account
from app.domain.errors import BrokenContract, RollcallError, Service
from app.domain.people import Application
from app.domain.plan import KnownFacts, Subject, Watermarks, Work
from app.domain.ports import Store
from app.domain.settings import Profile
from app.domain.texts import Text
from app.engine.cases import Attempt, Case, Schedule
from app.engine.choosing import Chosen
from app.engine.configuration import fingerprint, target_identity
from app.engine.cycle import World, default_domain, make_rules
from app.engine.importing import Importer
from app.engine.planning import Planner
from app.engine.rules import Rules


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known once the chosen people were decided about."""

    chosen: Chosen
    due: frozenset[str]
    works: dict[str, Work]
    rules: Rules
    planner: Planner
    application: Application
    trouble: RollcallError | None = None
    """Why a service could not be asked."""


class Looker:
    """Reads both sides, scopes and decides; `cycle` is the id records carry."""

    def __init__(self, profile: Profile, world: World, schedule: Schedule, cycle: str) -> None:
        self._profile = profile
        self._world = world
        self._schedule = schedule
        self._cycle = cycle

    async def look(self, choose: Callable[[Store], Chosen]) -> Looked:
        """Ask both sides. Raises the world's errors and what `choose` raises."""
        world, store = self._world, self._world.store
        marks = store.mirror.watermarks()
        imported = await Importer(world.source, store.mirror, world.stop, ignored).run(
            marks if marks.people else Watermarks()
        )
        if imported.empty:
            raise BrokenContract(
                Service.SOURCE,
                Text(
                    "Entra listed nothing where there was something before: {streams}",
                    {"streams": ", ".join(imported.empty)},
                ),
                "Nothing was changed. Look at the application in Entra, then run `rollcall sync`.",
            )
        chosen = choose(store)
        target = await world.target.fetch_info()
        domain = await default_domain(self._profile, world.source)
        store.mirror.keep_facts(KnownFacts(target=target, default_domain=domain))
        rules = make_rules(self._profile, world, imported.application, target, domain)
        looked = await self._scope(rules, imported.application, chosen)
        elsewhere = store.mirror.move_to_target(target_identity(self._profile))
        await looked.planner.match(everybody=elsewhere)
        await looked.planner.plan(ignored)
        return replace(looked, works=self._works())

    async def look_back(self, choose: Callable[[Store], Chosen], trouble: RollcallError) -> Looked:
        """From what the last cycle knew; raises `trouble` when none ever got far enough."""
        store = self._world.store
        facts = store.mirror.facts()
        if facts.application is None or facts.target is None:
            raise trouble
        rules = make_rules(
            self._profile, self._world, facts.application, facts.target, facts.default_domain
        )
        looked = await self._scope(rules, facts.application, choose(store))
        looked.planner.take_as_listed()
        await looked.planner.plan(ignored)
        return replace(looked, works=self._works(), trouble=trouble)

    async def _scope(self, rules: Rules, application: Application, chosen: Chosen) -> Looked:
        """Everybody due, the chosen among them; all when the profile decides otherwise now."""
        world, store, people = self._world, self._world.store, chosen.people
        changed = store.journal.configuration() != fingerprint(self._profile)
        store.plan.begin(world.clock.now(), everybody=False)
        if changed:
            store.plan.queue(None)
        planner = Planner(store, world.target, rules, world.stop, self._cycle, people)
        # Somebody else's new address may make the chosen due: ask only once all others are known.
        await planner.scope(ignored)
        due = store.plan.due(people)
        store.plan.queue(people)
        await planner.scope(ignored)
        due = frozenset(people) if changed else due
        return Looked(chosen, due, {}, rules, planner, application)

    def _works(self) -> dict[str, Work]:
        return {work.person_id: work for work in self._world.store.plan.works()}

    async def foreign(self, looked: Looked, person_id: str) -> Account | None:
        """Somebody out of scope may have an account that Rollcall never had to do with."""
        subject = looked.planner.subject_of(person_id)
        if subject is None or subject.link is not None or subject.accounts:
            return None
        identity = looked.rules.limits.identity
        values = dict(looked.rules.matching_values(subject))
        address = values.get(identity, "").lower()
        if not address:
            return None
        found = await self._world.target.find_accounts([address])
        return next(iter(found), None)

    def case(self, looked: Looked, person_id: str, foreign: Account | None) -> Case:
        """Everything about one of the chosen, as it is now."""
        store, rules = self._world.store, looked.rules
        subject = looked.planner.subject_of(person_id)
        if subject is None:
            raise KeyError(person_id)
        work = looked.works.get(person_id)
        return Case(
            subject=subject,
            verdict=rules.scope(subject),
            planned=work.planned if work is not None else None,
            ways=store.plan.every_way(person_id),
            attempts=self._attempts(subject, rules, foreign),
            foreign=foreign,
            due=person_id in looked.due,
            escrow=store.journal.escrow_of(person_id),
            drifts=store.drift.of(person_id),
            reference=store.references.trouble(person_id),
            schedule=self._schedule,
            rules=rules,
            application=looked.application.name,
            trouble=looked.trouble,
        )

    def _attempts(
        self, subject: Subject, rules: Rules, foreign: Account | None
    ) -> tuple[Attempt, ...]:
        """By precedence; the first that finds an account ends the search (3)."""
        attempts: list[Attempt] = []
        for attribute, value in rules.matching_values(subject):
            mirror = self._world.store.mirror
            if attribute == rules.limits.identity:
                found = len(mirror.accounts_at([value.lower()])) or int(foreign is not None)
            else:
                near = mirror.accounts_with(attribute, [value])
                found = len(rules.same_value(attribute, value, near))
            attempts.append(Attempt(attribute, value, found))
            if found:
                break
        return tuple(attempts)


def ignored(_number: int) -> None:
    """Progress of a few people is not worth telling."""
