"""The sentences of the mails: what happened, to whom, what to do. All in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from app.domain.activity import CycleSummary, PlannedAction, Reason, Status
from app.domain.notices import Credential, People, Section
from app.domain.texts import Text

MOST_NAMES = 50
"""Names in one mail; beyond that nobody reads them."""


def failed(profile: str, cycle: CycleSummary) -> Section:
    """Cycles began to fail."""
    return Section(
        Status.FAILURE,
        Text("Provisioning of {profile} has failed", {"profile": profile}),
        Text(
            "The cycle of {time} failed. {error}",
            {
                "time": clock(cycle.started_at),
                "error": cycle.error or Text("No reason was given."),
            },
        ),
        cycle.advice or Text("Look at the provisioning log; Rollcall goes on trying."),
    )


def held(profile: str, removals: Sequence[PlannedAction]) -> Section:
    """The removal brake holds people back."""
    number = len(removals)
    return Section(
        Status.WARNING,
        Text("Removals of {profile} wait for your decision", {"profile": profile}),
        Text(
            "{n} person would lose their account. That is more than the safety limits allow, so "
            "nothing was taken away; everything else was done.",
            {"n": number},
            plural="{n} people would lose their accounts. That is more than the safety limits "
            "allow, so nothing was taken away; everything else was done.",
        ),
        Text(
            "Look at the people below. If they have to go, release them; if not, keep everyone and "
            "correct the cause in Entra."
        ),
        _by_cause(removals),
    )


QUARANTINES = {
    "EncounteredBaseEscrowThreshold": Text("Too many accounts failed."),
    "EncounteredTotalEscrowThreshold": Text("Too many accounts and references failed."),
    "EncounteredEscrowProportionThreshold": Text("Too large a part of the accounts failed."),
    "EncounteredQuarantineException": Text("The credentials were refused or have expired."),
    "QuarantinedOnDemand": Text("An administrator put it there."),
    "TooManyDeletes": Text("More people would lose their accounts than the safety limits allow."),
    "IngestionInterrupted": Text("Reading the directory was interrupted again and again."),
}


def quarantined(profile: str, reason: str, error: Text | None) -> Section:
    """The job is unhealthy (spec/provisioning.md 8.1)."""
    why = QUARANTINES.get(reason) or error or Text("The reason is {code}.", {"code": reason})
    return Section(
        Status.FAILURE,
        Text("Provisioning of {profile} is in quarantine", {"profile": profile}),
        Text("{why} Cycles go on, but less and less often, at last once a day.", {"why": why}),
        Text("Mend the cause, then sync once by hand: a cycle that succeeds ends the quarantine."),
    )


def idle(profile: str, since: datetime, problem: Text | None) -> Section:
    """No cycle could run for three intervals."""
    return Section(
        Status.WARNING,
        Text("No cycle of {profile} has run for three intervals", {"profile": profile}),
        Text(
            "The last cycle began at {time}. {problem}",
            {
                "time": clock(since),
                "problem": problem or Text("No reason was given."),
            },
        ),
        Text("Look whether another Rollcall holds this profile, and what `rollcall status` says."),
    )


def slept(profile: str, since: datetime, until: datetime) -> Section:
    """No cycle ran for three intervals, and now one does again."""
    return Section(
        Status.WARNING,
        Text("No cycle of {profile} ran for a while", {"profile": profile}),
        Text(
            "Between {since} and {until} no cycle ran: this computer was asleep, or Rollcall was "
            "not running.",
            {"since": clock(since), "until": clock(until)},
        ),
        Text("If changes must not wait, run Rollcall on a computer that stays on."),
    )


def expiring(profile: str, credential: Credential, now: datetime) -> Section:
    """The credential at Microsoft ends soon, or has ended."""
    ends_at = credential.ends_at or now
    values = {"name": credential.name or profile, "day": f"{ends_at:%Y-%m-%d}"}
    days = -(-(ends_at - now) // timedelta(days=1))
    if ends_at <= now:
        title = Text("The Microsoft secret of {profile} has expired", {"profile": profile})
        happened = Text("“{name}” ended on {day}. Rollcall can no longer sign in.", values)
    else:
        title = Text(
            "The Microsoft secret of {profile} expires in {n} day",
            {"profile": profile, "n": days},
            plural="The Microsoft secret of {profile} expires in {n} days",
        )
        happened = Text("“{name}” ends on {day}. Rollcall cannot sign in after that.", values)
    return Section(
        Status.WARNING,
        title,
        happened,
        Text(
            "Make a new secret under App registrations, Certificates & secrets, and give it to "
            "Rollcall with `rollcall secret set {profile} source.client_secret`.",
            {"profile": profile},
        ),
    )


OVER = {
    "failed": Text("Provisioning of {profile} works again"),
    "quarantine": Text("The quarantine of {profile} is over"),
    "held": Text("No removal of {profile} waits any more"),
    "idle": Text("Cycles of {profile} run again"),
    "credential": Text("The Microsoft secret of {profile} was renewed"),
}


def over(key: str, profile: str, since: datetime) -> Section:
    """Something that was told before has ended."""
    return Section(
        Status.SUCCESS,
        replace(OVER[key], values={"profile": profile}),
        Text("What was reported on {time} is over.", {"time": clock(since)}),
        Text("There is nothing to do."),
    )


CAUSES = {
    Reason.UNASSIGNED: Text("No longer assigned"),
    Reason.DISABLED_IN_SOURCE: Text("Disabled in Entra"),
    Reason.DELETED_IN_SOURCE: Text("Deleted in Entra"),
    Reason.NOT_EFFECTIVELY_ENTITLED: Text("Only Default Access is left"),
}


def _cause(planned: PlannedAction) -> Text:
    name = {"name": planned.because}
    if planned.reason is Reason.GROUP_UNASSIGNED:
        return Text("The group {name} is no longer assigned", name)
    if planned.reason is Reason.LEFT_GROUP:
        return Text("Left the group {name}", name)
    if planned.reason is Reason.FILTERED_OUT:
        return Text("No longer passes the filter “{name}”", name)
    return CAUSES.get(planned.reason) or Text("Other reasons")


def _by_cause(removals: Sequence[PlannedAction]) -> tuple[People, ...]:
    def key(one: PlannedAction) -> tuple[str, str]:
        return one.reason, one.because

    room = MOST_NAMES
    groups: list[People] = []
    for _, found in groupby(sorted(removals, key=key), key):
        group = list(found)
        shown = group[:room]
        room -= len(shown)
        groups.append(People(_cause(group[0]), tuple(map(_name, shown)), len(group) - len(shown)))
    return tuple(groups)


def _name(planned: PlannedAction) -> str:
    name, address = planned.source.name, planned.target.name
    return f"{name} ({address})" if name and address and name != address else name or address


def clock(moment: datetime) -> str:
    """A moment in UTC, to the minute: mails are read in other time zones."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
