"""A loopback HTTP server that does what a test says, wire faults included, and a stop to watch."""

import asyncio
import json
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, parse_qsl, urlsplit

from app.connectors.http import Patience
from app.domain.errors import SecretMissing


@dataclass
class Seen:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def raw_query(self) -> str:
        return urlsplit(self.target).query

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def json(self):
        return json.loads(self.body)


@dataclass
class Reply:
    """An answer; `body` is bytes, or anything that becomes JSON, or None."""

    status: int = 200
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)


class Drop:
    """Hang up after the request was read (and whatever the test did with it)."""


class LoopbackServer:
    """`answer` decides about each request; `seen` has them all."""

    def __init__(self, answer: Callable[[Seen], Reply | Drop]) -> None:
        self.answer = answer
        self.seen: list[Seen] = []
        self.url = ""

    def count(self, method: str, end: str) -> int:
        return sum(1 for one in self.seen if one.method == method and one.path.endswith(end))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        first = await reader.readexactly(1)
        if first == b"\x16":
            writer.write(b"HTTP/1.1 400 This is not TLS\r\n\r\n")
            return False
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        written = dict(line.split(": ", 1) for line in head[1:] if line)
        headers = {name.lower(): value for name, value in written.items()}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        now = asyncio.get_running_loop().time()
        seen = Seen(method, target, headers, body, now)
        self.seen.append(seen)
        reply = self.answer(seen)
        if isinstance(reply, Drop):
            return False
        content = reply.body
        if content is None:
            content = b""
        elif not isinstance(content, bytes):
            content = json.dumps(content).encode()
        lines = {"content-length": str(len(content)), **reply.headers}
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"HTTP/1.1 {reply.status} X\r\n{text}\r\n".encode() + content)
        await writer.drain()
        return True


@asynccontextmanager
async def serving(answer: Callable[[Seen], Reply | Drop], tls=None):
    """The server, listening."""
    loopback = LoopbackServer(answer)
    server = await asyncio.start_server(loopback._serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    loopback.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    try:
        yield loopback
    finally:
        server.close()
        # Let the handlers see the closed connections before the loop ends.
        await asyncio.sleep(0.02)


class Waits:
    """A stop signal that notes every wait and lets it pass at once."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self.waits: list[float] = []
        self.stop_after: int | None = None

    def is_set(self) -> bool:
        return self.event.is_set()

    async def wait(self, seconds: float) -> bool:
        if seconds >= 3600:
            await self.event.wait()
            return True
        self.waits.append(seconds)
        if self.stop_after is not None and len(self.waits) > self.stop_after:
            self.event.set()
        await asyncio.sleep(0)
        return self.is_set()


SECRETS = {
    "source.client_secret": "s3cret~client/+val",
    "target.password": 'p4ss "wörd"&=',
    "target.token": "pat-0123456789",
}


def secrets(name: str) -> str:
    if name not in SECRETS:
        raise SecretMissing(name)
    return SECRETS[name]


PATIENT = Patience(tries=4, seconds=60.0, first_wait=1.0, longest_wait=4.0, throttled_seconds=60.0)
