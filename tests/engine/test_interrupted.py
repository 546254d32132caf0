"""A cycle that dies before any call of its parts goes on in the next one as if nothing had been."""

from __future__ import annotations

from pathlib import Path

import pytest
from company import DOMAIN, FINANCE, Company, open_company
from cutting import Killed, Knife, kill_after

from app.domain.activity import CycleOutcome


def a_day_at_the_company(company: Company) -> None:
    """Six people with an account, then something happens to each of them, and one is hired."""
    people = [company.join(name) for name in ("Ada", "Bea", "Cleo", "Dora", "Edda", "Fay")]
    ada, bea, cleo, dora, edda, fay = people
    company.configure(mappings__users__actions=["create", "update", "disable", "delete"])
    company.sync()
    addresses = cleo.text("mail"), dora.text("mail")
    company.world.disable(ada.id)
    company.world.leave(bea.id)
    company.world.purge(bea.id)
    company.world.set_attribute(cleo.id, "mail", addresses[1])
    company.world.set_attribute(dora.id, "mail", addresses[0])
    company.world.move_group(edda.id, FINANCE)
    company.world.rename(fay.id, surname="Zimmer")
    company.world.add_account(f"hal@{DOMAIN}", "H", "Crashtest")
    company.join("Gwen")
    company.join("Hal", mail=f"hal@{DOMAIN}")


def what_goto_holds(company: Company) -> list[tuple[object, ...]]:
    return sorted(
        (user.email, user.first_name, user.last_name, user.licences, user.roles)
        for user in company.world.goto.living()
    )


def uninterrupted(home: Path) -> tuple[list[tuple[object, ...]], list[str]]:
    knife = Knife()
    with open_company(home) as company:
        a_day_at_the_company(company)
        with kill_after(knife):
            assert company.sync().summary.outcome is CycleOutcome.SUCCEEDED
        assert company.sync().records == []
        return what_goto_holds(company), knife.seen


def test_killed_before_every_single_call_the_end_is_the_same(tmp_path: Path) -> None:
    wanted, calls = uninterrupted(tmp_path / "whole")
    assert {"create", "update", "delete", "intend", "settle", "finish_cycle"} <= set(calls)
    for number, name in enumerate(calls):
        with open_company(tmp_path / str(number)) as company:
            a_day_at_the_company(company)
            with kill_after(Knife(number)), pytest.raises(Killed):
                company.sync()
            before = f"killed before call {number}, {name}"
            assert company.sync().summary.outcome is CycleOutcome.SUCCEEDED, before
            assert what_goto_holds(company) == wanted, before
            assert max(company.sandbox.creates.values()) == 1, before
            assert company.sync().records == [], before
