"""The command line against the practice tenant: first run to steady state, changes, kills."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from sync_world import Rollcall, created_twice, expected_addresses, seated

from app.sandbox.server import Sandbox


def test_thousand_people_then_nothing_then_exactly_the_changes(tmp_path: Path) -> None:
    with Sandbox(users=1000) as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile()
        code, lines = rollcall.sync()
        first = lines[-1]
        assert (code, first["outcome"]) == (0, "succeeded")
        assert seated(sandbox) == expected_addresses(sandbox)
        assert first["created"] > 700
        assert first["requests"]["target"] == sandbox.requests["goto"] <= 60
        assert created_twice(sandbox) == {}

        sandbox.requests.clear()
        code, lines = rollcall.sync()
        assert code == 0
        assert len(lines) == 1
        second = lines[0]
        assert second["kind"] == "incremental"
        assert second["requests"] == {"source": 5, "target": 0}
        assert sum(sandbox.requests.values()) <= 6
        assert second["unchanged"] == first["created"] + first["linked"] + first["updated"]

        for happening in ("join", "leave", "marry", "move_group", "disable"):
            getattr(sandbox.world, happening)()
        code, lines = rollcall.sync()
        third = lines[-1]
        assert code == 0
        assert seated(sandbox) == expected_addresses(sandbox)
        done = third["created"] + third["updated"] + third["disabled"]
        assert 3 <= done <= 5


def test_ten_requests_a_second_lose_nobody(tmp_path: Path) -> None:
    with Sandbox(users=300, requests_per_second=10) as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile(target__requests_per_second=10)
        code, lines = rollcall.sync()
        assert code == 0
        assert seated(sandbox) == expected_addresses(sandbox)
        assert lines[-1]["throttled"] <= 1


def test_killed_three_times_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    with Sandbox(users=400, latency_ms=60) as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile()
        for made in (1, 101, 201):
            process = subprocess.Popen(
                rollcall.command("sync", "--json"),
                env=rollcall.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            _wait_until(lambda enough=made: sandbox.creates.total() >= enough)
            assert process.poll() is None
            process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
            process.wait()
        assert 0 < len(seated(sandbox)) < len(expected_addresses(sandbox))
        code, lines = rollcall.sync()
        assert code == 0, lines[-1]
        assert seated(sandbox) == expected_addresses(sandbox)
        assert created_twice(sandbox) == {}


def _wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_brake_holds_then_release_lets_through(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile(safety__max_removals=2)
        assert rollcall.sync()[0] == 0
        before = seated(sandbox)
        sandbox.world.unassign("GoToMeeting Engineering")
        sandbox.world.join()
        code, lines = rollcall.sync()
        assert code == 4
        assert lines[-1]["held_because"] == "max_removals"
        assert lines[-1]["created"] == 1
        assert lines[-1]["disabled"] == 0
        assert before <= seated(sandbox)
        code, lines = rollcall.sync()
        assert (code, lines[-1]["outcome"]) == (4, "held")
        released = json.loads(rollcall.run("release", "--json").stdout)["released"]
        assert released > 2
        code, lines = rollcall.sync()
        assert (code, lines[-1]["disabled"]) == (0, released)
        assert seated(sandbox) == expected_addresses(sandbox)


def test_kept_people_stay_until_their_source_changes(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile(safety__max_removals=2)
        rollcall.sync()
        before = seated(sandbox)
        sandbox.world.unassign("GoToMeeting Engineering")
        assert rollcall.sync()[0] == 4
        assert json.loads(rollcall.run("keep", "--json").stdout)["kept"] > 2
        code, lines = rollcall.sync()
        assert (code, lines[-1]["disabled"]) == (0, 0)
        code, lines = rollcall.sync("--initial")
        assert (code, lines[-1]["disabled"]) == (0, 0)
        assert seated(sandbox) == before


def test_empty_assignment_list_removes_nobody(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile()
        rollcall.sync()
        before = seated(sandbox)
        grants = list(sandbox.world.directory.grants)
        sandbox.world.directory.grants.clear()
        code, lines = rollcall.sync()
        assert (code, lines[-1]["held_because"]) == (4, "source_empty")
        assert seated(sandbox) == before
        sandbox.world.directory.grants.extend(grants)
        code, lines = rollcall.sync()
        assert (code, lines[-1]["outcome"]) == (0, "succeeded")
        assert seated(sandbox) == before


def test_no_free_seat_fails_one_person_not_the_run(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        sandbox.world.set_seats(8)
        rollcall.import_profile()
        code, lines = rollcall.sync()
        assert code == 1
        codes = {line["code"] for line in lines[:-1] if line["status"] == "failure"}
        assert codes == {"LicenseLimitExceeded"}
        assert lines[-1]["created"] > 0
        assert lines[-1]["escrowed"] == lines[-1]["failed"] > 0
        sandbox.world.set_seats(60)
        code, lines = rollcall.sync("--initial")
        assert code == 0
        assert seated(sandbox) == expected_addresses(sandbox)


def test_two_people_with_one_address_are_both_left_alone(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        sandbox.world.assign("helmi.virtanen", "GoToMeeting User")
        rollcall.import_profile()
        code, lines = rollcall.sync()
        assert code == 1
        failed = [line for line in lines[:-1] if line["status"] == "failure"]
        assert {line["code"] for line in failed} == {"DuplicateSourceEntries"}
        assert len(failed) == 2
        assert "virtanen@haldenroux.example" not in seated(sandbox)


def test_plan_writes_nothing_and_a_stale_one_is_refused(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile()
        before = seated(sandbox)
        plan = tmp_path / "plan.jsonl"
        done = rollcall.run("plan", "--json", "--out", str(plan))
        assert done.returncode == 0
        last = json.loads(done.stdout.splitlines()[-1])
        assert last["record"] == "plan"
        assert last["created"] == 15
        assert seated(sandbox) == before
        sandbox.world.join()
        code, lines = rollcall.sync("--plan", str(plan))
        assert (code, lines[-1]["held_because"]) == (4, "stale_plan")
        assert seated(sandbox) == before
        rollcall.run("plan", "--out", str(plan))
        code, lines = rollcall.sync("--plan", str(plan))
        assert (code, lines[-1]["created"]) == (0, 16)


def test_foreign_account_and_administrator_are_never_touched(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile()
        for _ in range(3):
            assert rollcall.sync()[0] == 0
            sandbox.world.random_change()
        boardroom = sandbox.world.goto.at("boardroom@haldenroux.example")
        assert boardroom is not None
        assert boardroom.licences
        assert sandbox.world.administrator.roles


class Inbox:
    """Keeps what a mail server gets."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=modern)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


def test_a_mail_when_cycles_begin_to_fail_and_one_when_they_work_again(tmp_path: Path) -> None:
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with Sandbox() as sandbox:
            rollcall = Rollcall(tmp_path, sandbox)
            smtp = {"host": "127.0.0.1", "port": port, "security": "none", "from": "r@example.com"}
            rollcall.import_profile(
                notification={"email": ["ops@example.com"], "on_failure": True, "smtp": smtp}
            )
            assert rollcall.sync()[0] == 0
            assert inbox.mails == []
            sandbox.world.expire_credentials()
            assert rollcall.sync()[0] == 3
            assert rollcall.sync()[0] == 3
            sandbox.world.renew_credentials()
            assert rollcall.sync()[0] == 0
    finally:
        server.stop()
    assert [mail["Subject"] for mail in inbox.mails] == [
        "Rollcall: Provisioning of practice is in quarantine",
        "Rollcall: The quarantine of practice is over",
    ]
    assert inbox.mails[0]["To"] == "ops@example.com"
    assert "has expired" in inbox.mails[0].get_body(("plain",)).get_content()


def test_a_mail_server_that_does_not_answer_leaves_the_cycle_as_it_is(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        smtp = {"host": "127.0.0.1", "port": 9, "security": "none", "from": "r@example.com"}
        rollcall.import_profile(
            notification={"email": ["ops@example.com"], "on_failure": True, "smtp": smtp}
        )
        sandbox.world.expire_credentials()
        code, lines = rollcall.sync()
        assert (code, lines[-1]["outcome"]) == (3, "failed")


def test_wrong_secret_and_unreachable_host_end_in_exit_3(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        rollcall.import_profile()
        sandbox.world.expire_credentials("source")
        done = rollcall.run("sync")
        assert done.returncode == 3
        assert "secret" in (done.stdout + done.stderr).lower()
        sandbox.world.renew_credentials()
        sandbox.world.expire_credentials("target")
        assert rollcall.sync()[0] == 3
        sandbox.world.renew_credentials()
        assert rollcall.sync()[0] == 0
        assert created_twice(sandbox) == {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"source__tenant": None}, "source.tenant"),
        ({"interval_minutes": "often"}, "interval_minutes"),
        ({"colour": "blue"}, "colour"),
        ({"target__url": "http://api.example.com/x"}, "target.url"),
    ],
)
def test_wrong_profile_names_the_key(tmp_path: Path, change: dict[str, object], said: str) -> None:
    sandbox = Sandbox()
    rollcall = Rollcall(tmp_path, sandbox)
    document = sandbox.info()["profile"]
    for path, value in change.items():
        *parents, last = path.split("__")
        place = document
        for name in parents:
            place = place[name]
        if value is None:
            del place[last]
        else:
            place[last] = value
    done = rollcall.run("profile", "import", "-", stdin=json.dumps(document))
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2
