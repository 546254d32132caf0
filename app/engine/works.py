"""Pieces of work as every decision makes them: skips, failures, seats, planned actions."""

from __future__ import annotations

from dataclasses import replace

from app.domain.accounts import (
    Account,
)
from app.domain.activity import ActionKind, Change, PlannedAction, Reason, Status
from app.domain.drift import LICENCES
from app.domain.errors import EntryError
from app.domain.people import AppRole, Value
from app.domain.plan import Link, Subject, Work
from app.domain.texts import Text
from app.engine import evidence, sayings
from app.engine.licences import SeatPlan, plan_seats, wanted_products
from app.engine.rules import Rules
from app.engine.scoping import ScopeVerdict, fingerprint
from app.mapping.attributes import MappedValues


def loggable(change: Change, values: MappedValues) -> Change:
    """The change as the log may show it; of a hidden attribute the old value is as secret."""
    if change.attribute not in values.hidden:
        return change
    logged = values.logged.get(change.attribute, change.new)
    if logged == change.new:
        # Nothing of this value is hidden, yet the one before may have been.
        return replace(replace(change, new=None, redacted=True).shown(), new=logged, redacted=False)
    return replace(change, new=logged, redacted=True)


def seats_of(
    verdict: ScopeVerdict, held: frozenset[str], granted: frozenset[str], rules: Rules
) -> SeatPlan:
    """Seats that the roles of somebody in scope call for; raises `EntryError`."""
    if not rules.limits.has_seats:
        return SeatPlan(frozenset(), frozenset())
    roles = verdict.roles or (AppRole(id="", name="*"),)
    wanted = wanted_products(roles, rules.profile.target.licences)
    if not wanted:
        raise sayings.no_licence_for([role.name for role in roles])
    seats = plan_seats(wanted, held, granted, rules.target.licences)
    if seats.missing:
        raise sayings.no_such_licence(seats.missing)
    return seats


def seat_changes(account: Account | None, keys: frozenset[str], rules: Rules) -> tuple[Change, ...]:
    """The change of seats as the log shows it: products, not keys."""
    before = account.licences if account else frozenset[str]()
    if before == keys:
        return ()
    old: Value = product_names(before, rules) or None
    return (Change(LICENCES, old, product_names(keys, rules) or None),)


def product_names(keys: frozenset[str], rules: Rules) -> tuple[str, ...]:
    """What these licences are for."""
    products = {licence.key: licence.products for licence in rules.target.licences}
    return tuple(sorted("+".join(sorted(products.get(key, {key}))) for key in keys))


def planned_action(
    subject: Subject,
    action: ActionKind,
    verdict: ScopeVerdict,
    message: Text,
    *,
    changes: tuple[Change, ...] = (),
    account: Account | None = None,
    address: str = "",
    warned: bool = False,
) -> PlannedAction:
    """The line of the plan, with its evidence."""
    return PlannedAction(
        action=action,
        status=Status.WARNING if warned else Status.SUCCESS,
        source=sayings.source_of(subject),
        target=sayings.target_of(account, address),
        reason=verdict.reason,
        because=verdict.because,
        message=message,
        changes=changes,
        steps=evidence.steps(subject, verdict, account=account, changes=changes, address=address),
    )


def skip(
    subject: Subject,
    verdict: ScopeVerdict,
    status: Status = Status.SKIPPED,
    said: sayings.Said | None = None,
) -> Work:
    """Nobody is written to, and why."""
    said = said or sayings.skipped(verdict)
    return Work(
        person_id=subject.person.id,
        planned=PlannedAction(
            action=ActionKind.OTHER,
            status=status,
            source=sayings.source_of(subject),
            target=sayings.target_of(subject.accounts[0] if subject.accounts else None, ""),
            reason=verdict.reason,
            because=verdict.because,
            message=said.message,
            advice=said.advice,
            code=said.code,
            steps=evidence.steps_of_skip(subject, verdict, said.message),
        ),
        fingerprint=fingerprint(subject),
    )


def failure(
    subject: Subject,
    verdict: ScopeVerdict,
    error: EntryError,
    reason: Reason | None = None,
) -> Work:
    """What is known to fail before anything is sent."""
    found = reason or (Reason.DUPLICATE if error.code.startswith("Duplicate") else verdict.reason)
    action = ActionKind.UPDATE if subject.link else ActionKind.CREATE
    return Work(
        person_id=subject.person.id,
        planned=PlannedAction(
            action=action,
            status=Status.FAILURE,
            source=sayings.source_of(subject),
            target=sayings.target_of(subject.accounts[0] if subject.accounts else None, ""),
            reason=found,
            because=verdict.because,
            message=error.text,
            advice=error.advice,
            code=error.code,
            steps=evidence.steps_of_failure(subject, verdict, error),
        ),
        fingerprint=fingerprint(subject),
    )


def unseen(subject: Subject, verdict: ScopeVerdict, link: Link) -> Work:
    """The account was not found where it was; only a complete list tells whether it is gone."""
    return replace(
        failure(subject, verdict, sayings.account_lost(link), Reason.TARGET_LOST),
        needs_fresh=True,
    )
