"""When the credential ends: which of several secrets counts, and what "not known" is."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from loopback import Waits

from app.connectors import open_source
from app.connectors.credentials import UNKNOWN, secret_of
from app.domain.settings import SourceSettings
from app.sandbox.server import Sandbox


def listed(hint: str | None, end: str, name: str = "x") -> dict[str, object]:
    return {"hint": hint, "endDateTime": end, "displayName": name}


def test_the_secret_in_use_counts_and_not_its_predecessor() -> None:
    body = {
        "passwordCredentials": [
            listed("old", "2030-01-01T00:00:00Z", "other"),
            listed("abc", "2026-01-01T00:00:00Z", "before"),
            listed("abc", "2027-01-01T00:00:00.1234567Z", "main"),
        ]
    }
    found = secret_of(body, "abcdef")
    assert found.name == "main"
    assert found.ends_at is not None
    assert found.ends_at.year == 2027
    assert secret_of(body, "zzz").name == "other"


@pytest.mark.parametrize(
    "body", [{}, {"passwordCredentials": None}, {"passwordCredentials": [listed("a", "soon")]}]
)
def test_what_cannot_be_read_is_not_known(body: dict) -> None:
    assert secret_of(body, "abc") == UNKNOWN


def test_the_practice_tenant_tells_and_a_refusal_means_not_known() -> None:
    with Sandbox(users=5) as sandbox:
        info = sandbox.info()
        source = info["profile"]["source"]
        settings = SourceSettings(
            tenant=source["tenant"],
            client_id=source["client_id"],
            service_principal=source["service_principal"],
            login_url=source["login_url"],
            graph_url=source["graph_url"],
        )

        async def ask(settings: SourceSettings):
            opened = open_source(settings, info["secrets"].__getitem__, Waits())
            try:
                return await opened.fetch_credential()
            finally:
                await opened.close()

        sandbox.world.set_secret_expiry(7)
        found = asyncio.run(ask(settings))
        assert found.name == "Practice secret"
        left = found.ends_at - datetime.now(UTC)
        assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
        sandbox.world.revoke_permission("Application.Read.All")
        assert asyncio.run(ask(settings)) == UNKNOWN
