"""The database: deltas merged, damage named, copies thrown away, newer files refused."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.accounts import Account, Origin
from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    CycleKind,
    CycleSummary,
    Identity,
    IdentityType,
    PlannedAction,
    Reason,
    Status,
)
from app.domain.errors import StateUnusable
from app.domain.groups import MemberChange, MemberChanges
from app.domain.people import Assignment, GroupChange, Member, PersonChange, Presence, PrincipalKind
from app.domain.plan import Evaluated, Link, Settled, Stream, Work
from app.domain.references import ReferenceSettled
from app.domain.texts import Text
from app.state.excerpt import open_excerpt
from app.state.schema import metadata
from app.state.store import SqlStore, open_history, open_store

NOW = datetime(2026, 11, 24, tzinfo=UTC)
USER, GROUP = PrincipalKind.USER, PrincipalKind.GROUP


def test_nulls_clear_and_unmentioned_values_stay(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s.db")
    generation = store.mirror.begin_read(Stream.PEOPLE)
    store.mirror.merge_people([PersonChange("a", {"mail": "x", "city": "y"})], generation)
    store.mirror.merge_people([PersonChange("a", {"mail": None, "surname": "z"})], None)
    (subject,) = store.plan.to_evaluate(10, nested=False)
    assert dict(subject.person.attributes) == {"city": "y", "surname": "z"}
    store.close()


def test_accounts_are_found_by_any_attribute_whatever_its_name_and_script(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s.db")
    mirror = store.mirror
    names = ['emails[type eq "work"].value', "it's:a.name"]
    known = Account("1", "a@x", {names[0]: "ÉMILE@X", names[1]: "Straße"})
    mirror.merge_accounts([known], None, "c")
    for indexed in ([], names[:1], names):
        mirror.index_accounts(indexed)
        assert [one.key for one in mirror.accounts_with(names[0], ["émile@x"])] == ["1"]
        assert [one.key for one in mirror.accounts_with(names[1], ["nobody", "STRASSE"])] == ["1"]
        assert list(mirror.accounts_with(names[0], ["a@x"])) == []
    store.close()
    with sqlite3.connect(tmp_path / "s.db") as connection:
        indexes = connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE name LIKE 'ix_account_by_%'"
        )
        assert indexes.fetchone() == (2,)
    connection.close()


def test_the_same_page_again_makes_nobody_a_candidate(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s.db")
    change = [PersonChange("a", {"mail": "x"})]
    store.mirror.merge_people(change, store.mirror.begin_read(Stream.PEOPLE))
    store.plan.add([], ["a"])
    store.mirror.merge_people(change, None)
    assert store.plan.candidates() == 0
    store.close()


def test_nested_members_count_only_when_asked(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s.db")
    mirror = store.mirror
    mirror.merge_people([PersonChange("a", {}), PersonChange("b", {})], 1)
    mirror.merge_groups(
        [
            GroupChange("g", "Outer", True, (Member("a", USER), Member("h", GROUP))),
            GroupChange("h", "Inner", True, (Member("b", USER), Member("g", GROUP))),
        ],
        1,
    )
    mirror.merge_assignments([Assignment("1", "g", GROUP, "Outer", "role")], 1)
    mirror.finish_assignments(1)
    direct = {one.person.id: one.grants for one in store.plan.to_evaluate(9, nested=False)}
    nested = {one.person.id: one.grants for one in store.plan.to_evaluate(9, nested=True)}
    assert direct["b"] == ()
    assert nested["b"][0].group_names == ("Outer", "Inner")
    store.close()


def test_who_vanished_from_a_full_read_is_settled_not_removed(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s.db")
    store.mirror.merge_people([PersonChange("a", {}), PersonChange("b", {})], 1)
    store.mirror.merge_people([PersonChange("a", {})], 2)
    counts = store.mirror.finish_people(2)
    assert (counts.before, counts.found) == (2, 1)
    store.mirror.set_presence({"b": Presence.PURGED}, 2)
    assert store.mirror.finish_people(2).found == 2
    store.close()


def test_a_cycle_that_was_cut_off_is_closed_as_failed(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s.db")
    for name in ("1", "2"):
        store.journal.start_cycle(CycleSummary(name, "p", CycleKind.INITIAL, NOW))
    status = store.status()
    assert status.current is not None
    assert status.current.id == "2"
    assert status.last is not None
    assert status.last.error_code == "CutOff"
    store.close()


def test_a_scratch_copy_leaves_the_state_alone(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s.db")
    store.mirror.merge_people([PersonChange("a", {})], 1)
    scratch = store.scratch()
    scratch.mirror.merge_people([PersonChange("b", {})], 1)
    assert (scratch.plan.candidates(), store.plan.candidates()) == (2, 1)
    scratch.close()
    store.close()


def test_a_damaged_file_is_named_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "s.db"
    file.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(StateUnusable, match=r"s\.db"):
        open_store(file)
    assert file.exists()


def test_a_newer_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "s.db"
    open_store(file).close()
    connection = sqlite3.connect(file)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    for opening in (open_store, open_history):
        with pytest.raises(StateUnusable, match="newer Rollcall"):
            opening(file)


def test_migrations_end_at_the_tables_the_program_knows(tmp_path: Path) -> None:
    file = tmp_path / "s.db"
    open_store(file).close()
    connection = sqlite3.connect(file)
    for table in metadata.sorted_tables:
        found = {row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")}
        assert found == {column.name for column in table.columns}, table.name
        indexes = {row[1] for row in connection.execute(f"PRAGMA index_list({table.name})")}
        assert {str(index.name) for index in table.indexes} <= indexes
    connection.close()


def test_groups_are_counted_apart_from_people(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s.db")
    for kind in (IdentityType.USER, IdentityType.GROUP, IdentityType.GROUP):
        one = Identity("1", "One", kind)
        store.journal.record(
            [ActivityRecord(NOW, "c", ActionKind.CREATE, Status.SUCCESS, one, one, Text("Made"))]
        )
    assert store.journal.counts("c").created == 1
    assert store.journal.counts("c", IdentityType.GROUP).created == 2
    assert store.status().totals.created == 1
    store.close()


def test_members_are_direct_people_with_an_active_account(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s.db")
    member = [Member("a", USER), Member("b", USER), Member("h", GROUP)]
    store.mirror.merge_people([PersonChange("a", {"displayName": "Ann"})], 1)
    store.mirror.merge_groups([GroupChange("g", "Team", True, tuple(member))], 1)
    link = Link("a", "Ann", "key-a", "a@x.example", Origin.CREATED)
    record = ActivityRecord(
        NOW, "c", ActionKind.CREATE, Status.SUCCESS, Identity("a", "Ann"), Identity(), Text("Made")
    )
    planned = PlannedAction(
        ActionKind.CREATE, Status.SUCCESS, record.source, record.target, Reason.ASSIGNED, Text("M")
    )
    store.journal.settle([Settled(Work("a", planned), record, link)], "c", NOW)
    changes = store.groups.member_changes("g", "team", planned=False)
    assert changes == MemberChanges(added=(MemberChange("key-a", "Ann"),))
    store.groups.members_written("team", ["key-a"], [])
    store.groups.members_read("team", ["key-a", "stranger"])
    assert not store.groups.member_changes("g", "team", planned=False)
    store.mirror.merge_groups([GroupChange("g", removed=("a",))], None)
    changes = store.groups.member_changes("g", "team", planned=False)
    assert changes == MemberChanges(removed=(MemberChange("key-a", "Ann"),))
    store.close()


def linked(store: SqlStore, *people: str) -> None:
    """Each with an active account of the same name."""
    for one in people:
        source = Identity(one, one)
        planned = PlannedAction(
            ActionKind.CREATE, Status.SUCCESS, source, Identity(), Reason.ASSIGNED, Text("Made")
        )
        link = Link(one, one, f"key {one}", one, Origin.CREATED)
        record = ActivityRecord(
            NOW, "c", ActionKind.CREATE, Status.SUCCESS, source, Identity(), Text("Made")
        )
        store.journal.settle([Settled(Work(one, planned), record, link)], "c", NOW)
        store.plan.evaluated([Evaluated(one, True, one, True)])


def test_who_is_to_be_pointed_anew(tmp_path: Path) -> None:
    """Another manager, or an account on either side; nothing else."""
    store = open_store(tmp_path / "s.db")

    def due() -> list[str]:
        found = store.references.due("m", "", 9)
        store.references.settle("m", [ReferenceSettled(one.person_id) for one in found])
        return [one.person_id for one in found]

    people = [PersonChange(one, {"manager": "boss"}) for one in "abc"]
    store.mirror.merge_people([*people, PersonChange("boss", {}), PersonChange("d", {})], 1)
    assert due() == []
    linked(store, "a", "b", "d")
    assert due() == ["a", "b"]
    linked(store, "a")
    assert due() == []
    linked(store, "boss")
    assert due() == ["a", "b"]
    store.mirror.merge_people([PersonChange("a", {"city": "Oslo", "manager": "boss"})], None)
    assert due() == []
    store.mirror.merge_people([PersonChange("a", {"manager": None})], None)
    store.mirror.merge_people([PersonChange("d", {"manager": "b"})], None)
    assert due() == ["a", "d"]
    store.mirror.merge_people([PersonChange(one, {"manager": "boss"}) for one in "ab"], 2)
    assert due() == ["a"]
    store.references.begin_everybody()
    assert due() == ["a", "b", "boss", "d"]
    store.close()


def test_an_older_file_without_a_table_can_be_asked(tmp_path: Path) -> None:
    file = tmp_path / "s.db"
    store = open_store(file)
    store.mirror.merge_people([PersonChange("a", {"displayName": "Ada"})], 1)
    store.close()
    connection = sqlite3.connect(file)
    connection.execute("DROP TABLE reference_attempt")
    connection.close()
    excerpt = open_excerpt(file)
    assert excerpt is not None
    assert [one.name for one in excerpt.people_called("Ada")] == ["Ada"]
    assert excerpt.references.trouble("a") is None
    excerpt.close()


def test_links_of_another_target_are_put_away_and_come_back(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s.db")
    mirror = store.mirror

    def listed(target: str, *accounts: Account) -> set[str]:
        """A cycle's look at a target; who is linked then."""
        if mirror.move_to_target(target):
            generation = mirror.begin_read(Stream.ACCOUNTS)
            mirror.merge_accounts(accounts, generation, "c")
            assert mirror.finish_accounts(generation).before == 0
        assert not mirror.move_to_target(target)
        return {one for one in ("a", "b") if key_of(one) == f"key {one}"}

    def key_of(person: str) -> str | None:
        subject = store.plan.subject(person, "c", nested=False)
        return subject.link.account_key if subject and subject.link else None

    assert not mirror.move_to_target("first")
    mirror.merge_people([PersonChange("a", {}), PersonChange("b", {})], None)
    linked(store, "a", "b")
    mine, hers = Account("key a", "a", {}), Account("key b", "b", {})
    mirror.merge_accounts([mine, hers], None, "c")
    assert listed("first") == {"a", "b"}
    assert listed("other name of the first", mine, hers) == {"a", "b"}
    stranger = Account("key a", "stranger", {})
    assert listed("second", stranger) == set()
    assert listed("empty") == set()
    assert listed("other name of the first", mine, hers) == {"a", "b"}
    # Away and back before anything was listed: nothing happened.
    assert mirror.move_to_target("second")
    assert not mirror.move_to_target("other name of the first")
    assert key_of("a") == "key a"
    store.close()
