"""Step 3: the enterprise application, and who is assigned to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QSizePolicy,
    QTableView,
    QWidget,
)

from app.bridge.roles import CellRole
from app.domain.people import Application
from app.setup.assignees import real_roles
from app.setup.assignment_table import (
    AssignmentFacts,
    AssignmentRow,
    AssignmentTable,
    PrincipalType,
    build_table,
)
from app.setup.cancel import Cancellation
from app.setup.draft import Step
from app.ui.icons import icon
from app.ui.states import LOOKS, State
from app.ui.theme import Role, Space, Token, grown
from app.ui.widgets import (
    Button,
    CheckBox,
    EmptyState,
    Field,
    FlowLayout,
    IconButton,
    Label,
    SearchEdit,
    StateLine,
    framed,
    set_up_table,
)
from app.ui.widgets.delegates import CellDelegate
from app.ui.widgets.reflow import ReflowRow
from app.ui.wizard.assignment_changes import AssignmentChanges
from app.ui.wizard.assignment_columns import AssignmentColumns
from app.ui.wizard.one_person import OnePersonNote
from app.ui.wizard.page import Page, Session, focus
from app.ui.wizard.speech import number
from app.ui.wizard.tables import Cell, RowsModel

TYPED_PAUSE_MS = 400
ROWS_SHOWN = 8


class AssignmentPage(Page):
    """Choose the application; the table answers who gets an account and who does not."""

    step = Step.ASSIGNMENT

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.set_heading(
            self.tr("Application & assignment"),
            self.tr(
                "Choose the enterprise application in Entra. The people and groups assigned to it "
                "get a GoToMeeting account if their role is a real one; Default Access does not "
                "count."
            ),
        )
        self.table: AssignmentTable | None = None
        self._build_application()
        self._build_advice()
        self._build_changes()
        self._build_table()
        self._build_totals()
        for key in (QKeySequence("F5"), QKeySequence("Ctrl+R")):
            QShortcut(key, self, self.refresh)

    # --- building ----------------------------------------------------------------------------

    def _build_application(self) -> None:
        self.application = QComboBox()
        self.application.setEditable(True)
        self.application.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.application.setMinimumWidth(240)
        edit = self.application.lineEdit()
        completer = QCompleter(self.application.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.application.setCompleter(completer)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPED_PAUSE_MS)
        self._typing.timeout.connect(self._search_applications)
        if edit is not None:
            edit.setPlaceholderText(self.tr("Type the name of the application"))
            edit.textEdited.connect(lambda _text: self._typing.start())
        self.application.activated.connect(lambda _index: self._chosen())
        self.found = StateLine(State.SUCCESS, "")
        self.found.hide()
        self.found.setMinimumHeight(self.application.sizeHint().height())
        made = self.add_field(
            "application_id", Field(self.tr("Enterprise application"), self.application)
        )
        made.add_beside(self.found)
        self.application.setMaximumWidth(grown(380))
        self.content.addWidget(made)

    def _build_advice(self) -> None:
        self.advice = OnePersonNote(self.session)
        self.person, self.start_with = self.advice.person, self.advice.start_with
        self.advice.changed.connect(self._one_person_changed)
        self.content.addWidget(self.advice)

    def _build_changes(self) -> None:
        self.changes = AssignmentChanges(self.session)
        self.changes.changed.connect(self.refresh)
        self.changes.reshaped.connect(self.changed)
        self.changes.left.connect(self._take_focus_back)
        self.content.addWidget(self.changes)

    def _build_table(self) -> None:
        head = self.head = ReflowRow()
        head.add(Label(self.tr("Who is assigned"), Role.SECTION))
        head.add_stretch()
        self.search = SearchEdit(self.tr("Search people and groups"))
        self.search.textChanged.connect(self._filter)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        self.unassign = IconButton("user-x", self.tr("Unassign"), shortcut="Del")
        self.unassign.clicked.connect(self._ask_to_unassign)
        self.assign = Button(self.tr("Assign…"), glyph="user-plus")
        self.assign.clicked.connect(self.changes.assign)
        self.reload = Button(self.tr("Refresh"), glyph="refresh-cw")
        self.reload.clicked.connect(self.refresh)
        for widget in (self.search, self.unassign, self.assign, self.reload):
            head.add(widget)
        self.content.addWidget(self.head)
        self.model: RowsModel[AssignmentRow] = RowsModel(
            (
                self.tr("Name"),
                self.tr("Type"),
                self.tr("Role"),
                self.tr("Gets a GoToMeeting account"),
            ),
            self._cells,
            self,
        )
        self.view = QTableView()
        self.view.setModel(self.model)
        set_up_table(self.view, delegate=CellDelegate(self.view))
        self.view.setAccessibleName(self.tr("Who is assigned"))
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._offer_to_unassign())
        self.model.modelReset.connect(self._offer_to_unassign)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.view)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._ask_to_unassign)
        AssignmentColumns(self.view).turned.connect(self._fit_table)
        self.card = framed(self.view)
        self.content.addWidget(self.card, 1)
        self.nobody = EmptyState("users", "", self.tr("Refresh"))
        self.nobody.button.clicked.connect(self.refresh)
        self.content.addWidget(self.nobody)

    def _build_totals(self) -> None:
        self.total = Label("", Role.BODY, rich=True)
        self.once = Label("", Role.BODY, Token.TEXT2)
        self.left_out = StateLine(State.SKIPPED, "")
        self.nested = CheckBox()
        self.nested.toggled.connect(self._nested_toggled)
        counts = QWidget()
        flow = FlowLayout(counts, spacing=Space.WIDE)
        for part in (self.total, self.once, self.left_out):
            flow.addWidget(part)
        row = self.totals = ReflowRow(spacing=Space.WIDE)
        row.add(counts, 1, Qt.AlignmentFlag.AlignVCenter)
        row.add(self.nested)
        self.content.addWidget(self.totals)

    # --- hooks -------------------------------------------------------------------------------

    def enter(self) -> None:
        """Show what is known; ask for what is not."""
        self.nested.blockSignals(True)
        self.nested.setChecked(self.session.draft.nested_groups)
        self.nested.blockSignals(False)
        facts, chosen = self.session.facts, self.session.draft.application_id
        if facts is not None and facts.application.id == chosen:
            self._show_applications(self.session.applications)
            self._show_facts(facts)
        elif self.session.applications:
            self._show_applications(self.session.applications)
            self._show_nothing()
            self._chosen()
        else:
            self._show_nothing()
            self._list_applications()

    def collect(self) -> None:
        """Choices are taken as they are made."""

    def first_field(self) -> QWidget:
        """The application."""
        return self.application

    # --- applications ------------------------------------------------------------------------

    def _list_applications(self) -> None:
        answers, services = self.session.flow.answers, self.session.services

        async def listing(stop: Cancellation, _tell: object) -> Sequence[Application]:
            return await services.search_applications(answers, "", stop)

        def listed(found: Sequence[Application]) -> None:
            self.session.applications = found
            self._show_applications(found)
            self._chosen()

        self.show_busy(self.tr("Reading the applications…"))
        self.work.start(listing, listed, self.show_error)

    def _search_applications(self) -> None:
        text = self.application.currentText().strip()
        if not text or self.application.findText(text, Qt.MatchFlag.MatchContains) >= 0:
            return
        answers, services = self.session.flow.answers, self.session.services

        async def searching(stop: Cancellation, _tell: object) -> Sequence[Application]:
            return await services.search_applications(answers, text, stop)

        def found(applications: Sequence[Application]) -> None:
            known = {one.id for one in self.session.applications}
            fresh = [one for one in applications if one.id not in known]
            self.session.applications = [*self.session.applications, *fresh]
            self._show_applications(self.session.applications, typed=text)
            if fresh:
                self.application.showPopup()
            else:
                self.fields["application_id"].set_error(
                    self.tr("No enterprise application begins with “{text}”.").format(text=text)
                )

        self.show_busy(self.tr("Searching the applications…"))
        self.work.start(searching, found, self.show_error)

    def _show_applications(self, found: Sequence[Application], typed: str = "") -> None:
        self.application.clear()
        for one in found:
            self.application.addItem(icon("app-window", Token.TEXT2), one.name, one.id)
        chosen = self.session.draft.application_id or _likely(found)
        at = self.application.findData(chosen)
        self.application.setCurrentIndex(at if not typed else -1)
        if typed:
            self.application.setEditText(typed)
        else:
            self._take_choice()

    def _take_choice(self) -> bool:
        """What is shown as chosen is the answer; nothing is chosen only for the eye."""
        key = str(self.application.currentData() or "")
        if not key:
            return False
        self.fields["application_id"].set_error("")
        flow = self.session.flow
        if flow.draft.application_id != key:
            flow.answer(pilot="", pilot_name="", one_person_first=False)
        flow.answer(application_id=key, application_name=self.application.currentText())
        return True

    def _chosen(self) -> None:
        if self._take_choice():
            self.refresh()
        else:
            self._show_nothing()

    # --- assignments -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask who is assigned; the old table stays until the answer is there."""
        if not self.session.draft.application_id:
            return
        answers, services = self.session.flow.answers, self.session.services

        async def load(stop: Cancellation, tell: Callable[[object], None]) -> AssignmentFacts:
            return await services.load_assignments(answers, tell, stop)

        def loaded(read: AssignmentFacts) -> None:
            facts = self.session.facts = self.changes.as_changed(read)
            self.session.review = self.session.preview = None
            self.clear_errors()
            self._show_facts(facts)
            self.changed.emit()

        self.show_busy(self.tr("Reading who is assigned…"))
        self.work.start(load, loaded, self.show_error, self._count)

    def _count(self, people: object) -> None:
        if isinstance(people, int):
            self.show_busy(self.tr("{count} people so far…").format(count=number(people)))

    def _show_nothing(self) -> None:
        self.table = None
        self.changes.show_facts(None)
        for widget in (
            self.advice,
            self.changes,
            self.head,
            self.card,
            self.nobody,
            self.totals,
            self.found,
        ):
            widget.hide()

    def _show_facts(self, facts: AssignmentFacts) -> None:
        self.table = build_table(facts, nested_groups=self.session.draft.nested_groups)
        roles = len(real_roles(facts.application))
        assigned = self.tr("%Ln assignments", "", len(facts.assignments))
        to_give = self.tr("%Ln roles", "", roles)
        self.found.show_state(
            State.SUCCESS if facts.assignments and roles else State.WARNING,
            f"{assigned}, {to_give}",
        )
        self.model.set_rows(self.table.rows)
        self._filter()
        anybody = bool(self.table.rows)
        self.found.show()
        self.changes.show_facts(facts)
        self.assign.setEnabled(self.changes.may_assign)
        self.head.show()
        for widget in (self.search, self.unassign, self.card, self.totals):
            widget.setVisible(anybody)
        self.nobody.setVisible(not anybody)
        nobody = self.tr("Nobody is assigned to {application}.")
        self.nobody.show_message(
            "users", nobody.format(application=facts.application.name), self.tr("Refresh")
        )
        self.advice.show_people(self.table.candidates)
        self._show_totals(self.table)
        self._fit_table()

    def _fit_table(self) -> None:
        rows = len(self.table.rows) if self.table is not None else 0
        height = self.view.verticalHeader().defaultSectionSize()
        header = self.view.horizontalHeader().sizeHint().height()
        shown = max(2, min(rows, ROWS_SHOWN))
        self.view.setMinimumHeight(header + height * shown)
        self.view.setMaximumHeight(header + height * max(2, rows))

    def _one_person_changed(self) -> None:
        if self.table is not None:
            self._show_totals(self.table)

    def _nested_toggled(self, on: bool) -> None:
        self.session.flow.answer(nested_groups=on)
        self.session.review = self.session.preview = None
        if self.session.facts is not None:
            self._show_facts(self.session.facts)
        self.changed.emit()

    def _show_totals(self, table: AssignmentTable) -> None:
        entitled = len(table.entitled)
        words = (
            self.tr("<b>1</b> person will be provisioned")
            if entitled == 1
            else self.tr("<b>{count}</b> people will be provisioned")
        )
        if self.session.draft.one_person_first and entitled > 1:
            words = self.tr("<b>1</b> person first, {count} after that")
            entitled -= 1
        twice = sum(row.count for row in table.rows) - len(table.entitled)
        self.total.setText(words.format(count=number(entitled)))
        self.once.setText(self.tr("%Ln are assigned twice", "", twice))
        self.once.setVisible(twice > 0)
        self.left_out.show_state(
            State.SKIPPED,
            self.tr("{count} will not, with the reason above").format(count=number(table.left_out)),
        )
        self.left_out.setVisible(table.left_out > 0)
        self.nested.setText(
            self.tr("Count nested groups (adds {count} people)").format(
                count=number(table.nested_extra)
            )
        )
        self.nested.setVisible(table.nested_extra > 0 or self.nested.isChecked())

    def _filter(self) -> None:
        wanted = self.search.text().strip().casefold()
        self.model.set_filter(
            (lambda row: wanted in row.name.casefold() or wanted in row.role.casefold())
            if wanted
            else None
        )

    def _cells(self, row: AssignmentRow) -> Sequence[Cell]:
        say = self.session.speech.say
        glyph = "users-round" if row.type is PrincipalType.GROUP else "user-round"
        kind = say(row.type_text)
        return (
            Cell(row.name, {CellRole.GLYPH: glyph, CellRole.SECOND_LINE: f"{kind} · {row.role}"}),
            Cell(kind),
            Cell(row.role),
            Cell(
                say(row.answer),
                {
                    CellRole.STATE: row.status.value,
                    CellRole.TINT: LOOKS[State(row.status)].token.value,
                },
            ),
        )

    # --- changes -----------------------------------------------------------------------------

    def _offer_to_unassign(self) -> None:
        self.unassign.setEnabled(self._selected() is not None)

    def _selected(self) -> AssignmentRow | None:
        rows = self.view.selectionModel().selectedRows()
        return self.model.row_at(rows[0].row()) if rows else None

    def _ask_to_unassign(self) -> None:
        row = self._selected()
        if row is not None:
            self.changes.ask(row.assignment)

    def _take_focus_back(self) -> None:
        focus(self.view if self.view.isVisibleTo(self) else self.assign)


def _likely(found: Sequence[Application]) -> str:
    """The application that is probably meant: the first whose name begins with GoTo."""
    named = [one for one in found if one.name.casefold().startswith("goto")]
    if named:
        return named[0].id
    return found[0].id if len(found) == 1 else ""
