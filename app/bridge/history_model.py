"""Rows of the provisioning log, page by page.

The model asks for the next page when the view nears the end and goes on when it arrives; the
reading itself happens elsewhere. Records that come in meanwhile never move what is being read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.bridge.activity_model import ActivityRow, RowMaker
from app.bridge.roles import CellRole
from app.domain.activity import ActivityRecord, LogQuery, Status

PAGE = 500
Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[LogQuery], None]


class LogColumn(IntEnum):
    """Columns of the log, in order."""

    STATUS = 0
    TIME = 1
    ACTION = 2
    PERSON = 3
    RESULT = 4


class HistoryModel(QAbstractTableModel):
    """`fetch` is called with a query for one page; hand the records to `add_page`."""

    def __init__(
        self,
        maker: RowMaker,
        fetch: Fetch,
        *,
        words: Mapping[str, str] | None = None,
        results: Callable[[ActivityRecord], str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._maker = maker
        self._fetch = fetch
        self._words = words or {}
        self._results = results
        self._query = LogQuery()
        self._rows: list[ActivityRow] = []
        self._complete = True
        self._waiting = False

    def ask(self, query: LogQuery) -> None:
        """Forget everything and begin with the first page of `query`."""
        self.beginResetModel()
        self._query = query
        self._rows = []
        self._complete = False
        self._waiting = False
        self.endResetModel()
        self.fetchMore()

    def add_page(self, query: LogQuery, records: Sequence[ActivityRecord]) -> None:
        """The answer to one `fetch`; answers to a query no longer asked are ignored."""
        if not self._waiting or query != self._page_query():
            return
        self._waiting = False
        self._complete = len(records) < PAGE
        if records:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(records) - 1)
            self._rows.extend(self._maker.make(record) for record in records)
            self.endInsertRows()

    def row(self, number: int) -> ActivityRow:
        """One of the rows read so far."""
        return self._rows[number]

    def _page_query(self) -> LogQuery:
        return replace(self._query, limit=PAGE, offset=len(self._rows))

    def rowCount(self, parent: Index | None = None) -> int:
        """Rows read so far."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """See `LogColumn`."""
        return 0 if parent is not None and parent.isValid() else len(LogColumn)

    def canFetchMore(self, parent: Index | None = None) -> bool:
        """True until the last page came."""
        return not self._complete and not self._waiting

    def fetchMore(self, parent: Index | None = None) -> None:
        """Ask for the next page once."""
        if self.canFetchMore():
            self._waiting = True
            self._fetch(self._page_query())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts by column; state and action for the delegates."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, column)
        return _ROLES.get(role, _nothing)(row, column)

    def row_of(self, record: ActivityRecord) -> int:
        """Where this record stands among the rows read so far, -1 when it does not."""
        key = _key(record)
        return next((at for at, row in enumerate(self._rows) if _key(row.record) == key), -1)

    def _text(self, row: ActivityRow, column: int) -> str:
        if column == LogColumn.RESULT:
            return self._results(row.record) if self._results is not None else row.message
        return {
            LogColumn.TIME: row.time,
            LogColumn.PERSON: row.person,
        }.get(LogColumn(column), "")

    def _spoken(self, row: ActivityRow, column: int) -> str:
        if column == LogColumn.STATUS:
            return self._words.get(row.record.status, row.record.status.value)
        if column == LogColumn.ACTION:
            return self._words.get(row.record.action, row.record.action.value)
        return self._text(row, column)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Names of the columns; the status needs none."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return {
            LogColumn.STATUS: "",
            LogColumn.TIME: self.tr("Time"),
            LogColumn.ACTION: self.tr("Action"),
            LogColumn.PERSON: self.tr("Person"),
            LogColumn.RESULT: self.tr("Result"),
        }[LogColumn(section)]


def _key(record: ActivityRecord) -> tuple[object, ...]:
    """What tells records apart, also after they were stored and read again."""
    return record.at, record.cycle, record.action, record.source.id, record.target.name


def _nothing(_row: ActivityRow, _column: int) -> object:
    return None


def _state(row: ActivityRow, column: int) -> object:
    return row.record.status.value if column == LogColumn.STATUS else None


def _action(row: ActivityRow, column: int) -> object:
    return row.record.action.value if column == LogColumn.ACTION else None


def _tint(row: ActivityRow, column: int) -> object:
    if column == LogColumn.TIME:
        return "text2"
    if column == LogColumn.RESULT:
        tints = {Status.FAILURE: "failure", Status.WARNING: "warning"}
        return tints.get(row.record.status, "text2")
    return None


def _record(row: ActivityRow, _column: int) -> object:
    return row.record


def _tip(row: ActivityRow, column: int) -> object:
    return row.message if column == LogColumn.RESULT else None


_ROLES: dict[int, Callable[[ActivityRow, int], object]] = {
    int(CellRole.STATE): _state,
    int(CellRole.ACTION): _action,
    int(CellRole.TINT): _tint,
    int(CellRole.RECORD): _record,
    int(Qt.ItemDataRole.ToolTipRole): _tip,
}
