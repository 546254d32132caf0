"""One HTTP client for one connector: counted, patient, stoppable.

What happens to a request:

- 429 is waited out, as long as `Retry-After` says, else with growing random waits.
- 500, 502, 503, 504 and broken connections are tried again a few times when the request may be
  repeated. One that may not be is repeated only if it never left this computer; otherwise the
  caller gets the 5xx answer or `AnswerLost`, and must look before it writes again.
- Every wait ends at once when the stop is asked for. A request in flight is never cancelled:
  that wears out httpx's pool, and what it asked for may be done already.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import SystemRandom
from urllib.parse import quote_plus

import httpx

from app.connectors import errors
from app.connectors.pacing import Pacer, Unpaced
from app.connectors.transport import address_of, open_client, proxy_of, skew_of, tls_of
from app.connectors.unreachable import permanent
from app.connectors.wire import Answer, Call, JsonObject, host_of
from app.domain.errors import ConfigurationError, Service, Stopped
from app.domain.network import Reached
from app.domain.ports import StopSignal
from app.domain.settings import NetworkSettings
from app.domain.texts import Text

_log = logging.getLogger(__name__)

_LARGEST_ANSWER = 64 * 1024 * 1024
_FAULTS = frozenset({500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one request is tried. Seconds; `throttled_seconds` bounds the waits after 429."""

    tries: int = 5
    seconds: float = 60.0
    first_wait: float = 1.0
    longest_wait: float = 20.0
    throttled_seconds: float = 600.0


USUAL = Patience()

ONCE = Patience(tries=1, throttled_seconds=0.0)
"""For the connection test: say at once what is wrong."""


class Counts:
    """`RequestCounts`: every request that left, every 429 that came back."""

    def __init__(self) -> None:
        self.requests = 0
        self.throttled = 0


class ServiceClient:
    """Sends calls to one service. Belongs to one event loop; `close` ends it."""

    def __init__(
        self,
        service: Service,
        stop: StopSignal,
        *,
        patience: Patience,
        pacer: Pacer | None = None,
        random: Callable[[], float] | None = None,
        network: NetworkSettings | None = None,
    ) -> None:
        self.service = service
        self.counts = Counts()
        self._stop = stop
        self._patience = patience
        self._pacer = pacer or Unpaced()
        self._random = random or SystemRandom().random
        self._hidden: list[bytes] = []
        self._contact = Reached("", 0.0)
        """What the newest answer showed of the way it took."""
        self._warned = False
        self._network = network or NetworkSettings()
        self._client = open_client(self._network)

    def hide(self, secret: str) -> None:
        """Blacken this value wherever a refusal echoes it."""
        forms = (secret, json.dumps(secret)[1:-1], quote_plus(secret))
        self._hidden.extend({form.encode() for form in forms if form} - set(self._hidden))

    def object_of(self, answer: Answer) -> JsonObject:
        """The body, which must be an object. Raises `BrokenContract`."""
        try:
            value = answer.json()
        except ValueError:
            raise errors.not_json(self.service, answer) from None
        if not isinstance(value, dict):
            raise errors.not_json(self.service, answer)
        return value

    async def send(self, call: Call, patience: Patience | None = None) -> Answer:
        """The answer, whatever its status, after the waits described above.

        Raises `Stopped`, `Unreachable`, `AnswerLost`, `ServiceFaulty`, `BrokenContract`.
        """
        attempt = Attempt(patience or self._patience, self._random)
        wait: float | None
        while True:
            await self._before_sending()
            try:
                answer = await self._exchange(call)
            except httpx.TransportError as error:
                wait = self._after_failure(call, error, attempt)
            else:
                if answer.status == 429:
                    self.counts.throttled += 1
                    wait = attempt.wait_throttled(answer.retry_after)
                    if wait is None:
                        raise errors.throttled(self.service, answer)
                elif answer.status in _FAULTS and call.repeatable:
                    wait = attempt.wait_after_fault(answer.retry_after)
                    if wait is None:
                        raise errors.faulty(self.service, answer)
                else:
                    return answer
            await self.pause(wait)

    async def reach(self, *urls: str) -> list[Reached]:
        """One try each, without a token; any answer will do. Raises as `send` does."""
        found: list[Reached] = []
        for url in urls:
            started = asyncio.get_running_loop().time()
            await self.send(Call("GET", url), ONCE)
            seconds = asyncio.get_running_loop().time() - started
            found.append(
                replace(
                    self._contact,
                    host=host_of(url),
                    seconds=seconds,
                    proxy=proxy_of(url, self._network),
                )
            )
        return found

    def attempt(self) -> Attempt:
        """The waits of something that is tried again in a way of its own."""
        return Attempt(self._patience, self._random)

    async def pause(self, seconds: float) -> None:
        """Wait. Raises `Stopped` when the stop is asked for meanwhile."""
        if await self._stop.wait(seconds):
            raise Stopped

    async def close(self) -> None:
        """End all connections."""
        await self._client.aclose()

    async def _before_sending(self) -> None:
        if self._stop.is_set():
            raise Stopped
        await self._pacer.turn()

    def _after_failure(self, call: Call, error: httpx.TransportError, attempt: Attempt) -> float:
        """Seconds to wait before the next try, or the domain error."""
        _log.debug("%s %s: %s", call.method, call.host, type(error).__name__)
        if not (call.repeatable or _never_left(error)):
            raise errors.answer_lost(self.service, call.host) from None
        wait = None if permanent(error) else attempt.wait_after_fault(None)
        if wait is None:
            # Not chained: the httpx error holds the request with its token.
            proxy = proxy_of(call.url, self._network)
            raise errors.unreachable(self.service, call.host, error, proxy) from None
        return wait

    async def _exchange(self, call: Call) -> Answer:
        try:
            request = self._client.build_request(
                call.method,
                call.url,
                headers=dict(call.headers),
                json=call.body,
                data=call.form,
                content=call.content,
            )
        except (httpx.InvalidURL, UnicodeError):
            raise ConfigurationError(
                Text("{url} is not a usable address.", {"url": call.url.partition("?")[0]}),
                "Correct the address in the profile.",
            ) from None
        self.counts.requests += 1
        response = await self._client.send(request, stream=True)
        self._look_at(response)
        try:
            content = await self._read(response, call.host)
        except httpx.DecodingError:
            raise errors.broken(
                self.service, call.host, "the body cannot be decompressed."
            ) from None
        finally:
            await response.aclose()
        _log.debug(
            "%s %s %s: %d, request id %s",
            call.method,
            call.host,
            call.url.partition("?")[0].partition(call.host)[2],
            response.status_code,
            response.headers.get("request-id", "-"),
        )
        if response.status_code >= 400:
            content = self._blacken(content)
        return Answer(
            response.status_code,
            {name.lower(): value for name, value in response.headers.items()},
            content,
            call.host,
        )

    def _look_at(self, response: httpx.Response) -> None:
        self._contact = Reached("", 0.0, address_of(response), tls_of(response), skew_of(response))
        if self._contact.clock_is_wrong and not self._warned:
            self._warned = True
            _log.warning(
                "this computer's clock differs by %d seconds from %s",
                self._contact.skew or 0,
                response.url.host,
            )

    async def _read(self, response: httpx.Response, host: str) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for part in response.aiter_bytes():
            size += len(part)
            if size > _LARGEST_ANSWER:
                raise errors.broken(self.service, host, "the body is larger than 64 MB.")
            parts.append(part)
        return b"".join(parts)

    def _blacken(self, content: bytes) -> bytes:
        for secret in self._hidden:
            content = content.replace(secret, b"***")
        return content


class Attempt:
    """The waits of one request: how many were spent, and how long the next may be."""

    def __init__(self, patience: Patience, random: Callable[[], float]) -> None:
        self._patience = patience
        self._random = random
        self._started = asyncio.get_running_loop().time()
        self._failures = 0
        self._throttles = 0
        self._throttled_for = 0.0

    def wait_after_fault(self, asked: float | None) -> float | None:
        """Seconds until the next try; None when patience is at its end."""
        self._failures += 1
        wait = asked if asked is not None else self._jittered(self._failures)
        spent = asyncio.get_running_loop().time() - self._started - self._throttled_for
        if self._failures >= self._patience.tries or spent + wait > self._patience.seconds:
            return None
        return wait

    def wait_throttled(self, asked: float | None) -> float | None:
        """Seconds until the next try; None when patience is at its end."""
        self._throttles += 1
        wait = asked if asked is not None else self._jittered(self._throttles)
        if self._throttled_for + wait > self._patience.throttled_seconds:
            return None
        self._throttled_for += wait
        return wait

    def _jittered(self, nth: int) -> float:
        """Exponential back-off with full jitter, never quite zero."""
        ceiling = min(
            self._patience.longest_wait, self._patience.first_wait * 2.0 ** min(nth - 1, 30)
        )
        return max(self._random(), 0.05) * ceiling


def _never_left(error: httpx.TransportError) -> bool:
    """True when nothing of the request can have reached the service."""
    return isinstance(
        error,
        (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.ProxyError,
            httpx.UnsupportedProtocol,
        ),
    )
