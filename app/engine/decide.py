"""What to do about one person: a pure function of what is known (spec/provisioning.md 6).

Plan, preview, dry run and cycle all ask here; nothing in this file writes or waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.accounts import (
    Account,
    AccountDraft,
    AccountUpdate,
    Origin,
    TargetInfo,
    TargetLimits,
)
from app.domain.activity import ActionKind, Change, PlannedAction, Reason, Status
from app.domain.errors import EntryError
from app.domain.people import AppRole, Value
from app.domain.plan import Link, Subject, Work
from app.domain.settings import DisableMode, ObjectAction, Profile
from app.domain.texts import Text
from app.engine import sayings
from app.engine.licences import SeatPlan, plan_seats, wanted_products
from app.engine.scoping import ScopeVerdict, assess, fingerprint
from app.mapping.attributes import SOFT_DELETED, CompiledMappings, MappedValues
from app.mapping.comparison import differences
from app.mapping.scoping import CompiledFilters
from app.mapping.values import Context

LICENCES = "licences"
ROLES = "adminRoles"


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that is the same for all people of one cycle."""

    profile: Profile
    mappings: CompiledMappings
    filters: CompiledFilters
    roles: Mapping[str, AppRole]
    assigned_groups: frozenset[str]
    limits: TargetLimits
    target: TargetInfo
    context: Context

    def allows(self, action: ObjectAction) -> bool:
        """Is this target object action switched on?"""
        return action in self.profile.users.actions

    def scope(self, subject: Subject) -> ScopeVerdict:
        """Whether the person should have an account, and why."""
        verdict = assess(subject, self.profile, self.roles, self.filters)
        link = subject.link
        if (
            verdict.reason is Reason.LEFT_GROUP
            and link is not None
            and link.group_id not in self.assigned_groups
        ):
            return replace(verdict, reason=Reason.GROUP_UNASSIGNED)
        return verdict

    def evaluate(self, subject: Subject, *, leaving: bool = False) -> MappedValues:
        """The mapped values; raises `EntryError`. `leaving` is IsSoftDeleted (4.5)."""
        creating = subject.link is None and not subject.accounts
        attributes = {**subject.person.attributes, SOFT_DELETED: leaving}
        return self.mappings.evaluate(attributes, creating=creating, context=self.context)

    def match_of(self, values: MappedValues) -> str | None:
        """The matching value, lower case; None when no matching attribute has one."""
        return values.match[0][1].lower() if values.match else None


def decide(subject: Subject, rules: Rules) -> Work | None:
    """The work for one person; None when everything is as it should be."""
    verdict = rules.scope(subject)
    if verdict.reason is Reason.OUTSIDE_PILOT:
        return _skip(subject, verdict) if subject.grants else None
    if not verdict.in_scope:
        return _leaver(subject, verdict, rules)
    try:
        return _member(subject, verdict, rules)
    except EntryError as error:
        return _failure(subject, verdict, error)


def _leaver(subject: Subject, verdict: ScopeVerdict, rules: Rules) -> Work | None:
    link = subject.link
    if link is None:
        return _skip(subject, verdict) if subject.grants else None
    if not link.active:
        return None
    if not rules.allows(ObjectAction.DISABLE) or not rules.allows(ObjectAction.UPDATE):
        return _skip(subject, replace(verdict, reason=Reason.ACTION_SWITCHED_OFF))
    if link.account_key == rules.target.own_key:
        return _skip(subject, replace(verdict, reason=Reason.OWN_ACCOUNT), Status.WARNING)
    if subject.parked is not None and subject.parked == fingerprint(subject):
        return _skip(subject, replace(verdict, reason=Reason.KEPT))
    if not subject.accounts:
        return _failure(subject, verdict, sayings.account_lost(link), Reason.TARGET_LOST)
    account = subject.accounts[0]
    if rules.limits.has_seats:
        return _disable(subject, verdict, link, account, rules)
    try:
        return _deactivate(subject, verdict, link, account, rules)
    except EntryError as error:
        return _failure(subject, verdict, error)


def _deactivate(
    subject: Subject, verdict: ScopeVerdict, link: Link, account: Account, rules: Rules
) -> Work | None:
    """Disabling without seats: the update that IsSoftDeleted makes, and nothing else of it.

    No mapping that asks for it, nothing to send (spec/provisioning.md 6, row 15).
    """
    staying, leaving = (rules.evaluate(subject, leaving=one).values for one in (False, True))
    flags = {name: value for name, value in leaving.items() if staying.get(name) != value}
    if not flags:
        return None
    changes = differences(account.attributes, flags, rules.limits)
    update = AccountUpdate(
        person_id=subject.person.id,
        key=account.key,
        match=account.match,
        attributes={change.attribute: change.new for change in changes},
    )
    said = sayings.disabling(verdict, account, seats=False)
    return Work(
        person_id=subject.person.id,
        planned=_planned(
            subject, ActionKind.DISABLE, verdict, said, changes=changes, account=account
        ),
        update=update if changes else None,
        account=account,
        link=replace(link, active=False, granted=frozenset()),
        fingerprint=fingerprint(subject),
    )


def _disable(
    subject: Subject, verdict: ScopeVerdict, link: Link, account: Account, rules: Rules
) -> Work:
    managed = {
        licence.key
        for licence in rules.target.licences
        if licence.products in set(rules.profile.target.licences.values())
    }
    if rules.profile.target.disable is DisableMode.REMOVE_MANAGED:
        keep, roles = account.licences - managed - link.granted, account.roles
    else:
        keep, roles = frozenset[str](), ()
    taken_roles = account.roles if roles != account.roles else ()
    changes = _seat_changes(account, keep, rules)
    if taken_roles:
        changes = (*changes, Change(ROLES, account.roles, roles))
    after = replace(
        link,
        active=False,
        granted=frozenset(),
        taken_licences=account.licences - keep,
        taken_roles=taken_roles,
    )
    update = AccountUpdate(
        person_id=subject.person.id,
        key=account.key,
        match=account.match,
        licences=keep,
        roles=roles if taken_roles else None,
    )
    planned = _planned(
        subject,
        ActionKind.DISABLE,
        verdict,
        sayings.disabling(verdict, account),
        changes=changes,
        account=account,
    )
    return Work(
        person_id=subject.person.id,
        planned=planned,
        update=update if changes else None,
        account=account,
        link=after,
        needs_fresh=None if subject.account_fresh else account.match,
        fingerprint=fingerprint(subject),
    )


def _member(subject: Subject, verdict: ScopeVerdict, rules: Rules) -> Work | None:
    values = rules.evaluate(subject)
    match = rules.match_of(values)
    if match is None and subject.link is None:
        return _skip(subject, replace(verdict, reason=Reason.NO_MATCHING_VALUE))
    if subject.twins:
        raise sayings.shared_address(match or "", subject.twins)
    if subject.owner is not None:
        raise sayings.shared_address(match or "", (subject.owner,))
    if len(subject.accounts) > 1:
        raise sayings.several_accounts(match or "", len(subject.accounts))
    if subject.accounts:
        return _existing(subject, verdict, values, subject.accounts[0], rules)
    if subject.link is not None:
        return _failure(subject, verdict, sayings.account_lost(subject.link), Reason.TARGET_LOST)
    return _create(subject, verdict, values, match or "", rules)


def _create(
    subject: Subject, verdict: ScopeVerdict, values: MappedValues, match: str, rules: Rules
) -> Work:
    if not rules.allows(ObjectAction.CREATE):
        return _skip(subject, replace(verdict, reason=Reason.ACTION_SWITCHED_OFF))
    seats = _seats(verdict, frozenset(), frozenset(), rules)
    changes = tuple(
        Change(name, None, value) for name, value in sorted(values.values.items())
    ) + _seat_changes(None, seats.keys, rules)
    return Work(
        person_id=subject.person.id,
        planned=_planned(
            subject,
            ActionKind.CREATE,
            verdict,
            sayings.creating(
                _product_names(seats.keys, rules), values.warnings, seats=rules.limits.has_seats
            ),
            changes=changes,
            address=match,
            warned=bool(values.warnings),
        ),
        draft=AccountDraft(subject.person.id, match, values.values, seats.keys),
        link=_link(subject, verdict, "", match, Origin.CREATED, seats),
        fingerprint=fingerprint(subject),
    )


def _existing(
    subject: Subject, verdict: ScopeVerdict, values: MappedValues, account: Account, rules: Rules
) -> Work | None:
    link = subject.link
    seats = _seats(verdict, account.licences, link.granted if link else frozenset(), rules)
    changed = differences(account.attributes, values.values, rules.limits)
    refused = changed if account.read_only else ()
    wanted = () if account.read_only else changed
    seat_changes = _seat_changes(account, seats.keys, rules)
    action, reason = _action(subject, wanted, seat_changes)
    if action is ActionKind.OTHER:
        return None
    if not rules.allows(ObjectAction.UPDATE):
        return _skip(subject, replace(verdict, reason=Reason.ACTION_SWITCHED_OFF))
    origin = _origin(subject)
    match = rules.match_of(values) or account.match
    update = AccountUpdate(
        person_id=subject.person.id,
        key=account.key,
        match=match if not account.read_only else account.match,
        attributes={change.attribute: change.new for change in wanted},
        licences=seats.keys if seat_changes else None,
    )
    writes = bool(wanted or seat_changes)
    found = replace(verdict, reason=reason)
    if reason is Reason.ATTRIBUTE_CHANGED and wanted:
        found = replace(found, because=wanted[0].attribute)
    warned = bool(values.warnings and wanted) or bool(refused)
    return Work(
        person_id=subject.person.id,
        planned=_planned(
            subject,
            action,
            found,
            sayings.existing(
                action,
                origin,
                (*wanted, *seat_changes),
                subject.intent,
                seats=rules.limits.has_seats,
            ),
            changes=(*wanted, *seat_changes),
            account=account,
            warned=warned,
        ),
        update=update if writes else None,
        account=account,
        link=_link(subject, verdict, account.key, match, origin, seats),
        needs_fresh=None
        if subject.account_fresh or not (seat_changes or action is ActionKind.ENABLE)
        else account.match,
        fingerprint=fingerprint(subject),
    )


def _action(
    subject: Subject, wanted: tuple[Change, ...], seats: tuple[Change, ...]
) -> tuple[ActionKind, Reason]:
    if subject.link is None:
        if subject.intent is ActionKind.CREATE and not wanted and not seats:
            return ActionKind.CREATE, Reason.ASSIGNED
        return (
            (ActionKind.UPDATE, Reason.MATCHED)
            if wanted or seats
            else (ActionKind.LINK, Reason.MATCHED)
        )
    if not subject.link.active:
        return ActionKind.ENABLE, Reason.REACTIVATED
    if wanted:
        return ActionKind.UPDATE, Reason.ATTRIBUTE_CHANGED
    if seats:
        return ActionKind.UPDATE, Reason.ROLE_CHANGED
    return ActionKind.OTHER, Reason.NOTHING_TO_CHANGE


def _origin(subject: Subject) -> Origin:
    if subject.link is not None:
        return subject.link.origin
    return Origin.CREATED if subject.intent is ActionKind.CREATE else Origin.TAKEN_OVER


def _seats(
    verdict: ScopeVerdict, held: frozenset[str], granted: frozenset[str], rules: Rules
) -> SeatPlan:
    if not rules.limits.has_seats:
        return SeatPlan(frozenset(), frozenset())
    roles = verdict.roles or (AppRole(id="", name="*"),)
    wanted = wanted_products(roles, rules.profile.target.licences)
    seats = plan_seats(wanted, held, granted, rules.target.licences)
    if seats.missing:
        raise sayings.no_such_licence(seats.missing)
    return seats


def _seat_changes(
    account: Account | None, keys: frozenset[str], rules: Rules
) -> tuple[Change, ...]:
    before = account.licences if account else frozenset[str]()
    if before == keys:
        return ()
    old: Value = _product_names(before, rules) or None
    return (Change(LICENCES, old, _product_names(keys, rules) or None),)


def _product_names(keys: frozenset[str], rules: Rules) -> tuple[str, ...]:
    products = {licence.key: licence.products for licence in rules.target.licences}
    return tuple(sorted("+".join(sorted(products.get(key, {key}))) for key in keys))


def _link(
    subject: Subject,
    verdict: ScopeVerdict,
    key: str,
    match: str,
    origin: Origin,
    seats: SeatPlan,
) -> Link:
    grant = verdict.grant
    return Link(
        person_id=subject.person.id,
        person_name=subject.person.name,
        account_key=key,
        match=match,
        origin=origin,
        granted=seats.granted,
        group_id=grant.group_ids[0] if grant and grant.group_ids else None,
        group_name=grant.group_names[0] if grant and grant.group_names else None,
    )


def _planned(
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
    return PlannedAction(
        action=action,
        status=Status.WARNING if warned else Status.SUCCESS,
        source=sayings.source_of(subject),
        target=sayings.target_of(account, address),
        reason=verdict.reason,
        because=verdict.because,
        message=message,
        changes=changes,
        steps=sayings.steps(subject, verdict, account, changes),
    )


def _skip(subject: Subject, verdict: ScopeVerdict, status: Status = Status.SKIPPED) -> Work:
    said = sayings.skipped(verdict)
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
            steps=sayings.steps(subject, verdict, None, ()),
        ),
        fingerprint=fingerprint(subject),
    )


def _failure(
    subject: Subject,
    verdict: ScopeVerdict,
    error: EntryError,
    reason: Reason | None = None,
) -> Work:
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
            steps=sayings.steps(subject, verdict, None, ()),
        ),
        fingerprint=fingerprint(subject),
    )
