"""The assignment page changes who is assigned: keyboard alone, and what goes wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from test_wizard_person import real_source_page, sign_in_with_keys
from walker import Walker
from wizard_world import WizardWorld

from app.domain.settings import SourceSignIn
from app.setup.draft import Step
from app.setup.flow import StepState
from app.ui.states import State
from app.ui.wizard.assign_dialog import AssignDialog
from app.ui.wizard.assignment import AssignmentPage
from app.ui.wizard.change_dialog import ChangeDialog, SignInDialog
from app.ui.wizard.mnemonics import _labelled, chosen_letter
from app.ui.wizard.role_dialog import RoleDialog

sys.path.insert(0, str(Path(__file__).parents[1] / "connectors"))

from people import press

pytestmark = pytest.mark.gui
Key = Qt.Key
LUCA = "luca.bianchi@haldenroux.example"
ASSIGN, ROLES = "AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.All"


def at_assignments(walker: Walker) -> AssignmentPage:
    walker.walk_to(Step.ASSIGNMENT)
    return settled(walker)


def settled(walker: Walker) -> AssignmentPage:
    page = walker.window.page
    assert isinstance(page, AssignmentPage)
    walker.until(lambda: page.table is not None and not page.work.running)
    return page


def opened(walker: Walker, kind: type[ChangeDialog]) -> ChangeDialog:
    def shown() -> list[ChangeDialog]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind)]

    walker.until(lambda: bool(shown()) and shown()[0].isVisible())
    (dialog,) = shown()
    walker.until(dialog.isActiveWindow)
    letters = [chosen_letter(one.text()) for one in _labelled(dialog)]
    assert all(letters)
    assert len(set(letters)) == len(letters)
    return dialog


def closed(walker: Walker, kind: type[ChangeDialog]) -> None:
    """Gone for good; then the window is the active one, which no window manager does here."""
    walker.until(lambda: not any(isinstance(one, kind) for one in QApplication.topLevelWidgets()))
    walker.window.activateWindow()
    walker.until(lambda: QApplication.activeWindow() is walker.window)


def open_search(walker: Walker, page: AssignmentPage) -> AssignDialog:
    walker.tab_to(page.assign)
    walker.press(Key.Key_Space)
    dialog = opened(walker, AssignDialog)
    assert isinstance(dialog, AssignDialog)
    assert QApplication.focusWidget() is dialog.search
    return dialog


def find(walker: Walker, dialog: AssignDialog, text: str, number: int) -> None:
    dialog.search.selectAll()
    walker.type(text)
    walker.until(lambda: dialog.model.rowCount() == number and not dialog._looking.running)


def roles_of(world: WizardWorld, address: str) -> set[str]:
    directory = world.sandbox.world.directory
    (person,) = directory.at_address(address)
    return {one.role_id for one in directory.living_grants() if one.principal_id == person.id}


def test_assign_undo_unassign_undo_with_the_keyboard_alone(
    walker: Walker, world: WizardWorld
) -> None:
    page = at_assignments(walker)
    rows = page.model.rowCount()
    before = roles_of(world, LUCA)
    dialog = open_search(walker, page)
    find(walker, dialog, "lu", 2)
    walker.press(Key.Key_Down)
    assert QApplication.focusWidget() is dialog.results
    assert dialog.model.row_at(dialog.results.currentIndex().row()).address == LUCA
    walker.press(Key.Key_Return)
    closed(walker, AssignDialog)
    settled(walker)
    assert page.changes.state is State.SUCCESS
    assert "Luca Bianchi" in page.changes.title
    assert page.model.rowCount() == rows + 1
    assert len(roles_of(world, LUCA) - before) == 1

    walker.press(Key.Key_Space)
    walker.until(lambda: roles_of(world, LUCA) == before)
    walker.until(lambda: not page.changes.work.running)
    settled(walker)
    assert page.model.rowCount() == rows

    walker.tab_to(page.view)
    walker.press(Key.Key_Home)
    page.view.selectRow(0)
    group = page.model.row_at(0)
    walker.press(Key.Key_Delete)
    assert page.changes.state is State.WARNING
    assert group.name in page.changes.title
    assert page.changes.text
    walker.check_page()
    walker.press(Key.Key_Return)
    walker.until(lambda: page.changes.state is State.SUCCESS)
    settled(walker)
    assert page.model.rowCount() == rows - 1
    assert group.principal_id not in {
        one.principal_id for one in world.sandbox.world.directory.living_grants()
    }
    walker.press(Key.Key_Return)
    walker.until(lambda: page.model.rowCount() == rows and not page.changes.work.running)
    assert group.principal_id in {
        one.principal_id for one in world.sandbox.world.directory.living_grants()
    }


def test_keep_keeps_and_nothing_is_asked_without_a_row(walker: Walker, world: WizardWorld) -> None:
    page = at_assignments(walker)
    grants = len(list(world.sandbox.world.directory.living_grants()))
    assert not page.unassign.isEnabled()
    page.view.selectRow(1)
    assert page.unassign.isEnabled()
    page.unassign.click()
    walker.press(Key.Key_Backtab)
    walker.press(Key.Key_Return)
    assert not page.changes.isVisible()
    assert len(list(world.sandbox.world.directory.living_grants())) == grants


def test_enter_before_the_search_has_ended_assigns_nobody_found_before(
    walker: Walker, world: WizardWorld
) -> None:
    page = at_assignments(walker)
    before = roles_of(world, LUCA)
    dialog = open_search(walker, page)
    find(walker, dialog, "lu", 2)
    dialog.search.selectAll()
    walker.type("marta")
    walker.press(Key.Key_Return)
    assert not dialog.deed.running
    walker.until(lambda: dialog._typing.isActive() is False and not dialog._looking.running)
    assert [dialog.model.row_at(row).name for row in range(dialog.model.rowCount())] == [
        "Marta Lindqvist"
    ]
    assert roles_of(world, LUCA) == before
    walker.press(Key.Key_Escape)
    closed(walker, AssignDialog)


def test_what_is_missing_is_said_where_it_was_wanted(walker: Walker, world: WizardWorld) -> None:
    page = at_assignments(walker)
    world.sandbox.world.revoke_permission(ASSIGN)
    dialog = open_search(walker, page)
    walker.press(Key.Key_Return)
    assert dialog.who.error
    find(walker, dialog, LUCA, 1)
    assert not dialog.who.error
    walker.press(Key.Key_Return)
    walker.until(lambda: not dialog.deed.running and dialog.note.state is State.FAILURE)
    assert ASSIGN in dialog.note.title
    assert ASSIGN in dialog.note.text
    assert not dialog.sign_in.isVisible()
    world.sandbox.world.grant_permission(ASSIGN)
    world.sandbox.world.assign(LUCA, "G2M")
    walker.press(Key.Key_Return)
    walker.until(lambda: not dialog.deed.running and dialog.note.state is State.INFO)
    assert "Luca Bianchi" in dialog.note.title
    walker.press(Key.Key_Escape)
    closed(walker, AssignDialog)

    world.sandbox.world.revoke_permission(ASSIGN)
    page.view.selectRow(0)
    page.unassign.click()
    walker.press(Key.Key_Return)
    walker.until(lambda: page.changes.state is State.FAILURE)
    assert ASSIGN in page.changes.title


def test_the_newest_words_are_searched_and_a_closed_search_is_forgotten(
    walker: Walker, world: WizardWorld
) -> None:
    page = at_assignments(walker)
    dialog = open_search(walker, page)
    world.sandbox.world.faults.latency_seconds = 0.4
    walker.type("m")
    walker.until(lambda: dialog._looking.running)
    assert dialog.found.label.text()
    dialog.search.selectAll()
    walker.type("lu")
    walker.until(lambda: dialog.model.rowCount() > 0)
    assert {dialog.model.row_at(row).name[0] for row in range(dialog.model.rowCount())} <= {
        "L",
        "Ł",
    }
    walker.type("x")
    walker.until(lambda: dialog._looking.running)
    walker.press(Key.Key_Escape)
    closed(walker, AssignDialog)
    world.sandbox.world.faults.latency_seconds = 0.0
    page.refresh()
    settled(walker)


def test_an_application_without_roles_gets_one_and_then_people(
    walker: Walker, world: WizardWorld
) -> None:
    page = at_assignments(walker)
    world.sandbox.world.remove_roles()
    page.refresh()
    settled(walker)
    assert not page.assign.isEnabled()
    assert page.changes.state is State.WARNING
    assert "Default Access" in page.changes.title
    world.sandbox.world.revoke_permission(ROLES)
    (create,) = [one for one in page.changes.findChildren(type(page.assign)) if one.isVisible()]
    walker.tab_to(create)
    walker.press(Key.Key_Space)
    dialog = opened(walker, RoleDialog)
    assert isinstance(dialog, RoleDialog)
    assert dialog.name.text() == "GoToMeeting User"
    walker.tab_to(dialog.value)
    walker.type("a b")
    walker.press(Key.Key_Return)
    walker.until(lambda: bool(dialog.fields["value"].error))
    assert QApplication.focusWidget() is dialog.value
    dialog.value.selectAll()
    walker.type("G2M")
    assert not dialog.fields["value"].error
    walker.press(Key.Key_Return)
    walker.until(lambda: not dialog.deed.running and dialog.note.isVisible())
    assert ROLES in dialog.note.title
    world.sandbox.world.grant_permission(ROLES)
    walker.press(Key.Key_Return)
    closed(walker, RoleDialog)
    walker.until(lambda: page.assign.isEnabled())
    (role,) = world.sandbox.world.directory.application.roles
    assert (role.name, role.value) == ("GoToMeeting User", "G2M")

    search = open_search(walker, page)
    assert search.role.count() == 1
    find(walker, search, LUCA, 1)
    walker.press(Key.Key_Return)
    closed(walker, AssignDialog)
    walker.until(lambda: role.id in roles_of(world, LUCA))
    settled(walker)
    assert len(page.table.entitled) == 1


def test_who_signed_in_for_cycles_signs_in_again_right_there(
    walker: Walker, world: WizardWorld
) -> None:
    world.visit = press
    source = real_source_page(walker, world, SourceSignIn.BROWSER)
    sign_in_with_keys(walker, source.person_sign_in)
    walker.until(lambda: not source.work.running)
    walker.next()
    walker.arrive(Step.ASSIGNMENT)
    page = settled(walker)
    page.view.selectRow(0)
    page.unassign.click()
    walker.press(Key.Key_Return)
    walker.until(lambda: page.changes.state is State.FAILURE)
    (again,) = [one for one in page.changes.findChildren(type(page.assign)) if one.isVisible()
                and one is not page.changes._more]  # fmt: skip
    again.click()
    opened(walker, SignInDialog)
    walker.press(Key.Key_Escape)
    closed(walker, SignInDialog)

    search = open_search(walker, page)
    find(walker, search, LUCA, 1)
    walker.press(Key.Key_Return)
    walker.until(lambda: not search.deed.running and search.sign_in.isVisible())
    assert ASSIGN in search.note.title
    walker.tab_to(search.sign_in.begin)
    walker.press(Key.Key_Space)
    closed(walker, AssignDialog)
    settled(walker)
    assert len(roles_of(world, LUCA)) == 2
    assert walker.window.session.flow.state(Step.SOURCE) is StepState.DONE
