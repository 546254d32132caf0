"""What to do about somebody in scope (spec/provisioning.md 6, rows 1 to 7 and 13)."""

from __future__ import annotations

from dataclasses import replace

from app.domain.accounts import (
    Account,
    AccountDraft,
    AccountUpdate,
    Origin,
)
from app.domain.activity import ActionKind, Change, Reason
from app.domain.drift import LICENCES, ROLES, DriftChoice
from app.domain.errors import EntryError
from app.domain.plan import Link, Subject, Work
from app.domain.settings import DisableMode, ObjectAction
from app.engine import drift, drift_sayings, sayings
from app.engine.licences import SeatPlan
from app.engine.rules import Rules
from app.engine.scoping import ScopeVerdict, fingerprint
from app.engine.works import (
    failure,
    loggable,
    planned_action,
    product_names,
    seat_changes,
    seats_of,
    skip,
    unseen,
)
from app.mapping.attributes import MappedValues
from app.mapping.comparison import differences


def join(subject: Subject, verdict: ScopeVerdict, rules: Rules) -> Work | None:
    """Create, take over, update or enable; raises `EntryError`."""
    values = rules.evaluate(subject, verdict)
    if not values.match and subject.link is None:
        return skip(subject, replace(verdict, reason=Reason.NO_MATCHING_VALUE))
    address = rules.address_of(values)
    shown = address or (values.match[0][1] if values.match else "")
    if subject.twins:
        raise sayings.shared_address(shown, subject.twins)
    rivals = subject.rivals if subject.owner is None else (subject.owner,)
    former, pilot = subject.predecessor, rules.profile.pilot
    if former is not None and pilot is not None and pilot.isdisjoint(former.user_names):
        # Whoever is outside the pilot list is left exactly as they are.
        rivals = (former.link.person_name,)
    if rivals:
        attribute, value = _found_by(subject, values, rules)
        if attribute == rules.limits.identity:
            raise sayings.shared_address(shown, rivals)
        raise sayings.shared_value(attribute, value, rivals)
    if len(subject.accounts) > 1:
        _, value = _found_by(subject, values, rules)
        raise sayings.several_accounts(value or shown, len(subject.accounts))
    if subject.accounts:
        return _existing(subject, verdict, values, subject.accounts[0], rules)
    if subject.link is not None:
        return _lost(subject, verdict, subject.link, address, rules)
    if address is None:
        raise sayings.no_address(rules.limits.identity)
    if subject.taken:
        raise sayings.address_taken(address)
    return _create(subject, verdict, values, address, rules)


def _found_by(subject: Subject, values: MappedValues, rules: Rules) -> tuple[str, str]:
    """The matching attribute and value by which the account was found."""
    for attribute, value in values.match if subject.accounts else ():
        if attribute == rules.limits.identity or rules.same_value(
            attribute, value, [one for one in subject.accounts if attribute in one.attributes]
        ):
            return attribute, value
    others = (one for one in values.match if one[0] != rules.limits.identity)
    return next(others, (rules.limits.identity, ""))


def _lost(
    subject: Subject, verdict: ScopeVerdict, link: Link, address: str | None, rules: Rules
) -> Work:
    """A member whose account is not there. One just made is made again, another needs a person."""
    if not subject.account_fresh:
        return unseen(subject, verdict, link)
    if subject.intent is ActionKind.CREATE:
        return replace(failure(subject, verdict, sayings.not_kept(link.match)), unlink=True)
    found = drift.gone(subject, link, address or link.match, rules)
    if found.in_force is DriftChoice.ACCEPT or subject.drifting:
        left = drift.ByHand((found,), frozenset({found.attribute}))
        return drift.reported(subject, verdict, left, rules)
    lost = failure(subject, verdict, sayings.account_lost(link), Reason.TARGET_LOST)
    return replace(lost, drifts=(found,))


def _create(
    subject: Subject, verdict: ScopeVerdict, values: MappedValues, match: str, rules: Rules
) -> Work:
    if not rules.allows(ObjectAction.CREATE):
        return skip(subject, replace(verdict, reason=Reason.ACTION_SWITCHED_OFF))
    seats = seats_of(verdict, frozenset(), frozenset(), rules)
    changes = tuple(
        loggable(Change(name, None, value), values) for name, value in sorted(values.values.items())
    ) + seat_changes(None, seats.keys, rules)
    return Work(
        person_id=subject.person.id,
        planned=planned_action(
            subject,
            ActionKind.CREATE,
            verdict,
            sayings.creating(
                product_names(seats.keys, rules), values.warnings, seats=rules.limits.has_seats
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
    granted = subject.granted
    if link is None and subject.intent is ActionKind.CREATE:
        granted = account.licences
    seats = seats_of(verdict, account.licences, granted, rules)
    wished = values.for_account(account.attributes)
    changed = differences(account.attributes, wished, rules.limits)
    refused = changed if account.read_only else ()
    wanted = () if account.read_only else changed
    changed_seats = seat_changes(account, seats.keys, rules)
    by_hand = _by_hand(subject, verdict, values, wanted, seats, changed_seats, rules)
    wanted = tuple(one for one in wanted if one.attribute not in by_hand.left)
    if LICENCES in by_hand.left:
        seats, changed_seats = SeatPlan(account.licences, granted), ()
    roles = _roles_of_predecessor(subject, account, rules)
    if roles:
        changed_seats = (*changed_seats, Change(ROLES, roles, ()))
    action, reason = _action(subject, wanted, changed_seats)
    if action is ActionKind.OTHER:
        return drift.reported(subject, verdict, by_hand, rules) if by_hand.left else None
    if not rules.allows(ObjectAction.UPDATE):
        return skip(subject, replace(verdict, reason=Reason.ACTION_SWITCHED_OFF))
    origin = _origin(subject)
    match = rules.address_of(values) or account.match
    update = AccountUpdate(
        person_id=subject.person.id,
        key=account.key,
        match=match if not account.read_only else account.match,
        attributes={change.attribute: change.new for change in wanted},
        licences=seats.keys if changed_seats else None,
        roles=() if roles else None,
    )
    writes = bool(wanted or changed_seats)
    again = subject.confirmed and link is not None and link.active and writes
    put_right = by_hand.alone and writes
    found = replace(verdict, reason=Reason.DRIFT if again or put_right else reason)
    if found.reason is Reason.ATTRIBUTE_CHANGED and wanted:
        found = replace(found, because=wanted[0].attribute)
    warned = bool(values.warnings and wanted) or bool(refused) or again
    logged = tuple(loggable(change, values) for change in wanted)
    message = sayings.existing(
        action,
        origin,
        (*logged, *changed_seats),
        subject.intent,
        values.warnings if wanted else (),
        seats=bool(changed_seats),
    )
    if put_right:
        message = drift_sayings.put_right((*logged, *changed_seats))
    if again:
        message = sayings.other_values(account.match, (*logged, *changed_seats))
    return Work(
        person_id=subject.person.id,
        planned=planned_action(
            subject,
            action,
            found,
            message,
            changes=(*logged, *changed_seats),
            account=account,
            warned=warned,
        ),
        update=update if writes else None,
        account=account,
        link=_link(subject, verdict, account.key, match, origin, seats),
        needs_fresh=not subject.account_fresh
        and bool(changed_seats or action is ActionKind.ENABLE),
        fingerprint=fingerprint(subject),
        drifts=by_hand.drifts,
    )


def _by_hand(
    subject: Subject,
    verdict: ScopeVerdict,
    values: MappedValues,
    wanted: tuple[Change, ...],
    seats: SeatPlan,
    changed_seats: tuple[Change, ...],
    rules: Rules,
) -> drift.ByHand:
    """Of an account that is in use: what somebody changed there, and not the source."""
    if subject.link is None or not subject.link.active:
        return drift.NOTHING
    before = subject.agreed
    found = [
        drift.Difference(
            loggable(one, values),
            wished=one.new,
            found=one.old,
            agreed=None
            if before is None
            else not differences(before.attributes, {one.attribute: one.new}, rules.limits),
        )
        for one in wanted
    ]
    found.extend(
        drift.Difference(
            one,
            wished=tuple(sorted(seats.granted)),
            found=one.old,
            agreed=None if before is None else _seated(before, subject, verdict, rules),
        )
        for one in changed_seats
    )
    return drift.tell_apart(subject, found, rules)


def _seated(account: Account, subject: Subject, verdict: ScopeVerdict, rules: Rules) -> bool:
    """Whether an account held the seats that it should hold now."""
    try:
        seats = seats_of(verdict, account.licences, subject.granted, rules)
    except EntryError:
        return False
    return seats.keys == account.licences


def _roles_of_predecessor(subject: Subject, account: Account, rules: Rules) -> tuple[str, ...]:
    """Admin roles that suspending would have taken from whoever had the account before."""
    taken_away = rules.limits.has_seats and rules.profile.target.disable is DisableMode.SUSPEND
    if subject.predecessor is None or not taken_away or account.key == rules.target.own_key:
        return ()
    return account.roles


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
