"""The practice Admin API (spec/goto.md 3, 6, 7, 9).

A bulk creation takes at most 100 users and is refused whole, without a word about which row it
was: a bad row gives 400 `INVALID_USER`, a foreign mail domain 400 `INVALID_DOMAIN`, too few free
seats 400 `LICENSE_LIMIT_EXCEEDED` (as PUT does). A row whose address exists answers success with
the existing key and changes nothing; a deleted address is revived with its old key, the names of
the row and the licences of the call.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable
from time import monotonic

from app.sandbox.accounts import ALL_ROLES, SeatsShort, User
from app.sandbox.filters import FilterUnreadable, Node, equal_values, parse_goto
from app.sandbox.grants import Grants
from app.sandbox.wire import Answer, Call, Json, Refused, Routes
from app.sandbox.world import World

MOST_PER_CALL = 100
LARGEST_PAGE = 1000
DEFAULT_PAGE = 100
LONGEST_NAME = 60
LONGEST_ADDRESS = 128
_ADDRESS = re.compile(r"[^\s@,;<>()\[\]]+@[^\s@.]+(\.[^\s@.]+)+")


class Pace:
    """Counts requests in a sliding second and says when it is too much."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque()

    def too_much(self, per_second: float) -> bool:
        """Whether one more request now would exceed the limit; it counts only if it does not."""
        now = self._clock()
        while self._times and now - self._times[0] >= 1.0:
            self._times.popleft()
        if len(self._times) >= per_second:
            return True
        self._times.append(now)
        return False


class GoToApi:
    """Handlers over the world, and counts by lower-case address for proofs.

    `creates`: a new user came to be; `revives`: a deleted one came back; `repeats`: a creation
    named somebody who was there; `invitations`: a mail that nobody suppressed.
    """

    def __init__(self, world: World, grants: Grants) -> None:
        self._world = world
        self._grants = grants
        self._pace = Pace()
        self.creates: Counter[str] = Counter()
        self.revives: Counter[str] = Counter()
        self.repeats: Counter[str] = Counter()
        self.invitations: Counter[str] = Counter()
        self.routes = Routes()
        add = self.routes.add
        account = r"/accounts/(?P<account>[^/]+)"
        add("GET", "/me", self._me)
        add("GET", f"{account}/users", self._users)
        add("POST", f"{account}/users", self._create)
        add("PUT", f"{account}/users/(?P<user>[^/]+)", self._update)
        add("DELETE", f"{account}/users/(?P<user>[^/]+)", self._delete)
        add("GET", f"{account}/licenses", self._licences)
        seat = rf"{account}/licenses/(?P<licence>[^/]+)/users/(?P<user>[^/]+)"
        add("DELETE", seat, self._take_licence)

    def answer(self, call: Call) -> Answer:
        """Any request: the limit first, then the token, then the route."""
        faults = self._world.faults
        with self._world.lock:
            if faults.goto_per_second is not None and self._pace.too_much(faults.goto_per_second):
                return Answer(429, {"errorCode": "TOO_MANY_REQUESTS", "message": "Slow down"})
            if not self._grants.valid("goto", call.bearer(), self._world.now()):
                return Answer(403, {"int_err_code": "InvalidToken", "msg": "Invalid token passed"})
            if not faults.admin_scope:
                return Answer(401, {"code": "not.authenticated", "uri": call.path})
            found = self.routes.dispatch(call)
        return found or Answer(404, {"errorCode": "NOT_FOUND", "message": "Not found"})

    def _me(self, _call: Call, _match: re.Match[str]) -> Answer:
        own, account = self._world.administrator, self._world.goto
        faults = self._world.faults
        held = {
            "ROLE_ORG_READ": faults.organization_read,
            "ROLE_ORG_WRITE": faults.organization_write,
        }
        roles = [role for role, has in held.items() if has]
        return Answer(
            200,
            {
                "key": own.key,
                "accountKey": account.key,
                "email": own.email,
                "firstName": own.first_name,
                "lastName": own.last_name,
                "orgAdmin": bool(roles),
                "organizationRoles": roles,
                "adminRoles": list(own.roles),
                "products": account.products(own),
                "accounts": [{"key": account.key, "name": account.name}],
            },
        )

    def _users(self, call: Call, match: re.Match[str]) -> Answer:
        self._check_account(match)
        self._check_rights("MANAGE_USERS")
        if "+" in call.raw_query:
            return _bad("BAD_REQUEST", "Unreadable query: encode blanks as %20")
        size = min(_number(call, "pageSize", DEFAULT_PAGE), LARGEST_PAGE)
        offset = _number(call, "offset", 0)
        goto = self._world.goto
        written = call.query.get("filter")
        if written:
            found = self._filtered(written)
            page, total = found[offset : offset + size], len(found)
        else:
            page, total = goto.page(offset, size), len(goto.users) - goto.deleted
        return Answer(200, {"results": [self._json(user) for user in page], "total": total})

    def _filtered(self, written: str) -> list[User]:
        goto = self._world.goto
        try:
            node: Node = parse_goto(written)
        except FilterUnreadable as trouble:
            raise Refused(_bad("BAD_REQUEST", str(trouble))) from None
        pairs = equal_values(node, frozenset({"email"}))
        if pairs is None:
            candidates = list(goto.living())
        else:
            known = {user.key: user for _, value in pairs if (user := goto.at(value)) is not None}
            candidates = sorted(known.values(), key=lambda user: user.number)
        return [user for user in candidates if node.holds(_getter(user))]

    def _create(self, call: Call, match: re.Match[str]) -> Answer:
        self._check_account(match)
        self._check_rights("MANAGE_USERS")
        body = _body(call)
        rows = body.get("users")
        licences = tuple(self._licence_keys(body))
        if not isinstance(rows, list) or not 0 < len(rows) <= MOST_PER_CALL:
            return _bad("BAD_REQUEST", f"users must hold 1 to {MOST_PER_CALL} rows")
        for row in rows:
            self._check_row(row)
        goto = self._world.goto
        fresh = {str(row["email"]).lower() for row in rows if goto.at(str(row["email"])) is None}
        try:
            goto.require_seats((key, len(fresh)) for key in licences)
        except SeatsShort:
            return _bad("LICENSE_LIMIT_EXCEEDED", "Not enough licenses available")
        quiet = body.get("suppressEmail") is True
        return Answer(201, [self._made(row, licences, quiet=quiet) for row in rows])

    def _made(self, row: Json, licences: tuple[int, ...], *, quiet: bool) -> Json:
        goto, email = self._world.goto, str(row["email"])
        address = email.lower()
        user = goto.by_email.get(address)
        if user is not None and not user.deleted:
            self.repeats[address] += 1
            return {"key": user.key, "email": user.email}
        first_name, last_name = str(row["firstName"]), str(row["lastName"])
        if user is None:
            self.creates[address] += 1
            user = goto.add(email, first_name, last_name)
        else:
            self.revives[address] += 1
            goto.revive(user, first_name, last_name)
        user.locale = str(row.get("locale") or user.locale)
        goto.set_licences(user, () if self._forgotten() else licences)
        if not quiet:
            self.invitations[address] += 1
        return {"key": user.key, "email": user.email}

    def _check_row(self, row: object) -> None:
        if not isinstance(row, dict):
            raise Refused(_bad("INVALID_USER", "A user is not an object"))
        for name in ("email", "firstName", "lastName"):
            value = row.get(name)
            if not isinstance(value, str) or not value.strip():
                raise Refused(_bad("INVALID_USER", f"{name} is required"))
        self._check_values(row)

    def _check_values(self, row: Json) -> None:
        for name in ("firstName", "lastName"):
            value = row.get(name, "-")
            if not isinstance(value, str) or not value.strip():
                raise Refused(_bad("INVALID_USER", f"{name} is required"))
            if len(value) > LONGEST_NAME:
                raise Refused(_bad("INVALID_USER", "A name is longer than 60 characters"))
        email = row.get("email")
        if email is None:
            return
        if len(str(email)) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(str(email)):
            raise Refused(_bad("INVALID_USER", "An e-mail address is not valid"))
        if str(email).rpartition("@")[2].lower() not in self._world.goto.domains:
            raise Refused(_bad("INVALID_DOMAIN", "An address is outside the verified domains"))

    def _update(self, call: Call, match: re.Match[str]) -> Answer:
        self._check_account(match)
        user, goto = self._user(match), self._world.goto
        body = _body(call)
        named = {"email", "firstName", "lastName", "locale"} & set(body)
        self._check_rights("MANAGE_USERS" if named else "MANAGE_SEATS")
        if named and user.read_only:
            return Answer(403, {"errorCode": "NOT_PERMITTED", "message": "identityReadOnly"})
        self._check_values(body)
        if self._world.faults.updates_refused:
            return _bad("BAD_REQUEST", "Nobody is changed now")
        holder = goto.at(str(body["email"])) if "email" in body else None
        if holder is not None and holder is not user:
            return Answer(409, {"errorCode": "CONFLICT", "message": "e-mail conflict"})
        roles = body.get("adminRoles", [])
        if not isinstance(roles, list) or not {*roles} <= {*ALL_ROLES}:
            return _bad("BAD_REQUEST", "adminRoles must be a list of known roles")
        if self._forgotten():
            return Answer(204)
        if "licenseKeys" in body:
            try:
                goto.set_licences(user, tuple(self._licence_keys(body)))
            except SeatsShort:
                return _bad("LICENSE_LIMIT_EXCEEDED", "Not enough licenses available")
        if "email" in body:
            goto.set_email(user, str(body["email"]))
        user.first_name = str(body.get("firstName", user.first_name))
        user.last_name = str(body.get("lastName", user.last_name))
        user.locale = str(body.get("locale", user.locale))
        if "adminRoles" in body:
            user.roles = tuple(roles)
        if self._world.faults.put_without_body:
            return Answer(204)
        return Answer(200, self._json(user))

    def _forgotten(self) -> bool:
        """Whether this change is confirmed and not carried out."""
        faults = self._world.faults
        if faults.writes_unkept <= 0:
            return False
        faults.writes_unkept -= 1
        return True

    def _delete(self, _call: Call, match: re.Match[str]) -> Answer:
        self._check_account(match)
        self._check_rights("MANAGE_USERS")
        if self._world.faults.deletes_refused:
            return _bad("BAD_REQUEST", "Nobody is deleted now")
        self._world.goto.delete(self._user(match))
        return Answer(204)

    def _take_licence(self, _call: Call, match: re.Match[str]) -> Answer:
        self._check_account(match)
        self._check_rights("MANAGE_SEATS")
        user = self._user(match)
        held = tuple(key for key in user.licences if str(key) != match["licence"])
        self._world.goto.set_licences(user, held)
        return Answer(204)

    def _licences(self, _call: Call, match: re.Match[str]) -> Answer:
        self._check_account(match)
        return Answer(
            200,
            {
                "results": [
                    {
                        "key": pool.key,
                        "products": list(pool.products),
                        "quantity": pool.seats,
                        "used": pool.used,
                    }
                    for pool in self._world.goto.pools.values()
                ]
            },
        )

    def _json(self, user: User) -> Json:
        account = self._world.goto
        return {
            "key": user.key,
            "email": user.email,
            "firstName": user.first_name,
            "lastName": user.last_name,
            "locale": user.locale,
            "status": "SUSPENDED" if user.suspended else "ACTIVE",
            "products": account.products(user),
            "licenseKeys": list(user.licences),
            "admin": bool(user.roles),
            "adminRoles": list(user.roles),
            "identityReadOnly": user.read_only,
        }

    def _licence_keys(self, body: Json) -> list[int]:
        keys: list[int] = []
        given = body.get("licenseKeys", [])
        if not isinstance(given, list):
            raise Refused(_bad("INVALID_LICENSE", "licenseKeys must be a list"))
        for key in given:
            if not str(key).isdecimal() or int(key) not in self._world.goto.pools:
                raise Refused(_bad("INVALID_LICENSE", f"There is no license {key}"))
            keys.append(int(key))
        return keys

    def _check_account(self, match: re.Match[str]) -> None:
        if not match["account"].isdecimal():
            raise Refused(Answer(502, {"errorCode": "BAD_GATEWAY", "message": "Upstream"}))
        if match["account"] != str(self._world.goto.key):
            raise Refused(Answer(403, {"errorCode": "FORBIDDEN", "message": "Not your account"}))

    def _check_rights(self, needed: str) -> None:
        roles = self._world.administrator.roles
        if "SUPER_USER" not in roles and needed not in roles:
            raise Refused(Answer(403, {"errorCode": "FORBIDDEN", "message": f"Needs {needed}"}))

    def _user(self, match: re.Match[str]) -> User:
        if not match["user"].isdecimal():
            raise Refused(Answer(502, {"errorCode": "BAD_GATEWAY", "message": "Upstream"}))
        user = self._world.goto.by_key.get(int(match["user"]))
        if user is None or user.deleted:
            raise Refused(Answer(404, {"errorCode": "NOT_FOUND", "message": "No such user"}))
        return user


def _body(call: Call) -> Json:
    try:
        return call.json()
    except ValueError:
        raise Refused(_bad("BAD_REQUEST", "The body is not a JSON object")) from None


def _bad(code: str, message: str) -> Answer:
    return Answer(400, {"errorCode": code, "message": message})


def _number(call: Call, name: str, default: int) -> int:
    value = call.query.get(name, str(default))
    if not value.isdecimal():
        raise Refused(_bad("BAD_REQUEST", f"{name} must be a number"))
    return int(value)


def _getter(user: User) -> Callable[[str], object]:
    values: dict[str, object] = {
        "email": user.email,
        "firstname": user.first_name,
        "lastname": user.last_name,
        "key": user.key,
    }
    return lambda name: values.get(name.lower())
