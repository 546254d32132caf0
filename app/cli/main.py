"""The command line: parses, calls the services, prints, and turns errors into exit codes.

Exit codes: 0 done · 1 done, some accounts failed · 2 wrong usage or configuration ·
3 cannot connect or credentials refused · 4 held by a safety brake · 5 another run holds this
profile · 70 a fault of Rollcall itself · 130 interrupted.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence
from io import TextIOWrapper

import typer

from app.cli import commands, json_lines
from app.cli.context import Context
from app.cli.services import Services
from app.domain.errors import ExitCode, RollcallError

BUG = 70


def run(argv: Sequence[str], make_services: Callable[[str | None], Services]) -> int:
    """Run one command line; returns the exit code and never raises."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    as_json = "--json" in argv
    context = Context(make_services, as_json=as_json)
    application = commands.build(context)
    try:
        result = typer.main.get_command(application).main(
            args=list(argv), prog_name="rollcall", standalone_mode=False
        )
    except RollcallError as error:
        return _told(error, context)
    except typer.Exit as leaving:
        return int(leaving.exit_code)
    except typer.Abort:
        return ExitCode.INTERRUPTED
    except typer.TyperException as error:
        if as_json:
            said = {"error": {"code": "Usage", "message": error.format_message(),
                              "advice": None, "key": ""}}  # fmt: skip
            print(json_lines.line(said))
        print(error.format_message(), file=sys.stderr)
        print("See `rollcall --help`, or --help after a command.", file=sys.stderr)
        return ExitCode.USAGE
    except BrokenPipeError:
        return ExitCode.INTERRUPTED
    except Exception:  # noqa: BLE001 - the last resort: one sentence instead of a traceback
        context.log_bug(traceback.format_exc())
        mistake = "Rollcall made a mistake; the details are in its log folder."
        if as_json:
            fault = {"code": "InternalError", "message": mistake, "advice": None, "key": ""}
            print(json_lines.line({"error": fault}))
        print(mistake, file=sys.stderr)
        return BUG
    return result if isinstance(result, int) else ExitCode.DONE


def _told(error: RollcallError, context: Context) -> int:
    translator = context.translator
    if context.as_json:
        print(json_lines.line(json_lines.failure(error, translator)))
    print(translator.render(error.text), file=sys.stderr)
    if error.advice is not None:
        print(translator.render(error.advice), file=sys.stderr)
    return error.exit_code
