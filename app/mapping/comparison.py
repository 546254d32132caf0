"""Old against new: only differences are written (spec/provisioning.md 4.4)."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.accounts import TargetLimits
from app.domain.activity import Change
from app.domain.people import Value


def differences(
    current: Mapping[str, Value], wanted: Mapping[str, Value], limits: TargetLimits
) -> tuple[Change, ...]:
    """Attributes whose wanted value differs; absent and empty are the same."""
    found: list[Change] = []
    for name in sorted(wanted):
        old, new = current.get(name), wanted[name]
        if _same(old, new, ignore_case=name in limits.case_insensitive):
            continue
        found.append(Change(name, old, new))
    return tuple(found)


def _same(old: Value, new: Value, *, ignore_case: bool) -> bool:
    if old in (None, "") and new in (None, ""):
        return True
    if ignore_case and isinstance(old, str) and isinstance(new, str):
        return old.casefold() == new.casefold()
    return old == new
