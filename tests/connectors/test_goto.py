import asyncio
import base64
import json
import logging
from contextlib import asynccontextmanager

import pytest
from loopback import PATIENT, SECRETS, Drop, Reply, Waits, secrets, serving

from app.connectors import open_target
from app.connectors.errors import AccountKeyNeeded
from app.connectors.goto_admin import GoToAdminTarget
from app.domain.accounts import AccountDraft, AccountUpdate, WriteProbe
from app.domain.errors import (
    BrokenContract,
    ConfigurationError,
    CredentialsRefused,
    EntryError,
    PermissionMissing,
    RollcallError,
    SecretMissing,
    ServiceError,
    ServiceFaulty,
    Unreachable,
)
from app.domain.settings import TargetKind, TargetSettings, TargetSignIn
from app.sandbox.server import Sandbox

KEY = 6917529027641081857
SEAT = "5764607523034234881"
G2M = frozenset({SEAT})


class GoTo:
    """A small account with the faults a test asks for; `made` counts how often each was created."""

    def __init__(self, users=(), **changes):
        self.users = {one: self.user(one, n) for n, one in enumerate(users)}
        self.made = {}
        self.me = {
            "key": 4611686018427387905,
            "accountKey": KEY,
            "email": "admin@x.example",
            "adminRoles": ["SUPER_USER"],
        }
        self.licences = Reply(
            200, {"results": [{"key": int(SEAT), "products": ["G2M"]}], "total": 1}
        )
        self.tokens = []
        self.refreshes = False
        self.refuse_tokens = 0
        self.on_token = lambda seen: None
        self.on_list = lambda seen, reply: reply
        self.before_create = lambda seen: None
        self.after_create = lambda seen, reply: reply
        self.on_put = lambda seen: None
        self.seats = 10_000
        self.__dict__.update(changes)

    @staticmethod
    def user(email, n):
        return {
            "key": 9007199254740993000 + n,
            "email": email,
            "firstName": "A",
            "lastName": "B",
            "licenseKeys": [],
            "adminRoles": [],
        }

    def __call__(self, seen):
        if seen.path == "/oauth/token":
            return self._token(seen)
        if self.refuse_tokens > 0:
            self.refuse_tokens -= 1
            return Reply(403, {"int_err_code": "InvalidToken", "msg": "Invalid token passed"})
        if seen.path.endswith("/me"):
            return Reply(200, self.me)
        if seen.path.endswith("/licenses"):
            return self.licences
        if seen.method == "PUT":
            return self.on_put(seen) or Reply(204)
        if seen.method == "POST":
            return self._create(seen)
        return self.on_list(seen, self._list(seen))

    def _token(self, seen):
        self.tokens.append(seen)
        body = {"access_token": f"goto-token-{len(self.tokens)}", "expires_in": 3600}
        if self.refreshes:
            body["refresh_token"] = f"refresh-{len(self.tokens)}"
        return self.on_token(seen) or Reply(200, body)

    def _list(self, seen):
        assert "+" not in seen.raw_query
        query, users = seen.query, list(self.users.values())
        if "filter" in query:
            wanted = query["filter"].removeprefix("email eq ")
            users = [one for one in users if one["email"].lower() == json.loads(wanted)]
        start = int(query.get("offset", 0))
        page = users[start : start + int(query["pageSize"])]
        return Reply(200, {"results": page, "total": len(users)})

    def _create(self, seen):
        refusal = self.before_create(seen)
        if refusal is not None:
            return refusal
        body = seen.json
        assert body["suppressEmail"] is True
        fresh = [one for one in body["users"] if one["email"].lower() not in self.users]
        if body.get("licenseKeys"):
            if len(fresh) > self.seats:
                return Reply(400, {"errorCode": "LICENSE_LIMIT", "message": "Not enough licenses"})
            self.seats -= len(fresh)
        for one in fresh:
            email = one["email"].lower()
            self.made[email] = self.made.get(email, 0) + 1
            self.users[email] = self.user(one["email"], len(self.users)) | {
                "licenseKeys": body.get("licenseKeys", [])
            }
        answered = [self.users[one["email"].lower()] for one in body["users"]]
        reply = Reply(201, [{"key": one["key"], "email": one["email"]} for one in answered])
        return self.after_create(seen, reply)


@asynccontextmanager
async def opened(url, secrets=secrets, url_of_api=None, **settings):
    known = {
        "kind": TargetKind.GOTO_ADMIN,
        "url": url_of_api or f"{url}/admin/rest/v1",
        "sign_in": TargetSignIn.PASSWORD,
        "client_id": "client-1",
        "user_name": "admin@x.example",
        "token_url": f"{url}/oauth/token",
        "requests_per_second": 10_000.0,
    }
    target = GoToAdminTarget(TargetSettings(**known | settings), secrets, Waits(), patience=PATIENT)
    try:
        yield target
    finally:
        await target.close()


def run(main, goto=None, secrets=secrets, **settings):
    """`main(target, server)` with the account behind a real socket."""

    async def inner():
        async with (
            serving(goto or GoTo()) as server,
            opened(server.url, secrets, **settings) as target,
        ):
            return await main(target, server)

    return asyncio.run(inner())


def drafts(count, licences=G2M, domain="x.example"):
    return [
        AccountDraft(
            f"p{n}",
            f"p{n}@{domain}",
            {"email": f"P{n}@{domain}", "firstName": "Zoë", "lastName": "O'Hara"},
            licences,
        )
        for n in range(count)
    ]


def creating(goto, people):
    """Outcomes of one creation, and how many POSTs it took."""

    async def main(target, server):
        outcomes = await target.create(people)
        assert [one.person_id for one in outcomes] == [one.person_id for one in people]
        return outcomes, server.count("POST", "/users")

    return run(main, goto)


def codes(outcomes):
    return [one.error.code if one.error else None for one in outcomes]


# --- signing in ----------------------------------------------------------------------------


async def sign_in(target, server):
    return await target.sign_in()


def test_password_as_a_public_client():
    goto = GoTo()
    assert run(sign_in, goto) == 3600
    (seen,) = goto.tokens
    assert seen.form == {
        "grant_type": "password",
        "username": "admin@x.example",
        "password": SECRETS["target.password"],
        "client_id": "client-1",
    }
    assert "authorization" not in seen.headers


def test_a_client_with_a_secret_shows_it_as_basic():
    goto = GoTo()
    known = SECRETS | {"target.client_secret": "cs:1"}
    run(sign_in, goto, known.__getitem__, sign_in=TargetSignIn.PERSONAL_ACCESS_TOKEN)
    (seen,) = goto.tokens
    assert seen.form == {"grant_type": "personal_access_token", "pat": SECRETS["target.token"]}
    pair = base64.b64encode(b"client-1:cs:1").decode()
    assert seen.headers["authorization"] == f"Basic {pair}"


def test_a_refresh_token_is_used_kept_and_given_up():
    goto = GoTo(refreshes=True)

    async def main(target, server):
        await target.sign_in()
        await target.sign_in()
        goto.refreshes = False
        await target.sign_in()
        goto.on_token = lambda seen: (
            Reply(400, {"error": "invalid_grant"}) if "refresh_token" in seen.form else None
        )
        await target.sign_in()

    run(main, goto)
    sent = [one.form.get("refresh_token") for one in goto.tokens]
    # Second: rotated. Third: none in the answer, so the old one stays. Then refused: password.
    assert sent == [None, "refresh-1", "refresh-2", "refresh-2", None]


def test_a_lost_answer_to_a_refresh_leads_to_the_password():
    goto = GoTo(refreshes=True)

    async def main(target, server):
        await target.sign_in()
        goto.on_token = lambda seen: Drop() if "refresh_token" in seen.form else None
        await target.sign_in()

    run(main, goto)
    assert [one.form["grant_type"] for one in goto.tokens] == [
        "password",
        "refresh_token",
        "password",
    ]


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_replaced_once_for_all(status):
    goto = GoTo()
    good = "Bearer goto-token-2"
    goto.on_list = lambda seen, reply: (
        reply if seen.headers["authorization"] == good else Reply(status)
    )

    async def main(target, server):
        await target.fetch_info()
        await asyncio.gather(*(target.find_accounts([f"{n}@x"]) for n in range(5)))

    run(main, goto)
    assert len(goto.tokens) == 2


@pytest.mark.parametrize(
    ("status", "body", "says", "advises"),
    [
        (400, {"error": "invalid_grant"}, "sign-in of admin@x.example", "password"),
        (401, None, "sign-in of admin@x.example", "password"),
        (401, {"error": "invalid_client"}, "OAuth client", "target.client_id"),
        (400, {"error": "unauthorized_client"}, "way of signing in", "personal access token"),
        (400, {"int_err_code": "X", "msg": "old words"}, "“old words”", "password"),
    ],
)
def test_refused_sign_ins_have_a_sentence_each(status, body, says, advises):
    goto = GoTo(on_token=lambda _: Reply(status, body))

    async def main(target, server):
        with pytest.raises(CredentialsRefused) as caught:
            await target.sign_in()
        return str(caught.value), str(caught.value.advice)

    text, advice = run(main, goto)
    assert says in text
    assert advises in advice


def test_a_refused_personal_access_token_is_called_that():
    async def main(target, server):
        with pytest.raises(CredentialsRefused, match="personal access token"):
            await target.sign_in()

    goto = GoTo(on_token=lambda _: Reply(400, {"error": "invalid_grant"}))
    run(main, goto, sign_in=TargetSignIn.PERSONAL_ACCESS_TOKEN)


@pytest.mark.parametrize("reply", [Reply(200, b"<html>"), Reply(200, {}), Reply(404)])
def test_token_hosts_that_talk_nonsense(reply):
    async def main(target, server):
        with pytest.raises(BrokenContract):
            await target.sign_in()

    run(main, GoTo(on_token=lambda _: reply))


def test_no_secret_is_in_any_error_or_log(caplog):
    caplog.set_level(logging.DEBUG)
    password = SECRETS["target.password"]

    async def refused(target, server):
        with pytest.raises(RollcallError) as caught:
            await target.sign_in()
        return caught.value

    async def echoed(target, server):
        return (await target.create(drafts(1)))[0].error

    goto = GoTo(before_create=lambda seen: Reply(400, {"message": str(seen.headers)}))
    echo = GoTo(on_token=lambda _: Reply(400, {"error": "x", "error_description": password}))
    said = "".join(f"{vars(one)!r}{one}" for one in (run(refused, echo), run(echoed, goto)))
    assert said.count("***") >= 2
    for hidden in (password, json.dumps(password)[1:-1], "goto-token-"):
        assert hidden not in said
        assert hidden not in caplog.text


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"sign_in": TargetSignIn.BEARER}, "target.sign_in"),
        ({"client_id": None}, "target.client_id"),
        ({"token_url": ""}, "target.token_url"),
        ({"user_name": None}, "target.user_name"),
    ],
)
def test_what_cannot_work_names_the_key(settings, key):
    known = {
        "kind": TargetKind.GOTO_ADMIN,
        "url": "http://127.0.0.1:1",
        "sign_in": TargetSignIn.PASSWORD,
        "client_id": "c",
        "user_name": "u",
        "token_url": "http://127.0.0.1:1/t",
    }

    async def main():
        with pytest.raises(ConfigurationError) as caught:
            open_target(TargetSettings(**known | settings), secrets, Waits())
        return caught.value.key

    assert asyncio.run(main()) == key


def test_a_missing_secret_is_passed_on():
    def nothing(name):
        raise SecretMissing(name)

    async def main(target, server):
        with pytest.raises(SecretMissing, match=r"target\.password"):
            await target.sign_in()

    run(main, secrets=nothing)


# --- the account ---------------------------------------------------------------------------


async def info(target, server):
    return await target.fetch_info()


def test_the_account_is_found_and_keys_stay_exact():
    found = run(info)
    assert found.account.key == "6917529027641081857"
    assert found.own_key == "4611686018427387905"
    assert found.roles == ("SUPER_USER",)
    (licence,) = found.licences
    assert (licence.key, licence.products) == (SEAT, {"G2M"})


def test_account_keys_may_be_text_and_only_listed():
    me = {"email": "a@x", "accounts": [{"key": "771", "name": "Only"}]}
    found = run(info, GoTo(me=me))
    assert (found.account.key, found.account.name) == ("771", "Only")


SEVERAL = {"email": "a@x", "accounts": [{"key": 1, "name": "One"}, {"key": 2, "name": "Two"}]}


def test_several_accounts_have_to_be_chosen_from():
    async def main(target, server):
        with pytest.raises(AccountKeyNeeded) as caught:
            await target.fetch_info()
        return caught.value

    error = run(main, GoTo(me=SEVERAL))
    assert error.key == "target.account_key"
    assert "One (1), Two (2)" in str(error)
    assert [one.key for one in error.choices] == ["1", "2"]
    assert run(info, GoTo(me=SEVERAL), account_key="2").account.name == "Two"


@pytest.mark.parametrize("status", [403, 404])
def test_a_wrong_account_key_is_said_with_the_right_ones(status):
    async def main(target, server):
        with pytest.raises(ConfigurationError) as caught:
            await target.fetch_info()
        return caught.value

    goto = GoTo(me=SEVERAL, licences=Reply(status, {"errorCode": "FORBIDDEN"}))
    error = run(main, goto, account_key="3")
    assert error.key == "target.account_key"
    assert "Two (2)" in str(error)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(401, {"code": "not.authenticated", "uri": "/me"}), PermissionMissing),
        (
            Reply(401, None, {"WWW-Authenticate": 'Bearer error="invalid_token"'}),
            CredentialsRefused,
        ),
        (Reply(401, {"message": "UnauthorizedException"}), CredentialsRefused),
        (Reply(403, {"err": "no", "message": "No", "incident": "1"}), PermissionMissing),
        (Reply(404, {"errorCode": "NOT_FOUND", "message": "Not here"}), BrokenContract),
        (Reply(200, b"<html>"), BrokenContract),
        (Reply(500), ServiceFaulty),
        (Drop(), Unreachable),
    ],
)
def test_what_concerns_everybody_ends_the_cycle(reply, kind):
    async def main(target, server):
        with pytest.raises(ServiceError) as caught:
            await target.fetch_info()
        return caught.value

    assert isinstance(run(main, GoTo(licences=reply)), kind)


def test_reaching_asks_without_a_token():
    async def main(target, server):
        await target.reach()
        return target.counts.requests, [one.headers.get("authorization") for one in server.seen]

    assert run(main, lambda _: Reply(405)) == (2, [None, None])


# --- listing -------------------------------------------------------------------------------

MANY = [f"u{n}@x.example" for n in range(250)]


async def listed(target, server):
    pages = [page async for page in target.fetch_accounts()]
    return [account.match for page in pages for account in page]


def test_all_pages_are_read_whatever_the_cap_and_the_total():
    assert run(listed, GoTo(MANY)) == MANY

    def capped(seen, reply):
        start = int(seen.query["offset"])
        return Reply(200, {"results": list(goto.users.values())[start : start + 30]})

    goto = GoTo(MANY, on_list=capped)
    assert run(listed, goto) == MANY

    goto = GoTo(MANY[:30], on_list=lambda s, r: Reply(200, {**r.body, "total": 30}))
    assert run(listed, goto) == MANY[:30]


def test_overlapping_pages_give_each_account_once():
    def shifted(seen, reply):
        start = max(0, int(seen.query["offset"]) - 3)
        return Reply(200, {"results": list(goto.users.values())[start : start + 100]})

    goto = GoTo(MANY[:103], on_list=shifted)

    assert run(listed, goto) == MANY[:103]


@pytest.mark.parametrize(
    "on_list",
    [
        lambda seen, reply: (
            Reply(200, {"results": reply.body["results"][:100], "total": 999})
            if seen.query["offset"] == "0"
            else Reply(200, {"results": [], "total": 999})
        ),
        lambda seen, reply: Reply(
            200, {"results": reply.body["results"], "total": 250 - int(seen.query["offset"])}
        ),
        lambda seen, reply: Reply(200, {"results": [{"key": 5, "email": "always@x"}]}),
    ],
    ids=["ends early", "shrinks", "repeats"],
)
def test_a_list_with_holes_is_never_taken_for_all(on_list):
    async def main(target, server):
        with pytest.raises(ServiceFaulty, match="incomplete"):
            await listed(target, server)

    run(main, GoTo(MANY, on_list=on_list))


@pytest.mark.parametrize(
    "body", [{}, {"total": 0}, [], {"results": "x"}, {"results": [{"email": "no@key"}]}]
)
def test_pages_that_break_the_contract(body):
    async def main(target, server):
        with pytest.raises(BrokenContract):
            await listed(target, server)

    run(main, GoTo(on_list=lambda *_: Reply(200, body)))


def finding(goto, matches, first=False):
    """Who was found, and how many requests it took."""

    async def main(target, server):
        await target.fetch_info()
        if first:
            await listed(target, server)
        before = target.counts.requests
        found = await target.find_accounts(matches)
        return sorted(account.match for account in found), target.counts.requests - before

    return run(main, goto)


def test_few_are_asked_for_one_by_one_and_many_from_the_list():
    assert finding(GoTo(MANY), MANY[:2]) == (MANY[:2], 2)
    assert finding(GoTo(MANY), sorted(MANY)) == (sorted(MANY), 3)
    assert finding(GoTo(MANY), MANY[:4], first=True) == (MANY[:4], 4)
    missing = ["nobody@x", *sorted(MANY[:8])]
    assert finding(GoTo(MANY), missing, first=True) == (sorted(MANY[:8]), 1 + 1)
    huge = [f"v{n}@x.example" for n in range(2000)]
    # Nothing known: the first page tells that the list is long, the rest is asked for singly.
    assert finding(GoTo(huge), [*huge[:2], *huge[-4:]]) == (sorted([*huge[:2], *huge[-4:]]), 1 + 4)
    assert finding(GoTo(MANY), []) == ([], 0)


def test_addresses_are_quoted_and_compared_without_capitals():
    odd = 'o"h\\ar a+b@x.example'
    assert finding(GoTo([odd.upper()]), [odd]) == ([odd], 1)


@pytest.mark.parametrize("reply", [Reply(404), Reply(200, {}), Reply(200, {"results": []})])
def test_nobody_found_comes_in_several_forms(reply):
    assert finding(GoTo(on_list=lambda *_: reply), ["a@x"]) == ([], 1)


def test_a_service_that_ignores_filters_is_read_in_full():
    def ignoring(seen, reply):
        start = int(seen.query.get("offset", 0))
        users = list(goto.users.values())
        return Reply(200, {"results": users[start : start + 100], "total": len(users)})

    goto = GoTo(MANY, on_list=ignoring)
    assert finding(goto, [MANY[240]])[0] == [MANY[240]]


# --- creating ------------------------------------------------------------------------------


def test_a_hundred_are_created_with_one_request():
    goto = GoTo()
    outcomes, posts = creating(goto, drafts(100))
    assert posts == 1
    assert codes(outcomes) == [None] * 100
    assert outcomes[3].key == str(goto.users["p3@x.example"]["key"])
    assert outcomes[3].account is None


def test_the_body_of_a_creation():
    bodies = []
    creating(GoTo(before_create=lambda seen: bodies.append(seen.json)), drafts(1))
    user = {"email": "P0@x.example", "firstName": "Zoë", "lastName": "O'Hara"}
    assert bodies == [{"users": [user], "licenseKeys": [int(SEAT)], "suppressEmail": True}]


@pytest.mark.parametrize(
    "wrap", [lambda items: {"results": items}, lambda items: items[0], lambda items: items]
)
def test_answers_in_every_form(wrap):
    goto = GoTo(after_create=lambda seen, reply: Reply(200, wrap(reply.body)))
    outcomes, posts = creating(goto, drafts(1))
    assert (codes(outcomes), posts) == ([None], 1)
    assert outcomes[0].key


def test_who_is_missing_from_the_answer_is_looked_up():
    goto = GoTo(after_create=lambda seen, reply: Reply(201, reply.body[1:]))
    outcomes, posts = creating(goto, drafts(3))
    assert (codes(outcomes), posts) == ([None] * 3, 1)
    assert outcomes[0].account.match == "p0@x.example"

    def forgetful(seen, reply):
        del goto.users["p0@x.example"]
        return Reply(201, reply.body[1:])

    goto = GoTo(after_create=forgetful)
    outcomes, _ = creating(goto, drafts(3))
    assert codes(outcomes) == ["InternalServerError", None, None]
    assert outcomes[0].error.transient


def refusing(bad, reply):
    """Refuse the whole call when it holds one of the bad."""

    def before(seen):
        sent = {one["email"].lower() for one in seen.json["users"]}
        return reply if sent & bad else None

    return before


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(400, {"errorCode": "INVALID_DOMAIN", "message": "bad domain"}), "InvalidDomain"),
        (Reply(400, {"message": "lastName is required"}), "MandatoryFieldsMissing"),
        (Reply(422, {"err": "x", "message": "odd"}), "UnprocessableEntity"),
        (Reply(409, {"message": "in another account"}), "Conflict"),
        (Reply(403, {"message": "this one not"}), "InsufficientRights"),
        (Reply(400), "UnprocessableEntity"),
    ],
)
def test_bad_entries_are_singled_out_and_quoted(reply, code):
    bad = {"p37@x.example", "p80@x.example"}
    goto = GoTo(before_create=refusing(bad, reply))
    outcomes, posts = creating(goto, drafts(100))
    assert {one.person_id: one.error.code for one in outcomes if one.error} == {
        "p37": code,
        "p80": code,
    }
    assert set(goto.made.values()) == {1}
    assert len(goto.made) == 98
    assert posts <= 60
    text = str(next(one.error for one in outcomes if one.error))
    assert "p37@x.example" in text
    if reply.body:
        assert reply.body["message"] in text


def test_a_conflict_with_somebody_who_is_there_takes_them_over():
    conflict = refusing({"p1@x.example"}, Reply(409, {"message": "exists"}))
    outcomes, _ = creating(GoTo(["P1@x.example"], before_create=conflict), drafts(3))
    assert codes(outcomes) == [None] * 3
    assert outcomes[1].account.match == "p1@x.example"


def test_missing_rights_end_the_cycle_at_once():
    goto = GoTo(before_create=lambda _: Reply(403, {"message": "Needs MANAGE_USERS"}))
    goto.me["adminRoles"] = ["RUN_REPORTS"]

    async def main(target, server):
        with pytest.raises(PermissionMissing, match="Needs MANAGE_USERS"):
            await target.create(drafts(50))
        return server.count("POST", "/users")

    assert run(main, goto) == 2


def test_seats_are_filled_to_the_last_and_then_nobody_is_asked_for():
    goto = GoTo(seats=13)

    async def main(target, server):
        outcomes = list(await target.create(drafts(20)))
        posts = server.count("POST", "/users")
        late = await target.create(drafts(5, domain="late.example"))
        other = await target.create(drafts(2, frozenset(), "other.example"))
        return outcomes, late, other, server.count("POST", "/users") - posts

    outcomes, late, other, posts = run(main, goto)
    assert codes(outcomes) == [None] * 13 + ["LicenseLimitExceeded"] * 7
    assert codes(late) == ["LicenseLimitExceeded"] * 5
    assert codes(other) == [None, None]
    assert posts == 1


def test_a_seat_given_back_makes_creating_worth_trying_again():
    goto = GoTo(["leaver@x.example"], seats=0)

    async def main(target, server):
        before = await target.create(drafts(1))
        await target.update(AccountUpdate("l", "1", "leaver@x.example", {}, frozenset(), ()))
        goto.seats = 1
        return codes([*before, *await target.create(drafts(1))])

    assert run(main, goto) == ["LicenseLimitExceeded", None]


@pytest.mark.parametrize("loss", [Drop(), Reply(502), Reply(504)])
def test_an_answer_lost_after_the_work_was_done_creates_nobody_twice(loss):
    goto = GoTo(after_create=lambda seen, reply: loss)
    outcomes, posts = creating(goto, drafts(100))
    assert posts == 1
    assert codes(outcomes) == [None] * 100
    assert set(goto.made.values()) == {1}
    assert outcomes[0].account.licences == G2M


@pytest.mark.parametrize("loss", [Drop(), Reply(503)])
def test_an_answer_lost_before_the_work_is_asked_for_again_after_looking(loss):
    losses = [loss, loss]
    goto = GoTo(before_create=lambda seen: losses.pop() if losses else None)
    outcomes, posts = creating(goto, drafts(10))
    assert (posts, codes(outcomes)) == (3, [None] * 10)


def test_half_done_work_is_finished_for_the_others_only():
    sent = []

    def half(seen, reply):
        sent.append([one["email"] for one in seen.json["users"]])
        if len(sent) > 1:
            return reply
        for n in range(5, 10):
            del goto.users[f"p{n}@x.example"], goto.made[f"p{n}@x.example"]
        return Drop()

    goto = GoTo(after_create=half)
    outcomes, _ = creating(goto, drafts(10))
    assert codes(outcomes) == [None] * 10
    assert sent[1] == [f"P{n}@x.example" for n in range(5, 10)]
    assert set(goto.made.values()) == {1}


@pytest.mark.parametrize("poison", [Reply(500, {"message": "kaputt"}), Drop()])
def test_one_entry_the_service_stumbles_over_does_not_hold_the_others(poison):
    goto = GoTo(before_create=refusing({"p42@x.example"}, poison))
    outcomes, posts = creating(goto, drafts(100))
    (failed,) = (one for one in outcomes if one.error)
    assert failed.person_id == "p42"
    assert failed.error.transient
    assert len(goto.made) == 99
    assert posts < 30


@pytest.mark.parametrize(("down", "kind"), [(Reply(500), ServiceFaulty), (Drop(), Unreachable)])
def test_a_service_that_creates_nobody_ends_the_cycle(down, kind):
    goto = GoTo(before_create=lambda _: down)

    async def main(target, server):
        with pytest.raises(kind):
            await target.create(drafts(100))
        return server.count("POST", "/users")

    assert run(main, goto) <= 24


def test_a_throttled_creation_waits_and_goes_on():
    throttles = [Reply(429), Reply(429, headers={"Retry-After": "0.5"})]
    goto = GoTo(before_create=lambda _: throttles.pop() if throttles else None)

    async def main(target, server):
        return codes(await target.create(drafts(3))), target.counts.throttled

    assert run(main, goto) == ([None] * 3, 2)


# --- updating ------------------------------------------------------------------------------


def updating(on_put, update, **changes):
    async def main(target, server):
        outcome = await target.update(update)
        puts = [one for one in server.seen if one.method == "PUT"]
        return outcome, puts

    return run(main, GoTo(on_put=on_put, **changes))


def an_update(**changes):
    return AccountUpdate("p", "9007199254740993001", "p@x.example", **changes)


def test_only_what_is_given_is_sent():
    _, (put,) = updating(lambda _: None, an_update(attributes={"firstName": "É"}))
    assert put.json == {"firstName": "É"}
    assert put.path == f"/admin/rest/v1/accounts/{KEY}/users/9007199254740993001"
    _, (put,) = updating(lambda _: None, an_update(licences=frozenset(), roles=()))
    assert put.json == {"licenseKeys": [], "adminRoles": []}
    _, (put,) = updating(lambda _: None, an_update(licences=frozenset({"12", "abc"})))
    assert put.json == {"licenseKeys": [12, "abc"]}


def test_a_whole_user_in_the_answer_is_passed_on():
    whole = GoTo.user("P@x.example", 1) | {"licenseKeys": ["77", 78], "identityReadOnly": True}
    outcome, _ = updating(lambda _: Reply(200, whole), an_update(roles=()))
    assert outcome.account.match == "p@x.example"
    assert outcome.account.licences == {"77", "78"}
    assert outcome.account.read_only
    for reply in (Reply(204), Reply(200, {"key": 1}), Reply(200)):
        outcome, _ = updating(lambda _, reply=reply: reply, an_update(roles=()))
        assert (outcome.account, outcome.error) == (None, None)
        assert outcome.key == "9007199254740993001"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(404), "InvalidAnchor"),
        (Reply(409), "Conflict"),
        (Reply(403, {"errorCode": "NOT_PERMITTED", "message": "identityReadOnly"}), "NotPermitted"),
        (Reply(403), "InsufficientRights"),
        (Reply(400, {"message": "Not enough licenses available"}), "LicenseLimitExceeded"),
        (Reply(400, {"message": "There is no license 7"}), "UnprocessableEntity"),
    ],
)
def test_a_refused_update_is_that_persons_error(reply, code):
    outcome, _ = updating(lambda _: reply, an_update(licences=G2M))
    assert isinstance(outcome.error, EntryError)
    assert outcome.error.code == code


def test_an_update_is_repeated_after_faults():
    faults = [Drop(), Reply(502)]
    outcome, puts = updating(lambda _: faults.pop() if faults else Reply(204), an_update(roles=()))
    assert (outcome.error, len(puts)) == (None, 3)


def test_one_failing_account_is_one_and_three_in_a_row_are_the_service():
    goto = GoTo(on_put=lambda seen: Reply(502) if seen.path.endswith("/bad") else None)

    async def main(target, server):
        bad = AccountUpdate("b", "bad", "b@x", {"firstName": "B"})
        for good_between in (True, False):
            outcome = await target.update(bad)
            assert outcome.error.code == "InternalServerError"
            assert outcome.error.transient
            if good_between:
                assert (await target.update(an_update(roles=()))).error is None
        await target.update(bad)
        with pytest.raises(ServiceFaulty):
            await target.update(bad)

    run(main, goto)


def test_keys_cannot_climb_out_of_their_place():
    async def main(target, server):
        await target.update(AccountUpdate("b", "../../me", "b@x", {"firstName": "B"}))
        return server.seen[-1].target

    assert run(main).endswith("/users/..%2F..%2Fme")


# --- against the practice account ----------------------------------------------------------


def sandboxed(sandbox, main):
    info = sandbox.info()
    given = info["profile"]["target"]
    settings = {k: given[k] for k in ("client_id", "user_name", "token_url")}

    def known(name):
        if name not in info["secrets"]:
            raise SecretMissing(name)
        return info["secrets"][name]

    async def inner():
        async with opened("", known, url_of_api=given["url"], **settings) as target:
            return await main(target)

    return asyncio.run(inner())


def test_a_thousand_new_accounts_cost_far_less_than_sixty_requests():
    with Sandbox(users=1500) as sandbox:

        async def main(target):
            info = await target.fetch_info()
            (seat,) = (one.key for one in info.licences if one.products == {"G2M"})
            known = [one.match async for page in target.fetch_accounts() for one in page]
            domain = known[0].partition("@")[2]
            people = drafts(1000, frozenset({seat}), f"{domain}")
            outcomes = []
            for start in range(0, 1000, 100):
                outcomes += await target.create(people[start : start + 100])
            found = await target.find_accounts([one.match for one in people])
            return outcomes, found, target.counts.requests

        outcomes, found, requests = sandboxed(sandbox, main)
        assert {one.key for one in outcomes} == {one.key for one in found}
        assert len(found) == 1000
        assert all(one.licences for one in found)
        assert requests <= 60
        print(f"\n1,000 new accounts: {requests} requests to GoTo")


def test_asking_for_the_right_to_write_leaves_nothing_behind():
    with Sandbox(users=5) as sandbox:
        world = sandbox.world

        async def main(target):
            before = repr(world.goto.by_key)
            allowed, after = await target.probe_writing(), repr(world.goto.by_key)
            world.revoke_admin()
            with pytest.raises(PermissionMissing):
                await target.probe_writing()
            return allowed, after == before

        same = sandboxed(sandbox, main)
    assert same == (WriteProbe.ALLOWED, True)


@pytest.mark.parametrize(
    ("status", "roles", "probe"),
    [
        (400, ["SUPER_USER"], WriteProbe.ALLOWED),
        (422, ["MANAGE_USERS"], WriteProbe.ALLOWED),
        (201, ["SUPER_USER"], WriteProbe.ALLOWED),
        (400, [], WriteProbe.NOT_REFUSED),
        (418, ["SUPER_USER"], WriteProbe.UNKNOWN),
        (500, ["SUPER_USER"], WriteProbe.UNKNOWN),
    ],
)
def test_what_an_answer_to_the_probe_proves(status, roles, probe):
    goto = GoTo()
    goto.me["adminRoles"] = roles
    goto.before_create = lambda seen: Reply(status, {} if status >= 400 else [])

    async def main(target, server):
        found = await target.probe_writing()
        sent = [one for one in server.seen if one.method == "POST" and one.path.endswith("/users")]
        assert all(one.json == {"users": [], "suppressEmail": True} for one in sent)
        return found

    assert run(main, goto) is probe
