"""What to do about somebody who is not in scope (spec/provisioning.md 6, rows 8 to 17)."""

from __future__ import annotations

from dataclasses import replace

from app.domain.accounts import (
    Account,
    AccountUpdate,
)
from app.domain.activity import ActionKind, Change, Identity, Reason, Status
from app.domain.drift import ROLES, DriftChoice
from app.domain.errors import EntryError
from app.domain.plan import Link, Subject, Work
from app.domain.settings import DisableMode, ObjectAction
from app.engine import drift, drift_sayings, sayings
from app.engine.rules import Rules
from app.engine.scoping import ScopeVerdict, fingerprint
from app.engine.works import failure, planned_action, seat_changes, skip, unseen
from app.mapping.comparison import differences

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


def leave(subject: Subject, verdict: ScopeVerdict, rules: Rules) -> Work | None:
    """Disable, delete or leave alone; None when nothing is left to do."""
    work = _leave(subject, verdict, rules)
    if work is None or verdict.reason not in RELEASED:
        return work
    return replace(work, left=verdict.reason)


def _leave(subject: Subject, verdict: ScopeVerdict, rules: Rules) -> Work | None:
    link = subject.link
    if link is None:
        return skip(subject, verdict) if subject.grants else None
    if subject.heir is not None:
        return _inherited(subject, verdict, subject.heir)
    purged = verdict.reason is Reason.PURGED_IN_SOURCE and rules.allows(ObjectAction.DELETE)
    deleting = purged and link.left not in RELEASED
    doubtful = subject.intent is not None
    if not link.active and not doubtful and not deleting:
        return _enabled_by_hand(subject, verdict, link, rules)
    if kept := _kept(subject, verdict, link, rules, deleting=deleting):
        return replace(kept, link=_left(link, verdict))
    if not subject.accounts and not subject.account_fresh:
        return unseen(subject, verdict, link)
    if deleting:
        return _delete(subject, verdict, link, next(iter(subject.accounts), None))
    if not subject.accounts:
        return _gone(subject, verdict, link) if link.active else None
    try:
        work = _switched_off(subject, verdict, link, subject.accounts[0], rules)
    except EntryError as error:
        return failure(subject, verdict, error)
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


def _first_reason(link: Link, verdict: ScopeVerdict) -> Reason:
    """Whoever was not managed any more before this stays so."""
    return link.left if link.left in RELEASED else verdict.reason


def _enabled_by_hand(
    subject: Subject, verdict: ScopeVerdict, link: Link, rules: Rules
) -> Work | None:
    """Disabled already; whoever is enabled at the target all the same was enabled by hand."""
    let_go = _let_go(subject, verdict, link)
    account = next(iter(subject.accounts), None)
    work = None if account is None else _still_on(subject, verdict, link, account, rules)
    if work is None or account is None or _kept(subject, verdict, link, rules, deleting=False):
        return let_go
    before = subject.agreed
    was_off = before is not None and _still_on(subject, verdict, link, before, rules) is None
    differences = [
        drift.Difference(one, None, one.old, None if before is None else was_off)
        for one in work.planned.changes
    ]
    found = drift.among(subject, differences, rules)
    if len(found) < len(differences):
        return let_go
    if any(one.in_force is DriftChoice.REPAIR for one in found):
        said = replace(work.planned, reason=Reason.DRIFT, message=drift_sayings.disabled_again())
        return replace(work, planned=said, drifts=tuple(map(drift.to_repair, found)))
    left = drift.ByHand(found, frozenset(one.attribute for one in found))
    told = drift.reported(subject, verdict, left, rules, drift_sayings.enabled_by_hand())
    if let_go is not None:
        return replace(let_go, drifts=found)
    return told if subject.drifting else replace(told, silent=True)


def _still_on(
    subject: Subject, verdict: ScopeVerdict, link: Link, account: Account, rules: Rules
) -> Work | None:
    """What disabling would take away from this account; None when there is nothing."""
    try:
        work = _switched_off(subject, verdict, link, account, rules)
    except EntryError:
        return None
    return work if work is not None and work.update is not None else None


def _let_go(subject: Subject, verdict: ScopeVerdict, link: Link) -> Work | None:
    """Disabled already, now unassigned as well: a later deletion sends nothing any more."""
    left = _left(link, verdict)
    if left is None:
        return None
    return replace(skip(subject, verdict, said=sayings.disabled_already()), link=left)


def _gone(subject: Subject, verdict: ScopeVerdict, link: Link) -> Work:
    """A leaver whose account somebody deleted by hand: nothing is left to take away."""
    return replace(
        skip(subject, verdict, Status.WARNING, sayings.gone_already(link)),
        link=replace(link, active=False, left=_first_reason(link, verdict), granted=frozenset()),
    )


def _kept(
    subject: Subject, verdict: ScopeVerdict, link: Link, rules: Rules, *, deleting: bool
) -> Work | None:
    """Why a leaver's account stays as it is; None when it does not."""
    if not deleting and not (
        rules.allows(ObjectAction.DISABLE) and rules.allows(ObjectAction.UPDATE)
    ):
        return skip(subject, replace(verdict, reason=Reason.ACTION_SWITCHED_OFF))
    if link.account_key == rules.target.own_key:
        return skip(subject, replace(verdict, reason=Reason.OWN_ACCOUNT), Status.WARNING)
    if subject.parked is not None and subject.parked == fingerprint(subject):
        return skip(subject, replace(verdict, reason=Reason.KEPT))
    if not deleting and rules.profile.skip_out_of_scope_deletions:
        return skip(subject, replace(verdict, reason=Reason.OUT_OF_SCOPE_KEPT))
    known_gone = subject.account_fresh and not subject.accounts
    if not deleting and not rules.limits.can_disable and not known_gone:
        return skip(subject, verdict, Status.WARNING, sayings.cannot_disable())
    return None


def _inherited(subject: Subject, verdict: ScopeVerdict, heir: Identity) -> Work:
    """Somebody in scope matches the account now: it passes to them as it is."""
    said = sayings.inherited(heir.name)
    return replace(skip(subject, verdict, Status.SUCCESS, said), passes_to=heir.id)


def _delete(subject: Subject, verdict: ScopeVerdict, link: Link, account: Account | None) -> Work:
    message = sayings.deleting(gone=account is None)
    return Work(
        person_id=subject.person.id,
        planned=planned_action(
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
        rules.evaluate_leaving(subject, replace(verdict, in_scope=one)).values
        for one in (True, False)
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
        planned=planned_action(
            subject, ActionKind.DISABLE, verdict, said, changes=changes, account=account
        ),
        update=update if changes else None,
        account=account,
        link=replace(link, active=False, left=_first_reason(link, verdict), granted=frozenset()),
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
        keep, roles = account.licences - managed - subject.granted, account.roles
    else:
        keep, roles = frozenset[str](), ()
    taken_roles = account.roles if roles != account.roles else ()
    changes = seat_changes(account, keep, rules)
    if taken_roles:
        changes = (*changes, Change(ROLES, account.roles, roles))
    after = replace(
        link,
        active=False,
        left=_first_reason(link, verdict),
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
    planned = planned_action(
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
