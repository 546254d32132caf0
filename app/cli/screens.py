"""An explanation as one screen of text."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from app.cli.live import MARKS
from app.domain.activity import Status
from app.domain.explanation import (
    Evidence,
    Explained,
    Explanation,
    GroupExplanation,
    Ownership,
    Path,
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
    StageName.MEMBERS: 6,
}
"""Lines of each step, so that everything fits one screen."""

STAGES = {
    StageName.CONNECTION: Text("Connection"),
    StageName.IMPORT: Text("Import"),
    StageName.SCOPE: Text("Scope"),
    StageName.MATCH: Text("Match"),
    StageName.ACTION: Text("Action"),
    StageName.MEMBERS: Text("Members"),
}
ORIGINS = {
    Ownership.CREATED: Text("created by Rollcall"),
    Ownership.TAKEN_OVER: Text("taken over"),
    Ownership.FOREIGN: Text("not managed by Rollcall"),
}

Row: TypeAlias = tuple[str, str, str]
"""Label, mark, text."""


def screen(said: Explanation, translator: Translator) -> str:
    """The answer first, then the paths, the account, the steps and what happens next."""
    rows = (*_paths(said, said.person.name, translator), *_account(said, translator))
    return _screen(said, rows, translator)


def group_screen(said: GroupExplanation, translator: Translator) -> str:
    """The same of a group."""
    rows = (*_paths(said, said.group.name, translator), _target(said, translator))
    return _screen(said, rows, translator)


def _screen(said: Explained, subject: Sequence[Row], translator: Translator) -> str:
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    lines = textwrap.wrap(translator.render(said.answer), width)
    if said.as_of is not None:
        as_of = Text("As of {time}: a service cannot be asked now", {"time": _time(said.as_of)})
        lines.append(translator.render(as_of))
    rows = [
        *subject,
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


def _paths(said: Explained, name: str, translator: Translator) -> Iterator[Row]:
    label = translator.render(Text("Paths"))
    if not said.paths:
        yield label, MARKS[Status.SKIPPED], translator.render(Text("no assignment leads here"))
    for path in said.paths[:MOST_PATHS]:
        mark = MARKS[Status.SUCCESS if path.counts else Status.SKIPPED]
        yield label, mark, _path(path, said, name, translator)
        label = ""
    more = len(said.paths) - MOST_PATHS
    if more > 0:
        rest = Text("and {n} more path", {"n": more}, plural="and {n} more paths")
        yield "", " ", translator.render(rest)


def _path(path: Path, said: Explained, name: str, translator: Translator) -> str:
    way = " → ".join((name, *path.groups, path.role, said.application))
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


def _target(said: GroupExplanation, translator: Translator) -> Row:
    label = translator.render(Text("At the target"))
    if said.target is None:
        return label, MARKS[Status.SKIPPED], translator.render(Text("none"))
    facts = [said.target.name]
    if said.origin is not None:
        facts.append(translator.render(ORIGINS[said.origin]))
    return label, MARKS[Status.SUCCESS], " · ".join(facts)


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


def _next(said: Explained, translator: Translator) -> str:
    message = translator.render(said.next.message)
    if said.next.at is None:
        return message
    return f"{message} ({_time(said.next.at)})"


def _time(moment: datetime) -> str:
    """In this machine's time zone; the day only when it is not today."""
    local, now = moment.astimezone(), datetime.now().astimezone()
    return local.strftime("%H:%M" if local.date() == now.date() else "%Y-%m-%d %H:%M")
