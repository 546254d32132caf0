"""GoTo's SCIM 1 dialect against the practice organisation, and against servers that behave badly.

Rows are those of spec/goto.md 2 and 10.
"""

import asyncio
from contextlib import asynccontextmanager

import pytest
from loopback import PATIENT, Drop, Reply, Waits, secrets, serving

from app.connectors import open_target
from app.connectors.goto_scim import GoToScimTarget
from app.connectors.wire import Call
from app.domain.accounts import AccountDraft, AccountUpdate, WriteProbe
from app.domain.errors import (
    BrokenContract,
    CredentialsRefused,
    PermissionMissing,
    SecretMissing,
    ServiceFaulty,
)
from app.domain.settings import TargetKind, TargetSettings, TargetSignIn
from app.sandbox.server import Sandbox

DOMAIN = "haldenroux.example"
ME = {"id": "9223372036854775807", "userName": "Admin@x.example"}
TOKEN = {"access_token": "abc", "expires_in": 3600}


def settings(url, token_url=None, **changes):
    values = {
        "sign_in": TargetSignIn.PASSWORD,
        "client_id": "c",
        "user_name": f"goto.admin@{DOMAIN}",
        "token_url": token_url or f"{url}/token",
        "requests_per_second": 10_000,
        **changes,
    }
    return TargetSettings(kind=TargetKind.GOTO_SCIM, url=url, **values)


@asynccontextmanager
async def opened(wanted, keys=secrets):
    target = GoToScimTarget(wanted, keys, Waits(), patience=PATIENT)
    try:
        yield target
    finally:
        await target.close()


@pytest.fixture
def practice():
    with Sandbox() as sandbox:
        yield sandbox


def run(sandbox, work):
    info = sandbox.info()

    def keys(name):
        if name not in info["secrets"]:
            raise SecretMissing(name)
        return info["secrets"][name]

    async def inside():
        wanted = settings(
            info["goto_scim_url"], info["token_url"], client_id=info["goto_client_id"]
        )
        async with opened(wanted, keys) as target:
            return await work(target)

    return asyncio.run(inside())


class Server:
    """Signs everybody in and says who they are; everything else is the test's."""

    def __init__(self, answer=lambda seen: Reply(404)):
        self.answer = answer
        self.tokens = 0

    def __call__(self, seen):
        if seen.path == "/token":
            self.tokens += 1
            return Reply(200, {**TOKEN, "access_token": f"t{self.tokens}"})
        if seen.path == "/Users/me":
            return Reply(200, ME)
        return self.answer(seen)


def bad_server(answer, work):
    async def inside():
        server = answer if isinstance(answer, Server) else Server(answer)
        async with serving(server) as loopback, opened(settings(loopback.url)) as target:
            return await work(target, loopback)

    return asyncio.run(inside())


def draft(name, **values):
    return AccountDraft(
        name.lower(),
        name.lower(),
        {"userName": name, "name.givenName": "Ann", "name.familyName": "Lee", **values},
    )


def user(n, **values):
    return {
        "id": str(n), "userName": f"u{n}@x.example", "displayName": "U", "locale": "en_US",
        "timezone": "UTC", "name": {"givenName": "U", "familyName": str(n)}, **values,
    }  # fmt: skip


def listed(*items, total=None, name="resources"):
    return Reply(200, {name: list(items), "totalResults": len(items) if total is None else total})


def stored(sandbox, name):
    sandbox.world.organization.catch_up(sandbox.world.goto, "2026-01-01T00:00:00Z")
    return sandbox.world.organization.at(name)


# --- who am I, sign-in, rights -------------------------------------------------------------


def test_open_target_gives_it():
    target = open_target(settings("https://x.example"), secrets, Waits())
    assert isinstance(target, GoToScimTarget)
    assert not target.limits.has_seats
    assert not target.limits.can_disable


def test_who_am_i_and_which_accounts_the_organization_spans(practice):
    info = run(practice, lambda target: target.fetch_info())
    assert info.own_key == stored(practice, f"goto.admin@{DOMAIN}").key
    assert int(info.own_key) > 2**53
    assert info.own_name == f"goto.admin@{DOMAIN}"
    assert info.account.name == practice.world.goto.name
    assert info.licences == () == info.roles


def test_me_may_be_a_redirect_and_the_domain_names_the_organization():
    class Redirects(Server):
        def __call__(self, seen):
            if seen.path == "/Users/me":
                return Reply(303, None, {"location": f"https://elsewhere.example/Users/{ME['id']}"})
            if seen.path == f"/Users/{ME['id']}":
                return Reply(200, ME)
            return super().__call__(seen)

    async def work(target, server):
        info = await target.fetch_info()
        assert (info.own_key, info.account.name) == (ME["id"], "x.example")
        await target.fetch_info()
        assert server.count("GET", "/me") == 1

    bad_server(Redirects(), work)


def test_several_accounts_the_one_that_is_administered_first():
    accounts = [
        {"value": 9007199254740993, "display": "Other", "entitlements": ["jive"]},
        {"value": "2", "display": "Ours", "entitlements": ["acctadmin"]},
    ]

    class Extended(Server):
        def __call__(self, seen):
            if seen.path == "/Users/me":
                extension = {"urn:scim:schemas:extension:getgo:1.0": {"accounts": accounts}}
                return Reply(200, ME | extension)
            return super().__call__(seen)

    async def work(target, server):
        info = await target.fetch_info()
        assert [one.key for one in info.choices] == ["2", "9007199254740993"]
        assert info.account.name == "Ours"

    bad_server(Extended(), work)


def test_a_bearer_token_works_too_and_is_not_asked_for_again_when_refused():
    async def inside():
        refuse = lambda seen: Reply(403, {"int_err_code": "InvalidToken", "msg": "no"})  # noqa: E731
        async with serving(refuse) as server:
            wanted = settings(
                server.url, sign_in=TargetSignIn.BEARER, user_name=None, client_id=None
            )
            async with opened(wanted) as target:
                with pytest.raises(CredentialsRefused):
                    await target.fetch_info()
            assert len(server.seen) == 1
            assert server.seen[0].headers["authorization"] == "Bearer pat-0123456789"

    asyncio.run(inside())


@pytest.mark.parametrize(
    "answer",
    [
        Reply(401, None, {"WWW-Authenticate": 'Bearer error="invalid_token"'}),
        Reply(403, None),
        Reply(403, {"int_err_code": "InvalidToken", "msg": "Invalid token passed"}),
        Reply(401, {"code": "not.authenticated", "uri": "/v1/Users/me"}),
    ],
)
def test_a_bad_token_is_renewed_once_and_then_said(answer):
    class Refuses(Server):
        def __call__(self, seen):
            return answer if seen.path == "/Users/me" else super().__call__(seen)

    async def work(target, server):
        with pytest.raises(CredentialsRefused) as refused:
            await target.fetch_info()
        assert server.count("POST", "/token") == 2
        assert server.count("GET", "/me") == 2
        assert "identity:scim.org" in str(refused.value.advice)

    bad_server(Refuses(), work)


def test_a_token_revoked_in_the_middle_is_renewed_and_nothing_is_lost(practice):
    async def work(target):
        await target.fetch_info()
        practice.grants.revoke("goto")
        (made,) = await target.create([draft(f"ann@{DOMAIN}")])
        assert made.error is None

    run(practice, work)


@pytest.mark.parametrize("fault", ["organization_read", "scim_scope"])
def test_without_the_role_to_read_the_role_is_named(practice, fault):
    practice.world.set_fault(fault, False)

    async def work(target):
        await target.fetch_info()  # who am I needs no role
        with pytest.raises(PermissionMissing, match="ROLE_ORG_READ"):
            await target.find_accounts([f"ann@{DOMAIN}"])
        with pytest.raises(PermissionMissing, match="ROLE_ORG_READ") as refused:
            async for _ in target.fetch_accounts():
                pass
        assert "ROLE_ORG_WRITE" in str(refused.value.advice)

    run(practice, work)


def test_without_the_role_to_write_the_role_is_named_and_not_one_person_blamed(practice):
    practice.world.set_fault("organization_write", False)

    async def work(target):
        key = stored(practice, f"jonas.weber@{DOMAIN}").key
        with pytest.raises(PermissionMissing, match="ROLE_ORG_WRITE"):
            await target.create([draft(f"ann@{DOMAIN}")])
        with pytest.raises(PermissionMissing, match="ROLE_ORG_WRITE"):
            await target.update(AccountUpdate("p", key, "j", {"displayName": "J"}))
        with pytest.raises(PermissionMissing, match="ROLE_ORG_WRITE"):
            await target.delete("p", key)
        with pytest.raises(PermissionMissing, match="ROLE_ORG_WRITE"):
            await target.groups.create_group("team", {"displayName": "Team"})

    run(practice, work)


def test_organization_roles_are_read_beside_and_only_believed_when_they_fit(practice):
    async def work(target):
        assert await target.may_write() is True
        practice.world.set_fault("organization_write", False)
        with pytest.raises(PermissionMissing, match="ROLE_ORG_WRITE"):
            await target.may_write()
        practice.world.set_fault("organization_read", False)
        assert await target.may_write() is False
        practice.world.set_fault("admin_scope", False)
        assert await target.may_write() is False

    run(practice, work)


def test_roles_are_not_asked_for_at_an_address_of_another_form():
    async def work(target, server):
        assert await target.may_write() is False
        assert server.seen == []

    bad_server(lambda seen: Reply(500), work)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, {"errorCode": "INVALID_FILTER", "message": "bad syntax"}, "bad syntax"),
        (404, {"err": "x", "message": "nothing here"}, "nothing here"),
        (400, {"incident": "7"}, "HTTP 400"),
        (418, None, "HTTP 418"),
        (400, {"__type": "UnauthorizedException"}, "HTTP 400"),
    ],
)
def test_every_body_of_section_7_becomes_a_sentence(status, body, said):
    async def work(target, server):
        with pytest.raises(BrokenContract, match=said):
            await target.find_accounts(["a@x.example"])

    bad_server(lambda seen: Reply(status, body), work)


def test_429_is_waited_out(practice):
    practice.world.throttle(next_requests=2)

    async def work(target):
        return await target.find_accounts([f"jonas.weber@{DOMAIN}"])

    assert len(run(practice, work)) == 1


# --- reading -------------------------------------------------------------------------------


def test_pages_until_the_total_is_reached(practice):
    async def work(target):
        await target.create([draft(f"u{n}@{DOMAIN}") for n in range(130)])
        practice.requests.clear()
        found = [one.match async for page in target.fetch_accounts() for one in page]
        assert len(set(found)) == len(found) > 130
        assert practice.requests["goto"] == 2

    run(practice, work)


def test_a_server_that_does_not_page_ends_at_once(practice):
    practice.world.set_fault("lists_unpaged", True)

    async def work(target):
        await target.create([draft(f"u{n}@{DOMAIN}") for n in range(130)])
        practice.requests.clear()
        found = [one.match async for page in target.fetch_accounts() for one in page]
        assert len(set(found)) == len(found) > 130
        assert practice.requests["goto"] == 1

    run(practice, work)


def test_pages_ask_for_a_hundred_and_an_empty_one_ends_the_list():
    pages = [listed(*map(user, range(1, 3)), total=None), listed(user(3)), listed()]
    for page in pages:
        del page.body["totalResults"]

    async def work(target, server):
        found = [one.key async for page in target.fetch_accounts() for one in page]
        assert found == ["1", "2", "3"]
        asked = [one.query for one in server.seen if one.path == "/Users"]
        assert asked == [{"startIndex": str(n), "count": "100"} for n in (1, 3, 4)]

    turns = iter(pages)
    bad_server(lambda seen: next(turns), work)


def test_a_page_that_repeats_ids_ends_the_list_or_is_a_hole():
    async def work(target, server):
        return [one.key async for page in target.fetch_accounts() for one in page]

    endless = Reply(200, {"resources": [user(1), user(2)]})
    assert bad_server(lambda seen: endless, work) == ["1", "2"]
    with pytest.raises(ServiceFaulty, match="2 of 5"):
        bad_server(lambda seen: listed(user(1), user(2), total=5), work)


def test_both_spellings_of_resources_and_no_totals_are_taken():
    async def work(target, server):
        return [one.key async for page in target.fetch_accounts() for one in page]

    assert bad_server(lambda seen: listed(user(1), name="Resources"), work) == ["1"]
    with pytest.raises(BrokenContract):
        bad_server(lambda seen: Reply(200, {"users": []}), work)


def test_keys_beyond_2_to_53_stay_exact_as_number_or_text():
    big = 9007199254740993

    async def work(target, server):
        (one,) = await target.find_accounts(["u1@x.example"])
        assert one.key == str(big)
        await target.update(AccountUpdate("p", one.key, one.match, {"displayName": "x"}))
        assert server.seen[-1].path == f"/Users/{big}"

    for key in (big, str(big)):
        bad_server(lambda seen, key=key: listed(user(1, id=key)), work)


def test_a_look_up_is_one_eq_in_lower_case_each_and_every_read_is_fresh(practice):
    async def work(target):
        found = await target.find_accounts([f"marta.lindqvist@{DOMAIN}", f"nobody@{DOMAIN}"])
        assert [one.match for one in found] == [f"marta.lindqvist@{DOMAIN}"]
        assert found[0].attributes["userName"] != found[0].match  # capitals of their own

    run(practice, work)

    async def headers(target, server):
        await target.find_accounts(['o"brien@x.example'])
        seen = server.seen[-1]
        assert seen.query == {"filter": 'userName eq "o\\"brien@x.example"'}
        assert "%20eq%20" in seen.raw_query
        assert all(
            one.headers["cache-control"] == "no-cache" for one in server.seen if one.method == "GET"
        )
        assert seen.headers["accept"] == "application/json"

    bad_server(lambda seen: listed(), headers)


def test_many_look_ups_are_read_from_the_list(practice):
    async def work(target):
        names = [f"u{n}@{DOMAIN}" for n in range(50)]
        await target.create([draft(name) for name in names])
        practice.requests.clear()
        assert {one.match for one in await target.find_accounts(names)} == set(names)
        assert practice.requests["goto"] == 1

    run(practice, work)


def test_a_server_that_ignores_filters_gives_nobody_else():
    async def work(target, server):
        return [one.key for one in await target.find_accounts(["u2@x.example"])]

    assert bad_server(lambda seen: listed(user(1), user(2)), work) == ["2"]
    assert bad_server(lambda seen: listed(user(1), user(3)), work) == []


def test_a_read_after_a_write_is_never_stale(practice):
    practice.world.set_fault("stale_reads", True)

    async def work(target):
        (made,) = await target.create([draft(f"ann@{DOMAIN}")])
        (found,) = await target.find_accounts([f"ann@{DOMAIN}"])
        assert found.key == made.key

    run(practice, work)


# --- creating ------------------------------------------------------------------------------


def test_a_new_identity_holds_what_was_sent_and_nothing_more(practice):
    async def work(target):
        values = {"displayName": "Ann Lee", "locale": "fr_FR", "timezone": "Europe/Paris"}
        (outcome,) = await target.create([draft(f"Ann@{DOMAIN}", **values)])
        assert outcome.account.active
        sent = {name: outcome.account.attributes[name] for name in values}
        assert sent == values
        return outcome

    outcome = run(practice, work)
    one = stored(practice, f"ann@{DOMAIN}")
    assert (one.key, one.name) == (outcome.key, f"Ann@{DOMAIN}")
    assert one.fields["givenName"] == "Ann"

    async def wire(target, server):
        await target.create([draft("a@x.example")])
        (post,) = [one for one in server.seen if one.method == "POST" and one.path == "/Users"]
        assert post.json == {
            "userName": "a@x.example",
            "name": {"givenName": "Ann", "familyName": "Lee"},
        }
        assert post.headers["content-type"] == "application/json"

    bad_server(lambda seen: Reply(201, user(1)), wire)


def test_409_is_read_again_adopted_and_brought_up_to_date(practice):
    async def work(target):
        (first,) = await target.create([draft(f"ann@{DOMAIN}", displayName="Old")])
        (second,) = await target.create([draft(f"Ann@{DOMAIN}", displayName="New")])
        assert (second.key, second.error) == (first.key, None)

    run(practice, work)
    assert stored(practice, f"ann@{DOMAIN}").fields["displayName"] == "New"
    assert practice.world.organization.creates[f"ann@{DOMAIN}"] == 1


def test_409_where_capitals_count_in_filters_is_found_as_written(practice):
    practice.world.set_fault("exact_filters", True)

    async def work(target):
        (first,) = await target.create([draft(f"Ann.Lee@{DOMAIN}")])
        (second,) = await target.create([draft(f"Ann.Lee@{DOMAIN}")])
        assert (second.key, second.error) == (first.key, None)

    run(practice, work)


def test_409_for_somebody_invisible_exists_elsewhere(practice):
    practice.world.claim_elsewhere(f"ann@{DOMAIN}")

    async def work(target):
        bad, good = await target.create([draft(f"ann@{DOMAIN}"), draft(f"bob@{DOMAIN}")])
        assert bad.error.code == "Conflict"
        assert "outside this organisation" in str(bad.error)
        assert good.error is None

    run(practice, work)


@pytest.mark.parametrize("lost", [Drop(), Reply(502), Reply(504)])
def test_a_lost_creation_is_read_before_it_is_repeated(lost):
    made = []

    def answer(seen):
        if seen.method == "POST":
            made.append(user(1, **seen.json))
            return lost
        return listed(*made)

    async def work(target, server):
        (outcome,) = await target.create([draft("a@x.example")])
        assert (outcome.key, outcome.error) == ("1", None)
        assert server.count("POST", "/Users") == 1

    bad_server(answer, work)


def test_a_creation_that_was_not_carried_out_is_repeated():
    answers = iter([Reply(504), Reply(201, user(1))])

    async def work(target, server):
        (outcome,) = await target.create([draft("u1@x.example")])
        assert outcome.key == "1"
        order = [one.method for one in server.seen if one.path == "/Users"]
        assert order == ["POST", "GET", "POST"]

    bad_server(lambda seen: next(answers) if seen.method == "POST" else listed(), work)


def test_502_after_the_work_was_done_makes_nobody_twice(practice):
    practice.world.set_fault("writes_answered_502", 3)

    async def work(target):
        outcomes = await target.create([draft(f"u{n}@{DOMAIN}") for n in range(5)])
        assert all(one.error is None and one.key for one in outcomes)

    run(practice, work)
    creates = practice.world.organization.creates
    assert sorted(creates.values()) == [1] * 5


def test_an_entry_that_keeps_failing_is_one_failure_then_the_service_is_down():
    async def work(target, server):
        for n in range(2):
            (outcome,) = await target.create([draft(f"{n}@x.example")])
            assert outcome.error.code == "InternalServerError"
            assert outcome.error.transient
        with pytest.raises(ServiceFaulty):
            await target.create([draft("3@x.example")])

    bad_server(lambda seen: Reply(502) if seen.method == "POST" else listed(), work)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_an_address_outside_the_verified_domains_is_that_persons_failure(practice, status):
    practice.world.set_fault("foreign_domain_status", status)

    async def work(target):
        bad, good = await target.create([draft("ann@foreign.example"), draft(f"bob@{DOMAIN}")])
        assert bad.error.code == "InvalidDomain"
        assert not bad.error.transient
        assert good.error is None
        moved = await target.update(
            AccountUpdate("p", good.key, "bob@foreign.example", {"userName": "bob@foreign.example"})
        )
        assert moved.error.code == "InvalidDomain"

    run(practice, work)


def test_a_creation_without_a_body_is_read():
    async def work(target, server):
        (outcome,) = await target.create([draft("u1@x.example")])
        assert outcome.account.key == "1"

    bad_server(lambda seen: Reply(201) if seen.method == "POST" else listed(user(1)), work)


# --- changing and deleting -----------------------------------------------------------------


def test_a_change_is_the_part_that_changes_and_never_a_patch_op():
    async def work(target, server):
        values = {"displayName": "New", "locale": "fr"}
        await target.update(AccountUpdate("p", "1", "u1@x.example", values))
        patch = server.seen[-1]
        assert (patch.method, patch.path, patch.json) == ("PATCH", "/Users/1", values)

    bad_server(lambda seen: Reply(200, user(1)), work)


def test_one_part_of_a_name_is_sent_with_the_other(practice):
    async def work(target):
        (made,) = await target.create([draft(f"ann@{DOMAIN}")])
        change = AccountUpdate("p", made.key, f"ann@{DOMAIN}", {"name.familyName": "Wu"})
        outcome = await target.update(change)
        assert outcome.error is None
        assert outcome.account.attributes["name.familyName"] == "Wu"
        practice.requests.clear()
        both = {"name.familyName": "Li", "name.givenName": "An"}
        await target.update(AccountUpdate("p", made.key, f"ann@{DOMAIN}", both))
        assert practice.requests["goto"] == 1

    run(practice, work)
    fields = stored(practice, f"ann@{DOMAIN}").fields
    assert (fields["givenName"], fields["familyName"]) == ("An", "Li")


@pytest.mark.parametrize("ignored", [False, True])
def test_the_practice_server_does_not_understand_patch_op(practice, ignored):
    practice.world.set_fault("patch_op_ignored", ignored)
    key = stored(practice, f"jonas.weber@{DOMAIN}").key

    async def work(target):
        operation = {"op": "replace", "path": "displayName", "value": "New"}
        body = {"schemas": ["…PatchOp"], "Operations": [operation]}
        return await target._api.send(Call("PATCH", f"{target._users.url}/{key}", body=body))

    answer = run(practice, work)
    assert answer.status == (200 if ignored else 400)
    assert stored(practice, f"jonas.weber@{DOMAIN}").fields["displayName"] != "New"


def test_a_change_of_address_that_is_taken_is_a_conflict_and_a_gone_identity_says_so(practice):
    async def work(target):
        one, two = await target.create([draft(f"ann@{DOMAIN}"), draft(f"bob@{DOMAIN}")])
        name = f"bob@{DOMAIN}"
        taken = await target.update(AccountUpdate("p", one.key, name, {"userName": name}))
        assert taken.error.code == "Conflict"
        assert (await target.delete("p", two.key)).error is None
        assert (await target.delete("p", two.key)).error is None  # gone already counts as done
        for values in ({"displayName": "B"}, {"name.givenName": "B"}):
            gone = await target.update(AccountUpdate("p", two.key, name, values))
            assert gone.error.code == "InvalidAnchor"

    run(practice, work)
    assert stored(practice, f"bob@{DOMAIN}") is None


def test_a_key_cannot_climb_out_of_its_place():
    async def work(target, server):
        await target.update(AccountUpdate("p", "../Groups/1", "a", {"displayName": "T"}))
        assert server.seen[-1].path == "/Users/..%2FGroups%2F1"

    bad_server(lambda seen: Reply(200, user(1)), work)


# --- groups --------------------------------------------------------------------------------


async def people(target, number):
    outcomes = await target.create([draft(f"m{n}@{DOMAIN}") for n in range(number)])
    return [one.key for one in outcomes]


async def team(target, name="Team"):
    outcome = await target.groups.create_group(name.lower(), {"displayName": name})
    assert outcome.error is None
    return outcome.group.key


def held(sandbox, key):
    return list(sandbox.world.organization.teams[key].members)


def test_members_come_and_go_and_nobody_elses_member_is_touched(practice):
    async def work(target):
        keys, group = await people(target, 4), await team(target)
        other = await team(target, "Other")
        practice.world.organization.teams[group].members[other] = "group"
        assert await target.groups.change_members(group, "Team", keys[:3], ()) is None
        assert await target.groups.change_members(group, "Team", keys[3:], keys[:1]) is None
        assert await target.groups.change_members(group, "Team", keys[3:], keys[:1]) is None
        (found,) = await target.groups.find_groups(["team"])
        assert set(found.members) == {*keys[1:], other}
        return group, other

    group, other = run(practice, work)
    assert practice.world.organization.teams[group].members[other] == "group"


@pytest.mark.parametrize("replaces", [False, True])
def test_up_to_a_hundred_members_it_does_not_matter_what_patch_does(practice, replaces):
    practice.world.set_fault("members_replaced", replaces)

    async def work(target):
        keys, group = await people(target, 100), await team(target)
        assert await target.groups.change_members(group, "Team", keys[:60], ()) is None
        assert await target.groups.change_members(group, "Team", keys[60:], ()) is None
        return keys, group

    keys, group = run(practice, work)
    assert held(practice, group) == keys


def test_large_groups_are_filled_a_hundred_at_a_time(practice):
    async def work(target):
        assert target.groups.portion == 100
        keys, group = await people(target, 250), await team(target)
        for start in range(0, 250, 100):
            some = keys[start : start + 100]
            assert await target.groups.change_members(group, "Team", some, ()) is None
        return keys, group

    keys, group = run(practice, work)
    assert held(practice, group) == keys


def test_a_patch_that_replaces_is_noticed_mended_and_not_tried_again(practice):
    practice.world.set_fault("members_replaced", True)

    async def work(target):
        keys, group = await people(target, 150), await team(target)
        assert await target.groups.change_members(group, "Team", keys[:100], ()) is None
        error = await target.groups.change_members(group, "Team", keys[100:], ())
        assert error.code == "NotImplemented"
        assert "Team" in str(error)
        practice.requests.clear()
        again = await target.groups.change_members(group, "Team", keys[100:], ())
        assert again.code == "NotImplemented"
        assert practice.requests["goto"] == 1  # it was looked at, nothing was written
        return keys, group

    keys, group = run(practice, work)
    assert held(practice, group) == keys[:100]


def test_who_cannot_be_put_back_is_said_loudly(practice):
    practice.world.set_fault("members_replaced", True)

    async def work(target):
        keys, group = await people(target, 130), await team(target)
        practice.world.organization.teams[group].members = dict.fromkeys(keys[:120], "user")
        error = await target.groups.change_members(group, "Team", keys[120:], ())
        assert error.code == "NotImplemented"
        assert "20 members out of the group Team" in str(error)

    run(practice, work)


def test_nobody_can_be_taken_out_of_a_group_that_stays_above_a_hundred(practice):
    async def work(target):
        keys, group = await people(target, 102), await team(target)
        practice.world.organization.teams[group].members = dict.fromkeys(keys, "user")
        refused = await target.groups.change_members(group, "Team", (), keys[:1])
        assert refused.code == "NotImplemented"
        assert "Team" in str(refused)
        assert "101" in str(refused)
        assert held(practice, group) == keys
        assert await target.groups.change_members(group, "Team", (), keys[:2]) is None
        assert held(practice, group) == keys[2:]

    run(practice, work)


def test_a_member_who_is_not_there_is_a_reference_failure(practice):
    async def work(target):
        keys, group = await people(target, 1), await team(target)
        return await target.groups.change_members(group, "Team", [*keys, "7"], ())

    assert run(practice, work).code == "UnableToResolveReferenceAttributeValue"


def test_members_that_were_confirmed_and_not_kept_are_a_reference_failure():
    group = {"id": "1", "displayName": "Team", "members": []}

    async def work(target, server):
        error = await target.groups.change_members("1", "Team", ["5"], ())
        assert error.code == "UnableToResolveReferenceAttributeValue"
        reads = [one.method for one in server.seen if one.path == "/Groups/1"]
        assert reads == ["GET", "PATCH", "GET"]
        body = next(one.json for one in server.seen if one.method == "PATCH")
        assert body == {"displayName": "Team", "members": [{"type": "user", "value": "5"}]}

    bad_server(lambda seen: Reply(200, group), work)


def test_an_unknown_group_is_401_and_told_from_a_missing_role(practice):
    async def work(target):
        gone = await team(target)
        assert await target.groups.delete_group(gone, "Team") is None
        assert await target.groups.delete_group(gone, "Team") is None
        renamed = await target.groups.update_group(gone, "Team", {"displayName": "X"})
        joined = await target.groups.change_members(gone, "Team", ["1"], ())
        assert renamed.code == joined.code == "InvalidAnchor"
        here = await team(target, "Here")
        practice.world.set_fault("organization_write", False)
        for change in (
            target.groups.update_group(here, "Here", {"displayName": "X"}),
            target.groups.delete_group(here, "Here"),
        ):
            with pytest.raises(PermissionMissing, match="ROLE_ORG_WRITE"):
                await change
        practice.world.set_fault("organization_read", False)
        with pytest.raises(PermissionMissing, match="ROLE_ORG_READ"):
            await target.groups.change_members(here, "Here", ["1"], ())
        with pytest.raises(PermissionMissing, match="ROLE_ORG_READ"):
            await target.groups.delete_group(here, "Here")

    run(practice, work)


def test_a_group_that_exists_is_adopted_and_a_name_that_is_taken_refused(practice):
    practice.world.set_fault("exact_filters", True)

    async def work(target):
        first = await team(target, "Sales EMEA")
        again = await target.groups.create_group("sales emea", {"displayName": "sales EMEA"})
        assert again.group.key == first
        second = await team(target, "Other")
        error = await target.groups.update_group(second, "Other", {"displayName": "Sales EMEA"})
        assert error.code == "Conflict"
        assert await target.groups.update_group(second, "Other", {"displayName": "Third"}) is None
        assert await target.groups.find_groups(["other"]) == []
        assert len(await target.groups.find_groups(["third", "sales emea"])) == 2

    run(practice, work)


def test_a_lost_answer_makes_no_group_twice(practice):
    practice.world.set_fault("writes_answered_502", 1)
    run(practice, team)
    assert [one.name for one in practice.world.organization.teams.values()] == ["Team"]


def test_lists_without_members_are_completed_by_reading_the_groups(practice):
    practice.world.set_fault("lists_without_members", True)

    async def work(target):
        keys, group = await people(target, 2), await team(target)
        await target.groups.change_members(group, "Team", keys, ())
        listed = [one async for page in target.groups.fetch_groups() for one in page]
        assert [list(one.members) for one in listed] == [keys]

    run(practice, work)


def test_more_than_a_hundred_groups_are_listed(practice):
    for n in range(120):
        practice.world.organization.create_team(f"G{n}", {}, "2026-01-01T00:00:00Z")

    async def work(target):
        return [one.key async for page in target.groups.fetch_groups() for one in page]

    assert len(set(run(practice, work))) == 120


def test_asking_for_the_right_to_write_leaves_nothing_behind(practice):
    organization = practice.world.organization

    async def work(target):
        await target.fetch_info()
        before = repr(organization.identities)
        assert await target.probe_writing() is WriteProbe.ALLOWED
        practice.world.set_fault("admin_scope", False)
        # Nobody tells the role, and "not found" alone proves nothing.
        assert await target.probe_writing() is WriteProbe.NOT_REFUSED
        practice.world.set_fault("organization_write", False)
        with pytest.raises(PermissionMissing, match="ROLE_ORG_WRITE"):
            await target.probe_writing()
        assert repr(organization.identities) == before

    run(practice, work)


def test_a_probe_that_fails_proves_nothing():
    async def work(target, server):
        assert await target.probe_writing() is WriteProbe.UNKNOWN
        (first, *rest) = [one for one in server.seen if one.method != "POST"]
        assert (first.method, first.path, first.json) == ("PATCH", "/Users/0", {})
        assert all((one.method, one.path) == (first.method, first.path) for one in rest)

    bad_server(lambda seen: Reply(503), work)
