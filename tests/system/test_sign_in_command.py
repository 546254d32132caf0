"""`rollcall sign-in` and the cycles after it: the program, a keyring, practice servers."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sync_world import Rollcall, expected_addresses, seated

from app.sandbox.server import Sandbox

sys.path.insert(0, str(Path(__file__).parents[1] / "connectors"))

from people import press

HERE = Path(__file__).parent


@pytest.fixture
def sandbox():
    with Sandbox(users=6, groups=1) as running:
        running.world.faults.device_interval = 1
        running.world.faults.rotate_refresh_tokens = True
        yield running


class Program(Rollcall):
    """With a keyring in a file, and a browser that presses a button."""

    def __init__(self, home: Path, sandbox: Sandbox, decision: str = "allow") -> None:
        super().__init__(home, sandbox)
        home.mkdir(parents=True, exist_ok=True)
        for name in [name for name in self.environment if name.startswith("ROLLCALL_SECRET")]:
            del self.environment[name]
        self.keyring = home / "keyring.json"
        self.environment |= {
            "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]),
            "PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring",
            "ROLLCALL_TEST_KEYRING_FILE": str(self.keyring),
            "BROWSER": f"{sys.executable} {HERE / 'visitor.py'} {decision} %s",
        }

    def browser_profile(self, source: str = "browser") -> None:
        document = self.sandbox.info()["profile"]
        document["source"]["sign_in"] = source
        document["target"]["sign_in"] = "browser"
        document["target"]["requests_per_second"] = 10_000
        del document["target"]["user_name"]
        done = self.run("profile", "import", "-", "--replace", stdin=json.dumps(document))
        assert done.returncode == 0, done.stderr


def test_both_sides_in_the_browser_then_cycles_without_anybody(sandbox, tmp_path) -> None:
    program = Program(tmp_path, sandbox)
    program.browser_profile()
    refused = program.run("sync", "--json")
    assert refused.returncode == 3
    assert "rollcall sign-in -p practice --side source" in refused.stdout
    done = program.run("sign-in", "--json")
    assert done.returncode == 0, done.stderr
    (said,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert said == {
        "profile": "practice",
        "signed_in": [
            {"side": "source", "sign_in": "browser", "user": "admin@haldenroux.example"},
            {
                "side": "target",
                "sign_in": "browser",
                "user": sandbox.world.administrator.email,
            },
        ],
    }
    assert "/oauth2/v2.0/authorize?" in done.stderr
    assert "/oauth/authorize?" in done.stderr
    assert program.sync()[0] == 0
    assert seated(sandbox) == expected_addresses(sandbox)
    doctor = json.loads(program.run("doctor", "--json").stdout)
    assert set(doctor["sign_ins"]) == {"practice source", "practice target"}
    assert all(when.endswith("Z") for when in doctor["sign_ins"].values())
    kept = program.keyring.read_text()
    # What was kept shows nowhere else.
    tokens = set(re.findall(r"practice-(?:graph-)?refresh-[0-9a-f-]+", kept))
    assert len(tokens) == 2
    shown = done.stdout + done.stderr
    shown += "".join(file.read_text() for file in tmp_path.rglob("*.log"))
    assert not [one for one in tokens if one in shown]
    # A quiet cycle asks GoTo nothing, but renews a sign-in that is a day old.
    asked = sandbox.requests["goto"]
    assert program.sync()[0] == 0
    assert sandbox.requests["goto"] == asked
    renewed = re.sub(r'(renewed_at\W+"?)20\d\d', r"\g<1>2001", program.keyring.read_text())
    program.keyring.write_text(renewed)
    assert program.sync()[0] == 0
    assert sandbox.requests["goto"] == asked + 1
    assert "2001" not in program.keyring.read_text()
    # Signed out, it ends with what to run.
    sandbox.world.sign_people_out("source")
    code, lines = program.sync()
    assert code == 3
    assert lines[-1]["outcome"] == "failed"
    assert "rollcall sign-in -p practice --side source" in lines[-1]["advice"]
    assert program.run("profile", "delete", "practice", "--yes").returncode == 0
    assert json.loads(program.keyring.read_text()) == {}


def test_a_code_is_the_first_json_line(sandbox, tmp_path) -> None:
    program = Program(tmp_path, sandbox)
    program.browser_profile("device_code")
    started = subprocess.Popen(
        program.command("sign-in", "--side", "source", "--json"),
        env=program.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with started:
        assert started.stdout is not None
        shown = json.loads(started.stdout.readline())
        assert set(shown) == {"side", "code", "address", "expires_at"}
        press(f"{shown['address']}?user_code={shown['code']}")
        rest, errors = started.communicate(timeout=30)
    assert started.returncode == 0, errors
    assert json.loads(rest)["signed_in"][0]["sign_in"] == "device_code"
    text = program.run("test-connection")
    assert "Nobody is signed in at GoTo" in text.stdout + text.stderr


def test_who_declines_ends_with_3_and_ctrl_c_with_130(sandbox, tmp_path) -> None:
    program = Program(tmp_path, sandbox, "decline")
    program.browser_profile()
    done = program.run("sign-in", "--side", "target")
    assert done.returncode == 3
    assert "declined" in done.stderr
    program.environment["BROWSER"] = "true %s"
    started = subprocess.Popen(
        program.command("sign-in"), env=program.environment, stderr=subprocess.PIPE, text=True
    )
    with started:
        assert started.stderr is not None
        assert "Sign in at Microsoft" in started.stderr.readline()
        started.send_signal(signal.SIGINT)
        assert started.wait(30) == 130


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("sign-in", "--side", "both"), "source or target"),
        (("secret", "set", "practice", "source.sign_in"), "rollcall sign-in -p practice"),
    ],
)
def test_wrong_words_are_named(sandbox, tmp_path, words, says) -> None:
    program = Program(tmp_path, sandbox)
    program.browser_profile()
    done = program.run(*words, stdin="x")
    assert done.returncode == 2
    assert says in done.stderr


def test_who_needs_nobody_and_who_has_no_keyring_say_so(sandbox, tmp_path) -> None:
    program = Program(tmp_path, sandbox)
    program.import_profile()
    done = program.run("sign-in", "--side", "target")
    assert done.returncode == 2
    assert "Nobody has to sign in" in done.stderr
    # Without a keyring nobody is sent to a browser for nothing.
    program.browser_profile()
    program.environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    done = program.run("sign-in")
    assert done.returncode == 3
    assert "no keyring" in done.stderr
    assert sandbox.requests.total() == 0


def test_two_programs_at_once_share_one_rotating_sign_in(sandbox, tmp_path) -> None:
    """Each renews a few times: with the old token after the other's rotation it would be out."""
    program = Program(tmp_path, sandbox)
    program.browser_profile()
    assert program.run("sign-in").returncode == 0
    sandbox.world.faults.latency_seconds = 0.05
    codes: list[int] = []

    def look() -> None:
        codes.extend(program.run("test-connection").returncode for _ in range(2))

    threads = [threading.Thread(target=look) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert codes == [0] * 4


def test_a_certificate_from_the_keyring_opens_the_directory(sandbox, tmp_path) -> None:
    from test_microsoft_certificate import CERTIFICATE, PEM, pem_of

    program = Program(tmp_path, sandbox)
    sandbox.world.register_certificate(pem_of(CERTIFICATE))
    program.import_profile(source__sign_in="certificate")
    assert program.run("secret", "set", "practice", "source.certificate", stdin=PEM).returncode == 0
    known = sandbox.world.credentials
    program.run("secret", "set", "practice", "target.password", stdin=known.password)
    # A certificate with its key is longer than an entry of the keyring.
    assert len(json.loads(program.keyring.read_text())) > 2
    assert program.sync()[0] == 0
    status = json.loads(program.run("status", "--json").stdout)
    assert status["credential_ends_at"] == "2036-01-01T00:00:00.000Z"


def test_assigning_takes_a_sign_in_that_asked_for_it(sandbox, tmp_path) -> None:
    program = Program(tmp_path, sandbox)
    program.browser_profile()
    directory = sandbox.world.directory
    marta = "marta.lindqvist@haldenroux.example"
    words = ("assign", marta, "--role", "Meeting and Webinar", "--json")
    assert program.run("sign-in", "--side", "source").returncode == 0
    refused = program.run(*words)
    assert refused.returncode == 3
    said = json.loads(refused.stdout)["error"]
    assert "AppRoleAssignment.ReadWrite.All" in said["message"]
    assert "rollcall sign-in --side source --manage-assignments" in said["advice"]
    # The refusal costs cycles nothing.
    listed = program.run("assignments", "--json")
    assert listed.returncode == 0

    again = program.run("sign-in", "--side", "source", "--manage-assignments")
    assert again.returncode == 0
    assert "AppRoleAssignment.ReadWrite.All" in again.stderr
    done = program.run(*words)
    assert done.returncode == 0
    assert json.loads(done.stdout)["result"] == "assigned"
    assert json.loads(done.stdout)["assignment"] in {one.id for one in directory.living_grants()}
    assert program.run("roles", "add", "Presenter").returncode == 0
    assert directory.application.roles[-1].name == "Presenter"
    assert program.run("assignments", "--json").returncode == 0
