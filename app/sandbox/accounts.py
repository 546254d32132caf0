"""The practice GoTo account as plain data: users, licences with seats, what was deleted.

Numeric keys exceed 2^53 on purpose: whoever reads them as floating point numbers ends up at
somebody else's account (spec/goto.md 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

FIRST_KEY = 4_611_686_018_427_387_905
"""2^62 + 1: an odd number, which a double cannot hold."""

ALL_ROLES = (
    "SUPER_USER",
    "MANAGE_USERS",
    "MANAGE_SEATS",
    "MANAGE_GROUPS",
    "MANAGE_SETTINGS",
    "RUN_REPORTS",
)
"""Account admin roles of spec/goto.md 3.6."""


@dataclass(slots=True)
class User:
    """An account user. Suspended means no licence and no role (spec/goto.md 3.4)."""

    number: int
    key: int
    email: str
    first_name: str
    last_name: str
    locale: str = "en_US"
    licences: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    read_only: bool = False
    deleted: bool = False

    @property
    def suspended(self) -> bool:
        """No licence and no role."""
        return not self.licences and not self.roles


@dataclass(slots=True)
class Pool:
    """A licence with its seats."""

    key: int
    products: tuple[str, ...]
    seats: int
    used: int = 0

    @property
    def free(self) -> int:
        """Seats nobody holds; below zero after seats were taken away."""
        return self.seats - self.used


class SeatsShort(Exception):
    """A licence has not enough free seats."""


@dataclass(slots=True)
class GoToAccount:
    """One account (billing container)."""

    key: int
    name: str
    domains: set[str]
    """Mail domains users may have."""
    users: list[User] = field(default_factory=list)
    pools: dict[int, Pool] = field(default_factory=dict)
    deleted: int = 0
    """How many of `users` are deleted."""
    by_key: dict[int, User] = field(default_factory=dict)
    by_email: dict[str, User] = field(default_factory=dict)
    """By lower-case address, deleted users included: a re-created address revives them."""

    def living(self) -> Iterator[User]:
        """Users that were not deleted."""
        return (user for user in self.users if not user.deleted)

    def page(self, offset: int, size: int) -> list[User]:
        """Users from the `offset`-th living one on; quick while nobody was deleted."""
        if self.deleted == 0:
            return self.users[offset : offset + size]
        return list(islice(self.living(), offset, offset + size))

    def at(self, email: str) -> User | None:
        """The user with this address in any capitals, unless deleted."""
        user = self.by_email.get(email.lower())
        return None if user is None or user.deleted else user

    def products(self, user: User) -> list[str]:
        """Product codes that come with the user's licences."""
        return list(
            dict.fromkeys(product for key in user.licences for product in self.pools[key].products)
        )

    def require_seats(self, wanted: Iterable[tuple[int, int]]) -> None:
        """Raises `SeatsShort` unless every (licence, number of seats) is free."""
        for key, number in wanted:
            if number > 0 and self.pools[key].free < number:
                raise SeatsShort(key)

    def add(self, email: str, first_name: str, last_name: str) -> User:
        """A new user without licence or role."""
        number = len(self.users)
        user = User(number, FIRST_KEY + number * 7_918, email, first_name, last_name)
        self.users.append(user)
        self.by_key[user.key] = user
        self.by_email[email.lower()] = user
        return user

    def set_licences(self, user: User, licences: tuple[int, ...]) -> None:
        """Replace the licences a user holds; seats follow. Raises `SeatsShort`."""
        before, after = set(user.licences), set(licences)
        self.require_seats((key, 1) for key in after - before)
        for key in after - before:
            self.pools[key].used += 1
        for key in before - after:
            self.pools[key].used -= 1
        user.licences = tuple(dict.fromkeys(licences))

    def set_email(self, user: User, email: str) -> None:
        """Move a user to another address, which must be free."""
        self.by_email.pop(user.email.lower(), None)
        user.email = email
        self.by_email[email.lower()] = user

    def delete(self, user: User) -> None:
        """Remove a user; the address remembers whom to revive."""
        self.set_licences(user, ())
        user.roles = ()
        user.deleted = True
        self.deleted += 1

    def revive(self, user: User, first_name: str, last_name: str) -> None:
        """A deleted user is back under the same key (spec/goto.md 3.2)."""
        user.deleted = False
        self.deleted -= 1
        user.first_name, user.last_name = first_name, last_name
