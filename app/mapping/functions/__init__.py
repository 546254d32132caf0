"""The functions of the language (spec/expressions.md 3), by name."""

from __future__ import annotations

from app.mapping.functions import conditions, text, values
from app.mapping.functions.signature import Function

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (*text.FUNCTIONS, *conditions.FUNCTIONS, *values.FUNCTIONS)
}
