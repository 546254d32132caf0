"""Whatever runs once per slice of people must find its rows by an index."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from practice import Practice, practice
from sqlalchemy import Engine, event

ONCE = 2
"""A cycle plans twice: before it writes, and after it has looked at what was not shown."""
LARGE = {"person", "planned", "account", "link", "membership", "reference_attempt"}
FEW_ROWS = {
    "ix_person_dirty",
    "ix_planned_fresh",
    "ix_planned_passes_to",
    "ix_planned_removal",
    "ix_reference_attempt_next_try",
}
"""Indices of nothing but the rows that are asked for."""


class Plans:
    """Query plans of the statements that ran more than once or twice."""

    def __init__(self) -> None:
        self.runs: Counter[str] = Counter()
        self.scans: dict[str, str] = {}

    def hear(self, cursor: Any, statement: str, parameters: Any, many: bool) -> None:
        self.runs[statement] += 1
        if self.runs[statement] != ONCE + 1 or not re.match(
            r"\s*(SELECT|WITH|UPDATE|DELETE|INSERT)", statement
        ):
            return
        values = parameters[0] if many else parameters
        plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        for *_, detail in plan:
            if _reads_all(detail, statement):
                self.scans[statement] = detail


def _reads_all(detail: str, statement: str) -> bool:
    found = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", detail)
    if found is None or found[2] in FEW_ROWS:
        return False
    named = re.findall(r"\b(\w+) AS (\w+)\b", statement)
    named += re.findall(r"\b(?:FROM|JOIN) (\w+) (\w)\b", statement)
    aliases = {alias: table for table, alias in named}
    return aliases.get(found[1], found[1]) in LARGE


@contextmanager
def listening() -> Iterator[Plans]:
    plans = Plans()

    def before(
        connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        plans.hear(cursor, statement, parameters, many)

    event.listen(Engine, "before_cursor_execute", before)
    try:
        yield plans
    finally:
        event.remove(Engine, "before_cursor_execute", before)


def assert_no_scan(company: Practice) -> None:
    with listening() as plans:
        company.sync()
    assert max(plans.runs.values()) > ONCE
    assert plans.scans == {}


def test_no_statement_of_a_slice_reads_a_whole_table(tmp_path: Path) -> None:
    with practice(tmp_path, users=1000) as company:
        company.configure(safety__max_removals=None, safety__max_removal_percent=None)
        assert_no_scan(company)
        people = [person for person, _ in company.world.entitled()]
        for person in people[:300]:
            company.world.rename(person.id, surname="Zimmer")
        for person in people[300:600]:
            company.world.disable(person.id)
        assert_no_scan(company)
        for person in people[300:600]:
            company.world.enable(person.id)
        company.configure(safety__max_removals=100)
        assert_no_scan(company)
        for person in people[:300]:
            company.world.leave(person.id)
        assert_no_scan(company)
        assert_no_scan(company)
