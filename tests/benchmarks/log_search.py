"""Searching a provisioning log of 1,000,000 records: run by hand, prints a table.

    python tests/benchmarks/log_search.py [--records N] [--people N] [--keep FOLDER]

`--people` as many as records is the worst case: nobody shares their words with another record.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    Change,
    Identity,
    LogQuery,
    Reason,
    Status,
    Step,
    StepType,
)
from app.domain.texts import Text
from app.state.store import SqlHistory, open_history, open_store

START = datetime(2026, 1, 1, tzinfo=UTC)
A_CYCLE = 5_000
PAGE = 500
LIMIT_S = 1.0

SCOPED = Text("Assigned through {path}; role {role}", {"path": "Sales Department", "role": "User"})
READ = Text("{n} attribute read from Entra", {"n": 14}, plural="{n} attributes read from Entra")
CREATED = Text("Account created with a {product} seat", {"product": "GoToMeeting Pro"})


def names(dice: random.Random, number: int, shortest: int, longest: int) -> list[str]:
    letters = "abcdefghijklmnoprstuvwyz"
    return [
        "".join(dice.choices(letters, k=dice.randint(shortest, longest))) for _ in range(number)
    ]


def records(number: int, people: int) -> Iterator[ActivityRecord]:
    dice = random.Random(1)
    given, surnames = names(dice, 2_000, 4, 8), names(dice, 20_000, 5, 10)
    for n in range(number):
        person = n if people >= number else dice.randrange(people)
        own = random.Random(person)
        first, last = own.choice(given), own.choice(surnames)
        mail = f"{first}.{last}{person}@contoso.example"
        failed = n % 50 == 0
        yield ActivityRecord(
            at=START + timedelta(seconds=n * 2),
            cycle=str(uuid.UUID(int=n // A_CYCLE)),
            action=dice.choice((ActionKind.CREATE, ActionKind.UPDATE, ActionKind.DISABLE)),
            status=Status.FAILURE if failed else Status.SUCCESS,
            source=Identity(str(uuid.UUID(int=own.getrandbits(128))), f"{first} {last}".title()),
            target=Identity(str(8_000_000_000 + person), mail),
            message=CREATED,
            reason=Reason.ASSIGNED,
            changes=(
                Change("email", None, mail),
                Change("firstName", None, first),
                Change("lastName", None, last),
                Change("licences", None, ("G2M",)),
            ),
            code="LicenseLimitExceeded" if failed else None,
            steps=(
                Step(StepType.IMPORT, Status.SUCCESS, READ),
                Step(StepType.SCOPING, Status.SUCCESS, SCOPED),
                Step(StepType.EXPORT, Status.SUCCESS, CREATED),
            ),
            duration_ms=31,
            change=str(uuid.UUID(int=dice.getrandbits(128))),
        )


def build(file: Path, number: int, people: int) -> float:
    store = open_store(file)
    started = time.perf_counter()
    batch: list[ActivityRecord] = []
    for record in records(number, people):
        batch.append(record)
        if len(batch) == 200:
            store.journal.record(batch)
            batch = []
    store.journal.record(batch)
    spent = time.perf_counter() - started
    store.close()
    return spent


def queries(history: SqlHistory, number: int) -> dict[str, LogQuery]:
    (sample,) = history.log(LogQuery(limit=1, offset=number // 3))
    late = START + timedelta(seconds=number * 2 - 86_400)
    last = str(uuid.UUID(int=(number - 1) // A_CYCLE))
    return {
        "everything": LogQuery(),
        "one letter, all have it": LogQuery(text="e"),
        "two letters": LogQuery(text="zb"),
        "part of a domain, all have it": LogQuery(text="contoso"),
        "part of a name, few have it": LogQuery(text=sample.source.name[2:8]),
        "an address": LogQuery(text=sample.target.name),
        "an object id": LogQuery(text=sample.source.id),
        "nobody": LogQuery(text="no such person"),
        "a code": LogQuery(text="LicenseLimit"),
        "failures": LogQuery(status=Status.FAILURE),
        "last 24 hours": LogQuery(since=late),
        "one cycle": LogQuery(cycle=last),
        "one change": LogQuery(change=sample.change),
        "failed creates of the last half by name": LogQuery(
            text="an",
            status=Status.FAILURE,
            action=ActionKind.CREATE,
            since=START + timedelta(seconds=number),
        ),
        "disables in one cycle by domain": LogQuery(
            text="contoso", action=ActionKind.DISABLE, cycle=last
        ),
    }


def timed(work: Callable[[], object]) -> tuple[float, object]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def measure(history: SqlHistory, query: LogQuery) -> tuple[float, float, int]:
    counting, found = timed(lambda: history.count_log(query))
    page = LogQuery(
        query.status, query.action, query.cycle, query.change, query.since, query.until,
        query.text, limit=PAGE,
    )  # fmt: skip
    reading, _ = timed(lambda: list(history.log(page)))
    return counting, reading, int(str(found))


def report(file: Path, number: int) -> int:
    history = open_history(file)
    assert history is not None
    print(f"{'query':42} {'records':>9} {'count':>9} {'page':>9} {'both':>9}")
    slow = 0
    for name, query in queries(history, number).items():
        counting, reading, found = measure(history, query)
        both = counting + reading
        slow += both > LIMIT_S
        print(
            f"{name:42} {found:9,} {counting * 1000:6.0f} ms {reading * 1000:6.0f} ms "
            f"{both * 1000:6.0f} ms{'  TOO SLOW' if both > LIMIT_S else ''}"
        )
    spent, _ = timed(history.status)
    print(f"{'status with totals':42} {'':9} {spent * 1000:6.0f} ms")
    history.close()
    return slow


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        file = (given.keep or Path(scratch)) / "state.db"
        if not file.exists():
            spent = build(file, given.records, given.people)
            rate = given.records / spent
            print(f"{given.records:,} records of {given.people:,} people written in {spent:.0f} s"
                  f" ({rate:,.0f} a second)")  # fmt: skip
        print(f"file: {file.stat().st_size / 1e6:.0f} MB")
        slow = report(file, given.records)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at its peak: {peak:.0f} MB")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
