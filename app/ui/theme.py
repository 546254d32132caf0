"""Colour tokens, type roles and spacing: the one place where they are written down.

Painting code asks `color(Token.ACCENT)` at paint time and so follows the scheme; nothing keeps a
colour. The active scheme belongs to the application, like its palette: `app.ui.style.apply_theme`
is the only writer.
"""

from __future__ import annotations

import math
import sys
from enum import IntEnum, StrEnum
from functools import cache

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QFontMetrics


class Token(StrEnum):
    """Names of colours by what they are for."""

    WINDOW = "window"
    SURFACE = "surface"
    SUNKEN = "sunken"
    RAISED = "raised"
    HOVER = "hover"
    SELECTED = "selected"
    BORDER = "border"
    CONTROL = "control"
    TEXT = "text"
    TEXT2 = "text2"
    DISABLED = "disabled"
    ACCENT = "accent"
    ACCENT_HOVER = "accent-hover"
    ACCENT_PRESS = "accent-press"
    ON_ACCENT = "on-accent"
    LINK = "link"
    ACCENT_SUBTLE = "accent-subtle"
    SUCCESS = "success"
    SUCCESS_SUBTLE = "success-subtle"
    WARNING = "warning"
    WARNING_SUBTLE = "warning-subtle"
    FAILURE = "failure"
    FAILURE_SUBTLE = "failure-subtle"
    SKIPPED = "skipped"
    SKIPPED_SUBTLE = "skipped-subtle"
    CHART_CREATED = "chart-1"
    CHART_UPDATED = "chart-2"
    CHART_DISABLED = "chart-3"
    CHART_FAILED = "chart-4"
    CODE_FUNCTION = "code-function"
    CODE_ATTRIBUTE = "code-attribute"
    CODE_STRING = "code-string"


LIGHT: dict[Token, str] = {
    Token.WINDOW: "#F5F6F8",
    Token.SURFACE: "#FFFFFF",
    Token.SUNKEN: "#ECEEF2",
    Token.RAISED: "#FFFFFF",
    Token.HOVER: "#F0F2F6",
    Token.SELECTED: "#E4E8FB",
    Token.BORDER: "#DADDE4",
    Token.CONTROL: "#858B99",
    Token.TEXT: "#1A1D24",
    Token.TEXT2: "#545A68",
    Token.DISABLED: "#8B919E",
    Token.ACCENT: "#3B4CCA",
    Token.ACCENT_HOVER: "#3242B5",
    Token.ACCENT_PRESS: "#2A389C",
    Token.ON_ACCENT: "#FFFFFF",
    Token.LINK: "#3B4CCA",
    Token.ACCENT_SUBTLE: "#E6E9FB",
    Token.SUCCESS: "#1A7340",
    Token.SUCCESS_SUBTLE: "#E3F3E9",
    Token.WARNING: "#855600",
    Token.WARNING_SUBTLE: "#FBF0D9",
    Token.FAILURE: "#B3261E",
    Token.FAILURE_SUBTLE: "#FBE6E4",
    Token.SKIPPED: "#545A68",
    Token.SKIPPED_SUBTLE: "#ECEEF2",
    Token.CHART_CREATED: "#3B4CCA",
    Token.CHART_UPDATED: "#7C89E0",
    Token.CHART_DISABLED: "#8B919E",
    Token.CHART_FAILED: "#B3261E",
    Token.CODE_FUNCTION: "#3B4CCA",
    Token.CODE_ATTRIBUTE: "#1A6B5A",
    Token.CODE_STRING: "#7A4B00",
}

DARK: dict[Token, str] = {
    Token.WINDOW: "#15171C",
    Token.SURFACE: "#1C1F26",
    Token.SUNKEN: "#111318",
    Token.RAISED: "#252932",
    Token.HOVER: "#232731",
    Token.SELECTED: "#2B3358",
    Token.BORDER: "#333946",
    Token.CONTROL: "#767E8F",
    Token.TEXT: "#E9EBF0",
    Token.TEXT2: "#A9B0BF",
    Token.DISABLED: "#6C7382",
    Token.ACCENT: "#8C9BFF",
    Token.ACCENT_HOVER: "#A3AFFF",
    Token.ACCENT_PRESS: "#7887F0",
    Token.ON_ACCENT: "#10142E",
    Token.LINK: "#A9B4FF",
    Token.ACCENT_SUBTLE: "#262D52",
    Token.SUCCESS: "#5CCB8A",
    Token.SUCCESS_SUBTLE: "#173325",
    Token.WARNING: "#E8B44A",
    Token.WARNING_SUBTLE: "#3A2D12",
    Token.FAILURE: "#FF8F86",
    Token.FAILURE_SUBTLE: "#43201E",
    Token.SKIPPED: "#A9B0BF",
    Token.SKIPPED_SUBTLE: "#2A2F39",
    Token.CHART_CREATED: "#8C9BFF",
    Token.CHART_UPDATED: "#6470B8",
    Token.CHART_DISABLED: "#767E8F",
    Token.CHART_FAILED: "#FF8F86",
    Token.CODE_FUNCTION: "#A9B4FF",
    Token.CODE_ATTRIBUTE: "#6FD0B8",
    Token.CODE_STRING: "#E6BE7A",
}


class Scheme(StrEnum):
    """What the person chose; SYSTEM follows the desktop live."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Role(StrEnum):
    """What a text is for; decides size and weight."""

    DISPLAY = "display"
    FIGURE = "figure"
    TITLE = "title"
    SECTION = "section"
    BODY = "body"
    STRONG = "strong"
    DENSE = "dense"
    CAPTION = "caption"
    HEADER = "header"
    CODE = "code"


_SCALE: dict[Role, tuple[float, int]] = {
    Role.DISPLAY: (2.2, 600),
    Role.FIGURE: (1.8, 600),
    Role.TITLE: (1.6, 600),
    Role.SECTION: (1.15, 600),
    Role.BODY: (1.0, 400),
    Role.STRONG: (1.0, 600),
    Role.DENSE: (0.95, 400),
    Role.CAPTION: (0.9, 400),
    Role.HEADER: (0.9, 500),
    Role.CODE: (0.93, 400),
}


_TIGHT_LINES = frozenset({Role.DISPLAY, Role.FIGURE, Role.TITLE, Role.SECTION})
USUAL_POINT_SIZE = 13.0 if sys.platform == "darwin" else 10.0
"""The size the drawings are made for; points are pixels on macOS."""
LARGE_TEXT = 1.5
"""From here on what stood side by side stacks, and navigation shrinks to icons."""


class Space(IntEnum):
    """Steps of the grid in logical pixels."""

    HAIR = 4
    TIGHT = 8
    MEDIUM = 12
    WIDE = 16
    PAGE = 24
    HUGE = 40


class Size(IntEnum):
    """Least sizes in logical pixels; whatever holds text grows with the font (`grown`)."""

    CONTROL = 32
    SMALL_CONTROL = 26
    ICON_BUTTON = 28
    ROW = 32
    DENSE_ROW = 26
    TWO_LINES = 48
    HEADER = 30
    NAVIGATION_ROW = 36
    PAGE_HEADER = 64
    PANE_HEADER = 36
    ICON = 16
    RADIUS = 6
    CARD_RADIUS = 8
    CHECK_RADIUS = 4


class _Active:
    """The scheme in use and the scale of text; written by `activate` and `scale_text` alone."""

    scheme: Scheme = Scheme.LIGHT
    text_scale: float = 1.0


def activate(scheme: Scheme) -> None:
    """Make LIGHT or DARK the scheme that `color` answers from."""
    _Active.scheme = Scheme.DARK if scheme is Scheme.DARK else Scheme.LIGHT
    color.cache_clear()


def active_scheme() -> Scheme:
    """LIGHT or DARK, whichever is shown now."""
    return _Active.scheme


def scale_text(factor: float) -> None:
    """Make the base size `factor` times the system's (1.0 to 2.0)."""
    _Active.text_scale = factor
    base_point_size.cache_clear()
    font.cache_clear()


def tokens(scheme: Scheme) -> dict[Token, str]:
    """The colour table of one scheme."""
    return DARK if scheme is Scheme.DARK else LIGHT


@cache
def color(token: Token) -> QColor:
    """The token's colour in the active scheme. Don't change or keep it."""
    return QColor(tokens(_Active.scheme)[token])


@cache
def base_point_size() -> float:
    """B: the system's size, at least the usual one."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).pointSizeF()
    return max(system, USUAL_POINT_SIZE) * _Active.text_scale


def grown(pixels: int) -> int:
    """A size drawn for text of the usual size, for the size the text has now."""
    return round(pixels * base_point_size() / USUAL_POINT_SIZE)


def large_text() -> bool:
    """The text is so large that words beside each other have no room."""
    return base_point_size() >= USUAL_POINT_SIZE * LARGE_TEXT


def line_height(role: Role) -> int:
    """Height of one line of a wrapped text: 1.5 times the letters, 1.25 for titles."""
    face = font(role)
    factor = 1.25 if role in _TIGHT_LINES else 1.5
    return max(QFontMetrics(face).height(), math.ceil(QFontInfo(face).pixelSize() * factor))


@cache
def font(role: Role) -> QFont:
    """The role's font: the system's family, figures tabular. Don't change it, copy it."""
    general = QFontDatabase.SystemFont.GeneralFont
    fixed = QFontDatabase.SystemFont.FixedFont
    made = QFontDatabase.systemFont(fixed if role is Role.CODE else general)
    factor, weight = _SCALE[role]
    made.setPointSizeF(base_point_size() * factor)
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two `#RRGGBB` colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(value: str) -> float:
    channels = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
