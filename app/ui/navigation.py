"""The column at the left: profile, pages, and the pulse that says how things stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, paint
from app.ui.services import ProfileFacts
from app.ui.states import LOOKS, State
from app.ui.theme import Role, Size, Space, Token, color, font, grown
from app.ui.widgets import Badge, BusyRing, Glyph, Hairline, Label
from app.ui.widgets.buttons import passes_by

WIDE = 208
_GLYPH = 18
_BADGE = 14


def narrow_width() -> int:
    """Glyphs alone, with room round them."""
    return 34 + grown(_GLYPH)


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page of the navigation."""

    key: str
    name: str
    glyph: str
    shortcut: str = ""


class _Entry(QAbstractButton):
    """One page: glyph, name, and a badge where a decision waits."""

    def __init__(self, entry: PageEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry = entry
        self._badge = 0
        self._narrow = False
        self.setCheckable(True)
        self.setText(entry.name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name_it()

    def set_narrow(self, narrow: bool) -> None:
        """The glyph alone."""
        self._narrow = narrow
        self.updateGeometry()
        self.update()

    def set_badge(self, number: int) -> None:
        """How many decisions wait; 0 removes the badge."""
        if number != self._badge:
            self._badge = number
            self._name_it()
            self.update()

    def wanted_width(self) -> int:
        """Room for glyph, name and badge."""
        words = QFontMetrics(font(Role.STRONG)).horizontalAdvance(self._entry.name)
        badge = QFontMetrics(font(Role.HEADER)).horizontalAdvance(str(self._badge))
        badge += grown(_BADGE) + 32
        return 24 + grown(_GLYPH) + words + 12 + (badge if self._badge else 0)

    def _name_it(self) -> None:
        keys = QKeySequence(self._entry.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(f"{self._entry.name} ({keys})" if keys else self._entry.name)
        waits = self.tr("%Ln decisions waiting", "", self._badge) if self._badge else ""
        self.setAccessibleName(f"{self._entry.name}, {waits}" if waits else self._entry.name)

    def sizeHint(self) -> QSize:
        """One row."""
        height = max(int(Size.NAVIGATION_ROW), self.fontMetrics().height() + 16)
        return QSize(narrow_width() - 16 if self._narrow else WIDE - 16, height)

    def minimumSizeHint(self) -> QSize:
        """The glyph alone."""
        return QSize(36, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The current page is filled and marked at its edge."""
        painter = QPainter(self)
        direction = self.layoutDirection()
        chosen = self.isChecked()
        if chosen:
            paint.rounded(painter, self.rect(), Size.RADIUS, Token.SELECTED)
            mark = QRect(0, 8, 3, self.height() - 16)
            shown = paint.mirrored(direction, self.rect(), mark)
            paint.rounded(painter, shown, 1.5, Token.ACCENT)
        elif self.underMouse():
            paint.rounded(painter, self.rect(), Size.RADIUS, Token.HOVER)
        side = grown(_GLYPH)
        left = (self.width() - side) // 2 if self._narrow else 12
        glyph = QRect(left, (self.height() - side) // 2, side, side)
        ink = Token.LINK if chosen else Token.TEXT2
        icons.paint(painter, paint.mirrored(direction, self.rect(), glyph), self._entry.glyph, ink)
        if not self._narrow:
            self._paint_words(painter, chosen)
        elif self._badge:
            self._paint_narrow_badge(painter)
        painter.end()

    def _paint_narrow_badge(self, painter: QPainter) -> None:
        """The triangle on its ground, so that it is not the colour alone that says it."""
        side = grown(_BADGE)
        spot = QRect(self.width() - side - 3, 1, side + 2, side + 2)
        spot = paint.mirrored(self.layoutDirection(), self.rect(), spot)
        paint.rounded(painter, spot, Size.CHECK_RADIUS, Token.WARNING_SUBTLE)
        icons.paint(painter, spot.adjusted(1, 1, -1, -1), "triangle-alert", Token.WARNING)

    def _paint_words(self, painter: QPainter, chosen: bool) -> None:
        direction = self.layoutDirection()
        words = self.rect().adjusted(24 + grown(_GLYPH), 0, -8, 0)
        if self._badge:
            text = str(self._badge)
            painter.setFont(font(Role.HEADER))
            side = grown(_BADGE)
            width = painter.fontMetrics().horizontalAdvance(text) + side + 18
            pill = QRect(0, 0, width, side + 6)
            pill.moveCenter(self.rect().center())
            pill.moveRight(self.width() - 10)
            words.setRight(pill.left() - 4)
            pill = paint.mirrored(direction, self.rect(), pill)
            paint.rounded(painter, pill, pill.height() / 2, Token.WARNING_SUBTLE)
            icons.paint(
                painter,
                QRect(pill.x() + 8, pill.y() + 3, side, side),
                "triangle-alert",
                Token.WARNING,
            )
            painter.setPen(color(Token.WARNING))
            area = pill.adjusted(side + 8, 0, -4, 0)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.setFont(font(Role.STRONG if chosen else Role.BODY))
        painter.setPen(color(Token.TEXT))
        shown = painter.fontMetrics().elidedText(
            self._entry.name, Qt.TextElideMode.ElideRight, words.width()
        )
        words = paint.mirrored(direction, self.rect(), words)
        flags = paint.leading(direction) | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, int(flags), shown)


class ProfileChooser(QAbstractButton):
    """The profile on show, in two lines; pressing it offers the others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = ProfileFacts("", "", "")
        self._narrow = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_narrow(self, narrow: bool) -> None:
        """The glyph alone."""
        self._narrow = narrow
        self.updateGeometry()
        self.update()

    def show_profile(self, facts: ProfileFacts) -> None:
        """Change what is shown."""
        self._facts = facts
        words = self.tr("Profile {name}, {tenant}").format(name=facts.title, tenant=facts.subtitle)
        self.setAccessibleName(words)
        self.setToolTip(f"{facts.title}\n{facts.subtitle}")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys are not a button's."""
        if not passes_by(event):
            super().keyPressEvent(event)

    def _paint_mark(self, painter: QPainter) -> None:
        """Where there is no room for words: a flask for the practice tenant, else initials."""
        if self._facts.sandbox:
            spot = QRect(0, 0, grown(_GLYPH), grown(_GLYPH))
            spot.moveCenter(self.rect().center())
            icons.paint(painter, spot, "flask-conical", Token.LINK)
            return
        words = re.split(r"[\s._-]+", self._facts.title)
        initials = "".join(word[0] for word in words if word)[:2].upper()
        painter.setFont(font(Role.STRONG))
        painter.setPen(color(Token.TEXT))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), initials)

    def sizeHint(self) -> QSize:
        """Two lines."""
        strong = self.fontMetrics().height() * 2 + 14
        return QSize(36 if self._narrow else WIDE - 24, max(int(Size.TWO_LINES), strong))

    def minimumSizeHint(self) -> QSize:
        """Shrinks to its glyph."""
        return QSize(36, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """A field with two lines and a chevron."""
        painter = QPainter(self)
        fill = Token.HOVER if self.underMouse() else Token.SURFACE
        paint.rounded(painter, self.rect(), Size.RADIUS, fill, Token.CONTROL)
        direction = self.layoutDirection()
        if self._narrow:
            self._paint_mark(painter)
            painter.end()
            return
        chevron = QRect(self.width() - 26, 0, 16, self.height())
        icons.paint(
            painter, paint.mirrored(direction, self.rect(), chevron), "chevron-down", Token.TEXT
        )
        area = self.rect().adjusted(11, 6, -30, -6)
        area = paint.mirrored(direction, self.rect(), area)
        half = area.height() // 2
        side = paint.leading(direction)
        for top, role, token, text in (
            (area.y(), Role.STRONG, Token.TEXT, self._facts.title),
            (area.y() + half, Role.CAPTION, Token.TEXT2, self._facts.subtitle),
        ):
            painter.setFont(font(role))
            painter.setPen(color(token))
            line = QRect(area.x(), top, area.width(), half)
            shown = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, line.width()
            )
            painter.drawText(line, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()


class Pulse(QWidget):
    """State and next run, on every page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrow = False
        self._share: float | None = None
        self._glyph = Glyph("circle-dashed", Token.TEXT2)
        self._ring = BusyRing()
        self._state = Label("", Role.STRONG, wrap=True)
        self._more = Label("", Role.CAPTION, Token.TEXT2, wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._bar.setAccessibleName(self.tr("People done"))
        self._top = QHBoxLayout()
        self._top.setSpacing(Space.TIGHT)
        self._top.addWidget(self._glyph)
        self._top.addWidget(self._ring)
        self._top.addWidget(self._state, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.TIGHT, Space.MEDIUM, Space.TIGHT, Space.MEDIUM)
        column.setSpacing(Space.HAIR)
        column.addLayout(self._top)
        column.addWidget(self._bar)
        column.addWidget(self._more)

    def show_pulse(self, state: State, words: str, more: str, share: float | None = None) -> None:
        """`share` from 0 to 1 shows the small bar."""
        look = LOOKS[state]
        running = state is State.RUNNING
        self._glyph.show_glyph(look.glyph, look.token)
        self._glyph.setVisible(not running)
        self._ring.setVisible(running)
        if words != self._state.text():
            self._state.setText(words)
        if more != self._more.text():
            self._more.setText(more)
        self._share = share
        self._bar.setVisible(share is not None and not self._narrow)
        if share is not None:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(share * 1000))
        self.setAccessibleName(f"{words}. {more}")
        self.setToolTip(f"{words}\n{more}")

    def set_narrow(self, narrow: bool) -> None:
        """The glyph alone; the words are its tooltip."""
        self._narrow = narrow
        for part in (self._state, self._more):
            part.setVisible(not narrow)
        self._bar.setVisible(self._share is not None and not narrow)

    @property
    def words(self) -> str:
        """The state in words."""
        return self._state.text()


class NavigationPane(QWidget):
    """Profile on top, pages, pulse at the bottom. `chosen` gives a page's key."""

    chosen = Signal(str)
    profile_chosen = Signal(str)
    set_up_wanted = Signal()
    help_wanted = Signal()

    def __init__(self, entries: Sequence[PageEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = {entry.key: _Entry(entry) for entry in entries}
        self.profile = ProfileChooser()
        self.practice = Badge(self.tr("Practice"), State.INFO, "flask-conical")
        self.pulse = Pulse()
        self._menu = QMenu(self)
        self._profiles: tuple[ProfileFacts, ...] = ()
        self._sandbox = False
        self._narrow = False
        self.profile.clicked.connect(self._offer)
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.TIGHT, Space.MEDIUM, Space.TIGHT, 0)
        column.setSpacing(2)
        top = QVBoxLayout()
        top.setContentsMargins(Space.HAIR, 0, Space.HAIR, Space.TIGHT)
        top.setSpacing(Space.TIGHT)
        top.addWidget(self.profile)
        top.addWidget(self.practice)
        column.addLayout(top)
        for key, entry in self._entries.items():
            group.addButton(entry)
            column.addWidget(entry)
            entry.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
        column.addStretch(1)
        self.help = _Entry(PageEntry("help", self.tr("Help"), "circle-help", "F1"))
        self.help.setCheckable(False)
        self.help.clicked.connect(self.help_wanted)
        column.addWidget(self.help)
        column.addWidget(Hairline())
        column.addWidget(self.pulse)
        self.setAccessibleName(self.tr("Navigation"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.set_narrow(False)

    def show_profiles(self, current: ProfileFacts, others: Sequence[ProfileFacts]) -> None:
        """The profile on show, and all that can be chosen."""
        self._profiles = tuple(others)
        self.profile.show_profile(current)
        self.practice.setVisible(current.sandbox and not self._narrow)
        self._sandbox = current.sandbox

    def set_current(self, key: str) -> None:
        """Mark a page."""
        self._entries[key].setChecked(True)

    def set_badge(self, key: str, number: int) -> None:
        """Decisions that wait on a page."""
        self._entries[key].set_badge(number)
        if not self._narrow:
            self.setFixedWidth(self._width())

    def set_narrow(self, narrow: bool) -> None:
        """Icons only, names as tooltips."""
        self._narrow = narrow
        self.profile.set_narrow(narrow)
        for entry in (*self._entries.values(), self.help):
            entry.set_narrow(narrow)
        self.practice.setVisible(self._sandbox and not narrow)
        self.pulse.set_narrow(narrow)
        self.setFixedWidth(narrow_width() if narrow else self._width())

    def _width(self) -> int:
        widest = max((entry.wanted_width() for entry in self._entries.values()), default=0)
        return max(WIDE, min(320, widest + 2 * Space.TIGHT))

    def first_focus(self) -> QWidget:
        """Where F6 lands."""
        return next((entry for entry in self._entries.values() if entry.isChecked()), self.profile)

    def _offer(self) -> None:
        self._menu.clear()
        for facts in self._profiles:
            action = self._menu.addAction(f"{facts.title} – {facts.subtitle}")
            action.triggered.connect(
                lambda _checked=False, name=facts.name: self.profile_chosen.emit(name)
            )
        if self._profiles:
            self._menu.addSeparator()
        set_up = self._menu.addAction(icons.icon("plus"), self.tr("Set up another profile…"))
        set_up.triggered.connect(self.set_up_wanted)
        self._menu.popup(self.profile.mapToGlobal(self.profile.rect().bottomLeft()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A sunken column with a hairline at its inner edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(Token.SUNKEN))
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        edge = 0 if rtl else self.width() - 1
        painter.fillRect(edge, 0, 1, self.height(), color(Token.BORDER))
        painter.end()
