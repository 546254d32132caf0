"""`why` and `provision` as an administrator types them."""

from __future__ import annotations

import json
from pathlib import Path

from sync_world import Rollcall, seated

from app.sandbox.scim_schemas import GROUP, GROUP_KIND
from app.sandbox.server import Sandbox

MARTA = "marta.lindqvist@haldenroux.example"


def test_why_then_provision_then_a_quiet_cycle(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile()
        done = rollcall.run("why", "wei.li@haldenroux.example", "--json")
        said = json.loads(done.stdout)
        assert done.returncode == 0
        assert (said["record"], said["in_scope"], said["reason"]) == ("why", True, "assigned")
        assert said["paths"][0] == {
            "role": "GoToMeeting User",
            "groups": ["GoToMeeting Engineering"],
            "counts": True,
            "reason": "counts",
        }
        assert said["account"] is said["origin"] is None
        assert said["next"]["action"] == "create"
        assert [step["name"] for step in said["steps"]] == ["import", "scope", "match", "action"]

        done = rollcall.run("provision", "wei.li@haldenroux.example", "--json")
        (line,) = done.stdout.splitlines()
        made = json.loads(line)
        assert done.returncode == 0
        assert (made["record"], made["result"]) == ("provision", "success")
        assert made["activity"]["record"] == "activity"
        assert made["activity"]["action"] == "create"
        assert made["origin"] == "created"
        assert "wei.li@haldenroux.example" in seated(sandbox)

        code, lines = rollcall.sync()
        assert code == 0
        assert "wei.li@haldenroux.example" not in {one["target"].get("name") for one in lines[:-1]}


def test_the_answer_fits_one_screen_and_french_is_french(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile()
        done = rollcall.run("why", "Marta Lindqvist")
        lines = done.stdout.splitlines()
        assert lines[0].startswith("Marta Lindqvist has a GoToMeeting account")
        assert len(lines) <= 24
        rollcall.environment["ROLLCALL_LANGUAGE"] = "fr"
        done = rollcall.run("why", "Marta Lindqvist")
        assert "Marta Lindqvist a un compte GoToMeeting" in done.stdout


def test_a_group_comes_after_its_members_as_lines_and_as_text(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        info = sandbox.info()
        rollcall.environment["ROLLCALL_SECRET__PRACTICE__TARGET_TOKEN"] = info["scim_token"]
        target = {"kind": "scim2", "url": info["scim_url"], "sign_in": "bearer"}
        rollcall.import_profile(target=target, mappings={"groups": {"enabled": True}})
        words = ["provision", "GoToMeeting Sales", "--member", "jonas.weber@haldenroux.example"]
        done = rollcall.run(*words, "--json")
        assert done.returncode == 0
        person, group = (json.loads(line) for line in done.stdout.splitlines())
        assert (person["user"]["name"], person["group"]) == ("Jonas Weber", None)
        assert group["user"] is group["account"] is None
        assert set(person) - set(group) == set()
        assert set(group) - set(person) == {"target_group", "activities"}
        assert (group["record"], group["result"]) == ("provision", "success")
        assert group["group"]["name"] == group["target_group"]["name"] == "GoToMeeting Sales"
        assert group["group"]["security_enabled"] is True
        assert group["activity"] == group["activities"][0]
        assert [one["action"] for one in group["activities"]] == ["create", "update"]
        assert [one["name"] for one in group["steps"]] == [
            "import",
            "scope",
            "match",
            "action",
            "members",
        ]
        assert group["steps"][-1]["evidence"] == [{"text": "Jonas Weber was added", "passed": True}]
        assert group["next"]["action"] == "update"
        assert "\n\nThe group GoToMeeting Sales is at the target" in rollcall.run(*words).stdout
        rollcall.environment["ROLLCALL_LANGUAGE"] = "fr"
        assert "\n\nLe groupe GoToMeeting Sales" in rollcall.run(*words).stdout

        for _ in range(2):
            body = {"schemas": [GROUP], "displayName": "GoToMeeting Engineering"}
            sandbox.world.scim.put(GROUP_KIND, body, None, sandbox.world.now())
        done = rollcall.run("provision", "GoToMeeting Engineering", "--json")
        assert done.returncode == 1
        *_, group = (json.loads(line) for line in done.stdout.splitlines())
        assert (group["result"], group["code"]) == ("failure", "DuplicateTargetEntries")


def test_a_group_where_the_target_has_none(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile()
        words = ["provision", "GoToMeeting Sales", "--member", "jonas.weber@haldenroux.example"]
        done = rollcall.run(*words, "--json")
        assert done.returncode == 0
        _, group = (json.loads(line) for line in done.stdout.splitlines())
        assert (group["result"], group["activity"], group["activities"]) == ("skipped", None, [])
        action = next(one for one in group["steps"] if one["name"] == "action")
        assert "This target has no groups" in action["evidence"][0]["text"]


def test_wrong_words_are_answered_with_a_sentence(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile()
        done = rollcall.run("why", "marta.lindquist@haldenroux.example")
        assert done.returncode == 2
        assert "Did you mean Marta Lindqvist" in done.stderr
        members = [word for number in range(6) for word in ("--member", f"m{number}")]
        done = rollcall.run("provision", "GoToMeeting Sales", *members)
        assert done.returncode == 2
        assert "up to 5" in done.stderr


def test_a_failure_is_exit_1_and_no_connection_exit_3(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile()
        sandbox.world.set_seats(0)
        done = rollcall.run("provision", "wei.li@haldenroux.example", "--json")
        assert done.returncode == 1
        failed = json.loads(done.stdout)
        assert failed["code"] == failed["activity"]["code"] == "LicenseLimitExceeded"
        sandbox.world.expire_credentials()
        assert rollcall.run("provision", MARTA).returncode == 3
