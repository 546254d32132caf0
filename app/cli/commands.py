"""All commands. They ask the services and print; they decide nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from app import __version__
from app.cli import json_lines
from app.cli.assigning import add_assigning
from app.cli.context import Context
from app.cli.cycles import add_cycles
from app.cli.drift import add_drift
from app.cli.expression import add_expression
from app.cli.logs import add_logs
from app.cli.options import JsonOption
from app.cli.profiles import add_profiles
from app.cli.provision import add_provision
from app.cli.sandbox import add_sandbox
from app.cli.sign_in import add_sign_in
from app.cli.state import add_state
from app.domain.errors import ConfigurationError
from app.domain.texts import Text

EPILOG = (
    "Exit codes: 0 done, 1 done but some accounts failed, 2 wrong usage or configuration, "
    "3 cannot connect or credentials refused, 4 held by a safety brake, 5 another run holds the "
    "profile, 70 a fault of Rollcall itself, 130 interrupted."
)


def build(context: Context) -> typer.Typer:
    """The whole command line over one context."""
    app = typer.Typer(
        name="rollcall",
        help="Keeps GoToMeeting's accounts in step with Microsoft Entra ID.",
        epilog=EPILOG,
        invoke_without_command=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def start(
        ctx: typer.Context,
        sandbox: Annotated[
            bool, typer.Option("--sandbox", help="Open the window on the practice tenant.")
        ] = False,
        log_level: Annotated[
            str | None, typer.Option("--log-level", help="debug, info, warning or error.")
        ] = None,
        version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
        as_json: JsonOption = False,
    ) -> None:
        context.log_level = _level(log_level)
        if version:
            print(json_lines.line({"rollcall": __version__}) if as_json else __version__)
            raise typer.Exit
        if ctx.invoked_subcommand is None:
            raise typer.Exit(context.services.open_window(sandbox=sandbox))

    add_sandbox(app, context)
    add_profiles(app, context)
    add_sign_in(app, context)
    add_assigning(app, context)
    add_cycles(app, context)
    add_state(app, context)
    add_drift(app, context)
    add_expression(app, context)
    add_provision(app, context)
    add_logs(app, context)
    return app


def _level(given: str | None) -> str | None:
    known = ("debug", "info", "warning", "error")
    if given is not None and given not in known:
        raise ConfigurationError(
            Text("--log-level is {given}; it can be {known}",
                 {"given": given, "known": ", ".join(known)})
        )  # fmt: skip
    return given
