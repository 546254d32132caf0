"""Import: the directory into the mirror, page by page (architecture: a cycle, step 1).

Nothing is removed because something could not be read: an error leaves the watermark where it
was, and a full read that comes back empty where people were known is not believed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.errors import DeltaExpired, Stopped
from app.domain.people import Application, PersonChange
from app.domain.plan import KnownFacts, ReadCounts, Stream, Watermarks
from app.domain.ports import Mirror, Source, StopSignal

LOOKUP = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What the import found. `empty` names the streams that came back empty and were not before."""

    application: Application
    people_link: str | None
    groups_link: str | None
    empty: tuple[Stream, ...] = ()


class Importer:
    """Reads one side into the mirror; `on_read` hears how many people were read so far."""

    def __init__(
        self, source: Source, mirror: Mirror, stop: StopSignal, on_read: Callable[[int], None]
    ) -> None:
        self._source = source
        self._mirror = mirror
        self._stop = stop
        self._on_read = on_read

    async def run(self, watermarks: Watermarks) -> Imported:
        """Application, groups, people and assignments, in this order.

        Assignments last: whoever they name has then usually been read.
        """
        application = await self._source.fetch_application()
        self._mirror.keep_facts(KnownFacts(application=application))
        groups_link, no_groups = await self._groups(watermarks.groups)
        people_link, no_people = await self._people(watermarks.people)
        no_assignments = await self._assignments()
        await self._unread()
        suspects = (
            (Stream.GROUPS, no_groups),
            (Stream.PEOPLE, no_people),
            (Stream.ASSIGNMENTS, no_assignments),
        )
        return Imported(
            application,
            people_link,
            groups_link,
            tuple(stream for stream, suspect in suspects if suspect),
        )

    async def _groups(self, link: str | None) -> tuple[str | None, bool]:
        try:
            return await self._read_groups(link)
        except DeltaExpired:
            return await self._read_groups(None)

    async def _read_groups(self, link: str | None) -> tuple[str | None, bool]:
        generation = None if link else self._mirror.begin_read(Stream.GROUPS)
        resume: str | None = None
        async for page in self._source.fetch_groups(link):
            self._check_stop()
            self._mirror.merge_groups(page.changes, generation)
            resume = page.delta_link
        if generation is None:
            return resume, False
        return resume, _came_back_empty(self._mirror.finish_groups(generation))

    async def _people(self, link: str | None) -> tuple[str | None, bool]:
        try:
            return await self._read_people(link)
        except DeltaExpired:
            return await self._read_people(None)

    async def _read_people(self, link: str | None) -> tuple[str | None, bool]:
        generation = None if link else self._mirror.begin_read(Stream.PEOPLE)
        resume: str | None = None
        read = 0
        async for page in self._source.fetch_people(link):
            self._check_stop()
            self._mirror.merge_people(page.changes, generation)
            resume = page.delta_link
            read += len(page.changes)
            self._on_read(read)
        if generation is None:
            return resume, False
        if _came_back_empty(self._mirror.finish_people(generation)):
            return resume, True
        await self._settle_missing(generation)
        return resume, False

    async def _settle_missing(self, generation: int) -> None:
        """People a full read did not list: recycle bin or gone (spec/graph.md 5.4)."""
        while missing := self._mirror.missing_people(generation, LOOKUP):
            self._check_stop()
            self._mirror.set_presence(await self._source.fetch_presence(missing), generation)
        self._mirror.drop_missing(generation)

    async def _assignments(self) -> bool:
        generation = self._mirror.begin_read(Stream.ASSIGNMENTS)
        async for page in self._source.fetch_assignments():
            self._check_stop()
            self._mirror.merge_assignments(page, generation)
        return _came_back_empty(self._mirror.finish_assignments(generation))

    async def _unread(self) -> None:
        """Assigned people the delta did not bring (yet): ask for them by id, once."""
        unread = self._mirror.unread_people(LOOKUP)
        if unread:
            people = await self._source.fetch_people_by_id(unread)
            self._mirror.merge_people(
                [PersonChange(one.id, one.attributes, one.presence) for one in people], None
            )

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise Stopped


def _came_back_empty(counts: ReadCounts) -> bool:
    return counts.found == 0 and counts.before > 0
