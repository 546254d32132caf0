"""One style for the whole window: Fusion underneath, our colours and shapes on top.

What Fusion draws well with our palette stays Fusion's. Style sheets are not used: they cost speed
on item views and do not follow a change of scheme.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFocusFrame,
    QLineEdit,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionHeader,
    QStyleOptionProgressBar,
    QStyleOptionSlider,
    QStyleOptionTab,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)
from shiboken6 import isValid

from app.ui import paint
from app.ui.theme import (
    Role,
    Scheme,
    Size,
    Token,
    activate,
    active_scheme,
    color,
    font,
    grown,
)

_METRICS: dict[QStyle.PixelMetric, int] = {
    QStyle.PixelMetric.PM_IndicatorWidth: 18,
    QStyle.PixelMetric.PM_IndicatorHeight: 18,
    QStyle.PixelMetric.PM_ExclusiveIndicatorWidth: 18,
    QStyle.PixelMetric.PM_ExclusiveIndicatorHeight: 18,
    QStyle.PixelMetric.PM_CheckBoxLabelSpacing: 8,
    QStyle.PixelMetric.PM_RadioButtonLabelSpacing: 8,
    QStyle.PixelMetric.PM_ScrollBarExtent: 12,
    QStyle.PixelMetric.PM_ScrollBarSliderMin: 28,
    QStyle.PixelMetric.PM_FocusFrameHMargin: 4,
    QStyle.PixelMetric.PM_FocusFrameVMargin: 4,
    QStyle.PixelMetric.PM_SplitterWidth: 9,
    QStyle.PixelMetric.PM_DockWidgetSeparatorExtent: 5,
    QStyle.PixelMetric.PM_DockWidgetFrameWidth: 0,
    QStyle.PixelMetric.PM_ButtonShiftHorizontal: 0,
    QStyle.PixelMetric.PM_ButtonShiftVertical: 0,
    QStyle.PixelMetric.PM_LayoutHorizontalSpacing: 8,
    QStyle.PixelMetric.PM_LayoutVerticalSpacing: 8,
    QStyle.PixelMetric.PM_SmallIconSize: 16,
    QStyle.PixelMetric.PM_ButtonIconSize: 16,
    QStyle.PixelMetric.PM_LineEditIconSize: 16,
    QStyle.PixelMetric.PM_TabBarTabHSpace: 12,
    QStyle.PixelMetric.PM_TabBarTabVSpace: 18,
    QStyle.PixelMetric.PM_TabBarBaseOverlap: 0,
    QStyle.PixelMetric.PM_ToolTipLabelFrameWidth: 6,
    QStyle.PixelMetric.PM_MenuPanelWidth: 1,
    QStyle.PixelMetric.PM_MenuVMargin: 4,
    QStyle.PixelMetric.PM_MenuHMargin: 4,
}

_GROWING = frozenset(
    {
        QStyle.PixelMetric.PM_IndicatorWidth,
        QStyle.PixelMetric.PM_IndicatorHeight,
        QStyle.PixelMetric.PM_ExclusiveIndicatorWidth,
        QStyle.PixelMetric.PM_ExclusiveIndicatorHeight,
        QStyle.PixelMetric.PM_SmallIconSize,
        QStyle.PixelMetric.PM_ButtonIconSize,
        QStyle.PixelMetric.PM_LineEditIconSize,
    }
)
"""What stands beside letters and grows with them."""

_Primitive = QStyle.PrimitiveElement
_Control = QStyle.ControlElement

_NOT_DRAWN = frozenset(
    {
        _Primitive.PE_FrameLineEdit,
        _Primitive.PE_FrameFocusRect,
        _Primitive.PE_FrameTabBarBase,
        _Primitive.PE_IndicatorDockWidgetResizeHandle,
    }
)
_SHAPES: dict[QStyle.PrimitiveElement, Callable[[QPainter, QStyleOption], None]] = {
    _Primitive.PE_IndicatorCheckBox: paint.check_box,
    _Primitive.PE_IndicatorRadioButton: paint.radio_button,
    _Primitive.PE_IndicatorBranch: paint.branch,
    _Primitive.PE_PanelButtonTool: paint.flat_panel,
    _Primitive.PE_PanelButtonCommand: paint.flat_panel,
}


class RollcallStyle(QProxyStyle):
    """Fusion with the tokens' colours. Holds no colour itself."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """Sizes of the grid; everything else is Fusion's."""
        known = _METRICS.get(metric)
        if known is None:
            return super().pixelMetric(metric, option, widget)
        return grown(known) if metric in _GROWING else known

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: object = None,
    ) -> int:
        """Lists drop below the combo box; mnemonics are always shown."""
        if hint == QStyle.StyleHint.SH_ComboBox_Popup:
            return 0
        if hint == QStyle.StyleHint.SH_FocusFrame_AboveWidget:
            # Otherwise the ring is a child of the control's parent and cut at its edge.
            return 1
        if hint == QStyle.StyleHint.SH_UnderlineShortcut:
            return 0
        if hint == QStyle.StyleHint.SH_EtchDisabledText:
            return 0
        return super().styleHint(hint, option, widget)

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        """Controls are as high as the grid says, or as the font needs."""
        if kind == QStyle.ContentsType.CT_PushButton and isinstance(option, QStyleOptionButton):
            return paint.button_size(option, widget)
        made = super().sizeFromContents(kind, option, size, cast(QWidget, widget))
        least = option.fontMetrics.height() + 12
        if kind in (QStyle.ContentsType.CT_LineEdit, QStyle.ContentsType.CT_SpinBox):
            small = widget is not None and bool(widget.property("small"))
            token = Size.SMALL_CONTROL if small else Size.CONTROL
            made.setHeight(max(int(token), option.fontMetrics.height() + (8 if small else 12)))
        elif kind == QStyle.ContentsType.CT_ComboBox:
            made.setHeight(max(int(Size.CONTROL), least))
            made.setWidth(made.width() + grown(Size.ICON))
        elif kind == QStyle.ContentsType.CT_HeaderSection:
            made.setHeight(max(int(Size.HEADER), least))
        elif kind == QStyle.ContentsType.CT_MenuItem:
            made.setHeight(max(made.height(), 28) if made.height() > 12 else made.height())
        elif kind in (QStyle.ContentsType.CT_CheckBox, QStyle.ContentsType.CT_RadioButton):
            made.setHeight(max(made.height(), 24))
        return made

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Edges, indicators and panels."""
        if element in _NOT_DRAWN:
            return
        if element in (_Primitive.PE_PanelItemViewRow, _Primitive.PE_PanelItemViewItem):
            if isinstance(option, QStyleOptionViewItem):
                paint.item_background(painter, option)
        elif element == _Primitive.PE_PanelLineEdit:
            if not isinstance(widget, QLineEdit) or widget.hasFrame():
                paint.field(painter, option, widget)
        elif element == _Primitive.PE_Frame and paint.is_text_area(widget):
            paint.field(painter, option, widget)
        elif element in (_Primitive.PE_PanelMenu, _Primitive.PE_PanelTipLabel):
            painter.fillRect(option.rect, color(Token.RAISED))
            paint.outline(painter, option.rect, Token.CONTROL)
        elif element == _Primitive.PE_FrameMenu:
            paint.outline(painter, option.rect, Token.CONTROL)
        elif element in _SHAPES:
            _SHAPES[element](painter, option)
        else:
            super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Buttons, headers, tabs, bars."""
        if element == _Control.CE_PushButton and isinstance(option, QStyleOptionButton):
            paint.push_button(painter, option, widget)
        elif element == _Control.CE_FocusFrame:
            paint.focus_ring(painter, option.rect)
        elif element in (_Control.CE_HeaderSection, _Control.CE_HeaderEmptyArea):
            painter.fillRect(option.rect, color(Token.SUNKEN))
            paint.bottom_line(painter, option.rect)
        elif element == _Control.CE_HeaderLabel and isinstance(option, QStyleOptionHeader):
            paint.header_label(painter, option)
        elif element == _Control.CE_TabBarTabShape and isinstance(option, QStyleOptionTab):
            paint.tab(painter, option)
        elif element == _Control.CE_ComboBoxLabel and isinstance(option, QStyleOptionComboBox):
            paint.combo_label(painter, option)
        elif element == _Control.CE_ProgressBarGroove:
            paint.groove(painter, option.rect)
        elif element == _Control.CE_ProgressBarContents:
            if isinstance(option, QStyleOptionProgressBar):
                paint.progress(painter, option)
        elif element == _Control.CE_Splitter:
            return
        else:
            super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Combo boxes and scroll bars."""
        if control == QStyle.ComplexControl.CC_ComboBox:
            if isinstance(option, QStyleOptionComboBox):
                paint.combo_box(painter, option, widget)
        elif control == QStyle.ComplexControl.CC_ScrollBar:
            if isinstance(option, QStyleOptionSlider):
                handle = self.subControlRect(
                    control, option, QStyle.SubControl.SC_ScrollBarSlider, widget
                )
                paint.scroll_bar(painter, option, handle)
        else:
            super().drawComplexControl(control, option, painter, widget)

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Scroll bars without arrows; combo boxes with room for our chevron."""
        if control == QStyle.ComplexControl.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            return paint.scroll_bar_part(option, part)
        if control == QStyle.ComplexControl.CC_ComboBox:
            if part == QStyle.SubControl.SC_ComboBoxEditField:
                inside = option.rect.adjusted(9, 2, -grown(Size.ICON) - 14, -2)
                return QStyle.visualRect(option.direction, option.rect, inside)
            if part == QStyle.SubControl.SC_ComboBoxArrow:
                wide = option.rect.width() - grown(Size.ICON) - 14
                inside = option.rect.adjusted(wide, 0, 0, 0)
                return QStyle.visualRect(option.direction, option.rect, inside)
        return super().subControlRect(control, option, part, cast(QWidget, widget))

    def subElementRect(
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None
    ) -> QRect:
        """Fields keep their text off the edge."""
        made = super().subElementRect(element, option, cast(QWidget, widget))
        framed = isinstance(widget, QLineEdit) and widget.hasFrame()
        if element == QStyle.SubElement.SE_LineEditContents and framed:
            return made.adjusted(6, 0, -6, 0)
        return made


def palette() -> QPalette:
    """The palette of the active scheme."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: Token.WINDOW,
        QPalette.ColorRole.WindowText: Token.TEXT,
        QPalette.ColorRole.Base: Token.SURFACE,
        QPalette.ColorRole.AlternateBase: Token.WINDOW,
        QPalette.ColorRole.Text: Token.TEXT,
        QPalette.ColorRole.PlaceholderText: Token.TEXT2,
        QPalette.ColorRole.Button: Token.SURFACE,
        QPalette.ColorRole.ButtonText: Token.TEXT,
        QPalette.ColorRole.BrightText: Token.FAILURE,
        QPalette.ColorRole.Highlight: Token.SELECTED,
        QPalette.ColorRole.HighlightedText: Token.TEXT,
        QPalette.ColorRole.Link: Token.LINK,
        QPalette.ColorRole.LinkVisited: Token.LINK,
        QPalette.ColorRole.Accent: Token.ACCENT,
        QPalette.ColorRole.ToolTipBase: Token.RAISED,
        QPalette.ColorRole.ToolTipText: Token.TEXT,
        QPalette.ColorRole.Mid: Token.BORDER,
        QPalette.ColorRole.Midlight: Token.HOVER,
        QPalette.ColorRole.Dark: Token.CONTROL,
        QPalette.ColorRole.Shadow: Token.CONTROL,
        QPalette.ColorRole.Light: Token.SURFACE,
    }
    for role, token in roles.items():
        made.setColor(role, color(token))
    disabled: QColor = color(Token.DISABLED)
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        made.setColor(QPalette.ColorGroup.Disabled, role, disabled)
    return made


class _Ring(QFocusFrame):
    """Also there when what it goes round is scrolled into view after it got the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt hides a ring that would lie outside of the area, and leaves it so."""
        done = super().eventFilter(watched, event)
        area = self.parentWidget()
        if event.type() == QEvent.Type.Move and self.isHidden() and area is not None:
            self.setVisible(area.rect().intersects(self.geometry()))
        return done


class _FocusRing(QObject):
    """Shows the ring round a button that has the focus, unless the pointer put it there."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._frame: QFocusFrame | None = None
        self._field: QWidget | None = None
        application.focusChanged.connect(self._moved)

    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        self._watch(new if isinstance(new, QLineEdit | QComboBox) else None)
        pointed = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        arrived = old is None  # the window came to the front, nobody went anywhere
        button = isinstance(new, QAbstractButton) and not pointed and not arrived
        self._draw(new if button or _refused(new) else None)

    def _watch(self, field: QWidget | None) -> None:
        """A field may be refused, or be taken, while it has the focus."""
        if self._field is not None and isValid(self._field):
            self._field.removeEventFilter(self)
        self._field = field
        if field is not None:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field's value was refused or taken."""
        if event.type() == QEvent.Type.DynamicPropertyChange and watched is self._field:
            self._draw(self._field if _refused(self._field) else None)
        return False

    def _draw(self, widget: QWidget | None) -> None:
        # A frame dies with its widget, so it may be gone already.
        if self._frame is not None and isValid(self._frame):
            # It keeps a bare pointer to its widget until then.
            self._frame.setWidget(cast(QWidget, None))
            self._frame.deleteLater()
            self._frame.hide()
        self._frame = None
        if widget is not None:
            self._frame = _Ring(widget)
            self._frame.setWidget(widget)


def _refused(widget: QWidget | None) -> bool:
    """A field whose value is refused; its edge is red, so the ring lies outside."""
    return isinstance(widget, QLineEdit | QComboBox) and bool(widget.property("failed"))


class _Follower(QObject):
    """Follows the desktop's scheme while the person has not chosen one."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.wanted = Scheme.SYSTEM
        self._application = application
        application.styleHints().colorSchemeChanged.connect(self.refresh)

    def refresh(self) -> None:
        """Activate what is wanted and repaint everything."""
        hints = self._application.styleHints()
        if self.wanted is Scheme.SYSTEM:
            dark = hints.colorScheme() == Qt.ColorScheme.Dark
            scheme = Scheme.DARK if dark else Scheme.LIGHT
        else:
            scheme = self.wanted
        activate(scheme)
        made = palette()
        QApplication.setPalette(made)
        QToolTip.setPalette(made)


def apply_theme(application: QApplication, scheme: Scheme = Scheme.SYSTEM) -> None:
    """Give the application our style, fonts and colours; call again to change the scheme."""
    follower = application.findChild(_Follower)
    if follower is None:
        application.setStyle(RollcallStyle())
        follower = _Follower(application)
        _FocusRing(application)
    follower.wanted = scheme
    application.setFont(font(Role.BODY))
    QToolTip.setFont(font(Role.CAPTION))
    follower.refresh()


__all__ = ["RollcallStyle", "active_scheme", "apply_theme", "palette"]
