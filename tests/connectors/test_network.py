"""The way to a service: proxies, certificates, TLS versions, clocks."""

import asyncio
import logging
import socket
import ssl
from contextlib import asynccontextmanager

import httpx
import pytest
from certificates import HOST, make
from loopback import PATIENT, Drop, Reply, Waits, serving

from app.connectors import transport
from app.connectors.http import ServiceClient
from app.connectors.wire import Call
from app.domain.errors import ConfigurationError, Service, Unreachable
from app.domain.network import Stage
from app.domain.settings import NetworkSettings


class Proxy:
    """A forward proxy that only knows CONNECT, and leads everywhere to one place."""

    def __init__(self, port: int, status: int) -> None:
        self.asked: list[str] = []
        self._port = port
        self._status = status

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head.split(" ")[1])
        writer.write(f"HTTP/1.1 {self._status} X\r\n\r\n".encode())
        if self._status == 200:
            onwards, answers = await asyncio.open_connection("127.0.0.1", self._port)
            await asyncio.gather(_pour(reader, answers), _pour(onwards, writer))
            answers.close()
        writer.close()


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
        sink.write_eof()
    except ConnectionError:
        pass


@asynccontextmanager
async def proxying(server, status=200):
    proxy = Proxy(int(server.url.rpartition(":")[2]), status)
    listener = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    try:
        yield proxy, f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()
        # Let the handlers see the closed connections before the loop ends.
        await asyncio.sleep(0.05)


@asynccontextmanager
async def client_with(**network):
    client = ServiceClient(
        Service.TARGET, Waits(), patience=PATIENT, network=NetworkSettings(**network)
    )
    try:
        yield client
    finally:
        await client.close()


def good(_seen):
    return Reply(200, {})


def test_a_certificate_of_ones_own_is_trusted_when_it_is_named(tmp_path):
    tls, trusted = make(tmp_path)

    async def main():
        async with serving(good, tls) as server, client_with(ca_file=str(trusted)) as client:
            (reached,) = await client.reach(server.url)
            return reached

    reached = asyncio.run(main())
    assert (reached.address, reached.tls) == ("127.0.0.1", "TLSv1.3")
    assert reached.seconds > 0


@pytest.mark.parametrize("content", [None, "", "no certificate", "\N{SNOWMAN}"])
def test_certificates_that_cannot_be_read_name_the_key_and_the_file(tmp_path, content):
    file = tmp_path / "company.pem"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        ServiceClient(
            Service.TARGET, Waits(), patience=PATIENT, network=NetworkSettings(ca_file=str(file))
        )
    assert "company.pem" in str(caught.value)
    assert caught.value.key == "network.ca_file"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_less_than_tls_1_2_is_refused(tmp_path):
    tls, trusted = make(tmp_path)
    tls.minimum_version = ssl.TLSVersion.TLSv1
    tls.maximum_version = ssl.TLSVersion.TLSv1_1
    tls.set_ciphers("ALL:@SECLEVEL=0")

    async def main():
        async with serving(good, tls) as server, client_with(ca_file=str(trusted)) as client:
            with pytest.raises(Unreachable) as caught:
                await client.send(Call("GET", server.url))
            return str(caught.value)

    assert "No secure connection (TLS)" in asyncio.run(main())


@pytest.mark.parametrize("said_by", ["profile", "environment"])
def test_a_proxy_leads_to_where_only_it_can_go(tmp_path, monkeypatch, said_by):
    tls, trusted = make(tmp_path)

    async def main():
        async with serving(good, tls) as server, proxying(server) as (proxy, address):
            explicit = None
            if said_by == "environment":
                monkeypatch.setenv("HTTPS_PROXY", address)
            else:
                explicit = address
                monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
            async with client_with(proxy=explicit, ca_file=str(trusted)) as client:
                answer = await client.send(Call("GET", f"https://{HOST}/x"))
                assert answer.status == 200
                # This machine itself is never asked for through a proxy.
                assert (await client.send(Call("GET", server.url))).status == 200
            return proxy.asked, [one.path for one in server.seen]

    asked, paths = asyncio.run(main())
    assert asked == [f"{HOST}:443"]
    assert paths == ["/x", "/"]


def test_no_proxy_in_the_environment_is_honoured(tmp_path, monkeypatch):
    async def main():
        async with serving(good) as server, proxying(server) as (proxy, address):
            monkeypatch.setenv("HTTPS_PROXY", address)
            monkeypatch.setenv("NO_PROXY", HOST)
            async with client_with() as client:
                with pytest.raises(Unreachable) as caught:
                    await client.send(Call("GET", f"https://{HOST}/x"))
            return proxy.asked, str(caught.value)

    asked, said = asyncio.run(main())
    assert asked == []
    assert "could not be resolved" in said


def test_a_proxy_that_refuses_is_named_as_the_one_who_did():
    async def main():
        async with serving(good) as server, proxying(server, 403) as (_, address):
            async with client_with(proxy=address) as client:
                with pytest.raises(Unreachable) as caught:
                    await client.send(Call("GET", f"https://{HOST}/x"))
            return str(caught.value)

    assert asyncio.run(main()) == f"The proxy on the way to {HOST} refused the connection."


@pytest.mark.parametrize(
    ("date", "wrong"),
    [("Mon, 01 Jan 2001 00:00:00 GMT", True), ("nonsense", False), (None, False)],
)
def test_a_clock_that_is_wrong_is_noticed_and_written_down_once(caplog, date, wrong):
    headers = {} if date is None else {"date": date}

    async def main():
        async with serving(lambda _: Reply(200, {}, headers)) as server, client_with() as client:
            (reached,) = await client.reach(server.url)
            await client.send(Call("GET", server.url))
            return reached

    with caplog.at_level(logging.WARNING, "app.connectors.http"):
        reached = asyncio.run(main())
    assert reached.clock_is_wrong is wrong
    assert len([one for one in caplog.records if "clock" in one.message]) == wrong


# --- no contact: each way of it is told apart, with its own advice ------------------------------


def contact(url, **network):
    """The error of one contact."""

    async def main():
        async with client_with(**network) as client:
            with pytest.raises(Unreachable) as caught:
                await client.reach(url)
            return caught.value

    return asyncio.run(main())


def contact_tls(tls, **network):
    async def main():
        async with serving(good, tls) as server, client_with(**network) as client:
            with pytest.raises(Unreachable) as caught:
                await client.reach(server.url)
            return caught.value

    return asyncio.run(main())


def closed_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def said(error):
    return error.stage, str(error), str(error.advice)


def test_a_name_nobody_knows():
    stage, text, advice = said(contact(f"https://{HOST}"))
    assert stage is Stage.NAME
    assert text == f"The name of {HOST} could not be resolved."
    assert "typing error" in advice


def test_a_port_nobody_listens_on():
    stage, text, advice = said(contact(f"http://127.0.0.1:{closed_port()}"))
    assert stage is Stage.CONNECTION
    assert "refused the connection" in text
    assert "port" in advice


def test_a_host_that_hangs_up():
    async def main():
        async with serving(lambda _seen: Drop()) as server, client_with() as client:
            with pytest.raises(Unreachable) as caught:
                await client.reach(server.url)
            return caught.value

    stage, text, _ = said(asyncio.run(main()))
    assert stage is Stage.CONNECTION
    assert "broke off" in text


def test_a_host_that_never_answers(monkeypatch):
    monkeypatch.setattr(transport, "_TIMEOUT", httpx.Timeout(0.2))

    async def main():
        async def silent(reader, writer):
            await reader.read()
            writer.close()

        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, client_with() as client:
            with pytest.raises(Unreachable) as caught:
                await client.reach(f"http://127.0.0.1:{port}")
        await asyncio.sleep(0.05)
        return caught.value

    stage, text, advice = said(asyncio.run(main()))
    assert stage is Stage.CONNECTION
    assert "did not answer in time" in text
    assert "status page" in advice


def test_a_certificate_that_nobody_vouches_for_leads_to_the_ca_file(tmp_path):
    tls, _ = make(tmp_path)
    stage, text, advice = said(contact_tls(tls))
    assert stage is Stage.TLS
    assert "is not trusted by this computer" in text
    assert "network.ca_file" in advice


def test_a_certificate_that_has_expired_leads_to_the_clock(tmp_path):
    tls, trusted = make(tmp_path, ended=3)
    stage, text, advice = said(contact_tls(tls, ca_file=str(trusted)))
    assert stage is Stage.TLS
    assert "has expired" in text
    assert "date and time" in advice


def test_a_certificate_for_another_name_leads_to_the_address(tmp_path):
    tls, trusted = make(tmp_path, host="192.0.2.1")
    stage, text, advice = said(contact_tls(tls, ca_file=str(trusted)))
    assert stage is Stage.TLS
    assert "is for another name" in text
    assert "address in the profile" in advice


def test_a_host_that_does_not_speak_tls():
    async def main():
        async with serving(good) as server, client_with() as client:
            with pytest.raises(Unreachable) as caught:
                await client.reach(server.url.replace("http:", "https:"))
            return caught.value

    stage, text, advice = said(asyncio.run(main()))
    assert stage is Stage.TLS
    assert "No secure connection (TLS)" in text
    assert "speaks https" in advice


@pytest.mark.parametrize("said_by", ["profile", "environment"])
@pytest.mark.parametrize("proxy", ["proxy.halden.example:3128", "closed"])
def test_a_proxy_that_is_not_there_is_named_instead_of_the_host(monkeypatch, said_by, proxy):
    known = proxy == "closed"
    where = f"127.0.0.1:{closed_port()}" if known else proxy
    explicit = f"http://who:secret@{where}"
    if said_by == "environment":
        monkeypatch.setenv("HTTPS_PROXY", explicit)
        explicit = None
    error = contact(f"https://{HOST}", proxy=explicit)
    stage, text, advice = said(error)
    assert stage is (Stage.CONNECTION if known else Stage.NAME)
    assert f"proxy {where} on the way to {HOST}" in text
    assert "network.proxy" in advice
    assert "secret" not in text
