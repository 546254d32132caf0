"""The connection test: live, both sides, and every failure ends in what to do."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from setup_world import MemorySource, MemoryTarget, halden

from app.domain.accounts import Licence
from app.domain.activity import CheckResult, Status
from app.domain.errors import (
    BrokenContract,
    CredentialsRefused,
    PermissionMissing,
    Service,
    Stopped,
    Unreachable,
)
from app.domain.settings import (
    ObjectMapping,
    Profile,
    SourceSettings,
    TargetKind,
    TargetSettings,
    TargetSignIn,
)
from app.domain.texts import Text
from app.setup.cancel import Cancellation
from app.setup.connection_test import ALL_CHECKS, may_manage, passed, run_connection_test

PROFILE = Profile(
    "halden",
    SourceSettings("halden.example", "c", "sp"),
    TargetSettings(
        TargetKind.GOTO_ADMIN,
        "https://api.getgo.com/admin/rest/v1",
        TargetSignIn.PASSWORD,
        user_name="admin@halden.example",
    ),
    ObjectMapping(True, frozenset(), ()),
)
G2M = frozenset({"G2M"})


def run(
    source: MemorySource,
    target: MemoryTarget,
    *,
    profile: Profile = PROFILE,
    seen_enough: Cancellation | None = None,
    enough: int = 1000,
) -> tuple[list[CheckResult], dict[tuple[str, str], CheckResult]]:
    reports: list[CheckResult] = []
    results = asyncio.run(
        run_connection_test(
            profile,
            source,
            target,
            reports.append,
            seen_enough=seen_enough,
            enough_people=enough,
        )
    )
    assert [(one.side, one.name) for one in results] == [(one.side, one.name) for one in ALL_CHECKS]
    return reports, {(one.side, one.name): one for one in results}


def test_everything_in_order_is_said_with_its_facts() -> None:
    _, found = run(halden(), MemoryTarget())
    assert passed(tuple(found.values()))
    facts = {key: str(one.fact) for key, one in found.items()}
    assert facts["source", "reach"] == "login.microsoftonline.com answered in 84 ms"
    assert facts["source", "application"] == "GoToMeeting: 13 assignments, 2 roles"
    assert facts["source", "people"] == "10 people, groups with their members"
    assert facts["target", "sign_in"] == "admin@halden.example, token for 60 minutes"
    assert facts["target", "account"] == "Halden Roux SA"
    assert facts["target", "rights"] == "Ada Admin is a super admin"
    assert facts["target", "seats"] == "GoToMeeting: 20 of 25 seats free"


def test_every_permission_that_is_missing_is_named_at_once() -> None:
    source = halden()
    source.refused = ("User.Read.All", "GroupMember.Read.All")
    _, found = run(source, MemoryTarget())
    check = found["source", "permissions"]
    assert check.status is Status.FAILURE
    assert str(check.fact) == "Not granted: User.Read.All, GroupMember.Read.All"
    assert "application permissions User.Read.All, GroupMember.Read.All" in str(check.advice)
    assert str(found["source", "application"].fact) == "Not tested yet: needs the permissions"


@pytest.mark.parametrize(
    ("skew", "said"), [(540.0, "9 minutes ahead of"), (-3600.0, "60 minutes behind")]
)
def test_a_wrong_clock_is_said_before_tokens_fail_for_it(skew: float, said: str) -> None:
    source = halden()
    source.skew = skew
    _, found = run(source, MemoryTarget())
    reach = found["source", "reach"]
    assert reach.status is Status.WARNING
    assert said in str(reach.fact)
    assert "login.microsoftonline.com" in str(reach.fact)
    assert "date, time and time zone" in str(reach.advice)
    assert reach.details == {"login.microsoftonline.com": "203.0.113.7, TLSv1.3"}


def test_each_check_is_reported_running_first_and_people_are_counted() -> None:
    reports, _ = run(halden(), MemoryTarget())
    for check in ALL_CHECKS:
        states = [one.status for one in reports if (one.side, one.name) == (check.side, check.name)]
        assert states[0] is None
        assert states[-1] is Status.SUCCESS
    counts = [
        str(one.fact) for one in reports if one.name == "people" and one.status is None and one.fact
    ]
    assert counts[:3] == ["2 people so far…", "4 people so far…", "6 people so far…"]


def test_missing_rights_say_what_to_do_and_seats_wait() -> None:
    _, found = run(halden(), MemoryTarget(roles=("MANAGE_USERS",)))
    rights, seats = found["target", "rights"], found["target", "seats"]
    assert rights.status is Status.FAILURE
    assert str(rights.fact) == "This account may look at users but not change them."
    assert str(rights.advice) == "Make it a super admin in GoTo, then test again."
    assert seats.status is Status.SKIPPED
    assert str(seats.fact) == "Not tested yet: needs admin rights"
    assert found["source", "people"].status is Status.SUCCESS
    assert not passed(tuple(found.values()))


@pytest.mark.parametrize(
    ("roles", "enough"),
    [
        (("SUPER_USER",), True),
        (("MANAGE_USERS", "MANAGE_SEATS"), True),
        (("MANAGE_SEATS",), False),
        ((), False),
    ],
)
def test_which_rights_are_enough(roles: tuple[str, ...], enough: bool) -> None:
    assert may_manage(roles) is enough


SOURCE_FAILURES = {
    "reach": Unreachable(Service.SOURCE, "No answer", "Check the network."),
    "sign_in": CredentialsRefused(Service.SOURCE, "Refused", "New secret.", request_id="r-1"),
    "application": PermissionMissing(Service.SOURCE, "No permission", "Grant it."),
    "assignments": BrokenContract(Service.SOURCE, "Nonsense", "Tell support."),
    "people": PermissionMissing(Service.SOURCE, "No people", "Grant User.Read.All."),
    "groups": PermissionMissing(Service.SOURCE, "No groups", "Grant GroupMember.Read.All."),
}


@pytest.mark.parametrize("where", SOURCE_FAILURES)
def test_a_failure_at_microsoft_ends_that_side_only(where: str) -> None:
    source = halden()
    source.fails[where] = SOURCE_FAILURES[where]
    _, found = run(source, MemoryTarget())
    name = {"assignments": "application", "groups": "people"}.get(where, where)
    failed = found["source", name]
    assert failed.status is Status.FAILURE
    assert failed.fact == SOURCE_FAILURES[where].text
    assert failed.advice == SOURCE_FAILURES[where].advice
    assert failed.details["code"] == type(SOURCE_FAILURES[where]).__name__
    order = ["reach", "sign_in", "application", "people"]
    for later in order[order.index(name) + 1 :]:
        assert str(found["source", later].fact).startswith("Not tested yet: needs ")
    assert found["target", "seats"].status is Status.SUCCESS


def test_the_service_own_request_id_is_kept_for_its_support() -> None:
    source = halden()
    source.fails["sign_in"] = SOURCE_FAILURES["sign_in"]
    _, found = run(source, MemoryTarget())
    assert found["source", "sign_in"].details["request_id"] == "r-1"


@pytest.mark.parametrize("where", ["reach", "sign_in", "info"])
def test_a_failure_at_goto_ends_that_side_only(where: str) -> None:
    error = CredentialsRefused(Service.TARGET, Text("GoTo refused"), Text("Type it again."))
    _, found = run(halden(), MemoryTarget(fails={where: error}))
    assert found["target", {"info": "account"}.get(where, where)].fact == error.text
    assert found["target", "seats"].status is Status.SKIPPED
    assert found["source", "people"].status is Status.SUCCESS


@pytest.mark.parametrize(
    ("licences", "wanted", "status", "fact"),
    [
        ((), {"*": G2M}, Status.FAILURE, "The organisation has no licence for GoToMeeting alone"),
        (
            (Licence("1", frozenset({"G2M", "G2W"}), 5, 0),),
            {"*": G2M},
            Status.FAILURE,
            "The organisation has no licence for GoToMeeting alone",
        ),
        ((Licence("1", G2M, 5, 5),), {"*": G2M}, Status.WARNING, "GoToMeeting: 0 of 5 seats free"),
        ((Licence("1", G2M, 5, 9),), {"*": G2M}, Status.WARNING, "GoToMeeting: 0 of 5 seats free"),
        ((Licence("1", G2M),), {"*": G2M}, Status.SUCCESS, "GoToMeeting licence found"),
        (
            (Licence("1", G2M), Licence("2", frozenset({"G2M", "G2W"}), 3, 1)),
            {"*": G2M, "Webinar": frozenset({"G2M", "G2W"})},
            Status.SUCCESS,
            "GoToMeeting licence found; GoToMeeting + GoToWebinar: 2 of 3 seats free",
        ),
    ],
)
def test_seats_are_judged_by_what_the_profile_gives(
    licences: tuple[Licence, ...], wanted: dict[str, frozenset[str]], status: Status, fact: str
) -> None:
    profile = replace(PROFILE, target=replace(PROFILE.target, licences=wanted))
    _, found = run(halden(), MemoryTarget(licences=licences), profile=profile)
    assert found["target", "seats"].status is status
    assert str(found["target", "seats"].fact) == fact


def test_an_application_without_assignments_is_a_warning() -> None:
    source = halden()
    source.assignments = ()
    _, found = run(source, MemoryTarget())
    assert found["source", "application"].status is Status.WARNING
    assert passed(tuple(found.values()))


def test_a_tenant_without_people_is_a_warning() -> None:
    _, found = run(MemorySource(), MemoryTarget())
    assert found["source", "people"].status is Status.WARNING


def test_counting_ends_when_it_is_proof_enough() -> None:
    _, found = run(halden(), MemoryTarget(), enough=4)
    assert str(found["source", "people"].fact) == "4 people read, and that is not all"


def test_stop_beside_the_count_is_no_failure() -> None:
    seen_enough = Cancellation()
    seen_enough.set()
    _, found = run(halden(), MemoryTarget(), seen_enough=seen_enough)
    assert found["source", "people"].status is Status.SUCCESS
    assert str(found["source", "people"].fact) == "2 people read, and that is not all"


def test_a_stopped_test_says_what_was_not_tested() -> None:
    source = halden()
    source.fails["application"] = Stopped()
    _, found = run(source, MemoryTarget())
    for name in ("application", "people"):
        assert found["source", name].status is Status.SKIPPED
        assert str(found["source", name].fact) == "Not tested: stopped"
    assert not passed(tuple(found.values()))


def test_a_sign_in_without_user_name_is_said_without_one() -> None:
    profile = replace(PROFILE, target=replace(PROFILE.target, user_name=None))
    _, found = run(halden(), MemoryTarget(), profile=profile)
    assert str(found["target", "sign_in"].fact) == "Signed in, token for 60 minutes"
