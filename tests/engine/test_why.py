"""`rollcall why`: one situation a row, with its reason, the path that counts, and what is next."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from practice import Practice, practice

from app.cli.explained import why_record
from app.cli.screens import screen
from app.domain.activity import Reason, Status
from app.domain.errors import ConfigurationError, ServiceError
from app.domain.explanation import NextAction, Ownership, PathReason, StageName

SALES = ("GoToMeeting Sales",)
LUCA = "luca.bianchi@haldenroux.example"


@dataclass(frozen=True)
class Row:
    """A situation: how it comes about (answering whom to ask for), and the right answer."""

    name: str
    prepare: Callable[[Practice], str]
    reason: Reason
    path: tuple[str, ...] | None
    """Groups of the way that counts, empty = directly; None = no way counts."""
    next: NextAction
    origin: Ownership | None
    says: str


def _hired(one: Practice) -> str:
    one.sync()
    nora = one.hire("Nora")
    one.world.move_group(nora.id, "GoToMeeting Sales")
    return nora.id


def _provisioned(one: Practice) -> str:
    nora = one.hire("Nora")
    one.world.move_group(nora.id, "GoToMeeting Sales")
    one.sync()
    return nora.id


def _before_the_first_cycle(one: Practice) -> str:
    return one.person("Jonas").id


def _taken_over(one: Practice) -> str:
    one.sync()
    return one.person("Jonas").id


def _direct(one: Practice) -> str:
    one.sync()
    return "Łukasz WÓJCIK"


def _married(one: Practice) -> str:
    nora = _provisioned(one)
    one.world.rename(nora, surname="Newname")
    return nora


def _disabled_before(one: Practice) -> str:
    one.sync()
    return "peter.hallstrom@haldenroux.example"


def _disabled_after(one: Practice) -> str:
    nora = _provisioned(one)
    one.world.disable(nora)
    return nora


def _disabled_and_settled(one: Practice) -> str:
    nora = _disabled_after(one)
    one.sync()
    return nora


def _soft_deleted(one: Practice) -> str:
    nora = _provisioned(one)
    one.world.leave(nora)
    return nora


def _purged(one: Practice) -> str:
    nora = _provisioned(one)
    one.world.leave(nora)
    one.sync()
    one.world.purge(nora)
    return nora


def _left_group(one: Practice) -> str:
    nora = _provisioned(one)
    one.world.move_group(nora, "Finance")
    return nora


def _group_unassigned(one: Practice) -> str:
    nora = _provisioned(one)
    one.world.unassign("GoToMeeting Sales")
    return nora


def _never_assigned(one: Practice) -> str:
    one.sync()
    return "gunnar.thorsson@haldenroux.example"


def _never_assigned_with_an_account(one: Practice) -> str:
    one.sync()
    one.world.add_account("gunnar.thorsson@haldenroux.example", "Gunnar", "Thorsson")
    return "gunnar.thorsson@haldenroux.example"


def _filtered_out(one: Practice) -> str:
    clause = {"attribute": "department", "operator": "EQUALS", "value": "Sales"}
    one.configure(scoping_filters=[{"name": "Sales only", "clauses": [clause]}])
    one.sync()
    return "wei.li@haldenroux.example"


def _outside_pilot(one: Practice) -> str:
    one.configure(pilot=["jonas.weber@haldenroux.example"])
    one.sync()
    return "wei.li@haldenroux.example"


def _default_access(one: Practice) -> str:
    one.sync()
    return LUCA


def _nested_only(one: Practice) -> str:
    one.sync()
    return "oskar.nilsen@haldenroux.example"


def _nested_counts(one: Practice) -> str:
    one.configure(nested_groups=True)
    one.sync()
    return "oskar.nilsen@haldenroux.example"


def _no_security_group(one: Practice) -> str:
    (sales,) = [group for group in one.world.assigned_groups() if group.name == SALES[0]]
    sales.security_enabled = False
    one.sync()
    return "marta.lindqvist@haldenroux.example"


def _guest(one: Practice) -> str:
    one.sync()
    return "amara.okafor_fjordlight.example#EXT#@haldenroux.example"


def _owned(one: Practice) -> str:
    nora = _provisioned(one)
    one.sync()
    otto = one.hire("Otto")
    one.world.move_group(otto.id, "GoToMeeting Sales")
    one.world.share_address(nora, otto.id)
    return otto.id


def _one_address(one: Practice) -> str:
    one.world.assign("helmi.virtanen", "GoToMeeting User")
    one.sync()
    return "helmi.virtanen@haldenroux.example"


def _one_address_seen_only_now(one: Practice) -> str:
    one.sync()
    nora, otto = one.hire("Nora"), one.hire("Otto")
    for hired in (nora, otto):
        one.world.move_group(hired.id, "GoToMeeting Sales")
    one.world.share_address(nora.id, otto.id)
    return nora.id


def _escrowed(one: Practice) -> str:
    one.sync()
    one.world.set_seats(0)
    nora = one.hire("Nora")
    one.world.move_group(nora.id, "GoToMeeting Sales")
    one.sync()
    return nora.id


def _held(one: Practice) -> str:
    one.configure(safety__max_removals=0)
    nora = _provisioned(one)
    one.world.move_group(nora, "Finance")
    one.sync()
    return nora


def _released(one: Practice) -> str:
    nora = _held(one)
    one.program.release("practice")
    return nora


def _kept(one: Practice) -> str:
    nora = _held(one)
    one.program.keep("practice")
    return nora


def _deleted_by_hand(one: Practice) -> str:
    nora = _provisioned(one)
    one.world.delete_account("nora.crashtest@haldenroux.example")
    return nora


def _edited_by_hand(one: Practice) -> str:
    nora = _provisioned(one)
    one.world.edit_account("nora.crashtest@haldenroux.example", first_name="Honora")
    return nora


def _own_administrator(one: Practice) -> str:
    admin = one.world.administrator
    nora = one.hire("Nora")
    one.world.move_group(nora.id, "GoToMeeting Sales")
    one.world.set_attribute(nora.id, "mail", admin.email)
    one.sync()
    one.world.move_group(nora.id, "Finance")
    return nora.id


def _no_address(one: Practice) -> str:
    one.configure(mappings__users={"attributes": [
        {"target": "email", "type": "direct", "source": "mail", "match": 1},
        {"target": "firstName", "type": "direct", "source": "givenName"},
        {"target": "lastName", "type": "direct", "source": "surname"},
    ]})  # fmt: skip
    one.sync()
    return "tomasz.zielinski@haldenroux.example"


def _switched_off(one: Practice) -> str:
    one.sync()
    one.configure(mappings__users={"actions": ["update", "disable"]})
    nora = one.hire("Nora")
    one.world.move_group(nora.id, "GoToMeeting Sales")
    return nora.id


def _provisioning_off(one: Practice) -> str:
    one.configure(enabled=False)
    return _hired(one)


CREATED, TAKEN, FOREIGN = Ownership.CREATED, Ownership.TAKEN_OVER, Ownership.FOREIGN
NONE, RETRY, DISABLE = NextAction.NONE, NextAction.RETRY, NextAction.DISABLE
# fmt: off
ROWS = (
    Row("newly hired", _hired, Reason.ASSIGNED, SALES, NextAction.CREATE, None, "one is due"),
    Row("provisioned", _provisioned, Reason.ASSIGNED, SALES, NONE, CREATED, "has a GoToMeeting"),
    Row("before the first cycle", _before_the_first_cycle, Reason.ASSIGNED, SALES,
        NextAction.UPDATE, FOREIGN, "to take over"),
    Row("taken over", _taken_over, Reason.ASSIGNED, SALES, NONE, TAKEN, "members of"),
    Row("assigned directly, asked by name", _direct, Reason.ASSIGNED, (), NONE, CREATED,
        "is assigned directly"),
    Row("a value changed", _married, Reason.ASSIGNED, SALES, NextAction.UPDATE, CREATED,
        "has a GoToMeeting"),
    Row("disabled, never provisioned", _disabled_before, Reason.DISABLED_IN_SOURCE, SALES, NONE,
        None, "sign-in is disabled"),
    Row("disabled just now", _disabled_after, Reason.DISABLED_IN_SOURCE, SALES, DISABLE, CREATED,
        "still has"),
    Row("disabled, cycle done", _disabled_and_settled, Reason.DISABLED_IN_SOURCE, SALES, NONE,
        CREATED, "is disabled, because the sign-in"),
    Row("in the recycle bin", _soft_deleted, Reason.DELETED_IN_SOURCE, None, DISABLE, CREATED,
        "recycle bin"),
    Row("deleted for good", _purged, Reason.PURGED_IN_SOURCE, None, NONE, CREATED, "for good"),
    Row("left the group", _left_group, Reason.LEFT_GROUP, None, DISABLE, CREATED,
        "membership in GoToMeeting Sales has ended"),
    Row("group unassigned", _group_unassigned, Reason.GROUP_UNASSIGNED, None, DISABLE, CREATED,
        "GoToMeeting Sales is no longer assigned"),
    Row("never assigned", _never_assigned, Reason.UNASSIGNED, None, NONE, None, "not assigned"),
    Row("never assigned, account of their own", _never_assigned_with_an_account,
        Reason.UNASSIGNED, None, NONE, FOREIGN, "Rollcall does not manage"),
    Row("filtered out", _filtered_out, Reason.FILTERED_OUT, ("GoToMeeting Engineering",), NONE,
        None, "“Sales only” wants department EQUALS Sales, and department is “Engineering”"),
    Row("outside the pilot", _outside_pilot, Reason.OUTSIDE_PILOT, ("GoToMeeting Engineering",),
        NONE, None, "pilot list"),
    Row("Default Access alone", _default_access, Reason.NOT_EFFECTIVELY_ENTITLED, None, NONE, None,
        "Default Access gives no account"),
    Row("nested only", _nested_only, Reason.UNASSIGNED, None, NONE, None,
        "Sales Trainees is nested in GoToMeeting Sales, and nested groups do not count"),
    Row("nested, and nested groups count", _nested_counts, Reason.ASSIGNED,
        ("Sales Trainees", "GoToMeeting Sales"), NONE, CREATED, "Sales Trainees is nested in"),
    Row("no security group", _no_security_group, Reason.UNASSIGNED, None, NONE, FOREIGN,
        "GoToMeeting Sales is no security group"),
    Row("guest", _guest, Reason.ASSIGNED, (), NONE, CREATED, "is assigned directly"),
    Row("account owned by another", _owned, Reason.DUPLICATE, SALES, RETRY, FOREIGN,
        "also belongs to Nora Crashtest"),
    Row("two people, one address", _one_address, Reason.DUPLICATE, (), RETRY, None,
        "also belongs to Hanna Virtanen"),
    Row("two people, one address, no cycle yet", _one_address_seen_only_now, Reason.DUPLICATE,
        SALES, RETRY, None, "also belongs to Otto Crashtest"),
    Row("escrowed", _escrowed, Reason.ASSIGNED, SALES, RETRY, None, "gets no GoToMeeting account:"),
    Row("held", _held, Reason.LEFT_GROUP, None, NextAction.DECISION, CREATED, "still has"),
    Row("held and released", _released, Reason.LEFT_GROUP, None, DISABLE, CREATED, "still has"),
    Row("kept", _kept, Reason.KEPT, None, NONE, CREATED, "still has"),
    Row("account deleted by hand", _deleted_by_hand, Reason.TARGET_LOST, SALES, NONE, CREATED,
        "is no longer in GoTo"),
    Row("account edited by hand", _edited_by_hand, Reason.ASSIGNED, SALES, NONE, CREATED,
        "has a GoToMeeting account"),
    Row("own administrator", _own_administrator, Reason.OWN_ACCOUNT, None, NONE, TAKEN,
        "still has"),
    Row("no value to match by", _no_address, Reason.NO_MATCHING_VALUE,
        ("GoToMeeting Engineering",), NONE, None, "No value for the matching attribute"),
    Row("creating switched off", _switched_off, Reason.ACTION_SWITCHED_OFF, SALES, NONE, None,
        "switched off"),
    Row("provisioning off", _provisioning_off, Reason.ASSIGNED, SALES, NextAction.CREATE, None,
        "one is due"),
)
# fmt: on


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_why(tmp_path: Path, row: Row) -> None:
    with practice(tmp_path) as one:
        user = row.prepare(one)
        before = _everything(one)
        said = one.why(user)
        assert _everything(one) == before
    counting = [path.groups for path in said.paths if path.counts]
    assert (said.reason, said.next.action, said.origin) == (row.reason, row.next, row.origin)
    assert counting[:1] == ([] if row.path is None else [row.path])
    assert row.says in str(said.answer)
    assert [stage.name for stage in said.stages] == [
        StageName.IMPORT,
        StageName.SCOPE,
        StageName.MATCH,
        StageName.ACTION,
    ]
    words = one.program.translator
    lines = screen(said, words).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 100
    record = why_record(said, words)
    assert (record["record"], record["reason"]) == ("why", row.reason.value)


def _everything(one: Practice) -> tuple[str, list[str]]:
    """Whatever `why` could have written: the state's rows, the accounts."""
    file = one.program.state_file("practice")
    rows = hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""
    accounts = [f"{user.email} {user.first_name} {user.licences}" for user in _users(one)]
    return rows, accounts


def _users(one: Practice) -> list:
    return list(one.world.goto.living())


def test_the_next_cycle_does_what_why_said(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora = _left_group(one)
        said = one.why(nora)
        done = one.sync()
        assert [record.action.value for record in done.of("Nora Crashtest")] == [said.next.action]


def test_an_escrowed_person_learns_the_time_of_the_next_try(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        said = one.why(_escrowed(one))
    last = max(one.program.history("practice").cycles(1), key=lambda cycle: cycle.started_at)
    assert said.next.at is not None
    assert (said.next.at - last.started_at).total_seconds() > 5 * 3600
    assert "Failed 1 time" in str(said.next.message)


def test_provisioning_off_says_so_and_gives_no_time(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        said = one.why(_provisioning_off(one))
    assert said.next.at is None
    assert "once provisioning is on again" in str(said.next.message)


def test_in_quarantine_why_says_that_cycles_are_rare(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        one.world.expire_credentials("target")
        nora = one.hire("Nora")
        one.sync()
        one.world.renew_credentials()
        said = one.why(nora.id)
    assert "quarantine" in str(said.next.message)


def test_nobody_of_this_name_offers_who_is_near(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        with pytest.raises(ConfigurationError) as caught:
            one.why("marta.lindquist@haldenroux.example")
    assert "marta.lindquist@haldenroux.example" in str(caught.value.text)
    assert "Marta Lindqvist" in str(caught.value.advice)


def test_a_name_that_two_have_names_them_both(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        with pytest.raises(ConfigurationError) as caught:
            one.why("Virtanen")
    assert "helmi.virtanen" in str(caught.value.advice)


def test_ways_that_do_not_count_are_told_with_the_reason(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        one.world.assign("oskar.nilsen", "default")
        said = one.why("oskar.nilsen@haldenroux.example")
    assert {path.reason for path in said.paths} == {PathReason.NESTED, PathReason.DEFAULT_ACCESS}


def test_without_network_the_answer_is_as_of_the_last_cycle(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        nora = _provisioned(one)
        one.world.break_network(60)
        said = one.why(nora)
    assert said.as_of is not None
    assert (said.reason, said.origin) == (Reason.ASSIGNED, Ownership.CREATED)
    assert said.stages[0].name is StageName.CONNECTION
    assert said.stages[0].status is Status.FAILURE


def test_without_network_and_without_a_cycle_there_is_no_answer(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.world.break_network(60)
        with pytest.raises(ServiceError):
            one.why("jonas.weber@haldenroux.example")


def test_what_redact_hides_is_not_in_the_evidence(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.configure(mappings__users={"attributes": [
            {"target": "email", "type": "expression", "expression": "[mail]", "match": 1},
            {"target": "firstName", "type": "expression", "expression": "Redact([givenName])"},
            {"target": "lastName", "type": "direct", "source": "surname"},
        ]})  # fmt: skip
        said = one.why("wei.li@haldenroux.example")
    read = {str(line.text) for line in said.stages[0].evidence}
    assert "givenName: [Redact]" in read
    assert "surname: 李" in read


@pytest.mark.parametrize("dice", [1, 2, 3])
def test_why_and_plan_agree_about_everybody(tmp_path: Path, dice: int) -> None:
    """An excerpt of the state must lead to the same decision as all of it."""
    with practice(tmp_path) as one:
        one.sync()
        one.world.random_change(dice)
        for _ in range(7):
            one.world.random_change()
        nora = one.hire("Nora")
        one.world.leave("jonas.weber@haldenroux.example")
        one.world.set_attribute(nora.id, "mail", "jonas.weber@haldenroux.example")
        twins = [person.id for person, _ in one.world.entitled() if person.id != nora.id]
        one.world.share_address(twins[0], twins[-1])
        planned = {line["source"]["id"]: line for line in one.plan() if line["record"] == "action"}
        for person in one.world.directory.people:
            try:
                said = one.why(person.id)
            except ConfigurationError:
                assert person.id not in planned
                continue
            line = planned.get(person.id, {"status": "skipped", "action": "other"})
            expected = line["action"] if line["status"] in ("success", "warning") else "none"
            expected = "retry" if line["status"] == "failure" else expected
            assert said.next.action.value == expected.replace("other", "none"), person.id
