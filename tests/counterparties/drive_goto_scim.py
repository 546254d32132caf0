"""A whole history through a proxy that checks every exchange against GoTo's own description.

python …/drive_goto_scim.py CONTRACT [PRISM]

CONTRACT is the vendor's description of the SCIM interface (OpenAPI), which is not ours to ship;
PRISM the command of `@stoplight/prism-cli`, else `prism`. Rollcall talks to the proxy, the proxy
to the practice GoTo; with `--errors` whatever is not as described is answered with an error. At
the end every request must have passed both ways, and a broken one of each kind must not.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "system")]

from sync_world import Rollcall, expected_addresses  # noqa: E402

from app.sandbox.organization import Identity  # noqa: E402
from app.sandbox.server import Sandbox  # noqa: E402

PROFILE = "practice-goto-scim"
SALES = "GoToMeeting Sales"
SMALL_KEY = 4_503_599_627_370_497
"""Prism counts as JavaScript does: the larger keys GoTo has would be refused in an address."""


class Proxy:
    """Prism between Rollcall and the practice GoTo."""

    def __init__(self, command: str, contract: str, upstream: str, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._log = log
        words = [command, "proxy", "--errors", "--host", "127.0.0.1", "--port", str(port)]
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [*words, contract, upstream], stdout=out, stderr=subprocess.STDOUT
            )
        for _ in range(300):
            if "listening" in self.said():
                return
            time.sleep(0.1)
        raise SystemExit(f"prism did not start:\n{self.said()}")

    def said(self) -> str:
        return re.sub(r"\x1b\[[0-9;]*m", "", self._log.read_text(errors="replace"))

    def tally(self) -> tuple[Counter[str], Counter[str], list[str]]:
        """Requests by method and path, answers by status, and every complaint.

        The connection test asks for the bare address to see whether anybody answers: that is no
        call of the interface, and Prism knows no such path.
        """
        lines = self.said().splitlines()
        said = "\n".join(line for line in lines if "[HTTP SERVER] get / " not in line)
        received = re.findall(r"\[HTTP SERVER\] (\w+) (\S+) .*Request received", said)
        answered = re.findall(r"upstream call to \S+ has returned (\d+)", said)
        complaints = [line for line in said.splitlines() if re.search(r"✖|Violation|error:", line)]
        return (
            Counter(
                f"{method.upper()} {re.sub(r'[0-9]+', '{key}', path)}" for method, path in received
            ),
            Counter(answered),
            complaints,
        )

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)


class Checked(Rollcall):
    """Rollcall with the proxy's address in its profile."""

    def profile(self, url: str, **mappings: Any) -> None:
        info = self.sandbox.info()
        document = info["goto_scim_profile"]
        document["target"] |= {"url": url, "requests_per_second": 10_000}
        document["mappings"] = mappings
        document["safety"] = {"max_removals": 50, "max_removal_percent": None}
        for name, value in info["secrets"].items():
            place = name.upper().replace(".", "_")
            self.environment[f"ROLLCALL_SECRET__PRACTICE_GOTO_SCIM__{place}"] = value
        done = self.run("profile", "import", "-", "--replace", stdin=json.dumps(document))
        assert done.returncode == 0, done.stderr

    def cycle(self, title: str, *words: str, failures: int = 0) -> list[dict[str, Any]]:
        code, lines = self.sync("-p", PROFILE, *words)
        failed = [line for line in lines[:-1] if line["status"] == "failure"]
        assert code == (1 if failures else 0), (lines[-1], failed[:3])
        assert len(failed) == failures, failed
        self.check()
        print(f"{title}: {self.counted()}, {lines[-1]['requests']['target']} requests")
        return lines

    def check(self) -> None:
        """Who should be there, written down a second time and simply; nobody twice."""
        organization, world = self.sandbox.world.organization, self.sandbox.world
        names = Counter(one.name.lower() for one in organization.identities.values())
        assert expected_addresses(self.sandbox) <= set(names)
        assert set(names.values()) == {1}
        assert set(organization.creates.values()) <= {1}
        people = {
            person.id: str(person.get("mail") or person.get("userPrincipalName")).lower()
            for person, _ in world.entitled()
        }
        for group in world.assigned_groups():
            team = organization.team_called(group.name)
            assert team is not None, group.name
            held = {name.lower() for name in organization.names_of(team.members)}
            missing = {people[key] for key in group.members if key in people} - held
            assert not missing, (group.name, missing)

    def counted(self) -> str:
        organization = self.sandbox.world.organization
        return f"{len(organization.identities)} identities, {len(organization.teams)} groups"


def history(sandbox: Sandbox, rollcall: Checked, url: str) -> None:
    world, organization = sandbox.world, sandbox.world.organization
    groups = {"enabled": True, "actions": ["create", "update", "delete"]}
    rollcall.profile(url, groups=groups)
    done = rollcall.run("test-connection", "-p", PROFILE)
    assert done.returncode == 0, done.stdout
    rollcall.cycle("initial")
    quiet = rollcall.cycle("second cycle changes nothing")
    assert quiet[-1]["requests"]["target"] == 0, quiet[-1]

    for happening in (world.join, world.marry, world.move_group):
        happening()
    world.rename_group("GoToMeeting Engineering", "Engineering of tomorrow")
    world.rename(next(world.entitled())[0].id, surname="Newname")
    rollcall.cycle("changes")

    leaver = next(world.entitled())[0]
    world.disable(leaver.id)
    lines = rollcall.cycle("a leaver")
    codes = [line["code"] for line in lines[:-1] if line["source"]["id"] == leaver.id]
    assert codes == ["NotImplemented"], codes

    for n in range(130):
        world.join(f"Many{n:03}", "Crashtest", SALES)
    rollcall.cycle("a group above a hundred members")
    many = [one for one in world.directory.people if one.text("surname") == "Crashtest"]
    world.remove_member(many[0].id, SALES)
    world.assign(many[0].id)
    rollcall.cycle("who cannot be taken out of it", failures=1)
    world.add_member(many[0].id, SALES)
    rollcall.cycle("and is in it again")

    world.set_fault("writes_answered_502", 2)
    world.join("Lost", "Crashtest")
    rollcall.cycle("a lost answer")
    world.claim_elsewhere(f"nora.elsewhere@{world.company.domain}")
    world.join("Nora", "Elsewhere", SALES)
    code, lines = rollcall.sync("-p", PROFILE)
    assert code == 1, lines[-1]
    assert [one["code"] for one in lines[:-1] if one["status"] == "failure"] == ["Conflict"]
    print("an identity elsewhere: reported, the others provisioned")
    world.leave(world.directory.people[-1].id)

    team = world.assigned_groups()[0]
    world.unassign(team.name)
    rollcall.cycle("an unassigned group is deleted")
    assert organization.team_called(team.name) is None
    rollcall.profile(url, groups=groups, users={"actions": ["create", "update", "delete"]})
    gone = next(world.entitled())[0]
    world.leave(gone.id)
    rollcall.cycle("in the recycle bin")
    world.purge(gone.id)
    rollcall.cycle("deleted for good, with Delete switched on")
    assert organization.at(gone.text("mail")) is None
    rollcall.cycle("initial again changes nothing", "--initial")


def control(sandbox: Sandbox, url: str) -> None:
    """The proxy must refuse what is not as described, or its silence proves nothing."""
    info = sandbox.info()
    form = {
        "grant_type": "password",
        "username": info["user_name"],
        "password": info["password"],
        "client_id": info["goto_client_id"],
    }
    with urllib.request.urlopen(info["token_url"], urllib.parse.urlencode(form).encode()) as answer:
        token = json.load(answer)["access_token"]

    def status(method: str, path: str, body: object = None) -> int:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        call = urllib.request.Request(f"{url}{path}", content, headers, method=method)
        try:
            with urllib.request.urlopen(call) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    assert status("GET", "/Users/me") == 200
    assert status("POST", "/Users", {"userName": "a@b.example", "name": {"givenName": "A"}}) == 422
    whole = Identity.json

    def broken(self: Identity, base: str) -> dict[str, Any]:
        return {key: value for key, value in whole(self, base).items() if key != "locale"}

    with patch.object(Identity, "json", broken):
        assert status("GET", "/Users/me") == 500
    print("a broken request and a broken answer are refused by the proxy")


def main(contract: str, command: str = "prism") -> None:
    with Sandbox(users=40, seed=3) as sandbox, tempfile.TemporaryDirectory() as home:
        sandbox.world.organization.first_identity = SMALL_KEY
        sandbox.world.organization.first_group = SMALL_KEY + 2**51
        upstream = sandbox.info()["goto_scim_url"]
        proxy = Proxy(command, contract, upstream, Path(home) / "prism.log")
        try:
            history(sandbox, Checked(Path(home), sandbox), proxy.url)
            requests, statuses, complaints = proxy.tally()
            for request, number in sorted(requests.items()):
                print(f"  {number:5} {request}")
            print(f"answers: {dict(sorted(statuses.items()))}")
            assert not complaints, complaints[:5]
            assert requests.total() == statuses.total() > 0
            print(f"{requests.total()} requests and answers, every one as described")
            control(sandbox, proxy.url)
        finally:
            proxy.stop()


if __name__ == "__main__":
    main(*sys.argv[1:3])
