"""What became of the groups: records, links and failures, kept and told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from app.domain.activity import ActivityRecord, Initiator, PlannedAction
from app.domain.errors import EntryError, Stopped
from app.domain.groups import DirectoryGroup, GroupLink, GroupSettled, GroupWaiting
from app.domain.ports import Clock, EventSink, StopSignal, Store
from app.engine import group_sayings as sayings
from app.engine import retry
from app.engine.hiding import Secrets
from app.engine.records import record_of


class GroupDesk:
    """Keeps what was done to the groups of one cycle, and lets it be stopped between two."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        sink: EventSink,
        stop: StopSignal,
        cycle: str,
        initiator: Initiator = Initiator.SYSTEM,
    ) -> None:
        self.book = store.groups
        self.clock = clock
        self._journal = store.journal
        self._sink = sink
        self._stop = stop
        self._cycle = cycle
        self._initiator = initiator

    async def breathe(self) -> None:
        """Let the loop run between groups, and end here when asked to stop."""
        await asyncio.sleep(0)
        if self._stop.is_set():
            raise Stopped

    def waiting(self) -> Mapping[str, GroupWaiting]:
        """Groups that failed or were left alone, by id."""
        return self.book.waiting(self.clock.now())

    def done(
        self,
        planned: PlannedAction,
        *,
        link: GroupLink | None = None,
        forget: bool = False,
        fingerprint: str | None = None,
    ) -> None:
        """It worked out, or the group is left alone until its fingerprint is another."""
        record = self._record(planned)
        self.settle(
            GroupSettled(
                planned.source.id, record, link=link, forget=forget, fingerprint=fingerprint
            )
        )

    def failed(
        self,
        planned: PlannedAction,
        error: EntryError,
        fingerprint: str,
        *,
        secrets: Secrets | None = None,
    ) -> None:
        """One group failed: it waits in escrow under its id. `secrets` are not told."""
        now, group_id = self.clock.now(), planned.source.id
        if secrets is not None:
            error = secrets.failure(error)
        entry = retry.escrow(group_id, error, self._journal.escrow_of(group_id), now)
        record = replace(self._record(sayings.failed(planned, error)), request_id=error.request_id)
        self.settle(GroupSettled(group_id, record, escrow=entry, fingerprint=fingerprint))

    def rest(self, planned: PlannedAction, fingerprint: str, before: GroupWaiting | None) -> None:
        """Say once that a group is left alone."""
        if before is None or before.fingerprint != fingerprint:
            self.done(planned, fingerprint=fingerprint)

    def failed_early(
        self,
        group: DirectoryGroup,
        error: EntryError,
        before: GroupWaiting | None,
        secrets: Secrets,
    ) -> None:
        """Nothing can be asked of the target for this group; said when it is new or due."""
        fingerprint = f"!{error.code}"
        if before is None or before.fingerprint != fingerprint or before.due:
            planned = secrets.planned(sayings.creating(group, group.name, ()))
            self.failed(planned, error, fingerprint, secrets=secrets)

    def note(self, planned: PlannedAction) -> None:
        """Nothing was done, and whatever waits for this group goes on waiting."""
        record = self._record(planned)
        self._journal.record([record])
        self._sink.record(record)

    def settle(self, result: GroupSettled) -> None:
        """Keep what became of one group, and tell it."""
        self.book.settle([result], self.clock.now())
        if result.record is not None:
            self._sink.record(result.record)

    def _record(self, planned: PlannedAction) -> ActivityRecord:
        return record_of(planned, self.clock.now(), self._cycle, initiator=self._initiator)
