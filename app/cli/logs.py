"""`rollcall logs`: the provisioning log on the terminal, for programs and as a download."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from app.cli import log_files
from app.cli.context import Context
from app.cli.live import MARKS
from app.cli.log_records import Systems, log_record
from app.cli.options import JsonOption, ProfileOption
from app.cli.output import cannot_write, opened
from app.domain.activity import ActionKind, LogQuery, Status
from app.domain.errors import ConfigurationError
from app.domain.texts import Text

MOST_ON_TERMINAL = 1_000
"""Rows of a table without --limit; nobody scrolls further, and a table is laid out as a whole."""

WHEN = "2026-01-31, 2026-01-31T08:00, 24h, 7d or yesterday; in UTC unless an offset is given."


@dataclass(frozen=True, slots=True)
class _Wish:
    """How to print. `form` is `table`, `json`, `lines` or `csv`."""

    form: str
    out: Path | None


def add_logs(app: typer.Typer, context: Context) -> None:
    """Put the command into the program."""

    @app.command()
    def logs(
        profile: ProfileOption = None,
        status: Annotated[Status | None, typer.Option(help="How it ended.")] = None,
        action: Annotated[ActionKind | None, typer.Option(help="What was done.")] = None,
        since: Annotated[str | None, typer.Option(help=f"From then on: {WHEN}")] = None,
        until: Annotated[str | None, typer.Option(help=f"Before that: {WHEN}")] = None,
        user: Annotated[
            str | None,
            typer.Option(help="Part of a name, address or id, on either side, or of a code."),
        ] = None,
        cycle: Annotated[str | None, typer.Option(help="Id of a cycle.")] = None,
        change: Annotated[str | None, typer.Option(help="Id of a change.")] = None,
        limit: Annotated[int | None, typer.Option(min=1, help="At most so many records.")] = None,
        form: Annotated[
            str,
            typer.Option(
                "--format",
                help="table, json (one array of full records) or csv. --json prints the same "
                "records one a line.",
            ),
        ] = "table",
        out: Annotated[
            Path | None,
            typer.Option(
                help="Write to this file. For csv, a folder (or a name without an ending) gets "
                "ProvisioningLogs.csv, ProvisioningLogs_ProvisioningSteps.csv and "
                "ProvisioningLogs_ModifiedProperties.csv, joined by changeId."
            ),
        ] = None,
        as_json: JsonOption = False,
    ) -> None:
        """The provisioning log, newest first; all times are UTC."""
        if form not in ("table", "json", "csv"):
            raise ConfigurationError(
                Text("--format is {given}; it can be table, json or csv", {"given": form})
            )
        name = context.services.profiles.choose(profile)
        query = LogQuery(
            status=status,
            action=action,
            cycle=cycle,
            change=change,
            since=_moment("--since", since),
            until=_moment("--until", until),
            text=user,
            limit=limit,
        )
        _print(context, name, query, _Wish("lines" if as_json else form, out))


def _print(context: Context, name: str, query: LogQuery, wish: _Wish) -> None:
    form = "lines" if wish.form == "table" and wish.out is not None else wish.form
    if form == "table":
        _print_table(context, name, query)
        return
    rows = _rows(context, name, query)
    if form == "csv" and wish.out is not None and (wish.out.is_dir() or not wish.out.suffix):
        try:
            log_files.write_folder(rows, wish.out)
        except OSError as error:
            raise cannot_write(wish.out, error) from None
        return
    write = {
        "csv": log_files.write_short,
        "json": log_files.write_array,
        "lines": log_files.write_lines,
    }[form]
    with opened(wish.out) as file:
        write(rows, file)


def _rows(context: Context, name: str, query: LogQuery) -> Iterator[dict[str, Any]]:
    services = context.services
    history = services.history(name)
    if history is None:
        return
    systems = Systems.of(services.profiles.settings(name))
    for record in history.log(query):
        yield log_record(record, systems, services.translator)


def _print_table(context: Context, name: str, query: LogQuery) -> None:
    shown = query if query.limit is not None else replace(query, limit=MOST_ON_TERMINAL)
    table = Table(box=box.SIMPLE, padding=(0, 1), pad_edge=False)
    for title in ("Time (UTC)", "", "Person", "What happened"):
        table.add_column(title, no_wrap=title in ("Time (UTC)", ""))
    for row in _rows(context, name, shown):
        at = f"{row['at'][:10]} {row['at'][11:19]}"
        who = row["source"]["name"] or row["target"]["name"]
        table.add_row(at, MARKS[Status(row["status"])], who, row["message"])
    Console(file=sys.stdout, markup=False).print(table)
    history = context.services.history(name)
    left = history.count_log(query) - table.row_count if history and query.limit is None else 0
    if left > 0:
        said = Text(
            "{n} older record is not shown; use --limit, --since or --out.",
            {"n": left},
            plural="{n} older records are not shown; use --limit, --since or --out.",
        )
        print(context.services.translator.render(said), file=sys.stderr)


def _moment(option: str, given: str | None) -> datetime | None:
    """What a person wrote; in UTC like all times of the log (spec/provisioning.md 12.3)."""
    if given is None:
        return None
    now = datetime.now(UTC)
    if given == "yesterday":
        return (now - timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    span = re.fullmatch(r"(\d{1,6})([mhd])", given, re.ASCII)
    if span:
        unit = {"m": "minutes", "h": "hours", "d": "days"}[span[2]]
        return _back(now, timedelta(**{unit: int(span[1])}))
    try:
        moment = datetime.fromisoformat(given)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ConfigurationError(
            Text("{option} is {given}, which is no time", {"option": option, "given": given}),
            "Write 2026-01-31, 2026-01-31T08:00 (in UTC), 2h, 3d or yesterday.",
        ) from None


def _back(now: datetime, span: timedelta) -> datetime:
    """So long ago; the beginning of time when that is before it."""
    try:
        return now - span
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
