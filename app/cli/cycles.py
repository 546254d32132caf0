"""Commands that ask the services: test-connection, test-mail, plan, sync, run."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli import json_lines
from app.cli.context import Context
from app.cli.live import MARKS, JsonSink, exit_code, summary_of
from app.cli.options import JsonOption, ProfileOption
from app.cli.output import read, write
from app.cli.services import PracticeServers, Services
from app.cli.signals import loop_signals
from app.domain.activity import PlannedAction, Status
from app.domain.errors import ConfigurationError, ExitCode
from app.domain.people import Value
from app.domain.texts import Text


def add_cycles(app: typer.Typer, context: Context) -> None:
    """Register the commands."""

    @app.command("test-connection")
    def test_connection(profile: ProfileOption = None, as_json: JsonOption = False) -> int:
        """Every check of the wizard's page: name, result, what to do."""
        name = context.services.profiles.choose(profile)
        return asyncio.run(_test(context, name))

    @app.command("test-mail")
    def test_mail(profile: ProfileOption = None, as_json: JsonOption = False) -> None:
        """Send a test mail to the notification addresses, the way of the profile."""
        name = context.services.profiles.choose(profile)
        addresses = asyncio.run(context.services.test_mail(name))
        if as_json:
            print(json_lines.line({"profile": name, "sent": list(addresses)}))
        else:
            said = Text("The test mail was handed over for {to}.", {"to": ", ".join(addresses)})
            print(context.services.translator.render(said))

    @app.command()
    def plan(
        profile: ProfileOption = None,
        out: Annotated[Path | None, typer.Option(help="Keep the plan for sync --plan.")] = None,
        as_json: JsonOption = False,
    ) -> int:
        """What a cycle would do; writes nothing anywhere."""
        name = context.services.profiles.choose(profile)
        return asyncio.run(_plan(context, name, out))

    @app.command()
    def sync(
        profile: ProfileOption = None,
        initial: Annotated[bool, typer.Option(help="Look at everybody again.")] = False,
        plan: Annotated[
            Path | None,
            typer.Option(
                help="Apply exactly this saved plan; groups are compared when their turn comes."
            ),
        ] = None,
        sandbox: Annotated[
            bool, typer.Option("--sandbox", help="On an embedded practice tenant, keeping nothing.")
        ] = False,
        as_json: JsonOption = False,
    ) -> int:
        """One cycle now."""
        if sandbox:
            return _practice_sync(context)
        saved = _plan_lines(plan) if plan else None
        name = context.services.profiles.choose(profile)
        return asyncio.run(_sync(context, context.services, name, initial=initial, saved=saved))

    @app.command()
    def run(profile: ProfileOption = None, as_json: JsonOption = False) -> None:
        """Stay and run a cycle every interval, until SIGINT or SIGTERM."""
        name = context.services.profiles.choose(profile)

        async def work() -> None:
            stop = context.services.new_stop()
            with loop_signals(stop):
                await context.services.run(name, context.sink(), stop)

        asyncio.run(work())


def _practice_sync(context: Context) -> int:
    servers = context.services.sandbox(25, None, 0, 1, 0)
    servers.start()
    try:
        with tempfile.TemporaryDirectory(prefix="rollcall-practice-") as folder:
            return asyncio.run(_practice_cycle(context, servers, Path(folder)))
    finally:
        servers.stop()


async def _practice_cycle(context: Context, servers: PracticeServers, folder: Path) -> int:
    services = context.services.practice(servers, folder)
    name = services.profiles.choose(None)
    return await _sync(context, services, name, initial=False, saved=None)


async def _sync(
    context: Context,
    services: Services,
    name: str,
    *,
    initial: bool,
    saved: list[dict[str, Any]] | None,
) -> int:
    stop = services.new_stop()
    with loop_signals(stop):
        summary = await services.sync(name, context.sink(), stop, initial=initial, saved_plan=saved)
    if context.as_json and summary.error is not None:
        for text in summary_of(summary)[3:]:
            print(context.translator.render(text), file=sys.stderr)
    return exit_code(summary)


async def _test(context: Context, name: str) -> int:
    translator, failed = context.services.translator, False
    async for check in context.services.connection_test(name):
        if check.status is None:
            continue
        failed = failed or check.status is Status.FAILURE
        fact = translator.render(check.fact) if check.fact else ""
        advice = translator.render(check.advice) if check.advice else ""
        if context.as_json:
            print(json_lines.line({
                "side": check.side, "name": check.name, "status": check.status.value,
                "ok": check.status in (Status.SUCCESS, Status.WARNING),
                "fact": fact, "advice": advice or None, "details": dict(check.details),
                "parts": [
                    {"name": one.name, "status": one.status.value,
                     "fact": translator.render(one.fact)} for one in check.parts
                ],
            }))  # fmt: skip
        else:
            title = translator.render(check.title)
            print(f"{MARKS[check.status]} {check.side:6} {title}: {fact}")
            for one in check.parts:
                print(f"    {MARKS[one.status]} {one.name}: {translator.render(one.fact)}")
            if advice:
                print(f"  → {advice}")
    return ExitCode.CANNOT_CONNECT if failed else ExitCode.DONE


async def _plan(context: Context, name: str, out: Path | None) -> int:
    translator = context.services.translator
    lines: list[str] = []

    async def on_action(action: PlannedAction) -> None:
        written = json_lines.line(json_lines.planned(action, translator))
        if out is not None:
            lines.append(written)
        if context.as_json:
            print(written)
        elif out is None:
            print(_action_line(action, translator.render(action.message)))

    summary = await context.services.plan(name, on_action, JsonSink(sys.stderr, translator))
    last = json_lines.line(json_lines.plan(summary))
    if out is not None:
        write(out, "\n".join([*lines, last]) + "\n")
    if context.as_json:
        print(last)
    else:
        found = summary.counts
        print(
            f"{found.created} create, {found.linked} link, {found.updated} update, "
            f"{found.disabled} disable, {found.enabled} enable, {found.skipped} skip, "
            f"{found.failed} will fail, {found.unchanged} unchanged"
        )
        if summary.held_because:
            print(f"The removals would be held: {summary.held_because}")
    return ExitCode.DONE


def _action_line(action: PlannedAction, message: str) -> str:
    changed = ", ".join(
        f"{one.attribute}: {_shown(one.old)} → {_shown(one.new)}" for one in action.changes
    )
    name = action.source.name or action.target.name
    return f"{MARKS[action.status]} {action.action.value:8} {name} · {changed or message}"


def _shown(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return "–" if value is None else str(value)


def _plan_lines(file: Path) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for number, text in enumerate(read(file).decode("utf-8", "replace").splitlines(), 1):
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if not isinstance(value, dict) or value.get("record") not in ("action", "plan"):
            raise ConfigurationError(
                Text("{file}, line {line}: not a line of a plan",
                     {"file": str(file), "line": number}),
                "Make a plan with `rollcall plan --out FILE`.",
            )  # fmt: skip
        lines.append(value)
    if not lines or lines[-1]["record"] != "plan":
        raise ConfigurationError(
            Text("{file}: the plan is not complete", {"file": str(file)}),
            "Make a plan with `rollcall plan --out FILE`.",
        )
    return lines
