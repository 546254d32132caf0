"""The whole wizard with the keyboard alone, over real HTTP, in both languages, and its errors."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from walker import ALT, PATIENCE_MS, Walker
from wizard_world import WizardWorld

from app.domain.activity import Status
from app.setup.draft import SOURCE_SECRET, Step, World
from app.setup.flow import StepState
from app.setup.preview import Deed
from app.ui.widgets import StepState as RailState
from app.ui.wizard.assignment import AssignmentPage
from app.ui.wizard.connection import ConnectionPage
from app.ui.wizard.mappings import MappingsPage
from app.ui.wizard.notification import NotificationPage
from app.ui.wizard.preview import PreviewPage
from app.ui.wizard.source import SourcePage
from app.ui.wizard.target import TargetPage
from app.ui.wizard.welcome import WelcomePage

pytestmark = pytest.mark.gui
Key = Qt.Key


def rail(walker: Walker, step: Step) -> RailState:
    return walker.window.rail.state(int(step) - 1)


ADDRESSES = ("ops@haldenroux.example", "it@haldenroux.example")


def give_two_addresses(walker: Walker) -> None:
    notification = walker.window.page
    assert isinstance(notification, NotificationPage)
    walker.type(",".join(ADDRESSES))
    walker.press(Key.Key_Return)
    assert notification.addresses.addresses() == ADDRESSES


def look_at_the_next_person(walker: Walker) -> None:
    mappings = walker.window.page
    assert isinstance(mappings, MappingsPage)
    assert mappings.model.rowCount() == 4
    before = mappings.person.currentText()
    walker.tab_to(mappings.next_person)
    walker.press(Key.Key_Space)
    assert mappings.person.currentText() != before


def all_but_one_check_passed(walker: Walker) -> None:
    """One person of the practice tenant has an address that GoTo does not know."""
    test = walker.window.page
    assert isinstance(test, ConnectionPage)
    others = {one.status for key, one in test._results.items() if key != ("target", "domains")}
    assert others == {Status.SUCCESS}


def test_the_whole_wizard_with_the_keyboard_alone(walker: Walker, world: WizardWorld) -> None:
    window = walker.window
    walker.begin_practice()
    source = window.page
    assert isinstance(source, SourcePage)
    assert source.tenant.isReadOnly()
    assert source.tenant.text() == world.sandbox.info()["tenant"]
    walker.next()

    walker.arrive(Step.ASSIGNMENT)
    assignment = window.page
    assert isinstance(assignment, AssignmentPage)
    walker.until(lambda: assignment.table is not None)
    assert assignment.model.rowCount() == len(assignment.table.rows) > 3
    walker.tab_to(assignment.start_with)
    walker.press(Key.Key_Space)
    assert window.session.draft.one_person_first
    assert "<b>1</b>" in assignment.total.text()
    walker.next()

    walker.arrive(Step.TARGET)
    assert isinstance(window.page, TargetPage)
    walker.press(Key.Key_Return)

    walker.arrive(Step.CONNECTION_TEST)
    walker.until(lambda: window.session.flow.is_done(Step.CONNECTION_TEST))
    all_but_one_check_passed(walker)
    walker.next()

    walker.arrive(Step.NOTIFICATION)
    give_two_addresses(walker)
    walker.next()
    walker.arrive(Step.MAPPINGS)
    look_at_the_next_person(walker)
    walker.next()
    walker.arrive(Step.PREVIEW)
    preview = window.page
    assert isinstance(preview, PreviewPage)
    assert window.session.preview is not None
    assert window.session.preview.counts[Deed.CREATE] > 5
    assert preview.switch_card.one_person.isChecked()
    assert window.session.draft.pilot_name.split()[0] in window.next.text()
    written = len(world.sandbox.world.goto.users)
    walker.press(Key.Key_Return)

    walker.until(lambda: bool(world.finished))
    assert world.finished == ["practice"]
    profile = world.profiles.settings("practice")
    assert profile.enabled
    assert profile.pilot == {window.session.draft.pilot.lower()}
    assert profile.notification.email == ADDRESSES
    assert world.practice.secrets.get("practice", SOURCE_SECRET)
    assert world.drafts.load() is None
    assert len(world.sandbox.world.goto.users) == written


def test_next_without_a_choice_says_what_is_missing(walker: Walker) -> None:
    walker.until(lambda: not walker.window.page.work.running)
    walker.next()
    walker.until(walker.window.page.note.isVisible)
    assert walker.window.session.flow.step is Step.WELCOME
    assert walker.window.page.note.title


def test_a_real_tenant_is_asked_for_everything(walker: Walker) -> None:
    page = walker.window.page
    assert isinstance(page, WelcomePage)
    walker.until(lambda: not page.work.running)
    walker.press(Key.Key_Right)
    assert QApplication.focusWidget() is page.real
    walker.press(Key.Key_Space)
    walker.press(Key.Key_Return)
    walker.arrive(Step.SOURCE)
    source = walker.window.page
    assert isinstance(source, SourcePage)
    walker.next()
    walker.until(lambda: bool(source.fields["tenant"].error))
    assert QApplication.focusWidget() is source.tenant
    walker.type("contoso.onmicrosoft.com")
    assert source.name.text() == "contoso"
    assert not source.fields["tenant"].error
    walker.next()
    walker.until(lambda: QApplication.focusWidget() is source.client)
    assert source.fields["client_id"].error
    assert walker.window.session.draft.world is World.REAL


def test_a_wrong_password_is_said_on_top_and_at_the_field(
    walker: Walker, world: WizardWorld
) -> None:
    walker.walk_to(Step.TARGET)
    page = walker.window.page
    assert isinstance(page, TargetPage)
    right = page.password.text()
    walker.tab_to(page.password)
    page.password.selectAll()
    walker.type("wrong")
    walker.press(Key.Key_Return)
    walker.until(lambda: page.refused)
    assert world.sandbox.info()["user_name"] in page.note.title
    assert page.fields["target.password"].error
    assert QApplication.focusWidget() is page.password
    assert walker.window.session.flow.state(Step.TARGET) is StepState.FAILED
    assert rail(walker, Step.TARGET) is RailState.FAILED
    assert walker.window.session.flow.step is Step.TARGET
    page.password.selectAll()
    walker.type(right)
    assert not page.fields["target.password"].error
    walker.press(Key.Key_Return)
    walker.arrive(Step.CONNECTION_TEST)
    assert rail(walker, Step.TARGET) is RailState.DONE


def test_missing_rights_lead_back_to_the_credentials(walker: Walker, world: WizardWorld) -> None:
    walker.walk_to(Step.TARGET)
    world.sandbox.world.revoke_admin()
    walker.next()
    walker.until(lambda: walker.window.session.flow.step is Step.CONNECTION_TEST)
    page = walker.window.page
    assert isinstance(page, ConnectionPage)
    walker.until(lambda: not page.work.running)
    assert page._results["target", "rights"].status is Status.FAILURE
    assert page._results["target", "rights"].advice is not None
    assert page._results["target", "seats"].status is Status.SKIPPED
    assert page._results["source", "people"].status is Status.SUCCESS
    walker.until(lambda: QApplication.focusWidget() is page.back_to_credentials)
    assert page.back_to_credentials.kind == "primary"
    assert not walker.window.next.isEnabled()
    assert rail(walker, Step.CONNECTION_TEST) is RailState.FAILED
    walker.press(Key.Key_Return)
    walker.arrive(Step.TARGET)
    world.sandbox.world.restore_admin()
    walker.next()
    walker.arrive(Step.CONNECTION_TEST)
    walker.until(walker.window.next.isEnabled)
    assert not page.back_to_credentials.isVisible()


def test_an_expired_microsoft_secret_is_said_before_the_next_page(
    walker: Walker, world: WizardWorld
) -> None:
    walker.begin_practice()
    world.sandbox.world.expire_credentials("source")
    walker.next()
    page = walker.window.page
    assert isinstance(page, SourcePage)
    walker.until(lambda: page.refused)
    assert page.note.isVisible()
    assert walker.window.session.flow.step is Step.SOURCE
    world.sandbox.world.renew_credentials("source")
    walker.next()
    walker.arrive(Step.ASSIGNMENT)


def test_waiting_can_be_cancelled_and_nothing_is_lost(walker: Walker, world: WizardWorld) -> None:
    walker.begin_practice()
    world.sandbox.world.faults.latency_seconds = 3
    walker.next()
    page = walker.window.page
    walker.until(lambda: page.work.running)
    assert not walker.window.next.isEnabled()
    assert page.cancel_button.isVisible()
    walker.press(Key.Key_Escape)
    assert not page.work.running
    assert walker.window.next.isEnabled()
    assert walker.window.session.flow.step is Step.SOURCE
    world.sandbox.world.faults.latency_seconds = 0
    walker.next()
    walker.arrive(Step.ASSIGNMENT)


def test_back_keeps_what_was_typed(walker: Walker) -> None:
    walker.walk_to(Step.NOTIFICATION)
    walker.type("ops@haldenroux.example")
    walker.press(Key.Key_Left, ALT)
    walker.arrive(Step.CONNECTION_TEST)
    walker.next()
    walker.arrive(Step.NOTIFICATION)
    assert walker.window.session.draft.addresses == ("ops@haldenroux.example",)


def test_a_test_mail_without_a_server_names_the_field(walker: Walker) -> None:
    walker.walk_to(Step.NOTIFICATION)
    page = walker.window.page
    assert isinstance(page, NotificationPage)
    walker.tab_to(page.send)
    walker.press(Key.Key_Space)
    assert page.fields["addresses"].error
    assert QApplication.focusWidget() is page.addresses.edit


def test_the_rail_leads_back_and_not_ahead(walker: Walker) -> None:
    walker.walk_to(Step.TARGET)
    button = walker.window.rail.button(int(Step.PREVIEW) - 1)
    assert not button.isEnabled()
    assert button.toolTip()
    walker.tab_to(walker.window.rail.button(int(Step.SOURCE) - 1))
    walker.press(Key.Key_Space)
    walker.arrive(Step.SOURCE)


def test_a_closed_wizard_carries_on_where_it_stopped(
    walker: Walker, world: WizardWorld, qtbot: QtBot
) -> None:
    walker.walk_to(Step.TARGET)
    with qtbot.waitSignal(walker.window.closed, timeout=PATIENCE_MS):
        walker.window.close()
    info, saved = world.sandbox.info(), world.drafts._path.read_text(encoding="utf-8")
    assert info["user_name"] in saved
    assert info["password"] not in saved
    assert info["client_secret"] not in saved
    again = world.window()
    qtbot.addWidget(again)
    later = Walker(qtbot, again)
    later.until(again.page.note.isVisible)
    later.press(Key.Key_Return)
    later.arrive(Step.TARGET)
    assert rail(later, Step.ASSIGNMENT) is RailState.DONE
    later.next()
    later.arrive(Step.CONNECTION_TEST)
    later.until(again.next.isEnabled)


def test_an_untouched_wizard_just_closes(walker: Walker, world: WizardWorld, qtbot: QtBot) -> None:
    with qtbot.waitSignal(walker.window.closed):
        walker.window.close()
    assert world.drafts.load() is None


def test_twice_the_text_size_leaves_the_rail_its_numbers(walker: Walker) -> None:
    walker.window.resize(1000, 680)
    assert walker.window.rail.width() > 150
    walker.window.setMinimumSize(600, 500)
    walker.window.resize(900, 680)
    assert walker.window.rail.width() < 100
