"""Shapes the style and our own widgets are painted with. All colours come by token."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import (
    QPlainTextEdit,
    QPushButton,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionHeader,
    QStyleOptionProgressBar,
    QStyleOptionSlider,
    QStyleOptionTab,
    QStyleOptionViewItem,
    QTextEdit,
    QWidget,
)

from app.ui import icons
from app.ui.theme import Role, Size, Token, color, font, grown

_State = QStyle.StateFlag
PADDING = 14
GAP = 8


def rounded(
    painter: QPainter,
    rect: QRect,
    radius: float,
    fill: Token | None,
    edge: Token | None = None,
    width: float = 1,
) -> None:
    """A rounded rectangle that fills `rect` exactly, edge included."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(color(fill) if fill is not None else Qt.BrushStyle.NoBrush)
    if edge is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(rect), radius, radius)
    else:
        painter.setPen(QPen(color(edge), width))
        half = width / 2
        painter.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), radius, radius)
    painter.restore()


def outline(painter: QPainter, rect: QRect, token: Token) -> None:
    """A square one pixel edge just inside `rect`."""
    painter.save()
    painter.setPen(QPen(color(token), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0, 0, -1, -1))
    painter.restore()


def bottom_line(painter: QPainter, rect: QRect) -> None:
    """A hairline along the lower edge."""
    painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, color(Token.BORDER))


def focus_ring(painter: QPainter, rect: QRect) -> None:
    """Two pixels of accent round the control that lies four pixels inside."""
    rounded(painter, rect, Size.RADIUS + 3, None, Token.ACCENT, 2)


# --- buttons ---------------------------------------------------------------------------------


def _kind(option: QStyleOptionButton, widget: QWidget | None) -> str:
    kind = str(widget.property("kind") or "") if widget is not None else ""
    default = bool(option.features & QStyleOptionButton.ButtonFeature.DefaultButton)
    return kind or ("primary" if default else "normal")


def _glyphs(widget: QWidget | None) -> tuple[str, str]:
    if widget is None:
        return "", ""
    return str(widget.property("glyph") or ""), str(widget.property("trailingGlyph") or "")


def button_size(option: QStyleOptionButton, widget: QWidget | None) -> QSize:
    """Room for glyphs, text and padding; the grid's height or what the font needs."""
    small = widget is not None and bool(widget.property("small"))
    link = _kind(option, widget) == "link"
    metrics = option.fontMetrics
    glyphs = sum(1 for glyph in _glyphs(widget) if glyph)
    text = metrics.horizontalAdvance(_plain(option.text)) if option.text else 0
    gaps = GAP * (glyphs if text else max(0, glyphs - 1))
    padding = 6 if link else (10 if small else PADDING)
    least = int(Size.SMALL_CONTROL if small else Size.CONTROL)
    height = max(least, metrics.height() + (8 if small else 12))
    return QSize(text + glyphs * grown(Size.ICON) + gaps + 2 * padding + 2, height)


def _plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def _button_tokens(kind: str, state: QStyle.StateFlag) -> tuple[Token | None, Token | None, Token]:
    """Fill, edge and text of a button."""
    enabled = bool(state & _State.State_Enabled)
    over = bool(state & _State.State_MouseOver) and enabled
    down = bool(state & (_State.State_Sunken | _State.State_On)) and enabled
    if not enabled:
        return (None, None if kind == "link" else Token.BORDER, Token.DISABLED)
    if kind == "primary":
        fill = Token.ACCENT_PRESS if down else Token.ACCENT_HOVER if over else Token.ACCENT
        return fill, None, Token.ON_ACCENT
    if kind == "link":
        fill_link = Token.SELECTED if down else Token.HOVER if over else None
        return fill_link, None, Token.LINK
    if kind == "destructive":
        over_fill = Token.FAILURE_SUBTLE if over or down else Token.SURFACE
        return over_fill, Token.FAILURE, Token.FAILURE
    fill = Token.SELECTED if down else Token.HOVER if over else Token.SURFACE
    return fill, Token.CONTROL, Token.TEXT


def push_button(painter: QPainter, option: QStyleOptionButton, widget: QWidget | None) -> None:
    """The whole button: panel, glyph, text, glyph after the word."""
    kind = _kind(option, widget)
    side = grown(Size.ICON)
    fill, edge, text_token = _button_tokens(kind, option.state)
    rounded(painter, option.rect, Size.RADIUS, fill, edge)
    leading, trailing = _glyphs(widget)
    metrics = option.fontMetrics
    text_width = metrics.horizontalAdvance(_plain(option.text)) if option.text else 0
    used = text_width
    for glyph in (leading, trailing):
        if glyph:
            used += side + (GAP if option.text else 0)
    available = option.rect.width() - 8
    x = option.rect.x() + (option.rect.width() - min(used, available)) // 2
    right = x + min(used, available)
    top = option.rect.y() + (option.rect.height() - side) // 2
    if leading:
        _glyph(painter, option, QRect(x, top, side, side), leading, text_token)
        x += side + GAP
    if trailing:
        at = QRect(right - side, top, side, side)
        _glyph(painter, option, at, trailing, text_token)
        right -= side + GAP
    if option.text:
        area = QRect(x, option.rect.y(), right - x, option.rect.height())
        area = QStyle.visualRect(option.direction, option.rect, area)
        text = metrics.elidedText(
            option.text,
            Qt.TextElideMode.ElideRight,
            area.width() + 2,
            int(Qt.TextFlag.TextShowMnemonic),
        )
        painter.setPen(color(text_token))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextHideMnemonic
        painter.drawText(area.adjusted(-2, 0, 2, 0), int(flags), text)


def _glyph(painter: QPainter, option: QStyleOption, rect: QRect, name: str, token: Token) -> None:
    icons.paint(painter, QStyle.visualRect(option.direction, option.rect, rect), name, token)


def flat_panel(painter: QPainter, option: QStyleOption) -> None:
    """Tool buttons: nothing until the pointer or a press is on them."""
    if option.state & (_State.State_Sunken | _State.State_On):
        rounded(painter, option.rect, Size.RADIUS, Token.SELECTED)
    elif option.state & _State.State_MouseOver and option.state & _State.State_Enabled:
        rounded(painter, option.rect, Size.RADIUS, Token.HOVER)


def check_box(painter: QPainter, option: QStyleOption) -> None:
    """A tick on accent; a dash while the part below is mixed."""
    enabled = bool(option.state & _State.State_Enabled)
    mixed = bool(option.state & _State.State_NoChange)
    if option.state & _State.State_On or mixed:
        rounded(
            painter, option.rect, Size.CHECK_RADIUS, Token.ACCENT if enabled else Token.DISABLED
        )
        inside = option.rect.adjusted(3, 3, -3, -3)
        icons.paint(painter, inside, "minus" if mixed else "check", Token.ON_ACCENT)
    else:
        over = option.state & _State.State_MouseOver and enabled
        rounded(
            painter,
            option.rect,
            Size.CHECK_RADIUS,
            Token.HOVER if over else Token.SURFACE,
            Token.CONTROL if enabled else Token.BORDER,
        )


def radio_button(painter: QPainter, option: QStyleOption) -> None:
    """A ring; chosen, it is filled with accent and keeps a hole."""
    enabled = bool(option.state & _State.State_Enabled)
    radius = option.rect.height() / 2
    if option.state & _State.State_On:
        rounded(painter, option.rect, radius, Token.ACCENT if enabled else Token.DISABLED)
        rounded(painter, option.rect.adjusted(6, 6, -6, -6), radius - 6, Token.ON_ACCENT)
    else:
        over = option.state & _State.State_MouseOver and enabled
        rounded(
            painter,
            option.rect,
            radius,
            Token.HOVER if over else Token.SURFACE,
            Token.CONTROL if enabled else Token.BORDER,
        )


# --- fields ----------------------------------------------------------------------------------


def is_text_area(widget: QWidget | None) -> bool:
    """Text areas wear the edge of a field; other frames stay Fusion's."""
    return isinstance(widget, QPlainTextEdit | QTextEdit)


def field(painter: QPainter, option: QStyleOption, widget: QWidget | None) -> None:
    """The edge of a field: thicker with the focus, red while its value is refused."""
    enabled = bool(option.state & _State.State_Enabled)
    failed = widget is not None and bool(widget.property("failed"))
    focused = bool(option.state & _State.State_HasFocus)
    if failed:
        edge, width = Token.FAILURE, 2
    elif focused:
        edge, width = Token.ACCENT, 2
    else:
        edge, width = (Token.CONTROL if enabled else Token.BORDER), 1
    rounded(
        painter, option.rect, Size.RADIUS, Token.SURFACE if enabled else Token.WINDOW, edge, width
    )


def combo_box(painter: QPainter, option: QStyleOptionComboBox, widget: QWidget | None) -> None:
    """A field with a chevron."""
    field(painter, option, widget)
    enabled = bool(option.state & _State.State_Enabled)
    side = grown(Size.ICON)
    left = option.rect.right() - side - 10
    right = QRect(left, option.rect.y(), side, option.rect.height())
    spot = QStyle.visualRect(option.direction, option.rect, right)
    icons.paint(painter, spot, "chevron-down", Token.TEXT if enabled else Token.DISABLED)


def combo_label(painter: QPainter, option: QStyleOptionComboBox) -> None:
    """The chosen entry: its glyph, then its words. An editable one writes its own words."""
    area = option.rect.adjusted(10, 2, -grown(Size.ICON) - 14, -2)
    if not option.currentIcon.isNull():
        side = grown(Size.ICON)
        spot = QRect(area.x(), area.y() + (area.height() - side) // 2, side, side)
        enabled = bool(option.state & _State.State_Enabled)
        mode = QIcon.Mode.Normal if enabled else QIcon.Mode.Disabled
        option.currentIcon.paint(painter, mirrored(option.direction, option.rect, spot), mode=mode)
        area.setLeft(spot.right() + 1 + GAP)
    if option.editable or not option.currentText:
        return
    area = mirrored(option.direction, option.rect, area)
    text = option.fontMetrics.elidedText(
        option.currentText, Qt.TextElideMode.ElideRight, area.width()
    )
    painter.setPen(option.palette.color(QPalette.ColorRole.ButtonText))
    painter.drawText(area, int(leading(option.direction) | Qt.AlignmentFlag.AlignVCenter), text)


# --- item views ------------------------------------------------------------------------------


def item_background(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Selected, pointed at, or nothing."""
    if option.state & _State.State_Selected:
        painter.fillRect(option.rect, color(Token.SELECTED))
    elif option.state & _State.State_MouseOver:
        painter.fillRect(option.rect, color(Token.HOVER))


def branch(painter: QPainter, option: QStyleOption) -> None:
    """The chevron of a tree row."""
    if option.state & _State.State_Children:
        closed = (
            "chevron-left"
            if option.direction == Qt.LayoutDirection.RightToLeft
            else ("chevron-right")
        )
        name = "chevron-down" if option.state & _State.State_Open else closed
        side = QRect(0, 0, grown(Size.ICON), grown(Size.ICON))
        side.moveCenter(option.rect.center())
        icons.paint(painter, side, name, Token.TEXT2)


def header_label(painter: QPainter, option: QStyleOptionHeader) -> None:
    """Small, in the second text colour, on the side its column reads from."""
    painter.save()
    painter.setFont(font(Role.HEADER))
    painter.setPen(color(Token.TEXT2))
    first = option.position in (
        QStyleOptionHeader.SectionPosition.Beginning,
        QStyleOptionHeader.SectionPosition.OnlyOneSection,
    )
    area = mirrored(
        option.direction, option.rect, option.rect.adjusted(14 if first else 6, 0, -6, 0)
    )
    arrow = option.sortIndicator
    if arrow != QStyleOptionHeader.SortIndicator.None_:
        spot = QRect(area.right() - grown(14), area.y(), grown(14), area.height())
        up = arrow == QStyleOptionHeader.SortIndicator.SortUp
        icons.paint(painter, spot, "chevron-up" if up else "chevron-down", Token.TEXT2)
        area.setRight(area.right() - grown(14) - 4)
    text = painter.fontMetrics().elidedText(option.text, Qt.TextElideMode.ElideRight, area.width())
    align = QStyle.visualAlignment(
        option.direction,
        Qt.AlignmentFlag.AlignRight
        if option.textAlignment & Qt.AlignmentFlag.AlignRight
        else Qt.AlignmentFlag.AlignLeft,
    )
    painter.drawText(area, int(align | Qt.AlignmentFlag.AlignVCenter), text)
    painter.restore()


# --- tabs, bars ------------------------------------------------------------------------------


def tab(painter: QPainter, option: QStyleOptionTab) -> None:
    """The current tab is underlined; the pointer tints the others."""
    if option.state & _State.State_Selected:
        rect = option.rect
        painter.fillRect(rect.x(), rect.bottom() - 1, rect.width(), 2, color(Token.ACCENT))
    elif option.state & _State.State_MouseOver:
        rounded(painter, option.rect.adjusted(2, 4, -2, -4), Size.RADIUS, Token.HOVER)
    if option.state & _State.State_HasFocus:
        rounded(
            painter, option.rect.adjusted(2, 2, -2, -4), Size.CHECK_RADIUS, None, Token.ACCENT, 2
        )


def groove(painter: QPainter, rect: QRect) -> None:
    """What is still to do."""
    rounded(painter, rect, rect.height() / 2, Token.SUNKEN, Token.BORDER)


def progress(painter: QPainter, option: QStyleOptionProgressBar) -> None:
    """What is done, from the side the language reads from."""
    span = option.maximum - option.minimum
    if span <= 0 or option.progress <= option.minimum:
        return
    share = min(1.0, (option.progress - option.minimum) / span)
    rect = QRect(option.rect)
    rect.setWidth(max(rect.height(), round(rect.width() * share)))
    rect = QStyle.visualRect(option.direction, option.rect, rect)
    path = QPainterPath()
    radius = option.rect.height() / 2
    path.addRoundedRect(QRectF(option.rect), radius, radius)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(path)
    painter.fillRect(rect, color(Token.ACCENT))
    painter.restore()


def scroll_bar_part(option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect:
    """Groove = everything; handle by page and range; arrows do not exist."""
    rect = option.rect
    if part == QStyle.SubControl.SC_ScrollBarGroove:
        return rect
    upright = option.orientation == Qt.Orientation.Vertical
    length = rect.height() if upright else rect.width()
    span = option.maximum - option.minimum + option.pageStep
    handle = length if span <= 0 else max(28, length * option.pageStep // max(1, span))
    handle = min(handle, length)
    start = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, length - handle, option.upsideDown
    )
    parts = {
        QStyle.SubControl.SC_ScrollBarSlider: (start, handle),
        QStyle.SubControl.SC_ScrollBarSubPage: (0, start),
        QStyle.SubControl.SC_ScrollBarAddPage: (start + handle, length - start - handle),
    }
    if part not in parts:
        return QRect()
    begin, extent = parts[part]
    if upright:
        return QRect(rect.x(), rect.y() + begin, rect.width(), extent)
    made = QRect(rect.x() + begin, rect.y(), extent, rect.height())
    return QStyle.visualRect(option.direction, rect, made)


def scroll_bar(painter: QPainter, option: QStyleOptionSlider, handle: QRect) -> None:
    """A slim rounded handle on nothing."""
    if option.maximum <= option.minimum:
        return
    slim = handle.adjusted(3, 2, -3, -2)
    if option.orientation == Qt.Orientation.Horizontal:
        slim = handle.adjusted(2, 3, -2, -3)
    active = bool(option.state & (_State.State_Sunken | _State.State_MouseOver))
    rounded(
        painter,
        slim,
        min(slim.width(), slim.height()) / 2,
        Token.TEXT2 if active else Token.CONTROL,
    )


def arc(painter: QPainter, rect: QRect, token: Token, turn: float) -> None:
    """An open ring, three quarters of a circle, turned by `turn` degrees."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = max(1.5, rect.width() / 9)
    painter.setPen(QPen(color(token), width, c=Qt.PenCapStyle.RoundCap))
    box = QRectF(rect).adjusted(width, width, -width, -width)
    painter.drawArc(box, round((90 - turn) * 16), -280 * 16)
    painter.restore()


def line(painter: QPainter, start: QPointF, end: QPointF, tint: QColor, width: float = 1) -> None:
    """A straight line."""
    painter.save()
    painter.setPen(QPen(tint, width))
    painter.drawLine(start, end)
    painter.restore()


def is_link(button: QPushButton) -> bool:
    """True for buttons that look like a link."""
    return str(button.property("kind")) == "link"


def mirrored(direction: Qt.LayoutDirection, whole: QRect, part: QRect) -> QRect:
    """`part` of `whole`, on the other side where the language reads from the right."""
    return QStyle.visualRect(direction, whole, part)


def leading(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    """The side lines begin at."""
    if direction == Qt.LayoutDirection.RightToLeft:
        return Qt.AlignmentFlag.AlignRight
    return Qt.AlignmentFlag.AlignLeft
