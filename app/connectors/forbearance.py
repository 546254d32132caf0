"""Telling one entry that a service stumbles over from a service that is down."""

from __future__ import annotations

from app.domain.errors import ServiceError

_FAULTS_OF_ONE = 2
"""Changes in a row that may fail, with 5xx or no answer, before the service counts as down."""


class Forbearance:
    """Counts the changes in a row, to people and groups, that failed until patience ended."""

    def __init__(self) -> None:
        self._faults = 0

    def failed(self, fault: ServiceError) -> None:
        """One more of them; raises it when there are too many."""
        self._faults += 1
        if self._faults > _FAULTS_OF_ONE:
            raise fault

    def answered(self) -> None:
        """The service answered a change, whatever it said."""
        self._faults = 0
