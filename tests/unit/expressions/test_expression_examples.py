"""The vectors that come with the specification, as far as they lie beside the project.

They are not part of the project; each is a test of its own where they are found.
"""

from __future__ import annotations

import json
import re
import string
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest

from app.domain.errors import RollcallError
from app.mapping.expression import Answer, compile_expression
from app.mapping.values import Context

NAME = Path("shared", "spec", "expressions-examples.json")
FOUND = next((file for folder in Path(__file__).parents if (file := folder / NAME).is_file()), None)
VECTORS: list[dict[str, Any]] = json.loads(FOUND.read_text("utf-8")) if FOUND else []


def answer(vector: dict[str, Any]) -> Answer:
    taken = set(vector.get("existing_target_values", ()))
    context = Context(
        now=datetime.fromisoformat(vector["now"]) if "now" in vector else datetime.now(UTC),
        random=SystemRandom(),
        default_domain=vector.get("default_domain") or None,
        taken=taken.__contains__,
    )
    attributes = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in vector["attributes"].items()
    }
    return compile_expression(vector["expression"]).answer(attributes, context)


def in_text_form(found: Answer) -> object:
    if found.flow is not None:
        return {"flow": found.flow.value}
    if isinstance(found.value, tuple):
        return list(found.value)
    return None if found.value is None else str(found.value)


def check(rule: dict[str, Any], value: str, again: str) -> None:
    if "pattern" in rule:
        assert re.search(rule["pattern"], value)
    if rule.get("distinct_calls"):
        assert value != again
    if "near_utc_now_seconds" in rule:
        read = datetime.strptime(value, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=UTC)
        assert abs((datetime.now(UTC) - read).total_seconds()) <= rule["near_utc_now_seconds"]
    if rule["type"] == "random_string":
        assert len(value) == rule["length"]
        assert sum(one in string.digits for one in value) >= rule["min_digits"]
        assert sum(one in string.punctuation for one in value) >= rule["min_special"]
        assert sum(one in string.ascii_uppercase for one in value) >= rule["min_upper"]
        assert sum(one in string.ascii_lowercase for one in value) >= rule["min_lower"]
        assert not set(rule.get("avoid", "")) & set(value)


@pytest.mark.skipif(FOUND is None, reason=f"no {NAME.as_posix()} beside the project")
def test_there_are_vectors() -> None:
    assert len(VECTORS) > 100


@pytest.mark.parametrize("vector", VECTORS, ids=[one["id"] for one in VECTORS])
def test_vector(vector: dict[str, Any]) -> None:
    if vector.get("expect_error"):
        with pytest.raises(RollcallError):
            answer(vector)
        return
    found = answer(vector)
    if "check" in vector:
        check(vector["check"], str(found.value), str(answer(vector).value))
    else:
        accepted = (vector["expect"], *vector.get("also_acceptable", ()))
        assert in_text_form(found) in accepted
    if "log_value" in vector:
        assert found.logged == vector["log_value"]
