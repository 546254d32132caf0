"""What a first contact with a service shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CLOCK_MAY_DIFFER = 300.0
"""Seconds; tokens and certificates are refused by clocks that are further apart."""


class Stage(StrEnum):
    """How far a contact got before it failed."""

    NAME = "name"
    """The name was not resolved."""
    CONNECTION = "connection"
    """Refused, no answer, broken off, or the proxy would not."""
    TLS = "tls"
    """Connected, but no secure connection came of it."""


@dataclass(frozen=True, slots=True)
class Reached:
    """One host that answered something."""

    host: str
    seconds: float
    """Until the answer: name, connection and TLS included."""
    address: str | None = None
    """Where the name led; the proxy's address where there is one."""
    tls: str | None = None
    """Protocol version, "TLSv1.3"; None without TLS."""
    skew: float | None = None
    """Seconds this computer's clock is ahead of the service's; None when it said no time."""
    proxy: str | None = None
    """Host of the proxy on the way."""

    @property
    def clock_is_wrong(self) -> bool:
        """The two clocks are too far apart."""
        return self.skew is not None and abs(self.skew) > CLOCK_MAY_DIFFER
