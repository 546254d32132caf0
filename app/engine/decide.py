"""What to do about one person: a pure function of what is known (spec/provisioning.md 6).

Plan, preview, dry run and cycle all ask here; nothing in this file writes or waits.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.accounts import (
    Origin,
)
from app.domain.activity import ActionKind, Reason
from app.domain.drift import DriftChoice
from app.domain.errors import EntryError
from app.domain.plan import Link, Subject, Work
from app.engine import drift
from app.engine.joining import join
from app.engine.leaving import leave
from app.engine.rules import Rules
from app.engine.works import failure, skip


def decide(subject: Subject, rules: Rules) -> Work | None:
    """The work for one person; None when everything is as it should be.

    Its line of the plan shows nothing that the mappings hide.
    """
    again = _made_again(subject, rules)
    found = again or subject
    known = _with_recovered(found)
    work = _decide(known, rules)
    if work is None:
        return None
    if again is not None:
        work = drift.repaired(work, again.drifts)
    if known is not found and work.link is None and not work.unlink:
        work = replace(work, link=known.link)
    secrets = rules.secrets(known, work)
    drifts = tuple(replace(one, change=secrets.change(one.change).shown()) for one in work.drifts)
    return replace(work, planned=secrets.planned(work.planned), drifts=drifts)


def rests(subject: Subject, rules: Rules) -> bool:
    """Outside the pilot list with an action whose outcome is unknown: it stays unknown.

    What became of it is looked at when the list no longer leaves this person out.
    """
    return subject.intent is not None and rules.scope(subject).reason is Reason.OUTSIDE_PILOT


def _decide(subject: Subject, rules: Rules) -> Work | None:
    verdict = rules.scope(subject)
    if verdict.reason is Reason.OUTSIDE_PILOT and subject.link is not None and not subject.grants:
        return replace(skip(subject, verdict), silent=True)
    if verdict.reason is Reason.OUTSIDE_PILOT:
        return skip(subject, verdict) if subject.grants else None
    if verdict.trouble is not None:
        return failure(subject, verdict, verdict.trouble)
    if not verdict.in_scope:
        return leave(subject, verdict, rules)
    try:
        return join(subject, verdict, rules)
    except EntryError as error:
        return failure(subject, verdict, error)


def _made_again(subject: Subject, rules: Rules) -> Subject | None:
    """The person matched anew, whose account was deleted by hand and is to be there again."""
    link, anew = subject.link, subject.anew
    lost = link is not None and anew is not None and not subject.accounts
    if not lost or link is None or anew is None or not subject.account_fresh:
        return None
    if not link.active or not rules.scope(subject).in_scope:
        return None
    if subject.intent is ActionKind.CREATE and anew.accounts:
        # Begun before, and the answer was lost: the account is there under its address.
        return replace(anew, account_fresh=True, drifts=())
    if subject.intent is ActionKind.CREATE and subject.confirmed:
        return None
    found = drift.gone(subject, link, _address(subject, rules) or link.match, rules)
    if found.in_force is not DriftChoice.REPAIR:
        return None
    return replace(anew, account_fresh=True, drifts=(found,), drifting=False)


def _address(subject: Subject, rules: Rules) -> str | None:
    try:
        return rules.address_of(rules.evaluate(subject, rules.scope(subject), whole=False))
    except EntryError:
        return None


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
