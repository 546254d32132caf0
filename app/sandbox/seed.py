"""Building the practice world from its seed file, the same every time for the same numbers."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

from app.domain.errors import ConfigurationError
from app.domain.people import DEFAULT_ACCESS
from app.domain.texts import Text
from app.sandbox.accounts import ALL_ROLES, GoToAccount, Pool
from app.sandbox.directory import Directory, Person, Role, ServicePrincipal
from app.sandbox.names import Identities, Name, display, local_part, name_of
from app.sandbox.world import Company, Credentials, World

MOST_USERS = 100_000
ACCOUNT_KEY = 6_917_529_027_641_081_857
MEETING_KEY = 5_764_607_523_034_234_881
WEBINAR_KEY = 5_764_607_523_034_234_983
CREATED = "2024-03-04T08:00:00Z"


def build_world(users: int, groups: int | None, seed: int) -> World:
    """A company with so many people; raises `ConfigurationError` for numbers out of range."""
    if not 1 <= users <= MOST_USERS:
        raise ConfigurationError(
            Text("--users is {given}; it can be 1 to {most}", {"given": users, "most": MOST_USERS}),
            key="users",
        )
    return _Builder(users, groups, seed).build()


def _resources() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"


class _Builder:
    def __init__(self, users: int, groups: int | None, seed: int) -> None:
        text = (_resources() / "sandbox" / "company.json").read_text(encoding="utf-8")
        self._data: dict[str, Any] = json.loads(text)
        self._users = users
        self._groups = groups
        self._seed = seed
        self._ids = Identities(seed, "seed")
        self._random = random.Random(f"{seed}:people")
        self._by_local: dict[str, Person] = {}

    def build(self) -> World:
        company = Company(
            name=self._data["name"],
            domain=self._data["domain"],
            guest_domain=self._data["guest_domain"],
            given_names=tuple(map(name_of, self._data["given_names"])),
            surnames=tuple(map(name_of, self._data["surnames"])),
            departments=tuple(self._data["departments"]),
        )
        directory = self._directory()
        named = self._data["people"][: self._users]
        for entry in named:
            self._by_local[entry["local"]] = self._add(directory, entry)
        for entry in named:
            if entry.get("manager") in self._by_local:
                report = self._by_local[entry["local"]]
                directory.set_manager(report, self._by_local[entry["manager"]], seed=True)
        self._named_groups(directory)
        self._crowd(directory, company, self._users - len(named))
        goto, administrator = self._goto(company)
        return World(company, directory, goto, self._credentials(), administrator, self._seed)

    def _directory(self) -> Directory:
        roles = tuple(
            Role(self._ids.next(), one["name"], one["value"], one["description"])
            for one in self._data["roles"]
        )
        application = ServicePrincipal(
            self._ids.next(), self._ids.next(), self._data["application"], roles
        )
        directory = Directory(application)
        directory.applications.extend(
            ServicePrincipal(self._ids.next(), self._ids.next(), name)
            for name in self._data["other_applications"]
        )
        return directory

    def _add(self, directory: Directory, entry: dict[str, Any]) -> Person:
        domain = self._data["domain"]
        address = f"{entry['local']}@{domain}"
        principal = entry.get("upn", address)
        values: dict[str, object] = {
            "userPrincipalName": principal,
            "displayName": entry.get("display")
            or display(entry.get("given", ""), entry.get("surname", "")).strip(),
            "accountEnabled": entry.get("enabled", True),
            "userType": "Member",
            "companyName": self._data["name"],
            "createdDateTime": CREATED,
            "mailNickname": entry["local"],
        }
        mail = entry.get("mail", address)
        if mail is not None:
            values["mail"] = mail
        if entry.get("guest"):
            home = entry.get("mail") or f"{entry['local']}@{self._data['guest_domain']}"
            values["mail"] = home
            values["userType"] = "Guest"
            values["userPrincipalName"] = f"{home.replace('@', '_')}#EXT#@{domain}"
        pairs = {
            "given": "givenName", "surname": "surname", "department": "department",
            "job": "jobTitle", "city": "city", "country": "country",
            "language": "preferredLanguage",
        }  # fmt: skip
        values.update({name: entry[key] for key, name in pairs.items() if entry.get(key)})
        return directory.add_person(self._ids.next(), values, seed=True)

    def _role_id(self, directory: Directory, key: str | None) -> str:
        keys = [one["key"] for one in self._data["roles"]]
        if key is None:
            return DEFAULT_ACCESS
        return directory.application.roles[keys.index(key)].id

    def _named_groups(self, directory: Directory) -> None:
        made = {
            one["name"]: directory.add_group(self._ids.next(), one["name"], seed=True)
            for one in self._data["groups"]
        }
        for one in self._data["groups"]:
            group = made[one["name"]]
            for local in one["members"]:
                if local in self._by_local:
                    group.members[self._by_local[local].id] = "user"
            for nested in one.get("groups", ()):
                group.members[made[nested].id] = "group"
            for _ in range(one.get("devices", 0)):
                group.members[self._ids.next()] = "device"
            if one["role"] is not None:
                role = self._role_id(directory, one["role"])
                directory.grant(self._ids.next(), group.id, "group", role, CREATED)
        for one in self._data["direct"]:
            if one["person"] in self._by_local:
                person = self._by_local[one["person"]]
                role = self._role_id(directory, one["role"])
                directory.grant(self._ids.next(), person.id, "user", role, CREATED)

    def _crowd(self, directory: Directory, company: Company, number: int) -> None:
        """Everybody beyond the named: through department groups, most of them assigned.

        The first of each group manages the others, the first of all manages these.
        """
        if number <= 0:
            return
        count = self._groups or max(1, min(200, number // 50))
        role = self._role_id(directory, "meeting")
        groups = []
        for index in range(count):
            department = company.departments[index % len(company.departments)]
            name = f"{department} {index // len(company.departments) + 1}"
            group = directory.add_group(self._ids.next(), name, seed=True)
            groups.append(group)
            if index % 10 != 9 or count < 3:
                directory.grant(self._ids.next(), group.id, "group", role, CREATED)
        taken: dict[str, int] = {}
        heads: list[Person] = []
        for index in range(number):
            person = self._stranger(directory, company, taken)
            groups[index % count].members[person.id] = "user"
            if index < count:
                heads.append(person)
            if index > 0:
                chief = heads[0] if index < count else heads[index % count]
                directory.set_manager(person, chief, seed=True)

    def _stranger(self, directory: Directory, company: Company, taken: dict[str, int]) -> Person:
        given: Name = self._random.choice(company.given_names)
        surname: Name = self._random.choice(company.surnames)
        stem = local_part(given, surname)
        taken[stem] = taken.get(stem, 0) + 1
        local = stem if taken[stem] == 1 and stem not in self._by_local else f"{stem}.{taken[stem]}"
        place = self._random.choice(self._data["places"])
        entry: dict[str, Any] = {
            "given": given.text, "surname": surname.text, "local": local,
            "department": self._random.choice(company.departments),
            "job": self._random.choice(self._data["jobs"]),
            "city": place[0], "country": place[1], "language": place[2],
        }  # fmt: skip
        luck = self._random.random()
        if luck < 0.01:
            entry["enabled"] = False
        elif luck < 0.015:
            entry["mail"] = None
        return self._add(directory, entry)

    def _goto(self, company: Company) -> tuple[GoToAccount, Any]:
        goto = GoToAccount(
            ACCOUNT_KEY, f"{company.name} SA", {company.domain, company.guest_domain}
        )
        seats = self._users + 25
        goto.pools[MEETING_KEY] = Pool(MEETING_KEY, ("G2M",), seats)
        goto.pools[WEBINAR_KEY] = Pool(WEBINAR_KEY, ("G2W", "G2M"), max(10, seats // 10))
        admin = self._data["administrator"]
        address = f"{admin['local']}@{company.domain}"
        administrator = goto.add(address, admin["given"], admin["surname"])
        administrator.roles = ALL_ROLES
        for one in self._data["accounts"]:
            user = goto.add(one["email"], one["given"], one["surname"])
            goto.set_licences(user, (MEETING_KEY,))
        return goto, administrator

    def _credentials(self) -> Credentials:
        return Credentials(
            tenant=self._ids.next(),
            client_id=self._ids.next(),
            client_secret=f"practice-client-secret-{self._seed}",
            goto_client_id=self._ids.next(),
            goto_client_secret=f"practice-goto-client-{self._seed}",
            user_name=f"{self._data['administrator']['local']}@{self._data['domain']}",
            password=f"practice-password-{self._seed}",
            personal_access_token=f"practice-access-token-{self._seed}",
            scim_token=f"practice-scim-token-{self._seed}",
        )
