"""The machine we run on: profiles, secrets, lock, language, mail."""

import asyncio
import json
import socket
import subprocess
import sys
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import (
    ConfigurationError,
    ProfileBusy,
    RollcallError,
    SecretMissing,
    SecretStoreUnavailable,
)
from app.domain.settings import NotificationSettings, SmtpSettings
from app.domain.texts import Text
from app.host.language import GettextTranslator, choose_language
from app.host.lock import ProfileLock
from app.host.mail import SmtpMailer
from app.host.paths import resources
from app.host.profile_store import ProfileStore
from app.host.profiles import load_document, to_settings
from app.host.secrets import KeyringSecrets, MemorySecrets, variable
from app.sandbox.server import Sandbox

DOCUMENT = Sandbox().info()["profile"]


def test_a_document_survives_export_and_import(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    assert store.save(DOCUMENT, replace=False) == "practice"
    document = store.document("practice")
    assert store.save(document, replace=True) == "practice"
    assert store.document("practice") == document
    assert "secret" not in json.dumps(document["target"])
    with pytest.raises(ConfigurationError, match="already"):
        store.save(document, replace=False)


def test_defaults_are_those_of_the_interface() -> None:
    profile = to_settings(load_document(DOCUMENT))
    assert profile.interval_minutes == 20
    assert (profile.safety.max_removals, profile.safety.max_removal_percent) == (20, 10)
    assert dict(profile.target.licences) == {"*": frozenset({"G2M"})}
    assert [one.target for one in profile.users.attributes] == ["email", "firstName", "lastName"]


def test_on_and_off_are_kept(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    store.save(DOCUMENT, replace=False)
    store.set_enabled("practice", enabled=False)
    assert store.settings("practice").enabled is False


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1"),
        ("[]", "object"),
        (json.dumps({**DOCUMENT, "name": "../../etc/passwd"}), "name"),
        (json.dumps({**DOCUMENT, "interval_minutes": 0}), "interval_minutes"),
        (json.dumps({**DOCUMENT, "scope": "some"}), "scope"),
    ],
)
def test_wrong_documents_say_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_document(text)
    assert said in str(caught.value)


SCIM = {"kind": "scim2", "url": "https://scim.example", "sign_in": "bearer"}
BY_NAME = {"target": "displayName", "source": "displayName", "match": 1}


@pytest.mark.parametrize(
    ("kind", "attribute", "key"),
    [
        ("groups", {"target": "bogus", "source": "displayName"}, "attributes[1].target"),
        (
            "groups",
            {"target": "externalId", "type": "expression", "expression": "Foo("},
            "attributes[1].expression",
        ),
        ("users", {"target": "entitlements", "source": "mail"}, "attributes[1].target"),
    ],
)
def test_a_mapping_that_no_cycle_could_use_is_refused_at_import(
    kind: str, attribute: dict[str, str], key: str
) -> None:
    first = BY_NAME if kind == "groups" else {"target": "userName", "source": "mail", "match": 1}
    mappings = {kind: {"enabled": True, "attributes": [first, attribute]}}
    with pytest.raises(ConfigurationError) as caught:
        load_document({**DOCUMENT, "target": SCIM, "mappings": mappings})
    assert caught.value.key == f"mappings.{kind}.{key}"


@pytest.mark.parametrize(
    ("drift", "key"),
    [
        ({"attributes": {"nickname": "report"}}, "drift.attributes.nickname"),
        ({"attributes": {"email": "revert"}}, "drift.attributes.email"),
        ({"otherwise": "never"}, "drift.otherwise"),
        ({"every_hours": 0}, "drift.every_hours"),
        ({"every": 24}, "drift.every"),
    ],
)
def test_what_is_wrong_about_changes_by_hand_is_refused_by_its_key(
    drift: dict[str, object], key: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_document({**DOCUMENT, "drift": drift})
    assert key in str(caught.value)


def test_seats_are_called_so_only_where_there_are_any() -> None:
    choices = {"account": "repair", "licences": "repair", "firstName": "accept"}
    checked = load_document({**DOCUMENT, "drift": {"attributes": choices, "every_hours": None}})
    assert to_settings(checked).drift.choice("licences") == "repair"
    assert to_settings(checked).drift.choice("lastName") == "report"
    scim = {**DOCUMENT, "target": SCIM, "drift": {"attributes": {"licences": "repair"}}}
    with pytest.raises(ConfigurationError) as caught:
        load_document(scim)
    assert caught.value.key == "drift.attributes.licences"
    load_document({**scim, "drift": {"attributes": {"active": "repair"}}})


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=150, deadline=None)
@given(
    key=st.sampled_from(sorted(DOCUMENT)),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=4,
    ),
)
def test_any_document_is_good_or_a_configuration_error(key: str, value: object) -> None:
    try:
        load_document(json.dumps({**DOCUMENT, key: value}))
    except ConfigurationError as error:
        assert str(error)


def test_the_environment_wins_and_what_is_missing_is_named() -> None:
    name = variable("contoso", "target.password")
    assert name == "ROLLCALL_SECRET__CONTOSO__TARGET_PASSWORD"
    secrets = KeyringSecrets({name: "x"})
    assert secrets.get("contoso", "target.password") == "x"
    with pytest.raises(SecretStoreUnavailable):
        secrets.get("contoso", "source.client_secret")
    with pytest.raises(SecretStoreUnavailable):
        secrets.set("contoso", "target.password", "y")
    with pytest.raises(ConfigurationError, match="shoe"):
        secrets.get("contoso", "shoe")
    with pytest.raises(SecretMissing, match=r"target\.token"):
        MemorySecrets({}).get("contoso", "target.token")


@pytest.mark.keyring
def test_a_real_keyring_keeps_short_and_long_secrets() -> None:
    secrets = KeyringSecrets({})
    with pytest.raises(SecretMissing):
        secrets.get("keyring-test", "target.token")
    for value in ("short", "ü" * 5000):
        secrets.set("keyring-test", "target.token", value)
        assert secrets.get("keyring-test", "target.token") == value
    secrets.delete("keyring-test")
    with pytest.raises(SecretMissing):
        secrets.get("keyring-test", "target.token")


def test_another_process_that_holds_the_profile_is_named(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    code = (
        "import sys; from pathlib import Path; from app.host.lock import ProfileLock\n"
        "with ProfileLock(Path(sys.argv[1]), 'p'):\n print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(ProfileBusy, match=str(holder.pid)), ProfileLock(file, "p"):
        pass
    holder.communicate("", timeout=10)
    with ProfileLock(file, "p"):
        pass


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "de_DE"}, "en"),
        ({"LC_ALL": "C", "LANG": "fr_FR"}, "en"),
        ({"ROLLCALL_LANGUAGE": "fr", "LANG": "en_GB"}, "fr"),
    ],
)
def test_the_locale_decides_and_a_variable_overrides(
    environment: dict[str, str], language: str
) -> None:
    assert choose_language(environment) == language


def test_sentences_speak_french() -> None:
    french = GettextTranslator("fr", resources() / "translations")
    text = Text("Account disabled: left the group {group}", {"group": "Ventes"})
    said = french.render(text)
    assert said.endswith("Ventes")
    assert said != str(text)


class _Inbox:
    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        self.mails.append(envelope.content)  # type: ignore[attr-defined]
        await asyncio.sleep(0)
        return "250 OK"


def test_mail_arrives_and_headers_cannot_be_smuggled() -> None:
    inbox = _Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        smtp = SmtpSettings("127.0.0.1", "rollcall@example.com", port, "none")
        mailer = SmtpMailer(NotificationSettings(("ops@example.com",), True, smtp), None)
        mailer.send("Échec\r\nBcc: everyone@example.com", "Zoë n’a pas de siège.")
    finally:
        controller.stop()
    mail = message_from_bytes(inbox.mails[0], policy=modern)
    assert mail["Subject"] == "Échec Bcc: everyone@example.com"
    assert mail["Bcc"] is None
    assert "Zoë" in mail.get_content()


def test_a_dead_mail_server_is_named() -> None:
    smtp = SmtpSettings("127.0.0.1", "r@example.com", 9, "none")
    with pytest.raises(RollcallError, match=r"127\.0\.0\.1:9"):
        SmtpMailer(NotificationSettings(("o@example.com",), True, smtp), None).send("a", "b")
