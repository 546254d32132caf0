"""The httpx client of one connector: certificates, proxy, limits in time and number."""

from __future__ import annotations

import ssl
import time
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
import truststore

from app import __version__
from app.domain.errors import ConfigurationError
from app.domain.settings import NetworkSettings
from app.domain.texts import Text

_CONNECTIONS = 10
"""httpx rescans its pool for every request: more than some 10 connections make it slower."""

_TIMEOUT = httpx.Timeout(connect=10.0, read=60.0, write=30.0, pool=None)
_OWN = frozenset({"127.0.0.1", "localhost", "::1"})
_LOOPBACK = ("all://127.0.0.1", "all://localhost", "all://[::1]")


def open_client(network: NetworkSettings) -> httpx.AsyncClient:
    """A client that trusts what this computer trusts and takes the way its network asks for.

    Without an explicit proxy the environment (HTTPS_PROXY, NO_PROXY) and the system decide.
    Raises `ConfigurationError` when the certificates cannot be read.
    """
    return httpx.AsyncClient(
        verify=trusted(network.ca_file),
        timeout=_TIMEOUT,
        limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
        proxy=network.proxy,
        # Loopback is never reached through a proxy, whatever the environment says.
        mounts=dict.fromkeys(_LOOPBACK),
        headers={"User-Agent": f"Rollcall/{__version__}", "Accept": "application/json"},
    )


def proxy_of(url: str, network: NetworkSettings) -> str | None:
    """Host of the proxy on the way to this address, as `open_client` takes it; None for none."""
    there = urlsplit(url)
    host = there.hostname or ""
    if host in _OWN:
        return None
    proxy = network.proxy
    if proxy is None and not proxy_bypass(host):
        found = getproxies()
        proxy = found.get(there.scheme) or found.get("all")
    return urlsplit(proxy).netloc.rpartition("@")[2] or None if proxy else None


def trusted(ca_file: str | None) -> ssl.SSLContext:
    """What this computer trusts, company certificates included, and the certificates given."""
    if ca_file is None:
        return _of_the_system()
    context = _new()
    try:
        pem = Path(ca_file).read_text(encoding="ascii", errors="strict")
        context.load_verify_locations(cadata=pem)
    except (OSError, ValueError) as error:
        cause = (
            error.strerror
            if isinstance(error, OSError) and error.strerror
            else Text("it holds no certificate in PEM form")
        )
        raise ConfigurationError(
            Text(
                "The certificates in {file} cannot be used: {cause}",
                {"file": ca_file, "cause": cause},
            ),
            "Give network.ca_file the path of a PEM file, or null to trust the system alone.",
            key="network.ca_file",
        ) from None
    return context


def address_of(response: httpx.Response) -> str | None:
    """Where the connection led, without the port."""
    stream = response.extensions.get("network_stream")
    found = stream.get_extra_info("server_addr") if stream is not None else None
    return str(found[0]) if found else None


def tls_of(response: httpx.Response) -> str | None:
    """The TLS version of the connection; None without TLS."""
    stream = response.extensions.get("network_stream")
    secured = stream.get_extra_info("ssl_object") if stream is not None else None
    return secured.version() if secured is not None else None


def skew_of(response: httpx.Response) -> float | None:
    """Seconds this computer's clock is ahead of the service's, to the second."""
    said = response.headers.get("date")
    if said is None:
        return None
    try:
        return time.time() - parsedate_to_datetime(said).timestamp()
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=1)
def _of_the_system() -> ssl.SSLContext:
    """Made once, it is slow."""
    return _new()


def _new() -> ssl.SSLContext:
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
