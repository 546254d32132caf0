"""Signing in at Microsoft with a certificate: what is sent, what is taken, what is refused."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from loopback import PATIENT
from people import fetch

from app.connectors.certificates import read_certificate
from app.connectors.entra import EntraSource
from app.domain.errors import ConfigurationError, CredentialsRefused
from app.domain.settings import SourceSettings, SourceSignIn
from app.engine.stop import StopEvent
from app.sandbox.assertions import AssertionRefused, thumbprints, verify
from app.sandbox.server import Sandbox

ENDS = datetime(2036, 1, 1, tzinfo=UTC)
PLAIN = serialization.NoEncryption()


def new_key():
    return rsa.generate_private_key(65537, 2048)


def certificate_of(key, *, name="Rollcall", begins=None, ends=ENDS):
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begins or datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )


def pem_of(certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def key_pem(key, form="PKCS8", protection=PLAIN) -> str:
    kind = getattr(serialization.PrivateFormat, form)
    return key.private_bytes(serialization.Encoding.PEM, kind, protection).decode()


def pfx(key, certificate, protection=PLAIN) -> str:
    content = pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, protection)
    return base64.encodebytes(content).decode()


KEY = new_key()
CERTIFICATE = certificate_of(KEY)
OTHER = certificate_of(new_key(), name="Other")
PEM = key_pem(KEY) + pem_of(CERTIFICATE)
LOCKED = serialization.BestAvailableEncryption(b"pw")


@pytest.mark.parametrize(
    "secret",
    [
        PEM,
        pem_of(CERTIFICATE) + key_pem(KEY),
        key_pem(KEY, "TraditionalOpenSSL") + pem_of(CERTIFICATE),
        f"Bag Attributes\n    friendlyName: x\n{key_pem(KEY)}Bag\n{pem_of(CERTIFICATE)}",
        PEM.replace("\n", "\r\n"),
        PEM.replace("\n", " "),
        key_pem(KEY) + pem_of(OTHER) + pem_of(CERTIFICATE),
        pfx(KEY, CERTIFICATE),
        pfx(KEY, CERTIFICATE).replace("\n", ""),
    ],
    ids=["pem", "reversed", "pkcs1", "openssl", "crlf", "one line", "chain", "pfx", "pfx one line"],
)
def test_every_usual_form_is_read(secret: str) -> None:
    found = read_certificate(secret)
    assert found.ends_at == ENDS
    assert found.name == "CN=Rollcall"
    assert found.thumbprint == CERTIFICATE.fingerprint(hashes.SHA1()).hex().upper()
    assert "PRIVATE" not in repr(found)


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        ("", "cannot be read"),
        ("not base64!", "neither PEM nor"),
        (base64.b64encode(b"something").decode(), "cannot be read"),
        (pem_of(CERTIFICATE), "needs both"),
        (key_pem(KEY), "needs both"),
        (key_pem(KEY) + pem_of(OTHER), "another certificate"),
        (key_pem(KEY, protection=LOCKED) + pem_of(CERTIFICATE), "protected by a password"),
        (pfx(KEY, CERTIFICATE, LOCKED), "protected by a password"),
        (PEM.replace("MII", "XXX"), "cannot be read"),
    ],
)
def test_what_cannot_be_used_says_why_and_shows_nothing(secret: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        read_certificate(secret)
    assert caught.value.key == "source.certificate"
    assert "secret set --help" in str(caught.value.advice)
    assert caught.value.__cause__ is None


def test_microsoft_takes_rsa_only() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(ConfigurationError, match="RSA"):
        read_certificate(key_pem(key) + pem_of(certificate_of(key)))


@pytest.fixture
def sandbox():
    with Sandbox(users=3) as running:
        yield running


def ask(sandbox: Sandbox, secret: str, act):
    source = sandbox.info()["profile"]["source"]
    known = {name: source[name] for name in source if name not in ("kind", "sign_in")}
    settings = SourceSettings(**known, sign_in=SourceSignIn.CERTIFICATE)

    async def main():
        opened = EntraSource(
            settings, {"source.certificate": secret}.__getitem__, StopEvent(), patience=PATIENT
        )
        try:
            return await act(opened)
        finally:
            await opened.close()

    return asyncio.run(main())


async def sign_in(source):
    await source.fetch_application()
    return [await source.sign_in() for _ in range(2)]


@pytest.mark.parametrize("secret", [PEM, pfx(KEY, CERTIFICATE)], ids=["pem", "pfx"])
def test_a_registered_certificate_opens_the_directory(sandbox: Sandbox, secret: str) -> None:
    sandbox.world.register_certificate(pem_of(CERTIFICATE))
    assert ask(sandbox, secret, sign_in) == [3599, 3599]


def test_one_that_is_not_registered_says_what_to_do(sandbox: Sandbox) -> None:
    sandbox.world.register_certificate(pem_of(OTHER))
    with pytest.raises(CredentialsRefused, match="refused the certificate") as caught:
        ask(sandbox, PEM, sign_in)
    assert "Upload the certificate" in str(caught.value.advice)


def test_one_that_has_expired_is_refused(sandbox: Sandbox) -> None:
    past = certificate_of(KEY, ends=datetime.now(UTC) - timedelta(days=1))
    sandbox.world.register_certificate(pem_of(past))
    with pytest.raises(CredentialsRefused, match="refused the certificate"):
        ask(sandbox, key_pem(KEY) + pem_of(past), sign_in)


@pytest.mark.parametrize("hours", [-26, 1])
def test_a_wrong_clock_is_said(sandbox: Sandbox, hours: int) -> None:
    """The service's time is an hour ahead, or more than a day behind."""
    sandbox.world.register_certificate(pem_of(CERTIFICATE))
    sandbox.world._clock_offset = timedelta(hours=hours)
    with pytest.raises(CredentialsRefused, match="time of this computer wrong"):
        ask(sandbox, PEM, sign_in)


def test_its_own_end_is_known_without_a_request(sandbox: Sandbox) -> None:
    found = ask(sandbox, PEM, lambda source: source.fetch_credential())
    assert (found.name, found.ends_at) == ("CN=Rollcall", ENDS)
    assert sandbox.requests.total() == 0


NOW = datetime(2026, 1, 1, tzinfo=UTC)
RIGHT = {
    "iss": "app",
    "sub": "app",
    "aud": "https://login/t",
    "jti": "1",
    "nbf": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 600,
}


def verified(claims=None, key=KEY, certificate=CERTIFICATE, algorithm="PS256", header="x5t#S256"):
    kind = hashes.SHA256() if header == "x5t#S256" else hashes.SHA1()
    print_ = base64.urlsafe_b64encode(certificate.fingerprint(kind)).decode().rstrip("=")
    made = jwt.encode(claims or RIGHT, key, algorithm=algorithm, headers={header: print_})
    return verify(made, "app", {"https://login/t"}, thumbprints(pem_of(CERTIFICATE)), NOW)


def test_the_practice_server_verifies_an_assertion() -> None:
    assert verified() == "1"
    assert verified(algorithm="RS256", header="x5t") == "1"


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        (700027, {"key": new_key()}),
        (700027, {"certificate": OTHER}),
        (700027, {"algorithm": "RS512"}),
        (700023, {"claims": RIGHT | {"aud": "https://elsewhere"}}),
        (700021, {"claims": RIGHT | {"iss": "other"}}),
        (700021, {"claims": RIGHT | {"sub": "other"}}),
        (700024, {"claims": RIGHT | {"exp": RIGHT["nbf"]}}),
        (700024, {"claims": RIGHT | {"nbf": RIGHT["nbf"] + 3600}}),
        (700024, {"claims": RIGHT | {"exp": RIGHT["nbf"] + 90_000}}),
        (700027, {"claims": {name: RIGHT[name] for name in RIGHT if name != "jti"}}),
    ],
)
def test_the_practice_server_refuses_any_other(number: int, changes: dict) -> None:
    with pytest.raises(AssertionRefused) as caught:
        verified(**changes)
    assert caught.value.number == number


def test_an_assertion_works_once(sandbox: Sandbox) -> None:
    sandbox.world.register_certificate(pem_of(CERTIFICATE))
    known, info = sandbox.world.credentials, sandbox.info()
    address = f"{info['login_url']}/{known.tenant}/oauth2/v2.0/token"
    now = int(datetime.now(UTC).timestamp())
    claims = {"iss": known.client_id, "sub": known.client_id, "aud": address, "jti": "j"}
    print_ = base64.urlsafe_b64encode(CERTIFICATE.fingerprint(hashes.SHA256())).decode()
    assertion = jwt.encode(
        claims | {"nbf": now, "exp": now + 60},
        KEY,
        algorithm="PS256",
        headers={"x5t#S256": print_.rstrip("=")},
    )
    form = {
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
        "client_id": known.client_id,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    }
    assert "access_token" in fetch(address, form)
    assert "used before" in fetch(address, form)
