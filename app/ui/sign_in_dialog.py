"""A person signs in again: the way out of a sign-in that the service no longer accepts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import RollcallError, Service
from app.setup.cancel import Cancellation
from app.setup.sign_in import Shown
from app.ui import paint
from app.ui.error_words import error_words
from app.ui.services import WindowServices
from app.ui.states import State
from app.ui.theme import Role, Space, Token, grown
from app.ui.widgets import Button, Label, Note
from app.ui.wizard.person_sign_in import PersonSignIn
from app.ui.wizard.work import Work

_WIDTH = 520


class SignInDialog(QDialog):
    """The control of the wizard's pages by itself; closing it gives up waiting."""

    signed_in = Signal()
    """Somebody did; the dialog has closed."""

    def __init__(
        self,
        services: WindowServices,
        side: Service,
        organisation: str,
        *,
        by_code: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._side = side
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at = {Service.SOURCE: "Microsoft", Service.TARGET: "GoTo"}[side]
        self.setWindowTitle(self.tr("Sign in at {service}").format(service=at))
        self.note = Note()
        self.note.hide()
        self.panel = PersonSignIn()
        self.panel.offer_code(by_code)
        self.close_button = Button(self.tr("&Close"))
        self._build(at, organisation)
        self.work = Work(services, self)
        self.panel.wanted.connect(self._begin)
        self.panel.cancelled.connect(self._give_up)
        self.panel.reshaped.connect(self._fit)
        self.close_button.clicked.connect(self.reject)
        self.finished.connect(lambda _result: self.work.cancel())
        self.panel.begin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self, at: str, organisation: str) -> None:
        title = self.tr("Sign in at {service} for {organisation}")
        words = self.tr(
            "A cycle starts as soon as you are signed in. The sign-in goes into the keyring, never "
            "into the profile or a log."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.PAGE, Space.PAGE, Space.PAGE)
        column.setSpacing(Space.WIDE)
        for widget in (
            Label(title.format(service=at, organisation=organisation), Role.SECTION, wrap=True),
            self.note,
            self.panel,
            Label(words, Role.BODY, Token.TEXT2, wrap=True),
        ):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        column.addLayout(row)
        self.resize(grown(_WIDTH), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """An edge, where the platform draws none."""
        super().paintEvent(event)
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), 0, None, Token.CONTROL)
        painter.end()

    def _begin(self) -> None:
        side, services = self._side, self._services
        self.note.hide()

        async def sign_in(stop: Cancellation, tell: Callable[[object], None]) -> str:
            return await services.sign_in(side, tell, stop)

        self.panel.show_waiting()
        self.work.start(sign_in, self._signed_in, self._failed, self._came)

    def _came(self, news: object) -> None:
        if isinstance(news, Shown):
            self.panel.show_what_to_do(news)

    def _signed_in(self, _user: str) -> None:
        self.signed_in.emit()
        self.accept()

    def _failed(self, error: RollcallError) -> None:
        told = error_words(self._services.translator.render, error.text, error.advice)
        words = self.tr("Nothing was changed. Try again, or close this and look at the profile.")
        self.note.show_message(State.FAILURE, told.title, words, told.details)
        self.note.show()
        self._rest()

    def _give_up(self) -> None:
        self.work.cancel()
        self._rest()

    def _rest(self) -> None:
        self.panel.show_who(None)
        self.panel.begin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self) -> None:
        """Other buttons and words need other room."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))
