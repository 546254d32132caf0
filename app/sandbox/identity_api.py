"""The practice SCIM 1 interface of GoTo's organisation (spec/goto.md 2, 7, 9 point 1).

401 means not allowed, 403 means a bad token, and an unknown group is a 401 as well. `/Users/me`
tells about a bad token in a header alone.
"""

from __future__ import annotations

import copy
import re

from app.sandbox.goto_api import Pace
from app.sandbox.grants import Grants
from app.sandbox.identity_fields import (
    GROUP_FILTERS,
    NAME_PARTS,
    USER_FILTERS,
    bad,
    group_members,
    group_name,
    parse_filter,
    user_fields,
)
from app.sandbox.identity_schemas import CONFIG, user_schema
from app.sandbox.organization import Fields, Identity, Organization, Team
from app.sandbox.wire import Answer, Call, Handler, Json, Refused, Routes
from app.sandbox.world import World

LARGEST_PAGE = 100
EXTENSION = "urn:scim:schemas:extension:getgo:1.0"


class IdentityApi:
    """Handlers over the world's organisation."""

    def __init__(self, world: World, grants: Grants) -> None:
        self._world = world
        self._grants = grants
        self._pace = Pace()
        self._past: Organization | None = None
        """The organisation before the newest change, for reads that may be stale."""
        self.routes = Routes()
        self._add("GET", "/Schemas/Users", lambda call, _: Answer(200, user_schema(call.base)))
        self._add("GET", "/ServiceProviderConfigs", lambda _call, _match: Answer(200, CONFIG))
        self._add("GET", "/Users/me", self._me, right="")
        self._add("PATCH", "/Users/me", self._change_me, right="")
        self._add("PUT", "/Users/me", self._change_me, right="")
        self._add("GET", "/Users", self._users)
        self._add("POST", "/Users", self._create_user)
        self._add("GET", "/Users/(?P<key>[^/]+)", self._user)
        self._add("PATCH", "/Users/(?P<key>[^/]+)", self._change_user)
        self._add("PUT", "/Users/(?P<key>[^/]+)", self._change_user)
        self._add("DELETE", "/Users/(?P<key>[^/]+)", self._delete_user)
        self._add("GET", "/Groups", self._groups)
        self._add("POST", "/Groups", self._create_group)
        self._add("GET", "/Groups/(?P<key>[^/]+)", self._group)
        self._add("PATCH", "/Groups/(?P<key>[^/]+)", self._change_group)
        self._add("PUT", "/Groups/(?P<key>[^/]+)", self._change_group)
        self._add("DELETE", "/Groups/(?P<key>[^/]+)", self._delete_group)

    def answer(self, call: Call) -> Answer:
        """Any request: the limit first, then the token, then the route."""
        faults = self._world.faults
        with self._world.lock:
            if faults.goto_per_second is not None and self._pace.too_much(faults.goto_per_second):
                return Answer(429, {"errorCode": "TOO_MANY_REQUESTS", "message": "Slow down"})
            if not self._grants.valid("goto", call.bearer(), self._world.now()):
                return _bad_token(call)
            self._world.organization.catch_up(self._world.goto, self._world.timestamp())
            found = self.routes.dispatch(call)
        return found or Answer(404, {"errorCode": "NOT_FOUND", "message": "Not found"})

    def _add(self, method: str, path: str, handler: Handler, right: str | None = None) -> None:
        """`right`: the organisation role it needs; by the method when None, none when empty."""
        needed = ("read" if method == "GET" else "write") if right is None else right

        def checked(call: Call, match: re.Match[str]) -> Answer:
            faults = self._world.faults
            allowed = faults.organization_read if needed == "read" else faults.organization_write
            if needed and not (allowed and faults.scim_scope):
                return _not_allowed(call)
            if method != "GET" and faults.stale_reads:
                self._past = copy.deepcopy(self._world.organization)
            return handler(call, match)

        self.routes.add(method, path, checked)

    # -- users -----------------------------------------------------------------------------

    def _me(self, call: Call, _match: re.Match[str]) -> Answer:
        own = self._own()
        roles = ["acctadmin"] if self._world.administrator.roles else []
        account = self._world.goto
        shown = {
            **own.json(call.base),
            EXTENSION: {
                "accounts": [
                    {"value": str(account.key), "display": account.name, "entitlements": roles}
                ]
            },
        }
        return Answer(200, shown, {"location": f"{call.base}/Users/{own.key}"})

    def _change_me(self, call: Call, _match: re.Match[str]) -> Answer:
        return self._changed(call, self._own())

    def _users(self, call: Call, _match: re.Match[str]) -> Answer:
        organization, written = self._seen(call), call.query.get("filter")
        if written is None:
            everybody = organization.identities.values()
            return self._page(call, [one.json(call.base) for one in everybody])
        exact = self._world.faults.exact_filters
        named, fits = parse_filter(written, USER_FILTERS, exact=exact)
        chosen = [organization.at(named)] if named else organization.identities.values()
        items = [one.json(call.base) for one in chosen if one is not None]
        return self._page(call, [item for item in items if fits(item)])

    def _user(self, call: Call, match: re.Match[str]) -> Answer:
        return Answer(200, _identity(self._seen(call), match["key"]).json(call.base))

    def _create_user(self, call: Call, _match: re.Match[str]) -> Answer:
        fields = user_fields(_body(call), whole=True)
        self._check_address(call, fields, None)
        made = self._world.organization.create(fields, self._world.timestamp())
        return Answer(201, made.json(call.base))

    def _change_user(self, call: Call, match: re.Match[str]) -> Answer:
        return self._changed(call, _identity(self._world.organization, match["key"]))

    def _changed(self, call: Call, one: Identity) -> Answer:
        """PATCH changes what is named; PUT wants everything and leaves the name alone (2.4)."""
        body = _body(call)
        if "Operations" in body:
            if not self._world.faults.patch_op_ignored:
                return Answer(
                    400, {"err": "invalid", "message": "Operations is no field of a user"}
                )
            body = {}
        fields = user_fields(body, whole=call.method == "PUT")
        if call.method == "PUT":
            fields = {name: text for name, text in fields.items() if name not in NAME_PARTS}
        self._check_address(call, fields, one)
        self._world.organization.change(one, fields)
        return Answer(200, one.json(call.base))

    def _delete_user(self, _call: Call, match: re.Match[str]) -> Answer:
        if self._world.faults.deletes_refused:
            raise bad("BAD_REQUEST", "Nobody is deleted now")
        organization = self._world.organization
        organization.remove(_identity(organization, match["key"]))
        return Answer(200)

    def _check_address(self, call: Call, fields: Fields, own: Identity | None) -> None:
        name = fields.get("userName")
        if name is None:
            return
        if name.rpartition("@")[2].lower() not in self._world.goto.domains or "@" not in name:
            status = self._world.faults.foreign_domain_status
            if status == 401:
                raise Refused(_not_allowed(call))
            raise bad("INVALID_DOMAIN", "The domain is not one of the organisation", status)
        holder = self._world.organization.at(name)
        if name.lower() in self._world.organization.elsewhere or holder not in (None, own):
            raise bad("CONFLICT", "Username is already in use", 409)

    def _own(self) -> Identity:
        found = self._world.organization.at(self._world.administrator.email)
        if found is None:
            raise bad("NOT_FOUND", "User not found", 404)
        return found

    # -- groups ----------------------------------------------------------------------------

    def _groups(self, call: Call, _match: re.Match[str]) -> Answer:
        items = [self._shown(call, one) for one in self._seen(call).teams.values()]
        written = call.query.get("filter")
        if written is not None:
            exact = self._world.faults.exact_filters
            _, fits = parse_filter(written, GROUP_FILTERS, exact=exact)
            items = [item for item in items if fits(item)]
        if call.query.get("sortBy") == "displayName":
            backwards = call.query.get("sortOrder") == "descending"
            items.sort(key=lambda item: str(item["displayName"]).casefold(), reverse=backwards)
        return self._page(call, items)

    def _shown(self, call: Call, team: Team) -> Json:
        """A group in a list."""
        item = team.json(call.base)
        if self._world.faults.lists_without_members:
            del item["members"]
        return item

    def _group(self, call: Call, match: re.Match[str]) -> Answer:
        return Answer(200, _team(call, self._seen(call), match["key"]).json(call.base))

    def _create_group(self, call: Call, _match: re.Match[str]) -> Answer:
        body, organization = _body(call), self._world.organization
        name = group_name(body)
        if name is None:
            raise bad("INVALID_GROUP", "The displayName field is not set")
        members = group_members(body, organization) or {}
        self._check_name(name, None)
        made = organization.create_team(name, members, self._world.timestamp())
        return Answer(201, made.json(call.base))

    def _change_group(self, call: Call, match: re.Match[str]) -> Answer:
        team = _team(call, self._world.organization, match["key"])
        body = _body(call)
        name = group_name(body)
        members = group_members(body, self._world.organization)
        if call.method == "PUT" and name is None:
            raise bad("INVALID_GROUP", "The displayName field is not set")
        if name is not None:
            self._check_name(name, team)
            team.name = name
        if call.method == "PUT":
            team.members = members or {}
        elif members is not None:
            kept = {} if self._world.faults.members_replaced else team.members
            team.members = {**kept, **members}
        return Answer(200, team.json(call.base))

    def _delete_group(self, call: Call, match: re.Match[str]) -> Answer:
        organization = self._world.organization
        organization.remove_team(_team(call, organization, match["key"]))
        return Answer(200)

    def _check_name(self, name: str, own: Team | None) -> None:
        if self._world.organization.team_called(name) not in (None, own):
            raise bad("CONFLICT", "The displayName is already in use", 409)

    # -- both ------------------------------------------------------------------------------

    def _seen(self, call: Call) -> Organization:
        """What a read sees: without `no-cache` perhaps not the newest change (2.6)."""
        fresh = "no-cache" in call.headers.get("cache-control", "")
        if self._world.faults.stale_reads and self._past is not None and not fresh:
            return self._past
        return self._world.organization

    def _page(self, call: Call, items: list[Json]) -> Answer:
        """A collection in GoTo's form: lower-case `resources`, no schemas (2.3)."""
        start = max(1, _number(call, "startIndex", 1))
        count = min(LARGEST_PAGE, _number(call, "count", LARGEST_PAGE))
        shown = items if self._world.faults.lists_unpaged else items[start - 1 : start - 1 + count]
        return Answer(200, {"resources": shown, "totalResults": len(items)})


def _identity(organization: Organization, key: str) -> Identity:
    found = organization.identities.get(key)
    if found is None:
        raise bad("NOT_FOUND", "User not found", 404)
    return found


def _team(call: Call, organization: Organization, key: str) -> Team:
    found = organization.teams.get(key)
    if found is None:
        raise Refused(_not_allowed(call))
    return found


def _not_allowed(call: Call) -> Answer:
    return Answer(401, {"code": "not.authorized", "uri": f"/v1{call.path}"})


def _bad_token(call: Call) -> Answer:
    if call.path.lower() == "/users/me":
        words = 'error="invalid_token", error_description="The access token is not valid"'
        return Answer(401, None, {"www-authenticate": f"Bearer {words}"})
    return Answer(403, {"int_err_code": "InvalidToken", "msg": "Invalid token passed"})


def _number(call: Call, name: str, default: int) -> int:
    value = call.query.get(name, str(default))
    if not value.isdecimal():
        raise bad("BAD_REQUEST", f"{name} must be a number")
    return int(value)


def _body(call: Call) -> Json:
    try:
        return call.json()
    except ValueError:
        raise bad("BAD_REQUEST", "The body is not a JSON object") from None
