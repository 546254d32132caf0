"""The live pane: what is being done, newest at the bottom."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QTableView, QVBoxLayout, QWidget

from app.bridge.activity_model import ActivityModel, Column
from app.domain.activity import ActionKind, ActivityRecord
from app.ui.states import action_word
from app.ui.theme import Role, Size, Space, Token, font, grown
from app.ui.widgets import (
    ActionDelegate,
    CellDelegate,
    CheckBox,
    ChipRow,
    ElidedLabel,
    EmptyState,
    Glyph,
    IconButton,
    KeyCap,
    Label,
    SearchEdit,
    StatusDelegate,
    set_up_table,
)
from app.ui.widgets.card import Hairline, Strip

FILTER_DELAY_MS = 150
_PERSON_SHARE = 0.19
_LEAST_MESSAGE = 24
"""Letters of what happened below which the durations make room."""
_END = 12


class ActivityView(QTableView):
    """The rows. Enter opens details, F toggles following, End goes to the newest."""

    opened = Signal(object)
    follow_toggled = Signal()
    newest_wanted = Signal()
    used = Signal()
    """The person scrolled up or selected something."""
    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is room for other rows."""
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The pane's keys; the rest moves the selection."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.currentIndex())
        elif key == Qt.Key.Key_F and not event.modifiers():
            self.follow_toggled.emit()
        elif key == Qt.Key.Key_End:
            self.newest_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        else:
            super().keyPressEvent(event)
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
                self.used.emit()

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard, one a line, tabs between cells."""
        model = self.model()
        spoken = Qt.ItemDataRole.AccessibleTextRole
        lines = [
            "\t".join(
                str(model.index(row.row(), column).data(spoken) or "")
                for column in range(model.columnCount())
            )
            for row in self.selectionModel().selectedRows()
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))


class ActivityPane(QWidget):
    """Header with filter and chips, rows below."""

    details_wanted = Signal(object)
    """An `ActivityRecord`."""
    close_wanted = Signal()
    float_wanted = Signal()

    def __init__(self, model: ActivityModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._moving = False
        self.view = ActivityView()
        self.filter = SearchEdit(self.tr("Filter"), small=True)
        self.chips = ChipRow(
            [("all", self.tr("All"), ""), ("failures", self.tr("Failures"), "octagon-x")]
        )
        self.follow = CheckBox(self.tr("Follow newest"))
        self.follow.setChecked(True)
        self._hint = ElidedLabel("", Role.CAPTION, Token.TEXT2)
        self._empty = EmptyState("activity", "")
        self._empty.button.clicked.connect(self.clear_filter)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(FILTER_DELAY_MS)
        self._delay.timeout.connect(self.apply_filter)
        self._build()
        self._connect()
        self._show_or_explain()

    # --- making ----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.header = Strip(Token.SUNKEN)
        row = self.header.row
        row.setContentsMargins(Space.PAGE, Space.HAIR, Space.MEDIUM, Space.HAIR)
        self.header.setMinimumHeight(Size.PANE_HEADER)
        row.addWidget(Glyph("activity", Token.TEXT2))
        row.addWidget(Label(self.tr("Activity"), Role.STRONG))
        row.addWidget(self._hint, 1)
        row.addWidget(self.filter)
        row.addWidget(self.chips, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.follow)
        self.float_button = IconButton("maximize-2", self.tr("Float the activity pane"))
        self.close_button = IconButton(
            "panel-bottom-close", self.tr("Hide activity"), shortcut="Ctrl+J"
        )
        row.addWidget(self.float_button)
        row.addWidget(self.close_button)
        self.filter.setMinimumWidth(grown(120))
        self.filter.setMaximumWidth(grown(170))
        view = self.view
        view.setModel(self._model)
        cells = CellDelegate(view, dense=True, lines=False, indent=Space.WIDE)
        set_up_table(view, dense=True, stretch=Column.MESSAGE, delegate=cells)
        view.setItemDelegateForColumn(Column.STATUS, StatusDelegate(view, dense=True, lines=False))
        view.setItemDelegateForColumn(Column.ACTION, ActionDelegate(view, dense=True, lines=False))
        view.horizontalHeader().setVisible(False)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName(self.tr("Activity"))
        # Whole rows: the first one is never cut by the header while the newest are followed.
        view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerItem)
        # The bar keeps its place, so that the last column keeps its margin.
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        end = CellDelegate(view, dense=True, lines=False, end=_END)
        view.setItemDelegateForColumn(Column.DURATION, end)
        self._fit_columns()
        self._stack = QStackedWidget()
        self._stack.addWidget(view)
        self._stack.addWidget(self._empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(Hairline())
        outer.addWidget(self.header)
        outer.addWidget(Hairline())
        outer.addWidget(self._stack, 1)
        self.setFont(font(Role.BODY))

    def _fit_columns(self) -> None:
        """Times and verbs take what they need, the person a share, what happened the rest."""
        view, metrics = self.view, self.view.fontMetrics()
        width = self.width() - view.verticalScrollBar().sizeHint().width()
        letter = metrics.averageCharWidth()
        verbs = max(map(metrics.horizontalAdvance, map(action_word, ActionKind)))
        widths = {
            Column.TIME: metrics.horizontalAdvance("00:00:00.000") + 40,
            Column.STATUS: grown(Size.ICON) + 28,
            Column.ACTION: verbs + grown(Size.ICON) + 28,
            Column.PERSON: max(12 * letter, min(32 * letter, round(width * _PERSON_SHARE))),
            Column.DURATION: metrics.horizontalAdvance("00,000 ms") + 2 * _END + 8,
        }
        for column, wanted in widths.items():
            view.setColumnWidth(column, wanted)
        left = width - sum(widths.values())
        view.setColumnHidden(Column.DURATION, left < _LEAST_MESSAGE * letter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width anew."""
        super().resizeEvent(event)
        self._fit_columns()

    def first_focus(self) -> QWidget:
        """Where F6 lands."""
        return self.view if self.view.isVisible() else self.filter

    def height_for(self, rows: int) -> int:
        """Height of the pane with so many rows on show."""
        header = self.header.sizeHint().height() + 2
        return header + rows * self.view.verticalHeader().defaultSectionSize() + 2

    def _connect(self) -> None:
        self.filter.textChanged.connect(lambda _text: self._delay.start())
        self.filter.returnPressed.connect(self.apply_filter)
        self.chips.changed.connect(lambda _key: self.apply_filter())
        self.follow.toggled.connect(lambda on: self.go_to_newest() if on else None)
        self.float_button.clicked.connect(self.float_wanted)
        self.close_button.clicked.connect(self.close_wanted)
        self._model.rowsInserted.connect(self._grew)
        self._model.rowsAboutToBeRemoved.connect(self._shrinks)
        self._model.rowsRemoved.connect(self._shrank)
        self._model.modelReset.connect(self._grew)
        self.view.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.view.opened.connect(self._open)
        self.view.doubleClicked.connect(self._open)
        self.view.pressed.connect(lambda _index: self.follow.setChecked(False))
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.view.resized.connect(self._keep_newest)
        self.view.used.connect(lambda: self.follow.setChecked(False))
        self.view.follow_toggled.connect(self.follow.toggle)
        self.view.newest_wanted.connect(self.go_to_newest)

    # --- what the window does --------------------------------------------------------------------

    def set_hint(self, text: str) -> None:
        """What stands beside the title: "8,412 records this cycle"."""
        if text != self._hint.whole:
            self._hint.set_whole(text)

    def show_failures(self) -> None:
        """Choose the chip that leaves failures only."""
        self.chips.set_value("failures")
        self.apply_filter()

    def clear_filter(self) -> None:
        """Show everything again."""
        self.filter.clear()
        self.chips.set_value("all")
        self.apply_filter()

    def apply_filter(self) -> None:
        """Filter now by what the field and the chips say."""
        self._delay.stop()
        self._model.set_filter(self.filter.text(), failures_only=self.chips.value() == "failures")

    def go_to_newest(self) -> None:
        """Jump to the last row and follow from there."""
        self.follow.setChecked(True)
        self.view.clearSelection()
        self._keep(self.view.scrollToBottom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc in the filter clears it."""
        if event.key() == Qt.Key.Key_Escape and self.filter.hasFocus():
            self.clear_filter()
            self.view.setFocus()
        else:
            super().keyPressEvent(event)

    # --- following -------------------------------------------------------------------------------

    def _keep(self, move: Callable[[], None]) -> None:
        self._moving = True
        move()
        self._moving = False

    def _grew(self) -> None:
        self._show_or_explain()
        self._keep_newest()

    def _keep_newest(self) -> None:
        if self.follow.isChecked():
            self._keep(self.view.scrollToBottom)

    def _selected(self) -> None:
        if self.view.selectionModel().hasSelection():
            self.follow.setChecked(False)

    def _shrinks(self, _parent: QModelIndex, _first: int, _last: int) -> None:
        self._moving = True

    def _shrank(self) -> None:
        self._moving = False
        self._keep_newest()

    def _scrolled(self, value: int) -> None:
        if not self._moving and value < self.view.verticalScrollBar().maximum():
            self.follow.setChecked(False)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            record: ActivityRecord = self._model.row(index.row()).record
            self.details_wanted.emit(record)

    def _show_or_explain(self) -> None:
        if self._model.rowCount():
            self._stack.setCurrentIndex(0)
        elif self._model.total:
            self._empty.show_message(
                "funnel", self.tr("No record matches this filter."), self.tr("Clear filters")
            )
            self._stack.setCurrentIndex(1)
        else:
            self._empty.show_message(
                "activity", self.tr("What Rollcall does to each person appears here as it happens.")
            )
            self._stack.setCurrentIndex(1)


class ClosedActivity(Strip):
    """Stands at the bottom edge while the pane is closed, and opens it again."""

    open_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Token.SUNKEN, parent)
        self.row.setContentsMargins(Space.PAGE, Space.HAIR, Space.MEDIUM, Space.HAIR)
        self.setMinimumHeight(Size.PANE_HEADER)
        self._hint = ElidedLabel("", Role.CAPTION, Token.TEXT2)
        self.open_button = IconButton("chevron-up", self.tr("Show activity"), shortcut="Ctrl+J")
        self.open_button.clicked.connect(self.open_wanted)
        self.row.addWidget(Glyph("activity", Token.TEXT2))
        self.row.addWidget(Label(self.tr("Activity"), Role.STRONG))
        self.row.addWidget(self._hint, 1)
        self.row.addWidget(KeyCap("Ctrl+J"))
        self.row.addWidget(self.open_button)

    def set_hint(self, text: str) -> None:
        """What stands beside the title."""
        if text != self._hint.whole:
            self._hint.set_whole(text)
