"""A target that fails at every change: one clear sentence instead of thousands, then recovery."""

from __future__ import annotations

from pathlib import Path

import pytest
from practice import Cycled, Practice, practice

from app.cli.live import CONNECTING, exit_code
from app.connectors import errors as _errors  # noqa: F401 - its errors are below ServiceError
from app.domain.activity import CycleOutcome, Status
from app.domain.errors import ExitCode, ServiceError

PEOPLE = 150
MOST_REQUESTS = 100
"""Reading accounts and groups, and trying some in vain again and again; fewer than one each."""
MOST_FAILURES = 20
RESET = 0
WAYS = [
    ("goto-admin", 503),
    ("goto-admin", RESET),
    ("goto-scim", 502),
    ("goto-scim", RESET),
    ("scim2", 500),
    ("scim2", RESET),
]


def aim_at(one: Practice, kind: str) -> None:
    """The profile for this kind of target, with groups where it has them."""
    info = one.sandbox.info()
    if kind == "goto-admin":
        return
    if kind == "scim2":
        one.program.secrets.set("practice", "target.token", info["scim_token"])
        target = {"kind": "scim2", "url": info["scim_url"], "sign_in": "bearer"}
    else:
        target = info["goto_scim_profile"]["target"]
    target = {**target, "requests_per_second": 10_000}
    one.configure(target=target, mappings={"groups": {"enabled": True}})


def check_broken(done: Cycled) -> None:
    """Few requests, few records, and one sentence that says what to do."""
    summary, counts = done.summary, done.summary.counts
    assert summary.outcome is CycleOutcome.FAILED
    assert exit_code(summary) == ExitCode.CANNOT_CONNECT
    assert summary.target_requests < MOST_REQUESTS
    failures = [one for one in done.records if one.status is Status.FAILURE]
    assert len(failures) <= MOST_FAILURES
    assert counts.created == counts.updated == counts.disabled == 0
    assert summary.error
    assert summary.advice


@pytest.mark.parametrize(("kind", "way"), WAYS)
def test_a_target_that_fails_at_every_change_ends_the_cycle_early(
    tmp_path: Path, kind: str, way: int
) -> None:
    with practice(tmp_path, users=PEOPLE) as one:
        aim_at(one, kind)
        one.world.set_fault("writes_fail", way)
        check_broken(one.sync())
        assert not one.sandbox.creates

        one.world.set_fault("writes_fail", None)
        done = one.sync()
        assert done.summary.outcome is CycleOutcome.SUCCEEDED
        assert max(one.sandbox.creates.values(), default=0) <= 1
        wanted = one.expected()
        if kind == "goto-admin":
            assert len(wanted - set(one.seats())) == done.summary.counts.failed
        elif kind == "goto-scim":
            names = {it.name.lower() for it in one.world.organization.identities.values()}
            assert wanted <= names
        else:
            users = one.world.scim.resources["User"].values()
            assert {it["userName"].lower() for it in users} == wanted


def test_every_failure_of_a_service_has_the_exit_code_of_one() -> None:
    def below(kind: type[ServiceError]) -> set[str]:
        kinds = kind.__subclasses__()
        return {one.__name__ for one in kinds}.union(*map(below, kinds))

    assert {"KeepsFailing", "AnswerLost"} <= below(ServiceError) <= CONNECTING
