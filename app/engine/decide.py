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
from app.domain.activity import REDACTED, ActionKind, Change, PlannedAction, Reason, Status
from app.domain.errors import EntryError
from app.domain.people import AppRole, Value
from app.domain.plan import Link, Subject, Work
from app.domain.settings import DisableMode, ObjectAction, Profile
from app.domain.texts import Text
from app.engine import evidence, sayings
from app.engine.licences import SeatPlan, plan_seats, wanted_products
from app.engine.scoping import ScopeVerdict, assess, fingerprint
from app.mapping.attributes import CompiledMappings, MappedValues
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

    def evaluate(
        self, subject: Subject, verdict: ScopeVerdict, *, whole: bool = True
    ) -> MappedValues:
        """The mapped values of somebody in scope; raises `EntryError`.

        Without `whole` values that a new account must have may be missing: whether the account
        is new is not known before it has been looked for.
        """
        creating = subject.link is None and not subject.accounts
        attributes = {
            **subject.person.attributes,
            "IsSoftDeleted": not verdict.in_scope,
            "appRoleAssignments": tuple(role.name for role in verdict.roles),
        }
        return self.mappings.evaluate(
            attributes, creating=creating, whole=whole, context=self.context
        )

    @property
    def matches_otherwise(self) -> bool:
        """Does matching use anything but the attribute that names accounts in the target?"""
        return self.mappings.matching != (self.limits.identity,)

    def matching_values(self, subject: Subject) -> tuple[tuple[str, str], ...]:
        """Matching attributes with a value, by precedence; none when a mapping fails."""
        try:
            return self.evaluate(subject, self.scope(subject), whole=False).match
        except EntryError:
            return ()

    def redacted(self, subject: Subject) -> Mapping[str, str]:
        """What is shown of matching values that nobody is to see."""
        try:
            values = self.evaluate(subject, self.scope(subject), whole=False)
        except EntryError:
            return {}
        return dict.fromkeys(values.redacted, REDACTED)

    def address_of(self, values: MappedValues) -> str | None:
        """The value that names the account in the target, lower case; None when there is none."""
        value = values.values.get(self.limits.identity)
        return value.lower() if isinstance(value, str) and value else None


def decide(subject: Subject, rules: Rules) -> Work | None:
    """The work for one person; None when everything is as it should be."""
    subject = _with_recovered(subject)
    verdict = rules.scope(subject)
    if verdict.reason is Reason.OUTSIDE_PILOT:
        return _skip(subject, verdict) if subject.grants else None
    if not verdict.in_scope:
        return _leaver(subject, verdict, rules)
    try:
        return _member(subject, verdict, rules)
    except EntryError as error:
        return _failure(subject, verdict, error)


def _with_recovered(subject: Subject) -> Subject:
    """An account that a lost answer left behind belongs to its person all the same."""
    if subject.link is not None or not subject.recovered or len(subject.accounts) != 1:
        return subject
    (account,) = subject.accounts
    created = subject.intent is ActionKind.CREATE
    link = Link(
        person_id=subject.person.id,
        person_name=subject.person.name,
        account_key=account.key,
        match=account.match,
        origin=Origin.CREATED if created else Origin.TAKEN_OVER,
        active=account.active,
        granted=account.licences if created else frozenset(),
    )
    return replace(subject, link=link)


# Who left in one of these ways is not managed any more: a later deletion sends nothing
# (spec/provisioning.md 6, row 8, and the choice for row 9).
RELEASED = frozenset(
    {
        Reason.UNASSIGNED,
        Reason.GROUP_UNASSIGNED,
        Reason.LEFT_GROUP,
        Reason.FILTERED_OUT,
        Reason.NOT_EFFECTIVELY_ENTITLED,
    }
)


def _leaver(subject: Subject, verdict: ScopeVerdict, rules: Rules) -> Work | None:
    link = subject.link
    if link is None:
        return _skip(subject, verdict) if subject.grants else None
    if subject.heir is not None:
        return _inherited(subject, verdict, subject.heir)
    purged = verdict.reason is Reason.PURGED_IN_SOURCE and rules.allows(ObjectAction.DELETE)
    deleting = purged and link.left not in RELEASED
    doubtful = subject.intent is not None
    if not link.active and not doubtful and not deleting:
        return _let_go(subject, verdict, link)
    if kept := _kept(subject, verdict, link, rules, deleting=deleting):
        return replace(kept, link=_left(link, verdict))
    if not subject.accounts and not subject.account_fresh:
        return _unseen(subject, verdict, link)
    if deleting:
        return _delete(subject, verdict, link, next(iter(subject.accounts), None))
    if not subject.accounts:
        return _gone(subject, verdict, link) if link.active else None
    try:
        work = _switched_off(subject, verdict, link, subject.accounts[0], rules)
    except EntryError as error:
        return _failure(subject, verdict, error)
    return work if work is not None and (link.active or work.update is not None) else None


def _switched_off(
    subject: Subject, verdict: ScopeVerdict, link: Link, account: Account, rules: Rules
) -> Work | None:
    switch = _disable if rules.limits.has_seats else _deactivate
    return switch(subject, verdict, link, account, rules)


def _left(link: Link, verdict: ScopeVerdict) -> Link | None:
    """The link of somebody who is not managed from now on; None when it stays as it is."""
    if verdict.reason not in RELEASED or link.left in RELEASED:
        return None
    return replace(link, left=verdict.reason)


def _let_go(subject: Subject, verdict: ScopeVerdict, link: Link) -> Work | None:
    """Disabled already, now unassigned as well: a later deletion sends nothing any more."""
    left = _left(link, verdict)
    if left is None:
        return None
    return replace(_skip(subject, verdict, said=sayings.disabled_already()), link=left)


def _unseen(subject: Subject, verdict: ScopeVerdict, link: Link) -> Work:
    """The account was not found where it was; only a complete list tells whether it is gone."""
    return replace(
        _failure(subject, verdict, sayings.account_lost(link), Reason.TARGET_LOST),
        needs_fresh=True,
    )


def _gone(subject: Subject, verdict: ScopeVerdict, link: Link) -> Work:
    """A leaver whose account somebody deleted by hand: nothing is left to take away."""
    return replace(
        _skip(subject, verdict, Status.WARNING, sayings.gone_already(link)),
        link=replace(link, active=False, left=verdict.reason, granted=frozenset()),
    )


def _kept(
    subject: Subject, verdict: ScopeVerdict, link: Link, rules: Rules, *, deleting: bool
) -> Work | None:
    """Why a leaver's account stays as it is; None when it does not."""
    if not deleting and not (
        rules.allows(ObjectAction.DISABLE) and rules.allows(ObjectAction.UPDATE)
    ):
        return _skip(subject, replace(verdict, reason=Reason.ACTION_SWITCHED_OFF))
    if link.account_key == rules.target.own_key:
        return _skip(subject, replace(verdict, reason=Reason.OWN_ACCOUNT), Status.WARNING)
    if subject.parked is not None and subject.parked == fingerprint(subject):
        return _skip(subject, replace(verdict, reason=Reason.KEPT))
    if not deleting and rules.profile.skip_out_of_scope_deletions:
        return _skip(subject, replace(verdict, reason=Reason.OUT_OF_SCOPE_KEPT))
    if not deleting and not rules.limits.can_disable:
        return _skip(subject, verdict, Status.WARNING, sayings.cannot_disable())
    return None


def _inherited(subject: Subject, verdict: ScopeVerdict, heir: str) -> Work:
    """Somebody in scope has this address now: the account passes to them as it is."""
    return replace(_skip(subject, verdict, Status.SUCCESS, sayings.inherited(heir)), unlink=True)


def _delete(subject: Subject, verdict: ScopeVerdict, link: Link, account: Account | None) -> Work:
    message = sayings.deleting(gone=account is None)
    return Work(
        person_id=subject.person.id,
        planned=_planned(
            subject, ActionKind.DELETE, verdict, message, account=account, address=link.match
        ),
        account=account,
        link=link,
        remove=link.account_key if account is not None else None,
        unlink=True,
        fingerprint=fingerprint(subject),
    )


def _deactivate(
    subject: Subject, verdict: ScopeVerdict, link: Link, account: Account, rules: Rules
) -> Work | None:
    """Disabling without seats: the update that IsSoftDeleted makes, and nothing else of it.

    No mapping that asks for it, nothing to send (spec/provisioning.md 6, row 15).
    """
    staying, leaving = (
        rules.evaluate(subject, replace(verdict, in_scope=one)).values for one in (True, False)
    )
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
        link=replace(link, active=False, left=verdict.reason, granted=frozenset()),
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
        left=verdict.reason,
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
        needs_fresh=not subject.account_fresh,
        fingerprint=fingerprint(subject),
    )


def _member(subject: Subject, verdict: ScopeVerdict, rules: Rules) -> Work | None:
    values = rules.evaluate(subject, verdict)
    if not values.match and subject.link is None:
        return _skip(subject, replace(verdict, reason=Reason.NO_MATCHING_VALUE))
    address = rules.address_of(values)
    shown = address or (values.match[0][1] if values.match else "")
    if subject.twins:
        raise sayings.shared_address(shown, subject.twins)
    if subject.owner is not None:
        raise sayings.shared_address(shown, (subject.owner,))
    if len(subject.accounts) > 1:
        raise sayings.several_accounts(shown, len(subject.accounts))
    if subject.accounts:
        return _existing(subject, verdict, values, subject.accounts[0], rules)
    if subject.link is not None:
        return _lost(subject, verdict, subject.link)
    if address is None:
        raise sayings.no_address(rules.limits.identity)
    if subject.taken:
        raise sayings.address_taken(address)
    return _create(subject, verdict, values, address, rules)


def _lost(subject: Subject, verdict: ScopeVerdict, link: Link) -> Work:
    """A member whose account is not there. One just made is made again, another needs a person."""
    if not subject.account_fresh:
        return _unseen(subject, verdict, link)
    if subject.intent is ActionKind.CREATE:
        return replace(_failure(subject, verdict, sayings.not_kept(link.match)), unlink=True)
    return _failure(subject, verdict, sayings.account_lost(link), Reason.TARGET_LOST)


def _create(
    subject: Subject, verdict: ScopeVerdict, values: MappedValues, match: str, rules: Rules
) -> Work:
    if not rules.allows(ObjectAction.CREATE):
        return _skip(subject, replace(verdict, reason=Reason.ACTION_SWITCHED_OFF))
    seats = _seats(verdict, frozenset(), frozenset(), rules)
    changes = tuple(
        _loggable(Change(name, None, value), values)
        for name, value in sorted(values.values.items())
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
    granted = link.granted if link else frozenset[str]()
    if link is None and subject.intent is ActionKind.CREATE:
        granted = account.licences
    seats = _seats(verdict, account.licences, granted, rules)
    wished = values.for_account(account.attributes)
    changed = differences(account.attributes, wished, rules.limits)
    refused = changed if account.read_only else ()
    wanted = () if account.read_only else changed
    seat_changes = _seat_changes(account, seats.keys, rules)
    action, reason = _action(subject, wanted, seat_changes)
    if action is ActionKind.OTHER:
        return _back(subject, verdict, link) if link is not None and link.left else None
    if not rules.allows(ObjectAction.UPDATE):
        return _skip(subject, replace(verdict, reason=Reason.ACTION_SWITCHED_OFF))
    origin = _origin(subject)
    match = rules.address_of(values) or account.match
    update = AccountUpdate(
        person_id=subject.person.id,
        key=account.key,
        match=match if not account.read_only else account.match,
        attributes={change.attribute: change.new for change in wanted},
        licences=seats.keys if seat_changes else None,
    )
    writes = bool(wanted or seat_changes)
    again = subject.confirmed and link is not None and link.active and writes
    found = replace(verdict, reason=Reason.DRIFT if again else reason)
    if found.reason is Reason.ATTRIBUTE_CHANGED and wanted:
        found = replace(found, because=wanted[0].attribute)
    warned = bool(values.warnings and wanted) or bool(refused) or again
    logged = tuple(_loggable(change, values) for change in wanted)
    message = sayings.existing(
        action,
        origin,
        (*logged, *seat_changes),
        subject.intent,
        values.warnings if wanted else (),
    )
    if again:
        message = sayings.other_values(account.match, (*logged, *seat_changes))
    return Work(
        person_id=subject.person.id,
        planned=_planned(
            subject,
            action,
            found,
            message,
            changes=(*logged, *seat_changes),
            account=account,
            warned=warned,
        ),
        update=update if writes else None,
        account=account,
        link=_link(subject, verdict, account.key, match, origin, seats),
        needs_fresh=not subject.account_fresh and bool(seat_changes or action is ActionKind.ENABLE),
        fingerprint=fingerprint(subject),
    )


def _back(subject: Subject, verdict: ScopeVerdict, link: Link) -> Work:
    """In scope again with an account that was kept: managed from now on."""
    same = replace(verdict, reason=Reason.NOTHING_TO_CHANGE)
    work = _skip(subject, same, Status.SUCCESS, sayings.back_again())
    return replace(work, link=replace(link, left=None))


def _action(
    subject: Subject, wanted: tuple[Change, ...], seats: tuple[Change, ...]
) -> tuple[ActionKind, Reason]:
    if subject.link is None or subject.recovered:
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


def _loggable(change: Change, values: MappedValues) -> Change:
    """The change as the log may show it; of a redacted value the old one is as secret."""
    if change.attribute not in values.redacted:
        return change
    return replace(change, new=values.redacted[change.attribute], redacted=True)


def _seats(
    verdict: ScopeVerdict, held: frozenset[str], granted: frozenset[str], rules: Rules
) -> SeatPlan:
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
        steps=evidence.steps(subject, verdict, account=account, changes=changes, address=address),
    )


def _skip(
    subject: Subject,
    verdict: ScopeVerdict,
    status: Status = Status.SKIPPED,
    said: sayings.Said | None = None,
) -> Work:
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
            steps=evidence.steps_of_failure(subject, verdict, error),
        ),
        fingerprint=fingerprint(subject),
    )
