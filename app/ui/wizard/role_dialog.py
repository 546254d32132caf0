"""Making a role, for an application that has none that gives an account."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.assigning import AddedRole, RoleDraft
from app.domain.errors import ConfigurationError, RollcallError
from app.domain.people import Application
from app.setup.assignees import SUGGESTED_ROLE
from app.setup.cancel import Cancellation
from app.ui.widgets import Field
from app.ui.wizard.change_dialog import ChangeDialog
from app.ui.wizard.page import Session


class RoleDialog(ChangeDialog):
    """The name is there already; what is wrong with it stands beside it."""

    made = Signal(object)
    """The new role: `domain.assigning.AddedRole`."""

    def __init__(
        self, session: Session, application: Application, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, "", "", parent)
        title = self.tr("Create a role for {application}")
        self.heading.setText(title.format(application=application.name))
        self.setWindowTitle(self.heading.text())
        self.act.setText(self.tr("C&reate"))
        self._application = application
        self.name, self.value = QLineEdit(SUGGESTED_ROLE), QLineEdit()
        self.fields = {
            "name": Field(
                self.tr("Name"),
                self.name,
                hint=self.tr("As administrators see it when they assign somebody."),
            ),
            "value": Field(
                self.tr("Value"),
                self.value,
                hint=self.tr("Without blanks; leave it empty and it is made from the name."),
            ),
        }
        for field, edit in zip(self.fields.values(), (self.name, self.value), strict=True):
            edit.textEdited.connect(lambda _text, field=field: field.set_error(""))
            self.column.addWidget(field)
        self.give_letters()
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def change(self) -> None:
        """Make it."""
        if self.deed.running:
            return
        draft = RoleDraft(self.name.text(), self.value.text())
        desk = self.session.services.assignment_desk(self.session.flow.answers)
        application = self._application

        async def make(stop: Cancellation) -> AddedRole:
            return await desk.add_role(application, draft, stop)

        self.begin(self.tr("Creating the role…"), make, self._made)

    def fail(self, error: RollcallError) -> None:
        """A wrong name or value is said at its field."""
        field = self.fields.get(error.key) if isinstance(error, ConfigurationError) else None
        if field is None:
            super().fail(error)
            return
        self._rest()
        say = self.session.speech.say
        field.set_error(" ".join((say(error.text), say(error.advice))).strip())
        field.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _made(self, added: AddedRole) -> None:
        self.made.emit(added)
        self.accept()
