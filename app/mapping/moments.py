"""Moments as .NET counts them: 100-nanosecond ticks from year 1 to year 9999, in UTC.

Python's own datetime stops at microseconds, and file times must come back exactly as they went in
(spec/expressions.md 3, "Dates").
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.mapping.errors import failed

SECOND = 10_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LAST = date.max.toordinal() * DAY - 1
"""The last tick of the year 9999."""
FURTHEST_OFFSET = 14 * HOUR
TWO_DIGIT_YEAR_MAX = 2049
"""A year of two digits lies in the hundred years that end here (.NET 8 and later)."""

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A point in time; `ticks` since the first of January of year 1. Made by `moment_at`."""

    ticks: int

    @property
    def date(self) -> date:
        """The day."""
        return date.fromordinal(self.ticks // DAY + 1)

    @property
    def time(self) -> int:
        """Ticks since midnight."""
        return self.ticks % DAY

    @property
    def weekday(self) -> int:
        """0 is Sunday."""
        return (self.ticks // DAY + 1) % 7

    def __str__(self) -> str:
        """`M/d/yyyy h:mm:ss tt`, as the service writes dates."""
        day, hours = self.date, self.time // HOUR
        half = "AM" if hours < 12 else "PM"
        minutes, seconds = self.time // MINUTE % 60, self.time // SECOND % 60
        return (
            f"{day.month}/{day.day}/{day.year:04d} "
            f"{hours % 12 or 12}:{minutes:02d}:{seconds:02d} {half}"
        )


def moment_at(ticks: int) -> Moment:
    """The moment; raises `EntryError` outside the years 1 to 9999."""
    if not 0 <= ticks <= LAST:
        raise failed("The date lies outside the years 1 to 9999")
    return Moment(ticks)


def moment_of(when: datetime) -> Moment:
    """A moment of the clock."""
    utc = when.astimezone(UTC)
    seconds = (utc.hour * 60 + utc.minute) * 60 + utc.second
    return Moment((utc.toordinal() - 1) * DAY + seconds * SECOND + utc.microsecond * 10)


def add_months(moment: Moment, months: int) -> Moment:
    """Calendar steps; a day that the month does not have becomes its last."""
    day = moment.date
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= date.max.year:
        raise failed("The date lies outside the years 1 to 9999")
    last = monthrange(year, month + 1)[1]
    moved = date(year, month + 1, min(day.day, last))
    return Moment((moved.toordinal() - 1) * DAY + moment.time)


def four_digits(year: int) -> int:
    """The year meant by two digits."""
    century, latest = divmod(TWO_DIGIT_YEAR_MAX, 100)
    return (century - (year > latest)) * 100 + year


def cut_towards_zero(amount: int, unit: int) -> int:
    """How many whole units, whatever the sign."""
    return amount // unit if amount >= 0 else -(-amount // unit)


def fraction_ticks(digits: str) -> int:
    """Ticks of the digits after the decimal point; what is finer than a tick is rounded."""
    scale: int = 10 ** len(digits)
    return (int(digits) * SECOND * 2 + scale) // (2 * scale)
