"""JSON batching of the practice Graph (spec/graph.md 6)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from app.sandbox.faults import Faults
from app.sandbox.graph_lists import error
from app.sandbox.wire import Answer, Call, Json

MOST_ITEMS = 20


def answer_batch(call: Call, run: Callable[[Call], Answer], faults: Faults) -> Answer:
    """Up to 20 requests through `run`, each with a status of its own; 200 overall."""
    try:
        items = call.json()["requests"]
    except (ValueError, KeyError):
        return error(400, "BadRequest", "Invalid batch payload format.")
    problem = _problem(items)
    if problem is not None:
        return error(400, "BadRequest", problem)
    answers: dict[str, Answer] = {}
    for item in items:
        answers[item["id"]] = _run_one(call, item, answers, run, faults)
    ids = list(answers)
    if faults.batch_disorder:
        ids.reverse()
    return Answer(200, {"responses": [_response(one, answers[one]) for one in ids]})


def _problem(items: object) -> str | None:
    if not isinstance(items, list) or not 0 < len(items) <= MOST_ITEMS:
        return f"A batch holds 1 to {MOST_ITEMS} requests."
    seen: set[str] = set()
    for item in items:
        if not isinstance(item, dict):
            return "A request of a batch is an object."
        identity, method, url = item.get("id"), item.get("method"), item.get("url")
        if not (isinstance(identity, str) and isinstance(method, str) and isinstance(url, str)):
            return "A request of a batch needs id, method and url."
        if identity.lower() in seen:
            return f"The id {identity} occurs twice."
        if any(one not in seen for one in _lower(item.get("dependsOn"))):
            return f"The request {identity} depends on one that does not precede it."
        seen.add(identity.lower())
        if "body" in item and "content-type" not in _headers(item):
            return f"The request {identity} has a body and no Content-Type."
    return None


def _run_one(
    call: Call,
    item: Mapping[str, Any],
    answers: Mapping[str, Answer],
    run: Callable[[Call], Answer],
    faults: Faults,
) -> Answer:
    waited_for = _lower(item.get("dependsOn"))
    if any(one.status >= 400 for key, one in answers.items() if key.lower() in waited_for):
        return error(424, "FailedDependency", "A request this one depends on failed.")
    if faults.batch_throttle > 0:
        faults.batch_throttle -= 1
        throttled = error(429, "TooManyRequests", "Too many requests.")
        return Answer(429, throttled.body, {"Retry-After": f"{faults.retry_after:g}"})
    path, _, query = item["url"].partition("?")
    body = json.dumps(item["body"]).encode() if "body" in item else b""
    inner = Call(
        method=item["method"].upper(),
        path="/" + unquote(path).lstrip("/"),
        base=call.base,
        query=dict(parse_qsl(query, keep_blank_values=True)),
        raw_query=query,
        headers={**_headers(item), "authorization": call.headers.get("authorization", "")},
        body=body,
    )
    if inner.path.lower().startswith("/$batch"):
        return error(400, "BadRequest", "A batch cannot hold a batch.")
    return run(inner)


def _headers(item: Mapping[str, Any]) -> dict[str, str]:
    headers = item.get("headers") or {}
    return {str(name).lower(): str(value) for name, value in dict(headers).items()}


def _lower(ids: object) -> list[str]:
    return [str(one).lower() for one in ids] if isinstance(ids, list) else []


def _response(identity: str, answer: Answer) -> Json:
    response: Json = {"id": identity, "status": answer.status, "headers": dict(answer.headers)}
    if answer.body is not None:
        response["headers"].setdefault("Content-Type", "application/json")
        response["body"] = answer.body
    return response
