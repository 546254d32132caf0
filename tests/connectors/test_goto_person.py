"""A person signs in at GoTo: browser, renewal with and without rotation, and every refusal."""

import asyncio
import base64
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from loopback import PATIENT, Drop, Reply, serving
from people import MemoryShelf, Person, fetch, press, query_of

from app.connectors.goto_admin import GoToAdminTarget
from app.connectors.goto_person import GoToPerson
from app.connectors.goto_sign_in import client_of
from app.connectors.goto_tokens import TokenEndpoint
from app.connectors.http import ServiceClient
from app.domain.errors import (
    BrokenContract,
    ConfigurationError,
    CredentialsRefused,
    SecretMissing,
    SecretStoreUnavailable,
    Service,
    ServiceFaulty,
    SignInNeeded,
    Stopped,
    Unreachable,
)
from app.domain.settings import TargetKind, TargetSettings, TargetSignIn
from app.domain.sign_in import KeptSignIn
from app.domain.texts import English
from app.engine.stop import StopEvent
from app.sandbox.grants import challenge_of
from app.sandbox.server import Sandbox


@pytest.fixture(params=[False, True], ids=["no rotation", "rotation"])
def rotating(request):
    return request.param


@pytest.fixture
def sandbox():
    with Sandbox(users=3) as running:
        yield running


def settings_of(sandbox: Sandbox, **changes) -> TargetSettings:
    info = sandbox.info()
    known = {
        "kind": TargetKind.GOTO_ADMIN,
        "url": info["goto_url"],
        "sign_in": TargetSignIn.BROWSER,
        "client_id": info["goto_client_id"],
        "token_url": info["token_url"],
        "requests_per_second": 10_000.0,
    }
    return TargetSettings(**(known | changes))


def no_secret(name: str) -> str:
    raise SecretMissing(name, key=name)


def with_secret(sandbox: Sandbox):
    known = {"target.client_secret": sandbox.world.credentials.goto_client_secret}

    def secret(name: str) -> str:
        return known[name] if name in known else no_secret(name)

    return secret


@asynccontextmanager
async def client(stop):
    http = ServiceClient(Service.TARGET, stop, patience=PATIENT)
    try:
        yield http
    finally:
        await http.close()


def sign_in(settings, shelf, person, secrets=no_secret, *, stop_after=None, seconds=20.0):
    async def main():
        stop = StopEvent()
        if stop_after is not None:
            asyncio.get_running_loop().call_later(stop_after, stop.set)
        async with client(stop) as http:
            try:
                return await GoToPerson(
                    settings,
                    secrets,
                    http,
                    shelf,
                    person,
                    English(),
                    stop,
                    browser_seconds=seconds,
                ).sign_in()
            finally:
                await asyncio.gather(*person.pages, return_exceptions=True)
                person.pages.clear()

    return asyncio.run(main())


async def first_steps(settings, shelf, secrets=no_secret, times=1):
    """As a cycle begins: a token and the account."""
    target = GoToAdminTarget(settings, secrets, StopEvent(), shelf=shelf, patience=PATIENT)
    try:
        for _ in range(times):
            await target.sign_in()
        return (await target.fetch_info()).own_name
    finally:
        await target.close()


def cycle(settings, shelf, secrets=no_secret, times=1):
    return asyncio.run(first_steps(settings, shelf, secrets, times))


def test_a_person_signs_in_once_and_cycles_go_on(sandbox, rotating) -> None:
    sandbox.world.faults.rotate_refresh_tokens = rotating
    settings, shelf = settings_of(sandbox), MemoryShelf()
    admin = sandbox.world.administrator.email
    assert sign_in(settings, shelf, Person()) == admin
    for _ in range(3):
        assert cycle(settings, shelf, times=2) == admin
    tokens = [one.refresh_token for one in shelf.saved]
    assert len(tokens) == 7
    # Rotated, each is a new one; else the old one is kept (spec/goto.md 5.2).
    assert len(set(tokens)) == (7 if rotating else 1)
    assert shelf.kept.user == admin


def test_a_client_with_a_secret_sends_it(sandbox) -> None:
    settings, shelf, secrets = settings_of(sandbox), MemoryShelf(), with_secret(sandbox)
    sign_in(settings, shelf, Person(), secrets)
    assert cycle(settings, shelf, secrets)

    def wrong(name: str) -> str:
        return "wrong" if name == "target.client_secret" else no_secret(name)

    for refused in (lambda: sign_in(settings, shelf, Person(), wrong),
                    lambda: cycle(settings, shelf, wrong)):  # fmt: skip
        with pytest.raises(CredentialsRefused, match="refused the OAuth client") as caught:
            refused()
        assert not isinstance(caught.value, SignInNeeded)


def test_what_the_browser_is_sent_with(sandbox) -> None:
    person, settings = Person(), settings_of(sandbox)
    sign_in(settings, MemoryShelf(), person)
    query = query_of(person.addresses[0])
    assert person.addresses[0].startswith(settings.token_url.replace("/token", "/authorize?"))
    assert query.pop("redirect_uri").startswith("http://localhost:")
    assert len(query.pop("state")) >= 40
    assert len(query.pop("code_challenge")) == 43
    assert query == {
        "response_type": "code",
        "client_id": settings.client_id,
        "code_challenge_method": "S256",
    }


def test_who_declines_stops_or_never_comes(sandbox) -> None:
    settings, shelf = settings_of(sandbox), MemoryShelf()
    with pytest.raises(SignInNeeded, match="declined") as caught:
        sign_in(settings, shelf, Person("decline"))
    assert str(caught.value.advice) == "Press the button."
    with pytest.raises(SignInNeeded, match="Nobody signed in at 127"):
        sign_in(settings, shelf, Person(""), seconds=0.1)
    with pytest.raises(Stopped):
        sign_in(settings, shelf, Person(""), stop_after=0.2)
    assert shelf.kept is None


def test_a_foreign_state_changes_nothing(sandbox) -> None:
    def act(address: str) -> str:
        there = query_of(address)["redirect_uri"]
        assert "does not belong" in fetch(f"{there}/?code=evil&state=wrong")
        return press(address)

    assert sign_in(settings_of(sandbox), MemoryShelf(), Person(act=act))


def test_a_code_made_for_another_challenge_is_refused(sandbox) -> None:
    def act(address: str) -> str:
        challenge = query_of(address)["code_challenge"]
        there = press(address.replace(challenge, challenge_of("other")), follow=False)
        return fetch(there)

    shelf = MemoryShelf()
    with pytest.raises(SignInNeeded, match="not valid"):
        sign_in(settings_of(sandbox), shelf, Person(act=act))
    assert shelf.kept is None


def test_without_a_sign_in_a_cycle_says_what_to_do(sandbox) -> None:
    with pytest.raises(SignInNeeded, match="Nobody is signed in at GoTo") as caught:
        cycle(settings_of(sandbox), MemoryShelf())
    assert caught.value.exit_code == 3
    with pytest.raises(SignInNeeded) as caught:
        cycle(settings_of(sandbox), None)
    assert "rollcall sign-in" in str(caught.value.advice)


def revoke(sandbox, token):
    known = sandbox.world.credentials
    address = sandbox.info()["token_url"].replace("/token", "/revoke")
    assert fetch(address, {"token": token, "client_id": known.goto_client_id}) == ""


@pytest.mark.parametrize("how", ["revoked", "signed out", "expired", "credentials"])
def test_a_sign_in_that_is_over_says_whose_and_what_to_do(sandbox, how) -> None:
    settings, shelf, world = settings_of(sandbox), MemoryShelf(), sandbox.world
    user = sign_in(settings, shelf, Person())
    match how:
        case "revoked":
            revoke(sandbox, shelf.kept.refresh_token)
        case "signed out":
            world.sign_people_out("target")
        case "expired":
            world.advance_clock(hours=24 * 31)
        case _:
            world.expire_credentials("target")
    before = shelf.kept
    with pytest.raises(SignInNeeded, match="no longer accepts") as caught:
        cycle(settings, shelf)
    assert user in str(caught.value)
    assert str(caught.value.advice) == "Press the button."
    assert before.refresh_token not in repr(vars(caught.value))
    assert shelf.kept is before
    assert not shelf.turn


@pytest.mark.parametrize("changes", [{"client_id": "x"}, {"token_url": "http://127.0.0.1:1/token"}])
def test_a_sign_in_is_never_sent_elsewhere(sandbox, changes) -> None:
    shelf = MemoryShelf()
    sign_in(settings_of(sandbox), shelf, Person())
    with pytest.raises(SignInNeeded, match="Nobody is signed in"):
        cycle(settings_of(sandbox, **changes), shelf)


def test_two_cycles_at_once_never_use_one_refresh_token_twice(sandbox) -> None:
    """The old one is void after rotation: whoever came second would be signed out."""
    sandbox.world.faults.rotate_refresh_tokens = True
    sandbox.world.faults.latency_seconds = 0.02
    settings, shelf = settings_of(sandbox), MemoryShelf()
    sign_in(settings, shelf, Person())

    async def main():
        return await asyncio.gather(*(first_steps(settings, shelf, times=2) for _ in range(4)))

    assert len(asyncio.run(main())) == 4
    assert len({one.refresh_token for one in shelf.saved}) == 9
    assert shelf.waited > 0


def test_tasks_of_one_cycle_renew_once(sandbox) -> None:
    sandbox.world.faults.rotate_refresh_tokens = True
    settings, shelf = settings_of(sandbox), MemoryShelf()
    sign_in(settings, shelf, Person())

    async def main():
        target = GoToAdminTarget(settings, no_secret, StopEvent(), shelf=shelf, patience=PATIENT)
        try:
            await asyncio.gather(*(target._api.get(f"{settings.url}/me") for _ in range(6)))
            # Everybody's token is refused at the same time: one renewal for all.
            sandbox.grants.revoke("goto")
            await asyncio.gather(*(target._api.get(f"{settings.url}/me") for _ in range(6)))
        finally:
            await target.close()

    asyncio.run(main())
    assert len(shelf.saved) == 3


def kept(url: str) -> KeptSignIn:
    return KeptSignIn("old", f"{url}/token c", "admin@x.example", datetime.now(UTC))


def against(answer, *, shelf=None, secrets=no_secret):
    """A cycle against a GoTo of a test's own; `(caught error or name, seen, shelf)`."""

    async def main():
        async with serving(answer) as server:
            settings = TargetSettings(
                TargetKind.GOTO_ADMIN,
                f"{server.url}/admin",
                TargetSignIn.BROWSER,
                client_id="c",
                token_url=f"{server.url}/token",
                requests_per_second=10_000.0,
            )
            held = shelf or MemoryShelf()
            held.kept = kept(server.url)
            target = GoToAdminTarget(settings, secrets, StopEvent(), shelf=held, patience=PATIENT)
            endpoint = TokenEndpoint(settings, secrets, target._http)
            assert client_of(endpoint) == held.kept.client
            try:
                await target.sign_in()
                await target._api.get(f"{server.url}/admin/me")
            except Exception as error:  # noqa: BLE001 - looked at by the test
                return error, server.seen, held
            finally:
                await target.close()
            return None, server.seen, held

    return asyncio.run(main())


def test_a_new_refresh_token_is_kept_before_its_access_token_is_used() -> None:
    order = []

    def answer(seen):
        order.append(seen.path)
        if seen.path == "/token":
            return Reply(200, {"access_token": "a", "expires_in": 3600, "refresh_token": "new"})
        return Reply(200, {})

    shelf = MemoryShelf()
    shelf.on_save = lambda: order.append("saved")
    error, seen, shelf = against(answer, shelf=shelf)
    assert error is None
    assert order == ["/token", "saved", "/admin/me"]
    assert shelf.kept.refresh_token == "new"
    assert seen[0].form == {
        "grant_type": "refresh_token", "refresh_token": "old", "client_id": "c"
    }  # fmt: skip


def test_one_that_cannot_be_kept_is_not_used() -> None:
    shelf = MemoryShelf()

    def refuse() -> None:
        raise SecretStoreUnavailable("The keyring is locked")

    shelf.on_save = refuse
    body = {"access_token": "a", "expires_in": 3600, "refresh_token": "new"}
    error, seen, shelf = against(lambda _: Reply(200, body), shelf=shelf)
    assert isinstance(error, SecretStoreUnavailable)
    assert [one.path for one in seen] == ["/token"]
    assert not shelf.turn


@pytest.mark.parametrize(
    ("reply", "error", "needs_person"),
    [
        (Reply(400, {"error": "invalid_grant", "error_description": "gone"}), SignInNeeded, True),
        (Reply(401, {"int_err_code": "x", "msg": "y"}), SignInNeeded, True),
        (Reply(403), SignInNeeded, True),
        (Reply(401, {"error": "invalid_client"}), CredentialsRefused, False),
        (Reply(400, {"error": "unauthorized_client"}), CredentialsRefused, False),
        (Reply(500), ServiceFaulty, False),
        (Reply(503), ServiceFaulty, False),
        (Reply(404), BrokenContract, False),
        (Reply(200, {"refresh_token": "new"}), BrokenContract, False),
        (Reply(200, b"<html>"), BrokenContract, False),
        (Drop(), Unreachable, False),
    ],
)
def test_every_answer_to_a_renewal_is_told_apart(reply, error, needs_person) -> None:
    caught, seen, shelf = against(lambda _: reply)
    assert isinstance(caught, error)
    assert isinstance(caught, SignInNeeded) is needs_person
    # Sent once: a second time it might be void.
    assert len(seen) == 1
    assert shelf.kept.refresh_token == "old"


def test_the_secret_of_the_client_goes_as_basic() -> None:
    body = {"access_token": "a", "expires_in": "3600"}
    _, seen, _ = against(
        lambda _: Reply(200, body),
        secrets=lambda name: "s" if name == "target.client_secret" else no_secret(name),
    )
    assert seen[0].headers["authorization"] == f"Basic {base64.b64encode(b'c:s').decode()}"
    assert "client_id" not in seen[0].form


def browse(metadata, token_path="/oauth/token", iss=None):
    """Where the browser is sent, and what becomes of a code, with this metadata."""
    token = {"access_token": "a", "expires_in": 3600, "refresh_token": "r"}

    async def main():
        def answer(seen):
            if seen.path == "/.well-known/oauth-authorization-server":
                return metadata(server.url)
            return Reply(200, token)

        async with serving(answer) as server, client(StopEvent()) as http:
            settings = TargetSettings(
                TargetKind.GOTO_ADMIN,
                server.url,
                TargetSignIn.BROWSER,
                client_id="c",
                token_url=server.url + token_path,
            )

            def act(address: str) -> str:
                query = query_of(address)
                more = f"&iss={iss}" if iss else ""
                return fetch(f"{query['redirect_uri']}/?code=c&state={query['state']}{more}")

            person, shelf = Person(act=act), MemoryShelf()
            try:
                await GoToPerson(
                    settings, no_secret, http, shelf, person, English(), StopEvent()
                ).sign_in()
            finally:
                await asyncio.gather(*person.pages)
            return person.addresses[0].removeprefix(server.url).partition("?")[0], shelf

    return asyncio.run(main())


def listed(**changes):
    def metadata(url: str) -> Reply:
        body = {
            "issuer": "https://identity.example",
            "authorization_endpoint": f"{url}/elsewhere",
            "code_challenge_methods_supported": ["S256"],
        }
        return Reply(200, body | changes)

    return metadata


@pytest.mark.parametrize(
    ("metadata", "where"),
    [
        (listed(), "/elsewhere"),
        (lambda _: Reply(404), "/oauth/authorize"),
        (lambda _: Reply(200, b"<html>"), "/oauth/authorize"),
        (listed(authorization_endpoint="http://evil.example/authorize"), "/oauth/authorize"),
        (listed(authorization_endpoint="javascript:alert(1)"), "/oauth/authorize"),
        (listed(authorization_endpoint="file:///etc/passwd"), "/oauth/authorize"),
        (listed(code_challenge_methods_supported=["plain"]), "/oauth/authorize"),
        (listed(authorization_endpoint=7), "/oauth/authorize"),
    ],
)
def test_the_metadata_says_where_else_it_is_beside_the_token_address(metadata, where) -> None:
    found, shelf = browse(metadata)
    assert found == where
    assert shelf.kept.refresh_token == "r"


def test_an_answer_of_another_issuer_is_not_believed() -> None:
    assert browse(listed(), iss="https://identity.example")[1].kept
    with pytest.raises(BrokenContract, match="another sign-in"):
        browse(listed(), iss="https://evil.example")


def test_a_token_address_without_a_sign_in_beside_it_is_named() -> None:
    with pytest.raises(ConfigurationError, match="does not say where") as caught:
        browse(lambda _: Reply(404), token_path="/oauth/v2")
    assert caught.value.key == "target.token_url"


def test_the_practice_metadata_is_where_goto_has_it(sandbox) -> None:
    import json

    parts = urlsplit(sandbox.info()["token_url"])
    found = json.loads(
        fetch(f"{parts.scheme}://{parts.netloc}/.well-known/oauth-authorization-server")
    )
    assert found["authorization_endpoint"].endswith("/goto/oauth/authorize")
    assert found["revocation_endpoint"].endswith("/goto/oauth/revoke")
