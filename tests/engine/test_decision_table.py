"""The decision table: spec/provisioning.md sections 2 to 6 and 9, row by row.

Each test is named after its section and row. Rows about group objects and about targets without
suspension belong to other targets than GoTo's and are tested there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from company import (
    DOMAIN,
    FINANCE,
    MARTA,
    SALES,
    TRAINEES,
    WEBINARS,
    Company,
    changes,
    events,
    open_company,
)

from app.domain.activity import ActionKind, CycleKind, CycleOutcome, Status
from app.domain.errors import ConfigurationError
from app.sandbox.directory import Person

ALL_ACTIONS = ["create", "update", "disable", "delete"]
NOT_ENTITLED = "other skipped NotEffectivelyEntitled"
LEFT_ALONE = "other skipped EntrySynchronizationSkipped"


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with open_company(tmp_path) as one:
        yield one


def scoping(attribute: str, operator: str, value: str = "") -> dict[str, Any]:
    clause = {"attribute": attribute, "operator": operator, "value": value}
    return {"name": f"{attribute} {operator}", "clauses": [clause]}


SALES_ONLY = [scoping("department", "EQUALS", "Sales")]


# -- 2.1 Two scope modes ------------------------------------------------------------------------


def test_section_2_1_assigned_takes_those_who_hold_a_role(company: Company) -> None:
    nora, otto = company.join("Nora"), company.join("Otto", FINANCE)
    company.sync()
    assert (company.has(nora), company.has(otto)) == (True, False)


def test_section_2_1_all_takes_everybody(company: Company) -> None:
    otto = company.join("Otto", FINANCE)
    company.configure(scope="all")
    assert company.next_cycle(otto) == ["create success assigned"]


@pytest.mark.parametrize("scope", ["assigned", "all"])
def test_section_2_1_scope_and_filters_must_both_hold(company: Company, scope: str) -> None:
    nora = company.join("Nora", department="Sales")
    otto = company.join("Otto", department="Legal")
    pia = company.join("Pia", FINANCE, department="Sales")
    company.configure(scope=scope, scoping_filters=SALES_ONLY)
    company.sync()
    assert [company.has(one) for one in (nora, otto, pia)] == [True, False, scope == "all"]


def test_section_2_1_from_all_to_assigned_starts_an_initial_cycle(company: Company) -> None:
    otto = company.join("Otto", FINANCE)
    company.configure(scope="all")
    company.sync()
    company.configure(scope="assigned")
    done = company.sync()
    assert done.summary.kind is CycleKind.INITIAL
    assert events(done, otto) == ["disable success unassigned"]


# -- 2.2 Assignments, application roles, Default Access -------------------------------------------


def test_section_2_2_default_access_gives_no_account_and_the_record_says_why(
    company: Company,
) -> None:
    otto = company.join("Otto", FINANCE)
    company.world.assign(otto.id, "default")
    done = company.sync()
    assert events(done, otto) == [NOT_ENTITLED]
    assert "Default Access" in str(done.of("Otto Crashtest")[0].message)


def test_section_2_2_default_access_counts_when_the_setting_says_so(company: Company) -> None:
    otto = company.join("Otto", FINANCE)
    company.world.assign(otto.id, "default")
    company.configure(default_access_counts=True)
    assert company.next_cycle(otto) == ["create success assigned"]


def test_section_2_2_a_role_that_does_not_exist_is_a_damaged_assignment(company: Company) -> None:
    otto = company.join("Otto", FINANCE)
    unknown = "11111111-2222-3333-4444-555555555555"
    company.world.directory.grant("damaged", otto.id, "user", unknown, "2026-01-01T00:00:00Z")
    done = company.sync()
    assert events(done, otto) == [NOT_ENTITLED]
    (record,) = done.of("Otto Crashtest")
    assert record.message.values["role"] == unknown
    assert "assign again" in str(record.advice)


def test_section_2_2_several_assignments_make_one_account(company: Company) -> None:
    nora = company.join("Nora")
    company.world.add_member(nora.id, WEBINARS)
    company.world.assign(nora.id)
    assert company.next_cycle(nora) == ["create success assigned"]
    assert company.seats()[nora.text("mail")] == 1


def test_section_2_2_in_scope_while_one_effective_assignment_is_left(company: Company) -> None:
    nora = company.join("Nora")
    company.world.assign(nora.id)
    company.sync()
    company.world.remove_member(nora.id, SALES)
    assert company.next_cycle(nora) == []
    company.world.unassign(nora.id)
    assert company.next_cycle(nora) == ["disable success unassigned"]


def test_section_2_2_only_default_access_left_is_no_assignment(company: Company) -> None:
    nora = company.join("Nora")
    company.sync()
    company.world.assign(nora.id, "default")
    company.world.remove_member(nora.id, SALES)
    assert company.next_cycle(nora) == ["disable success not_effectively_entitled"]


# -- 2.3 Groups -----------------------------------------------------------------------------------


@pytest.mark.parametrize("nested", [False, True])
def test_section_2_3_direct_members_only_unless_nested_groups_count(
    company: Company, nested: bool
) -> None:
    otto = company.join("Otto", TRAINEES)
    company.configure(nested_groups=nested)
    company.sync()
    assert company.has(otto) is nested


def test_section_2_3_a_nested_group_that_is_assigned_itself_counts(company: Company) -> None:
    otto = company.join("Otto", TRAINEES)
    company.world.assign(TRAINEES)
    assert company.next_cycle(otto) == ["create success assigned"]


def test_section_2_3_leaving_a_nested_group_disables(company: Company) -> None:
    otto = company.join("Otto", TRAINEES)
    company.configure(nested_groups=True)
    company.sync()
    company.world.remove_member(otto.id, TRAINEES)
    assert company.next_cycle(otto) == ["disable success left_group"]


def test_section_2_3_a_group_that_is_not_security_enabled_gives_nothing(company: Company) -> None:
    nora = company.join("Nora")
    company.change_group(SALES, security_enabled=False)
    company.sync()
    assert not company.has(nora)
    company.change_group(SALES, security_enabled=True)
    assert company.next_cycle(nora) == ["create success assigned"]
    company.change_group(SALES, security_enabled=False)
    assert company.next_cycle(nora) == ["disable success left_group"]


def test_section_2_3_losing_membership_is_deprovisioning(company: Company) -> None:
    """Dynamic groups too: what their rule does arrives as a membership that ended."""
    nora = company.join("Nora")
    company.sync()
    company.world.remove_member(nora.id, SALES)
    assert company.next_cycle(nora) == ["disable success left_group"]


@pytest.mark.parametrize("how", ["unassign", "delete_group"])
def test_section_2_3_members_of_a_group_that_lost_its_role_are_disabled(
    company: Company, how: str
) -> None:
    nora = company.join("Nora")
    company.sync()
    getattr(company.world, how)(SALES)
    assert company.next_cycle(nora) == ["disable success group_unassigned"]


def test_section_2_3_devices_and_groups_among_the_members_are_ignored(company: Company) -> None:
    (group,) = [one for one in company.world.directory.living_groups() if one.name == SALES]
    assert {"device", "group"} <= set(group.members.values())
    assert company.sync().summary.counts.failed == 0


# -- 2.4 Guests -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "address"),
    [
        ("nora_fjordlight.example#EXT#@haldenroux.example", "nora@fjordlight.example"),
        ("no_ra_fjordlight.example#EXT#@haldenroux.example", "no_ra@fjordlight.example"),
    ],
)
def test_section_2_4_a_guest_has_the_home_address(
    company: Company, stored: str, address: str
) -> None:
    company.join("Nora", userPrincipalName=stored, mail=None, userType="Guest")
    company.sync()
    assert company.seated(address)


def test_section_2_4_the_raw_name_is_available(company: Company) -> None:
    stored = "nora_fjordlight.example#EXT#@haldenroux.example"
    nora = company.join("Nora", userPrincipalName=stored)
    company.map({"target": "lastName", "source": "originalUserPrincipalName"})
    assert changes(company.sync(), nora)["lastName"] == stored


# -- 2.5 Disabled people --------------------------------------------------------------------------


def test_section_2_5_created_only_once_enabled(company: Company) -> None:
    nora = company.join("Nora", accountEnabled=False)
    assert company.next_cycle(nora) == [LEFT_ALONE]
    company.world.enable(nora.id)
    assert company.next_cycle(nora) == ["create success assigned"]


# -- 2.6 Scoping filters --------------------------------------------------------------------------

DEPARTMENTS = {
    "Sales": "Sales",
    "Lower": "sales",
    "Inside": "Inside Sales",
    "Ten": "10",
    "Ninety": "90",
    "Hundred": "100",
    "Minus": "-5",
    "Word": "ten",
    "Empty": "",
    "Null": None,
}
PRESENT = set(DEPARTMENTS) - {"Empty", "Null"}


@pytest.fixture(scope="module")
def departments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Nobody is provisioned here; the filters are only planned with."""
    with open_company(tmp_path_factory.mktemp("departments")) as one:
        for name, department in DEPARTMENTS.items():
            one.join(name, department=department)
        yield one


def passing(company: Company, *filters: dict[str, Any]) -> set[str]:
    """Given names of those for whom an account would be created."""
    company.configure(scoping_filters=list(filters))
    created = [line for line in company.plan()[:-1] if line["action"] == "create"]
    return {line["source"]["name"].split()[0] for line in created}


@pytest.mark.parametrize(
    ("operator", "operand", "passes"),
    [
        ("EQUALS", "Sales", {"Sales"}),
        ("NOT EQUALS", "Sales", PRESENT - {"Sales"}),
        ("IS NULL", "", {"Empty", "Null"}),
        ("IS NOT NULL", "", PRESENT),
        ("REGEX MATCH", "Sales", {"Sales", "Inside"}),
        ("REGEX MATCH", "^Sales$", {"Sales"}),
        ("REGEX MATCH", "([1-9][0-9])", {"Ten", "Ninety", "Hundred"}),
        ("NOT REGEX MATCH", "Sales", PRESENT - {"Sales", "Inside"}),
        ("Greater_Than", "10", {"Ninety", "Hundred"}),
        ("Greater_Than_OR_EQUALS", "10", {"Ten", "Ninety", "Hundred"}),
        ("ENDS_WITH", "Sales", {"Sales", "Inside"}),
        ("Includes", "Sales", {"Sales", "Inside"}),
        ("&", "Sales or 10", {"Sales", "Ten"}),
        ("!&", "Sales or 10", PRESENT - {"Sales", "Ten"}),
        ("IS TRUE", "", set()),
        ("IS FALSE", "", set()),
    ],
)
def test_section_2_6_operators(
    departments: Company, operator: str, operand: str, passes: set[str]
) -> None:
    assert passing(departments, scoping("department", operator, operand)) == passes


@pytest.mark.parametrize(("operator", "passes"), [("IS TRUE", "Yes"), ("IS FALSE", "No")])
def test_section_2_6_truth_is_a_boolean_not_a_word(
    company: Company, operator: str, passes: str
) -> None:
    for name, value in {"Yes": True, "No": False, "Text": "True", "Null": None}.items():
        company.join(name, employeeType=value)
    assert passing(company, scoping("employeeType", operator)) == {passes}


def test_section_2_6_all_clauses_of_a_filter_must_hold(departments: Company) -> None:
    both = scoping("department", "Includes", "Sales")
    both["clauses"] += scoping("givenName", "NOT EQUALS", "Inside")["clauses"]
    assert passing(departments, both) == {"Sales"}


def test_section_2_6_one_filter_that_holds_is_enough(departments: Company) -> None:
    one, other = scoping("department", "EQUALS", "10"), scoping("department", "IS NULL")
    assert passing(departments, one, other) == {"Ten", "Empty", "Null"}


def test_section_2_6_no_filter_lets_everybody_pass(departments: Company) -> None:
    assert passing(departments) == set(DEPARTMENTS)


@pytest.mark.parametrize(
    "attribute",
    [
        "appRoleAssignments",
        "userType",
        "manager",
        "members",
        "proxyAddresses",
        "otherMails",
        "employeeHireDate",
    ],
)
def test_section_2_6_what_cannot_be_filtered_is_refused_at_import(
    company: Company, attribute: str
) -> None:
    with pytest.raises(ConfigurationError, match=attribute):
        company.configure(scoping_filters=[scoping(attribute, "IS NOT NULL")])


def test_section_2_6_an_operand_that_is_no_number_is_refused_at_import(company: Company) -> None:
    with pytest.raises(ConfigurationError, match="whole number"):
        company.configure(scoping_filters=[scoping("department", "Greater_Than", "ten")])


@pytest.mark.parametrize("skip", [False, True])
def test_section_2_6_saving_a_filter_disables_those_who_fall_out_unless_skipped(
    company: Company, skip: bool
) -> None:
    nora = company.join("Nora", department="Legal")
    company.configure(skip_out_of_scope_deletions=skip)
    company.sync()
    company.configure(scoping_filters=SALES_ONLY)
    done = company.sync()
    assert done.summary.kind is CycleKind.INITIAL
    assert events(done, nora) == [LEFT_ALONE if skip else "disable success filtered_out"]
    assert company.has(nora) is skip


# -- 3 Matching -----------------------------------------------------------------------------------

BY_NAME_THEN_ADDRESS = (
    {"target": "lastName", "source": "surname", "match": 1},
    {"target": "email", "source": "mail", "match": 2},
)


def test_section_3_capitals_do_not_matter_and_nothing_is_written(company: Company) -> None:
    (marta,) = company.world.directory.at_address(MARTA)
    assert company.next_cycle(marta) == ["link success matched"]
    assert company.account_of(marta).email == "Marta.Lindqvist@HaldenRoux.example"


def test_section_3_the_first_attribute_that_finds_an_account_ends_the_search(
    company: Company,
) -> None:
    company.world.add_account(f"by.name@{DOMAIN}", "Nora", "Zimmer")
    company.world.add_account(f"by.address@{DOMAIN}", "Otto", "Somebody")
    by_name = company.account(f"by.name@{DOMAIN}")
    by_address = company.account(f"by.address@{DOMAIN}")
    nora = company.join("Nora", surname="Zimmer")
    otto = company.join("Otto", surname="Unknown", mail=f"by.address@{DOMAIN}")
    company.map(*BY_NAME_THEN_ADDRESS)
    done = company.sync()
    assert events(done, nora) == events(done, otto) == ["update success matched"]
    assert company.account_of(nora) is by_name
    assert company.account_of(otto) is by_address


def test_section_3_the_match_uses_the_transformed_value(company: Company) -> None:
    company.world.add_account(f"x-nora@{DOMAIN}", "Nora", "Crashtest")
    nora = company.join("Nora", mail=f"nora@{DOMAIN}")
    expression = 'Append("x-", [mail])'
    company.map({"target": "email", "type": "expression", "expression": expression, "match": 1})
    assert company.next_cycle(nora) == ["link success matched"]


def test_section_3_several_accounts_with_the_value_no_action(company: Company) -> None:
    for number in (1, 2):
        company.world.add_account(f"zimmer{number}@{DOMAIN}", "Nora", "Zimmer")
    nora = company.join("Nora", surname="Zimmer")
    company.map(*BY_NAME_THEN_ADDRESS)
    assert company.next_cycle(nora) == ["create failure DuplicateTargetEntries"]


@pytest.mark.parametrize("linked", [False, True])
def test_section_3_two_people_with_one_value_neither_is_touched(
    company: Company, linked: bool
) -> None:
    nora = company.join("Nora")
    if linked:
        company.sync()
    otto = company.join("Otto")
    company.world.share_address(nora.id, otto.id)
    done = company.sync()
    action = "update" if linked else "create"
    assert events(done, nora) == [f"{action} failure DuplicateSourceEntries"]
    assert events(done, otto) == ["create failure DuplicateSourceEntries"]
    assert company.has(nora) is linked


def test_section_3_two_people_who_match_one_account_by_name_neither_is_touched(
    company: Company,
) -> None:
    company.world.add_account(f"zimmer@{DOMAIN}", "N", "Zimmer")
    pair = [company.join(name, surname="Zimmer") for name in ("Nora", "Otto")]
    company.map(*BY_NAME_THEN_ADDRESS)
    done = company.sync()
    assert [events(done, one) for one in pair] == [["create failure DuplicateSourceEntries"]] * 2


def test_section_3_no_value_for_any_matching_attribute(company: Company) -> None:
    nora = company.join("Nora", mail=None)
    company.map()
    assert company.next_cycle(nora) == ["other skipped ImportSkipped"]


def test_section_3_the_link_is_used_after_an_address_was_changed_by_hand(company: Company) -> None:
    nora = company.join("Nora")
    company.sync()
    user = company.account_of(nora)
    company.world.goto.set_email(user, f"by.hand@{DOMAIN}")
    company.world.rename(nora.id, surname="Zimmer")
    done = company.sync()
    assert done.summary.counts.created == 0
    assert user.last_name == "Zimmer"
    assert user.email == f"by.hand@{DOMAIN}"


def test_section_3_a_vanished_account_is_an_invalid_anchor_until_the_link_is_forgotten(
    company: Company,
) -> None:
    nora = company.join("Nora")
    company.sync()
    company.world.delete_account(nora.text("mail"))
    company.world.rename(nora.id, surname="Zimmer")
    assert company.next_cycle(nora) == ["update failure InvalidAnchor"]
    assert company.next_cycle(nora, initial=True) == ["update failure InvalidAnchor"]
    assert company.program.retry("practice", nora.text("mail"), forget_link=True) == 1
    assert company.next_cycle(nora) == ["create success assigned"]
    assert company.has(nora)


def test_section_3_a_restart_keeps_the_links(company: Company) -> None:
    company.join("Nora")
    company.sync()
    assert company.sync(initial=True).records == []


def test_section_3_changes_by_hand_are_not_noticed(company: Company) -> None:
    nora = company.join("Nora")
    company.sync()
    company.world.edit_account(nora.text("mail"), first_name="Eleanor")
    assert company.sync().records == []
    assert company.account_of(nora).first_name == "Eleanor"


# -- 4 Attribute mappings -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mapping", "value"),
    [
        ({"source": "department"}, "Legal"),
        ({"type": "constant", "constant": "Staff"}, "Staff"),
        ({"type": "expression", "expression": "ToUpper([department])"}, "LEGAL"),
        ({"type": "none", "default": "Nobody"}, "Nobody"),
    ],
)
def test_section_4_1_types(company: Company, mapping: dict[str, Any], value: str) -> None:
    nora = company.join("Nora", department="Legal")
    company.map({"target": "lastName", **mapping})
    assert changes(company.sync(), nora)["lastName"] == value


@pytest.mark.parametrize(("before", "after"), [("de_DE", "de_DE"), ("", "fr_FR")])
def test_section_4_1_none_fills_only_an_empty_target_attribute(
    company: Company, before: str, after: str
) -> None:
    nora = company.join("Nora")
    company.sync()
    company.account_of(nora).locale = before
    company.map({"target": "locale", "type": "none", "default": "fr_FR"})
    company.sync()
    assert company.account_of(nora).locale == after
    assert company.sync().records == []


def test_section_4_2_the_default_is_for_creation_only(company: Company) -> None:
    nora = company.join("Nora", preferredLanguage=None)
    company.map({"target": "locale", "source": "preferredLanguage", "default": "fr_FR"})
    company.sync()
    assert company.account_of(nora).locale == "fr_FR"
    company.account_of(nora).locale = "de_DE"
    company.world.rename(nora.id, surname="Zimmer")
    assert set(changes(company.sync(), nora)) == {"lastName"}
    assert company.account_of(nora).locale == "de_DE"


def test_section_4_2_only_during_creation(company: Company) -> None:
    nora = company.join("Nora")
    company.map({"target": "lastName", "source": "surname", "apply": "create_only"})
    company.sync()
    company.world.rename(nora.id, surname="Zimmer")
    assert company.next_cycle(nora) == []
    assert company.account_of(nora).last_name == "Crashtest"


def test_section_4_2_only_during_creation_leaves_a_matched_account_alone(company: Company) -> None:
    company.world.add_account(f"nora@{DOMAIN}", "Nora", "Before")
    nora = company.join("Nora", mail=f"nora@{DOMAIN}")
    company.map({"target": "lastName", "source": "surname", "apply": "create_only"})
    assert company.next_cycle(nora) == ["link success matched"]
    assert company.account_of(nora).last_name == "Before"


@pytest.mark.parametrize(("flow_nulls", "after"), [(False, "fr_FR"), (True, "")])
@pytest.mark.parametrize("emptied", [None, ""])
def test_section_4_3_null_is_never_sent_unless_the_mapping_says_so(
    company: Company, emptied: str | None, flow_nulls: bool, after: str
) -> None:
    nora = company.join("Nora", preferredLanguage="fr_FR")
    company.map({"target": "locale", "source": "preferredLanguage", "flow_nulls": flow_nulls})
    company.sync()
    company.world.set_attribute(nora.id, "preferredLanguage", emptied)
    company.sync()
    assert company.account_of(nora).locale == after
    assert company.sync().records == []


def test_section_4_3_a_value_over_unchanged_attributes_never_turns_null(company: Company) -> None:
    nora = company.join("Nora", department="Legal")
    expression = 'Switch([department], "other", "Legal", "Law")'
    company.map({"target": "lastName", "type": "expression", "expression": expression})
    company.sync()
    company.world.rename(nora.id, given="Norah")
    assert changes(company.sync(), nora) == {"firstName": "Norah"}


def test_section_4_4_only_differences_are_written(company: Company) -> None:
    nora = company.join("Nora")
    company.sync()
    company.world.rename(nora.id, surname="Zimmer")
    assert changes(company.sync(), nora) == {"lastName": "Zimmer"}


def test_section_4_4_an_address_that_differs_in_capitals_is_the_same(company: Company) -> None:
    nora = company.join("Nora")
    company.sync()
    company.world.set_attribute(nora.id, "mail", nora.text("mail").upper())
    assert company.next_cycle(nora) == []


def test_section_4_4_a_name_that_differs_in_capitals_is_another(company: Company) -> None:
    nora = company.join("Nora")
    company.sync()
    company.world.rename(nora.id, surname="CRASHTEST")
    assert changes(company.sync(), nora) == {"lastName": "CRASHTEST"}


def test_section_4_4_several_values_do_not_fit_into_one(company: Company) -> None:
    nora = company.join("Nora", otherMails=["a@x.example", "b@x.example"])
    company.map({"target": "lastName", "source": "otherMails"})
    assert company.next_cycle(nora) == ["create failure SchemaPropertyCanOnlyAcceptValue"]


def test_section_4_4_a_name_of_more_than_60_characters_is_cut_with_a_warning(
    company: Company,
) -> None:
    nora = company.join("Nora", surname="Z" * 61)
    done = company.sync()
    assert events(done, nora) == ["create warning assigned"]
    assert company.account_of(nora).last_name == "Z" * 60
    assert company.sync().records == []


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (f"{'n' * 129}@{DOMAIN}", "UnprocessableEntity"),
        ("no at sign", "InvalidDomain"),
        ("nora@nowhere", "InvalidDomain"),
    ],
)
def test_section_4_4_an_address_that_goto_cannot_take_is_refused_before_sending(
    company: Company, address: str, code: str
) -> None:
    company.sync()
    nora = company.join("Nora", mail=address)
    company.sandbox.requests.clear()
    done = company.sync()
    assert events(done, nora) == [f"create failure {code}"]
    assert not [one for one in company.sandbox.creates if "nora" in one or "nnn" in one]
    (record,) = done.of("Nora Crashtest")
    assert record.message.values["attribute"] == "email"


def test_section_4_4_a_wrong_locale_is_left_out_with_a_warning(company: Company) -> None:
    nora = company.join("Nora", preferredLanguage="Klingon, mostly")
    company.map({"target": "locale", "source": "preferredLanguage"})
    assert company.next_cycle(nora) == ["create warning assigned"]
    assert company.account_of(nora).locale == "en_US"


def test_section_4_4_an_unknown_target_attribute_is_refused_at_import(company: Company) -> None:
    with pytest.raises(ConfigurationError, match="nickName"):
        company.map({"target": "nickName", "source": "givenName"})


def test_section_4_4_a_changed_mapping_looks_at_everybody_again(company: Company) -> None:
    nora = company.join("Nora")
    company.sync()
    company.map({"target": "lastName", "type": "constant", "constant": "Staff"})
    done = company.sync()
    assert done.summary.kind is CycleKind.INITIAL
    assert changes(done, nora) == {"lastName": "Staff"}


def test_section_4_4_the_mapping_of_people_cannot_be_switched_off(company: Company) -> None:
    with pytest.raises(ConfigurationError, match=r"mappings\.users\.enabled"):
        company.configure(mappings__users__enabled=False)


def test_section_4_6_create_off(company: Company) -> None:
    company.configure(mappings__users__actions=["update", "disable"])
    nora = company.join("Nora")
    company.world.add_account(f"otto@{DOMAIN}", "O", "Crashtest")
    otto = company.join("Otto", mail=f"otto@{DOMAIN}")
    done = company.sync()
    assert events(done, nora) == [LEFT_ALONE]
    assert events(done, otto) == ["update success matched"]
    assert company.sync().records == []


def test_section_4_6_update_off_means_no_disable_either(company: Company) -> None:
    nora, otto = company.join("Nora"), company.join("Otto")
    company.sync()
    company.configure(mappings__users__actions=["create", "disable"])
    company.world.rename(nora.id, surname="Zimmer")
    company.world.disable(otto.id)
    done = company.sync()
    assert events(done, nora) == events(done, otto) == [LEFT_ALONE]
    assert company.has(otto)
    assert company.sync().records == []


def test_section_4_6_disable_off(company: Company) -> None:
    nora = company.join("Nora")
    company.sync()
    company.configure(mappings__users__actions=["create", "update"])
    company.world.disable(nora.id)
    assert company.next_cycle(nora) == [LEFT_ALONE]
    assert company.has(nora)


# -- 5 Cycles -------------------------------------------------------------------------------------


def test_section_5_1_and_5_2_the_first_cycle_is_initial_later_ones_are_not(
    company: Company,
) -> None:
    nora, otto, pia = (company.join(name) for name in ("Nora", "Otto", "Pia"))
    assert company.sync().summary.kind is CycleKind.INITIAL
    company.configure(mappings__users__actions=ALL_ACTIONS)
    company.sync()
    company.world.remove_member(nora.id, SALES)
    company.world.disable(otto.id)
    company.world.leave(pia.id)
    company.world.purge(pia.id)
    quentin, outside = company.join("Quentin"), company.join("Rosa", FINANCE)
    done = company.sync()
    assert done.summary.kind is CycleKind.INCREMENTAL
    assert [events(done, one)[:1] for one in (nora, otto, pia, quentin, outside)] == [
        ["disable success left_group"],
        ["disable success disabled_in_source"],
        ["delete success purged_in_source"],
        ["create success assigned"],
        [],
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"scoping_filters": SALES_ONLY},
        {"mappings__users__actions": ["create", "update"]},
        {"scope": "all"},
        {"nested_groups": True},
        {"default_access_counts": True},
        {"skip_out_of_scope_deletions": True},
        {"pilot": [MARTA]},
        {"target__licences": {"*": ["G2W", "G2M"]}},
        {"target__disable": "remove_managed"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_section_5_4_a_change_of_what_decides_starts_an_initial_cycle(
    company: Company, change: dict[str, Any]
) -> None:
    company.sync()
    company.configure(**change)
    assert company.sync().summary.kind is CycleKind.INITIAL
    assert company.sync().summary.kind is CycleKind.INCREMENTAL


def test_section_5_4_other_changes_go_on_from_the_watermark(company: Company) -> None:
    company.sync()
    company.configure(
        interval_minutes=30, safety__max_removals=3, notification__email=["ops@example.com"]
    )
    assert company.sync().summary.kind is CycleKind.INCREMENTAL


def test_section_5_4_off_and_on_again_continues_from_the_watermark(company: Company) -> None:
    company.sync()
    company.program.profiles.set_enabled("practice", enabled=False)
    company.program.profiles.set_enabled("practice", enabled=True)
    assert company.sync().summary.kind is CycleKind.INCREMENTAL


def test_section_5_4_a_restart_retries_what_failed(company: Company) -> None:
    nora = company.join("Nora", mail="no at sign")
    company.sync()
    assert company.next_cycle(nora) == []
    assert company.next_cycle(nora, initial=True) == ["create failure InvalidDomain"]


@pytest.mark.parametrize("how", ["gone", "sync_state_not_found", "resync_required"])
def test_section_5_4_an_expired_delta_is_read_in_full_and_keeps_the_links(
    company: Company, how: str
) -> None:
    nora, otto = company.join("Nora"), company.join("Otto")
    company.sync()
    company.world.leave(nora.id)
    company.world.disable(otto.id)
    company.world.reset_delta(how)
    done = company.sync()
    assert events(done, nora) == ["disable success deleted_in_source"]
    assert events(done, otto) == ["disable success disabled_in_source"]
    assert len(done.records) == 2
    assert company.sync().records == []


def test_section_5_4_a_failed_cycle_leaves_the_watermark(company: Company) -> None:
    company.sync()
    nora = company.join("Nora")
    company.world.fail_next("goto", [503] * 40)
    assert company.sync().summary.outcome is CycleOutcome.FAILED
    company.world.fail_next("goto", [])
    assert company.next_cycle(nora) == ["create success assigned"]


@pytest.mark.parametrize("linked_before", [False, True])
@pytest.mark.parametrize("operator", ["REGEX MATCH", "NOT REGEX MATCH"])
def test_section_2_6_a_pattern_that_takes_too_long_fails_one_person_and_nobody_else(
    company: Company, operator: str, linked_before: bool
) -> None:
    nora, otto = company.join("Nora", department="Sales"), company.join("Otto", department="Sales")
    if linked_before:
        company.sync()
    slow = [scoping("department", operator, "^(a|aa)+$"), scoping("mail", "IS NULL")]
    company.configure(scoping_filters=slow)
    company.world.set_attribute(nora.id, "department", "a" * 40 + "!")
    company.world.set_attribute(otto.id, "department", "a" if operator == "REGEX MATCH" else "b")
    done = company.sync()
    assert done.summary.outcome is CycleOutcome.SUCCEEDED
    (failed,) = [one for one in done.records if one.source.id == nora.id]
    assert (failed.status, failed.code) == (Status.FAILURE, "ExpressionFailed")
    assert f"“department {operator}”" in str(failed.message)
    assert company.has(otto)
    assert company.has(nora) is linked_before
    assert company.why(nora.text("mail")).code == "ExpressionFailed"
    company.world.set_attribute(nora.id, "department", "a" if operator == "REGEX MATCH" else "b")
    company.sync()
    assert company.has(nora)


def test_section_3_a_number_finds_an_account_like_its_text(company: Company) -> None:
    company.world.add_account(f"x@{DOMAIN}", "3", "Crashtest")
    by_number = {
        "target": "firstName",
        "type": "expression",
        "expression": "Len([employeeId])",
        "match": 1,
    }
    company.map(by_number, {"target": "email", "source": "mail", "match": 2})
    nora = company.join("Nora", employeeId="abc")
    assert company.next_cycle(nora) == ["update success matched"]


UNIQUE = {
    "target": "firstName",
    "type": "expression",
    "expression": (
        'SelectUniqueValue([givenName], Append([givenName], "2"), Append([givenName], "3"))'
    ),
    "apply": "create_only",
}
"""Expressions 3, SelectUniqueValue: the first value nobody has."""


def test_select_unique_value_passes_over_what_an_account_has(company: Company) -> None:
    company.map(UNIQUE)
    company.world.add_account(f"other@{DOMAIN}", "JONAS", "Other")
    company.sync()
    jonas = company.join("Jonas")
    company.sync()
    assert company.account_of(jonas).first_name == "Jonas2"
    assert company.sync().records == []


def test_select_unique_value_gives_two_new_people_two_values(company: Company) -> None:
    company.map(UNIQUE)
    noras = [company.join("Nora", givenName="ÉMILE"), company.join("Otto", givenName="émile")]
    company.sync()
    names = sorted(company.account_of(nora).first_name.lower() for nora in noras)
    assert names == ["émile", "émile2"]
    assert company.sync().records == []


def test_select_unique_value_fails_the_person_when_all_are_taken(company: Company) -> None:
    company.map(UNIQUE)
    for first_name in ("NORA", "Nora2", "nora3"):
        company.world.add_account(f"{first_name}@{DOMAIN}", first_name, "Other")
    nora, otto = company.join("Nora"), company.join("Otto")
    done = company.sync()
    (failure,) = [one for one in done.records if one.source.id == nora.id]
    assert failure.status is Status.FAILURE
    assert "nora3" in str(failure.message).lower()
    assert company.has(otto)
    company.world.edit_account(f"nora2@{DOMAIN}", first_name="Ada")
    company.program.retry("practice", nora.text("mail"), forget_link=False)
    company.sync()
    assert company.account_of(nora).first_name == "Nora2"


def test_select_unique_value_on_demand(company: Company) -> None:
    company.map(UNIQUE)
    company.world.add_account(f"other@{DOMAIN}", "JONAS", "Other")
    jonas = company.join("Jonas")
    company.provision(jonas.text("mail"))
    assert company.account_of(jonas).first_name == "Jonas2"


# -- 6 Create, update, disable, delete ------------------------------------------------------------


def unassign(company: Company, person: Person) -> None:
    company.world.remove_member(person.id, SALES)


def filter_out(company: Company, person: Person) -> None:
    company.world.set_attribute(person.id, "department", "Legal")


def block(company: Company, person: Person) -> None:
    company.world.disable(person.id)


def soft_delete(company: Company, person: Person) -> None:
    company.world.leave(person.id)


EVENTS_8_TO_11 = {
    8: (unassign, "left_group"),
    9: (filter_out, "filtered_out"),
    10: (block, "disabled_in_source"),
    11: (soft_delete, "deleted_in_source"),
}


def linked(company: Company, **profile: Any) -> Person:
    """Somebody in scope with an account, under a filter on the department."""
    nora = company.join("Nora", department="Sales")
    company.configure(scoping_filters=SALES_ONLY, **profile)
    company.sync()
    assert company.has(nora)
    return nora


def test_section_6_row_1_no_match_is_created(company: Company) -> None:
    company.sync()
    nora = company.join("Nora")
    assert company.next_cycle(nora) == ["create success assigned"]
    assert company.sandbox.creates[nora.text("mail")] == 1


@pytest.mark.parametrize(
    ("first_name", "event"),
    [("Nora", "link success matched"), ("Eleanor", "update success matched")],
)
def test_section_6_row_2_one_match_is_updated_and_linked(
    company: Company, first_name: str, event: str
) -> None:
    company.sync()
    company.world.add_account(f"nora@{DOMAIN}", first_name, "Crashtest")
    nora = company.join("Nora", mail=f"nora@{DOMAIN}")
    assert company.next_cycle(nora) == [event]
    assert company.account_of(nora).first_name == "Nora"


def test_section_6_row_3_several_matches(company: Company) -> None:
    test_section_3_several_accounts_with_the_value_no_action(company)


def test_section_6_row_4_no_matching_value(company: Company) -> None:
    test_section_3_no_value_for_any_matching_attribute(company)


def test_section_6_row_5_disabled_is_not_created(company: Company) -> None:
    test_section_2_5_created_only_once_enabled(company)


def test_section_6_row_6_a_changed_attribute_is_written(company: Company) -> None:
    nora = linked(company)
    company.world.rename(nora.id, given="Norah")
    done = company.sync()
    assert events(done, nora) == ["update success attribute_changed"]
    assert changes(done, nora) == {"firstName": "Norah"}


def test_section_6_row_7_nothing_different_is_nothing_done(company: Company) -> None:
    """A log line for each of them in every cycle would bury the others: it is only counted."""
    nora = linked(company)
    company.world.set_attribute(nora.id, "jobTitle", "Lead")
    done = company.sync()
    assert done.records == []
    assert done.summary.counts.unchanged == 2


@pytest.mark.parametrize("row", [8, 9, 10, 11])
def test_section_6_rows_8_to_11_are_disabled(company: Company, row: int) -> None:
    nora = linked(company)
    happen, reason = EVENTS_8_TO_11[row]
    happen(company, nora)
    assert company.next_cycle(nora) == [f"disable success {reason}"]
    user = company.account_of(nora)
    assert user.suspended
    assert company.sync().records == []


@pytest.mark.parametrize("before", [None, "block"])
@pytest.mark.parametrize("row", [8, 9])
def test_section_6_rows_8_and_9_a_later_deletion_sends_nothing(
    company: Company, row: int, before: str | None
) -> None:
    nora = linked(company, mappings__users__actions=ALL_ACTIONS)
    if before is not None:
        block(company, nora)
        company.sync()
        EVENTS_8_TO_11[row][0](company, nora)
        company.sync()
        company.world.enable(nora.id)
    else:
        EVENTS_8_TO_11[row][0](company, nora)
    company.sync()
    for happen in (company.world.leave, company.world.purge):
        happen(nora.id)
        assert company.next_cycle(nora) == []
    assert company.account_of(nora).suspended


@pytest.mark.parametrize(
    "kept_by",
    [
        {"skip_out_of_scope_deletions": True, "mappings__users__actions": ALL_ACTIONS},
        {"mappings__users__actions": ["create", "update", "delete"]},
    ],
    ids=["skipped", "disable_off"],
)
@pytest.mark.parametrize("returned", [False, True])
def test_section_6_row_8_a_kept_account_is_not_managed_until_its_person_is_back(
    company: Company, kept_by: dict[str, Any], returned: bool
) -> None:
    nora = linked(company, **kept_by)
    unassign(company, nora)
    assert company.next_cycle(nora) == [LEFT_ALONE]
    if returned:
        company.world.add_member(nora.id, SALES)
        company.sync()
        assert company.sync().records == []
    company.world.leave(nora.id)
    company.sync()
    company.world.purge(nora.id)
    company.sync()
    assert (company.account(nora.text("mail")) is None) is returned


@pytest.mark.parametrize("first", ["held", "kept", "failed"])
def test_section_6_row_8_purged_before_the_removal_was_done_is_still_only_disabled(
    company: Company, first: str
) -> None:
    nora = linked(company, mappings__users__actions=ALL_ACTIONS)
    unassign(company, nora)
    if first == "failed":
        company.world.set_fault("writes_answered_502", 20)
    else:
        company.configure(safety__max_removals=0)
    company.sync()
    company.world.set_fault("writes_answered_502", 0)
    assert company.has(nora) is (first != "failed")
    if first == "kept":
        company.program.keep("practice")
    company.world.leave(nora.id)
    company.sync()
    company.world.purge(nora.id)
    if first != "failed":
        company.sync()
        assert company.has(nora)
        company.program.release("practice")
    company.configure(safety__max_removals=None)
    company.sync()
    company.sync(initial=True)
    assert company.account_of(nora).suspended


def test_section_6_row_12_held_and_assigned_again_before_the_purge_is_deleted(
    company: Company,
) -> None:
    nora = linked(company, mappings__users__actions=ALL_ACTIONS)
    unassign(company, nora)
    company.configure(safety__max_removals=0)
    company.sync()
    company.world.add_member(nora.id, SALES)
    assert company.next_cycle(nora) == ["other success nothing_to_change"]
    assert company.sync().records == []
    company.configure(safety__max_removals=None)
    company.world.leave(nora.id)
    company.sync()
    company.world.purge(nora.id)
    assert company.next_cycle(nora) == ["delete success purged_in_source"]


@pytest.mark.parametrize("first", ["nothing", "leave", "disable"])
def test_section_6_row_12_purged_by_hand_is_deleted(company: Company, first: str) -> None:
    nora = linked(company, mappings__users__actions=ALL_ACTIONS)
    if first != "nothing":
        getattr(company.world, first)(nora.id)
        company.sync()
    company.world.purge(nora.id)
    assert company.next_cycle(nora) == ["delete success purged_in_source"]
    assert company.account(nora.text("mail")) is None
    assert company.sync().records == []


def test_section_6_row_12_deleted_after_30_days_in_the_recycle_bin(company: Company) -> None:
    nora = linked(company, mappings__users__actions=ALL_ACTIONS)
    company.world.leave(nora.id)
    company.sync()
    company.world.advance_clock(days=31)
    assert company.next_cycle(nora) == ["delete success purged_in_source"]


@pytest.mark.parametrize("row", [8, 9, 10, 11])
def test_section_6_row_13_back_in_scope_is_enabled(company: Company, row: int) -> None:
    nora = linked(company)
    EVENTS_8_TO_11[row][0](company, nora)
    company.sync()
    user = company.account_of(nora)
    back = {
        8: lambda: company.world.add_member(nora.id, SALES),
        9: lambda: company.world.set_attribute(nora.id, "department", "Sales"),
        10: lambda: company.world.enable(nora.id),
        11: lambda: company.world.restore(nora.id),
    }
    back[row]()
    assert company.next_cycle(nora) == ["enable success reactivated"]
    assert company.account_of(nora) is user
    assert user.licences
    assert company.sync().records == []


@pytest.mark.parametrize("row", [8, 9, 10, 11])
def test_section_6_row_14_skipped_when_out_of_scope_deletions_are(
    company: Company, row: int
) -> None:
    nora = linked(company, skip_out_of_scope_deletions=True)
    EVENTS_8_TO_11[row][0](company, nora)
    done = company.sync()
    assert events(done, nora) == [LEFT_ALONE]
    assert done.records[0].reason == "out_of_scope_kept"
    assert company.has(nora)


def test_section_6_row_14_does_not_keep_a_purged_account(company: Company) -> None:
    nora = linked(company, skip_out_of_scope_deletions=True, mappings__users__actions=ALL_ACTIONS)
    company.world.leave(nora.id)
    company.world.purge(nora.id)
    assert company.next_cycle(nora) == ["delete success purged_in_source"]


@pytest.mark.parametrize("row", [8, 9, 10, 11])
def test_section_6_row_15_nothing_is_sent_without_the_disable(company: Company, row: int) -> None:
    """GoTo has no active flag to map IsSoftDeleted to: the action Disable stands for it."""
    nora = linked(company, mappings__users__actions=["create", "update", "delete"])
    EVENTS_8_TO_11[row][0](company, nora)
    assert company.next_cycle(nora) == [LEFT_ALONE]
    assert company.has(nora)


def test_section_6_row_16_purged_while_delete_is_off_is_disabled_not_deleted(
    company: Company,
) -> None:
    """The service would do nothing; a seat of somebody who is gone is taken away here."""
    nora = linked(company)
    company.world.leave(nora.id)
    company.world.purge(nora.id)
    assert company.next_cycle(nora) == ["disable success purged_in_source"]
    assert company.account_of(nora).suspended
    assert company.sync().records == []


def test_section_6_row_18_who_was_never_managed_is_left_alone(company: Company) -> None:
    company.sync()
    company.world.add_account(f"otto@{DOMAIN}", "Otto", "Crashtest")
    otto = company.join("Otto", FINANCE, mail=f"otto@{DOMAIN}")
    before = repr(company.account_of(otto))
    for happen in (
        lambda: company.world.rename(otto.id, surname="Zimmer"),
        lambda: company.world.disable(otto.id),
        lambda: company.world.leave(otto.id),
        lambda: company.world.purge(otto.id),
    ):
        happen()
        assert company.next_cycle(otto) == []
    assert repr(company.account(f"otto@{DOMAIN}")) == before


@pytest.mark.parametrize("purged", [False, True])
def test_section_6_created_again_with_the_same_address_takes_the_account_over(
    company: Company, purged: bool
) -> None:
    nora = linked(company)
    user = company.account_of(nora)
    company.world.leave(nora.id)
    company.sync()
    if purged:
        company.world.purge(nora.id)
        company.sync()
    norah = company.join("Norah", department="Sales", mail=nora.text("mail"))
    done = company.sync()
    assert done.summary.counts.failed == 0
    assert company.account_of(norah) is user
    assert user.licences
    assert company.sync().records == []


# -- 9 Accidental deletion prevention -------------------------------------------------------------


def five_of_whom_leave(company: Company, leaving: int, **safety: Any) -> list[Person]:
    people = [company.join(name) for name in ("Ada", "Bea", "Cleo", "Dora", "Edda")]
    company.configure(**safety)
    company.sync()
    ways = (unassign, block, soft_delete)
    for number, person in enumerate(people[:leaving]):
        ways[number % len(ways)](company, person)
    return people


def test_section_9_off_unless_ticked(company: Company) -> None:
    five_of_whom_leave(company, 5)
    assert company.sync().summary.counts.disabled == 5


def test_section_9_a_count_that_does_not_exceed_the_number_proceeds(company: Company) -> None:
    five_of_whom_leave(company, 3, safety__max_removals=3)
    done = company.sync()
    assert (done.summary.outcome, done.summary.counts.disabled) == (CycleOutcome.SUCCEEDED, 3)


def test_section_9_over_the_number_all_of_them_are_held_and_the_rest_goes_on(
    company: Company,
) -> None:
    people = five_of_whom_leave(company, 4, safety__max_removals=3)
    nora = company.join("Nora")
    company.world.rename(people[4].id, surname="Zimmer")
    done = company.sync()
    assert (done.summary.outcome, done.summary.held_because) == (CycleOutcome.HELD, "max_removals")
    assert done.summary.quarantine == "TooManyDeletes"
    assert [events(done, one) for one in people[:4]] == [["disable skipped StagedDelete"]] * 4
    assert all(company.has(one) for one in (*people, nora))
    assert company.account_of(people[4]).last_name == "Zimmer"


def test_section_9_deletions_count_too(company: Company) -> None:
    people = five_of_whom_leave(company, 0, safety__max_removals=0)
    company.configure(mappings__users__actions=ALL_ACTIONS)
    company.sync()
    company.world.leave(people[0].id)
    company.world.purge(people[0].id)
    assert company.next_cycle(people[0]) == ["delete skipped StagedDelete"]
    assert company.has(people[0])


def test_section_9_nothing_carries_over_to_the_next_cycle(company: Company) -> None:
    people = five_of_whom_leave(company, 3, safety__max_removals=3)
    company.sync()
    for person in people[3:]:
        block(company, person)
    assert company.sync().summary.outcome is CycleOutcome.SUCCEEDED


def test_section_9_the_percentage_counts_from_100_accounts_upwards(tmp_path: Path) -> None:
    """A hundred accounts, ten percent: ten may go, eleven are held."""
    with open_company(tmp_path) as company:
        for pool in company.world.goto.pools.values():
            pool.seats = 200
        people = [company.join(f"N{number}") for number in range(99)]
        company.configure(safety__max_removal_percent=10)
        company.sync()
        for person in people[:10]:
            block(company, person)
        assert company.sync().summary.counts.disabled == 10
        # 90 are left: too few for a percentage to mean anything.
        for person in people[10:30]:
            block(company, person)
        assert company.sync().summary.counts.disabled == 20
        for person in people[:30]:
            company.world.enable(person.id)
        company.sync()
        for person in people[:11]:
            block(company, person)
        assert company.sync().summary.held_because == "max_removal_percent"


def test_section_9_release_lets_exactly_the_held_ones_through(company: Company) -> None:
    people = five_of_whom_leave(company, 4, safety__max_removals=0)
    company.sync()
    assert company.program.release("practice") == 4
    done = company.sync()
    assert (done.summary.outcome, done.summary.counts.disabled) == (CycleOutcome.SUCCEEDED, 4)
    assert done.summary.quarantine is None
    block(company, people[4])
    assert company.sync().summary.outcome is CycleOutcome.HELD


def test_section_9_keep_leaves_them_until_their_source_changes(company: Company) -> None:
    people = five_of_whom_leave(company, 4, safety__max_removals=3)
    company.sync()
    assert company.program.keep("practice") == 4
    done = company.sync()
    assert done.summary.outcome is CycleOutcome.SUCCEEDED
    assert all(company.has(one) for one in people)
    company.world.rename(people[0].id, surname="Zimmer")
    assert company.next_cycle(people[0]) == ["disable success left_group"]
    assert company.has(people[1])


def test_section_9_undoing_the_cause_ends_the_wait(company: Company) -> None:
    people = five_of_whom_leave(company, 2, safety__max_removals=1)
    company.sync()
    company.world.add_member(people[0].id, SALES)
    company.world.enable(people[1].id)
    done = company.sync()
    assert (done.summary.outcome, done.summary.quarantine) == (CycleOutcome.SUCCEEDED, None)
    assert all(company.has(one) for one in people)


def test_section_9_the_records_of_a_cycle_are_of_known_kinds(company: Company) -> None:
    people = five_of_whom_leave(company, 1, safety__max_removals=0)
    (record,) = [one for one in company.sync().records if one.source.id == people[0].id]
    assert (record.action, record.status) == (ActionKind.DISABLE, Status.SKIPPED)
