"""Whole cycles from the practice tenant to the practice GoTo organisation (SCIM 1).

There are no seats here and nobody can be disabled (design of the interface, "Default mappings").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from practice import Cycled, Practice

from app.domain.activity import ActionKind, CycleOutcome, Status
from app.sandbox.directory import Person
from app.sandbox.organization import Identity
from app.sandbox.server import Sandbox

DOMAIN = "haldenroux.example"
SALES = "GoToMeeting Sales"
FOREIGN = {f"boardroom@{DOMAIN}", f"goto.admin@{DOMAIN}"}
"""Identities that nobody in Entra has; they must never change."""


class Company(Practice):
    """The practice tenant with the organisation as its target."""

    def __init__(self, sandbox: Sandbox, home: Path) -> None:
        super().__init__(sandbox, home)
        self.configure(target__kind="goto-scim", target__url=sandbox.info()["goto_scim_url"])
        self.organization = sandbox.world.organization
        self.organization.catch_up(sandbox.world.goto, self.world.timestamp())

    def identity(self, person: Person) -> Identity | None:
        return self.organization.at(person.text("mail") or person.text("userPrincipalName"))

    def names(self) -> list[str]:
        return [one.name.lower() for one in self.organization.identities.values()]

    def members(self, group: str) -> set[str]:
        team = self.organization.team_called(group)
        assert team is not None
        return {name.lower() for name in self.organization.names_of(team.members)}

    def wanted_members(self, name: str) -> set[str]:
        (group,) = [one for one in self.world.directory.living_groups() if one.name == name]
        return {
            str(person.get("mail") or person.get("userPrincipalName")).lower()
            for person, _ in self.world.entitled()
            if person.id in group.members
        } & self.expected()

    def snapshot(self) -> list[str]:
        return [repr(one) for one in self.organization.identities.values()]

    def done(self, cycled: Cycled, person: Person) -> list[str]:
        return [
            f"{one.action} {one.status} {one.code or one.reason}"
            for one in cycled.records
            if one.source.id == person.id
        ]


@contextmanager
def company(home: Path, **options: Any) -> Iterator[Company]:
    with Sandbox(**options) as sandbox:
        found = Company(sandbox, home)
        foreign = [repr(found.organization.at(name)) for name in sorted(FOREIGN)]
        yield found
        assert [repr(found.organization.at(name)) for name in sorted(FOREIGN)] == foreign


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Company]:
    """A company of one: Marta, who has an identity in other capitals."""
    with company(tmp_path, users=1) as found:
        yield found


def test_initial_then_changes_then_nothing(tmp_path: Path) -> None:
    with company(tmp_path) as found:
        before = set(found.names())
        first = found.sync(initial=True)
        assert first.summary.outcome is CycleOutcome.SUCCEEDED
        names = Counter(found.names())
        assert set(names) == before | found.expected()
        assert set(names.values()) == {1}
        assert all(number == 1 for number in found.organization.creates.values())
        assert first.summary.counts.created == len(found.expected() - before)

        cut = [one for one in first.records if one.status is Status.WARNING]
        assert any("cut to 60" in str(one.message) for one in cut)

        quiet = found.sync()
        assert quiet.records == []
        assert quiet.summary.target_requests == 0

        found.world.marry()
        found.world.join("Zoe", "Crashtest")
        changed = found.sync()
        counts = changed.summary.counts
        assert (counts.created, counts.updated, counts.failed) == (1, 1, 0)
        assert found.expected() <= set(found.names())
        # Token, who am I, the newcomer's look-up and creation, the change.
        assert changed.summary.target_requests <= 6

        again = found.sync(initial=True)
        assert again.summary.counts.created == again.summary.counts.updated == 0


def test_who_shares_an_address_is_a_failure_and_nobody_is_touched(one: Company) -> None:
    ann, bob = one.hire("Ann"), one.hire("Bob")
    one.world.share_address(ann.id, bob.id)
    assert one.sync().codes()["DuplicateSourceEntries"] == 2
    assert one.identity(ann) is None


def test_one_identity_in_other_capitals_is_taken_over_not_made_again(one: Company) -> None:
    marta = one.person("Marta")
    before = one.identity(marta)
    done = one.sync()
    assert one.identity(marta) is before
    assert one.organization.creates == {}
    assert {record.action for record in done.records} <= {ActionKind.LINK, ActionKind.UPDATE}


@pytest.mark.parametrize("how", ["disable", "delete", "unassign"])
def test_a_leaver_is_a_warning_and_no_request(one: Company, how: str) -> None:
    person = one.hire("Nils")
    one.sync()
    before = one.snapshot()
    if how == "unassign":
        one.world.remove_member(person.id, SALES)
        one.world.move_group(person.id, "Finance")
    else:
        one.world.leave(person.id, how)
    left = one.sync()
    assert one.done(left, person) == ["other warning NotImplemented"]
    (record,) = [one for one in left.records if one.source.id == person.id]
    assert record.advice is not None
    assert left.summary.outcome is CycleOutcome.SUCCEEDED
    assert left.summary.counts.disabled == 0
    # A token and who am I: nothing is asked or written about the leaver.
    assert left.summary.target_requests == 2
    assert one.snapshot() == before
    assert one.sync().records == []


def test_a_leaver_stays_in_the_groups_and_the_plan_says_so(one: Company) -> None:
    one.configure(mappings__groups__enabled=True)
    person = one.hire("Nils")
    one.sync()
    one.world.disable(person.id)
    lines = one.plan()
    assert [line["code"] for line in lines[:-1]] == ["NotImplemented"]
    one.sync()
    assert person.text("mail") in one.members(SALES)
    assert one.plan()[:-1] == []


def test_leavers_are_no_removals_for_the_brake(one: Company) -> None:
    one.configure(safety__max_removals=0)
    person = one.hire("Nils")
    one.sync()
    one.world.leave(person.id)
    assert one.sync().summary.held_because is None


def test_who_comes_back_is_found_as_left(one: Company) -> None:
    person = one.hire("Nils")
    one.sync()
    one.world.disable(person.id)
    one.sync()
    key = one.identity(person)
    one.world.enable(person.id)
    one.world.rename(person.id, surname="Back")
    back = one.sync()
    assert back.summary.counts.updated == 1
    assert back.summary.counts.enabled == 0
    assert one.identity(person) is key
    assert key is not None
    assert key.fields["familyName"] == "Back"


def test_a_leaver_whose_identity_somebody_deleted_needs_nothing_more(one: Company) -> None:
    person = one.hire("Nils")
    one.sync()
    one.world.delete_identity(person.text("mail"))
    one.world.leave(person.id)
    gone = one.sync(initial=True)
    assert gone.codes()["NotImplemented"] == 0
    (record,) = [one for one in gone.records if one.source.id == person.id]
    assert record.status is Status.WARNING
    assert one.identity(person) is None


@pytest.mark.parametrize("allowed", [False, True])
def test_nobody_is_deleted_unless_delete_is_switched_on(one: Company, allowed: bool) -> None:
    actions = ["create", "update", "disable", *(["delete"] if allowed else [])]
    one.configure(mappings__users__actions=actions)
    person = one.hire("Nils")
    one.sync()
    one.world.leave(person.id)
    one.sync()
    one.world.purge(person.id)
    done = one.sync()
    assert (one.identity(person) is None) is allowed
    assert done.summary.counts.deleted == int(allowed)


def test_a_lost_answer_to_a_creation_never_makes_a_second_identity(one: Company) -> None:
    one.sync()
    people = [one.hire(f"Lost{n}") for n in range(3)]
    one.world.set_fault("break_after_writes", 2)
    cut = one.sync()
    assert cut.summary.outcome is CycleOutcome.FAILED
    one.mend()
    one.world.set_fault("writes_answered_502", 2)
    one.sync()
    assert all(one.identity(person) is not None for person in people)
    assert set(one.organization.creates.values()) == {1}
    assert one.sync().records == []


def test_a_lost_creation_whose_person_left_meanwhile_is_not_made_again(one: Company) -> None:
    one.sync()
    person = one.hire("Gone")
    one.world.set_fault("break_after_writes", 1)
    one.sync()
    one.mend()
    one.world.leave(person.id)
    done = one.sync()
    assert one.done(done, person) == ["other warning NotImplemented"]
    assert one.organization.creates[person.text("mail").lower()] == 1


def test_two_people_exchange_their_addresses(one: Company) -> None:
    ann, bob = one.hire("Ann"), one.hire("Bob")
    one.sync()
    keys = {person.id: one.identity(person) for person in (ann, bob)}
    first, second = ann.text("mail"), bob.text("mail")
    one.world.directory.change(ann, {"mail": second})
    one.world.directory.change(bob, {"mail": first})
    one.sync()
    assert {person.id: one.identity(person) for person in (ann, bob)} == keys


def test_a_foreign_domain_and_an_identity_elsewhere_stop_nobody_else(one: Company) -> None:
    one.sync()
    foreign, elsewhere, fine = one.hire("Foreign"), one.hire("Else"), one.hire("Fine")
    one.world.directory.change(foreign, {"mail": "f@foreign.example"})
    one.world.claim_elsewhere(elsewhere.text("mail"))
    one.world.set_fault("foreign_domain_status", 401)
    done = one.sync()
    assert done.codes()["InvalidDomain"] == 1
    assert done.codes()["Conflict"] == 1
    assert done.summary.outcome is CycleOutcome.SUCCEEDED
    assert one.identity(fine) is not None


def test_a_missing_role_ends_the_cycle_and_is_named(one: Company) -> None:
    one.world.set_fault("organization_read", False)
    assert "ROLE_ORG_READ" in str(one.sync(initial=True).summary.error)
    one.world.set_fault("organization_read", True)
    one.hire("Nils")
    one.world.set_fault("organization_write", False)
    failed = one.sync()
    assert failed.summary.outcome is CycleOutcome.FAILED
    assert "ROLE_ORG_WRITE" in str(failed.summary.error)
    one.world.set_fault("organization_write", True)
    assert one.sync().summary.counts.created == 1


def test_reads_see_our_own_writes(one: Company) -> None:
    one.world.set_fault("stale_reads", True)
    one.world.set_fault("writes_answered_502", 1)
    person = one.hire("Nils")
    one.sync()
    assert one.organization.creates[person.text("mail").lower()] == 1


def test_groups_and_their_members(tmp_path: Path) -> None:
    with company(tmp_path) as found:
        found.configure(mappings__groups__enabled=True)
        first = found.sync()
        assert first.summary.outcome is CycleOutcome.SUCCEEDED
        assigned = {group.name for group in found.world.assigned_groups()}
        assert {one.name for one in found.organization.teams.values()} == assigned
        for name in assigned:
            assert found.members(name) == found.wanted_members(name)
        quiet = found.sync()
        assert (quiet.records, quiet.summary.target_requests) == ([], 0)

        mover = found.hire("Mover")
        found.sync()
        assert mover.text("mail") in found.members(
            found.world.directory.groups_of(mover.id)[0].name
        )
        found.world.move_group(mover.id, SALES)
        found.world.rename_group("GoToMeeting Engineering", "Engineering 2")
        found.sync()
        for group in found.world.assigned_groups():
            assert found.members(group.name) == found.wanted_members(group.name)
        assert found.organization.team_called("GoToMeeting Engineering") is None

        found.world.unassign(SALES)
        found.sync()
        assert found.organization.team_called(SALES) is not None
        found.configure(mappings__groups__actions=["create", "update", "delete"])
        found.sync(initial=True)
        assert found.organization.team_called("Engineering 2") is not None


def test_a_group_deleted_by_hand_is_made_again_by_an_initial_cycle(one: Company) -> None:
    one.configure(mappings__groups__enabled=True)
    one.sync()
    team = one.organization.team_called(SALES)
    assert team is not None
    one.organization.remove_team(team)
    one.organization.create_team("Somebody else's", {}, one.world.timestamp())
    one.sync(initial=True)
    assert one.members(SALES) == one.wanted_members(SALES)


def test_a_large_group_takes_newcomers_and_says_who_cannot_be_taken_out(tmp_path: Path) -> None:
    with company(tmp_path, users=1) as found:
        found.configure(mappings__groups__enabled=True)
        people = [found.hire(f"Many{n:03}") for n in range(104)]
        for person in people:
            found.world.add_member(person.id, SALES)
        found.sync()
        assert found.members(SALES) == found.wanted_members(SALES)
        assert len(found.members(SALES)) > 103
        leaver = people[0]
        found.world.remove_member(leaver.id, SALES)
        found.world.assign(leaver.id)
        newcomer = found.hire("Newcomer")
        found.world.add_member(newcomer.id, SALES)
        done = found.sync()
        assert newcomer.text("mail") in found.members(SALES)
        assert leaver.text("mail") in found.members(SALES)
        (failure,) = [one for one in done.records if one.status is Status.FAILURE]
        assert failure.code == "NotImplemented"
        assert SALES in str(failure.message)
        assert found.sync().records == []
