"""Taking hidden values out of what is said (spec/expressions.md, Redact)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.accounts import Account, AccountDraft, Origin
from app.domain.activity import (
    ActionKind,
    Change,
    Identity,
    PlannedAction,
    Reason,
    Status,
    Step,
    StepType,
)
from app.domain.errors import EntryError
from app.domain.plan import Link, Work
from app.domain.texts import Text
from app.engine.hiding import Hiding, Secrets

PLANNED = PlannedAction(
    action=ActionKind.CREATE,
    status=Status.SUCCESS,
    source=Identity("1", "Ann Berg"),
    target=Identity("", "ann@x.example"),
    reason=Reason.ASSIGNED,
    message=Text("Made for {who}", {"who": Text("{address}", {"address": "Ann@x.example"})}),
    changes=(Change("firstName", "Ann", "Anna"), Change("nick", "ann@x.example", "Ann")),
    advice=Text("Ask “{who}”", {"who": "ann@x.example"}),
    steps=(
        Step(StepType.IMPORT, Status.SUCCESS, Text("{person}", {"person": "ann@x.example"})),
        Step(StepType.MATCHING, Status.SUCCESS, Text("{n} found", {"n": 3}), {"a": "b"}),
    ),
)
HIDING = Hiding(frozenset({"email", "firstName"}), frozenset({"email"}), "email")
DRAFT = AccountDraft("1", "ann@x.example", {"firstName": "Ann", "lastName": "Berg"})


def test_a_service_that_quotes_a_hidden_value_is_not_quoted() -> None:
    quoting = Text("GoTo refused {why}", {"why": Text("{quote}", {"quote": "“ANNA-Berg”"})})
    draft = replace(DRAFT, attributes={"firstName": "Anna", "lastName": "Berg"})
    error = EntryError("Conflict", quoting, "Ask somebody", transient=True, request_id="r")
    said = HIDING.of_work(Work("1", PLANNED, draft=draft)).failure(error)
    assert str(said.text) == "GoTo refused “[Redact]-Berg”"
    assert (said.code, said.transient, said.request_id) == ("Conflict", True, "r")


@pytest.mark.parametrize(
    ("quoted", "said"),
    [("Ann", "[Redact]"), ("Anna", "Anna"), ("no-ann!", "no-[Redact]!"), ("STRAßE", "[Redact]")],
)
def test_a_short_value_is_a_word_and_no_letters_of_others(quoted: str, said: str) -> None:
    secrets = Secrets(frozenset({"Ann", "Straße"}))
    found = secrets.failure(EntryError("x", Text("{one}", {"one": quoted})))
    assert str(found.text) == said


def test_what_names_the_account_goes_and_the_person_stays() -> None:
    found = HIDING.of_work(Work("1", PLANNED, draft=DRAFT)).planned(PLANNED)
    assert "x.example" not in repr(replace(found, changes=()))
    assert found.source.name == "Ann Berg"
    assert found.target.name == "[Redact]"
    assert str(found.message) == "Made for [Redact]"
    assert found.steps[1] == PLANNED.steps[1]
    assert found.changes == (Change("firstName", "[Redact]", "Anna"), PLANNED.changes[1])


def test_old_and_new_addresses_are_hidden_and_what_the_mapping_shows_is_not() -> None:
    link = Link("1", "Ann", "k", "old@x", Origin.CREATED)
    account = Account("k", "now@x", {"email": "Now@x", "firstName": "Ann"})
    work = Work("1", PLANNED, account=account, link=link)
    assert HIDING.of_work(work).names == {"old@x", "now@x", "Now@x"}
    shown = HIDING.among(*HIDING.of_plan(work), shown=[("email", "NOW@x")])
    assert shown.values == {"old@x", "Ann"}
    assert Hiding().of_work(work) == Secrets()
