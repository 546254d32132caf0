"""The manager of each person, from the practice tenant to the practice SCIM server.

Named after what an administrator sees; rules in spec/provisioning.md 4.3, 4.4, 7 and 8.
`ROLLCALL_HISTORIES=200` tries so many random histories instead of the few fixed ones.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from cutting import Cut, Killed, Knife
from practice import practice
from test_groups import Scim
from test_queries import listening

from app.connectors.graph_shapes import home_address
from app.connectors.scim2 import Scim2Target
from app.domain.accounts import AccountUpdate, Outcome
from app.domain.activity import CycleOutcome
from app.domain.errors import EntryError
from app.domain.explanation import Provisioned
from app.domain.settings import Profile
from app.domain.texts import Text
from app.engine import references
from app.engine.cases import Schedule
from app.engine.cycle import Cycle, World
from app.engine.on_demand import OnDemand
from app.engine.stop import StopEvent
from app.engine.why import Why
from app.host.clock import SystemClock
from app.sandbox.scim_directory import ScimDirectory
from app.sandbox.scim_schemas import ENTERPRISE, USER_KIND
from app.sandbox.server import Sandbox
from app.state.excerpt import open_excerpt
from app.state.store import SqlStore, open_store
from app.wiring import open_sides

R = TypeVar("R")
MANY = int(os.environ.get("ROLLCALL_HISTORIES", "0"))

MANAGER = f"{ENTERPRISE}:manager"
REFERENCE = "UnableToResolveReferenceAttributeValue"
ATTRIBUTES: list[dict[str, Any]] = [
    {"target": "userName", "source": "userPrincipalName", "match": 1},
    {"target": "displayName", "source": "displayName"},
    {"target": "active", "type": "expression", "expression": "Not([IsSoftDeleted])"},
]
ADA, BEA, CLEO = "Ada Crashtest", "Bea Crashtest", "Cleo Crashtest"


class Managers(Scim):
    """The practice tenant with its SCIM server, the manager mapped."""

    def profile(self, *actions: str, groups: bool = False, **changes: Any) -> None:
        attributes = [*ATTRIBUTES, {"target": MANAGER, "source": "manager", **changes}]
        self.map(attributes, *actions)

    def map(self, attributes: list[dict[str, Any]], *actions: str) -> None:
        users = {"actions": list(actions or ("create", "update", "disable"))}
        safety = {"max_removals": None, "max_removal_percent": None}
        super().profile(mappings={"users": {**users, "attributes": attributes}}, safety=safety)

    def manager(self, name: str) -> str | None:
        """The name of the manager at whose account the account of this person points."""
        user = self.user(name)
        pointed = user.get(ENTERPRISE, {}).get("manager", {}).get("value")
        users = self.sandbox.world.scim.of(USER_KIND)
        return None if pointed is None else str(users[pointed]["displayName"])

    def user(self, name: str) -> dict[str, Any]:
        (found,) = [
            one
            for one in self.sandbox.world.scim.of(USER_KIND).values()
            if name in (one["displayName"], one["userName"])
        ]
        return found

    def about_managers(self, *words: str) -> list[dict[str, Any]]:
        """The records about managers of a cycle that went well."""
        code, lines = self.sync(*words)
        assert code == 0, [line for line in lines if line.get("status") == "failure"]
        return referring(lines)

    def assert_right(self) -> None:
        """Whom each account should point at, written down a second time and simply."""
        entitled = [person for person, _ in self.sandbox.world.entitled()]
        users = self.sandbox.world.scim.of(USER_KIND)
        names = {one.id: home_address(one.text("userPrincipalName")) for one in entitled}
        keys = {user["userName"]: key for key, user in users.items()}
        assert set(keys) == set(names.values())
        for person in entitled:
            user = users[keys[names[person.id]]]
            pointed = user.get(ENTERPRISE, {}).get("manager", {}).get("value")
            wanted = names.get(person.manager or "")
            assert pointed == (None if wanted is None else keys[wanted]), user["userName"]

    def hire(self, *names: str) -> None:
        for name in names:
            given, _, surname = name.partition(" ")
            self.sandbox.world.join(given, surname)


def referring(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line.get("reason") == "reference_changed"]


def who(lines: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(line["source"]["name"], line["action"], line["status"]) for line in lines]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as servers:
        yield servers


@pytest.fixture
def scim(tmp_path: Path, sandbox: Sandbox) -> Managers:
    return Managers(tmp_path, sandbox)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Managers]:
    """One person and whom the test hires."""
    with Sandbox(users=1) as servers:
        yield Managers(tmp_path, servers)


def test_everybody_points_at_the_account_of_their_manager_then_quiet(
    scim: Managers, sandbox: Sandbox
) -> None:
    records = scim.about_managers()
    scim.assert_right()
    written = [line for line in records if line["action"] == "update"]
    assert len(written) > 10
    assert scim.manager("Marta Lindqvist") == "Jonas Weber"
    sandbox.requests.clear()
    assert scim.about_managers() == []
    assert sandbox.requests["scim"] == 0
    assert scim.about_managers("--initial") == []
    scim.assert_right()


def test_a_changed_manager_is_one_patch(scim: Managers, sandbox: Sandbox) -> None:
    scim.about_managers()
    old, new = scim.user("Jonas Weber")["id"], scim.user("李伟")["id"]
    sandbox.world.set_manager("marta.lindqvist", "wei.li")
    writes = patches(sandbox)
    (record,) = scim.about_managers()
    assert writes() == 1
    assert (record["action"], record["status"]) == ("update", "success")
    assert record["source"]["name"] == "Marta Lindqvist"
    assert record["changes"] == [{"attribute": MANAGER, "old": old, "new": new}]
    assert "李伟" in record["message"]
    assert scim.manager("Marta Lindqvist") == "李伟"
    assert scim.about_managers() == []


def patches(sandbox: Sandbox) -> Any:
    """Counts changes of accounts from now on."""
    directory = sandbox.world.scim
    before = sum(directory._versions.values())
    return lambda: sum(directory._versions.values()) - before


def test_a_manager_without_an_account_is_said_once_and_repaired_later(
    small: Managers,
) -> None:
    world = small.sandbox.world
    small.hire(ADA)
    world.join("Bea", "Crashtest", "Finance")
    world.set_manager(ADA, BEA)
    (record,) = small.about_managers()
    assert (record["action"], record["status"], record["code"]) == ("other", "warning", REFERENCE)
    assert record["message"].startswith(f"{BEA}, the manager of {ADA}, ")
    assert record["advice"]
    assert small.manager(ADA) is None
    assert small.about_managers() == []
    assert small.about_managers("--initial") == []
    world.assign(BEA)
    (repaired,) = small.about_managers()
    assert who([repaired]) == [(ADA, "update", "success")]
    assert small.manager(ADA) == BEA
    assert small.about_managers() == []


def test_a_manager_who_leaves_stays_the_value_and_is_said_once(small: Managers) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA)
    world.set_manager(ADA, BEA)
    small.about_managers()
    world.disable(BEA)
    (record,) = small.about_managers()
    assert (record["status"], record["code"]) == ("warning", REFERENCE)
    assert small.manager(ADA) == BEA
    assert small.about_managers() == []
    world.enable(BEA)
    assert small.about_managers() == []
    assert small.manager(ADA) == BEA


def test_a_manager_in_the_recycle_bin_and_back(small: Managers) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA)
    world.set_manager(ADA, BEA)
    small.about_managers()
    world.leave(BEA)
    assert small.about_managers() == []  # Entra names no manager any more
    assert small.manager(ADA) == BEA
    world.restore("bea.crashtest@haldenroux.example")
    assert small.about_managers() == []
    assert small.manager(ADA) == BEA


def test_a_manager_taken_away_in_entra_stays_at_the_target(small: Managers) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA)
    world.set_manager(ADA, BEA)
    small.about_managers()
    world.set_manager(ADA)
    assert small.about_managers() == []
    assert small.manager(ADA) == BEA


def test_with_nulls_flowing_the_reference_is_taken_away(small: Managers) -> None:
    small.profile(flow_nulls=True)
    world = small.sandbox.world
    small.hire(ADA, BEA, CLEO)
    world.set_manager(ADA, BEA)
    world.set_manager(CLEO, BEA)
    small.about_managers()
    world.set_manager(ADA)
    (record,) = small.about_managers()
    assert who([record]) == [(ADA, "update", "success")]
    assert small.manager(ADA) is None
    world.disable(BEA)
    (record,) = small.about_managers()
    assert who([record]) == [(CLEO, "update", "warning")]
    assert record["code"] == REFERENCE
    assert small.manager(CLEO) is None
    assert small.about_managers() == []
    world.enable(BEA)
    assert who(small.about_managers()) == [(CLEO, "update", "success")]
    assert small.manager(CLEO) == BEA


def test_managers_of_each_other_and_of_themselves(small: Managers) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA, CLEO)
    world.set_manager(ADA, BEA)
    world.set_manager(BEA, ADA)
    world.set_manager(CLEO, CLEO)
    assert len(small.about_managers()) == 3
    assert [small.manager(one) for one in (ADA, BEA, CLEO)] == [BEA, ADA, CLEO]
    assert small.about_managers() == []


def test_somebody_the_delta_has_not_brought_yet_has_a_manager_too(small: Managers) -> None:
    world = small.sandbox.world
    small.hire(ADA)
    small.about_managers()
    small.hire(BEA)
    world.set_manager(BEA, ADA)
    unheard = [one.id for one in world.directory.people if one.text("displayName") == BEA]
    changes = world.directory.changes
    world.directory.changes = [one for one in changes if one.object_id not in unheard]
    small.about_managers()
    assert small.manager(BEA) == ADA


@pytest.mark.parametrize("first", ["report", "manager"])
def test_whoever_comes_first(small: Managers, first: str) -> None:
    world = small.sandbox.world
    small.hire(ADA)
    if first == "report":
        small.hire(BEA)
        world.disable(BEA)
        world.set_manager(ADA, BEA)
    assert [line["code"] for line in small.about_managers()] == [REFERENCE] * (first == "report")
    if first == "report":
        world.enable(BEA)
    else:
        small.hire(BEA)
        world.set_manager(BEA, ADA)
    small.about_managers()
    small.assert_right()


def test_a_rehired_manager_has_another_account(small: Managers) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA)
    world.set_manager(ADA, BEA)
    small.about_managers()
    world.leave(BEA)
    small.about_managers()
    world.scim.delete(USER_KIND, small.user(BEA)["id"])
    world.purge("bea.crashtest@haldenroux.example")
    small.about_managers()
    small.hire(BEA)
    world.set_manager(ADA, BEA)
    small.about_managers()
    assert small.manager(ADA) == BEA


def refuse(monkeypatch: pytest.MonkeyPatch, *, transient: bool = False) -> None:
    """The target takes everything but managers."""
    update = Scim2Target.update

    async def refusing(self: Scim2Target, wanted: AccountUpdate) -> Outcome:
        if MANAGER not in wanted.attributes:
            return await update(self, wanted)
        error = EntryError(
            "InternalServerError" if transient else "UnprocessableEntity",
            Text("No"),
            Text("Wait"),
            transient=transient,
            request_id="r-1",
        )
        return Outcome(wanted.person_id, error=error)

    monkeypatch.setattr(Scim2Target, "update", refusing)


def test_a_refused_manager_is_a_reference_failure_and_waits(
    small: Managers, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA)
    world.set_manager(ADA, BEA)
    refuse(monkeypatch)
    code, lines = small.sync()
    assert code == 1
    (failure,) = referring(lines)
    assert (failure["status"], failure["code"]) == ("failure", REFERENCE)
    assert (failure["action"], failure["advice"]) == ("update", "Wait")
    assert lines[-1]["escrowed"] == 1
    store = open_store(small.state)
    health = store.health()
    assert (health.failures, health.reference_failures) == (0, 1)
    assert health.in_wanted_state == 3
    assert store.status().escrowed == 1
    store.close()
    assert small.about_managers() == []
    world.rename("Ada Crashtest", surname="Zimmer")
    assert small.about_managers() == []
    monkeypatch.undo()
    later(small)
    assert who(small.about_managers()) == [("Ada Zimmer", "update", "success")]
    assert small.sync()[1][-1]["escrowed"] == 0
    assert small.manager("Ada Zimmer") == BEA


def later(small: Managers) -> None:
    """As if the wait of every refused reference were over."""
    with sqlite3.connect(small.state) as connection:
        connection.execute(
            """UPDATE reference_attempt SET next_try_at = '2000',
               payload = json_set(payload, '$.next_try_at', '2000-01-01T00:00:00Z')
               WHERE next_try_at IS NOT NULL"""
        )
    connection.close()


def test_repeated_refusals_wait_longer(small: Managers, monkeypatch: pytest.MonkeyPatch) -> None:
    small.hire(ADA, BEA)
    small.sandbox.world.set_manager(ADA, BEA)
    refuse(monkeypatch)
    small.sync()
    for _ in range(2):
        later(small)
        small.sync()
    with sqlite3.connect(small.state) as connection:
        ((attempts,),) = connection.execute(
            "SELECT json_extract(payload, '$.attempts') FROM reference_attempt"
        )
    connection.close()
    assert attempts == 3


def test_what_passes_by_itself_is_tried_in_the_next_cycle(
    small: Managers, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.hire(ADA, BEA)
    small.sandbox.world.set_manager(ADA, BEA)
    refuse(monkeypatch, transient=True)
    assert small.sync()[0] == 1
    monkeypatch.undo()
    assert who(small.about_managers()) == [(ADA, "update", "success")]


def test_after_28_days_nobody_tries_by_themselves(
    small: Managers, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.hire(ADA, BEA)
    small.sandbox.world.set_manager(ADA, BEA)
    refuse(monkeypatch)
    small.sync()
    with sqlite3.connect(small.state) as connection:
        connection.execute(
            """UPDATE reference_attempt SET payload =
               json_set(payload, '$.first_failed_at', '2000-01-01T00:00:00Z')"""
        )
    connection.close()
    later(small)
    (failure,) = referring(small.sync()[1])
    assert "28 days" in failure["advice"]
    monkeypatch.undo()
    assert small.about_managers() == []
    assert small.sync()[1][-1]["escrowed"] == 0


def test_another_manager_is_a_fresh_attempt(
    small: Managers, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA, CLEO)
    world.set_manager(ADA, BEA)
    refuse(monkeypatch)
    assert small.sync()[0] == 1
    monkeypatch.undo()
    world.set_manager(ADA, CLEO)
    small.about_managers()
    assert small.manager(ADA) == CLEO
    assert small.sync()[1][-1]["escrowed"] == 0


def test_retry_and_an_initial_cycle_do_not_wait(
    small: Managers, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA, CLEO)
    world.set_manager(ADA, BEA)
    refuse(monkeypatch)
    assert small.sync()[0] == 1
    monkeypatch.undo()
    store = open_store(small.state)
    assert store.journal.retry(None) == 1
    store.close()
    assert who(small.about_managers()) == [(ADA, "update", "success")]
    world.set_manager(ADA, CLEO)
    with monkeypatch.context() as patch:
        refuse(patch)
        assert small.sync()[0] == 1
    assert who(small.about_managers("--initial")) == [(ADA, "update", "success")]


def test_a_failure_ends_with_the_account_it_was_about(
    small: Managers, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA)
    world.set_manager(ADA, BEA)
    refuse(monkeypatch)
    assert small.sync()[0] == 1
    monkeypatch.undo()
    world.disable(ADA)
    small.about_managers()
    store = open_store(small.state)
    assert store.health().reference_failures == 0
    store.close()
    world.enable(ADA)
    assert who(small.about_managers()) == [(ADA, "update", "success")]


def test_a_manager_whose_account_was_deleted_by_hand_fails_for_the_reference_alone(
    small: Managers,
) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA)
    small.about_managers()
    world.scim.delete(USER_KIND, small.user(BEA)["id"])
    world.set_manager(ADA, BEA)
    code, lines = small.sync()
    assert code == 1
    (failure,) = referring(lines)
    assert (failure["source"]["name"], failure["code"]) == (ADA, REFERENCE)


def test_a_hand_edit_is_put_right_by_an_initial_cycle(small: Managers) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA, CLEO)
    world.set_manager(ADA, BEA)
    small.about_managers()
    small.user(ADA)[ENTERPRISE] = {"manager": {"value": small.user(CLEO)["id"]}}
    assert small.about_managers() == []
    assert who(small.about_managers("--initial")) == [(ADA, "update", "success")]
    assert small.manager(ADA) == BEA


def test_an_account_that_points_right_already_is_left_alone(small: Managers) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA)
    small.about_managers()
    world.set_manager(ADA, BEA)
    small.user(ADA)[ENTERPRISE] = {"manager": {"value": small.user(BEA)["id"]}}
    writes = patches(small.sandbox)
    assert small.about_managers("--initial") == []
    assert writes() == 0


def test_a_cycle_killed_before_any_call_forgets_no_manager(tmp_path: Path) -> None:
    def day(home: Path, knife: Knife | None = None) -> tuple[list[str], list[str | None]]:
        with Sandbox(users=1) as sandbox:
            small = Managers(home, sandbox)
            small.hire(ADA, BEA)
            sandbox.world.set_manager(ADA, BEA)
            small.sync()
            small.hire(CLEO)
            sandbox.world.set_manager(ADA, CLEO)
            sandbox.world.set_manager(BEA, BEA)
            seen: list[str] = []
            if knife is not None:
                seen = killed(small, knife)
            small.about_managers()
            small.assert_right()
            assert small.about_managers() == []
            assert max(sandbox.world.scim.creates.values()) == 1
            return seen, [small.manager(one) for one in (ADA, BEA, CLEO)]

    calls, wanted = day(tmp_path / "whole", Knife())
    assert wanted == [CLEO, BEA, None]
    assert {"update", "settle", "due"} <= set(calls)
    for number in range(calls.index("create") if "create" in calls else 0, len(calls)):
        assert day(tmp_path / str(number), Knife(number))[1] == wanted, calls[number]


def killed(small: Managers, knife: Knife) -> list[str]:
    """One cycle that passes by the knife; what it called until it died."""

    async def inside() -> None:
        stop, store = StopEvent(), open_store(small.state)
        try:
            lookup = small.secrets.__getitem__
            async with open_sides(small.settings, lookup, stop) as (source, target):
                store.journal = Cut(store.journal, knife)
                store.references = Cut(store.references, knife)
                cut = Cut(target, knife)
                world = World(source, cut, store, SystemClock(), Ignored(), stop)
                await Cycle(small.settings, world).run(None)
        except Killed:
            pass
        finally:
            store.close()

    asyncio.run(inside())
    return knife.seen


class Ignored:
    """An event sink."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_: None


def test_stopped_in_the_middle_the_next_cycle_goes_on(
    scim: Managers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "IN_FLIGHT", 1)
    put, writes = ScimDirectory.put, 0

    def breaking(self: ScimDirectory, kind: Any, body: Any, key: Any, now: Any) -> Any:
        nonlocal writes
        stored = put(self, kind, body, key, now)
        if key is not None and "manager" in body.get(ENTERPRISE, {}):
            writes += 1
            if writes == 3:
                scim.sandbox.world.faults.fail_next["scim"] = [401]
        return stored

    monkeypatch.setattr(ScimDirectory, "put", breaking)
    code, lines = scim.sync()
    assert (code, lines[-1]["outcome"]) == (3, "failed")
    monkeypatch.undo()
    scim.about_managers()
    scim.assert_right()


def test_without_the_mapping_nothing_is_asked_about_managers(
    scim: Managers, sandbox: Sandbox
) -> None:
    scim.map(ATTRIBUTES)
    assert scim.about_managers() == []
    with sqlite3.connect(scim.state) as connection:
        assert list(connection.execute("SELECT id FROM person WHERE refers > 0")) == []
        assert (
            list(connection.execute("SELECT 1 FROM person WHERE attributes LIKE '%manag%'")) == []
        )
    connection.close()
    scim.profile()
    scim.about_managers()
    scim.assert_right()


def test_a_mapping_taken_out_forgets_what_failed(
    small: Managers, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.hire(ADA, BEA)
    small.sandbox.world.set_manager(ADA, BEA)
    refuse(monkeypatch)
    assert small.sync()[0] == 1
    small.map(ATTRIBUTES)
    assert small.sync()[0] == 0
    store = open_store(small.state)
    assert store.health().reference_failures == 0
    store.close()


def test_update_switched_off_writes_no_manager(small: Managers) -> None:
    small.map([*ATTRIBUTES, {"target": MANAGER, "source": "manager"}], "create")
    small.hire(ADA, BEA)
    small.sandbox.world.set_manager(ADA, BEA)
    assert small.about_managers() == []
    assert small.manager(ADA) is None


def test_the_plan_shows_what_can_be_resolved_and_writes_nothing(small: Managers) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA)
    small.about_managers()
    world.set_manager(ADA, BEA)
    small.hire(CLEO)
    world.set_manager(BEA, CLEO)  # who has no account yet, but will
    planned = referring(small.plan())
    assert who(planned) == [(ADA, "update", "success")]
    assert small.manager(ADA) is None
    done = small.about_managers()
    assert planned[0]["changes"] in [line["changes"] for line in done]
    assert small.manager(BEA) == CLEO


def test_a_saved_plan_with_a_manager_in_it_can_be_applied(tmp_path: Path) -> None:
    with practice(tmp_path, users=1) as one:
        one.program.secrets.set("practice", "target.token", one.sandbox.info()["scim_token"])
        target = {"kind": "scim2", "url": one.sandbox.info()["scim_url"], "sign_in": "bearer"}
        mapping = [*ATTRIBUTES, {"target": MANAGER, "source": "manager"}]
        one.configure(target=target, mappings={"users": {"attributes": mapping}})
        one.hire("Ada")
        one.hire("Bea")
        one.sync()
        one.world.set_manager(ADA, BEA)
        one.world.rename(BEA, surname="Zimmer")
        saved = one.plan()
        assert [line["source"]["name"] for line in referring(saved)] == [ADA]
        done = one.sync(saved=saved)
        assert done.summary.outcome is CycleOutcome.SUCCEEDED
        assert [record.source.name for record in done.records] == ["Bea Zimmer", ADA]


def asked(
    small: Managers, store: SqlStore, work: Callable[[Profile, World, Schedule], Awaitable[R]]
) -> R:
    async def inside() -> R:
        stop = StopEvent()
        try:
            lookup = small.secrets.__getitem__
            async with open_sides(small.settings, lookup, stop) as sides:
                world = World(*sides, store, SystemClock(), Ignored(), stop)
                return await work(small.settings, world, Schedule())
        finally:
            store.close()

    return asyncio.run(inside())


def on_demand(small: Managers, name: str) -> Provisioned:
    done = asked(small, open_store(small.state), lambda *on: OnDemand(*on).provision(name))
    (one,) = done.people
    return one


def test_on_demand_writes_the_manager_of_this_person_alone(small: Managers) -> None:
    world = small.sandbox.world
    small.hire(ADA, BEA, CLEO)
    small.about_managers()
    world.set_manager(ADA, BEA)
    world.set_manager(CLEO, BEA)
    done = on_demand(small, ADA)
    assert (done.record.action, done.record.status) == ("update", "success")
    assert (small.manager(ADA), small.manager(CLEO)) == (BEA, None)
    assert who(small.about_managers()) == [(CLEO, "update", "success")]


def test_on_demand_a_new_report_and_a_new_manager(small: Managers) -> None:
    small.hire(ADA, BEA)
    small.sandbox.world.set_manager(ADA, BEA)
    for name in (ADA, BEA):
        assert on_demand(small, name).record.action == "create"
    assert small.manager(ADA) is None
    small.about_managers()
    assert small.manager(ADA) == BEA


def test_why_says_what_is_wrong_with_the_manager(
    small: Managers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said() -> list[str]:
        excerpt = open_excerpt(small.state)
        assert excerpt is not None
        found = asked(small, excerpt, lambda *on: Why(*on).explain(ADA))
        lines = [line for stage in found.stages for line in stage.evidence if line.passed is False]
        return [str(line.text) for line in lines]

    world = small.sandbox.world
    small.hire(ADA, BEA)
    world.disable(BEA)
    world.set_manager(ADA, BEA)
    small.about_managers()
    assert said() == [f"{BEA}, the manager of {ADA}, has no active account to point at"]
    refuse(monkeypatch)
    world.enable(BEA)
    assert small.sync()[0] == 1
    assert said() == [f"{BEA} was not written as the manager of {ADA}: No"]
    monkeypatch.undo()
    later(small)
    small.about_managers()
    assert said() == []


@pytest.mark.parametrize("dice", range(MANY or 3))
def test_whatever_happens_managers_end_up_right(
    small: Managers, monkeypatch: pytest.MonkeyPatch, dice: int
) -> None:
    """A random history; then accounts point at whoever has one, and the next cycle is quiet."""
    luck, world = random.Random(f"managers {dice}"), small.sandbox.world
    directory = world.directory

    def anybody() -> str:
        return luck.choice([one.id for one in directory.living_people()])

    happenings: list[Callable[[], object]] = [
        *[lambda: world.set_manager(anybody(), anybody())] * 4,
        lambda: world.set_manager(anybody()),
        *[lambda: world.join(f"P{len(directory.people)}", "Crashtest")] * 2,
        lambda: world.join(f"P{len(directory.people)}", "Crashtest", "Finance"),
        lambda: world.disable(anybody()),
        lambda: world.enable(anybody()),
        lambda: len(list(directory.living_people())) > 3 and world.leave(anybody()),
        lambda: world.move_group(anybody()),
        lambda: small.sync(),
        lambda: small.sync("--initial"),
        lambda: killed(small, Knife(luck.randrange(30))),
        lambda: on_demand(small, anybody()),
        lambda: world.reset_delta("gone"),
        lambda: setattr(world.faults, "replays", luck.random() < 0.5),
    ]
    small.sync()
    for _ in range(60):
        with monkeypatch.context() as patch:
            if luck.random() < 0.2:
                refuse(patch, transient=luck.random() < 0.5)
            luck.choice(happenings)()
    world.faults.replays, world.faults.delta_reset = False, None
    small.sync()
    later(small)
    small.sync()
    assert small.sync()[1][:-1] == []
    users = world.scim.of(USER_KIND)
    keys = {one["userName"]: key for key, one in users.items() if one["active"]}
    names = {one.id: one.text("userPrincipalName") for one, _ in world.entitled()}
    assert set(keys) == set(names.values())
    for person, _ in world.entitled():
        if person.manager in names:
            pointed = users[keys[names[person.id]]].get(ENTERPRISE, {}).get("manager", {})
            assert pointed.get("value") == keys[names[person.manager]]
    store = open_store(small.state)
    assert store.health().reference_failures == 0
    store.close()


def test_a_quiet_cycle_costs_the_same_for_any_number_of_people(tmp_path: Path) -> None:
    def quiet(users: int) -> int:
        with Sandbox(users=users) as sandbox:
            scim = Managers(tmp_path / str(users), sandbox)
            scim.state.parent.mkdir()
            scim.about_managers()
            with listening() as statements:
                assert scim.about_managers() == []
            return statements.runs.total()

    assert quiet(60) == quiet(300)


def test_no_statement_of_a_slice_reads_a_whole_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "SLICE", 20)
    with Sandbox(users=300) as sandbox:
        scim = Managers(tmp_path, sandbox)
        with listening() as plans:
            scim.about_managers()
        assert plans.scans == {}
        scim.assert_right()
        people = [person for person, _ in sandbox.world.entitled()]
        for person in people[:100]:
            sandbox.world.set_manager(person.id, people[-1].id)
        with listening() as plans:
            assert len(scim.about_managers()) == 100
        assert plans.scans == {}
        scim.assert_right()


def test_a_hidden_address_is_in_no_line_about_a_manager(
    small: Managers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set, without an account, refused with the address in the answer."""
    name = {"target": "userName", "type": "expression", "match": 1}
    hidden = {**name, "expression": "Redact([userPrincipalName])"}
    small.map([hidden, *ATTRIBUTES[1:], {"target": MANAGER, "source": "manager"}])
    small.hire(ADA, BEA, CLEO)
    world = small.sandbox.world
    world.set_manager(BEA, ADA)
    heard = [*small.plan(), *small.sync()[1]]
    world.leave(ADA, "disable")
    heard += [*small.plan(), *small.sync()[1]]

    async def refused(_: object, update: AccountUpdate) -> Outcome:
        quoted = Text("{address} refused", {"address": update.match})
        return Outcome(update.person_id, error=EntryError("InternalError", quoted))

    monkeypatch.setattr(Scim2Target, "update", refused)
    world.set_manager(BEA, CLEO)
    heard += small.sync()[1]
    lines = referring(heard)
    assert {line["status"] for line in lines} == {"success", "warning", "failure"}
    assert "[Redact] refused" in str(lines)
    assert [line for line in lines if "haldenroux" in str(line)] == []
