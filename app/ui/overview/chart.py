"""The last cycles as stacked bars: created, updated, disabled, failed, always in this order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QWidget

from app.domain.activity import CycleOutcome, CycleSummary
from app.domain.texts import Translator
from app.ui import icons, paint, wording
from app.ui.error_words import error_words
from app.ui.theme import Role, Size, Space, Token, color, font, grown
from app.ui.widgets import Card, FlowLayout, Label

CYCLES = 24
_SERIES = (
    Token.CHART_CREATED,
    Token.CHART_UPDATED,
    Token.CHART_DISABLED,
    Token.CHART_FAILED,
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One cycle: its time and the four numbers in the order of the colours."""

    label: str
    values: tuple[int, int, int, int]
    failure: str = ""
    """Why the cycle ended without doing its work; "" when it did."""

    @property
    def total(self) -> int:
        """Height of the bar."""
        return sum(self.values)


def bar_of(cycle: CycleSummary, failure: str = "") -> Bar:
    """The bar of a finished cycle. A link changes nothing in GoTo, so it is not drawn."""
    counts = cycle.counts
    return Bar(
        wording.clock_time(cycle.started_at),
        (
            counts.created,
            counts.updated + counts.enabled,
            counts.disabled + counts.deleted,
            counts.failed,
        ),
        failure,
    )


def round_up(value: int) -> int:
    """The least of 2, 4, 6, 8, 10, 12, 16, 20, 40, … not below `value`: an axis of two halves."""
    step = 1
    while True:
        for factor in (2, 4, 6, 8, 10, 12, 16):
            if factor * step >= value:
                return factor * step
        step *= 10


class CyclesChart(QWidget):
    """The bars. Pointing at one, or moving to it with the arrow keys, says its numbers."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = tuple(names)
        self._bars: tuple[Bar, ...] = ()
        self._at = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(150)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Oldest first."""
        self._bars = tuple(bars)
        self._at = -1
        self.setAccessibleDescription("; ".join(self.words(bar) for bar in self._bars[-6:]))
        self.update()

    def words(self, bar: Bar) -> str:
        """The exact numbers of one cycle, or why it failed."""
        if bar.failure:
            return f"{bar.label}: {bar.failure}"
        pairs = zip(self._names, bar.values, strict=True)
        numbers = ", ".join(f"{name} {wording.number(value)}" for name, value in pairs)
        return f"{bar.label}: {numbers}"

    def sizeHint(self) -> QSize:
        """As in the drawing."""
        return QSize(460, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Axis, bars, times, focus."""
        painter = QPainter(self)
        painter.setFont(font(Role.CAPTION))
        plot = self._plot()
        top = round_up(max((bar.total for bar in self._bars), default=2))
        self._paint_axis(painter, plot, top)
        for number, bar in enumerate(self._bars):
            self._paint_bar(painter, self._slot(plot, number), bar, top)
        self._paint_times(painter, plot)
        if self.hasFocus() and 0 <= self._at < len(self._bars):
            slot = self._slot(plot, self._at).adjusted(-2, -2, 2, 2)
            paint.rounded(painter, slot, 4, None, Token.ACCENT, 2)
        painter.end()

    def _plot(self) -> QRect:
        metrics = QFontMetrics(font(Role.CAPTION))
        top = round_up(max((bar.total for bar in self._bars), default=2))
        left = max(24, metrics.horizontalAdvance(wording.number(top)) + 12)
        height = metrics.height()
        return self.rect().adjusted(left, height // 2, 0, -height - 6)

    def _slot(self, plot: QRect, number: int) -> QRect:
        step = plot.width() / max(12, len(self._bars))
        width = max(4, round(step * 0.54))
        middle = plot.x() + step * (number + 0.5)
        slot = QRect(round(middle - width / 2), plot.y(), width, plot.height())
        return paint.mirrored(self.layoutDirection(), plot, slot)

    def _paint_axis(self, painter: QPainter, plot: QRect, top: int) -> None:
        height = painter.fontMetrics().height()
        for value in (0, top // 2, top):
            y = plot.bottom() - round(plot.height() * value / top)
            painter.fillRect(plot.x(), y, plot.width(), 1, color(Token.BORDER))
            painter.setPen(color(Token.TEXT2))
            spot = QRect(0, y - height // 2, plot.x() - 8, height)
            painter.drawText(spot, int(Qt.AlignmentFlag.AlignRight), wording.number(value))

    def _paint_bar(self, painter: QPainter, slot: QRect, bar: Bar, top: int) -> None:
        base = slot.bottom()
        for value, token in zip(bar.values, _SERIES, strict=True):
            if value:
                height = max(3, round(slot.height() * value / top))
                painter.fillRect(slot.x(), base - height, slot.width(), height - 1, color(token))
                base -= height
        if bar.failure:
            side = min(grown(Size.ICON), slot.width() + 4)
            spot = QRect(slot.center().x() - side // 2, slot.bottom() - side, side, side)
            icons.paint(painter, spot, "octagon-x", Token.FAILURE)
        elif not bar.total:
            painter.fillRect(slot.x(), slot.bottom() - 1, slot.width(), 2, color(Token.CONTROL))

    def _paint_times(self, painter: QPainter, plot: QRect) -> None:
        metrics = painter.fontMetrics()
        painter.setPen(color(Token.TEXT2))
        free_from = -1
        for number, bar in enumerate(self._bars):
            slot = self._slot(plot, number)
            width = metrics.horizontalAdvance(bar.label)
            left = min(slot.center().x() - width // 2, self.width() - width)
            if (number % 6 == 0 or number == len(self._bars) - 1) and left > free_from:
                painter.drawText(left, self.height() - metrics.descent() - 1, bar.label)
                free_from = left + width + 12

    def event(self, event: QEvent) -> bool:
        """Tooltips by bar."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._bar_at(event.pos())
            text = self.words(self._bars[number]) if number >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _bar_at(self, spot: QPoint) -> int:
        plot = self._plot()
        for number in range(len(self._bars)):
            if self._slot(plot, number).adjusted(-3, 0, 3, 0).contains(spot):
                return number
        return -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go from bar to bar."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._bars:
            super().keyPressEvent(event)
            return
        if self._at < 0:
            self._at = len(self._bars)
        self._at = min(max(0, self._at + step), len(self._bars) - 1)
        words = self.words(self._bars[self._at])
        self.setAccessibleDescription(words)
        spot = self._slot(self._plot(), self._at).center()
        QToolTip.showText(self.mapToGlobal(spot), words, self)
        self.update()


class _Swatch(QWidget):
    """A square of a chart colour."""

    def __init__(self, token: Token) -> None:
        super().__init__()
        self._token = token
        self.setFixedSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), 2, self._token)
        painter.end()


class ChartCard(Card):
    """Title, legend, bars."""

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._translator = translator
        names = (
            self.tr("Created"),
            self.tr("Updated"),
            self.tr("Disabled"),
            self.tr("Failed"),
        )
        self._heading = Label("", Role.SECTION)
        legend = QWidget()
        flow = FlowLayout(legend, spacing=Space.MEDIUM)
        for name, token in zip(names, _SERIES, strict=True):
            entry = QWidget()
            row = QHBoxLayout(entry)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(Space.HAIR + 1)
            row.addWidget(_Swatch(token))
            row.addWidget(Label(name, Role.CAPTION, Token.TEXT2))
            flow.addWidget(entry)
        head = QWidget()
        heading = FlowLayout(head, spacing=Space.WIDE)
        heading.addWidget(self._heading)
        heading.addWidget(legend)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        head.setSizePolicy(policy)
        self.chart = CyclesChart(names)
        self.body.setSpacing(Space.MEDIUM)
        self.body.addWidget(head)
        self.body.addWidget(self.chart, 1)

    def show_cycles(self, cycles: Sequence[CycleSummary]) -> None:
        """Newest first, as the history gives them."""
        bars = [bar_of(cycle, self._failure(cycle)) for cycle in reversed(cycles[:CYCLES])]
        self.chart.show_bars(bars)
        title = self.tr("Last %Ln cycles", "", len(bars))
        self._heading.setText(title)
        self.chart.setAccessibleName(title)

    def _failure(self, cycle: CycleSummary) -> str:
        if cycle.outcome is not CycleOutcome.FAILED:
            return ""
        if cycle.error is None:
            return self.tr("The cycle failed")
        return error_words(self._translator.render, cycle.error, None).title
