"""The connection test: live, both sides, and every failure ends in what to do."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from setup_world import GROUP, MemorySource, MemoryTarget, assigned, halden, person

from app.domain.accounts import Account, Licence, WriteProbe
from app.domain.activity import CheckResult, Status
from app.domain.errors import (
    BrokenContract,
    CredentialsRefused,
    PermissionMissing,
    Service,
    Stopped,
    Unreachable,
)
from app.domain.network import Reached, Stage
from app.domain.people import DEFAULT_ACCESS
from app.domain.settings import (
    AttributeMapping,
    MappingType,
    ObjectMapping,
    Profile,
    Scope,
    SourceSettings,
    TargetKind,
    TargetSettings,
    TargetSignIn,
)
from app.domain.texts import Text
from app.mapping.defaults import default_mappings
from app.mapping.values import Context
from app.setup.cancel import Cancellation
from app.setup.connection_test import ALL_CHECKS, passed, run_connection_test
from app.setup.target_checks import may_manage

PROFILE = Profile(
    "halden",
    SourceSettings("halden.example", "c", "sp"),
    TargetSettings(
        TargetKind.GOTO_ADMIN,
        "https://api.getgo.com/admin/rest/v1",
        TargetSignIn.PASSWORD,
        user_name="admin@halden.example",
    ),
    ObjectMapping(True, frozenset(), default_mappings(TargetKind.GOTO_ADMIN)),
)
HALDEN = (Account("9", "boss@halden.example", {}),)
"""Whoever has such an account shows that GoTo knows the domain."""
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
            Context(now=datetime(2026, 1, 1, tzinfo=UTC), random=Random(1)),
            seen_enough=seen_enough,
            enough_people=enough,
        )
    )
    assert [(one.side, one.name) for one in results] == [(one.side, one.name) for one in ALL_CHECKS]
    return reports, {(one.side, one.name): one for one in results}


def test_everything_in_order_is_said_with_its_facts() -> None:
    _, found = run(halden(), MemoryTarget(accounts=HALDEN))
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
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    check = found["source", "permissions"]
    assert check.status is Status.FAILURE
    assert str(check.fact) == "Not granted: User.Read.All, GroupMember.Read.All"
    assert (
        "Application permissions, and grant admin consent: User.Read.All, GroupMember.Read.All"
        in str(check.advice)
    )
    assert str(found["source", "application"].fact) == "Not tested yet: needs the permissions"


@pytest.mark.parametrize(
    ("skew", "said"), [(540.0, "9 minutes ahead of"), (-3600.0, "60 minutes behind")]
)
def test_a_wrong_clock_is_said_before_tokens_fail_for_it(skew: float, said: str) -> None:
    source = halden()
    source.skew = skew
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    reach = found["source", "reach"]
    assert reach.status is Status.WARNING
    assert said in str(reach.fact)
    assert "login.microsoftonline.com" in str(reach.fact)
    assert "date, time and time zone" in str(reach.advice)
    assert reach.details == {"login.microsoftonline.com": "203.0.113.7, TLSv1.3"}


def test_each_check_is_reported_running_first_and_people_are_counted() -> None:
    reports, _ = run(halden(), MemoryTarget(accounts=HALDEN))
    for check in ALL_CHECKS:
        states = [one.status for one in reports if (one.side, one.name) == (check.side, check.name)]
        assert states[0] is None
        assert states[-1] is Status.SUCCESS
    counts = [
        str(one.fact) for one in reports if one.name == "people" and one.status is None and one.fact
    ]
    assert counts[:3] == ["2 people so far…", "4 people so far…", "6 people so far…"]


def test_missing_rights_say_what_to_do_and_seats_wait() -> None:
    _, found = run(halden(), MemoryTarget(accounts=HALDEN, roles=("MANAGE_USERS",)))
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
    _, found = run(source, MemoryTarget(accounts=HALDEN))
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
    _, found = run(source, MemoryTarget(accounts=HALDEN))
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
    _, found = run(halden(), MemoryTarget(accounts=HALDEN, licences=licences), profile=profile)
    assert found["target", "seats"].status is status
    assert str(found["target", "seats"].fact) == fact


def test_an_application_without_assignments_is_a_warning() -> None:
    source = halden()
    source.assignments = ()
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    assert found["source", "application"].status is Status.WARNING
    assert passed(tuple(found.values()))


def test_a_tenant_without_people_is_a_warning() -> None:
    _, found = run(MemorySource(), MemoryTarget(accounts=HALDEN))
    assert found["source", "people"].status is Status.WARNING


def test_counting_ends_when_it_is_proof_enough() -> None:
    _, found = run(halden(), MemoryTarget(accounts=HALDEN), enough=4)
    assert str(found["source", "people"].fact) == "4 people read, and that is not all"


def test_stop_beside_the_count_is_no_failure() -> None:
    seen_enough = Cancellation()
    seen_enough.set()
    _, found = run(halden(), MemoryTarget(accounts=HALDEN), seen_enough=seen_enough)
    assert found["source", "people"].status is Status.SUCCESS
    assert str(found["source", "people"].fact) == "2 people read, and that is not all"


def test_a_stopped_test_says_what_was_not_tested() -> None:
    source = halden()
    source.fails["application"] = Stopped()
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    for name in ("application", "people"):
        assert found["source", name].status is Status.SKIPPED
        assert str(found["source", name].fact) == "Not tested: stopped"
    assert not passed(tuple(found.values()))


def test_a_sign_in_without_user_name_is_said_without_one() -> None:
    profile = replace(PROFILE, target=replace(PROFILE.target, user_name=None))
    _, found = run(halden(), MemoryTarget(accounts=HALDEN), profile=profile)
    assert str(found["target", "sign_in"].fact) == "Signed in, token for 60 minutes"


STAGES = {Stage.NAME: "names", Stage.CONNECTION: "reach", Stage.TLS: "tls"}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("side", ["source", "target"])
def test_how_far_a_contact_got_decides_which_check_failed(side: str, stage: Stage) -> None:
    source, target = halden(), MemoryTarget(accounts=HALDEN)
    about = Service(side)
    fails = source.fails if side == "source" else target.fails
    fails["reach"] = Unreachable(about, "It went wrong", "Do this.", stage=stage)
    _, found = run(source, target)
    order = list(STAGES.values())
    at = order.index(STAGES[stage])
    for name in order[:at]:
        assert found[side, name].status is Status.SUCCESS
    assert str(found[side, order[at]].fact) == "It went wrong"
    assert str(found[side, order[at]].advice) == "Do this."
    for name in (*order[at + 1 :], "sign_in"):
        assert found[side, name].status is Status.SKIPPED
        assert "needs " in str(found[side, name].fact)


def test_behind_a_proxy_the_proxy_finds_the_names() -> None:
    class Behind(MemoryTarget):
        async def reach(self) -> list[Reached]:
            return [Reached("api.getgo.com", 0.1, "10.0.0.1", "TLSv1.3", None, "proxy:3128")]

    _, found = run(halden(), Behind(accounts=HALDEN))
    assert str(found["target", "names"].fact) == "The proxy proxy:3128 finds the names"
    assert str(found["target", "tls"].fact) == "TLSv1.3, certificates trusted"


def test_each_permission_is_named_with_how_it_stands() -> None:
    source = halden()
    source.refused = ("User.Read.All", "Organization.Read.All")
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    check = found["source", "permissions"]
    assert [(one.name, one.status, str(one.fact)) for one in check.parts] == [
        ("Application.Read.All", Status.SUCCESS, "granted"),
        ("User.Read.All", Status.FAILURE, "missing"),
        ("GroupMember.Read.All", Status.SUCCESS, "granted"),
        (
            "Organization.Read.All",
            Status.SKIPPED,
            "missing, optional: names the tenant's domains",
        ),
    ]
    assert check.details["User.Read.All"] == "missing"
    assert check.details["Organization.Read.All"] == "missing, optional"


def test_an_optional_permission_that_is_missing_is_no_failure() -> None:
    source = halden()
    source.refused, source.domains = ("Organization.Read.All",), None
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    assert found["source", "permissions"].status is Status.SUCCESS
    assert passed(tuple(found.values()))


def mapped_to(source: str) -> Profile:
    """Also the department, or whatever it is, becomes the language."""
    extra = AttributeMapping("locale", MappingType.DIRECT, source=source)
    users = replace(PROFILE.users, attributes=(*PROFILE.users.attributes, extra))
    return replace(PROFILE, users=users)


def test_one_assigned_person_is_read_with_what_is_mapped() -> None:
    profile = mapped_to("preferredLanguage")
    _, found = run(halden(), MemoryTarget(accounts=HALDEN), profile=profile)
    check = found["source", "person"]
    assert check.status is Status.WARNING
    assert str(check.fact) == "Zoë Lefèvre: 6 mapped attributes read"
    assert [(one.name, str(one.fact)) for one in check.parts] == [
        ("preferredLanguage", "not delivered")
    ]
    assert "names of the attributes" in str(check.advice)

    source = halden()
    source.people = [
        replace(one, attributes={**one.attributes, "preferredLanguage": None})
        for one in source.people
    ]
    _, found = run(source, MemoryTarget(accounts=HALDEN), profile=profile)
    check = found["source", "person"]
    assert check.status is Status.SUCCESS
    assert [(one.name, str(one.fact)) for one in check.parts] == [("preferredLanguage", "empty")]


def test_where_nobody_is_assigned_anybody_will_do() -> None:
    source = halden()
    source.assignments = ()
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    assert str(found["source", "person"].fact).startswith("Nobody is assigned; of ")
    assert found["source", "person"].status is Status.SUCCESS
    assert "no addresses to compare" in str(found["target", "domains"].fact)


def test_a_person_assigned_through_a_group_is_found() -> None:
    source = halden()
    source.assignments = (assigned("sales", GROUP),)
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    assert str(found["source", "person"].fact) == "Dimitri Papadopoulos: 5 mapped attributes read"


def test_a_person_without_an_address_is_a_warning() -> None:
    source = MemorySource(
        people=[person("nobody", "No Body", mail=None, userPrincipalName=None)],
        assignments=(assigned("nobody"),),
    )
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    check = found["source", "person"]
    assert check.status is Status.WARNING
    assert "No Body" in str(check.fact)
    assert check.advice is not None
    domains = found["target", "domains"]
    assert domains.status is Status.WARNING
    assert "Fill their address in Entra" in str(domains.advice)


def test_the_accounts_of_the_person_and_of_ourselves_are_looked_up() -> None:
    zoe = Account("1", "zoe@halden.example", {})
    target = MemoryTarget(accounts=(*HALDEN, zoe), own_name="boss@halden.example")
    _, found = run(halden(), target)
    assert str(found["target", "accounts"].fact) == "2 accounts read; Zoë Lefèvre has one"
    target = MemoryTarget(accounts=(zoe,), own_name="boss@halden.example")
    _, found = run(halden(), target)
    check = found["target", "accounts"]
    assert check.status is Status.WARNING
    assert "own account boss@halden.example is not among them" in str(check.fact)
    assert "target.account_key" in str(check.advice)


@pytest.mark.parametrize("probe", [WriteProbe.NOT_REFUSED, WriteProbe.UNKNOWN])
def test_what_cannot_be_known_about_writing_is_a_warning(probe: WriteProbe) -> None:
    _, found = run(halden(), MemoryTarget(accounts=HALDEN, probe=probe))
    check = found["target", "write"]
    assert check.status is Status.WARNING
    assert "cannot be known" in str(check.fact)
    assert "on demand" in str(check.advice)


def test_the_right_to_write_that_is_refused_ends_the_side() -> None:
    error = PermissionMissing(Service.TARGET, "Not allowed", "Give the role.")
    _, found = run(halden(), MemoryTarget(accounts=HALDEN, fails={"write": error}))
    assert found["target", "write"].status is Status.FAILURE
    assert str(found["target", "seats"].fact) == "Not tested yet: needs the right to write"


def in_domains(*domains: str) -> MemorySource:
    people = [
        person(f"p{at}", f"Person {at}", mail=f"p{at}@{domain}")
        for at, domain in enumerate(domains)
    ]
    return MemorySource(people=people, assignments=tuple(assigned(one.id) for one in people))


def test_domains_the_target_does_not_know_are_named_with_their_people() -> None:
    source = in_domains(*["halden.example"] * 5, "fjord.example", "halden.example.com")
    source.domains = ("halden.example", "fjord.example")
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    check = found["target", "domains"]
    assert check.status is Status.WARNING
    assert str(check.fact) == (
        "5 of 7 assigned people have an address in a domain that the target knows; 2 do not,"
        " among them Person 5, Person 6"
    )
    assert "Verify these domains" in str(check.advice)
    assert [(one.name, one.status, str(one.fact)) for one in check.parts] == [
        ("fjord.example", Status.WARNING, "1, verified in Entra only"),
        ("halden.example.com", Status.WARNING, "1, not verified in Entra either"),
        ("halden.example", Status.SUCCESS, "5 people"),
    ]
    assert passed(tuple(found.values()))


def test_without_the_permission_for_domains_nothing_is_said_about_entra() -> None:
    source = in_domains("halden.example", "fjord.example")
    source.domains = None
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    said = [str(one.fact) for one in found["target", "domains"].parts]
    assert said == ["1, not known at the target", "1 person"]


def test_our_own_address_shows_a_domain_too() -> None:
    target = MemoryTarget(own_name="boss@halden.example", accounts=())
    _, found = run(in_domains("Halden.Example"), target)
    assert found["target", "domains"].status is Status.SUCCESS


def test_only_so_many_addresses_are_compared() -> None:
    _, found = run(in_domains(*["halden.example"] * 9), MemoryTarget(accounts=HALDEN), enough=4)
    assert str(found["target", "domains"].fact) == (
        "Of the first 4 assigned people 4 have an address in a domain that the target knows"
    )


def test_default_access_alone_gives_no_address_to_compare() -> None:
    source = in_domains("halden.example", "fjord.example")
    source.assignments = (assigned("p0"), assigned("p1", role=DEFAULT_ACCESS))
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    assert str(found["target", "domains"].fact).startswith("1 of 1 assigned person")


def test_with_the_scope_all_everybody_is_compared() -> None:
    source = in_domains("halden.example", "fjord.example")
    source.assignments = ()
    profile = replace(PROFILE, scope=Scope.ALL)
    _, found = run(source, MemoryTarget(accounts=HALDEN), profile=profile)
    assert str(found["target", "domains"].fact).startswith("1 of 2 assigned people")


def test_addresses_wait_for_a_side_of_microsoft_that_works() -> None:
    source = halden()
    source.fails["people"] = PermissionMissing(Service.SOURCE, "No people", "Grant it.")
    _, found = run(source, MemoryTarget(accounts=HALDEN))
    assert found["target", "domains"].status is Status.SKIPPED
    assert str(found["target", "domains"].fact) == "Not tested yet: needs the side of Microsoft"
    assert found["target", "seats"].status is Status.SUCCESS


def test_a_target_without_verified_domains_says_so() -> None:
    target = MemoryTarget(accounts=())
    target.limits = replace(target.limits, has_domains=False)
    _, found = run(halden(), target)
    assert found["target", "domains"].status is Status.SUCCESS
    assert "any domain" in str(found["target", "domains"].fact)
