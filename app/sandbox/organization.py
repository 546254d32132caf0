"""The practice GoTo organisation: identities and groups, without any seat (spec/goto.md 1).

It is a store of its own beside the account. Whoever has an account at a verified domain has an
identity too; from then on the two live apart and only the address joins them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from app.sandbox.accounts import GoToAccount
from app.sandbox.wire import Json

Fields: TypeAlias = dict[str, str]


@dataclass(slots=True)
class Identity:
    """One user of the organisation. `fields`: userName, displayName, names, locale, timezone."""

    key: str
    created: str
    fields: Fields

    @property
    def name(self) -> str:
        """The user name as it was written."""
        return self.fields["userName"]

    def json(self, base: str) -> Json:
        """As it is shown."""
        one = self.fields
        return {
            "id": self.key,
            "userName": one["userName"],
            "displayName": one["displayName"],
            "name": {"givenName": one["givenName"], "familyName": one["familyName"]},
            "locale": one["locale"],
            "timezone": one["timezone"],
            "meta": {"created": self.created, "location": f"{base}/Users/{self.key}"},
        }


@dataclass(slots=True)
class Team:
    """One group; `members` are keys with their type, in the order in which they came."""

    key: str
    created: str
    name: str
    members: dict[str, str] = field(default_factory=dict)

    def json(self, base: str) -> Json:
        """As it is shown."""
        return {
            "id": self.key,
            "displayName": self.name,
            "members": [{"type": kind, "value": key} for key, kind in self.members.items()],
            "meta": {"created": self.created, "location": f"{base}/Groups/{self.key}"},
        }


@dataclass(slots=True)
class Organization:
    """Everything in it; `elsewhere` are addresses whose identity another organisation holds."""

    identities: dict[str, Identity] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)
    creates: Counter[str] = field(default_factory=Counter)
    """How often each user name came to be, lower case."""
    first_identity: int = 5_188_146_770_730_811_393
    first_group: int = 7_205_759_403_792_794_113
    """Where keys begin: numbers no double can hold, and no account's keys."""
    _by_name: dict[str, str] = field(default_factory=dict)
    _users_seen: int = 0
    _made: int = 0

    def at(self, name: str) -> Identity | None:
        """The identity with this user name in any capitals."""
        return self.identities.get(self._by_name.get(name.lower(), ""))

    def team_called(self, name: str) -> Team | None:
        """The group with this name in any capitals."""
        wanted = name.casefold()
        return next((one for one in self.teams.values() if one.name.casefold() == wanted), None)

    def catch_up(self, goto: GoToAccount, created: str) -> None:
        """Identities for account users who came since the last look."""
        news = goto.users[self._users_seen :]
        self._users_seen = len(goto.users)
        for user in news:
            verified = user.email.rpartition("@")[2].lower() in goto.domains
            if verified and not user.deleted and self.at(user.email) is None:
                names = {"givenName": user.first_name, "familyName": user.last_name}
                self._add({"userName": user.email, **names}, created)

    def create(self, fields: Fields, created: str) -> Identity:
        """A new identity whose name is free."""
        self.creates[fields["userName"].lower()] += 1
        return self._add(fields, created)

    def change(self, one: Identity, fields: Fields) -> None:
        """Set some fields of an identity."""
        self._by_name.pop(one.name.lower(), None)
        one.fields.update(fields)
        self._by_name[one.name.lower()] = one.key

    def remove(self, one: Identity) -> None:
        """Out of the organisation and of every group; the account user stays (2.8)."""
        del self.identities[one.key]
        self._by_name.pop(one.name.lower(), None)
        for team in self.teams.values():
            team.members.pop(one.key, None)

    def create_team(self, name: str, members: dict[str, str], created: str) -> Team:
        """A new group whose name is free."""
        team = Team(self._next(self.first_group), created, name, dict(members))
        self.teams[team.key] = team
        return team

    def remove_team(self, team: Team) -> None:
        """Out of the organisation and of every other group."""
        del self.teams[team.key]
        for other in self.teams.values():
            other.members.pop(team.key, None)

    def knows(self, key: str, kind: str) -> bool:
        """Whether a member of this type exists."""
        return key in (self.identities if kind == "user" else self.teams)

    def names_of(self, keys: Iterable[str]) -> list[str]:
        """Members by name, sorted."""
        return sorted(
            self.identities[key].name if key in self.identities else self.teams[key].name
            for key in keys
        )

    def _add(self, fields: Fields, created: str) -> Identity:
        whole = f"{fields.get('givenName', '')} {fields.get('familyName', '')}".strip()
        one = Identity(
            self._next(self.first_identity),
            created,
            {
                "givenName": "",
                "familyName": "",
                "displayName": whole or fields["userName"],
                "locale": "en_US",
                "timezone": "UTC",
                **fields,
            },
        )
        self.identities[one.key] = one
        self._by_name[one.name.lower()] = one.key
        return one

    def _next(self, first: int) -> str:
        self._made += 1
        return str(first + self._made * 104_730)
