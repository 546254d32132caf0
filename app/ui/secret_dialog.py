"""Puts a new secret into the keyring: the way out of refused credentials."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import paint
from app.ui.secret_words import new_one, replace_word
from app.ui.states import State
from app.ui.theme import Role, Space, Token, grown
from app.ui.widgets import Button, Field, Label, Note, SecretEdit


class SecretDialog(QDialog):
    """One field for each secret in question; what is left empty stays as it is."""

    replaced = Signal(object)
    """The new values by name."""

    def __init__(
        self,
        names: Sequence[str],
        organisation: str,
        *,
        practice: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(replace_word(names).rstrip("…"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(grown(520), 0)
        self.note = Note()
        self.note.hide()
        self.fields = {name: self._field(name) for name in names}
        self.cancel = Button(self.tr("&Cancel"))
        self.accept_button = Button(self.tr("&Replace and sync now"), kind="primary")
        self.accept_button.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self._replace)
        words = (
            self.tr("Practice tenant: any value will do, the old credentials are renewed.")
            if practice
            else self.tr("It goes into the keyring, never into the profile or a log.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.PAGE)
        column.setSpacing(Space.WIDE)
        column.addWidget(Label(new_one(names, organisation), Role.SECTION, wrap=True))
        column.addWidget(self.note)
        for field in self.fields.values():
            column.addWidget(field)
        column.addWidget(Label(words, Role.BODY, wrap=True))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.accept_button)
        column.addLayout(row)

    def _field(self, name: str) -> Field:
        labels = {
            "source.client_secret": (
                self.tr("Client &secret"),
                self.tr("The value of a new one, made in Entra under App registrations."),
            ),
            "source.certificate": (
                self.tr("&Certificate"),
                self.tr("PEM with its private key, or a PFX file in base64; without a password."),
            ),
            "target.password": (self.tr("Admin &password"), ""),
            "target.token": (
                self.tr("Personal access &token"),
                self.tr("A new one from myaccount.goto.com."),
            ),
        }
        label, hint = labels.get(name, (name, ""))
        field = Field(label, SecretEdit(), hint=hint)
        if isinstance(field.control, SecretEdit):
            field.control.textEdited.connect(lambda _text: field.set_error(""))
        return field

    def paintEvent(self, event: QPaintEvent) -> None:
        """An edge, where the platform draws none."""
        super().paintEvent(event)
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), 0, None, Token.CONTROL)
        painter.end()

    def values(self) -> dict[str, str]:
        """What was typed, by name."""
        found = {}
        for name, field in self.fields.items():
            if isinstance(field.control, SecretEdit) and field.control.text():
                found[name] = field.control.text()
        return found

    def show_busy(self) -> None:
        """The keyring may wait for a person."""
        self.note.show_message(State.RUNNING, self.tr("Waiting for the keyring…"))
        self.note.show()
        self.accept_button.setEnabled(False)

    def show_failure(self, title: str, advice: str) -> None:
        """It was not kept."""
        self.note.show_message(State.FAILURE, title, advice)
        self.note.show()
        self.accept_button.setEnabled(True)

    def _replace(self) -> None:
        values = self.values()
        if not values:
            first = next(iter(self.fields.values()))
            first.set_error(self.tr("Type the new value."))
            first.control.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.replaced.emit(values)
