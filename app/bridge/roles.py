"""What item models say about a cell beyond its text. Delegates turn it into shapes and colours."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt

_FIRST = int(Qt.ItemDataRole.UserRole)


class CellRole(IntEnum):
    """Roles of our models; each is optional."""

    STATE = _FIRST + 1
    """A `domain.activity.Status` value or a name of `app.ui.states.State` (text)."""
    ACTION = _FIRST + 2
    """A `domain.activity.ActionKind` value (text)."""
    CHANGES = _FIRST + 3
    """A tuple of `domain.activity.Change`."""
    GLYPH = _FIRST + 4
    """Name of a glyph before the text."""
    TINT = _FIRST + 5
    """Name of a colour token for the text (text)."""
    STRONG = _FIRST + 6
    """True: the text is semi-bold."""
    RECORD = _FIRST + 7
    """The whole thing behind the row."""
    SECOND_LINE = _FIRST + 8
    """Text of the second line (`TwoLineDelegate`)."""
