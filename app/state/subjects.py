"""Everything known about the people who are to be decided about, put together for the engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, and_, func, or_, select

from app.domain.accounts import Account
from app.domain.activity import ActionKind, Identity
from app.domain.people import Person
from app.domain.plan import Link, Predecessor, Subject
from app.state import codec
from app.state.drift import drifts_of
from app.state.grants import grants_of
from app.state.people import name_of
from app.state.schema import account, escrow, held, intent, link, parked, person


def subjects_of(
    connection: Connection, people: dict[str, Person], *, nested: bool
) -> list[Subject]:
    """These people with their roles, links and whatever waits for them."""
    ids = list(people)
    grants = grants_of(connection, ids, nested=nested)
    links = _links(connection, ids)
    intents = {
        row.person_id: row
        for row in connection.execute(select(intent).where(intent.c.person_id.in_(ids)))
    }
    parked_as = {
        row.person_id: row.fingerprint
        for row in connection.execute(select(parked).where(parked.c.person_id.in_(ids)))
    }
    waiting = {
        row.person_id: row.released
        for row in connection.execute(select(held).where(held.c.person_id.in_(ids)))
    }
    drifts = drifts_of(connection, ids)
    failed = set(connection.scalars(select(escrow.c.person_id).where(escrow.c.person_id.in_(ids))))
    return [
        Subject(
            person=one,
            grants=tuple(grants[person_id]),
            link=links.get(person_id),
            intent=ActionKind(intents[person_id].action) if person_id in intents else None,
            confirmed=person_id in intents and intents[person_id].confirmed,
            parked=parked_as.get(person_id),
            held=person_id in waiting,
            released=waiting.get(person_id, False),
            escrowed=person_id in failed,
            drifts=drifts.get(person_id, ()),
        )
        for person_id, one in people.items()
    ]


def _links(connection: Connection, person_ids: Sequence[str]) -> dict[str, Link]:
    rows = connection.execute(select(link).where(link.c.person_id.in_(person_ids)))
    return {row.person_id: codec.LINK.validate_json(row.payload) for row in rows}


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose account a key is; `claims` when they keep the address it has, too."""

    key: str
    person_id: str
    name: str
    claims: bool


def owners_of(connection: Connection, keys: Sequence[str]) -> list[_Owner]:
    """Owners in scope. Whoever left it gives way to somebody hired under the address."""
    query = (
        select(link, person.c.in_scope, person.c.match_value, account.c.match_value.label("has"))
        .outerjoin(person, person.c.id == link.c.person_id)
        .outerjoin(account, account.c.key == link.c.account_key)
        .where(link.c.account_key.in_(keys), link.c.active, person.c.in_scope)
    )
    found: list[_Owner] = []
    for row in connection.execute(query):
        moves = row.match_value is not None and row.has is not None and row.match_value != row.has
        found.append(
            _Owner(
                key=row.account_key,
                person_id=row.person_id,
                name=codec.LINK.validate_json(row.payload).person_name,
                claims=not moves,
            )
        )
    return found


def former_owners(connection: Connection, keys: Sequence[str]) -> dict[str, Predecessor]:
    """By account key: people out of scope whose active account it still is."""
    names = ("userPrincipalName", "originalUserPrincipalName")
    query = (
        select(
            link.c.account_key,
            link.c.payload,
            *(func.json_extract(person.c.attributes, f"$.{name}").label(name) for name in names),
        )
        .outerjoin(person, person.c.id == link.c.person_id)
        .where(link.c.account_key.in_(keys), link.c.active, person.c.in_scope.is_not(True))
    )
    return {
        row.account_key: Predecessor(
            codec.LINK.validate_json(row.payload),
            frozenset(
                name.lower()
                for name in (row.userPrincipalName, row.originalUserPrincipalName)
                if isinstance(name, str)
            ),
        )
        for row in connection.execute(query)
    }


@dataclass(frozen=True)
class _Found:
    """Accounts by key, keys by address, who is linked to which, and what was read now."""

    accounts: dict[str, Account]
    by_match: dict[str, list[str]]
    owners: dict[str, _Owner]
    fresh: set[str]
    agreed: dict[str, Account]
    """By key: the account when it was last compared, where that is known."""
    former: dict[str, Predecessor]
    begun: dict[str, str]
    """Address under which a creation or a take-over was begun, by person."""
    heirs: dict[str, Identity]
    claimants: dict[str, Identity]
    """The same for those whose account was begun and is not linked."""

    def complete(self, subject: Subject, match: str | None, twins: Sequence[str]) -> Subject:
        """The subject with its account, or those with its address."""
        recovered = False
        if subject.link:
            keys = [subject.link.account_key] if subject.link.account_key in self.accounts else []
        else:
            begun = self.begun.get(subject.person.id, "")
            made = [key for key in self.by_match.get(begun, []) if self._may_be(subject, key)]
            recovered = bool(made) and begun != match
            keys = made or self._free(subject, match)
        owners = [
            self.owners[key]
            for key in keys
            if key in self.owners and self.owners[key].person_id != subject.person.id
        ]
        former = [self.former[key] for key in keys if key in self.former]
        lost = subject.link is not None and not keys
        agreed = self.agreed.get(subject.link.account_key) if subject.link else None
        return replace(
            subject,
            agreed=agreed,
            anew=self.complete(replace(subject, link=None), match, twins) if lost else None,
            accounts=tuple(self.accounts[key] for key in keys),
            predecessor=former[0] if former and not subject.link else None,
            account_fresh=bool(keys) and self.fresh.issuperset(keys),
            owner=owners[0].name if owners and not subject.link else None,
            heir=self.heirs.get(subject.person.id)
            or (self.claimants.get(subject.person.id) if recovered else None),
            twins=tuple(twins),
            recovered=recovered,
        )

    def _may_be(self, subject: Subject, key: str) -> bool:
        """Whether this account may be what was begun for this person."""
        return key not in self.owners or self.owners[key].person_id == subject.person.id

    def _free(self, subject: Subject, match: str | None) -> list[str]:
        """Keys at an address, without those whose owner is moving away from it."""
        found: list[str] = []
        for key in self.by_match.get(match or "", []):
            owner = self.owners.get(key)
            if owner is None or owner.claims or owner.person_id == subject.person.id:
                found.append(key)
        return found


def with_accounts(
    connection: Connection, subjects: Sequence[Subject], matches: dict[str, str], cycle: str
) -> list[Subject]:
    """Fill in the linked account, or those with the address, their owners, heirs and twins."""
    keys = [one.link.account_key for one in subjects if one.link]
    ids = [one.person.id for one in subjects]
    begun = {
        row.person_id: row.match_value
        for row in connection.execute(select(intent).where(intent.c.person_id.in_(ids)))
    }
    addresses = {*matches.values(), *begun.values()} - {""}
    rows = list(
        connection.execute(
            select(account).where(
                or_(account.c.key.in_(keys), account.c.match_value.in_(sorted(addresses)))
            )
        )
    )
    by_match: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.match_value:
            by_match[row.match_value].append(row.key)
    accounts = {row.key: codec.ACCOUNT.validate_json(row.payload) for row in rows}
    owners = {one.key: one for one in _makers(connection, by_match)}
    owners |= {one.key: one for one in owners_of(connection, [row.key for row in rows])}
    found = _Found(
        accounts=accounts,
        by_match=by_match,
        owners=owners,
        fresh={row.key for row in rows if row.cycle_id == cycle},
        agreed={
            row.key: accounts[row.key] if row.compared else codec.ACCOUNT.validate_json(row.agreed)
            for row in rows
            if row.compared or row.agreed
        },
        former=former_owners(connection, [row.key for row in rows]),
        begun=begun,
        heirs=_heirs(connection, ids),
        claimants=_claimants(connection, ids),
    )
    twins = _twins(connection, ids)
    return [
        found.complete(one, matches.get(one.person.id), twins.get(one.person.id, ()))
        for one in subjects
    ]


def _heirs(connection: Connection, person_ids: Sequence[str]) -> dict[str, Identity]:
    """For leavers: somebody in scope without a link who has the address of their account."""
    heir, theirs = person.alias("heir"), link.alias("theirs")
    rows = connection.execute(
        select(link.c.person_id, heir.c.id, name_of(heir).label("name"))
        .join(person, person.c.id == link.c.person_id)
        .join(account, account.c.key == link.c.account_key)
        .join(heir, and_(heir.c.match_value == account.c.match_value, heir.c.in_scope))
        .outerjoin(theirs, theirs.c.person_id == heir.c.id)
        .where(
            link.c.person_id.in_(person_ids),
            person.c.in_scope.is_(False),
            heir.c.id != link.c.person_id,
            theirs.c.person_id.is_(None),
        )
        # Of several the one with the smallest id, in every plan alike.
        .order_by(heir.c.id.desc())
    )
    return {row.person_id: Identity(row.id, row.name) for row in rows}


def _claimants(connection: Connection, person_ids: Sequence[str]) -> dict[str, Identity]:
    """For leavers: somebody in scope without a link who has the address of what was begun."""
    heir, theirs = person.alias("heir"), link.alias("theirs")
    rows = connection.execute(
        select(intent.c.person_id, heir.c.id, name_of(heir).label("name"))
        .join(person, person.c.id == intent.c.person_id)
        .join(heir, and_(heir.c.match_value == intent.c.match_value, heir.c.in_scope))
        .outerjoin(theirs, theirs.c.person_id == heir.c.id)
        .where(
            intent.c.person_id.in_(person_ids),
            person.c.in_scope.is_(False),
            heir.c.id != intent.c.person_id,
            theirs.c.person_id.is_(None),
        )
        .order_by(heir.c.id.desc())
    )
    return {row.person_id: Identity(row.id, row.name) for row in rows}


def _makers(connection: Connection, by_match: dict[str, list[str]]) -> list[_Owner]:
    """Whose accounts these are by what was begun for people who have another address by now."""
    mine = link.alias("mine")
    rows = connection.execute(
        select(intent.c.person_id, intent.c.match_value, name_of(person).label("name"))
        .join(person, person.c.id == intent.c.person_id)
        .outerjoin(mine, mine.c.person_id == intent.c.person_id)
        .where(
            intent.c.match_value.in_(sorted(by_match)),
            intent.c.action == ActionKind.CREATE,
            person.c.in_scope,
            person.c.match_value != intent.c.match_value,
            mine.c.person_id.is_(None),
        )
    )
    return [
        _Owner(key, row.person_id, row.name, claims=False)
        for row in rows
        for key in by_match[row.match_value]
    ]


def _twins(connection: Connection, person_ids: Sequence[str]) -> dict[str, list[str]]:
    mine, other = person.alias("mine"), person.alias("other")
    rows = connection.execute(
        select(mine.c.id, name_of(other).label("name"))
        .join(other, and_(other.c.match_value == mine.c.match_value, other.c.id != mine.c.id))
        .where(mine.c.id.in_(person_ids), mine.c.in_scope, other.c.in_scope)
        .order_by(mine.c.id, other.c.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row.id].append(row.name)
    return found
