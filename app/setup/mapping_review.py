"""The mappings shown on real people, and checked against everybody before anything is written.

People come in portions and are forgotten again; what stays is one short line per person offered
for a look, the matching values (to find two people with one address) and a few names per finding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.activity import Status
from app.domain.errors import EntryError, Stopped
from app.domain.people import DEFAULT_ACCESS, Person, Value
from app.domain.ports import Source, StopSignal, Target
from app.domain.products import product_name
from app.domain.settings import AttributeMapping, MappingType, Profile
from app.domain.texts import Text
from app.engine.licences import wanted_products
from app.mapping.attributes import SOFT_DELETED, CompiledMappings, compile_mappings
from app.mapping.defaults import default_mappings
from app.mapping.describe import describe
from app.mapping.values import Context
from app.setup.assignment_table import BY_ID, AssignmentFacts, AssignmentTable

SHOWN_NAMES = 200
"""Names kept for each finding; the count is of everybody."""


class FindingKind(StrEnum):
    """What the check against everybody can find."""

    CUT = "cut"
    NO_MAIL = "no_mail"
    SHARED = "shared"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One attribute of the target: where it comes from, and its place in matching."""

    target: str
    type: Text
    comes_from: Text
    match: int | None = None


@dataclass(frozen=True, slots=True)
class MappedPerson:
    """What one person gets, in the order of the rows."""

    id: str
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """People for whom the mapping does something worth knowing."""

    kind: FindingKind
    status: Status | None
    count: int
    text: Text
    names: tuple[str, ...]
    """At most `SHOWN_NAMES`."""


@dataclass(frozen=True, slots=True)
class MappingReview:
    """The page in one piece."""

    rows: tuple[MappingRow, ...]
    people: tuple[MappedPerson, ...]
    checked: int
    fitting: int
    findings: tuple[Finding, ...]
    taken_over: int
    """Accounts that exist already and will be linked by the matching attribute."""
    name_limit: int | None
    match_attribute: str
    default_mapping: bool


async def review_mappings(
    profile: Profile,
    context: Context,
    facts: AssignmentFacts,
    table: AssignmentTable,
    *,
    source: Source,
    target: Target,
    stop: StopSignal,
    progress: Callable[[int], None],
) -> MappingReview:
    """Map everybody who gets an account; `progress` gets the number of people checked.

    Raises `ServiceError` as the two sides do, `Stopped` when asked to stop.
    """
    mappings = compile_mappings(profile.users.attributes, target.limits)
    shown = [person.id for person in table.candidates]
    check = _Check(profile, mappings, context, facts, frozenset(shown))
    for start in range(0, len(table.entitled), BY_ID):
        for person in await source.fetch_people_by_id(table.entitled[start : start + BY_ID]):
            check.take(person)
        progress(check.checked)
        if stop.is_set():
            raise Stopped
    taken_over = 0
    async for page in target.fetch_accounts():
        taken_over += sum(1 for account in page if account.match in check.matches)
        if stop.is_set():
            raise Stopped
    attributes = profile.users.attributes
    limit = min(target.limits.max_lengths.values(), default=0)
    return MappingReview(
        rows=(*_rows(attributes), _licence_row(profile, facts)),
        people=tuple(check.shown[key] for key in shown if key in check.shown),
        checked=check.checked,
        fitting=check.checked - len(check.touched),
        findings=check.findings(limit),
        taken_over=taken_over,
        name_limit=limit or None,
        match_attribute=check.match_attribute,
        default_mapping=attributes == default_mappings(profile.target.kind),
    )


def _nobody_has(_attribute: str, _value: str) -> bool:
    """The review shows the first value of SelectUniqueValue; a plan asks the target."""
    return False


@dataclass(slots=True)
class _Check:
    """Takes people one by one and keeps what is worth knowing."""

    profile: Profile
    mappings: CompiledMappings
    context: Context
    facts: AssignmentFacts
    show: frozenset[str]
    checked: int = 0
    matches: dict[str, str] = field(default_factory=dict)
    shown: dict[str, MappedPerson] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    _counts: dict[FindingKind, int] = field(default_factory=dict)
    _names: dict[FindingKind, list[str]] = field(default_factory=dict)
    _shared: set[str] = field(default_factory=set)

    @property
    def match_attribute(self) -> str:
        matching = [one for one in self.profile.users.attributes if one.match is not None]
        return min(matching, key=lambda one: one.match or 0).target if matching else ""

    def take(self, person: Person) -> None:
        self.checked += 1
        try:
            attributes = {**person.attributes, SOFT_DELETED: False}
            mapped = self.mappings.evaluate(
                attributes, creating=True, context=self.context, taken=_nobody_has
            )
        except EntryError:
            self._found(FindingKind.FAILED, person)
            return
        if not person.attributes.get("mail"):
            self._found(FindingKind.NO_MAIL, person)
        if mapped.warnings:
            self._found(FindingKind.CUT, person)
        self._look_for_twin(person, mapped.match[0][1].lower() if mapped.match else "")
        if person.id in self.show:
            self.shown[person.id] = self._shown_person(person, mapped.values)

    def _look_for_twin(self, person: Person, match: str) -> None:
        if not match:
            self._found(FindingKind.FAILED, person)
            return
        twin = self.matches.setdefault(match, person.id)
        if twin == person.id:
            return
        if match not in self._shared:
            self._shared.add(match)
            self._count(FindingKind.SHARED, match)
        self.touched |= {person.id, twin}

    def _found(self, kind: FindingKind, person: Person) -> None:
        self.touched.add(person.id)
        self._count(kind, person.name)

    def _count(self, kind: FindingKind, name: str) -> None:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        names = self._names.setdefault(kind, [])
        if len(names) < SHOWN_NAMES:
            names.append(name)

    def _shown_person(self, person: Person, mapped: Mapping[str, Value]) -> MappedPerson:
        values = [str(mapped.get(one.target) or "") for one in self.profile.users.attributes]
        return MappedPerson(person.id, person.name, (*values, self._licence(person)))

    def _licence(self, person: Person) -> str:
        roles = self.facts.roles_of(person.id, nested=self.profile.nested_groups)
        products = wanted_products(roles, self.profile.target.licences)
        return ", ".join(product_name(one) for one in products)

    def findings(self, limit: int) -> tuple[Finding, ...]:
        made = []
        for kind in FindingKind:
            count = self._counts.get(kind, 0)
            if count:
                names = tuple(self._names[kind])
                made.append(
                    Finding(kind, _STATUS[kind], count, _sentence(kind, count, names, limit), names)
                )
        return tuple(made)


_STATUS: Mapping[FindingKind, Status | None] = {
    FindingKind.CUT: Status.WARNING,
    FindingKind.NO_MAIL: None,
    FindingKind.SHARED: Status.FAILURE,
    FindingKind.FAILED: Status.FAILURE,
}


def _sentence(kind: FindingKind, count: int, names: Sequence[str], limit: int) -> Text:
    if kind is FindingKind.CUT:
        return Text(
            "{n} has a name longer than {limit} characters: it will be cut, with a warning "
            "in the log",
            {"n": count, "limit": limit},
            plural="{n} have a name longer than {limit} characters: it will be cut, with a "
            "warning in the log",
        )
    if kind is FindingKind.NO_MAIL:
        return Text(
            "{n} has no mail in Entra: the user principal name becomes the address",
            {"n": count},
            plural="{n} have no mail in Entra: their user principal name becomes the address",
        )
    if kind is FindingKind.SHARED:
        return Text(
            "{n} address belongs to two people, {address}: neither will be touched until one "
            "changes",
            {"n": count, "address": names[0]},
            plural="{n} addresses belong to two people each, {address} among them: neither will "
            "be touched until one changes",
        )
    return Text(
        "{n} has no value to match by: left out, with the reason in the log",
        {"n": count},
        plural="{n} have no value to match by: left out, with the reason in the log",
    )


def _rows(attributes: Sequence[AttributeMapping]) -> list[MappingRow]:
    types = {
        MappingType.DIRECT: Text("Direct"),
        MappingType.CONSTANT: Text("Constant"),
        MappingType.EXPRESSION: Text("Expression"),
        MappingType.NONE: Text("None"),
    }
    return [MappingRow(one.target, types[one.type], describe(one), one.match) for one in attributes]


def _licence_row(profile: Profile, facts: AssignmentFacts) -> MappingRow:
    """`GoToMeeting User → G2M`; one role that is assigned alone is named."""
    roles = {facts.role(one).name for one in facts.assignments if one.role_id != DEFAULT_ACCESS}
    pairs = []
    for key, products in profile.target.licences.items():
        codes = ", ".join(sorted(products))
        if key == "*" and len(roles) != 1:
            product = product_name(products)
            pairs.append(Text("every role gets a {product} seat", {"product": product}))
            continue
        role = next(iter(roles)) if key == "*" else key
        pairs.append(Text("{role} → {codes}", {"role": role, "codes": codes}))
    text = pairs[0]
    for another in pairs[1:]:
        text = Text("{one}; {two}", {"one": text, "two": another})
    return MappingRow("licences", Text("By role"), text)
