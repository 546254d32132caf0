"""Values that a mapping hides (Redact), taken out of whatever is said about somebody.

Two gates, and nothing that is kept or shown goes round them: `decide` passes every planned action
through here, and with it plan, record, mail and `why`; what a service answered passes when it
becomes a failure. Inside a mapping nothing hidden is quoted in the first place (see
`mapping.veils`, `mapping.fitting`).

A hidden value is taken out where it stands alone, so that neither the sign-in name of the import
step nor an account's name gives away what the mapping hides. Where it names the account (identity
and matching attributes) it is also taken out of longer texts, and so is every hidden value out of
the answers of services, which like to quote what they refuse.

Directory, accounts and links are mirrors of what both services hold, and work that waits holds
what is to be sent: the state keeps hidden values there and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from app.domain.accounts import Account, TargetLimits
from app.domain.activity import REDACTED, Change, Identity, PlannedAction, Step
from app.domain.drift import ACCOUNT
from app.domain.errors import EntryError
from app.domain.explanation import (
    AccountFound,
    Evidence,
    Explained,
    Explanation,
    GroupExplanation,
    Stage,
)
from app.domain.people import Value
from app.domain.plan import Link, Work
from app.domain.settings import AttributeMapping
from app.domain.texts import Text, TextValue
from app.mapping.attributes import CompiledMappings, functions_used

Named: TypeAlias = tuple[str, Value]
"""A target attribute with a value."""

Told = TypeVar("Told", bound=Explained)

SHORTEST = 4
"""Shorter values are taken out of a text as whole words alone: elsewhere they are mere letters."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What nobody is to read about one person or group. Capitals do not matter.

    `values` go where they stand alone, `names` also out of longer texts. `attributes` are the
    target attributes whose values they are.
    """

    values: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()

    def __or__(self, other: Secrets) -> Secrets:
        """Those of both: values change while something is done."""
        return Secrets(
            self.values | other.values, self.names | other.names, self.attributes | other.attributes
        )

    def planned(self, planned: PlannedAction) -> PlannedAction:
        """The line of a plan without them."""
        if not self.values:
            return planned
        return replace(
            planned,
            source=self._identity(planned.source),
            target=self._identity(planned.target),
            message=self._said(planned.message),
            because=self.word(planned.because),
            changes=tuple(self.change(change) for change in planned.changes),
            advice=None if planned.advice is None else self._said(planned.advice),
            steps=tuple(self._step(step) for step in planned.steps),
        )

    def explained(self, explained: Explanation) -> Explanation:
        """The answer to "why" without them."""
        if not self.values:
            return explained
        person, account = explained.person, explained.account
        shown = {
            name: self.word(value) if isinstance(value, str) else value
            for name, value in person.attributes.items()
        }
        return replace(
            self._explained(explained),
            person=replace(person, attributes=shown),
            account=None if account is None else self._account(account),
        )

    def group_explained(self, explained: GroupExplanation) -> GroupExplanation:
        """What there is to say about a group, without them."""
        if not self.values:
            return explained
        group, target = explained.group, explained.target
        return replace(
            self._explained(explained),
            group=replace(group, name=self.word(group.name)),
            target=None if target is None else self._identity(target),
        )

    def _explained(self, explained: Told) -> Told:
        return replace(
            explained,
            answer=self._said(explained.answer),
            because=self.word(explained.because),
            stages=tuple(self._stage(stage) for stage in explained.stages),
            next=replace(explained.next, message=self._said(explained.next.message)),
            advice=None if explained.advice is None else self._said(explained.advice),
        )

    def failure(self, error: EntryError) -> EntryError:
        """A failure without them, wherever a service quotes them."""
        if not self.values:
            return error
        quoted = replace(self, names=self.values)
        return EntryError(
            error.code,
            quoted._said(error.text),
            None if error.advice is None else quoted._said(error.advice),
            transient=error.transient,
            request_id=error.request_id,
        )

    def word(self, said: str) -> str:
        """A name or a value as it may be read."""
        if self._alone(said):
            return REDACTED
        # Longest first: a value may be a part of another.
        for one in sorted(self.names, key=len, reverse=True):
            said = _without(said, one)
        return said

    def _alone(self, said: str) -> bool:
        folded = said.strip("“”").casefold()
        return any(folded == one.casefold() for one in self.values)

    def change(self, change: Change) -> Change:
        """Of an attribute that is shown the values are shown, whoever else has the same."""
        if change.attribute not in self.attributes and change.attribute != ACCOUNT:
            return change
        return replace(change, old=self._plain(change.old), new=self._plain(change.new))

    def _plain(self, value: Value) -> Value:
        if isinstance(value, tuple):
            return tuple(map(self.word, value))
        return value if value is None or isinstance(value, bool) else self.word(str(value))

    def _said(self, text: Text) -> Text:
        return replace(text, values={name: self._value(one) for name, one in text.values.items()})

    def _value(self, value: TextValue) -> TextValue:
        if isinstance(value, Text):
            return self._said(value)
        return self.word(value) if isinstance(value, str) else value

    def _identity(self, one: Identity) -> Identity:
        return replace(one, name=self.word(one.name))

    def _step(self, step: Step) -> Step:
        details = {name: self.word(value) for name, value in step.details.items()}
        return replace(step, description=self._said(step.description), details=details)

    def _account(self, account: AccountFound) -> AccountFound:
        return replace(account, address=self.word(account.address))

    def _stage(self, stage: Stage) -> Stage:
        lines = (Evidence(self._said(one.text), one.passed) for one in stage.evidence)
        return replace(stage, evidence=tuple(lines))


@dataclass(frozen=True, slots=True)
class Hiding:
    """Which target attributes a mapping hides. `naming`: those of them that name the account."""

    attributes: frozenset[str] = frozenset()
    naming: frozenset[str] = frozenset()
    identity: str = ""

    @classmethod
    def of(cls, mappings: CompiledMappings, limits: TargetLimits) -> Hiding:
        """By the mappings of one profile."""
        naming = {limits.identity, *mappings.matching}
        return cls(mappings.hidden, mappings.hidden & naming, limits.identity)

    @classmethod
    def written(cls, mappings: Sequence[AttributeMapping], identity: str = "") -> Hiding:
        """The same of mappings that need not make sense."""
        hidden = {one.target for one in mappings if "Redact" in functions_used(one)}
        naming = {identity, *(one.target for one in mappings if one.match is not None)}
        return cls(frozenset(hidden), frozenset(hidden & naming), identity)

    def among(self, *holders: Iterable[Named], shown: Iterable[Named] = ()) -> Secrets:
        """Hidden values among these. What the mapping gives now and shows is none."""
        if not self.attributes:
            return Secrets()
        open_ = {(name, one.casefold()) for name, value in shown for one in _spelt(value)}
        found = [
            (name, one)
            for holder in holders
            for name, value in holder
            if name in self.attributes
            for one in _spelt(value)
            if (name, one.casefold()) not in open_
        ]
        return Secrets(
            frozenset(one for _, one in found),
            frozenset(one for name, one in found if name in self.naming),
            self.attributes,
        )

    def of_work(self, work: Work) -> Secrets:
        """Hidden values that the target may quote when this is carried out."""
        return self.among(*self.of_plan(work))

    def of_plan(self, work: Work) -> Iterator[Iterable[Named]]:
        """All that this work knows of the account, now and afterwards."""
        for one in (work.draft, work.update, work.account):
            if one is not None:
                yield (*one.attributes.items(), (self.identity, one.match))
        yield from self.of_link(work.link)

    def of_link(self, link: Link | None) -> Iterator[Iterable[Named]]:
        """The address that a link remembers."""
        if link is not None:
            yield ((self.identity, link.match),)

    def of_account(self, account: Account) -> Iterable[Named]:
        """All that is known of an account."""
        return (*account.attributes.items(), (self.identity, account.match))


def _spelt(value: Value) -> Iterable[str]:
    """The values as they may be quoted; true and false are nobody's secret."""
    if isinstance(value, tuple):
        return [one for one in value if one]
    if value is None or isinstance(value, bool) or value == "":
        return []
    return [str(value)]


def _without(said: str, one: str) -> str:
    pattern = re.escape(one)
    if len(one) < SHORTEST:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    return re.sub(pattern, lambda _found: REDACTED, said, flags=re.IGNORECASE)
