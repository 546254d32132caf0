"""`rollcall provision GROUP`: the group itself and the memberships of a few people, now.

From the practice tenant to the practice SCIM server; rules in spec/provisioning.md 2.3 and 11.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from cutting import Killed
from practice import Cycled, Practice

from app.connectors.scim2_groups import ScimGroups
from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    IdentityType,
    Initiator,
    LogQuery,
    Reason,
    Status,
)
from app.domain.errors import BrokenContract, ConfigurationError, EntryError
from app.domain.explanation import (
    NextAction,
    Ownership,
    PathReason,
    ProvisionedGroup,
    Result,
    Stage,
    StageName,
)
from app.domain.people import DEFAULT_ACCESS
from app.domain.texts import Text
from app.sandbox.directory import Group
from app.sandbox.scim_schemas import GROUP, GROUP_KIND, USER, USER_KIND
from app.sandbox.server import Sandbox
from app.state.store import open_store

CREW = "Crew"
JONAS, MARTA, YUKO = "jonas.weber", "marta.lindqvist", "yuko.tanaka"
HOUSE = "@haldenroux.example"
FIVE = ["import", "scope", "match", "action", "members"]


class Ship(Practice):
    """The practice tenant, its SCIM server as the target, and a group of three: Crew."""

    def __init__(self, sandbox: Sandbox, home: Path) -> None:
        super().__init__(sandbox, home)
        info = sandbox.info()
        self.program.secrets.set("practice", "target.token", info["scim_token"])
        self.world.add_group(CREW, assigned=True)
        for name in (JONAS, MARTA, YUKO):
            self.world.add_member(name, CREW)
        self.configure(
            target={
                "kind": "scim2",
                "url": info["scim_url"],
                "sign_in": "bearer",
                "requests_per_second": 10_000,
            }
        )
        self.groups()

    def groups(self, *actions: str, enabled: bool = True, **more: Any) -> None:
        wanted = list(actions or ("create", "update"))
        self.configure(mappings={"groups": {"enabled": enabled, "actions": wanted, **more}})

    def group(self, name: str, *members: str) -> ProvisionedGroup:
        done = self.on_demand(name, *(f"{one}{HOUSE}" for one in members)).group
        assert done is not None
        return done

    def known(self, name: str = CREW) -> Group:
        (found,) = [one for one in self.world.directory.living_groups() if one.name == name]
        return found

    def at_target(self, name: str = CREW) -> list[str]:
        """Keys of the groups of this name."""
        resources = self.world.scim.of(GROUP_KIND)
        return [key for key, one in resources.items() if one["displayName"] == name]

    def members(self, name: str = CREW) -> set[str]:
        (key,) = self.at_target(name)
        users = self.world.scim.of(USER_KIND)
        return {
            users[one]["userName"].lower().removesuffix(HOUSE)
            for one in self.world.scim.members[key]
        }

    def put(self, name: str = CREW, *members: str) -> str:
        """A group made by hand at the target."""
        body = {
            "schemas": [GROUP],
            "displayName": name,
            "members": [{"value": one} for one in members],
        }
        return str(self.world.scim.put(GROUP_KIND, body, None, self.world.now())["id"])

    def put_user(self, name: str) -> str:
        body = {"schemas": [USER], "userName": name, "active": True}
        return str(self.world.scim.put(USER_KIND, body, None, self.world.now())["id"])

    def sail(self) -> None:
        """Cycles run already when the crew is assigned."""
        self.world.unassign(CREW)
        self.sync()
        self.world.assign(CREW)

    def break_down(self) -> None:
        """The target fails until it is mended."""
        self.world.faults.fail_next["scim"] = [500] * 1000

    def mend(self) -> None:
        self.world.faults.fail_next.clear()

    def cycle(self) -> list[ActivityRecord]:
        """The records about groups of a cycle."""
        return of_groups(self.sync())

    def failures(self) -> int:
        history = self.program.history("practice")
        assert history is not None
        try:
            return history.status().escrowed
        finally:
            history.close()

    def log(self) -> list[ActivityRecord]:
        """All records about groups, the newest first."""
        history = self.program.history("practice")
        assert history is not None
        try:
            found = list(history.log(LogQuery(limit=1000)))
        finally:
            history.close()
        return [one for one in found if one.source.type is IdentityType.GROUP]

    def watermark(self) -> object:
        history = self.program.history("practice")
        assert history is not None
        try:
            return history.status().watermark_at
        finally:
            history.close()


def of_groups(done: Cycled) -> list[ActivityRecord]:
    return [one for one in done.records if one.source.type is IdentityType.GROUP]


def stage(done: ProvisionedGroup, name: StageName) -> Stage:
    (found,) = [one for one in done.explanation.stages if one.name is name]
    return found


def said(done: ProvisionedGroup, name: StageName) -> str:
    return " | ".join(str(line.text) for line in stage(done, name).evidence)


def statuses(done: ProvisionedGroup) -> list[Status]:
    return [one.status for one in done.explanation.stages]


def changed(records: Sequence[ActivityRecord]) -> list[tuple[str, object, object]]:
    return [(one.attribute, one.old, one.new) for record in records for one in record.changes]


@pytest.fixture
def ship(tmp_path: Path) -> Iterator[Ship]:
    with Sandbox() as sandbox:
        yield Ship(sandbox, tmp_path)


def test_a_new_group_with_the_chosen_two_and_the_cycle_adds_the_third(ship: Ship) -> None:
    ship.sail()
    before, kept = ship.watermark(), len(ship.log())
    started = time.monotonic()
    done = ship.on_demand(CREW, JONAS + HOUSE, MARTA + HOUSE)
    assert time.monotonic() - started < 5
    assert [one.explanation.person.name for one in done.people] == [
        "Jonas Weber",
        "Marta Lindqvist",
    ]
    group = done.group
    assert group is not None
    assert group.result is Result.SUCCESS
    assert [one.action for one in group.records] == [ActionKind.CREATE, ActionKind.UPDATE]
    assert group.record is group.records[0]
    assert [one.name for one in group.explanation.stages] == FIVE
    assert set(statuses(group)) == {Status.SUCCESS}
    assert "3 people" in said(group, StageName.IMPORT)
    assert "GoToMeeting" in said(group, StageName.SCOPE)
    assert "displayName Crew: 0 groups" in said(group, StageName.MATCH)
    assert said(group, StageName.MEMBERS) == "Jonas Weber was added | Marta Lindqvist was added"
    assert group.explanation.origin is Ownership.CREATED
    assert group.explanation.target is not None
    assert group.explanation.target.id == ship.at_target()[0]
    assert group.explanation.next.action is NextAction.UPDATE
    assert "1 membership of somebody else" in str(group.explanation.next.message)
    assert "is at the target, because it has the role" in str(group.explanation.answer)
    assert ship.members() == {JONAS, MARTA}
    new = ship.log()[:-kept]
    assert [one.initiator for one in new] == [Initiator.USER] * 2
    assert ship.watermark() == before
    (third,) = ship.cycle()
    added = third.changes[0].new
    assert isinstance(added, tuple)
    assert len(added) == 1
    assert ship.members() == {JONAS, MARTA, YUKO}
    assert ship.cycle() == []


def test_before_the_first_cycle_only_this_group_is_made(ship: Ship) -> None:
    done = ship.group(CREW)
    assert done.result is Result.SUCCESS
    assert ship.members() == {JONAS, MARTA, YUKO}
    assert {one["displayName"] for one in ship.world.scim.of(GROUP_KIND).values()} == {CREW}
    assert {one.source.name for one in ship.log()} == {CREW}
    assert done.explanation.next.action is NextAction.NONE
    assert [one for one in ship.cycle() if one.source.name == CREW] == []


def test_a_group_that_is_as_it_should_be_is_redundant(ship: Ship) -> None:
    ship.sync()
    done = ship.group(CREW, JONAS)
    assert (done.result, done.explanation.code) == (Result.SKIPPED, "RedundantExport")
    assert done.explanation.reason is Reason.ASSIGNED
    assert "as it should be" in said(done, StageName.ACTION)
    assert "Linked to the group Crew" in said(done, StageName.MATCH)
    assert said(done, StageName.MEMBERS) == "Jonas Weber is a member already"
    assert ship.log()[0].code == "RedundantExport"
    assert ship.cycle() == []


def test_a_group_of_that_name_is_taken_over_and_its_other_members_stay(ship: Ship) -> None:
    ship.groups(enabled=False)
    ship.sync()
    ship.groups()
    yuko = ship.world.scim.user_at(YUKO + HOUSE)
    assert yuko is not None
    ship.put(CREW, ship.put_user("stranger" + HOUSE), str(yuko["id"]))
    ship.world.remove_member(YUKO, CREW)
    done = ship.group(CREW, JONAS)
    assert done.explanation.origin is Ownership.TAKEN_OVER
    assert done.records[0].reason is Reason.MATCHED
    assert "displayName Crew: 1 group" in said(done, StageName.MATCH)
    assert ship.members() == {JONAS, YUKO, "stranger"}
    ship.sync()
    assert ship.members() == {JONAS, MARTA, "stranger"}


def test_several_groups_of_that_name_are_a_failure_that_is_over_once_there_is_one(
    ship: Ship,
) -> None:
    ship.sail()
    ship.put()
    ship.put()
    done = ship.group(CREW)
    assert (done.result, done.explanation.code) == (Result.FAILURE, "DuplicateTargetEntries")
    match = stage(done, StageName.MATCH)
    assert match.status is Status.FAILURE
    assert "displayName Crew: 2 groups" in said(done, StageName.MATCH)
    assert stage(done, StageName.ACTION).status is Status.FAILURE
    assert "Waits for the group" in said(done, StageName.MEMBERS)
    assert done.explanation.next.action is NextAction.RETRY
    assert "needs attention" in str(done.explanation.answer)
    assert ship.failures() == 1
    assert ship.cycle() == []
    ship.world.scim.delete(GROUP_KIND, ship.at_target()[0])
    assert ship.group(CREW).result is Result.SUCCESS
    assert ship.failures() == 0
    assert ship.members() == {JONAS, MARTA, YUKO}


def test_two_groups_of_one_name_in_entra_are_both_left_alone(ship: Ship) -> None:
    twin = ship.world.directory.add_group(ship.world.identities.next(), CREW)
    ship.world.assign(twin.id)
    done = ship.group(twin.id)
    assert (done.result, done.explanation.code) == (Result.FAILURE, "DuplicateSourceEntries")
    assert stage(done, StageName.MATCH).status is Status.FAILURE
    assert {one.source.id for one in ship.log()} == {twin.id}
    assert ship.at_target() == []


def test_a_group_without_a_value_to_match_by_is_skipped(ship: Ship) -> None:
    ship.groups(
        attributes=[
            {
                "target": "displayName",
                "type": "expression",
                "expression": 'IIF([displayName]="Crew", "", [displayName])',
                "match": 1,
            }
        ]
    )
    done = ship.group(CREW)
    assert (done.result, done.explanation.code) == (Result.SKIPPED, "ImportSkipped")
    assert stage(done, StageName.IMPORT).status is Status.FAILURE
    assert "No value for the matching attribute" in said(done, StageName.IMPORT)
    assert "is not at the target" in str(done.explanation.answer)
    assert [one for one in ship.cycle() if one.source.name == CREW] == []


def test_a_group_that_is_not_assigned(ship: Ship) -> None:
    ship.world.add_group("Deck")
    ship.world.add_member(JONAS, "Deck")
    done = ship.on_demand("Deck")
    assert len(done.people) == 1
    group = done.group
    assert group is not None
    assert (group.result, group.explanation.reason) == (Result.SKIPPED, Reason.UNASSIGNED)
    assert not group.explanation.in_scope
    assert "is not provisioned, because it is not assigned" in str(group.explanation.answer)
    assert statuses(group) == [Status.SUCCESS, *[Status.SKIPPED] * 4]
    assert [one.code for one in ship.log()] == ["EntrySynchronizationSkipped"]
    assert ship.at_target("Deck") == []
    assert group.explanation.next.action is NextAction.NONE


def test_default_access_alone_is_no_role(ship: Ship) -> None:
    ship.world.unassign(CREW)
    known = ship.world.identities.next()
    ship.world.directory.grant(
        known, ship.known().id, "group", DEFAULT_ACCESS, ship.world.timestamp()
    )
    done = ship.group(CREW)
    assert done.explanation.reason is Reason.NOT_EFFECTIVELY_ENTITLED
    assert [one.reason for one in done.explanation.paths] == [PathReason.DEFAULT_ACCESS]
    assert "Default Access gives no account" in str(done.explanation.answer)


@pytest.mark.parametrize("scope", ["assigned", "all"])
def test_a_group_that_is_no_security_group(ship: Ship, scope: str) -> None:
    ship.configure(scope=scope)
    ship.known().security_enabled = False
    done = ship.group(CREW)
    assert not done.explanation.in_scope
    assert done.explanation.reason is Reason.NOT_EFFECTIVELY_ENTITLED
    assert "it is no security group" in str(done.explanation.answer)
    first = stage(done, StageName.SCOPE).evidence[0]
    assert (str(first.text), first.passed) == ("A security group", False)
    assert ship.at_target() == []


def test_with_everybody_in_scope_every_security_group_is(ship: Ship) -> None:
    ship.configure(scope="all")
    ship.world.add_group("Deck")
    ship.world.add_member(JONAS, "Deck")
    done = ship.group("Deck")
    assert done.result is Result.SUCCESS
    assert "every security group is in scope" in str(done.explanation.answer)
    assert ship.members("Deck") == {JONAS}


def test_a_member_out_of_scope_is_left_out_and_comes_in_later(ship: Ship) -> None:
    ship.world.disable(MARTA)
    done = ship.group(CREW, JONAS, MARTA)
    assert done.result is Result.SUCCESS
    assert "Marta Lindqvist is left out: no active account" in said(done, StageName.MEMBERS)
    assert ship.members() == {JONAS}
    ship.sync()
    ship.world.enable(MARTA)
    assert ship.group(CREW, MARTA).result is Result.SUCCESS
    assert ship.members() == {JONAS, MARTA, YUKO}


def test_somebody_who_left_the_group_is_removed_when_named_and_nobody_else_is(ship: Ship) -> None:
    ship.sync()
    for name in (JONAS, YUKO):
        ship.world.remove_member(name, CREW)
    done = ship.group(CREW, JONAS)
    assert changed(done.records) == [("members", ("Jonas Weber",), None)]
    assert said(done, StageName.MEMBERS) == "Jonas Weber was removed"
    assert done.explanation.next.action is NextAction.UPDATE
    assert ship.members() == {MARTA, YUKO}
    with pytest.raises(ConfigurationError, match="no direct member"):
        ship.group(CREW, JONAS)
    ship.sync()
    assert ship.members() == {MARTA}


def test_somebody_disabled_on_demand_leaves_the_group_at_once(ship: Ship) -> None:
    ship.world.unassign(CREW)
    ship.configure(scope="all", scoping_filters=[])
    ship.sync()
    clause = {"attribute": "givenName", "operator": "NOT EQUALS", "value": "Jonas"}
    ship.configure(scoping_filters=[{"name": "Not Jonas", "clauses": [clause]}])
    done = ship.on_demand(CREW, JONAS + HOUSE)
    assert done.people[0].record.action is ActionKind.DISABLE
    assert done.group is not None
    assert said(done.group, StageName.MEMBERS) == "Jonas Weber was removed"
    assert ship.members() == {MARTA, YUKO}


def test_members_removed_by_hand_come_back_when_chosen(ship: Ship) -> None:
    ship.sync()
    (key,) = ship.at_target()
    ship.world.scim.members[key].clear()
    assert ship.group(CREW, JONAS).result is Result.SUCCESS
    assert ship.members() == {JONAS}


def test_groups_among_the_members_are_left_aside_with_a_word(ship: Ship) -> None:
    ship.world.add_group("Inner")
    ship.world.directory.join(ship.known(), ship.known("Inner").id, "group")
    done = ship.group(CREW)
    assert "1 group among the members is left aside" in said(done, StageName.IMPORT)
    assert ship.members() == {JONAS, MARTA, YUKO}


def test_a_group_without_members_is_made(ship: Ship) -> None:
    ship.world.add_group("Empty", assigned=True)
    done = ship.group("Empty")
    assert done.result is Result.SUCCESS
    assert "no direct members" in said(done, StageName.MEMBERS)
    assert ship.members("Empty") == set()


def test_a_renamed_group_is_renamed(ship: Ship) -> None:
    ship.sync()
    ship.world.rename_group(CREW, "Gang")
    done = ship.group("Gang")
    assert changed(done.records) == [("displayName", CREW, "Gang")]
    assert ship.at_target() == []
    assert ship.members("Gang") == {JONAS, MARTA, YUKO}
    assert ship.cycle() == []


def test_what_was_edited_by_hand_is_put_right_at_once(ship: Ship) -> None:
    ship.sync()
    (key,) = ship.at_target()
    ship.world.scim.of(GROUP_KIND)[key]["displayName"] = "By hand"
    assert ship.cycle() == []
    done = ship.group(CREW)
    assert done.record is not None
    assert done.record.action is ActionKind.UPDATE
    assert ship.at_target() == [key]


def test_a_group_deleted_by_hand_is_made_again(ship: Ship) -> None:
    ship.sync()
    ship.world.scim.delete(GROUP_KIND, ship.at_target()[0])
    done = ship.group(CREW)
    assert [one.action for one in done.records] == [ActionKind.CREATE, ActionKind.UPDATE]
    assert "which is gone" in said(done, StageName.MATCH)
    assert "displayName Crew: 0 groups" in said(done, StageName.MATCH)
    assert ship.members() == {JONAS, MARTA, YUKO}
    assert ship.cycle() == []


def test_a_target_that_lists_no_group_at_all_is_not_believed(ship: Ship) -> None:
    ship.sync()
    for key in list(ship.world.scim.of(GROUP_KIND)):
        ship.world.scim.delete(GROUP_KIND, key)
    with pytest.raises(BrokenContract):
        ship.group(CREW)


def test_create_switched_off(ship: Ship) -> None:
    ship.groups("update")
    done = ship.group(CREW)
    assert (done.result, done.explanation.reason) == (Result.SKIPPED, Reason.ACTION_SWITCHED_OFF)
    assert "is not at the target" in str(done.explanation.answer)
    assert ship.at_target() == []


def test_update_switched_off(ship: Ship) -> None:
    ship.groups("create")
    done = ship.group(CREW)
    assert done.result is Result.SUCCESS
    assert "switched off" in said(done, StageName.MEMBERS)
    assert ship.members() == set()


def test_the_mapping_of_groups_switched_off(ship: Ship) -> None:
    ship.groups(enabled=False)
    done = ship.on_demand(CREW, JONAS + HOUSE)
    assert done.people[0].result is Result.SUCCESS
    group = done.group
    assert group is not None
    assert (group.result, group.record, group.records) == (Result.SKIPPED, None, ())
    assert group.explanation.reason is Reason.ACTION_SWITCHED_OFF
    assert "mapping of groups is switched off" in said(group, StageName.ACTION)
    assert stage(group, StageName.ACTION).status is Status.SKIPPED
    assert ship.log() == []
    assert ship.at_target() == []


def test_a_pilot_leaves_the_group_alone(ship: Ship) -> None:
    ship.configure(pilot=[JONAS + HOUSE])
    assert "pilot list" in said(ship.group(CREW), StageName.ACTION)
    assert ship.at_target() == []


def test_a_target_without_groups_says_so_and_provisions_members(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        goto = Practice(sandbox, tmp_path)
        done = goto.on_demand("GoToMeeting Sales")
        assert done.people
        assert done.group is not None
        assert done.group.explanation.in_scope
        assert "This target has no groups" in said(done.group, StageName.ACTION)
        assert done.group.records == ()


def test_a_failing_target_then_a_try_that_works(ship: Ship) -> None:
    ship.sail()
    create = ScimGroups.create_group

    async def failing(groups: ScimGroups, *arguments: Any) -> Any:
        ship.break_down()
        return await create(groups, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScimGroups, "create_group", failing)
        done = ship.group(CREW)
    ship.mend()
    assert done.result is Result.FAILURE
    assert done.explanation.next.action is NextAction.RETRY
    assert ship.failures() == 1
    assert ship.group(CREW).result is Result.SUCCESS
    assert ship.failures() == 0
    assert ship.members() == {JONAS, MARTA, YUKO}
    assert ship.world.scim.creates["crew"] == 1


def test_a_member_the_target_refuses_is_named_and_waits(
    ship: Ship, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship.sync()
    ship.world.remove_member(MARTA, CREW)
    ship.sync()
    ship.world.add_member(MARTA, CREW)
    change = ScimGroups.change_members

    async def failing(groups: ScimGroups, *arguments: Any) -> Any:
        ship.break_down()
        return await change(groups, *arguments)

    monkeypatch.setattr(ScimGroups, "change_members", failing)
    done = ship.group(CREW, MARTA)
    monkeypatch.undo()
    ship.mend()
    assert done.result is Result.FAILURE
    members = stage(done, StageName.MEMBERS)
    assert members.status is Status.FAILURE
    assert "Marta Lindqvist waits" in said(done, StageName.MEMBERS)
    assert stage(done, StageName.ACTION).status is Status.SKIPPED
    ship.group(CREW, JONAS)
    assert ship.failures() == 1
    ship.group(CREW, MARTA)
    assert ship.failures() == 0
    assert ship.members() == {JONAS, MARTA, YUKO}


def test_a_failure_that_was_put_right_by_hand_waits_for_nothing(
    ship: Ship, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship.sync()
    (key,) = ship.at_target()
    held = dict(ship.world.scim.members[key])
    ship.world.scim.members[key].clear()

    async def refused(*_: object) -> EntryError:
        return EntryError("InternalError", Text("No"))

    monkeypatch.setattr(ScimGroups, "change_members", refused)
    assert ship.group(CREW).result is Result.FAILURE
    ship.world.scim.members[key].update(held)
    done = ship.group(CREW)
    assert (done.result, done.explanation.code) == (Result.SKIPPED, "RedundantExport")
    assert ship.failures() == 0


def test_killed_between_the_group_and_its_members_the_next_cycle_repairs_it(
    ship: Ship, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(ScimGroups, "change_members", killed)
    with pytest.raises(Killed):
        ship.group(CREW)
    monkeypatch.undo()
    assert ship.members() == set()
    ship.sync()
    assert ship.members() == {JONAS, MARTA, YUKO}
    assert ship.world.scim.creates["crew"] == 1
    assert ship.cycle() == []


def test_killed_before_the_answer_was_kept_nothing_comes_twice(
    ship: Ship, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = ScimGroups.create_group

    async def killed(groups: ScimGroups, *arguments: Any) -> None:
        await create(groups, *arguments)
        raise Killed

    monkeypatch.setattr(ScimGroups, "create_group", killed)
    with pytest.raises(Killed):
        ship.group(CREW)
    monkeypatch.undo()
    ship.group(CREW)
    assert ship.members() == {JONAS, MARTA, YUKO}
    assert ship.world.scim.creates["crew"] == 1


def test_a_group_that_lost_its_assignment_is_left_to_the_next_cycle(ship: Ship) -> None:
    ship.sync()
    before = ship.members()
    ship.world.unassign(CREW)
    done = ship.group(CREW)
    assert (done.result, done.explanation.reason) == (Result.SKIPPED, Reason.GROUP_UNASSIGNED)
    assert "Left to the next cycle" in said(done, StageName.ACTION)
    assert "still at the target, although it is not assigned" in str(done.explanation.answer)
    assert "leaves the group at the target as it is" in str(done.explanation.next.message)
    assert (ship.log()[0].status, ship.log()[0].initiator) == (Status.SKIPPED, Initiator.USER)
    assert ship.members() >= before
    (left,) = ship.cycle()
    assert left.reason is Reason.GROUP_UNASSIGNED
    again = ship.group(CREW)
    assert again.explanation.next.action is NextAction.NONE
    assert "comes into scope" in str(again.explanation.next.message)


@pytest.mark.parametrize("how", ["unassign", "delete"])
def test_a_group_that_is_to_be_deleted_is_left_to_the_next_cycle(ship: Ship, how: str) -> None:
    ship.groups("create", "update", "delete")
    ship.world.add_group("Empty", assigned=True)
    ship.sync()
    if how == "delete":
        ship.world.delete_group("Empty")
    else:
        ship.world.unassign("Empty")
    done = ship.group("Empty")
    assert done.explanation.next.action is NextAction.DELETE
    assert "Left to the next cycle, which does this: Group deleted" in said(done, StageName.ACTION)
    assert len(ship.at_target("Empty")) == 1
    ship.sync()
    assert ship.at_target("Empty") == []


def test_a_group_that_only_the_target_still_has_has_no_members_to_name(ship: Ship) -> None:
    ship.sync()
    ship.world.delete_group(CREW)
    done = ship.on_demand(CREW)
    assert done.people == ()
    assert done.group is not None
    assert done.group.explanation.reason is Reason.DELETED_IN_SOURCE
    assert stage(done.group, StageName.IMPORT).status is Status.SKIPPED
    with pytest.raises(ConfigurationError, match="no group called"):
        ship.group(CREW, JONAS)


@pytest.mark.parametrize("answer", ["none", "release", "keep"])
def test_a_held_deletion_stays_held_whatever_was_answered(ship: Ship, answer: str) -> None:
    ship.groups("create", "update", "delete")
    ship.configure(safety={"max_removals": 0})
    ship.world.add_group("Empty", assigned=True)
    ship.sync()
    ship.world.unassign("Empty")
    assert ship.sync().summary.held_because == "max_removals"
    if answer == "release":
        ship.program.release("practice")
    if answer == "keep":
        ship.program.keep("practice")
    done = ship.group("Empty")
    ahead = {
        "none": NextAction.DECISION,
        "release": NextAction.DELETE,
        "keep": NextAction.NONE,
    }
    assert done.explanation.next.action is ahead[answer]
    codes = {"none": "StagedDelete", "release": "EntrySynchronizationSkipped", "keep": "Kept"}
    assert done.explanation.code == codes[answer]
    assert len(ship.at_target("Empty")) == 1
    store = open_store(ship.program.state_file("practice"))
    assert len(list(store.held())) == (answer == "none")
    store.close()
    ship.sync()
    assert ship.at_target("Empty") == ([] if answer == "release" else ship.at_target("Empty"))


def test_other_groups_are_left_exactly_as_they_are(ship: Ship) -> None:
    ship.sync()
    for name in ("GoToMeeting Sales", "GoToMeeting Engineering"):
        ship.world.rename_group(name, f"{name} 2")
    ship.group(CREW)
    assert ship.at_target("GoToMeeting Sales")
    assert {one.source.name for one in ship.cycle()} == {
        "GoToMeeting Sales 2",
        "GoToMeeting Engineering 2",
    }


def test_a_hidden_name_is_said_nowhere(ship: Ship) -> None:
    """Made, as it should be, renamed, one of two, let go, deleted: the mapping hides the name."""
    hidden = {
        "target": "displayName",
        "type": "expression",
        "expression": "Redact([displayName])",
        "match": 1,
    }
    ship.groups("create", "update", attributes=[hidden])
    ship.world.rename_group(CREW, "Hush")
    done = [ship.group("Hush", JONAS), ship.group("Hush", JONAS)]
    ship.world.rename_group("Hush", "Hushed")
    done.append(ship.group("Hushed"))
    ship.world.add_group("HUSH TWO", assigned=True)
    ship.world.add_group("Hush Two", assigned=True)
    done.append(ship.group(ship.known("Hush Two").id))
    ship.world.unassign("Hushed")
    done.append(ship.group("Hushed"))
    ship.groups("create", "update", "delete", attributes=[hidden])
    done.append(ship.group("Hushed"))
    assert {one.result for one in done} == {Result.SUCCESS, Result.SKIPPED, Result.FAILURE}
    assert [one for one in done if "hush" in repr(one).lower()] == []
    assert all("[Redact]" in repr(one.explanation) for one in done)
