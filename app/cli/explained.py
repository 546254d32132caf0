"""An explanation as JSON, and as one screen of text."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from app.cli import json_lines
from app.cli.live import MARKS
from app.domain.activity import Status
from app.domain.explanation import (
    AccountFound,
    Evidence,
    Explanation,
    Ownership,
    Path,
    Provisioned,
    Stage,
    StageName,
)
from app.domain.products import product_name
from app.domain.texts import Text, Translator
from app.engine.answers import NOT_COUNTED

WIDTH = 100
MOST_PATHS = 3
MOST = {
    StageName.CONNECTION: 1,
    StageName.IMPORT: 2,
    StageName.SCOPE: 6,
    StageName.MATCH: 3,
    StageName.ACTION: 4,
}
"""Lines of each step, so that everything fits one screen."""

STAGES = {
    StageName.CONNECTION: Text("Connection"),
    StageName.IMPORT: Text("Import"),
    StageName.SCOPE: Text("Scope"),
    StageName.MATCH: Text("Match"),
    StageName.ACTION: Text("Action"),
}
ORIGINS = {
    Ownership.CREATED: Text("created by Rollcall"),
    Ownership.TAKEN_OVER: Text("taken over"),
    Ownership.FOREIGN: Text("not managed by Rollcall"),
}


def why_record(said: Explanation, translator: Translator) -> dict[str, Any]:
    """`"record": "why"`."""
    person = said.person
    return {
        "record": "why",
        "user": {
            "id": person.id,
            "name": person.name,
            "user_principal_name": person.attributes.get("userPrincipalName"),
            "mail": person.attributes.get("mail"),
            "enabled": person.enabled,
            "presence": person.presence.value,
        },
        "answer": translator.render(said.answer),
        "in_scope": said.in_scope,
        "reason": said.reason.value,
        "because": said.because,
        "code": said.code,
        "advice": translator.render(said.advice) if said.advice else None,
        "application": said.application,
        "paths": [
            {
                "role": path.role,
                "groups": list(path.groups),
                "counts": path.counts,
                "reason": path.reason.value,
            }
            for path in said.paths
        ],
        "account": _account_record(said.account),
        "origin": said.origin.value if said.origin else None,
        "steps": [_stage_record(stage, translator) for stage in said.stages],
        "next": {
            "action": said.next.action.value,
            "at": json_lines.stamp(said.next.at),
            "message": translator.render(said.next.message),
            "changes": json_lines.changes(said.next.changes),
        },
        "as_of": json_lines.stamp(said.as_of),
    }


def provision_record(done: Provisioned, translator: Translator) -> dict[str, Any]:
    """`"record": "provision"`: the same keys with the result and the log record."""
    return {
        **why_record(done.explanation, translator),
        "record": "provision",
        "result": done.result.value,
        "activity": json_lines.activity(done.record, translator),
    }


def _account_record(account: AccountFound | None) -> dict[str, Any] | None:
    if account is None:
        return None
    return {
        "key": account.key,
        "address": account.address,
        "active": account.active,
        "products": list(account.products),
        "roles": list(account.roles),
    }


def _stage_record(stage: Stage, translator: Translator) -> dict[str, Any]:
    return {
        "name": stage.name.value,
        "status": stage.status.value,
        "evidence": [
            {"text": translator.render(line.text), "passed": line.passed} for line in stage.evidence
        ],
    }


Row: TypeAlias = tuple[str, str, str]
"""Label, mark, text."""


def screen(said: Explanation, translator: Translator) -> str:
    """The answer first, then the paths, the account, the steps and what happens next."""
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    lines = textwrap.wrap(translator.render(said.answer), width)
    if said.as_of is not None:
        as_of = Text("As of {time}: a service cannot be asked now", {"time": _time(said.as_of)})
        lines.append(translator.render(as_of))
    rows = [
        *_paths(said, translator),
        *_account(said, translator),
        *_stages(said.stages, translator),
        (translator.render(Text("Next")), "→", _next(said, translator)),
    ]
    if said.advice is not None:
        rows.append((translator.render(Text("What to do")), "→", translator.render(said.advice)))
    label = max(len(name) for name, _, _ in rows) + 2
    lines.extend(line for row in rows for line in _wrapped(row, label, width))
    return "\n".join(lines)


def _wrapped(row: Row, label: int, width: int) -> list[str]:
    """At most two lines of a row."""
    name, mark, text = row
    indent = " " * (label + 2)
    return textwrap.wrap(
        f"{name:{label}}{mark} {text}",
        width,
        subsequent_indent=indent,
        max_lines=2,
        placeholder="…",
        drop_whitespace=True,
        break_on_hyphens=False,
    )


def _paths(said: Explanation, translator: Translator) -> Iterator[Row]:
    label = translator.render(Text("Paths"))
    if not said.paths:
        yield label, MARKS[Status.SKIPPED], translator.render(Text("no assignment leads here"))
    for path in said.paths[:MOST_PATHS]:
        mark = MARKS[Status.SUCCESS if path.counts else Status.SKIPPED]
        yield label, mark, _path(path, said, translator)
        label = ""
    more = len(said.paths) - MOST_PATHS
    if more > 0:
        rest = Text("and {n} more path", {"n": more}, plural="and {n} more paths")
        yield "", " ", translator.render(rest)


def _path(path: Path, said: Explanation, translator: Translator) -> str:
    way = " → ".join((said.person.name, *path.groups, path.role, said.application))
    if path.counts:
        return way
    return f"{way} ({translator.render(NOT_COUNTED[path.reason])})"


def _account(said: Explanation, translator: Translator) -> Iterator[Row]:
    label, account = translator.render(Text("Account")), said.account
    if account is None:
        yield label, MARKS[Status.SKIPPED], translator.render(Text("none"))
        return
    products = [product_name(one.split("+")) for one in account.products]
    facts = [account.address, *products, *account.roles]
    if not account.active:
        facts.append(translator.render(Text("disabled")))
    if said.origin is not None:
        facts.append(translator.render(ORIGINS[said.origin]))
    mark = MARKS[Status.SUCCESS if account.active else Status.SKIPPED]
    yield label, mark, " · ".join(facts)


def _stages(stages: Sequence[Stage], translator: Translator) -> Iterator[Row]:
    """Every line has the mark of what it passed, else the first that of the step."""
    for stage in stages:
        label, mark = translator.render(STAGES[stage.name]), MARKS[stage.status]
        told = _told(stage)
        first = sorted(told, key=lambda line: line.passed is not False)[: MOST[stage.name]]
        for line in (one for one in told if one in first):
            if line.passed is not None:
                mark = MARKS[Status.SUCCESS if line.passed else Status.FAILURE]
            yield label, mark, translator.render(line.text)
            label, mark = "", " "
        more = len(told) - len(first)
        if more > 0:
            rest = Text("and {n} more line", {"n": more}, plural="and {n} more lines")
            yield "", " ", translator.render(rest)


def _told(stage: Stage) -> list[Evidence]:
    """What is read on a screen: attributes by their number, of the scope what one can pass."""
    if stage.name is StageName.IMPORT:
        return [stage.evidence[0], *(one for one in stage.evidence[1:] if one.passed is False)]
    if stage.name is StageName.SCOPE:
        return [one for one in stage.evidence if one.passed is not None]
    return list(stage.evidence)


def _next(said: Explanation, translator: Translator) -> str:
    message = translator.render(said.next.message)
    if said.next.at is None:
        return message
    return f"{message} ({_time(said.next.at)})"


def _time(moment: datetime) -> str:
    """In this machine's time zone; the day only when it is not today."""
    local, now = moment.astimezone(), datetime.now().astimezone()
    return local.strftime("%H:%M" if local.date() == now.date() else "%Y-%m-%d %H:%M")
