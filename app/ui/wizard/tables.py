"""A typed table: texts are made when they are painted, filtering keeps a list of indexes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.bridge.roles import CellRole

Row = TypeVar("Row")
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text and what the delegate paints beside it."""

    text: str
    roles: Mapping[CellRole, object] = field(default_factory=dict)
    tooltip: str = ""


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows of one type, rendered by a function."""

    def __init__(
        self,
        headers: Sequence[str],
        render: Callable[[Row], Sequence[Cell]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._headers = list(headers)
        self._render = render
        self._rows: Sequence[Row] = ()
        self._visible: Sequence[int] = ()
        self._cells: dict[int, Sequence[Cell]] = {}
        self._wanted: Callable[[Row], bool] | None = None

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; the filter stays."""
        self.beginResetModel()
        self._rows = rows
        self._cells.clear()
        self._filter()
        self.endResetModel()

    def set_filter(self, wanted: Callable[[Row], bool] | None) -> None:
        """Show only the rows that are wanted; None shows all."""
        self.beginResetModel()
        self._wanted = wanted
        self._filter()
        self.endResetModel()

    def set_header(self, column: int, text: str) -> None:
        """Name a column anew."""
        self._headers[column] = text
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)

    def row_at(self, row: int) -> Row:
        """The row shown at this place."""
        return self._rows[self._visible[row]]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Rows that pass the filter."""
        return 0 if parent.isValid() else len(self._visible)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """As many as there are headers."""
        return 0 if parent.isValid() else len(self._headers)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's variant
        """Column names."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's variant
        """Text, tooltip, and our own roles."""
        if not index.isValid():
            return None
        cell = self._cells_of(self._visible[index.row()])[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tooltip or cell.text
        return cell.roles.get(CellRole(role)) if role in _OWN_ROLES else None

    def _cells_of(self, row: int) -> Sequence[Cell]:
        if row not in self._cells:
            self._cells[row] = self._render(self._rows[row])
        return self._cells[row]

    def _filter(self) -> None:
        wanted = self._wanted
        everything = range(len(self._rows))
        self._visible = (
            everything if wanted is None else [at for at in everything if wanted(self._rows[at])]
        )


_OWN_ROLES = frozenset(int(role) for role in CellRole)
