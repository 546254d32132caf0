"""Which step may follow which, and what is still missing. The wizard's rules without widgets.

The practice tenant walks the same steps as a real one; its fields are filled in beforehand.
A changed answer takes the tick off every step that relied on it: a new password makes the
connection test worth repeating, a new application makes the preview a different one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from app.domain.settings import TargetKind, TargetSignIn
from app.domain.texts import Text
from app.setup.draft import (
    SOURCE_CERTIFICATE,
    SOURCE_SECRET,
    SOURCE_SIGN_IN,
    TARGET_PASSWORD,
    TARGET_SIGN_IN,
    TARGET_TOKEN,
    Answers,
    Draft,
    Step,
    World,
    secret_of_source,
    secret_of_target,
    suggested_name,
)
from app.setup.practice import PracticeTenant

PRACTICE_NAME = "practice"
"""The practice profile replaces the one of an earlier practice tenant, which is gone."""


class StepState(StrEnum):
    """How a step is drawn in the rail."""

    DONE = "done"
    CURRENT = "current"
    FAILED = "failed"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is missing or wrong, and the field that can cure it (a name of `Draft`, a secret)."""

    field: str
    text: Text


_STEP_OF_ANSWER: Mapping[str, Step] = {
    **dict.fromkeys(("world",), Step.WELCOME),
    **dict.fromkeys(
        (
            *("tenant", "client_id", "source_sign_in", "login_url", "graph_url"),
            *(SOURCE_SECRET, SOURCE_CERTIFICATE, SOURCE_SIGN_IN),
        ),
        Step.SOURCE,
    ),
    **dict.fromkeys(("application_id", "nested_groups"), Step.ASSIGNMENT),
    **dict.fromkeys(
        (
            *("target_kind", "target_sign_in", "target_url", "token_url", "user_name"),
            *("target_client_id", "account_key", TARGET_PASSWORD, TARGET_TOKEN),
            *("target.client_secret", TARGET_SIGN_IN),
        ),
        Step.TARGET,
    ),
}

_GOOD_FOR: Mapping[str, frozenset[str]] = {
    SOURCE_SIGN_IN: frozenset({"tenant", "client_id", "login_url"}),
    TARGET_SIGN_IN: frozenset({"target_client_id", "token_url"}),
}

_RELY_ON: Mapping[Step, frozenset[Step]] = {
    Step.WELCOME: frozenset(Step) - {Step.WELCOME},
    Step.SOURCE: frozenset({Step.SOURCE, Step.ASSIGNMENT, Step.CONNECTION_TEST, Step.MAPPINGS}),
    Step.ASSIGNMENT: frozenset({Step.CONNECTION_TEST, Step.MAPPINGS}),
    Step.TARGET: frozenset({Step.TARGET, Step.CONNECTION_TEST, Step.MAPPINGS}),
}


class Flow:
    """The walk: answers so far, the current step, the ticks in the rail.

    `names` are the profiles that exist already; the new one needs a name of its own.
    """

    def __init__(self, answers: Answers | None = None, names: Collection[str] = ()) -> None:
        self.answers = answers or Answers()
        self.names = frozenset(names)
        self._done: set[Step] = set()
        self._failed: Step | None = None
        self._parked: dict[World, Answers] = {}
        self._resume()

    @property
    def draft(self) -> Draft:
        """The answers without the secrets."""
        return self.answers.draft

    @property
    def step(self) -> Step:
        """The current step."""
        return self.draft.step

    def state(self, step: Step) -> StepState:
        """How the rail shows `step`."""
        if step is self._failed:
            return StepState.FAILED
        if step is self.step:
            return StepState.CURRENT
        return StepState.DONE if step in self._done else StepState.LATER

    def answer(self, **changes: object) -> None:
        """Take answers; the ticks of the steps that relied on a changed one come off."""
        changed = {key: value for key, value in changes.items() if self._value(key) != value}
        values: dict[str, Any] = changed
        draft = replace(self.draft, **values)
        if "tenant" in changed and not draft.name_is_own:
            draft = replace(draft, name=self._free_name(suggested_name(draft.tenant)))
        if self._step_changed(changed, Step.SOURCE):
            draft = replace(draft, application_id="", application_name="", pilot="", pilot_name="")
        self.answers = replace(self.answers, draft=draft)
        self._forget(changed)
        for name, answers in _GOOD_FOR.items():
            if not answers.isdisjoint(changed):
                # A sign-in of a person is good for this application of this tenant alone.
                self.answer_secret(name, "")

    def answer_secret(self, name: str, value: str) -> None:
        """Take a secret; an empty value forgets it."""
        if self.answers.secrets.get(name, "") == value:
            return
        secrets = {key: kept for key, kept in self.answers.secrets.items() if key != name}
        if value:
            secrets[name] = value
        self.answers = replace(self.answers, secrets=secrets)
        self._forget({name: value})

    def renew_sign_in(self, name: str, value: str) -> None:
        """A person signed in anew for the same answers: what relied on it still holds."""
        self.answers = replace(self.answers, secrets={**self.answers.secrets, name: value})

    def choose_practice(self, tenant: PracticeTenant) -> bool:
        """The practice tenant, every field filled in; True when another world was left for it."""
        if self.draft.world is World.PRACTICE and self.filled_by(tenant):
            return False
        changed = self._change_world(World.PRACTICE)
        draft = replace(tenant.filled(self.draft), name=PRACTICE_NAME)
        self.answers = Answers(draft, {**self.answers.secrets, **tenant.secrets()})
        return changed

    def filled_by(self, tenant: PracticeTenant) -> bool:
        """The answers are those of the practice tenant, its secrets included.

        How to sign in may be tried out: it knows every way.
        """
        filled = replace(
            tenant.filled(self.draft),
            source_sign_in=self.draft.source_sign_in,
            target_sign_in=self.draft.target_sign_in,
        )
        return filled == self.draft and all(
            self.answers.secrets.get(name) == value for name, value in tenant.secrets().items()
        )

    def choose_real(self) -> bool:
        """A tenant of one's own; True when another world was left for it."""
        return self._change_world(World.REAL)

    def _change_world(self, world: World) -> bool:
        """Each world keeps its own answers: going to look at the other one loses nothing."""
        left = self.draft.world
        if left is world:
            return False
        if left is not None:
            self._parked[left] = self.answers
            fresh = self._parked.get(world, Answers())
            self.answers = replace(fresh, draft=replace(fresh.draft, step=self.step))
        self.answer(world=world)
        self._forget(("world",))
        return True

    def problems(self, step: Step | None = None) -> tuple[Problem, ...]:
        """What is missing on `step` (the current one when not given), in the page's order."""
        step = step or self.step
        check = _CHECKS.get(step)
        found = list(check(self.answers)) if check else []
        taken = self.draft.name in self.names and self.draft.world is World.REAL
        if step is Step.SOURCE and not found and taken:
            found.append(Problem("name", Text("A profile of this name exists. Choose another.")))
        return tuple(found)

    def next(self) -> tuple[Problem, ...]:
        """Go on when nothing is missing; otherwise stay and say what is."""
        found = self.problems()
        if found or self.step is Step.PREVIEW:
            return found
        self.passed()
        self._move(Step(self.step + 1))
        return ()

    def back(self) -> None:
        """One step back; no answer is lost."""
        if self.step is not Step.WELCOME:
            self._move(Step(self.step - 1))

    def may_jump(self, step: Step) -> bool:
        """Ticked steps, and the first one after them, can be clicked."""
        return all(before in self._done for before in Step if before < step)

    def jump(self, step: Step) -> None:
        """Go to `step` if `may_jump`; otherwise nothing happens."""
        if self.may_jump(step):
            self._move(step)

    def is_done(self, step: Step) -> bool:
        """Whether `step` has its tick, current or not."""
        return step in self._done

    def mail_problems(self) -> tuple[Problem, ...]:
        """What a test mail needs, whatever the check box says."""
        answers = replace(
            self.answers, draft=replace(self.draft, on_failure=True, world=World.REAL)
        )
        return tuple(_check_notification(answers))

    def first_open(self) -> Step:
        """The first step without a tick; what a step further on is waiting for."""
        return next((step for step in Step if step not in self._done), Step.PREVIEW)

    def passed(self) -> None:
        """The current step holds: give it its tick."""
        self._done.add(self.step)
        if self._failed is self.step:
            self._failed = None

    def retry(self) -> None:
        """The current step is being tried again; it has not failed yet."""
        if self._failed is self.step:
            self._failed = None

    def fail(self) -> None:
        """The current step was tried against the world and did not hold."""
        self._done.discard(self.step)
        self._failed = self.step

    def _move(self, step: Step) -> None:
        self.answers = replace(self.answers, draft=replace(self.draft, step=step))

    def _value(self, key: str) -> object:
        return getattr(self.draft, key)

    def _step_changed(self, changed: Collection[str], step: Step) -> bool:
        return any(_STEP_OF_ANSWER.get(key) is step for key in changed)

    def _forget(self, changed: Collection[str]) -> None:
        for key in changed:
            step = _STEP_OF_ANSWER.get(key)
            if step is not None:
                self._done -= _RELY_ON[step]
                if self._failed in (_RELY_ON[step] | {step}):
                    self._failed = None

    def _free_name(self, wanted: str) -> str:
        name, number = wanted, 2
        while name and name in self.names:
            name, number = f"{wanted}-{number}", number + 1
        return name

    def _resume(self) -> None:
        """Ticks of a resumed draft: what its answers cover, up to its step.

        The connection test proves the present, so it is taken again.
        """
        wanted = self.step
        for step in Step:
            if step >= wanted or self.problems(step) or step is Step.CONNECTION_TEST:
                self._move(min(step, wanted))
                return
            self._done.add(step)


_SECRET_WANTED: Mapping[str, Text] = {
    SOURCE_SECRET: Text("Give the value of the client secret."),
    SOURCE_CERTIFICATE: Text("Give the certificate with its private key."),
    SOURCE_SIGN_IN: Text("Sign in with the button first."),
    TARGET_PASSWORD: Text("Give the password."),
    TARGET_TOKEN: Text("Give the access token."),
    TARGET_SIGN_IN: Text("Sign in with the button first."),
}


def _check_welcome(answers: Answers) -> list[Problem]:
    if answers.draft.world is None:
        return [Problem("world", Text("Choose the practice tenant or your own."))]
    return []


def _check_source(answers: Answers) -> list[Problem]:
    draft = answers.draft
    found = []
    if not draft.tenant.strip():
        found.append(
            Problem("tenant", Text("Give the tenant: its domain, or its ID from Entra, Overview."))
        )
    elif not re.fullmatch(r"[A-Za-z0-9._-]+", draft.tenant.strip()):
        found.append(Problem("tenant", Text("A tenant is a domain such as contoso.com, or an ID.")))
    if not draft.client_id.strip():
        found.append(
            Problem("client_id", Text("Give the application (client) ID of the app registration."))
        )
    secret = secret_of_source(draft.source_sign_in)
    if secret not in answers.known:
        found.append(Problem(secret, _SECRET_WANTED[secret]))
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", draft.name):
        found.append(
            Problem("name", Text("A name has letters, figures, dots and hyphens, without blanks."))
        )
    return found


def _check_assignment(answers: Answers) -> list[Problem]:
    if not answers.draft.application_id:
        return [Problem("application_id", Text("Choose the enterprise application."))]
    return []


def _check_target(answers: Answers) -> list[Problem]:
    draft = answers.draft
    found = []
    if draft.target_kind is not TargetKind.GOTO_ADMIN and not _secure(draft.target_url):
        found.append(Problem("target_url", Text("Give the address, beginning with https://.")))
    if draft.target_sign_in is TargetSignIn.PASSWORD and "@" not in draft.user_name:
        words = Text("Give the e-mail address this administrator signs in with.")
        found.append(Problem("user_name", words))
    secret = secret_of_target(draft.target_sign_in)
    if secret not in answers.known:
        found.append(Problem(secret, _SECRET_WANTED[secret]))
    if draft.target_sign_in is not TargetSignIn.BEARER and not draft.target_client_id.strip():
        found.append(
            Problem("target_client_id", Text("Give the client ID from GoTo Developer Center."))
        )
    return found


def _check_notification(answers: Answers) -> list[Problem]:
    draft = answers.draft
    found = [
        Problem("addresses", Text("{address} is not an e-mail address.", {"address": address}))
        for address in draft.addresses
        if not is_mail_address(address)
    ]
    if draft.on_failure and draft.world is World.REAL:
        if not draft.addresses:
            found.append(
                Problem("addresses", Text("Add an address, or take the tick off the mail."))
            )
        elif not draft.smtp_host:
            found.append(
                Problem("smtp_host", Text("Give the mail server, or take the tick off the mail."))
            )
    if draft.smtp_host and not 1 <= draft.smtp_port <= 65535:
        found.append(Problem("smtp_port", Text("A port is a number from 1 to 65535.")))
    if draft.smtp_host and not is_mail_address(draft.smtp_from):
        found.append(Problem("smtp_from", Text("Give the address the mail comes from.")))
    return found


def is_mail_address(text: str) -> bool:
    """Somebody at a domain with a dot in it; whether it exists only a mail can tell."""
    return re.fullmatch(r"[^@\s,;]+@[^@\s,;.]+(\.[^@\s,;.]+)+", text) is not None


def _secure(url: str) -> bool:
    parts = urlsplit(url)
    loopback = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return bool(parts.hostname) and (
        parts.scheme == "https" or (loopback and parts.scheme == "http")
    )


_CHECKS = {
    Step.WELCOME: _check_welcome,
    Step.SOURCE: _check_source,
    Step.ASSIGNMENT: _check_assignment,
    Step.TARGET: _check_target,
    Step.NOTIFICATION: _check_notification,
}
