"""Group objects and memberships from the practice tenant to the practice SCIM server.

Named after what an administrator sees; rules in spec/provisioning.md 2.3, 4.6, 6 and 9.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest
from test_queries import listening

from app.cli import json_lines
from app.cli.live import exit_code
from app.connectors.scim2_groups import ScimGroups
from app.domain.activity import (
    ActivityRecord,
    CycleKind,
    CycleSummary,
    IdentityType,
    PlannedAction,
    Progress,
    Reason,
)
from app.domain.errors import EntryError
from app.domain.groups import GroupOutcome
from app.domain.texts import English, Text
from app.engine import choosing
from app.engine.cycle import Cycle, World
from app.engine.stop import StopEvent
from app.host.clock import SystemClock
from app.host.profiles import load_document, to_settings
from app.sandbox.scim_directory import ScimDirectory
from app.sandbox.scim_schemas import GROUP, GROUP_KIND, USER_KIND
from app.sandbox.server import Sandbox
from app.state.store import open_store
from app.wiring import open_sides

Result = TypeVar("Result")

TEAM, SALES = "GoToMeeting Engineering", "GoToMeeting Sales"


def plain(line: dict[str, Any]) -> dict[str, Any]:
    """As whoever reads the lines gets it."""
    found: dict[str, Any] = json.loads(json_lines.line(line))
    return found


class Records:
    """An event sink that keeps what it hears, as the JSON of the command line."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.records: list[ActivityRecord] = []

    def record(self, record: ActivityRecord) -> None:
        self.records.append(record)
        self.lines.append(plain(json_lines.activity(record, English())))

    def progress(self, progress: Progress) -> None:
        pass

    def cycle_finished(self, summary: CycleSummary) -> None:
        self.lines.append(plain(json_lines.cycle(summary, English())))

    def job_changed(self, state: object) -> None:
        pass


class Scim:
    """The practice tenant with its SCIM server as the target, groups switched on."""

    def __init__(self, home: Path, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.state = home / "state.db"
        self.records: list[ActivityRecord] = []
        """About groups, of the last cycle."""
        self.all_records: list[ActivityRecord] = []
        info = sandbox.info()
        self.secrets = {
            "source.client_secret": info["client_secret"],
            "target.token": info["scim_token"],
        }
        self.profile()

    def profile(self, *actions: str, groups: bool = True, **changes: Any) -> None:
        document = {
            **self.sandbox.info()["profile"],
            "target": {
                "kind": "scim2",
                "url": self.sandbox.info()["scim_url"],
                "sign_in": "bearer",
                "requests_per_second": 10_000,
            },
            "mappings": {
                "groups": {"enabled": groups, "actions": list(actions or ("create", "update"))}
            },
            **changes,
        }
        self.settings = to_settings(load_document(document))

    def sync(self, *words: str) -> tuple[int, list[dict[str, Any]]]:
        """One cycle: exit code, and the lines `rollcall sync --json` would print."""
        kind = CycleKind.INITIAL if words else None
        sink = Records()
        summary = self._with(sink, lambda cycle: cycle.run(kind))
        self.all_records = sink.records
        self.records = [one for one in sink.records if one.source.type is IdentityType.GROUP]
        return int(exit_code(summary)), sink.lines

    def plan(self) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = []

        async def take(action: PlannedAction) -> None:
            lines.append(plain(json_lines.planned(action, English())))

        summary = self._with(Records(), lambda cycle: cycle.plan(None, take))
        return [*lines, plain(json_lines.plan(summary))]

    def _with(self, sink: Records, work: Callable[[Cycle], Awaitable[Result]]) -> Result:
        async def inside() -> Result:
            stop, store = StopEvent(), open_store(self.state)
            try:
                async with open_sides(self.settings, self.secrets.__getitem__, stop) as sides:
                    world = World(*sides, store, SystemClock(), sink, stop)
                    return await work(Cycle(self.settings, world))
            finally:
                store.close()

        return asyncio.run(inside())

    def answer(self, name: str) -> None:
        """`rollcall release` or `rollcall keep`."""
        store = open_store(self.state)
        if name == "release":
            store.journal.release()
        else:
            store.journal.keep(SystemClock().now())
        store.close()

    def done(self, *words: str) -> list[dict[str, Any]]:
        """The records about groups of a cycle that went well."""
        code, lines = self.sync(*words)
        assert code == 0, [line for line in lines if line.get("status") != "success"]
        return of_groups(lines)

    def members(self, name: str) -> set[str]:
        directory = self.sandbox.world.scim
        (key,) = [
            key for key, one in directory.resources["Group"].items() if one["displayName"] == name
        ]
        users = directory.resources["User"]
        return {users[one]["userName"].lower() for one in directory.members[key]}

    def names(self) -> set[str]:
        return {one["displayName"] for one in self.sandbox.world.scim.resources["Group"].values()}

    def wanted(self, name: str) -> set[str]:
        """Direct members who should have an account, written down a second time and simply."""
        world = self.sandbox.world
        (group,) = [one for one in world.directory.living_groups() if one.name == name]
        return {
            str(person.get("mail") or person.get("userPrincipalName")).lower()
            for person, _ in world.entitled()
            if person.id in group.members
        }


def of_groups(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        line
        for line in lines
        if line["record"] in ("activity", "action") and line["source"]["type"] == "Group"
    ]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as servers:
        yield servers


@pytest.fixture
def scim(tmp_path: Path, sandbox: Sandbox) -> Scim:
    return Scim(tmp_path, sandbox)


def test_groups_and_members_then_nothing_then_nothing_again(scim: Scim, sandbox: Sandbox) -> None:
    records = scim.done()
    assigned = {group.name for group in sandbox.world.assigned_groups()}
    assert scim.names() == assigned
    for name in assigned:
        assert scim.members(name) == scim.wanted(name)
    assert [record["action"] for record in records].count("create") == len(assigned)
    sandbox.requests.clear()
    assert scim.done() == []
    assert sandbox.requests["scim"] == 0
    assert scim.done("--initial") == []


def test_groups_are_counted_apart_from_people(scim: Scim) -> None:
    code, lines = scim.sync()
    assert code == 0
    people = [line for line in lines[:-1] if line["source"]["type"] == "User"]
    assert lines[-1]["created"] == sum(line["action"] == "create" for line in people)
    assert lines[-1]["groups"]["created"] == len(scim.names())


def test_off_means_no_request_about_groups(scim: Scim, sandbox: Sandbox) -> None:
    scim.profile(groups=False)
    assert scim.done() == []
    assert scim.names() == set()


def test_a_member_without_an_account_is_left_out_and_comes_in_later(
    scim: Scim, sandbox: Sandbox
) -> None:
    sandbox.world.disable("jonas.weber")
    scim.done()
    before = scim.members(SALES)
    sandbox.world.enable("jonas.weber")
    (record,) = scim.done()
    assert record["changes"] == [{"attribute": "members", "old": None, "new": ["Jonas Weber"]}]
    assert scim.members(SALES) - before == {"jonas.weber@haldenroux.example"}


def test_a_member_who_leaves_and_is_hired_again_under_a_new_account(
    scim: Scim, sandbox: Sandbox
) -> None:
    scim.done()
    sandbox.world.leave("jonas.weber")
    scim.done()
    assert scim.members(SALES) == scim.wanted(SALES)
    sandbox.world.purge("jonas.weber@haldenroux.example")
    sandbox.world.scim.delete(USER_KIND, _key(sandbox, "jonas.weber@haldenroux.example"))
    scim.done()
    sandbox.world.join("Jonas", "Weber", SALES)
    scim.done()
    assert "jonas.weber@haldenroux.example" in scim.members(SALES)
    assert scim.members(SALES) == scim.wanted(SALES)


def test_a_disabled_member_leaves_the_group_and_returns(scim: Scim, sandbox: Sandbox) -> None:
    scim.done()
    sandbox.world.disable("jonas.weber")
    (gone,) = scim.done()
    assert gone["changes"] == [{"attribute": "members", "old": ["Jonas Weber"], "new": None}]
    sandbox.world.enable("jonas.weber")
    scim.done()
    assert scim.members(SALES) == scim.wanted(SALES)


def test_a_big_group_goes_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScimGroups, "portion", 10)
    with Sandbox(users=90, groups=1) as sandbox:
        scim = Scim(tmp_path, sandbox)
        scim.done()
        groups = sandbox.world.assigned_groups()
        biggest = max(groups, key=lambda group: len(group.members))
        assert len(scim.members(biggest.name)) > 50
        for group in groups:
            assert scim.members(group.name) == scim.wanted(group.name)
        assert scim.done() == []


def test_a_renamed_group_is_renamed_not_made_again(scim: Scim, sandbox: Sandbox) -> None:
    scim.done()
    number = len(scim.names())
    sandbox.world.rename_group(SALES, "Sales everywhere")
    (record,) = scim.done()
    assert record["changes"] == [
        {"attribute": "displayName", "old": SALES, "new": "Sales everywhere"}
    ]
    assert len(scim.names()) == number
    assert scim.members("Sales everywhere") == scim.wanted("Sales everywhere")


def test_an_existing_group_is_taken_over_and_strangers_in_it_stay(
    scim: Scim, sandbox: Sandbox
) -> None:
    directory, now = sandbox.world.scim, sandbox.world.now()
    stranger = directory.put(USER_KIND, {"userName": "stranger"}, None, now)
    body = {
        "schemas": [GROUP],
        "displayName": SALES.upper(),
        "members": [{"value": stranger["id"]}],
    }
    directory.put(GROUP_KIND, body, None, now)
    records = scim.done()
    mine = [record for record in records if record["source"]["name"] == SALES]
    assert [record["reason"] for record in mine] == ["matched", "attribute_changed"]
    assert scim.members(SALES.upper()) == {*scim.wanted(SALES), "stranger"}


def test_an_unassigned_group_is_left_as_it_is_and_said_once(scim: Scim, sandbox: Sandbox) -> None:
    scim.done()
    before = scim.members(TEAM)
    sandbox.world.unassign(TEAM)
    (record,) = scim.done()
    assert (record["action"], record["status"]) == ("other", "skipped")
    assert record["reason"] == "group_unassigned"
    assert scim.members(TEAM) == before
    assert scim.done() == []
    sandbox.world.assign(TEAM)
    scim.done()
    assert scim.members(TEAM) == scim.wanted(TEAM)


@pytest.mark.parametrize("how", ["unassign", "delete_group"])
def test_a_group_that_left_is_deleted_where_delete_is_on(
    scim: Scim, sandbox: Sandbox, how: str
) -> None:
    scim.profile("create", "update", "delete")
    scim.done()
    getattr(sandbox.world, how)(TEAM)
    (record,) = scim.done()
    assert record["action"] == "delete"
    assert TEAM not in scim.names()
    assert scim.done() == []


def test_deletions_of_groups_count_for_the_brake(scim: Scim, sandbox: Sandbox) -> None:
    scim.profile("create", "update", "delete", safety={"max_removals": 0})
    sandbox.world.add_group("Empty", assigned=True)
    scim.done()
    sandbox.world.unassign("Empty")
    code, lines = scim.sync()
    assert (code, lines[-1]["held_because"]) == (4, "max_removals")
    (held,) = of_groups(lines)
    assert (held["action"], held["code"]) == ("delete", "StagedDelete")
    assert "Empty" in scim.names()
    assert scim.sync()[0] == 4
    scim.answer("release")
    (record,) = scim.done()
    assert record["action"] == "delete"
    assert "Empty" not in scim.names()


def test_kept_groups_stay(scim: Scim, sandbox: Sandbox) -> None:
    scim.profile("create", "update", "delete", safety={"max_removals": 0})
    sandbox.world.add_group("Empty", assigned=True)
    scim.done()
    sandbox.world.unassign("Empty")
    assert scim.sync()[0] == 4
    scim.answer("keep")
    assert scim.done() == []
    assert "Empty" in scim.names()


@pytest.mark.parametrize("answer", ["release", "keep", "none"])
def test_a_group_that_returned_waits_for_no_answer(
    scim: Scim, sandbox: Sandbox, answer: str
) -> None:
    scim.profile("create", "update", "delete", safety={"max_removals": 0})
    sandbox.world.add_group("Empty", assigned=True)
    scim.done()
    sandbox.world.unassign("Empty")
    assert scim.sync()[0] == 4
    if answer != "none":
        scim.answer(answer)
    sandbox.world.assign("Empty")
    scim.done()
    store = open_store(scim.state)
    assert (store.status().held, list(store.held())) == (0, [])
    assert store.journal.release() == 0
    store.close()
    scim.done()
    sandbox.world.unassign("Empty")
    code, lines = scim.sync()
    assert (code, lines[-1]["held_because"]) == (4, "max_removals")
    assert "Empty" in scim.names()


def test_a_held_group_that_is_gone_at_the_target_waits_for_no_answer(
    scim: Scim, sandbox: Sandbox
) -> None:
    scim.profile("create", "update", "delete", safety={"max_removals": 0})
    sandbox.world.add_group("Empty", assigned=True)
    scim.done()
    sandbox.world.unassign("Empty")
    assert scim.sync()[0] == 4
    (key,) = [
        key
        for key, one in sandbox.world.scim.resources["Group"].items()
        if one["displayName"] == "Empty"
    ]
    sandbox.world.scim.delete(GROUP_KIND, key)
    scim.sync("--initial")
    store = open_store(scim.state)
    assert store.status().held == 0
    store.close()


def test_an_empty_source_touches_no_group(scim: Scim, sandbox: Sandbox) -> None:
    scim.profile("create", "update", "delete")
    scim.done()
    before = {name: scim.members(name) for name in scim.names()}
    sandbox.world.directory.grants.clear()
    code, lines = scim.sync()
    assert (code, lines[-1]["held_because"]) == (4, "source_empty")
    assert {name: scim.members(name) for name in scim.names()} == before


def test_create_and_update_can_be_switched_off(scim: Scim, sandbox: Sandbox) -> None:
    scim.profile("update")
    records = scim.done()
    assert {record["reason"] for record in records} == {"action_switched_off"}
    assert scim.names() == set()
    assert scim.done() == []
    scim.profile("create")
    scim.done("--initial")
    assert scim.members(SALES) == set()
    sandbox.world.rename_group(SALES, "Another")
    (record,) = scim.done()
    assert record["reason"] == "action_switched_off"
    assert SALES in scim.names()


def test_a_failing_group_is_one_failure_and_waits(scim: Scim, sandbox: Sandbox) -> None:
    directory, now = sandbox.world.scim, sandbox.world.now()
    for _ in range(2):
        directory.put(GROUP_KIND, {"schemas": [GROUP], "displayName": SALES}, None, now)
    code, lines = scim.sync()
    assert code == 1
    (failure,) = [line for line in of_groups(lines) if line["status"] == "failure"]
    assert failure["code"] == "DuplicateTargetEntries"
    assert lines[-1]["escrowed"] == 1
    assert scim.members(TEAM) == scim.wanted(TEAM)
    sandbox.requests.clear()
    assert scim.done() == []
    assert sandbox.requests["scim"] == 0
    directory.delete(GROUP_KIND, next(iter(directory.resources["Group"])))
    scim.done("--initial")
    assert scim.members(SALES) == scim.wanted(SALES)
    assert scim.sync()[1][-1]["escrowed"] == 0


@pytest.mark.parametrize("one", [None, SALES, SALES.upper()])
def test_retry_tries_a_failed_group_again(
    scim: Scim, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, one: str | None
) -> None:
    async def refused(*_: object) -> GroupOutcome:
        return GroupOutcome(error=EntryError("InternalError", Text("No")))

    monkeypatch.setattr(ScimGroups, "create_group", refused)
    assert scim.sync()[0] == 1
    monkeypatch.undo()
    assert scim.done() == []
    store = open_store(scim.state)
    chosen = None if one is None else choosing.to_retry(store, one)
    assert store.journal.retry(chosen) == (len(sandbox.world.assigned_groups()) if not one else 1)
    store.close()
    scim.done()
    assert SALES in scim.names()
    if one is None:
        assert scim.names() == {group.name for group in sandbox.world.assigned_groups()}


def test_records_of_groups_are_made_like_all_others(
    scim: Scim, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    scim.done()
    for _ in range(2):
        group = sandbox.world.directory.add_group(sandbox.world.identities.next(), "Twin")
        sandbox.world.assign(group.id)

    async def refused(*_: object) -> EntryError:
        return EntryError("InternalError", Text("No"), request_id="r-1")

    monkeypatch.setattr(ScimGroups, "update_group", refused)
    sandbox.world.rename_group(SALES, "Sales everywhere")
    scim.sync()
    assert len({record.change for record in scim.records} - {""}) == len(scim.records) == 3
    assert [record.advice for record in scim.records if record.advice is None] == []
    assert [record.request_id for record in scim.records if record.request_id] == ["r-1"]


def test_a_hidden_value_is_written_and_never_said(
    scim: Scim, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    attributes = [
        {"target": "displayName", "source": "displayName", "match": 1},
        {
            "target": "externalId",
            "type": "expression",
            "expression": 'Redact(Append("hush ", [displayName]))',
        },
    ]
    scim.profile(
        mappings={
            "groups": {
                "enabled": True,
                "actions": ["create", "update"],
                "attributes": attributes,
            }
        }
    )
    heard = [*scim.plan(), *scim.sync()[1]]
    sandbox.world.rename_group(SALES, "Another")
    heard += [*scim.plan(), *scim.sync()[1]]
    held = {one["externalId"] for one in sandbox.world.scim.resources["Group"].values()}
    assert held == {f"hush {group.name}" for group in sandbox.world.assigned_groups()}
    sandbox.world.rename_group("Another", "A third")

    async def refused(
        _: object, __: str, name: str, attributes: Mapping[str, Any]
    ) -> EntryError | None:
        said = Text("Not {value}", {"value": attributes["externalId"]})
        return EntryError("InternalError", said, said)

    monkeypatch.setattr(ScimGroups, "update_group", refused)
    heard += scim.sync()[1]
    assert any("Not [Redact]" in line.get("message", "") for line in heard)
    assert "hush" not in json.dumps(heard)
    assert b"Not hush" not in scim.state.read_bytes()


def test_a_hidden_name_names_no_group(
    scim: Scim, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made, renamed, refused, shared by two, let go and deleted."""
    name = {
        "target": "displayName",
        "type": "expression",
        "expression": "Redact([displayName])",
        "match": 1,
    }
    groups = {"enabled": True, "actions": ["create", "update", "delete"], "attributes": [name]}
    scim.profile(mappings={"groups": groups})
    sandbox.world.rename_group(SALES, "Hush one")
    sandbox.world.add_group("Hush gone", assigned=True)

    def heard() -> list[dict[str, Any]]:
        return [*scim.plan(), *scim.sync()[1]]

    said = heard()
    sandbox.world.rename_group("Hush one", "Hush two")
    sandbox.world.unassign("Hush gone")
    said += heard()
    sandbox.world.add_group("Hush three", assigned=True)
    sandbox.world.add_group("HUSH THREE", assigned=True)
    said += heard()
    sandbox.world.unassign("Hush two")
    scim.profile(mappings={"groups": {**groups, "actions": ["create", "update"]}})
    said += heard()
    scim.profile(mappings={"groups": groups})
    said += heard()
    lines = [line for line in said if line.get("source", {}).get("type") == "Group"]
    assert {"create", "update", "other", "delete"} <= {line["action"] for line in lines}
    assert "[Redact]" in json.dumps(lines)
    assert [line for line in lines if "hush" in json.dumps(line).lower()] == []


def test_a_quiet_cycle_costs_the_same_for_any_number_of_groups(
    scim: Scim, sandbox: Sandbox
) -> None:
    def quiet() -> int:
        scim.done()
        with listening() as statements:
            assert scim.done() == []
        return statements.runs.total()

    few = quiet()
    for number in range(300):
        sandbox.world.add_group(f"Group {number:03}", assigned=True)
        sandbox.world.add_member("jonas.weber", f"Group {number:03}")
    assert quiet() == few
    assert scim.members("Group 299") == {"jonas.weber@haldenroux.example"}


def test_groups_that_rest_cost_a_quiet_cycle_no_more(
    scim: Scim, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> EntryError:
        return EntryError("InternalError", Text("No"))

    def resting(groups: int) -> int:
        for number in range(groups):
            sandbox.world.add_group(f"{groups} {number}", assigned=True)
        scim.done()
        for number in range(groups):
            sandbox.world.rename_group(f"{groups} {number}", f"{groups} other {number}")
        with monkeypatch.context() as patch:
            patch.setattr(ScimGroups, "update_group", refused)
            assert scim.sync()[0] == 1
        with listening() as statements:
            assert scim.done() == []
        return statements.runs.total()

    assert resting(2) == resting(20)


def test_links_are_read_once_however_many_groups_are_taken_over(
    scim: Scim, sandbox: Sandbox
) -> None:
    def reads() -> int:
        with listening() as statements:
            scim.done()
        return sum(
            count
            for statement, count in statements.runs.items()
            if "SELECT group_link.payload" in statement
        )

    few = reads()
    for number in range(30):
        sandbox.world.add_group(f"Group {number:03}", assigned=True)
        body = {"schemas": [GROUP], "displayName": f"Group {number:03}"}
        sandbox.world.scim.put(GROUP_KIND, body, None, sandbox.world.now())
    assert reads() == few
    assert sum(one.reason is Reason.MATCHED for one in scim.records) == 30


def test_two_groups_of_one_name_are_both_left_alone(scim: Scim, sandbox: Sandbox) -> None:
    for _ in range(2):
        group = sandbox.world.directory.add_group(sandbox.world.identities.next(), "Twin")
        sandbox.world.assign(group.id)
    code, lines = scim.sync()
    assert code == 1
    failed = [line for line in of_groups(lines) if line["status"] == "failure"]
    assert {line["code"] for line in failed} == {"DuplicateSourceEntries"}
    assert len(failed) == 2
    assert "Twin" not in scim.names()
    assert scim.done() == []


def test_one_account_that_is_gone_keeps_nobody_else_out(scim: Scim, sandbox: Sandbox) -> None:
    scim.profile("create")
    scim.done()
    gone = _key(sandbox, "jonas.weber@haldenroux.example")
    sandbox.world.scim.delete(USER_KIND, gone)
    scim.profile()
    code, lines = scim.sync()
    assert code == 1
    failures = {line["code"] for line in lines[:-1] if line["status"] == "failure"}
    assert failures == {"InvalidAnchor", "UnableToResolveReferenceAttributeValue"}
    assert scim.members(SALES) == scim.wanted(SALES) - {"jonas.weber@haldenroux.example"}
    assert scim.done() == []


def test_a_group_deleted_by_hand_comes_back_with_an_initial_cycle(
    scim: Scim, sandbox: Sandbox
) -> None:
    scim.done()
    directory = sandbox.world.scim
    directory.delete(GROUP_KIND, next(iter(directory.resources["Group"])))
    assert scim.done() == []
    scim.done("--initial")
    assert scim.names() == {group.name for group in sandbox.world.assigned_groups()}
    for name in scim.names():
        assert scim.members(name) == scim.wanted(name)


def test_a_pilot_leaves_groups_alone(scim: Scim) -> None:
    scim.profile(pilot=["jonas.weber@haldenroux.example"])
    assert scim.done() == []
    assert scim.names() == set()


def test_the_plan_shows_groups_and_writes_nothing(scim: Scim, sandbox: Sandbox) -> None:
    planned = scim.plan()
    assert scim.names() == set()
    actions = of_groups(planned)
    groups = len(sandbox.world.assigned_groups())
    assert planned[-1]["groups"]["created"] == groups
    made = scim.done()

    def essence(lines: list[dict[str, Any]]) -> set[str]:
        return {f"{line['source']['name']} {line['changes']}" for line in lines}

    assert essence(actions) == essence(made)


def test_a_cycle_cut_off_at_the_members_is_made_good_by_the_next(
    scim: Scim, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    scim.done()
    sandbox.world.add_group("New", assigned=True)
    sandbox.world.add_member("jonas.weber", "New")
    put = ScimDirectory.put

    def breaking(*arguments: Any) -> Any:
        sandbox.world.faults.fail_next["scim"] = [401]
        return put(*arguments)

    monkeypatch.setattr(ScimDirectory, "put", breaking)
    code, lines = scim.sync()
    assert (code, lines[-1]["outcome"]) == (3, "failed")
    assert scim.members("New") == set()
    monkeypatch.undo()
    scim.done()
    assert scim.members("New") == scim.wanted("New") == {"jonas.weber@haldenroux.example"}
    assert sandbox.world.scim.creates["new"] == 1


def _key(sandbox: Sandbox, name: str) -> str:
    user = sandbox.world.scim.user_at(name)
    assert user is not None
    return str(user["id"])


def test_create_only_values_are_for_new_groups_also_for_one_made_again(
    scim: Scim, sandbox: Sandbox
) -> None:
    directory, now = sandbox.world.scim, sandbox.world.now()
    body = {"schemas": [GROUP], "displayName": SALES, "externalId": "theirs"}
    directory.put(GROUP_KIND, body, None, now)
    attributes = [
        {"target": "displayName", "source": "displayName", "match": 1},
        {"target": "externalId", "source": "objectId", "apply": "create_only"},
    ]
    actions = ["create", "update"]
    scim.profile(
        mappings={"groups": {"enabled": True, "actions": actions, "attributes": attributes}}
    )
    scim.done()

    def held(name: str) -> str:
        (one,) = [
            one for one in directory.resources["Group"].values() if one["displayName"] == name
        ]
        return str(one["externalId"])

    (team,) = [one for one in sandbox.world.directory.living_groups() if one.name == TEAM]
    assert (held(SALES), held(TEAM)) == ("theirs", team.id)
    (key,) = [k for k, one in directory.resources["Group"].items() if one["displayName"] == TEAM]
    assert directory.delete(GROUP_KIND, key)
    scim.done("--initial")
    assert (held(SALES), held(TEAM)) == ("theirs", team.id)
