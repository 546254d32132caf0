"""The sentences about references of people: whom an account points at, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.activity import (
    ActionKind,
    Change,
    Identity,
    PlannedAction,
    Reason,
    Status,
    Step,
    StepType,
)
from app.domain.codes import UNRESOLVED, advice_of
from app.domain.errors import EntryError
from app.domain.references import Referring
from app.domain.texts import Text, TextValue


def writing(one: Referring, attribute: str, key: str) -> PlannedAction:
    """The account points at another one from now on, or with an empty key at none."""
    message = Text("Manager set to {manager}", {"manager": one.wanted_name})
    if not key:
        message = Text("Manager taken away: Entra names none")
    return _action(one, message, Status.SUCCESS, changes=_changes(one, attribute, key))


def unresolved(one: Referring, attribute: str, key: str | None) -> PlannedAction:
    """Nobody to point at yet. An empty `key`: what the account pointed at is taken away."""
    values = {"manager": one.wanted_name, "person": one.name}
    message = Text("{manager}, the manager of {person}, has no active account to point at", values)
    changes: tuple[Change, ...] = ()
    if key is not None:
        changes = _changes(one, attribute, key)
        message = Text("{message}; the former manager is taken away", {"message": message})
    return replace(
        _action(one, message, Status.WARNING, changes=changes),
        action=ActionKind.UPDATE if changes else ActionKind.OTHER,
        code=UNRESOLVED,
        advice=advice_of(UNRESOLVED),
    )


def refused(one: Referring, error: EntryError) -> EntryError:
    """The target did not take it; the account is as it should be otherwise.

    What passes by itself keeps its code, everything else is a reference that cannot be written.
    """
    values: dict[str, TextValue] = {
        "manager": one.wanted_name,
        "person": one.name,
        "cause": error.text,
    }
    said = Text("{manager} was not written as the manager of {person}: {cause}", values)
    if one.wanted_key is None:
        said = Text("The manager of {person} was not taken away: {cause}", values)
    return EntryError(
        error.code if error.transient else UNRESOLVED,
        said,
        error.advice,
        transient=error.transient,
        request_id=error.request_id,
    )


def failed(planned: PlannedAction, error: EntryError) -> PlannedAction:
    """The same line when it did not work out."""
    export = Step(StepType.EXPORT, Status.FAILURE, error.text)
    return replace(
        planned,
        action=ActionKind.UPDATE,
        status=Status.FAILURE,
        message=error.text,
        code=error.code,
        advice=error.advice,
        steps=(*planned.steps, export),
    )


def _action(
    one: Referring, message: Text, status: Status, *, changes: Sequence[Change]
) -> PlannedAction:
    found = Text("Account {address}, linked before", {"address": one.address})
    return PlannedAction(
        action=ActionKind.UPDATE,
        status=status,
        source=Identity(one.person_id, one.name),
        target=Identity(one.account_key, one.address),
        reason=Reason.REFERENCE_CHANGED,
        because=one.wanted_name,
        message=message,
        changes=tuple(changes),
        steps=(
            Step(StepType.MATCHING, Status.SUCCESS, found),
            Step(StepType.REFERENCE_RESOLUTION, status, message),
        ),
    )


def _changes(one: Referring, attribute: str, key: str) -> tuple[Change, ...]:
    return (Change(attribute, one.current, key or None),)
