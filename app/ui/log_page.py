"""The provisioning log: one search field, three filters, the count always in view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.bridge.activity_model import RowMaker
from app.bridge.background import Background
from app.bridge.history_model import HistoryModel, LogColumn
from app.domain.activity import ActionKind, ActivityRecord, LogQuery, Status
from app.ui.icons import icon
from app.ui.record_details import RecordDetails
from app.ui.result_words import ResultWording
from app.ui.services import WindowServices
from app.ui.states import ACTION_GLYPHS, LOOKS, State, action_word, state_word
from app.ui.theme import Role, Size, Space, Token, font, grown
from app.ui.widgets import (
    ActionDelegate,
    Button,
    EmptyState,
    Label,
    PageHeader,
    SearchEdit,
    StatusDelegate,
    framed,
    set_up_table,
)
from app.ui.widgets.flow import FlowLayout

SEARCH_DELAY_MS = 250
_LEAST_DETAILS = 210
_DETAILS_SHARE = 0.45
"""Of the height, at least, for details under the table."""
_LEAST_ROWS = 5
_PERSON_SHARE = 0.3
_TURN_BELOW = 1120
"""Width of the window below which the details go under the table."""


class LogView(QTableView):
    """Enter shows details beside the rows."""

    resized = Signal()

    def __init__(self, show: Callable[[QModelIndex], None]) -> None:
        super().__init__()
        self._show = show

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; the rest moves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._show(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns share the width, and what is being read stays in view."""
        super().resizeEvent(event)
        self.resized.emit()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())


class LogPage(QWidget):
    """Reads pages of the history on the worker; new records never move what is being read."""

    def __init__(
        self,
        services: WindowServices,
        background: Background,
        words: Mapping[str, str],
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._background = background
        self._now = now
        self._new = 0
        self._asked = LogQuery()
        self._maker = maker = RowMaker(services.translator, with_date=True)
        results = ResultWording(services.translator, self).words
        self.model = HistoryModel(maker, self._fetch, words=words, results=results, parent=self)
        self._wanted: ActivityRecord | None = None
        self.header = PageHeader(self.tr("Provisioning log"))
        self.search = SearchEdit(self.tr("Search name, address, code or text"))
        self.clear = Button(self.tr("Clear filters"), kind="link")
        self.since = QComboBox()
        self.status = QComboBox()
        self.action = QComboBox()
        self.count = Label("", Role.CAPTION, Token.TEXT2)
        self.view = LogView(self._open)
        self.details = RecordDetails(services.translator)
        self.newest = Button(self.tr("Show newest"), kind="link")
        self._news = Label("", Role.CAPTION, Token.TEXT2)
        self._order = Label(self.tr("Newest first"), Role.CAPTION, Token.TEXT2)
        self._empty = EmptyState("scroll-text", "")
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SEARCH_DELAY_MS)
        self._fill_filters()
        self._build()
        self._connect()

    # --- making ----------------------------------------------------------------------------------

    def _fill_filters(self) -> None:
        self.since.addItem(icon("calendar"), self.tr("All time"), None)
        self.since.addItem(self.tr("Last hour"), 1)
        self.since.addItem(self.tr("Last 24 hours"), 24)
        self.since.addItem(self.tr("Last 7 days"), 168)
        self.since.addItem(self.tr("Last 30 days"), 720)
        self.since.setAccessibleName(self.tr("Time"))
        self.status.addItem(self.tr("Any status"), None)
        for status in Status:
            look = LOOKS[State(status)]
            self.status.addItem(icon(look.glyph, look.token), state_word(status), status)
        self.status.setAccessibleName(self.tr("Status"))
        self.action.addItem(self.tr("Any action"), None)
        for kind in ActionKind:
            self.action.addItem(icon(ACTION_GLYPHS[kind]), action_word(kind), kind)
        self.action.setAccessibleName(self.tr("Action"))

    def _build(self) -> None:
        view = self.view
        view.setModel(self.model)
        set_up_table(view, dense=True)
        view.setItemDelegateForColumn(LogColumn.STATUS, StatusDelegate(view, dense=True))
        view.setItemDelegateForColumn(LogColumn.ACTION, ActionDelegate(view, dense=True))
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName(self.tr("Provisioning log"))
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        view.resized.connect(self._fit_columns)
        letters = QFontMetrics(font(Role.DENSE))
        self._time_width = max(map(letters.horizontalAdvance, self._maker.times())) + 18
        verbs = max(map(letters.horizontalAdvance, map(action_word, ActionKind)))
        self._action_width = verbs + grown(Size.ICON) + 26
        self._place()

    def _fit_columns(self) -> None:
        """Names first: the result is short, and its sentence is in the details."""
        width = self.view.viewport().width()
        letter = QFontMetrics(font(Role.DENSE)).averageCharWidth()
        self.view.setColumnWidth(LogColumn.STATUS, grown(Size.ICON) + 28)
        self.view.setColumnWidth(LogColumn.TIME, self._time_width)
        self.view.setColumnWidth(LogColumn.ACTION, self._action_width)
        person = max(12 * letter, min(34 * letter, round(width * _PERSON_SHARE)))
        self.view.setColumnWidth(LogColumn.PERSON, person)

    def _place(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.clear)
        filters = QWidget()
        flow = FlowLayout(filters)
        for part in (self.since, self.status, self.action):
            flow.addWidget(part)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(Space.WIDE)
        foot.addWidget(self.count)
        foot.addWidget(self._order)
        foot.addStretch(1)
        foot.addWidget(self._news)
        foot.addWidget(self.newest)
        self._stack = QStackedWidget()
        self._stack.addWidget(framed(self.view))
        self._stack.addWidget(self._empty)
        left = self._left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.MEDIUM)
        column.addLayout(top)
        column.addWidget(filters)
        column.addWidget(self._stack, 1)
        column.addWidget(self._foot)
        self._splitter = QSplitter()
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.details)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setSizes([660, 360])
        self._splitter.setHandleWidth(Space.WIDE)
        self.details.setMinimumWidth(grown(280))
        self.details.setVisible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.header)
        inner = QVBoxLayout()
        inner.setContentsMargins(Space.PAGE, 0, Space.PAGE, Space.WIDE)
        inner.addWidget(self._splitter)
        outer.addLayout(inner, 1)
        self._show_news()

    def _connect(self) -> None:
        self._delay.timeout.connect(self.load)
        self.search.textChanged.connect(lambda _text: self._delay.start())
        for combo in (self.since, self.status, self.action):
            combo.currentIndexChanged.connect(lambda _index: self.load())
        self.clear.clicked.connect(self.clear_filters)
        self._empty.button.clicked.connect(self.clear_filters)
        self.newest.clicked.connect(self.load)
        self.view.clicked.connect(self._open)
        self.view.selectionModel().currentRowChanged.connect(self._moved)
        self.details.closed.connect(self.close_details)
        self.model.rowsInserted.connect(lambda *_: self._show_or_explain())

    # --- what the window does --------------------------------------------------------------------

    def load(self) -> None:
        """Read the first page anew with the filters as they are."""
        self._delay.stop()
        self._new = 0
        self._show_news()
        query = self.query()
        self._asked = query
        self.model.ask(query)
        self._background.run(
            lambda: self._services.count_log(query),
            lambda count: self._counted(query, count),
            self._failed,
        )

    def show_record(self, record: ActivityRecord) -> None:
        """Show one record's details beside the rows."""
        self.details.show_record(record)
        self.details.setVisible(True)
        self._fit()

    def reveal(self, record: ActivityRecord) -> None:
        """Its details, and its row as soon as it is read: from elsewhere in the window."""
        self.show_record(record)
        self._wanted = record
        self.clear_filters()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_failures(self) -> None:
        """Only failures."""
        self.status.setCurrentIndex(self.status.findData(Status.FAILURE))

    def clear_filters(self) -> None:
        """Show everything again."""
        self.search.clear()
        for combo in (self.since, self.status, self.action):
            combo.setCurrentIndex(0)
        self.load()

    def count_new(self, records: Sequence[ActivityRecord]) -> None:
        """Records came in; the rows stay where they are."""
        self._new += len(records)
        self._show_news()

    def query(self) -> LogQuery:
        """What the filters say."""
        hours = self.since.currentData()
        return LogQuery(
            status=self.status.currentData(),
            action=self.action.currentData(),
            since=self._now() - timedelta(hours=hours) if hours else None,
            text=self.search.text().strip() or None,
        )

    def close_details(self) -> None:
        """Back to the rows."""
        self.details.setVisible(False)
        self._fit()
        self.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the details, then clears the search."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.details.isVisible():
            self.close_details()
        else:
            self.search.clear()

    # --- reading ---------------------------------------------------------------------------------

    def _fetch(self, query: LogQuery) -> None:
        self._background.run(
            lambda: tuple(self._services.log(query)),
            lambda records: self._arrived(query, records),
            self._failed,
        )

    def _arrived(self, query: LogQuery, records: Sequence[ActivityRecord]) -> None:
        self.model.add_page(query, records)
        self._show_or_explain()
        self._select_wanted()

    def _select_wanted(self) -> None:
        """The row that was asked for, if it is among those that came."""
        row = self.model.row_of(self._wanted) if self._wanted is not None else -1
        if row >= 0:
            self._wanted = None
            self.view.selectRow(row)

    def _counted(self, query: LogQuery, count: int) -> None:
        if query == self._asked:
            self.count.setText(self.tr("%Ln records", "", count))

    def _failed(self, error: Exception) -> None:
        self._empty.show_message("octagon-x", str(error), self.tr("Clear filters"))
        self._stack.setCurrentIndex(1)

    # --- showing ---------------------------------------------------------------------------------

    def _filtered(self) -> bool:
        combos = (self.since, self.status, self.action)
        return bool(self.search.text().strip()) or any(c.currentIndex() for c in combos)

    def _show_or_explain(self) -> None:
        self.clear.setVisible(self._filtered())
        self._foot.setVisible(self.model.rowCount() > 0)
        if self.model.rowCount():
            self._stack.setCurrentIndex(0)
            return
        if self._filtered():
            self._empty.show_message(
                "funnel", self.tr("No record matches these filters."), self.tr("Clear filters")
            )
        else:
            self._empty.show_message(
                "scroll-text", self.tr("Every account that is created or changed is listed here.")
            )
        self._stack.setCurrentIndex(1)

    def _show_news(self) -> None:
        text = self.tr("%Ln new since you looked", "", self._new) if self._new else ""
        self._news.setText(text)
        self.newest.setVisible(bool(self._new))

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.show_record(self.model.row(index.row()).record)

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        if self.details.isVisible():
            self._open(current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Details under the table where there is little room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Beside the table, under it, or instead of it: a few rows are the least beside details."""
        narrow = self.window().width() < grown(_TURN_BELOW)
        turned = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        rows = self.view.verticalHeader().defaultSectionSize() * _LEAST_ROWS
        header = self.view.horizontalHeader().sizeHint().height()
        self._stack.setMinimumHeight(header + rows + 2 if narrow else 0)
        free = self.height() - self.header.height() - Space.WIDE
        under = max(grown(_LEAST_DETAILS), round(free * _DETAILS_SHARE))
        self.details.setMinimumHeight(under if narrow else 0)
        least = self._left.minimumSizeHint().height() + under + Space.WIDE
        instead = narrow and not self.details.isHidden() and least > free
        self._left.setVisible(not instead)
        if self._splitter.orientation() != turned:
            self._splitter.setOrientation(turned)
            self._splitter.setSizes([660, 360] if not narrow else [least, under])
