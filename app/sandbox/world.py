"""The practice world: a tenant, a GoTo account, credentials, a clock, and the life in them.

Every operation takes the world's lock, may be called from any thread, and answers with a
sentence about what happened. Whoever is not named is chosen by the world's own dice, so a panel
needs no more than a button per operation. Wrong names raise `ConfigurationError`.
"""

from __future__ import annotations

import inspect
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from app.domain.errors import ConfigurationError
from app.domain.people import DEFAULT_ACCESS, Presence
from app.domain.texts import Text
from app.sandbox.accounts import ALL_ROLES, GoToAccount, User
from app.sandbox.directory import Directory, Group, Person, Role
from app.sandbox.faults import DELTA_RESETS, GRAPH_PERMISSIONS, Faults
from app.sandbox.names import Identities, Name, display, local_part
from app.sandbox.organization import Organization
from app.sandbox.scim_directory import ScimDirectory

Arguments = ParamSpec("Arguments")
Self = TypeVar("Self", bound="World")
Choice = TypeVar("Choice")


def operation(
    function: Callable[Concatenate[Self, Arguments], Text],
) -> Callable[Concatenate[Self, Arguments], Text]:
    """Something that can happen in the world: runs under its lock, offered over HTTP too."""

    @wraps(function)
    def locked(self: Self, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Text:
        with self.lock:
            return function(self, *args, **kwargs)

    OPERATIONS[function.__name__] = inspect.signature(function, eval_str=True)
    return locked


OPERATIONS: dict[str, inspect.Signature] = {}
"""Every operation by name, with the parameters it takes."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Everything a client needs to sign in. Visibly made up: they open nothing but this world."""

    tenant: str
    client_id: str
    client_secret: str
    goto_client_id: str
    goto_client_secret: str
    user_name: str
    password: str
    personal_access_token: str
    scim_token: str


@dataclass(frozen=True, slots=True)
class Company:
    """Who the practice company is and whom it might hire."""

    name: str
    domain: str
    guest_domain: str
    given_names: tuple[Name, ...]
    surnames: tuple[Name, ...]
    departments: tuple[str, ...]


SECRET_LIFE = timedelta(days=180)
"""What Microsoft suggests for a new client secret."""


class World:
    """All state behind the practice services."""

    def __init__(
        self,
        company: Company,
        directory: Directory,
        goto: GoToAccount,
        credentials: Credentials,
        administrator: User,
        seed: int,
    ) -> None:
        self.lock = threading.RLock()
        self.company = company
        self.directory = directory
        self.goto = goto
        self.credentials = credentials
        self.administrator = administrator
        self.faults = Faults()
        self.run = str(uuid.uuid4())
        """Names this world; page and delta tokens of another one mean nothing here."""
        self.scim = ScimDirectory()
        """What the SCIM 2.0 server holds; apart from the GoTo account."""
        self.organization = Organization()
        """Identities and groups of the GoTo organisation; joined to the account by address."""
        self.mails: list[dict[str, object]] = []
        """Messages handed to sendMail, oldest first."""
        self.identities = Identities(seed, "life")
        self.dice = random.Random(f"{seed}:dice")
        self._clock_offset = timedelta()
        self.secret_ends_at = self.now() + SECRET_LIFE
        self.certificates: dict[str, str] = {}
        """Certificates of the practice client: thumbprint, as in a JWT's header, to PEM."""
        self.signed_out_at: dict[str, datetime] = {}
        """`source`, `target`: sign-ins of people before this moment are revoked."""

    # -- reading ---------------------------------------------------------------------------

    def now(self) -> datetime:
        """The world's time, UTC; `advance_clock` moves it."""
        return datetime.now(UTC) + self._clock_offset

    def network_down(self) -> bool:
        """Whether the network is broken right now."""
        until = self.faults.network_down_until
        if until is not None and time.monotonic() >= until:
            self.faults.network_down_until = until = None
        return until is not None

    def entitled(self) -> Iterator[tuple[Person, Role]]:
        """Who should have an account by the rules, with one effective role each.

        Present, enabled, and holding a real role directly or as a direct member of an assigned
        security group (spec/provisioning.md 2.2 to 2.5).
        """
        with self.lock:
            roles = {role.id: role for role in self.directory.application.roles}
            seen: set[str] = set()
            for grant in self.directory.living_grants():
                role = roles.get(grant.role_id)
                if role is None:
                    continue
                for person in self._holders(grant.principal_id, grant.principal_kind):
                    if person.id not in seen and person.present and person.enabled:
                        seen.add(person.id)
                        yield person, role

    def assigned_groups(self) -> list[Group]:
        """Groups that hold a real role."""
        ids = {
            grant.principal_id
            for grant in self.directory.living_grants()
            if grant.principal_kind == "group" and grant.role_id != DEFAULT_ACCESS
        }
        return [group for group in self.directory.living_groups() if group.id in ids]

    def _holders(self, principal: str, kind: str) -> Iterator[Person]:
        group = self.directory.group(principal) if kind == "group" else None
        if group is not None and not group.security_enabled:
            return
        for identity in group.members if group is not None else (principal,):
            person = self.directory.person(identity)
            if person is not None:
                yield person

    # -- people come, change and go --------------------------------------------------------

    @operation
    def join(
        self, given: str | None = None, surname: str | None = None, group: str | None = None
    ) -> Text:
        """A new hire arrives and is assigned through a group."""
        chosen = self._group(group) if group else self._any_assigned_group()
        first = Name(given, given) if given else self.dice.choice(self.company.given_names)
        last = Name(surname, surname) if surname else self.dice.choice(self.company.surnames)
        person = self._hire(first, last)
        self.directory.join(chosen, person.id)
        return Text(
            "{person} joined the company and is a member of {group}",
            {"person": person.text("displayName"), "group": chosen.name},
        )

    @operation
    def leave(self, person: str | None = None, how: str = "delete") -> Text:
        """Somebody leaves: `how` is `delete` (into the recycle bin) or `disable`."""
        if how not in {"delete", "disable"}:
            raise ConfigurationError(
                Text("“how” is {value}; it can be delete or disable", {"value": how}), key="how"
            )
        leaver = self._person(person)
        if how == "disable":
            self.directory.change(leaver, {"accountEnabled": False})
            return Text("{person} left; the sign-in is disabled", _named(leaver))
        self.directory.soft_delete(leaver, self.now())
        return Text("{person} left; the user is in the recycle bin", _named(leaver))

    @operation
    def marry(self, person: str | None = None, surname: str | None = None) -> Text:
        """Somebody marries: new surname, display name, sign-in name and mail."""
        spouse = self._person(person)
        old = spouse.text("displayName")
        chosen = (
            Name(surname, surname)
            if surname
            else self.dice.choice(
                [one for one in self.company.surnames if one.text != spouse.text("surname")]
            )
        )
        given = Name(spouse.text("givenName"), spouse.text("givenName"))
        address = self._free_address(given, chosen)
        values: dict[str, object] = {
            "surname": chosen.text,
            "displayName": display(given.text, chosen.text),
            "mailNickname": address.partition("@")[0],
        }
        if "#EXT#" not in spouse.text("userPrincipalName"):
            values |= {"userPrincipalName": address, "mail": address}
        self.directory.change(spouse, values)
        return Text(
            "{old} married and is now {person}", {"old": old, "person": spouse.text("displayName")}
        )

    @operation
    def rename(self, person: str, given: str | None = None, surname: str | None = None) -> Text:
        """Correct somebody's name without touching the addresses."""
        one = self._person(person)
        old = one.text("displayName")
        first, last = given or one.text("givenName"), surname or one.text("surname")
        self.directory.change(
            one, {"givenName": first, "surname": last, "displayName": display(first, last)}
        )
        return Text("{old} is now called {person}", {"old": old, "person": display(first, last)})

    @operation
    def set_attribute(
        self, person: str, attribute: str, value: str | int | bool | None = None
    ) -> Text:
        """Set or clear (null) any property of a user."""
        one = self._person(person)
        if attribute == "manager":
            raise ConfigurationError(
                Text("A manager is no attribute; use set_manager"), key="attribute"
            )
        self.directory.change(one, {attribute: value})
        return Text(
            "{attribute} of {person} changed",
            {"attribute": attribute, "person": one.text("displayName")},
        )

    @operation
    def set_manager(self, person: str, manager: str | None = None) -> Text:
        """Give somebody another manager; without one, take the manager away."""
        one = self._person(person)
        if manager is None:
            self.directory.set_manager(one, None)
            return Text("{person} has no manager any more", _named(one))
        chief = self._person(manager)
        self.directory.set_manager(one, chief)
        return Text(
            "{manager} is the manager of {person} now",
            {"manager": chief.text("displayName"), "person": one.text("displayName")},
        )

    @operation
    def share_address(self, person: str, other: str) -> Text:
        """Two people end up with one mail address."""
        one, two = self._person(person), self._person(other)
        self.directory.change(two, {"mail": one.text("mail") or one.text("userPrincipalName")})
        return Text(
            "{person} and {other} now share one address",
            {"person": one.text("displayName"), "other": two.text("displayName")},
        )

    @operation
    def disable(self, person: str | None = None) -> Text:
        """Disable somebody's sign-in."""
        one = self._person(person)
        self.directory.change(one, {"accountEnabled": False})
        return Text("The sign-in of {person} is disabled", _named(one))

    @operation
    def enable(self, person: str | None = None) -> Text:
        """Enable somebody's sign-in again."""
        if person is None:
            one = self._pick(
                [one for one in self.directory.living_people() if not one.enabled],
                "Nobody is disabled",
            )
        else:
            one = self._person(person)
        self.directory.change(one, {"accountEnabled": True})
        return Text("The sign-in of {person} is enabled again", _named(one))

    @operation
    def restore(self, person: str | None = None) -> Text:
        """Take somebody out of the recycle bin."""
        one = self._deleted(person)
        self.directory.restore(one)
        return Text("{person} is back from the recycle bin", _named(one))

    @operation
    def purge(self, person: str | None = None) -> Text:
        """Delete somebody for good; without a name, somebody in the recycle bin."""
        one = self._deleted(person)
        self.directory.purge(one)
        return Text("{person} is deleted for good", _named(one))

    # -- groups and assignments ------------------------------------------------------------

    @operation
    def move_group(self, person: str | None = None, to: str | None = None) -> Text:
        """Somebody leaves the assigned groups for another group."""
        mover = self._person(person)
        before = self.directory.groups_of(mover.id)
        goal = (
            self._group(to)
            if to
            else self._pick(
                [one for one in self.directory.living_groups() if one not in before],
                "There is no other group",
            )
        )
        for group in before:
            self.directory.part(group, mover.id)
        self.directory.join(goal, mover.id)
        return Text(
            "{person} moved to {group}",
            {"person": mover.text("displayName"), "group": goal.name},
        )

    @operation
    def add_member(self, person: str, group: str) -> Text:
        """Somebody becomes a direct member of a group."""
        one, chosen = self._person(person), self._group(group)
        self.directory.join(chosen, one.id)
        return Text(
            "{person} is a member of {group}",
            {"person": one.text("displayName"), "group": chosen.name},
        )

    @operation
    def remove_member(self, person: str, group: str) -> Text:
        """Somebody is no longer a direct member of a group."""
        one, chosen = self._person(person), self._group(group)
        self.directory.part(chosen, one.id)
        return Text(
            "{person} is no longer a member of {group}",
            {"person": one.text("displayName"), "group": chosen.name},
        )

    @operation
    def assign(self, principal: str | None = None, role: str | None = None) -> Text:
        """Assign a person or group to GoToMeeting; `role` by name or value, or `default`."""
        roles = self.directory.application.roles
        chosen = self._role(role) if role else roles[0].id
        if principal is None:
            entitled = {person.id for person, _ in self.entitled()}
            identity, kind, name = self._identify_person(
                self._pick(
                    [
                        one
                        for one in self.directory.living_people()
                        if one.enabled and one.id not in entitled
                    ],
                    "Everybody is assigned already",
                )
            )
        else:
            identity, kind, name = self._principal(principal)
        self.directory.grant(self._next_id(), identity, kind, chosen, self.timestamp())
        return Text("{name} is assigned to {application}", self._to_application(name))

    @operation
    def unassign(self, principal: str | None = None) -> Text:
        """Take every assignment of a person or group away; without a name, a person's."""
        if principal is None:
            direct = [
                grant for grant in self.directory.living_grants() if grant.principal_kind == "user"
            ]
            if not direct:
                raise ConfigurationError("Nobody is assigned directly", "Name a group")
            principal = self.dice.choice(direct).principal_id
        identity, _, name = self._principal(principal)
        for grant in self.directory.grants:
            if grant.principal_id == identity:
                self.directory.revoke(grant)
        return Text("{name} is no longer assigned to {application}", self._to_application(name))

    @operation
    def remove_roles(self) -> Text:
        """The application loses all roles, and everybody theirs."""
        self.directory.set_roles(())
        return Text(
            "{application} has no roles any more",
            {"application": self.directory.application.name},
        )

    @operation
    def rename_group(self, group: str | None = None, name: str | None = None) -> Text:
        """A group gets another name."""
        chosen = self._group(group) if group else self._any_assigned_group()
        old, new = chosen.name, name or f"{chosen.name} (new)"
        self.directory.rename_group(chosen, new)
        return Text("The group {old} is now called {group}", {"old": old, "group": new})

    @operation
    def add_group(self, name: str, assigned: bool = False, role: str | None = None) -> Text:
        """A new, empty group, assigned or not."""
        group = self.directory.add_group(self._next_id(), name)
        if assigned:
            chosen = self._role(role) if role else self.directory.application.roles[0].id
            self.directory.grant(self._next_id(), group.id, "group", chosen, self.timestamp())
        return Text("The group {group} was created", {"group": name})

    @operation
    def delete_group(self, group: str) -> Text:
        """A group is gone, and its assignment with it."""
        chosen = self._group(group)
        self.directory.delete_group(chosen)
        return Text("The group {group} was deleted", {"group": chosen.name})

    # -- by hand in GoTo -------------------------------------------------------------------

    @operation
    def delete_account(self, email: str | None = None) -> Text:
        """An administrator deletes an account in GoTo by hand."""
        user = self._account(email)
        self.goto.delete(user)
        return Text("The GoTo account {email} was deleted by hand", {"email": user.email})

    @operation
    def edit_account(
        self,
        email: str,
        first_name: str | None = None,
        last_name: str | None = None,
        suspend: bool = False,
        read_only: bool | None = None,
    ) -> Text:
        """An administrator edits an account in GoTo by hand."""
        user = self._account(email)
        user.first_name = first_name or user.first_name
        user.last_name = last_name or user.last_name
        if read_only is not None:
            user.read_only = read_only
        if suspend:
            self.goto.set_licences(user, ())
            user.roles = ()
        return Text("The GoTo account {email} was edited by hand", {"email": user.email})

    @operation
    def add_account(self, email: str, first_name: str, last_name: str) -> Text:
        """An administrator creates an account in GoTo by hand, with a meeting seat."""
        if self.goto.at(email) is not None:
            raise ConfigurationError(Text("There is an account {email} already", {"email": email}))
        user = self.goto.by_email.get(email.lower())
        if user is None:
            user = self.goto.add(email, first_name, last_name)
        else:
            self.goto.revive(user, first_name, last_name)
        self.goto.set_licences(user, (next(iter(self.goto.pools)),))
        return Text("The GoTo account {email} was created by hand", {"email": email})

    @operation
    def delete_identity(self, email: str) -> Text:
        """An administrator deletes an identity of the GoTo organisation by hand."""
        found = self.organization.at(email)
        if found is None:
            raise ConfigurationError(
                Text("There is no GoTo identity {email}", {"email": email}), key="email"
            )
        self.organization.remove(found)
        return Text("The GoTo identity {email} was deleted by hand", {"email": email})

    @operation
    def claim_elsewhere(self, email: str) -> Text:
        """Another organisation holds the GoTo identity of this address."""
        self.organization.elsewhere.add(email.lower())
        return Text("The GoTo identity {email} belongs to another organisation", {"email": email})

    @operation
    def set_seats(self, seats: int, product: str = "G2M") -> Text:
        """Change how many seats the licence with exactly this product (or G2W) has."""
        for pool in self.goto.pools.values():
            if pool.products[0] == product:
                pool.seats = seats
                return Text(
                    "The {product} licence now has {n} seat",
                    {"product": product, "n": seats},
                    plural="The {product} licence now has {n} seats",
                )
        raise ConfigurationError(
            Text("There is no licence for {product}", {"product": product}), key="product"
        )

    # -- things break ----------------------------------------------------------------------

    @operation
    def break_network(self, seconds: float = 10.0, mode: str = "drop") -> Text:
        """The network breaks: connections are cut (`drop`) or answered 503 (`unavailable`)."""
        if mode not in {"drop", "unavailable"}:
            raise ConfigurationError(
                Text("“mode” is {value}; it can be drop or unavailable", {"value": mode}),
                key="mode",
            )
        self.faults.network_mode = mode
        self.faults.network_down_until = time.monotonic() + seconds
        return Text("The network is down for {seconds} seconds", {"seconds": f"{seconds:g}"})

    @operation
    def mend_network(self) -> Text:
        """The network works again."""
        self.faults.network_down_until = None
        return Text("The network works again")

    @operation
    def expire_credentials(self, service: str = "both") -> Text:
        """The client secret (`source`), the GoTo password (`target`) or `both` expire."""
        return self._set_expired(service, expired=True)

    @operation
    def renew_credentials(self, service: str = "both") -> Text:
        """Expired credentials work again, unchanged."""
        return self._set_expired(service, expired=False)

    @operation
    def register_certificate(self, certificate: str) -> Text:
        """Upload a certificate (PEM, without its key) to the practice client."""
        from app.sandbox.assertions import thumbprints  # noqa: PLC0415 - slow to import

        try:
            self.certificates.update(thumbprints(certificate))
        except ValueError:
            raise ConfigurationError(
                Text("This is not a certificate in PEM"), key="certificate"
            ) from None
        return Text("The certificate is registered")

    @operation
    def sign_people_out(self, service: str = "both") -> Text:
        """Revoke what sign-ins of people left: at Microsoft (`source`), GoTo (`target`), `both`."""
        sides = self._sides(service)
        self.signed_out_at.update(dict.fromkeys(sides, self.now()))
        return Text("Everybody was signed out")

    @operation
    def set_secret_expiry(self, days: float = 30.0) -> Text:
        """The client secret runs out so many days from now; it goes on working here."""
        self.secret_ends_at = self.now() + timedelta(days=days)
        return Text(
            "The client secret runs out on {day}", {"day": f"{self.secret_ends_at:%Y-%m-%d}"}
        )

    @operation
    def revoke_permission(self, permission: str) -> Text:
        """Take an application permission of the practice client away."""
        self.faults.permissions.discard(self._permission(permission))
        return Text("{permission} was taken away", {"permission": permission})

    @operation
    def grant_permission(self, permission: str) -> Text:
        """Consent to an application permission again."""
        self.faults.permissions.add(self._permission(permission))
        return Text("{permission} was granted", {"permission": permission})

    @operation
    def revoke_admin(self, scope: bool = False) -> Text:
        """The GoTo administrator loses all roles; with `scope`, tokens lose theirs instead."""
        if scope:
            self.faults.admin_scope = False
            return Text("GoTo tokens no longer open the Admin API")
        self.administrator.roles = ()
        return Text("The GoTo administrator has no admin role any more")

    @operation
    def restore_admin(self) -> Text:
        """The GoTo administrator is a super admin again."""
        self.faults.admin_scope = True
        self.administrator.roles = ALL_ROLES
        return Text("The GoTo administrator has all admin roles again")

    @operation
    def throttle(
        self,
        on: bool = True,
        service: str = "goto",
        requests_per_second: float = 10.0,
        next_requests: int = 0,
        retry_after: float = 1.0,
    ) -> Text:
        """GoTo takes so many requests a second; `next_requests` are answered 429 in any case."""
        if service not in {"graph", "goto"}:
            raise ConfigurationError(
                Text("“service” is {value}; it can be graph or goto", {"value": service}),
                key="service",
            )
        self.faults.retry_after = retry_after
        self.faults.throttle_next[service] = next_requests if on else 0
        if service == "goto":
            self.faults.goto_per_second = requests_per_second if on else None
        if not on:
            return Text("Requests are no longer throttled")
        return Text("Too many requests at once are refused now")

    @operation
    def lenient_members(self, on: bool = True) -> Text:
        """The SCIM server takes members and managers that do not exist, or no longer do."""
        self.scim.any_member = on
        if on:
            return Text("Groups take any member now")
        return Text("Groups take members that exist")

    @operation
    def fail_next(self, service: str, statuses: list[int]) -> Text:
        """The next requests to `login`, `graph`, `goto` or `scim` fail with these codes."""
        self.faults.fail_next[service] = list(statuses)
        return Text("The next requests to {service} fail", {"service": service})

    @operation
    def reset_delta(self, how: str = "gone") -> Text:
        """The directory refuses the next delta token (spec/graph.md 5.4)."""
        if how not in DELTA_RESETS:
            raise ConfigurationError(
                Text(
                    "“how” is {value}; it can be {choices}",
                    {"value": how, "choices": ", ".join(DELTA_RESETS)},
                ),
                key="how",
            )
        self.faults.delta_reset = how
        return Text("The directory will ask for a full read")

    @operation
    def set_fault(self, name: str, value: str | float | bool | None = None) -> Text:
        """Turn any switch of `Faults` that is a plain value."""
        plain = (bool, int, float, type(None))
        if not isinstance(getattr(self.faults, name, ""), plain) or isinstance(value, str):
            raise ConfigurationError(Text("There is no switch {name}", {"name": name}), key="name")
        setattr(self.faults, name, value)
        return Text("The switch {name} was set", {"name": name})

    @operation
    def advance_clock(self, days: float = 0.0, hours: float = 0.0) -> Text:
        """Time passes in the practice world: tokens age, the recycle bin empties itself."""
        self._clock_offset += timedelta(days=days, hours=hours)
        self.directory.purge_expired(self.now())
        return Text("Time passed")

    @operation
    def random_change(self, dice: int | None = None) -> Text:
        """Something happens, as in any company; the same `dice` choose the same."""
        if dice is not None:
            self.dice.seed(dice)
        happenings: list[Callable[[], Text]] = [
            self.join,
            self.join,
            self.leave,
            self.marry,
            self.move_group,
            self.disable,
        ]
        return self.dice.choice(happenings)()

    # -- choosing and naming ---------------------------------------------------------------

    def timestamp(self) -> str:
        """The world's time as Graph writes it."""
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def _hire(self, given: Name, surname: Name) -> Person:
        address = self._free_address(given, surname)
        return self.directory.add_person(
            self._next_id(),
            {
                "userPrincipalName": address,
                "mail": address,
                "displayName": display(given.text, surname.text),
                "givenName": given.text,
                "surname": surname.text,
                "accountEnabled": True,
                "userType": "Member",
                "department": self.dice.choice(self.company.departments),
                "companyName": self.company.name,
                "mailNickname": address.partition("@")[0],
                "createdDateTime": self.timestamp(),
            },
        )

    def _free_address(self, given: Name, surname: Name) -> str:
        stem = local_part(given, surname)
        number = 1
        while True:
            suffix = "" if number == 1 else str(number)
            address = f"{stem}{suffix}@{self.company.domain}"
            if not self.directory.at_address(address):
                return address
            number += 1

    def _next_id(self) -> str:
        return self.identities.next()

    def _pick(self, people: list[Choice], nobody: str) -> Choice:
        if not people:
            raise ConfigurationError(nobody)
        return self.dice.choice(people)

    def _any_assigned_group(self) -> Group:
        return self._pick(self.assigned_groups(), "No group is assigned")

    def _person(self, who: str | None) -> Person:
        if who is None:
            return self._pick([person for person, _ in self.entitled()], "Nobody is assigned")
        person = self.directory.person(who)
        found = [person] if person is not None else self.directory.at_address(who)
        if not found:
            found = [
                one
                for one in self.directory.living_people()
                if one.text("mailNickname") == who or one.text("displayName") == who
            ]
        if not found or not found[0].present:
            raise ConfigurationError(
                Text("There is nobody called {name}", {"name": who}), key="person"
            )
        return found[0]

    def _deleted(self, who: str | None) -> Person:
        bin_ = [one for one in self.directory.people if one.presence is Presence.SOFT_DELETED]
        if who is None:
            return self._pick(bin_, "The recycle bin is empty")
        for one in bin_:
            if who.lower() in {
                one.id,
                one.text("userPrincipalName").lower(),
                one.text("mail").lower(),
            }:
                return one
        return self._person(who)

    def _group(self, name: str) -> Group:
        group = self.directory.group(name)
        if group is not None and group.present:
            return group
        for group in self.directory.living_groups():
            if group.name.lower() == name.lower():
                return group
        raise ConfigurationError(
            Text("There is no group called {name}", {"name": name}), key="group"
        )

    def _role(self, name: str) -> str:
        if name.lower() == "default":
            return DEFAULT_ACCESS
        for role in self.directory.application.roles:
            if name.lower() in {role.id, role.name.lower(), role.value.lower()}:
                return role.id
        raise ConfigurationError(Text("There is no role {name}", {"name": name}), key="role")

    def _principal(self, name: str) -> tuple[str, str, str]:
        for group in self.directory.living_groups():
            if group.id == name or group.name.lower() == name.lower():
                return group.id, "group", group.name
        return self._identify_person(self._person(name))

    def _identify_person(self, person: Person) -> tuple[str, str, str]:
        return person.id, "user", person.text("displayName")

    def _account(self, email: str | None) -> User:
        if email is not None:
            user = self.goto.at(email)
            if user is None:
                raise ConfigurationError(
                    Text("There is no GoTo account {email}", {"email": email}), key="email"
                )
            return user
        known = [
            user
            for user in self.goto.living()
            if user is not self.administrator and self.directory.at_address(user.email)
        ]
        return self._pick(known, "No account in GoTo belongs to anybody of the company")

    def _permission(self, name: str) -> str:
        if name not in GRAPH_PERMISSIONS:
            raise ConfigurationError(
                Text("There is no permission {name}", {"name": name}), key="permission"
            )
        return name

    def _set_expired(self, service: str, *, expired: bool) -> Text:
        sides = self._sides(service)
        if "source" in sides:
            self.faults.client_secret_expired = expired
        if "target" in sides:
            self.faults.password_expired = expired
        if expired:
            return Text("The credentials have expired")
        return Text("The credentials work again")

    def _sides(self, service: str) -> tuple[str, ...]:
        known = {"source": ("source",), "target": ("target",), "both": ("source", "target")}
        if service not in known:
            raise ConfigurationError(
                Text("“service” is {value}; it can be source, target or both", {"value": service}),
                key="service",
            )
        return known[service]

    def _to_application(self, name: str) -> Mapping[str, str]:
        return {"name": name, "application": self.directory.application.name}


def _named(person: Person) -> dict[str, str]:
    return {"person": person.text("displayName")}
