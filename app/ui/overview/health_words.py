"""The first line of the overview in words: the answer, what it rests on, what is behind Details."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject

from app.domain.activity import CycleOutcome, CycleSummary, JobStatus
from app.domain.commands import JobState
from app.domain.errors import CredentialsRefused, Service, SignInNeeded, Unreachable
from app.domain.texts import Translator
from app.ui import wording
from app.ui.error_words import error_words
from app.ui.overview.standing import Standing
from app.ui.secret_words import replace_advice
from app.ui.services import ProfileFacts, Snapshot


@dataclass(frozen=True, slots=True)
class HealthWords:
    """`secrets` are those that may have to be replaced; `again` is worth another try."""

    title: str
    text: str = ""
    details: str = ""
    secrets: tuple[str, ...] = ()
    again: bool = False
    paused: bool = False
    """The schedule waits for hours; the text says until when."""
    pilot: tuple[str, ...] = ()
    """The first people, while everybody else waits for them."""
    sign_in: Service | None = None
    """Where a person has to sign in again."""


class HealthWording(QObject):
    """Says how things stand; a `QObject` because plurals need its `tr`."""

    def __init__(self, translator: Translator, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._translator = translator

    def words(
        self, standing: Standing, job: JobState, snapshot: Snapshot, now: datetime
    ) -> HealthWords:
        """The answer."""
        last = snapshot.status.last
        if standing is Standing.PROBLEM and job.problem is not None:
            told = error_words(self._translator.render, job.problem, job.advice)
            return HealthWords(told.title, told.advice, told.details)
        if standing is Standing.EMPTY or last is None:
            return self._before_first(standing)
        if standing is Standing.OFFLINE:
            return self._offline(last, job, snapshot, now)
        if standing is Standing.QUARANTINE:
            return self._quarantine(last, job, snapshot, now)
        if standing is Standing.FAILED:
            return self._failure(last, snapshot.profile)
        return self._without_failure(standing, last, snapshot)

    def _without_failure(
        self, standing: Standing, last: CycleSummary, snapshot: Snapshot
    ) -> HealthWords:
        checked = self._checked(last)
        if standing is Standing.PARTLY:
            people = last.counts.failed or snapshot.status.escrowed or last.counts.escrowed
            title = self.tr("%Ln people could not be provisioned", "", people)
            rest = self.tr("Everybody else is up to date. {checked}").format(checked=checked)
            return HealthWords(title, rest)
        if standing is Standing.OFF:
            rest = self.tr("No cycle starts by itself. Sync now still writes to GoTo. {checked}")
            return HealthWords(self.tr("Provisioning is off"), rest.format(checked=checked))
        if standing is Standing.STOPPED:
            return HealthWords(
                self.tr("The last cycle was stopped"),
                self.tr("What was written stays written; the next cycle goes on from there."),
            )
        if standing is Standing.PILOT:
            return self._pilot(snapshot.profile.pilot, snapshot.status, checked)
        if snapshot.drifts:
            return HealthWords(self.tr("Everything that changed in Entra is in GoTo"), checked)
        return HealthWords(self.tr("Everyone who should have GoToMeeting has it"), checked)

    def _pilot(self, pilot: tuple[str, ...], status: JobStatus, checked: str) -> HealthWords:
        if not status.linked:
            title = self.tr("Nobody has GoToMeeting yet. Everybody else waits for you")
        elif len(pilot) == 1:
            title = self.tr("{name} has GoToMeeting. Everybody else waits for you")
        else:
            title = self.tr("The first people have GoToMeeting. Everybody else waits for you")
        return HealthWords(title.format(name=pilot[0] if pilot else ""), checked, pilot=pilot)

    def _before_first(self, standing: Standing) -> HealthWords:
        if standing is Standing.EMPTY:
            return HealthWords(
                self.tr("No cycle has run yet"),
                self.tr("Sync now to create the first accounts."),
            )
        return HealthWords(
            self.tr("Provisioning is off"),
            self.tr("No cycle has run yet. Switch provisioning on to create the first accounts."),
        )

    # --- failures --------------------------------------------------------------------------------

    def _offline(
        self, last: CycleSummary, job: JobState, snapshot: Snapshot, now: datetime
    ) -> HealthWords:
        host = str(last.error.values.get("host", "")) if last.error is not None else ""
        facts = snapshot.profile
        at = wording.clock_time(unreachable_since(last, snapshot.cycles))
        if host and host in facts.source_hosts:
            title = self.tr("Microsoft cannot be reached since {time}")
        elif host and host in facts.target_hosts:
            title = self.tr("GoTo cannot be reached since {time}")
        else:
            title = self.tr("A service cannot be reached since {time}")
        return HealthWords(
            title.format(time=at), self._calm(job, now), self._details(last), again=True
        )

    def _calm(self, job: JobState, now: datetime) -> str:
        if not job.enabled or job.next_run_at is None:
            return self.tr("Nothing is lost; Rollcall tries again with the next cycle.")
        seconds = (job.next_run_at - now).total_seconds()
        if seconds < 60:
            return self.tr("Nothing is lost; Rollcall tries again within a minute.")
        minutes = round(seconds / 60)
        return self.tr("Nothing is lost; Rollcall tries again in %n minutes.", "", minutes)

    def _quarantine(
        self, last: CycleSummary, job: JobState, snapshot: Snapshot, now: datetime
    ) -> HealthWords:
        """Nobody has lost anything comes first; ids, codes and sentences are in the details."""
        refused = last.error_code == CredentialsRefused.__name__
        secrets = refused_secrets(last, snapshot.profile.secrets) if refused else ()
        sign_in = side_to_sign_in(last, snapshot.profile)
        parts = [self.tr("Nobody has lost anything.")]
        if secrets:
            parts.append(self._cure(secrets))
        elif sign_in is not None and last.error is not None:
            told = error_words(self._translator.render, last.error, None)
            parts += [wording.sentence(told.title), self.tr("Sign in again to go on.")]
        elif last.error is not None:
            told = error_words(self._translator.render, last.error, last.advice)
            parts += [wording.sentence(part) for part in (told.title, told.advice) if part]
        at = job.next_run_at or snapshot.status.next_attempt
        if at is not None and job.enabled:
            again = (
                self.tr("Rollcall tries again {time}, or as soon as you have replaced it.")
                if secrets
                else self.tr("Rollcall tries again {time}, or as soon as you have signed in.")
                if sign_in is not None
                else self.tr("Rollcall tries again {time}.")
            )
            parts.append(again.format(time=wording.near_time(at, now)))
        return HealthWords(
            self._paused(last, snapshot.status, secrets),
            " ".join(parts),
            self._details(last),
            secrets,
            again=not refused and sign_in is None,
            paused=True,
            sign_in=sign_in,
        )

    def _paused(self, last: CycleSummary, status: JobStatus, secrets: tuple[str, ...]) -> str:
        expired = last.error is not None and "expired" in last.error.message
        if secrets and all(one.startswith("source.") for one in secrets):
            if expired:
                return self.tr("Cycles are paused: the Microsoft client secret has expired")
            return self.tr("Cycles are paused: Microsoft refuses the sign-in")
        if secrets and all(one.startswith("target.") for one in secrets):
            return self.tr("Cycles are paused: GoTo refuses the sign-in")
        since = status.quarantined_since or last.ended_at or last.started_at
        at = wording.clock_time(since)
        return self.tr("Cycles are paused since {time}").format(time=at)

    def _cure(self, secrets: tuple[str, ...]) -> str:
        if secrets == ("source.client_secret",):
            return self.tr(
                "Make a new secret in Entra (App registrations, Certificates & secrets), then"
                " replace it here."
            )
        return replace_advice(secrets)

    def _failure(self, last: CycleSummary, facts: ProfileFacts) -> HealthWords:
        at = wording.clock_time(last.ended_at or last.started_at)
        title = self.tr("The {time} cycle failed").format(time=at)
        if last.error is None:
            return HealthWords(title, "", self._details(last), again=True)
        told = error_words(self._translator.render, last.error, last.advice)
        refused = last.error_code == CredentialsRefused.__name__
        secrets = refused_secrets(last, facts.secrets) if refused else ()
        sign_in = side_to_sign_in(last, facts)
        advice = replace_advice(secrets) if secrets else told.advice
        if sign_in is not None:
            advice = self.tr("Sign in again to go on.")
        text = " ".join(wording.sentence(part) for part in (told.title, advice) if part)
        # Refused credentials are refused again, and repeated wrong tries may lock the account.
        again = not refused and sign_in is None
        details = self._details(last)
        return HealthWords(title, text, details, secrets, again=again, sign_in=sign_in)

    def _details(self, last: CycleSummary) -> str:
        """The sentence with the address, what the engine advises, the code and the cycle."""
        told = (
            error_words(self._translator.render, last.error, last.advice)
            if last.error is not None
            else None
        )
        parts = [told.title, told.advice, told.details] if told is not None else []
        code = last.error_code or last.quarantine or ""
        cycle = self.tr("cycle {id}").format(id=last.id)
        parts.append(" · ".join(part for part in (code, cycle) if part))
        return "\n".join(part for part in parts if part)

    # --- numbers ---------------------------------------------------------------------------------

    def _checked(self, last: CycleSummary) -> str:
        """People in scope, so that the number is the one beside "People in scope".

        An account that was found and linked has not been changed: it is counted apart.
        """
        counts = last.counts
        changes = counts.created + counts.updated + counts.disabled + counts.enabled
        changes += counts.deleted
        removed = counts.disabled + counts.deleted
        people = changes - removed + counts.linked + counts.unchanged + counts.failed
        parts = [self.tr("%Ln changes made", "", changes)]
        if counts.linked:
            parts.append(self.tr("%Ln accounts taken over", "", counts.linked))
        parts.append(
            self.tr("%Ln failed", "", counts.failed) if counts.failed else self.tr("none failed")
        )
        return self.tr("{people} at {time} in {took}. {results}.").format(
            people=self.tr("%Ln people checked", "", people),
            time=wording.clock_time(last.ended_at or last.started_at),
            took=wording.took(last.duration_s),
            results=", ".join(parts),
        )


def unreachable_since(last: CycleSummary, cycles: Sequence[CycleSummary]) -> datetime:
    """When the first of the cycles without an answer ended; `cycles` are newest first."""
    since = last.ended_at or last.started_at
    for cycle in cycles:
        gone = cycle.outcome is CycleOutcome.FAILED and cycle.error_code == Unreachable.__name__
        if not gone:
            break
        since = min(since, cycle.ended_at or cycle.started_at)
    return since


def side_to_sign_in(last: CycleSummary, facts: ProfileFacts) -> Service | None:
    """Where a person has to sign in: the side the advice names, else the only one there is."""
    if last.error_code != SignInNeeded.__name__:
        return None
    sides = [side for side, _ in facts.sign_ins]
    named = last.advice.values.get("side") if last.advice is not None else None
    return next((side for side in sides if side.value == named), sides[0] if sides else None)


def refused_secrets(last: CycleSummary, secrets: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the side that refused; all of them when the sentence names neither."""
    sentence = last.error.message if last.error is not None else ""
    if "GoTo" in sentence:
        return tuple(one for one in secrets if one.startswith("target."))
    if "Microsoft" in sentence or "{client}" in sentence or "{tenant}" in sentence:
        return tuple(one for one in secrets if one.startswith("source."))
    return secrets
