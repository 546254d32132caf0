"""The provisioning log in the state: filters, retention, numbers to date, what old files become."""

import sqlite3
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    Change,
    Identity,
    IdentityType,
    LogQuery,
    Reason,
    Status,
    Step,
    StepType,
)
from app.domain.notices import Credential, Standing
from app.domain.texts import Text
from app.state.database import HEAD
from app.state.log_book import fingerprint, fold
from app.state.migrations.versions import v0003_provisioning_log as frozen
from app.state.store import SqlStore, open_history, open_store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RELEASED = Path(__file__).with_name("released")


def record(number: int = 0, name: str = "Anna Berg", **changes: object) -> ActivityRecord:
    made = ActivityRecord(
        at=NOW + timedelta(minutes=number),
        cycle="c1",
        action=ActionKind.CREATE,
        status=Status.SUCCESS,
        source=Identity(f"id-{number}", name),
        target=Identity(str(number), f"{name.replace(' ', '.').lower()}@contoso.example"),
        message=Text("Account created with a {product} seat", {"product": "GoToMeeting Pro"}),
        change=str(uuid.UUID(int=number + 1)),
    )
    return replace(made, **changes)


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(tmp_path / "s.db")
    yield opened
    opened.close()


def names(store: SqlStore, **query: object) -> list[str]:
    asked = LogQuery(**query)
    found = [one.source.name for one in store.log(asked)]
    assert store.count_log(replace(asked, limit=None, offset=0)) >= len(found)
    return found


def test_a_record_comes_back_as_it_was_made(store: SqlStore) -> None:
    made = record(
        action=ActionKind.UPDATE,
        status=Status.FAILURE,
        source=Identity("id", "Zoë", IdentityType.GROUP),
        reason=Reason.DRIFT,
        changes=(Change("a", None, ("x", "y")), Change("b", True, 3)),
        code="Conflict",
        advice=Text("Do this"),
        steps=(Step(StepType.EXPORT, Status.FAILURE, Text("No"), {"k": "v"}),),
        duration_ms=7,
        request_id="r",
    )
    store.journal.record([made])
    assert list(store.log(LogQuery())) == [made]


def test_every_filter_and_their_combinations(store: SqlStore) -> None:
    store.journal.record(
        [
            record(1, "Zoë Ångström"),
            record(2, "Bo Lund", status=Status.FAILURE, code="LicenseLimitExceeded"),
            record(3, "Cem Ünal", action=ActionKind.DISABLE, cycle="c2"),
            record(4, "Zora Zoen", action=ActionKind.UPDATE, cycle="c2"),
        ]
    )
    assert names(store) == ["Zora Zoen", "Cem Ünal", "Bo Lund", "Zoë Ångström"]
    assert names(store, newest_first=False, limit=2) == ["Zoë Ångström", "Bo Lund"]
    assert names(store, offset=1, limit=2) == ["Cem Ünal", "Bo Lund"]
    assert names(store, status=Status.FAILURE) == ["Bo Lund"]
    assert names(store, action=ActionKind.DISABLE) == ["Cem Ünal"]
    assert names(store, cycle="c2") == ["Zora Zoen", "Cem Ünal"]
    assert names(store, cycle="none") == []
    assert names(store, change=str(uuid.UUID(int=3))) == ["Bo Lund"]
    assert names(store, change="nonsense") == []
    assert names(store, text="zoe") == ["Zora Zoen", "Zoë Ångström"]
    assert names(store, text="ZOË Å") == ["Zoë Ångström"]
    assert names(store, text="lund@") == ["Bo Lund"]
    assert names(store, text="licenselimit") == ["Bo Lund"]
    assert names(store, text="id-3") == ["Cem Ünal"]
    assert names(store, text="%") == []
    assert names(store, text="o", cycle="c2", action=ActionKind.UPDATE) == ["Zora Zoen"]
    at = NOW + timedelta(minutes=2)
    assert names(store, since=at, until=at + timedelta(minutes=1)) == ["Bo Lund"]
    assert names(store, until=at) == ["Zoë Ångström"]


def test_words_that_most_records_have_are_found_in_the_same_order(store: SqlStore) -> None:
    store.journal.record([record(n, f"P{n}", cycle=f"c{n % 7}") for n in range(3000)])
    asked = LogQuery(text="contoso", cycle="c3", limit=10)
    assert [one.source.name for one in store.log(asked)][:2] == ["P2999", "P2992"]
    assert store.count_log(asked) == len(list(store.log(replace(asked, limit=None)))) == 429


def test_old_records_go_and_everything_else_stays(store: SqlStore) -> None:
    store.journal.record([record(n, f"P{n}") for n in range(5000)])
    store.journal.record([record(0, "P0", action=ActionKind.UPDATE, at=NOW + timedelta(days=9))])
    assert store.journal.prune(NOW + timedelta(minutes=4990), 3000) == 3000
    assert store.journal.prune(NOW + timedelta(minutes=4990), 50_000) == 1990
    assert store.journal.prune(NOW + timedelta(minutes=4990), 50_000) == 0
    assert store.count_log(LogQuery()) == 11
    assert names(store, text="P1") == []
    assert names(store, text="id-0") == ["P0"]
    assert store.status().totals.created == 5000
    assert store.status().totals.updated == 1


def test_a_hidden_value_never_reaches_the_file(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s.db")
    hidden = Change("phone", "+1 555 OLD", "+1 555 NEW", redacted=True)
    store.journal.record([record(changes=(hidden, Change("city", None, "Oslo")))])
    (found,) = store.log(LogQuery())
    assert [(one.old, one.new) for one in found.changes] == [
        ("[Redact]", "[Redact]"),
        (None, "Oslo"),
    ]
    store.close()
    assert b"555" not in (tmp_path / "s.db").read_bytes()


def test_standings_and_the_mail_error_survive(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s.db")
    told = Standing("failed", NOW, NOW, "CredentialsRefused")
    store.journal.keep_standings([told, Standing("held", NOW)])
    store.journal.mail_failed(Text("No {host}", {"host": "mx"}), NOW)
    store.journal.keep_credential(Credential("secret", NOW), NOW)
    store.close()
    history = open_history(tmp_path / "s.db")
    assert history is not None
    assert list(history.standings()) == [told, Standing("held", NOW)]
    assert str(history.status().mail_error) == "No mx"
    assert history.credential() == Credential("secret", NOW)
    history.close()


def test_the_frozen_migration_makes_the_words_of_today() -> None:
    words = ("id", "ZOË Straße", "7", "zoe@x.example", None)
    assert frozen._fingerprint(*words) == fingerprint(*words)
    assert frozen._folded(*words) == fold("\n".join(word for word in words if word))


def test_a_database_of_the_first_version_opens_with_its_log(tmp_path: Path) -> None:
    file = tmp_path / "s.db"
    connection = sqlite3.connect(file)
    connection.executescript((RELEASED / "0001.sql").read_text(encoding="utf-8"))
    connection.close()
    store = open_store(file)
    records = list(store.log(LogQuery()))
    assert len(records) == store.count_log(LogQuery()) == 12
    assert len({one.change for one in records}) == 12
    status = store.status()
    assert (status.totals.created, status.totals.updated, status.totals.skipped) == (7, 2, 2)
    assert (status.held, status.cycles) == (2, 2)
    last = store.cycles(1)[0]
    assert [one.code for one in store.log(LogQuery(cycle=last.id, action=ActionKind.DISABLE))] == [
        "StagedDelete",
        "StagedDelete",
    ]
    created = next(one for one in records if one.action is ActionKind.CREATE)
    assert created.changes
    assert created.steps
    assert names(store, text=created.source.name.lower()[:5], limit=1)
    # New records go on where the old ones ended.
    store.journal.record([record()])
    assert store.count_log(LogQuery()) == 13
    store.close()
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
