"""Changed by hand at SCIM targets: whoever was made inactive, renamed, deleted, enabled again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_groups import Scim
from test_organization import Company, company
from test_scim_people import account, hire

from app.domain.activity import Status
from app.sandbox.scim_schemas import USER_KIND
from app.sandbox.server import Sandbox

NORA = "nora.crashtest@haldenroux.example"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(users=1) as servers:
        yield servers


@pytest.fixture
def scim(tmp_path: Path, sandbox: Sandbox) -> Scim:
    return Scim(tmp_path, sandbox)


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Company]:
    with company(tmp_path, users=1) as found:
        yield found


def long_ago(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(
            "UPDATE job SET value = '2000-01-01T00:00:00.000Z' WHERE name = 'listed_at'"
        )
    connection.close()


def ready(scim: Scim, choice: str) -> tuple[str, dict[str, Any]]:
    person = hire(scim, "Nora")
    scim.profile(groups=False, drift={"otherwise": choice})
    assert scim.sync()[0] == 0
    user = account(scim, NORA)
    assert user is not None
    return person, user


def compared(scim: Scim) -> list[str]:
    long_ago(scim.state)
    scim.sync()
    return [f"{one.action} {one.status} {one.reason}" for one in scim.all_records]


@pytest.mark.parametrize("choice", ["report", "repair", "accept"])
@pytest.mark.parametrize(
    ("name", "value"),
    [("active", False), ("displayName", "By Hand"), ("userName", "by.hand@haldenroux.example")],
)
def test_an_edit_by_hand(scim: Scim, choice: str, name: str, value: object) -> None:
    _, user = ready(scim, choice)
    wished = user[name]
    user[name] = value
    records = {"report": ["other warning drift"], "repair": ["update success drift"], "accept": []}
    assert compared(scim) == records[choice]
    (now,) = [
        one for one in scim.sandbox.world.scim.resources["User"].values() if one["id"] == user["id"]
    ]
    assert now[name] == (wished if choice == "repair" else value)
    assert compared(scim) == []


@pytest.mark.parametrize("choice", ["report", "repair", "accept"])
def test_deleted_by_hand(scim: Scim, choice: str) -> None:
    _, user = ready(scim, choice)
    scim.sandbox.world.scim.delete(USER_KIND, user["id"])
    records = {"report": ["other warning drift"], "repair": ["create success drift"], "accept": []}
    assert compared(scim) == records[choice]
    assert (account(scim, NORA) is not None) == (choice == "repair")
    assert compared(scim) == []


@pytest.mark.parametrize("choice", ["report", "repair", "accept"])
def test_a_leaver_made_active_by_hand(scim: Scim, choice: str) -> None:
    person, user = ready(scim, choice)
    scim.sandbox.world.move_group(person, "Finance")
    scim.sync()
    user = account(scim, NORA) or user
    assert user["active"] is False
    user["active"] = True
    records = {"report": ["other warning drift"], "repair": ["disable success drift"], "accept": []}
    assert compared(scim) == records[choice]
    user = account(scim, NORA) or user
    assert user["active"] is (choice != "repair")
    assert compared(scim) == []


def test_the_organisation_is_compared_as_far_as_it_goes(one: Company) -> None:
    nora, otto = one.hire("Nora"), one.hire("Otto")
    one.sync()
    organization, file = one.organization, one.home / "state" / "practice" / "state.db"
    identity = one.identity(nora)
    gone = one.identity(otto)
    assert identity is not None
    assert gone is not None
    organization.change(identity, {"givenName": "By Hand"})
    organization.remove(gone)
    long_ago(file)
    done = one.sync()
    assert one.done(done, nora) == ["other warning Drift"]
    assert one.done(done, otto) == ["other warning Drift"]
    one.configure(drift__otherwise="repair")
    done = one.sync()
    assert one.done(done, nora) == ["update success drift"]
    assert one.done(done, otto) == ["create success drift"]
    assert one.identity(otto) is not None
    long_ago(file)
    assert not [it for it in one.sync().records if it.status is not Status.SKIPPED]
