"""Group objects: scope, links, and the members the target's groups hold (spec 2.3, 4.4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, and_, delete, exists, func, select
from sqlalchemy.dialects.sqlite import insert

from app.domain.groups import (
    DirectoryGroup,
    GroupLink,
    GroupRemovals,
    GroupSeen,
    GroupSettled,
    GroupWaiting,
    MemberChanges,
)
from app.domain.people import PrincipalKind
from app.domain.plan import Work
from app.state import codec, group_members, log_book
from app.state.journal import write_escrows
from app.state.mirror import chunks
from app.state.schema import (
    assignment,
    directory_group,
    escrow,
    group_attempt,
    group_link,
    group_member,
    held,
    membership,
    parked,
)


class SqlGroupBook:
    """`domain.ports.GroupBook` on SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def in_scope(self, roles: Collection[str] | None) -> Sequence[DirectoryGroup]:
        """Security groups that hold one of these roles; None = all of them."""
        query = select(directory_group.c.id, directory_group.c.name).where(
            directory_group.c.security_enabled
        )
        if roles is not None:
            query = query.where(
                exists().where(
                    and_(
                        assignment.c.principal_id == directory_group.c.id,
                        assignment.c.role_id.in_(sorted(roles)),
                    )
                )
            )
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(directory_group.c.id))
            return [DirectoryGroup(row.id, row.name) for row in rows]

    def present(self, group_ids: Collection[str]) -> frozenset[str]:
        """Which of these groups the directory still has."""
        found: set[str] = set()
        with self._engine.connect() as connection:
            for chunk in chunks(list(group_ids)):
                query = select(directory_group.c.id).where(directory_group.c.id.in_(chunk))
                found.update(connection.scalars(query))
        return frozenset(found)

    def seen(self, group_id: str) -> GroupSeen | None:
        """One group of the directory, in scope or not."""
        mine = directory_group.c.id == group_id
        held_roles = select(assignment.c.role_id).where(assignment.c.principal_id == group_id)
        kinds = (
            select(membership.c.kind, func.count().label("n"))
            .where(membership.c.group_id == group_id)
            .group_by(membership.c.kind)
        )
        with self._engine.connect() as connection:
            row = connection.execute(select(directory_group).where(mine)).one_or_none()
            if row is None:
                return None
            roles = tuple(connection.scalars(held_roles.distinct().order_by(assignment.c.role_id)))
            numbers = {row.kind: row.n for row in connection.execute(kinds)}
        return GroupSeen(
            DirectoryGroup(row.id, row.name),
            row.security_enabled,
            roles,
            numbers.get(PrincipalKind.USER, 0),
            numbers.get(PrincipalKind.GROUP, 0),
        )

    def links(self) -> Sequence[GroupLink]:
        """All groups that have one at the target."""
        query = select(group_link.c.payload).order_by(group_link.c.group_id)
        with self._engine.connect() as connection:
            return [
                codec.GROUP_LINK.validate_json(payload) for payload in connection.scalars(query)
            ]

    def waiting(self, now: datetime) -> Mapping[str, GroupWaiting]:
        """Groups that failed or were left alone."""
        query = select(
            group_attempt.c.group_id, group_attempt.c.fingerprint, escrow.c.next_try_at
        ).outerjoin(escrow, escrow.c.person_id == group_attempt.c.group_id)
        with self._engine.connect() as connection:
            return {
                row.group_id: GroupWaiting(
                    fingerprint=row.fingerprint,
                    failed=row.next_try_at is not None,
                    due=row.next_try_at is not None and row.next_try_at <= codec.stamp(now),
                )
                for row in connection.execute(query)
            }

    def member_changes(
        self, group_id: str, key: str, *, planned: bool, staying: bool = False
    ) -> MemberChanges:
        """Direct members with an active account against what the target holds."""
        with self._engine.connect() as connection:
            return group_members.changes(
                connection, group_id, key, planned=planned, staying=staying
            )

    def differing(self, *, planned: bool, staying: bool = False) -> frozenset[str]:
        """Linked groups whose members are not what the target holds."""
        with self._engine.connect() as connection:
            return group_members.differing(connection, planned=planned, staying=staying)

    def people_in(self, group_id: str) -> frozenset[str]:
        """Whose accounts are members of this group at the target."""
        with self._engine.connect() as connection:
            return group_members.people_in(connection, group_id)

    def members_read(self, key: str, members: Sequence[str]) -> None:
        """These are all the members the target's group has."""
        with self._engine.begin() as connection:
            group_members.read(connection, key, members)

    def members_written(self, key: str, added: Sequence[str], removed: Sequence[str]) -> None:
        """The target took these changes."""
        with self._engine.begin() as connection:
            group_members.written(connection, key, added, removed)

    def removals(self, works: Sequence[Work]) -> GroupRemovals:
        """Of these deletions those that nobody released or kept."""
        kept = {work.person_id: work.fingerprint for work in works}
        with self._engine.connect() as connection:
            waits = {row.person_id: row.released for row in connection.execute(select(held))}
            for row in connection.execute(select(parked)):
                if kept.get(row.person_id) == row.fingerprint:
                    kept.pop(row.person_id)
        left = [work for work in works if work.person_id in kept]
        return GroupRemovals(
            [work for work in left if not waits.get(work.person_id, False)],
            sum(1 for work in left if waits.get(work.person_id) is False),
            [work for work in left if waits.get(work.person_id, True)],
        )

    def hold(
        self, works: Sequence[Work], now: datetime, because: str, *, everything: bool
    ) -> Sequence[Work]:
        """Keep deletions for a decision."""
        unanswered = {work.person_id for work in self.removals(works).works}
        new: list[Work] = []
        with self._engine.begin() as connection:
            waits = set(connection.scalars(select(held.c.person_id)))
            for work in works:
                known = work.person_id in waits
                if work.person_id not in unanswered or not (everything or known):
                    continue
                _hold(connection, work, now, because)
                if not known:
                    new.append(work)
        return new

    def returned(self, works: Sequence[Work]) -> None:
        """Groups that are not among these deletions wait for no answer, and none is kept."""
        leaving = {work.person_id for work in works}
        groups = select(group_link.c.group_id)
        with self._engine.begin() as connection:
            for table in (held, parked):
                answered = connection.scalars(
                    select(table.c.person_id).where(table.c.person_id.in_(groups))
                )
                for chunk in chunks(sorted(set(answered) - leaving)):
                    connection.execute(delete(table).where(table.c.person_id.in_(chunk)))

    def put_link(self, link: GroupLink, now: datetime) -> None:
        """What is known about a linked group; whatever waits goes on waiting."""
        with self._engine.begin() as connection:
            _put_link(connection, link, now)

    def forget(self, group_id: str) -> None:
        """The target's group is gone."""
        with self._engine.begin() as connection:
            _forget(connection, group_id)

    def settle(self, results: Sequence[GroupSettled], now: datetime) -> None:
        """Record, link, members and escrow of each, in one transaction."""
        with self._engine.begin() as connection:
            for result in results:
                for table in (escrow, held):
                    connection.execute(delete(table).where(table.c.person_id == result.group_id))
                if result.forget:
                    _forget(connection, result.group_id)
                elif result.link is not None:
                    _put_link(connection, result.link, now)
                _settle_attempt(connection, result)
            write_escrows(connection, [one.escrow for one in results if one.escrow])
            log_book.write(connection, [one.record for one in results if one.record])


def _put_link(connection: Connection, link: GroupLink, now: datetime) -> None:
    values = {"group_key": link.key, "payload": codec.GROUP_LINK.dump_json(link).decode()}
    connection.execute(
        insert(group_link)
        .values(group_id=link.group_id, linked_at=codec.stamp(now), **values)
        .on_conflict_do_update(index_elements=["group_id"], set_=values)
    )


def _forget(connection: Connection, group_id: str) -> None:
    mine = group_link.c.group_id == group_id
    key = connection.scalar(select(group_link.c.group_key).where(mine))
    connection.execute(delete(group_member).where(group_member.c.group_key == key))
    connection.execute(delete(group_link).where(mine))
    for table in (held, parked):
        connection.execute(delete(table).where(table.c.person_id == group_id))


def _settle_attempt(connection: Connection, result: GroupSettled) -> None:
    connection.execute(delete(group_attempt).where(group_attempt.c.group_id == result.group_id))
    if result.fingerprint is not None:
        connection.execute(
            insert(group_attempt).values(group_id=result.group_id, fingerprint=result.fingerprint)
        )


def _hold(connection: Connection, work: Work, now: datetime, because: str) -> None:
    values = {
        "because": because,
        "fingerprint": work.fingerprint,
        "payload": codec.WORK.dump_json(work).decode(),
    }
    connection.execute(
        insert(held)
        .values(person_id=work.person_id, since=codec.stamp(now), released=False, **values)
        .on_conflict_do_update(index_elements=["person_id"], set_=values)
    )
