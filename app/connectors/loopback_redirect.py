"""The end of a sign-in in the browser: one answer, taken on 127.0.0.1 (RFC 8252).

The address is bound before the browser opens, on a port nobody else has. What does not carry the
`state` of this very sign-in is told so and changes nothing, so that no other page of the browser
can end the sign-in or smuggle in a code of its own. The first answer that carries it closes the
port.
"""

from __future__ import annotations

import asyncio
import hmac
import html
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app.domain.errors import ConfigurationError, Stopped
from app.domain.ports import StopSignal
from app.domain.texts import Text, Translator

_LARGEST_REQUEST = 16 * 1024
_SECONDS_TO_ASK = 10.0
_SECONDS_TO_END = 1.0
_DONE = Text("Rollcall has the answer. You can close this page.")
_DECLINED = Text("Nobody was signed in. You can close this page; Rollcall says what to do.")
_FOREIGN = Text("This does not belong to the sign-in that Rollcall is waiting for.")
_PAGE = """<!doctype html>
<html><head><meta charset="utf-8"><title>Rollcall</title>
<meta name="viewport" content="width=device-width">
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.1rem system-ui, sans-serif; margin: 20vh auto 0; }}
body {{ max-width: 34rem; padding: 0 1rem; }}
h1 {{ font-size: 1.1rem; font-weight: 600; opacity: .7; }}
</style></head>
<body><h1>Rollcall</h1><p>{words}</p></body></html>
"""


class NobodyAnswered(Exception):
    """The browser brought nothing back in time."""


class LoopbackRedirect:
    """Waits for the browser. `address` is what the service is asked to send it to."""

    def __init__(self, state: str, words: Translator) -> None:
        self._state = state
        self._words = words
        self._answer: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
        self._served: dict[asyncio.Task[Any], asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def address(self) -> str:
        """`http://localhost:PORT`, the spelling Microsoft takes with any port (graph.md 1.3)."""
        return f"http://localhost:{self.port}"

    async def open(self, port: int) -> None:
        """Listen; port 0 takes a free one. Raises `ConfigurationError` for one that is taken."""
        try:
            self._server = await asyncio.start_server(
                self._serve, "127.0.0.1", port, limit=_LARGEST_REQUEST
            )
        except (OSError, OverflowError) as error:
            raise ConfigurationError(
                Text(
                    "The port {port} cannot be used: {cause}",
                    {"port": port, "cause": getattr(error, "strerror", None) or str(error)},
                ),
                "Choose another one with --port, or leave it out.",
                key="port",
            ) from None
        self.port = self._server.sockets[0].getsockname()[1]

    async def wait(self, seconds: float, stop: StopSignal) -> Mapping[str, str]:
        """What the browser brought: `code`, or `error`. Raises `Stopped`, `NobodyAnswered`."""
        stopped = asyncio.ensure_future(stop.wait(seconds))
        waits: set[asyncio.Future[Any]] = {stopped, self._answer}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
        if self._answer.done():
            return self._answer.result()
        if stop.is_set():
            raise Stopped
        raise NobodyAnswered

    async def close(self) -> None:
        """Nobody is listened to any more, and nobody is left connected."""
        self._listen_no_more()
        for writer in self._served.values():
            writer.transport.abort()
        if self._served:
            await asyncio.wait(list(self._served), timeout=_SECONDS_TO_END)
        self._answer.cancel()

    def _listen_no_more(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._served[task] = writer
        try:
            async with asyncio.timeout(_SECONDS_TO_ASK):
                head = await reader.readuntil(b"\r\n\r\n")
                answer = self._read(head.decode("latin-1"))
                await self._reply(writer, head.decode("latin-1"), answer)
        except (
            TimeoutError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            ConnectionError,
        ):
            writer.transport.abort()
        finally:
            if task is not None:
                del self._served[task]
            writer.close()

    def _read(self, head: str) -> dict[str, str] | None:
        """The answer in a request, None when it is not the one waited for."""
        first, *lines = head.split("\r\n")
        method, _, rest = first.partition(" ")
        target = rest.rpartition(" ")[0]
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        # Another name in front of our address would be a page that rebinds its own.
        if headers.get("host") not in (f"localhost:{self.port}", f"127.0.0.1:{self.port}"):
            return None
        parts = urlsplit(target)
        found = dict(parse_qsl(parts.query, keep_blank_values=True))
        state = found.get("state", "")
        right = hmac.compare_digest(state.encode("utf-8", "replace"), self._state.encode())
        if method != "GET" or parts.path != "/" or not right:
            return None
        return found if found.get("code") or found.get("error") else None

    async def _reply(
        self, writer: asyncio.StreamWriter, head: str, answer: dict[str, str] | None
    ) -> None:
        """The page; the port is closed before the browser sees it."""
        taken = answer is not None and not self._answer.done()
        if taken:
            self._listen_no_more()
        words = _FOREIGN if not taken else _DECLINED if answer and "error" in answer else _DONE
        # Browsers ask for an icon by themselves.
        status = "200 OK" if taken else "404 Not Found" if "favicon" in head else "400 Bad Request"
        page = _PAGE.format(
            words=html.escape(self._words.render(words)),
        ).encode()
        lines = (
            f"HTTP/1.1 {status}",
            "Content-Type: text/html; charset=utf-8",
            f"Content-Length: {len(page)}",
            "Cache-Control: no-store",
            "Referrer-Policy: no-referrer",
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'",
            "Connection: close",
        )
        writer.write("\r\n".join((*lines, "", "")).encode() + page)
        try:
            await writer.drain()
        finally:
            if taken and answer is not None and not self._answer.done():
                self._answer.set_result(answer)


@asynccontextmanager
async def open_redirect(
    state: str, words: Translator, port: int = 0
) -> AsyncIterator[LoopbackRedirect]:
    """Listening on 127.0.0.1 while the block runs."""
    redirect = LoopbackRedirect(state, words)
    await redirect.open(port)
    try:
        yield redirect
    finally:
        await redirect.close()
