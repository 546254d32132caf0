""".NET's custom date formats in the invariant culture: reading exactly by one, and writing by one.

A format is taken apart once and kept. Reading never tries a second way: like .NET, every field
takes what its length says, and what follows must fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Flag, auto
from functools import lru_cache

from app.domain.texts import Text
from app.mapping.date_parts import Parts, Unreadable
from app.mapping.moments import (
    HOUR,
    MINUTE,
    MONTHS,
    SECOND,
    WEEKDAYS,
    Moment,
    four_digits,
)

STANDARD = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "m": "MMMM dd",
    "M": "MMMM dd",
    "o": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "O": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "r": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
    "U": "dddd, dd MMMM yyyy HH:mm:ss",
    "y": "yyyy MMMM",
    "Y": "yyyy MMMM",
}
"""A format of one letter is one of these."""

FINEST = 7
"""Digits of a second that .NET knows."""

_FIELDS = "dfFghHmMstyz"
_ERA = ("A.D.", "AD")


class FormatError(ValueError):
    """A format that .NET does not know either. `text` is the sentence."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(str(text))


class Styles(Flag):
    """.NET's DateTimeStyles."""

    NONE = 0
    ALLOW_LEADING_WHITE = auto()
    ALLOW_TRAILING_WHITE = auto()
    ALLOW_INNER_WHITE = auto()
    NO_CURRENT_DATE_DEFAULT = auto()
    ADJUST_TO_UNIVERSAL = auto()
    ASSUME_LOCAL = auto()
    ASSUME_UNIVERSAL = auto()
    ROUNDTRIP_KIND = auto()
    ALLOW_WHITE_SPACES = ALLOW_LEADING_WHITE | ALLOW_TRAILING_WHITE | ALLOW_INNER_WHITE


DEFAULT_STYLES = Styles.ROUNDTRIP_KIND | Styles.ALLOW_LEADING_WHITE | Styles.ALLOW_TRAILING_WHITE
_STYLES = {(style.name or "").replace("_", "").lower(): style for style in Styles} | {
    "none": Styles.NONE,
    "allowwhitespaces": Styles.ALLOW_WHITE_SPACES,
}
_KIND_STYLES = Styles.ADJUST_TO_UNIVERSAL | Styles.ASSUME_LOCAL | Styles.ASSUME_UNIVERSAL


@lru_cache(maxsize=64)
def read_styles(names: str) -> Styles:
    """DateTimeStyles by name, several with commas between. Raises `FormatError`."""
    if not names.strip():
        return DEFAULT_STYLES
    styles = Styles.NONE
    for name in names.replace("|", ",").split(","):
        style = _STYLES.get(name.strip().lower())
        if style is None:
            raise FormatError(
                Text("“{name}” is none of .NET's DateTimeStyles", {"name": name.strip()})
            )
        styles |= style
    assumed = Styles.ASSUME_LOCAL | Styles.ASSUME_UNIVERSAL
    if assumed in styles or (Styles.ROUNDTRIP_KIND in styles and styles & _KIND_STYLES):
        raise FormatError(Text("The DateTimeStyles “{names}” exclude each other", {"names": names}))
    return styles


@dataclass(frozen=True, slots=True)
class Token:
    """A field with its length, or a literal; `quoted` literals have no second meaning."""

    text: str
    length: int = 0
    quoted: bool = False


@lru_cache(maxsize=256)
def read_format(written: str) -> tuple[Token, ...]:
    """The pieces of a format. Raises `FormatError`."""
    if len(written) == 1 and written not in STANDARD:
        raise FormatError(Text("There is no date format “{format}”", {"format": written}))
    if not written:
        raise FormatError(Text("The date format is empty"))
    tokens = tuple(_tokens(STANDARD.get(written, written)))
    if any(one.text in ("f", "F") and one.length > FINEST for one in tokens):
        raise FormatError(
            Text("The date format “{format}” has more than 7 f or F", {"format": written})
        )
    return tokens


def _tokens(written: str) -> Iterator[Token]:
    at = 0
    while at < len(written):
        letter = written[at]
        if letter in _FIELDS:
            end = at
            while end < len(written) and written[end] == letter:
                end += 1
            yield Token(letter, end - at)
            at = end
        elif letter in "'\"":
            text, at = _quoted(written, at)
            yield Token(text, quoted=True)
        elif letter == "\\":
            if at + 1 == len(written):
                raise _unfinished(written)
            yield Token(written[at + 1], quoted=True)
            at += 2
        elif letter == "%":
            if at + 1 == len(written) or written[at + 1] == "%":
                raise _unfinished(written)
            at += 1
        else:
            yield Token(letter)
            at += 1


def _quoted(written: str, at: int) -> tuple[str, int]:
    """The text between quotes, in which a backslash guards one character."""
    quote, text, at = written[at], "", at + 1
    while at < len(written):
        if written[at] == quote:
            return text, at + 1
        at += written[at] == "\\"
        text += written[at : at + 1]
        at += 1
    raise _unfinished(written)


def _unfinished(written: str) -> FormatError:
    return FormatError(Text("The date format “{format}” is not finished", {"format": written}))


# --- writing ------------------------------------------------------------------------------------


def write_date(moment: Moment, tokens: tuple[Token, ...], *, zoned: bool) -> str:
    """The moment by a format. `zoned`: it was read with a zone, so K gives Z."""
    out = ""
    for one in tokens:
        if one.quoted or not one.length:
            out += ("Z" if zoned else "") if one.text == "K" and not one.quoted else one.text
        elif one.text == "F":
            digits = _fraction(moment, one.length).rstrip("0")
            # A point before digits that all vanish vanishes too.
            out = out + digits if digits else out.removesuffix(".")
        else:
            out += _WRITERS[one.text](moment, one.length)
    return out


def _fraction(moment: Moment, length: int) -> str:
    return f"{moment.time % SECOND:07d}"[:length]


def _number(value: int, length: int) -> str:
    return f"{value:0{min(length, 2)}d}"


def _day(moment: Moment, length: int) -> str:
    if length <= 2:
        return _number(moment.date.day, length)
    name = WEEKDAYS[moment.weekday]
    return name[:3] if length == 3 else name


def _month(moment: Moment, length: int) -> str:
    if length <= 2:
        return _number(moment.date.month, length)
    name = MONTHS[moment.date.month - 1]
    return name[:3] if length == 3 else name


def _year(moment: Moment, length: int) -> str:
    year = moment.date.year
    return f"{year % 100 if length <= 2 else year:0{length}d}"


def _half(moment: Moment, length: int) -> str:
    return ("AM" if moment.time < 12 * HOUR else "PM")[: min(length, 2)]


_WRITERS: dict[str, Callable[[Moment, int], str]] = {
    "d": _day,
    "M": _month,
    "y": _year,
    "h": lambda moment, length: _number(moment.time // HOUR % 12 or 12, length),
    "H": lambda moment, length: _number(moment.time // HOUR, length),
    "m": lambda moment, length: _number(moment.time // MINUTE % 60, length),
    "s": lambda moment, length: _number(moment.time // SECOND % 60, length),
    "f": _fraction,
    "t": _half,
    "z": lambda _moment, length: ("+0", "+00", "+00:00")[min(length, 3) - 1],
    "g": lambda _moment, _length: _ERA[0],
}


# --- reading ------------------------------------------------------------------------------------


class _Reader:
    """One value being read by one format."""

    def __init__(self, value: str, tokens: tuple[Token, ...], styles: Styles) -> None:
        self.value = value
        self.tokens = tokens
        self.inner_white = Styles.ALLOW_INNER_WHITE in styles
        self.at = 0
        self.parts = Parts()
        self.twelve_hours = False

    def read(self) -> None:
        """Take the value apart. Raises `Unreadable`."""
        position = 0
        while position < len(self.tokens):
            if self.inner_white:
                self._skip_white()
            position += self._take(position)
        if self.inner_white:
            self._skip_white()
        if self.at < len(self.value):
            raise Unreadable

    def _take(self, position: int) -> int:
        """Read one token; returns how many tokens that settled."""
        one = self.tokens[position]
        if one.length:
            self._field(one.text, one.length)
            return 1
        if one.quoted:
            self._literal(one.text)
            return 1
        match one.text:
            case "Z":
                if not (self._found("Z") or self._found("GMT")):
                    raise Unreadable
                self.parts.put("offset", 0)
            case "K":
                self._zone_if_any()
            case " " if self.inner_white:
                pass
            case "." if not self._found("."):
                # A point may be missing together with the F behind it.
                following = self.tokens[position + 1 : position + 2]
                if not following or following[0].text != "F" or not following[0].length:
                    raise Unreadable
                return 2
            case ".":
                pass
            case "G" if self._spells_gmt(position):
                self._literal("GMT")
                self.parts.put("offset", 0)
                return 3
            case literal:
                self._literal(literal)
        return 1

    def _spells_gmt(self, position: int) -> bool:
        rest = self.tokens[position + 1 : position + 3]
        return [(one.text, one.length) for one in rest] == [("M", 1), ("T", 0)]

    def _field(self, letter: str, length: int) -> None:
        match letter:
            case "y":
                year = self._digits(length, 2 if length == 1 else length)
                self.parts.put("year", four_digits(year) if length <= 2 else year)
            case "M" if length > 2:
                self.parts.put("month", self._name(MONTHS, length) + 1)
            case "d" if length > 2:
                self.parts.put("weekday", self._name(WEEKDAYS, length))
            case "f" | "F":
                self._fraction(length, needed=letter == "f")
            case "t":
                self._half_of_day(length)
            case "z":
                self._offset(length)
            case "g":
                if not any(self._found(name) for name in _ERA):
                    raise Unreadable
            case _:
                self.twelve_hours |= letter == "h"
                self.parts.put(_NUMBERS[letter], self._digits(min(length, 2), 2))

    def _skip_white(self) -> None:
        while self.at < len(self.value) and self.value[self.at].isspace():
            self.at += 1

    def _found(self, text: str) -> bool:
        """Step over `text` if it stands here; capitals do not matter for names."""
        if self.value[self.at : self.at + len(text)].upper() != text.upper():
            return False
        self.at += len(text)
        return True

    def _literal(self, text: str) -> None:
        if not self.value.startswith(text, self.at):
            raise Unreadable
        self.at += len(text)

    def _run(self, most: int) -> str:
        start = self.at
        while self.at < len(self.value) and self.at - start < most:
            if self.value[self.at] not in "0123456789":
                break
            self.at += 1
        return self.value[start : self.at]

    def _digits(self, least: int, most: int) -> int:
        digits = self._run(most)
        if len(digits) < least:
            raise Unreadable
        return int(digits)

    def _fraction(self, length: int, *, needed: bool) -> None:
        digits = self._run(length)
        if needed and len(digits) < length:
            raise Unreadable
        self.parts.put("fraction", int((digits or "0").ljust(FINEST, "0")))

    def _name(self, names: tuple[str, ...], length: int) -> int:
        for index, name in enumerate(names):
            if self._found(name[:3] if length == 3 else name):
                return index
        raise Unreadable

    def _half_of_day(self, length: int) -> None:
        for name, afternoon in (("AM", False), ("PM", True)):
            if self._found(name[: min(length, 2)]):
                self.parts.put("afternoon", afternoon)
                return
        raise Unreadable

    def _zone_if_any(self) -> None:
        if self._found("Z"):
            self.parts.put("offset", 0)
        elif self.value[self.at : self.at + 1] in ("+", "-"):
            self._offset(3)

    def _offset(self, length: int) -> None:
        sign = self.value[self.at : self.at + 1]
        if sign not in ("+", "-"):
            raise Unreadable
        self.at += 1
        hours, minutes = self._digits(min(length, 2), 2), 0
        if length > 2:
            self._found(":")
            minutes = self._digits(2, 2)
        if minutes > 59:
            raise Unreadable
        offset = hours * HOUR + minutes * MINUTE
        self.parts.put("offset", -offset if sign == "-" else offset)


_NUMBERS = {"M": "month", "d": "day", "h": "hour", "H": "hour", "m": "minute", "s": "second"}


def parse_date(
    value: str, tokens: tuple[Token, ...], styles: Styles, now: Moment
) -> tuple[Moment, bool]:
    """The moment, and whether the text named its zone. Raises `Unreadable`.

    What the format leaves out of the date is today's, or the first of year 1 with
    NoCurrentDateDefault. Our machine's zone is UTC, so assuming a zone changes nothing.
    """
    if Styles.ALLOW_LEADING_WHITE in styles:
        value, tokens = value.lstrip(), _without_blank(tokens, 0)
    if Styles.ALLOW_TRAILING_WHITE in styles:
        value, tokens = value.rstrip(), _without_blank(tokens, -1)
    if not value:
        raise Unreadable
    reader = _Reader(value, tokens, styles)
    reader.read()
    today = now.date
    if Styles.NO_CURRENT_DATE_DEFAULT in styles:
        today = today.min
    moment = reader.parts.moment(today, twelve_hours=reader.twelve_hours)
    universal = Styles.ADJUST_TO_UNIVERSAL | Styles.ASSUME_UNIVERSAL
    return moment, reader.parts.offset is not None or bool(styles & universal)


def _without_blank(tokens: tuple[Token, ...], end: int) -> tuple[Token, ...]:
    """White space at this end of a format goes the way of the value's."""
    while tokens and not tokens[end].length and tokens[end].text.isspace():
        tokens = tokens[1:] if end == 0 else tokens[:-1]
    return tokens
