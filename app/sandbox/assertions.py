"""Client assertions: the certificate sign-in, verified as Microsoft documents it."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes

_ALGORITHMS = ("RS256", "PS256")
_LONGEST_LIFE = 24 * 3600
_SKEW = 300


class AssertionRefused(Exception):
    """The AADSTS number and its words."""

    def __init__(self, number: int, words: str) -> None:
        super().__init__(words)
        self.number = number
        self.words = words


def verify(
    assertion: str,
    client_id: str,
    audiences: Collection[str],
    certificates: Mapping[str, str],
    now: datetime,
) -> str:
    """Its `jti`. Raises `AssertionRefused`. `certificates`: thumbprint to PEM, as registered."""
    try:
        header = jwt.get_unverified_header(assertion)
    except jwt.InvalidTokenError as error:
        raise AssertionRefused(50027, "The JWT is not valid") from error
    named = str(header.get("x5t#S256") or header.get("x5t"))
    # With or without padding: libraries differ, Microsoft takes both.
    pem = certificates.get(named.rstrip("="))
    if pem is None or header.get("alg") not in _ALGORITHMS:
        raise AssertionRefused(700027, "The certificate of the assertion is not registered")
    certificate = x509.load_pem_x509_certificate(pem.encode())
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        raise AssertionRefused(700027, "The certificate of the assertion has expired")
    claims = _claims(assertion, str(header["alg"]), certificate)
    if claims["iss"] != client_id or claims["sub"] != client_id:
        raise AssertionRefused(700021, "The assertion is for another application")
    if claims["aud"] not in audiences:
        raise AssertionRefused(700023, "The assertion is for another audience")
    moment, ends = now.timestamp(), float(claims["exp"])
    begins = float(claims.get("nbf", claims.get("iat", moment)))
    if not begins - _SKEW <= moment < ends or ends - moment > _LONGEST_LIFE:
        raise AssertionRefused(700024, "The assertion is not within its valid time range")
    return str(claims["jti"])


def _claims(assertion: str, algorithm: str, certificate: x509.Certificate) -> dict[str, Any]:
    """What is signed; time and audience are looked at by `verify`, in the world's own time."""
    try:
        claims: dict[str, Any] = jwt.decode(
            assertion,
            certificate.public_key(),  # type: ignore[arg-type]
            algorithms=[algorithm],
            options={
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_aud": False,
                "require": ["aud", "exp", "iss", "jti", "sub"],
            },
        )
    except jwt.InvalidTokenError as error:
        raise AssertionRefused(700027, "The assertion has an invalid signature") from error
    return claims


def thumbprints(pem: str) -> dict[str, str]:
    """The names a certificate goes by in a header, each to its PEM. Raises `ValueError`."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    prints = (certificate.fingerprint(kind()) for kind in (hashes.SHA1, hashes.SHA256))
    return {base64.urlsafe_b64encode(one).decode().rstrip("="): pem for one in prints}
