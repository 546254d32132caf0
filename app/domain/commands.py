"""What a person asks of a running job, and what the job says of itself.

Commands are frozen and travel from the window to the engine's loop by `call_soon_threadsafe`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from app.domain.drift import DriftChoice
from app.domain.texts import Text


@dataclass(frozen=True, slots=True)
class SyncNow:
    """Run one cycle now; `initial` looks at everybody again. Ignored while one runs."""

    initial: bool = False


@dataclass(frozen=True, slots=True)
class StopCycle:
    """Stop the running cycle between two accounts; what is written stays written."""


@dataclass(frozen=True, slots=True)
class SetEnabled:
    """Provisioning on or off; off lets the running cycle finish and starts no further one."""

    enabled: bool


@dataclass(frozen=True, slots=True)
class ReleaseHeld:
    """Let exactly the held removals through, in a cycle that starts now."""


@dataclass(frozen=True, slots=True)
class KeepHeld:
    """Keep everyone whose removal is held, until their source changes again."""


@dataclass(frozen=True, slots=True)
class DecideDrift:
    """Repair what was changed by hand, in a cycle that starts now, or accept it."""

    decision: DriftChoice
    people: tuple[str, ...]
    """Ids of the people whose accounts it is about."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Stop the cycle if one runs, then end the job."""


Command: TypeAlias = SyncNow | StopCycle | SetEnabled | ReleaseHeld | KeepHeld | DecideDrift | Quit


@dataclass(frozen=True, slots=True)
class JobState:
    """What the job is doing. `problem` is why nothing can run now (busy profile, no keyring)."""

    enabled: bool
    running: bool
    stopping: bool = False
    next_run_at: datetime | None = None
    problem: Text | None = None
    advice: Text | None = None
