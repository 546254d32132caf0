"""The tokens keep the contrasts that the drawings promise, and the style follows the scheme."""

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QPushButton

from app.ui.resources import resource_path
from app.ui.states import ACTION_GLYPHS, LOOKS
from app.ui.style import apply_theme
from app.ui.theme import DARK, LIGHT, Role, Scheme, Token, color, contrast, font
from app.ui.widgets import Label

pytestmark = pytest.mark.gui

GROUNDS = (Token.SURFACE, Token.WINDOW, Token.SUNKEN, Token.SELECTED)
INKS = (
    Token.TEXT,
    Token.TEXT2,
    Token.LINK,
    Token.SUCCESS,
    Token.WARNING,
    Token.FAILURE,
    Token.SKIPPED,
)
SUBTLE = {
    Token.SUCCESS: Token.SUCCESS_SUBTLE,
    Token.WARNING: Token.WARNING_SUBTLE,
    Token.FAILURE: Token.FAILURE_SUBTLE,
    Token.SKIPPED: Token.SKIPPED_SUBTLE,
    Token.LINK: Token.ACCENT_SUBTLE,
}
TABLES = pytest.mark.parametrize("table", [LIGHT, DARK], ids=["light", "dark"])


@TABLES
def test_every_text_is_readable_on_every_ground(table):
    for ink in INKS:
        for ground in GROUNDS:
            assert contrast(table[ink], table[ground]) >= 4.5, (ink, ground)


@TABLES
def test_states_are_readable_on_their_own_fill(table):
    for ink, ground in SUBTLE.items():
        assert contrast(table[ink], table[ground]) >= 4.5, (ink, ground)
        assert contrast(table[Token.TEXT], table[ground]) >= 4.5, ground


@TABLES
def test_words_on_the_accent_and_code_are_readable(table):
    for ground in (Token.ACCENT, Token.ACCENT_HOVER, Token.ACCENT_PRESS):
        assert contrast(table[Token.ON_ACCENT], table[ground]) >= 4.5, ground
    for ink in (Token.CODE_FUNCTION, Token.CODE_ATTRIBUTE, Token.CODE_STRING):
        assert contrast(table[ink], table[Token.SURFACE]) >= 4.5, ink


@TABLES
def test_edges_and_bars_can_be_seen(table):
    seen = (
        Token.CONTROL,
        Token.ACCENT,
        Token.CHART_CREATED,
        Token.CHART_UPDATED,
        Token.CHART_DISABLED,
        Token.CHART_FAILED,
    )
    for token in seen:
        assert contrast(table[token], table[Token.SURFACE]) >= 3.0, token
    assert contrast(table[Token.CONTROL], table[Token.WINDOW]) >= 3.0


def test_contrast_itself():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#3B4CCA", "#FFFFFF") == pytest.approx(6.8, abs=0.05)


def test_the_scheme_can_be_changed_while_the_window_is_open(qapp, qtbot):
    label = Label("Held", token=Token.WARNING)
    qtbot.addWidget(label)
    label.show()
    for scheme, table in ((Scheme.DARK, DARK), (Scheme.LIGHT, LIGHT)):
        apply_theme(qapp, scheme)
        qapp.processEvents()
        assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == table[Token.WINDOW]
        ink = label.palette().color(QPalette.ColorRole.WindowText).name().upper()
        assert ink == table[Token.WARNING] == color(Token.WARNING).name().upper()


def test_type_roles_grow_from_the_base():
    sizes = [font(role).pointSizeF() for role in (Role.CAPTION, Role.BODY, Role.TITLE)]
    assert sizes == sorted(sizes)
    assert sizes[1] >= 10


def test_every_glyph_in_use_is_shipped():
    for name in [look.glyph for look in LOOKS.values()] + list(ACTION_GLYPHS.values()):
        assert resource_path(f"icons/{name}.svg").stat().st_size > 100


def test_both_icon_licences_are_shipped():
    text = resource_path("icons/LICENSE-lucide.txt").read_text(encoding="utf-8")
    assert "ISC License" in text
    assert "Cole Bemis" in text


def test_a_stock_button_is_as_high_as_the_grid_says(qtbot):
    button = QPushButton("OK")
    qtbot.addWidget(button)
    assert button.sizeHint().height() >= 32
