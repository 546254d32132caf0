"""The shared widgets: keyboard, names, states, room for words."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QTableView, QVBoxLayout, QWidget

from app.bridge.roles import CellRole
from app.domain.activity import ActionKind, Change
from app.ui import theme
from app.ui.motion import duration
from app.ui.states import State
from app.ui.style import apply_theme
from app.ui.theme import Scheme, scale_text
from app.ui.widgets import (
    ActionDelegate,
    BusyRing,
    Button,
    ChangeDelegate,
    ChipRow,
    Field,
    FlowLayout,
    IconButton,
    Note,
    SecretEdit,
    Segmented,
    StepRail,
    StepState,
    Switch,
    Tile,
    TileRow,
    set_up_table,
)

pytestmark = pytest.mark.gui


def name_of(widget):
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


@pytest.fixture
def show(qtbot):
    def make(widget):
        qtbot.addWidget(widget)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return make


def test_a_switch_is_a_check_box_for_everybody(show, qtbot):
    switch = show(Switch("Provisioning on"))
    interface = QAccessible.queryAccessibleInterface(switch)
    assert interface.role() == QAccessible.Role.CheckBox
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()
    assert switch._place == 1.0
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert not switch.isChecked()


def test_only_done_steps_can_be_pressed(show, qtbot):
    rail = show(StepRail(["Welcome", "Sign-in", "Test"]))
    rail.set_state(0, StepState.DONE)
    rail.set_current(1)
    rail.set_reason(2, "Sign in first")
    pressed = []
    rail.chosen.connect(pressed.append)
    for index in range(3):
        qtbot.mouseClick(rail.button(index), Qt.MouseButton.LeftButton)
    assert 0 in pressed
    assert 2 not in pressed
    assert rail.button(2).toolTip() == "Sign in first"
    assert name_of(rail.button(1)) == "Step 2 of 3, Sign-in, current"
    rail.set_state(1, StepState.FAILED)
    assert rail.state(1) is StepState.FAILED


def test_long_step_names_wrap(show):
    rail = StepRail(["Application, assignment and everything else that belongs to it"])
    rail.setFixedWidth(230)
    show(rail)
    assert rail.button(0).height() > 40


def test_arrow_keys_move_a_segmented_choice(show, qtbot):
    choice = show(Segmented([("a", "Admin API"), ("b", "GoTo SCIM"), ("c", "Other")]))
    heard = []
    choice.changed.connect(heard.append)
    choice.activateWindow()
    choice.part("a").setFocus()
    qtbot.waitUntil(choice.part("a").hasFocus, timeout=2000)
    qtbot.keyClick(choice.part("a"), Qt.Key.Key_Right)
    assert choice.value() == "b"
    assert heard == ["b"]
    choice.set_value("c")
    assert choice.value() == "c"
    assert heard == ["b"]
    choice.set_option_enabled("a", False, "Not for this account")
    assert choice.part("a").toolTip() == "Not for this account"


def test_one_chip_is_always_chosen(show, qtbot):
    chips = show(ChipRow([("all", "All", ""), ("failed", "Failed", "octagon-x")]))
    qtbot.mouseClick(chips.chip("failed"), Qt.MouseButton.LeftButton)
    assert chips.value() == "failed"
    qtbot.mouseClick(chips.chip("failed"), Qt.MouseButton.LeftButton)
    assert chips.value() == "failed"


def test_a_field_says_what_is_wrong_below_it(show):
    edit = QLineEdit()
    field = show(Field("&Admin user name", edit, hint="A super admin."))
    assert name_of(edit) == "Admin user name"
    field.set_error("Not accepted at 14:08.")
    assert field.error == "Not accepted at 14:08."
    assert edit.property("failed")
    assert edit.accessibleDescription() == "Not accepted at 14:08. A super admin."
    field.set_error("")
    assert field.error == ""
    assert not edit.property("failed")
    assert edit.accessibleDescription() == "A super admin."


def test_a_label_goes_above_its_field_where_the_page_is_narrow(show):
    field = Field("Admin user name", QLineEdit())
    field.resize(900, 60)
    show(field)
    QApplication.processEvents()
    assert field.label.y() < field.control.y() + field.control.height()
    assert field.control.x() >= 190
    field.resize(500, 80)
    QApplication.processEvents()
    assert field.control.x() < 20


def test_a_secret_is_shown_only_while_asked_for(show):
    edit = show(SecretEdit())
    assert edit.echoMode() == QLineEdit.EchoMode.Password
    edit.eye.click()
    assert edit.echoMode() == QLineEdit.EchoMode.Normal
    edit.eye.click()
    assert edit.echoMode() == QLineEdit.EchoMode.Password


def test_details_of_a_note_open_and_close(show, qtbot):
    note = show(Note(State.FAILURE, "GoTo refused the sign-in", "Type it again.", details="401"))
    assert not note._details.isVisible()
    qtbot.mouseClick(note._more, Qt.MouseButton.LeftButton)
    assert note._details.isVisible()
    pressed = []
    note.add_button("Test again").clicked.connect(lambda: pressed.append(1))
    assert note.accessibleName().startswith("Failure: GoTo refused the sign-in")
    note.clear_actions()


def test_tiles_wrap_instead_of_being_cut(show):
    tiles = [Tile("users", f"A rather long name {n}", 12_444) for n in range(6)]
    row = TileRow(tiles)
    host = QWidget()
    column = QVBoxLayout(host)
    column.addWidget(row)
    column.addStretch(1)
    host.resize(1500, 400)
    show(host)
    assert len({tile.y() for tile in tiles}) == 1
    host.resize(700, 400)
    QApplication.processEvents()
    assert len({tile.y() for tile in tiles}) >= 2
    assert tiles[0].value == "12,444"


def test_a_flow_goes_on_in_the_next_line(show):
    host = QWidget()
    flow = FlowLayout(host)
    buttons = [QPushButton(f"Button {n}") for n in range(6)]
    for button in buttons:
        flow.addWidget(button)
    host.resize(250, 300)
    show(host)
    assert len({button.y() for button in buttons}) > 1
    assert all(button.geometry().right() <= 250 for button in buttons)
    assert flow.heightForWidth(250) > flow.heightForWidth(2000)


def test_an_icon_button_has_a_name_and_says_its_keys(show, qtbot):
    button = show(IconButton("copy", "Copy details", shortcut="Ctrl+C"))
    assert name_of(button) == "Copy details"
    assert button.toolTip() == "Copy details (Ctrl+C)"
    assert button.width() >= 24


def test_buttons_have_room_for_words_and_glyphs(show):
    plain, full = Button("Sync now"), Button("Sync now", glyph="refresh-cw", trailing="x")
    assert full.sizeHint().width() >= plain.sizeHint().width() + 2 * 16


def test_the_ring_stands_still_when_motion_is_reduced(show):
    ring = BusyRing()
    show(ring)
    ring.start()
    assert not ring._timer.isActive()
    assert duration(120) == 0


def test_twice_the_text_needs_twice_the_room(qapp, qtbot):
    usual = Button("Sync now").sizeHint()
    scale_text(2.0)
    try:
        apply_theme(qapp, Scheme.LIGHT)
        large = Button("Sync now").sizeHint()
        assert large.width() > usual.width() * 1.5
        assert large.height() > usual.height()
        assert theme.base_point_size() >= 20
    finally:
        scale_text(1.0)
        apply_theme(qapp, Scheme.LIGHT)


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize("rtl", [False, True])
def test_delegates_paint_every_kind_of_cell(show, qapp, scheme, rtl):
    apply_theme(qapp, scheme)
    model = QStandardItemModel(2, 2)
    action = QStandardItem("")
    action.setData(ActionKind.UPDATE.value, CellRole.ACTION)
    change = QStandardItem("lastName")
    change.setData((Change("lastName", "Kjær", "Kjærgaard"),), CellRole.CHANGES)
    model.setItem(0, 0, action)
    model.setItem(0, 1, change)
    view = QTableView()
    if rtl:
        view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    view.setModel(model)
    set_up_table(view)
    view.setItemDelegateForColumn(0, ActionDelegate(view))
    view.setItemDelegateForColumn(1, ChangeDelegate(view))
    show(view)
    image = view.grab().toImage()
    colours = {image.pixelColor(x, 45).name() for x in range(image.width())}
    assert len(colours) > 3
    assert view.rowHeight(0) >= 32
