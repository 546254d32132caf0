"""Filter chips, pills and the segmented choice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QStyle, QWidget

from app.ui import icons, paint
from app.ui.states import LOOKS, State
from app.ui.theme import Role, Size, Token, color, font, grown
from app.ui.widgets.flow import FlowLayout

_PADDING, _GAP, _GLYPH = 9, 6, 14
_COLUMN_GAP = 4


class Chip(QAbstractButton):
    """A filter that is chosen or not."""

    def __init__(self, text: str, glyph: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self.setText(text)
        self.setCheckable(True)
        self.setFont(font(Role.HEADER))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Words, glyph, padding."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2 * _PADDING + 2
        width += grown(_GLYPH) + _GAP if self._glyph else 0
        return QSize(width, max(24, self.fontMetrics().height() + 6))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A pill; filled and edged with accent when chosen."""
        painter = QPainter(self)
        chosen, enabled = self.isChecked(), self.isEnabled()
        fill = Token.ACCENT_SUBTLE if chosen else Token.SURFACE
        if self.underMouse() and enabled and not chosen:
            fill = Token.HOVER
        edge = Token.ACCENT if chosen else Token.CONTROL
        ink = Token.LINK if chosen else Token.TEXT
        if not enabled:
            edge, ink = Token.BORDER, Token.DISABLED
        paint.rounded(painter, self.rect(), self.height() / 2, fill, edge)
        _paint_words(painter, self, self._glyph, self.text(), ink)
        painter.end()


def _paint_words(painter: QPainter, widget: QWidget, glyph: str, text: str, ink: Token) -> None:
    area = widget.rect().adjusted(_PADDING, 0, -_PADDING, 0)
    rtl = widget.layoutDirection() == Qt.LayoutDirection.RightToLeft
    if glyph:
        side = grown(_GLYPH)
        left = area.right() - side + 1 if rtl else area.left()
        icons.paint(painter, QRect(left, 0, side, widget.height()), glyph, ink)
        step = side + _GAP
        area = area.adjusted(0, 0, -step, 0) if rtl else area.adjusted(step, 0, 0, 0)
    painter.setFont(widget.font())
    painter.setPen(color(ink))
    painter.drawText(area.adjusted(-1, 0, 1, 0), int(Qt.AlignmentFlag.AlignCenter), text)


class ChipRow(QWidget):
    """Chips of which exactly one is chosen."""

    changed = Signal(str)

    def __init__(
        self, options: Sequence[tuple[str, str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._chips: dict[str, Chip] = {}
        group = QButtonGroup(self)
        row = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for key, text, glyph in options:
            chip = Chip(text, glyph)
            self._chips[key] = chip
            group.addButton(chip)
            row.addWidget(chip)
            chip.clicked.connect(lambda _checked=False, key=key: self.changed.emit(key))
        if options:
            self._chips[options[0][0]].setChecked(True)

    def value(self) -> str:
        """Key of the chosen chip."""
        return next((key for key, chip in self._chips.items() if chip.isChecked()), "")

    def set_value(self, key: str) -> None:
        """Choose without a signal."""
        self._chips[key].setChecked(True)

    def set_text(self, key: str, text: str) -> None:
        """Change a chip's words, for instance its number."""
        self._chips[key].setText(text)
        self._chips[key].updateGeometry()

    def chip(self, key: str) -> Chip:
        """One of the chips."""
        return self._chips[key]


class Badge(QWidget):
    """A pill that says a state; not to be pressed."""

    def __init__(
        self,
        text: str = "",
        state: State = State.SKIPPED,
        glyph: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._state, self._glyph = text, state, glyph
        self.setFont(font(Role.HEADER))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def show_state(self, state: State, text: str, glyph: str | None = None) -> None:
        """Change words and colour; `glyph` replaces the state's own, "" means none."""
        self._text, self._state, self._glyph = text, state, glyph
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    @property
    def text(self) -> str:
        """Its words."""
        return self._text

    def sizeHint(self) -> QSize:
        """Words, glyph, padding."""
        width = self.fontMetrics().horizontalAdvance(self._text) + 2 * _PADDING + 2
        width += grown(_GLYPH) + _GAP if self._shown_glyph() else 0
        return QSize(width, max(20, self.fontMetrics().height() + 5))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill and words."""
        look = LOOKS[self._state]
        painter = QPainter(self)
        fill = Token.ACCENT_SUBTLE if self._state is State.INFO else look.subtle
        paint.rounded(painter, self.rect(), self.height() / 2, fill)
        _paint_words(painter, self, self._shown_glyph(), self._text, look.token)
        painter.end()

    def _shown_glyph(self) -> str:
        return LOOKS[self._state].glyph if self._glyph is None else self._glyph


_PLACES = {
    (True, True): "only",
    (True, False): "first",
    (False, True): "last",
    (False, False): "middle",
}
"""By being the first and the last of the parts."""


class _Segment(QAbstractButton):
    """One part of a segmented choice."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.place = "only"
        self.setText(text)
        self.setCheckable(True)
        self.setFont(font(Role.STRONG))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Words and padding."""
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text().replace("&", "")) + 2 * paint.PADDING + 2
        return QSize(width, max(int(Size.CONTROL), metrics.height() + 12))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The part of the common rounded edge that lies here."""
        painter = QPainter(self)
        chosen, enabled = self.isChecked(), self.isEnabled()
        fill = Token.SELECTED if chosen else Token.SURFACE
        if self.underMouse() and enabled and not chosen:
            fill = Token.HOVER
        reach = self.rect()
        painter.setClipRect(self.rect())
        wide = Size.RADIUS * 2
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if self.place in ("middle", "first" if not rtl else "last"):
            reach = reach.adjusted(0, 0, wide, 0)
        if self.place in ("middle", "last" if not rtl else "first"):
            reach = reach.adjusted(-wide, 0, 0, 0)
        paint.rounded(painter, reach, Size.RADIUS, fill, Token.CONTROL)
        if self.place in ("first", "middle"):
            edge = 0 if rtl else self.width() - 1
            painter.fillRect(edge, 1, 1, self.height() - 2, color(Token.BORDER))
        ink = Token.LINK if chosen else Token.TEXT
        painter.setPen(color(ink if enabled else Token.DISABLED))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextHideMnemonic
        painter.drawText(self.rect(), int(flags), self.text())
        painter.end()


class Segmented(QWidget):
    """One of a few choices side by side. Arrow keys move the choice."""

    changed = Signal(str)

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parts: dict[str, _Segment] = {}
        group = QButtonGroup(self)
        # Not fixed in height: a column of parts is higher than the row of the size hint.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for key, text in options:
            part = _Segment(text, self)
            self._parts[key] = part
            group.addButton(part)
            part.toggled.connect(
                lambda checked, key=key: self.changed.emit(key) if checked else None
            )
        self.setAccessibleName(name)
        if options:
            self.set_value(options[0][0])

    def minimumSizeHint(self) -> QSize:
        """The widest alone: where they have no room beside each other they stand in a column."""
        sizes = [part.sizeHint() for part in self._parts.values()]
        widest = max((size.width() for size in sizes), default=0)
        return QSize(widest, max((size.height() for size in sizes), default=0))

    def sizeHint(self) -> QSize:
        """Side by side."""
        needed = sum(part.sizeHint().width() for part in self._parts.values())
        return QSize(needed, self.minimumSizeHint().height())

    def heightForWidth(self, width: int) -> int:
        """One row, or one for each part."""
        row = self.minimumSizeHint().height()
        if self.sizeHint().width() <= width:
            return row
        return len(self._parts) * row + (len(self._parts) - 1) * _COLUMN_GAP

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side in one frame, or under one another."""
        super().resizeEvent(event)
        upright = self.sizeHint().width() > self.width()
        parts = list(self._parts.values())
        row = self.minimumSizeHint().height()
        x = y = 0
        for at, part in enumerate(parts):
            part.place = "only" if upright else _PLACES[at == 0, at == len(parts) - 1]
            spot = QRect(x, y, part.sizeHint().width(), row)
            part.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), spot))
            part.update()
            if upright:
                y += row + _COLUMN_GAP
            else:
                x += spot.width()

    def value(self) -> str:
        """Key of the choice."""
        return next((key for key, part in self._parts.items() if part.isChecked()), "")

    def set_value(self, key: str) -> None:
        """Choose; no signal."""
        blocked = [part.blockSignals(True) for part in self._parts.values()]
        self._parts[key].setChecked(True)
        for part in self._parts.values():
            part.blockSignals(False)
            part.update()
        del blocked

    def set_option_enabled(self, key: str, enabled: bool, why: str = "") -> None:
        """A choice that cannot be made says why in its tooltip."""
        self._parts[key].setEnabled(enabled)
        self._parts[key].setToolTip("" if enabled else why)

    def part(self, key: str) -> QAbstractButton:
        """The button of one choice."""
        return self._parts[key]
