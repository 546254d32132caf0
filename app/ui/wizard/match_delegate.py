"""Where a value comes from, and the chip that marks a matching attribute."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from app.bridge.roles import CellRole
from app.ui import icons, paint
from app.ui.theme import Role, Token, color, font, grown
from app.ui.widgets import CellDelegate

CHIP_HEIGHT = 22
_AROUND = 48


class MatchDelegate(CellDelegate):
    """The cell's text, and at its end a chip with the words of `CellRole.SECOND_LINE`."""

    def paint_content(
        self,
        painter: QPainter,
        area: QRect,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Text, then the chip."""
        words = str(index.data(CellRole.SECOND_LINE) or "")
        if words:
            face = font(Role.HEADER)
            metrics = QFontMetrics(face)
            side = grown(14)
            text = QFontMetrics(font(Role.BODY)).horizontalAdvance(str(index.data() or ""))
            if text + metrics.horizontalAdvance(words) + side + _AROUND > area.width():
                # The key and its number say the same; what is mapped comes first.
                words = words.rsplit(maxsplit=1)[-1]
            width = metrics.horizontalAdvance(words) + side + 24
            chip = QRect(0, 0, width, max(CHIP_HEIGHT, metrics.height() + 4))
            chip.moveCenter(area.center())
            chip.moveRight(area.right() - 12)
            shown = paint.mirrored(option.direction, area, chip)
            paint.rounded(painter, shown, shown.height() / 2, Token.ACCENT_SUBTLE)
            glyph = QRect(shown.x() + 10, shown.y(), side, shown.height())
            icons.paint(painter, glyph, "key-round", Token.LINK)
            painter.setFont(face)
            painter.setPen(color(Token.LINK))
            words_at = shown.adjusted(side + 14, 0, -8, 0)
            painter.drawText(words_at, int(Qt.AlignmentFlag.AlignVCenter), words)
            area = paint.mirrored(option.direction, area, area.adjusted(0, 0, -(width + 16), 0))
        super().paint_content(painter, area, option, index)
