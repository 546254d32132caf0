"""`assignments`, `assign`, `unassign` and `roles` as an administrator types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sync_world import RollcallInside, seated

from app.domain.people import DEFAULT_ACCESS
from app.sandbox.server import Sandbox

MARTA = "marta.lindqvist@haldenroux.example"


@pytest.fixture
def world(tmp_path: Path):
    with Sandbox(users=40) as sandbox:
        rollcall = RollcallInside(tmp_path, sandbox)
        rollcall.import_profile()
        yield sandbox, rollcall


def stranger(sandbox: Sandbox) -> Any:
    """Somebody who may sign in, holds no role in any way and has no account."""
    entitled = {one.id for one, _ in sandbox.world.entitled()}
    granted = {one.principal_id for one in sandbox.world.directory.living_grants()}
    return next(
        one
        for one in sandbox.world.directory.living_people()
        if one.id not in entitled | granted
        and one.enabled
        and all(one.text(name) for name in ("mail", "givenName", "surname"))
        and sandbox.world.goto.at(one.text("mail")) is None
        and len(sandbox.world.directory.at_address(one.text("mail"))) == 1
    )


def records(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def only_role(sandbox: Sandbox) -> None:
    """The application has one role."""
    directory = sandbox.world.directory
    with sandbox.world.lock:
        directory.set_roles(directory.application.roles[:1])


def test_every_assignment_is_listed_with_the_reason(world) -> None:
    sandbox, rollcall = world
    done = rollcall.run("assignments", "--json")
    assert done.returncode == 0
    *rows, total = records(done)
    grants = {one.id: one for one in sandbox.world.directory.living_grants()}
    assert {one["id"] for one in rows} == grants.keys()
    for row in rows:
        grant = grants[row["id"]]
        assert row["principal"]["id"] == grant.principal_id
        assert row["role"]["id"] == grant.role_id
        assert row["effective"] is (row["people"] > 0)
        if grant.role_id == DEFAULT_ACCESS:
            assert not row["effective"]
            assert "Default Access" in row["reason"]
    assert total["record"] == "assignments"
    assert total["assignments"] == len(rows)
    assert total["entitled"] == len({one.id for one, _ in sandbox.world.entitled()})
    said = rollcall.run("assignments").stdout.splitlines()
    assert len(said) == len(rows) + 1
    assert any("GoToMeeting Sales" in line and "Group" in line for line in said)


def test_assigned_provisioned_unassigned_disabled(world) -> None:
    sandbox, rollcall = world
    person = stranger(sandbox)
    address, mail = person.text("userPrincipalName"), person.text("mail")
    done = rollcall.run("assign", address, "--role", "G2M", "--json")
    (said,) = records(done)
    assert done.returncode == 0
    assert (said["record"], said["result"], said["warnings"]) == ("assign", "assigned", [])
    assert said["principal"] == {
        "id": person.id,
        "name": person.text("displayName"),
        "type": "person",
    }
    assert said["role"]["name"] == "GoToMeeting User"
    assert said["assignment"] in {one.id for one in sandbox.world.directory.living_grants()}
    again = rollcall.run("assign", address.upper(), "--role", "gotomeeting user", "--json")
    assert (again.returncode, records(again)[0]["result"]) == (0, "already_assigned")
    assert records(again)[0]["assignment"] == said["assignment"]

    rollcall.sync()
    assert mail in seated(sandbox)

    done = rollcall.run("unassign", address)
    assert done.returncode == 0
    assert "no longer has the role GoToMeeting User" in done.stdout
    assert f"account of {person.text('displayName')} is disabled" in done.stdout
    _, lines = rollcall.sync()
    assert [one["source"]["id"] for one in lines[:-1] if one["action"] == "disable"] == [person.id]
    assert mail not in seated(sandbox)
    done = rollcall.run("unassign", address, "--json")
    assert (done.returncode, records(done)[0]["result"]) == (0, "not_assigned")


def test_a_role_is_made_assigned_and_provisioned_with_faults_in_between(world) -> None:
    sandbox, rollcall = world
    sandbox.world.remove_roles()
    person = stranger(sandbox)
    refused = rollcall.run("assign", person.id)
    assert refused.returncode == 2
    assert "only Default Access" in refused.stderr
    assert 'rollcall roles add "GoToMeeting User"' in refused.stderr

    sandbox.world.set_fault("role_lag", 1)
    done = rollcall.run("roles", "add", "GoToMeeting User", "--value", "G2M", "--json")
    (made,) = records(done)
    assert done.returncode == 0
    assert (made["record"], made["ready"], made["assignable"]) == ("role", True, True)
    sandbox.world.throttle(service="graph", next_requests=2, retry_after=0.1)
    sandbox.world.fail_next("graph", [503])
    done = rollcall.run("assign", person.id, "--json")
    assert records(done)[0]["role"] == {
        "id": made["id"],
        "name": "GoToMeeting User",
        "value": "G2M",
    }
    code, lines = rollcall.sync()
    assert code == 0
    assert [one["target"]["name"] for one in lines[:-1] if one["action"] == "create"] == [
        person.text("mail")
    ]
    listed = rollcall.run("roles", "--json")
    assert [one["value"] for one in records(listed)] == ["G2M"]
    twice = rollcall.run("roles", "add", "Another", "--value", "g2m")
    assert twice.returncode == 2
    assert "has the value g2m already" in twice.stderr


def test_several_roles_have_to_be_named_and_default_access_cannot_be(world) -> None:
    sandbox, rollcall = world
    person = stranger(sandbox)
    for words, says in (
        ((), "several roles: GoToMeeting User; Meeting and Webinar"),
        (("--role", "Default Access"), "Default Access cannot be chosen"),
        (("--role", "Presenter"), "has no role Presenter"),
    ):
        done = rollcall.run("assign", person.id, *words)
        assert done.returncode == 2
        assert says in done.stderr
        assert "GoToMeeting User; Meeting and Webinar" in done.stderr
    only_role(sandbox)
    done = rollcall.run("assign", person.id)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        ("AppRoleAssignment.ReadWrite.All", ("assign", MARTA, "--role", "G2W")),
        ("AppRoleAssignment.ReadWrite.All", ("unassign", "GoToMeeting Sales")),
        ("Application.ReadWrite.All", ("roles", "add", "Presenter")),
    ],
)
def test_the_missing_permission_is_named_and_cycles_do_without(world, permission, words) -> None:
    sandbox, rollcall = world
    sandbox.world.revoke_permission(permission)
    before = [(one.principal_id, one.role_id) for one in sandbox.world.directory.living_grants()]
    done = rollcall.run(*words, "--json")
    assert done.returncode == 3
    (said,) = records(done)
    assert permission in said["error"]["message"]
    assert f"Add the application permission {permission}" in said["error"]["advice"]
    after = [(one.principal_id, one.role_id) for one in sandbox.world.directory.living_grants()]
    assert after == before
    assert rollcall.run("test-connection").returncode == 0
    assert rollcall.sync()[0] in (0, 1)


def test_a_name_that_several_have_is_answered_with_the_candidates(world) -> None:
    sandbox, rollcall = world
    one = stranger(sandbox)
    with sandbox.world.lock:
        sandbox.world.directory.change(one, {"displayName": "Marta Lindqvist"})
    (marta,) = sandbox.world.directory.at_address(MARTA)
    done = rollcall.run("assign", "Marta Lindqvist", "--role", "G2W")
    assert done.returncode == 2
    assert "2 people and groups are called Marta Lindqvist" in done.stderr
    assert one.id in done.stderr
    assert f"{marta.id} Marta Lindqvist ({MARTA})" in done.stderr
    near = rollcall.run("assign", "Marta Lind", "--role", "G2W")
    assert near.returncode == 2
    assert "Nobody and no group is called Marta Lind." in near.stderr
    assert MARTA in near.stderr
    nobody = rollcall.run("unassign", "Zz Top")
    assert nobody.returncode == 2
    assert "Nobody and no group is called Zz Top" in nobody.stderr


def test_groups_are_assigned_and_those_that_bring_nobody_are_warned_about(world) -> None:
    sandbox, rollcall = world
    inner, person = sandbox.world.directory, stranger(sandbox)
    sandbox.world.add_group("Trainers")
    sandbox.world.add_group("All of Training")
    with sandbox.world.lock:
        groups = {one.name: one for one in inner.living_groups()}
        inner.join(groups["Trainers"], person.id)
        inner.join(groups["All of Training"], groups["Trainers"].id, "group")
    outer = rollcall.run("assign", "All of Training", "--role", "G2M")
    assert outer.returncode == 0
    assert "has only groups as members" in outer.stderr
    with sandbox.world.lock:
        groups["Trainers"].security_enabled = False
    unified = rollcall.run("assign", "Trainers", "--role", "G2M", "--json")
    (said,) = records(unified)
    assert said["principal"]["type"] == "group"
    assert said["warnings"] == ["Trainers is not a security group, so its members get no account."]
    with sandbox.world.lock:
        groups["Trainers"].security_enabled = True
    gone = rollcall.run("unassign", "trainers", "--json")
    (said,) = records(gone)
    assert (said["result"], said["losing"]) == ("unassigned", [person.id])
    followless = rollcall.run("unassign", "All of Training")
    assert "Nothing follows: this assignment gives nobody an account." in followless.stdout


def test_who_holds_two_roles_says_which_and_keeps_the_account_by_the_other(world) -> None:
    sandbox, rollcall = world
    person = stranger(sandbox)
    for role in ("G2M", "G2W"):
        assert rollcall.run("assign", person.id, "--role", role).returncode == 0
    which = rollcall.run("unassign", person.id)
    assert which.returncode == 2
    assert "holds several roles: GoToMeeting User; Meeting and Webinar" in which.stderr
    done = rollcall.run("unassign", person.id, "--role", "Meeting and Webinar", "--json")
    (said,) = records(done)
    assert said["losing"] == []
    assert "assigned in another way too" in said["follows"]


def test_default_access_can_be_taken_away(world) -> None:
    sandbox, rollcall = world
    grant = next(
        one for one in sandbox.world.directory.living_grants() if one.role_id == DEFAULT_ACCESS
    )
    done = rollcall.run("unassign", grant.principal_id, "--role", "Default Access", "--json")
    (said,) = records(done)
    assert (said["result"], said["losing"]) == ("unassigned", [])
    assert said["follows"].startswith("Nothing follows")
    assert not grant.present


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")
@pytest.mark.parametrize(("typed", "code", "left"), [("n", 130, True), ("y", 0, False)])
def test_a_terminal_asks_before_it_takes_away(world, typed, code, left) -> None:
    """And the command is one of the program that is started."""
    import pty

    sandbox, rollcall = world
    person = stranger(sandbox)
    assert rollcall.run("assign", person.id, "--role", "G2M").returncode == 0
    master, slave = pty.openpty()
    os.write(master, f"{typed}\n".encode())
    done = subprocess.run(
        rollcall.command("unassign", person.id),
        env=rollcall.environment,
        stdin=slave,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    os.close(master)
    os.close(slave)
    assert done.returncode == code, done.stderr
    assert "is disabled" in done.stderr
    assert "Take the role GoToMeeting User from" in done.stderr
    held = {one.principal_id for one in sandbox.world.directory.living_grants()}
    assert (person.id in held) is left


def test_in_french_it_is_french(world) -> None:
    sandbox, rollcall = world
    rollcall.environment["ROLLCALL_LANGUAGE"] = "fr"
    done = rollcall.run("assign", stranger(sandbox).id, "--role", "Presenter")
    assert done.returncode == 2
    assert "GoToMeeting n’a pas de rôle Presenter." in done.stderr
