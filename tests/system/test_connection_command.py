"""`test-connection` as typed: every check by its name, each failure with what to do."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from sync_world import Rollcall, RollcallInside

from app.sandbox.server import Sandbox
from app.setup.connection_test import ALL_CHECKS

Checks = dict[tuple[str, str], dict[str, Any]]
UNKNOWN = "https://directory.halden.example"
"""A name that no name server knows."""


def checks(rollcall: Rollcall) -> tuple[int, Checks]:
    done = rollcall.run("test-connection", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = {(line["side"], line["name"]): line for line in lines}
    assert len(found) == len(lines) == len(ALL_CHECKS)
    return done.returncode, found


def test_every_check_has_a_name_and_nothing_is_written(tmp_path: Path) -> None:
    with Sandbox(users=60) as sandbox:
        rollcall = RollcallInside(tmp_path, sandbox)
        rollcall.import_profile()
        before = repr(copy.deepcopy(sandbox.world.goto))
        code, found = checks(rollcall)
        assert code == 0
        assert set(found) == {(one.side, one.name) for one in ALL_CHECKS}
        assert repr(sandbox.world.goto) == before
        assert not sandbox.creates
        assert found["target", "write"]["status"] == "success"
        permissions = found["source", "permissions"]
        assert {one["name"]: one["status"] for one in permissions["parts"]} == dict.fromkeys(
            permissions["details"], "success"
        )
        domains = found["target", "domains"]
        assert domains["status"] == "warning"
        assert domains["advice"]

        said = rollcall.run("test-connection").stdout
        assert "User.Read.All: granted" in said
        assert "fjordlight.example" in said


def test_missing_permissions_are_told_from_optional_ones(tmp_path: Path) -> None:
    with Sandbox(users=1) as sandbox:
        rollcall = RollcallInside(tmp_path, sandbox)
        rollcall.import_profile()
        held = sandbox.world.faults.permissions
        held.discard("Organization.Read.All")
        code, found = checks(rollcall)
        assert code == 0
        assert found["source", "permissions"]["details"]["Organization.Read.All"] == (
            "missing, optional"
        )
        held.discard("GroupMember.Read.All")
        code, found = checks(rollcall)
        assert code == 3
        assert found["source", "permissions"]["details"]["GroupMember.Read.All"] == "missing"


def test_a_name_nobody_knows_and_an_untrusted_way_are_told_apart(tmp_path: Path) -> None:
    with Sandbox(users=1) as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        plain = sandbox.info()["goto_url"].replace("http://", "https://")
        rollcall.import_profile(source__login_url=UNKNOWN, target__url=plain)
        code, found = checks(rollcall)
        assert code == 3
        assert found["source", "names"]["status"] == "failure"
        assert "could not be resolved" in found["source", "names"]["fact"]
        assert found["source", "reach"]["status"] == "skipped"
        assert found["target", "names"]["ok"]
        assert found["target", "reach"]["ok"]
        assert found["target", "tls"]["status"] == "failure"
        assert "TLS" in found["target", "tls"]["fact"]
        assert all(one["advice"] for one in found.values() if one["status"] == "failure")
