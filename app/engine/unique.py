"""Values that only one account may have (spec/expressions.md 3, SelectUniqueValue)."""

from __future__ import annotations

from app.domain.plan import Work
from app.domain.ports import Mirror


class UniqueValues:
    """Who has which value: accounts of the target, and people who get one in this cycle."""

    def __init__(self, mirror: Mirror, attributes: tuple[str, ...]) -> None:
        self._mirror = mirror
        self._attributes = attributes
        self._given: dict[tuple[str, str], str] = {}

    def taken(self, person_id: str, attribute: str, value: str) -> bool:
        """Does somebody other than this person have it? Capitals do not matter."""
        owner = self._given.get((attribute, value.casefold()))
        if owner is not None:
            return owner != person_id
        return bool(self._mirror.accounts_with(attribute, [value]))

    def give(self, work: Work) -> None:
        """Keep the values of a planned creation from everybody else."""
        if work.draft is None:
            return
        for attribute in self._attributes:
            value = work.draft.attributes.get(attribute)
            if isinstance(value, str):
                self._given[attribute, value.casefold()] = work.person_id
