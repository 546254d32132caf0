"""The control with which a person signs in: a button, what to do meanwhile, and who it was."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.setup.sign_in import Shown
from app.ui.states import State
from app.ui.theme import Role, Space, Token
from app.ui.widgets import Button, FlowLayout, Label, StateLine


class PersonSignIn(QWidget):
    """Decides nothing: says that it was pressed, and shows what it is told."""

    wanted = Signal()
    """The button was pressed."""
    cancelled = Signal()
    """Do not wait any longer."""
    reshaped = Signal()
    """Other buttons are on show."""

    def __init__(
        self, clock: Callable[[], float] = monotonic, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._ends = 0.0
        self._address = ""
        self._code_text = ""
        self.begin = Button("", glyph="key-round")
        self.begin.clicked.connect(self.wanted)
        self.setFocusProxy(self.begin)
        self.state = StateLine(State.SKIPPED, "", wrap=True)
        self.code = Label("", Role.TITLE, selectable=True)
        self.left = Label("", Role.CAPTION, Token.TEXT2)
        self.copy = Button("", kind="link", glyph="copy", small=True)
        self.copy.clicked.connect(self._copy)
        self.open = Button(
            self.tr("Open the page"), kind="link", trailing="external-link", small=True
        )
        self.open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._address)))
        self.cancel = Button(self.tr("Cancel"), kind="link", small=True)
        self.cancel.clicked.connect(self.cancelled)
        self._meanwhile = QWidget()
        buttons = FlowLayout(self._meanwhile, spacing=Space.TIGHT)
        for one in (self.copy, self.open, self.cancel):
            buttons.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HAIR)
        column.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self.state, self.code, self.left, self._meanwhile):
            column.addWidget(widget)
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._show_left)
        self.show_who(None)

    def offer_code(self, by_code: bool) -> None:
        """What the button begins."""
        self.begin.setText(self.tr("Get a code") if by_code else self.tr("Sign in in the browser"))

    def show_who(self, user: str | None) -> None:
        """At rest: who is signed in, "" when it is not known, None for nobody."""
        self._rest()
        if user is None:
            self.state.hide()
        elif user:
            words = self.tr("Signed in as {user}.").format(user=user)
            self.state.show_state(State.SUCCESS, words)
        else:
            self.state.show_state(State.SUCCESS, self.tr("Signed in."))
        self.state.setVisible(user is not None)
        self.reshaped.emit()

    def show_waiting(self) -> None:
        """The service is being asked."""
        self._rest()
        self._say(self.tr("One moment…"))
        self._show_meanwhile(copy=False, page=False)
        # The pressed button had the focus, and goes.
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.begin.setEnabled(False)

    def show_what_to_do(self, shown: Shown) -> None:
        """The browser is open, or there is a code to enter."""
        self._address = shown.address
        if shown.code is None:
            self._say(self.tr("Sign in on the page that has opened in your browser."))
            self.copy.setText(self.tr("Copy the address"))
            self._show_meanwhile(copy=True, page=False)
            return
        self._code_text = shown.code.code
        words = self.tr("Open {address} on any device and enter this code:")
        self._say(words.format(address=shown.address))
        self.code.setText(shown.code.code)
        self.code.show()
        self.copy.setText(self.tr("Copy the code"))
        self._ends = self._clock() + shown.code.seconds
        self._show_left()
        self.left.show()
        self._tick.start()
        self._show_meanwhile(copy=True, page=True)

    def _say(self, words: str) -> None:
        self.state.show_state(State.RUNNING, words)
        self.state.show()

    def _show_meanwhile(self, *, copy: bool, page: bool) -> None:
        self.copy.setVisible(copy)
        self.open.setVisible(page)
        self._meanwhile.show()
        self.reshaped.emit()

    def _rest(self) -> None:
        self._tick.stop()
        self._address = self._code_text = ""
        self.code.hide()
        self.left.hide()
        self._meanwhile.hide()
        self.begin.setEnabled(True)

    def _show_left(self) -> None:
        seconds = max(0, round(self._ends - self._clock()))
        minutes, rest = divmod(seconds, 60)
        words = self.tr("The code is good for {time} more.")
        self.left.setText(words.format(time=f"{minutes}:{rest:02}"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code_text or self._address)
