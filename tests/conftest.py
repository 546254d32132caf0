"""The world every test runs in: no screen, no keyring, only loopback, a home of its own."""

import ipaddress
import logging
import os
import socket
import sys

import hypothesis
import pytest

# How long one example takes says more about the machine's other work than about the program.
hypothesis.settings.register_profile("rollcall", deadline=None)
hypothesis.settings.load_profile("rollcall")

REAL_KEYRING = os.environ.get("ROLLCALL_TEST_KEYRING") == "1"

# Before anything of the program is imported, and inherited by the processes that tests start.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["LANG"] = os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("LANGUAGE", None)
if not REAL_KEYRING:
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
for name in list(os.environ):
    # A proxy would be asked for loopback, and a bundle of certificates beats the one a test gives.
    if name.lower().endswith("_proxy") or name in {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}:
        del os.environ[name]
    if name.startswith("ROLLCALL_") and name not in {"ROLLCALL_TEST_KEYRING", "ROLLCALL_HISTORIES"}:
        del os.environ[name]


def _is_loopback(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guard_network(event: str, arguments: tuple) -> None:
    """An audit hook: a machine without network, seen from any thread."""
    if event == "socket.getaddrinfo" and not _is_loopback(arguments[0]):
        raise socket.gaierror(socket.EAI_NONAME, "tests have no network but loopback")
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
        if not _is_loopback(host):
            raise OSError(f"tests have no network but loopback: {host}")


sys.addaudithook(_guard_network)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a real keyring run where one was prepared for them, see packaging/checks.py."""
    if not REAL_KEYRING:
        skip = pytest.mark.skip(reason="no Secret Service prepared")
        for item in items:
            if "keyring" in item.keywords:
                item.add_marker(skip)


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    """Nothing a test does can reach the profiles and the state of the person who runs it."""
    monkeypatch.setenv("ROLLCALL_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def _no_unexpected_errors(caplog):
    """An error in the log that the test did not ask for fails it; `caplog.clear()` accepts it."""
    yield
    errors = [
        record.getMessage()
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.ERROR
    ]
    if errors:
        pytest.fail("errors in the log: " + "; ".join(errors), pytrace=False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What a worker covered is written before it ends: one with a thread left is killed."""
    if hasattr(session.config, "workerinput") and "coverage" in sys.modules:
        measuring = sys.modules["coverage"].Coverage.current()
        if measuring is not None:
            measuring.save()
