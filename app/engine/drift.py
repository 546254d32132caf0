"""Changes made by hand at the target: told apart from those of the source, and what is done.

An attribute was changed by hand when the account had the wished value once and has another now
(`Subject.agreed`), when that was found out before, or when the person is looked at for nothing
but the account. Whatever the source wishes for anew is written as ever, and with it what was
changed by hand: only accepted values stay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.activity import ActionKind, Change, PlannedAction, Reason, Status
from app.domain.codes import DRIFT
from app.domain.drift import ACCOUNT, Drift, DriftChoice
from app.domain.people import Value
from app.domain.plan import Link, Subject, Work
from app.domain.settings import DriftSettings
from app.domain.texts import Text
from app.engine import drift_sayings, evidence, sayings
from app.engine.rules import Rules
from app.engine.scoping import ScopeVerdict, fingerprint

WAITS = frozenset({DriftChoice.REPORT, DriftChoice.ACCEPT})


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs. `shown` is the change as the log may show it."""

    shown: Change
    wished: Value
    found: Value
    agreed: bool | None = None
    """Whether the account had the wished value when it was last compared; None = not known."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """What is left as it is of the differences of one account, and what is repaired."""

    drifts: tuple[Drift, ...] = ()
    left: frozenset[str] = frozenset()
    """Attributes that are not written."""
    alone: bool = False
    """Everything that is written was changed by hand."""

    @property
    def news(self) -> tuple[Change, ...]:
        """What stays for now and was not told yet."""
        return tuple(
            one.change
            for one in self.drifts
            if one.attribute in self.left and one.in_force is DriftChoice.REPORT and not one.told
        )


NOTHING = ByHand()


def due(settings: DriftSettings, listed_at: datetime | None, now: datetime) -> bool:
    """Whether all accounts are to be read and compared in this cycle."""
    if settings.every_hours is None:
        return False
    return listed_at is None or now - listed_at >= timedelta(hours=settings.every_hours)


def tell_apart(subject: Subject, differences: Sequence[Difference], rules: Rules) -> ByHand:
    """Which of these differences somebody made by hand, and which of those stay."""
    drifts = among(subject, differences, rules)
    if not drifts:
        return NOTHING
    source_too = len(drifts) < len(differences)
    stays = {DriftChoice.ACCEPT} if source_too or not subject.drifting else WAITS
    left = frozenset(one.attribute for one in drifts if one.in_force in stays)
    if source_too or not subject.drifting:
        # Written along with the rest: what was only reported is repaired now.
        drifts = tuple(one if one.attribute in left else to_repair(one) for one in drifts)
    return ByHand(drifts, left, alone=not source_too)


def among(subject: Subject, differences: Sequence[Difference], rules: Rules) -> tuple[Drift, ...]:
    """Those of the differences that somebody made by hand."""
    if subject.link is None or subject.intent is not None or subject.recovered:
        return ()
    found = (drift_of(subject, one, rules) for one in differences)
    return tuple(one for one in found if one is not None)


def to_repair(one: Drift) -> Drift:
    """The same, repaired with what is written now."""
    return replace(one, choice=DriftChoice.REPAIR, decision=None)


def drift_of(subject: Subject, one: Difference, rules: Rules) -> Drift | None:
    """The difference as somebody made it by hand; None when the source made it."""
    attribute = one.shown.attribute
    wished = _mark(subject, attribute, one.wished)
    known = next((it for it in subject.drifts if it.attribute == attribute), None)
    if known is not None and known.wished != wished:
        known = None
    made = known is not None or (subject.drifting if one.agreed is None else one.agreed)
    if not made:
        return None
    found = _mark(subject, attribute, one.found)
    same = known is not None and known.found == found
    return Drift(
        attribute,
        one.shown,
        wished,
        found,
        choice=rules.profile.drift.choice(attribute),
        decision=known.decision if known is not None else None,
        told=same and known is not None and known.told,
        since=known.since if same and known is not None else rules.context.now,
    )


def reported(
    subject: Subject, verdict: ScopeVerdict, found: ByHand, rules: Rules, said: Text | None = None
) -> Work:
    """Nothing is written: what was found is told once, and remembered."""
    news = found.news
    account = subject.accounts[0] if subject.accounts else None
    address = subject.link.match if subject.link else ""
    message = said or drift_sayings.changed_by_hand(news, rules.limits.identity)
    return Work(
        person_id=subject.person.id,
        planned=PlannedAction(
            action=ActionKind.OTHER,
            status=Status.WARNING,
            source=sayings.source_of(subject),
            target=sayings.target_of(account, address),
            reason=Reason.DRIFT,
            because=news[0].attribute if news else "",
            message=message,
            changes=news,
            code=DRIFT,
            advice=drift_sayings.DECIDE,
            steps=evidence.steps_of_drift(subject, verdict, account, message),
        ),
        fingerprint=fingerprint(subject),
        drifts=found.drifts,
        silent=not news,
    )


def gone(subject: Subject, link: Link, wished: str, rules: Rules) -> Drift:
    """The account itself is not there any more."""
    change = Change(ACCOUNT, None, wished)
    found = drift_of(subject, Difference(change, link.account_key, None, agreed=True), rules)
    if found is None:
        raise AssertionError(ACCOUNT)
    if rules.many_gone and found.in_force is DriftChoice.REPAIR and found.decision is None:
        # So many at once are made again only when somebody says so.
        return replace(found, decision=DriftChoice.REPORT)
    return found


def repaired(work: Work, drifts: Sequence[Drift]) -> Work:
    """The same work as a repair of what somebody did by hand."""
    if work.planned.status in (Status.FAILURE, Status.SKIPPED):
        return replace(work, drifts=tuple(drifts))
    said = work.planned.message if work.draft is None else drift_sayings.made_again()
    planned = replace(work.planned, reason=Reason.DRIFT, message=said)
    return replace(work, planned=planned, drifts=tuple(drifts))


def _mark(subject: Subject, attribute: str, value: Value) -> str:
    """Tells whether two values are the same, and not which they are."""
    plain = sorted(value) if isinstance(value, tuple) else value
    said = json.dumps([subject.person.id, attribute, plain], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:32]
