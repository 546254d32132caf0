"""What was read of a date and a time, put together the way .NET does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.mapping.moments import (
    DAY,
    FURTHEST_OFFSET,
    HOUR,
    LAST,
    MINUTE,
    SECOND,
    Moment,
)


class Unreadable(Exception):
    """The text is no date, or not one of this format."""


@dataclass(slots=True)
class Parts:
    """Pieces as they are found. None = not in the text."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    fraction: int | None = None
    """Ticks."""
    afternoon: bool | None = None
    offset: int | None = None
    """Ticks east of UTC."""

    def put(self, name: str, value: int) -> None:
        """Keep a piece; one that comes twice must be the same both times."""
        if getattr(self, name) not in (None, value):
            raise Unreadable
        setattr(self, name, value)

    def moment(self, today: date, *, twelve_hours: bool) -> Moment:
        """The moment in UTC; what is missing of the date comes from `today`.

        A text without any date means today, one with a month but no day the first of it.
        """
        ticks = (self._date(today).toordinal() - 1) * DAY + self._time(twelve_hours=twelve_hours)
        offset = self.offset or 0
        if abs(offset) > FURTHEST_OFFSET or not 0 <= ticks - offset <= LAST:
            raise Unreadable
        return Moment(ticks - offset)

    def _date(self, today: date) -> date:
        if self.year is None and self.month is None and self.day is None:
            found = today
        else:
            year = today.year if self.year is None else self.year
            try:
                found = date(
                    year,
                    1 if self.month is None else self.month,
                    1 if self.day is None else self.day,
                )
            except ValueError:
                raise Unreadable from None
        if self.weekday is not None and found.isoweekday() % 7 != self.weekday:
            raise Unreadable
        return found

    def _time(self, *, twelve_hours: bool) -> int:
        hour = self._hour(self.hour or 0, twelve_hours=twelve_hours)
        minute, second = self.minute or 0, self.second or 0
        if hour > 23 or minute > 59 or second > 59:
            raise Unreadable
        return hour * HOUR + minute * MINUTE + second * SECOND + (self.fraction or 0)

    def _hour(self, hour: int, *, twelve_hours: bool) -> int:
        if twelve_hours:
            if hour > 12:
                raise Unreadable
            return hour % 12 + (12 if self.afternoon else 0)
        if self.afternoon is not None and self.afternoon != (hour >= 12):
            raise Unreadable
        return hour
