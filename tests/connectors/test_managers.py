"""Managers as Graph tells of them and as a SCIM server keeps them, practice servers included."""

import asyncio
import json
import urllib.request
from urllib.parse import quote

import pytest
from loopback import PATIENT, Reply, Waits, secrets, serving
from test_entra import TENANT, Directory, all_of
from test_scim2 import Scim, bad_server, draft, run, user

from app.connectors import scim2_shapes as shapes
from app.connectors.entra import EntraSource
from app.connectors.graph_shapes import read_person_change
from app.domain.accounts import AccountUpdate
from app.domain.settings import SourceSettings
from app.mapping.scim2_attributes import ATTRIBUTES, ENTERPRISE, REFERENCES
from app.sandbox.server import Sandbox

(MANAGER,) = REFERENCES
DEPARTMENT = f"{ENTERPRISE}:department"
GONE = {"@removed": {"reason": "deleted"}}


def entry(identity, **more):
    return {"@odata.type": "#microsoft.graph.user", "id": identity, **more}


# --- Graph ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "manager"),
    [
        ({"manager@delta": [entry("b")]}, {"manager": "b"}),
        ({"manager@delta": [entry("b", **GONE)]}, {"manager": None}),
        ({"manager@delta": [entry("b", **GONE), entry("c")]}, {"manager": "c"}),
        ({"manager@delta": [entry("c"), entry("b", **GONE)]}, {"manager": "c"}),
        ({"manager@delta": []}, {"manager": None}),
        ({}, {}),
    ],
)
def test_a_delta_tells_who_came_and_who_went(told, manager):
    assert read_person_change({"id": "a", **told}).attributes == {"objectId": "a", **manager}


def test_managers_are_asked_for_only_where_something_names_them():
    def graph(seen):
        if seen.path.endswith("/users/delta"):
            link = f"http://{seen.headers['host']}/v1.0/users/delta?$deltatoken=x"
            return Reply(200, {"value": [], "@odata.deltaLink": link})
        if seen.method == "POST":
            return Reply(200, {"value": [{"id": one} for one in seen.json["ids"] if one != "u3"]})
        ids = [one.strip("'") for one in seen.query["$filter"][7:-1].split(",")]
        assert seen.query["$expand"] == "manager($select=id)"
        shown = [{"id": one} | ({"manager": entry("m")} if one == "u1" else {}) for one in ids]
        return Reply(200, {"value": shown[: len(ids) - (len(ids) > 10)]})

    async def read(extensions):
        async with serving(Directory(graph)) as server:
            place = {"login_url": f"{server.url}/login", "graph_url": f"{server.url}/v1.0"}
            settings = SourceSettings(TENANT, "app-1", "sp-1", **place)
            source = EntraSource(
                settings, secrets, Waits(), extensions=extensions, patience=PATIENT
            )
            await all_of(source.fetch_people(None))
            people = await source.fetch_people_by_id([f"u{n}" for n in range(20)])
            await source.close()
            return server.seen[1].query["$select"].split(","), people, len(server.seen)

    select, people, requests = asyncio.run(read(()))
    assert "manager" not in select
    assert all("manager" not in one.attributes for one in people)
    assert requests == 3  # the token, the delta, one for all
    select, people, requests = asyncio.run(read({"manager"}))
    assert "manager" in select
    assert requests == 5  # nineteen were there: fifteen and four
    managers = {one.id: one.attributes.get("manager", "?") for one in people}
    assert managers["u1"] == "m"
    assert managers["u0"] is None
    assert "u3" not in managers
    assert list(managers.values()).count("?") == 1  # left out by the second list: not known


class Tenant:
    """The practice directory, read as the program reads it."""

    def __init__(self, sandbox):
        self.world = sandbox.world
        info = sandbox.info()
        self._secrets = info["secrets"].__getitem__
        source = info["profile"]["source"]
        self._settings = SourceSettings(
            **{name: one for name, one in source.items() if name not in ("kind", "sign_in")}
        )
        self.link = None
        self.managers = {}

    def _with(self, work):
        async def inside():
            source = EntraSource(self._settings, self._secrets, Waits(), extensions=["manager"])
            try:
                return await work(source)
            finally:
                await source.close()

        return asyncio.run(inside())

    def read(self):
        """One round; who was told to have which manager now."""
        pages = self._with(lambda source: all_of(source.fetch_people(self.link)))
        self.link = pages[-1].delta_link
        told = {
            change.id: change.attributes["manager"]
            for page in pages
            for change in page.changes
            if "manager" in change.attributes
        }
        self.managers |= told
        return told

    def by_id(self, identity):
        (person,) = self._with(lambda source: source.fetch_people_by_id([identity]))
        return person.attributes["manager"]

    def assert_right(self):
        for person in self.world.directory.living_people():
            found = self.world.directory.manager_of(person)
            assert self.managers.get(person.id) == (found.id if found else None)
            assert self.by_id(person.id) == (found.id if found else None)


@pytest.fixture
def tenant():
    with Sandbox(users=30) as sandbox:
        yield Tenant(sandbox)


def test_the_practice_tenant_tells_of_every_change(tenant):
    world, people = tenant.world, tenant.world.directory.people
    assert len(tenant.read()) > 20
    tenant.assert_right()
    assert tenant.read() == {}
    marta, jonas, luca = people[0], people[1], people[15]
    world.rename(marta.id, surname="Zimmer")
    assert tenant.read() == {}  # no change of the manager, no word about it
    world.set_manager(marta.id, luca.id)
    assert tenant.read() == {marta.id: luca.id}
    world.set_manager(marta.id)
    assert tenant.read() == {marta.id: None}
    world.set_manager(marta.id, jonas.id)
    world.set_manager(marta.id, luca.id)
    world.set_manager(marta.id, jonas.id)
    assert tenant.read() == {marta.id: jonas.id}
    world.leave(jonas.id)
    assert tenant.read()[marta.id] is None
    tenant.assert_right()
    world.restore(jonas.text("userPrincipalName"))
    assert tenant.read()[marta.id] == jonas.id
    world.leave(marta.id)
    tenant.read()
    world.restore(marta.text("userPrincipalName"))
    tenant.read()
    tenant.assert_right()
    world.leave(jonas.id)
    world.purge(jonas.text("userPrincipalName"))
    tenant.read()
    tenant.assert_right()


def test_the_same_company_has_the_same_managers():
    def managers():
        with Sandbox(users=120) as sandbox:
            return [one.manager for one in sandbox.world.directory.people]

    assert managers() == managers()
    assert sum(one is not None for one in managers()) > 100


def test_the_practice_graph_answers_for_one_person(tenant):
    world = tenant.world
    token = tenant._with(_token)
    graph = tenant._settings.graph_url
    marta, jonas = world.directory.people[:2]

    def get(path):
        request = urllib.request.Request(graph + path, headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    status, body = get(f"/users/{marta.id}/manager?$select=id")
    assert (status, body["id"]) == (200, jonas.id)
    assert set(body) == {"@odata.context", "@odata.type", "id"}
    expand = quote("manager($select=id)", safe="")
    assert get(f"/users/{marta.id}?$select=id&$expand={expand}")[1]["manager"] == {
        "@odata.type": "#microsoft.graph.user",
        "id": jonas.id,
    }
    world.set_manager(marta.id)
    assert get(f"/users/{marta.id}/manager")[0] == 404
    assert "manager" not in get(f"/users/{marta.id}?$select=id&$expand=manager")[1]
    assert get(f"/users/{marta.id}?$expand=shoes")[0] == 400


async def _token(source):
    await source.sign_in()
    return (await source._tokens.current()).value


# --- SCIM ----------------------------------------------------------------------------------


@pytest.fixture
def practice():
    with Sandbox() as sandbox:
        yield sandbox


def test_a_manager_is_written_shown_and_taken_away(practice):
    def users():
        return practice.world.scim.resources["User"]

    async def work(target):
        ann, bob = await target.create(
            [draft("ann@x.example", **{DEPARTMENT: "IT"}), draft("bob@x.example")]
        )
        outcome = await target.update(AccountUpdate("p", ann.key, "ann", {MANAGER: bob.key}))
        assert outcome.account.attributes[MANAGER] == bob.key
        assert users()[ann.key][ENTERPRISE] == {
            "department": "IT",
            "manager": {"value": bob.key},
        }
        (found,) = await target.find_accounts(["ann@x.example"])
        assert found.attributes[MANAGER] == bob.key
        listed = [one async for page in target.fetch_accounts() for one in page]
        assert {one.key: one.attributes.get(MANAGER) for one in listed}[ann.key] == bob.key
        await target.update(AccountUpdate("p", ann.key, "ann", {MANAGER: ann.key}))
        assert users()[ann.key][ENTERPRISE]["manager"] == {"value": ann.key}
        await target.update(AccountUpdate("p", ann.key, "ann", {MANAGER: ""}))
        assert users()[ann.key][ENTERPRISE] == {"department": "IT"}
        await target.update(AccountUpdate("p", ann.key, "ann", {MANAGER: bob.key}))
        await target.delete("p", bob.key)
        assert "manager" not in users()[ann.key][ENTERPRISE]
        outcome = await target.update(AccountUpdate("p", ann.key, "ann", {MANAGER: bob.key}))
        return outcome.error

    assert run(practice, work).code == "UnprocessableEntity"


def test_the_patch_is_what_rfc_7643_calls_a_manager():
    assert shapes.operations_of({MANAGER: "7"}, {}) == [
        {"op": "replace", "path": MANAGER, "value": {"value": "7"}}
    ]
    assert shapes.operations_of({MANAGER: ""}, {}) == [{"op": "remove", "path": MANAGER}]


def test_by_put_nothing_of_the_former_manager_stays():
    before = {"manager": {"value": "8", "$ref": "../Users/8", "displayName": "B"}, "division": "D"}
    scim = Scim(
        [user(1, **{ENTERPRISE: before})],
        {"ServiceProviderConfig": {"patch": {"supported": False}}},
    )

    async def work(target, _server):
        assert (await target.update(AccountUpdate("p", "1", "u", {MANAGER: "9"}))).error is None
        assert scim.users["1"][ENTERPRISE] == {"manager": {"value": "9"}, "division": "D"}
        assert (await target.update(AccountUpdate("p", "1", "u", {MANAGER: ""}))).error is None

    bad_server(scim, work)
    assert scim.users["1"][ENTERPRISE] == {"division": "D"}


@pytest.mark.parametrize(
    ("said", "read"),
    [({"value": "8"}, "8"), ({"value": 8}, "8"), ("8", "8"), ({"displayName": "B"}, None)],
)
def test_a_manager_is_read_as_servers_write_one(said, read):
    found = shapes.account_of(user(1, **{ENTERPRISE: {"manager": said}}))
    assert found.attributes.get(MANAGER) == read


def test_the_target_says_that_it_points_at_accounts(practice):
    async def work(target):
        await target.fetch_info()
        return target.limits.references

    assert run(practice, work) == REFERENCES
    assert REFERENCES <= ATTRIBUTES
