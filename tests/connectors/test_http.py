import asyncio
import gzip
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from certificates import make
from loopback import PATIENT, Drop, Reply, Waits, serving

from app.connectors import errors
from app.connectors.http import Patience, ServiceClient
from app.connectors.pacing import SteadyPacer
from app.connectors.wire import Answer, Call
from app.domain.errors import BrokenContract, Service, ServiceFaulty, Stopped, Unreachable
from app.engine.stop import StopEvent


def run(main, answer, *, patience=PATIENT, stop_after=None, random=lambda: 1.0, tls=None):
    """`main(client, server, stop)` on a loop of its own."""

    async def inner():
        stop = Waits()
        stop.stop_after = stop_after
        async with serving(answer, tls) as server:
            client = ServiceClient(Service.TARGET, stop, patience=patience, random=random)
            try:
                return await main(client, server, stop)
            finally:
                await client.close()

    return asyncio.run(inner())


def replies(*list_):
    queue = list(list_)
    return lambda _: queue.pop(0) if len(queue) > 1 else queue[0]


async def get(client, server, stop):
    answer = await client.send(Call("GET", server.url))
    return answer, client.counts, stop.waits


def failing(kind, answer, **kwargs):
    """The error of one GET, how often it was sent, and the waits between."""

    async def main(client, server, stop):
        with pytest.raises(kind) as caught:
            await client.send(Call("GET", server.url))
        return caught.value, client.counts, stop.waits

    return run(main, answer, **kwargs)


def test_retry_after_is_obeyed_to_the_fraction():
    answer, counts, waits = run(
        get, replies(Reply(429, headers={"Retry-After": "2.5"}), Reply(200, {"a": 1}))
    )
    assert (answer.status, waits) == (200, [2.5])
    assert (counts.requests, counts.throttled) == (2, 1)


def test_retry_after_as_a_date_is_read_against_the_answers_own_date():
    now = datetime(2031, 5, 1, tzinfo=UTC)
    written = [f"{one:%a, %d %b %Y %H:%M:%S} GMT" for one in (now, now + timedelta(seconds=7))]
    headers = {"Date": written[0], "Retry-After": written[1]}
    assert run(get, replies(Reply(429, headers=headers), Reply()))[2] == [7.0]


@pytest.mark.parametrize("value", ["0", "-3", "soon", "nan", "inf", ""])
def test_a_useless_retry_after_means_back_off(value):
    assert run(get, replies(Reply(429, headers={"Retry-After": value}), Reply()))[2] == [1.0]


def test_without_retry_after_the_waits_grow_and_are_random():
    three = [Reply(429)] * 3
    assert run(get, replies(*three, Reply()))[2] == [1.0, 2.0, 4.0]
    assert run(get, replies(*three, Reply()), random=lambda: 0.5)[2] == [0.5, 1.0, 2.0]


def test_throttling_beyond_patience_is_an_error():
    error, counts, waits = failing(
        ServiceFaulty, replies(Reply(429, headers={"Retry-After": "25"}))
    )
    assert waits == [25.0, 25.0]
    assert counts.throttled == counts.requests == 3
    assert "HTTP 429" in str(error)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_faults_are_tried_again_then_said(status):
    answer, counts, waits = run(get, replies(Reply(status), Reply(status), Reply()))
    assert (answer.status, counts.requests, waits) == (200, 3, [1.0, 2.0])
    body = {"errorCode": "OOPS", "message": "Upstream is asleep"}
    headers = {"request-id": "r-77"}
    error, counts, waits = failing(ServiceFaulty, replies(Reply(status, body, headers)))
    assert counts.requests == PATIENT.tries
    assert error.request_id == "r-77"
    assert f"HTTP {status}" in str(error)
    assert "Upstream is asleep" in str(error)


def test_patience_also_ends_by_the_clock():
    patience = Patience(tries=50, seconds=5.0)
    _, counts, _ = failing(
        ServiceFaulty, replies(Reply(503, headers={"Retry-After": "6"})), patience=patience
    )
    assert counts.requests == 1


def test_a_broken_connection_is_tried_again_on_reads():
    answer, counts, _ = run(get, replies(Drop(), Drop(), Reply()))
    assert (answer.status, counts.requests) == (200, 3)
    error, counts, _ = failing(Unreachable, replies(Drop()))
    assert counts.requests == PATIENT.tries
    assert "broke off" in str(error)
    assert "127.0.0.1" in str(error)


def test_a_write_whose_answer_is_lost_is_not_repeated():
    async def main(client, server, stop):
        with pytest.raises(errors.AnswerLost):
            await client.send(Call("POST", server.url, body={}, repeatable=False))
        return len(server.seen)

    assert run(main, replies(Drop())) == 1


def test_a_write_answered_with_a_fault_comes_back_to_the_caller():
    async def main(client, server, stop):
        answer = await client.send(Call("POST", server.url, body={}, repeatable=False))
        return answer.status, len(server.seen)

    assert run(main, replies(Reply(503))) == (503, 1)


def test_a_write_that_never_left_may_be_repeated():
    async def main(client, server, stop):
        with pytest.raises(Unreachable) as caught:
            await client.send(Call("POST", "http://127.0.0.1:1/x", body={}, repeatable=False))
        return caught.value, client.counts.requests

    error, tries = run(main, replies(Reply()))
    assert tries == PATIENT.tries
    assert "127.0.0.1:1 refused the connection" in str(error)
    assert not isinstance(error, errors.AnswerLost)


def sentence_of(url, **kwargs):
    async def main(client, server, stop):
        with pytest.raises(Unreachable) as caught:
            await client.send(Call("GET", url or server.url))
        return str(caught.value), client.counts.requests

    return run(main, replies(Reply()), **kwargs)


def test_an_unknown_name_is_said():
    assert sentence_of("https://no-such-host.invalid/x")[0] == (
        "The name of no-such-host.invalid could not be resolved."
    )


def test_no_tls_where_tls_was_asked_for():
    async def main(client, server, stop):
        with pytest.raises(Unreachable) as caught:
            await client.send(Call("GET", server.url.replace("http:", "https:")))
        return str(caught.value)

    assert "No secure connection (TLS) to 127.0.0.1" in run(main, replies(Reply()))


def test_an_unknown_certificate_is_said_at_once(tmp_path):
    text, tries = sentence_of(None, tls=make(tmp_path)[0])
    assert "is not trusted" in text
    assert tries == 1


@pytest.mark.parametrize(
    "fault", [httpx.ReadTimeout("x"), httpx.ConnectTimeout("x"), httpx.WriteTimeout("x")]
)
def test_a_time_out_is_called_one(fault):
    error = errors.unreachable(Service.SOURCE, "graph.example", fault)
    assert str(error) == "graph.example did not answer in time."


def test_bodies_that_cannot_be_read_break_the_contract(monkeypatch):
    headers = {"content-encoding": "gzip"}
    error, counts, _ = failing(BrokenContract, replies(Reply(200, b"not gzip", headers)))
    assert counts.requests == 1
    monkeypatch.setattr("app.connectors.http._LARGEST_ANSWER", 1000)
    bomb = gzip.compress(b"0" * 100_000)
    error, _, _ = failing(BrokenContract, replies(Reply(200, bomb, headers)))
    assert "larger" in str(error)


def test_the_stop_ends_a_wait_and_forbids_the_next_request():
    async def main(client, server, stop):
        for _ in range(2):
            with pytest.raises(Stopped):
                await client.send(Call("GET", server.url))
        return len(server.seen)

    assert run(main, replies(Reply(503)), stop_after=1) == 2


def test_the_stop_does_not_cut_a_request_in_flight():
    async def main(client, server, stop):
        def answer(_):
            stop.event.set()
            return Reply(200, {"landed": True})

        server.answer = answer
        return (await client.send(Call("PUT", server.url, body={}))).json()

    assert run(main, replies(Reply())) == {"landed": True}


def test_echoed_secrets_are_blackened():
    secret = 'a"b/c+d é'

    async def main(client, server, stop):
        client.hide(secret)
        answers = [await client.send(Call("GET", server.url)) for _ in range(2)]
        return b"".join(answer.content for answer in answers)

    echo = replies(Reply(400, {"message": f"bad {secret}"}), Reply(400, secret.encode()))
    assert run(main, echo).count(b"***") == 2


def test_numbers_beyond_two_to_the_53_stay_exact():
    answer = Answer(200, {}, b'{"key": 9007199254740993123}', "h")
    assert answer.json_object()["key"] == 9007199254740993123


def test_paced_requests_stay_below_a_servers_sliding_second():
    rate, times = 20, []

    def answer(seen):
        recent = [one for one in times if seen.at - one < 1.0]
        if len(recent) >= rate:
            return Reply(429)
        times.append(seen.at)
        return Reply()

    async def inner():
        stop = StopEvent()
        async with serving(answer) as server:
            client = ServiceClient(
                Service.TARGET, stop, patience=PATIENT, pacer=SteadyPacer(rate, stop)
            )
            call = Call("GET", server.url)
            await asyncio.gather(*(client.send(call) for _ in range(45)))
            await client.close()
            return client.counts, server.seen[-1].at - server.seen[0].at

    counts, spent = asyncio.run(inner())
    assert counts.throttled <= 1
    assert 1.9 < spent < 6


def test_the_stop_reaches_those_who_wait_for_their_turn():
    async def inner():
        stop = StopEvent()
        pacer = SteadyPacer(0.1, stop)
        await pacer.turn()
        waiting = asyncio.ensure_future(pacer.turn())
        await asyncio.sleep(0.01)
        stop.set()
        with pytest.raises(Stopped):
            await asyncio.wait_for(waiting, 1)

    asyncio.run(inner())
