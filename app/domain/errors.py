"""What can go wrong, as a tree.

RollcallError
├── ConfigurationError        a key, value or command is wrong                    exit code 2
│   └── SecretMissing         a secret the profile needs is not in the keyring
├── SecretStoreUnavailable    no keyring, or it is locked                         exit code 3
├── ProfileBusy               another run holds this profile                      exit code 5
├── ServiceError              one of the two services cannot be used              exit code 3
│   ├── Unreachable           no answer: name, network, TLS, time-out
│   ├── CredentialsRefused    signed out, wrong or expired secret
│   │   └── SignInNeeded      a person has to sign in (again)
│   ├── PermissionMissing     signed in, but not allowed; names the permission
│   ├── ChangeRefused         a change somebody asked for was refused; nothing changed
│   ├── ServiceFaulty         5xx or throttling beyond patience
│   └── BrokenContract        an answer that cannot be understood
├── DeltaExpired              the directory wants to be read in full again
├── StalePlan                 the world moved since the plan was saved            exit code 4
├── StateUnusable             database damaged, newer than this program, disk full
├── MailRefused               a mail could not be handed over                     exit code 3
├── Stopped                   somebody asked the work to stop; nothing is wrong
└── EntryError                one person or account; the run goes on

Errors are shown to people: `text` says what happened and to whom, `advice` what to do.
Everything else that is raised is a bug of ours and ends in a crash report.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

from app.domain.network import Stage
from app.domain.texts import Text


class Service(StrEnum):
    """Which of the two sides an error is about."""

    SOURCE = "source"
    TARGET = "target"


class ExitCode(IntEnum):
    """Exit codes of the command line; a promise of the interface."""

    DONE = 0
    SOME_FAILED = 1
    USAGE = 2
    CANNOT_CONNECT = 3
    HELD = 4
    BUSY = 5
    INTERRUPTED = 130


class RollcallError(Exception):
    """Base of everything that is said to people as a sentence."""

    exit_code: ExitCode = ExitCode.USAGE

    def __init__(self, text: Text | str, advice: Text | str | None = None) -> None:
        self.text = Text(text) if isinstance(text, str) else text
        self.advice = Text(advice) if isinstance(advice, str) else advice
        super().__init__(str(self.text))


class ConfigurationError(RollcallError):
    """A key or value of a profile, a command's words or an environment variable is wrong.

    `key` is the dotted path of the culprit (`target.url`), or an empty string.
    """

    def __init__(
        self, text: Text | str, advice: Text | str | None = None, *, key: str = ""
    ) -> None:
        super().__init__(text, advice)
        self.key = key


class SecretMissing(ConfigurationError):
    """The profile needs a secret that is neither in the environment nor in the keyring."""


class SecretStoreUnavailable(RollcallError):
    """The keyring is absent or locked. Secrets never go anywhere else instead."""

    exit_code = ExitCode.CANNOT_CONNECT


class ProfileBusy(RollcallError):
    """Another process runs a cycle of this profile."""

    exit_code = ExitCode.BUSY


class ServiceError(RollcallError):
    """A service cannot be used now; ends the cycle, removes nobody.

    `request_id` is the service's own id of the failed request, for its support.
    """

    exit_code = ExitCode.CANNOT_CONNECT

    def __init__(
        self,
        service: Service,
        text: Text | str,
        advice: Text | str | None = None,
        *,
        request_id: str | None = None,
    ) -> None:
        super().__init__(text, advice)
        self.service = service
        self.request_id = request_id


class Unreachable(ServiceError):
    """No answer at all: name resolution, connection, TLS, time-out; `stage` says which."""

    def __init__(
        self,
        service: Service,
        text: Text | str,
        advice: Text | str | None = None,
        *,
        request_id: str | None = None,
        stage: Stage = Stage.CONNECTION,
    ) -> None:
        super().__init__(service, text, advice, request_id=request_id)
        self.stage = stage


class CredentialsRefused(ServiceError):
    """The sign-in was refused; a person has to act."""


class SignInNeeded(CredentialsRefused):
    """Nobody is signed in, or no longer; the advice says what to run or click."""


class PermissionMissing(ServiceError):
    """Signed in but not allowed; the text names the permission or role."""


class ChangeRefused(ServiceError):
    """The directory refused a change that somebody asked for; nothing was changed."""


class ServiceFaulty(ServiceError):
    """5xx or throttling that outlasted our patience."""


class BrokenContract(ServiceError):
    """An answer that is not what the service promises (spec/provisioning.md 8.1)."""


class DeltaExpired(RollcallError):
    """The delta token is no longer honoured (spec/graph.md 5.4): read in full, keep links."""

    def __init__(self) -> None:
        super().__init__("Microsoft asks for a full read of the directory")


class StalePlan(RollcallError):
    """A saved plan no longer fits the world; nothing was written."""

    exit_code = ExitCode.HELD


class StateUnusable(RollcallError):
    """The database cannot be read or written; the text names the file."""


class MailRefused(RollcallError):
    """A mail could not be handed over; what it was about stands all the same."""

    exit_code = ExitCode.CANNOT_CONNECT


class Stopped(RollcallError):
    """The stop event was set while something waited."""

    exit_code = ExitCode.INTERRUPTED

    def __init__(self) -> None:
        super().__init__("Stopped")


class EntryError(RollcallError):
    """One entry failed; it goes to escrow and the rest goes on.

    `code` is one of spec/provisioning.md 12.4, never translated. `transient` errors are tried
    again in the next cycle, others after growing waits (section 7).
    """

    def __init__(
        self,
        code: str,
        text: Text | str,
        advice: Text | str | None = None,
        *,
        transient: bool = False,
        request_id: str | None = None,
    ) -> None:
        super().__init__(text, advice)
        self.code = code
        self.transient = transient
        self.request_id = request_id
