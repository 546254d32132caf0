"""The functions of the language (spec/expressions.md 3), by name."""

from __future__ import annotations

from app.mapping.functions import (
    chance,
    conditions,
    dates,
    directory,
    encodings,
    log,
    replacing,
    text,
    values,
)
from app.mapping.functions.signature import Function

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for module in (
        text,
        replacing,
        encodings,
        conditions,
        values,
        dates,
        directory,
        chance,
        log,
    )
    for function in module.FUNCTIONS
}
