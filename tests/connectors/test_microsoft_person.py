"""A person signs in at Microsoft: browser, device code, and the cycles after it."""

import asyncio
import warnings
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

import pytest
from loopback import PATIENT, Reply, Waits, serving
from people import MemoryShelf, Person, fetch, press, query_of

from app.connectors.entra import EntraSource
from app.connectors.entra_person import EntraPerson
from app.connectors.entra_sign_in import DIRECTORY, MAIL, EntraSignIn, client_of
from app.connectors.http import ServiceClient
from app.connectors.mail import GraphMailer
from app.connectors.sign_in_errors import ConsentMissing
from app.domain.errors import (
    BrokenContract,
    CredentialsRefused,
    MailRefused,
    SecretMissing,
    Service,
    SignInNeeded,
    Stopped,
)
from app.domain.settings import NotificationSettings, SourceSettings, SourceSignIn
from app.domain.sign_in import KeptSignIn
from app.domain.texts import English
from app.engine.stop import StopEvent
from app.sandbox.server import Sandbox

BROWSER, CODE = SourceSignIn.BROWSER, SourceSignIn.DEVICE_CODE


@pytest.fixture
def sandbox():
    with Sandbox(users=3) as running:
        running.world.faults.device_interval = 1
        yield running


def settings_of(sandbox: Sandbox, way: SourceSignIn = BROWSER, **changes) -> SourceSettings:
    source = sandbox.info()["profile"]["source"]
    known = {name: source[name] for name in source if name not in ("kind", "sign_in")}
    return SourceSettings(**(known | {"sign_in": way} | changes))


def no_secret(name: str) -> str:
    raise SecretMissing(name, key=name)


@asynccontextmanager
async def client(stop=None):
    http = ServiceClient(Service.SOURCE, stop or StopEvent(), patience=PATIENT)
    try:
        yield http
    finally:
        await http.close()


def sign_in(settings, shelf, person, *, stop=None, permissions=DIRECTORY, seconds=20.0):
    async def main():
        end = stop() if stop else StopEvent()
        async with client(end) as http:
            try:
                return await EntraPerson(
                    settings,
                    http,
                    shelf,
                    person,
                    English(),
                    end,
                    permissions,
                    browser_seconds=seconds,
                ).sign_in()
            finally:
                await asyncio.gather(*person.pages, return_exceptions=True)
                person.pages.clear()

    return asyncio.run(main())


def soon(seconds: float):
    """A stop that somebody asks for after a while."""

    def made() -> StopEvent:
        stop = StopEvent()
        asyncio.get_running_loop().call_later(seconds, stop.set)
        return stop

    return made


def cycle(settings, shelf):
    """As a cycle begins: a token, and something read with it."""

    async def main():
        source = EntraSource(settings, no_secret, StopEvent(), shelf=shelf, patience=PATIENT)
        try:
            life = await source.sign_in()
            await source.fetch_application()
            return life
        finally:
            await source.close()

    return asyncio.run(main())


@pytest.mark.parametrize("way", [BROWSER, CODE])
def test_a_person_signs_in_once_and_cycles_go_on_without_them(sandbox, way) -> None:
    settings, shelf, person = settings_of(sandbox, way), MemoryShelf(), Person()
    assert sign_in(settings, shelf, person) == f"admin@{sandbox.world.company.domain}"
    first = shelf.kept.refresh_token
    assert cycle(settings, shelf) == 3599
    assert cycle(settings, shelf) == 3599
    # Every use renews it, and what is kept is the newest.
    tokens = [one.refresh_token for one in shelf.saved]
    assert tokens[0] == first
    assert len(set(tokens)) == 3
    assert shelf.kept.user == f"admin@{sandbox.world.company.domain}"
    assert not shelf.turn


def test_the_browser_is_sent_there_as_microsoft_documents(sandbox) -> None:
    person = Person()
    settings = settings_of(sandbox)
    sign_in(settings, MemoryShelf(), person, permissions=DIRECTORY + MAIL)
    parts = urlsplit(person.addresses[0])
    query = query_of(person.addresses[0])
    login = urlsplit(settings.login_url)
    assert (parts.netloc, parts.path) == (
        login.netloc,
        f"{login.path}/{settings.tenant}/oauth2/v2.0/authorize",
    )
    assert query["response_type"] == "code"
    assert query["response_mode"] == "query"
    assert query["code_challenge_method"] == "S256"
    assert query["redirect_uri"].startswith("http://localhost:")
    assert len(query["state"]) >= 40
    assert set(query["scope"].split()) == {
        *(f"https://graph.microsoft.com/{one}" for one in (*DIRECTORY, *MAIL)),
        "openid",
        "offline_access",
        "profile",
    }


def test_each_sign_in_has_a_state_and_a_challenge_of_its_own(sandbox) -> None:
    person = Person()
    for _ in range(2):
        sign_in(settings_of(sandbox), MemoryShelf(), person)
    first, second = (query_of(one) for one in person.addresses)
    for name in ("state", "code_challenge", "nonce"):
        assert first[name] != second[name]


@pytest.mark.parametrize("way", [BROWSER, CODE])
def test_who_declines_is_not_signed_in(sandbox, way) -> None:
    shelf = MemoryShelf()
    with pytest.raises(SignInNeeded, match="declined") as caught:
        sign_in(settings_of(sandbox, way), shelf, Person("decline"))
    assert str(caught.value.advice) == "Press the button."
    assert shelf.kept is None


def test_a_foreign_state_is_not_believed_and_the_right_one_still_counts(sandbox) -> None:
    def act(address: str) -> str:
        back = query_of(address)["redirect_uri"]
        assert "does not belong" in fetch(f"{back}/?code=evil&state=wrong")
        return press(address)

    shelf = MemoryShelf()
    assert sign_in(settings_of(sandbox), shelf, Person(act=act))
    assert len(shelf.saved) == 1


def test_a_code_of_another_sign_in_is_refused(sandbox) -> None:
    """The right state with a code that was made for another challenge: the verifier is wrong."""

    def act(address: str) -> str:
        asked = query_of(address)
        there = asked | {"code_challenge": "A" * 43}
        location = press(f"{address.partition('?')[0]}?{urlencode(there)}", follow=False)
        return fetch(location)

    shelf = MemoryShelf()
    with pytest.raises(SignInNeeded, match="501481"):
        sign_in(settings_of(sandbox), shelf, Person(act=act))
    assert shelf.kept is None


@pytest.mark.parametrize("way", [BROWSER, CODE])
def test_nobody_comes_and_time_runs_out(sandbox, way) -> None:
    sandbox.world.faults.device_code_life = 1
    with pytest.raises(SignInNeeded, match=r"Nobody signed in at 127|ran out") as caught:
        sign_in(settings_of(sandbox, way), MemoryShelf(), Person(""), seconds=0.1)
    assert str(caught.value.advice) == "Press the button."


@pytest.mark.parametrize("way", [BROWSER, CODE])
def test_somebody_stops(sandbox, way) -> None:
    with pytest.raises(Stopped):
        sign_in(settings_of(sandbox, way), MemoryShelf(), Person(""), stop=soon(0.2))


def test_a_code_that_the_service_lets_expire(sandbox) -> None:
    """Its clock is ahead of ours."""

    class Late(Person):
        async def show_code(self, code):
            await super().show_code(code)
            sandbox.world.advance_clock(hours=1)

    with pytest.raises(SignInNeeded, match="70019"):
        sign_in(settings_of(sandbox, CODE), MemoryShelf(), Late(""))


def test_the_code_is_shown_with_where_to_enter_it_and_how_long(sandbox) -> None:
    person = Person()
    sign_in(settings_of(sandbox, CODE), MemoryShelf(), person)
    (shown,) = person.codes
    assert shown.seconds == 900
    assert shown.address == f"{sandbox.info()['login_url']}/device"
    assert person.addresses == []


def polled(answers, expires_in):
    """The waits between polls of a server with these answers, and what became of it."""

    def answer(seen):
        if seen.path.endswith("/devicecode"):
            flow = {"device_code": "d", "user_code": "U", "verification_uri": "http://x/"}
            return Reply(200, flow | {"expires_in": expires_in, "interval": 7})
        error = answers.pop(0)
        if error == "ok":
            body = {"token_type": "Bearer", "expires_in": 3599, "access_token": "a"}
            return Reply(200, body | {"refresh_token": "r"})
        return Reply(400, {"error": error, "error_description": "x"})

    async def main():
        stop, shelf = Waits(), MemoryShelf()
        async with serving(answer) as server, client(stop) as http:
            settings = SourceSettings("t.example", "app", "sp", CODE, login_url=server.url)
            person = EntraPerson(settings, http, shelf, Person(""), English(), stop, DIRECTORY)
            with warnings.catch_warnings(action="ignore"):
                # msal looks at the clock, which these tests do not let pass.
                await person.sign_in()
        return [round(one) for one in stop.waits], shelf.kept

    return asyncio.run(main())


def test_polling_keeps_to_the_pace_and_slows_down_when_told() -> None:
    answers = ["authorization_pending", "slow_down", "authorization_pending", "ok"]
    waits, kept_ = polled(answers, 900)
    assert kept_.refresh_token == "r"
    assert waits == [7, 7, 12, 12]


def test_a_service_that_never_ends_is_not_asked_for_ever() -> None:
    with pytest.raises(SignInNeeded, match="Nobody signed in"):
        polled(["authorization_pending"] * 100_000, 1)


def kept(settings, token="old") -> KeptSignIn:
    return KeptSignIn(token, client_of(settings), "admin@x.example", datetime.now(UTC))


@pytest.mark.parametrize("way", [BROWSER, CODE])
def test_without_a_sign_in_a_cycle_says_what_to_do(sandbox, way) -> None:
    with pytest.raises(SignInNeeded, match="Nobody is signed in at Microsoft") as caught:
        cycle(settings_of(sandbox, way), MemoryShelf())
    assert caught.value.exit_code == 3
    assert str(caught.value.advice) == "Press the button."
    with pytest.raises(SignInNeeded) as caught:
        cycle(settings_of(sandbox, way), None)
    assert "rollcall sign-in" in str(caught.value.advice)


def test_a_revoked_sign_in_says_whose_and_what_to_do(sandbox) -> None:
    settings, shelf = settings_of(sandbox), MemoryShelf()
    user = sign_in(settings, shelf, Person())
    sandbox.world.sign_people_out("source")
    with pytest.raises(SignInNeeded, match="no longer accepts") as caught:
        cycle(settings, shelf)
    assert user in str(caught.value)
    assert "50173" in str(caught.value)
    assert shelf.kept.refresh_token not in str(caught.value)
    assert not shelf.turn
    # A new sign-in cures it.
    sandbox.world.advance_clock(hours=1)
    sign_in(settings, shelf, Person())
    assert cycle(settings, shelf) == 3599


def test_a_sign_in_nobody_used_for_90_days_has_ended(sandbox) -> None:
    settings, shelf = settings_of(sandbox), MemoryShelf()
    sign_in(settings, shelf, Person())
    sandbox.world.advance_clock(hours=24 * 89)
    cycle(settings, shelf)
    sandbox.world.advance_clock(hours=24 * 89)
    cycle(settings, shelf)
    sandbox.world.advance_clock(hours=24 * 91)
    with pytest.raises(SignInNeeded, match="700082"):
        cycle(settings, shelf)


@pytest.mark.parametrize(
    "changes", [{"client_id": "other"}, {"tenant": "other"}, {"login_url": "http://127.0.0.1:1"}]
)
def test_a_sign_in_is_never_sent_elsewhere(sandbox, changes) -> None:
    settings, shelf = settings_of(sandbox), MemoryShelf()
    sign_in(settings, shelf, Person())
    before = sandbox.requests["login"]
    with pytest.raises(SignInNeeded, match="Nobody is signed in"):
        cycle(settings_of(sandbox, **changes), shelf)
    assert sandbox.requests["login"] == before


@pytest.mark.parametrize("way", [BROWSER, CODE])
def test_a_registration_that_does_not_allow_it_is_explained(sandbox, way) -> None:
    sandbox.world.faults.public_client = False
    with pytest.raises(CredentialsRefused, match="may not sign people in") as caught:
        sign_in(settings_of(sandbox, way), MemoryShelf(), Person())
    assert "Allow public client flows" in str(caught.value.advice)


def test_tasks_of_one_cycle_renew_once_and_two_cycles_one_after_the_other(sandbox) -> None:
    settings, shelf = settings_of(sandbox), MemoryShelf()
    sign_in(settings, shelf, Person())
    in_flight = []

    def look() -> None:
        in_flight.append(shelf.turn)

    shelf.on_save = look

    async def main():
        sources = [
            EntraSource(settings, no_secret, StopEvent(), shelf=shelf, patience=PATIENT)
            for _ in range(3)
        ]
        try:
            await asyncio.gather(*(one.fetch_application() for one in sources for _ in range(4)))
        finally:
            for one in sources:
                await one.close()

    shelf.saved.clear()
    asyncio.run(main())
    assert len(shelf.saved) == 3
    assert in_flight == [True] * 3
    assert shelf.waited > 0


def test_who_waits_for_the_turn_can_stop(sandbox) -> None:
    settings, shelf = settings_of(sandbox), MemoryShelf()
    shelf.kept = kept(settings)
    assert shelf.begin_turn()

    async def main():
        stop = soon(0.2)()
        async with client(stop) as http:
            with pytest.raises(Stopped):
                await EntraSignIn(settings, no_secret, http, shelf).obtain()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("reply", "error", "says"),
    [
        (Reply(200, {"access_token": "a", "expires_in": 5}), BrokenContract, "no refresh token"),
        (Reply(200, {"refresh_token": "r"}), BrokenContract, "no token"),
        (
            Reply(400, {"error": "invalid_grant", "error_description": "AADSTS65001: consent"}),
            ConsentMissing,
            "administrator's consent",
        ),
        (
            Reply(400, {"error": "interaction_required", "error_description": "AADSTS53003: x"}),
            CredentialsRefused,
            "Conditional Access",
        ),
        (
            Reply(400, {"error": "invalid_grant", "error_description": "AADSTS54005: used"}),
            SignInNeeded,
            "54005",
        ),
    ],
)
def test_what_microsoft_may_answer_to_the_code(reply, error, says) -> None:
    async def main():
        async with serving(lambda _: reply) as server, client() as http:
            settings = SourceSettings("t.example", "app", "sp", BROWSER, login_url=server.url)

            def act(address: str) -> str:
                query = query_of(address)
                return fetch(f"{query['redirect_uri']}/?code=c&state={query['state']}")

            person, shelf = Person(act=act), MemoryShelf()
            with pytest.raises(error, match=says) as caught:
                await EntraPerson(
                    settings, http, shelf, person, English(), StopEvent(), DIRECTORY
                ).sign_in()
            assert shelf.kept is None
            assert len(server.seen) == 1
            return caught.value

    assert type(asyncio.run(main())) is error


def test_an_answer_with_another_nonce_is_not_believed() -> None:
    import jwt

    claims = {"nonce": "other", "aud": "app", "preferred_username": "eve", "iss": "x", "sub": "y"}
    token = jwt.encode(claims, "k" * 32, algorithm="HS256")
    body = {"access_token": "a", "expires_in": 5, "refresh_token": "r", "id_token": token}

    async def main():
        async with serving(lambda _: Reply(200, body)) as server, client() as http:
            settings = SourceSettings("t.example", "app", "sp", BROWSER, login_url=server.url)

            def act(address: str) -> str:
                query = query_of(address)
                return fetch(f"{query['redirect_uri']}/?code=c&state={query['state']}")

            shelf = MemoryShelf()
            with pytest.raises(BrokenContract, match="another sign-in"):
                await EntraPerson(
                    settings, http, shelf, Person(act=act), English(), StopEvent(), DIRECTORY
                ).sign_in()
            assert shelf.kept is None

    asyncio.run(main())


def test_a_notification_is_sent_with_the_sign_in_of_the_person(sandbox) -> None:
    settings, shelf = settings_of(sandbox), MemoryShelf()
    sign_in(settings, shelf, Person(), permissions=DIRECTORY + MAIL)
    mailbox = str(sandbox.world.directory.people[0].get("userPrincipalName"))
    wanted = NotificationSettings(("ops@x.example",), send_through="graph", mailbox=mailbox)
    mailer = GraphMailer(settings, wanted, no_secret, lambda: datetime.now(UTC), shelf)
    mailer.send("Hello", "It works.")
    assert len(sandbox.world.mails) == 1
    assert len(shelf.saved) == 2
    sandbox.world.sign_people_out("source")
    with pytest.raises(MailRefused, match="no longer accepts") as caught:
        mailer.send("Hello", "Again.")
    assert str(caught.value.advice) == "Press the button."
