"""`rollcall provision`: one person or a few members now, by the rules of a cycle."""

import asyncio
import time
from pathlib import Path

import pytest
from practice import Practice, practice

from app.domain.activity import ActionKind, CycleOutcome, LogQuery, Reason, Status, StepType
from app.domain.errors import BrokenContract, ConfigurationError, ProfileBusy, ServiceError
from app.domain.explanation import NextAction, Ownership, Provisioned, Result, StageName
from app.engine.stop import StopEvent
from app.host.lock import ProfileLock

ALL_STEPS = [
    StepType.IMPORT,
    StepType.SCOPING,
    StepType.MATCHING,
    StepType.PROCESSING,
    StepType.EXPORT,
]


def alone(done: list[Provisioned]) -> Provisioned:
    (one,) = done
    return one


def watermark(one: Practice) -> object:
    history = one.program.history("practice")
    assert history is not None
    try:
        return history.status().watermark_at
    finally:
        history.close()


def test_a_new_hire_gets_an_account_and_nobody_else_does(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        before = watermark(one)
        nora, otto = one.hire("Nora"), one.hire("Otto")
        started = time.monotonic()
        done = alone(one.provision(nora.text("mail")))
        assert time.monotonic() - started < 5
        assert done.result is Result.SUCCESS
        assert done.record.action is ActionKind.CREATE
        assert [step.type for step in done.record.steps] == ALL_STEPS
        assert done.explanation.origin is Ownership.CREATED
        assert "has a GoToMeeting account" in str(done.explanation.answer)
        assert one.seated(nora.text("mail"))
        assert one.account(otto.text("mail")) is None
        assert watermark(one) == before
        cycle = one.sync()
        assert {record.source.name for record in cycle.records} == {"Otto Crashtest"}
        one.assert_right()


def test_before_the_first_cycle_and_while_provisioning_is_off(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.configure(enabled=False)
        done = alone(one.provision("Jonas"))
        assert (done.record.action, done.record.status) == (ActionKind.UPDATE, Status.SUCCESS)
        assert done.explanation.origin is Ownership.TAKEN_OVER
        cycle = one.sync()
        assert cycle.of("Jonas Weber") == []
        one.assert_right()


def test_nothing_to_change_is_redundant_and_in_the_log(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        done = alone(one.provision("marta.lindqvist@haldenroux.example"))
        assert (done.result, done.record.code) == (Result.SKIPPED, "RedundantExport")
        history = one.program.history("practice")
        assert history is not None
        newest = next(history.log(LogQuery(limit=1)))
        assert (newest.code, newest.source.name) == ("RedundantExport", "Marta Lindqvist")
        history.close()


def test_what_was_edited_by_hand_is_put_right_at_once(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora = one.hire("Nora")
        one.sync()
        one.world.edit_account(nora.text("mail"), first_name="Honora")
        assert one.sync().records == []
        done = alone(one.provision("Nora Crashtest"))
        assert done.record.action is ActionKind.UPDATE
        user = one.account(nora.text("mail"))
        assert user is not None
        assert user.first_name == "Nora"


def test_somebody_unassigned_is_disabled_at_once(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.configure(safety__max_removals=0)
        nora = one.hire("Nora")
        one.sync()
        one.world.move_group(nora.id, "Finance")
        done = alone(one.provision(nora.id))
        assert (done.result, done.record.action) == (Result.SUCCESS, ActionKind.DISABLE)
        assert not one.seated(nora.text("mail"))
        assert one.sync().records == []


@pytest.mark.parametrize("released", [False, True])
def test_a_held_removal_stays_held_unless_it_was_released(
    tmp_path: Path, *, released: bool
) -> None:
    with practice(tmp_path) as one:
        one.configure(safety__max_removals=0)
        nora = one.hire("Nora")
        one.sync()
        one.world.move_group(nora.id, "Finance")
        assert one.sync().summary.outcome is CycleOutcome.HELD
        if released:
            one.program.release("practice")
        done = alone(one.provision(nora.id))
        assert one.seated(nora.text("mail")) is not released
        if not released:
            assert (done.result, done.record.code) == (Result.SKIPPED, "StagedDelete")
            assert done.explanation.next.action is NextAction.DECISION
            assert one.sync().summary.outcome is CycleOutcome.HELD


@pytest.mark.parametrize("how", ["disable", "delete"])
def test_people_disabled_or_deleted_in_entra_are_left_to_the_cycle(
    tmp_path: Path, how: str
) -> None:
    with practice(tmp_path) as one:
        nora = one.hire("Nora")
        one.sync()
        one.world.leave(nora.id, how)
        done = alone(one.provision(nora.id))
        assert (done.result, done.record.action) == (Result.SKIPPED, ActionKind.DISABLE)
        assert "next cycle" in str(done.record.message)
        assert done.explanation.next.action is NextAction.DISABLE
        assert one.seated(nora.text("mail"))
        assert one.sync().summary.counts.disabled == 1


def test_two_people_with_one_address_are_seen_as_in_a_cycle(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora, otto = one.hire("Nora"), one.hire("Otto")
        one.world.share_address(nora.id, otto.id)
        done = alone(one.provision(nora.id))
        assert (done.result, done.record.code) == (Result.FAILURE, "DuplicateSourceEntries")
        assert done.record.steps[-1].type is StepType.MATCHING
        assert one.account(nora.text("mail")) is None
        assert done.explanation.next.action is NextAction.RETRY


def test_no_free_seat_fails_and_waits_for_its_retry(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        one.world.set_seats(0)
        nora = one.hire("Nora")
        done = alone(one.provision(nora.id))
        assert (done.result, done.record.code) == (Result.FAILURE, "LicenseLimitExceeded")
        assert done.record.steps[-1].type is StepType.EXPORT
        action = done.explanation.stages[-1]
        assert (action.name, action.status) == (StageName.ACTION, Status.FAILURE)
        assert "email" in " ".join(str(line.text) for line in action.evidence)
        assert done.explanation.next.action is NextAction.RETRY


def test_a_lost_answer_is_looked_up_on_demand(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora = one.hire("Nora")
        one.world.set_fault("break_after_writes", 1)
        with pytest.raises(ServiceError):
            one.provision(nora.id)
        one.mend()
        done = alone(one.provision(nora.id))
        assert done.record.action is ActionKind.CREATE
        assert one.sandbox.creates[nora.text("mail")] == 1
        one.assert_right()


def test_a_seat_that_goto_does_not_keep_is_given_again(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora = one.hire("Nora")
        one.world.set_fault("writes_unkept", 1)
        done = alone(one.provision(nora.id))
        assert done.record.status is Status.WARNING
        assert one.seated(nora.text("mail"))


def test_a_group_means_its_first_five_members(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        done = one.provision("goTomeeting engineering")
        names = [one.explanation.person.name for one in done]
        assert len(names) == 5
        assert names == sorted(names, key=str.casefold)
        assert len(one.seats()) == 5 - sum(
            one.explanation.reason is Reason.DISABLED_IN_SOURCE for one in done
        ) + len({"marta.lindqvist@haldenroux.example", "jonas.weber@haldenroux.example"})


def test_chosen_members_and_nobody_else(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        done = one.provision("GoToMeeting Engineering", "wei.li@haldenroux.example", "Дмитрий")
        assert [one.record.action for one in done] == [ActionKind.CREATE, ActionKind.CREATE]
        assert one.account("yuko.tanaka@haldenroux.example") is None


@pytest.mark.parametrize(
    ("name", "members", "says"),
    [
        ("GoToMeeting Sales", ["a", "b", "c", "d", "e", "f"], "up to 5"),
        ("GoToMeeting Sales", ["wei.li@haldenroux.example"], "no direct member"),
        ("wei.li@haldenroux.example", ["jonas.weber@haldenroux.example"], "no group"),
        ("Virtanen", [], "2 people are called"),
        ("nobody@haldenroux.example", [], "Nobody called"),
        ("Nobody Here", [], "Nobody is a direct member"),
    ],
)
def test_whom_cannot_be_meant(tmp_path: Path, name: str, members: list[str], says: str) -> None:
    with practice(tmp_path) as one:
        one.world.add_group("Nobody Here")
        before = one.seats()
        with pytest.raises(ConfigurationError) as caught:
            one.provision(name, *members)
        assert says in str(caught.value.text)
        assert one.seats() == before


def test_one_run_at_a_time(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        lock = one.program.state_file("practice").with_name("lock")
        with ProfileLock(lock, "practice"), pytest.raises(ProfileBusy):
            one.provision("Jonas")


def test_a_source_that_looks_empty_changes_nobody_and_stays_suspicious(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        before = one.seats()
        one.world.directory.grants.clear()
        with pytest.raises(BrokenContract):
            one.provision("Jonas")
        done = one.sync()
        assert done.summary.held_because == "source_empty"
        assert one.seats() == before


def test_a_cycle_that_fails_after_an_empty_list_leaves_it_suspicious(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        before = one.seats()
        one.world.directory.grants.clear()
        one.world.expire_credentials("target")
        assert one.sync().summary.outcome is CycleOutcome.FAILED
        one.world.renew_credentials()
        assert one.sync().summary.held_because == "source_empty"
        assert one.seats() == before


def test_removals_of_others_stay_for_the_next_cycle(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora, otto = one.hire("Nora"), one.hire("Otto")
        one.sync()
        for leaver in (nora, otto):
            one.world.move_group(leaver.id, "Finance")
        one.provision(nora.id)
        assert one.seated(otto.text("mail"))
        assert {record.source.name for record in one.sync().records} == {"Otto Crashtest"}
        one.assert_right()


def test_a_changed_profile_counts_on_demand_and_still_starts_an_initial_cycle(
    tmp_path: Path,
) -> None:
    with practice(tmp_path) as one:
        one.sync()
        one.configure(nested_groups=True)
        done = alone(one.provision("oskar.nilsen@haldenroux.example"))
        assert done.record.action is ActionKind.CREATE
        cycle = one.sync()
        assert cycle.summary.kind.value == "initial"
        assert {record.source.name for record in cycle.records if record.action.value == "create"} \
            == {"Fatima El-Sayed"}  # fmt: skip


def test_every_record_of_a_cycle_carries_its_steps(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        records = one.sync().records
        created = [record for record in records if record.action is ActionKind.CREATE]
        taken = [record for record in records if record.target.name.lower().startswith("jonas")]
        assert created
        assert taken
        for record in (*created, *taken):
            assert [step.type for step in record.steps] == ALL_STEPS
        assert "No account with the address" in str(created[0].steps[2].description)
        assert "GoTo made the account" in str(created[0].steps[4].description)
        assert "GoTo confirmed" in str(taken[0].steps[4].description)


def test_asked_to_stop_before_anything_is_sent(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        nora = one.hire("Nora")

        async def stopped() -> None:
            stop = StopEvent()
            stop.set()
            await one.program.provision("practice", nora.id, [], stop)

        with pytest.raises(Exception, match="Stopped"):
            asyncio.run(stopped())
        assert one.account(nora.text("mail")) is None
