"""The rows of a preview: whom it is about is never cut, what changes may take a second line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QSizePolicy, QTableView, QVBoxLayout, QWidget

from app.bridge.roles import CellRole
from app.domain.activity import ActionKind, PlannedAction, Status
from app.domain.products import product_name
from app.domain.texts import Text
from app.setup.preview import Deed, deed
from app.ui.states import State
from app.ui.theme import Role, Token, font, grown
from app.ui.widgets import (
    ActionDelegate,
    TwoLineDelegate,
    WrappedDelegate,
    framed,
    set_up_table,
)
from app.ui.widgets.rows import row_height, two_lines_height
from app.ui.wizard.speech import Speech
from app.ui.wizard.tables import Cell, RowsModel

_ACTION, _PERSON, _ACCOUNT, _CHANGES = range(4)
_PADDING = 20
_LEAST_CHANGES = 230
_LEAST_STACKED = 160
_NAME_SHARE, _ADDRESS_SHARE = 0.22, 0.36
"""Of the width, at most, beside each other; a longer name takes a second line."""


class PlanTable(QWidget):
    """Action, person, account, what changes.

    The account goes under the person's name where there is no room beside it.
    """

    def __init__(self, speech: Speech, words: Mapping[Deed, str]) -> None:
        super().__init__()
        self._speech = speech
        self._words = words
        self._names = self._addresses = 0
        self._stacked = False
        self._attributes = {
            "firstName": self.tr("first name"),
            "lastName": self.tr("last name"),
            "email": self.tr("e-mail address"),
        }
        self.model: RowsModel[PlannedAction] = RowsModel(
            (
                self.tr("Action"),
                self.tr("Person"),
                self.tr("GoTo account"),
                self.tr("What changes"),
            ),
            self._cells,
            self,
        )
        view = self.view = QTableView()
        view.setModel(self.model)
        set_up_table(view)
        view.setItemDelegateForColumn(_ACTION, ActionDelegate(view))
        view.setItemDelegateForColumn(_CHANGES, WrappedDelegate(view))
        self._one_line, self._two_lines = WrappedDelegate(view), TwoLineDelegate(view)
        view.setItemDelegateForColumn(_PERSON, self._one_line)
        view.setItemDelegateForColumn(_ACCOUNT, self._one_line)
        view.setAccessibleName(self.tr("What the first cycle would do"))
        policy = QSizePolicy.Policy.Expanding
        view.setSizePolicy(policy, policy)
        view.viewport().installEventFilter(self)
        self.model.modelReset.connect(self._fit_rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(framed(view))

    def show_rows(self, rows: Sequence[PlannedAction]) -> None:
        """Replace what is listed."""
        name, address = QFontMetrics(font(Role.BODY)), QFontMetrics(font(Role.BODY))
        self._names = max((name.horizontalAdvance(row.source.name) for row in rows), default=0)
        self._addresses = max(
            (address.horizontalAdvance(row.target.name) for row in rows), default=0
        )
        self.model.set_rows(rows)
        self._fit()

    def set_filter(self, wanted: Callable[[PlannedAction], bool] | None) -> None:
        """List only what is wanted."""
        self.model.set_filter(wanted)

    def show_at_most(self, rows: int) -> None:
        """As high as its rows, and no higher than so many of them."""
        header = self.view.horizontalHeader().sizeHint().height()
        sections = self.view.verticalHeader()
        number = min(self.model.rowCount(), rows)
        shown = sum(sections.sectionSize(at) for at in range(number))
        least = 2 * sections.defaultSectionSize()
        self.view.setMinimumHeight(header + max(least, shown))
        self.view.setMaximumHeight(header + max(least, sections.length()) + 2)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The table became wider or narrower."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    # --- columns and rows ------------------------------------------------------------------------

    def _fit(self) -> None:
        width = self.view.viewport().width()
        verbs = QFontMetrics(font(Role.BODY))
        widest = max(map(verbs.horizontalAdvance, self._words.values()))
        action = widest + grown(16) + 2 * _PADDING
        names = min(self._names + _PADDING, round(width * _NAME_SHARE))
        addresses = min(self._addresses + _PADDING, round(width * _ADDRESS_SHARE))
        stacked = width - action - names - addresses < grown(_LEAST_CHANGES)
        if stacked:
            # The second line is in the smaller letters of captions.
            names = max(self._names, round(self._addresses * 0.92)) + _PADDING
            names = min(names, width - action - grown(_LEAST_STACKED))
        for column, wanted in ((_ACTION, action), (_PERSON, names), (_ACCOUNT, addresses)):
            self.view.setColumnWidth(column, max(wanted, grown(60)))
        if stacked != self._stacked:
            self._stacked = stacked
            self.view.setColumnHidden(_ACCOUNT, stacked)
            delegate = self._two_lines if stacked else self._one_line
            self.view.setItemDelegateForColumn(_PERSON, delegate)
        self._fit_rows()

    def _fit_rows(self) -> None:
        rows = self.view.verticalHeader()
        usual = two_lines_height() if self._stacked else row_height(dense=False)
        if rows.defaultSectionSize() != usual:
            rows.setDefaultSectionSize(usual)
        if self._stacked:
            return
        letters = QFontMetrics(font(Role.BODY))
        room = self.view.columnWidth(_CHANGES) - _PADDING
        names = self.view.columnWidth(_PERSON) - _PADDING
        addresses = self.view.columnWidth(_ACCOUNT) - _PADDING
        for at in range(self.model.rowCount()):
            row = self.model.row_at(at)
            telling = row.status in (Status.WARNING, Status.FAILURE)
            if (
                letters.horizontalAdvance(row.source.name) > names
                or letters.horizontalAdvance(row.target.name) > addresses
                or (telling and letters.horizontalAdvance(self._message(row)) > room)
            ):
                self.view.setRowHeight(at, two_lines_height())
            elif rows.sectionSize(at) != usual:
                self.view.setRowHeight(at, usual)

    # --- cells -----------------------------------------------------------------------------------

    def _cells(self, row: PlannedAction) -> Sequence[Cell]:
        kind = deed(row)
        message = self._message(row)
        roles: dict[CellRole, object] = {CellRole.ACTION: row.action.value}
        last: dict[CellRole, object] = {}
        if kind in (Deed.SKIP, Deed.FAIL):
            roles[CellRole.STATE] = (State.SKIPPED if kind is Deed.SKIP else State.FAILURE).value
        if kind is Deed.FAIL:
            last[CellRole.TINT] = Token.FAILURE.value
        elif row.status is Status.WARNING:
            last[CellRole.TINT] = Token.WARNING.value
        elif row.action is ActionKind.UPDATE and row.changes:
            last[CellRole.CHANGES] = row.changes
        account = row.target.name or "–"
        advice = self._speech.say(row.advice)
        return (
            Cell(self._words[kind], roles),
            Cell(row.source.name, {CellRole.SECOND_LINE: account}),
            Cell(account),
            Cell(message, last, f"{message} {advice}".strip()),
        )

    def _message(self, row: PlannedAction) -> str:
        """What will be, a loss first; the engine's sentences say what was."""
        done = row.status in (Status.SUCCESS, Status.WARNING)
        if row.action is ActionKind.LINK and done:
            return self.tr("Found by its address, nothing to change")
        if row.action is not ActionKind.CREATE or not done:
            return self._speech.say(row.message)
        codes = next((one.new for one in row.changes if one.attribute == "licences"), ())
        if isinstance(codes, tuple) and codes:
            words = self.tr("New account, {product} seat").format(product=product_name(codes))
        else:
            words = self.tr("New account")
        loss = row.message.values.get("warning")
        return f"{self._loss(loss)}. {words}" if isinstance(loss, Text) else words

    def _loss(self, text: Text) -> str:
        attribute = text.values.get("attribute")
        words = self._attributes.get(attribute) if isinstance(attribute, str) else None
        if words is not None:
            text = Text(text.message, {**text.values, "attribute": words}, text.plural)
        said = self._speech.say(text)
        return said[:1].upper() + said[1:]
