"""The command line with a SCIM 2.0 target: connection test, first cycle, quiet cycle, plan."""

from __future__ import annotations

import json
from pathlib import Path

from sync_world import Rollcall, expected_addresses

from app.sandbox.server import Sandbox


def test_people_and_groups_through_the_command_line(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        info = sandbox.info()
        rollcall.environment["ROLLCALL_SECRET__PRACTICE__TARGET_TOKEN"] = info["scim_token"]
        target = {"kind": "scim2", "url": info["scim_url"], "sign_in": "bearer"}
        rollcall.import_profile(target=target, mappings={"groups": {"enabled": True}})
        assert rollcall.run("test-connection").returncode == 0

        plan = tmp_path / "plan.jsonl"
        assert rollcall.run("plan", "--out", str(plan)).returncode == 0
        code, lines = rollcall.sync("--plan", str(plan))
        assert code == 0, lines[-1]
        users = sandbox.world.scim.resources["User"].values()
        assert {one["userName"].lower() for one in users} == expected_addresses(sandbox)
        assert all(one["active"] is True for one in users)
        groups = len(sandbox.world.assigned_groups())
        assert lines[-1]["groups"]["created"] == groups
        planned = [json.loads(line) for line in plan.read_text(encoding="utf-8").splitlines()]
        assert planned[-1]["groups"]["created"] == groups

        code, lines = rollcall.sync()
        assert (code, len(lines), lines[-1]["requests"]["target"]) == (0, 1, 0)
        said = rollcall.run("sync", "--initial").stdout
        assert "failed" in said
