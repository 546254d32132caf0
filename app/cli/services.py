"""What the commands need from whoever put the program together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from app.domain.activity import CheckResult, CycleSummary, PlannedAction, PlanSummary
from app.domain.drift import DriftChoice
from app.domain.errors import Service
from app.domain.explanation import Explanation, ProvisionedOnDemand
from app.domain.ports import EventSink, History, Secrets, StopSignal
from app.domain.sign_in import SignInGuide
from app.domain.texts import Translator
from app.host.profile_store import ProfileStore
from app.setup.assigning import AssignmentDesk
from app.setup.sign_in import SignedIn


class PracticeServers(Protocol):
    """The practice services, started and stopped."""

    def start(self) -> None:
        """Listen."""
        ...

    def stop(self) -> None:
        """End."""
        ...

    def info(self) -> dict[str, Any]:
        """The first line of `sandbox serve`."""
        ...


class StopSwitch(StopSignal, Protocol):
    """A stop signal that one can press, to stop gracefully."""

    def set(self) -> None:
        """Stop between two accounts."""
        ...


class Services(Protocol):
    """Built by wiring; one instance for one run of the program."""

    @property
    def profiles(self) -> ProfileStore:
        """Profile documents."""
        ...

    @property
    def secrets(self) -> Secrets:
        """The keyring."""
        ...

    @property
    def translator(self) -> Translator:
        """The language of this run."""
        ...

    def history(self, profile: str) -> History | None:
        """The state for reading; None before the first cycle."""
        ...

    def new_stop(self) -> StopSwitch:
        """A stop switch; on the running event loop."""
        ...

    def sign_in(
        self,
        profile: str,
        side: Service | None,
        guide: Callable[[Service], SignInGuide],
        stop: StopSwitch,
        port: int,
        *,
        assigning: bool = False,
    ) -> AsyncIterator[SignedIn]:
        """A person signs in, one side after the other; `assigning`: to change assignments too."""
        ...

    def assignment_desk(self, profile: str) -> AssignmentDesk:
        """Reads and changes who is assigned to the application of a profile."""
        ...

    def open_browser(self, address: str) -> bool:
        """Open an address in the browser of this computer; False where there is none."""
        ...

    def connection_test(self, profile: str) -> AsyncIterator[CheckResult]:
        """Every check, live."""
        ...

    async def plan(
        self, profile: str, on_action: Callable[[PlannedAction], Awaitable[None]], sink: EventSink
    ) -> PlanSummary:
        """What a cycle would do."""
        ...

    async def sync(
        self,
        profile: str,
        sink: EventSink,
        stop: StopSwitch,
        *,
        initial: bool,
        saved_plan: list[dict[str, Any]] | None,
    ) -> CycleSummary:
        """One cycle now."""
        ...

    async def provision(
        self, profile: str, name: str, members: Sequence[str], stop: StopSwitch
    ) -> ProvisionedOnDemand:
        """One person, or a group with a few members, on demand."""
        ...

    async def why(self, profile: str, user: str) -> Explanation:
        """One person's scope, account and future; writes nothing."""
        ...

    async def run(self, profile: str, sink: EventSink, stop: StopSwitch) -> None:
        """Cycles by schedule until the stop."""
        ...

    async def test_mail(self, profile: str) -> Sequence[str]:
        """Send the test mail; returns the addresses."""
        ...

    def release(self, profile: str) -> int:
        """Let the held removals through."""
        ...

    def keep(self, profile: str) -> int:
        """Park the held removals."""
        ...

    async def look_for_drift(self, profile: str, stop: StopSwitch) -> None:
        """Compare all accounts now, and remember what was changed by hand; nothing else is done."""
        ...

    def decide_drift(
        self,
        profile: str,
        decision: DriftChoice,
        attributes: Sequence[str] | None,
        users: Sequence[str] | None,
    ) -> int:
        """Decide about what was changed by hand (None = all of it); returns how many people."""
        ...

    def retry(self, profile: str, user: str | None, *, forget_link: bool) -> int:
        """Try this person or group, or all that failed, in the next cycle; returns how many."""
        ...

    def forget(self, profile: str) -> None:
        """Remove the state of a deleted profile."""
        ...

    def doctor(self) -> Mapping[str, Any]:
        """Versions, folders, keyring, databases, clock; no secrets."""
        ...

    def sandbox(
        self, users: int, groups: int | None, latency_ms: int, seed: int, port: int
    ) -> PracticeServers:
        """Practice servers, not started yet."""
        ...

    def practice(self, servers: PracticeServers, folder: Path) -> Services:
        """The same services on the practice servers, with a state of their own in `folder`."""
        ...

    def open_window(self, *, sandbox: bool) -> int:
        """The window; returns the exit code."""
        ...
