"""The table of codes holds every code that the program and the specification use."""

import ast
from pathlib import Path

import app
from app.domain.codes import CODES, advice_of, category_of

PUBLISHED = {
    "Conflict",
    "EntryConflict",
    "TooManyRequests",
    "InternalServerError",
    "InsufficientRights",
    "MethodNotAllowed",
    "NotPermitted",
    "Unauthorized",
    "UnprocessableEntity",
    "WebExceptionProtocolError",
    "InvalidAnchor",
    "NotImplemented",
    "MandatoryFieldsMissing",
    "MissingValues",
    "SchemaAttributeNotFound",
    "InternalError",
    "InvalidDomain",
    "Timeout",
    "LicenseLimitExceeded",
    "DuplicateTargetEntries",
    "DuplicateSourceEntries",
    "ImportSkipped",
    "EntrySynchronizationSkipped",
    "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse",
    "SystemForCrossDomainIdentityManagementServiceIncompatible",
    "SchemaPropertyCanOnlyAcceptValue",
    "RedundantExport",
    "UnableToResolveReferenceAttributeValue",
}

SPEAKERS = {"EntryError": 0, "Said": 1}
"""Callables that take a code, and at which place."""


def codes_of(tree: ast.Module) -> set[str]:
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: set[str] = set()
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        given = [word.value for word in call.keywords if word.arg == "code"]
        if name in SPEAKERS and len(call.args) > SPEAKERS[name]:
            given.append(call.args[SPEAKERS[name]])
        for value in given:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found.add(value.value)
            elif isinstance(value, ast.Name) and isinstance(constants.get(value.id), str):
                found.add(constants[value.id])
    return found


def test_every_code_of_the_program_is_explained() -> None:
    used: set[str] = set()
    for file in Path(app.__file__).parent.rglob("*.py"):
        if "sandbox" not in file.parts:
            used |= codes_of(ast.parse(file.read_text(encoding="utf-8")))
    assert {"DuplicateSourceEntries", "ExpressionFailed", "Kept", "StagedDelete"} <= used
    assert used <= set(CODES)


def test_every_published_code_is_explained_in_words() -> None:
    assert set(CODES) >= PUBLISHED
    assert all(str(code.meaning).strip() for code in CODES.values())


def test_what_is_tried_again_needs_nobody() -> None:
    retried = {name for name, code in CODES.items() if code.retried}
    assert retried == {
        "TooManyRequests",
        "InternalServerError",
        "WebExceptionProtocolError",
        "InternalError",
        "Timeout",
    }
    assert all("Nothing to do" in str(advice_of(name)) for name in retried)
    assert advice_of("Unheard") is None
    assert advice_of("EntrySynchronizationSkipped") is None
    assert category_of("Conflict") == "nonServiceFailure"
    assert category_of("Timeout") == "serviceFailure"
