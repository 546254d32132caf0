"""`rollcall expression`: mapping expressions tried out, one or a whole file of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from random import SystemRandom
from typing import Annotated, Any, BinaryIO

import typer

from app.cli import json_lines
from app.cli.context import Context
from app.domain.errors import ConfigurationError, EntryError, ExitCode
from app.domain.people import Attributes, Value
from app.domain.texts import Text, Translator
from app.mapping.errors import ExpressionError
from app.mapping.expression import Answer, Expression, compile_expression
from app.mapping.values import Context as Surroundings
from app.mapping.values import text

SET = "set"


@dataclass(frozen=True, slots=True)
class Trial:
    """One expression with all it may know."""

    expression: str
    attributes: Attributes
    surroundings: Surroundings


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why there is no value. `column` is where the expression cannot be read."""

    text: Text
    advice: Text | None = None
    column: int | None = None


class BadInput(Exception):
    """A line or an option is not what it must be."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(str(text))


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the options say about every expression."""

    attributes: Attributes
    now: str | None
    default_domain: str | None
    taken: tuple[str, ...]


def add_expression(app: typer.Typer, context: Context) -> None:
    """The command."""

    @app.command()
    def expression(
        expression: Annotated[
            str | None, typer.Argument(metavar="EXPR", help="A mapping expression.")
        ] = None,
        attributes: Annotated[
            str | None,
            typer.Option(help="File with a JSON object of the person's attributes; - = stdin."),
        ] = None,
        user: Annotated[
            str | None, typer.Option(help="Sign-in name, address or object id of a person.")
        ] = None,
        file: Annotated[
            str | None, typer.Option(help="JSON lines of expressions; - = stdin.")
        ] = None,
        now: Annotated[str | None, typer.Option(help="The time for Now(), ISO 8601.")] = None,
        default_domain: Annotated[str | None, typer.Option(help="For DefaultDomain().")] = None,
        taken: Annotated[
            list[str] | None, typer.Option(help="A value that is taken; may be repeated.")
        ] = None,
        profile: Annotated[
            str | None, typer.Option("-p", "--profile", help="Where --user is looked up.")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
    ) -> int:
        """Work out a mapping expression; needs no profile unless --user names a person."""
        if (expression is None) == (file is None):
            raise ConfigurationError(
                "Give one expression, or --file with many",
                "Write the expression in quotation marks, so that the shell leaves it alone.",
            )
        if attributes is not None and user is not None:
            raise ConfigurationError("--attributes and --user exclude each other")
        person = _person(context, profile, user) if user is not None else _attributes(attributes)
        defaults = Defaults(person, now, default_domain, tuple(taken or ()))
        if file is not None:
            return _many(context, file, defaults)
        return _one(context, expression or "", defaults)


def _one(context: Context, expression: str, defaults: Defaults) -> int:
    try:
        trial = _trial({"expression": expression}, defaults)
    except BadInput as bad:
        raise ConfigurationError(bad.text) from None
    answer = _work_out(trial)
    translator = context.services.translator
    if context.as_json:
        print(json_lines.line(_answer(answer, translator)))
    elif isinstance(answer, Wrong):
        print(translator.render(answer.text), file=sys.stderr)
        if answer.advice is not None:
            print(translator.render(answer.advice), file=sys.stderr)
    elif answer.flow is not None:
        said = Text("Nothing is sent: the target keeps what it has.")
        print(translator.render(said), file=sys.stderr)
    else:
        values = answer.value if isinstance(answer.value, tuple) else (answer.value,)
        for value in values:
            print(text(value))
    return ExitCode.SOME_FAILED if isinstance(answer, Wrong) else ExitCode.DONE


def _many(context: Context, file: str, defaults: Defaults) -> int:
    """One answer for each line, in order; a line that cannot be read is answered with an error."""
    failed = False
    with _lines(file) as lines:
        for line in lines:
            try:
                answer = _work_out(_trial(_object(line), defaults))
            except BadInput as bad:
                answer = Wrong(bad.text)
            failed = failed or isinstance(answer, Wrong)
            print(json_lines.line(_answer(answer, context.services.translator)), flush=True)
    return ExitCode.SOME_FAILED if failed else ExitCode.DONE


def _work_out(trial: Trial) -> Answer | Wrong:
    try:
        return _compiled(trial.expression).answer(trial.attributes, trial.surroundings)
    except ExpressionError as error:
        return Wrong(error.text, error.advice, error.column)
    except EntryError as error:
        return Wrong(error.text, error.advice)


@lru_cache(maxsize=256)
def _compiled(expression: str) -> Expression:
    return compile_expression(expression)


def _answer(answer: Answer | Wrong, translator: Translator) -> dict[str, Any]:
    """The object that the interface promises."""
    if isinstance(answer, Wrong):
        said = {"message": translator.render(answer.text), "column": answer.column}
        return {"value": None, "flow": SET, "log_value": None, "error": said}
    return {
        "value": answer.value,
        "flow": SET if answer.flow is None else answer.flow.value,
        "log_value": answer.logged,
        "error": None,
    }


KEYS = frozenset({"expression", "attributes", "now", "default_domain", "taken"})


def _trial(line: Mapping[str, Any], defaults: Defaults) -> Trial:
    unknown = sorted(set(line) - KEYS)
    if unknown:
        raise BadInput(Text("There is no key “{name}” in a line", {"name": unknown[0]}))
    expression = line.get("expression")
    if not isinstance(expression, str):
        raise BadInput(Text("“{name}” must be a text", {"name": "expression"}))
    given = line.get("attributes")
    taken = line.get("taken")
    if taken is not None and not isinstance(taken, list):
        raise BadInput(Text("“{name}” must be a list", {"name": "taken"}))
    known = {_plain("taken", one) for one in (defaults.taken if taken is None else taken)}
    # Directories compare names without regard to capitals.
    folded = {text(one).casefold() for one in known}
    return Trial(
        expression,
        defaults.attributes if given is None else _values(given),
        Surroundings(
            now=_moment(line.get("now", defaults.now)),
            random=SystemRandom(),
            default_domain=_domain(line.get("default_domain", defaults.default_domain)),
            taken=lambda value: value.casefold() in folded,
        ),
    )


def _domain(given: object) -> str | None:
    if given is None or isinstance(given, str):
        return given or None
    raise BadInput(Text("“{name}” must be a text", {"name": "default_domain"}))


def _moment(given: object) -> datetime:
    if given is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else None
        if moment is not None:
            zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return zoned.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadInput(Text("“{value}” is no time; write 2026-01-31T08:00:00Z", {"value": str(given)}))


def _values(given: object) -> dict[str, Value]:
    if not isinstance(given, dict):
        raise BadInput(Text("“{name}” must be an object", {"name": "attributes"}))
    return {name: _value(name, value) for name, value in given.items()}


def _value(name: str, value: object) -> Value:
    if isinstance(value, list):
        kept = [_plain(name, one) for one in value if one is not None]
        return tuple(text(one) for one in kept)
    return _plain(name, value)


def _plain(name: str, value: object) -> str | int | bool | None:
    if value is None or isinstance(value, str | int):
        return value
    raise BadInput(
        Text("“{name}” must be a text, a number, true, false, null or a list", {"name": name})
    )


def _object(line: str | bytes) -> Mapping[str, Any]:
    """A JSON object; a number with a decimal point keeps its digits as they are written."""
    try:
        written = line.decode("utf-8-sig") if isinstance(line, bytes) else line
        found = json.loads(written, parse_float=str, parse_constant=_no_number)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadInput(Text("This is no JSON object"))
    return found


def _no_number(name: str) -> object:
    raise ValueError(name)


def _attributes(file: str | None) -> Attributes:
    if file is None:
        return {}
    with _lines(file) as lines:
        content = b"".join(lines)
    try:
        return _values(_object(content))
    except BadInput as bad:
        raise ConfigurationError(
            Text("{file}: {problem}", {"file": file, "problem": bad.text})
        ) from None


def _person(context: Context, profile: str | None, wanted: str) -> Attributes:
    """Somebody as last read from the directory."""
    services = context.services
    name = services.profiles.choose(profile)
    history = services.history(name)
    try:
        found = history.people_called(wanted) if history is not None else ()
    finally:
        if history is not None:
            history.close()
    if not found:
        raise ConfigurationError(
            Text("{profile} knows nobody called {user}", {"profile": name, "user": wanted}),
            "People are known after the first cycle. Give a sign-in name, an address or an "
            "object id, or the attributes in a file with --attributes.",
        )
    return found[0].attributes


@contextmanager
def _lines(file: str) -> Iterator[Iterable[bytes]]:
    if file == "-":
        yield sys.stdin.buffer
        return
    with _opened(Path(file)) as stream:
        yield stream


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        said = {"file": str(file), "cause": error.strerror or ""}
        raise ConfigurationError(Text("{file} cannot be read: {cause}", said)) from None
