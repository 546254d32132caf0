"""The on/off switch."""

from __future__ import annotations

from PySide6.QtCore import Property, QEasingCurve, QPropertyAnimation, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from app.ui import icons, paint
from app.ui.motion import OPEN_MS, duration
from app.ui.theme import Role, Token, color, font, grown
from app.ui.widgets.buttons import CheckBox

_WIDTH, _HEIGHT, _GAP = 36, 20, 12


class Switch(CheckBox):
    """A check box that looks like a switch; the knob wears a tick when on."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._place = 0.0
        self._motion = QPropertyAnimation(self, b"place", self)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.setFont(font(Role.STRONG))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._slide)

    def _get_place(self) -> float:
        return self._place

    def _set_place(self, value: float) -> None:
        self._place = value
        self.update()

    place = Property(float, _get_place, _set_place)
    """Where the knob is: 0 off, 1 on."""

    def sizeHint(self) -> QSize:
        """Track, gap and words."""
        words = self.fontMetrics().horizontalAdvance(self.text().replace("&", ""))
        width = grown(_WIDTH) + (_GAP + words + 2 if words else 0)
        return QSize(width, max(28, self.fontMetrics().height() + 8))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """Words count as the switch."""
        return self.rect().contains(pos)  # type: ignore[call-overload,no-any-return] # a QPoint

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, knob, words."""
        painter = QPainter(self)
        height = grown(_HEIGHT)
        track = QRect(0, (self.height() - height) // 2, grown(_WIDTH), height)
        direction = self.layoutDirection()
        enabled = self.isEnabled()
        shown = QStyle.visualRect(direction, self.rect(), track)
        if self._place > 0.5:
            fill = Token.ACCENT_HOVER if self.underMouse() else Token.ACCENT
            paint.rounded(painter, shown, height / 2, fill if enabled else Token.DISABLED)
        else:
            fill = Token.HOVER if self.underMouse() else Token.SURFACE
            edge = Token.CONTROL if enabled else Token.BORDER
            paint.rounded(painter, shown, height / 2, fill, edge)
        self._paint_knob(painter, track)
        if self.text():
            left = track.width() + _GAP
            words = QRect(left, 0, self.width() - left, self.height())
            painter.setPen(color(Token.TEXT if enabled else Token.DISABLED))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextHideMnemonic
            side = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft)
            painter.drawText(
                QStyle.visualRect(direction, self.rect(), words),
                int(flags | side),
                self.text(),
            )
        painter.end()

    def _paint_knob(self, painter: QPainter, track: QRect) -> None:
        on = self._place > 0.5
        side = track.height() - 6
        left = track.x() + 3 + round(self._place * (track.width() - side - 6))
        knob = QRect(left, track.y() + 3, side, side)
        knob = QStyle.visualRect(self.layoutDirection(), self.rect(), knob)
        paint.rounded(painter, knob, side / 2, Token.ON_ACCENT if on else Token.CONTROL)
        if on:
            tick = knob.adjusted(2, 2, -2, -2)
            icons.paint(painter, tick, "check", Token.ACCENT if self.isEnabled() else Token.TEXT2)

    def _slide(self, on: bool) -> None:
        end = 1.0 if on else 0.0
        time = duration(OPEN_MS)
        self._motion.stop()
        if time == 0 or not self.isVisible():
            self._set_place(end)
            return
        self._motion.setDuration(time)
        self._motion.setStartValue(self._place)
        self._motion.setEndValue(end)
        self._motion.start()
