"""Mails that really arrive: an SMTP server with STARTTLS and sign-in, and Graph's sendMail."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from sync_world import Rollcall

from app.sandbox.server import Sandbox


class Inbox:
    """Keeps what a mail server gets."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, session: object, envelope: Envelope) -> str:
        assert session.ssl is not None
        assert session.authenticated
        mail = message_from_bytes(envelope.content, policy=modern)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def mail_server(folder: Path):
    """STARTTLS with a certificate of its own, and nobody in without a password."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def authenticate(_server, _session, _envelope, _mechanism, data) -> AuthResult:
        wanted = LoginPassword(b"rollcall", b"hush")
        return AuthResult(success=data == wanted)

    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        inbox, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True,
        auth_required=True, authenticator=authenticate, ready_timeout=20,
    )  # fmt: skip
    controller.start()
    try:
        yield inbox, port, certificate
    finally:
        controller.stop()


@pytest.fixture
def world(tmp_path: Path):
    with Sandbox(users=12) as sandbox:
        yield Rollcall(tmp_path / "home", sandbox), sandbox


def test_smtp_with_starttls_and_sign_in_gets_text_and_html(world, tmp_path: Path) -> None:
    rollcall, sandbox = world
    with mail_server(tmp_path) as (inbox, port, certificate):
        rollcall.environment["SSL_CERT_FILE"] = str(certificate)
        rollcall.environment["ROLLCALL_LANGUAGE"] = "fr"
        rollcall.environment["ROLLCALL_SECRET__PRACTICE__SMTP_PASSWORD"] = "hush"
        smtp = {"host": "localhost", "port": port, "security": "starttls",
                "user_name": "rollcall", "from": "rollcall@example.com"}  # fmt: skip
        rollcall.import_profile(
            safety__max_removals=1, notification={"email": ["ops@example.com"], "smtp": smtp}
        )
        sent = rollcall.run("test-mail", "--json")
        assert json.loads(sent.stdout) == {"profile": "practice", "sent": ["ops@example.com"]}
        assert rollcall.sync()[0] == 0
        people = [person for person, _ in sandbox.world.entitled()][:2]
        for person in people:
            sandbox.world.set_attribute(person.id, "displayName", "Ann <b>Bold</b>")
        assert rollcall.sync()[0] == 0
        for person in people:
            sandbox.world.leave(person.id)
        for _ in range(3):
            assert rollcall.sync()[0] == 4
    test_mail, mail = inbox.mails
    assert "Rollcall" in test_mail["Subject"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"]
    assert mail["Message-ID"].endswith("@example.com>")
    assert mail.get_content_type() == "multipart/alternative"
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "Ann <b>Bold</b>" in text
    assert "<b>Bold" not in html
    assert "Ann &lt;b&gt;Bold&lt;/b&gt;" in html
    assert "practice" in mail["Subject"]
    assert 'lang="fr"' in html
    assert "http" not in html


def test_graph_sends_as_the_mailbox_and_a_refusal_changes_nothing(world) -> None:
    rollcall, sandbox = world
    sender = str(next(iter(sandbox.world.entitled()))[0].get("userPrincipalName"))
    rollcall.import_profile(
        notification={"email": ["ops@example.com"], "send_through": "graph", "mailbox": sender}
    )
    assert rollcall.run("test-mail").returncode == 0
    sandbox.world.revoke_permission("Mail.Send")
    refused = rollcall.run("test-mail")
    assert refused.returncode == 3
    assert "Mail.Send" in refused.stderr
    sandbox.world.set_secret_expiry(6)
    assert rollcall.sync()[0] == 0
    status = json.loads(rollcall.run("status", "--json").stdout)
    assert "Mail.Send" in status["mail_error"]
    assert "Mail.Send" in rollcall.run("status").stdout
    sandbox.world.grant_permission("Mail.Send")
    for _ in range(2):
        assert rollcall.sync()[0] == 0
    assert json.loads(rollcall.run("status", "--json").stdout)["mail_error"] is None
    first, second = sandbox.world.mails
    assert first["from"] == sender
    message = second["message"]
    assert message["toRecipients"] == [{"emailAddress": {"address": "ops@example.com"}}]
    assert "expires in 6 days" in message["subject"]
    assert "Practice secret" in message["textBody"]
    assert "Practice secret" in message["body"]["content"]
    assert message["headers"]["Auto-Submitted"] == "auto-generated"
