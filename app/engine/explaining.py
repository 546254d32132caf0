"""From what was decided about one person to the explanation (spec/provisioning.md 11).

Nothing here reads or decides: evidence is what scoping, matching and `decide` already found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.accounts import Account
from app.domain.activity import (
    REDACTED,
    ActionKind,
    ActivityRecord,
    Change,
    Reason,
    Status,
)
from app.domain.drift import DriftChoice
from app.domain.explanation import (
    AccountFound,
    Evidence,
    Explanation,
    Ownership,
    Path,
    PathReason,
    Result,
    Stage,
    StageName,
)
from app.domain.people import DEFAULT_ACCESS, Person, Presence, Value
from app.domain.plan import Grant
from app.domain.settings import Scope
from app.domain.texts import Text
from app.engine import answers, drift_sayings, evidence
from app.engine.answers import Situation, clause_said, value_said
from app.engine.cases import Case
from app.engine.rules import Rules
from app.engine.scoping import DEFAULT_ROLE
from app.engine.upcoming import upcoming
from app.mapping.attributes import redacted_sources
from app.mapping.scoping import ClauseVerdict


def explain(case: Case) -> Explanation:
    """Put it into the form that is shown, without what the mappings hide."""
    secrets = case.rules.secrets(case.subject, foreign=case.foreign)
    return secrets.explained(_explained(case))


def _explained(case: Case) -> Explanation:
    planned, paths, clauses = case.planned, _paths(case), _clauses(case)
    situation = Situation(
        case.subject,
        case.verdict,
        planned,
        paths,
        clauses,
        foreign=case.foreign is not None,
        failed=case.escrow.message if case.escrow is not None and planned is not None else None,
    )
    account = next(iter(case.subject.accounts), None) or case.foreign
    return Explanation(
        person=_shown_person(case),
        answer=answers.answer(situation),
        in_scope=case.verdict.in_scope,
        reason=_reason(case),
        because=case.verdict.because,
        application=case.application,
        paths=paths,
        account=_account(account, case.rules) if account is not None else None,
        origin=_origin(case, account),
        stages=_stages(case, clauses),
        next=upcoming(case),
        code=_code(case),
        advice=planned.advice if planned is not None else None,
        as_of=case.as_of,
    )


def _code(case: Case) -> str | None:
    if case.planned is None:
        return None
    return case.planned.code or (case.escrow.code if case.escrow is not None else None)


def result_of(record: ActivityRecord) -> Result:
    """How it ended, as on demand tells it."""
    if record.status is Status.FAILURE:
        return Result.FAILURE
    if record.status is Status.SKIPPED or record.action is ActionKind.OTHER:
        return Result.SKIPPED
    return Result.SUCCESS


def after(explained: Explanation, record: ActivityRecord) -> Explanation:
    """The same with what was done as its last step."""
    done = record.steps[-1].description if record.steps else record.message
    lines = [Evidence(record.message), *changed(record.changes)]
    if done not in (record.message, *(line.text for line in lines)):
        lines.append(Evidence(done))
    action = Stage(StageName.ACTION, record.status, tuple(lines))
    return replace(explained, stages=(*explained.stages[:-1], action), code=record.code)


def _reason(case: Case) -> Reason:
    """What decided: something wrong comes before the scope."""
    planned = case.planned
    if planned is not None and (planned.status is Status.FAILURE or planned.reason is Reason.KEPT):
        return planned.reason
    if planned is not None and planned.status is Status.SKIPPED and case.verdict.in_scope:
        return planned.reason
    if planned is not None and planned.reason in evidence.AFTER_SCOPING:
        return planned.reason
    return case.verdict.reason


def _shown_person(case: Case) -> Person:
    hidden = redacted_sources(case.rules.profile.users.attributes)
    shown = {
        name: REDACTED if name in hidden and value not in (None, "", ()) else value
        for name, value in case.subject.person.attributes.items()
    }
    return replace(case.subject.person, attributes=shown)


def _paths(case: Case) -> tuple[Path, ...]:
    """Those that count first; the rest with what is wrong with them."""
    paths = [path_of(way, case.rules) for way in case.ways]
    return tuple(sorted(paths, key=lambda path: not path.counts))


def path_of(way: Grant, rules: Rules) -> Path:
    """One way to a role, with what is wrong with it."""
    groups = tuple(reversed(way.group_names))
    role = rules.roles.get(way.role_id)
    if way.role_id == DEFAULT_ACCESS:
        name, counted = DEFAULT_ROLE.name, rules.profile.default_access_counts
        reason = PathReason.COUNTS if counted else PathReason.DEFAULT_ACCESS
    else:
        name = role.name if role is not None else way.role_id
        reason = PathReason.COUNTS if role is not None else PathReason.UNKNOWN_ROLE
    if len(groups) > 1 and not rules.profile.nested_groups:
        reason = PathReason.NESTED
    elif not way.security_enabled:
        reason = PathReason.NOT_SECURITY_ENABLED
    return Path(name, groups, reason)


def _clauses(case: Case) -> tuple[ClauseVerdict, ...]:
    person = _shown_person(case)
    found = case.rules.filters.report(case.subject.person.attributes)
    return tuple(
        replace(one, value=REDACTED)
        if person.attributes.get(one.clause.attribute) == REDACTED
        else one
        for one in found
    )


def _account(account: Account, rules: Rules) -> AccountFound:
    products = {licence.key: licence.products for licence in rules.target.licences}
    held = {"+".join(sorted(products.get(key, {key}))) for key in account.licences}
    return AccountFound(
        account.key, account.match, account.active, tuple(sorted(held)), account.roles
    )


def _origin(case: Case, account: Account | None) -> Ownership | None:
    if case.subject.link is not None:
        return Ownership(case.subject.link.origin.value)
    return Ownership.FOREIGN if account is not None else None


def _stages(case: Case, clauses: Sequence[ClauseVerdict]) -> tuple[Stage, ...]:
    found = [_imported(case), _scoped(case, clauses), _matched(case), _with_more(case)]
    if case.trouble is not None:
        said = (Evidence(case.trouble.text, passed=False),)
        found.insert(0, Stage(StageName.CONNECTION, Status.FAILURE, said))
    return tuple(found)


def _imported(case: Case) -> Stage:
    lines = [Evidence(evidence.read(case.subject.person))]
    lines.extend(
        Evidence(Text("{attribute}: {value}", {"attribute": name, "value": _plain(value)}))
        for name, value in sorted(_shown_person(case).attributes.items())
        if value not in (None, "", ())
    )
    lacking = case.verdict.in_scope and not case.attempts and case.subject.link is None
    if lacking:
        lines.append(Evidence(Text("No value for the matching attribute"), passed=False))
    status = Status.FAILURE if lacking else Status.SUCCESS
    return Stage(StageName.IMPORT, status, tuple(lines))


def _scoped(case: Case, clauses: Sequence[ClauseVerdict]) -> Stage:
    """The lines of section 11, step 3."""
    person, profile = case.subject.person, case.rules.profile
    everybody = profile.scope is Scope.ALL
    roles = ", ".join(role.name for role in case.verdict.roles)
    lines = [
        Evidence(Text("Active in Entra"), person.enabled and person.presence is Presence.PRESENT),
        Evidence(Text("Assigned to {application}", {"application": case.application}),
                 bool(case.subject.grants)),
        Evidence(Text("Scope: everybody") if everybody else Text("Scope: assigned people only")),
        Evidence(Text("Has a role that counts: {role}", {"role": roles})
                 if roles else Text("Has a role that counts"), bool(roles) or everybody),
    ]  # fmt: skip
    if profile.pilot is not None:
        named = case.verdict.reason is not Reason.OUTSIDE_PILOT
        lines.append(Evidence(Text("Named in the pilot list"), named))
    lines.extend(
        Evidence(
            Text(
                "{filter}: {clause} (is {value})",
                {
                    "filter": one.filter_name,
                    "clause": clause_said(one.clause),
                    "value": value_said(one.value),
                },
            ),
            one.passed,
        )
        for one in clauses
    )
    status = Status.SUCCESS if case.verdict.in_scope else Status.SKIPPED
    return Stage(StageName.SCOPE, status, tuple(lines))


def _matched(case: Case) -> Stage:
    """Each attempt in its turn; a link makes them unnecessary (section 3)."""
    subject, planned = case.subject, case.planned
    failed = planned is not None and planned.status is Status.FAILURE
    wrong = failed and planned is not None and planned.code in evidence.FOUND_WHILE_MATCHING
    lines: list[Evidence] = []
    if subject.link is not None:
        linked = Text("Linked to the account {address}", {"address": subject.link.match})
        lines.append(Evidence(linked, bool(subject.accounts)))
    for one in case.attempts if subject.link is None else ():
        said = Text(
            "{attribute} {value}: {n} account",
            {"attribute": one.attribute, "value": one.value, "n": one.found},
            plural="{attribute} {value}: {n} accounts",
        )
        lines.append(Evidence(said))
    if wrong and planned is not None:
        lines.append(Evidence(planned.message, passed=False))
    if not lines:
        lines.append(Evidence(Text("Nothing to match by")))
        return Stage(StageName.MATCH, Status.SKIPPED, tuple(lines))
    return Stage(StageName.MATCH, Status.FAILURE if wrong else Status.SUCCESS, tuple(lines))


def _with_more(case: Case) -> Stage:
    acted = _acted(case)
    more = [
        Evidence(drift_sayings.known(one), passed=one.in_force is DriftChoice.ACCEPT)
        for one in case.drifts
    ]
    if case.reference is not None:
        more.append(Evidence(case.reference, passed=False))
    return replace(acted, evidence=(*acted.evidence, *more))


def _acted(case: Case) -> Stage:
    planned = case.planned
    if planned is None:
        said = (
            Text("Nothing to send: the account is as it should be")
            if case.verdict.in_scope
            else Text("Nothing to do")
        )
        return Stage(StageName.ACTION, Status.SKIPPED, (Evidence(said),))
    if planned.status in (Status.FAILURE, Status.SKIPPED) or planned.action is ActionKind.OTHER:
        return Stage(StageName.ACTION, planned.status, (Evidence(planned.message),))
    doing = Evidence(ACTIONS[planned.action])
    return Stage(StageName.ACTION, planned.status, (doing, *changed(planned.changes)))


def changed(changes: Sequence[Change]) -> list[Evidence]:
    """Old and new value of each attribute."""
    return [
        Evidence(
            Text(
                "{attribute}: {old} → {new}",
                {
                    "attribute": one.attribute,
                    "old": _plain(one.old) or "–",
                    "new": _plain(one.new) or "–",
                },
            )
        )
        for one in changes
    ]


ACTIONS = {
    ActionKind.CREATE: Text("Make the account"),
    ActionKind.UPDATE: Text("Bring the account up to date"),
    ActionKind.DISABLE: Text("Disable the account"),
    ActionKind.ENABLE: Text("Enable the account again"),
    ActionKind.DELETE: Text("Delete the account"),
    ActionKind.LINK: Text("Take the account over as it is"),
}


def _plain(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)
