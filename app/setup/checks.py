"""One side of the connection test: its checks in a row, until one fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from app.domain.activity import CheckPart, CheckResult, Status
from app.domain.errors import RollcallError, ServiceError, Stopped
from app.domain.texts import Text

Report: TypeAlias = Callable[[CheckResult], None]
"""Receives each check when it starts (`status` None), while it counts, and when it ended."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found."""

    fact: Text
    status: Status = Status.SUCCESS
    advice: Text | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[CheckPart, ...] = ()


Found: TypeAlias = AsyncIterator[Finding]
"""Findings of one check: counts that grow, the last one is the result."""


async def once(work: Awaitable[Finding]) -> Found:
    """A check that counts nothing."""
    yield await work


class Untested(Exception):
    """What the check would have needed is missing on the other side; the sentence says it."""

    def __init__(self, fact: Text) -> None:
        super().__init__(str(fact))
        self.fact = fact


@dataclass(slots=True)
class Side:
    """`needs` says for each check what those after it would have needed."""

    checks: tuple[CheckResult, ...]
    needs: Mapping[str, Text]
    report: Report
    results: list[CheckResult] = field(default_factory=list)

    async def run(self, steps: Sequence[Callable[[], Found]]) -> tuple[CheckResult, ...]:
        """Run them; failures are results."""
        blocked: Text | None = None
        for check, step in zip(self.checks, steps, strict=True):
            if blocked is not None:
                self._end(replace(check, fact=blocked))
                continue
            result = await self._one(check, step)
            self._end(result)
            if result.status is Status.SKIPPED:
                blocked = Text("Not tested: stopped")
            elif result.status is Status.FAILURE:
                needs = self.needs.get(check.name, "")
                blocked = Text("Not tested yet: needs {what}", {"what": needs})
        return tuple(self.results)

    async def _one(self, check: CheckResult, step: Callable[[], Found]) -> CheckResult:
        self.report(replace(check, status=None))
        finding = Finding(Text("Nothing was found"), Status.FAILURE)
        try:
            async for finding in step():
                self.report(replace(check, status=None, fact=finding.fact))
        except Stopped:
            return replace(check, fact=Text("Not tested: stopped"))
        except Untested as gap:
            return replace(check, fact=gap.fact)
        except RollcallError as error:
            return replace(
                check,
                status=Status.FAILURE,
                fact=error.text,
                advice=error.advice,
                details=_details(error),
            )
        return replace(
            check,
            status=finding.status,
            fact=finding.fact,
            advice=finding.advice,
            details=dict(finding.details),
            parts=finding.parts,
        )

    def _end(self, result: CheckResult) -> None:
        self.results.append(result)
        self.report(result)


def _details(error: RollcallError) -> dict[str, str]:
    details = {"code": type(error).__name__}
    if isinstance(error, ServiceError) and error.request_id:
        details["request_id"] = error.request_id
    return details
