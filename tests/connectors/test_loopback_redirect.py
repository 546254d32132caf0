"""The end of a sign-in in the browser: one answer on 127.0.0.1, and nobody else's."""

import asyncio
import socket
from urllib.error import URLError

import pytest
from people import fetch

from app.connectors.loopback_redirect import NobodyAnswered, open_redirect
from app.domain.errors import ConfigurationError, Stopped
from app.domain.texts import English
from app.engine.stop import StopEvent
from app.host.language import GettextTranslator
from app.host.paths import resources

STATE = "right-state"


def run(main):
    return asyncio.run(main())


def ask(address: str, query: str) -> str:
    return fetch(f"{address}/?{query}")


async def raw(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


def test_the_answer_is_taken_once_and_the_port_is_closed() -> None:
    async def main():
        async with open_redirect(STATE, English()) as redirect:
            page = asyncio.to_thread(ask, redirect.address, f"code=c%2B1&state={STATE}&extra=x")
            page = asyncio.ensure_future(page)
            answer = await redirect.wait(5, StopEvent())
            with pytest.raises(URLError):
                await asyncio.to_thread(ask, redirect.address, f"code=c2&state={STATE}")
            return answer, await page

    answer, page = run(main)
    assert answer == {"code": "c+1", "state": STATE, "extra": "x"}
    assert "You can close this page" in page
    assert "c+1" not in page


def test_it_listens_on_127_0_0_1_alone() -> None:
    async def main():
        async with open_redirect(STATE, English()) as redirect:
            bound = redirect._server.sockets
            assert [one.getsockname()[0] for one in bound] == ["127.0.0.1"]
            assert redirect.address == f"http://localhost:{redirect.port}"

    run(main)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "code=evil",
        "code=evil&state=",
        "code=evil&state=wrong-state",
        f"state={STATE}",
        f"code=&state={STATE}",
        "error=access_denied",
        f"code=evil&state={STATE}x",
    ],
)
def test_what_is_not_of_this_sign_in_changes_nothing(query: str) -> None:
    async def main():
        async with open_redirect(STATE, English()) as redirect:
            page = await asyncio.to_thread(ask, redirect.address, query)
            assert "does not belong" in page
            right = asyncio.ensure_future(
                asyncio.to_thread(ask, redirect.address, f"code=good&state={STATE}")
            )
            answer = await redirect.wait(5, StopEvent())
            await right
            return answer

    assert run(main)["code"] == "good"


@pytest.mark.parametrize(
    "request_",
    [
        f"POST /?code=evil&state={STATE} HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
        f"GET /?code=evil&state={STATE} HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        f"GET /?code=evil&state={STATE} HTTP/1.1\r\n\r\n",
        f"GET /other?code=evil&state={STATE} HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
        "GET /favicon.ico HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
        "\r\n\r\n",
        "\xff\xfe\r\n\r\n",
        "GET / " + "x" * 20_000 + "\r\n\r\n",
    ],
)
def test_foreign_and_broken_requests_change_nothing(request_: str) -> None:
    async def main():
        async with open_redirect(STATE, English()) as redirect:
            sent = request_.replace("PORT", str(redirect.port)).encode("latin-1")
            try:
                answer = await raw(redirect.port, sent)
            except ConnectionError:
                answer = b""
            assert not answer.startswith(b"HTTP/1.1 200")
            with pytest.raises(NobodyAnswered):
                await redirect.wait(0.05, StopEvent())

    run(main)


def test_a_refusal_is_an_answer_too_and_the_page_speaks_french() -> None:
    async def main():
        words = GettextTranslator("fr", resources() / "translations")
        async with open_redirect(STATE, words) as redirect:
            page = asyncio.ensure_future(
                asyncio.to_thread(ask, redirect.address, f"error=access_denied&state={STATE}")
            )
            return await redirect.wait(5, StopEvent()), await page

    answer, page = run(main)
    assert answer["error"] == "access_denied"
    assert "fermer cette page" in page


def test_nobody_comes_and_somebody_stops() -> None:
    async def main():
        async with open_redirect(STATE, English()) as redirect:
            with pytest.raises(NobodyAnswered):
                await redirect.wait(0.05, StopEvent())
        async with open_redirect(STATE, English()) as redirect:
            stop = StopEvent()
            asyncio.get_running_loop().call_later(0.05, stop.set)
            with pytest.raises(Stopped):
                await redirect.wait(30, stop)
            port = redirect.port
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))

    run(main)


def test_somebody_who_only_connects_holds_nothing_up() -> None:
    async def main():
        async with open_redirect(STATE, English()) as redirect:
            _, idle = await asyncio.open_connection("127.0.0.1", redirect.port)
            right = asyncio.ensure_future(
                asyncio.to_thread(ask, redirect.address, f"code=good&state={STATE}")
            )
            answer = await redirect.wait(5, StopEvent())
            await right
        idle.close()
        return answer

    assert run(main)["code"] == "good"


def test_a_port_that_is_taken_is_named() -> None:
    async def main():
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(ConfigurationError, match=str(port)) as caught:
                async with open_redirect(STATE, English(), port):
                    pass
            assert caught.value.key == "port"
        async with open_redirect(STATE, English(), port) as redirect:
            assert redirect.port == port

    run(main)
