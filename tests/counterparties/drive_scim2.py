"""Drives a SCIM 2.0 server that nobody here wrote: python …/drive_scim2.py URL TOKEN

The practice tenant is the source. After each step the server is read with nothing but the
standard library and compared with who should be there, written down a second time and simply.
The server must be empty at the start; see README.md for how each was started.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "system")]

from sync_world import Rollcall  # noqa: E402

from app.connectors.scim2 import Scim2Target  # noqa: E402
from app.domain.settings import TargetKind, TargetSettings, TargetSignIn  # noqa: E402
from app.engine.stop import StopEvent  # noqa: E402
from app.sandbox.server import Sandbox  # noqa: E402

TEAM = "GoToMeeting Engineering"


class Counterparty:
    """The server under test, read without our connector."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url.rstrip("/"), token

    def all(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            query = f"{self.url}{path}?startIndex={len(found) + 1}&count=50"
            request = urllib.request.Request(query, headers=self._headers())
            with urllib.request.urlopen(request) as answer:
                body = json.load(answer)
            found += body.get("Resources", [])
            if not body.get("Resources") or len(found) >= body["totalResults"]:
                return found

    def delete(self, path: str, key: str) -> None:
        request = urllib.request.Request(
            f"{self.url}{path}/{key}", headers=self._headers(), method="DELETE"
        )
        urllib.request.urlopen(request).close()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept": "application/scim+json"}


def wanted_people(sandbox: Sandbox) -> dict[str, str]:
    """User name by person id, of everybody who should be active."""
    return {
        person.id: str(person.get("mail") or person.get("userPrincipalName")).lower()
        for person, _ in sandbox.world.entitled()
    }


def check(sandbox: Sandbox, server: Counterparty) -> str:
    people = wanted_people(sandbox)
    users = server.all("/Users")
    active = {user["userName"].lower() for user in users if user.get("active")}
    assert active == set(people.values()), active ^ set(people.values())
    names = [user["userName"].lower() for user in users]
    assert len(names) == len(set(names)), "somebody twice"
    for user in users:
        assert isinstance(user["active"], bool)
        emails = [one["value"] for one in user.get("emails", []) if one.get("type") == "work"]
        assert len(emails) == 1, user
        assert emails[0].lower() == user["userName"].lower(), user
    by_key = {user["id"]: user["userName"].lower() for user in users}
    groups = {group["displayName"]: group for group in server.all("/Groups")}
    for group in sandbox.world.assigned_groups():
        held = {by_key[one["value"]] for one in groups[group.name].get("members", [])}
        wanted = {people[key] for key in group.members if key in people}
        assert held == wanted, (group.name, held ^ wanted)
    return f"{len(active)} active of {len(users)} users, {len(groups)} groups"


def main(url: str, token: str) -> None:
    server = Counterparty(url, token)
    assert not server.all("/Users"), "the server is not empty"
    with Sandbox(users=60, seed=3) as sandbox, tempfile.TemporaryDirectory() as home:
        world = sandbox.world
        rollcall = Rollcall(Path(home), sandbox)
        rollcall.environment["ROLLCALL_SECRET__PRACTICE__TARGET_TOKEN"] = token

        def profile(*actions: str) -> None:
            rollcall.import_profile(
                target={"kind": "scim2", "url": url, "sign_in": "bearer"},
                mappings={"groups": {"enabled": True, "actions": list(actions)}},
                safety={"max_removals": 50, "max_removal_percent": None},
            )

        def sync(title: str, *words: str, quiet: bool = False) -> None:
            code, lines = rollcall.sync(*words)
            failed = [line for line in lines[:-1] if line["status"] == "failure"]
            assert code == 0, (lines[-1], failed[:3])
            if quiet:
                assert len([line for line in lines if line["record"] == "activity"]) == 0 or words
                assert words or lines[-1]["requests"]["target"] == 0, lines[-1]
            print(f"{title}: {check(sandbox, server)}, {lines[-1]['requests']['target']} requests")

        profile("create", "update")
        sync("initial")
        sync("second cycle changes nothing", quiet=True)
        for happening in ("join", "marry", "move_group", "rename_group"):
            getattr(world, happening)()
        sync("changes")
        world.leave()
        gone = world.disable()
        sync(f"disable ({gone})")
        world.enable()
        sync("enable")
        chosen = world.assigned_groups()[0]
        newcomer = next(
            one
            for one in world.directory.living_people()
            if one.id not in wanted_people(sandbox) and not one.enabled
        )
        world.add_member(newcomer.id, chosen.name)
        sync("member without an account is left out")
        world.enable(newcomer.id)
        sync("and comes in later")
        profile("create", "update", "delete")
        world.unassign(TEAM)
        sync("unassigned group")
        names = {group["displayName"] for group in server.all("/Groups")}
        assert TEAM not in names, names
        server.delete("/Groups", server.all("/Groups")[0]["id"])
        sync("a group deleted by hand comes back", "--initial")
        sync("initial again changes nothing", "--initial")
        sync("quiet at the end", quiet=True)
        left = next(one for one in server.all("/Users") if not one["active"])
        asyncio.run(delete(url, token, left["id"]))
        assert left["id"] not in {one["id"] for one in server.all("/Users")}
        print("an account deleted, and deleted again without complaint")
    print("right end state")


async def delete(url: str, token: str, key: str) -> None:
    settings = TargetSettings(TargetKind.SCIM2, url, TargetSignIn.BEARER)
    target = Scim2Target(settings, lambda _name: token, StopEvent())
    try:
        for _ in range(2):
            outcome = await target.delete("nobody", key)
            assert outcome.error is None, outcome.error
    finally:
        await target.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
