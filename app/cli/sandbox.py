"""`sandbox serve`: the practice servers in the foreground."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

from app.cli import json_lines
from app.cli.context import Context
from app.cli.options import JsonOption
from app.cli.signals import signals


def add_sandbox(app: typer.Typer, context: Context) -> None:
    """Register the commands."""
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
