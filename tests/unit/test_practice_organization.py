"""The practice SCIM 1 interface keeps to spec/goto.md 2 and 9, point 1."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from app.sandbox.identity_api import IdentityApi
from app.sandbox.login import Grants
from app.sandbox.seed import build_world
from app.sandbox.wire import Answer, Call
from app.sandbox.world import World

DOMAIN = "haldenroux.example"


@dataclass
class Served:
    world: World
    api: IdentityApi
    token: str

    def __call__(
        self, method: str, path: str, body: Any = None, *, fresh: bool = True, **query: str
    ) -> tuple[int, Any]:
        answer = self.raw(method, path, body, fresh=fresh, **query)
        return answer.status, answer.body

    def raw(
        self, method: str, path: str, body: Any = None, *, fresh: bool = True, **query: str
    ) -> Answer:
        headers = {"authorization": f"Bearer {self.token}"}
        if fresh:
            headers["cache-control"] = "no-cache"
        content = b"" if body is None else json.dumps(body).encode()
        return self.api.answer(
            Call(method, path, "http://x/identity/v1", query, "", headers, content)
        )

    def made(self, local: str, **values: Any) -> dict[str, Any]:
        status, body = self("POST", "/Users", {"userName": f"{local}@{DOMAIN}", **values})
        assert status == 201
        found: dict[str, Any] = body
        return found


@pytest.fixture
def served() -> Served:
    world, grants = build_world(1, None, 1), Grants()
    return Served(world, IdentityApi(world, grants), grants.issue("goto", world.now(), 3600))


def test_collections_are_lower_case_without_schemas_and_page(served: Served) -> None:
    for n in range(5):
        served.made(f"u{n}")
    status, page = served("GET", "/Users", startIndex="2", count="3")
    assert status == 200
    assert set(page) == {"resources", "totalResults"}
    assert len(page["resources"]) == 3
    assert page["totalResults"] > 5
    assert "schemas" not in page["resources"][0]
    assert {"active", "emails", "externalId"}.isdisjoint(page["resources"][0])


def test_accounts_at_verified_domains_are_identities_too_and_live_apart(served: Served) -> None:
    _, page = served("GET", "/Users")
    by_name = {one["userName"].lower(): one for one in page["resources"]}
    assert set(by_name) == {user.email.lower() for user in served.world.goto.living()}
    user = served.world.goto.at(f"jonas.weber@{DOMAIN}")
    assert user is not None
    key = by_name[f"jonas.weber@{DOMAIN}"]["id"]
    assert int(key) > 2**53
    assert key != str(user.key)
    assert served("DELETE", f"/Users/{key}") == (200, None)
    assert served("GET", f"/Users/{key}")[0] == 404
    assert served.world.goto.at(user.email) is user  # not from the account
    assert served("GET", "/Users")[1]["totalResults"] == len(by_name) - 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "required"),
        ({"userName": " "}, "non-empty"),
        ({"userName": f"{'x' * 120}@{DOMAIN}"}, "128"),
        ({"userName": f"a@{DOMAIN}", "locale": "fr_FR_x"}, "locale"),
        ({"userName": f"a@{DOMAIN}", "timezone": "Mars/Base"}, "timezone"),
        ({"userName": f"a@{DOMAIN}", "name": {"givenName": "x" * 61, "familyName": ""}}, "60"),
        ({"userName": f"a@{DOMAIN}", "name": {"familyName": "x"}}, "givenName"),
        ({"userName": f"a@{DOMAIN}", "displayName": 7}, "string"),
        ({"userName": "a@foreign.example"}, "domain"),
    ],
)
def test_rules_on_input_are_400(served: Served, body: dict[str, Any], said: str) -> None:
    status, answer = served("POST", "/Users", body)
    assert status == 400
    assert said in answer["message"]


def test_duplicates_are_409(served: Served) -> None:
    served.made("ann")
    other = served.made("bob")
    assert served("POST", "/Users", {"userName": f"ANN@{DOMAIN}"})[0] == 409
    assert served("PATCH", f"/Users/{other['id']}", {"userName": f"ann@{DOMAIN}"})[0] == 409
    served.world.claim_elsewhere(f"eve@{DOMAIN}")
    assert served("POST", "/Users", {"userName": f"eve@{DOMAIN}"})[0] == 409
    assert served("POST", "/Groups", {"displayName": "Team"})[0] == 201
    assert served("POST", "/Groups", {"displayName": "team"})[0] == 409


@pytest.mark.parametrize(
    ("path", "condition", "status"),
    [
        ("/Users", f'userName eq "MARTA.lindqvist@{DOMAIN}"', 200),
        ("/Users", 'name.familyName sw "Lind"', 200),
        ("/Users", 'userName co "marta"', 400),
        ("/Users", 'id eq "1"', 400),
        ("/Users", 'userName eq "a" or userName eq "b"', 400),
        ("/Users", "userName eq marta", 400),
        ("/Groups", 'displayName co "x"', 200),
        ("/Groups", 'userName eq "x"', 400),
    ],
)
def test_only_the_filters_of_2_6(served: Served, path: str, condition: str, status: int) -> None:
    found, body = served("GET", path, filter=condition)
    assert found == status
    if path == "/Users" and status == 200:
        assert [one["userName"].lower() for one in body["resources"]] == [
            f"marta.lindqvist@{DOMAIN}"
        ]


def test_patch_is_a_part_put_leaves_the_name_and_patch_op_is_refused(served: Served) -> None:
    one = served.made("ann", name={"givenName": "Ann", "familyName": "Lee"})
    path = f"/Users/{one['id']}"
    _, changed = served("PATCH", path, {"displayName": "A"})
    assert (changed["displayName"], changed["name"]) == ("A", one["name"])
    whole = {"userName": one["userName"], "displayName": "B",
             "name": {"givenName": "X", "familyName": "Y"}}  # fmt: skip
    _, replaced = served("PUT", path, whole)
    assert (replaced["displayName"], replaced["name"]) == ("B", one["name"])
    assert served("PATCH", path, {"Operations": []})[0] == 400
    served.world.set_fault("patch_op_ignored", True)
    operation = {"op": "replace", "path": "displayName", "value": "C"}
    assert served("PATCH", path, {"Operations": [operation]}) == (200, replaced)


def test_statuses_have_unusual_meanings(served: Served) -> None:
    assert served("GET", "/Users/me")[0] == 200
    assert served("GET", "/Groups/1") == (401, {"code": "not.authorized", "uri": "/v1/Groups/1"})
    assert served("DELETE", "/Groups/1")[0] == 401
    served.world.set_fault("organization_write", False)
    assert served("POST", "/Groups", {"displayName": "G"})[0] == 401
    assert served("GET", "/Groups")[0] == 200
    served.world.set_fault("scim_scope", False)
    assert served("GET", "/Groups")[0] == 401
    served.token = "bad"
    assert served("GET", "/Users")[0] == 403
    me = served.raw("GET", "/Users/me")
    assert (me.status, me.body) == (401, None)
    assert "invalid_token" in me.headers["www-authenticate"]


def test_members_have_a_type_and_are_at_most_a_hundred(served: Served) -> None:
    keys = [served.made(f"u{n}")["id"] for n in range(101)]
    members = [{"type": "user", "value": key} for key in keys]
    _, group = served("POST", "/Groups", {"displayName": "G", "members": members[:1]})
    path = f"/Groups/{group['id']}"
    assert served("PATCH", path, {"members": members})[0] == 400
    assert served("PATCH", path, {"members": [{"type": "user", "value": "7"}]})[0] == 400
    assert served("PATCH", path, {"members": [{"value": keys[0]}]})[0] == 400
    _, added = served("PATCH", path, {"displayName": "G", "members": members[1:101]})
    assert len(added["members"]) == 101
    _, put = served("PUT", path, {"displayName": "G", "members": members[:2]})
    assert put["members"] == members[:2]
    served.world.set_fault("members_replaced", True)
    _, replaced = served("PATCH", path, {"members": members[5:6]})
    assert replaced["members"] == members[5:6]
    assert served("DELETE", f"/Users/{keys[5]}")[0] == 200
    assert served("GET", path)[1]["members"] == []


def test_reads_are_stale_unless_they_say_no_cache(served: Served) -> None:
    served.world.set_fault("stale_reads", True)
    served.made("ann")
    condition = f'userName eq "ann@{DOMAIN}"'
    assert served("GET", "/Users", fresh=False, filter=condition)[1]["totalResults"] == 0
    assert served("GET", "/Users", filter=condition)[1]["totalResults"] == 1


def test_it_describes_itself(served: Served) -> None:
    assert isinstance(served("GET", "/ServiceProviderConfigs")[1]["authenticationSchemes"], dict)
    assert served("GET", "/Schemas/Users")[1]["endpoint"].endswith("/Users")
    for path in ("/Bulk", "/ResourceTypes", "/ServiceProviderConfig"):
        assert served("GET", path)[0] == 404
