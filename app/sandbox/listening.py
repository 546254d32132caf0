"""The uvicorn side: a server on a thread of its own, with a network that can be cut."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.domain.errors import ConfigurationError
from app.domain.texts import Text

START_SECONDS = 10.0
STOP_SECONDS = 5.0
_DOOR = b" /practice/"


class Listener:
    """Serves an application on loopback until stopped.

    `cut` is asked before anything is read from a connection; while it is true connections are
    reset, except those to the door for tests, which must be able to mend the network.
    """

    def __init__(self, host: str, port: int, cut: Callable[[], bool]) -> None:
        self._host = host
        self._cut = cut
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._open: set[asyncio.Transport] = set()

    @property
    def port(self) -> int:
        """The port listened on; before `start` the one asked for."""
        return self._port

    def start(self, application: ASGIApp) -> None:
        """Listen and serve. Raises `ConfigurationError` when the port cannot be had."""
        listener = self._bind()
        self._port = listener.getsockname()[1]
        config = uvicorn.Config(
            application,
            http=_cutting(self._cut, self._open),
            ws="none",
            loop="asyncio",
            lifespan="off",
            access_log=False,
            log_config=None,
            log_level="error",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._thread = threading.Thread(
            target=_serve, args=(self._server, listener), name="sandbox", daemon=True
        )
        self._thread.start()
        if not self._server.listening.wait(START_SECONDS):
            self.stop()
            raise ConfigurationError("The practice servers did not start", "Try again")

    def break_off(self) -> None:
        """Reset every open connection, so that nothing under way is answered; on its own loop."""
        for transport in list(self._open):
            transport.abort()

    def stop(self) -> None:
        """End within two seconds; a second call does nothing."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(STOP_SECONDS)
            self._server = self._thread = None

    def _bind(self) -> socket.socket:
        try:
            listener = socket.create_server((self._host, self._port), backlog=512)
        except (OSError, OverflowError) as error:
            cause = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise ConfigurationError(
                Text(
                    "The port {port} cannot be used: {cause}",
                    {"port": self._port, "cause": cause},
                ),
                "Choose another one with --port, or leave it out",
                key="port",
            ) from None
        # Handed down to every connection. asyncio leaves it out for a socket made this way, and
        # each answer would then wait 40 ms for the client's acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


def _serve(server: _Server, listener: socket.socket) -> None:
    try:
        asyncio.run(server.serve(sockets=[listener]))
    finally:
        listener.close()


def _cutting(cut: Callable[[], bool], open_ones: set[asyncio.Transport]) -> type[H11Protocol]:
    class CuttingProtocol(H11Protocol):
        """Resets the connection when a request comes in while the network is down."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            open_ones.add(transport)
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            open_ones.discard(self.transport)
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if cut() and _DOOR not in data.partition(b"\r\n")[0]:
                self.transport.abort()
                return
            super().data_received(data)

    return CuttingProtocol
