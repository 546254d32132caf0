"""No answer: which of name, connection, proxy or TLS failed, in a sentence with what to do."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import TypeAlias

import httpx

from app.domain.network import Stage
from app.domain.texts import Text

_Sentence: TypeAlias = tuple[Stage, Text, Text]

_EXPIRED, _NOT_YET_VALID = 10, 9
_OTHER_NAMES = frozenset({62, 64})
"""Of `verify_code` (OpenSSL's X509_V_ERR_…): times, and a name or address that does not fit."""


def permanent(error: httpx.TransportError) -> bool:
    """True when trying again at once cannot help: a certificate that is not trusted."""
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error))


def failure(host: str, error: httpx.TransportError, proxy: str | None) -> _Sentence:
    """How far it got, what happened, what to do. `proxy`: host of the one on the way."""
    causes = list(_causes(error))
    untrusted = next((one for one in causes if isinstance(one, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        return _certificate(host, untrusted)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return (
            Stage.TLS,
            Text("No secure connection (TLS) to {host} could be made.", {"host": host}),
            Text(
                "Check that the address speaks https with TLS 1.2 or newer, and any proxy or"
                " firewall on the way."
            ),
        )
    if isinstance(error, httpx.ProxyError):
        return (
            Stage.CONNECTION,
            Text("The proxy on the way to {host} refused the connection.", {"host": host}),
            Text("Check the proxy settings of this computer and what the proxy allows."),
        )
    if proxy is not None and isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return _proxy(host, proxy, causes)
    return _connection(host, error, causes)


def _certificate(host: str, error: ssl.SSLCertVerificationError) -> _Sentence:
    where = {"host": host}
    if error.verify_code in (_EXPIRED, _NOT_YET_VALID):
        return (
            Stage.TLS,
            Text("The certificate of {host} has expired or is not valid yet.", where),
            Text(
                "Check date and time of this computer. If they are right, the service or the"
                " proxy on the way has to renew its certificate."
            ),
        )
    if error.verify_code in _OTHER_NAMES:
        return (
            Stage.TLS,
            Text("The certificate that {host} shows is for another name.", where),
            Text(
                "Check the address in the profile. If it is right, something on the way answers"
                " in its place: ask who runs the proxy or firewall."
            ),
        )
    return (
        Stage.TLS,
        Text("The certificate of {host} is not trusted by this computer.", where),
        Text(
            "If a company proxy inspects traffic, install its root certificate in the system's"
            " certificate store, or name its PEM file as network.ca_file in the profile. Check"
            " the computer's date too."
        ),
    )


def _proxy(host: str, proxy: str, causes: list[BaseException]) -> _Sentence:
    values = {"host": host, "proxy": proxy}
    advice = Text(
        "Check network.proxy in the profile, or the proxy settings of this computer"
        " (HTTPS_PROXY, NO_PROXY)."
    )
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        said = Text("The name of the proxy {proxy} on the way to {host} was not found.", values)
        return Stage.NAME, said, advice
    said = Text("The proxy {proxy} on the way to {host} cannot be reached.", values)
    return Stage.CONNECTION, said, advice


def _connection(host: str, error: httpx.TransportError, causes: list[BaseException]) -> _Sentence:
    where = {"host": host}
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return (
            Stage.NAME,
            Text("The name of {host} could not be resolved.", where),
            Text("Check the address for a typing error, and the network and its name server."),
        )
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return (
            Stage.CONNECTION,
            Text("{host} refused the connection.", where),
            Text("Check the address and port, and whether a firewall blocks it."),
        )
    if isinstance(error, httpx.TimeoutException):
        return (
            Stage.CONNECTION,
            Text("{host} did not answer in time.", where),
            Text("Check the network and the service's status page, then try again."),
        )
    if isinstance(error, httpx.ConnectError):
        return (
            Stage.CONNECTION,
            Text("No connection to {host} could be made.", where),
            Text("Check the network, the address and any proxy or firewall on the way."),
        )
    return (
        Stage.CONNECTION,
        Text("The connection to {host} broke off.", where),
        Text("Check the network and try again."),
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything behind it; connecting to several addresses gives groups."""
    seen: set[int] = set()
    queue: list[BaseException] = [error]
    while queue:
        current = queue.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            queue.extend(current.exceptions)
        queue.extend(link for link in (current.__cause__, current.__context__) if link)
