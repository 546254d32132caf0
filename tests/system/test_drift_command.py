"""`drift` as an administrator types it: look, decide, plan, sync."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sync_world import RollcallInside

from app.sandbox.server import Sandbox


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_look_decide_and_sync(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = RollcallInside(tmp_path, sandbox)
        rollcall.import_profile()
        assert lines(rollcall.run("drift", "--json").stdout) == []
        assert "Nothing is known" in rollcall.run("drift").stdout
        assert rollcall.sync()[0] == 0
        world = sandbox.world
        people = [person for person, _ in world.entitled()][:2]
        first, second = (world.goto.at(person.text("mail")) for person in people)
        assert first is not None
        assert second is not None
        names = first.last_name, second.last_name
        for user in (first, second):
            world.edit_account(user.email, last_name="Edited")

        found = lines(rollcall.run("drift", "--read", "--json").stdout)
        assert [(one["record"], one["attribute"], one["found"]) for one in found] == [
            ("drift", "lastName", "Edited")
        ] * 2
        assert {one["wished"] for one in found} == set(names)
        assert {(one["choice"], one["decision"]) for one in found} == {("report", None)}
        assert (first.last_name, second.last_name) == ("Edited", "Edited")
        assert json.loads(rollcall.run("status", "--json").stdout)["drifted"] == 2
        assert "changed by hand" in rollcall.run("status").stdout
        said = rollcall.run("why", people[0].id).stdout
        assert "lastName is Edited" in said

        done = rollcall.run("drift", "repair", people[0].id, "--attribute", "lastName", "--json")
        assert lines(done.stdout) == [{"repair": 1}]
        done = rollcall.run("drift", "accept", people[1].id, "--json")
        assert lines(done.stdout) == [{"accept": 1}]
        planned = lines(rollcall.run("plan", "--json").stdout)
        assert [(one["action"], one["reason"]) for one in planned[:-1]] == [("update", "drift")]
        code, records = rollcall.sync()
        assert (code, records[-1]["updated"]) == (0, 1)
        assert (first.last_name, second.last_name) == (names[0], "Edited")
        shown = rollcall.run("drift").stdout
        assert "accepted" in shown
        assert people[0].text("displayName") not in shown
        assert rollcall.run("drift", "repair", "nobody at all").returncode == 2
