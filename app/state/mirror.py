"""The mirror of both sides: merging pages, full reads by generation (spec/graph.md 5)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Engine,
    String,
    Table,
    and_,
    case,
    delete,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
    union,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from app.domain.accounts import Account
from app.domain.people import (
    Assignment,
    Attributes,
    GroupChange,
    PersonChange,
    Presence,
    PrincipalKind,
)
from app.domain.plan import KnownFacts, ReadCounts, Stream, Watermarks
from app.state import codec
from app.state.database import ACCOUNT_ATTRIBUTE
from app.state.facts import (
    APPLICATION,
    ASSIGNMENTS_GONE,
    DEFAULT_DOMAIN,
    LINKS_FROM,
    LISTED_AT,
    TARGET,
    TARGET_IDENTITY,
    read_fact,
    write_fact,
)
from app.state.former_links import exchange_links
from app.state.people import folded, name_of
from app.state.schema import (
    TO_EVALUATE,
    account,
    assignment,
    directory_group,
    generation,
    intent,
    link,
    membership,
    person,
    watermark,
)

CHUNK = 500
ACCOUNT_INDEX = "ix_account_by_"


class SqlMirror:
    """`domain.ports.Mirror` on SQLite."""

    known = "SELECT id FROM person"
    """Whose attributes are known."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def watermarks(self) -> Watermarks:
        """Where to resume reading."""
        with self._engine.connect() as connection:
            rows = {row.stream: row for row in connection.execute(select(watermark))}
        people, groups = rows.get(Stream.PEOPLE), rows.get(Stream.GROUPS)
        return Watermarks(
            people=people.link if people else None,
            groups=groups.link if groups else None,
            at=codec.moment(people.at) if people else None,
        )

    def begin_read(self, stream: Stream) -> int:
        """A new generation number."""
        with self._engine.begin() as connection:
            statement = (
                insert(generation)
                .values(stream=stream, number=1)
                .on_conflict_do_update(
                    index_elements=["stream"], set_={"number": generation.c.number + 1}
                )
                .returning(generation.c.number)
            )
            return int(connection.execute(statement).scalar_one())

    def merge_people(self, changes: Sequence[PersonChange], generation: int | None) -> None:
        """Merge by id in the order received; a null clears (spec/graph.md 5.1 rules 7 and 8)."""
        rows = [
            {
                "id": change.id,
                "attributes": _attributes(change.attributes, clearing=generation is None),
                "presence": change.presence,
                "seen": generation or 0,
                "dirty": TO_EVALUATE,
                "refers": 0,
            }
            for change in changes
        ]
        if not rows:
            return
        new = insert(person)
        merged = func.json_patch(person.c.attributes, new.excluded.attributes)
        attributes: ColumnElement[str] = merged
        seen: ColumnElement[int] = person.c.seen
        if generation is not None:
            # The same person may come twice in one round; the first time replaces.
            attributes = case(
                (new.excluded.presence != Presence.PRESENT, person.c.attributes),
                (person.c.seen == new.excluded.seen, merged),
                else_=func.json_patch("{}", new.excluded.attributes),
            )
            seen = new.excluded.seen
        changed = or_(attributes != person.c.attributes, new.excluded.presence != person.c.presence)
        statement = new.on_conflict_do_update(
            index_elements=["id"],
            set_={
                "attributes": attributes,
                "presence": new.excluded.presence,
                "seen": seen,
                "dirty": case((changed, TO_EVALUATE), else_=person.c.dirty),
                "refers": case(
                    (
                        and_(
                            _manager(attributes).is_distinct_from(_manager(person.c.attributes)),
                            _LINKED,
                        ),
                        1,
                    ),
                    else_=person.c.refers,
                ),
            },
        )
        with self._engine.begin() as connection:
            connection.execute(statement, rows)

    def finish_people(self, generation: int) -> ReadCounts:
        """How many people the full read found and how many were present before."""
        with self._engine.connect() as connection:
            found = _count(connection, person, person.c.seen == generation)
            lost = _count(
                connection,
                person,
                and_(person.c.seen != generation, person.c.presence == Presence.PRESENT),
            )
        return ReadCounts(before=found + lost, found=found)

    def missing_people(self, generation: int, limit: int) -> Sequence[str]:
        """Linked people, and those for whom something was begun, the full read did not list."""
        with self._engine.connect() as connection:
            return list(
                connection.scalars(
                    select(person.c.id)
                    .where(person.c.seen != generation, person.c.id.in_(_known()))
                    .order_by(person.c.id)
                    .limit(limit)
                )
            )

    def drop_missing(self, generation: int) -> None:
        """Forget people the full read did not list and of whom nothing is in the target."""
        with self._engine.begin() as connection:
            connection.execute(
                delete(person).where(person.c.seen != generation, person.c.id.not_in(_known()))
            )

    def set_presence(self, presences: Mapping[str, Presence], generation: int) -> None:
        """Settle where people are who left the listing."""
        with self._engine.begin() as connection:
            for person_id, presence in presences.items():
                connection.execute(
                    update(person)
                    .where(person.c.id == person_id)
                    .values(presence=presence, seen=generation, dirty=TO_EVALUATE)
                )

    def merge_groups(self, changes: Sequence[GroupChange], generation: int | None) -> None:
        """Merge a page of groups; a large group comes in portions (spec/graph.md 5.3)."""
        with self._engine.begin() as connection:
            for change in changes:
                if change.presence is not Presence.PRESENT:
                    _drop_groups(connection, [change.id])
                    continue
                _merge_group(connection, change, generation or 0)
                _merge_members(connection, change, generation or 0)

    def finish_groups(self, generation: int) -> ReadCounts:
        """Groups and memberships the full read did not list are gone."""
        with self._engine.begin() as connection:
            before = _count(connection, directory_group)
            found = _count(connection, directory_group, directory_group.c.seen == generation)
            if not found and before:
                return ReadCounts(before, found)
            gone = select(directory_group.c.id).where(directory_group.c.seen != generation)
            _drop_groups(connection, list(connection.scalars(gone)))
            left = select(membership.c.member_id).where(membership.c.seen != generation)
            nested = left.where(membership.c.kind == PrincipalKind.GROUP)
            _mark_members(connection, list(connection.scalars(nested)))
            connection.execute(
                update(person).where(person.c.id.in_(left)).values(dirty=TO_EVALUATE)
            )
            connection.execute(delete(membership).where(membership.c.seen != generation))
        return ReadCounts(before, found)

    def merge_assignments(self, page: Sequence[Assignment], generation: int) -> None:
        """Merge one page of the assignment list; remembers which are new or have a new role."""
        if not page:
            return
        new = insert(assignment)
        values = {
            "principal_id": new.excluded.principal_id,
            "principal_kind": new.excluded.principal_kind,
            "principal_name": new.excluded.principal_name,
            "role_id": new.excluded.role_id,
            "seen": new.excluded.seen,
        }
        same = and_(
            assignment.c.role_id == new.excluded.role_id,
            assignment.c.principal_id == new.excluded.principal_id,
        )
        statement = new.on_conflict_do_update(
            index_elements=["id"],
            set_={
                **values,
                "changed": case((same, assignment.c.changed), else_=new.excluded.changed),
            },
        )
        rows = [
            {
                "id": item.id,
                "principal_id": item.principal_id,
                "principal_kind": item.principal_kind,
                "principal_name": item.principal_name,
                "role_id": item.role_id,
                "seen": generation,
                "changed": generation,
            }
            for item in page
        ]
        with self._engine.begin() as connection:
            connection.execute(statement, rows)

    def finish_assignments(self, generation: int) -> ReadCounts:
        """The list is complete; whoever it gained or lost becomes a candidate."""
        touched = select(assignment.c.principal_id).where(
            or_(assignment.c.changed == generation, assignment.c.seen != generation)
        )
        with self._engine.begin() as connection:
            found = _count(connection, assignment, assignment.c.seen == generation)
            changed = _count(connection, assignment, assignment.c.changed == generation)
            lost = _count(connection, assignment, assignment.c.seen != generation)
            before = found - changed + lost
            if not found and not before:
                before = int(read_fact(connection, ASSIGNMENTS_GONE) or 0)
            write_fact(connection, ASSIGNMENTS_GONE, str(before) if before and not found else None)
            if changed or lost:
                principals = list(connection.scalars(touched))
                _mark(connection, principals)
                _mark_members(connection, principals)
            connection.execute(delete(assignment).where(assignment.c.seen != generation))
        return ReadCounts(before=before, found=found)

    def assigned_groups(self) -> frozenset[str]:
        """Ids of the groups that hold a role."""
        query = select(assignment.c.principal_id).where(
            assignment.c.principal_kind == PrincipalKind.GROUP
        )
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(query))

    def groups_called(self, name: str) -> Sequence[str]:
        """By id, else by display name."""
        wanted = name.strip()
        group = directory_group.c
        with self._engine.connect() as connection:
            for condition in (group.id == wanted.lower(), folded(group.name) == wanted.casefold()):
                query = select(group.id).where(condition).order_by(group.id)
                if found := list(connection.scalars(query)):
                    return found
        return []

    def members_of(self, group_id: str, limit: int) -> Sequence[str]:
        """The first people who are direct members, by name."""
        query = (
            select(person.c.id)
            .join(membership, membership.c.member_id == person.c.id)
            .where(membership.c.group_id == group_id)
            .order_by(folded(name_of(person)), person.c.id)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def keep_facts(self, facts: KnownFacts) -> None:
        """Remember what a cycle learned about both sides."""
        with self._engine.begin() as connection:
            if facts.application is not None:
                said = codec.APPLICATION.dump_json(facts.application).decode()
                write_fact(connection, APPLICATION, said)
            if facts.target is not None:
                write_fact(connection, TARGET, codec.TARGET.dump_json(facts.target).decode())
            if facts.default_domain is not None:
                write_fact(connection, DEFAULT_DOMAIN, facts.default_domain)

    def facts(self) -> KnownFacts:
        """What the last cycle learned."""
        with self._engine.connect() as connection:
            application = read_fact(connection, APPLICATION)
            target = read_fact(connection, TARGET)
            domain = read_fact(connection, DEFAULT_DOMAIN)
        return KnownFacts(
            codec.APPLICATION.validate_json(application) if application else None,
            codec.TARGET.validate_json(target) if target else None,
            domain,
        )

    def unread_people(self, limit: int) -> Sequence[str]:
        """Assigned people of whom no attributes are known (replication lag, spec/graph.md 9)."""
        query = text(f"{_ASSIGNED} WHERE id NOT IN ({self.known}) ORDER BY random() LIMIT :limit")
        with self._engine.connect() as connection:
            return list(connection.scalars(query, {"limit": limit}))

    def move_to_target(self, identity: str) -> bool:
        """Which target is read from now on; True until its accounts were listed, when it is new.

        The links are exchanged when they are (`finish_accounts`).
        """
        with self._engine.begin() as connection:
            before = read_fact(connection, TARGET_IDENTITY)
            made_at = read_fact(connection, LINKS_FROM) or before
            elsewhere = made_at not in (None, identity)
            write_fact(connection, LINKS_FROM, made_at if elsewhere else None)
            write_fact(connection, TARGET_IDENTITY, identity)
            return elsewhere

    def merge_accounts(self, page: Sequence[Account], generation: int | None, cycle: str) -> None:
        """Merge accounts read from the target in this cycle."""
        with self._engine.begin() as connection:
            put_accounts(connection, page, generation, cycle)

    def finish_accounts(self, generation: int) -> ReadCounts:
        """Accounts the full read did not list are gone."""
        with self._engine.begin() as connection:
            found = _count(connection, account, account.c.seen == generation)
            made_at = read_fact(connection, LINKS_FROM)
            before = _count(connection, account) if made_at is None else 0
            if found or made_at is not None:
                connection.execute(delete(account).where(account.c.seen != generation))
            if made_at is not None:
                here = read_fact(connection, TARGET_IDENTITY) or ""
                exchange_links(connection, made_at, here)
                write_fact(connection, LINKS_FROM, None)
        return ReadCounts(before, found)

    def listed_at(self) -> datetime | None:
        """When all accounts were last read by a cycle that came to its end."""
        with self._engine.connect() as connection:
            said = read_fact(connection, LISTED_AT)
        return codec.moment(said) if said else None

    def keep_listed_at(self, now: datetime) -> None:
        """A cycle has read all accounts, and dealt with what it found."""
        with self._engine.begin() as connection:
            write_fact(connection, LISTED_AT, codec.stamp(now))

    def forget_accounts(self, matches: Sequence[str], found: Sequence[str]) -> None:
        """Drop accounts that a fresh look-up by address no longer finds.

        Those of active people stay: only a complete list tells that they are gone, since their
        address may have been changed by hand. Until then nobody is found at the old one.
        """
        active = select(link.c.account_key).where(link.c.active)
        with self._engine.begin() as connection:
            for chunk in chunks(matches):
                keys = set(
                    connection.scalars(
                        select(account.c.key).where(account.c.match_value.in_(chunk))
                    )
                )
                missing = account.c.key.in_(keys.difference(found))
                connection.execute(delete(account).where(missing, account.c.key.not_in(active)))
                connection.execute(update(account).where(missing).values(match_value=""))

    def accounts_with(self, attribute: str, values: Sequence[str]) -> Sequence[Account]:
        """Accounts by the value of any attribute; capitals do not matter."""
        wanted = [value.casefold() for value in values]
        value = literal_column(_account_value(attribute), String)
        query = select(account.c.payload).where(value.in_(wanted))
        with self._engine.connect() as connection:
            payloads = connection.scalars(query.order_by(account.c.key))
            return [codec.ACCOUNT.validate_json(payload) for payload in payloads]

    def accounts_at(self, matches: Sequence[str]) -> Sequence[Account]:
        """Accounts with these addresses, as last read."""
        query = select(account.c.payload).where(account.c.match_value.in_(matches))
        with self._engine.connect() as connection:
            payloads = connection.scalars(query.order_by(account.c.key))
            return [codec.ACCOUNT.validate_json(payload) for payload in payloads]

    def index_accounts(self, attributes: Sequence[str]) -> None:
        """One index for each attribute that accounts are looked up by; others are dropped."""
        wanted = {
            f"{ACCOUNT_INDEX}{sha256(name.encode()).hexdigest()[:16]}": name for name in attributes
        }
        query = text("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'account'")
        with self._engine.connect() as connection:
            there = {name for name in connection.scalars(query) if name.startswith(ACCOUNT_INDEX)}
        if there == wanted.keys():
            return
        with self._engine.begin() as connection:
            for name in sorted(there - wanted.keys()):
                connection.exec_driver_sql(f"DROP INDEX {name}")
            for name in sorted(wanted.keys() - there):
                value = _account_value(wanted[name])
                connection.exec_driver_sql(f"CREATE INDEX {name} ON account ({value})")


def _account_value(attribute: str) -> str:
    """One attribute of an account without capitals; written out, so that an index can serve it."""
    quoted = attribute.replace("'", "''")
    return f"{ACCOUNT_ATTRIBUTE}(payload, '{quoted}')"


def put_accounts(
    connection: Connection, page: Iterable[Account], generation: int | None, cycle: str
) -> None:
    """Store accounts as they were just read: one that is not what it was has to be compared."""
    rows = [
        {
            "key": item.key,
            "match_value": item.match,
            "payload": codec.account_text(item),
            "seen": generation or 0,
            "cycle_id": cycle,
            "compared": False,
            "agreed": None,
        }
        for item in page
    ]
    _put(connection, rows, generation)


def put_written(
    connection: Connection, written: Iterable[tuple[Account, Account | None]], cycle: str
) -> None:
    """Store accounts as they were just written, each with what it should be, where that is known.

    One that came out otherwise has to be compared.
    """
    rows: list[dict[str, object]] = []
    for item, expected in written:
        compared = expected is None or _as_expected(item, expected)
        rows.append(
            {
                "key": item.key,
                "match_value": item.match,
                "payload": codec.account_text(item),
                "seen": 0,
                "cycle_id": cycle,
                "compared": compared,
                "agreed": None if compared or expected is None else codec.account_text(expected),
            }
        )
    _put(connection, rows, None)


def _as_expected(found: Account, expected: Account) -> bool:
    same = all(found.attributes.get(name) == one for name, one in expected.attributes.items())
    return same and (found.licences, found.roles) == (expected.licences, expected.roles)


def _put(
    connection: Connection, rows: Sequence[Mapping[str, object]], generation: int | None
) -> None:
    if not rows:
        return
    new = insert(account)
    same = new.excluded.payload == account.c.payload
    statement = new.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "match_value": new.excluded.match_value,
            "payload": new.excluded.payload,
            "seen": account.c.seen if generation is None else new.excluded.seen,
            "cycle_id": new.excluded.cycle_id,
            "compared": case(
                (new.excluded.compared, True), (same, account.c.compared), else_=False
            ),
            "agreed": case(
                (new.excluded.compared, null()),
                (new.excluded.agreed.is_not(None), new.excluded.agreed),
                (same, account.c.agreed),
                (account.c.compared, account.c.payload),
                else_=account.c.agreed,
            ),
        },
    )
    connection.execute(statement, rows)


def _known() -> CompoundSelect[tuple[str]]:
    """People who have an account, or for whom one was begun."""
    return union(select(link.c.person_id), select(intent.c.person_id))


def chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """Slices that fit into one IN clause."""
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


_LINKED: ColumnElement[bool] = literal_column(
    "EXISTS (SELECT 1 FROM link WHERE link.person_id = person.id)"
)
"""Nobody else's reference can be written: whoever gets an account is looked at then."""


def _manager(attributes: ColumnElement[str]) -> ColumnElement[str]:
    return func.json_extract(attributes, "$.manager")


def _attributes(attributes: Attributes, *, clearing: bool) -> str:
    """JSON for `json_patch`, in which a null clears; a full read has nothing to clear."""
    values = {name: value for name, value in attributes.items() if clearing or value is not None}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return int(
        connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()
    )


def _mark(connection: Connection, person_ids: Sequence[str]) -> None:
    for chunk in chunks(person_ids):
        connection.execute(update(person).where(person.c.id.in_(chunk)).values(dirty=TO_EVALUATE))


_ASSIGNED = """
    SELECT id FROM (
        SELECT principal_id AS id FROM assignment WHERE principal_kind = 'user'
        UNION
        SELECT m.member_id FROM assignment a JOIN membership m ON m.group_id = a.principal_id
        WHERE m.kind = 'user'
    )
"""
_MARK_MEMBERS = text(
    """
    WITH RECURSIVE below(id) AS (
        SELECT value FROM json_each(:groups)
        UNION
        SELECT m.member_id FROM below JOIN membership m ON m.group_id = below.id
        WHERE m.kind = 'group'
    )
    UPDATE person SET dirty = 1
    WHERE id IN (SELECT m.member_id FROM below JOIN membership m ON m.group_id = below.id
                 WHERE m.kind = 'user')
    """
)


def _mark_members(connection: Connection, group_ids: Sequence[str]) -> None:
    """People in these groups and in groups nested below them become candidates."""
    connection.execute(_MARK_MEMBERS, {"groups": json.dumps(list(group_ids))})


def _merge_group(connection: Connection, change: GroupChange, seen: int) -> None:
    new = insert(directory_group).values(
        id=change.id,
        name=change.name or change.id,
        security_enabled=change.security_enabled is not False,
        seen=seen,
    )
    known: dict[str, object] = {"seen": new.excluded.seen} if seen else {}
    if change.name is not None:
        known["name"] = new.excluded.name
    if change.security_enabled is not None:
        known["security_enabled"] = new.excluded.security_enabled
        before = connection.execute(
            select(directory_group.c.security_enabled).where(directory_group.c.id == change.id)
        ).scalar()
        if before is not None and before != change.security_enabled:
            _mark_members(connection, [change.id])
    statement = (
        new.on_conflict_do_update(index_elements=["id"], set_=known)
        if known
        else new.on_conflict_do_nothing()
    )
    connection.execute(statement)


def _merge_members(connection: Connection, change: GroupChange, seen: int) -> None:
    for chunk in chunks(change.removed):
        connection.execute(
            delete(membership).where(
                membership.c.group_id == change.id, membership.c.member_id.in_(chunk)
            )
        )
    rows = [
        {"group_id": change.id, "member_id": member.id, "kind": member.kind, "seen": seen}
        for member in change.added
    ]
    came = [member.id for member in change.added]
    if rows:
        known: set[str] = set()
        for chunk in chunks(came):
            known.update(
                connection.scalars(
                    select(membership.c.member_id).where(
                        membership.c.group_id == change.id, membership.c.member_id.in_(chunk)
                    )
                )
            )
        came = [member_id for member_id in came if member_id not in known]
        new = insert(membership)
        connection.execute(
            new.on_conflict_do_update(
                index_elements=["group_id", "member_id"],
                set_={"seen": new.excluded.seen, "kind": new.excluded.kind},
            ),
            rows,
        )
    touched = [*came, *change.removed]
    if touched:
        _mark(connection, touched)
        _mark_members(connection, touched)


def _drop_groups(connection: Connection, group_ids: Sequence[str]) -> None:
    for chunk in chunks(group_ids):
        _mark_members(connection, chunk)
        connection.execute(delete(membership).where(membership.c.group_id.in_(chunk)))
        connection.execute(delete(directory_group).where(directory_group.c.id.in_(chunk)))
