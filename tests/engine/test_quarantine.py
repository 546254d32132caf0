"""When the job is unhealthy, and what that changes (spec/provisioning.md 7 and 8)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from practice import practice

from app.domain.activity import CycleKind, CycleOutcome, CycleSummary
from app.domain.plan import Health
from app.domain.settings import QuarantineLimits
from app.engine.quarantine import PROPORTION, REFUSED, TOTAL, after_cycle, by_count, outlasted
from app.engine.schedule import next_run

LIMITS = QuarantineLimits()
WELL = Health(in_wanted_state=100)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def ended(at: datetime = NOW, **facts: object) -> CycleSummary:
    summary = CycleSummary("1", "p", CycleKind.INCREMENTAL, at, at, CycleOutcome.SUCCEEDED)
    return replace(summary, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("failures", "references", "well", "quarantined"),
    [
        (45_000, 0, 100_000, True),
        (30_000, 0, 5_000, True),
        (20_000, 0, 100_000, False),
        (40_000, 21_000, 100_000, True),
        (4_000, 0, 0, False),
        (5_000, 0, 0, True),
        (40_000, 0, 60_000, False),
        (0, 60_000, 0, False),
    ],
)
def test_section_8_1_worked_cases(
    failures: int, references: int, well: int, *, quarantined: bool
) -> None:
    reason = by_count(Health(failures, references, well), LIMITS)
    assert (reason is not None) is quarantined


def test_section_8_1_reasons() -> None:
    assert by_count(Health(30_000, 0, 5_000), LIMITS) == PROPORTION
    assert by_count(Health(1_000, 60_000, 99_999), LIMITS) == TOTAL


def test_section_8_2_refused_credentials_slow_the_schedule_step_by_step() -> None:
    refused = ended(outcome=CycleOutcome.FAILED, error_code="CredentialsRefused")
    quarantine, waits, at = None, [], NOW
    for _ in range(5):
        quarantine = after_cycle(quarantine, replace(refused, ended_at=at), WELL, LIMITS)
        assert quarantine is not None
        assert quarantine.next_attempt is not None
        waits.append((quarantine.next_attempt - at) / timedelta(hours=1))
        at = quarantine.next_attempt
    assert waits == [6, 12, 24, 24, 24]
    assert quarantine is not None
    assert (quarantine.reason, quarantine.series_count) == (REFUSED, 5)
    assert quarantine.series_began == NOW
    assert next_run(NOW, 20, NOW, quarantine.next_attempt) == quarantine.next_attempt


def test_section_8_2_success_lifts_it_a_stop_or_a_broken_network_does_not() -> None:
    refused = ended(outcome=CycleOutcome.FAILED, error_code="CredentialsRefused")
    quarantine = after_cycle(None, refused, WELL, LIMITS)
    stopped = ended(outcome=CycleOutcome.STOPPED)
    assert after_cycle(quarantine, stopped, WELL, LIMITS) == quarantine
    away = ended(outcome=CycleOutcome.FAILED, error_code="Unreachable")
    assert after_cycle(quarantine, away, WELL, LIMITS) is not None
    assert after_cycle(None, away, WELL, LIMITS) is None
    assert after_cycle(quarantine, ended(), WELL, LIMITS) is None


def test_section_8_2_four_weeks_end_the_job() -> None:
    refused = ended(outcome=CycleOutcome.FAILED, error_code="CredentialsRefused")
    quarantine = after_cycle(None, refused, WELL, LIMITS)
    assert not outlasted(quarantine, NOW + timedelta(days=28))
    assert outlasted(quarantine, NOW + timedelta(days=28, seconds=1))
    assert not outlasted(None, NOW)


def test_section_8_1_refused_credentials_quarantine_at_once_and_a_success_by_hand_lifts_it(
    tmp_path: Path,
) -> None:
    with practice(tmp_path) as one:
        one.sync()
        one.world.expire_credentials("target")
        one.hire("Nora")
        assert one.sync().summary.quarantine == REFUSED
        history = one.program.history("practice")
        assert history is not None
        status = history.status()
        history.close()
        assert status.quarantine == REFUSED
        assert status.next_attempt is not None
        one.world.renew_credentials()
        done = one.sync()
        assert done.summary.quarantine is None
        one.assert_right()


def test_section_8_1_many_failures_quarantine_an_incremental_cycle(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.configure(safety__quarantine={"from_failures": 2, "percent": 10})
        one.sync()
        one.world.set_seats(0)
        for name in ("Nora", "Otto", "Pia"):
            one.hire(name)
        done = one.sync()
        assert done.summary.outcome is CycleOutcome.SUCCEEDED
        assert done.summary.quarantine == PROPORTION
        assert one.program.profiles.settings("practice").enabled
        one.world.set_seats(60)
        assert one.program.retry("practice", None, forget_link=False) == 3
        assert one.sync().summary.quarantine is None
        one.assert_right()


def test_section_8_1_an_initial_cycle_gives_up_retries_and_pauses_instead(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.configure(safety__quarantine={"from_failures": 2, "percent": 10})
        one.world.set_seats(8)
        done = one.sync()
        assert done.summary.escrows_pruned
        assert done.summary.quarantine is None
        assert done.summary.counts.failed > 2
        assert done.summary.counts.escrowed == 0
        assert not one.program.profiles.settings("practice").enabled


def test_section_9_too_many_removals_are_a_quarantine_until_somebody_decides(
    tmp_path: Path,
) -> None:
    with practice(tmp_path) as one:
        one.configure(safety__max_removals=2)
        one.sync()
        one.world.unassign("GoToMeeting Engineering")
        assert one.sync().summary.quarantine == "TooManyDeletes"
        one.program.keep("practice")
        history = one.program.history("practice")
        assert history is not None
        assert history.status().quarantine is None
        history.close()
        assert one.sync().summary.quarantine is None


def test_section_7_a_failure_of_28_days_is_given_up_and_said(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        one.world.set_seats(0)
        one.hire("Nora")
        one.sync()
        one.age_escrows(timedelta(days=28))
        done = one.sync()
        (record,) = done.of("Nora Crashtest")
        assert "28 days" in str(record.advice)
        assert done.summary.counts.escrowed == 0
        assert one.sync().records == []
        one.age_escrows(timedelta(0))
        assert one.sync().summary.counts.escrowed == 0
        one.world.set_seats(60)
        one.program.retry("practice", "Nora Crashtest", forget_link=False)
        one.sync()
        one.assert_right()


def test_section_7_a_person_who_changes_is_a_fresh_attempt(tmp_path: Path) -> None:
    with practice(tmp_path) as one:
        one.sync()
        one.world.set_seats(0)
        nora = one.hire("Nora")
        one.sync()
        assert one.sync().records == []
        one.world.set_seats(60)
        one.world.rename(nora.id, "Nora", "Newname")
        one.sync()
        one.assert_right()
