"""What to do about somebody in scope (spec/provisioning.md 6, rows 1 to 7 and 13)."""

from __future__ import annotations

from dataclasses import replace

from app.domain.accounts import (
    Account,
    AccountDraft,
    AccountUpdate,
    Origin,
)
from app.domain.activity import ActionKind, Change, Reason, Status
from app.domain.plan import Link, Subject, Work
from app.domain.settings import ObjectAction
from app.engine import sayings
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
    if rivals:
        attribute, value = _found_by(subject, values, rules)
        if attribute == rules.limits.identity:
            raise sayings.shared_address(shown, rivals)
        raise sayings.shared_value(attribute, value, rivals)
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


def _found_by(subject: Subject, values: MappedValues, rules: Rules) -> tuple[str, str]:
    """The matching attribute and value by which the account was found."""
    for attribute, value in values.match:
        if attribute == rules.limits.identity or rules.same_value(
            attribute, value, [one for one in subject.accounts if attribute in one.attributes]
        ):
            return attribute, value
    return rules.limits.identity, ""


def _lost(subject: Subject, verdict: ScopeVerdict, link: Link) -> Work:
    """A member whose account is not there. One just made is made again, another needs a person."""
    if not subject.account_fresh:
        return unseen(subject, verdict, link)
    if subject.intent is ActionKind.CREATE:
        return replace(failure(subject, verdict, sayings.not_kept(link.match)), unlink=True)
    return failure(subject, verdict, sayings.account_lost(link), Reason.TARGET_LOST)


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
    action, reason = _action(subject, wanted, changed_seats)
    if action is ActionKind.OTHER:
        return _back(subject, verdict, link) if link is not None and link.left else None
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
    )
    writes = bool(wanted or changed_seats)
    again = subject.confirmed and link is not None and link.active and writes
    found = replace(verdict, reason=Reason.DRIFT if again else reason)
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
    )


def _back(subject: Subject, verdict: ScopeVerdict, link: Link) -> Work:
    """In scope again with an account that was kept: managed from now on."""
    same = replace(verdict, reason=Reason.NOTHING_TO_CHANGE)
    work = skip(subject, same, Status.SUCCESS, sayings.back_again())
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
