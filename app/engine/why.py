"""Why: one person's scope, account and future, without writing (spec/provisioning.md 11)."""

from __future__ import annotations

import uuid
from dataclasses import replace

from app.domain.errors import RollcallError
from app.domain.explanation import Explanation
from app.domain.ports import Store
from app.domain.settings import Profile
from app.engine.cases import Schedule
from app.engine.choosing import Chosen, find_person
from app.engine.cycle import World
from app.engine.explaining import explain
from app.engine.looking import Looker


class Why:
    """One question about a profile. The store is one that is thrown away."""

    def __init__(self, profile: Profile, world: World, schedule: Schedule) -> None:
        self._store = world.store
        self._looker = Looker(profile, world, schedule, str(uuid.uuid4()))

    async def explain(self, name: str) -> Explanation:
        """Ask both sides; raises the world's errors and `ConfigurationError`."""
        # Known people come into an excerpt before the import, which then sees what concerns them.
        self._store.people_called(name)
        looked = await self._looker.look(lambda store: _one(store, name))
        (one,) = looked.chosen.people
        foreign = await self._looker.foreign(looked, one)
        return explain(self._looker.case(looked, one, foreign))

    async def explain_offline(self, name: str, trouble: RollcallError) -> Explanation:
        """From what the last cycle knew, when a service cannot be asked now.

        Raises `trouble` when no cycle ever got far enough.
        """
        looked = await self._looker.look_back(lambda store: _one(store, name), trouble)
        (one,) = looked.chosen.people
        as_of = self._store.mirror.watermarks().at
        return explain(replace(self._looker.case(looked, one, None), as_of=as_of))


def _one(store: Store, name: str) -> Chosen:
    return Chosen((find_person(store, name).id,))
