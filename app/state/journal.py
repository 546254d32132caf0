"""What was begun and what was done: intents, outcomes, links, cycles, provisioning log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    delete,
    func,
    literal,
    select,
    true,
    union,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from app.domain.activity import (
    ActivityRecord,
    Counts,
    CycleOutcome,
    CycleSummary,
    IdentityType,
    Status,
)
from app.domain.notices import Credential, Standing
from app.domain.plan import (
    TOO_MANY_DELETES,
    Escrow,
    IntentAfter,
    Quarantine,
    Settled,
    Stream,
    Watermarks,
    Work,
)
from app.domain.texts import Text
from app.state import codec, drift, log_book, notices
from app.state.facts import ASSIGNMENTS_GONE, read_fact, write_fact
from app.state.links import keep_reasons, write_links
from app.state.mirror import chunks, put_written
from app.state.references import mark_relinked
from app.state.schema import (
    TO_EVALUATE,
    account,
    cycle,
    escrow,
    group_attempt,
    held,
    intent,
    link,
    parked,
    person,
    planned,
    reference_attempt,
    watermark,
)

PORTION = 2_000
"""Records removed in one transaction: readers and the next write wait no longer than for that."""


class SqlJournal:
    """`domain.ports.Journal` on SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def start_cycle(self, summary: CycleSummary) -> None:
        """Begin a cycle; one that never ended was cut off and is closed as failed."""
        with self._engine.begin() as connection:
            for row in connection.execute(select(cycle).where(cycle.c.ended_at.is_(None))):
                _write_cycle(connection, _cut_off(connection, row.payload))
            _write_cycle(connection, summary)

    def finish_cycle(
        self,
        summary: CycleSummary,
        watermarks: Watermarks | None,
        quarantine: Quarantine | None = None,
        configuration: str = "",
    ) -> None:
        """Close the cycle; the watermarks move in the same transaction, last of all."""
        with self._engine.begin() as connection:
            _write_cycle(connection, summary)
            said = codec.QUARANTINE.dump_json(quarantine).decode() if quarantine else None
            write_fact(connection, QUARANTINE, said)
            if summary.outcome in (CycleOutcome.SUCCEEDED, CycleOutcome.HELD):
                write_fact(connection, ASSIGNMENTS_GONE, None)
            if watermarks is None or watermarks.at is None:
                return
            write_fact(connection, CONFIGURATION, configuration)
            for stream, resume in (
                (Stream.PEOPLE, watermarks.people),
                (Stream.GROUPS, watermarks.groups),
            ):
                new = insert(watermark).values(
                    stream=stream, link=resume, at=codec.stamp(watermarks.at)
                )
                connection.execute(
                    new.on_conflict_do_update(
                        index_elements=["stream"],
                        set_={"link": new.excluded.link, "at": new.excluded.at},
                    )
                )

    def quarantine(self) -> Quarantine | None:
        """Whether the job is unhealthy."""
        with self._engine.connect() as connection:
            return read_quarantine(connection)

    def configuration(self) -> str:
        """The configuration the watermark was read under."""
        with self._engine.connect() as connection:
            return read_fact(connection, CONFIGURATION) or ""

    def prune_escrows(self) -> None:
        """Give up all retries; who failed stays known, so that nobody tries by themselves."""
        with self._engine.begin() as connection:
            for table in (escrow, reference_attempt):
                payload = func.json_set(table.c.payload, "$.given_up", func.json("true"))
                connection.execute(
                    update(table)
                    .where(table.c.next_try_at.is_not(None))
                    .values(payload=payload, next_try_at=NEVER)
                )

    def retry(self, person_ids: Sequence[str] | None, *, forget_link: bool = False) -> int:
        """Make people and groups due in the next cycle and let their failures count anew."""
        refused = reference_attempt.c.next_try_at.is_not(None)
        failed = union(
            select(escrow.c.person_id), select(reference_attempt.c.person_id).where(refused)
        )
        with self._engine.begin() as connection:
            chosen = list(connection.scalars(failed)) if person_ids is None else list(person_ids)
            for chunk in chunks(chosen):
                if forget_link:
                    connection.execute(delete(link).where(link.c.person_id.in_(chunk)))
                    mark_relinked(connection, chunk)
                connection.execute(delete(escrow).where(escrow.c.person_id.in_(chunk)))
                connection.execute(delete(group_attempt).where(group_attempt.c.group_id.in_(chunk)))
                connection.execute(
                    delete(reference_attempt).where(
                        refused, reference_attempt.c.person_id.in_(chunk)
                    )
                )
                connection.execute(
                    update(person).where(person.c.id.in_(chunk)).values(dirty=TO_EVALUATE, refers=1)
                )
        return len(chosen)

    def counts(self, cycle_id: str, kind: IdentityType = IdentityType.USER) -> Counts:
        """Counts of a cycle from its log records."""
        with self._engine.connect() as connection:
            return log_book.counts_of(connection, cycle_id, kind)

    def people_written(self, cycle_id: str) -> int:
        """How many people's accounts a cycle has made, taken over, changed or enabled so far."""
        with self._engine.connect() as connection:
            return log_book.people_written(connection, cycle_id)

    def intend(self, works: Sequence[Work], cycle: str, now: datetime) -> None:
        """Write down what is about to be asked of the target."""
        rows = [
            {
                "person_id": work.person_id,
                "cycle_id": cycle,
                "action": work.planned.action,
                "match_value": _match(work),
                "at": codec.stamp(now),
                "confirmed": False,
            }
            for work in works
        ]
        if rows:
            with self._engine.begin() as connection:
                for chunk in chunks([work.person_id for work in works]):
                    keep_reasons(connection, planned.c.person_id.in_(chunk))
                connection.execute(insert(intent).prefix_with("OR REPLACE"), rows)

    def settle(self, results: Sequence[Settled], cycle: str, now: datetime) -> None:
        """Outcome, link, account, escrow and log record of each, in one transaction."""
        if not results:
            return
        with self._engine.begin() as connection:
            people = [result.work.person_id for result in results]
            failed = [one.work.person_id for one in results if one.escrow]
            for chunk in chunks(failed):
                keep_reasons(connection, planned.c.person_id.in_(chunk))
            for chunk in chunks(people):
                connection.execute(update(person).where(person.c.id.in_(chunk)).values(dirty=0))
                for table in (planned, escrow, held):
                    connection.execute(delete(table).where(table.c.person_id.in_(chunk)))
            passing = [one.work.person_id for one in results if one.work.passes_to]
            for chunk in chunks(passing):
                still_due = update(person).where(person.c.id.in_(chunk))
                connection.execute(still_due.values(dirty=TO_EVALUATE))
            _write_intents(connection, results)
            acted = [result for result in results if result.record.status is not Status.SKIPPED]
            for chunk in chunks([result.work.person_id for result in acted]):
                connection.execute(delete(parked).where(parked.c.person_id.in_(chunk)))
            for seen, mark in ((True, cycle), (False, "")):
                # What was only confirmed does not count as read.
                accounts = [
                    (one.account, one.expected)
                    for one in results
                    if one.account and (one.intent is IntentAfter.DONE) is seen
                ]
                put_written(connection, accounts, mark)
            gone = [one.gone for one in results if one.gone]
            connection.execute(delete(account).where(account.c.key.in_(gone)))
            write_links(connection, results, now)
            drift.settle(connection, results)
            write_escrows(connection, [one.escrow for one in results if one.escrow])
            log_book.write(connection, [result.record for result in results])

    def record(self, records: Sequence[ActivityRecord]) -> None:
        """Log records that change nothing else."""
        with self._engine.begin() as connection:
            log_book.write(connection, records)

    def prune(self, before: datetime, most: int) -> int:
        """Remove records older than `before`, up to `most`; in small transactions, oldest first."""
        removed = 0
        while removed < most:
            with self._engine.begin() as connection:
                portion = log_book.prune(connection, before, min(PORTION, most - removed))
            removed += portion
            if portion < PORTION:
                break
        return removed

    def keep_standings(self, standings: Sequence[Standing]) -> None:
        """What is wrong now and who was told; replaces what was kept."""
        with self._engine.begin() as connection:
            notices.keep(connection, standings)

    def mail_failed(self, error: Text | None, now: datetime) -> None:
        """Why the last notification could not be sent; None when it was accepted."""
        with self._engine.begin() as connection:
            notices.keep_mail_error(connection, error, now)

    def credential_read_at(self) -> datetime | None:
        """When the end of the credential was last asked for."""
        with self._engine.connect() as connection:
            return notices.read_at(connection)

    def keep_credential(self, credential: Credential, now: datetime) -> None:
        """What Microsoft said about the credential."""
        with self._engine.begin() as connection:
            notices.keep_credential(connection, credential, now)

    def escrow_of(self, person_id: str) -> Escrow | None:
        """The failure that waits for a retry."""
        with self._engine.connect() as connection:
            payload = connection.scalar(
                select(escrow.c.payload).where(escrow.c.person_id == person_id)
            )
        return codec.ESCROW.validate_json(payload) if payload else None

    def release(self) -> int:
        """Let the held and the kept removals through at the next cycle."""
        kept = select(parked.c.person_id)
        with self._engine.begin() as connection:
            connection.execute(update(held).values(released=True))
            released = insert(held).from_select(
                ["person_id", "since", "because", "released", "fingerprint", "payload"],
                select(
                    parked.c.person_id,
                    parked.c.at,
                    parked.c.code,
                    literal(True),
                    parked.c.fingerprint,
                    literal(""),
                ).where(true()),
            )
            connection.execute(released.on_conflict_do_nothing())
            connection.execute(
                update(person).where(person.c.id.in_(kept)).values(dirty=TO_EVALUATE)
            )
            connection.execute(delete(parked))
            _decided(connection)
            return _count(connection, select(func.count()).select_from(held))

    def keep(self, now: datetime) -> int:
        """Park the held removals: kept until their source changes again or a release."""
        with self._engine.begin() as connection:
            rows = [
                {
                    "person_id": row.person_id,
                    "code": "Kept",
                    "at": codec.stamp(now),
                    "fingerprint": row.fingerprint,
                }
                for row in connection.execute(select(held))
            ]
            if rows:
                connection.execute(insert(parked).prefix_with("OR REPLACE"), rows)
            connection.execute(delete(held))
            _decided(connection)
        return len(rows)


def _match(work: Work) -> str:
    if work.draft:
        return work.draft.match
    return work.update.match if work.update else ""


def _write_cycle(connection: Connection, summary: CycleSummary) -> None:
    values = {
        "started_at": codec.stamp(summary.started_at),
        "ended_at": codec.stamp(summary.ended_at) if summary.ended_at else None,
        "outcome": summary.outcome,
        "duration_s": summary.duration_s,
        "payload": codec.CYCLE.dump_json(summary).decode(),
    }
    connection.execute(
        insert(cycle)
        .values(id=summary.id, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values)
    )


def _cut_off(connection: Connection, payload: str) -> CycleSummary:
    summary = codec.CYCLE.validate_json(payload)
    return replace(
        summary,
        ended_at=log_book.last_of(connection, summary.id) or summary.started_at,
        outcome=CycleOutcome.FAILED,
        counts=log_book.counts_of(connection, summary.id),
        error=Text("The program ended in the middle of this cycle"),
        advice=Text("Nothing to do: the next cycle checked what was under way and went on."),
        error_code="CutOff",
    )


def _write_intents(connection: Connection, results: Sequence[Settled]) -> None:
    people: dict[IntentAfter, list[str]] = defaultdict(list)
    for result in results:
        people[result.intent].append(result.work.person_id)
    for chunk in chunks(people[IntentAfter.DONE]):
        connection.execute(delete(intent).where(intent.c.person_id.in_(chunk)))
    for chunk in chunks(people[IntentAfter.CONFIRMED]):
        connection.execute(
            update(intent).where(intent.c.person_id.in_(chunk)).values(confirmed=True)
        )


NEVER = "9999"
"""Sorts after every time."""
QUARANTINE = "quarantine"
CONFIGURATION = "configuration"


def read_quarantine(connection: Connection) -> Quarantine | None:
    """Whether the job is unhealthy."""
    said = read_fact(connection, QUARANTINE)
    return codec.QUARANTINE.validate_json(said) if said else None


def _decided(connection: Connection) -> None:
    """An administrator answered: too many removals are no quarantine any more."""
    unhealthy = read_quarantine(connection)
    if unhealthy is not None and unhealthy.reason == TOO_MANY_DELETES:
        write_fact(connection, QUARANTINE, None)


def _count(connection: Connection, statement: Select[tuple[int]]) -> int:
    return int(connection.execute(statement).scalar_one())


def write_escrows(connection: Connection, entries: Sequence[Escrow]) -> None:
    """Store failures that wait for a retry."""
    rows = [
        {
            "person_id": entry.person_id,
            "next_try_at": codec.stamp(entry.next_try_at),
            "payload": codec.ESCROW.dump_json(entry).decode(),
        }
        for entry in entries
    ]
    if rows:
        connection.execute(insert(escrow).prefix_with("OR REPLACE"), rows)
