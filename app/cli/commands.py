"""All commands. They ask the services and print; they decide nothing."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from app import __version__
from app.cli import json_lines
from app.cli.context import Context
from app.cli.expression import add_expression
from app.cli.live import MARKS, JsonSink, exit_code, summary_of
from app.cli.logs import add_logs
from app.cli.options import JsonOption, ProfileOption
from app.cli.output import write
from app.cli.provision import add_provision
from app.cli.services import PracticeServers, Services
from app.cli.signals import loop_signals, signals
from app.domain.activity import JobStatus, PlannedAction, Status
from app.domain.errors import ConfigurationError, ExitCode
from app.domain.people import Value
from app.domain.settings import Profile
from app.domain.texts import Text
from app.engine.schedule import overdue
from app.host.profiles import json_schema

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

    _add_sandbox(app, context)
    _add_profiles(app, context)
    _add_cycles(app, context)
    _add_state(app, context)
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


def _add_sandbox(app: typer.Typer, context: Context) -> None:
    group = typer.Typer(help="The practice tenant and GoTo account.", rich_markup_mode=None)
    app.add_typer(group, name="sandbox")

    @group.callback()
    def sandbox() -> None:
        """Practice services on loopback."""

    @group.command("serve")
    def serve(
        port: Annotated[int, typer.Option(help="Port; 0 = any free one.")] = 0,
        users: Annotated[int, typer.Option(help="People in the company, up to 100,000.")] = 25,
        groups: Annotated[int | None, typer.Option(help="Department groups.")] = None,
        latency_ms: Annotated[int, typer.Option(min=0, help="Delay of every answer.")] = 0,
        seed: Annotated[int, typer.Option(help="Another number, another company.")] = 1,
        as_json: JsonOption = False,
    ) -> None:
        """Run the practice servers in the foreground; the first line says how to reach them."""
        servers = context.services.sandbox(users, groups, latency_ms, seed, port)
        ended = threading.Event()
        with signals(ended.set):
            servers.start()
            try:
                print(json_lines.line(servers.info()), flush=True)
                while not ended.wait(0.5):
                    pass
            finally:
                servers.stop()


def _add_profiles(app: typer.Typer, context: Context) -> None:
    group = typer.Typer(help="Profile documents.", rich_markup_mode=None)
    app.add_typer(group, name="profile")
    secrets = typer.Typer(help="Secrets in the keyring.", rich_markup_mode=None)
    app.add_typer(secrets, name="secret")

    @group.command("list")
    def list_(as_json: JsonOption = False) -> None:
        """Names of all profiles."""
        names = context.services.profiles.names()
        if as_json:
            print(json_lines.line({"profiles": names}))
        else:
            print("\n".join(names) if names else "No profile yet")

    @group.command()
    def show(name: str, as_json: JsonOption = False) -> None:
        """One profile with its defaults filled in."""
        _print_document(context.services.profiles.document(name), compact=as_json)

    @group.command("import")
    def import_(
        file: Path,
        replace: Annotated[bool, typer.Option("--replace", help="Overwrite it.")] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Check a document and keep it as a profile."""
        content = sys.stdin.buffer.read() if str(file) == "-" else _read(file)
        name = context.services.profiles.save(content, replace=replace)
        if as_json:
            print(json_lines.line({"imported": name}))
        else:
            print(f"Imported {name}")

    @group.command()
    def export(
        name: str, file: Annotated[Path | None, typer.Argument()] = None,
        as_json: JsonOption = False,
    ) -> None:  # fmt: skip
        """Write a profile out; it never holds a secret."""
        document = context.services.profiles.document(name)
        if file is None:
            _print_document(document, compact=as_json)
        else:
            write(file, json.dumps(document, ensure_ascii=False, indent=2) + "\n")

    @group.command()
    def delete(
        name: str,
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Delete a profile, its secrets and its state; accounts in GoTo stay as they are."""
        services = context.services
        services.profiles.choose(name)
        if not yes and sys.stdin.isatty():
            typer.confirm(f"Delete {name}, its secrets and its history?", abort=True, err=True)
        services.forget(name)
        services.profiles.delete(name)
        if as_json:
            print(json_lines.line({"deleted": name}))

    @group.command()
    def schema(as_json: JsonOption = False) -> None:
        """The JSON Schema of the profile document."""
        _print_document(json_schema(), compact=as_json)

    @secrets.command("set")
    def set_(profile: str, secret: str, as_json: JsonOption = False) -> None:
        """Read a secret from standard input into the keyring."""
        services = context.services
        services.profiles.choose(profile)
        if sys.stdin.isatty():
            value = typer.prompt(secret, hide_input=True, err=True)
        else:
            value = sys.stdin.read()
            value = value.removesuffix("\n").removesuffix("\r")
        services.secrets.set(profile, secret, value)
        if as_json:
            print(json_lines.line({"set": secret, "profile": profile}))


def _add_cycles(app: typer.Typer, context: Context) -> None:
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
        plan: Annotated[Path | None, typer.Option(help="Apply exactly this saved plan.")] = None,
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
                "fact": fact, "advice": advice or None,
            }))  # fmt: skip
        else:
            title = translator.render(check.title)
            print(f"{MARKS[check.status]} {check.side:6} {title}: {fact}")
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


def _add_state(app: typer.Typer, context: Context) -> None:
    @app.command()
    def status(profile: ProfileOption = None, as_json: JsonOption = False) -> None:
        """On or off, last cycle, what waits, next run."""
        services = context.services
        name = services.profiles.choose(profile)
        settings = services.profiles.settings(name)
        history = services.history(name)
        if history is None:
            facts = {"profile": name, "enabled": settings.enabled, "last": None}
            print(json_lines.line(facts) if as_json else f"{name}: no cycle has run yet")
            return
        state = history.status()
        facts = {"profile": name, "enabled": settings.enabled, **_schedule(settings, state)}
        credential = history.credential()
        ends_at = credential.ends_at if credential is not None else None
        facts["credential_ends_at"] = json_lines.stamp(ends_at)
        if as_json:
            print(json_lines.line(json_lines.status(state, facts, services.translator)))
            return
        print(f"{name}: provisioning {'on' if settings.enabled else 'off'}")
        print(f"{state.linked} linked, {state.escrowed} waiting for a retry, {state.held} held")
        if state.quarantine:
            print(f"In quarantine since {json_lines.stamp(state.quarantined_since)}: "
                  f"{state.quarantine}")  # fmt: skip
        for text in [*(summary_of(state.last) if state.last else []), *_warnings(facts, state)]:
            print(services.translator.render(text))

    @app.command()
    def on(profile: ProfileOption = None, as_json: JsonOption = False) -> None:
        """Provisioning on: `run` starts cycles."""
        _switch(context, profile, enabled=True)

    @app.command()
    def off(profile: ProfileOption = None, as_json: JsonOption = False) -> None:
        """Provisioning off: `run` starts no cycle; `sync` still works."""
        _switch(context, profile, enabled=False)

    @app.command()
    def release(profile: ProfileOption = None, as_json: JsonOption = False) -> None:
        """Let exactly the held removals through at the next cycle."""
        name = context.services.profiles.choose(profile)
        _say(context, "released", context.services.release(name))

    @app.command()
    def keep(profile: ProfileOption = None, as_json: JsonOption = False) -> None:
        """Keep everyone whose removal is held, until their source changes."""
        name = context.services.profiles.choose(profile)
        _say(context, "kept", context.services.keep(name))

    @app.command()
    def retry(
        user: Annotated[
            str | None,
            typer.Argument(help="Sign-in name, address or id; else all that failed."),
        ] = None,
        profile: ProfileOption = None,
        forget_link: Annotated[
            bool,
            typer.Option(
                "--forget-link",
                help="Forget the account of this person, so that it is matched or made anew.",
            ),
        ] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Try failed people again at the next cycle instead of waiting for their turn."""
        name = context.services.profiles.choose(profile)
        if forget_link and user is None:
            raise ConfigurationError("--forget-link needs the person whose account is forgotten")
        _say(context, "retrying", context.services.retry(name, user, forget_link=forget_link))

    @app.command()
    def doctor(as_json: JsonOption = False) -> None:
        """Versions, folders, keyring, database health, clock; no secrets."""
        facts = context.services.doctor()
        if as_json:
            print(json_lines.line(facts))
        else:
            for key, value in facts.items():
                print(f"{key}: {_listed(value) if isinstance(value, Mapping) else value}")


def _schedule(settings: Profile, state: JobStatus) -> dict[str, Any]:
    """When the next cycle is due, and since when it should have run (three intervals late)."""
    if not settings.enabled or state.last is None:
        return {"next_run": None, "overdue_since": None}
    started = state.current.started_at if state.current else state.last.started_at
    due = started + timedelta(minutes=settings.interval_minutes)
    due = max(due, state.next_attempt or due)
    late = overdue(started, settings.interval_minutes, datetime.now(UTC), state.next_attempt)
    return {
        "next_run": json_lines.stamp(due),
        "overdue_since": json_lines.stamp(due) if late and not state.current else None,
    }


def _warnings(facts: Mapping[str, Any], state: JobStatus) -> Iterator[Text]:
    """What `status` says beyond the last cycle."""
    if facts["overdue_since"]:
        yield Text(
            "No cycle has run for three intervals; one was due at {time}.",
            {"time": facts["overdue_since"]},
        )
    if state.mail_error is not None:
        yield Text("The last notification was not sent: {cause}", {"cause": state.mail_error})
    if facts["credential_ends_at"]:
        yield Text("The Microsoft secret ends at {time}.", {"time": facts["credential_ends_at"]})


def _listed(facts: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {said}" for name, said in facts.items()) or "none"


def _switch(context: Context, profile: str | None, *, enabled: bool) -> None:
    name = context.services.profiles.choose(profile)
    context.services.profiles.set_enabled(name, enabled=enabled)
    if context.as_json:
        print(json_lines.line({"profile": name, "enabled": enabled}))
    else:
        print(f"{name}: provisioning {'on' if enabled else 'off'}")


def _say(context: Context, what: str, number: int) -> None:
    print(json_lines.line({what: number}) if context.as_json else f"{what}: {number}")


def _plan_lines(file: Path) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for number, text in enumerate(_read(file).decode("utf-8", "replace").splitlines(), 1):
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


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            Text("{file} cannot be read: {cause}",
                 {"file": str(file), "cause": error.strerror or ""})
        ) from None  # fmt: skip


def _print_document(document: dict[str, Any], *, compact: bool) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=None if compact else 2))
