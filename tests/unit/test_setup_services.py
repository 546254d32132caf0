"""Services over in-memory connectors: mapping review, preview, switch on, and stopping."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from setup_world import MemorySource, MemoryTarget, halden, person

from app.connectors import open_editor
from app.connectors.errors import AccountKeyNeeded
from app.domain.accounts import Account, AccountChoice
from app.domain.activity import (
    ActionKind,
    Counts,
    CycleKind,
    Identity,
    PlannedAction,
    PlanSummary,
    Progress,
    Reason,
    Status,
)
from app.domain.errors import ConfigurationError, PermissionMissing, SecretMissing, Service
from app.domain.ports import StopSignal
from app.domain.settings import MappingType, Profile
from app.domain.sign_in import Shelves
from app.domain.texts import English, Text
from app.host.profiles import load_document, to_settings
from app.mapping.defaults import default_mappings
from app.setup.assignment_table import build_table, load_facts
from app.setup.cancel import Cancellation
from app.setup.draft import SOURCE_SECRET, TARGET_PASSWORD, Answers, Draft, Step, World
from app.setup.draft_file import DraftFile
from app.setup.mapping_review import FindingKind
from app.setup.preview import ROWS_OF_EACH, Deed, PreviewRows, deed, estimated_seconds
from app.setup.services import Doors, SecretLookup, SetupServices

DRAFT = Draft(
    step=Step.PREVIEW,
    world=World.REAL,
    name="halden",
    tenant="halden.example",
    client_id="c",
    application_id="sp",
    user_name="admin@halden.example",
    target_client_id="g",
)
ANSWERS = Answers(DRAFT, {SOURCE_SECRET: "s3cret", TARGET_PASSWORD: "pa55"})


class FixedClock:
    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


class MemorySecrets:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get(self, profile: str, name: str) -> str:
        if (profile, name) not in self.kept:
            raise SecretMissing("missing", key=name)
        return self.kept[profile, name]

    def set(self, profile: str, name: str, value: str) -> None:
        self.kept[profile, name] = value

    def delete(self, profile: str) -> None:
        self.kept = {key: value for key, value in self.kept.items() if key[0] != profile}


class MemoryProfiles:
    def __init__(self) -> None:
        self.saved: dict[str, dict[str, object]] = {}

    def names(self) -> list[str]:
        return list(self.saved)

    def save(self, document: dict[str, object], *, replace: bool) -> str:
        assert replace is False
        name = str(document["name"])
        self.saved[name] = document
        return name


def planned(action: ActionKind, status: Status = Status.SUCCESS) -> PlannedAction:
    nobody = Identity()
    return PlannedAction(action, status, nobody, nobody, Reason.ASSIGNED, Text("x"))


async def plan_of_three(
    profile: Profile,
    secrets: SecretLookup,
    shelves: Shelves,
    stop: StopSignal,
    progress: Callable[[Progress], None],
    take: Callable[[PlannedAction], None],
) -> PlanSummary:
    assert profile.pilot is None
    assert secrets(TARGET_PASSWORD) == "pa55"
    for action in (ActionKind.CREATE, ActionKind.LINK, ActionKind.UPDATE):
        take(planned(action))
    return PlanSummary("1", CycleKind.INITIAL, Counts(created=1, linked=1, updated=1))


class Sent:
    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []

    def send(self, subject: str, body: str) -> None:
        self.mails.append((subject, body))


def services(
    tmp_path: Path, source: MemorySource, target: MemoryTarget, sent: Sent | None = None
) -> tuple[SetupServices, MemorySecrets, MemoryProfiles]:
    secrets, profiles = MemorySecrets(), MemoryProfiles()
    doors = Doors(
        source=lambda _settings, _secrets, _stop, extensions=(), shelf=None: source,
        editor=open_editor,
        target=lambda _settings, _secrets, _stop, shelf=None: target,
        mailer=lambda _settings, _secrets: sent or Sent(),
        profile=lambda document: to_settings(load_document(document)),
        plan=plan_of_three,
        clock=FixedClock(),
        open_browser=lambda _address: False,
        words=English(),
    )
    made = SetupServices(doors, secrets, profiles, DraftFile(tmp_path / "setup.json"))
    return made, secrets, profiles


def review(tmp_path: Path, source: MemorySource, target: MemoryTarget):
    made, _, _ = services(tmp_path, source, target)

    async def go():
        facts = await load_facts(source, Cancellation(), lambda _count: None)
        table = build_table(facts, nested_groups=False)
        return await made.review_mappings(
            ANSWERS, facts, table, lambda _count: None, Cancellation()
        )

    return asyncio.run(go())


def test_the_review_shows_one_person_and_checks_everybody(tmp_path: Path) -> None:
    target = MemoryTarget(
        accounts=[Account("1", "zoe@halden.example", {}), Account("2", "stranger@x.example", {})]
    )
    found = review(tmp_path, halden(), target)
    assert [row.target for row in found.rows] == ["email", "firstName", "lastName", "licences"]
    assert found.rows[0].match == 1
    assert found.match_attribute == "email"
    zoe = found.people[0]
    assert zoe.values == ("zoe@halden.example", "Zoë", "Lefèvre", "GoToMeeting")
    assert found.checked == 7
    assert found.taken_over == 1
    assert found.name_limit == 60
    by_kind = {one.kind: one for one in found.findings}
    assert by_kind[FindingKind.CUT].names == ("Max " + "W" * 70,)
    assert by_kind[FindingKind.NO_MAIL].names == ("Ana María Núñez",)
    shared = by_kind[FindingKind.SHARED]
    assert shared.count == 1
    assert "soren@halden.example" in str(shared.text)
    assert shared.status is Status.FAILURE
    assert found.fitting == 3


def test_an_administrator_of_several_accounts_gets_them_to_choose_from(tmp_path: Path) -> None:
    choices = (AccountChoice("1", "One"), AccountChoice("2", "Two"))
    target = MemoryTarget()
    target.fails["info"] = AccountKeyNeeded("a@x.example", choices)
    made, _, _ = services(tmp_path, halden(), target)
    assert asyncio.run(made.check_target(ANSWERS, Cancellation())) == choices


def test_both_connectors_are_closed_whatever_happens(tmp_path: Path) -> None:
    source, target = halden(), MemoryTarget()
    target.fails["sign_in"] = PermissionMissing(Service.TARGET, "no")
    made, _, _ = services(tmp_path, source, target)
    with pytest.raises(PermissionMissing):
        asyncio.run(made.check_target(ANSWERS, Cancellation()))
    assert target.closed
    asyncio.run(made.check_source(ANSWERS, Cancellation()))
    assert source.closed


def test_signing_in_lists_applications_and_organisations(tmp_path: Path) -> None:
    choices = (AccountChoice("1", "One"), AccountChoice("2", "Two"))
    made, _, _ = services(tmp_path, halden(), MemoryTarget(choices=choices))
    found = asyncio.run(made.check_source(ANSWERS, Cancellation()))
    assert [one.name for one in found] == ["GoToMeeting"]
    assert asyncio.run(made.check_target(ANSWERS, Cancellation())) == choices


def test_missing_rights_are_left_to_the_connection_test(tmp_path: Path) -> None:
    target = MemoryTarget(fails={"info": PermissionMissing(Service.TARGET, "no rights")})
    made, _, _ = services(tmp_path, halden(), target)
    assert asyncio.run(made.check_target(ANSWERS, Cancellation())) == ()


def test_the_preview_is_of_everyone_even_with_one_person_first(tmp_path: Path) -> None:
    made, _, _ = services(tmp_path, halden(), MemoryTarget())
    draft = replace(DRAFT, pilot="zoe@halden.example", one_person_first=True)
    found = asyncio.run(
        made.preview(replace(ANSWERS, draft=draft), lambda _progress: None, Cancellation())
    )
    assert found.counts == {Deed.CREATE: 1, Deed.LINK: 1, Deed.UPDATE: 1}
    assert found.complete
    assert found.total == 3


def test_the_preview_counts_everybody_and_lists_the_first() -> None:
    rows = PreviewRows()
    for _ in range(ROWS_OF_EACH + 500):
        rows.take(planned(ActionKind.CREATE))
    rows.take(planned(ActionKind.CREATE, Status.FAILURE))
    assert rows.counts == {Deed.CREATE: ROWS_OF_EACH + 500, Deed.FAIL: 1}
    assert len(rows.rows) == ROWS_OF_EACH + 1


@pytest.mark.parametrize(
    ("action", "status", "expected"),
    [
        (ActionKind.CREATE, Status.WARNING, Deed.CREATE),
        (ActionKind.ENABLE, Status.SUCCESS, Deed.UPDATE),
        (ActionKind.DELETE, Status.SUCCESS, Deed.DISABLE),
        (ActionKind.OTHER, Status.SKIPPED, Deed.SKIP),
        (ActionKind.UPDATE, Status.SKIPPED, Deed.SKIP),
        (ActionKind.CREATE, Status.FAILURE, Deed.FAIL),
    ],
)
def test_every_action_falls_under_one_of_six_counts(
    action: ActionKind, status: Status, expected: Deed
) -> None:
    assert deed(planned(action, status)) is expected


def test_the_estimate_follows_the_limit_of_requests() -> None:
    slow = estimated_seconds({Deed.CREATE: 12_000, Deed.UPDATE: 100}, 1)
    fast = estimated_seconds({Deed.CREATE: 12_000, Deed.UPDATE: 100}, 10)
    assert slow == pytest.approx(fast * 10)
    assert 60 < fast < 120


def test_switching_on_saves_secrets_and_profile_and_forgets_the_draft(tmp_path: Path) -> None:
    made, secrets, profiles = services(tmp_path, halden(), MemoryTarget())
    asyncio.run(made.save_draft(ANSWERS))
    assert asyncio.run(made.switch_on(ANSWERS)) == "halden"
    assert secrets.kept == {
        ("halden", SOURCE_SECRET): "s3cret",
        ("halden", TARGET_PASSWORD): "pa55",
    }
    assert to_settings(load_document(profiles.saved["halden"])).enabled
    assert "s3cret" not in str(profiles.saved)
    assert asyncio.run(made.load_draft()) is None


def test_a_profile_that_is_wrong_is_named_and_nothing_is_saved(tmp_path: Path) -> None:
    made, secrets, profiles = services(tmp_path, halden(), MemoryTarget())
    wrong = replace(ANSWERS, draft=replace(DRAFT, target_url="http://api.getgo.com"))
    with pytest.raises(ConfigurationError, match=r"target\.url"):
        asyncio.run(made.switch_on(wrong))
    assert profiles.saved == {}
    assert secrets.kept == {}


def test_a_draft_comes_back_with_its_secrets(tmp_path: Path) -> None:
    made, _, _ = services(tmp_path, halden(), MemoryTarget())
    assert asyncio.run(made.load_draft()) is None
    asyncio.run(made.save_draft(ANSWERS))
    assert "pa55" not in (tmp_path / "setup.json").read_text(encoding="utf-8")
    found = asyncio.run(made.load_draft())
    assert found is not None
    assert found.draft == DRAFT
    assert found.secrets == ANSWERS.secrets


def test_without_practice_servers_there_is_no_practice_tenant(tmp_path: Path) -> None:
    made, _, _ = services(tmp_path, halden(), MemoryTarget())
    assert not made.practice_offered
    with pytest.raises(ConfigurationError):
        asyncio.run(made.open_practice())


def test_the_test_mail_names_the_profile(tmp_path: Path) -> None:
    sent = Sent()
    made, _, _ = services(tmp_path, halden(), MemoryTarget(), sent)
    asyncio.run(made.send_test_mail(ANSWERS))
    assert "halden" in sent.mails[0][1]


def test_the_default_mapping_is_recognised(tmp_path: Path) -> None:
    profile = to_settings(load_document(DRAFT.to_document()))
    if profile.users.attributes != default_mappings(profile.target.kind):
        pytest.skip("the profile document has no default mapping of its own yet")
    found = review(tmp_path, halden(), MemoryTarget())
    assert found.default_mapping
    assert str(found.rows[0].comes_from) == "mail, else userPrincipalName"
    assert str(found.rows[0].type) == MappingType.EXPRESSION.value.title()


def test_people_without_any_address_are_found(tmp_path: Path) -> None:
    source = halden()
    source.people = [
        *(one for one in source.people if one.id != "zoe"),
        person("zoe", "Zoë Lefèvre", mail=None, userPrincipalName=None),
    ]
    found = review(tmp_path, source, MemoryTarget())
    assert FindingKind.FAILED in {one.kind for one in found.findings}


def test_a_stop_from_another_thread_ends_a_wait_at_once() -> None:
    stop = Cancellation()
    timer = threading.Timer(0.05, stop.set)
    timer.start()
    began = time.monotonic()
    assert asyncio.run(stop.wait(30))
    timer.join()
    assert time.monotonic() - began < 5
    assert asyncio.run(stop.wait(30))


def test_a_wait_without_a_stop_ends_by_itself() -> None:
    assert asyncio.run(Cancellation().wait(0.01)) is False
