"""Asking once a day when the credential at Microsoft ends; never worth a failed cycle."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.errors import ConfigurationError, ServiceError
from app.domain.ports import Journal, Source

EVERY = timedelta(days=1)


async def look(source: Source, journal: Journal, now: datetime) -> None:
    """Ask and keep the answer, unless that was done lately. Raises `Stopped` alone."""
    asked = journal.credential_read_at()
    if asked is not None and asked <= now < asked + EVERY:
        return
    try:
        credential = await source.fetch_credential()
    except (ServiceError, ConfigurationError):
        return
    journal.keep_credential(credential, now)
