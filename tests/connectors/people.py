"""Somebody at a browser, and what a sign-in of a person needs around it."""

from __future__ import annotations

import asyncio
import re
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.domain.sign_in import DeviceCode, KeptSignIn
from app.domain.texts import Text


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def fetch(address: str, form: dict[str, str] | None = None, *, follow: bool = True) -> str:
    """A page, redirects followed; refusals are pages too. Else where the redirect goes."""
    handlers = [urllib.request.ProxyHandler({}), *([] if follow else [_Stay])]
    data = urlencode(form).encode() if form is not None else None
    try:
        with urllib.request.build_opener(*handlers).open(address, data, timeout=10) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.headers.get("location") or error.read().decode()


def press(address: str, decision: str = "allow", *, follow: bool = True) -> str:
    """Open a sign-in page and press a button; returns the last page, or where it would go."""
    content = fetch(address)
    action = re.search(r'action="([^"]+)"', content)
    assert action is not None, content
    fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', content)
    form = {unescape(name): unescape(text) for name, text in fields}
    return fetch(unescape(action[1]), form | {"decision": decision}, follow=follow)


def query_of(address: str) -> dict[str, str]:
    """The query of an address, one value a name."""
    return dict(parse_qsl(urlsplit(address).query))


@dataclass
class Person:
    """`SignInGuide`: does in another thread what `decision` says, "" leaves everything alone."""

    decision: str = "allow"
    addresses: list[str] = field(default_factory=list)
    codes: list[DeviceCode] = field(default_factory=list)
    pages: list[asyncio.Future] = field(default_factory=list)
    act: object = None

    async def show_address(self, address: str) -> None:
        self.addresses.append(address)
        if self.act is not None:
            self.pages.append(asyncio.ensure_future(asyncio.to_thread(self.act, address)))
        elif self.decision:
            work = asyncio.to_thread(press, address, self.decision)
            self.pages.append(asyncio.ensure_future(work))

    async def show_code(self, code: DeviceCode) -> None:
        self.codes.append(code)
        if self.decision:
            address = f"{code.address}?user_code={code.code}"
            work = asyncio.to_thread(press, address, self.decision)
            self.pages.append(asyncio.ensure_future(work))

    async def last_page(self) -> str:
        return await self.pages[-1]


class MemoryShelf:
    """A shelf in memory that notes everything; `on_save` looks at the world at that moment."""

    def __init__(self, kept: KeptSignIn | None = None) -> None:
        self.kept = kept
        self.saved: list[KeptSignIn] = []
        self.on_save = lambda: None
        self.turn = False
        self.waited = 0
        self.advice = Text("Press the button.")

    def load(self) -> KeptSignIn | None:
        return self.kept

    def save(self, refresh_token: str, client: str, user: str) -> None:
        self.on_save()
        self.kept = KeptSignIn(refresh_token, client, user, datetime(2026, 1, 1, tzinfo=UTC))
        self.saved.append(self.kept)

    def begin_turn(self) -> bool:
        if self.turn:
            self.waited += 1
            return False
        self.turn = True
        return True

    def end_turn(self) -> None:
        assert self.turn
        self.turn = False
