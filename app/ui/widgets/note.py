"""A note: a state, what it means, what to do, with the buttons that do it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.states import LOOKS, State, state_word
from app.ui.theme import Role, Space, Token, grown, line_height
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.label import Label
from app.ui.widgets.lines import Glyph

_LEAST_WORDS = 440


class Note(Card):
    """Title strong, text below, actions at the right, details behind a link."""

    def __init__(
        self,
        state: State = State.ADVICE,
        title: str = "",
        text: str = "",
        *,
        details: str = "",
        edged: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, padding=Space.MEDIUM)
        self._edged = edged
        self._glyph = Glyph("info", Token.TEXT2, 20)
        self._title = Label("", Role.STRONG, wrap=True)
        self._text = Label("", Role.BODY, wrap=True)
        self._details = Label("", Role.CODE, Token.TEXT2, wrap=True, selectable=True)
        self._more = Button(self.tr("Details"), kind="link", trailing="chevron-right", small=True)
        self._more.clicked.connect(self._toggle_details)
        self._state = state
        # The link is higher than a line of text; both begin so that their words are level.
        level = max(0, self._more.sizeHint().height() - line_height(Role.STRONG)) // 2
        words = QVBoxLayout()
        words.setSpacing(0)
        words.setContentsMargins(0, level, 0, level)
        for label in (self._title, self._text, self._details):
            words.addWidget(label)
        self._actions = QWidget()
        self._flow = FlowLayout(self._actions)
        self._side = QHBoxLayout()
        self._side.setSpacing(Space.TIGHT)
        self._beside = QWidget()
        self._beside.setLayout(self._side)
        self._side.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        sign = QVBoxLayout()
        sign.setContentsMargins(0, level, 0, 0)
        sign.addWidget(self._glyph)
        sign.addStretch(1)
        row.addLayout(sign)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._whole.setSpacing(Space.TIGHT)
        self._whole.addLayout(words, 1)
        self._whole.addWidget(self._beside, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(self._whole, 1)
        row.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.show_message(state, title, text, details)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What can be done stands beside the words, or under them where they would be squeezed."""
        super().resizeEvent(event)
        beside = self._side.sizeHint().width()
        under = beside > 0 and self.width() - beside < grown(_LEAST_WORDS)
        self._whole.setDirection(
            QBoxLayout.Direction.TopToBottom if under else QBoxLayout.Direction.LeftToRight
        )

    def show_message(
        self, state: State, title: str, text: str = "", details: str = "", *, glyph: str = ""
    ) -> None:
        """Replace everything but the actions; `glyph` stands in for the state's own."""
        self._state = state
        look = LOOKS[state]
        self._glyph.show_glyph(glyph or look.glyph, look.token)
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._details.setText(details)
        self._details.setVisible(False)
        self._more.setVisible(bool(details))
        self.set_fill(look.subtle)
        self.set_edge(look.token if self._edged else look.subtle)
        if state is State.INFO:
            self.set_edge(Token.BORDER)
        self.setAccessibleName(f"{state_word(state)}: {title} {text}".strip())

    def add_button(
        self, text: str, *, kind: str = "normal", glyph: str = "", trailing: str = ""
    ) -> Button:
        """A button at the right; connect it yourself."""
        button = Button(text, kind=kind, glyph=glyph, trailing=trailing)
        self.add_widget(button)
        return button

    def add_widget(self, widget: QWidget) -> None:
        """Any control at the right."""
        self._side.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def clear_actions(self) -> None:
        """Remove what `add_button` and `add_widget` added."""
        while (item := self._side.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()

    @property
    def title(self) -> str:  # type: ignore[override] # a note has no title label of a card
        """The strong line."""
        return self._title.text()

    @property
    def text(self) -> str:
        """What is said below."""
        return self._text.text()

    @property
    def state(self) -> State:
        """What it says."""
        return self._state

    @property
    def details(self) -> str:
        """What stands behind the link."""
        return self._details.text()

    def _toggle_details(self) -> None:
        self._details.setVisible(not self._details.isVisible())
        glyph = "chevron-down" if self._details.isVisible() else "chevron-right"
        self._more.setProperty("trailingGlyph", glyph)
        self._more.update()
