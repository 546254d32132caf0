"""Options that every command shares."""

from __future__ import annotations

from typing import Annotated

import typer

ProfileOption = Annotated[
    str | None, typer.Option("-p", "--profile", help="Profile; may be left out when there is one.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print machine-readable output only.")]
