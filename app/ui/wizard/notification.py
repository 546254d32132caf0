"""Step 6: who is told by mail when something fails."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import RollcallError
from app.setup.cancel import Cancellation
from app.setup.draft import SMTP_PASSWORD, Step
from app.setup.flow import is_mail_address
from app.ui.states import State
from app.ui.theme import Role, Space, grown
from app.ui.widgets import Button, CheckBox, Field, FlowLayout, Label, StateLine
from app.ui.widgets.fields import FIELD_WIDTH
from app.ui.wizard.page import Session
from app.ui.wizard.sign_in_form import SignInPage


class _AddressEdit(QLineEdit):
    """Enter, comma and blank finish an address; Enter in an empty field is Next's."""

    def __init__(self, finish: Callable[[], bool]) -> None:
        super().__init__()
        self._finish = finish

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Finish the address with the keys people use between two."""
        between = event.text() in (",", ";", " ")
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if between or (enter and self.text().strip()):
            self._finish()
            event.accept()
            return
        super().keyPressEvent(event)


class AddressBox(QWidget):
    """Addresses as chips that can be taken away, and a field for one more."""

    refused = Signal(str)
    """What was typed is no address."""
    typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.edit = _AddressEdit(self.take)
        self.edit.setPlaceholderText(self.tr("name@company.com"))
        self.edit.setMaximumWidth(grown(FIELD_WIDTH))
        self.edit.textEdited.connect(lambda _text: self.typed.emit())
        self.setFocusProxy(self.edit)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips)
        self._addresses: list[str] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT)
        column.addWidget(self.edit)
        column.addWidget(self._chips)
        self._chips.hide()

    def addresses(self) -> tuple[str, ...]:
        """All addresses; one still being typed counts."""
        typed = self.edit.text().strip()
        return (*self._addresses, typed) if typed else tuple(self._addresses)

    def set_addresses(self, addresses: tuple[str, ...]) -> None:
        """Show these."""
        self._addresses = list(addresses)
        self.edit.clear()
        self._show()

    def take(self) -> bool:
        """Make a chip of what was typed, if it is an address."""
        typed = self.edit.text().strip()
        if not typed:
            return False
        if not is_mail_address(typed):
            self.refused.emit(typed)
            return False
        if typed not in self._addresses:
            self._addresses.append(typed)
        self.edit.clear()
        self._show()
        return True

    def _show(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for address in self._addresses:
            chip = Button(address.replace("&", "&&"), small=True, trailing="x")
            chip.setAccessibleName(self.tr("Remove {address}").format(address=address))
            chip.clicked.connect(lambda _checked=False, address=address: self._remove(address))
            self._flow.addWidget(chip)
            chip.show()
        self._chips.setVisible(bool(self._addresses))

    def _remove(self, address: str) -> None:
        self._addresses.remove(address)
        self._show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)


class NotificationPage(SignInPage):
    """Addresses, the check box, the mail server, and a mail to try it."""

    step = Step.NOTIFICATION

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.set_heading(
            self.tr("Notification"),
            self.tr(
                "Rollcall works unattended. When a cycle fails, removals wait for a decision or a "
                "secret is about to expire, it writes to these addresses."
            ),
        )
        self.addresses = AddressBox()
        self.content.addWidget(
            self.add_field(
                "addresses",
                Field(
                    self.tr("Notification e-mail"),
                    self.addresses,
                    hint=self.tr("A shared mailbox outlives holidays. Enter adds one more."),
                ),
            )
        )
        self.addresses.refused.connect(self._no_address)
        self.addresses.typed.connect(lambda: self.fields["addresses"].set_error(""))
        self.on_failure = CheckBox(self.tr("&Mail me when something fails"))
        self.on_failure.toggled.connect(lambda _on: self._show_server())
        self.add_below(self.on_failure)
        self._build_server()
        self._build_test()

    def _build_server(self) -> None:
        self.server_title = Label(self.tr("Mail server"), Role.SECTION)
        self.content.addWidget(self.server_title)
        self.host = self.line(
            "smtp_host",
            self.tr("Server"),
            hint=self.tr("For instance smtp.company.com"),
        )
        self.security = self.choice(
            "smtp_security",
            self.tr("Connection"),
            (
                ("starttls", self.tr("STARTTLS")),
                ("tls", self.tr("TLS")),
                ("none", self.tr("Unprotected")),
            ),
        )
        self.port = self.line("smtp_port", self.tr("Port"))
        self.port.setValidator(QIntValidator(1, 65535, self.port))
        self.port.setMaximumWidth(grown(120))
        self.security.changed.connect(self._suggest_port)
        self.sent_from = self.line("smtp_from", self.tr("Sender"))
        self.user = self.line(
            "smtp_user_name",
            self.tr("User name"),
            hint=self.tr("Empty when the server asks for none."),
        )
        self.password = self.secret(SMTP_PASSWORD, self.tr("Password"))

    def _build_test(self) -> None:
        self.send = Button(self.tr("Send &test mail"), glyph="mail")
        self.send.clicked.connect(self._send_test)
        self.answer = StateLine(State.SUCCESS, "", wrap=True)
        self.answer.hide()
        below = QWidget()
        row = QHBoxLayout(below)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(self.send)
        row.addWidget(self.answer, 1)
        row.addStretch(0)
        self.add_below(below)

    def enter(self) -> None:
        """Show the answers so far."""
        draft = self.session.draft
        self.addresses.set_addresses(draft.addresses)
        self.on_failure.setChecked(draft.on_failure)
        self.host.setText(draft.smtp_host)
        self.security.set_value(draft.smtp_security)
        self.port.setText(str(draft.smtp_port))
        self.sent_from.setText(draft.smtp_from)
        self.user.setText(draft.smtp_user_name)
        self.password.setText(self.session.flow.answers.secrets.get(SMTP_PASSWORD, ""))
        self.answer.hide()
        self._show_server()
        self.clear_errors()

    def practice_words(self) -> tuple[str, str]:
        """Nothing is asked for here."""
        return (
            self.tr("Practice tenant: nothing has to be filled in"),
            self.tr("No mail leaves this computer unless you name a mail server."),
        )

    def collect(self) -> None:
        """Take what was typed."""
        flow = self.session.flow
        flow.answer(
            addresses=self.addresses.addresses(),
            on_failure=self.on_failure.isChecked(),
            smtp_host=self.host.text().strip(),
            smtp_port=int(self.port.text() or 0),
            smtp_security=self.security.value(),
            smtp_from=self.sent_from.text().strip(),
            smtp_user_name=self.user.text().strip(),
        )
        flow.answer_secret(SMTP_PASSWORD, self.password.text())

    def first_field(self) -> QWidget:
        """The address."""
        return self.addresses.edit

    def check(self, go_on: Callable[[], None]) -> None:
        """Keep the mail server's password before going on."""
        answers, services = self.session.flow.answers, self.session.services

        async def keep(_stop: Cancellation, _tell: object) -> None:
            await services.store_secrets(answers)

        self.work.start(keep, lambda _none: go_on(), self.show_error)

    def _no_address(self, typed: str) -> None:
        words = self.tr("“{address}” is not an e-mail address.").format(address=typed)
        self.fields["addresses"].set_error(words)

    def _show_server(self) -> None:
        wanted = self.on_failure.isChecked()
        self.server_title.setVisible(wanted)
        for name in (
            "smtp_host",
            "smtp_security",
            "smtp_port",
            "smtp_from",
            "smtp_user_name",
            SMTP_PASSWORD,
        ):
            self.fields[name].setVisible(wanted)
        self.send.setVisible(wanted)
        self.answer.setVisible(wanted and bool(self.answer.label.text()))

    def _suggest_port(self, security: str) -> None:
        if self.port.text() in ("", "25", "465", "587"):
            self.port.setText({"starttls": "587", "tls": "465", "none": "25"}[security])

    def _send_test(self) -> None:
        self.collect()
        problems = [one for one in self.session.flow.mail_problems() if one.field in self.fields]
        if problems:
            self.show_problems(problems)
            return
        self.clear_errors()
        answers, services = self.session.flow.answers, self.session.services

        async def send(_stop: Cancellation, _tell: object) -> None:
            await services.send_test_mail(answers)

        self._answer(State.RUNNING, self.tr("Sending…"))
        self.work.start(send, self._sent, self._not_sent)

    def _sent(self, _none: None) -> None:
        self._answer(
            State.SUCCESS,
            self.tr("Handed over to {server} at {time}. Look into the mailbox.").format(
                server=self.session.draft.smtp_host, time=self.time()
            ),
        )

    def _not_sent(self, error: RollcallError) -> None:
        say = self.session.speech.say
        self._answer(State.FAILURE, f"{say(error.text)} {say(error.advice)}".strip())

    def _answer(self, state: State, text: str) -> None:
        self.answer.show_state(state, text)
        self.answer.show()
