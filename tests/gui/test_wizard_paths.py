"""Ways through the wizard that people take and nobody draws: there and back again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFocusFrame
from walker import Walker
from wizard_world import WizardWorld

from app.domain.texts import Text
from app.setup.draft import TARGET_PASSWORD, Step, World
from app.setup.flow import StepState
from app.ui.states import State
from app.ui.widgets import StepState as RailState
from app.ui.wizard.assignment import AssignmentPage
from app.ui.wizard.mappings import MappingsPage
from app.ui.wizard.notification import NotificationPage
from app.ui.wizard.preview import PreviewPage
from app.ui.wizard.source import SourcePage
from app.ui.wizard.target import TargetPage
from app.ui.wizard.welcome import WelcomePage

pytestmark = pytest.mark.gui
Key = Qt.Key


def back_to_welcome(walker: Walker) -> WelcomePage:
    while walker.window.session.flow.step is not Step.WELCOME:
        walker.press(Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    page = walker.window.page
    assert isinstance(page, WelcomePage)
    return page


def choose(walker: Walker, world: World) -> None:
    """Mark the card with the keys and go on."""
    page = walker.window.page
    assert isinstance(page, WelcomePage)
    card = page.practice if world is World.PRACTICE else page.real
    walker.tab_to(page.practice if page.practice.isChecked() else page.real)
    if not card.isChecked():
        walker.press(Key.Key_Right if card is page.real else Key.Key_Left)
    assert card.isChecked()
    walker.press(Key.Key_Return)
    walker.arrive(Step.SOURCE)


def test_looking_at_the_other_tenant_leaves_no_dead_end(walker: Walker) -> None:
    """Complaint: the application on show was not the one in the answers, and Next refused it."""
    walker.walk_to(Step.ASSIGNMENT)
    back_to_welcome(walker)
    choose(walker, World.REAL)
    back_to_welcome(walker)
    choose(walker, World.PRACTICE)
    walker.next()
    walker.arrive(Step.ASSIGNMENT)
    page = walker.window.page
    assert isinstance(page, AssignmentPage)
    walker.until(lambda: page.table is not None)
    assert walker.window.session.draft.application_id == page.application.currentData()
    walker.next()
    walker.arrive(Step.TARGET)


def test_each_tenant_keeps_its_answers(walker: Walker) -> None:
    """Complaint: what was typed for the own tenant was gone after a look at the practice one."""
    page = walker.window.page
    assert isinstance(page, WelcomePage)
    walker.until(lambda: not page.work.running)
    walker.tab_to(page.practice)
    walker.press(Key.Key_Right)
    walker.press(Key.Key_Space)
    walker.press(Key.Key_Return)
    walker.arrive(Step.SOURCE)
    walker.type("contoso.com")
    back_to_welcome(walker)
    choose(walker, World.PRACTICE)
    back_to_welcome(walker)
    choose(walker, World.REAL)
    source = walker.window.page
    assert isinstance(source, SourcePage)
    assert source.tenant.text() == "contoso.com"
    assert not source.client_secret.text()


def test_arrow_keys_never_leave_the_page(walker: Walker) -> None:
    """Complaint: Down, Down, Enter from the nested groups closed the program."""
    walker.walk_to(Step.ASSIGNMENT)
    page = walker.window.page
    assert isinstance(page, AssignmentPage)
    walker.until(lambda: page.table is not None)
    for start in (page.nested, page.reload, walker.window.help, walker.window.back):
        if not start.isVisible():
            page.nested.show()
        start.setFocus(Qt.FocusReason.TabFocusReason)
        for key in (Key.Key_Down, Key.Key_Right, Key.Key_Up, Key.Key_Left, Key.Key_Down):
            walker.press(key)
            assert QApplication.focusWidget() is start


def test_a_missing_choice_leads_to_the_cards(walker: Walker) -> None:
    """Complaint: after the sentence the focus stayed on Help."""
    page = walker.window.page
    assert isinstance(page, WelcomePage)
    walker.until(lambda: not page.work.running)
    walker.tab_to(walker.window.help)
    walker.next()
    walker.until(page.note.isVisible)
    assert QApplication.focusWidget() is page.practice


def real_source(walker: Walker) -> SourcePage:
    page = walker.window.page
    assert isinstance(page, WelcomePage)
    walker.until(lambda: not page.work.running)
    page.real.setChecked(True)
    walker.window.go_next()
    walker.arrive(Step.SOURCE)
    source = walker.window.page
    assert isinstance(source, SourcePage)
    return source


def test_missing_answers_are_said_on_top_and_in_the_rail(walker: Walker) -> None:
    """Complaint: no note, no octagon, and the hints vanished."""
    page = real_source(walker)
    hint = page.fields["tenant"]._hint
    walker.next()
    walker.until(page.note.isVisible)
    assert walker.window.session.flow.state(Step.SOURCE) is StepState.FAILED
    assert walker.window.rail.state(int(Step.SOURCE) - 1) is RailState.FAILED
    assert hint.isVisible()
    assert QApplication.focusWidget() is page.tenant


def rings() -> int:
    frames = [
        one
        for top in QApplication.topLevelWidgets()
        for one in top.findChildren(QFocusFrame)
        if one.isVisible()
    ]
    return len(frames)


def test_the_ring_of_a_refused_field_comes_and_goes_with_its_error(
    walker: Walker, qapp: QApplication
) -> None:
    """Complaint: no ring outside the red edge, and two rings when the error had gone."""
    page = real_source(walker)
    assert QApplication.focusWidget() is page.tenant
    walker.next()
    walker.until(lambda: rings() == 1)
    assert QApplication.focusWidget() is page.tenant
    walker.type("c")
    qapp.processEvents()
    assert rings() == 0


def test_the_eye_of_a_secret_can_be_reached_with_the_tabulator(walker: Walker) -> None:
    """Complaint: Tab skipped the button that shows the secret."""
    page = real_source(walker)
    walker.tab_to(page.client_secret)
    walker.type("s3cret")
    walker.press(Key.Key_Tab)
    eye = QApplication.focusWidget()
    assert eye is page.client_secret.eye
    walker.press(Key.Key_Space)
    assert page.client_secret.echoMode() is page.client_secret.EchoMode.Normal
    walker.type("x")
    assert page.client_secret.text() == "s3cret"
    walker.press(Key.Key_Return)
    assert page.client_secret.echoMode() is page.client_secret.EchoMode.Password
    assert walker.window.session.flow.step is Step.SOURCE


def test_a_refusal_says_that_nothing_was_changed_and_keeps_quotes_for_details(
    walker: Walker,
) -> None:
    walker.walk_to(Step.TARGET)
    page = walker.window.page
    assert isinstance(page, TargetPage)
    assert page.user.hasFocus()
    right = page.password.text()
    page.password.setText("wrong")
    walker.window.go_next()
    walker.until(lambda: page.refused)
    assert "“" not in page.note.title
    nothing = {"en": "Nothing was changed.", "fr": "Rien n’a été modifié."}
    assert any(page.note.text.startswith(words) for words in nothing.values())
    assert page.note.details
    fill = page.fill_again
    assert fill.isVisible()
    walker.tab_to(fill)
    walker.press(Key.Key_Return)
    walker.until(lambda: page.password.text() == right)
    assert walker.window.session.flow.answers.secrets[TARGET_PASSWORD] == right
    assert walker.window.session.flow.state(Step.TARGET) is StepState.CURRENT
    assert walker.window.next.hasFocus()
    walker.next()
    walker.arrive(Step.CONNECTION_TEST)


def test_the_practice_note_does_not_claim_what_is_no_longer_so(walker: Walker) -> None:
    walker.walk_to(Step.TARGET)
    page = walker.window.page
    assert isinstance(page, TargetPage)
    assert not page.fill_again.isVisible()
    page.password.setText("wrong")
    walker.press(Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    walker.next()
    walker.arrive(Step.TARGET)
    assert page.fill_again.isVisible()
    assert page.note.title != page.practice_words()[0]


def test_the_preview_claims_nothing_before_it_knows(walker: Walker, world: WizardWorld) -> None:
    walker.walk_to(Step.MAPPINGS)
    world.sandbox.world.faults.latency_seconds = 0.3
    walker.next()
    walker.until(lambda: walker.window.session.flow.step is Step.PREVIEW)
    page = walker.window.page
    assert isinstance(page, PreviewPage)
    busy = page.explanation.text()
    world.sandbox.world.faults.latency_seconds = 0.0
    walker.until(lambda: walker.window.session.preview is not None)
    assert page.explanation.text() != busy
    assert "disabled" not in busy
    assert "désactivé" not in busy


def test_an_application_without_assignments_says_so(walker: Walker) -> None:
    walker.walk_to(Step.ASSIGNMENT)
    page = walker.window.page
    assert isinstance(page, AssignmentPage)
    walker.until(lambda: page.table is not None)
    page.application.setCurrentIndex(page.application.findText("Contract Archive"))
    page.application.activated.emit(page.application.currentIndex())
    walker.until(lambda: page.table is not None and not page.table.rows)
    walker.until(lambda: not page.work.running)
    assert page.nobody.isVisible()
    assert "Contract Archive" in page.nobody.sentence
    assert not page.card.isVisible()
    assert not page.totals.isVisible()
    for step in (Step.TARGET, Step.CONNECTION_TEST, Step.NOTIFICATION, Step.MAPPINGS):
        walker.next()
        walker.arrive(step)
    mappings = walker.window.page
    assert isinstance(mappings, MappingsPage)
    assert mappings.view.isColumnHidden(3)
    walker.next()
    walker.until(lambda: walker.window.session.preview is not None)
    preview = walker.window.page
    assert isinstance(preview, PreviewPage)
    assert not preview.switch_card.everyone.isVisible()
    assert "0" not in walker.window.next.text()


def test_an_address_is_checked_when_its_chip_is_made(walker: Walker) -> None:
    walker.walk_to(Step.NOTIFICATION)
    page = walker.window.page
    assert isinstance(page, NotificationPage)
    walker.tab_to(page.addresses.edit)
    walker.type("me@x")
    walker.press(Key.Key_Return)
    assert "me@x" in page.fields["addresses"].error
    assert page.addresses.edit.property("failed")
    assert page.addresses.edit.text() == "me@x"
    walker.type(".org")
    assert not page.fields["addresses"].error
    walker.press(Key.Key_Return)
    assert page.addresses.addresses() == ("me@x.org",)
    assert walker.window.session.flow.step is Step.NOTIFICATION


def test_a_note_moves_a_quotation_into_its_details(walker: Walker) -> None:
    page = walker.window.page
    page.show_text(Text("Refused.{quote}", {"quote": " “no such user”"}), None, code="Refused")
    assert page.note.title == "Refused."
    assert "no such user" in page.note.details
    assert page.note.state is State.FAILURE
