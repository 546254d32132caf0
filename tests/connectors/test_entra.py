import asyncio
import logging
from collections import Counter
from contextlib import asynccontextmanager
from urllib.parse import unquote

import pytest
from loopback import PATIENT, SECRETS, Reply, Waits, secrets, serving

from app.connectors.entra import EntraSource
from app.connectors.graph_shapes import home_address
from app.domain.errors import (
    BrokenContract,
    ConfigurationError,
    CredentialsRefused,
    DeltaExpired,
    PermissionMissing,
    RollcallError,
    ServiceFaulty,
    Stopped,
    Unreachable,
)
from app.domain.people import Member, Presence, PrincipalKind
from app.domain.settings import SourceSettings
from app.sandbox.server import Sandbox

TENANT = "contoso.example"
TOKEN_PATH = f"/login/{TENANT}/oauth2/v2.0/token"
ZERO = "00000000-0000-0000-0000-000000000000"


class Directory:
    """A Graph a test fills in: `graph(seen)` answers what is not the sign-in."""

    def __init__(self, graph):
        self.graph = graph
        self.tokens = 0
        self.life = 3599
        self.token_reply = None

    def __call__(self, seen):
        if seen.path.startswith("/login/"):
            self.tokens += 1
            if self.token_reply is not None:
                return self.token_reply
            body = {"token_type": "Bearer", "expires_in": self.life}
            return Reply(200, body | {"access_token": f"graph-token-{self.tokens}"})
        return self.graph(seen)


def run(main, graph, **changes):
    """`main(source, server, directory)` with one answered page for everything by default."""

    async def inner():
        directory = Directory(graph)
        directory.__dict__.update(changes)
        async with serving(directory) as server, opened(server.url) as source:
            return await main(source, server, directory)

    return asyncio.run(inner())


@asynccontextmanager
async def opened(url, secrets=secrets, **settings):
    known = {
        "tenant": TENANT,
        "client_id": "app-1",
        "service_principal": "sp-1",
        "login_url": f"{url}/login",
        "graph_url": f"{url}/v1.0",
    }
    source = EntraSource(SourceSettings(**(known | settings)), secrets, Waits(), patience=PATIENT)
    try:
        yield source
    finally:
        await source.close()


def graph_error(status, code, message="No.", headers=None, **inner):
    error = {"code": code, "message": message, "innerError": {"request-id": "inner-1", **inner}}
    return Reply(status, {"error": error}, headers or {})


async def all_of(pages):
    return [page async for page in pages]


async def people(source, *_):
    return await all_of(source.fetch_people(None))


def test_signing_in_sends_what_microsoft_documents_and_nothing_else():
    async def main(source, server, directory):
        life = await source.sign_in()
        return life, server.seen

    life, seen = run(main, None)
    assert life == 3599
    (request,) = seen
    assert (request.method, request.path) == ("POST", TOKEN_PATH)
    assert request.form["grant_type"] == "client_credentials"
    assert request.form["client_id"] == "app-1"
    assert request.form["client_secret"] == SECRETS["source.client_secret"]
    assert request.form["scope"] == "https://graph.microsoft.com/.default"


def test_one_token_serves_many_requests_at_once():
    async def main(source, server, directory):
        await asyncio.gather(*(source.search_applications("") for _ in range(5)))
        return (
            directory.tokens,
            source.counts.requests,
            {one.headers.get("authorization") for one in server.seen if one.method == "GET"},
        )

    assert run(main, lambda _: Reply(200, {"value": []})) == (1, 6, {"Bearer graph-token-1"})


def test_a_token_that_soon_ends_is_renewed_before(monkeypatch):
    monkeypatch.setattr("app.connectors.tokens._EARLY", 3598.99)

    async def main(source, server, directory):
        directory.life = 3599
        for _ in range(2):
            await source.search_applications("")
            await asyncio.sleep(0.02)
        return directory.tokens

    # Half its life is the most that is given away: 3,599 s leave it good here …
    assert run(main, lambda _: Reply(200, {"value": []})) == 1

    async def short(source, server, directory):
        directory.life = 0.02
        for _ in range(2):
            await source.search_applications("")
            await asyncio.sleep(0.02)
        return directory.tokens

    # … and one that has run out is not tried.
    assert run(short, lambda _: Reply(200, {"value": []})) == 2


def test_a_refused_token_is_replaced_once():
    def graph(seen):
        good = seen.headers["authorization"] == "Bearer graph-token-2"
        return Reply(200, {"value": []}) if good else graph_error(401, "InvalidAuthenticationToken")

    async def main(source, server, directory):
        await asyncio.gather(*(source.search_applications("") for _ in range(4)))
        return directory.tokens

    assert run(main, graph) == 2


def test_refused_twice_is_said():
    async def main(source, server, directory):
        with pytest.raises(CredentialsRefused) as caught:
            await source.search_applications("")
        return str(caught.value), directory.tokens, caught.value.request_id

    text, tokens, request_id = run(main, lambda _: graph_error(401, "InvalidAuthenticationToken"))
    assert "does not accept Rollcall's token" in text
    assert tokens == 2
    assert request_id == "inner-1"


@pytest.mark.parametrize(
    ("number", "error", "says", "advises"),
    [
        (7000215, "invalid_client", "refused the client secret", "the secret's value, not its ID"),
        (7000222, "invalid_client", "has expired", "Make a new client secret"),
        (700016, "unauthorized_client", "knows no application app-1", "source.client_id"),
        (90002, "invalid_request", f"knows no tenant {TENANT}", "source.tenant"),
        (65001, "invalid_grant", "administrator's consent", "Grant admin consent"),
        (53003, "invalid_grant", "Conditional Access", "Exclude"),
        (99999, "invalid_client", "refused application app-1", "client secret"),
        (99999, "invalid_scope", "“AADSTS99999: words”", "source.tenant"),
    ],
)
@pytest.mark.parametrize("listed", [True, False])
def test_refused_sign_ins_have_a_sentence_each(number, error, says, advises, listed):
    body = {"error": error, "error_description": f"AADSTS{number}: words"}
    if listed:
        body["error_codes"] = [number]

    async def main(source, server, directory):
        with pytest.raises(CredentialsRefused) as caught:
            await source.sign_in()
        return str(caught.value), str(caught.value.advice), directory.tokens

    text, advice, tokens = run(main, None, token_reply=Reply(400, body))
    assert says in text
    assert advises in advice
    assert tokens == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(200, b"<html>Log in to the hotel</html>"), BrokenContract),
        (Reply(200, {"token_type": "Bearer"}), BrokenContract),
        (Reply(404, b"nothing here"), BrokenContract),
        (Reply(503), ServiceFaulty),
    ],
)
def test_sign_in_hosts_that_talk_nonsense(reply, kind):
    async def main(source, server, directory):
        with pytest.raises(kind) as caught:
            await source.sign_in()
        return str(caught.value)

    assert "127.0.0.1" in run(main, None, token_reply=reply)


def test_no_secret_or_token_is_in_any_error_or_log(caplog):
    caplog.set_level(logging.DEBUG)
    secret = SECRETS["source.client_secret"]
    words = f"AADSTS7000215: invalid secret {secret}"

    async def refused(source, server, directory):
        with pytest.raises(CredentialsRefused) as caught:
            await source.sign_in()
        return caught.value

    errors = [
        run(refused, None, token_reply=Reply(401, {"error": "x", "error_description": words}))
    ]

    async def echoed(source, server, directory):
        with pytest.raises(RollcallError) as caught:
            await people(source)
        return caught.value

    def graph(seen):
        return graph_error(400, "BadRequest", f"Your header was {seen.headers['authorization']}")

    errors.append(run(echoed, graph))
    said = "".join(repr(vars(one)) + str(one) + repr(one.__cause__) for one in errors)
    assert "***" in said
    logged = caplog.text
    for hidden in (secret, "graph-token-"):
        assert hidden not in said
        assert hidden not in logged


APPLICATION = {
    "id": "sp-object",
    "appId": "sp-1",
    "displayName": "GoToMeeting",
    "appRoles": [{"id": "r1", "displayName": "Organiser", "value": None, "isEnabled": False}],
}


def test_the_application_may_be_given_by_client_id():
    def graph(seen):
        assert "$select" in seen.query
        if unquote(seen.path).endswith("(appId='sp-1')"):
            return Reply(200, APPLICATION)
        return graph_error(404, "Request_ResourceNotFound")

    async def main(source, server, directory):
        application = await source.fetch_application()
        assert (application.id, application.name) == ("sp-object", "GoToMeeting")
        assert application.roles[0].value is None
        assert not application.roles[0].enabled

    run(main, graph)


def test_an_unknown_application_names_the_key():
    async def main(source, server, directory):
        with pytest.raises(ConfigurationError) as caught:
            await source.fetch_application()
        return caught.value.key

    assert run(main, lambda _: graph_error(404, "X")) == "source.service_principal"


def test_assignments_come_page_by_page():
    def graph(seen):
        if seen.path.endswith("/sp-1"):
            return Reply(200, APPLICATION)
        assert seen.path == "/v1.0/servicePrincipals/sp-object/appRoleAssignedTo"
        base = f"http://{seen.headers['host']}{seen.path}"
        grant = {"id": "a", "principalId": "p", "principalType": "User", "appRoleId": ZERO}
        if "$skiptoken" not in seen.query:
            assert seen.query["$top"] == "999"
            return Reply(200, {"value": [grant], "@odata.nextLink": f"{base}?$skiptoken=a%2Bb%20c"})
        if seen.query["$skiptoken"] == "a+b c":
            assert seen.raw_query == "$skiptoken=a%2Bb%20c"
            return Reply(200, {"value": [], "@odata.nextLink": f"{base}?$skiptoken=2"})
        return Reply(200, {"value": [grant | {"principalType": "Group", "id": "b"}]})

    async def main(source, server, directory):
        return await all_of(source.fetch_assignments())

    pages = run(main, graph)
    assert [len(page) for page in pages] == [1, 0, 1]
    assert pages[2][0].principal_kind is PrincipalKind.GROUP


def test_people_have_the_names_mappings_use():
    entry = {
        "id": "u1",
        "userPrincipalName": "anna_b_fabrikam.example#EXT#@contoso.example",
        "mail": None,
        "businessPhones": ["+33 1", "+33 2"],
        "mobilePhone": "+33 6",
        "officeLocation": "B2",
        "faxNumber": "99",
        "accountEnabled": False,
        "proxyAddresses": ["SMTP:a@x", "smtp:b@x"],
        "onPremisesExtensionAttributes": {
            "extensionAttribute1": "one",
            "extensionAttribute2": None,
        },
        "extension_abc_costCentre": "77",
        "newThingOfNextYear": {"a": 1},
    }

    def graph(seen):
        assert seen.path == "/v1.0/users/delta"
        assert {"id", "businessPhones", "accountEnabled", "onPremisesExtensionAttributes"} <= set(
            seen.query["$select"].split(",")
        )
        link = f"http://{seen.headers['host']}/v1.0/users/delta?$deltatoken=d1"
        gone = [
            {"id": "u2", "@removed": {"reason": "changed"}},
            {"id": "u3", "@removed": {"reason": "deleted"}},
        ]
        return Reply(200, {"value": [entry, *gone], "@odata.deltaLink": link})

    (page,) = run(people, graph)
    assert page.delta_link.endswith("$deltatoken=d1")
    anna, *removed = page.changes
    assert anna.attributes == {
        "objectId": "u1",
        "userPrincipalName": "anna_b@fabrikam.example",
        "originalUserPrincipalName": "anna_b_fabrikam.example#EXT#@contoso.example",
        "mail": None,
        "telephoneNumber": "+33 1",
        "mobile": "+33 6",
        "physicalDeliveryOfficeName": "B2",
        "facsimileTelephoneNumber": "99",
        "accountEnabled": False,
        "proxyAddresses": ("SMTP:a@x", "smtp:b@x"),
        "extensionAttribute1": "one",
        "extensionAttribute2": None,
        "extension_abc_costCentre": "77",
    }
    assert [one.presence for one in removed] == [Presence.SOFT_DELETED, Presence.PURGED]


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("a@b.example", "a@b.example"),
        ("a_b.example#EXT#@c.example", "a@b.example"),
        ("a_b_c.example#ext#@d.example", "a_b@c.example"),
        ("nounderscore#EXT#@d.example", "nounderscore"),
    ],
)
def test_guests_go_by_their_home_address(name, home):
    assert home_address(name) == home


def test_groups_come_in_portions_with_kinds_and_removals():
    entries = [
        {
            "id": "g1",
            "displayName": "Sales",
            "securityEnabled": True,
            "members@delta": [
                {"@odata.type": "#microsoft.graph.user", "id": "u1"},
                {"@odata.type": "#microsoft.graph.group", "id": "g2"},
                {"@odata.type": "#microsoft.graph.device", "id": "d1"},
                {"id": "u9", "@odata.type": "#microsoft.graph.user", "@removed": {"reason": "x"}},
            ],
        },
        {"id": "g1"},
        {"id": "g3", "@removed": {"reason": "deleted"}},
    ]

    def graph(seen):
        link = f"http://{seen.headers['host']}/v1.0/groups/delta?$deltatoken=d1"
        return Reply(200, {"value": entries, "@odata.deltaLink": link})

    async def main(source, server, directory):
        return await all_of(source.fetch_groups(None))

    ((first, portion, gone),) = (page.changes for page in run(main, graph))
    kinds = [PrincipalKind.USER, PrincipalKind.GROUP, PrincipalKind.OTHER]
    assert first.added == tuple(map(Member, ("u1", "g2", "d1"), kinds))
    assert first.removed == ("u9",)
    assert (portion.name, portion.security_enabled, portion.added) == (None, None, ())
    assert gone.presence is Presence.PURGED


def delta_with(reply):
    def graph(seen):
        return reply(seen) if callable(reply) else reply

    async def main(source, server, directory):
        link = f"{server.url}/v1.0/users/delta?$deltatoken=old"
        return await all_of(source.fetch_people(link))

    return run(main, graph)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(410, None, {"Location": "http://127.0.0.1/v1.0/users/delta?$deltatoken="}),
        graph_error(410, "SyncStateNotFound"),
        graph_error(400, "resyncRequired"),
        graph_error(404, "syncStateNotFound"),
        graph_error(400, "BadRequest", innerError={"code": "resyncApplyDifferences"}),
        graph_error(400, "x", innererror={"a": [{"code": "ResyncUploadDifferences"}]}),
        graph_error(400, "Directory_ExpiredPageToken"),
    ],
)
def test_every_flavour_of_an_expired_delta_asks_for_a_full_read(reply):
    with pytest.raises(DeltaExpired):
        delta_with(reply)


def test_a_page_token_may_expire_in_the_middle_of_a_round():
    def reply(seen):
        if "$skiptoken" in seen.query:
            return graph_error(400, "Directory_ExpiredPageToken")
        link = f"http://{seen.headers['host']}/v1.0/users/delta?$skiptoken=s"
        return Reply(200, {"value": [], "@odata.nextLink": link})

    with pytest.raises(DeltaExpired):
        delta_with(reply)


def test_other_refusals_of_a_delta_are_not_taken_for_expiry():
    with pytest.raises(BrokenContract):
        delta_with(graph_error(400, "Request_BadRequest"))
    with pytest.raises(ServiceFaulty):
        delta_with(Reply(503))


def test_a_link_kept_from_another_address_means_a_full_read():
    async def main(source, server, directory):
        with pytest.raises(DeltaExpired):
            await all_of(source.fetch_people("http://127.0.0.1:9/v1.0/users/delta?$deltatoken=x"))
        return server.seen

    assert run(main, None) == []


def page_of(**links):
    def graph(seen):
        base = f"http://{seen.headers['host']}/v1.0/users/delta"
        filled = {f"@odata.{name}": link.format(base=base) for name, link in links.items()}
        return Reply(200, {"value": [], **filled})

    return graph


@pytest.mark.parametrize(
    "graph",
    [
        page_of(),
        page_of(nextLink="{base}?$skiptoken=1", deltaLink="{base}?$deltatoken=1"),
        page_of(nextLink="http://evil.example/v1.0/users/delta?$skiptoken=1"),
        page_of(deltaLink="http://evil.example/v1.0/users/delta?$deltatoken=1"),
        page_of(nextLink="http://127.0.0.1:1/v1.0/users/delta?$skiptoken=1"),
        page_of(nextLink="{base}?$skiptoken=always-the-same"),
        lambda _: Reply(200, {"@odata.deltaLink": "x"}),
        lambda _: Reply(200, {"value": "x", "@odata.deltaLink": "x"}),
        lambda _: Reply(200, {"value": ["x"], "@odata.deltaLink": "x"}),
        lambda _: Reply(200, b"<html>"),
        lambda _: Reply(200, b"[" * 100_000),
        lambda _: Reply(302, None, {"Location": "http://evil.example/"}),
    ],
)
def test_pages_that_break_the_contract(graph):
    async def main(source, server, directory):
        with pytest.raises(BrokenContract):
            await people(source)
        return len(server.seen)

    assert run(main, graph) <= 4


@pytest.mark.parametrize("entry", [{}, {"id": 7}, {"id": "u", "jobTitle": {"a": 1}}])
def test_entries_that_are_none(entry):
    def graph(seen):
        link = f"http://{seen.headers['host']}/v1.0/x?$deltatoken=1"
        return Reply(200, {"value": [entry], "@odata.deltaLink": link})

    with pytest.raises(BrokenContract):
        run(people, graph)


@pytest.mark.parametrize(
    ("ask", "permission"),
    [
        (lambda s: s.fetch_application(), "Application.Read.All"),
        (lambda s: s.search_applications(""), "Application.Read.All"),
        (lambda s: all_of(s.fetch_assignments()), "Application.Read.All"),
        (lambda s: all_of(s.fetch_people(None)), "User.Read.All"),
        (lambda s: s.fetch_people_by_id(["u"]), "User.Read.All"),
        (lambda s: all_of(s.fetch_groups(None)), "GroupMember.Read.All"),
    ],
)
def test_a_missing_permission_is_named(ask, permission):
    async def main(source, server, directory):
        with pytest.raises(PermissionMissing) as caught:
            await ask(source)
        return str(caught.value), str(caught.value.advice)

    for sentence in run(main, lambda _: graph_error(403, "Authorization_RequestDenied")):
        assert permission in sentence


def test_searching_quotes_what_was_typed():
    async def main(source, server, directory):
        await source.search_applications("O'Hara & co")
        return server.seen[-1]

    seen = run(main, lambda _: Reply(200, {"value": []}))
    assert seen.query["$filter"] == "startswith(displayName,'O''Hara & co')"
    assert "+" not in seen.raw_query


def test_people_are_asked_for_a_thousand_at_a_time():
    def graph(seen):
        assert seen.json["types"] == ["user"]
        return Reply(200, {"value": [{"id": one} for one in seen.json["ids"] if one != "u7"]})

    async def main(source, server, directory):
        ids = [f"u{n}" for n in range(1500)]
        found = await source.fetch_people_by_id(ids)
        return len(found), [len(one.json["ids"]) for one in server.seen if one.path != TOKEN_PATH]

    assert run(main, graph) == (1499, [1000, 500])


def test_reaching_asks_without_a_token_and_does_not_insist():
    async def main(source, server, directory):
        reached = await source.reach()
        assert all("authorization" not in one.headers for one in server.seen)
        return reached, source.counts.requests

    reached, requests = run(main, lambda _: Reply(401))
    assert requests == len(reached) == 2
    for one in reached:
        assert (one.host.partition(":")[0], one.address, one.tls) == (
            "127.0.0.1",
            "127.0.0.1",
            None,
        )
        assert 0 < one.seconds < 5

    async def nobody():
        async with opened("http://127.0.0.1:1") as source:
            with pytest.raises(Unreachable):
                await source.reach()
            return source.counts.requests

    assert asyncio.run(nobody()) == 1


def test_a_stop_while_microsoft_makes_us_wait_ends_the_sign_in():
    async def main(source, server, directory):
        source._http._stop.stop_after = 0
        with pytest.raises(Stopped):
            await source.sign_in()

    run(main, None, token_reply=Reply(503))


def test_a_quiet_cycle_costs_five_requests():
    with Sandbox(users=25) as sandbox:
        info = sandbox.info()
        given = {k: v for k, v in info["profile"]["source"].items() if k not in ("kind", "sign_in")}

        async def cycle(links):
            async with opened("", info["secrets"].__getitem__, **given) as source:
                await source.fetch_application()
                await all_of(source.fetch_assignments())
                groups = await all_of(source.fetch_groups(links[0]))
                people = await all_of(source.fetch_people(links[1]))
                changes = sum(len(page.changes) for page in (*groups, *people))
                return (groups[-1].delta_link, people[-1].delta_link), changes, source.counts

        links, changes, _ = asyncio.run(cycle((None, None)))
        assert changes >= 25
        _, changes, counts = asyncio.run(cycle(links))
        assert (changes, counts.requests) == (0, 5)


BATCHED = "/$batch"


def batching(answers):
    """Answers each item of a batch by its address: `answers(url)` gives status, body, headers."""

    def graph(seen):
        assert seen.path.endswith(BATCHED)
        assert len(seen.json["requests"]) <= 20
        responses = []
        for item in reversed(seen.json["requests"]):
            status, body, headers = answers(item["url"])
            responses.append({"id": item["id"], "status": status, "headers": headers, "body": body})
        return Reply(200, {"responses": responses})

    return graph


def test_each_permission_is_asked_for_in_one_request():
    def answers(url):
        if url.startswith("/groups"):
            return 403, {"error": {"code": "Authorization_RequestDenied"}}, {}
        return 200, {"value": []}, {}

    async def main(source, server, directory):
        found = await source.fetch_permissions()
        return [(one.name, one.granted) for one in found], server.count("POST", BATCHED)

    found, requests = run(main, batching(answers))
    assert requests == 1
    assert found == [
        ("Application.Read.All", True),
        ("User.Read.All", True),
        ("GroupMember.Read.All", False),
        ("Organization.Read.All", True),
    ]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_the_domains_are_the_only_thing_an_optional_permission_is_for(status):
    def answers(url):
        if url.startswith("/organization"):
            return status, {"error": {"code": "Authorization_RequestDenied"}}, {}
        return 200, {"value": []}, {}

    async def main(source, server, directory):
        return await source.fetch_permissions()

    found = run(main, batching(answers))
    assert [one.name for one in found if one.optional] == ["Organization.Read.All"]
    assert [one.name for one in found if not one.granted] == ["Organization.Read.All"]


def test_verified_domains_are_read_or_not_known():
    domains = [{"name": "Halden.example", "isDefault": True}, {"name": "fjord.example"}]

    async def main(source, server, directory):
        return await source.fetch_domains(), await source.fetch_default_domain()

    answer = Reply(200, {"value": [{"verifiedDomains": domains}]})
    found = run(main, lambda _: answer)
    assert found == (["halden.example", "fjord.example"], "Halden.example")

    async def refused(source, server, directory):
        return await source.fetch_domains()

    denied = Reply(403, {"error": {"code": "Authorization_RequestDenied"}})
    assert run(refused, lambda _: denied) is None


def test_items_of_a_batch_that_were_too_much_are_asked_again_after_the_longest_wait():
    tried = Counter()

    def answers(url):
        tried[url] += 1
        if "users" in url and tried[url] < 3:
            return 429, {"error": {"code": "TooManyRequests"}}, {"Retry-After": str(tried[url])}
        if "groups" in url and tried[url] < 2:
            return 424, None, {"Retry-After": "7"}
        return 200, {"value": []}, {}

    async def main(source, server, directory):
        await source.fetch_permissions()
        return source._http._stop.waits, sorted(tried.values())

    waits, asked = run(main, batching(answers))
    assert waits == [7.0, 2.0]
    assert asked == [1, 1, 2, 3]


def test_a_batch_answered_for_somebody_else_breaks_the_contract():
    async def main(source, server, directory):
        with pytest.raises(BrokenContract):
            await source.fetch_permissions()

    run(main, lambda _: Reply(200, {"responses": [{"id": "7", "status": 200, "body": {}}]}))


def test_few_deleted_people_are_asked_for_by_name_and_many_in_a_list():
    def graph(seen):
        if seen.path.endswith("getByIds"):
            return Reply(200, {"value": [{"id": one} for one in seen.json["ids"] if one == "here"]})
        if seen.path.endswith(BATCHED):
            return batching(binned)(seen)
        return Reply(200, {"value": [{"id": "binned1"}]})

    def binned(url):
        return (200, {"id": "x"}, {}) if "binned" in url else (404, {}, {})

    async def main(source, server, directory):
        few = await source.fetch_presence(["here", "gone1", "binned1"])
        before = server.count("POST", BATCHED)
        many = await source.fetch_presence(["binned1", *map(str, range(200))])
        return few, many["binned1"], before, server.count("POST", BATCHED)

    few, many, before, after = run(main, graph)
    assert few == {
        "here": Presence.PRESENT,
        "gone1": Presence.PURGED,
        "binned1": Presence.SOFT_DELETED,
    }
    assert many is Presence.SOFT_DELETED
    assert (before, after) == (1, 1)
