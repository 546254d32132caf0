"""What of a profile decides about everybody: a change starts a new initial cycle (5.4)."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace

from app.domain.settings import (
    HistorySettings,
    NetworkSettings,
    NotificationSettings,
    Profile,
    SafetySettings,
)

ANY = "any"


def fingerprint(profile: Profile) -> str:
    """Changes when mappings, filters, scope or licences do, or one of the two sides."""
    deciding = replace(
        profile,
        name=ANY,
        source=replace(profile.source, login_url=ANY, network=NetworkSettings()),
        target=replace(
            profile.target, token_url=None, requests_per_second=1.0, network=NetworkSettings()
        ),
        safety=SafetySettings(),
        notification=NotificationSettings(),
        history=HistorySettings(),
        interval_minutes=1.0,
        enabled=True,
    )
    said = asdict(deciding)
    # What is done about changes by hand says nothing of what accounts should be.
    del said["drift"]
    return hashlib.sha256(_steady(said).encode()).hexdigest()


def target_identity(profile: Profile) -> str:
    """Whose accounts they are: what is known of one target means nothing at another."""
    target = profile.target
    return "|".join((target.kind, target.url.lower(), target.account_key or ""))


def _steady(value: object) -> str:
    """The same text for equal values: sets and objects in order."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{_steady(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, frozenset | set):
        return "(" + ",".join(sorted(map(_steady, value))) + ")"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_steady, value)) + "]"
    return repr(value)
