"""What a running cycle looks like in a terminal."""

from __future__ import annotations

import sys
from typing import TextIO

from app.cli import json_lines
from app.domain.activity import (
    ActivityRecord,
    Counts,
    CycleOutcome,
    CycleSummary,
    Phase,
    Progress,
    Status,
)
from app.domain.commands import JobState
from app.domain.errors import ExitCode
from app.domain.texts import Text, Translator

PHASES = {
    Phase.IMPORT: Text("Import"),
    Phase.SCOPING: Text("Scoping"),
    Phase.MATCHING: Text("Matching"),
    Phase.PLAN: Text("Plan"),
    Phase.GUARDS: Text("Safety check"),
    Phase.APPLY: Text("Apply"),
}
MARKS = {
    Status.SUCCESS: "✓",
    Status.WARNING: "▲",
    Status.FAILURE: "✗",
    Status.SKIPPED: "–",
}


class JsonSink:
    """One JSON object a line on stdout."""

    def __init__(self, out: TextIO, translator: Translator) -> None:
        self._out = out
        self._translator = translator

    def record(self, record: ActivityRecord) -> None:
        """An activity record, at once."""
        print(json_lines.line(json_lines.activity(record, self._translator)), file=self._out)
        self._out.flush()

    def progress(self, progress: Progress) -> None:
        """Nothing: programs count records."""

    def cycle_finished(self, summary: CycleSummary) -> None:
        """The last line."""
        print(json_lines.line(json_lines.cycle(summary, self._translator)), file=self._out)
        self._out.flush()

    def job_changed(self, state: JobState) -> None:
        """Nothing."""


class TextSink:
    """Lines for people; a progress line is redrawn only on a terminal."""

    def __init__(self, out: TextIO, translator: Translator) -> None:
        self._out = out
        self._translator = translator
        self._terminal = out.isatty()
        self._phase: Phase | None = None
        self._drawn = False

    def record(self, record: ActivityRecord) -> None:
        """One line a record."""
        self._clear()
        name = record.source.name or record.target.name
        message = self._translator.render(record.message)
        print(f"  {MARKS[record.status]} {name} · {message}", file=self._out)

    def progress(self, progress: Progress) -> None:
        """Phase and people done."""
        name = self._translator.render(PHASES[progress.phase])
        if progress.phase is not self._phase and not self._terminal:
            print(name, file=self._out)
        self._phase = progress.phase
        if not self._terminal:
            return
        if progress.total:
            said = Text(
                "{phase}: {done} of {total} people",
                {"phase": name, "done": progress.done, "total": progress.total},
            )
        else:
            said = Text("{phase}: {n} people so far…", {"phase": name, "n": progress.read})
        self._clear()
        self._out.write(self._translator.render(said))
        self._out.flush()
        self._drawn = True

    def cycle_finished(self, summary: CycleSummary) -> None:
        """The summary in words."""
        self._clear()
        for text in summary_of(summary):
            print(self._translator.render(text), file=self._out)

    def job_changed(self, state: JobState) -> None:
        """What keeps the job from running."""
        if state.problem is not None:
            self._clear()
            print(self._translator.render(state.problem), file=sys.stderr)

    def _clear(self) -> None:
        if self._drawn:
            self._out.write("\r\x1b[K")
            self._drawn = False


OUTCOMES = {
    CycleOutcome.SUCCEEDED: Text("Done"),
    CycleOutcome.FAILED: Text("Failed"),
    CycleOutcome.STOPPED: Text("Stopped; what was written stays written"),
    CycleOutcome.HELD: Text("Removals are waiting for your decision. Nobody has lost anything."),
}


def summary_of(summary: CycleSummary) -> list[Text]:
    """How a cycle ended, in a few sentences."""
    found = summary.counts
    said = [
        OUTCOMES[summary.outcome] if summary.outcome else Text("Running"),
        Text(
            "{created} created, {linked} linked, {updated} updated, {disabled} disabled, "
            "{enabled} enabled, {unchanged} unchanged, {skipped} skipped, {failed} failed",
            {
                "created": found.created,
                "linked": found.linked,
                "updated": found.updated,
                "disabled": found.disabled,
                "enabled": found.enabled,
                "unchanged": found.unchanged,
                "skipped": found.skipped,
                "failed": found.failed,
            },
        ),
        Text(
            "{source} requests to Microsoft, {target} to GoTo, {seconds} seconds",
            {
                "source": summary.source_requests,
                "target": summary.target_requests,
                "seconds": f"{summary.duration_s:.1f}",
            },
        ),
    ]
    if found.escrowed:
        said.append(
            Text(
                "{n} person waits for a retry; `rollcall retry` does it in the next cycle",
                {"n": found.escrowed},
                plural="{n} people wait for a retry; `rollcall retry` does it in the next cycle",
            )
        )
    if summary.quarantine is not None and summary.outcome is not CycleOutcome.HELD:
        said.append(Text("The job is in quarantine: {reason}", {"reason": summary.quarantine}))
    if summary.groups != Counts():
        said.insert(2, _groups_of(summary.groups))
    if summary.outcome is CycleOutcome.HELD and summary.held_because == "stale_plan":
        said[0] = Text("The world has moved since this plan. Nothing was written.")
    elif summary.outcome is CycleOutcome.HELD:
        said.append(Text("`rollcall release` lets them through, `rollcall keep` keeps everyone."))
    said.extend(one for one in (summary.error, summary.advice) if one is not None)
    return said


def _groups_of(found: Counts) -> Text:
    return Text(
        "Groups: {created} created, {linked} linked, {updated} updated, {deleted} deleted, "
        "{skipped} skipped, {failed} failed",
        {
            "created": found.created,
            "linked": found.linked,
            "updated": found.updated,
            "deleted": found.deleted,
            "skipped": found.skipped,
            "failed": found.failed,
        },
    )


CONNECTING = frozenset(
    {"Unreachable", "CredentialsRefused", "PermissionMissing", "ServiceFaulty", "BrokenContract",
     "SecretStoreUnavailable", "AnswerLost", "KeepsFailing", "SignInNeeded", "ConsentMissing",
     "ChangeRefused"}
)  # fmt: skip


def exit_code(summary: CycleSummary) -> ExitCode:
    """The promise of the interface."""
    if summary.outcome is CycleOutcome.HELD:
        return ExitCode.HELD
    if summary.outcome is CycleOutcome.SUCCEEDED and summary.quarantine is not None:
        return ExitCode.HELD
    if summary.outcome is CycleOutcome.STOPPED:
        return ExitCode.INTERRUPTED
    if summary.outcome is CycleOutcome.FAILED:
        connecting = summary.error_code in CONNECTING
        return ExitCode.CANNOT_CONNECT if connecting else ExitCode.USAGE
    failed = summary.counts.failed or summary.groups.failed
    return ExitCode.SOME_FAILED if failed else ExitCode.DONE
