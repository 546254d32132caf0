"""States as shape, word and colour, always in this order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from app.domain.activity import ActionKind, Status
from app.ui.theme import Token


class State(StrEnum):
    """How a thing stands. The first four are the values of `domain.activity.Status`."""

    SUCCESS = "success"
    WARNING = "warning"
    FAILURE = "failure"
    SKIPPED = "skipped"
    RUNNING = "running"
    WAITING = "waiting"
    HELD = "held"
    QUARANTINE = "quarantine"
    OFFLINE = "offline"
    INFO = "info"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Look:
    """Glyph, colour and the subtle fill behind them."""

    glyph: str
    token: Token
    subtle: Token


LOOKS: dict[State, Look] = {
    State.SUCCESS: Look("circle-check", Token.SUCCESS, Token.SUCCESS_SUBTLE),
    State.WARNING: Look("triangle-alert", Token.WARNING, Token.WARNING_SUBTLE),
    State.FAILURE: Look("octagon-x", Token.FAILURE, Token.FAILURE_SUBTLE),
    State.SKIPPED: Look("circle-minus", Token.SKIPPED, Token.SKIPPED_SUBTLE),
    State.RUNNING: Look("loader-circle", Token.LINK, Token.ACCENT_SUBTLE),
    State.WAITING: Look("circle-dashed", Token.SKIPPED, Token.SKIPPED_SUBTLE),
    State.HELD: Look("octagon-pause", Token.WARNING, Token.WARNING_SUBTLE),
    State.QUARANTINE: Look("shield-alert", Token.FAILURE, Token.FAILURE_SUBTLE),
    State.OFFLINE: Look("wifi-off", Token.WARNING, Token.WARNING_SUBTLE),
    State.INFO: Look("info", Token.LINK, Token.SURFACE),
    State.ADVICE: Look("lightbulb", Token.LINK, Token.ACCENT_SUBTLE),
}

ACTION_GLYPHS: dict[ActionKind, str] = {
    ActionKind.CREATE: "user-plus",
    ActionKind.LINK: "link-2",
    ActionKind.UPDATE: "user-pen",
    ActionKind.DISABLE: "user-x",
    ActionKind.ENABLE: "user-check",
    ActionKind.DELETE: "trash-2",
    ActionKind.OTHER: "circle-ellipsis",
}


def state_word(state: State | Status) -> str:
    """The state as a word for tooltips, accessible texts and chips."""
    words = {
        State.SUCCESS: QCoreApplication.translate("States", "Success"),
        State.WARNING: QCoreApplication.translate("States", "Warning"),
        State.FAILURE: QCoreApplication.translate("States", "Failure"),
        State.SKIPPED: QCoreApplication.translate("States", "Skipped"),
        State.RUNNING: QCoreApplication.translate("States", "Running"),
        State.WAITING: QCoreApplication.translate("States", "Not tested yet"),
        State.HELD: QCoreApplication.translate("States", "Held"),
        State.QUARANTINE: QCoreApplication.translate("States", "Quarantine"),
        State.OFFLINE: QCoreApplication.translate("States", "Offline"),
        State.INFO: QCoreApplication.translate("States", "Information"),
        State.ADVICE: QCoreApplication.translate("States", "Advice"),
    }
    return words[State(state)]


def action_word(action: ActionKind) -> str:
    """The action as a verb for tables."""
    words = {
        ActionKind.CREATE: QCoreApplication.translate("States", "Create"),
        ActionKind.LINK: QCoreApplication.translate("States", "Link"),
        ActionKind.UPDATE: QCoreApplication.translate("States", "Update"),
        ActionKind.DISABLE: QCoreApplication.translate("States", "Disable"),
        ActionKind.ENABLE: QCoreApplication.translate("States", "Enable"),
        ActionKind.DELETE: QCoreApplication.translate("States", "Delete"),
        ActionKind.OTHER: QCoreApplication.translate("States", "Other"),
    }
    return words[action]
