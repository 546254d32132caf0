"""Cards: what belongs together on a page."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import paint
from app.ui.theme import Role, Size, Space, Token, color
from app.ui.widgets.label import Label


class Strip(QWidget):
    """A band across a card, filled with one colour; `.row` takes its parts."""

    def __init__(self, fill: Token, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fill = fill
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(Space.WIDE, Space.TIGHT + 2, Space.WIDE, Space.TIGHT + 2)
        self.row.setSpacing(Space.TIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The fill, its upper corners rounded like the card's when it lies at the top."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.y() <= 1:
            path = QPainterPath()
            radius = Size.CARD_RADIUS - 1
            area = self.rect().adjusted(0, 0, 0, radius * 2)
            path.addRoundedRect(area, radius, radius)
            painter.setClipRect(self.rect())
            painter.fillPath(path, color(self.fill))
        else:
            painter.fillRect(self.rect(), color(self.fill))
        painter.end()


class Hairline(QWidget):
    """One pixel of border colour; upright or level."""

    def __init__(self, *, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(Token.BORDER))
        painter.end()


class Card(QFrame):
    """A rounded surface with an edge. Put things into `body`."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        padding: int = Space.WIDE,
        edge: Token = Token.BORDER,
        fill: Token = Token.SURFACE,
    ) -> None:
        super().__init__(parent)
        self._edge = edge
        self._fill = fill
        self.body = QVBoxLayout(self)
        inner = max(1, padding)
        self.body.setContentsMargins(inner, inner, inner, inner)
        self.body.setSpacing(Space.TIGHT if padding else 0)

    def set_edge(self, token: Token) -> None:
        """Change the colour of the edge."""
        self._edge = token
        self.update()

    def set_fill(self, token: Token) -> None:
        """Change the colour of the surface."""
        self._fill = token
        self.update()

    def add_title(self, text: str, hint: str = "") -> QHBoxLayout:
        """A title line inside the padding; the layout takes actions on its right."""
        row = QHBoxLayout()
        row.setSpacing(Space.TIGHT)
        self._fill_title(row, text, hint, Role.SECTION)
        self.body.addLayout(row)
        return row

    def add_header(self, text: str, hint: str = "") -> QHBoxLayout:
        """A sunken strip across the top with a title; use it on a card without padding."""
        strip = Strip(Token.SUNKEN)
        self._fill_title(strip.row, text, hint, Role.STRONG)
        self.body.addWidget(strip)
        self.add_line()
        return strip.row

    def add_line(self) -> None:
        """A hairline from edge to edge of the body."""
        self.body.addWidget(Hairline())

    def _fill_title(self, row: QHBoxLayout, text: str, hint: str, role: Role) -> None:
        self.title = Label(text, role)
        row.addWidget(self.title)
        self.hint = Label(hint, Role.CAPTION, Token.TEXT2, wrap=True)
        self.hint.setVisible(bool(hint))
        row.addWidget(self.hint, 1000)
        row.addStretch(1)
        if not self.accessibleName():
            self.setAccessibleName(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Surface and edge."""
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), Size.CARD_RADIUS, self._fill, self._edge)
        painter.end()


class _Corners(QWidget):
    """Lies over a table and covers its square corners with the page's colour."""

    def __init__(self, parent: Card) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outside = QPainterPath()
        outside.addRect(self.rect())
        inside = QPainterPath()
        inside.addRoundedRect(self.rect(), Size.CARD_RADIUS, Size.CARD_RADIUS)
        painter.fillPath(outside - inside, color(Token.WINDOW))
        painter.end()
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), Size.CARD_RADIUS, None, Token.BORDER)
        painter.end()


class _Framed(Card):
    """A card whose rounded edge lies over the view in it."""

    def __init__(self, view: QAbstractItemView, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0)
        view.setFrameShape(QFrame.Shape.NoFrame)
        self.body.addWidget(view)
        self._corners = _Corners(self)

    def resizeEvent(self, event: object) -> None:
        """Keep the corners on top."""
        self._corners.setGeometry(QRect(0, 0, self.width(), self.height()))
        self._corners.raise_()


def framed(view: QAbstractItemView) -> Card:
    """The view inside a card's rounded edge."""
    return _Framed(view)


def page_scroll(content: QWidget) -> QScrollArea:
    """`content` in an area that scrolls down, never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area
