"""Who is assigned, who gets an account, and the reason when not."""

from __future__ import annotations

import asyncio

import pytest
from setup_world import GROUP, USER, MemorySource, assigned, halden, person

from app.domain.activity import Status
from app.domain.errors import Stopped
from app.domain.people import GroupChange, Member
from app.setup.assignment_table import (
    AssignmentFacts,
    AssignmentTable,
    PrincipalType,
    build_table,
    load_facts,
)
from app.setup.cancel import Cancellation


def facts_of(source: MemorySource) -> AssignmentFacts:
    counts: list[int] = []
    facts = asyncio.run(load_facts(source, Cancellation(), counts.append))
    assert counts == sorted(counts)
    return facts


def answers(table: AssignmentTable) -> dict[tuple[str, str], str]:
    return {(row.principal_id, row.role): str(row.answer) for row in table.rows}


def test_every_row_has_its_answer_and_its_reason() -> None:
    table = build_table(facts_of(halden()), nested_groups=False)
    found = answers(table)
    user = "GoToMeeting User"
    assert found["zoe", user] == "Yes"
    assert found["chen", "Meeting and Webinar"] == "Yes"
    assert found["lukasz", "Default Access"] == "No: Default Access gives no account"
    assert found["dimitri", user] == "No: disabled in Entra"
    assert found["ramon", user] == "Yes"
    assert found["ghost", user] == "No: no longer in Entra"
    assert found["sales", user] == "Yes, 3; 1 is disabled, 1 more is nested"
    assert found["sales", "Default Access"] == "No: Default Access gives no account"
    assert found["mailing", user] == "No: not a security group"
    assert found["paused", user] == "No: nobody in it can sign in"
    assert found["robot", user] == "No: only people get accounts"


def test_groups_come_first_and_guests_are_called_guests() -> None:
    table = build_table(facts_of(halden()), nested_groups=False)
    types = [row.type for row in table.rows]
    assert types[:5] == [PrincipalType.GROUP] * 5
    assert types[-1] is PrincipalType.OTHER
    assert [row.name for row in table.rows if row.type is PrincipalType.GUEST] == ["Ramón Ibáñez"]
    sales = table.rows[0]
    assert str(sales.type_text) == "Group · 4 people"
    assert sales.status is Status.WARNING


def test_people_are_counted_once_however_many_rows_they_have() -> None:
    table = build_table(facts_of(halden()), nested_groups=False)
    expected = ("ana", "chen", "long", "ramon", "siobhan", "soren", "zoe")
    assert table.entitled == expected
    assert table.left_out == 3
    assert table.nested_extra == 1


def test_counting_nested_groups_adds_exactly_the_announced_people() -> None:
    facts = facts_of(halden())
    without = build_table(facts, nested_groups=False)
    counted = build_table(facts, nested_groups=True)
    assert set(counted.entitled) - set(without.entitled) == {"nested"}
    assert counted.nested_extra == without.nested_extra
    assert answers(counted)["sales", "GoToMeeting User"] == "Yes, 4; 1 is disabled in Entra"


def test_a_group_of_groups_gives_nobody_an_account() -> None:
    source = MemorySource(
        [person("a", "Ann A")],
        [
            GroupChange("outer", "Outer", True, (Member("inner", GROUP),)),
            GroupChange("inner", "Inner", True, (Member("a", USER), Member("outer", GROUP))),
        ],
        [assigned("outer", GROUP)],
    )
    table = build_table(facts_of(source), nested_groups=False)
    assert answers(table)["outer", "GoToMeeting User"] == "None; 1 is nested and does not count"
    assert table.entitled == ()


def test_those_assigned_by_name_are_offered_first() -> None:
    table = build_table(facts_of(halden()), nested_groups=False)
    names = [one.id for one in table.candidates]
    assert names[:4] == ["zoe", "chen", "ramon", "long"]
    assert set(names[4:]) == {"ana", "soren", "siobhan"}
    assert table.candidates[0].user_principal_name == "zoe@halden.example"


def test_roles_of_a_person_come_from_every_path_but_default_access() -> None:
    facts = facts_of(halden())
    assert [role.name for role in facts.roles_of("ana", nested=False)] == ["GoToMeeting User"]
    assert facts.roles_of("nested", nested=False) == []
    assert [role.name for role in facts.roles_of("nested", nested=True)] == ["GoToMeeting User"]
    assert facts.roles_of("lukasz", nested=True) == []


def test_groups_are_not_read_when_none_is_assigned() -> None:
    source = MemorySource([person("a", "Ann A")], assignments=[assigned("a")])
    source.fails["groups"] = AssertionError  # type: ignore[assignment]
    assert build_table(facts_of(source), nested_groups=False).entitled == ("a",)


def test_nobody_assigned_is_an_empty_table() -> None:
    table = build_table(facts_of(MemorySource()), nested_groups=False)
    assert (table.rows, table.entitled, table.candidates) == ((), (), ())


def test_a_guest_is_known_by_the_original_name_too() -> None:
    source = MemorySource(
        [person("g", "Gus", originalUserPrincipalName="gus_x.example#EXT#@halden.example")],
        assignments=[assigned("g")],
    )
    table = build_table(facts_of(source), nested_groups=False)
    assert table.rows[0].type is PrincipalType.GUEST


def test_reading_can_be_stopped() -> None:
    stop = Cancellation()
    stop.set()
    with pytest.raises(Stopped):
        asyncio.run(load_facts(halden(), stop, lambda _count: None))
