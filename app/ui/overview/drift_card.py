"""Accounts changed by hand in GoTo: who, what it is now, what it should be, and two answers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QTreeView, QVBoxLayout, QWidget

from app.bridge.roles import CellRole
from app.domain.commands import DecideDrift
from app.domain.drift import ACCOUNT, LICENCES, DriftChoice, DriftFound
from app.domain.products import product_name
from app.ui.theme import Role, Size, Space, Token, grown
from app.ui.widgets import Button, Card, CellDelegate, FlowLayout, Label, set_up_table
from app.ui.widgets.card import Strip
from app.ui.widgets.delegates import value_text
from app.ui.widgets.lines import Glyph
from app.ui.widgets.rows import row_height

_SHOWN = 6
"""Rows before "Show more"."""
_STEP = 500
_WIDTHS = (3, 2, 3)
"""Shares of person, attribute and what it is now; what it should be takes the rest."""
_SHARES = 11


class DriftCard(Card):
    """The question with its list; a selection narrows the answer to these people."""

    decided = Signal(object)
    """A `DecideDrift` command."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0, edge=Token.WARNING)
        self._found: tuple[DriftFound, ...] = ()
        self._limit = _SHOWN
        self._title = Label("", Role.SECTION, wrap=True)
        meaning = self.tr(
            "Nothing changed in Entra. Repair writes back what should be, in a cycle that starts"
            " now; Accept leaves it until the person changes in Entra. Select people to decide"
            " about them alone."
        )
        self.repair = Button("", kind="primary", glyph="undo-2")
        self.accept = Button("", glyph="check")
        self.repair.clicked.connect(lambda: self._decide(DriftChoice.REPAIR))
        self.accept.clicked.connect(lambda: self._decide(DriftChoice.ACCEPT))
        top = Strip(Token.WARNING_SUBTLE)
        top.row.setContentsMargins(20, Space.WIDE, 20, Space.WIDE)
        top.row.setSpacing(Space.WIDE)
        top.row.addWidget(Glyph("user-pen", Token.WARNING, 28), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Space.TIGHT)
        words.addWidget(self._title)
        words.addWidget(Label(meaning, Role.BODY, Token.TEXT2, wrap=True))
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=Space.MEDIUM)
        flow.addWidget(self.repair)
        flow.addWidget(self.accept)
        words.addWidget(buttons)
        top.row.addLayout(words, 1)
        self.body.addWidget(top)
        self._model = QStandardItemModel(self)
        self.table = QTreeView()
        self.table.setModel(self._model)
        self.table.setAccessibleName(self.tr("Accounts changed by hand"))
        set_up_table(self.table, delegate=CellDelegate(self.table))
        self.table.setRootIsDecorated(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.selectionModel().selectionChanged.connect(self._name_buttons)
        self.body.addWidget(self.table)
        self.more = Button("", kind="link")
        self.more.clicked.connect(self._show_more)
        below = QHBoxLayout()
        below.setContentsMargins(Space.WIDE, Space.TIGHT, Space.WIDE, Space.TIGHT)
        below.addWidget(self.more)
        below.addStretch(1)
        self._below = QWidget()
        self._below.setLayout(below)
        self.body.addWidget(self._below)
        self.body.addSpacing(grown(Size.CARD_RADIUS) // 2)

    @property
    def sentence(self) -> str:
        """How many."""
        return self._title.text()

    def show_found(self, found: Sequence[DriftFound]) -> None:
        """Replace the list; what is selected stays selected."""
        if tuple(found) == self._found:
            return
        chosen = self._chosen()
        self._found = tuple(found)
        self._list()
        selection = self.table.selectionModel()
        rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for row in range(self._model.rowCount()):
            if self._found[row].source.id in chosen:
                selection.select(self._model.index(row, 0), rows)
        self._name_buttons()

    def resizeEvent(self, event: object) -> None:
        """Columns share the width."""
        width = max(1, self.width() - 2)
        for column, share in enumerate(_WIDTHS):
            self.table.setColumnWidth(column, width * share // _SHARES)

    def _list(self) -> None:
        people = {one.source.id for one in self._found}
        title = self.tr("%Ln accounts were changed by hand in GoTo", "", len(people))
        self._title.setText(title)
        self.setAccessibleName(title)
        self._model.clear()
        self._model.setHorizontalHeaderLabels(
            [self.tr("Person"), self.tr("Attribute"), self.tr("Now"), self.tr("Should be")]
        )
        shown = len(self._found) if len(self._found) <= self._limit + 1 else self._limit
        for one in self._found[:shown]:
            self._model.appendRow([QStandardItem(text) for text in self._row(one)])
            self._model.item(self._model.rowCount() - 1, 0).setData("user-round", CellRole.GLYPH)
        left = len(self._found) - shown
        self._below.setVisible(left > 0)
        self.more.setText(self.tr("Show %Ln more", "", left))
        header = self.table.header().sizeHint().height()
        self.table.setFixedHeight(header + shown * row_height(dense=False))
        self.resizeEvent(None)

    def _row(self, found: DriftFound) -> tuple[str, str, str, str]:
        one, person = found.drift, found.source.name or found.target.name
        change = one.change
        if one.attribute == ACCOUNT:
            return person, self.tr("Account"), self.tr("deleted"), value_text(change.new)
        if one.attribute == LICENCES:
            now, wished = (
                ", ".join(product_name(it.split("+")) for it in value)
                if isinstance(value, tuple) and value
                else self.tr("no seat")
                for value in (change.old, change.new)
            )
            return person, self.tr("Seat"), now, wished
        return person, one.attribute, value_text(change.old), value_text(change.new)

    def _show_more(self) -> None:
        self._limit += _STEP
        self._list()
        self._name_buttons()

    def _chosen(self) -> tuple[str, ...]:
        """Ids of the selected people."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return tuple(dict.fromkeys(self._found[row].source.id for row in rows))

    def _name_buttons(self) -> None:
        number = len(self._chosen())
        self.repair.setText(
            self.tr("Repair %Ln accounts", "", number) if number else self.tr("Repair all")
        )
        self.accept.setText(
            self.tr("Accept %Ln accounts", "", number) if number else self.tr("Accept all")
        )

    def _decide(self, decision: DriftChoice) -> None:
        """What is on the list, or selected of it: nothing that came up meanwhile."""
        people = self._chosen() or tuple(dict.fromkeys(one.source.id for one in self._found))
        self.decided.emit(DecideDrift(decision, people))
