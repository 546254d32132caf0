"""The brakes: looked at once over the whole plan, before the first write (interface: Brake)."""

from __future__ import annotations

from app.domain.plan import RemovalCounts
from app.domain.settings import SafetySettings

PERCENT_FROM = 100
"""The percentage counts from this many linked active accounts upwards."""

SOURCE_EMPTY = "source_empty"


def brake(counts: RemovalCounts, safety: SafetySettings, *, source_empty: bool) -> str | None:
    """Why removals are held, by the name of the setting; None = they may go on."""
    if source_empty:
        return SOURCE_EMPTY
    limit, percent = safety.max_removals, safety.max_removal_percent
    if limit is not None and counts.planned > limit:
        return "max_removals"
    if (
        percent is not None
        and counts.active_links >= PERCENT_FROM
        and counts.planned * 100 > percent * counts.active_links
    ):
        return "max_removal_percent"
    return None
