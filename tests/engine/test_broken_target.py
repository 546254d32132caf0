"""A target that fails at every change: one clear sentence instead of thousands, then recovery."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sync_world import Rollcall, created_twice, expected_addresses, seated

from app.cli.live import CONNECTING
from app.connectors import errors as _errors  # noqa: F401 - its errors are below ServiceError
from app.domain.errors import ServiceError
from app.sandbox.server import Sandbox

PEOPLE = 150
MOST_REQUESTS = 120
"""Reading that many people and accounts, and trying; far from one each."""
MOST_RECORDS = 60
"""Those the practice tenant leaves out for reasons of their own, and whoever was tried."""
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


def kinds(rollcall: Rollcall, kind: str) -> None:
    """Import the profile for this kind of target."""
    info = rollcall.sandbox.info()
    groups = {"groups": {"enabled": True}}
    if kind == "scim2":
        rollcall.environment["ROLLCALL_SECRET__PRACTICE__TARGET_TOKEN"] = info["scim_token"]
        target = {"kind": "scim2", "url": info["scim_url"], "sign_in": "bearer"}
        rollcall.import_profile(target=target, mappings=groups)
    elif kind == "goto-scim":
        target = {**info["goto_scim_profile"]["target"], "requests_per_second": 10_000}
        rollcall.import_profile(target=target, mappings=groups)
    else:
        rollcall.import_profile()


def check_broken(code: int, lines: list[dict[str, Any]]) -> None:
    """Few requests, few records, and one sentence that says what to do."""
    last = lines[-1]
    assert code == 3, last
    assert last["outcome"] == "failed"
    assert last["requests"]["target"] < MOST_REQUESTS, last
    assert len(lines) - 1 <= MOST_RECORDS, last
    failures = [line for line in lines[:-1] if line["status"] == "failure"]
    assert len(failures) <= MOST_FAILURES, failures
    assert last["created"] == last["updated"] == last["disabled"] == 0
    assert last["error"]
    assert last["advice"]


@pytest.mark.parametrize(("kind", "way"), WAYS)
def test_a_target_that_fails_at_every_change_ends_the_cycle_early(
    tmp_path: Path, kind: str, way: int
) -> None:
    with Sandbox(users=PEOPLE) as sandbox:
        rollcall = Rollcall(tmp_path, sandbox)
        kinds(rollcall, kind)
        sandbox.world.set_fault("writes_fail", way)
        check_broken(*rollcall.sync())
        assert not sandbox.creates

        sandbox.world.set_fault("writes_fail", None)
        code, lines = rollcall.sync()
        assert code in (0, 1), lines[-1]
        assert lines[-1]["outcome"] == "succeeded"
        assert not created_twice(sandbox)
        wanted = expected_addresses(sandbox)
        if kind == "goto-admin":
            assert len(wanted - seated(sandbox)) == lines[-1]["failed"]
        elif kind == "goto-scim":
            names = {one.name.lower() for one in sandbox.world.organization.identities.values()}
            assert wanted <= names
        else:
            users = sandbox.world.scim.resources["User"].values()
            assert {one["userName"].lower() for one in users} == wanted


def test_every_failure_of_a_service_has_the_exit_code_of_one() -> None:
    def below(kind: type[ServiceError]) -> set[str]:
        kinds = kind.__subclasses__()
        return {one.__name__ for one in kinds}.union(*map(below, kinds))

    assert {"KeepsFailing", "AnswerLost"} <= below(ServiceError) <= CONNECTING
