"""`rollcall logs` as a subprocess: lines, one array, the three files, filters."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sync_world import Rollcall

from app.sandbox.server import Sandbox

FIELDS_OF_12_1 = {
    "id", "activityDateTime", "tenantId", "jobId", "cycleId", "changeId", "provisioningAction",
    "durationInMilliseconds", "provisioningStatusInfo", "provisioningSteps", "modifiedProperties",
    "sourceIdentity", "targetIdentity", "sourceSystem", "targetSystem", "servicePrincipal",
    "initiatedBy",
}  # fmt: skip
ACTIVITY = {"record", "at", "cycle", "action", "status", "source", "target", "changes", "code",
            "message", "advice", "duration_ms", "reason"}  # fmt: skip


@pytest.fixture(scope="module")
def rollcall(tmp_path_factory: pytest.TempPathFactory):
    """Two cycles: everybody, with one seat too few; then two leavers that the brake holds."""
    with Sandbox(users=12) as sandbox:
        rollcall = Rollcall(tmp_path_factory.mktemp("logs"), sandbox)
        rollcall.import_profile(safety__max_removals=1)
        world = sandbox.world
        person = next(iter(world.entitled()))[0]
        world.set_attribute(person.id, "givenName", "=HYPERLINK(1)")
        assert rollcall.sync()[0] == 0
        world.leave()
        world.leave()
        assert rollcall.sync()[0] == 4
        yield rollcall


def lines(rollcall: Rollcall, *words: str) -> list[dict[str, Any]]:
    done = rollcall.run("logs", "--json", *words)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_line_is_an_activity_record_with_all_fields_of_the_service(rollcall: Rollcall) -> None:
    found = lines(rollcall)
    assert all(set(row) == ACTIVITY | FIELDS_OF_12_1 for row in found)
    assert all(row["record"] == "activity" for row in found)
    assert (
        len({row["changeId"] for row in found}) == len({row["id"] for row in found}) == len(found)
    )
    assert len({row["jobId"] for row in found}) == 1
    assert found[0]["jobId"].count(".") >= 2
    created = next(row for row in found if row["action"] == "create")
    assert created["changeId"] != created["id"]
    names = [step["name"] for step in created["provisioningSteps"]]
    assert names[0] == "EntryImport"
    assert names[-1] == "EntryExportAdd"
    assert created["provisioningStatusInfo"] == {"status": "success", "errorInformation": None}
    assert {"displayName", "oldValue", "newValue"} == set(created["modifiedProperties"][0])
    assert created["initiatedBy"]["initiatingType"] == "system"
    held = [row for row in found if row["provisioningAction"] == "stageddelete"]
    assert len(held) == 2
    error = held[0]["provisioningStatusInfo"]["errorInformation"]
    assert error["errorCode"] == "StagedDelete"
    assert error["recommendedAction"]
    assert error["errorCategory"] == "nonServiceFailure"


def test_json_is_one_array_of_the_same_records(rollcall: Rollcall, tmp_path: Path) -> None:
    done = rollcall.run("logs", "--format", "json")
    assert json.loads(done.stdout) == lines(rollcall)
    file = tmp_path / "log.json"
    assert rollcall.run("logs", "--format", "json", "--out", str(file)).stdout == ""
    assert json.loads(file.read_text(encoding="utf-8")) == lines(rollcall)
    assert json.loads(rollcall.run("logs", "--format", "json", "--user", "nobody").stdout) == []


def test_three_csv_files_joined_by_change_id(rollcall: Rollcall, tmp_path: Path) -> None:
    folder = tmp_path / "download"
    assert rollcall.run("logs", "--format", "csv", "--out", str(folder)).returncode == 0
    names = {file.name for file in folder.iterdir()}
    assert names == {
        "ProvisioningLogs.csv",
        "ProvisioningLogs_ProvisioningSteps.csv",
        "ProvisioningLogs_ModifiedProperties.csv",
    }
    logs, steps, properties = (
        rows((folder / name).read_text(encoding="utf-8-sig"))
        for name in (
            "ProvisioningLogs.csv",
            "ProvisioningLogs_ProvisioningSteps.csv",
            "ProvisioningLogs_ModifiedProperties.csv",
        )
    )
    changes = {row["changeId"] for row in logs}
    assert len(changes) == len(logs) == len(lines(rollcall))
    assert {row["changeId"] for row in steps} == changes
    assert {row["changeId"] for row in properties} <= changes
    assert all(row["activityDateTime"].endswith("Z") for row in logs)
    assert "'=HYPERLINK(1)" in {row["newValue"] for row in properties}


def test_one_csv_file_stays_as_it_was(rollcall: Rollcall, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    rollcall.run("logs", "--format", "csv", "--out", str(file))
    found = rows(file.read_text(encoding="utf-8"))
    assert len(found) == len(lines(rollcall))
    assert list(found[0]) == [
        "at", "cycle", "action", "status", "source_id", "source_name", "target_id", "target_name",
        "code", "message", "advice", "duration_ms",
    ]  # fmt: skip
    assert rollcall.run("logs", "--format", "csv").stdout.startswith("at,cycle,")


def test_filters_work_together(rollcall: Rollcall) -> None:
    everything = lines(rollcall)
    one = everything[3]
    assert lines(rollcall, "--change", one["changeId"]) == [one]
    cycle = everything[0]["cycle"]
    assert {row["cycle"] for row in lines(rollcall, "--cycle", cycle)} == {cycle}
    assert len(lines(rollcall, "--limit", "2")) == 2
    assert lines(rollcall, "--since", "24h", "--action", "disable", "--status", "skipped")
    assert lines(rollcall, "--until", "24h") == []
    assert lines(rollcall, "--until", "2999-01-01") == everything
    assert lines(rollcall, "--user", one["target"]["name"].upper())
    assert rollcall.run("logs", "--until", "soon").returncode == 2
    assert "Staged" not in rollcall.run("logs", "--limit", "1", "--action", "create").stdout


def test_status_tells_numbers_to_date_and_the_end_of_the_secret(rollcall: Rollcall) -> None:
    status = json.loads(rollcall.run("status", "--json").stdout)
    assert status["totals"]["created"] > 5
    assert status["overdue_since"] is None
    assert status["mail_error"] is None
    assert status["credential_ends_at"].endswith("Z")


def test_old_records_go_at_the_end_of_a_cycle_and_the_numbers_stay(tmp_path: Path) -> None:
    with Sandbox(users=8) as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile(history__keep_days=1)
        assert rollcall.sync()[0] == 0
        created = json.loads(rollcall.run("status", "--json").stdout)["totals"]["created"]
        with sqlite3.connect(tmp_path / "state" / "practice" / "state.db") as state:
            state.execute("UPDATE log SET at = at - 2 * 86400000")
        state.close()
        assert rollcall.sync()[0] == 0
        assert lines(rollcall) == []
        after = json.loads(rollcall.run("status", "--json").stdout)
        assert after["totals"]["created"] == created > 3
        assert after["linked"] > 3
        refused = rollcall.run(
            "profile", "import", "-", "--replace",
            stdin=json.dumps(sandbox.info()["profile"] | {"history": {"keep_days": 0}}),
        )  # fmt: skip
        assert refused.returncode == 2
        assert "history.keep_days" in refused.stderr


def test_a_date_without_an_offset_is_in_utc_wherever_the_machine_is(
    rollcall: Rollcall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same records for the same words in every time zone, and as the table prints them."""
    found = lines(rollcall)
    newest, oldest = found[0]["at"][:19], found[-1]["at"][:10]
    for zone in ("Asia/Tokyo", "America/Los_Angeles"):
        monkeypatch.setitem(rollcall.environment, "TZ", zone)
        assert lines(rollcall, "--since", oldest) == found
        assert lines(rollcall, "--until", oldest) == []
        since = lines(rollcall, "--since", newest)
        assert 0 < len(since) < len(found)
        assert since == lines(rollcall, "--since", _in_tokyo(newest))
        assert since + lines(rollcall, "--until", newest) == found


def _in_tokyo(moment: str) -> str:
    utc = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return utc.astimezone(timezone(timedelta(hours=9))).isoformat()


def test_the_help_says_that_times_are_utc(rollcall: Rollcall) -> None:
    said = " ".join(rollcall.run("logs", "--help").stdout.replace("│", " ").split())
    assert said.count("in UTC unless an offset is given") == 2
