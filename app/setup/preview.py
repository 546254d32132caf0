"""What the first cycle would do, counted in full and listed as far as anybody reads.

The plan streams through `PreviewRows`, which keeps the first rows of each kind: a hundred
thousand rows don't sit in memory because somebody wanted to see ten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.activity import ActionKind, PlannedAction, PlanSummary, Status

ROWS_OF_EACH = 1000
ACCOUNTS_PER_CREATE = 20
"""People in one creating call where the target takes several; a cautious mean."""


class Deed(StrEnum):
    """The six counts of the preview."""

    CREATE = "create"
    LINK = "link"
    UPDATE = "update"
    DISABLE = "disable"
    SKIP = "skip"
    FAIL = "fail"


_DEEDS = {
    ActionKind.CREATE: Deed.CREATE,
    ActionKind.LINK: Deed.LINK,
    ActionKind.UPDATE: Deed.UPDATE,
    ActionKind.ENABLE: Deed.UPDATE,
    ActionKind.DISABLE: Deed.DISABLE,
    ActionKind.DELETE: Deed.DISABLE,
    ActionKind.OTHER: Deed.SKIP,
}


def deed(action: PlannedAction) -> Deed:
    """Under which count a planned action falls."""
    if action.status is Status.FAILURE:
        return Deed.FAIL
    if action.status is Status.SKIPPED:
        return Deed.SKIP
    return _DEEDS[action.action]


@dataclass(slots=True)
class PreviewRows:
    """Counts every action and keeps the first `ROWS_OF_EACH` of each deed."""

    counts: Counter[Deed] = field(default_factory=Counter)
    rows: list[PlannedAction] = field(default_factory=list)

    def take(self, action: PlannedAction) -> None:
        """One action of the plan, in its order."""
        kind = deed(action)
        if self.counts[kind] < ROWS_OF_EACH:
            self.rows.append(action)
        self.counts[kind] += 1

    def in_order(self) -> tuple[PlannedAction, ...]:
        """The rows by deed, each in the order of the plan: what is made first, what fails last."""
        order = list(Deed)
        return tuple(sorted(self.rows, key=lambda row: order.index(deed(row))))


@dataclass(frozen=True, slots=True)
class Preview:
    """The finished preview."""

    summary: PlanSummary
    counts: Mapping[Deed, int]
    rows: tuple[PlannedAction, ...]
    seconds: float
    """How long the first cycle will about take, at the target's limit of requests."""

    @property
    def total(self) -> int:
        """People in the plan."""
        return sum(self.counts.values())

    @property
    def complete(self) -> bool:
        """Every action of the plan is among the rows."""
        return len(self.rows) == self.total


def estimated_seconds(counts: Mapping[Deed, int], requests_per_second: float) -> float:
    """Time of a first cycle, bounded below by the target's pace."""
    requests = counts.get(Deed.CREATE, 0) / ACCOUNTS_PER_CREATE
    requests += counts.get(Deed.UPDATE, 0) + counts.get(Deed.DISABLE, 0)
    requests += sum(counts.values()) / 200
    return requests / max(requests_per_second, 0.1)
