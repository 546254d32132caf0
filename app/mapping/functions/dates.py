"""Dates (spec/expressions.md 3, "Dates"). A text where a date is needed is read like CDate's."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from app.domain.people import Attributes
from app.domain.texts import Text
from app.mapping.date_formats import (
    FormatError,
    parse_date,
    read_format,
    read_styles,
    write_date,
)
from app.mapping.date_parts import Unreadable
from app.mapping.date_texts import read_date
from app.mapping.errors import failed
from app.mapping.functions.signature import (
    Arguments,
    Function,
    Misuse,
    constant_text,
    padded,
)
from app.mapping.moments import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Moment,
    add_months,
    cut_towards_zero,
    moment_at,
    moment_of,
)
from app.mapping.nodes import Call
from app.mapping.values import Context, Evaluate, Inner, shown, text, whole

FILE_TIME_ZERO = (date(1601, 1, 1).toordinal() - 1) * DAY
LENGTHS = {"d": DAY, "ww": 7 * DAY, "h": HOUR, "n": MINUTE, "s": SECOND}
MONTHS_IN = {"yyyy": 12, "m": 1}


def now(context: Context) -> Moment:
    """The current time."""
    return moment_of(context.now)


def as_date(context: Context, value: Inner) -> Moment:
    """CDate: the moment that a text means; with an offset applied, without one in UTC."""
    if isinstance(value, Moment):
        return value
    try:
        return _read(text(value), moment_of(context.now).date)
    except Unreadable:
        raise failed("“{value}” is not a date", value=shown(text(value))) from None


@lru_cache(maxsize=1024)
def _read(value: str, today: date) -> Moment:
    return read_date(value, today)


def _interval(value: Inner) -> str:
    code = text(value)
    if code not in LENGTHS and code not in MONTHS_IN:
        raise failed(
            "“{code}” is no interval; it can be {known}",
            code=shown(code),
            known=", ".join((*MONTHS_IN, *LENGTHS)),
        )
    return code


def add(context: Context, interval: Inner, value: Inner, moment: Inner) -> Moment:
    """DateAdd: calendar steps for years and months, lengths of time for the others."""
    code, steps, start = _interval(interval), whole(value), as_date(context, moment)
    if code in MONTHS_IN:
        return add_months(start, steps * MONTHS_IN[code])
    return moment_at(start.ticks + steps * LENGTHS[code])


def difference(context: Context, interval: Inner, first: Inner, second: Inner) -> int:
    """DateDiff: positive when the second date is later."""
    code = _interval(interval)
    start, end = as_date(context, first), as_date(context, second)
    if code == "yyyy":
        return end.date.year - start.date.year
    if code == "m":
        one, other = start.date, end.date
        return (other.year - one.year) * 12 + other.month - one.month
    if code == "ww":
        # Both go back to the Sunday of their week first.
        ticks = end.ticks - end.weekday * DAY - start.ticks + start.weekday * DAY
        return cut_towards_zero(cut_towards_zero(ticks, DAY), 7)
    return cut_towards_zero(end.ticks - start.ticks, LENGTHS[code])


def from_number(value: Inner) -> Moment:
    """DateFromNum: ticks since 1601."""
    ticks = whole(value)
    if ticks < 0:
        raise failed("{value} is no file time; it counts from 1601", value=str(ticks))
    return moment_at(FILE_TIME_ZERO + ticks)


def to_number(context: Context, value: Inner) -> str:
    """NumFromDate: the inverse, as text, for it is larger than many a program can count."""
    moment = as_date(context, value)
    if moment.ticks < FILE_TIME_ZERO:
        raise failed("{value} is before 1601, where file times begin", value=str(moment))
    return str(moment.ticks - FILE_TIME_ZERO)


def format_date(call: Call, arguments: Arguments) -> Evaluate:
    """FormatDateTime with and without styles; formats that are written out are checked at once."""
    source, styles, reading, writing = (0, 1, 2, 3)
    if len(arguments) == 3 and arguments[1] is not None:
        styles, reading, writing = (3, 1, 2)
    if len(arguments) <= writing or arguments[source] is None or arguments[reading] is None:
        raise Misuse(
            call,
            Text("FormatDateTime needs source, inputFormat and outputFormat."),
            Text("It takes: {takes}", {"takes": FORMAT_TAKES}),
        )
    _check_formats(call, (reading, writing), styles)
    given = padded(arguments, 4)

    def evaluate(attributes: Attributes, context: Context) -> Inner:
        value, chosen, read, write = (
            text(given[position](attributes, context))
            for position in (source, styles, reading, writing)
        )
        return _format(value, chosen, read, write, moment_of(context.now))

    return evaluate


def _check_formats(call: Call, formats: tuple[int, ...], styles: int) -> None:
    for position in (*formats, styles):
        written = constant_text(call, position)
        node = call.arguments[position] if written is not None else None
        if written is None or node is None:
            continue
        try:
            if position == styles:
                read_styles(written)
            else:
                read_format(written)
        except FormatError as error:
            raise Misuse(node, error.text) from None


def _format(value: str, styles: str, reading: str, writing: str, now: Moment) -> str:
    try:
        read, write = read_format(reading), read_format(writing)
        chosen = read_styles(styles)
    except FormatError as error:
        raise failed("{problem}", problem=error.text) from None
    try:
        moment, zoned = parse_date(value, read, chosen, now)
    except Unreadable:
        raise failed(
            "“{value}” does not have the form {format}", value=shown(value), format=shown(reading)
        ) from None
    return write_date(moment, write, zoned=zoned)


FORMAT_TAKES = "source, dateTimeStyles?, inputFormat, outputFormat"

FUNCTIONS = (
    Function("Now", "", asks=now),
    Function("CDate", "expression", asks=as_date),
    Function("DateAdd", "interval, value, dateTime", asks=add),
    Function("DateDiff", "interval, date1, date2", asks=difference),
    Function("FormatDateTime", FORMAT_TAKES, build=format_date, counts_itself=True),
    Function("DateFromNum", "value", from_number),
    Function("NumFromDate", "value", asks=to_number),
)
