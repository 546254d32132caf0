"""Commands on what is there: status, on, off, release, keep, retry, doctor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from app.cli import json_lines
from app.cli.context import Context
from app.cli.drift import changed_by_hand
from app.cli.live import summary_of
from app.cli.options import JsonOption, ProfileOption
from app.domain.activity import JobStatus
from app.domain.errors import ConfigurationError
from app.domain.settings import Profile
from app.domain.texts import Text
from app.engine.schedule import overdue


def add_state(app: typer.Typer, context: Context) -> None:
    """Register the commands."""

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
        if state.drifted:
            print(services.translator.render(changed_by_hand(state.drifted)))
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
            typer.Argument(help="Sign-in name, address, group or id; else all that failed."),
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
        """Try failed people and groups again at the next cycle, before their turn."""
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
    return ", ".join(f"{name} {said or '-'}" for name, said in facts.items()) or "none"


def _switch(context: Context, profile: str | None, *, enabled: bool) -> None:
    name = context.services.profiles.choose(profile)
    context.services.profiles.set_enabled(name, enabled=enabled)
    if context.as_json:
        print(json_lines.line({"profile": name, "enabled": enabled}))
    else:
        print(f"{name}: provisioning {'on' if enabled else 'off'}")


def _say(context: Context, what: str, number: int) -> None:
    print(json_lines.line({what: number}) if context.as_json else f"{what}: {number}")
