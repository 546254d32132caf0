"""How cells of tables are painted: glyph, words, old → new. Fast: one paint, no style calls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QTreeView,
    QWidget,
)

from app.bridge.roles import CellRole
from app.domain.activity import ActionKind, Change
from app.ui import icons, paint
from app.ui.states import ACTION_GLYPHS, LOOKS, State, action_word, state_word
from app.ui.theme import Role, Size, Token, color, font, grown
from app.ui.widgets.rows import RowHover, hovered_row, row_height, two_lines_height

Index = QModelIndex | QPersistentModelIndex
_PAD, _GAP = 8, 8


class CellDelegate(QStyledItemDelegate):
    """A glyph if the model names one, then the text in its tint."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        dense: bool = False,
        lines: bool = True,
        indent: int = 8,
        end: int = _PAD,
    ) -> None:
        super().__init__(parent)
        self._dense = dense
        self._lines = lines
        self._indent = indent
        self._end = end

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Background, focus, content, hairline."""
        view = option.widget
        table = view if isinstance(view, QTableView) else None
        if table is not None and hovered_row(table) == index.row():
            option.state |= QStyle.StateFlag.State_MouseOver
        paint.item_background(painter, option)
        if table is not None and table.hasFocus() and table.currentIndex().row() == index.row():
            _paint_row_ring(painter, option.rect, table)
        elif table is None and option.state & QStyle.StateFlag.State_HasFocus:
            paint.rounded(
                painter, option.rect.adjusted(1, 1, -1, -2), Size.CHECK_RADIUS, None, Token.ACCENT
            )
        first = self._indent if index.column() == 0 else 0
        area = option.rect.adjusted(_PAD + first, 0, -self._end, 0)
        area = paint.mirrored(option.direction, option.rect, area)
        self.paint_content(painter, area, option, index)
        if self._lines:
            paint.bottom_line(painter, option.rect)

    def paint_content(
        self, painter: QPainter, area: QRect, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """What subclasses replace."""
        glyph = index.data(CellRole.GLYPH)
        if glyph:
            area = self._glyph(painter, area, option, str(glyph), Token.TEXT2)
        self._words(painter, area, option, index)

    def _glyph(
        self,
        painter: QPainter,
        area: QRect,
        option: QStyleOptionViewItem,
        name: str,
        token: Token,
    ) -> QRect:
        """Draw the glyph first in the reading direction; what is left is returned."""
        side = grown(Size.ICON)
        spot = QRect(area.x(), area.y(), side, area.height())
        icons.paint(painter, paint.mirrored(option.direction, area, spot), name, token)
        rest = area.adjusted(side + _GAP, 0, 0, 0)
        return paint.mirrored(option.direction, area, rest)

    def _words(
        self,
        painter: QPainter,
        area: QRect,
        option: QStyleOptionViewItem,
        index: Index,
        text: str | None = None,
    ) -> None:
        shown = str(index.data() or "") if text is None else text
        strong = bool(index.data(CellRole.STRONG))
        face = font(Role.STRONG if strong else Role.DENSE if self._dense else Role.BODY)
        tint = index.data(CellRole.TINT)
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        ink = Token(tint) if tint else Token.TEXT
        painter.setFont(face)
        painter.setPen(color(ink if enabled else Token.DISABLED))
        metrics = QFontMetrics(face)
        fitted = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, area.width())
        align = index.data(Qt.ItemDataRole.TextAlignmentRole)
        right = align is not None and int(align) & int(Qt.AlignmentFlag.AlignRight)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        side = QStyle.visualAlignment(option.direction, side)
        painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), fitted)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the content; rows have one height."""
        face = font(Role.DENSE if self._dense else Role.BODY)
        if index.data(CellRole.STRONG):
            face = font(Role.STRONG)
        width = QFontMetrics(face).horizontalAdvance(str(index.data() or "")) + 2 * _PAD + 2
        if index.data(CellRole.GLYPH) or index.data(CellRole.ACTION):
            width += grown(Size.ICON) + _GAP
        return QSize(width, row_height(dense=self._dense))

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """The full text where it was cut."""
        text = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
        if not text:
            text = str(index.data() or "")
            if self.sizeHint(option, index).width() <= option.rect.width():
                text = ""
        QToolTip.showText(event.globalPos(), text, view)
        return True


def _paint_row_ring(painter: QPainter, cell: QRect, view: QTableView) -> None:
    """One ring, a pixel inside the whole row, of which this cell shows its part."""
    ring = QRect(0, cell.y(), view.viewport().width(), cell.height()).adjusted(1, 1, -1, -2)
    painter.save()
    painter.setClipRect(cell)
    paint.rounded(painter, ring, Size.CHECK_RADIUS, None, Token.ACCENT, 2)
    painter.restore()


class StatusDelegate(CellDelegate):
    """The state's glyph alone; its word is the tooltip."""

    def paint_content(
        self, painter: QPainter, area: QRect, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """The glyph in the middle."""
        state = index.data(CellRole.STATE)
        if state:
            look = LOOKS[State(state)]
            spot = QRect(0, 0, grown(Size.ICON), grown(Size.ICON))
            spot.moveCenter(option.rect.center())
            icons.paint(painter, spot, look.glyph, look.token)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """The word."""
        state = index.data(CellRole.STATE)
        QToolTip.showText(event.globalPos(), state_word(State(state)) if state else "", view)
        return True


class ActionDelegate(CellDelegate):
    """The action's glyph and verb."""

    def paint_content(
        self, painter: QPainter, area: QRect, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Glyph, then the verb; the cell's own text wins over the usual verb."""
        action = index.data(CellRole.ACTION)
        if not action:
            super().paint_content(painter, area, option, index)
            return
        kind = ActionKind(action)
        state = index.data(CellRole.STATE)
        if state in (State.SKIPPED, State.FAILURE):
            look = LOOKS[State(state)]
            area = self._glyph(painter, area, option, look.glyph, look.token)
        else:
            area = self._glyph(painter, area, option, ACTION_GLYPHS[kind], Token.TEXT2)
        self._words(painter, area, option, index, str(index.data() or "") or action_word(kind))


class ChangeDelegate(CellDelegate):
    """`attribute: old → new`, the old struck through, the new strong; else the cell's text."""

    def paint_content(
        self, painter: QPainter, area: QRect, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """As many changes as fit in the line."""
        changes: Sequence[Change] = index.data(CellRole.CHANGES) or ()
        shown = [c for c in changes if c.old is not None]
        if not shown:
            super().paint_content(painter, area, option, index)
            return
        plain = font(Role.DENSE if self._dense else Role.BODY)
        strong = QFont(plain)
        strong.setWeight(QFont.Weight.DemiBold)
        struck = QFont(plain)
        struck.setStrikeOut(True)
        pen = _Pen(painter, area, option.direction)
        for number, change in enumerate(shown):
            pen.write(("; " if number else "") + f"{change.attribute}: ", plain, Token.TEXT)
            pen.write(value_text(change.old), struck, Token.TEXT2)
            arrow = " ← " if option.direction == Qt.LayoutDirection.RightToLeft else " → "
            pen.write(arrow, plain, Token.TEXT2)
            pen.write(value_text(change.new), strong, Token.TEXT)


class _Pen:
    """Writes pieces of one line one after the other until the room ends."""

    def __init__(self, painter: QPainter, area: QRect, direction: Qt.LayoutDirection) -> None:
        self._painter = painter
        self._area = area
        self._direction = direction
        self._used = 0

    def write(self, text: str, face: QFont, token: Token) -> None:
        room = self._area.width() - self._used
        if room <= 8 or not text:
            return
        metrics = QFontMetrics(face)
        fitted = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(fitted)
        spot = QRect(
            self._area.topLeft() + QPoint(self._used, 0), QSize(width + 2, self._area.height())
        )
        self._painter.setFont(face)
        self._painter.setPen(color(token))
        flags = paint.leading(self._direction) | Qt.AlignmentFlag.AlignVCenter
        self._painter.drawText(
            paint.mirrored(self._direction, self._area, spot), int(flags), fitted
        )
        self._used += width


class WrappedDelegate(ChangeDelegate):
    """Changes as above; other words take a second line where the row is high enough."""

    def paint_content(
        self, painter: QPainter, area: QRect, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """One line or two."""
        text = str(index.data() or "")
        metrics = QFontMetrics(font(Role.BODY))
        fits = metrics.horizontalAdvance(text) <= area.width()
        if fits or index.data(CellRole.CHANGES) or area.height() < 2 * metrics.height() + 8:
            super().paint_content(painter, area, option, index)
            return
        first = _first_line(text, area.width())
        height = metrics.lineSpacing()
        top = area.y() + (area.height() - 2 * height) // 2
        for number, words in enumerate((text[:first].rstrip(), text[first:].lstrip())):
            line = QRect(area.x(), top + number * height, area.width(), height)
            self._words(painter, line, option, index, words)


class StateWrappedDelegate(WrappedDelegate):
    """The state's glyph, then words that take a second line where the row is high enough."""

    def paint_content(
        self, painter: QPainter, area: QRect, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Shape, then words."""
        state = index.data(CellRole.STATE)
        if state:
            look = LOOKS[State(state)]
            area = self._glyph(painter, area, option, look.glyph, look.token)
        super().paint_content(painter, area, option, index)


def _first_line(text: str, width: int) -> int:
    """How many letters of `text` stand in the first line."""
    layout = QTextLayout(text, font(Role.BODY))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(width)
    layout.endLayout()
    return line.textLength()


class TwoLineDelegate(CellDelegate):
    """A glyph, a strong line, a quiet line below (`CellRole.SECOND_LINE`)."""

    def paint_content(
        self, painter: QPainter, area: QRect, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Two lines."""
        state, glyph = index.data(CellRole.STATE), index.data(CellRole.GLYPH)
        if state:
            look = LOOKS[State(state)]
            area = self._glyph(painter, area, option, look.glyph, look.token)
        elif glyph:
            area = self._glyph(painter, area, option, str(glyph), Token.TEXT2)
        half = area.height() // 2
        upper = QRect(area.x(), area.y() + 4, area.width(), half - 3)
        lower = QRect(area.x(), area.y() + half, area.width(), half - 3)
        side = int(paint.leading(option.direction) | Qt.AlignmentFlag.AlignVCenter)
        for rect, role, token, text in (
            (upper, Role.STRONG, Token.TEXT, index.data()),
            (lower, Role.CAPTION, Token.TEXT2, index.data(CellRole.SECOND_LINE)),
        ):
            face = font(role)
            painter.setFont(face)
            painter.setPen(color(token))
            fitted = QFontMetrics(face).elidedText(
                str(text or ""), Qt.TextElideMode.ElideRight, rect.width()
            )
            painter.drawText(rect, side, fitted)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """High enough for two lines."""
        return QSize(super().sizeHint(option, index).width(), two_lines_height())


def value_text(value: object) -> str:
    """A value as people read it: several joined by commas, nothing as a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    return str(value)


def set_up_table(
    view: QTableView | QTreeView,
    *,
    dense: bool = False,
    lines: bool = True,
    stretch: int = -1,
    delegate: QStyledItemDelegate | None = None,
) -> None:
    """Rows of one height, whole rows selected, one tab stop, header as drawn.

    `stretch` is the column that takes what is left (-1 = the last).
    """
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setItemDelegate(delegate or CellDelegate(view, dense=dense, lines=lines))
    view.setTabKeyNavigation(False)
    view.setMouseTracking(True)
    if isinstance(view, QTableView):
        RowHover(view)
        rows = view.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(row_height(dense=dense))
        rows.setDefaultSectionSize(row_height(dense=dense))
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setCornerButtonEnabled(False)
        header = view.horizontalHeader()
    else:
        view.setUniformRowHeights(True)
        header = view.header()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
    header.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    header.setMinimumSectionSize(32)
    if stretch == -1:
        header.setStretchLastSection(True)
    else:
        header.setStretchLastSection(False)
        header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)


def column_of(model: QAbstractItemModel, row: int, column: int) -> str:
    """Text of one cell, for copying."""
    return str(model.index(row, column).data() or "")
