"""Assignments, roles and their changes as text and as JSON."""

from __future__ import annotations

import sys
from typing import Any

from app.cli import json_lines
from app.cli.context import Context
from app.cli.live import MARKS
from app.domain.activity import Status
from app.domain.assigning import AddedRole
from app.domain.people import Application, AppRole
from app.domain.texts import Text
from app.setup.assignees import Removal
from app.setup.assigning import Done
from app.setup.assignment_table import AssignmentFacts, AssignmentRow, AssignmentTable


def print_table(
    context: Context, profile: str, facts: AssignmentFacts, table: AssignmentTable
) -> None:
    """Every assignment and what they add up to."""
    say = context.translator.render
    if context.as_json:
        for row in table.rows:
            print(json_lines.line(_row_record(context, facts, row)))
        print(json_lines.line(_table_record(profile, facts, table)))
        return
    if not table.rows:
        nobody = Text("Nobody is assigned to {name}.", {"name": facts.application.name})
        print(say(nobody))
        return
    lines = [
        (MARKS[row.status], row.name, say(row.type_text), row.role, say(row.answer))
        for row in table.rows
    ]
    widths = [max(len(line[at]) for line in lines) for at in range(4)]
    for line in lines:
        parts = [f"{text:{width}}" for text, width in zip(line, widths, strict=False)]
        print("  ".join([*parts, line[4]]))
    totals = Text(
        "{n} person is entitled to an account; {out} assigned get none",
        {"n": len(table.entitled), "out": table.left_out},
        plural="{n} people are entitled to an account; {out} assigned get none",
    )
    print(say(totals))


def print_done(context: Context, done: Done) -> None:
    """Who has which role now."""
    say = context.translator.render
    if context.as_json:
        assignment = done.assigned.assignment
        record = {
            "record": "assign",
            "result": "already_assigned" if done.assigned.already else "assigned",
            "assignment": assignment.id,
            "principal": _principal(
                assignment.principal_id, done.principal.name, done.principal.kind.value
            ),
            "role": _role(done.role),
            "warnings": [say(one) for one in done.warnings],
        }
        print(json_lines.line(record))
        return
    values = {"name": done.principal.name, "role": done.role.name}
    if done.assigned.already:
        print(say(Text("{name} has the role {role} already; nothing was changed.", values)))
    else:
        print(say(Text("{name} has the role {role} now; the next cycle provisions.", values)))
    for warning in done.warnings:
        print(f"{MARKS[Status.WARNING]} {say(warning)}", file=sys.stderr)


def print_removed(
    context: Context, facts: AssignmentFacts, name: str, removal: Removal, *, gone: bool
) -> None:
    """Who has a role no longer, and what follows; `gone` False: it was gone before."""
    say = context.translator.render
    assignment = removal.assignment
    if context.as_json:
        kind = assignment.principal_kind.value
        record = {
            "record": "unassign",
            "result": "unassigned" if gone else "not_assigned",
            "principal": _principal(assignment.principal_id, name, kind),
            "role": _role(removal.role),
            "follows": say(removal.follows),
            "losing": [one.id for one in removal.losing],
        }
        print(json_lines.line(record))
        return
    if not gone:
        print_not_assigned(context, name)
        return
    values = {"name": name, "role": removal.role.name, "application": facts.application.name}
    print(say(Text("{name} no longer has the role {role} of {application}.", values)))
    print(say(removal.follows))


def print_not_assigned(context: Context, name: str) -> None:
    """There was nothing to take away."""
    said = Text("{name} is not assigned; nothing was changed.", {"name": name})
    if context.as_json:
        record: dict[str, Any] = {
            "record": "unassign",
            "result": "not_assigned",
            "principal": _principal(None, name, None),
            "role": None,
            "follows": context.translator.render(said),
            "losing": [],
        }
        print(json_lines.line(record))
        return
    print(context.translator.render(said))


def print_roles(context: Context, application: Application) -> None:
    """Every role, those marked that can be given."""
    say = context.translator.render
    if context.as_json:
        for role in application.roles:
            print(json_lines.line(_role_record(role)))
        return
    if not application.roles:
        none = Text(
            "{name} has no roles, only Default Access, which gives nobody an account.",
            {"name": application.name},
        )
        print(say(none))
    width = max((len(one.name) for one in application.roles), default=0)
    for role in application.roles:
        mark = MARKS[Status.SUCCESS if role.assignable else Status.SKIPPED]
        print(f"{mark}  {role.name:{width}}  {role.value or ''}".rstrip())


def print_added(context: Context, added: AddedRole) -> None:
    """A new role."""
    if context.as_json:
        print(json_lines.line({**_role_record(added.role), "ready": added.ready}))
        return
    say, values = context.translator.render, {"role": added.role.name}
    print(say(Text("The role {role} was made.", values)))
    if not added.ready:
        print(say(Text("Microsoft needs some minutes until it can be assigned.")))


# -- JSON ---------------------------------------------------------------------------------------


def _row_record(context: Context, facts: AssignmentFacts, row: AssignmentRow) -> dict[str, Any]:
    return {
        "record": "assignment",
        "id": row.assignment.id,
        "principal": _principal(row.principal_id, row.name, row.type.value),
        "role": _role(facts.role(row.assignment)),
        "effective": row.count > 0,
        "status": row.status.value,
        "reason": context.translator.render(row.answer),
        "people": row.count,
    }


def _table_record(profile: str, facts: AssignmentFacts, table: AssignmentTable) -> dict[str, Any]:
    application = facts.application
    return {
        "record": "assignments",
        "profile": profile,
        "application": {
            "id": application.id,
            "app_id": application.app_id,
            "name": application.name,
        },
        "assignments": len(table.rows),
        "entitled": len(table.entitled),
        "left_out": table.left_out,
    }


def _principal(identity: str | None, name: str, kind: str | None) -> dict[str, str | None]:
    return {"id": identity, "name": name, "type": "person" if kind == "user" else kind}


def _role(role: AppRole) -> dict[str, str | None]:
    return {"id": role.id, "name": role.name, "value": role.value}


def _role_record(role: AppRole) -> dict[str, Any]:
    flags = {"enabled": role.enabled, "assignable": role.assignable}
    return {"record": "role", **_role(role), **flags}
