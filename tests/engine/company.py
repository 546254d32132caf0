"""A practice company of one, so that a test hires exactly whom it needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from practice import BOARDROOM, Cycled, Practice

from app.sandbox.accounts import User
from app.sandbox.directory import Change, Person
from app.sandbox.server import Sandbox

SALES = "GoToMeeting Sales"
"""Assigned; `TRAINEES` is nested in it."""
WEBINARS = "Customer Success"
"""Assigned with the role Meeting and Webinar."""
TRAINEES = "Sales Trainees"
FINANCE = "Finance"
"""Not assigned."""
DOMAIN = "haldenroux.example"
MARTA = f"marta.lindqvist@{DOMAIN}"
"""The one who is there, in Sales; her account exists, written in other capitals."""
FOREIGN = (BOARDROOM, f"jonas.weber@{DOMAIN}", f"goto.admin@{DOMAIN}")
"""Accounts that nobody in Entra has."""


class Company(Practice):
    """Removals are not held unless a test says so."""

    def __init__(self, sandbox: Sandbox, home: Path) -> None:
        super().__init__(sandbox, home)
        self.configure(safety__max_removals=None, safety__max_removal_percent=None)
        self._foreign = self._seen()

    def join(self, given: str, group: str = SALES, **attributes: Any) -> Person:
        """Hire somebody into a group, with these attributes in Entra."""
        self.world.join(given, "Crashtest", group)
        person = self.person(given)
        self.world.directory.change(person, attributes)
        return person

    def has(self, person: Person) -> bool:
        """Whether this person's address holds a seat."""
        return self.seated(person.text("mail") or person.text("userPrincipalName"))

    def account_of(self, person: Person) -> User:
        """The account at this person's address."""
        user = self.account(person.text("mail"))
        assert user is not None
        return user

    def next_cycle(self, person: Person, **how: Any) -> list[str]:
        """Run a cycle; what it did with this person, as `action status code-or-reason`."""
        return events(self.sync(**how), person)

    def map(self, *changed: dict[str, Any]) -> None:
        """Plain mappings of address and names, with these instead or besides."""
        attributes: dict[str, dict[str, Any]] = {
            "email": {"target": "email", "source": "mail", "match": 1},
            "firstName": {"target": "firstName", "source": "givenName"},
            "lastName": {"target": "lastName", "source": "surname"},
        }
        attributes |= {one["target"]: one for one in changed}
        self.configure(mappings__users__attributes=list(attributes.values()))

    def change_group(self, name: str, *, security_enabled: bool) -> None:
        """A group becomes a mail group, or a security group again."""
        directory = self.world.directory
        (group,) = [one for one in directory.living_groups() if one.name == name]
        group.security_enabled = security_enabled
        directory.changes.append(Change("group", group.id, frozenset({"securityEnabled"})))

    def assert_foreign_accounts_untouched(self) -> None:
        assert self._seen() == self._foreign

    def _seen(self) -> list[str]:
        return [repr(self.account(address)) for address in FOREIGN]


def events(done: Cycled, person: Person) -> list[str]:
    """What a cycle did with somebody, as `action status code-or-reason`."""
    return [
        f"{one.action} {one.status} {one.code or one.reason}"
        for one in done.records
        if one.source.id == person.id
    ]


def changes(done: Cycled, person: Person) -> dict[str, Any]:
    """New values written for somebody."""
    return {
        change.attribute: change.new
        for one in done.records
        if one.source.id == person.id
        for change in one.changes
    }


@contextmanager
def open_company(home: Path) -> Iterator[Company]:
    """A running company; whoever is nobody's account must be as before at its end."""
    with Sandbox(users=1) as sandbox:
        company = Company(sandbox, home)
        yield company
        company.assert_foreign_accounts_untouched()
