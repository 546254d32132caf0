"""`sign-in`: a person signs in, in the browser or with a code."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from app.cli import json_lines
from app.cli.context import Context
from app.cli.options import JsonOption, ProfileOption
from app.cli.signals import loop_signals
from app.domain.errors import ConfigurationError, Service
from app.domain.sign_in import DeviceCode
from app.domain.texts import Text
from app.setup.sign_in import SignedIn

_NAMES = {Service.SOURCE: "Microsoft", Service.TARGET: "GoTo"}


def add_sign_in(app: typer.Typer, context: Context) -> None:
    """Register the command."""

    @app.command("sign-in")
    def sign_in(
        profile: ProfileOption = None,
        side: Annotated[
            str | None,
            typer.Option(help="source (Microsoft) or target (GoTo); else each that needs it."),
        ] = None,
        port: Annotated[
            int,
            typer.Option(
                help="Port of http://localhost that the browser comes back to, where the OAuth"
                " client allows only one; else any.",
                min=0,
                max=65535,
            ),
        ] = 0,
        manage_assignments: Annotated[
            bool,
            typer.Option(
                "--manage-assignments",
                help="At Microsoft ask also for AppRoleAssignment.ReadWrite.All and"
                " Application.ReadWrite.All, which assign, unassign and roles add need.",
            ),
        ] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Sign in as a person: in the browser, or with a code on any device."""
        name = context.services.profiles.choose(profile)
        asyncio.run(_sign_in(context, name, _side(side), port, assigning=manage_assignments))


async def _sign_in(
    context: Context, name: str, side: Service | None, port: int, *, assigning: bool
) -> None:
    services = context.services
    stop = services.new_stop()
    done: list[SignedIn] = []

    def guide(at: Service) -> _Guide:
        return _Guide(context, at, services.open_browser)

    with loop_signals(stop):
        async for one in services.sign_in(name, side, guide, stop, port, assigning=assigning):
            done.append(one)
            if not context.as_json:
                print(context.translator.render(_said(one)))
    if context.as_json:
        listed = [{"side": one.side, "sign_in": one.way, "user": one.user} for one in done]
        print(json_lines.line({"profile": name, "signed_in": listed}))


@dataclass(frozen=True, slots=True)
class _Guide:
    """Shows on the terminal what to do; with --json a code is the first object."""

    context: Context
    side: Service
    open_browser: Callable[[str], bool]

    async def show_address(self, address: str) -> None:
        """The browser is opened; the address is there for copying."""
        service = {"service": _NAMES[self.side]}
        self._tell(Text("Sign in at {service} in your browser. The address is:", service))
        print(address, file=sys.stderr, flush=True)
        if not await asyncio.to_thread(self.open_browser, address):
            self._tell(Text("No browser could be opened: open the address on this computer."))

    async def show_code(self, code: DeviceCode) -> None:
        """Code, address, and until when."""
        if self.context.as_json:
            ends = datetime.now(UTC) + timedelta(seconds=code.seconds)
            facts = {"code": code.code, "address": code.address}
            shown = {"side": self.side, **facts, "expires_at": json_lines.stamp(ends)}
            print(json_lines.line(shown), flush=True)
            return
        minutes = max(1, round(code.seconds / 60))
        self._tell(
            Text(
                "Open {address} on any device and enter the code {code} within {n} minute.",
                {"address": code.address, "code": code.code, "n": minutes},
                plural="Open {address} on any device and enter the code {code} within {n} minutes.",
            )
        )

    def _tell(self, text: Text) -> None:
        print(self.context.translator.render(text), file=sys.stderr, flush=True)


def _said(one: SignedIn) -> Text:
    values = {"service": _NAMES[one.side], "user": one.user}
    if not one.user:
        return Text("Signed in at {service}.", values)
    return Text("Signed in at {service} as {user}.", values)


def _side(given: str | None) -> Service | None:
    if given is None:
        return None
    try:
        return Service(given)
    except ValueError:
        raise ConfigurationError(
            Text("--side is {given}; it can be source or target", {"given": given}), key="side"
        ) from None
