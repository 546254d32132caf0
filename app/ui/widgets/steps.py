"""The wizard's rail of steps."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui import icons, paint
from app.ui.theme import Role, Size, Space, Token, color, font, grown
from app.ui.widgets.buttons import passes_by

_RING = 20
NARROW_STEP = 24
"""Width of a step that shows its ring alone, besides the ring."""


class StepState(StrEnum):
    """How a step of the wizard stands."""

    DONE = "done"
    CURRENT = "current"
    FAILED = "failed"
    LATER = "later"


class _StepButton(QAbstractButton):
    """One step: ring, number or glyph, and its name."""

    def __init__(self, number: int, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.number = number
        self.state = StepState.LATER
        self.current = False
        self.narrow = False
        self.setText(name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _words_rect(self, width: int, height: int) -> QRect:
        left = Space.MEDIUM + grown(_RING) + Space.TIGHT + 2
        return QRect(left, 0, max(40, width - left - 2), height)

    def hasHeightForWidth(self) -> bool:
        """Long names wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """One line or two."""
        least = max(int(Size.NAVIGATION_ROW), self.fontMetrics().height() + 12)
        if self.narrow:
            return least
        words = self._words_rect(width, 1000)
        flags = int(Qt.TextFlag.TextWordWrap)
        metrics = QFontMetrics(font(Role.STRONG if self.current else Role.BODY))
        box = metrics.boundingRect(words, flags, self.text())
        return max(least, box.height() + 14)

    def sizeHint(self) -> QSize:
        """As the rail is wide."""
        width = NARROW_STEP + grown(_RING) if self.narrow else 220
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """The ring alone."""
        return QSize(NARROW_STEP + grown(_RING), int(Size.NAVIGATION_ROW))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys are not a button's."""
        if not passes_by(event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Background of the current one, ring, name."""
        painter = QPainter(self)
        if self.current:
            paint.rounded(painter, self.rect(), Size.RADIUS, Token.SELECTED)
        elif self.underMouse() and self.isEnabled():
            paint.rounded(painter, self.rect(), Size.RADIUS, Token.HOVER)
        direction = self.layoutDirection()
        side = grown(_RING)
        left = (self.width() - side) // 2 if self.narrow else int(Space.MEDIUM)
        ring = QRect(left, (self.height() - side) // 2, side, side)
        self._paint_ring(painter, paint.mirrored(direction, self.rect(), ring))
        if not self.narrow:
            quiet = self.state is StepState.LATER and not self.current
            painter.setFont(font(Role.STRONG if self.current else Role.BODY))
            painter.setPen(color(Token.TEXT2 if quiet else Token.TEXT))
            words = self._words_rect(self.width(), self.height())
            words = paint.mirrored(direction, self.rect(), words)
            flags = paint.leading(direction) | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(words, int(flags | Qt.TextFlag.TextWordWrap), self.text())
        painter.end()

    def _paint_ring(self, painter: QPainter, ring: QRect) -> None:
        inner = ring.height() // 5
        if self.state is StepState.FAILED:
            icons.paint(painter, ring, "octagon-x", Token.FAILURE)
            return
        if self.state is StepState.DONE and not self.current:
            paint.rounded(painter, ring, ring.height() / 2, Token.SUCCESS_SUBTLE, Token.SUCCESS)
            icons.paint(
                painter, ring.adjusted(inner, inner, -inner, -inner), "check", Token.SUCCESS
            )
            return
        if self.current:
            paint.rounded(painter, ring, ring.height() / 2, Token.ACCENT)
        else:
            paint.rounded(painter, ring, ring.height() / 2, None, Token.CONTROL)
        painter.setFont(font(Role.HEADER))
        painter.setPen(color(Token.ON_ACCENT if self.current else Token.TEXT2))
        painter.drawText(ring, int(Qt.AlignmentFlag.AlignCenter), str(self.number))


class StepRail(QWidget):
    """A list of steps; the done ones can be pressed to go back."""

    chosen = Signal(int)

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current = 0
        self._reasons: dict[int, str] = {}
        self._buttons = [_StepButton(i + 1, name, self) for i, name in enumerate(names)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HAIR)
        for index, button in enumerate(self._buttons):
            column.addWidget(button)
            button.clicked.connect(lambda _checked=False, index=index: self.chosen.emit(index))
        self.setAccessibleName(self.tr("Steps"))
        self._refresh()

    def set_current(self, index: int) -> None:
        """The step on show; its own state (done or failed) is kept."""
        self._current = index
        self._refresh()

    def set_state(self, index: int, state: StepState) -> None:
        """DONE, FAILED or LATER; CURRENT is the same as `set_current`."""
        if state is StepState.CURRENT:
            self.set_current(index)
            return
        self._buttons[index].state = state
        self._refresh()

    def set_reason(self, index: int, text: str) -> None:
        """Why a later step cannot be opened yet; shown as its tooltip."""
        self._reasons[index] = text
        self._refresh()

    def wanted_width(self) -> int:
        """Room for every name in one line, the current one's heavier letters included."""
        letters = QFontMetrics(font(Role.STRONG))
        widest = max(letters.horizontalAdvance(button.text()) for button in self._buttons)
        return Space.MEDIUM + grown(_RING) + Space.TIGHT + 2 + widest + 6

    def set_narrow(self, narrow: bool) -> None:
        """Numbers only, for large text or narrow windows."""
        for button in self._buttons:
            button.narrow = narrow
            button.updateGeometry()
            button.update()

    def state(self, index: int) -> StepState:
        """How a step stands; CURRENT for the one on show unless it failed."""
        button = self._buttons[index]
        if button.current and button.state is not StepState.FAILED:
            return StepState.CURRENT
        return button.state

    def button(self, index: int) -> QAbstractButton:
        """The button of a step, for tests and for setting the focus."""
        return self._buttons[index]

    def _refresh(self) -> None:
        for index, button in enumerate(self._buttons):
            button.current = index == self._current
            open_ = button.state in (StepState.DONE, StepState.FAILED)
            button.setEnabled(open_ or button.current)
            button.setFocusPolicy(
                Qt.FocusPolicy.TabFocus if open_ and not button.current else Qt.FocusPolicy.NoFocus
            )
            button.setToolTip("" if button.isEnabled() else self._reasons.get(index, ""))
            button.setAccessibleName(
                self.tr("Step {number} of {total}, {name}, {state}").format(
                    number=index + 1,
                    total=len(self._buttons),
                    name=button.text(),
                    state=self._word(self.state(index)),
                )
            )
            button.update()

    def _word(self, state: StepState) -> str:
        return {
            StepState.DONE: self.tr("done"),
            StepState.CURRENT: self.tr("current"),
            StepState.FAILED: self.tr("failed"),
            StepState.LATER: self.tr("later"),
        }[state]
