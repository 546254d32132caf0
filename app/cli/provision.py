"""`rollcall provision` and `rollcall why`: a few now, with the evidence of every step."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from app.cli import json_lines
from app.cli.context import Context
from app.cli.explained import group_record, provision_record, why_record
from app.cli.options import JsonOption, ProfileOption
from app.cli.screens import group_screen, screen
from app.cli.signals import loop_signals
from app.domain.errors import ExitCode
from app.domain.explanation import ProvisionedOnDemand, Result


def add_provision(app: typer.Typer, context: Context) -> None:
    """Both commands."""

    @app.command()
    def provision(
        name: Annotated[
            str,
            typer.Argument(metavar="USER_OR_GROUP", help="Id, address or name of either."),
        ],
        profile: ProfileOption = None,
        member: Annotated[
            list[str] | None,
            typer.Option("--member", help="A member of the group; up to five, else the first."),
        ] = None,
        as_json: JsonOption = False,
    ) -> int:
        """Provision one person on demand, or a group with up to five of its members.

        The rules are those of a cycle; the next cycle reads the same changes again. People who
        are disabled or deleted in Entra are left to it. Where groups are provisioned, the group
        itself follows with the memberships of these members; the others' stay as they are, and a
        group that is not in scope any more is left to the next cycle.

        --json prints one object per person: the keys of `why` with record "provision", result
        (success, skipped, failure) and activity. The last object is the group's: user null, group
        (id, name, security_enabled), target_group (id, name, type), the additional step members,
        and in activities all records of the log.
        """
        chosen = context.services.profiles.choose(profile)
        return asyncio.run(_provision(context, chosen, name, member or []))

    @app.command()
    def why(
        user: Annotated[
            str, typer.Argument(metavar="USER", help="Object id, address or name of a person.")
        ],
        profile: ProfileOption = None,
        as_json: JsonOption = False,
    ) -> int:
        """Why somebody has an account or not, and what happens next; writes nothing.

        --json prints one object: record "why", user, answer, in_scope, reason, because, code,
        advice, application, paths (role, groups, counts, reason), account (key, address, active,
        products, roles), origin (created, taken_over, foreign), steps (name, status, evidence of
        text and passed), next (action, at, message, changes), as_of (null = just now).
        """
        chosen = context.services.profiles.choose(profile)
        said = asyncio.run(context.services.why(chosen, user))
        translator = context.translator
        if context.as_json:
            print(json_lines.line(why_record(said, translator)))
        else:
            print(screen(said, translator))
        return ExitCode.DONE


async def _provision(context: Context, profile: str, name: str, members: Sequence[str]) -> int:
    services = context.services
    stop = services.new_stop()
    with loop_signals(stop):
        done = await services.provision(profile, name, members, stop)
    _print(context, done)
    results = [one.result for one in done.people]
    if done.group is not None:
        results.append(done.group.result)
    return ExitCode.SOME_FAILED if Result.FAILURE in results else ExitCode.DONE


def _print(context: Context, done: ProvisionedOnDemand) -> None:
    translator, group = context.translator, done.group
    if context.as_json:
        records = [provision_record(one, translator) for one in done.people]
        if group is not None:
            records.append(group_record(group, translator))
        for record in records:
            print(json_lines.line(record))
        return
    screens = [screen(one.explanation, translator) for one in done.people]
    if group is not None:
        screens.append(group_screen(group.explanation, translator))
    print("\n\n".join(screens))
