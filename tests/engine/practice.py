"""Whole cycles in this process, against the practice servers over real HTTP."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.cli import json_lines
from app.domain.activity import ActivityRecord, CycleSummary, PlannedAction
from app.domain.explanation import Explanation, Provisioned, ProvisionedOnDemand
from app.engine.stop import StopEvent
from app.host.language import translator
from app.host.paths import Paths, resources
from app.host.profile_store import ProfileStore
from app.host.secrets import MemorySecrets
from app.sandbox.accounts import User
from app.sandbox.directory import Person
from app.sandbox.server import Sandbox
from app.wiring import Program, Silence

BOARDROOM = "boardroom@haldenroux.example"
"""A seated account that nobody in Entra has; it must never change."""


class Ears(Silence):
    """Keeps every record; `on_record` hears them as they happen."""

    def __init__(self, on_record: Callable[[ActivityRecord], None] | None = None) -> None:
        super().__init__()
        self.records: list[ActivityRecord] = []
        self._on_record = on_record

    def record(self, record: ActivityRecord) -> None:
        self.records.append(record)
        if self._on_record is not None:
            self._on_record(record)


@dataclass
class Cycled:
    """What one cycle did."""

    summary: CycleSummary
    records: list[ActivityRecord] = field(default_factory=list)

    def of(self, name: str) -> list[ActivityRecord]:
        """Records about one person or account."""
        return [one for one in self.records if name in (one.source.name, one.target.name)]

    def codes(self) -> Counter[str | None]:
        return Counter(one.code for one in self.records)


class Practice:
    """One practice tenant, one profile, and everything a test wants to know about them."""

    def __init__(self, sandbox: Sandbox, home: Path) -> None:
        self.sandbox = sandbox
        self.world = sandbox.world
        self.home = home
        info = sandbox.info()
        self.document: dict[str, Any] = info["profile"]
        self.document["target"]["requests_per_second"] = 10_000
        paths = Paths(home / "config", home / "state", home / "logs").create()
        self.program = Program(
            paths,
            ProfileStore(paths.profiles),
            MemorySecrets(info["secrets"]),
            translator({"ROLLCALL_LANGUAGE": "en"}, resources()),
        )
        self.configure()

    def configure(self, **changes: Any) -> None:
        """Change keys of the profile: `safety__max_removals=2`."""
        for path, value in changes.items():
            *parents, last = path.split("__")
            place = self.document
            for name in parents:
                place = place.setdefault(name, {})
            place[last] = value
        self.program.profiles.save(json.dumps(self.document), replace=True)

    def sync(self, *, initial: bool = False, saved: list[dict[str, Any]] | None = None) -> Cycled:
        ears = Ears()

        async def run() -> CycleSummary:
            return await self.program.sync(
                "practice", ears, StopEvent(), initial=initial, saved_plan=saved
            )

        return Cycled(asyncio.run(run()), ears.records)

    def provision(self, name: str, *members: str) -> list[Provisioned]:
        return list(self.on_demand(name, *members).people)

    def on_demand(self, name: str, *members: str) -> ProvisionedOnDemand:
        return asyncio.run(self.program.provision("practice", name, members, StopEvent()))

    def why(self, user: str) -> Explanation:
        return asyncio.run(self.program.why("practice", user))

    def sync_until(self, records: int) -> list[ActivityRecord]:
        """A cycle that is asked to stop after so many records; what it did until it stopped."""
        heard: list[ActivityRecord] = []

        async def run() -> None:
            stop = StopEvent()

            def hear(record: ActivityRecord) -> None:
                heard.append(record)
                if len(heard) >= records:
                    stop.set()

            await self.program.sync("practice", Ears(hear), stop, initial=False, saved_plan=None)

        asyncio.run(run())
        return heard

    def plan(self) -> list[dict[str, Any]]:
        """The plan as its lines."""
        lines: list[dict[str, Any]] = []

        async def take(action: PlannedAction) -> None:
            written = json_lines.planned(action, self.program.translator)
            lines.append(json.loads(json_lines.line(written)))

        async def run() -> None:
            summary = await self.program.plan("practice", take, Ears())
            lines.append(json.loads(json_lines.line(json_lines.plan(summary))))

        asyncio.run(run())
        return lines

    def hire(self, given: str, surname: str = "Crashtest") -> Person:
        self.world.join(given, surname)
        return self.person(given)

    def person(self, given: str) -> Person:
        (found,) = [one for one in self.world.directory.people if one.text("givenName") == given]
        return found

    def account(self, address: str) -> User | None:
        return self.world.goto.at(address)

    def seated(self, address: str) -> bool:
        found = self.account(address)
        return found is not None and bool(found.licences)

    def seats(self) -> Counter[str]:
        """Addresses that hold a seat, by how many accounts hold one."""
        return Counter(
            user.email.lower()
            for user in self.world.goto.living()
            if user.licences and user.email != BOARDROOM
        )

    def expected(self) -> set[str]:
        """Who should hold a seat by the rules, written down a second time and simply."""
        addresses = Counter(
            str(person.get("mail") or person.get("userPrincipalName")).lower()
            for person, _ in self.world.entitled()
        )
        return {address for address, number in addresses.items() if number == 1}

    def assert_right(self) -> None:
        """GoTo's state equals what the rules say, nobody twice."""
        assert self.seats() == Counter(self.expected())

    def age_escrows(self, by: timedelta) -> None:
        """As if every failure had happened that much earlier, so that its retry is due."""
        file = self.home / "state" / "practice" / "state.db"
        with sqlite3.connect(file) as connection:
            for person_id, payload in list(
                connection.execute("SELECT person_id, payload FROM escrow")
            ):
                entry = json.loads(payload)
                for name in ("first_failed_at", "next_try_at"):
                    entry[name] = (datetime.fromisoformat(entry[name]) - by).isoformat()
                connection.execute(
                    "UPDATE escrow SET payload = ?, next_try_at = ? WHERE person_id = ?",
                    (json.dumps(entry), "2000", person_id),
                )
        connection.close()

    def mend(self) -> None:
        self.world.mend_network()


@contextmanager
def practice(home: Path, **options: Any) -> Iterator[Practice]:
    """A running practice tenant with a profile for it."""
    with Sandbox(**options) as sandbox:
        yield Practice(sandbox, home)
