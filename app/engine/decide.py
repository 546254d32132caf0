"""What to do about one person: a pure function of what is known (spec/provisioning.md 6).

Plan, preview, dry run and cycle all ask here; nothing in this file writes or waits.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.accounts import (
    Origin,
)
from app.domain.activity import ActionKind, Reason
from app.domain.errors import EntryError
from app.domain.plan import Link, Subject, Work
from app.engine.joining import join
from app.engine.leaving import leave
from app.engine.rules import Rules
from app.engine.works import failure, skip


def decide(subject: Subject, rules: Rules) -> Work | None:
    """The work for one person; None when everything is as it should be.

    Its line of the plan shows nothing that the mappings hide.
    """
    subject = _with_recovered(subject)
    work = _decide(subject, rules)
    if work is None:
        return None
    return replace(work, planned=rules.secrets(subject, work).planned(work.planned))


def _decide(subject: Subject, rules: Rules) -> Work | None:
    verdict = rules.scope(subject)
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
