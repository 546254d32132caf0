"""What is mailed and what is not: once when it begins, once when it is over, one mail a cycle."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.activity import (
    ActionKind,
    CycleKind,
    CycleOutcome,
    CycleSummary,
    Identity,
    PlannedAction,
    Reason,
    Status,
)
from app.domain.errors import MailRefused
from app.domain.notices import Credential, Letter, Standing
from app.domain.texts import English, Text
from app.engine.notices import Facts, decide
from app.engine.schedule import overdue
from app.engine.telling import Teller
from app.host.letters import write_letter
from app.state.store import open_store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SUCCEEDED, FAILED = CycleOutcome.SUCCEEDED, CycleOutcome.FAILED
HELD, STOPPED = CycleOutcome.HELD, CycleOutcome.STOPPED


def ended(outcome: CycleOutcome = SUCCEEDED, **changes: object) -> CycleSummary:
    summary = CycleSummary("1", "contoso", CycleKind.INCREMENTAL, NOW, NOW, outcome)
    return replace(summary, **changes)


def removal(number: int, reason: Reason = Reason.UNASSIGNED, because: str = "") -> PlannedAction:
    return PlannedAction(
        ActionKind.DISABLE,
        Status.SUCCESS,
        Identity(str(number), f"Person {number:03}"),
        Identity(str(number), f"p{number}@contoso.example"),
        reason,
        Text("x"),
        because,
    )


class Told:
    """Cycles one after the other; every mail that they call for is accepted."""

    def __init__(self) -> None:
        self.standings: Sequence[Standing] = ()
        self.subjects: list[str] = []
        self.texts: list[str] = []

    def after(self, cycle: CycleSummary | None, **facts: object) -> list[str]:
        known = Facts("contoso", NOW, cycle, **facts)
        decision = decide(known, self.standings)
        self.standings = decision.told
        if decision.digest is None:
            return []
        self.subjects.append(str(decision.digest.subject))
        self.texts.append(write_letter(decision.digest, English()).text)
        return [str(section.title) for section in decision.digest.sections]


def test_failing_is_told_once_and_its_end_once() -> None:
    told = Told()
    failed = ended(FAILED, error=Text("No sign-in"), error_code="CredentialsRefused")
    assert told.after(ended()) == []
    assert told.after(failed) == ["Provisioning of contoso has failed"]
    assert told.after(failed) == []
    assert told.after(ended(STOPPED)) == []
    assert told.after(ended()) == ["Provisioning of contoso works again"]
    assert told.after(ended()) == []


def test_an_outage_that_changes_its_face_is_one_outage() -> None:
    told = Told()
    assert told.after(ended(FAILED, error_code="Unreachable"))
    assert told.after(ended(FAILED, error_code="ServiceFaulty")) == []
    assert told.after(ended(FAILED, error_code="CredentialsRefused"))


def test_a_quarantine_is_told_again_only_when_its_reason_changes() -> None:
    told = Told()
    first = ended(quarantine="EncounteredQuarantineException")
    assert told.after(first) == ["Provisioning of contoso is in quarantine"]
    assert told.after(first) == []
    assert told.after(ended(quarantine="EncounteredEscrowProportionThreshold"))
    assert told.after(ended()) == ["The quarantine of contoso is over"]


def test_everything_of_one_cycle_is_one_mail_worst_first() -> None:
    told = Told()
    soon = Credential("main", NOW + timedelta(days=6))
    titles = told.after(
        ended(HELD, quarantine="TooManyDeletes"), held=[removal(1)], credential=soon
    )
    assert titles == [
        "Provisioning of contoso is in quarantine",
        "Removals of contoso wait for your decision",
        "The Microsoft secret of contoso expires in 6 days",
    ]
    assert told.subjects == ["Rollcall: Provisioning of contoso is in quarantine (and 2 more)"]


def test_the_brake_names_fifty_people_by_cause_and_counts_the_rest() -> None:
    told = Told()
    held = [removal(n) for n in range(48)]
    held += [removal(100 + n, Reason.LEFT_GROUP, "Sales") for n in range(12)]
    assert told.after(ended(HELD), held=held)
    text = told.texts[0]
    assert "60 people would lose" in text
    assert "Left the group Sales (12)" in text
    assert text.count("@contoso.example") == 50
    assert "and 10 more" in text
    assert told.after(ended(HELD), held=held) == []
    assert told.after(ended(), held=[]) == ["No removal of contoso waits any more"]


def test_a_plan_that_went_stale_is_nobodys_business() -> None:
    assert Told().after(ended(HELD, held_because="stale_plan")) == []


@pytest.mark.parametrize(("days", "mails"), [(31, 0), (30, 1), (7, 1), (1, 1), (-1, 1)])
def test_a_secret_is_told_at_its_thresholds(days: float, mails: int) -> None:
    credential = Credential("main", NOW + timedelta(days=days))
    assert len(Told().after(ended(), credential=credential)) == mails


def test_a_secret_is_told_once_for_each_threshold_and_when_renewed() -> None:
    told, spoken = Told(), []
    for day in range(40, -2, -1):
        credential = Credential("main", NOW + timedelta(days=day))
        if told.after(ended(), credential=credential):
            spoken.append(day)
    assert spoken == [30, 7, 1, 0]
    assert told.after(ended(), credential=Credential("new", None)) == []
    fresh = Credential("new", NOW + timedelta(days=180))
    assert told.after(ended(), credential=fresh) == ["The Microsoft secret of contoso was renewed"]


def test_no_cycle_for_three_intervals() -> None:
    assert not overdue(None, 20, NOW)
    assert not overdue(NOW - timedelta(minutes=60), 20, NOW)
    assert overdue(NOW - timedelta(minutes=61), 20, NOW)
    told, since = Told(), NOW - timedelta(hours=9)
    busy = {"idle_since": since, "problem": Text("Another run holds the profile")}
    assert told.after(None, **busy) == ["No cycle of contoso has run for three intervals"]
    assert "Another run holds" in told.texts[0]
    assert told.after(None, **busy) == []
    assert told.after(ended(), idle_since=since) == ["Cycles of contoso run again"]
    assert told.after(ended()) == []


def test_after_a_sleep_one_mail_says_that_and_how_the_cycle_went() -> None:
    told = Told()
    titles = told.after(ended(FAILED, error_code="X"), idle_since=NOW - timedelta(hours=9))
    assert titles == [
        "Provisioning of contoso has failed",
        "No cycle of contoso ran for a while",
    ]
    assert "2026-11-24 03:00 UTC" in told.texts[0]


class Post:
    """A mailer that can be out of order."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.broken = False

    def send(self, subject: str, body: str, html: str | None = None) -> None:
        if self.broken:
            raise MailRefused("The mail server is asleep")
        self.letters.append(Letter(subject, body, html))


def test_restarts_do_not_repeat_and_a_lost_mail_is_sent_later(tmp_path: Path) -> None:
    post = Post()
    file = tmp_path / "s.db"
    open_store(file).close()

    def tell(cycle: CycleSummary) -> None:
        # Each time as a program of its own: nothing but the file remembers.
        teller = Teller(
            lambda: closing(open_store(file)),
            lambda digest: write_letter(digest, English()),
            lambda: post,
        )
        asyncio.run(teller.tell(Facts("contoso", NOW, cycle)))

    def mail_error() -> Text | None:
        with closing(open_store(file)) as store:
            return store.status().mail_error

    failed = ended(FAILED, error_code="Unreachable")
    post.broken = True
    tell(failed)
    assert str(mail_error()) == "The mail server is asleep"
    post.broken = False
    tell(failed)
    tell(failed)
    assert mail_error() is None
    assert len(post.letters) == 1
    post.broken = True
    tell(ended())
    post.broken = False
    tell(ended())
    tell(ended())
    assert [letter.subject for letter in post.letters] == [
        "Rollcall: Provisioning of contoso has failed",
        "Rollcall: Provisioning of contoso works again",
    ]
