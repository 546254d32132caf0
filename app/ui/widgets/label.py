"""Text on the window, in a role's font and a token's colour."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QTextLayout, QTextLine, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme import Role, Token, color, font, line_height

_MOST_LETTERS = 80
"""A wrapped text asks for no more than this in a line."""


class Label(QLabel):
    """Plain text that follows the scheme. `rich` takes a translator's markup, values escaped.

    A wrapped plain text is laid out here: Qt's label knows no line height. One that can be
    selected needs Qt's own text control, which takes the height from a style.
    """

    def __init__(
        self,
        text: str = "",
        role: Role = Role.BODY,
        token: Token = Token.TEXT,
        *,
        wrap: bool = False,
        rich: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._token = token
        self._role = role
        self._given = ""
        self._rich = rich
        self._selectable = selectable
        self._heights: dict[int, int] = {}
        styled = rich or selectable
        self.setTextFormat(Qt.TextFormat.RichText if styled else Qt.TextFormat.PlainText)
        self.setFont(font(role))
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            # Reading matter is no stop for the tabulator; a click selects.
            self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        if wrap:
            self.setWordWrap(True)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.setText(text)
        self._tint()

    # --- text ------------------------------------------------------------------------------------

    def setText(self, text: str) -> None:
        """Replace the text."""
        self._given = text
        self._heights.clear()
        if not (self._rich or self._selectable):
            super().setText(text)
            return
        inside = text if self._rich else html.escape(text).replace("\n", "<br>")
        if text and self.wordWrap():
            percent = round(100 * line_height(self._role) / self.fontMetrics().height())
            inside = f'<div style="line-height:{percent}%">{inside}</div>'
        super().setText(inside)

    def text(self) -> str:
        """The text as given."""
        return self._given

    def setFont(self, face: object) -> None:
        """Another font needs another height."""
        self._heights.clear()
        super().setFont(face)  # type: ignore[arg-type] # a QFont, as Qt says

    def set_token(self, token: Token) -> None:
        """Change the colour."""
        self._token = token
        self._tint()

    @property
    def token(self) -> Token:
        """The colour's name."""
        return self._token

    # --- size ------------------------------------------------------------------------------------

    def _own_lines(self) -> bool:
        return self.wordWrap() and self.textFormat() == Qt.TextFormat.PlainText

    def heightForWidth(self, width: int) -> int:
        """As many lines as the words need. Layouts ask for their own width, not for the label's."""
        width = min(width, self.maximumWidth())
        if not self._own_lines():
            return super().heightForWidth(width)
        if width not in self._heights:
            margins = self.contentsMargins()
            inside = width - margins.left() - margins.right()
            lines = max(1, self._laid_out(inside).lineCount())
            height = lines * line_height(self._role)
            self._heights[width] = height + margins.top() + margins.bottom()
        return self._heights[width]

    def sizeHint(self) -> QSize:
        """One line, if it is not too long to read."""
        if not self._own_lines():
            return super().sizeHint()
        margins = self.contentsMargins()
        metrics = self.fontMetrics()
        longest = max(map(metrics.horizontalAdvance, self._words().split("\n")), default=0) + 2
        width = min(longest, metrics.averageCharWidth() * _MOST_LETTERS, self.maximumWidth())
        width += margins.left() + margins.right()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """The longest word; a word longer than a quarter of a line is broken."""
        if not self._own_lines():
            return super().minimumSizeHint()
        metrics = self.fontMetrics()
        longest = max(map(metrics.horizontalAdvance, self._words().split()), default=0) + 2
        margins = self.contentsMargins()
        width = min(longest, metrics.averageCharWidth() * _MOST_LETTERS // 4)
        height = line_height(self._role) + margins.top() + margins.bottom()
        return QSize(width + margins.left() + margins.right(), height)

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines of the role's height."""
        if not self._own_lines():
            super().paintEvent(event)
            return
        area = self.contentsRect()
        laid_out = self._laid_out(area.width())
        free = area.height() - laid_out.lineCount() * line_height(self._role)
        top = area.y()
        if self.alignment() & Qt.AlignmentFlag.AlignVCenter:
            top += max(0, free) // 2
        elif self.alignment() & Qt.AlignmentFlag.AlignBottom:
            top += max(0, free)
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        laid_out.draw(painter, QPointF(area.x(), top))
        painter.end()

    def _words(self) -> str:
        """What is read: the mark of a form label's key is not."""
        if self.buddy() is None:
            return self._given
        return self._given.replace("&&", "\0").replace("&", "").replace("\0", "&")

    def _laid_out(self, width: int) -> QTextLayout:
        height = line_height(self._role)
        made = QTextLayout(self._words().replace("\n", "\u2028"), self.font())
        option = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(self.layoutDirection())
        made.setTextOption(option)
        made.beginLayout()
        for number, line in enumerate(_lines(made)):
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, number * height + (height - line.height()) / 2))
        made.endLayout()
        return made

    # --- colour ----------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """The palette of the application changed, or the label was enabled or disabled."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._tint()
        elif event.type() == QEvent.Type.FontChange:
            self._heights.clear()

    def _tint(self) -> None:
        wanted = color(self._token)
        palette = self.palette()
        if palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText) != wanted:
            palette.setColor(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText, wanted)
            palette.setColor(QPalette.ColorGroup.Inactive, QPalette.ColorRole.WindowText, wanted)
            palette.setColor(
                QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText, color(Token.DISABLED)
            )
            palette.setColor(QPalette.ColorRole.Link, color(Token.LINK))
            self.setPalette(palette)


def plain(markup: str) -> str:
    """A rich text without its markup, for a screen reader."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def _lines(layout: QTextLayout) -> Iterator[QTextLine]:
    while (line := layout.createLine()).isValid():
        yield line


class ElidedLabel(Label):
    """One line that ends in "…" where it does not fit; the whole text is its tooltip."""

    def __init__(
        self,
        text: str = "",
        role: Role = Role.BODY,
        token: Token = Token.TEXT,
        parent: QWidget | None = None,
    ) -> None:
        self._whole = text
        super().__init__(text, role, token, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_whole(text)

    def set_whole(self, text: str) -> None:
        """Replace the text."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    @property
    def whole(self) -> str:
        """The text as given."""
        return self._whole

    def minimumSizeHint(self) -> QSize:
        """May become as narrow as the layout likes."""
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Cut anew."""
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, max(24, self.width())
        )
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")
