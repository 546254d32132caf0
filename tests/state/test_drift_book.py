"""Changes made by hand as they are kept: for any number of people, while they mean something."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.accounts import Origin
from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    Change,
    Identity,
    PlannedAction,
    Reason,
    Status,
)
from app.domain.drift import LICENCES, ROLES, Drift, DriftChoice
from app.domain.people import PersonChange
from app.domain.plan import Link, Settled, Work
from app.domain.settings import DriftSettings
from app.domain.texts import Text
from app.state.database import open_database
from app.state.store import SqlStore

NOW = datetime(2026, 11, 24, tzinfo=UTC)
VARIABLES = 600
"""As if SQLite took so few in one statement; some builds stop at 32,766."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    engine = open_database(tmp_path / "s.db")
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, VARIABLES)
    one = SqlStore(engine)
    yield one
    one.close()


def changed(attribute: str) -> Drift:
    """Found, told, and nobody has decided about it."""
    return Drift(attribute, Change(attribute, "a", "b"), "b", "a", told=True, since=NOW)


def work(person: str, *drifts: Drift) -> Work:
    name = Identity(person, person)
    planned = PlannedAction(ActionKind.OTHER, Status.WARNING, name, name, Reason.DRIFT, Text("x"))
    return Work(person, planned, drifts=drifts)


def take_over(store: SqlStore, *taken: tuple[str, str]) -> None:
    """Each person an account."""
    results = []
    for person, key in taken:
        name = Identity(person, person)
        record = ActivityRecord(NOW, "c", ActionKind.UPDATE, Status.SUCCESS, name, name, Text("x"))
        link = Link(person, person, key, person, Origin.TAKEN_OVER)
        results.append(Settled(work(person), record, link))
    store.journal.settle(results, "c", NOW)


def listed(store: SqlStore, people: Sequence[str], *drifts: Drift) -> None:
    """They have accounts that were changed by hand; there is nothing else to do for them."""
    store.mirror.merge_people([PersonChange(one, {}) for one in people], None)
    take_over(store, *((one, f"key {one}") for one in people))
    store.plan.add([], people)
    store.plan.add([work(one, *drifts) for one in people], [])


def queued(store: SqlStore, settings: DriftSettings) -> int:
    return store.drift.queue(settings, None, compare=True, listed=False)


def test_more_people_than_fit_into_one_statement(store: SqlStore) -> None:
    people = [f"{number:04}" for number in range(VARIABLES + 1)]
    listed(store, people, changed("firstName"))
    assert queued(store, DriftSettings()) == 0
    assert store.drift.decide(DriftChoice.REPAIR, None, people, waiting=True) == len(people)
    assert queued(store, DriftSettings()) == len(people)


def test_another_standing_choice_is_noticed_and_the_same_one_is_not(store: SqlStore) -> None:
    """Admin roles are taken away with the seats, and decided about with them."""
    listed(store, ["a"], changed("firstName"))
    listed(store, ["b"], changed(ROLES))
    seats_alone = {LICENCES: DriftChoice.REPORT}
    assert queued(store, DriftSettings()) == 0
    assert queued(store, DriftSettings(attributes={"lastName": DriftChoice.REPAIR})) == 0
    assert queued(store, DriftSettings(attributes=seats_alone, otherwise=DriftChoice.REPAIR)) == 1
    assert queued(store, DriftSettings(attributes={LICENCES: DriftChoice.ACCEPT})) == 1


def test_nothing_is_listed_of_somebody_whose_account_somebody_else_took_over(
    store: SqlStore,
) -> None:
    listed(store, ["a"], changed("firstName"))
    store.mirror.merge_people([PersonChange("b", {})], None)
    take_over(store, ("b", "key a"))
    assert store.drifts() == []
    assert store.status().drifted == 0
