"""The control with which a person signs in: a button, what to do meanwhile, and who it was."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.setup.sign_in import Shown
from app.ui.states import State
from app.ui.theme import Role, Space
from app.ui.widgets import Button, FlowLayout, Label, StateLine


def _row(*buttons: Button) -> QWidget:
    row = QWidget()
    flow = FlowLayout(row, spacing=Space.TIGHT)
    for button in buttons:
        flow.addWidget(button)
    return row


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
        self._by_code = False
        self.begin = Button()
        self.begin.clicked.connect(self.wanted)
        self.setFocusProxy(self.begin)
        self.cancel = Button(self.tr("Cancel"), kind="link")
        self.cancel.clicked.connect(self.cancelled)
        self.state = StateLine(State.SKIPPED, "", wrap=True)
        self.code = Label("", Role.DISPLAY, selectable=True)
        self.left = Label("", Role.BODY, wrap=True)
        self.copy = Button("", glyph="copy")
        self.copy.clicked.connect(self._copy)
        self.open = Button(self.tr("Open the page"), trailing="external-link")
        self.open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._address)))
        self._meanwhile = _row(self.copy, self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TIGHT)
        column.addWidget(_row(self.begin, self.cancel))
        for widget in (self.state, self.code, self._meanwhile, self.left):
            column.addWidget(widget)
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._show_left)
        self.show_who(None)

    def offer_code(self, by_code: bool) -> None:
        """What the button begins."""
        self._by_code = by_code
        self._name_button()

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
        self._name_button()
        self.reshaped.emit()

    def show_waiting(self) -> None:
        """The service is being asked."""
        self._rest()
        self._say(self.tr("One moment…"))
        self.cancel.show()
        self.reshaped.emit()
        # The pressed button had the focus, and goes.
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.begin.setEnabled(False)

    def show_what_to_do(self, shown: Shown) -> None:
        """The browser is open, or there is a code to enter."""
        self._address = shown.address
        if shown.code is None:
            self._say(
                self.tr(
                    "Sign in on the page that opens in your browser. If none opens, copy its "
                    "address into a browser on this computer."
                )
            )
            self._offer(self.tr("Copy the address"))
            return
        self._code_text = shown.code.code
        words = self.tr("Open {address} on any device and enter this code:")
        self._say(words.format(address=shown.address))
        self.code.setText(shown.code.code)
        self.code.show()
        self._ends = self._clock() + shown.code.seconds
        self._show_left()
        self.left.show()
        self._tick.start()
        self._offer(self.tr("Copy the code"))
        if self.cancel.hasFocus():
            # A second press of the key that asked for the code would throw it away.
            self.copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, words: str) -> None:
        self.state.show_state(State.RUNNING, words)
        self.state.show()

    def _offer(self, copy: str) -> None:
        self.copy.setText(copy)
        self._meanwhile.show()
        self.reshaped.emit()

    def _name_button(self) -> None:
        """Whoever is signed in already would do it once more."""
        again = self.state.isVisibleTo(self)
        if self._by_code:
            words = self.tr("Get a new code") if again else self.tr("Get a code")
        else:
            words = self.tr("Sign in again") if again else self.tr("Sign in with the browser")
        self.begin.setText(words)
        self.begin.set_glyph("key-round" if self._by_code else "")
        self.begin.set_trailing("" if self._by_code else "external-link")

    def _rest(self) -> None:
        self._tick.stop()
        self._address = self._code_text = ""
        self.code.hide()
        self.left.hide()
        self._meanwhile.hide()
        self.begin.setEnabled(True)
        self.cancel.hide()

    def _show_left(self) -> None:
        seconds = max(0, round(self._ends - self._clock()))
        minutes, rest = divmod(seconds, 60)
        words = self.tr("The code is valid for another {time}.")
        self.left.setText(words.format(time=f"{minutes}:{rest:02}"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code_text or self._address)
