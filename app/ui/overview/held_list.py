"""Who would lose GoToMeeting, grouped by cause. As high as its rows: the page scrolls, not it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.bridge.roles import CellRole
from app.domain.activity import PlannedAction, Reason, StepType
from app.domain.texts import Translator
from app.ui import icons, paint
from app.ui.theme import Role, Size, Space, Token, color, font, grown
from app.ui.widgets import CellDelegate, Label, SearchEdit, framed, set_up_table
from app.ui.widgets.reflow import ReflowRow
from app.ui.widgets.rows import row_height

_SHOWN = 4
"""People of a cause before "Show more"."""
_LEAST_CAUSE = 150
_STEP = 500
"""How many more one press shows."""
_MORE = int(CellRole.RECORD)
"""On the row that shows more: the cause it belongs to."""
Cause = tuple[Reason, str]
_GONE = frozenset({Reason.UNASSIGNED, Reason.GROUP_UNASSIGNED, Reason.LEFT_GROUP})


class _HeldDelegate(CellDelegate):
    """A cause wears its chevron; people stand under its words."""

    def paint_content(
        self,
        painter: QPainter,
        area: QRect,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Chevron of a cause, then as usual."""
        side = grown(Size.ICON)
        group = not index.parent().isValid()
        view = option.widget
        if group and isinstance(view, QTreeView):
            spot = paint.mirrored(
                option.direction, area, QRect(area.x(), area.y(), side, area.height())
            )
            opened = isinstance(index, QModelIndex) and view.isExpanded(index)
            icons.paint(painter, spot, "chevron-down" if opened else "chevron-right", Token.TEXT2)
        area = paint.mirrored(option.direction, area, area.adjusted(side + 6, 0, 0, 0))
        super().paint_content(painter, area, option, index)


class HeldTree(QTreeView):
    """Causes on a quiet ground, a hairline under each row from edge to edge."""

    def drawRow(
        self,
        painter: QPainter,
        options: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Ground, cells, line."""
        if not index.parent().isValid():
            painter.fillRect(options.rect, color(Token.WINDOW))
        super().drawRow(painter, options, index)
        paint.bottom_line(painter, options.rect)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a click on the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class HeldList(QWidget):
    """The people by cause, a few of each until more are wanted."""

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._translator = translator
        self._actions: tuple[PlannedAction, ...] = ()
        self._shown: dict[Cause, int] = {}
        self._names = self._addresses = 0
        self._model = QStandardItemModel(self)
        self.search = SearchEdit(self.tr("Search these people"))
        self.search.textChanged.connect(lambda _text: self._rebuild())
        self.tree = HeldTree()
        self.tree.setModel(self._model)
        self.tree.setAccessibleName(self.tr("Who would lose GoToMeeting"))
        set_up_table(self.tree, lines=False, delegate=CellDelegate(self.tree, lines=False))
        self.tree.setItemDelegateForColumn(0, _HeldDelegate(self.tree, lines=False))
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(0)
        self.tree.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.clicked.connect(self._clicked)
        self.tree.expanded.connect(lambda _index: self._fit())
        self.tree.collapsed.connect(lambda _index: self._fit())
        head = ReflowRow()
        head.add(Label(self.tr("Who would lose GoToMeeting"), Role.SECTION))
        head.add(Label(self.tr("grouped by cause"), Role.CAPTION, Token.TEXT2))
        head.add_stretch()
        head.add(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(head)
        column.addWidget(framed(self.tree))

    def show_actions(self, actions: Sequence[PlannedAction]) -> None:
        """Replace the list; what was opened stays open."""
        if tuple(actions) != self._actions:
            self._actions = tuple(actions)
            self._measure()
            self._rebuild()

    def resizeEvent(self, event: object) -> None:
        """Names and addresses are never cut for the cause, which its group says already."""
        width = self.width() - 2
        least = self._names + self._addresses + grown(_LEAST_CAUSE)
        self.tree.setColumnHidden(2, least > width)
        free = max(0, width - least)
        self.tree.setColumnWidth(0, self._names + free // 3)
        self.tree.setColumnWidth(1, self._addresses + free // 3)

    def _measure(self) -> None:
        """The widest name and address on the list."""
        body, strong = QFontMetrics(font(Role.BODY)), QFontMetrics(font(Role.STRONG))
        side = 2 * (grown(Size.ICON) + Space.TIGHT) + Space.PAGE
        groups = {(one.reason, one.because) for one in self._actions}
        names = [body.horizontalAdvance(one.source.name) for one in self._actions]
        names += [strong.horizontalAdvance(self._cause(*group)) for group in groups]
        self._names = max(names, default=0) + side
        addresses = (body.horizontalAdvance(one.target.name) for one in self._actions)
        self._addresses = max(addresses, default=0) + Space.PAGE

    # --- rows ------------------------------------------------------------------------------------

    def _rebuild(self) -> None:
        self._model.clear()
        self._model.setHorizontalHeaderLabels(
            [self.tr("Person"), self.tr("GoTo account"), self.tr("Cause")]
        )
        wanted = self.search.text().strip().casefold()
        groups: dict[Cause, list[PlannedAction]] = {}
        for action in self._actions:
            if wanted in f"{action.source.name} {action.target.name}".casefold():
                groups.setdefault((action.reason, action.because), []).append(action)
        for cause, members in sorted(groups.items(), key=lambda group: -len(group[1])):
            self._append(cause, members, _STEP if wanted else self._shown.get(cause, _SHOWN))
        self.tree.expandAll()
        self.resizeEvent(None)
        self._fit()

    def _append(self, cause: Cause, members: Sequence[PlannedAction], shown: int) -> None:
        reason, because = cause
        head = QStandardItem(self._cause(reason, because))
        filtered = reason is Reason.FILTERED_OUT
        head.setData("funnel" if filtered else "users-round", CellRole.GLYPH)
        count = QStandardItem(self.tr("%Ln people", "", len(members)))
        for cell in (head, count):
            cell.setData(True, CellRole.STRONG)
        # One more row is no use: the row that offers it is as high.
        shown = len(members) if len(members) <= shown + 1 else shown
        for member in members[:shown]:
            head.appendRow(self._row(member))
        if len(members) > shown:
            more = QStandardItem(self.tr("Show %Ln more", "", len(members) - shown))
            more.setData(cause, _MORE)
            more.setData(Token.LINK.value, CellRole.TINT)
            head.appendRow([more, QStandardItem(""), QStandardItem("")])
        self._model.appendRow([head, count, QStandardItem("")])

    def _row(self, action: PlannedAction) -> list[QStandardItem]:
        person = QStandardItem(action.source.name or action.target.name)
        person.setData("user-round", CellRole.GLYPH)
        return [person, QStandardItem(action.target.name), QStandardItem(self._evidence(action))]

    def _evidence(self, action: PlannedAction) -> str:
        """What scoping found. The message would say that the account is disabled already."""
        if action.reason in _GONE:
            return self.tr("No other assignment")
        found = (step for step in action.steps if step.type is StepType.SCOPING)
        step = next(found, None)
        return "" if step is None else self._translator.render(step.description)

    def _cause(self, reason: Reason, because: str) -> str:
        words = {
            Reason.UNASSIGNED: self.tr("No longer assigned"),
            Reason.GROUP_UNASSIGNED: self.tr("{group} is no longer assigned"),
            Reason.LEFT_GROUP: self.tr("Left the group {group}"),
            Reason.DISABLED_IN_SOURCE: self.tr("Disabled in Entra"),
            Reason.DELETED_IN_SOURCE: self.tr("Deleted in Entra"),
            Reason.FILTERED_OUT: self.tr("Left the scoping filter “{group}”"),
            Reason.NOT_EFFECTIVELY_ENTITLED: self.tr("Only Default Access is left"),
            Reason.OUTSIDE_PILOT: self.tr("Not their turn yet"),
        }
        return words.get(reason, self.tr("Another cause")).format(group=because)

    def _clicked(self, index: QModelIndex) -> None:
        """A cause opens or closes; the last row of one shows more of it."""
        first = index.siblingAtColumn(0)
        cause = first.data(_MORE)
        if cause is not None:
            reason, because = cause
            key = (Reason(reason), str(because))
            self._shown[key] = self._shown.get(key, _SHOWN) + _STEP
            self._rebuild()
        elif first.isValid() and not first.parent().isValid():
            self.tree.setExpanded(first, not self.tree.isExpanded(first))

    def _fit(self) -> None:
        """Exactly as high as the rows on show."""
        rows = self._model.rowCount()
        for at in range(self._model.rowCount()):
            group = self._model.index(at, 0)
            if self.tree.isExpanded(group):
                rows += self._model.rowCount(group)
        header = self.tree.header().sizeHint().height()
        self.tree.setFixedHeight(header + rows * row_height(dense=False))
