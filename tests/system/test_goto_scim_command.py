"""The command line with GoTo's organisation as target: test, plan, cycles, a leaver, one person."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from sync_world import Rollcall, expected_addresses

from app.sandbox.server import Sandbox

PROFILE = "practice-goto-scim"


class Organization(Rollcall):
    """The ready profile that `sandbox serve` prints."""

    def __init__(self, home: Path, sandbox: Sandbox) -> None:
        super().__init__(home, sandbox)
        info = sandbox.info()
        document = info["goto_scim_profile"]
        document["target"]["requests_per_second"] = 10_000
        document["mappings"] = {"groups": {"enabled": True}}
        for name, value in info["secrets"].items():
            place = name.upper().replace(".", "_")
            self.environment[f"ROLLCALL_SECRET__PRACTICE_GOTO_SCIM__{place}"] = value
        done = self.run("profile", "import", "-", stdin=json.dumps(document))
        assert done.returncode == 0, done.stderr

    def checks(self) -> tuple[int, dict[str, dict[str, str]]]:
        done = self.run("test-connection", "--json")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return done.returncode, {
            line["name"]: line for line in lines if line.get("side") == "target"
        }


def test_the_first_line_of_the_practice_servers_holds_the_profile() -> None:
    served = subprocess.Popen(
        [sys.executable, "-m", "app", "sandbox", "serve", "--users", "1"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert served.stdout is not None
        info = json.loads(served.stdout.readline())
    finally:
        served.terminate()
        served.communicate(timeout=20)
    assert info["goto_scim_profile"]["target"]["url"] == info["goto_scim_url"]
    assert info["goto_scim_profile"]["target"]["kind"] == "goto-scim"
    assert info["profile"]["target"]["kind"] == "goto-admin"


def test_people_groups_and_a_leaver_through_the_command_line(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Organization(tmp_path, sandbox)
        organization = sandbox.world.organization
        code, checks = rollcall.checks()
        assert code == 0, checks
        assert "changes are allowed" in checks["rights"]["fact"]
        assert checks["account"]["fact"] == sandbox.world.goto.name

        plan = tmp_path / "plan.jsonl"
        assert rollcall.run("plan", "-p", PROFILE, "--out", str(plan)).returncode == 0
        assert not organization.teams
        code, lines = rollcall.sync("-p", PROFILE, "--plan", str(plan))
        assert code == 0, lines[-1]
        names = {one.name.lower() for one in organization.identities.values()}
        assert expected_addresses(sandbox) <= names
        assert set(organization.creates.values()) == {1}
        assert len(organization.teams) == len(sandbox.world.assigned_groups())

        code, lines = rollcall.sync("-p", PROFILE)
        assert (code, len(lines), lines[-1]["requests"]["target"]) == (0, 1, 0)

        person = next(sandbox.world.entitled())[0]
        before = repr(organization.at(person.text("mail")))
        sandbox.world.disable(person.id)
        code, lines = rollcall.sync("-p", PROFILE)
        about = [line for line in lines[:-1] if line["source"]["id"] == person.id]
        assert code == 0
        assert [(line["status"], line["code"]) for line in about] == [("warning", "NotImplemented")]
        assert about[0]["advice"]
        assert repr(organization.at(person.text("mail"))) == before

        why = rollcall.run("why", person.id, "-p", PROFILE)
        assert why.returncode == 0
        assert person.text("mail") in why.stdout

        sandbox.world.join("Ola", "Crashtest")
        newcomer = sandbox.world.directory.people[-1]
        done = rollcall.run("provision", newcomer.id, "-p", PROFILE)
        assert done.returncode == 0, done.stdout
        assert organization.at(newcomer.text("mail")) is not None


def test_the_connection_test_names_the_role_that_is_missing(tmp_path: Path) -> None:
    with Sandbox(users=1) as sandbox:
        rollcall = Organization(tmp_path, sandbox)
        for fault, role in (
            ("organization_write", "ROLE_ORG_WRITE"),
            ("organization_read", "ROLE_ORG_READ"),
        ):
            sandbox.world.set_fault(fault, False)
            code, checks = rollcall.checks()
            assert code == 3
            assert checks["account"]["status"] == "success"
            assert checks["rights"]["status"] == "failure"
            assert f"organisation role {role} is missing" in checks["rights"]["fact"]
            assert "ROLE_ORG_WRITE" in checks["rights"]["advice"]
        sandbox.world.set_fault("organization_read", True)
        code, lines = rollcall.sync("-p", PROFILE)
        assert code == 3
        assert lines[-1]["outcome"] == "failed"
