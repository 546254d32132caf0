"""A small dialog that changes something in Entra: busy, the reason of a refusal, and a sign-in."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import PermissionMissing, RollcallError, Service, ServiceError
from app.domain.settings import SourceSignIn
from app.setup.cancel import Cancellation
from app.setup.draft import SOURCE_SIGN_IN
from app.setup.sign_in import Shown
from app.ui import paint
from app.ui.error_words import error_words
from app.ui.states import State
from app.ui.theme import Role, Space, Token, grown
from app.ui.widgets import Button, Label, Note
from app.ui.widgets.fields import FIELD_WIDTH
from app.ui.wizard.mnemonics import give_mnemonics
from app.ui.wizard.page import Session
from app.ui.wizard.person_sign_in import PersonSignIn
from app.ui.wizard.work import Work

Result = TypeVar("Result")

WIDTH = FIELD_WIDTH + 2 * Space.PAGE
"""Fields and lists end at the same edge."""


class ChangeDialog(QDialog):
    """Content goes into `column`; `act` is pressed to change, and what it began runs in `deed`."""

    def __init__(
        self, session: Session, title: str, act: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.deed = Work(session.runner, self)
        self.heading = Label(title, Role.SECTION, wrap=True)
        self.note = Note()
        self.note.hide()
        self.sign_in = PersonSignIn()
        self.sign_in.hide()
        self.sign_in.wanted.connect(self._sign_in)
        self.sign_in.cancelled.connect(self._stop_signing_in)
        self.cancel = Button(self.tr("&Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.act = Button(act, kind="primary")
        self.act.setDefault(True)
        self.act.clicked.connect(self.change)
        self.column = QVBoxLayout()
        self.column.setSpacing(Space.WIDE)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.PAGE)
        outer.setSpacing(Space.WIDE)
        outer.addWidget(self.heading)
        outer.addLayout(self.column)
        outer.addWidget(self.note)
        outer.addWidget(self.sign_in)
        outer.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.act)
        outer.addLayout(row)
        self.setMinimumWidth(grown(WIDTH))

    def change(self) -> None:
        """The leading button was pressed."""
        raise NotImplementedError

    def begin(
        self,
        words: str,
        deed: Callable[[Cancellation], Coroutine[Any, Any, Result]],
        done: Callable[[Result], None],
    ) -> None:
        """Do it off the window's thread; meanwhile it cannot be begun again."""

        async def run(stop: Cancellation, _tell: object) -> Result:
            return await deed(stop)

        def ended(result: Result) -> None:
            self._rest()
            done(result)

        self.act.setEnabled(False)
        self.sign_in.hide()
        self.say(State.RUNNING, words)
        self.deed.start(run, ended, self.fail)

    def say(self, state: State, title: str, text: str = "", details: str = "") -> None:
        """A message above the buttons."""
        self.note.show_message(state, title, text, details)
        self.note.show()
        QTimer.singleShot(0, self, self._grow)

    def _grow(self) -> None:
        """Room for everything at this width: texts that wrap say too little of their height."""
        layout = self.layout()
        if layout is not None:
            needed = layout.totalHeightForWidth(self.width())
            self.resize(self.width(), max(self.height(), needed))

    def fail(self, error: RollcallError) -> None:
        """What happened and what to do; a person may sign in again right here."""
        self._rest()
        request = error.request_id if isinstance(error, ServiceError) else None
        asked = self.tr("request {id}").format(id=request) if request else ""
        facts = (type(error).__name__, asked)
        words = error_words(self.session.speech.say, error.text, error.advice, facts)
        advice = words.advice
        by_person = self.session.draft.source_sign_in.by_person
        if isinstance(error, PermissionMissing) and by_person:
            advice = self.tr(
                "Sign in here as somebody who may manage the application in Entra; Microsoft then"
                " asks for the permission."
            )
            self.sign_in.offer_code(self.session.draft.source_sign_in is SourceSignIn.DEVICE_CODE)
            self.sign_in.show()
            self.give_letters()
        self.say(State.FAILURE, words.title, advice, words.details)

    def done(self, result: int) -> None:
        """Closed, with whatever still runs stopped."""
        self.deed.cancel()
        super().done(result)

    def give_letters(self) -> None:
        """A key for everything visible."""
        give_mnemonics(self, ())

    def paintEvent(self, event: QPaintEvent) -> None:
        """An edge, where the platform draws none."""
        super().paintEvent(event)
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), 0, None, Token.CONTROL)
        painter.end()

    def _rest(self) -> None:
        self.note.hide()
        self.act.setEnabled(True)

    # --- signing in ----------------------------------------------------------------------------

    def _sign_in(self) -> None:
        answers, services = self.session.flow.answers, self.session.services

        async def signing_in(stop: Cancellation, tell: Callable[[Shown], None]) -> str:
            return await services.sign_in(answers, Service.SOURCE, tell, stop, assigning=True)

        def signed_in(made: str) -> None:
            self.session.flow.renew_sign_in(SOURCE_SIGN_IN, made)
            self.sign_in.hide()
            self.change()

        def told(shown: object) -> None:
            if isinstance(shown, Shown):
                self.sign_in.show_what_to_do(shown)

        def failed(error: RollcallError) -> None:
            self.sign_in.show_who(None)
            self.fail(error)
            self.sign_in.show()

        self.note.hide()
        self.act.setEnabled(False)
        self.sign_in.show_waiting()
        self.deed.start(signing_in, signed_in, failed, told)

    def _stop_signing_in(self) -> None:
        self.deed.cancel()
        self.sign_in.show_who(None)
        self._rest()


class SignInDialog(ChangeDialog):
    """Signing in once more, with the permissions that changes need."""

    signed_in = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, "", "", parent)
        self.heading.setText(self.tr("Sign in to change assignments"))
        self.setWindowTitle(self.heading.text())
        self.say(
            State.INFO,
            "",
            self.tr(
                "Sign in as somebody who may manage the application in Entra. Microsoft asks for"
                " the permission then; afterwards, unassign once more."
            ),
        )
        self.act.hide()
        by_code = session.draft.source_sign_in is SourceSignIn.DEVICE_CODE
        self.sign_in.offer_code(by_code)
        self.sign_in.show()
        self.give_letters()

    def change(self) -> None:
        """Signed in; what was wanted can be tried again."""
        self.signed_in.emit()
        self.accept()
