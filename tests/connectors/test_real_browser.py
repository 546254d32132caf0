"""A person signs in with a real Chromium: the practice pages, the redirect, the closing page."""

import asyncio

import pytest
from people import MemoryShelf, Person
from real_browser import CHROMIUM, DRIVER, real_browser
from test_goto_person import cycle as goto_cycle
from test_goto_person import settings_of as goto_settings
from test_goto_person import sign_in as goto_sign_in
from test_microsoft_person import cycle, settings_of, sign_in

from app.domain.errors import SignInNeeded
from app.domain.settings import SourceSignIn
from app.sandbox.server import Sandbox

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium and chromedriver here"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with real_browser(tmp_path_factory.mktemp("profile")) as made:
        yield made


@pytest.fixture
def sandbox():
    with Sandbox(users=3) as running:
        running.world.faults.device_interval = 1
        running.world.faults.rotate_refresh_tokens = True
        yield running


def pressing(browser, button="#allow", words="You can close this page"):
    def act(address: str) -> str:
        browser.open(address)
        browser.click(button)
        browser.wait_for(words)
        return browser.text

    return act


def test_microsoft_in_a_real_browser(sandbox, browser) -> None:
    settings, shelf, pages = settings_of(sandbox), MemoryShelf(), []
    act = pressing(browser)
    person = Person(act=lambda address: pages.append(act(address)))
    assert sign_in(settings, shelf, person) == "admin@haldenroux.example"
    assert pages == ["Rollcall\n\nRollcall has the answer. You can close this page."]
    assert browser.title == "Rollcall"
    assert cycle(settings, shelf) == 3599


def test_goto_in_a_real_browser(sandbox, browser) -> None:
    settings, shelf = goto_settings(sandbox), MemoryShelf()
    goto_sign_in(settings, shelf, Person(act=pressing(browser)))
    assert goto_cycle(settings, shelf, times=2)
    assert len({one.refresh_token for one in shelf.saved}) == 3


def test_declined_in_a_real_browser(sandbox, browser) -> None:
    act = pressing(browser, "#decline", "Nobody was signed in")
    with pytest.raises(SignInNeeded, match="declined"):
        sign_in(settings_of(sandbox), MemoryShelf(), Person(act=act))


def test_a_code_entered_in_a_real_browser(sandbox, browser) -> None:
    class Typing(Person):
        async def show_code(self, code):
            def enter() -> None:
                browser.open(code.address)
                browser.type("#user_code", code.code)
                browser.click("#go")
                browser.click("#allow")
                browser.wait_for("You have signed in")

            self.pages.append(asyncio.ensure_future(asyncio.to_thread(enter)))

    shelf = MemoryShelf()
    settings = settings_of(sandbox, SourceSignIn.DEVICE_CODE)
    assert sign_in(settings, shelf, Typing(""))
    assert cycle(settings, shelf) == 3599
