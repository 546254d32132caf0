"""Shared widgets of the main window and the wizard.

Public constructors:

    Label(text="", role=Role.BODY, token=Token.TEXT, *, wrap=False, rich=False, selectable=False,
        parent=None)
        Plain text unless `rich` (then escape values yourself). `.set_token(token)`.
    Button(text="", *, kind="normal", glyph="", trailing="", small=False, parent=None)
        kind: "normal" | "primary" | "destructive" | "link". `.set_kind()`, `.set_glyph()`.
    CheckBox(text="", parent=None)               keeps the focus on arrow keys
    IconButton(glyph, name, *, shortcut="", checkable=False, parent=None)
    Card(parent=None, *, padding=16, edge=Token.BORDER)
        `.body` (QVBoxLayout), `.add_title(text, hint="") -> QHBoxLayout` (room for actions right),
        `.add_header(text, hint="") -> QHBoxLayout` (sunken strip; use padding=0), `.add_line()`,
        `.set_edge(token)`.
    Note(state=State.ADVICE, title="", text="", *, details="", parent=None)
        state: ADVICE, INFO, WARNING, FAILURE, SUCCESS, OFFLINE, HELD. `.show_message(state, title,
        text, details="")`, `.add_button(text, *, kind="normal", glyph="", trailing="") -> Button`,
        `.add_widget(widget)` (right side), `.clear_actions()`.
    Tile(glyph, name, value=0, parent=None)      `.set_value(int | str)`, `.set_token(Token)`
    TileRow(tiles, parent=None)                  six, three or two a row by width
    Chip(text, glyph="", parent=None)            checkable filter, signal toggled(bool)
    ChipRow(options: Sequence[tuple[key, text, glyph]], parent=None)   one chosen: `.value()`,
        `.set_value(key)`, `.set_text(key, text)`, signal changed(str)
    Badge(text="", state=State.SKIPPED, glyph=None, parent=None)    pill; `.show_state(state, text)`
    StateLine(state, text="", *, role=Role.BODY, tinted=True, parent=None)   glyph + words;
        `.show_state(state, text)`; RUNNING turns
    KeyCap(text, parent=None)                    "F1"
    Switch(text="", parent=None)                 checkable; text right of it
    BusyRing(parent=None, size=16)               `.start()`, `.stop()`; hidden while stopped
    StepRail(names, parent=None)                 `.set_current(index)`, `.set_state(index,
        StepState)`, `.set_reason(index, text)`, signal chosen(int) for done steps
    PhaseRow(names, parent=None)                 `.set_states(Sequence[State])`
    Segmented(options: Sequence[tuple[key, text]], name="", parent=None)   `.value()`,
        `.set_value(key)`, `.set_option_enabled(key, enabled, why="")`, signal changed(str)
    Field(label, control, *, hint="", link="", parent=None)   label beside (above when narrow),
        hint or error below: `.set_error(text)` ("" clears, marks the control), `.set_hint(text)`;
        a `link` emits `link_pressed`. `.control`.
    SecretEdit(parent=None)                      QLineEdit with show/hide
    SearchEdit(placeholder, *, small=False, parent=None)
    EmptyState(glyph, sentence, button="", parent=None)   `.button`, `.show_message(...)`
    PageHeader(title, parent=None)               `.set_title()`, `.set_badge()`, `.add_action(w)`
    FlowLayout(parent=None, *, spacing=8)
    Timeline(parent=None)                        `.show_steps(Sequence[TimelineStep])`
    page_scroll(content) -> QScrollArea          the page scrolls vertically, never sideways
    set_up_table(view, *, dense=False, lines=True, stretch=-1, delegate=None)
    framed(view) -> Card                         a table inside a card's rounded edge
Delegates (no fonts or colours in models; see `app.bridge.roles.CellRole`):
    CellDelegate (glyph, text, tint), StatusDelegate (glyph only), ActionDelegate (glyph + verb),
    StateWrappedDelegate (state's glyph + words, two lines if need be),
    ChangeDelegate (old -> new), WrappedDelegate (the same, else two lines), TwoLineDelegate.
"""

from __future__ import annotations

from app.ui.widgets.buttons import Button, CheckBox, IconButton, KeyCap
from app.ui.widgets.card import Card, Hairline, framed, page_scroll
from app.ui.widgets.chips import Badge, Chip, ChipRow, Segmented
from app.ui.widgets.delegates import (
    ActionDelegate,
    CellDelegate,
    ChangeDelegate,
    StateWrappedDelegate,
    StatusDelegate,
    TwoLineDelegate,
    WrappedDelegate,
    set_up_table,
)
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.fields import Field, SearchEdit, SecretEdit
from app.ui.widgets.flow import FlowLayout
from app.ui.widgets.header import PageHeader
from app.ui.widgets.label import ElidedLabel, Label
from app.ui.widgets.lines import BusyRing, Glyph, StateLine
from app.ui.widgets.note import Note
from app.ui.widgets.phases import PhaseRow
from app.ui.widgets.steps import StepRail, StepState
from app.ui.widgets.switch import Switch
from app.ui.widgets.tiles import Tile, TileRow
from app.ui.widgets.timeline import Timeline, TimelineStep

__all__ = [
    "ActionDelegate",
    "Badge",
    "BusyRing",
    "Button",
    "Card",
    "CellDelegate",
    "ChangeDelegate",
    "CheckBox",
    "Chip",
    "ChipRow",
    "ElidedLabel",
    "EmptyState",
    "Field",
    "FlowLayout",
    "Glyph",
    "Hairline",
    "IconButton",
    "KeyCap",
    "Label",
    "Note",
    "PageHeader",
    "PhaseRow",
    "SearchEdit",
    "SecretEdit",
    "Segmented",
    "StateLine",
    "StateWrappedDelegate",
    "StatusDelegate",
    "StepRail",
    "StepState",
    "Switch",
    "Tile",
    "TileRow",
    "Timeline",
    "TimelineStep",
    "TwoLineDelegate",
    "WrappedDelegate",
    "framed",
    "page_scroll",
    "set_up_table",
]
