"""`assignments`, `assign`, `unassign`, `roles`: who is assigned to the application, and changes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

import typer

from app.cli.assigned import (
    print_added,
    print_done,
    print_not_assigned,
    print_removed,
    print_roles,
    print_table,
)
from app.cli.context import Context
from app.cli.options import JsonOption, ProfileOption
from app.cli.services import StopSwitch
from app.cli.signals import loop_signals
from app.domain.assigning import AddedRole, RoleDraft
from app.domain.texts import Text
from app.setup.assignees import Removal, choose_role
from app.setup.assigning import AssignmentDesk, Done

Result = TypeVar("Result")

NameArgument = Annotated[
    str,
    typer.Argument(metavar="USER_OR_GROUP", help="Sign-in name, address, name or object id."),
]


def add_assigning(app: typer.Typer, context: Context) -> None:
    """Register the commands."""

    @app.command()
    def assignments(profile: ProfileOption = None, as_json: JsonOption = False) -> None:
        """Who is assigned to the application, with which role, and whether that gives an account.

        --json prints one object per assignment: record "assignment", id, principal (id, name, type:
        person, guest, group or other), role (id, name, value), effective, status (success, warning
        or skipped), reason (in words) and people (who get an account through it). The last object:
        record "assignments", profile, application (id, app_id, name), assignments, entitled and
        left_out (people, each counted once).
        """
        desk, name = _desk(context, profile)
        facts = _run(context, desk.facts)
        table = desk.rules.table(facts)
        print_table(context, name, facts, table)

    @app.command()
    def assign(
        name: NameArgument,
        role: Annotated[
            str | None,
            typer.Option(help="Name, value or id of the role; may be left out when there is one."),
        ] = None,
        profile: ProfileOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Assign a person or a group to the application; the next cycle makes the accounts.

        Needs the permission AppRoleAssignment.ReadWrite.All, which no cycle needs. Where a person
        signs in: `rollcall sign-in --side source --manage-assignments` first. Whoever is assigned
        already is said to be so, with exit code 0. A name must be written in full; when several
        are called so, they are listed with their ids.

        --json prints one object: record "assign", result ("assigned" or "already_assigned"),
        assignment (its id), principal (id, name, type), role (id, name, value), warnings.
        """
        desk, _ = _desk(context, profile)

        async def main(stop: StopSwitch) -> Done:
            application = await desk.application(stop)
            wanted = choose_role(application, role)
            principal = await desk.choose(name, stop)
            return await desk.assign(application, principal, wanted, stop)

        print_done(context, _run(context, main))

    @app.command()
    def unassign(
        name: NameArgument,
        role: Annotated[
            str | None,
            typer.Option(help="The role to take away; may be left out when only one is held."),
        ] = None,
        yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
        profile: ProfileOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Take an assignment away; says first what follows, and asks on a terminal.

        Needs the permission AppRoleAssignment.ReadWrite.All, as `assign` does. Whoever is not
        assigned is said to be so, with exit code 0. Default Access can be taken away too:
        --role "Default Access".

        --json prints one object: record "unassign", result ("unassigned" or "not_assigned"),
        principal (id, name, type), role (id, name, value), follows (in words) and losing (ids of
        the people who are no longer entitled). Of "not_assigned" principal has the name alone and
        role is null.
        """
        desk, _ = _desk(context, profile)
        _run(context, lambda stop: _unassign(context, desk, (name, role), stop, ask=not yes))

    roles = typer.Typer(
        invoke_without_command=True,
        rich_markup_mode=None,
    )
    app.add_typer(roles, name="roles")

    @roles.callback()
    def listed(
        ctx: typer.Context, profile: ProfileOption = None, as_json: JsonOption = False
    ) -> None:
        """The roles of the application; `roles add` makes one.

        --json prints one object per role: record "role", id, name, value, enabled, assignable.
        """
        ctx.obj = profile
        if ctx.invoked_subcommand is None:
            desk, _ = _desk(context, profile)
            print_roles(context, _run(context, desk.application))

    @roles.command()
    def add(
        ctx: typer.Context,
        name: Annotated[str, typer.Argument(metavar="NAME", help="As administrators see it.")],
        value: Annotated[
            str | None,
            typer.Option(
                help="What tokens and target.licences call it, without blanks; else made from NAME."
            ),
        ] = None,
        description: Annotated[str, typer.Option(help="Else the name.")] = "",
        profile: ProfileOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Make a role for people and groups, beside those there are.

        Needs the permission Application.ReadWrite.All, or Application.ReadWrite.OwnedBy where
        Rollcall's app registration owns the application. Names and values must be new.

        --json prints one object: record "role", id, name, value, enabled, assignable and ready
        (false while Microsoft does not show it to be assigned yet, which can take some minutes).
        """
        desk, _ = _desk(context, profile or ctx.obj)

        async def main(stop: StopSwitch) -> AddedRole:
            application = await desk.application(stop)
            return await desk.add_role(application, RoleDraft(name, value or "", description), stop)

        print_added(context, _run(context, main))


def _desk(context: Context, profile: str | None) -> tuple[AssignmentDesk, str]:
    name = context.services.profiles.choose(profile)
    return context.services.assignment_desk(name), name


def _run(context: Context, main: Callable[[StopSwitch], Coroutine[Any, Any, Result]]) -> Result:
    """Run it until it ends or somebody presses Ctrl-C."""

    async def inner() -> Result:
        stop = context.services.new_stop()
        with loop_signals(stop):
            return await main(stop)

    return asyncio.run(inner())


async def _unassign(
    context: Context,
    desk: AssignmentDesk,
    wanted: tuple[str, str | None],
    stop: StopSwitch,
    *,
    ask: bool,
) -> None:
    facts = await desk.facts(stop)
    name, removal = await desk.find_removal(facts, *wanted, stop)
    if removal is None:
        print_not_assigned(context, name)
        return
    if ask and sys.stdin.isatty():
        # Where everything for people goes; the answer of a program is one object on stdout.
        await asyncio.to_thread(_confirm, context, name, removal)
    gone = await desk.unassign(facts.application, removal.assignment, stop)
    print_removed(context, facts, name, removal, gone=gone)


def _confirm(context: Context, name: str, removal: Removal) -> None:
    """Raises `typer.Abort` unless somebody says yes."""
    say = context.translator.render
    question = Text("Take the role {role} from {name}?", {"role": removal.role.name, "name": name})
    typer.echo(say(removal.follows), err=True)
    typer.confirm(say(question), abort=True, err=True)
