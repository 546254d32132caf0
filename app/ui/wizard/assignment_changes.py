"""What is said above the table of assignments: no role yet, a question, an outcome with Undo."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtCore import Qt, Signal

from app.domain.assigning import AddedRole, Assigned
from app.domain.errors import PermissionMissing, RollcallError, ServiceError
from app.domain.people import Assignment
from app.setup.assignees import Removal, name_of, real_roles, removal_of
from app.setup.assigning import AssignmentDesk, Done
from app.setup.assignment_table import AssignmentFacts
from app.setup.cancel import Cancellation
from app.ui.error_words import error_words
from app.ui.states import State
from app.ui.widgets import Button, Note
from app.ui.wizard.assign_dialog import AssignDialog
from app.ui.wizard.change_dialog import SignInDialog
from app.ui.wizard.page import Session, reveal
from app.ui.wizard.role_dialog import RoleDialog
from app.ui.wizard.work import Work

Result = TypeVar("Result")


class AssignmentChanges(Note):
    """Changes who is assigned, one thing at a time; the last one can be undone."""

    changed = Signal()
    """The directory has to be read again."""
    reshaped = Signal()
    """Other buttons: they have no letters yet."""
    left = Signal()
    """The focus stood on a button that is gone."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._facts: AssignmentFacts | None = None
        self._outcome = False
        """What is shown is the outcome of a change: it stays until the next one."""
        self._awaited = ""
        """The assignment made last."""
        self._gone: set[str] = set()
        """Assignments that were taken away here; lists may show them for some minutes more."""
        self.work = Work(session.runner, self)
        self.hide()

    def as_changed(self, facts: AssignmentFacts) -> AssignmentFacts:
        """What was read, without what was taken away here a moment ago."""
        left = tuple(one for one in facts.assignments if one.id not in self._gone)
        return replace(facts, assignments=left)

    def show_facts(self, facts: AssignmentFacts | None) -> None:
        """Other facts; an application without a role to give is explained."""
        other = (
            self._facts is None
            or facts is None
            or facts.application.id != (self._facts.application.id)
        )
        self._facts = facts
        if other:
            self._outcome = False
        if self._outcome or self.work.running:
            self._drop_late(facts)
            return
        self.clear_actions()
        self.hide()
        if facts is not None and not real_roles(facts.application):
            self._offer_role(facts)

    def _drop_late(self, facts: AssignmentFacts | None) -> None:
        """The list shows what it was said to show later."""
        shown = facts is not None and any(one.id == self._awaited for one in facts.assignments)
        if shown and self.state is State.SUCCESS:
            self.show_message(State.SUCCESS, self.title)

    @property
    def may_assign(self) -> bool:
        """There is a role to give."""
        return self._facts is not None and bool(real_roles(self._facts.application))

    # --- assigning and roles -------------------------------------------------------------------

    def assign(self) -> None:
        """Open the search."""
        if self._facts is None:
            return
        dialog = AssignDialog(self._session, self._facts.application, self.window())
        dialog.assigned.connect(self._assigned)
        dialog.open()

    def create_role(self) -> None:
        """Open the form of a new role."""
        if self._facts is None:
            return
        dialog = RoleDialog(self._session, self._facts.application, self.window())
        dialog.made.connect(self._made)
        dialog.open()

    def _offer_role(self, facts: AssignmentFacts) -> None:
        words = self.tr("{application} has no role to give, only Default Access")
        self.show_message(
            State.WARNING,
            words.format(application=facts.application.name),
            self.tr(
                "Default Access gives nobody an account. Create a role, then assign people and "
                "groups with it."
            ),
        )
        create = self.add_button(self.tr("Create a role…"), glyph="plus")
        create.clicked.connect(self.create_role)
        create.show()
        self.show()
        self.reshaped.emit()

    def _made(self, added: AddedRole) -> None:
        words = self.tr("The role {role} was created").format(role=added.role.name)
        text = (
            self.tr("Assign people and groups with it now.")
            if added.ready
            else self.tr("Microsoft needs some minutes until it can be assigned.")
        )
        self._say(State.SUCCESS, words, text)
        self.left.emit()
        self.changed.emit()

    def _assigned(self, done: Done) -> None:
        words = self.tr("{name} has the role {role} now")
        warnings = " ".join(self._session.speech.say(one) for one in done.warnings)
        self._say(
            State.WARNING if warnings else State.SUCCESS,
            words.format(name=done.principal.name, role=done.role.name),
            warnings or self._late(),
        )
        self._awaited = done.assigned.assignment.id
        self._offer_undo(lambda: self._take_back(done.assigned.assignment))
        self.changed.emit()

    # --- taking away ---------------------------------------------------------------------------

    def ask(self, assignment: Assignment) -> None:
        """What would follow from taking it away; nothing is done before it is confirmed."""
        facts = self._facts
        if facts is None or self.work.running:
            return
        rules = self._desk().rules
        removal = removal_of(facts, assignment, rules)
        question = self.tr("Take the role {role} from {name}?")
        self._say(
            State.WARNING,
            question.format(role=removal.role.name, name=name_of(facts, assignment)),
            self._session.speech.say(removal.follows),
        )
        keep = self.add_button(self.tr("Keep"))
        take = self.add_button(self.tr("Unassign"), kind="destructive", glyph="user-x")
        keep.clicked.connect(self._dismiss)
        take.clicked.connect(lambda: self._unassign(facts, removal))
        self._lead_to(take)
        reveal(self)

    def _unassign(self, facts: AssignmentFacts, removal: Removal) -> None:
        desk = self._desk()
        name = name_of(facts, removal.assignment)

        async def unassign(stop: Cancellation) -> bool:
            return await desk.unassign(facts.application, removal.assignment, stop)

        def unassigned(gone: bool) -> None:
            self._gone.add(removal.assignment.id)
            words = self.tr("{name} no longer has the role {role}")
            self._say(
                State.SUCCESS,
                words.format(name=name, role=removal.role.name),
                self._session.speech.say(removal.follows),
            )
            if gone:
                self._offer_undo(lambda: self._give_back(removal))
            self.changed.emit()

        self._do(self.tr("Taking the assignment of {name} away…").format(name=name), unassign,
                 unassigned)  # fmt: skip

    # --- undo ----------------------------------------------------------------------------------

    def _offer_undo(self, undo: Callable[[], None]) -> None:
        button = self.add_button(self.tr("Undo"), glyph="undo-2")
        button.clicked.connect(undo)
        self._lead_to(button)

    def _take_back(self, assignment: Assignment) -> None:
        facts, desk = self._facts, self._desk()
        if facts is None:
            return

        async def unassign(stop: Cancellation) -> bool:
            return await desk.unassign(facts.application, assignment, stop)

        def undone(_gone: bool) -> None:
            self._gone.add(assignment.id)
            self._undone()

        self._do(self.tr("Undoing…"), unassign, undone)

    def _give_back(self, removal: Removal) -> None:
        facts, desk = self._facts, self._desk()
        if facts is None:
            return

        async def assign(stop: Cancellation) -> Assigned:
            return await desk.assign_again(facts.application, removal.assignment, stop)

        def undone(assigned: Assigned) -> None:
            self._undone(self._late())
            self._awaited = assigned.assignment.id

        self._do(self.tr("Undoing…"), assign, undone)

    def _undone(self, text: str = "") -> None:
        self._say(State.SUCCESS, self.tr("Undone"), text)
        self.left.emit()
        self.changed.emit()

    # --- every change --------------------------------------------------------------------------

    def _desk(self) -> AssignmentDesk:
        return self._session.services.assignment_desk(self._session.flow.answers)

    def _do(
        self,
        words: str,
        deed: Callable[[Cancellation], Coroutine[Any, Any, Result]],
        done: Callable[[Result], None],
    ) -> None:
        async def run(stop: Cancellation, _tell: object) -> Result:
            return await deed(stop)

        self._say(State.RUNNING, words)
        self.left.emit()
        self.work.start(run, done, self._failed)

    def _failed(self, error: RollcallError) -> None:
        request = error.request_id if isinstance(error, ServiceError) else None
        asked = self.tr("request {id}").format(id=request) if request else ""
        facts = (type(error).__name__, asked)
        words = error_words(self._session.speech.say, error.text, error.advice, facts)
        by_person = self._session.draft.source_sign_in.by_person
        if isinstance(error, PermissionMissing) and by_person:
            self._say(State.FAILURE, words.title, "", words.details)
            again = self.add_button(self.tr("Sign in…"))
            again.clicked.connect(self._sign_in)
            self._lead_to(again)
        else:
            self._say(State.FAILURE, words.title, words.advice, words.details)
        reveal(self)

    def _sign_in(self) -> None:
        dialog = SignInDialog(self._session, self.window())
        dialog.signed_in.connect(self._dismiss)
        dialog.open()

    def _late(self) -> str:
        return self.tr("The list below may show it some minutes later.")

    def _say(self, state: State, title: str, text: str = "", details: str = "") -> None:
        self._outcome = True
        self._awaited = ""
        self.clear_actions()
        self.show_message(state, title, text, details)
        self.show()

    def _lead_to(self, button: Button) -> None:
        """Enter presses it now; what is not shown yet would not get the focus."""
        for one in self.findChildren(Button):
            if one.parentWidget() is button.parentWidget():
                one.show()
        button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reshaped.emit()

    def _dismiss(self) -> None:
        self._outcome = False
        self.show_facts(self._facts)
        self.left.emit()
