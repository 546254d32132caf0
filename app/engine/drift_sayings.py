"""The engine's sentences about accounts that were changed by hand."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.activity import Change
from app.domain.drift import ACCOUNT, Drift, DriftChoice
from app.domain.people import Value
from app.domain.texts import Text

IN_FORCE = {
    DriftChoice.REPORT: Text("waits for your decision"),
    DriftChoice.REPAIR: Text("is repaired in the next cycle"),
    DriftChoice.ACCEPT: Text("accepted"),
}


def changed_by_hand(changes: Sequence[Change], identity: str) -> Text:
    """What somebody did to an account in the target, which stays so for now."""
    names = [one.attribute for one in changes]
    if ACCOUNT in names:
        return Text("The account was deleted by hand in GoTo")
    if names == [identity]:
        return Text("The address of the account was changed by hand in GoTo")
    return Text("The account was changed by hand in GoTo: {names}", {"names": ", ".join(names)})


def put_right(changes: Sequence[Change]) -> Text:
    """What somebody changed by hand has the wished value again."""
    return Text(
        "Changed by hand in GoTo, put right again: {names}",
        {"names": ", ".join(one.attribute for one in changes)},
    )


def made_again() -> Text:
    """An account that somebody deleted by hand."""
    return Text("The account was deleted by hand in GoTo; made again")


def disabled_again() -> Text:
    """A leaver's account that somebody enabled by hand."""
    return Text("The account was enabled by hand in GoTo; disabled again")


def enabled_by_hand() -> Text:
    """The same, which stays so for now."""
    return Text("The account of somebody who left was enabled by hand in GoTo")


DECIDE = Text(
    "Choose in the overview, or with `rollcall drift repair` or `rollcall drift accept`; the "
    "profile's “drift” says what is done in future."
)


def drift_said(one: Drift) -> Text:
    """What it is, and what it should be."""
    wished = _plain(one.change.new) or "–"
    if one.attribute == ACCOUNT:
        return Text("deleted, should be {wished}", {"wished": wished})
    return Text(
        "{attribute} is {found}, should be {wished}",
        {"attribute": one.attribute, "found": _plain(one.change.old) or "–", "wished": wished},
    )


def known(one: Drift) -> Text:
    """The same as evidence, with what is done about it."""
    return Text(
        "Changed by hand: {what} ({decision})",
        {"what": drift_said(one), "decision": IN_FORCE[one.in_force]},
    )


def _plain(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)
