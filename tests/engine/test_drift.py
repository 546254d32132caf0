"""Accounts changed by hand in GoTo: found by a full read, and the administrator chooses.

Each of the three choices, row by row, on the practice servers.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from company import DOMAIN, FINANCE, Company, changes, events, open_company
from cutting import Killed, Knife, kill_after

from app.domain.activity import CycleKind, CycleOutcome
from app.domain.drift import DriftChoice, DriftFound
from app.engine.stop import StopEvent
from app.sandbox.accounts import GoToAccount, User
from app.sandbox.directory import Person
from app.wiring import ProfileWorld, Silence

REPORTED = ["other warning Drift"]
REPAIRED = ["update success drift"]


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with open_company(tmp_path) as one:
        yield one


def a_day_later(company: Company) -> None:
    """As if the last full read of the accounts were long ago."""
    file = company.home / "state" / "practice" / "state.db"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE job SET value = '2000-01-01T00:00:00.000Z' "
                           "WHERE name = 'listed_at'")  # fmt: skip
    connection.close()


def found(company: Company) -> list[DriftFound]:
    """What is listed."""
    history = company.program.history("practice")
    assert history is not None
    listed = list(history.drifts())
    history.close()
    return listed


def names(company: Company) -> list[str]:
    return [f"{one.source.name} {one.drift.attribute}" for one in found(company)]


def settled(company: Company, *given: str) -> list[Person]:
    """People with their accounts, as they should be."""
    people = [company.join(name) for name in given]
    company.sync()
    return people


def seat(company: Company, user: User, *pools: int) -> None:
    company.world.goto.set_licences(user, pools or (next(iter(company.world.goto.pools)),))


# -- what counts as changed by hand, and what does not -------------------------------------------


def rename(company: Company, user: User) -> None:
    company.world.edit_account(user.email, first_name="Edited")


def suspend(company: Company, user: User) -> None:
    company.world.edit_account(user.email, suspend=True)


def readdress(company: Company, user: User) -> None:
    company.world.goto.set_email(user, f"by.hand@{DOMAIN}")


def rename_and_suspend(company: Company, user: User) -> None:
    company.world.edit_account(user.email, last_name="Edited", suspend=True)


BY_HAND = [
    (rename, {"firstName": "Nora"}),
    (suspend, {"licences": ("G2M",)}),
    (readdress, {"email": f"nora.crashtest@{DOMAIN}"}),
    (rename_and_suspend, {"lastName": "Crashtest", "licences": ("G2M",)}),
]


@pytest.mark.parametrize(("edit", "wished"), BY_HAND)
def test_what_is_changed_by_hand_is_reported_once_and_left(
    company: Company, edit: Any, wished: dict[str, Any]
) -> None:
    (nora,) = settled(company, "Nora")
    user = company.account_of(nora)
    edit(company, user)
    before = repr(user)
    assert company.sync().records == []
    a_day_later(company)
    done = company.sync()
    assert events(done, nora) == REPORTED
    assert changes(done, nora) == wished
    (record,) = done.records
    assert record.advice is not None
    assert sorted(names(company)) == sorted(f"Nora Crashtest {name}" for name in wished)
    for _ in range(2):
        a_day_later(company)
        assert company.sync().records == []
    assert repr(user) == before
    assert company.program.history("practice").status().drifted == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(("edit", "wished"), BY_HAND)
def test_what_is_changed_by_hand_is_repaired_with_the_reason_drift(
    company: Company, edit: Any, wished: dict[str, Any]
) -> None:
    company.configure(drift__otherwise="repair")
    (nora,) = settled(company, "Nora")
    user = company.account_of(nora)
    before = repr(user)
    edit(company, user)
    a_day_later(company)
    done = company.sync()
    assert events(done, nora) == REPAIRED
    assert changes(done, nora) == wished
    assert repr(user) == before
    assert names(company) == []
    a_day_later(company)
    assert company.sync().records == []


@pytest.mark.parametrize(("edit", "wished"), BY_HAND)
def test_what_is_accepted_is_written_no_more_not_even_by_an_initial_cycle(
    company: Company, edit: Any, wished: dict[str, Any]
) -> None:
    company.configure(drift__otherwise="accept")
    (nora,) = settled(company, "Nora")
    user = company.account_of(nora)
    edit(company, user)
    before = repr(user)
    a_day_later(company)
    assert company.sync().records == []
    assert sorted(names(company)) == sorted(f"Nora Crashtest {name}" for name in wished)
    assert company.sync(initial=True).records == []
    assert repr(user) == before
    assert company.program.history("practice").status().drifted == 0  # type: ignore[union-attr]


def test_an_accepted_value_is_written_once_the_source_wishes_for_another(
    company: Company,
) -> None:
    company.configure(drift__attributes={"lastName": "accept"})
    (nora,) = settled(company, "Nora")
    user = company.account_of(nora)
    company.world.edit_account(user.email, last_name="Nickname")
    a_day_later(company)
    company.sync()
    company.world.rename(nora.id, given="Norah")
    done = company.sync()
    assert changes(done, nora) == {"firstName": "Norah"}
    assert user.last_name == "Nickname"
    company.world.rename(nora.id, surname="Zimmer")
    done = company.sync()
    assert events(done, nora) == ["update success attribute_changed"]
    assert user.last_name == "Zimmer"
    assert names(company) == []


def test_the_first_look_may_be_an_initial_cycle_and_accepted_values_stay(
    company: Company,
) -> None:
    company.configure(drift__attributes={"lastName": "accept"})
    (nora,) = settled(company, "Nora")
    user = company.account_of(nora)
    company.world.edit_account(user.email, first_name="Edited", last_name="Nickname")
    done = company.sync(initial=True)
    assert events(done, nora) == REPAIRED
    assert changes(done, nora) == {"firstName": "Nora"}
    assert (user.first_name, user.last_name) == ("Nora", "Nickname")


def test_an_initial_cycle_repairs_what_is_only_reported_and_says_why(company: Company) -> None:
    (nora,) = settled(company, "Nora")
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    done = company.sync(initial=True)
    assert events(done, nora) == REPAIRED
    assert names(company) == []


def test_a_change_in_entra_is_no_drift_and_brings_the_whole_account_up_to_date(
    company: Company,
) -> None:
    (nora,) = settled(company, "Nora")
    user = company.account_of(nora)
    company.world.edit_account(user.email, first_name="Edited")
    company.world.rename(nora.id, surname="Zimmer")
    a_day_later(company)
    done = company.sync()
    assert events(done, nora) == ["update success attribute_changed"]
    assert (user.first_name, user.last_name) == ("Nora", "Zimmer")
    assert names(company) == []


def test_foreign_seats_and_admin_roles_are_no_drift(company: Company) -> None:
    (nora,) = settled(company, "Nora")
    user, goto = company.account_of(nora), company.world.goto
    seat(company, user, *goto.pools)
    user.roles = ("ADMIN",)
    before = repr(user)
    a_day_later(company)
    assert company.sync().records == []
    assert repr(user) == before
    assert names(company) == []


def test_an_attribute_that_is_written_on_creation_alone_is_no_drift(company: Company) -> None:
    company.map({"target": "firstName", "source": "givenName", "apply": "create_only"})
    (nora,) = settled(company, "Nora")
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    a_day_later(company)
    assert company.sync().records == []
    assert names(company) == []


def test_outside_the_pilot_list_nothing_is_looked_at(company: Company) -> None:
    company.configure(drift__otherwise="repair")
    nora, otto = settled(company, "Nora", "Otto")
    company.configure(pilot=[otto.text("userPrincipalName")])
    company.sync()
    for one in (nora, otto):
        company.world.edit_account(company.account_of(one).email, first_name="Edited")
    a_day_later(company)
    done = company.sync()
    assert (events(done, nora), events(done, otto)) == ([], REPAIRED)
    assert company.account_of(nora).first_name == "Edited"


def test_the_name_of_an_account_that_another_administrator_keeps_is_no_drift(
    company: Company,
) -> None:
    (nora,) = settled(company, "Nora")
    user = company.account_of(nora)
    company.world.edit_account(user.email, first_name="Edited", read_only=True)
    a_day_later(company)
    assert company.sync().records == []


def test_undone_by_hand_it_is_listed_no_more(company: Company) -> None:
    (nora,) = settled(company, "Nora")
    user = company.account_of(nora)
    company.world.edit_account(user.email, first_name="Edited")
    a_day_later(company)
    company.sync()
    company.world.edit_account(user.email, first_name="Nora")
    a_day_later(company)
    assert company.sync().records == []
    assert names(company) == []


def test_another_change_by_hand_is_told_again_and_the_first_is_not_forgotten(
    company: Company,
) -> None:
    (nora,) = settled(company, "Nora")
    user = company.account_of(nora)
    company.world.edit_account(user.email, first_name="Edited")
    a_day_later(company)
    company.sync()
    company.world.edit_account(user.email, last_name="Too")
    a_day_later(company)
    done = company.sync()
    assert changes(done, nora) == {"lastName": "Crashtest"}
    assert len(names(company)) == 2


def test_one_is_repaired_and_the_other_told_in_the_next_cycle(company: Company) -> None:
    company.configure(drift__attributes={"licences": "repair"})
    (nora,) = settled(company, "Nora")
    company.world.edit_account(company.account_of(nora).email, first_name="Edited", suspend=True)
    a_day_later(company)
    done = company.sync()
    assert (events(done, nora), changes(done, nora)) == (REPAIRED, {"licences": ("G2M",)})
    done = company.sync()
    assert (events(done, nora), changes(done, nora)) == (REPORTED, {"firstName": "Nora"})
    assert company.sync().records == []


# -- leavers -------------------------------------------------------------------------------------


def left_and_enabled_by_hand(company: Company) -> tuple[Person, User]:
    (nora,) = settled(company, "Nora")
    user = company.account_of(nora)
    company.world.move_group(nora.id, FINANCE)
    company.sync()
    assert user.suspended
    seat(company, user)
    a_day_later(company)
    return nora, user


def test_a_leaver_enabled_by_hand_is_reported(company: Company) -> None:
    nora, user = left_and_enabled_by_hand(company)
    done = company.sync()
    assert events(done, nora) == REPORTED
    assert not user.suspended
    assert company.sync(initial=True).records == []
    assert not user.suspended
    assert names(company) == ["Nora Crashtest licences"]


def test_a_leaver_enabled_by_hand_is_disabled_again(company: Company) -> None:
    company.configure(drift__attributes={"licences": "repair"})
    nora, user = left_and_enabled_by_hand(company)
    assert events(company.sync(), nora) == ["disable success drift"]
    assert user.suspended
    assert names(company) == []


def test_a_leaver_given_an_admin_role_by_hand_is_disabled_again(company: Company) -> None:
    company.configure(drift__attributes={"licences": "repair"})
    nora, user = left_and_enabled_by_hand(company)
    company.world.goto.set_licences(user, ())
    user.roles = ("ADMIN",)
    assert events(company.sync(), nora) == ["disable success drift"]
    assert user.suspended


def test_a_leaver_enabled_by_hand_who_is_accepted_stays(company: Company) -> None:
    company.configure(drift__attributes={"licences": "accept"})
    _nora, user = left_and_enabled_by_hand(company)
    assert company.sync().records == []
    assert company.sync(initial=True).records == []
    assert not user.suspended


def test_disabling_again_counts_for_the_brake_and_is_held_until_released(
    company: Company,
) -> None:
    company.configure(drift__attributes={"licences": "repair"})
    people = settled(company, "Nora", "Otto", "Pia")
    for one in people:
        company.world.move_group(one.id, FINANCE)
    company.sync()
    company.configure(safety__max_removals=2)
    users = [company.account_of(one) for one in people]
    for user in users:
        seat(company, user)
    a_day_later(company)
    done = company.sync()
    assert done.summary.outcome is CycleOutcome.HELD
    assert not any(user.suspended for user in users)
    assert company.sync().summary.outcome is CycleOutcome.HELD
    company.program.release("practice")
    assert company.sync().summary.counts.disabled == 3
    assert all(user.suspended for user in users)


# -- deleted by hand -----------------------------------------------------------------------------


def test_an_account_deleted_by_hand_is_reported_once(company: Company) -> None:
    (nora,) = settled(company, "Nora")
    company.world.delete_account(nora.text("mail"))
    a_day_later(company)
    done = company.sync()
    assert events(done, nora) == REPORTED
    assert names(company) == ["Nora Crashtest account"]
    a_day_later(company)
    assert company.sync().records == []
    assert company.account(nora.text("mail")) is None


def test_an_account_deleted_by_hand_is_made_again(company: Company) -> None:
    company.configure(drift__attributes={"account": "repair"})
    (nora,) = settled(company, "Nora")
    company.world.delete_account(nora.text("mail"))
    a_day_later(company)
    assert events(company.sync(), nora) == ["create success drift"]
    assert company.has(nora)
    a_day_later(company)
    assert company.sync().records == []
    assert names(company) == []


def test_made_again_by_hand_under_the_address_it_is_taken_over(company: Company) -> None:
    company.configure(drift__attributes={"account": "repair"})
    (nora,) = settled(company, "Nora")
    company.world.delete_account(nora.text("mail"))
    company.world.goto.by_email.pop(nora.text("mail").lower())
    company.world.add_account(nora.text("mail"), "By", "Hand")
    a_day_later(company)
    assert events(company.sync(), nora) == REPAIRED
    assert company.account_of(nora).first_name == "Nora"


def test_a_deletion_that_is_accepted_stays(company: Company) -> None:
    company.configure(drift__attributes={"account": "accept"})
    (nora,) = settled(company, "Nora")
    company.world.delete_account(nora.text("mail"))
    a_day_later(company)
    assert company.sync().records == []
    assert company.sync(initial=True).records == []
    assert company.account(nora.text("mail")) is None


def test_more_deletions_than_the_brake_allows_are_only_made_good_when_somebody_says_so(
    company: Company,
) -> None:
    company.configure(drift__attributes={"account": "repair"}, safety__max_removals=1)
    people = settled(company, "Nora", "Otto", "Pia")
    for one in people:
        company.world.delete_account(one.text("mail"))
    a_day_later(company)
    done = company.sync()
    assert [events(done, one) for one in people] == [REPORTED] * 3
    for _ in range(2):
        a_day_later(company)
        assert company.sync().records == []
    assert company.program.decide_drift("practice", DriftChoice.REPAIR) == 3
    done = company.sync()
    assert [events(done, one) for one in people] == [["create success drift"]] * 3
    assert all(company.has(one) for one in people)


# -- decisions about what is listed --------------------------------------------------------------


def test_shown_before_done_then_repaired_by_a_decision(company: Company) -> None:
    nora, otto = settled(company, "Nora", "Otto")
    for one in (nora, otto):
        company.world.edit_account(company.account_of(one).email, first_name="Edited", suspend=True)
    a_day_later(company)
    company.sync()
    decide = company.program.decide_drift
    assert decide("practice", DriftChoice.REPAIR, ["licences"], ["Nora Crashtest"]) == 1
    planned = [line for line in company.plan() if line["record"] == "action"]
    assert [(one["action"], one["reason"]) for one in planned] == [("update", "drift")]
    assert company.account_of(nora).suspended
    done = company.sync()
    assert events(done, nora) == REPAIRED
    assert changes(done, nora) == {"licences": ("G2M",)}
    assert company.account_of(nora).first_name == "Edited"
    assert events(done, otto) == []
    assert len(names(company)) == 3


def test_accepted_by_a_decision_it_stays_through_an_initial_cycle(company: Company) -> None:
    (nora,) = settled(company, "Nora")
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    a_day_later(company)
    company.sync()
    assert company.program.decide_drift("practice", DriftChoice.ACCEPT) == 1
    assert company.sync(initial=True).records == []
    assert company.account_of(nora).first_name == "Edited"
    assert [one.drift.in_force for one in found(company)] == [DriftChoice.ACCEPT]
    company.program.decide_drift("practice", DriftChoice.REPAIR)
    assert events(company.sync(), nora) == REPAIRED


def test_the_window_decides_about_what_it_lists_and_not_about_what_was_accepted(
    company: Company,
) -> None:
    company.configure(drift__attributes={"lastName": "accept"})
    (nora,) = settled(company, "Nora")
    user = company.account_of(nora)
    company.world.edit_account(user.email, first_name="Edited", last_name="Nickname")
    a_day_later(company)
    company.sync()
    world = ProfileWorld(company.program, "practice", Silence())
    assert world.decide_drift(DriftChoice.REPAIR, [nora.id]) == 1
    assert changes(company.sync(), nora) == {"firstName": "Nora"}
    assert user.last_name == "Nickname"


def test_a_decision_counts_for_whoever_is_known_still(company: Company) -> None:
    """The list in the window may be older than the state."""
    (nora,) = settled(company, "Nora")
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    a_day_later(company)
    company.sync()
    world = ProfileWorld(company.program, "practice", Silence())
    assert world.decide_drift(DriftChoice.REPAIR, ["forgotten", nora.id]) == 1
    assert events(company.sync(), nora) == REPAIRED


def test_a_repair_that_the_profile_does_not_allow_is_answered_once(company: Company) -> None:
    (nora, otto) = settled(company, "Nora", "Otto")
    company.configure(mappings__users__actions=["create", "disable"])
    company.sync()
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    company.world.edit_account(company.account_of(otto).email, first_name="Edited")
    a_day_later(company)
    company.sync()
    company.program.decide_drift("practice", DriftChoice.ACCEPT, users=[otto.id])
    company.program.decide_drift("practice", DriftChoice.REPAIR, users=[nora.id])
    assert events(company.sync(), nora) == ["other skipped EntrySynchronizationSkipped"]
    assert company.sync().records == []
    company.configure(mappings__users__actions=["create", "update", "disable"])
    assert changes(company.sync(), nora) == {"firstName": "Nora"}
    assert company.account_of(otto).first_name == "Edited"


def test_another_standing_choice_holds_for_what_is_listed_already(company: Company) -> None:
    (nora,) = settled(company, "Nora")
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    a_day_later(company)
    company.sync()
    company.configure(drift__attributes={"firstName": "repair"})
    done = company.sync()
    assert done.summary.kind is CycleKind.INCREMENTAL
    assert events(done, nora) == REPAIRED


def test_deciding_about_nothing_changes_nothing(company: Company) -> None:
    (nora,) = settled(company, "Nora")
    assert company.program.decide_drift("practice", DriftChoice.REPAIR) == 0
    assert company.sync().records == []
    assert company.account_of(nora).first_name == "Nora"


# -- requests, faults, kills ---------------------------------------------------------------------


def test_a_quiet_cycle_asks_the_target_nothing_and_a_comparison_its_pages(
    company: Company,
) -> None:
    settled(company, "Nora", "Otto")
    quiet = company.sync()
    assert quiet.summary.target_requests == 0
    a_day_later(company)
    compared = company.sync()
    # Who we are there, its licences, one page, and the empty page that ends the list; signing in.
    assert compared.records == []
    assert compared.summary.target_requests <= 6
    assert company.sync().summary.target_requests == 0


def test_switched_off_nothing_is_read(company: Company) -> None:
    company.configure(drift__every_hours=None)
    (nora,) = settled(company, "Nora")
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    a_day_later(company)
    done = company.sync()
    assert (done.records, done.summary.target_requests) == ([], 0)


def test_an_empty_list_is_not_believed(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company.configure(drift__otherwise="repair")
    nora, otto = settled(company, "Nora", "Otto")
    goto = company.world.goto
    monkeypatch.setattr(GoToAccount, "page", lambda _goto, _offset, _size: [])
    monkeypatch.setattr(goto, "deleted", len(goto.users))
    a_day_later(company)
    done = company.sync()
    assert done.summary.outcome is CycleOutcome.FAILED
    monkeypatch.undo()
    assert company.sync().records == []
    assert names(company) == []
    assert company.has(nora)
    assert company.has(otto)


def test_an_account_that_the_list_lacks_is_asked_for_before_it_is_called_gone(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    nora, _ = settled(company, "Nora", "Otto")
    goto, real = company.world.goto, GoToAccount.page
    hidden = company.account_of(nora)

    def without_nora(whole: GoToAccount, offset: int, size: int) -> list[User]:
        return [one for one in real(whole, offset, size) if one is not hidden]

    monkeypatch.setattr(GoToAccount, "page", without_nora)
    monkeypatch.setattr(goto, "deleted", goto.deleted + 1)
    a_day_later(company)
    assert company.sync().records == []
    assert names(company) == []


def test_a_read_that_fails_on_the_way_calls_nobody_gone(company: Company) -> None:
    company.configure(drift__otherwise="repair")
    (nora,) = settled(company, "Nora")
    a_day_later(company)
    company.world.fail_next("goto", [503] * 30)
    assert company.sync().summary.outcome is CycleOutcome.FAILED
    company.world.faults.fail_next.clear()
    assert company.sync().records == []
    assert company.has(nora)


def test_throttled_the_comparison_comes_to_the_same_end(company: Company) -> None:
    (nora,) = settled(company, "Nora")
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    a_day_later(company)
    company.world.throttle(
        True, "goto", requests_per_second=1000, next_requests=2, retry_after=0.01
    )
    assert events(company.sync(), nora) == REPORTED


def test_with_an_expired_delta_nobody_is_called_changed_by_mistake(company: Company) -> None:
    nora, otto = settled(company, "Nora", "Otto")
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    company.world.rename(otto.id, surname="Zimmer")
    company.world.reset_delta("gone")
    a_day_later(company)
    done = company.sync()
    assert events(done, nora) == REPORTED
    assert events(done, otto) == ["update success attribute_changed"]


def test_killed_before_any_call_of_a_comparison_the_end_is_the_same(company: Company) -> None:
    """From the first page of accounts on; before it a comparison is a cycle like any other.

    One company for all deaths: its state is put back as it was before. Names and a deletion are
    repaired; a seat that was taken away, and one given to somebody who left, are reported.
    """
    company.configure(drift__attributes={"firstName": "repair", "account": "repair"})
    nora, otto, pia, quin = settled(company, "Nora", "Otto", "Pia", "Quin")
    company.world.move_group(quin.id, FINANCE)
    company.sync()
    file = company.home / "state" / "practice" / "state.db"
    before = file.read_bytes()

    def edited() -> None:
        file.write_bytes(before)
        company.world.edit_account(company.account_of(nora).email, first_name="Edited")
        company.world.edit_account(company.account_of(otto).email, suspend=True)
        if company.account(pia.text("mail")):
            company.world.delete_account(pia.text("mail"))
        seat(company, company.account_of(quin))
        a_day_later(company)
        company.sandbox.creates.clear()

    def held() -> list[tuple[object, ...]]:
        return sorted(
            (user.email, user.first_name, bool(user.licences))
            for user in company.world.goto.living()
        )

    knife = Knife()
    edited()
    with kill_after(knife):
        company.sync()
    wanted, listed = held(), names(company)
    assert sorted(listed) == ["Otto Crashtest licences", "Quin Crashtest licences"]
    calls = knife.seen
    for number in range(calls.index("fetch_accounts"), calls.index("finish_cycle") + 1):
        edited()
        with kill_after(Knife(number)), pytest.raises(Killed):
            company.sync()
        death = f"killed before call {number}, {calls[number]}"
        company.sync()
        assert held() == wanted, death
        assert names(company) == listed, death
        assert max(company.sandbox.creates.values(), default=0) <= 1, death
        a_day_later(company)
        assert company.sync().records == [], death


def test_after_an_upgrade_everybody_is_compared_once(company: Company) -> None:
    """A state of an older version does not know what it has compared."""
    nora, otto = settled(company, "Nora", "Otto")
    file = company.home / "state" / "practice" / "state.db"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE account SET compared = 0, agreed = NULL")
        connection.execute("DELETE FROM job WHERE name = 'listed_at'")
    connection.close()
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    company.world.rename(otto.id, surname="Zimmer")
    done = company.sync()
    assert events(done, nora) == REPORTED
    assert events(done, otto) == ["update success attribute_changed"]
    assert company.sync().records == []


def test_why_says_what_was_changed_by_hand(company: Company) -> None:
    (nora,) = settled(company, "Nora")
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    a_day_later(company)
    company.sync()
    said = company.why(nora.id)
    lines = [str(line.text) for stage in said.stages for line in stage.evidence]
    assert any("firstName is Edited, should be Nora" in line for line in lines)
    assert said.next.action == "none"
    company.program.decide_drift("practice", DriftChoice.REPAIR)
    assert company.why(nora.id).next.action == "update"


def test_a_failed_repair_waits_like_every_failure_and_stays_listed(company: Company) -> None:
    company.configure(drift__otherwise="repair")
    (nora,) = settled(company, "Nora")
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    a_day_later(company)
    company.world.set_fault("updates_refused", True)
    assert company.sync().summary.counts.failed == 1
    assert names(company) == ["Nora Crashtest firstName"]
    company.world.set_fault("updates_refused", False)
    a_day_later(company)
    assert company.sync().records == []
    company.program.retry("practice", "Nora Crashtest", forget_link=False)
    assert events(company.sync(), nora) == REPAIRED
    assert names(company) == []


def test_a_repair_that_was_asked_for_and_fails_is_not_tried_in_every_cycle(
    company: Company,
) -> None:
    (nora,) = settled(company, "Nora")
    company.world.edit_account(company.account_of(nora).email, first_name="Edited")
    a_day_later(company)
    company.sync()
    company.world.set_fault("updates_refused", True)
    company.program.decide_drift("practice", DriftChoice.REPAIR)
    assert company.sync().summary.counts.failed == 1
    assert company.sync().records == []
    company.world.set_fault("updates_refused", False)
    company.program.decide_drift("practice", DriftChoice.REPAIR)
    assert events(company.sync(), nora) == REPAIRED
    assert names(company) == []


def test_looking_alone_writes_nothing_and_the_next_cycle_tells(company: Company) -> None:
    company.configure(drift__attributes={"lastName": "repair"})
    (nora,) = settled(company, "Nora")
    user = company.account_of(nora)
    company.world.edit_account(user.email, first_name="Edited", last_name="Too")
    asyncio.run(company.program.look_for_drift("practice", StopEvent()))
    assert (user.first_name, user.last_name) == ("Edited", "Too")
    assert len(names(company)) == 2
    done = company.sync()
    assert changes(done, nora) == {"lastName": "Crashtest"}
    assert changes(company.sync(), nora) == {"firstName": "Nora"}
    assert company.sync().records == []


def test_a_removal_kept_by_an_answer_to_the_brake_stays_kept(company: Company) -> None:
    company.configure(drift__attributes={"licences": "repair"})
    nora, user = left_and_enabled_by_hand(company)
    company.configure(safety__max_removals=0)
    assert company.sync().summary.outcome is CycleOutcome.HELD
    company.program.keep("practice")
    a_day_later(company)
    done = company.sync()
    assert done.summary.outcome is CycleOutcome.SUCCEEDED
    assert not user.suspended
    assert events(done, nora) == []
