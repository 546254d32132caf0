"""Form fields with label, hint and the sentence that says what is wrong."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from app.ui.icons import icon
from app.ui.states import State
from app.ui.theme import Role, Space, Token, font, grown
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.flow import FlowLayout
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
        self._marked = control.focusProxy() or control
        self.label = Label(label, Role.BODY)
        self.label.setFont(font(Role.BODY))
        self.label.setBuddy(control)
        self.label.setMinimumHeight(control.sizeHint().height())
        self.label.setWordWrap(True)
        self._hint = Label(hint, Role.CAPTION, Token.TEXT2, wrap=True)
        self._error = StateLine(State.FAILURE, "", role=Role.CAPTION, wrap=True)
        self._error.setVisible(False)
        column = QVBoxLayout()
        column.setSpacing(Space.HAIR)
        self._line = QHBoxLayout()
        self._line.setSpacing(Space.MEDIUM)
        self._line.addWidget(control, 1000)
        self._line.addStretch(1)
        column.addLayout(self._line)
        column.addWidget(self._error)
        column.addWidget(self._with_link(link) if link else self._hint)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(Space.WIDE)
        self._box.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        self._box.addLayout(column, 1)
        if not control.accessibleName():
            control.setAccessibleName(label.replace("&", ""))
        if isinstance(control, QLineEdit | QComboBox):
            control.setMaximumWidth(grown(FIELD_WIDTH))
            policy = control.sizePolicy()
            policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
            control.setSizePolicy(policy)
        self.set_hint(hint)

    def _with_link(self, link: str) -> QWidget:
        button = Button(link, kind="link", trailing="external-link", small=True)
        button.clicked.connect(self.link_pressed)
        below = QWidget()
        flow = FlowLayout(below, spacing=0)
        flow.addWidget(self._hint)
        flow.addWidget(button)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        below.setSizePolicy(policy)
        return below

    def add_beside(self, widget: QWidget) -> None:
        """Something said of the value, right after the control."""
        self._line.insertWidget(1, widget, 0, Qt.AlignmentFlag.AlignTop)

    def set_error(self, text: str) -> None:
        """What is wrong with the value; "" when nothing is. What helps stays in view."""
        self._error.show_state(State.FAILURE, text)
        self._error.setVisible(bool(text))
        if bool(self._marked.property("failed")) != bool(text):
            self._marked.setProperty("failed", bool(text))
            self._marked.update()
        self._describe()

    def set_hint(self, text: str) -> None:
        """What helps to fill the field in."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))
        self._describe()

    def _describe(self) -> None:
        self.control.setAccessibleDescription(f"{self.error} {self._hint.text()}".strip())

    @property
    def error(self) -> str:
        """The sentence shown, or ""."""
        return "" if self._error.isHidden() else self._error.label.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Label beside or above."""
        narrow = self.width() < grown(_NARROW)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        width = self.width() if narrow else grown(LABEL_WIDTH)
        if self._box.direction() != direction or self.label.maximumWidth() != width:
            self._box.setDirection(direction)
            self._box.setSpacing(Space.HAIR if narrow else Space.WIDE)
            self.label.setMinimumHeight(0 if narrow else self.control.sizeHint().height())
            self.label.setFixedWidth(width)
            # Beside the control an empty label keeps the column; above it would be a hole.
            self.label.setVisible(bool(self.label.text()) or not narrow)


class SecretEdit(QLineEdit):
    """A field whose value is shown only while asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.eye = IconButton("eye", self.tr("Show"), parent=self)
        self.eye.setCursor(Qt.CursorShape.ArrowCursor)
        self.eye.clicked.connect(self._toggle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The eye stays at the end of the field."""
        super().resizeEvent(event)
        side = min(self.eye.sizeHint().height(), self.height() - 4)
        spot = QRect(self.width() - side - 4, (self.height() - side) // 2, side, side)
        self.eye.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), spot))
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setTextMargins(side if rtl else 0, 0, 0 if rtl else side, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the eye has no use for is not typed into the secret."""
        if self.eye.hasFocus():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _toggle(self) -> None:
        hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self.eye.set_glyph("eye-off" if hidden else "eye")
        self.eye.set_name(self.tr("Hide") if hidden else self.tr("Show"))


class SearchEdit(QLineEdit):
    """A field to search or filter with; the cross, or Esc, empties it."""

    def __init__(
        self, placeholder: str, *, small: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("small", small)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.addAction(icon("search", Token.TEXT2), QLineEdit.ActionPosition.LeadingPosition)
        self._empty = QAction(icon("x", Token.TEXT2), self.tr("Clear"), self)
        self._empty.triggered.connect(self.clear)
        self.textChanged.connect(self._offer_to_empty)

    def _offer_to_empty(self, text: str) -> None:
        if not text:
            self.removeAction(self._empty)
        elif self._empty not in self.actions():
            self.addAction(self._empty, QLineEdit.ActionPosition.TrailingPosition)

    def sizeHint(self) -> QSize:
        """Wide enough for the hint in it."""
        hint = super().sizeHint()
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        hint.setWidth(max(150, words + grown(40) + 16))
        return hint
