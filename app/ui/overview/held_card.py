"""Removals that wait for a decision: the two answers, and who would lose what."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMessageBox,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.bridge.roles import CellRole
from app.domain.activity import CycleSummary, PlannedAction, Reason, StepType
from app.domain.texts import Translator
from app.ui import paint, wording
from app.ui.theme import Role, Space, Token, color
from app.ui.widgets import Button, Card, Label, SearchEdit, framed, set_up_table
from app.ui.widgets.card import Strip
from app.ui.widgets.delegates import row_height
from app.ui.widgets.lines import Glyph

_MOST_ROWS_SHOWN = 14


class HeldCard(Card):
    """The question, with the safe answer first."""

    released = Signal()
    kept = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0, edge=Token.WARNING)
        self._held = 0
        self._title = Label("", Role.TITLE, wrap=True)
        self._text = Label("", Role.BODY, wrap=True, rich=True)
        top = Strip(Token.WARNING_SUBTLE)
        top.row.setContentsMargins(20, Space.WIDE, 20, Space.WIDE)
        top.row.setSpacing(Space.WIDE)
        top.row.addWidget(Glyph("octagon-pause", Token.WARNING, 36), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Space.HAIR)
        words.addWidget(self._title)
        words.addWidget(self._text)
        top.row.addLayout(words, 1)
        self.release = Button("", kind="destructive")
        self.keep = Button(self.tr("Keep everyone"), kind="primary", glyph="shield-check")
        self.release.clicked.connect(self._ask)
        self.keep.clicked.connect(self.kept)
        answer = QHBoxLayout()
        answer.setContentsMargins(20, Space.MEDIUM, 20, Space.MEDIUM)
        answer.setSpacing(Space.MEDIUM)
        answer.addWidget(
            Label(
                self.tr(
                    "Keep everyone if this is a mistake: put the assignment right in Entra, then"
                    " sync. Release if these people should go: they lose their seat in a cycle"
                    " that starts now."
                ),
                Role.BODY,
                Token.TEXT2,
                wrap=True,
            ),
            1,
        )
        answer.addWidget(self.release)
        answer.addWidget(self.keep)
        self.body.addWidget(top)
        self.body.addLayout(answer)

    @property
    def sentence(self) -> str:
        """The question."""
        return self._title.text()

    def show_held(self, held: int, last: CycleSummary | None, limit: int | None) -> None:
        """How many, since when, and why they were held."""
        self._held = held
        self._title.setText(self.tr("%Ln removals are waiting for your decision", "", held))
        self.release.setText(self.tr("Release %Ln removals…", "", held))
        parts = []
        if last is not None:
            at = wording.clock_time(last.ended_at or last.started_at)
            if limit is not None:
                parts.append(
                    self.tr(
                        "The {time} cycle wanted to disable more accounts than your limit of"
                        " {limit} allows."
                    ).format(time=at, limit=limit)
                )
            else:
                parts.append(self.tr("The {time} cycle was held.").format(time=at))
        parts.append("<b>" + self.tr("Nobody has lost anything.") + "</b>")
        if last is not None:
            made = last.counts.created, last.counts.updated
            parts.append(
                self.tr("Its {creates} and {updates} were made.").format(
                    creates=self.tr("%Ln creates", "", made[0]),
                    updates=self.tr("%Ln updates", "", made[1]),
                )
            )
        self._text.setText(" ".join(parts))
        self.setAccessibleName(self._title.text())

    def _ask(self) -> None:
        box = QMessageBox(self.window())
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Release removals"))
        box.setText(self.tr("Disable %Ln accounts in GoTo now?", "", self._held))
        box.setInformativeText(
            self.tr("These people lose their seat. Their meetings and recordings stay.")
        )
        release = box.addButton(
            self.tr("Release %Ln removals", "", self._held), QMessageBox.ButtonRole.DestructiveRole
        )
        release.setProperty("kind", "destructive")
        safe = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(safe)
        box.setEscapeButton(safe)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        release.clicked.connect(self.released)
        box.open()


class _Tree(QTreeView):
    """Groups on a quiet ground, a hairline under each row from edge to edge."""

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


class HeldList(QWidget):
    """Who would lose GoToMeeting, grouped by cause."""

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._translator = translator
        self._model = QStandardItemModel(self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._proxy.setRecursiveFilteringEnabled(True)
        self._proxy.setFilterKeyColumn(-1)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = SearchEdit(self.tr("Search these people"))
        self.search.textChanged.connect(self._filter)
        self.tree = _Tree()
        self.tree.setModel(self._proxy)
        self.tree.setAccessibleName(self.tr("Who would lose GoToMeeting"))
        set_up_table(self.tree, lines=False)
        self.tree.setIndentation(16)
        head = QHBoxLayout()
        head.setSpacing(Space.TIGHT)
        head.addWidget(Label(self.tr("Who would lose GoToMeeting"), Role.SECTION))
        head.addWidget(Label(self.tr("grouped by cause"), Role.CAPTION, Token.TEXT2))
        head.addStretch(1)
        head.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.MEDIUM)
        column.addLayout(head)
        column.addWidget(framed(self.tree))

    def show_actions(self, actions: Sequence[PlannedAction]) -> None:
        """Replace the list."""
        self._model.clear()
        self._model.setHorizontalHeaderLabels(
            [self.tr("Person"), self.tr("GoTo account"), self.tr("Cause")]
        )
        groups: dict[tuple[Reason, str], list[PlannedAction]] = {}
        for action in actions:
            groups.setdefault((action.reason, action.because), []).append(action)
        for (reason, because), members in sorted(groups.items(), key=lambda g: -len(g[1])):
            head = QStandardItem(self._cause(reason, because))
            head.setData("users-round", CellRole.GLYPH)
            count = QStandardItem(self.tr("%Ln people", "", len(members)))
            for cell in (head, count):
                cell.setData(True, CellRole.STRONG)
            for member in members:
                head.appendRow(self._row(member))
            self._model.appendRow([head, count, QStandardItem("")])
        self.tree.expandAll()
        self.tree.setColumnWidth(0, 370)
        self.tree.setColumnWidth(1, 290)
        rows = min(_MOST_ROWS_SHOWN, len(actions) + len(groups))
        height = self.tree.header().sizeHint().height() + rows * row_height(dense=False) + 4
        self.tree.setMinimumHeight(height)

    def _row(self, action: PlannedAction) -> list[QStandardItem]:
        person = QStandardItem(action.source.name or action.target.name)
        person.setData("user-round", CellRole.GLYPH)
        return [person, QStandardItem(action.target.name), QStandardItem(self._evidence(action))]

    def _evidence(self, action: PlannedAction) -> str:
        """What scoping found. The message would say that the account is disabled already."""
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
            Reason.OUTSIDE_PILOT: self.tr("Outside the pilot"),
        }
        return words.get(reason, self.tr("Another cause")).format(group=because)

    def _filter(self, text: str) -> None:
        self._proxy.setFilterFixedString(text)
        self.tree.expandAll()
