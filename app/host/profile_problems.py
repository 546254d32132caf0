"""What is wrong with a profile document, as sentences that name the key.

The validation library says type, place and context; its own wording is for developers. Here
each kind of finding gets a sentence: the dotted path, what was given, what is expected.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.domain.errors import ConfigurationError
from app.domain.texts import Text, TextValue
from app.host.profile_fields import MISSING, REFUSED

_SHOWN_VALUE = 40
_SHOWN_PROBLEMS = 20
_SECRET_WORDS = ("secret", "password", "token", "certificate")

_Location: TypeAlias = Sequence[int | str]
_Values: TypeAlias = Mapping[str, TextValue]

_EXPECTED: Mapping[str, Text] = {
    "string": Text("text"),
    "int": Text("a whole number"),
    "float": Text("a number"),
    "finite": Text("a finite number"),
    "bool": Text("true or false"),
    "list": Text("a list"),
    "tuple": Text("a list"),
    "dict": Text("an object"),
    "model": Text("an object"),
}
_NEEDED: Mapping[str, tuple[Text, str]] = {
    "greater_than": (Text("{key} must be more than {limit}, but is {given}."), "gt"),
    "greater_than_equal": (Text("{key} must be at least {limit}, but is {given}."), "ge"),
    "less_than_equal": (Text("{key} must be at most {limit}, but is {given}."), "le"),
    "too_short": (Text("{key} must not be empty."), "min_length"),
    "string_too_long": (Text("{key} must have at most {limit} characters."), "max_length"),
}


def configuration_error(
    error: ValidationError, known_keys: Callable[[_Location], list[str]]
) -> ConfigurationError:
    """All findings, one line each; `key` is that of the first.

    `known_keys` gives the keys that the object at a location may have, for a suggestion.
    """
    found = _causes(error.errors(include_url=False))
    sentences = [_sentence(detail, known_keys) for detail in found[:_SHOWN_PROBLEMS]]
    if len(found) > _SHOWN_PROBLEMS:
        sentences.append(
            Text(
                "{n} more problem follows.",
                {"n": len(found) - _SHOWN_PROBLEMS},
                plural="{n} more problems follow.",
            )
        )
    misplaced = any(
        detail["type"] == "extra_forbidden" and _looks_like_a_secret(detail["loc"])
        for detail in found
    )
    return ConfigurationError(
        one_line_each(sentences),
        _WHERE_SECRETS_GO if misplaced else _WHERE_KEYS_ARE,
        key=dotted(found[0]["loc"]),
    )


_WHERE_SECRETS_GO = Text(
    "Take it out of the profile and store it with: rollcall secret set PROFILE SECRET"
)
_WHERE_KEYS_ARE = Text("All keys are described by: rollcall profile schema")


def one_line_each(sentences: Sequence[Text]) -> Text:
    """Several sentences as one text."""
    if len(sentences) == 1:
        return sentences[0]
    places = [f"line{number}" for number in range(len(sentences))]
    template = "\n".join(f"{{{place}}}" for place in places)
    return Text(template, dict(zip(places, sentences, strict=True)))


def dotted(location: _Location) -> str:
    """`mappings.users.attributes[2].type`; the document itself is `profile`."""
    path = ""
    for part in location:
        if part == "[key]":
            continue
        path += f"[{part}]" if isinstance(part, int) else f".{_shortened(part)}"
    return path.removeprefix(".") or "profile"


def describe(value: object) -> Text:
    """What somebody wrote, short enough for a sentence."""
    match value:
        case None:
            return Text("null")
        case bool():
            return Text("true") if value else Text("false")
        case int() | float():
            return Text("the number {value}", {"value": _shortened(repr(value))})
        case str():
            return Text("the text “{value}”", {"value": _shortened(value)})
        case list() | tuple():
            return Text("a list")
        case _:
            return Text("an object")


def _causes(details: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Findings without their echoes: what hangs on a wrong key, and lists with a wrong entry."""
    places = [detail["loc"] for detail in details]
    return [
        detail
        for detail in details
        if detail["type"] != "default_factory_not_called"
        and not any(
            len(place) > len(detail["loc"]) and place[: len(detail["loc"])] == detail["loc"]
            for place in places
        )
    ]


def _sentence(detail: ErrorDetails, known_keys: Callable[[_Location], list[str]]) -> Text:
    kind, location = detail["type"], detail["loc"]
    values: dict[str, TextValue] = {"key": dotted(location), "given": describe(detail["input"])}
    if kind == REFUSED:
        text: Text = detail["ctx"]["texts"][0]
        return Text(text.message, {**text.values, **values}, text.plural)
    if kind in {"missing", MISSING}:
        return Text("{key} is missing.", values)
    if kind == "extra_forbidden":
        return _unknown_key(location, values, known_keys(location[:-1]))
    return _wrong_value(detail, values)


def _wrong_value(detail: ErrorDetails, values: dict[str, TextValue]) -> Text:
    kind = detail["type"]
    context: Mapping[str, Any] = detail.get("ctx", {})
    if kind in {"enum", "literal_error"}:
        choices = str(context["expected"]).replace(" or ", ", ").replace("'", "")
        if "," not in choices:
            return Text("{key} must be {choices}, but is {given}.", values | {"choices": choices})
        return Text(
            "{key} must be one of {choices}, but is {given}.", values | {"choices": choices}
        )
    if kind in _NEEDED:
        needed, limit = _NEEDED[kind]
        return Text(needed.message, values | {"limit": f"{context[limit]:g}"})
    expected = _EXPECTED.get(kind.split("_")[0])
    if expected is not None:
        return Text("{key} must be {expected}, but is {given}.", values | {"expected": expected})
    return Text("{key} is not valid: {detail}.", values | {"detail": detail["msg"]})


def _unknown_key(location: _Location, values: _Values, known: Sequence[str]) -> Text:
    if _looks_like_a_secret(location):
        return Text("{key} is not a known key: secrets never stand in a profile.", values)
    near = difflib.get_close_matches(str(location[-1]), known, n=1)
    if near:
        return Text("{key} is not a known key; did you mean {near}?", {**values, "near": near[0]})
    return Text("{key} is not a known key.", values)


def _looks_like_a_secret(location: _Location) -> bool:
    key = str(location[-1]).lower()
    return any(word in key for word in _SECRET_WORDS)


def _shortened(text: str) -> str:
    flat = "".join(letter if letter.isprintable() else "?" for letter in text)
    return flat if len(flat) <= _SHOWN_VALUE else flat[:_SHOWN_VALUE] + "…"
