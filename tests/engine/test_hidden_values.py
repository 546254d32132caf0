"""What a mapping hides with Redact is in nothing that is said, shown or kept about anybody.

The mirrors of both sides, links, and the work that waits hold it of necessity (docs/cycle.md).
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from company import DOMAIN, FINANCE, FOREIGN, MARTA, SALES, Company, open_company

from app.domain.activity import LogQuery
from app.sandbox.directory import Person

ADDRESS = f"hush-777@{DOMAIN}"
MIRRORS = frozenset({"person", "account", "link", "intent", "group_link"})
"""Tables that hold what the two sides hold."""
WORK = frozenset({"planned", "held"})
"""Work that waits: what is to be sent, and a line of the plan, which shows none of it."""


def quotes(said: object) -> bool:
    return "HUSH" in str(said).upper()


def kept(home: Path) -> Iterator[tuple[str, str]]:
    """Everything in the state beside mirrors and values to send, by table."""
    with sqlite3.connect(home / "state" / "practice" / "state.db") as connection:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in tables:
            if table in MIRRORS:
                continue
            cursor = connection.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            for row in cursor:
                for name, cell in zip(names, row, strict=True):
                    if table in WORK and name == "payload":
                        yield table, json.dumps(json.loads(cell)["planned"])
                    elif table == "log_detail" and name == "payload":
                        yield table, zlib.decompress(cell).decode()
                    else:
                        yield table, str(cell)
    connection.close()


class Watched:
    """A company of which everything that is said is looked at."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.said: list[str] = []

    def look(self, person: Person) -> None:
        """Plan, why, a cycle, provision on demand, the log, the state, the developer's log."""
        company = self.company
        self._see("plan", company.plan())
        self._see("why", company.why(person.id))
        self._see("cycle", company.sync())
        self._see("provision", company.provision(person.id))
        history = company.program.history("practice")
        assert history is not None
        self._see("log", list(history.log(LogQuery())))
        self._see("drift", list(history.drifts()))
        for table, text in kept(company.home):
            assert not quotes(text), (table, text)
        for file in (company.home / "logs").rglob("*"):
            assert not quotes(file.read_text()), file

    def _see(self, what: str, found: object) -> None:
        quoting = [one for one in found if quotes(one)] if isinstance(found, list) else found
        assert not quotes(found), (what, quoting)
        self.said.append(repr(found))


def hidden(target: str, expression: str = "Redact([employeeId])", **more: Any) -> dict[str, Any]:
    return {"target": target, "type": "expression", "expression": expression, **more}


BY_ADDRESS = {"target": "email", "source": "mail"}
LIVES: dict[str, tuple[list[dict[str, Any]], dict[str, str]]] = {
    "a value and part of one": (
        [hidden("lastName"), hidden("firstName", 'Append("x ", Redact([employeeId]))')],
        {"employeeId": "HUSH-777"},
    ),
    "cleared on purpose, and no language": (
        [hidden("lastName", flow_nulls=True), hidden("locale")],
        {"employeeId": "HUSH-777"},
    ),
    "not always, and only at creation": (
        [
            hidden("lastName", 'IIF([city] = "", Redact([employeeId]), "open")'),
            hidden("firstName", apply="create_only"),
        ],
        {"employeeId": "HUSH-777", "city": ""},
    ),
    "an address": ([hidden("email", match=1)], {"employeeId": ADDRESS}),
    "the sign-in name": (
        [hidden("email", "Redact([userPrincipalName])", match=1)],
        {"userPrincipalName": ADDRESS},
    ),
    "the name": ([hidden("lastName", "Redact([displayName])")], {"displayName": "Hush Nora"}),
    "address and matching value": (
        [hidden("lastName", match=1), hidden("email")],
        {"employeeId": ADDRESS},
    ),
    "another matching value": (
        [hidden("lastName", match=1), BY_ADDRESS],
        {"employeeId": "HUSH-777"},
    ),
}


@pytest.mark.parametrize("case", LIVES)
def test_nobody_reads_it_in_the_life_of_a_person(case: str, tmp_path: Path) -> None:
    """Joins, changes, is edited by hand, has no value, leaves, comes back, is deleted for good."""
    mappings, attributes = LIVES[case]
    with open_company(tmp_path) as company:
        company.configure(mappings__users__actions=["create", "update", "disable", "delete"])
        company.map(*mappings)
        watched = Watched(company)
        nora = company.join("Nora", **attributes)
        watched.look(nora)
        name, value = next(iter(attributes.items()))
        company.world.set_attribute(nora.id, name, value.replace("77", "88"))
        company.world.set_attribute(nora.id, "city", "Oslo")
        for user in company.world.goto.living():
            if quotes(user.last_name):
                user.last_name = "HUSH-HAND"
        watched.look(nora)
        if name == "employeeId":
            company.world.set_attribute(nora.id, name, None)
            watched.look(nora)
            company.world.set_attribute(nora.id, name, value)
        company.world.remove_member(nora.id, SALES)
        watched.look(nora)
        company.world.add_member(nora.id, SALES)
        company.world.leave(nora.id)
        company.world.purge(nora.id)
        watched.look(nora)
    assert "[Redact]" in "".join(watched.said)


@pytest.mark.parametrize("choice", ["report", "accept"])
@pytest.mark.parametrize("case", LIVES)
def test_nobody_reads_it_where_somebody_changed_the_account_by_hand(
    case: str, choice: str, tmp_path: Path
) -> None:
    """Every cycle compares; names and address are edited, then the account is deleted."""
    mappings, attributes = LIVES[case]
    with open_company(tmp_path) as company:
        company.configure(drift__every_hours=1e-6, drift__otherwise=choice)
        company.map(*mappings)
        watched = Watched(company)
        nora = company.join("Nora", **attributes)
        company.sync()
        foreign = set(FOREIGN) | {MARTA}
        mine = [one for one in company.world.goto.living() if one.email.lower() not in foreign]
        for user in mine:
            user.last_name = "HUSH-HAND" if quotes(user.last_name) else "Hand"
            company.world.goto.set_email(user, f"hush.hand.{user.number}@{DOMAIN}")
        company.sync()
        history = company.program.history("practice")
        assert history is not None
        found = list(history.drifts())
        hides_address = "email" in {one["target"] for one in mappings if one != BY_ADDRESS}
        assert found
        if hides_address or "lastName" in {one["target"] for one in mappings}:
            hidden_ones = [one for one in found if one.drift.attribute in ("email", "lastName")]
            assert [one for one in hidden_ones if "[Redact]" in repr(one.drift.change)]
        for user in mine:
            company.world.delete_account(user.email)
        if hides_address:
            watched.look(nora)


FAILURES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "a date that is none": (
        [hidden("lastName", 'FormatDateTime(Redact([employeeId]), "yyyy", "yyyy")')],
        "HUSH-777",
    ),
    "a failure on purpose": ([hidden("lastName", "Error(Redact([employeeId]))")], "HUSH-777"),
    "too long": ([hidden("lastName"), hidden("locale")], "HUSH-777" * 10),
    "no address": ([hidden("email", match=1)], "HUSH 777"),
    "an address too long": ([hidden("email", match=1)], f"{'hush-777' * 20}@{DOMAIN}"),
    "several values": ([hidden("email", 'Split(Redact([employeeId]), "-")', match=1)], "HUSH-7"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_no_failure_quotes_it(case: str, tmp_path: Path) -> None:
    mappings, secret = FAILURES[case]
    with open_company(tmp_path) as company:
        company.map(*mappings)
        watched = Watched(company)
        nora = company.join("Nora", employeeId=secret)
        watched.look(nora)
    assert "failure" in "".join(watched.said) or "warning" in "".join(watched.said)


def two_with_one_address(company: Company) -> Person:
    nora = company.join("Nora", employeeId=ADDRESS)
    company.join("Otto", employeeId=ADDRESS)
    return nora


def account_taken_over(company: Company) -> Person:
    company.world.add_account(ADDRESS, "N", "C")
    return company.join("Nora", employeeId=ADDRESS)


def account_gone(company: Company) -> Person:
    nora = company.join("Nora", employeeId=ADDRESS)
    company.sync()
    company.world.delete_account(ADDRESS)
    company.world.set_attribute(nora.id, "givenName", "Norah")
    return nora


def leaver_whose_account_is_gone(company: Company) -> Person:
    nora = company.join("Nora", employeeId=ADDRESS)
    company.sync()
    company.world.delete_account(ADDRESS)
    company.world.remove_member(nora.id, SALES)
    return nora


def never_in_scope(company: Company) -> Person:
    company.world.add_account(ADDRESS, "N", "C")
    return company.join("Nora", FINANCE, employeeId=ADDRESS)


def inherited(company: Company) -> Person:
    nora = company.join("Nora", employeeId=ADDRESS)
    company.sync()
    company.world.remove_member(nora.id, SALES)
    company.join("Otto", employeeId=ADDRESS)
    return nora


def held(company: Company) -> Person:
    nora = company.join("Nora", employeeId=ADDRESS)
    company.sync()
    company.configure(safety__max_removals=0)
    company.world.remove_member(nora.id, SALES)
    return nora


def filtered(company: Company) -> Person:
    clause = {"attribute": "employeeId", "operator": "EQUALS", "value": "other"}
    company.configure(scoping_filters=[{"name": "f", "clauses": [clause]}])
    return company.join("Nora", employeeId=ADDRESS)


SITUATIONS = (
    two_with_one_address,
    account_taken_over,
    account_gone,
    leaver_whose_account_is_gone,
    never_in_scope,
    inherited,
    held,
    filtered,
)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_hidden_address_names_nobody(
    situation: Callable[[Company], Person], tmp_path: Path
) -> None:
    with open_company(tmp_path) as company:
        company.map(hidden("email", match=1))
        person = situation(company)
        watched = Watched(company)
        watched.look(person)
        company.configure(mappings__users__actions=[])
        watched.look(person)


def test_what_goto_quotes_is_hidden_too(tmp_path: Path) -> None:
    with open_company(tmp_path) as company:
        company.map(hidden("email", match=1), hidden("lastName"))
        nora = company.join("Nora", employeeId=ADDRESS)
        company.sync()
        company.world.add_account(f"hush-888@{DOMAIN}", "N", "C")
        company.world.set_attribute(nora.id, "employeeId", f"hush-888@{DOMAIN}")
        watched = Watched(company)
        watched.look(nora)
    assert any("failure" in one for one in watched.said)


def test_what_is_shown_stays_readable(tmp_path: Path) -> None:
    """Only the mapped value is hidden: name and address are how the log says whom it is about."""
    with open_company(tmp_path) as company:
        company.map(hidden("lastName", "Redact([surname])"))
        nora = company.join("Nora")
        (record,) = company.sync().of(nora.text("displayName"))
    assert record.target.name == "nora.crashtest@haldenroux.example"
    shown = {change.attribute: change.new for change in record.changes}
    assert shown["lastName"] == "[Redact]"
    assert shown["firstName"] == "Nora"
