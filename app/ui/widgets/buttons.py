"""Push buttons in their kinds, glyph-only buttons, and key caps."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QPushButton, QSizePolicy, QWidget

from app.ui import icons, paint
from app.ui.theme import Role, Size, Token, font, grown
from app.ui.widgets.label import Label

_ARROWS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right})


def passes_by(event: QKeyEvent) -> bool:
    """True for an arrow key, which a button that stands alone leaves to the page to scroll with.

    Qt would walk on to whatever comes next, from the page into the footer even.
    """
    if event.key() not in _ARROWS:
        return False
    event.ignore()
    return True


class CheckBox(QCheckBox):
    """A check box that keeps the focus when an arrow key is pressed."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks."""
        if not passes_by(event):
            super().keyPressEvent(event)


class Button(QPushButton):
    """A button of a kind: `normal`, `primary` (one a page), `destructive` or `link`."""

    def __init__(
        self,
        text: str = "",
        *,
        kind: str = "normal",
        glyph: str = "",
        trailing: str = "",
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", kind)
        self.setProperty("glyph", glyph)
        self.setProperty("trailingGlyph", trailing)
        self.setProperty("small", small)
        self.setFont(font(Role.STRONG))
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys are not a button's."""
        if not passes_by(event):
            super().keyPressEvent(event)

    def set_kind(self, kind: str) -> None:
        """Change how much the button leads."""
        self.setProperty("kind", kind)
        self.update()

    def set_glyph(self, glyph: str) -> None:
        """Change the glyph before the text."""
        self.setProperty("glyph", glyph)
        self.updateGeometry()
        self.update()

    def set_trailing(self, glyph: str) -> None:
        """Change the glyph after the text."""
        self.setProperty("trailingGlyph", glyph)
        self.updateGeometry()
        self.update()

    @property
    def kind(self) -> str:
        """`normal`, `primary`, `destructive` or `link`."""
        return str(self.property("kind"))


class IconButton(QAbstractButton):
    """A glyph alone. Its name is its accessible name and, with the shortcut, its tooltip."""

    def __init__(
        self,
        glyph: str,
        name: str,
        *,
        shortcut: str = "",
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_name(name, shortcut)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys are not a button's."""
        if not passes_by(event):
            super().keyPressEvent(event)

    def set_name(self, name: str, shortcut: str = "") -> None:
        """What it does, in words."""
        self.setAccessibleName(name)
        keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(f"{name} ({keys})" if keys else name)

    def set_glyph(self, glyph: str) -> None:
        """Change the glyph."""
        self._glyph = glyph
        self.update()

    def sizeHint(self) -> QSize:
        """The grid's size, or what the font needs."""
        side = max(int(Size.ICON_BUTTON), self.fontMetrics().height() + 8)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Never smaller."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing round the glyph until the pointer or a press is on it."""
        painter = QPainter(self)
        enabled = self.isEnabled()
        if enabled and (self.isDown() or self.isChecked()):
            paint.rounded(painter, self.rect(), Size.RADIUS, Token.SELECTED)
        elif enabled and self.underMouse():
            paint.rounded(painter, self.rect(), Size.RADIUS, Token.HOVER)
        spot = QRect(0, 0, grown(Size.ICON), grown(Size.ICON))
        spot.moveCenter(self.rect().center())
        icons.paint(painter, spot, self._glyph, Token.TEXT2 if enabled else Token.DISABLED)
        painter.end()


class KeyCap(Label):
    """A key as on the keyboard; decoration beside the word that says it."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, Role.CAPTION, Token.TEXT2, parent=parent)
        self.setContentsMargins(5, 1, 5, 1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cap under the letter."""
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), Size.CHECK_RADIUS, Token.SURFACE, Token.BORDER)
        painter.end()
        super().paintEvent(event)
