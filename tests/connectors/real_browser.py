"""A real Chromium without a screen, driven over the WebDriver protocol as a person would use it."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One window."""

    def __init__(self, session: str) -> None:
        self._session = session

    def open(self, address: str) -> None:
        command("POST", f"{self._session}/url", {"url": address})

    @property
    def text(self) -> str:
        return self._script("return document.body ? document.body.innerText : ''")

    @property
    def title(self) -> str:
        return self._script("return document.title")

    def click(self, selector: str) -> None:
        command("POST", f"{self._session}/element/{self._find(selector)}/click", {})

    def type(self, selector: str, text: str) -> None:
        place = f"{self._session}/element/{self._find(selector)}/value"
        command("POST", place, {"text": text})

    def wait_for(self, words: str, seconds: float = 20.0) -> None:
        ends = time.monotonic() + seconds
        while words not in self.text:
            assert time.monotonic() < ends, self.text
            time.sleep(0.05)

    def has(self, selector: str) -> bool:
        return self._script(f"return !!document.querySelector({json.dumps(selector)})")

    def _find(self, selector: str) -> str:
        using = {"using": "css selector", "value": selector}
        return command("POST", f"{self._session}/element", using)[ELEMENT]

    def _script(self, script: str):
        return command("POST", f"{self._session}/execute/sync", {"script": script, "args": []})


def command(method: str, address: str, body: dict | None = None):
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(address, data, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(error.read().decode()) from None


@contextmanager
def real_browser(profile):
    """A browser with an empty profile in this folder."""
    driver = subprocess.Popen(
        [DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    session = None
    try:
        line = next(one for one in driver.stdout if "started successfully on port" in one)
        port = int(line.rpartition("port ")[2].strip().rstrip("."))
        options = {"binary": CHROMIUM, "args": [*FLAGS, f"--user-data-dir={profile}"]}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        made = command("POST", f"http://127.0.0.1:{port}/session", wanted)
        session = f"http://127.0.0.1:{port}/session/{made['sessionId']}"
        yield Browser(session)
    finally:
        if session is not None:
            command("DELETE", session)
        driver.terminate()
        driver.wait(10)
        driver.stdout.close()
