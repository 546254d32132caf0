"""The first three checks of a side, out of one contact: names, connection and clock, TLS."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from app.domain.activity import Status
from app.domain.errors import ServiceError, Unreachable
from app.domain.network import Reached, Stage
from app.domain.texts import Text, TextValue
from app.setup.checks import Finding


@dataclass(slots=True)
class Contact:
    """Asks the hosts once; each check tells the part of it that it is about.

    A failure belongs to the check of the stage it got to; the ones before it have passed.
    """

    reach: Callable[[], Awaitable[Sequence[Reached]]]
    _reached: Sequence[Reached] = field(default=())
    _failed: ServiceError | None = None

    async def names(self) -> Finding:
        """Every name leads somewhere. Raises what is not about reaching anybody."""
        try:
            self._reached = await self.reach()
        except ServiceError as error:
            if _stage(error) is Stage.NAME:
                raise
            self._failed = error
            return Finding(Text("The names were found"))
        by_proxy = next((one.proxy for one in self._reached if one.proxy), None)
        if by_proxy is not None:
            return Finding(Text("The proxy {proxy} finds the names", {"proxy": by_proxy}))
        places = dict.fromkeys(
            f"{one.host} → {one.address}" if one.address else one.host for one in self._reached
        )
        return Finding(Text("{hosts}", {"hosts": ", ".join(places)}))

    async def connection(self) -> Finding:
        """All hosts answered something; a clock that is wrong is said before tokens fail for it."""
        if self._failed is not None:
            if _stage(self._failed) is not Stage.TLS:
                raise self._failed
            return Finding(Text("The connection was accepted"))
        details = {
            one.host: ", ".join(part for part in (one.address, one.tls) if part)
            for one in self._reached
        }
        wrong = next((one for one in self._reached if one.clock_is_wrong), None)
        if wrong is not None and wrong.skew is not None:
            return _clock(wrong.host, wrong.skew, details)
        hosts = list(dict.fromkeys(one.host for one in self._reached))
        spent = max(1, round(sum(one.seconds for one in self._reached) * 1000))
        fact = Text("{host} answered in {ms} ms", {"host": ", ".join(hosts), "ms": spent})
        return Finding(fact, details=details)

    async def tls(self) -> Finding:
        """The certificates are trusted."""
        if self._failed is not None:
            raise self._failed
        details = {one.host: one.tls for one in self._reached if one.tls}
        if not details:
            return Finding(Text("Not used on this computer itself"))
        versions = ", ".join(dict.fromkeys(details.values()))
        fact = Text("{versions}, certificates trusted", {"versions": versions})
        return Finding(fact, details=details)


def _stage(error: ServiceError) -> Stage:
    return error.stage if isinstance(error, Unreachable) else Stage.CONNECTION


def _clock(host: str, skew: float, details: dict[str, str]) -> Finding:
    values: dict[str, TextValue] = {"host": host, "n": round(abs(skew) / 60)}
    ahead = Text(
        "This computer's clock is {n} minute ahead of {host}",
        values,
        plural="This computer's clock is {n} minutes ahead of {host}",
    )
    behind = Text(
        "This computer's clock is {n} minute behind {host}",
        values,
        plural="This computer's clock is {n} minutes behind {host}",
    )
    return Finding(
        ahead if skew > 0 else behind,
        Status.WARNING,
        Text("Set date, time and time zone of this computer; sign-ins fail without it."),
        details,
    )
