"""The turning ring, and a state in one line: shape, words, colour."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import icons, paint
from app.ui.motion import motion_reduced
from app.ui.states import LOOKS, State, state_word
from app.ui.theme import Role, Size, Space, Token, grown, line_height
from app.ui.widgets.label import Label, plain

_FRAMES = 30


class BusyRing(QWidget):
    """One turn a second while started; hidden while stopped; still when motion is reduced."""

    def __init__(self, parent: QWidget | None = None, size: int = Size.ICON) -> None:
        super().__init__(parent)
        self._size = size
        self._turn = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // _FRAMES)
        self._timer.timeout.connect(self._advance)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    def start(self) -> None:
        """Show it and let it turn."""
        self.setVisible(True)

    def stop(self) -> None:
        """Hide it."""
        self.setVisible(False)

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(grown(self._size), grown(self._size))

    def showEvent(self, event: QShowEvent) -> None:
        """Turn only while seen."""
        if not motion_reduced():
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """An open ring."""
        painter = QPainter(self)
        paint.arc(painter, self.rect(), Token.LINK, self._turn)
        painter.end()

    def _advance(self) -> None:
        self._turn = (self._turn + 360 / _FRAMES) % 360
        self.update()


class Glyph(QWidget):
    """One glyph, not in the accessible tree: the word beside it says the same."""

    def __init__(
        self, name: str, token: Token, size: int = Size.ICON, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._token = token
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_glyph(self, name: str, token: Token) -> None:
        """Change it."""
        self._name, self._token = name, token
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(grown(self._size), grown(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The glyph."""
        painter = QPainter(self)
        icons.paint(painter, self.rect(), self._name, self._token)
        painter.end()


class StateLine(QWidget):
    """A state's glyph and words; RUNNING turns."""

    def __init__(
        self,
        state: State,
        text: str = "",
        *,
        role: Role = Role.BODY,
        tinted: bool = True,
        wrap: bool = False,
        rich: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tinted = tinted
        self._rich = rich
        self._glyph = Glyph("circle-check", Token.TEXT2)
        self._ring = BusyRing()
        self.label = Label("", role, wrap=wrap, rich=rich)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.TIGHT)
        sign = QVBoxLayout()
        # Beside the first line of a wrapped text, else in the middle.
        above = (line_height(role) - grown(Size.ICON)) // 2 if wrap else 0
        sign.setContentsMargins(0, above, 0, 0)
        centre = Qt.AlignmentFlag.AlignVCenter
        for part in (self._glyph, self._ring):
            sign.addWidget(part, 0, Qt.AlignmentFlag.AlignTop if wrap else centre)
        row.addLayout(sign)
        row.addWidget(self.label, 1)
        self.show_state(state, text)

    def show_state(self, state: State, text: str) -> None:
        """Change both."""
        look = LOOKS[state]
        running = state is State.RUNNING
        self._ring.setVisible(running)
        self._glyph.setVisible(not running)
        self._glyph.show_glyph(look.glyph, look.token)
        self.label.setText(text)
        self.label.set_token(look.token if self._tinted else Token.TEXT)
        self.label.setVisible(bool(text))
        said = plain(text) if self._rich else text
        self.setAccessibleName(f"{state_word(state)}: {said}" if text else state_word(state))
