"""Numbers, times and durations as the language writes them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime


def number(value: int) -> str:
    """12,444 or 12 444."""
    return QLocale().toString(value)


def decimal(value: float) -> str:
    """12.5 or 12,5; whole numbers without a point."""
    return QLocale().toString(value, "g", 6)


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if text.endswith((".", "…", "!", "?")) else f"{text}."


def clock_time(at: datetime) -> str:
    """14:20, in the machine's time zone."""
    local = at.astimezone()
    return f"{local:%H:%M}"


def near_time(at: datetime, now: datetime) -> str:
    """At 05:37, tomorrow at 05:37, or on 3 November at 05:37."""
    days = (at.astimezone().date() - now.astimezone().date()).days
    time = clock_time(at)
    if days <= 0:
        return QCoreApplication.translate("Wording", "at {time}").format(time=time)
    if days == 1:
        return QCoreApplication.translate("Wording", "tomorrow at {time}").format(time=time)
    later = QCoreApplication.translate("Wording", "on {day} at {time}")
    return later.format(day=day_and_month(at), time=time)


def date(at: datetime) -> str:
    """17 December 2026."""
    local = at.astimezone()
    day = QDate(local.year, local.month, local.day)
    return QLocale().toString(day, QLocale.FormatType.LongFormat)


def day_and_month(at: datetime) -> str:
    """3 November."""
    local = at.astimezone()
    month = QLocale().monthName(local.month)
    return QCoreApplication.translate("Wording", "{day} {month}").format(day=local.day, month=month)


def date_and_time(at: datetime) -> str:
    """24 Nov 2026 14:31:07.842."""
    local = at.astimezone()
    month = QLocale().monthName(local.month, QLocale.FormatType.ShortFormat)
    milliseconds = local.microsecond // 1000
    return f"{local.day} {month} {local.year} {local:%H:%M:%S}.{milliseconds:03d}"


def countdown(seconds: float) -> str:
    """12:40, or 1:02:03 from an hour on; never negative."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{secs:02d}"
    return QTime(0, minutes, secs).toString("mm:ss")


def took(seconds: float) -> str:
    """6 s, 2 min 5 s, 1 h 3 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        if seconds < 1:
            return QCoreApplication.translate("Wording", "under 1 s")
        return QCoreApplication.translate("Wording", "{seconds} s").format(seconds=whole)
    minutes, secs = divmod(whole, 60)
    if minutes < 60:
        return QCoreApplication.translate("Wording", "{minutes} min {seconds} s").format(
            minutes=minutes, seconds=secs
        )
    hours, minutes = divmod(minutes, 60)
    return QCoreApplication.translate("Wording", "{hours} h {minutes} min").format(
        hours=hours, minutes=minutes
    )


def time_left(seconds: float) -> str:
    """About 30 seconds left: rounded, so that it does not count down."""
    if seconds < 8:
        return QCoreApplication.translate("Wording", "A few seconds left")
    if seconds < 55:
        rounded = max(10, round(seconds / 10) * 10)
        text = QCoreApplication.translate("Wording", "About {seconds} seconds left")
        return text.format(seconds=rounded)
    minutes = max(1, round(seconds / 60))
    if minutes == 1:
        return QCoreApplication.translate("Wording", "About a minute left")
    if minutes < 90:
        text = QCoreApplication.translate("Wording", "About {minutes} minutes left")
        return text.format(minutes=number(minutes))
    hours = max(2, round(minutes / 60))
    text = QCoreApplication.translate("Wording", "About {hours} hours left")
    return text.format(hours=number(hours))
