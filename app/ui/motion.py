"""How long things may move. Reduced motion makes every duration 0 and stills the busy ring."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

OPEN_MS = 120
"""The switch, opening parts, page changes."""

_PROPERTY = "rollcallReducedMotion"


def reduce_motion(reduced: bool) -> None:
    """Set once at start from the system's preference or our setting; tests set it to True."""
    application = QCoreApplication.instance()
    if application is not None:
        application.setProperty(_PROPERTY, reduced)


def motion_reduced() -> bool:
    """True when nothing may move on its own."""
    application = QCoreApplication.instance()
    return application is None or bool(application.property(_PROPERTY))


def duration(milliseconds: int) -> int:
    """The duration to animate with: 0 when motion is reduced."""
    return 0 if motion_reduced() else milliseconds
