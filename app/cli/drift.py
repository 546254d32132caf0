"""`drift …`: accounts that were changed by hand, and what is to be done about them."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from app.cli import json_lines
from app.cli.context import Context
from app.cli.options import JsonOption, ProfileOption
from app.cli.signals import loop_signals
from app.domain.drift import DriftChoice, DriftFound
from app.domain.texts import Text
from app.engine.drift_sayings import IN_FORCE, drift_said

AttributeOption = Annotated[
    list[str] | None,
    typer.Option("--attribute", help="Only this attribute; may be given several times."),
]
Users = Annotated[
    list[str] | None,
    typer.Argument(metavar="[USER]...", help="Only these people, by id, address or name."),
]


def add_drift(app: typer.Typer, context: Context) -> None:
    """Register the commands."""
    group = typer.Typer(
        help="Accounts changed by hand: list them, repair or accept.", rich_markup_mode=None
    )
    app.add_typer(group, name="drift", invoke_without_command=True)

    @group.callback()
    def drift(
        ctx: typer.Context,
        profile: ProfileOption = None,
        read: Annotated[
            bool, typer.Option("--read", help="Compare all accounts now, before they are listed.")
        ] = False,
        as_json: JsonOption = False,
    ) -> None:
        """List the accounts that were changed by hand at the target.

        --json prints one object per value: record "drift", source, target, attribute ("account"
        for one that was deleted, "licences" for seats), wished, found, since, choice (of the
        profile), decision (about this one), in_force.
        """
        if ctx.invoked_subcommand is not None:
            return
        name = context.services.profiles.choose(profile)
        if read:
            asyncio.run(_look(context, name))
        _list(context, name)

    @group.command()
    def repair(
        user: Users = None,
        attribute: AttributeOption = None,
        profile: ProfileOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """The next cycle writes what should be over what is listed; `plan` shows it."""
        _decide(context, DriftChoice.REPAIR, profile, attribute, user)

    @group.command()
    def accept(
        user: Users = None,
        attribute: AttributeOption = None,
        profile: ProfileOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """What is listed stays until the person's own value changes in Entra."""
        _decide(context, DriftChoice.ACCEPT, profile, attribute, user)


async def _look(context: Context, profile: str) -> None:
    stop = context.services.new_stop()
    with loop_signals(stop):
        await context.services.look_for_drift(profile, stop)


def _list(context: Context, profile: str) -> None:
    history = context.services.history(profile)
    found = history.drifts() if history is not None else ()
    for one in found:
        print(json_lines.line(json_lines.drift(one)) if context.as_json else _line(context, one))
    if not found and not context.as_json:
        said = Text("Nothing is known to have been changed by hand.")
        print(context.services.translator.render(said))


def _decide(
    context: Context,
    decision: DriftChoice,
    profile: str | None,
    attributes: list[str] | None,
    users: list[str] | None,
) -> None:
    services = context.services
    name = services.profiles.choose(profile)
    number = services.decide_drift(name, decision, attributes or None, users or None)
    print(json_lines.line({decision.value: number}) if context.as_json
          else f"{decision.value}: {number}")  # fmt: skip


def _line(context: Context, found: DriftFound) -> str:
    """Who, which account, what it is, what it should be, since when, and what is done."""
    one, translator = found.drift, context.services.translator
    said = drift_said(one)
    since = json_lines.stamp(one.since) or ""
    parts = [
        found.source.name,
        found.target.name,
        translator.render(said),
        since,
        translator.render(IN_FORCE[one.in_force]),
    ]
    return " · ".join(part for part in parts if part)


def changed_by_hand(number: int) -> Text:
    """One line of `status`."""
    return Text(
        "{n} account was changed by hand: `rollcall drift` lists what, and how to decide",
        {"n": number},
        plural="{n} accounts were changed by hand: `rollcall drift` lists what, and how to decide",
    )
