"""Dates as people and systems write them, as far as .NET reads them without a format.

Invariant culture: month before day, English names. With no offset a text is taken as UTC
(spec/expressions.md 3, CDate).
"""

from __future__ import annotations

import re
from datetime import date

from app.mapping.date_parts import Parts, Unreadable
from app.mapping.moments import HOUR, MINUTE, MONTHS, WEEKDAYS, Moment, four_digits, fraction_ticks

_MONTH = "(?P<name>" + "|".join(f"{name}|{name[:3]}" for name in MONTHS) + r")(?![A-Za-z])\.?"
_WEEKDAY = re.compile(
    "(" + "|".join(f"{name}|{name[:3]}" for name in WEEKDAYS) + r")(?![A-Za-z])[\s,]*",
    re.IGNORECASE,
)
_YEAR, _DAY = r"(?P<year>[0-9]{3,4})(?![0-9])", r"(?P<day>[0-9]{1,2})(?![0-9])"
_SHORT_YEAR = r"(?P<year>[0-9]{1,4})(?![0-9])"
_NUMBER = r"(?P<month>[0-9]{1,2})(?![0-9])"
_GAP, _NAME_GAP = r"(?:\s*[-/.]\s*|\s+)", r"[\s,/.-]*"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        f"{_YEAR}{_GAP}{_NUMBER}{_GAP}{_DAY}(?!:)",
        f"{_NUMBER}{_GAP}{_DAY}{_GAP}{_SHORT_YEAR}(?!:)",
        f"{_YEAR}{_GAP}{_NUMBER}(?!:)",
        f"{_NUMBER}{_GAP}{_YEAR}(?!:)",
        f"{_NUMBER}{_GAP}{_DAY}(?!:)",
        f"{_DAY}{_NAME_GAP}{_MONTH}{_NAME_GAP}{_SHORT_YEAR}(?!:)",
        f"{_MONTH}{_NAME_GAP}{_DAY}{_NAME_GAP}{_SHORT_YEAR}(?!:)",
        f"{_YEAR}{_NAME_GAP}{_MONTH}{_NAME_GAP}{_DAY}(?!:)",
        f"{_MONTH}{_NAME_GAP}{_YEAR}",
        f"{_DAY}{_NAME_GAP}{_MONTH}",
        f"{_MONTH}{_NAME_GAP}{_DAY}(?!:)",
    )
)
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{1,2})"
    r"(?::(?P<second>[0-9]{1,2})(?:\.(?P<fraction>[0-9]{1,30}))?)?(?![0-9:])"
    r"(?:\s*(?P<half>[AP]M?)(?![A-Za-z]))?",
    re.IGNORECASE | re.ASCII,
)
_HOUR_ONLY = re.compile(
    r"(?P<hour>[0-9]{1,2})\s*(?P<half>[AP]M?)(?![A-Za-z])", re.IGNORECASE | re.ASCII
)
_ZONE = re.compile(
    r"(?:Z|GMT)|(?P<sign>[+-])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?",
    re.IGNORECASE | re.ASCII,
)
_JOINT = re.compile(r"T(?=[0-9])|\s*,\s*|\s+", re.IGNORECASE)


def read_date(value: str, today: date) -> Moment:
    """The moment that `value` means. Raises `Unreadable`."""
    rest, parts = value.strip(), Parts()
    if found := _WEEKDAY.match(rest):
        names = [name[:3].lower() for name in WEEKDAYS]
        parts.weekday = names.index(found[1][:3].lower())
        rest = rest[found.end() :]
    if not rest:
        raise Unreadable
    rest, dated = _take_date(rest, parts)
    after, timed = _take_time(_JOINT.sub("", rest, count=1) if _JOINT.match(rest) else rest, parts)
    rest = after if timed else rest
    if timed and not dated:
        rest, dated = _take_date(rest.strip(), parts)
    if not dated and not timed:
        raise Unreadable
    _take_zone(rest.strip(), parts)
    return parts.moment(today, twelve_hours=False)


def _take_date(rest: str, parts: Parts) -> tuple[str, bool]:
    for pattern in _DATES:
        found = pattern.match(rest)
        if found is None:
            continue
        groups = found.groupdict()
        if groups.get("name"):
            short = [name[:3].lower() for name in MONTHS]
            parts.month = short.index(groups["name"][:3].lower()) + 1
        elif groups.get("month"):
            parts.month = int(groups["month"])
        if groups.get("day"):
            parts.day = int(groups["day"])
        if written := groups.get("year"):
            parts.year = four_digits(int(written)) if len(written) < 3 else int(written)
        return rest[found.end() :], True
    return rest, False


def _take_time(rest: str, parts: Parts) -> tuple[str, bool]:
    found = _TIME.match(rest) or _HOUR_ONLY.match(rest)
    if found is None:
        return rest, False
    groups = found.groupdict()
    parts.hour = _hour(int(groups["hour"]), groups["half"])
    parts.minute = int(groups.get("minute") or 0)
    parts.second = int(groups.get("second") or 0)
    parts.fraction = fraction_ticks(groups.get("fraction") or "0")
    return rest[found.end() :], True


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if half[0] in "pP":
        return hour + 12 if hour < 12 else hour
    if hour > 12:
        raise Unreadable
    return hour % 12


def _take_zone(rest: str, parts: Parts) -> None:
    if not rest:
        return
    found = _ZONE.fullmatch(rest)
    if found is None:
        raise Unreadable
    if found["sign"]:
        minutes = int(found["minutes"] or 0)
        if minutes > 59:
            raise Unreadable
        offset = int(found["hours"]) * HOUR + minutes * MINUTE
        parts.offset = -offset if found["sign"] == "-" else offset
