"""The SCIM 2.0 target against the practice server, and against servers that behave badly."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from loopback import PATIENT, SECRETS, Drop, Reply, Waits, secrets, serving

from app.connectors import open_target
from app.connectors import scim2_shapes as shapes
from app.connectors.scim2 import Scim2Target
from app.domain.accounts import AccountDraft, AccountUpdate, WriteProbe
from app.domain.errors import (
    BrokenContract,
    ConfigurationError,
    CredentialsRefused,
    PermissionMissing,
    ServiceFaulty,
)
from app.domain.settings import TargetKind, TargetSettings, TargetSignIn
from app.mapping.scim2_attributes import ENTERPRISE
from app.sandbox.server import Sandbox

WORK = 'emails[type eq "work"].value'
DEPARTMENT = f"{ENTERPRISE}:department"


def settings(url, **changes):
    values = {"sign_in": TargetSignIn.BEARER, "requests_per_second": 10_000, **changes}
    return TargetSettings(kind=TargetKind.SCIM2, url=url, **values)


@asynccontextmanager
async def opened(url, token=None, **changes):
    keys = (lambda _name: token) if token else secrets
    target = Scim2Target(settings(url, **changes), keys, Waits(), patience=PATIENT)
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

    async def inside():
        async with opened(info["scim_url"], info["scim_token"]) as target:
            return await work(target)

    return asyncio.run(inside())


def bad_server(answer, work):
    async def inside():
        async with serving(answer) as server, opened(server.url) as target:
            return await work(target, server)

    return asyncio.run(inside())


def draft(name, **values):
    return AccountDraft(name, name, {"userName": name, "active": True, **values})


def listed(*resources, total=None):
    return Reply(200, {"totalResults": len(resources) if total is None else total,
                       "Resources": list(resources)})  # fmt: skip


def user(n, **values):
    return {"id": str(n), "userName": f"u{n}@x.example", **values}


class Scim:
    """A server with a few users that does as the test says; discovery is absent."""

    def __init__(self, users=(), discovery=None, **changes):
        self.users = {str(one["id"]): one for one in users}
        self.discovery = discovery or {}
        self.on = lambda seen: None
        self.calls = []
        self.__dict__.update(changes)

    def __call__(self, seen):
        name = seen.path.strip("/")
        if name in ("ServiceProviderConfig", "ResourceTypes", "Schemas"):
            return Reply(200, self.discovery[name]) if name in self.discovery else Reply(404)
        self.calls.append((seen.method, seen.path, seen.query, seen.body))
        return self.on(seen) or self.usual(seen)

    def usual(self, seen):
        if seen.method == "GET" and seen.path == "/Users":
            start, count = int(seen.query["startIndex"]), int(seen.query["count"])
            found = list(self.users.values())
            if "filter" in seen.query:
                wanted = {part.split('"')[1] for part in seen.query["filter"].split(" or ")}
                found = [one for one in found if one["userName"].lower() in wanted]
            return listed(*found[start - 1 : start - 1 + count], total=len(found))
        if seen.method == "POST":
            made = {**seen.json, "id": str(len(self.users) + 1)}
            self.users[made["id"]] = made
            return Reply(201, made)
        key = seen.path.rpartition("/")[2]
        if key not in self.users:
            return Reply(404, {"status": "404"})
        if seen.method == "PUT":
            self.users[key] = seen.json
        return Reply(200, self.users[key])


# --- sign-in and discovery -----------------------------------------------------------------


def test_bearer_is_the_secret_itself_and_a_refusal_names_what_to_do():
    seen = []

    def refuse(request):
        seen.append(request.headers["authorization"])
        return Reply(401, {"detail": "no such token"})

    async def work(target, server):
        assert await target.sign_in() > 3600
        with pytest.raises(CredentialsRefused, match="no such token"):
            await target.fetch_info()

    bad_server(refuse, work)
    assert set(seen) == {f"Bearer {SECRETS['target.token']}"}
    assert len(seen) == 3  # asked once each: the same token would be refused again


def test_oauth_sign_in_as_at_goto():
    def answer(seen):
        if seen.path == "/token":
            assert seen.form["grant_type"] == "password"
            return Reply(200, {"access_token": "abc", "expires_in": 3600})
        assert seen.headers["authorization"] == "Bearer abc"
        return listed()

    async def inside():
        async with (
            serving(answer) as server,
            opened(
                server.url,
                sign_in=TargetSignIn.PASSWORD,
                client_id="c",
                user_name="admin@x.example",
                token_url=f"{server.url}/token",
            ) as target,
        ):
            return [page async for page in target.fetch_accounts()]

    assert asyncio.run(inside()) == []


def test_open_target_gives_it():
    target = open_target(settings("https://x.example"), secrets, Waits())
    assert isinstance(target, Scim2Target)
    assert not target.limits.has_seats


def test_without_discovery_the_defaults_hold():
    async def work(target, server):
        info = await target.fetch_info()
        assert info.licences == () == info.roles
        assert "userName" in target.limits.case_insensitive
        assert "externalId" not in target.limits.case_insensitive

    bad_server(Scim(), work)


def test_schemas_decide_about_capitals(practice):
    practice_rules = run(practice, lambda target: _info(target))
    assert WORK in practice_rules.case_insensitive
    assert "profileUrl" not in practice_rules.case_insensitive


async def _info(target):
    await target.fetch_info()
    return target.limits


def test_resource_types_name_the_endpoints():
    types = {"Resources": [{"name": "User", "endpoint": "https://x.example/v2/People"}]}

    async def work(target, server):
        assert [page async for page in target.fetch_accounts()] == []
        assert server.count("GET", "/People") == 1
        with pytest.raises(ConfigurationError, match="no groups"):
            await target.groups.find_groups(["a"])

    scim = Scim(discovery={"ResourceTypes": types}, on=lambda seen: listed())
    bad_server(scim, work)


@pytest.mark.parametrize(("status", "error"), [(403, PermissionMissing), (404, BrokenContract)])
def test_a_list_that_is_refused_ends_the_cycle(status, error):
    async def work(target, server):
        with pytest.raises(error):
            async for _ in target.fetch_accounts():
                pass

    bad_server(Scim(on=lambda seen: Reply(status)), work)


# --- reading -------------------------------------------------------------------------------


def test_pages_until_the_total_is_reached(practice):
    async def work(target):
        await target.create([draft(f"u{n}@x.example") for n in range(130)])
        practice.requests.clear()
        found = [account.match async for page in target.fetch_accounts() for account in page]
        assert len(set(found)) == len(found) == 130
        assert practice.requests["scim"] == 2

    run(practice, work)


def test_an_empty_page_ends_a_list_without_total():
    pages = iter([listed(user(1), user(2)), listed(user(3)), listed()])

    def answer(seen):
        reply = next(pages)
        del reply.body["totalResults"]
        return reply

    async def work(target, server):
        return [one.key async for page in target.fetch_accounts() for one in page]

    assert bad_server(Scim(on=answer), work) == ["1", "2", "3"]


def test_a_repeated_page_ends_the_list_or_is_a_hole():
    def endless(total):
        body = {"Resources": [user(1), user(2)]} | (
            {} if total is None else {"totalResults": total}
        )
        return Scim(on=lambda seen: Reply(200, body))

    async def work(target, server):
        return [one.key async for page in target.fetch_accounts() for one in page]

    assert bad_server(endless(None), work) == ["1", "2"]
    with pytest.raises(ServiceFaulty, match="2 of 5"):
        bad_server(endless(5), work)


@pytest.mark.parametrize("body", [{}, {"Resources": "x"}, {"Resources": [{"userName": "a"}]}])
def test_a_page_that_is_none_is_no_empty_list(body):
    async def work(target, server):
        with pytest.raises(BrokenContract):
            async for _ in target.fetch_accounts():
                pass

    bad_server(Scim(on=lambda seen: Reply(200, body)), work)


def test_quotes_in_a_value_stay_inside_the_filter(practice):
    name = 'o"brien\\ or title pr'

    async def work(target):
        await target.create([draft(name), draft("other@x.example")])
        return [one.match for one in await target.find_accounts([name])]

    assert run(practice, work) == [name]


def test_several_are_found_in_one_request_once_or_is_known_to_work(practice):
    async def work(target):
        names = [f"u{n}@x.example" for n in range(30)]
        await target.create([draft(name) for name in names])
        practice.requests.clear()
        found = await target.find_accounts([*names, "nobody@x.example"])
        assert {one.match for one in found} == set(names)
        assert practice.requests["scim"] <= 5

    run(practice, work)


def test_a_server_that_refuses_or_is_asked_one_by_one():
    scim = Scim([user(1), user(2)])
    scim.on = lambda seen: Reply(400) if " or " in seen.query.get("filter", "") else None

    async def work(target, server):
        found = await target.find_accounts(["u1@x.example", "u2@x.example", "u3@x.example"])
        assert {one.key for one in found} == {"1", "2"}
        await target.find_accounts(["u1@x.example", "u2@x.example"])

    bad_server(scim, work)
    assert sum(" or " in query.get("filter", "") for _, _, query, _ in scim.calls) == 1


def test_a_server_that_evaluates_only_the_first_half_of_or_loses_nobody():
    scim = Scim([user(1), user(2)])

    def half(seen):
        written = seen.query.get("filter", "")
        if " or " in written:
            return listed(user(1))
        return None

    scim.on = half

    async def work(target, server):
        found = await target.find_accounts(["u1@x.example", "u2@x.example"])
        assert {one.key for one in found} == {"1", "2"}

    bad_server(scim, work)


def test_a_server_that_ignores_filters_gives_nobody_else():
    scim = Scim([user(1), user(2)])
    scim.on = lambda seen: listed(user(1), user(2)) if "filter" in seen.query else None

    async def work(target, server):
        return [one.key for one in await target.find_accounts(["u2@x.example"])]

    assert bad_server(scim, work) == ["2"]


def test_without_filters_the_list_is_searched():
    config = {"filter": {"supported": False}}
    scim = Scim([user(1), user(2)], {"ServiceProviderConfig": config})

    async def work(target, server):
        return [one.key for one in await target.find_accounts(["u2@x.example"])]

    assert bad_server(scim, work) == ["2"]
    assert all("filter" not in query for _, _, query, _ in scim.calls)


# --- writing -------------------------------------------------------------------------------


def test_attributes_arrive_where_they_belong(practice):
    async def work(target):
        values = {
            "externalId": "e",
            "name.givenName": "Ann",
            "name.familyName": "Lee",
            "displayName": "Ann Lee",
            WORK: "ann@x.example",
            'phoneNumbers[type eq "mobile"].value': "1",
            'addresses[type eq "work"].locality': "Oslo",
            DEPARTMENT: "Sales",
        }
        (outcome,) = await target.create([draft("ann@x.example", **values)])
        assert dict(outcome.account.attributes) == {
            "userName": "ann@x.example", "active": True, **values,
        }  # fmt: skip
        return outcome.key

    key = run(practice, work)
    stored = practice.world.scim.resources["User"][key]
    assert stored["emails"] == [{"type": "work", "value": "ann@x.example"}]
    assert stored[ENTERPRISE] == {"department": "Sales"}
    assert stored["schemas"] == [shapes.USER, ENTERPRISE]


def test_patch_replaces_adds_and_removes_with_typed_values(practice):
    async def work(target):
        (made,) = await target.create([draft("ann@x.example", displayName="Ann", title="Boss")])
        update = AccountUpdate(
            "p",
            made.key,
            "ann@x.example",
            {"active": False, "title": "", WORK: "a@x.example", DEPARTMENT: "Sales",
             "name.givenName": "Ann"},
        )  # fmt: skip
        outcome = await target.update(update)
        assert outcome.error is None
        again = AccountUpdate("p", made.key, "ann@x.example", {WORK: "b@x.example", "active": True})
        assert (await target.update(again)).error is None
        return made.key

    stored = practice.world.scim.resources["User"][run(practice, work)]
    assert stored["active"] is True
    assert "title" not in stored
    assert stored["emails"] == [{"type": "work", "value": "b@x.example"}]
    assert stored["name"] == {"givenName": "Ann"}
    assert stored[ENTERPRISE]["department"] == "Sales"


def test_the_practice_server_is_strict_about_booleans(practice):
    async def work(target):
        (outcome,) = await target.create(
            [AccountDraft("p", "a", {"userName": "a", "active": "False"})]
        )
        return outcome.error

    error = run(practice, work)
    assert error.code == "UnprocessableEntity"
    assert "boolean" in str(error)


def test_put_where_patch_is_not_supported_keeps_what_we_do_not_know():
    scim = Scim(
        [user(1, nickName="N", emails=[{"type": "home", "value": "h"}], meta={"x": 1})],
        {"ServiceProviderConfig": {"patch": {"supported": False}}},
    )

    async def work(target, server):
        update = AccountUpdate("p", "1", "u1@x.example", {"active": False, WORK: "w"})
        assert (await target.update(update)).error is None
        assert server.count("PATCH", "/1") == 0

    bad_server(scim, work)
    assert scim.users["1"] == {
        "id": "1", "userName": "u1@x.example", "nickName": "N", "active": False,
        "emails": [{"type": "home", "value": "h"}, {"type": "work", "value": "w"}],
    }  # fmt: skip


def test_an_etag_guards_a_change_and_a_stale_one_is_read_again(practice):
    async def work(target):
        (made,) = await target.create([draft("ann@x.example")])
        await target.find_accounts(["ann@x.example"])
        stored = practice.world.scim.resources["User"][made.key]
        stored["meta"]["version"] = 'W/"99"'  # somebody else was faster
        outcome = await target.update(AccountUpdate("p", made.key, "ann", {"title": "T"}))
        assert outcome.error is None
        return practice.world.scim.resources["User"][made.key]["title"]

    assert run(practice, work) == "T"


def test_409_is_looked_up_adopted_and_brought_up_to_date(practice):
    async def work(target):
        (first,) = await target.create([draft("ann@x.example", title="Old")])
        (second,) = await target.create([draft("ann@x.example", title="New")])
        assert (second.key, second.error) == (first.key, None)
        return first.key

    key = run(practice, work)
    assert practice.world.scim.resources["User"][key]["title"] == "New"
    assert practice.world.scim.creates["ann@x.example"] == 1


def test_409_for_something_invisible_is_a_conflict():
    scim = Scim(on=lambda seen: Reply(409, {"detail": "taken"}) if seen.method == "POST" else None)

    async def work(target, server):
        (outcome,) = await target.create([draft("a@x.example")])
        assert outcome.error.code == "Conflict"
        assert "taken" in str(outcome.error)

    bad_server(scim, work)


@pytest.mark.parametrize("lost", [Drop(), Reply(500), Reply(503)])
def test_a_lost_answer_is_looked_up_and_nobody_is_made_twice(lost):
    scim = Scim()

    def answer(seen):
        if seen.method != "POST":
            return None
        scim.usual(seen)
        return lost

    scim.on = answer

    async def work(target, server):
        (outcome,) = await target.create([draft("a@x.example")])
        assert (outcome.key, outcome.error) == ("1", None)
        assert server.count("POST", "/Users") == 1

    bad_server(scim, work)
    assert len(scim.users) == 1


def test_a_creation_that_never_arrives_is_one_failure_then_the_server_is_down():
    scim = Scim(on=lambda seen: Reply(500) if seen.method == "POST" else None)

    async def work(target, server):
        for n in range(2):
            (outcome,) = await target.create([draft(f"{n}@x.example")])
            assert outcome.error.code == "InternalServerError"
            assert outcome.error.transient
        with pytest.raises(ServiceFaulty):
            await target.create([draft("3@x.example")])

    bad_server(scim, work)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"scimType": "invalidPath"}, "SchemaAttributeNotFound"),
        (400, {"scimType": "uniqueness"}, "Conflict"),
        (400, {"scimType": "mutability"}, "NotPermitted"),
        (400, {"detail": "familyName is required"}, "MandatoryFieldsMissing"),
        (403, {}, "NotPermitted"),
        (404, {}, "InvalidAnchor"),
        (405, {}, "MethodNotAllowed"),
        (422, {"detail": "no"}, "UnprocessableEntity"),
        (501, {}, "NotImplemented"),
    ],
)
def test_each_refusal_has_its_code(status, body, code):
    async def work(target, server):
        outcome = await target.update(AccountUpdate("p", "1", "a", {"title": "T"}))
        assert outcome.error.code == code
        assert outcome.error.advice is not None

    bad_server(Scim(on=lambda seen: Reply(status, body)), work)


def test_delete_and_delete_again(practice):
    async def work(target):
        (made,) = await target.create([draft("ann@x.example")])
        for _ in range(2):
            assert (await target.delete("p", made.key)).error is None

    run(practice, work)
    assert practice.world.scim.resources["User"] == {}


def test_a_key_cannot_climb_out_of_its_place():
    async def work(target, server):
        await target.update(AccountUpdate("p", "../Groups/1", "a", {"title": "T"}))
        assert server.seen[-1].path == "/Users/..%2FGroups%2F1"

    bad_server(Scim(), work)


# --- groups --------------------------------------------------------------------------------


async def _team(target, members=3):
    names = [f"u{n}@x.example" for n in range(members)]
    keys = [one.key for one in await target.create([draft(name) for name in names])]
    outcome = await target.groups.create_group("team", {"displayName": "Team"})
    return outcome.group.key, keys


def test_members_come_and_go_and_a_removal_of_nobody_is_no_error(practice):
    async def work(target):
        group, keys = await _team(target)
        assert await target.groups.change_members(group, "Team", keys, ()) is None
        assert await target.groups.change_members(group, "Team", keys[:1], keys[1:2]) is None
        assert await target.groups.change_members(group, "Team", (), keys[1:]) is None
        (found,) = await target.groups.find_groups(["team"])
        return keys, found

    keys, found = run(practice, work)
    assert found.members == tuple(keys[:1])


def test_a_member_who_does_not_exist_is_a_reference_failure(practice):
    async def work(target):
        group, keys = await _team(target)
        return await target.groups.change_members(group, "Team", [*keys, "nobody"], ())

    assert run(practice, work).code == "UnableToResolveReferenceAttributeValue"


def test_members_by_put_where_patch_is_not_supported():
    group = {"id": "1", "displayName": "Team", "members": [{"value": "a"}, {"value": "b"}]}
    scim = Scim([group], {"ServiceProviderConfig": {"patch": {"supported": False}}})

    async def work(target, server):
        assert await target.groups.change_members("1", "Team", ["c", "b"], ["a"]) is None

    bad_server(scim, work)
    assert [one["value"] for one in scim.users["1"]["members"]] == ["b", "c"]


def test_a_list_without_members_is_completed_by_reading_the_group():
    group = {"id": "1", "displayName": "Team"}
    whole = {**group, "members": [{"value": "a"}]}
    scim = Scim(on=lambda seen: listed(group) if seen.path == "/Groups" else Reply(200, whole))

    async def work(target, server):
        (found,) = await target.groups.find_groups(["team"])
        assert found.members == ("a",)

    bad_server(scim, work)


def test_group_deleted_twice_and_changed_after(practice):
    async def work(target):
        group, _ = await _team(target, 0)
        for _ in range(2):
            assert await target.groups.delete_group(group, "Team") is None
        error = await target.groups.update_group(group, "Team", {"displayName": "X"})
        assert error.code == "InvalidAnchor"

    run(practice, work)


def test_patch_bodies_are_what_rfc_7644_shows():
    known = {"emails": [{"type": "work", "value": "old"}]}
    wanted = {"active": False, WORK: "new", 'emails[type eq "home"].value': "h", "title": ""}
    assert shapes.operations_of(wanted, known) == [
        {"op": "replace", "path": "active", "value": False},
        {"op": "replace", "path": WORK, "value": "new"},
        {"op": "remove", "path": "title"},
        {"op": "add", "path": "emails", "value": [{"type": "home", "value": "h"}]},
    ]
    assert shapes.member_operations(["a"], ['b"c']) == [
        {"op": "remove", "path": 'members[value eq "b\\"c"]'},
        {"op": "add", "path": "members", "value": [{"value": "a"}]},
    ]
    assert json.dumps(shapes.patch_of([])["schemas"]) == json.dumps([shapes.PATCH])


# --- may we write? ------------------------------------------------------------------------------


def test_asking_for_the_right_to_write_leaves_nothing_behind(practice):
    async def work(target):
        await target.create([draft("somebody@x.example")])
        before = repr(practice.world.scim.resources)
        probe = await target.probe_writing()
        return probe, repr(practice.world.scim.resources) == before

    assert run(practice, work) == (WriteProbe.NOT_REFUSED, True)


@pytest.mark.parametrize(
    ("status", "probe"),
    [
        (404, WriteProbe.NOT_REFUSED),
        (400, WriteProbe.NOT_REFUSED),
        (200, WriteProbe.UNKNOWN),
        (501, WriteProbe.UNKNOWN),
        (503, WriteProbe.UNKNOWN),
    ],
)
def test_what_an_answer_to_the_probe_proves(status, probe):
    async def work(target, server):
        found = await target.probe_writing()
        (sent, *again) = [one for one in server.seen if one.method != "GET"]
        assert (sent.method, sent.json["Operations"]) == ("PATCH", [])
        assert status == 503 or not again
        return found

    def answer(seen):
        return Reply(status, {}) if seen.method == "PATCH" else Reply(404)

    assert bad_server(answer, work) is probe


def test_a_right_to_write_that_is_missing_is_said():
    async def work(target, server):
        with pytest.raises(PermissionMissing):
            await target.probe_writing()

    bad_server(lambda seen: Reply(403 if seen.method == "PATCH" else 404, {}), work)


def test_without_patch_there_is_nothing_harmless_to_ask():
    async def work(target, server):
        found = await target.probe_writing()
        assert all(one.method == "GET" for one in server.seen)
        return found

    config = {"patch": {"supported": False}, "filter": {"supported": True}}

    def answer(seen):
        return Reply(200, config) if seen.path.endswith("ServiceProviderConfig") else Reply(404)

    assert bad_server(answer, work) is WriteProbe.UNKNOWN
