"""Form fields with label, hint and the sentence that says what is wrong."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.icons import icon
from app.ui.states import State
from app.ui.theme import Role, Space, Token, font
from app.ui.widgets.buttons import Button
from app.ui.widgets.label import Label
from app.ui.widgets.lines import StateLine

LABEL_WIDTH = 190
FIELD_WIDTH = 460
_NARROW = 760


class Field(QWidget):
    """A control with its label beside it, or above it where the page is narrow."""

    link_pressed = Signal()

    def __init__(
        self,
        label: str,
        control: QWidget,
        *,
        hint: str = "",
        link: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.control = control
        self._marked = control
        self.label = Label(label, Role.HEADER)
        self.label.setFont(font(Role.BODY))
        self.label.setBuddy(control)
        self.label.setMinimumHeight(control.sizeHint().height())
        self.label.setWordWrap(True)
        self._hint = Label(hint, Role.CAPTION, Token.TEXT2, wrap=True)
        self._link = Button(link, kind="link", trailing="external-link", small=True)
        self._link.setVisible(bool(link))
        self._link.clicked.connect(self.link_pressed)
        self._error = StateLine(State.FAILURE, "", role=Role.CAPTION, wrap=True)
        self._error.setVisible(False)
        column = QVBoxLayout()
        column.setSpacing(Space.HAIR)
        column.addWidget(control)
        below = QHBoxLayout()
        below.setSpacing(Space.HAIR)
        below.addWidget(self._hint, 0 if link else 1)
        below.addWidget(self._link)
        if link:
            self._hint.setWordWrap(False)
        # Without it a column with nothing below its control is only as wide as the control.
        below.addStretch(1 if link else 0)
        column.addLayout(below)
        column.addWidget(self._error)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(Space.WIDE)
        self._box.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        self._box.addLayout(column, 1)
        if not control.accessibleName():
            control.setAccessibleName(label.replace("&", ""))
        if isinstance(control, QLineEdit | QComboBox):
            control.setMaximumWidth(FIELD_WIDTH)
        self.set_hint(hint)

    def set_error(self, text: str) -> None:
        """What is wrong with the value; "" when nothing is."""
        self._error.show_state(State.FAILURE, text)
        self._error.setVisible(bool(text))
        self._hint.setVisible(bool(self._hint.text()) and not text)
        if bool(self._marked.property("failed")) != bool(text):
            self._marked.setProperty("failed", bool(text))
            self._marked.update()
        self.control.setAccessibleDescription(text or self._hint.text())

    def set_hint(self, text: str) -> None:
        """What helps to fill the field in."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
        self.control.setAccessibleDescription(text)

    @property
    def error(self) -> str:
        """The sentence shown, or ""."""
        return "" if self._error.isHidden() else self._error.label.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Label beside or above."""
        narrow = self.width() < _NARROW
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._box.direction() != direction or self.label.maximumWidth() != LABEL_WIDTH:
            self._box.setDirection(direction)
            self._box.setSpacing(Space.HAIR if narrow else Space.WIDE)
            self.label.setMinimumHeight(0 if narrow else self.control.sizeHint().height())
            self.label.setFixedWidth(self.width() if narrow else LABEL_WIDTH)


class SecretEdit(QLineEdit):
    """A field whose value is shown only while asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._action = QAction(icon("eye", Token.TEXT2), self.tr("Show"), self)
        self._action.triggered.connect(self._toggle)
        self.addAction(self._action, QLineEdit.ActionPosition.TrailingPosition)

    def _toggle(self) -> None:
        hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self._action.setIcon(icon("eye-off" if hidden else "eye", Token.TEXT2))
        self._action.setText(self.tr("Hide") if hidden else self.tr("Show"))


class SearchEdit(QLineEdit):
    """A field to search or filter with; Esc empties it."""

    def __init__(
        self, placeholder: str, *, small: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("small", small)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.addAction(icon("search", Token.TEXT2), QLineEdit.ActionPosition.LeadingPosition)
        self.setClearButtonEnabled(True)

    def sizeHint(self) -> QSize:
        """Wide enough for the hint in it."""
        hint = super().sizeHint()
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        hint.setWidth(max(150, words + 56))
        return hint
