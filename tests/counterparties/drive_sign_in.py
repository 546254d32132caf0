"""Signs people in at oidc-provider with a real Chromium.

    python tests/counterparties/drive_sign_in.py FOLDER

FOLDER is where `npm install oidc-provider` was run; `oidc.mjs` is started there. PKCE, rotation,
reuse of a rotated token, revocation, renewals at once, and the device code: what this prints is
what was seen.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

sys.path[:0] = [
    str(Path(__file__).parents[1] / "connectors"),
    str(Path(__file__).parents[2]),
]

from people import MemoryShelf, Person  # noqa: E402 - found by the lines above
from real_browser import Browser, real_browser  # noqa: E402 - as above

from app.connectors.entra_person import EntraPerson  # noqa: E402 - as above
from app.connectors.entra_sign_in import DIRECTORY, EntraSignIn  # noqa: E402 - as above
from app.connectors.goto_person import GoToPerson  # noqa: E402 - as above
from app.connectors.goto_sign_in import RenewedSignIn  # noqa: E402 - as above
from app.connectors.http import USUAL, ServiceClient  # noqa: E402 - as above
from app.domain.errors import SecretMissing, Service, SignInNeeded  # noqa: E402 - as above
from app.domain.settings import (  # noqa: E402 - as above
    SourceSettings,
    SourceSignIn,
    TargetKind,
    TargetSettings,
    TargetSignIn,
)
from app.domain.sign_in import DeviceCode  # noqa: E402 - as above
from app.domain.texts import English  # noqa: E402 - as above
from app.engine.stop import StopEvent  # noqa: E402 - as above

TENANT = "t.example"
DONE = ("You can close this page", "Device code confirmed", "Sign-in Success", "signed in")


def no_secret(name: str) -> str:
    raise SecretMissing(name, key=name)


def walk(browser: Browser, address: str) -> None:
    """Log in and agree, page after page, as the service's own pages ask for it."""
    browser.open(address)
    for _ in range(20):
        if any(words in browser.text for words in DONE):
            return
        if browser.has("input[name=login]"):
            browser.type("input[name=login]", "admin@t.example")
            browser.type("input[name=password]", "any")
        if browser.has("button[type=submit]"):
            browser.click("button[type=submit]")
        else:
            time.sleep(0.2)
    raise AssertionError(browser.text)


class AtTheBrowser(Person):
    """Does what a person does, with Chromium."""

    def __init__(self, browser: Browser) -> None:
        super().__init__(act=lambda address: walk(browser, address))
        self.browser = browser

    async def show_code(self, code: DeviceCode) -> None:
        address = f"{code.address}?{urlencode({'user_code': code.code})}"
        work = asyncio.to_thread(walk, self.browser, address)
        self.pages.append(asyncio.ensure_future(work))


def revoke(base: str, client: str, token: str) -> None:
    form = urlencode({"token": token, "client_id": client}).encode()
    with urllib.request.urlopen(f"{base}/revoke", form, timeout=10) as answer:
        assert answer.status == 200


async def refused(obtain) -> str:
    try:
        await obtain()
    except SignInNeeded as error:
        return str(error)
    raise AssertionError("it was accepted")


async def goto(base: str, browser: Browser) -> None:
    """The GoTo side: its own OAuth, found by the metadata of the host."""
    settings = TargetSettings(
        TargetKind.GOTO_ADMIN,
        base,
        TargetSignIn.BROWSER,
        client_id="goto",
        token_url=f"{base}/{TENANT}/oauth2/v2.0/token",
    )
    http, shelf = ServiceClient(Service.TARGET, StopEvent(), patience=USUAL), MemoryShelf()
    person = AtTheBrowser(browser)
    try:
        sign_in = GoToPerson(settings, no_secret, http, shelf, person, English(), StopEvent())
        await sign_in.sign_in()
        await asyncio.gather(*person.pages)
        assert "/authorize?" in person.addresses[0]
        print("goto: signed in with PKCE, found by metadata")
        first = shelf.kept
        ways = [RenewedSignIn(settings, no_secret, http, shelf) for _ in range(4)]
        await asyncio.gather(*(one.obtain() for one in ways))
        assert len({one.refresh_token for one in shelf.saved}) == 5
        print("goto: four renewals at once, each with the token of the one before")
        newest = shelf.kept
        revoke(base, "goto", newest.refresh_token)
        print("goto: revoked ->", await refused(ways[0].obtain))
        # The reason why one process at a time may renew.
        obtain = RenewedSignIn(settings, no_secret, http, MemoryShelf(first)).obtain
        print("goto: the rotated token ->", await refused(obtain))
    finally:
        await http.close()


async def entra(base: str, browser: Browser, way: SourceSignIn) -> None:
    """The Microsoft side: msal's authorization code, device code and refresh."""
    settings = SourceSettings(TENANT, "entra", "sp", way, login_url=base, graph_url=base)
    http, shelf = ServiceClient(Service.SOURCE, StopEvent(), patience=USUAL), MemoryShelf()
    person = AtTheBrowser(browser)
    try:
        sign_in = EntraPerson(
            settings, http, shelf, person, English(), StopEvent(), DIRECTORY
        ).sign_in()
        print(f"entra, {way.value}: signed in as", await sign_in or "(not told)")
        await asyncio.gather(*person.pages)
        renewing = EntraSignIn(settings, no_secret, http, shelf)
        for _ in range(3):
            await renewing.obtain()
        assert len({one.refresh_token for one in shelf.saved}) == 4
        print(f"entra, {way.value}: three renewals, rotated each time")
        revoke(base, "entra", shelf.kept.refresh_token)
        print(f"entra, {way.value}: revoked ->", await refused(renewing.obtain))
    finally:
        await http.close()


@contextmanager
def provider(folder: str) -> Iterator[str]:
    """Its address, while it runs."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    script = Path(__file__).with_name("oidc.mjs").resolve()
    words = ["node", str(script), str(port)]
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert any("listening" in line for line in server.stdout)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def main() -> None:
    with (
        provider(sys.argv[1]) as base,
        tempfile.TemporaryDirectory() as folder,
        real_browser(folder) as browser,
    ):
        asyncio.run(goto(base, browser))
        asyncio.run(entra(base, browser, SourceSignIn.BROWSER))
        asyncio.run(entra(base, browser, SourceSignIn.DEVICE_CODE))
    print("all as expected")


main()
