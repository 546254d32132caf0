"""People at a SCIM 2.0 target: capitals that count, leavers, and a target that is exchanged."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from test_groups import Scim

from app.domain.activity import ActivityRecord
from app.domain.errors import SecretMissing
from app.sandbox.scim_schemas import USER_KIND
from app.sandbox.server import Sandbox

NOW = datetime(2026, 11, 25, tzinfo=UTC)
ACTIVE = {"target": "active", "type": "expression", "expression": "Not([IsSoftDeleted])"}
BY_ADDRESS = {"target": "userName", "source": "mail", "match": 2}
BY_NUMBER = {"target": "externalId", "source": "employeeId", "match": 1}


class Keys(dict[str, str]):
    def __missing__(self, name: str) -> str:
        raise SecretMissing(name)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(users=1) as servers:
        yield servers


@pytest.fixture
def scim(tmp_path: Path, sandbox: Sandbox) -> Scim:
    return Scim(tmp_path, sandbox)


def hire(scim: Scim, given: str, **attributes: Any) -> str:
    """Somebody new in an assigned group; their id."""
    world = scim.sandbox.world
    world.join(given, "Crashtest", "GoToMeeting Sales")
    (person,) = [one for one in world.directory.people if one.text("givenName") == given]
    world.directory.change(person, attributes)
    return person.id


def account(scim: Scim, user_name: str) -> dict[str, Any] | None:
    users = scim.sandbox.world.scim.resources["User"].values()
    return next((one for one in users if one["userName"].lower() == user_name), None)


def map_people(scim: Scim, *attributes: dict[str, Any]) -> None:
    scim.profile(mappings={"users": {"attributes": list(attributes)}})


def people(scim: Scim) -> list[ActivityRecord]:
    scim.sync()
    return scim.all_records


def test_capitals_count_when_an_account_is_found_by_a_case_exact_attribute(scim: Scim) -> None:
    world = scim.sandbox.world
    foreign = {"userName": "ceo@other.example", "externalId": "aGVsbG8=", "active": True}
    world.scim.put(USER_KIND, foreign, None, NOW)
    before = repr(account(scim, "ceo@other.example"))
    hire(scim, "Otto", employeeId="AGVSBG8=", mail="otto@haldenroux.example")
    hire(scim, "Pia", employeeId="agvsbg8=", mail="pia@haldenroux.example")
    map_people(scim, BY_NUMBER, BY_ADDRESS, ACTIVE)
    code, _ = scim.sync()
    assert code == 0
    assert repr(account(scim, "ceo@other.example")) == before
    found = [account(scim, f"{name}@haldenroux.example") for name in ("otto", "pia")]
    assert [one and one["externalId"] for one in found] == ["AGVSBG8=", "agvsbg8="]


def test_two_who_match_one_account_by_a_number_hear_of_the_number(scim: Scim) -> None:
    world = scim.sandbox.world
    foreign = {"userName": "x@other.example", "externalId": "7", "active": True}
    world.scim.put(USER_KIND, foreign, None, NOW)
    for name in ("Otto", "Pia"):
        hire(scim, name, employeeId="7", mail=f"{name.lower()}@haldenroux.example")
    map_people(scim, BY_NUMBER, BY_ADDRESS, ACTIVE)
    said = [str(one.message) for one in people(scim) if one.code == "DuplicateSourceEntries"]
    assert len(said) == 2
    assert all(one.startswith("The account with externalId 7 also matches ") for one in said)


def test_no_other_mapping_keeps_a_leavers_account_active(scim: Scim) -> None:
    title = {
        "target": "title",
        "type": "expression",
        "expression": 'FormatDateTime([jobTitle], , "yyyy-MM-dd", "yyyy")',
    }
    nora = hire(scim, "Nora", jobTitle="2026-01-01")
    map_people(scim, {**BY_ADDRESS, "match": 1}, ACTIVE, title)
    scim.sync()
    world = scim.sandbox.world
    address = "nora.crashtest@haldenroux.example"
    assert account(scim, address)["active"] is True  # type: ignore[index]
    world.set_attribute(nora, "jobTitle", "no date")
    world.disable(nora)
    (record,) = people(scim)
    assert (record.action, record.status) == ("disable", "success")
    assert account(scim, address)["active"] is False  # type: ignore[index]


def test_another_target_gets_everybody_and_the_old_one_is_left_as_it_is(
    scim: Scim, sandbox: Sandbox
) -> None:
    info = sandbox.info()
    scim.secrets = Keys(scim.secrets | info["secrets"])
    hire(scim, "Nora")
    goto = {**info["profile"]["target"], "requests_per_second": 10_000}
    scim.profile(target=goto, mappings={})
    assert scim.sync()[0] == 0
    seated = [user.email for user in sandbox.world.goto.living() if user.licences]
    scim.profile(groups=False)
    code, lines = scim.sync()
    assert code == 0, lines
    assert lines[-1]["kind"] == "initial"
    assert lines[-1]["created"] == 2
    assert account(scim, "nora.crashtest@haldenroux.example") is not None
    assert [user.email for user in sandbox.world.goto.living() if user.licences] == seated
    assert scim.sync()[1][-1]["created"] == 0
    scim.profile(target=goto, mappings={})
    code, lines = scim.sync()
    assert code == 0, lines
    assert (lines[-1]["created"], lines[-1]["linked"]) == (0, 2)
