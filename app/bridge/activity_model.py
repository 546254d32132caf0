"""The rows of the live pane: a bounded list of ready-made texts, filtered in plain Python.

One batch is one row insertion. The newest `limit` rows are kept; older ones are in the
provisioning log. Filtering them all takes some 10 ms; a proxy model takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractTableModel,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from app.bridge.roles import CellRole
from app.domain.activity import ActivityRecord, Status
from app.domain.texts import Translator

LIMIT = 50_000
SLACK = 2_000
"""How many rows more than the limit there may be before the oldest go."""
Index = QModelIndex | QPersistentModelIndex

_TINTS = {Status.FAILURE: "failure", Status.WARNING: "warning"}


class Column(IntEnum):
    """Columns of the pane, in order."""

    TIME = 0
    STATUS = 1
    ACTION = 2
    PERSON = 3
    MESSAGE = 4
    DURATION = 5


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One record with its texts as shown."""

    record: ActivityRecord
    time: str
    person: str
    message: str
    duration: str
    haystack: str


class RowMaker:
    """Makes rows from records in one language and one time zone."""

    def __init__(self, translator: Translator, *, with_date: bool = False) -> None:
        self._translator = translator
        self._with_date = with_date
        locale, short = QLocale(), QLocale.FormatType.ShortFormat
        self._months = [locale.monthName(month, short) for month in range(1, 13)]

    def times(self) -> list[str]:
        """Texts that `time` can have, one a month, for the width of its column."""
        if self._with_date:
            return [f"30 {month} 00:00:00" for month in self._months]
        return ["00:00:00.000"]

    def make(self, record: ActivityRecord) -> ActivityRow:
        """The row of one record."""
        at = record.at.astimezone()
        # Formatting a datetime with %H imports a module each time; numbers are three times as fast.
        time = f"{at.hour:02d}:{at.minute:02d}:{at.second:02d}"
        if self._with_date:
            time = f"{at.day} {self._months[at.month - 1]} {time}"
        else:
            time = f"{time}.{at.microsecond // 1000:03d}"
        person = record.source.name or record.target.name or record.source.id
        message = self._translator.render(record.message)
        duration = f"{record.duration_ms} ms" if record.duration_ms else "–"
        parts = (person, message, record.target.name, record.code or "")
        return ActivityRow(record, time, person, message, duration, "\n".join(parts).casefold())


class ActivityModel(QAbstractTableModel):
    """The visible rows. `set_filter` narrows them; `append` adds a batch at the end.

    `words` are the words for states and actions that a screen reader says.
    """

    def __init__(
        self,
        maker: RowMaker,
        *,
        words: Mapping[str, str] | None = None,
        limit: int = LIMIT,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._maker = maker
        self._words = words or {}
        self._limit = limit
        self._rows: list[ActivityRow] = []
        self._visible: list[ActivityRow] = self._rows
        self._text = ""
        self._failures_only = False
        self.trimmed = 0

    # --- what the pane does ----------------------------------------------------------------------

    def append(self, records: Sequence[ActivityRecord]) -> None:
        """Add a batch: one insertion of the rows that pass the filter."""
        fresh = [self._maker.make(record) for record in records]
        filtered = self._filtered()
        shown = [row for row in fresh if self._passes(row)] if filtered else fresh
        first = len(self._visible)
        if shown:
            self.beginInsertRows(QModelIndex(), first, first + len(shown) - 1)
        self._rows.extend(fresh)
        if filtered:
            self._visible.extend(shown)
        if shown:
            self.endInsertRows()
        if len(self._rows) > self._limit + SLACK:
            self._trim()

    def set_filter(self, text: str, *, failures_only: bool) -> None:
        """Show only rows that contain `text` in any of their words, and failures if asked for."""
        text = text.strip().casefold()
        if (text, failures_only) == (self._text, self._failures_only):
            return
        self.beginResetModel()
        self._text, self._failures_only = text, failures_only
        if self._filtered():
            self._visible = [row for row in self._rows if self._passes(row)]
        else:
            self._visible = self._rows
        self.endResetModel()

    def clear(self) -> None:
        """Forget all rows."""
        self.beginResetModel()
        self._rows = []
        self._visible = self._rows
        self.endResetModel()

    def row(self, number: int) -> ActivityRow:
        """A visible row."""
        return self._visible[number]

    @property
    def total(self) -> int:
        """Rows kept, visible or not."""
        return len(self._rows)

    def _filtered(self) -> bool:
        return bool(self._text) or self._failures_only

    def _passes(self, row: ActivityRow) -> bool:
        if self._failures_only and row.record.status is not Status.FAILURE:
            return False
        return self._text in row.haystack

    def _trim(self) -> None:
        surplus = len(self._rows) - self._limit
        oldest = self._rows[:surplus]
        gone = sum(map(self._passes, oldest)) if self._filtered() else surplus
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
        separate = self._visible is not self._rows
        del self._rows[:surplus]
        if separate:
            del self._visible[:gone]
        if gone:
            self.endRemoveRows()
        self.trimmed += surplus

    # --- what the view asks ----------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        """Visible rows."""
        return 0 if parent is not None and parent.isValid() else len(self._visible)

    def columnCount(self, parent: Index | None = None) -> int:
        """See `Column`."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts by column; state and action for the delegates."""
        if not index.isValid() or index.row() >= len(self._visible):
            return None
        answer = _ANSWERS.get(role)
        if answer is not None:
            return answer(self._visible[index.row()], index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(self._visible[index.row()], index.column())
        return None

    def _spoken(self, row: ActivityRow, column: int) -> str:
        if column == Column.STATUS:
            return self._words.get(row.record.status, row.record.status.value)
        if column == Column.ACTION:
            return self._words.get(row.record.action, row.record.action.value)
        return _text(row, column)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Names of the columns."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return {
            Column.TIME: self.tr("Time"),
            Column.STATUS: self.tr("Status"),
            Column.ACTION: self.tr("Action"),
            Column.PERSON: self.tr("Person"),
            Column.MESSAGE: self.tr("Result"),
            Column.DURATION: self.tr("Duration"),
        }[Column(section)]


def _text(row: ActivityRow, column: int) -> str:
    if column == Column.PERSON:
        return row.person
    if column == Column.MESSAGE:
        return row.message
    if column == Column.TIME:
        return row.time
    if column == Column.DURATION:
        return row.duration
    return ""


def _tint(row: ActivityRow, column: int) -> str | None:
    if column == Column.MESSAGE:
        return _TINTS.get(row.record.status)
    if column in (Column.TIME, Column.DURATION):
        return "text2"
    return None


def _state(row: ActivityRow, column: int) -> str | None:
    return row.record.status.value if column == Column.STATUS else None


def _action(row: ActivityRow, column: int) -> str | None:
    return row.record.action.value if column == Column.ACTION else None


def _record(row: ActivityRow, _column: int) -> ActivityRecord:
    return row.record


def _alignment(_row: ActivityRow, column: int) -> int | None:
    if column == Column.DURATION:
        return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return None


_ANSWERS: dict[int, Callable[[ActivityRow, int], object]] = {
    int(Qt.ItemDataRole.DisplayRole): _text,
    int(CellRole.STATE): _state,
    int(CellRole.ACTION): _action,
    int(CellRole.TINT): _tint,
    int(CellRole.RECORD): _record,
    int(Qt.ItemDataRole.TextAlignmentRole): _alignment,
}
