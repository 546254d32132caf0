"""A group that we look after and that left the scope: what the next cycle does about it."""

from __future__ import annotations

from app.domain.activity import PlannedAction, Reason
from app.domain.explanation import Next, NextAction
from app.domain.groups import GroupLink
from app.domain.ports import GroupBook
from app.domain.texts import Text
from app.engine import group_sayings, sayings
from app.engine.cases import Schedule
from app.engine.group_rules import leaving
from app.engine.group_scope import GroupScope
from app.engine.upcoming import on_time


def postponed(
    link: GroupLink, reason: Reason, scope: GroupScope, book: GroupBook, schedule: Schedule
) -> tuple[PlannedAction, Next]:
    """The line of the log for now, and what comes; a deletion may wait for a decision (9)."""
    work = next((one for one in scope.deletions() if one.person_id == link.group_id), None)
    if work is None:
        planned = leaving(link, reason, scope.hiding)
        stays = Text("The next cycle leaves the group at the target as it is")
        ahead = Next(NextAction.NONE, on_time(stays, schedule), schedule.at)
    else:
        planned = work.planned
        goes = Text("The next cycle deletes the group at the target")
        ahead = Next(NextAction.DELETE, on_time(goes, schedule), schedule.at)
        answers = book.removals([work])
        if answers.already_held:
            message = sayings.held_back(planned.message)
            held = group_sayings.postponed(planned, message, "StagedDelete", sayings.TO_ANSWER)
            return held, Next(NextAction.DECISION, sayings.UNANSWERED)
        if not answers.free:
            kept = Text("The group stays: an administrator kept it")
            stays = Text("Nothing: {why}", {"why": kept})
            return group_sayings.postponed(planned, kept, "Kept"), Next(NextAction.NONE, stays)
    message = sayings.left_to_the_cycle(planned.message)
    left = group_sayings.postponed(planned, message, group_sayings.SKIPPED, planned.advice)
    return left, ahead
