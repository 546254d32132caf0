"""Assigning: search a person or a group, choose a role, give it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QTableView, QWidget

from app.bridge.roles import CellRole
from app.domain.assigning import Principal
from app.domain.errors import RollcallError
from app.domain.people import Application, PrincipalKind
from app.setup.assignees import real_roles
from app.setup.assigning import Done
from app.setup.cancel import Cancellation
from app.ui.states import State
from app.ui.widgets import Field, SearchEdit, StateLine, TwoLineDelegate, framed, set_up_table
from app.ui.widgets.rows import two_lines_height
from app.ui.wizard.change_dialog import ChangeDialog
from app.ui.wizard.page import Session
from app.ui.wizard.tables import Cell, RowsModel
from app.ui.wizard.work import Work

TYPED_PAUSE_MS = 300
ROWS_SHOWN = 4


class AssignDialog(ChangeDialog):
    """Stays open where it is refused, or where nothing was to be done."""

    assigned = Signal(object)
    """What was done: `setup.assigning.Done`."""

    def __init__(
        self, session: Session, application: Application, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, "", "", parent)
        title = self.tr("Assign a person or group to {application}")
        self.heading.setText(title.format(application=application.name))
        self.setWindowTitle(self.heading.text())
        self.act.setText(self.tr("&Assign"))
        self._application = application
        self._roles = real_roles(application)
        self._looking = Work(session.runner, self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPED_PAUSE_MS)
        self._typing.timeout.connect(self._look)
        self._build_search()
        self._build_role()
        self.give_letters()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_search(self) -> None:
        self.search = SearchEdit(self.tr("Beginning of a name or an address"))
        self.search.textChanged.connect(self._typed)
        self.search.installEventFilter(self)
        self.who = Field(self.tr("Person or group"), self.search)
        self.column.addWidget(self.who)
        self.model: RowsModel[Principal] = RowsModel((self.tr("Name"),), self._cells, self)
        self.results = QTableView()
        self.results.setModel(self.model)
        set_up_table(self.results, delegate=TwoLineDelegate(self.results))
        self.results.verticalHeader().setDefaultSectionSize(two_lines_height())
        self.results.horizontalHeader().hide()
        self.results.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.results.setAccessibleName(self.tr("People and groups found"))
        self.results.setFixedHeight(ROWS_SHOWN * two_lines_height())
        self.results.activated.connect(lambda _index: self.change())
        self.results.selectionModel().currentRowChanged.connect(lambda *_: self.who.set_error(""))
        self.column.addWidget(framed(self.results))
        self.found = StateLine(State.SKIPPED, self.tr("Type to search the directory."))
        self.column.addWidget(self.found)

    def _build_role(self) -> None:
        self.role = QComboBox()
        for one in self._roles:
            self.role.addItem(one.name, one.id)
        self.role_field = Field(
            self.tr("Role"),
            self.role,
            hint=self.tr("Default Access is not offered: it gives nobody an account."),
        )
        self.column.addWidget(self.role_field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow down leads from the search to what it found."""
        if (
            watched is self.search
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and self.model.rowCount()
        ):
            self.results.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)

    # --- searching -----------------------------------------------------------------------------

    def _typed(self, text: str) -> None:
        self.who.set_error("")
        self._looking.cancel()
        if text.strip():
            self._typing.start()
        else:
            self._typing.stop()
            self.model.set_rows(())
            self.found.show_state(State.SKIPPED, self.tr("Type to search the directory."))

    def _look(self) -> None:
        text = self.search.text().strip()
        desk = self.session.services.assignment_desk(self.session.flow.answers)

        async def looking(stop: Cancellation, _tell: object) -> Sequence[Principal]:
            return await desk.find(text, stop)

        self.found.show_state(State.RUNNING, self.tr("Searching…"))
        self._looking.start(looking, self._show_found, self._search_failed)

    def _show_found(self, found: Sequence[Principal]) -> None:
        self.model.set_rows(found)
        if found:
            self.results.selectRow(0)
            self.found.show_state(State.SUCCESS, self.tr("%Ln found", "", len(found)))
        else:
            nobody = self.tr("No person and no group begins with “{text}”.")
            self.found.show_state(State.SKIPPED, nobody.format(text=self.search.text().strip()))

    def _search_failed(self, error: RollcallError) -> None:
        self.found.show_state(State.SKIPPED, self.tr("Nothing could be searched."))
        self.fail(error)

    def _cells(self, one: Principal) -> Sequence[Cell]:
        if one.kind is PrincipalKind.GROUP:
            glyph = "users-round"
            facts = [self.tr("Group")]
            if not one.security_enabled:
                facts.append(self.tr("not a security group"))
        else:
            glyph = "user-round"
            guest = "#EXT#" in one.address
            facts = [self.tr("Guest") if guest else self.tr("Person")]
            if not one.enabled:
                facts.append(self.tr("disabled in Entra"))
        address = one.mail if "#EXT#" in one.address and one.mail else one.address
        second = " · ".join(part for part in (address, *facts) if part)
        return (Cell(one.name, {CellRole.GLYPH: glyph, CellRole.SECOND_LINE: second}, second),)

    # --- assigning -----------------------------------------------------------------------------

    def change(self) -> None:
        """Give the chosen role to whoever is selected."""
        if self._typing.isActive() or self._looking.running:
            return  # The list is not yet the one of what was typed.
        at = self.results.currentIndex()
        if not at.isValid() or not self.model.rowCount():
            self.who.set_error(self.tr("Choose a person or a group from the list."))
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.deed.running:
            return
        principal, role = self.model.row_at(at.row()), self._roles[self.role.currentIndex()]
        desk = self.session.services.assignment_desk(self.session.flow.answers)
        application = self._application

        async def assign(stop: Cancellation) -> Done:
            return await desk.assign(application, principal, role, stop)

        words = self.tr("Assigning {name}…").format(name=principal.name)
        self.begin(words, assign, self._assigned)

    def _assigned(self, done: Done) -> None:
        if done.assigned.already:
            words = self.tr("{name} has the role {role} already.")
            self.say(
                State.INFO,
                words.format(name=done.principal.name, role=done.role.name),
                self.tr("Nothing was changed."),
            )
            return
        self.assigned.emit(done)
        self.accept()

    def done(self, result: int) -> None:
        """Closed; nobody waits for the search any more."""
        self._typing.stop()
        self._looking.cancel()
        super().done(result)
