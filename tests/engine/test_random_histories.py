"""Random histories: whatever happens, after quiet cycles GoTo is as the rules say.

`ROLLCALL_HISTORIES=200` tries so many random histories instead of the few fixed ones.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from company import DOMAIN, FINANCE, MARTA, SALES, TRAINEES, WEBINARS, Company
from cutting import Killed, Knife, kill_after
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from practice import Cycled

from app.domain.activity import ActivityRecord, CycleOutcome, LogQuery, Reason, Status
from app.domain.drift import DriftChoice
from app.domain.people import DEFAULT_ACCESS
from app.sandbox.accounts import User
from app.sandbox.directory import Group, Person
from app.sandbox.server import Sandbox

MANY = int(os.environ.get("ROLLCALL_HISTORIES", "0"))
GROUPS = st.sampled_from([SALES, WEBINARS, TRAINEES, FINANCE])
SURNAMES = st.sampled_from(["Crashtest", "Zimmer", "Abel"])
SOMEBODY = st.integers(0, 20)
COLLISIONS = {"Conflict", "EntryConflict"}
MEETING, WEBINAR = {"G2M"}, {"G2M", "G2W"}


def put_right(record: ActivityRecord) -> bool:
    """Something that was changed by hand has been written over."""
    return record.reason is Reason.DRIFT and record.status is Status.SUCCESS


class Rules:
    """Who should have which account: spec/provisioning.md 2 and 3, written a second time."""

    def __init__(self, company: Company) -> None:
        self.directory = company.world.directory
        self.nested = False
        self.default_access = False
        self.filter = False
        self.webinars = False
        """Whether the role Meeting and Webinar gives a webinar seat."""

    def in_scope(self, person: Person) -> bool:
        passes = not self.filter or person.get("department") == "Sales"
        return bool(person.present and person.enabled and passes and self.roles(person))

    def roles(self, person: Person) -> set[str]:
        """Values of the roles a person effectively holds."""
        values = {role.id: role.value for role in self.directory.application.roles}
        if self.default_access:
            values[DEFAULT_ACCESS] = "default"
        return {
            values[grant.role_id]
            for grant in self.directory.living_grants()
            if grant.role_id in values and self._reaches(grant.principal_id, person.id)
        }

    def products(self, person: Person) -> set[str]:
        return WEBINAR if self.webinars and "G2W" in self.roles(person) else MEETING

    def _reaches(self, principal: str, person: str) -> bool:
        group = self.directory.group(principal)
        if group is None:
            return principal == person
        return group.security_enabled and person in self._members(group, set())

    def _members(self, group: Group, seen: set[str]) -> set[str]:
        seen.add(group.id)
        found = set(group.members)
        for one in list(found) if self.nested else []:
            inner = self.directory.group(one)
            if inner is not None and inner.present and one not in seen:
                found |= self._members(inner, seen)
        return found


class Histories(RuleBasedStateMachine):
    """Everything that happens at a company, to its accounts, and to the program."""

    max_removals: int | None = None

    def __init__(self) -> None:
        super().__init__()
        self.home = TemporaryDirectory()
        self.sandbox = Sandbox(users=1)
        self.sandbox.start()
        self.company = Company(self.sandbox, Path(self.home.name))
        self.company.configure(safety__max_removals=self.max_removals)
        self.world, self.directory = self.company.world, self.company.world.directory
        self.rules = Rules(self.company)
        self.number = 0
        self.pilot = False
        self.unseen = False
        """Somebody edited GoTo by hand, which an incremental cycle rightly does not see."""
        self.accepting = False
        """Whatever is changed by hand has been accepted, and nobody decided otherwise."""
        self.shared: set[str] = set()
        """Addresses that were ever given to a second person."""
        self.never_managed: dict[str, User] = {}
        """Accounts whose person was never in scope, by person."""
        self.before: dict[str, str] = {}
        self.made_by_hand: list[tuple[User, str]] = []
        self.looked_at_everybody = datetime.now(UTC)
        (marta,) = self.directory.people
        self.world.edit_account(MARTA, first_name="Old", last_name="Name")
        self.remember(marta)
        for group in (SALES, SALES, WEBINARS):
            self.hire(group=group, has_account=False, sales=True)

    # -- choosing --------------------------------------------------------------------------

    def one_of(self, who: int, fits: Callable[[Person], bool]) -> Person | None:
        people = [one for one in self.directory.people if fits(one)]
        return people[who % len(people)] if people else None

    def somebody(self, who: int) -> Person | None:
        return self.one_of(who, lambda one: one.present)

    def group(self, name: str) -> Group:
        return next(one for one in self.directory.living_groups() if one.name == name)

    def account(self, who: int) -> User | None:
        """An account of somebody who is or was in scope, and that a cycle has touched."""
        managed = [
            user
            for user in self.world.goto.living()
            if user.email.split(".")[0].startswith("p")
            and user not in self.never_managed.values()
            and user not in self.untouched()
        ]
        return managed[who % len(managed)] if managed else None

    # -- people come, change and go --------------------------------------------------------

    @rule(group=GROUPS, has_account=st.booleans(), sales=st.booleans())
    def hire(self, group: str, has_account: bool, sales: bool) -> None:
        if self.number >= 8:
            return
        self.number += 1
        person = self.company.join(
            f"P{self.number}", group, department="Sales" if sales else "Legal"
        )
        if has_account and self.world.goto.at(person.text("mail")) is None:
            self.world.add_account(person.text("mail"), "Old", "Name")
            self.remember(person)

    def remember(self, person: Person) -> None:
        """An account that stays as it is until its person comes into scope."""
        user = self.company.account_of(person)
        self.never_managed[person.id] = user
        self.before[person.id] = repr(user)
        self.made_by_hand.append((user, repr(user)))

    def untouched(self) -> list[User]:
        """Accounts made by hand that are as they were."""
        return [user for user, before in self.made_by_hand if repr(user) == before]

    @rule(who=SOMEBODY, group=GROUPS)
    def hire_again(self, who: int, group: str) -> None:
        """Somebody new with the address of somebody who is or was there."""
        former = self.one_of(who, lambda one: one.number > 0)
        if former is None or self.number >= 8:
            return
        self.number += 1
        address = former.text("mail")
        self.company.join(f"P{self.number}", group, mail=address, department="Sales")
        self.shared.add(address)
        self.never_managed.pop(former.id, None)

    @rule(who=SOMEBODY, how=st.sampled_from(["leave", "leave", "purge", "disable", "enable"]))
    def goes(self, who: int, how: str) -> None:
        if person := self.somebody(who):
            getattr(self.world, how)(person.id)

    @rule(who=SOMEBODY, how=st.sampled_from(["restore", "purge"]))
    def from_the_recycle_bin(self, who: int, how: str) -> None:
        person = self.one_of(who, lambda one: one.presence == "soft_deleted")
        if person is not None:
            getattr(self.world, how)(person.id)

    @rule(who=SOMEBODY, surname=SURNAMES, address=st.booleans())
    def is_renamed(self, who: int, surname: str, address: bool) -> None:
        if person := self.somebody(who):
            if address and person.text("surname") != surname:
                self.world.marry(person.id, surname)
                self.shared.add(person.text("mail"))
            else:
                self.world.rename(person.id, surname=surname)

    @rule(who=SOMEBODY, other=SOMEBODY)
    def exchange_addresses(self, who: int, other: int) -> None:
        one, two = self.somebody(who), self.somebody(other)
        if one is not None and two is not None and one is not two:
            addresses = one.text("mail"), two.text("mail")
            self.shared.update(addresses)
            self.world.set_attribute(one.id, "mail", addresses[1])
            self.world.set_attribute(two.id, "mail", addresses[0])
            for person in (one, two):
                self.never_managed.pop(person.id, None)

    @rule(who=SOMEBODY, sales=st.booleans())
    def changes_department(self, who: int, sales: bool) -> None:
        if person := self.somebody(who):
            self.world.set_attribute(person.id, "department", "Sales" if sales else "Legal")

    # -- groups and assignments ------------------------------------------------------------

    @rule(who=SOMEBODY, group=GROUPS, how=st.sampled_from(["move_group", "add_member"]))
    def moves(self, who: int, group: str, how: str) -> None:
        if person := self.somebody(who):
            getattr(self.world, how)(person.id, group)

    @rule(who=SOMEBODY, role=st.sampled_from(["G2M", "G2W", "default"]))
    def is_assigned(self, who: int, role: str) -> None:
        if person := self.somebody(who):
            self.world.assign(person.id, role)

    @rule(who=SOMEBODY)
    def is_unassigned(self, who: int) -> None:
        if person := self.somebody(who):
            self.world.unassign(person.id)

    @rule(group=GROUPS, how=st.sampled_from(["assign", "unassign"]))
    def group_is(self, group: str, how: str) -> None:
        getattr(self.world, how)(group)

    @rule(outer=GROUPS, inner=GROUPS, nests=st.booleans())
    def nest(self, outer: str, inner: str, nests: bool) -> None:
        if outer == inner:
            return
        if nests:
            self.directory.join(self.group(outer), self.group(inner).id, "group")
        else:
            self.directory.part(self.group(outer), self.group(inner).id)

    @rule(group=GROUPS, enabled=st.booleans())
    def security(self, group: str, enabled: bool) -> None:
        self.company.change_group(group, security_enabled=enabled)

    # -- by hand in GoTo -------------------------------------------------------------------

    @rule(who=SOMEBODY, how=st.sampled_from(["suspend", "rename", "address", "delete"]))
    def edited_by_hand(self, who: int, how: str) -> None:
        user = self.account(who)
        if user is None:
            return
        self.unseen = True
        if how == "address":
            self.number_of_edits = getattr(self, "number_of_edits", 0) + 1
            self.world.goto.set_email(user, f"p.by.hand{self.number_of_edits}@{DOMAIN}")
        elif how == "delete":
            self.world.delete_account(user.email)
        else:
            self.world.edit_account(user.email, first_name="Edited", suspend=how == "suspend")

    @rule(who=SOMEBODY)
    def enabled_by_hand(self, who: int) -> None:
        """Somebody who left gets their seat back, and nobody in Entra said so."""
        user = self.account(who)
        if user is None or user.licences:
            return
        self.unseen = True
        self.world.goto.set_licences(user, (next(iter(self.world.goto.pools)),))

    @rule(choice=st.sampled_from(["report", "repair", "accept"]))
    def drift_is(self, choice: str) -> None:
        """The standing choice about what is changed by hand."""
        self.accepting = choice == "accept"
        self.company.configure(drift__otherwise=choice)

    @rule()
    def compared(self) -> None:
        """A cycle in which all accounts are read again."""
        self.compare()
        self.cycle()

    @rule(decision=st.sampled_from(list(DriftChoice)[1:]))
    def decided(self, decision: DriftChoice) -> None:
        """An administrator decides about what is listed."""
        self.company.program.decide_drift("practice", decision)
        self.accepting = False

    def compare(self) -> None:
        file = self.company.home / "state" / "practice" / "state.db"
        if file.exists():
            with sqlite3.connect(file) as connection:
                connection.execute(
                    "UPDATE job SET value = '2000-01-01T00:00:00.000Z' WHERE name = 'listed_at'"
                )
            connection.close()

    # -- the profile changes ---------------------------------------------------------------

    @rule(on=st.booleans())
    def scoping_filter(self, on: bool) -> None:
        clause = {"attribute": "department", "operator": "EQUALS", "value": "Sales"}
        self.rules.filter = on
        filters = [{"name": "Sales", "clauses": [clause]}] if on else []
        self.company.configure(scoping_filters=filters)

    @rule(who=SOMEBODY)
    def pilot_list(self, who: int) -> None:
        if person := self.somebody(who):
            self.pilot = True
            self.company.configure(pilot=[person.text("userPrincipalName")])

    @rule(
        name=st.sampled_from(["nested_groups", "default_access_counts", "webinars"]),
        on=st.booleans(),
    )
    def setting(self, name: str, on: bool) -> None:
        if name == "webinars":
            self.rules.webinars = on
            more = {"G2W": ["G2W", "G2M"]} if on else {}
            self.company.configure(target__licences={"*": ["G2M"], **more})
            return
        setattr(self.rules, "nested" if name == "nested_groups" else "default_access", on)
        self.company.configure(**{name: on})

    # -- cycles, undisturbed and not -------------------------------------------------------

    @rule()
    def sync(self) -> None:
        self.cycle()

    @rule(
        fault=st.sampled_from(
            [
                {"break_after_writes": 1},
                {"break_after_writes": 2},
                {"writes_answered_502": 1},
                {"writes_answered_502": 30},
                {"writes_unkept": 1},
                {"writes_unkept": 2},
                {"writes_unkept": 1, "break_after_writes": 1},
                {"put_without_body": True},
                {"replays": True},
            ]
        )
    )
    def sync_with_a_fault(self, fault: dict[str, int | bool]) -> None:
        for name, value in fault.items():
            self.world.set_fault(name, value)
        self.cycle()
        self.mend()

    @rule(service=st.sampled_from(["graph", "goto"]))
    def sync_throttled(self, service: str) -> None:
        self.world.throttle(
            True, service, requests_per_second=1000, next_requests=2, retry_after=0.01
        )
        self.cycle()
        self.world.throttle(False, service)

    @rule(mode=st.sampled_from(["drop", "unavailable"]))
    def sync_without_network(self, mode: str) -> None:
        self.world.break_network(1000, mode)
        assert self.cycle().summary.outcome is CycleOutcome.FAILED
        self.mend()

    @rule(how=st.sampled_from(["gone", "sync_state_not_found", "resync_required"]))
    def sync_with_an_expired_delta(self, how: str) -> None:
        self.world.reset_delta(how)
        self.cycle()
        self.world.faults.delta_reset = None

    @rule(after=st.integers(1, 3))
    def sync_stopped(self, after: int) -> None:
        self.manage()
        self.company.sync_until(after)

    @rule(calls=st.integers(0, 40))
    def sync_killed(self, calls: int) -> None:
        try:
            with kill_after(Knife(calls)):
                self.cycle()
        except Killed:
            pass

    def cycle(self, *, initial: bool = False, released: bool = False) -> Cycled:
        """`released`: removals were let through, so that some happen in a held cycle too."""
        self.manage()
        if initial:
            self.looked_at_everybody = datetime.now(UTC)
        done = self.company.sync(initial=initial)
        held = done.summary.outcome is CycleOutcome.HELD
        if self.max_removals is not None and held and not released:
            assert done.summary.counts.disabled == 0
        if self.accepting:
            assert not [one for one in done.records if put_right(one)]
        return done

    def manage(self) -> None:
        """From now on accounts of those in scope may change."""
        for person in self.directory.people:
            if self.rules.in_scope(person):
                self.never_managed.pop(person.id, None)

    def waits_for_hours(self) -> bool:
        """Something failed in a way that only a look at everybody tries again before long."""
        history = self.company.program.history("practice")
        if history is None:
            return False
        query = LogQuery(status=Status.FAILURE, since=self.looked_at_everybody)
        failures = list(history.log(query))
        history.close()
        again = Counter(record.source.id for record in failures)
        codes = {record.code for record in failures}
        return bool(codes & {*COLLISIONS, "InvalidAnchor"}) or max(again.values(), default=0) > 1

    def mend(self) -> None:
        self.company.mend()
        for name in ("break_after_writes", "writes_answered_502", "writes_unkept"):
            self.world.set_fault(name, None if name == "break_after_writes" else 0)
        for name in ("put_without_body", "replays"):
            self.world.set_fault(name, False)

    # -- quiet -----------------------------------------------------------------------------

    @rule(everybody=st.booleans())
    def quiet(self, everybody: bool = False) -> None:
        """Two or three undisturbed cycles, then everything must be right.

        What was changed by hand is seen by a comparison, or by a look at everybody.
        """
        self.mend()
        if self.pilot:
            self.pilot = False
            self.company.configure(pilot=None)
        self.drift_is("repair")
        if self.unseen:
            self.compare()
        done = self.cycle(initial=(self.unseen and everybody) or self.waits_for_hours())
        self.unseen = False
        failed = self.failures(done)
        for _ in range(3):
            # Accepted before, or so many at once that somebody has to say so.
            self.company.program.decide_drift("practice", DriftChoice.REPAIR)
            held = done.summary.outcome is CycleOutcome.HELD
            if held:
                self.company.program.release("practice")
            for person, code in failed.items():
                if code == "InvalidAnchor":
                    self.company.program.retry("practice", person, forget_link=True)
            done = self.cycle(released=held)
            failed |= self.failures(done)
            for record in done.records:
                if record.status is not Status.FAILURE:
                    failed.pop(record.source.id, None)
        # A directory without anybody is never believed: each cycle reads it in full and is held.
        nobody = not list(self.directory.living_people())
        held_rightly = nobody and done.summary.held_because == "source_empty"
        assert held_rightly or done.summary.outcome is CycleOutcome.SUCCEEDED
        self.check(failed)
        again = self.company.sync()
        assert again.records == [], [
            (str(one.message), one.code, one.reason) for one in again.records
        ]
        requests = again.summary.source_requests + again.summary.target_requests
        assert requests <= (20 if nobody else 6)

    def failures(self, done: Cycled) -> dict[str, str]:
        return {
            one.source.id: str(one.code) for one in done.records if one.status is Status.FAILURE
        }

    def check(self, failed: dict[str, str]) -> None:
        wanted: dict[str, list[Person]] = defaultdict(list)
        for person in self.directory.people:
            if self.rules.in_scope(person):
                wanted[str(person.get("mail") or person.get("userPrincipalName"))].append(person)
        left_alone = 0
        right: set[str] = set()
        for address, people in wanted.items():
            collides = failed.get(people[0].id) in COLLISIONS
            if len(people) > 1 or collides:
                # Neither is touched; or somebody else's account has the address.
                left_alone += len(people)
                assert len(people) > 1 or self.company.account(address) is not None
                continue
            self.check_account(address, people[0])
            right.add(address)
        seats = self.company.seats()
        assert set(seats.values()) <= {1}
        never_touched = [*self.never_managed.values(), *self.untouched()]
        foreign = {user.email.lower() for user in never_touched} | {f"jonas.weber@{DOMAIN}"}
        unexplained = set(seats) - right - foreign
        assert len(unexplained) <= left_alone, unexplained
        for person_id, user in self.never_managed.items():
            assert repr(user) == self.before[person_id]
        self.company.assert_foreign_accounts_untouched()

    def check_account(self, address: str, person: Person) -> None:
        user = self.company.account(address)
        assert user is not None, f"{address} has no account"
        assert user.licences, f"{address} has no seat"
        names = (person.get("givenName"), person.get("surname"))
        assert (user.first_name, user.last_name) == names
        held, wanted = set(self.world.goto.products(user)), self.rules.products(person)
        assert wanted <= held
        assert held == wanted or address in self.shared

    def teardown(self) -> None:
        try:
            self.quiet()
        finally:
            self.sandbox.stop()
            self.home.cleanup()


class HistoriesWithBrake(Histories):
    """The same while more than one removal at once needs a decision."""

    max_removals = 1


def setting(examples: int) -> settings:
    return settings(
        max_examples=MANY or examples,
        stateful_step_count=30 if MANY else 20,
        derandomize=not MANY,
        database=None,
        deadline=None,
        # Making an example smaller takes many minutes of cycles.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


TestHistories = pytest.mark.slow(Histories.TestCase)
TestHistories.settings = setting(8)
TestHistoriesWithBrake = pytest.mark.slow(HistoriesWithBrake.TestCase)
TestHistoriesWithBrake.settings = setting(3)
