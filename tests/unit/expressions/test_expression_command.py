"""`rollcall expression`: the answers and exit codes that the interface promises."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import run
from app.domain.people import PersonChange
from app.sandbox.server import Sandbox
from app.state.store import open_store
from app.wiring import make_services

Said = tuple[int, str, str]


@pytest.fixture
def rollcall(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def call(*words: str) -> Said:
        code = run(["expression", *words], make_services)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_text_form(rollcall: Callable[..., Said], tmp_path: Path) -> None:
    file = tmp_path / "person.json"
    file.write_text('{"a": "x", "l": ["1", null, "2"], "n": 1.50, "t": true}', encoding="utf-8")
    for expression, out in (
        ('Append([a], "!")', "x!\n"),
        ("[l]", "1\n2\n"),
        ("[n]", "1.50\n"),
        ("Not([t])", "False\n"),
        ("Count([l])", "2\n"),
        ("[none]", "\n"),
    ):
        assert rollcall(expression, "--attributes", str(file)) == (0, out, "")
    code, out, err = rollcall("IgnoreFlowIfNullOrEmpty([none])")
    assert (code, out, bool(err)) == (0, "", True)


@pytest.mark.parametrize(
    ("expression", "value", "flow", "logged"),
    [
        ("BitAnd(6, 3)", 2, "set", 2),
        ("Not([a])", True, "set", True),
        ('Split("a,b", ",")', ["a", "b"], "set", ["a", "b"]),
        ("[a]", None, "set", None),
        ('Append("a", Redact("b"))', "ab", "set", "a[Redact]"),
        ("IgnoreFlowIfNullOrEmpty([a])", None, "ignore", None),
        ("CDate(Now())", "1/2/2026 3:04:05 AM", "set", "1/2/2026 3:04:05 AM"),
        ("DefaultDomain()", "contoso.com", "set", "contoso.com"),
        ('SelectUniqueValue("a", "b", "c")', "c", "set", "c"),
    ],
)
def test_json(
    rollcall: Callable[..., Said], expression: str, value: object, flow: str, logged: object
) -> None:
    code, out, _ = rollcall(
        expression, "--json", "--now", "2026-01-02T05:04:05+02:00", "--default-domain",
        "contoso.com", "--taken", "A", "--taken", "b",
    )  # fmt: skip
    wanted = {"value": value, "flow": flow, "log_value": logged, "error": None}
    assert (code, json.loads(out)) == (0, wanted)
    assert out.count("\n") == 1


def test_errors_have_a_column_when_the_expression_is_wrong(rollcall: Callable[..., Said]) -> None:
    code, out, _ = rollcall('Append("a", Nope())', "--json")
    error = json.loads(out)["error"]
    assert (code, error["column"], "Nope" in error["message"]) == (1, 13, True)
    code, out, _ = rollcall("CDate([a])", "--json")
    assert (code, json.loads(out)["error"]["column"], json.loads(out)["value"]) == (1, None, None)
    code, out, err = rollcall("CDate([a])")
    assert (code, out, bool(err)) == (1, "", True)


def lines(*objects: object) -> str:
    return "".join(one if isinstance(one, str) else json.dumps(one) + "\n" for one in objects)


def test_a_file_is_answered_line_by_line(
    rollcall: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = lines(
        {"expression": "[a]", "attributes": {"a": [1, True]}},
        "nonsense\n",
        "[1]\n",
        {"attributes": {}},
        {"expression": "[a]"},
        {"expression": "Now()", "now": "soon"},
        {"expression": "Now()", "now": "2026-01-02"},
        {"expression": "DefaultDomain()", "default_domain": ""},
        {"expression": "DefaultDomain()", "default_domain": "x.y"},
        {"expression": 'SelectUniqueValue("a", "b")', "taken": ["a"]},
        {"expression": "[a]", "attributes": {"a": {"b": 1}}},
        {"expression": "[a]", "attributes": "x"},
        {"expression": "[a]", "taken": "x"},
        "\n",
        '{"expression": "[a]", "attributes": {"a": NaN}}\n',
        '{"expression": "[a]", "attributes": {"a": 1e3}}',
    )
    file = tmp_path / "many.jsonl"
    file.write_text(content, encoding="utf-8")
    code, out, _ = rollcall("--file", str(file))
    answers: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    said = [one["value"] if one["error"] is None else "error" for one in answers]
    assert code == 1
    assert said == [
        ["1", "True"], "error", "error", "error", None, "error", "1/2/2026 12:00:00 AM", "error",
        "x.y", "b", "error", "error", "error", "error", "error", "1e3",
    ]  # fmt: skip
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    assert rollcall("--file", "-", "--json")[:2] == (1, out)


def test_a_file_without_errors_is_exit_0(rollcall: Callable[..., Said], tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text('{"expression": "Len(\\"abc\\")"}\n', encoding="utf-8")
    assert rollcall("--file", str(file))[0] == 0


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("Now()", "--file", "x"),
        ("Now()", "--attributes", "x", "--user", "y"),
        ("Now()", "--attributes", "does-not-exist.json"),
        ("Now()", "--now", "soon"),
        ("Now()", "--user", "nobody"),
    ],
)
def test_wrong_usage(rollcall: Callable[..., Said], words: tuple[str, ...]) -> None:
    code, out, err = rollcall(*words)
    assert (code, out, bool(err)) == (2, "", True)


def test_attributes_must_be_an_object(rollcall: Callable[..., Said], tmp_path: Path) -> None:
    file = tmp_path / "person.json"
    file.write_text("[]", encoding="utf-8")
    assert rollcall("Now()", "--attributes", str(file))[0] == 2


def test_a_person_of_the_mirror(rollcall: Callable[..., Said]) -> None:
    program = make_services(None)
    name = program.profiles.save(Sandbox().info()["profile"], replace=False)
    code, out, err = rollcall("[department]", "--user", "zoe@contoso.com")
    assert (code, out, "first cycle" in err) == (2, "", True)
    store = open_store(program.state_file(name))
    attributes = {
        "mail": "Zoe@contoso.com",
        "userPrincipalName": "z@contoso.com",
        "originalUserPrincipalName": "z_contoso.com#EXT#@x",
        "department": "Sales",
    }
    store.mirror.merge_people([PersonChange("0a-b1", attributes)], None)
    store.close()
    for wanted in ("ZOE@contoso.com", "z@contoso.com", "z_contoso.com#EXT#@x", "0A-B1"):
        assert rollcall("[department]", "--user", wanted) == (0, "Sales\n", "")
    assert rollcall("[department]", "--user", "other@contoso.com")[0] == 2
