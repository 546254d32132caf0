"""Somebody who walks the wizard with the keyboard alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.setup.draft import Step
from app.ui.wizard import WizardWindow
from app.ui.wizard.mnemonics import _labelled, chosen_letter
from app.ui.wizard.welcome import WelcomePage

PATIENCE_MS = 20_000
Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


class Walker:
    """Somebody at the keyboard."""

    def __init__(self, qtbot: QtBot, window: WizardWindow) -> None:
        self.qtbot = qtbot
        self.window = window
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        target = QApplication.focusWidget() or self.window
        QTest.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)

    def alt(self, letter: str) -> None:
        self.press(Qt.Key(ord(letter)), ALT)

    def next(self) -> None:
        self.until(self.window.next.isEnabled)
        self.alt(chosen_letter(self.window.next.text()))

    def until(self, holds) -> None:
        self.qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def arrive(self, step: Step) -> None:
        self.until(lambda: self.window.session.flow.step is step)
        self.until(lambda: not self.window.page.work.running)
        self.check_page()

    def check_page(self) -> None:
        """Whatever page it is: a key for everybody, no key twice, and the focus where it helps."""
        window, page = self.window, self.window.page
        frame = [window.next, window.back, window.save_and_close, window.help]
        widgets = [*(one for one in frame if one.isVisible()), *_labelled(page)]
        letters = [chosen_letter(one.text()) for one in widgets]
        assert len(set(letters)) == len(letters), [one.text() for one in widgets]
        assert all(letters), [one.text() for one in widgets]
        assert page.title.text()
        focus = QApplication.focusWidget()
        assert focus is not None
        if page.step is Step.CONNECTION_TEST:
            assert focus in (window.next, window.back, page.back_to_credentials)
        elif page.first_field() is None:
            assert focus in (window.next, window.back)
        else:
            assert page.isAncestorOf(focus), (page.step, focus)

    def tab_to(self, widget: QWidget) -> None:
        for _ in range(60):
            if QApplication.focusWidget() is widget:
                return
            self.press(Key.Key_Tab)
        raise AssertionError(f"{widget} cannot be reached with the tabulator")

    def begin_practice(self) -> None:
        page = self.window.page
        assert isinstance(page, WelcomePage)
        self.until(lambda: not page.work.running)
        assert QApplication.focusWidget() is page.practice
        self.press(Key.Key_Space)
        assert page.practice.isChecked()
        self.press(Key.Key_Return)
        self.arrive(Step.SOURCE)

    def walk_to(self, wanted: Step) -> None:
        self.begin_practice()
        while self.window.session.flow.step is not wanted:
            step = self.window.session.flow.step
            self.next()
            self.arrive(Step(step + 1))
