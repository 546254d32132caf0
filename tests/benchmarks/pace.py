"""How near to a limit of 10 requests a second a cycle comes, and how often it is told to slow down.

A practice organisation that enforces the limit over any second, without `Retry-After`, and a real
`rollcall sync` beside it; each account is one request. Run: `python tests/benchmarks/pace.py`.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "system"))

from sync_world import Rollcall

from app.sandbox.server import Sandbox

LIMIT = 10
"""Requests a second, and what the profile asks for."""


def main() -> int:
    """Print the table; 1 when the pace falls short of what the project promises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=600)
    people = parser.parse_args().people
    with (
        TemporaryDirectory() as home,
        Sandbox(users=people, requests_per_second=LIMIT) as sandbox,
    ):
        rollcall = Rollcall(Path(home), sandbox)
        target = sandbox.info()["goto_scim_profile"]["target"]
        rollcall.import_profile(target={**target, "requests_per_second": LIMIT})
        _, lines = rollcall.sync()
    made = sorted(
        datetime.fromisoformat(line["at"]) for line in lines if line.get("action") == "create"
    )
    rate = (len(made) - 1) / (made[-1] - made[0]).total_seconds()
    requests, throttled = lines[-1]["requests"]["target"], lines[-1]["throttled"]
    print(f"{'accounts':>10} {'requests':>10} {'per second':>12} {'of the limit':>14} {'429':>8}")
    print(
        f"{len(made):>10,} {requests:>10,} {rate:>12.2f} {rate / LIMIT:>14.1%}"
        f" {throttled / requests:>8.2%}"
    )
    return 0 if rate / LIMIT >= 0.95 and throttled / requests < 0.01 else 1


if __name__ == "__main__":
    raise SystemExit(main())
