"""Downloads of the provisioning log (spec/provisioning.md 12.3).

One JSON array, one CSV file for a quick look, or the three CSV files of Microsoft's download,
joined by change id. Everything is written as it is read; no download holds the log.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from app.cli import json_lines

Rows = Iterable[Mapping[str, Any]]

LOGS = "ProvisioningLogs.csv"
STEPS = "ProvisioningLogs_ProvisioningSteps.csv"
PROPERTIES = "ProvisioningLogs_ModifiedProperties.csv"

SHORT = ("at", "cycle", "action", "status", "source_id", "source_name", "target_id", "target_name",
         "code", "message", "advice", "duration_ms")  # fmt: skip

_PLAIN = ("id", "activityDateTime", "tenantId", "jobId", "cycleId", "changeId",
          "provisioningAction", "durationInMilliseconds")  # fmt: skip
_ERROR = ("errorCode", "reason", "additionalDetails", "errorCategory", "recommendedAction")
_NESTED = (
    ("sourceIdentity", ("id", "displayName", "identityType")),
    ("targetIdentity", ("id", "displayName", "identityType")),
    ("sourceSystem", ("id", "displayName")),
    ("targetSystem", ("id", "displayName")),
    ("servicePrincipal", ("id", "displayName")),
    ("initiatedBy", ("id", "displayName", "initiatingType")),
)
_STEP = ("name", "provisioningStepType", "status", "description")
_PROPERTY = ("displayName", "oldValue", "newValue")


def write_array(rows: Rows, file: TextIO) -> None:
    """One array, unindented, a record on a line."""
    file.write("[")
    for number, row in enumerate(rows):
        file.write(",\n" if number else "\n")
        file.write(json_lines.line(row))
    file.write("\n]\n")


def write_lines(rows: Rows, file: TextIO) -> None:
    """One JSON object on a line."""
    for row in rows:
        print(json_lines.line(row), file=file)


def write_short(rows: Rows, file: TextIO) -> None:
    """One CSV file with what fits in a row."""
    writer = csv.writer(file)
    writer.writerow(SHORT)
    for row in rows:
        source, target = row["source"], row["target"]
        own = (source["id"], source["name"], target["id"], target["name"])
        cells = (*(row[key] for key in SHORT[:4]), *own, *(row[key] for key in SHORT[8:]))
        writer.writerow([harmless(cell) for cell in cells])


def write_folder(rows: Rows, folder: Path) -> None:
    """The three files of the download; raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        logs, steps, properties = (
            csv.writer(
                files.enter_context((folder / name).open("w", encoding="utf-8-sig", newline=""))
            )
            for name in (LOGS, STEPS, PROPERTIES)
        )
        logs.writerow(_titles())
        steps.writerow(("changeId", *_STEP, "details"))
        properties.writerow(("changeId", *_PROPERTY))
        for row in rows:
            change = row["changeId"]
            logs.writerow([harmless(cell) for cell in _cells(row)])
            for step in row["provisioningSteps"]:
                details = json.dumps(step["details"], ensure_ascii=False)
                cells = (change, *(step[key] for key in _STEP), details)
                steps.writerow([harmless(cell) for cell in cells])
            for one in row["modifiedProperties"]:
                cells = (change, *(one[key] for key in _PROPERTY))
                properties.writerow([harmless(cell) for cell in cells])


def harmless(cell: object) -> object:
    """A cell that a spreadsheet would run as a formula is made plain text."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{cell}"
    return cell


def _titles() -> Iterator[str]:
    yield from _PLAIN
    yield "status"
    yield from _ERROR
    for name, keys in _NESTED:
        yield from (f"{name}.{key}" for key in keys)


def _cells(row: Mapping[str, Any]) -> Iterator[object]:
    info = row["provisioningStatusInfo"]
    error = info["errorInformation"] or {}
    yield from (row[key] for key in _PLAIN)
    yield info["status"]
    yield from (error.get(key) for key in _ERROR)
    for name, keys in _NESTED:
        yield from (row[name][key] for key in keys)
