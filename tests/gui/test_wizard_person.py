"""The wizard where a person signs in: browser and code, waiting, cancelling, both sides."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from walker import Walker
from wizard_world import WizardWorld

from app.domain.settings import SourceSignIn, TargetSignIn
from app.host.sign_ins import decode
from app.setup.draft import SOURCE_CERTIFICATE, SOURCE_SIGN_IN, TARGET_SIGN_IN, Step, World
from app.setup.flow import StepState
from app.ui.states import State
from app.ui.wizard.person_sign_in import PersonSignIn
from app.ui.wizard.source import SourcePage
from app.ui.wizard.target import TargetPage

sys.path.insert(0, str(Path(__file__).parents[1] / "connectors"))

from people import press

pytestmark = pytest.mark.gui
Key = Qt.Key


def real_source_page(walker: Walker, world: WizardWorld, way: SourceSignIn) -> SourcePage:
    """The page of one's own tenant, which the practice servers stand in for."""
    world.sandbox.world.faults.device_interval = 1
    page = walker.window.page
    walker.until(lambda: not page.work.running)
    walker.tab_to(page.practice)
    walker.press(Key.Key_Right)
    walker.press(Key.Key_Space)
    walker.press(Key.Key_Return)
    walker.arrive(Step.SOURCE)
    page = walker.window.page
    assert isinstance(page, SourcePage)
    info = world.sandbox.info()
    flow = walker.window.session.flow
    assert flow.draft.world is World.REAL
    flow.answer(
        login_url=info["login_url"],
        graph_url=info["graph_url"],
        target_url=info["goto_url"],
        token_url=info["token_url"],
    )
    walker.type(info["tenant"])
    page.sign_in.part(way.value).click()
    walker.tab_to(page.client)
    walker.type(info["client_id"])
    walker.tab_to(page.name)
    page.name.selectAll()
    walker.type("contoso")
    walker.check_page()
    return page


def sign_in_with_keys(walker: Walker, panel: PersonSignIn) -> None:
    walker.tab_to(panel.begin)
    walker.press(Key.Key_Space)


def test_a_person_signs_in_at_both_sides_with_the_keyboard(
    walker: Walker, world: WizardWorld
) -> None:
    world.visit = press
    world.sandbox.world.faults.rotate_refresh_tokens = True
    page = real_source_page(walker, world, SourceSignIn.BROWSER)
    assert page.fields[SOURCE_SIGN_IN].isVisible()
    assert not page.client_secret.isVisible()
    walker.next()
    walker.until(lambda: bool(page.fields[SOURCE_SIGN_IN].error))
    sign_in_with_keys(walker, page.person_sign_in)
    walker.until(lambda: not page.work.running)
    assert "admin@haldenroux.example" in page.person_sign_in.state.label.text()
    assert QApplication.focusWidget() is page.person_sign_in.begin
    walker.check_page()
    walker.next()
    walker.arrive(Step.ASSIGNMENT)
    assert world.secrets.get("contoso", SOURCE_SIGN_IN)
    page = walker.window.page
    walker.until(lambda: page.table is not None)
    names = [page.application.itemText(at) for at in range(page.application.count())]
    assert any(names)
    walker.until(lambda: not page.work.running)
    walker.next()
    walker.arrive(Step.TARGET)
    target = walker.window.page
    assert isinstance(target, TargetPage)
    target.sign_in.part(TargetSignIn.BROWSER.value).click()
    walker.tab_to(target.client)
    walker.type(world.sandbox.info()["goto_client_id"])
    sign_in_with_keys(walker, target.person_sign_in)
    walker.until(lambda: not target.work.running)
    assert world.sandbox.world.administrator.email in target.person_sign_in.state.label.text()
    walker.next()
    walker.arrive(Step.CONNECTION_TEST)
    # The test renewed it, GoTo ended the old one, and the keyring has the new one.
    made = walker.window.session.flow.answers.secrets[TARGET_SIGN_IN]
    kept = decode(world.secrets.get("contoso", TARGET_SIGN_IN))
    assert kept.refresh_token != decode(made).refresh_token
    practice = world.sandbox.world
    assert world.sandbox.grants.valid("refresh", kept.refresh_token, practice.now())
    walker.next()
    walker.arrive(Step.NOTIFICATION)
    assert len(world.browsed) == 2


def test_a_code_is_shown_counted_down_and_entered(walker: Walker, world: WizardWorld) -> None:
    page = real_source_page(walker, world, SourceSignIn.DEVICE_CODE)
    panel = page.person_sign_in
    sign_in_with_keys(walker, panel)
    walker.until(panel.code.isVisible)
    walker.check_page()
    code = panel.code.text()
    assert re.search(r"15:00|14:5\d", panel.left.text())
    assert not panel.begin.isEnabled()
    walker.tab_to(panel.copy)
    walker.press(Key.Key_Space)
    assert QApplication.clipboard().text() == code
    ends = panel._ends
    panel._clock = lambda: ends - 61
    panel._show_left()
    assert "1:01" in panel.left.text()
    press(f"{world.sandbox.info()['login_url']}/device?user_code={code}")
    walker.until(lambda: not page.work.running)
    assert panel.state.label.text().endswith("admin@haldenroux.example.")
    assert not panel.code.isVisible()
    assert world.browsed == []


def test_the_practice_tenant_signs_in_as_chosen(walker: Walker, world: WizardWorld) -> None:
    walker.begin_practice()
    page = walker.window.page
    assert isinstance(page, SourcePage)
    title = page.note.title
    page.sign_in.part(SourceSignIn.DEVICE_CODE.value).click()
    sign_in_with_keys(walker, page.person_sign_in)
    walker.until(page.person_sign_in.code.isVisible)
    # Whoever presses twice copies the code and does not throw it away.
    assert QApplication.focusWidget() is page.person_sign_in.copy
    assert page.note.title == title
    assert world.browsed == []
    page.cancel_work()


@pytest.mark.parametrize("way", [SourceSignIn.BROWSER, SourceSignIn.DEVICE_CODE])
def test_waiting_can_be_cancelled_and_begun_again(
    walker: Walker, world: WizardWorld, way: SourceSignIn
) -> None:
    page = real_source_page(walker, world, way)
    panel = page.person_sign_in
    for _ in range(2):
        sign_in_with_keys(walker, panel)
        walker.until(panel.copy.isVisible)
        walker.tab_to(panel.cancel)
        walker.press(Key.Key_Space)
        assert not page.work.running
        assert panel.begin.isEnabled()
        assert not panel.copy.isVisible()
        assert QApplication.focusWidget() is panel.begin
        walker.check_page()
    assert SOURCE_SIGN_IN not in walker.window.session.flow.answers.known


def test_who_declines_is_told_so_and_may_begin_again(walker: Walker, world: WizardWorld) -> None:
    world.visit = lambda address: press(address, "decline")
    page = real_source_page(walker, world, SourceSignIn.BROWSER)
    sign_in_with_keys(walker, page.person_sign_in)
    walker.until(lambda: not page.work.running)
    assert page.note.state is State.FAILURE
    assert re.search("declined|refusée", page.note.title)
    assert re.search("button|bouton", page.note.text)
    assert page.fields[SOURCE_SIGN_IN].error
    assert walker.window.session.flow.state(Step.SOURCE) is StepState.FAILED
    # Another way has not failed.
    page.sign_in.part(SourceSignIn.DEVICE_CODE.value).click()
    assert not page.note.isVisible()
    assert walker.window.session.flow.state(Step.SOURCE) is StepState.CURRENT
    page.sign_in.part(SourceSignIn.BROWSER.value).click()
    world.visit = press
    sign_in_with_keys(walker, page.person_sign_in)
    walker.until(lambda: not page.work.running)
    assert SOURCE_SIGN_IN in walker.window.session.flow.answers.known
    # Another application has nobody signed in yet.
    page.client.setText("other")
    page.collect()
    assert SOURCE_SIGN_IN not in walker.window.session.flow.answers.known
    assert not page.person_sign_in.state.isVisible()


def test_what_is_missing_is_asked_for_before_the_browser_opens(
    walker: Walker, world: WizardWorld
) -> None:
    page = real_source_page(walker, world, SourceSignIn.BROWSER)
    page.client.clear()
    sign_in_with_keys(walker, page.person_sign_in)
    assert page.fields["client_id"].error
    assert not page.work.running
    assert world.browsed == []


def test_a_certificate_comes_from_a_file(
    walker: Walker, world: WizardWorld, tmp_path: Path, monkeypatch
) -> None:
    from PySide6.QtWidgets import QFileDialog
    from test_microsoft_certificate import CERTIFICATE, KEY, PEM, pem_of, pfx

    world.sandbox.world.register_certificate(pem_of(CERTIFICATE))
    page = real_source_page(walker, world, SourceSignIn.CERTIFICATE)
    page.certificate.setText(pem_of(CERTIFICATE))
    walker.next()
    walker.until(lambda: page.refused)
    assert page.fields[SOURCE_CERTIFICATE].error
    assert QApplication.focusWidget() is page.certificate
    assert "rollcall secret" not in page.note.text
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "gone.pem"), ""))
    page._choose_certificate()
    assert "gone.pem" in page.fields[SOURCE_CERTIFICATE].error
    pem, binary = tmp_path / "cert.pem", tmp_path / "cert.pfx"
    pem.write_text(PEM)
    from base64 import b64decode

    binary.write_bytes(b64decode("".join(pfx(KEY, CERTIFICATE).split())))
    for file in (pem, binary):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, file=file: (str(file), ""))
        page._choose_certificate()
        walker.next()
        walker.arrive(Step.ASSIGNMENT)
        assert world.secrets.get("contoso", SOURCE_CERTIFICATE)
        walker.press(Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        walker.arrive(Step.SOURCE)
