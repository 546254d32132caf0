"""Which role and who a name means, and what the end of an assignment brings."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from setup_world import (
    APPLICATION,
    GROUP,
    ROLE,
    USER,
    WEBINAR,
    MemorySource,
    assigned,
    halden,
    person,
)

from app.domain.assigning import Principal
from app.domain.errors import ConfigurationError
from app.domain.people import DEFAULT_ACCESS, AppRole, GroupChange, Member, PrincipalKind
from app.setup.assignees import (
    Rules,
    choose_assignment,
    choose_principal,
    choose_role,
    held_by,
    real_roles,
    removal_of,
)
from app.setup.assignment_table import AssignmentFacts, load_facts
from app.setup.cancel import Cancellation


def facts_of(source: MemorySource) -> AssignmentFacts:
    return asyncio.run(load_facts(source, Cancellation(), lambda _: None))


def test_only_roles_that_people_can_hold_are_real() -> None:
    off = AppRole("off", "Off", enabled=False)
    robots = AppRole("robots", "Robots", for_people=False)
    application = replace(APPLICATION, roles=(off, ROLE, robots))
    assert real_roles(application) == [ROLE]
    assert choose_role(application, None) == ROLE
    for wanted in ("Off", "robots"):
        with pytest.raises(ConfigurationError, match="cannot be given"):
            choose_role(application, wanted)


@pytest.mark.parametrize("wanted", ["webinar", "MEETING AND WEBINAR", " webinar "])
def test_a_role_is_named_by_name_value_or_id(wanted: str) -> None:
    assert choose_role(APPLICATION, wanted) == WEBINAR


@pytest.mark.parametrize("wanted", ["default access", DEFAULT_ACCESS, "Default"])
def test_default_access_is_refused_with_what_to_choose(wanted: str) -> None:
    with pytest.raises(ConfigurationError, match="Default Access cannot be chosen") as caught:
        choose_role(APPLICATION, wanted)
    assert "GoToMeeting User; Meeting and Webinar" in str(caught.value.advice)
    with pytest.raises(ConfigurationError) as caught:
        choose_role(replace(APPLICATION, roles=()), wanted)
    assert "rollcall roles add" in str(caught.value.advice)


def test_two_roles_of_one_name_are_told_apart_by_id() -> None:
    twin = AppRole("twin", ROLE.name, "other")
    application = replace(APPLICATION, roles=(ROLE, twin))
    with pytest.raises(ConfigurationError, match="2 roles are called") as caught:
        choose_role(application, ROLE.name)
    assert "role; twin" in str(caught.value.advice)
    assert choose_role(application, "twin") == twin


def test_a_beginning_is_not_enough_to_change_somebody() -> None:
    ann = Principal("1", PrincipalKind.USER, "Ann Lee", "ann@x.example")
    anna = Principal("2", PrincipalKind.USER, "Anna Lee", "anna@x.example")
    assert choose_principal([ann, anna], "ann lee") == ann
    with pytest.raises(ConfigurationError, match="Nobody and no group is called ann") as caught:
        choose_principal([ann, anna], "ann")
    assert "1 Ann Lee (ann@x.example); 2 Anna Lee (anna@x.example)" in str(caught.value.advice)
    twin = replace(anna, name="Ann Lee")
    with pytest.raises(ConfigurationError, match="2 people and groups"):
        choose_principal([ann, twin], "Ann Lee")


def two_ways() -> AssignmentFacts:
    """Ann directly and through a group; Bo through the group alone; Cy in a nested one."""
    return facts_of(
        MemorySource(
            people=[person("ann", "Ann Lee"), person("bo", "Bo Li"), person("cy", "Cy Ng")],
            groups=[
                GroupChange("team", "Team", True, (Member("ann", USER), Member("bo", USER),
                                                   Member("inner", GROUP))),
                GroupChange("inner", "Inner", True, (Member("cy", USER),)),
            ],
            assignments=[assigned("ann", USER), assigned("team", GROUP)],
        )
    )  # fmt: skip


def test_who_loses_is_who_has_no_other_way() -> None:
    facts = two_ways()
    direct, group = facts.assignments
    rules = Rules()
    kept = removal_of(facts, direct, rules)
    assert kept.losing == ()
    assert "in another way too" in str(kept.follows)
    lost = removal_of(facts, group, rules)
    assert [one.id for one in lost.losing] == ["bo"]
    assert "account of Bo Li is disabled" in str(lost.follows)
    nested = removal_of(facts, group, Rules(nested_groups=True))
    assert [one.id for one in nested.losing] == ["bo", "cy"]
    assert "accounts of 2 people are disabled" in str(nested.follows)
    left = removal_of(facts, group, Rules(disables=False))
    assert "stays as it is" in str(left.follows)


def test_default_access_brings_nothing_unless_it_counts() -> None:
    source = MemorySource(
        people=[person("ann", "Ann Lee")],
        assignments=[replace(assigned("ann", USER), role_id=DEFAULT_ACCESS)],
    )
    facts = facts_of(source)
    (only,) = facts.assignments
    assert str(removal_of(facts, only, Rules()).follows).startswith("Nothing follows")
    counts = removal_of(facts, only, Rules(default_access_counts=True))
    assert [one.id for one in counts.losing] == ["ann"]


def test_the_assigned_are_found_by_name_address_and_id() -> None:
    facts = facts_of(halden())
    zoe = facts.people["zoe"]
    for name in ("zoe", zoe.name.upper(), zoe.user_principal_name):
        assert {one.principal_id for one in held_by(facts, name)} == {"zoe"}
    assert held_by(facts, "nobody") == []
    held = held_by(facts, "zoe")
    assert choose_assignment(facts, held, "no such role") is None
