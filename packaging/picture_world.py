"""An invented company for the pictures of the window: facts as the engine would report them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.activity import (
    ActionKind,
    ActivityRecord,
    Change,
    Counts,
    CycleKind,
    CycleOutcome,
    CycleSummary,
    Identity,
    JobStatus,
    LogQuery,
    Phase,
    PlannedAction,
    Progress,
    Reason,
    Status,
    Step,
    StepType,
)
from app.domain.commands import Command, JobState
from app.domain.drift import Drift, DriftFound
from app.domain.errors import RollcallError, Service, Stopped
from app.domain.ports import StopSignal
from app.domain.texts import Text, Translator
from app.setup.sign_in import Shown
from app.ui.services import Advice, ProfileFacts, SandboxOperation

NOW = datetime(2026, 11, 24, 14, 27, 20, tzinfo=UTC)
LAST = datetime(2026, 11, 24, 14, 20, 0, tzinfo=UTC)
DOMAIN = "haldenroux.example"

PEOPLE = (
    ("Mikko Hämäläinen", "mikko.h"),
    ("Åsa Öberg", "asa.oberg"),
    ("佐藤 陽子 (Sato Yoko)", "yoko.sato"),
    ("Søren Kjærgaard", "soren"),
    ("Maximilian Wolfeschlegelstein", "m.wolfe"),
    ("Siobhán O’Connor", "siobhan.oconnor"),
    ("Nguyễn Thị Hương", "huong.nguyen"),
    ("陈美玲 (Chen Meiling)", "meiling.chen"),
    ("Zoë Lefèvre", "zoe.lefevre"),
    ("Ana María Núñez", "ana.nunez"),
    ("Jürgen Weiß", "jurgen.weiss"),
    ("Þórunn Jónsdóttir", "thorunn"),
    ("Dimitri Papadopoulos", "d.papadopoulos"),
    ("王芳 (Wang Fang)", "fang.wang"),
    ("Zsófia Szőke", "zsofia.szoke"),
    ("Γιώργος Νικολάου", "g.nikolaou"),
)

# The engine's own sentences, so that the pictures speak every language that it speaks.
_CREATED = Text("Account created with a {product} seat", {"product": "GoToMeeting"})
_CUT = Text("{attribute} cut to {limit} characters", {"attribute": "lastName", "limit": 60})
_ASSIGNED = Text(
    "Assigned through {path}; role {role}", {"path": "Sales – EMEA", "role": "GoToMeeting User"}
)
_VALUES = Text(
    "{n} value to send: {names}",
    {"n": 3, "names": "email, firstName, lastName"},
    plural="{n} values to send: {names}",
)
_SEATS = Text(
    "No free seat in GoTo for {address}.{quote}",
    {"address": f"huong.nguyen@{DOMAIN}", "quote": ""},
)


SOON = {
    "en": (
        "The Microsoft client secret expires in 23 days, on 17 December 2026",
        "Without a new one, cycles fail from that day on.",
    ),
    "fr": (
        "Le secret client Microsoft expire dans 23 jours, le 17 décembre 2026",
        "Sans nouveau secret, les cycles échoueront à partir de ce jour.",
    ),
}
"""What lies ahead; the engine foresees nothing yet, so it has no sentence for it."""


def identity(number: int) -> tuple[Identity, Identity]:
    """The person and the account of one of `PEOPLE`."""
    name, local = PEOPLE[number % len(PEOPLE)]
    mail = f"{local}@{DOMAIN}"
    return Identity(f"3f2a{number:04d}", name), Identity(f"881{number:04d}", mail)


def record(
    number: int,
    at: datetime,
    *,
    action: ActionKind = ActionKind.CREATE,
    status: Status = Status.SUCCESS,
    message: Text = _CREATED,
    changes: tuple[Change, ...] = (),
    code: str | None = None,
    advice: Text | None = None,
    duration_ms: int = 101,
) -> ActivityRecord:
    """One line of the log with its steps."""
    source, target = identity(number)
    read = Text(
        "{person}, {n} attribute", {"person": target.name, "n": 9}, "{person}, {n} attributes"
    )
    export = Step(StepType.EXPORT, status, message)
    steps = (
        Step(StepType.IMPORT, Status.SUCCESS, read),
        Step(StepType.SCOPING, Status.SUCCESS, _ASSIGNED),
        Step(
            StepType.MATCHING,
            Status.SUCCESS,
            Text("Account {address} found", {"address": target.name}),
        ),
        Step(StepType.PROCESSING, Status.SUCCESS, _VALUES),
        export,
    )
    return ActivityRecord(
        at=at,
        cycle="c-1512",
        action=action,
        status=status,
        source=source,
        target=target,
        message=message,
        changes=changes,
        code=code,
        advice=advice,
        steps=steps,
        duration_ms=duration_ms,
        request_id="5a0c-77f1" if status is Status.FAILURE else None,
    )


def stream(at: datetime) -> list[ActivityRecord]:
    """A handful of records as they come in during a cycle."""
    kjaer = Change("lastName", "Kjær", "Kjærgaard")
    return [
        record(0, at),
        record(1, at),
        record(2, at + timedelta(milliseconds=1)),
        record(
            3,
            at + timedelta(milliseconds=101),
            action=ActionKind.UPDATE,
            message=Text("Account brought up to date: {names}", {"names": "lastName"}),
            changes=(kjaer,),
            duration_ms=93,
        ),
        record(
            4,
            at + timedelta(milliseconds=208),
            status=Status.WARNING,
            message=Text("{message}. {warning}", {"message": _CREATED, "warning": _CUT}),
            duration_ms=104,
        ),
        record(
            5,
            at + timedelta(milliseconds=209),
            action=ActionKind.LINK,
            message=Text("Existing account found by its address, nothing to change"),
            duration_ms=0,
        ),
        record(
            6,
            at + timedelta(milliseconds=331),
            status=Status.FAILURE,
            message=_SEATS,
            code="LicenseLimitExceeded",
            advice=Text("Buy seats, or take the assignment from somebody in Entra."),
            duration_ms=96,
        ),
        record(
            11,
            at + timedelta(milliseconds=331),
            action=ActionKind.OTHER,
            status=Status.SKIPPED,
            message=Text("Default Access gives no account"),
            code="NotEffectivelyEntitled",
            duration_ms=0,
        ),
        record(7, at + timedelta(milliseconds=331), duration_ms=96),
        record(8, at + timedelta(milliseconds=332), duration_ms=96),
    ]


def cycle(
    number: int, at: datetime, counts: Counts, outcome: CycleOutcome = CycleOutcome.SUCCEEDED
) -> CycleSummary:
    """One finished cycle of six seconds."""
    return CycleSummary(
        id=f"c-{number}",
        profile="halden",
        kind=CycleKind.INCREMENTAL,
        started_at=at,
        ended_at=at + timedelta(seconds=6),
        outcome=outcome,
        counts=counts,
        source_requests=4,
        target_requests=1,
    )


def cycles() -> tuple[CycleSummary, ...]:
    """24 cycles, newest first."""
    shape = (
        (2, 1, 0, 0), (0, 3, 0, 0), (1, 0, 0, 0), (4, 2, 1, 0), (0, 1, 0, 0), (6, 3, 0, 0),
        (12, 4, 0, 0), (3, 8, 1, 0), (2, 2, 0, 0), (1, 5, 2, 0), (0, 2, 0, 1), (4, 1, 0, 1),
        (3, 3, 0, 0), (0, 2, 0, 0), (1, 1, 0, 0), (7, 2, 3, 0), (2, 6, 0, 0), (0, 1, 0, 0),
        (1, 0, 0, 0), (0, 4, 0, 0), (5, 2, 1, 0), (1, 1, 0, 0), (0, 2, 0, 0), (1, 2, 0, 0),
    )  # fmt: skip
    made = []
    for index, (created, updated, disabled, failed) in enumerate(shape):
        unchanged = 12_444 - created - updated - disabled - failed
        counts = Counts(
            created=created,
            updated=updated,
            disabled=disabled,
            failed=failed,
            unchanged=unchanged,
        )
        at = LAST - timedelta(minutes=20 * (len(shape) - 1 - index))
        made.append(cycle(1512 - len(shape) + index + 1, at, counts))
    return tuple(reversed(made))


def healthy_status() -> JobStatus:
    """After a good cycle."""
    return JobStatus(
        last=cycles()[0],
        watermark_at=LAST,
        people_in_scope=12_444,
        linked=12_444,
        totals=Counts(created=11_067, updated=3_120, linked=1_377, disabled=412),
        cycles=1_512,
        since=datetime(2026, 11, 3, 8, 0, tzinfo=UTC),
    )


def syncing(*, done: int = 8_412) -> Progress:
    """The initial cycle, two thirds through."""
    return Progress(
        cycle="c-1",
        kind=CycleKind.INITIAL,
        phase=Phase.APPLY,
        started_at=datetime(2026, 11, 24, 14, 26, 10, tzinfo=UTC),
        read=12_496,
        done=done,
        total=12_444,
        counts=Counts(created=6_907, linked=1_377, updated=118, skipped=2, failed=8),
        per_second=135.0,
        eta_seconds=29.8,
    )


def held_actions() -> tuple[PlannedAction, ...]:
    """38 removals of three causes."""
    made = []
    for number in range(38):
        source, target = identity(number)
        if number < 35:
            reason, because, text = (
                Reason.GROUP_UNASSIGNED,
                "Sales – Nordics",
                Text("Not assigned to the application"),
            )
        elif number < 37:
            reason, because, text = (
                Reason.DISABLED_IN_SOURCE,
                "",
                Text("Disabled in Entra, so no account is made"),
            )
        else:
            reason, because, text = (
                Reason.FILTERED_OUT,
                "Staff only",
                Text("Does not pass the scoping filter “{filter}”", {"filter": "Staff only"}),
            )
        made.append(
            PlannedAction(
                action=ActionKind.DISABLE,
                status=Status.SUCCESS,
                source=source,
                target=target,
                reason=reason,
                message=Text("Account disabled: no longer assigned"),
                because=because,
                steps=(Step(StepType.SCOPING, Status.SKIPPED, text),),
            )
        )
    return tuple(made)


def changed_by_hand() -> tuple[DriftFound, ...]:
    """Three accounts that somebody changed in GoTo."""
    found = []
    for number, attribute, now, wished in (
        (0, "licences", None, ("G2M",)),
        (1, "lastName", "Öberg-Lind", "Öberg"),
        (1, "firstName", "Aasa", "Åsa"),
        (3, "account", None, f"soren@{DOMAIN}"),
    ):
        source, target = identity(number)
        change = Change(attribute, now, wished)
        found.append(DriftFound(source, target, Drift(attribute, change, "", "", since=LAST)))
    return tuple(found)


class PictureServices:
    """`app.ui.services.WindowServices` with answers written down beforehand."""

    def __init__(self, translator: Translator, *, sandbox: bool = False) -> None:
        self.translator = translator
        self.facts = ProfileFacts(
            name="halden",
            title="Halden Roux",
            subtitle=DOMAIN,
            sandbox=sandbox,
            source_hosts=frozenset({"graph.microsoft.com", "login.microsoftonline.com"}),
            target_hosts=frozenset({"api.getgo.com", "authentication.logmeininc.com"}),
            secrets=("source.client_secret", "target.password"),
        )
        self.replaced: dict[str, str] = {}
        self.state = JobState(
            enabled=True, running=False, next_run_at=NOW + timedelta(minutes=12, seconds=40)
        )
        self.job_status = JobStatus()
        self.past: tuple[CycleSummary, ...] = ()
        self.waiting: tuple[PlannedAction, ...] = ()
        self.by_hand: tuple[DriftFound, ...] = ()
        self.records: tuple[ActivityRecord, ...] = ()
        self.soon: tuple[Advice, ...] = ()
        self.operations: tuple[SandboxOperation, ...] = ()
        self.posted: list[Command] = []

    def status(self) -> JobStatus:
        """As set."""
        return self.job_status

    def cycles(self, limit: int) -> Sequence[CycleSummary]:
        """As set."""
        return self.past[:limit]

    def held(self) -> Sequence[PlannedAction]:
        """As set."""
        return self.waiting

    def drifts(self) -> Sequence[DriftFound]:
        """As set."""
        return self.by_hand

    def _matching(self, query: LogQuery) -> list[ActivityRecord]:
        needle = (query.text or "").casefold()
        return [
            entry
            for entry in self.records
            if (query.status is None or entry.status is query.status)
            and (query.action is None or entry.action is query.action)
            and (query.since is None or entry.at >= query.since)
            and needle in f"{entry.source.name} {entry.target.name} {entry.code}".casefold()
        ]

    def log(self, query: LogQuery) -> Sequence[ActivityRecord]:
        """A page of the records set."""
        end = None if query.limit is None else query.offset + query.limit
        return self._matching(query)[query.offset : end]

    def count_log(self, query: LogQuery) -> int:
        """How many of them match."""
        return len(self._matching(query))

    def profile(self) -> ProfileFacts:
        """Halden Roux."""
        return self.facts

    def profiles(self) -> Sequence[ProfileFacts]:
        """Only Halden Roux."""
        return (self.facts,)

    def choose_profile(self, name: str) -> None:
        """Nothing to choose."""

    def replace_secret(self, name: str, value: str) -> None:
        """Remembered for tests."""
        self.replaced[name] = value

    async def sign_in(self, side: Service, tell: Callable[[Shown], None], stop: StopSignal) -> str:
        """Nobody signs in to a picture."""
        del side, tell, stop
        raise Stopped

    def submit(
        self,
        factory: Callable[[], Coroutine[Any, Any, object]],
        on_result: Callable[[Any], None],
        on_error: Callable[[BaseException], None],
    ) -> None:
        """Run at once, without an engine."""
        try:
            on_result(asyncio.run(factory()))
        except RollcallError as error:
            on_error(error)

    def provision_everyone(self) -> None:
        """The first people are alone no longer."""
        self.facts = replace(self.facts, pilot=())

    def set_up_profile(self) -> None:
        """No wizard here."""

    def post(self, command: Command) -> None:
        """Remembered for tests."""
        self.posted.append(command)

    def job_state(self) -> JobState:
        """As set."""
        return self.state

    def sandbox_operations(self) -> Sequence[SandboxOperation]:
        """As set."""
        return self.operations

    def advice(self) -> Sequence[Advice]:
        """As set."""
        return self.soon
