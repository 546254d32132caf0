"""The draft: what it becomes as a profile, and that it never holds a secret on disk."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import ConfigurationError
from app.domain.settings import TargetSignIn
from app.host.profiles import load_document, to_settings
from app.setup.draft import Answers, Draft, Step, World, suggested_name
from app.setup.draft_file import DraftFile

COMPLETE = Draft(
    step=Step.PREVIEW,
    world=World.REAL,
    name="contoso",
    tenant=" contoso.com ",
    client_id="11111111-1111-1111-1111-111111111111",
    application_id="22222222-2222-2222-2222-222222222222",
    application_name="GoToMeeting",
    nested_groups=True,
    pilot="zoe@contoso.com",
    pilot_name="Zoë",
    user_name="admin@contoso.com",
    target_client_id="goto-client",
    addresses=("ops@contoso.com",),
    smtp_host="mail.contoso.com",
    smtp_from="rollcall@contoso.com",
)


def test_a_complete_draft_is_a_valid_profile() -> None:
    profile = to_settings(load_document(COMPLETE.to_document()))
    assert profile.name == "contoso"
    assert profile.source == COMPLETE.source_settings()
    assert profile.target == COMPLETE.target_settings()
    assert profile.nested_groups
    assert profile.pilot is None
    assert profile.notification.email == ("ops@contoso.com",)
    assert profile.notification.smtp is not None
    assert profile.enabled


def test_one_person_first_makes_a_pilot_and_the_preview_of_everyone_has_none() -> None:
    draft = replace(COMPLETE, one_person_first=True)
    assert to_settings(load_document(draft.to_document())).pilot == {"zoe@contoso.com"}
    assert draft.to_document(everyone=True)["pilot"] is None


@pytest.mark.parametrize("sign_in", list(TargetSignIn))
def test_every_sign_in_writes_only_the_keys_it_uses(sign_in: TargetSignIn) -> None:
    draft = replace(COMPLETE, target_sign_in=sign_in)
    assert to_settings(load_document(draft.to_document())).target == draft.target_settings()


def test_a_saved_draft_comes_back_as_it_was(tmp_path: Path) -> None:
    file = DraftFile(tmp_path / "deep" / "setup.json")
    assert file.load() is None
    file.save(COMPLETE)
    assert file.load() == COMPLETE
    file.discard()
    file.discard()
    assert file.load() is None


def test_no_secret_is_printed_or_saved(tmp_path: Path) -> None:
    answers = Answers(COMPLETE, {"target.password": "hunter2"})
    file = tmp_path / "setup.json"
    DraftFile(file).save(answers.draft)
    assert "hunter2" not in repr(answers) + file.read_text(encoding="utf-8")
    assert answers.known == {"target.password"}


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "[]",
        '{"step": 9}',
        '{"nobody": 1}',
        '{"tenant": 5}',
        '{"smtp_port": true}',
        '{"addresses": [1]}',
        '{"world": "moon"}',
    ],
)
def test_a_damaged_draft_is_named_and_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "setup.json"
    path.write_text(damage, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"setup\.json"):
        DraftFile(path).load()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"setup\.json"):
        DraftFile(tmp_path / "file" / "setup.json").save(COMPLETE)


def test_the_json_of_a_draft_is_plain() -> None:
    assert json.loads(json.dumps(COMPLETE.to_json())) == COMPLETE.to_json()


@pytest.mark.parametrize(
    ("tenant", "name"),
    [
        ("contoso.onmicrosoft.com", "contoso"),
        ("  Halden-Roux.example ", "halden-roux"),
        ("0b1c", "0b1c"),
        ("", ""),
        ("…", ""),
    ],
)
def test_the_tenant_suggests_a_name(tenant: str, name: str) -> None:
    assert suggested_name(tenant) == name
