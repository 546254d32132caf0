"""The certificate Rollcall signs in with at Microsoft: the secret `source.certificate`, read.

Two forms are taken: PEM, the certificate and its private key one after the other in any order, as
openssl writes them; and a PFX file in base64, for Windows, where a certificate is exported as one.
The key must not be protected by a password: the keyring protects it.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12

from app.domain.errors import ConfigurationError
from app.domain.texts import Text

_BLOCK = re.compile(
    r"-----BEGIN (?P<label>[A-Z0-9 ]+)-----(?P<body>[^-]+)-----END (?P=label)-----", re.ASCII
)
_KEY = "source.certificate"


@dataclass(frozen=True, slots=True)
class SigningCertificate:
    """Key and certificate as PEM, the thumbprint as Entra shows it, and the day it ends."""

    private_key: str = field(repr=False)
    public: str = field(repr=False)
    thumbprint: str
    name: str
    ends_at: datetime


def read_certificate(secret: str) -> SigningCertificate:
    """From the secret. Raises `ConfigurationError` that says what is wrong with it."""
    try:
        key, certificate = _from_pem(secret) if "-----BEGIN" in secret else _from_pfx(secret)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _unusable(Text("It cannot be read.")) from None
    if not isinstance(key, RSAPrivateKey):
        raise _unusable(Text("Microsoft takes RSA keys only."))
    if key.public_key() != certificate.public_key():
        raise _unusable(Text("Its private key belongs to another certificate."))
    return SigningCertificate(
        private_key=key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode("ascii"),
        public=certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"),
        thumbprint=certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303 - as Entra shows it
        name=certificate.subject.rfc4514_string(),
        ends_at=certificate.not_valid_after_utc.astimezone(UTC),
    )


def _from_pem(secret: str) -> tuple[object, x509.Certificate]:
    """The first key and the first certificate that fits it, else the first.

    A field for one line makes blanks of the line ends, so only what is between them is read.
    """
    blocks = [(found["label"], found["body"]) for found in _BLOCK.finditer(secret)]
    if any("ENCRYPTED" in label or "ENCRYPTED" in body for label, body in blocks):
        raise _unusable(Text("Its private key is protected by a password."))
    keys = [body for label, body in blocks if label.endswith("PRIVATE KEY")]
    listed = [body for label, body in blocks if label == "CERTIFICATE"]
    if not keys or not listed:
        raise _unusable(Text("It needs both, the certificate and its private key."))
    key = serialization.load_der_private_key(_content(keys[0]), None)
    found = [x509.load_der_x509_certificate(_content(body)) for body in listed]
    fitting = (one for one in found if one.public_key() == key.public_key())
    return key, next(fitting, found[0])


def _content(body: str) -> bytes:
    return base64.b64decode("".join(body.split()), validate=True)


def _from_pfx(secret: str) -> tuple[object, x509.Certificate]:
    try:
        content = _content(secret)
    except binascii.Error:
        raise _unusable(Text("It is neither PEM nor a PFX file in base64.")) from None
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(content, None)
    except ValueError as error:
        if "password" in str(error).casefold():
            raise _unusable(Text("Its private key is protected by a password.")) from None
        raise
    if key is None or certificate is None:
        raise _unusable(Text("It needs both, the certificate and its private key."))
    return key, certificate


def _unusable(why: Text) -> ConfigurationError:
    return ConfigurationError(
        Text("The certificate cannot be used: {why}", {"why": why}),
        Text(
            "Store the certificate and its unprotected private key as PEM, or a PFX file without"
            " a password as base64: see `rollcall secret set --help`."
        ),
        key=_KEY,
    )
