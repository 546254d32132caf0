"""Pure parts of the engine: seats, brake, retries, schedule."""

import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.domain.accounts import Account, AccountChoice, Licence, TargetInfo, TargetLimits
from app.domain.errors import EntryError
from app.domain.people import AppRole, Person
from app.domain.plan import Grant, RemovalCounts, Subject
from app.domain.settings import SafetySettings
from app.engine.decide import decide
from app.engine.guards import brake
from app.engine.licences import plan_seats, wanted_products
from app.engine.retry import escrow
from app.engine.rules import Rules
from app.engine.schedule import next_run
from app.host.profiles import load_document, to_settings
from app.mapping.attributes import compile_mappings
from app.mapping.scoping import compile_filters
from app.mapping.values import Context
from app.sandbox.server import Sandbox

G2M, G2W = frozenset({"G2M"}), frozenset({"G2W", "G2M"})
CATALOGUE = (Licence("1", G2M), Licence("2", G2W), Licence("9", frozenset({"OPENVOICE"})))
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_role_value_wins_over_any_role() -> None:
    licences = {"*": G2M, "G2W": G2W}
    webinar, meeting = AppRole("a", "Meeting and Webinar", "G2W"), AppRole("b", "User", "G2M")
    assert wanted_products([meeting], licences) == (G2M,)
    assert wanted_products([webinar], licences) == (G2W,)
    assert wanted_products([webinar, meeting], licences) == (G2W,)


@pytest.mark.parametrize(
    ("held", "granted", "wanted", "keys", "ours"),
    [
        (set(), set(), G2M, {"1"}, {"1"}),
        ({"9"}, set(), G2M, {"1", "9"}, {"1"}),
        ({"2"}, set(), G2M, {"2"}, set()),
        ({"2"}, {"2"}, G2M, {"1"}, {"1"}),
        ({"1"}, {"1"}, G2W, {"2"}, {"2"}),
        ({"1"}, set(), G2W, {"1", "2"}, {"2"}),
    ],
)
def test_foreign_seats_stay_and_ours_follow_the_role(
    held: set[str], granted: set[str], wanted: frozenset[str], keys: set[str], ours: set[str]
) -> None:
    plan = plan_seats([wanted], frozenset(held), frozenset(granted), CATALOGUE)
    assert (plan.keys, plan.granted, plan.missing) == (keys, ours, ())


def test_a_licence_that_does_not_exist_is_missing() -> None:
    assert plan_seats([frozenset({"G2T"})], frozenset(), frozenset(), CATALOGUE).missing


@pytest.mark.parametrize(
    ("removals", "active", "held"),
    [
        (20, 1000, None),
        (21, 1000, "max_removals"),
        (10, 99, None),
        (11, 100, "max_removal_percent"),
        (10, 100, None),
    ],
)
def test_brake_trips_above_the_limits(removals: int, active: int, held: str | None) -> None:
    counts = RemovalCounts(planned=removals, active_links=active)
    assert brake(counts, SafetySettings(), source_empty=False) == held


def test_an_empty_source_holds_even_without_limits() -> None:
    safety = SafetySettings(max_removals=None, max_removal_percent=None)
    assert brake(RemovalCounts(planned=1), safety, source_empty=True) == "source_empty"
    assert brake(RemovalCounts(planned=9999, active_links=9999), safety, source_empty=False) is None


def test_retries_after_6_12_24_hours_then_daily() -> None:
    error = EntryError("LicenseLimitExceeded", "No seat")
    entry, waits = None, []
    for _ in range(5):
        entry = escrow("p", error, entry, NOW)
        waits.append(entry.next_try_at - NOW)
    assert [wait / timedelta(hours=1) for wait in waits] == [6, 12, 24, 24, 24]
    assert entry is not None
    assert entry.first_failed_at == NOW


def test_a_passing_error_is_tried_in_the_next_cycle_first() -> None:
    error = EntryError("Timeout", "Slow", transient=True)
    first = escrow("p", error, None, NOW)
    assert first.next_try_at == NOW
    assert escrow("p", error, first, NOW).next_try_at == NOW + timedelta(hours=6)


def test_one_passing_trouble_after_another_waits_longer_and_is_given_up() -> None:
    entry, now = None, NOW
    for number in range(200):
        code = ("Timeout", "InternalServerError", "TooManyRequests")[number % 3]
        entry = escrow("p", EntryError(code, "x", transient=True), entry, now)
        if entry.given_up:
            break
        now = max(entry.next_try_at, now + timedelta(minutes=20))
    assert entry is not None
    assert entry.given_up
    assert now - NOW >= timedelta(days=28)
    assert number < 40


def test_a_clock_set_back_does_not_postpone_the_next_run() -> None:
    assert next_run(None, 20, NOW) == NOW
    assert next_run(NOW, 20, NOW) == NOW + timedelta(minutes=20)
    assert next_run(NOW - timedelta(hours=9), 20, NOW) == NOW
    assert next_run(NOW + timedelta(days=1), 20, NOW) == NOW


@pytest.mark.parametrize("exists", [False, True])
def test_what_is_redacted_is_written_and_not_logged(exists: bool) -> None:
    document = Sandbox().info()["profile"]
    document["mappings"] = {"users": {"attributes": [
        {"target": "email", "type": "direct", "source": "mail", "match": 1},
        {"target": "firstName", "type": "expression",
         "expression": 'Append(SingleAppRoleAssignment(), Redact([givenName]))'},
        {"target": "lastName", "type": "direct", "source": "surname"},
    ]}}  # fmt: skip
    profile = to_settings(load_document(json.dumps(document).encode()))
    limits = TargetLimits(required=frozenset({"email"}))
    rules = Rules(
        profile=profile,
        mappings=compile_mappings(profile.users.attributes, limits),
        filters=compile_filters(()),
        roles={"r": AppRole("r", "User ")},
        assigned_groups=frozenset(),
        limits=limits,
        target=TargetInfo(AccountChoice("1", "x"), (), "own", "me", (), CATALOGUE),
        context=Context(NOW, Random(1)),
    )
    person = Person("p", {"mail": "z@x", "givenName": "Zoe", "surname": "Lee"})
    before = {"email": "z@x", "firstName": "Old", "lastName": "Lee"}
    account = Account("a", "z@x", before, frozenset({"1"}))
    subject = Subject(person, (Grant("r"),), accounts=(account,) if exists else ())
    work = decide(subject, rules)
    assert work is not None
    written = work.update if exists else work.draft
    assert written is not None
    assert written.attributes["firstName"] == "User Zoe"
    logged = {one.attribute: (one.old, one.new) for one in work.planned.changes}
    assert logged["firstName"] == ("[Redact]" if exists else None, "User [Redact]")
    assert "Zoe" not in str(work.planned)
