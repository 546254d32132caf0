"""Histories that once went wrong, or would have: what happened, then what must be true after."""

from datetime import timedelta
from pathlib import Path

import pytest
from company import DOMAIN, FINANCE, events, open_company
from practice import Practice, practice

from app.domain.activity import ActionKind, CycleKind, CycleOutcome, Status


def lose_next_answer(world: Practice) -> None:
    """The next change in GoTo is carried out, then the network breaks before its answer."""
    world.world.set_fault("break_after_writes", 1)


def test_a_lost_creation_belongs_to_the_person_also_under_a_new_address(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora = one.hire("Nora")
        old = nora.text("mail")
        lose_next_answer(one)
        assert one.sync().summary.outcome is CycleOutcome.FAILED
        one.mend()
        one.world.marry(nora.id, "Newname")
        assert one.sync().summary.outcome is CycleOutcome.SUCCEEDED
        assert not one.seated(old)
        one.assert_right()


def test_a_lost_creation_of_somebody_who_left_is_suspended(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora = one.hire("Nora")
        lose_next_answer(one)
        one.sync()
        one.mend()
        one.world.leave(nora.id)
        done = one.sync()
        assert [record.action for record in done.of("Nora Crashtest")] == [ActionKind.DISABLE]
        assert not one.seated(nora.text("mail"))
        one.assert_right()


def test_a_lost_creation_is_found_again_under_its_address(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora = one.hire("Nora")
        lose_next_answer(one)
        one.sync()
        one.mend()
        done = one.sync()
        assert [record.action for record in done.of("Nora Crashtest")] == [ActionKind.CREATE]
        assert one.seated(nora.text("mail"))
        assert one.sandbox.creates[nora.text("mail")] == 1
        one.assert_right()


def test_a_lost_creation_outside_the_pilot_list_is_not_forgotten(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora, otto = one.hire("Nora"), one.hire("Otto")
        one.world.set_fault("break_after_writes", 1)
        one.sync()
        one.mend()
        assert one.account(nora.text("mail"))
        assert one.account(otto.text("mail"))
        one.configure(pilot=[next(one.world.entitled())[0].text("userPrincipalName")])
        one.world.leave(nora.id)
        for _ in range(2):
            one.sync()
        assert one.sync().records == []
        assert one.seated(nora.text("mail"))
        one.configure(pilot=None)
        done = one.sync()
        assert [record.action for record in done.of("Nora Crashtest")] == [ActionKind.DISABLE]
        assert [record.action for record in done.of("Otto Crashtest")] == [ActionKind.CREATE]
        assert not one.seated(nora.text("mail"))
        one.assert_right()


def test_a_lost_creation_is_not_forgotten_while_nobody_is_disabled(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora = one.hire("Nora")
        lose_next_answer(one)
        one.sync()
        one.mend()
        one.world.leave(nora.id)
        one.configure(mappings__users={"actions": ["create", "update"]})
        for _ in range(2):
            one.sync()
        assert one.seated(nora.text("mail"))
        one.configure(mappings__users={"actions": ["create", "update", "disable"]})
        one.sync()
        assert not one.seated(nora.text("mail"))
        one.assert_right()


def test_a_lost_creation_is_not_forgotten_over_a_shared_address(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora = one.hire("Nora")
        lose_next_answer(one)
        one.sync()
        one.mend()
        otto = one.hire("Otto")
        own = otto.text("mail")
        one.world.set_attribute(otto.id, "mail", nora.text("mail"))
        assert one.sync().codes()["DuplicateSourceEntries"] == 2
        one.world.set_attribute(otto.id, "mail", own)
        one.world.leave(nora.id)
        one.sync()
        assert not one.seated(nora.text("mail"))
        one.assert_right()


def test_a_lost_creation_passes_to_somebody_else_with_that_address(tmp_path: Path) -> None:
    with open_company(tmp_path) as one:
        nora = one.join("Nora")
        one.world.set_fault("break_after_writes", 1)
        one.sync()
        one.mend()
        otto = one.join("Otto", mail=nora.text("mail"))
        assert one.sync().codes()["DuplicateSourceEntries"] == 2
        one.world.move_group(nora.id, FINANCE)
        done = one.sync()
        assert done.summary.counts.disabled == 0
        assert events(done, otto) == ["update success matched"]
        assert one.has(otto)
        assert one.account_of(otto).first_name == "Otto"
        assert one.sync().records == []
        one.world.leave(otto.id)
        one.sync()
        assert not one.has(otto)


def test_a_lost_creation_goes_with_its_person_when_somebody_takes_the_old_address(
    tmp_path: Path,
) -> None:
    with open_company(tmp_path) as one:
        nora = one.join("Nora")
        one.world.set_fault("break_after_writes", 1)
        one.sync()
        one.mend()
        old = nora.text("mail")
        made = one.account_of(nora)
        one.world.marry(nora.id, "Newname")
        otto = one.join("Otto", mail=old)
        one.sync()
        assert one.account_of(nora) is made
        assert one.account_of(otto).first_name == "Otto"
        assert one.has(nora)
        assert one.has(otto)
        assert one.sync().records == []


def test_an_account_with_a_new_hires_address_by_hand_stays_its_persons(tmp_path: Path) -> None:
    with open_company(tmp_path) as one:
        nora = one.join("Nora")
        one.sync()
        theirs = one.account_of(nora)
        one.world.goto.set_email(theirs, f"otto.crashtest@{DOMAIN}")
        otto = one.join("Otto")
        for _ in range(2):
            done = one.sync()
            assert events(done, otto) in (["create failure EntryConflict"], [])
            assert theirs.first_name == "Nora"
            assert theirs.licences
        one.sync(initial=True)
        assert one.account_of(nora) is theirs
        assert one.has(nora)
        assert one.has(otto)
        assert one.account_of(otto).first_name == "Otto"
        assert one.sync().records == []


def test_a_lost_suspension_of_somebody_who_came_back_is_undone(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora = one.hire("Nora")
        one.sync()
        one.world.disable(nora.id)
        lose_next_answer(one)
        one.sync()
        one.mend()
        assert not one.seated(nora.text("mail"))
        one.world.enable(nora.id)
        one.sync()
        one.assert_right()


def test_somebody_hired_again_under_the_same_address_takes_the_account_over(
    tmp_path: Path,
) -> None:
    with practice(tmp_path) as one:
        nora = one.hire("Nora")
        address = nora.text("mail")
        one.sync()
        one.world.leave(nora.id)
        one.sync()
        one.world.purge(nora.id)
        one.sync()
        again = one.hire("Norah")
        one.world.set_attribute(again.id, "mail", address)
        done = one.sync()
        assert done.summary.counts.failed == 0
        assert one.seated(address)
        one.assert_right()
        assert one.sync().records == []


@pytest.mark.parametrize("why", ["two of them", "no licence", "goto refuses"])
def test_who_cannot_take_an_account_over_leaves_nobody_with_a_seat(
    tmp_path: Path, why: str
) -> None:
    with practice(tmp_path) as one:
        if why == "no licence":
            (role, *_) = one.world.directory.application.roles
            one.configure(target__licences={role.name: ["G2M"]})
        nora = one.hire("Nora")
        address = nora.text("mail")
        one.sync()
        heirs = [one.hire(name) for name in ("Otto", "Pia")[: 1 + (why == "two of them")]]
        for heir in heirs:
            one.world.set_attribute(heir.id, "mail", address)
            if why == "no licence":
                one.world.unassign(heir.id)
                one.world.move_group(heir.id, "Customer Success")
        if why == "goto refuses":
            one.world.set_fault("updates_refused", value=True)
        one.world.disable(nora.id)
        one.sync()
        assert one.seated(address) is (why == "goto refuses")
        one.world.set_fault("updates_refused", value=False)
        for heir in heirs:
            one.world.leave(heir.id)
        one.sync()
        assert not one.seated(address)
        assert one.sync().records == []


def test_an_heir_gets_the_seats_of_their_own_role_and_no_admin_role(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.configure(target__licences={"*": ["G2M"], "G2W": ["G2W", "G2M"]})
        nora = one.hire("Nora")
        address = nora.text("mail")
        one.world.assign(nora.id, "G2W")
        one.sync()
        user = one.account(address)
        assert user is not None
        user.roles = ("ROLE_MANAGE_USERS",)
        one.world.disable(nora.id)
        heir = one.hire("Otto")
        one.world.move_group(heir.id, "GoToMeeting Sales")
        one.world.set_attribute(heir.id, "mail", address)
        done = one.sync()
        assert done.summary.counts.disabled == 0
        assert (user.first_name, one.world.goto.products(user), user.roles) == ("Otto", ["G2M"], ())
        assert one.sync().records == []


def test_an_heir_does_not_save_a_leaver_whose_address_was_edited_by_hand(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora = one.hire("Nora")
        address = nora.text("mail")
        one.sync()
        user = one.account(address)
        assert user is not None
        one.world.goto.set_email(user, "nora.private@haldenroux.example")
        one.world.disable(nora.id)
        heir = one.hire("Otto")
        one.world.set_attribute(heir.id, "mail", address)
        one.sync()
        assert user.suspended
        assert one.seated(address)
        assert one.sync().records == []


def test_whoever_is_outside_the_pilot_list_gives_way_to_nobody(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora = one.hire("Nora")
        address = nora.text("mail")
        one.sync()
        otto = one.hire("Otto")
        one.world.set_attribute(otto.id, "mail", address)
        one.configure(pilot=[otto.text("userPrincipalName")])
        done = one.sync()
        assert done.codes()["DuplicateSourceEntries"] == 1
        user = one.account(address)
        assert user is not None
        assert user.first_name == "Nora"


def test_a_leaver_whose_heir_is_refused_meets_the_brake(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.configure(safety__max_removals=0)
        nora, ada = one.hire("Nora"), one.hire("Ada")
        address = nora.text("mail")
        one.sync()
        one.world.disable(nora.id)
        heir = one.hire("Otto")
        one.world.set_attribute(heir.id, "mail", address)
        one.world.rename(ada.id, given="Adah")
        one.world.set_fault("put_without_body", value=True)
        one.world.set_fault("updates_refused", value=True)
        one.sync()
        one.world.set_fault("updates_refused", value=False)
        one.world.leave(heir.id)
        for _ in range(2):
            assert one.sync().summary.outcome is CycleOutcome.HELD
        assert one.seated(address)


def test_left_and_hired_again_between_two_cycles(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora = one.hire("Nora")
        address = nora.text("mail")
        one.sync()
        one.world.leave(nora.id)
        again = one.hire("Norah")
        one.world.set_attribute(again.id, "mail", address)
        done = one.sync()
        assert done.summary.counts.failed == 0
        assert done.summary.counts.disabled == 0
        assert one.seated(address)
        one.assert_right()
        assert one.sync().records == []


def test_an_address_edited_by_hand_in_goto_does_not_save_a_leaver(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora = one.hire("Nora")
        one.sync()
        user = one.account(nora.text("mail"))
        assert user is not None
        one.world.goto.set_email(user, "nora.private@haldenroux.example")
        one.world.leave(nora.id)
        done = one.sync()
        assert done.summary.counts.disabled == 1
        assert not user.licences


def test_a_new_address_that_goto_does_not_keep_makes_no_second_account(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora = one.hire("Nora")
        one.sync()
        one.world.set_attribute(nora.id, "mail", "nora.x@haldenroux.example")
        one.world.set_fault("writes_unkept", 1)
        one.sync()
        one.sync()
        assert one.account("nora.crashtest@haldenroux.example") is None
        one.assert_right()


def test_a_seat_that_goto_does_not_keep_is_given_again(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora = one.hire("Nora")
        one.world.set_fault("writes_unkept", 1)
        done = one.sync()
        records = done.of("Nora Crashtest") + done.of(nora.text("mail"))
        assert Status.WARNING in {record.status for record in records}
        one.assert_right()


@pytest.mark.parametrize("leaves", [False, True])
def test_a_seat_that_goto_does_not_give_up_is_taken_again(tmp_path: Path, *, leaves: bool) -> None:
    with practice(tmp_path) as one:
        one.configure(
            target__licences={"*": ["G2M"], "G2W": ["G2W", "G2M"]},
            target__disable="remove_managed",
        )
        nora = one.hire("Nora")
        one.world.assign(nora.id, "G2W")
        one.sync()
        user = one.account(nora.text("mail"))
        assert user is not None
        assert set(one.world.goto.products(user)) == {"G2M", "G2W"}
        webinars = user.licences
        one.world.unassign(nora.id)
        if leaves:
            one.configure(target__licences={"*": ["G2M"]})
            one.world.disable(nora.id)
        one.world.set_fault("writes_unkept", 1)
        one.sync()
        one.sync()
        assert set(one.world.goto.products(user)) == (set() if leaves else {"G2M"})
        assert one.sync().records == []
        one.world.goto.set_licences(user, (*user.licences, *webinars))
        one.world.rename(nora.id, surname="Newname")
        one.sync(initial=True)
        assert "G2W" in one.world.goto.products(user), "a seat given by hand stays"


def test_whoever_is_written_twice_in_a_cycle_is_one_of_those_who_changed(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        everybody = one.sync().summary.counts
        one.hire("Nora")
        one.world.set_fault("writes_unkept", 1)
        counts = one.sync().summary.counts
        assert (counts.created, counts.updated) == (1, 1)
        assert counts.unchanged == everybody.created + everybody.linked + everybody.updated


def test_what_was_not_seen_before_the_end_is_seen_in_the_next_cycle(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora = one.hire("Nora")
        one.world.set_fault("writes_unkept", 1)
        one.world.set_fault("break_after_writes", 1)
        assert one.sync().summary.outcome is CycleOutcome.FAILED
        one.mend()
        one.sync()
        assert one.seated(nora.text("mail"))
        one.assert_right()


def test_a_change_that_landed_behind_a_5xx_is_looked_at_again(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora = one.hire("Nora")
        one.sync()
        one.world.disable(nora.id)
        one.world.set_fault("writes_answered_502", 40)
        assert one.sync().summary.counts.failed == 1
        one.world.set_fault("writes_answered_502", 0)
        assert not one.seated(nora.text("mail"))
        one.world.enable(nora.id)
        one.sync()
        one.assert_right()


def test_an_account_whose_take_over_was_in_doubt_is_suspended_when_its_person_leaves(
    tmp_path: Path,
) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora = one.hire("Nora")
        one.world.add_account(nora.text("mail"), "Eleanor", "Crashtest")
        one.world.set_fault("writes_answered_502", 40)
        assert one.sync().summary.counts.failed == 1
        one.world.set_fault("writes_answered_502", 0)
        one.world.leave(nora.id)
        one.sync()
        assert not one.seated(nora.text("mail"))
        assert one.sync().records == []


def test_a_leaver_whose_account_was_deleted_by_hand_is_done_with(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora = one.hire("Nora")
        one.sync()
        one.world.delete_account(nora.text("mail"))
        one.world.leave(nora.id)
        done = one.sync()
        assert done.summary.counts.failed == 0
        assert {record.status for record in done.of("Nora Crashtest")} == {Status.WARNING}
        assert one.sync().records == []


def test_two_people_exchange_their_addresses(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora, otto = one.hire("Nora"), one.hire("Otto")
        one.sync()
        first, second = nora.text("mail"), otto.text("mail")
        accounts = [one.account(first), one.account(second)]
        one.world.set_attribute(nora.id, "mail", second)
        one.world.set_attribute(otto.id, "mail", first)
        done = one.sync()
        assert done.summary.counts.failed == 0
        assert [one.account(second), one.account(first)] == accounts
        one.assert_right()
        assert one.sync().records == []


def test_addresses_move_along_a_chain_and_the_last_goes_to_a_new_hire(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora, otto = one.hire("Nora"), one.hire("Otto")
        one.sync()
        first, second = nora.text("mail"), otto.text("mail")
        one.world.set_attribute(otto.id, "mail", "otto.x@haldenroux.example")
        one.world.set_attribute(nora.id, "mail", second)
        pia = one.hire("Pia")
        one.world.set_attribute(pia.id, "mail", first)
        done = one.sync()
        assert done.summary.counts.failed == 0
        assert done.summary.counts.created == 1
        one.assert_right()
        assert one.sync().records == []


def test_a_role_without_a_licence_takes_no_seat_away(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        roles = one.world.directory.application.roles
        one.configure(
            target__licences={role.value: ["G2M"] for role in roles}, safety__max_removals=2
        )
        one.sync()
        before = one.seats()
        one.configure(target__licences={"Nobody": ["G2M"]})
        done = one.sync()
        assert one.seats() == before
        assert done.summary.counts.failed > 2
        failed = [record.code for record in done.records if record.status is Status.FAILURE]
        assert "MissingValues" in failed


@pytest.mark.parametrize("kept_first", [True, False])
def test_release_lets_held_and_kept_removals_through_at_once(
    tmp_path: Path, *, kept_first: bool
) -> None:
    with practice(tmp_path) as one:
        one.configure(safety__max_removals=2)
        one.sync()
        one.world.unassign("GoToMeeting Engineering")
        held = one.sync()
        assert held.summary.outcome is CycleOutcome.HELD
        number = held.codes()["StagedDelete"]
        if kept_first:
            assert one.program.keep("practice") == number
            assert one.sync().summary.outcome is CycleOutcome.SUCCEEDED
        assert one.program.release("practice") == number
        done = one.sync()
        assert done.summary.outcome is CycleOutcome.SUCCEEDED
        assert done.summary.counts.disabled == number
        one.assert_right()


def test_a_held_removal_stays_held_although_its_creation_was_not_seen_yet(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.configure(safety__max_removals=1)
        one.sync()
        hires = [one.hire(name) for name in ("Nora", "Otto")]
        one.sync_until(1)
        for person in hires:
            one.world.disable(person.id)
        done = one.sync()
        assert (done.summary.outcome, done.summary.counts.disabled) == (CycleOutcome.HELD, 0)
        assert all(one.seated(person.text("mail")) for person in hires)


def test_a_changed_profile_looks_at_everybody_again(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        pilot = next(one.world.entitled())[0].text("userPrincipalName")
        one.configure(pilot=[pilot])
        assert one.sync().summary.counts.created <= 1
        one.configure(pilot=None)
        done = one.sync()
        assert done.summary.kind is CycleKind.INITIAL
        one.assert_right()
        one.configure(interval_minutes=30, notification__email=["ops@example.com"])
        assert one.sync().summary.kind is CycleKind.INCREMENTAL


def test_a_plan_that_was_carried_out_already_is_stale(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        one.hire("Nora")
        saved = one.plan()
        one.sync()
        done = one.sync(saved=saved)
        assert (done.summary.outcome, done.summary.held_because) == (
            CycleOutcome.HELD,
            "stale_plan",
        )


def test_a_plan_stays_valid_while_removals_wait(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.configure(safety__max_removals=2)
        one.sync()
        one.world.unassign("GoToMeeting Engineering")
        one.sync()
        nora = one.hire("Nora")
        saved = one.plan()
        assert [line["action"] for line in saved[:-1]] == ["create"]
        done = one.sync(saved=saved)
        assert done.summary.outcome is CycleOutcome.HELD
        assert one.seated(nora.text("mail"))


def test_purged_while_delete_is_on_deletes_the_account(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.configure(mappings__users={"actions": ["create", "update", "disable", "delete"]})
        nora, otto = one.hire("Nora"), one.hire("Otto")
        one.sync()
        one.world.leave(nora.id)
        one.world.move_group(otto.id, "Finance")
        one.sync()
        assert one.account(nora.text("mail")) is not None
        one.world.purge(nora.id)
        one.world.leave(otto.id)
        one.world.purge(otto.id)
        done = one.sync()
        assert done.summary.counts.deleted == 1
        assert one.account(nora.text("mail")) is None
        assert one.account(otto.text("mail")) is not None
        assert one.sync().records == []


def test_the_default_domain_is_asked_for_where_a_mapping_uses_it(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        expression = 'Join("@", [mailNickname], DefaultDomain())'
        attributes = [
            {"target": "email", "type": "expression", "expression": expression, "match": 1},
            {"target": "firstName", "type": "constant", "constant": "First"},
            {"target": "lastName", "type": "constant", "constant": "Last"},
        ]
        one.configure(
            mappings__users={"attributes": attributes}, pilot=["yuko.tanaka@haldenroux.example"]
        )
        done = one.sync()
        assert done.summary.counts.failed == 0
        assert one.seated("yuko.tanaka@haldenroux.example")


def test_provision_does_not_carry_out_what_it_just_refused(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        otto = one.hire("Otto")
        one.sync()
        one.world.disable(otto.id)
        nora = one.hire("Nora")
        group = one.world.directory.groups_of(otto.id)[0]
        one.world.add_member(nora.id, group.name)
        done = one.provision(group.name, nora.id, otto.id)
        assert [str(each.result) for each in done] == ["success", "skipped"]
        assert one.seated(nora.text("mail"))
        assert one.seated(otto.text("mail"))


def test_a_delete_that_fails_once_is_tried_again(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.configure(mappings__users={"actions": ["create", "update", "disable", "delete"]})
        nora = one.hire("Nora")
        one.sync()
        one.world.leave(nora.id)
        one.world.purge(nora.id)
        one.world.set_fault("deletes_refused", value=True)
        assert one.sync().summary.counts.failed == 1
        one.world.set_fault("deletes_refused", value=False)
        one.age_escrows(timedelta(hours=6))
        assert one.sync().summary.counts.deleted == 1
        assert one.account(nora.text("mail")) is None


def test_nobody_is_renamed_who_exchanges_with_nobody(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        anna, bert = one.hire("Anna"), one.hire("Bert")
        one.sync()
        first, second = anna.text("mail"), bert.text("mail")
        one.world.add_account("taken@haldenroux.example", "Some", "Body")
        user = one.account(second)
        one.world.set_attribute(bert.id, "mail", "taken@haldenroux.example")
        one.world.set_attribute(anna.id, "mail", second)
        one.sync()
        assert user is not None
        assert user.email == second
        assert one.account(first) is not None


def test_keeping_records_longer_does_not_look_at_everybody_again(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        one.configure(history__keep_days=90)
        assert one.sync().summary.kind is CycleKind.INCREMENTAL


def test_a_home_with_signs_that_addresses_use_is_a_home(tmp_path: Path) -> None:
    with practice(tmp_path / "a b#c%41?d") as one:
        one.sync()
        assert str(one.why("yuko.tanaka@haldenroux.example").origin) == "created"
        history = one.program.history("practice")
        assert history is not None
        assert history.status().linked > 0
        history.close()
