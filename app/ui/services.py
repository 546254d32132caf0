"""What the main window asks of the rest of the program. The wiring implements it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from app.domain.activity import ActivityRecord, CycleSummary, JobStatus, LogQuery, PlannedAction
from app.domain.commands import Command, JobState
from app.domain.drift import DriftChoice, DriftFound
from app.domain.errors import Service
from app.domain.ports import StopSignal
from app.domain.texts import Text, Translator
from app.setup.sign_in import Shown

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """What the window shows of a profile."""

    name: str
    title: str
    """The organisation, or the profile's name."""
    subtitle: str
    """The tenant."""
    interval_minutes: float = 20.0
    max_removals: int | None = 20
    max_removal_percent: float | None = None
    sandbox: bool = False
    """True for the practice tenant: shown as a chip."""
    target_url: str = ""
    """Page of the target's administration, "" when there is none."""
    source_hosts: frozenset[str] = frozenset()
    """Where Microsoft is spoken to, as errors name it."""
    target_hosts: frozenset[str] = frozenset()
    secrets: tuple[str, ...] = ()
    """Names of the secrets the profile signs in with."""
    pilot: tuple[str, ...] = ()
    """Whom alone the profile provisions for now; empty for everybody who is assigned."""
    sign_ins: tuple[tuple[Service, bool], ...] = ()
    """The sides that a person signs in on, and whether with a code."""


@dataclass(frozen=True, slots=True)
class SandboxOperation:
    """One thing that can be made to happen in the practice world.

    `run` is called on a worker thread and returns a sentence that says what happened to whom.
    """

    name: Text
    """On the button: "Somebody joins"."""
    run: Callable[[], Text]
    glyph: str = "user-plus"
    tip: Text | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that will matter later: a line under "Soon"."""

    title: Text
    text: Text
    warning: bool = True
    secrets: tuple[str, ...] = ()
    """The cure is to replace one of these."""


class WindowServices(Protocol):
    """Reads are called on one worker thread of the window; the others on the window's thread."""

    translator: Translator
    """Renders the engine's texts in the window's language."""

    # --- reads: on the worker ---------------------------------------------------------------------

    def status(self) -> JobStatus:
        """Numbers of the profile's state."""
        ...

    def cycles(self, limit: int) -> Sequence[CycleSummary]:
        """The newest finished cycles, newest first."""
        ...

    def held(self) -> Sequence[PlannedAction]:
        """Removals waiting for a decision."""
        ...

    def drifts(self) -> Sequence[DriftFound]:
        """What was changed by hand at the target."""
        ...

    def log(self, query: LogQuery) -> Sequence[ActivityRecord]:
        """Records of the provisioning log; `limit` is always given."""
        ...

    def count_log(self, query: LogQuery) -> int:
        """How many records match."""
        ...

    def profile(self) -> ProfileFacts:
        """The profile on show; read once more when its window opens."""
        ...

    def replace_secret(self, name: str, value: str) -> None:
        """Keep a new value; a person may have to unlock the keyring. Raises `RollcallError`."""
        ...

    async def sign_in(self, side: Service, tell: Callable[[Shown], None], stop: StopSignal) -> str:
        """On the engine's loop: a person signs in; returns who, "" when it is not said.

        `tell` gets what they need to see. Raises `RollcallError`, `Stopped`.
        """
        ...

    def submit(
        self,
        factory: Callable[[], Coroutine[Any, Any, Result]],
        on_result: Callable[[Result], None],
        on_error: Callable[[BaseException], None],
    ) -> object:
        """Run a coroutine on the engine's loop; the answer comes on the window's thread."""
        ...

    def provision_everyone(self) -> None:
        """The profile is no longer for its first people alone. Raises `RollcallError`."""
        ...

    # --- on the window's thread, at once ----------------------------------------------------------

    def profiles(self) -> Sequence[ProfileFacts]:
        """All profiles, for the chooser; one is fine."""
        ...

    def choose_profile(self, name: str) -> None:
        """Show another profile (the wiring opens its window)."""
        ...

    def set_up_profile(self) -> None:
        """Open the wizard for another profile."""
        ...

    def post(self, command: Command) -> None:
        """Ask the job; answers come through the event pipe."""
        ...

    def job_state(self) -> JobState:
        """What the job said last; before it said anything, from the profile."""
        ...

    def sandbox_operations(self) -> Sequence[SandboxOperation]:
        """What can be made to happen; empty outside the sandbox."""
        ...

    def advice(self) -> Sequence[Advice]:
        """Lines for "Soon"; empty when there is nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One reading of the state: what the overview shows besides the running cycle."""

    status: JobStatus = field(default_factory=JobStatus)
    cycles: tuple[CycleSummary, ...] = ()
    held: tuple[PlannedAction, ...] = ()
    drifts: tuple[DriftFound, ...] = ()
    """What was changed by hand, and nobody has decided about."""
    profile: ProfileFacts = field(default_factory=lambda: ProfileFacts("", "", ""))


def take_snapshot(services: WindowServices, cycles: int) -> Snapshot:
    """Read profile, status, the newest cycles and held removals in one go."""
    status = services.status()
    held = tuple(services.held()) if status.held else ()
    found = services.drifts() if status.drifted else ()
    drifts = tuple(one for one in found if one.drift.in_force is DriftChoice.REPORT)
    return Snapshot(status, tuple(services.cycles(cycles)), held, drifts, services.profile())
