"""The wizard's window: rail, page, footer, and the keys that walk it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import RollcallError
from app.domain.texts import Translator
from app.setup.cancel import Cancellation
from app.setup.draft import Answers, Step
from app.setup.flow import Flow, StepState
from app.setup.services import WizardServices
from app.ui.help_dialog import HelpDialog
from app.ui.icons import application_icon
from app.ui.theme import Role, Space, Token, color, grown, large_text
from app.ui.widgets import Button, FlowLayout, IconButton, KeyCap, Label, StepRail, page_scroll
from app.ui.widgets import StepState as RailState
from app.ui.widgets.card import Hairline
from app.ui.widgets.reflow import ReflowRow
from app.ui.widgets.steps import NARROW_STEP
from app.ui.wizard.assignment import AssignmentPage
from app.ui.wizard.connection import ConnectionPage
from app.ui.wizard.mappings import MappingsPage
from app.ui.wizard.mnemonics import chosen_letter, give_mnemonics
from app.ui.wizard.notification import NotificationPage
from app.ui.wizard.page import Page, Session
from app.ui.wizard.preview import PreviewPage
from app.ui.wizard.source import SourcePage
from app.ui.wizard.speech import Speech
from app.ui.wizard.target import TargetPage
from app.ui.wizard.welcome import WelcomePage
from app.ui.wizard.work import Runner, Work

RAIL_WIDTH, MOST_RAIL_WIDTH = 264, 288
FOOTER_HEIGHT = 64
NARROW_WINDOW = 1000
FIRST_SIZE = QSize(1280, 800)
LEAST_SIZE = QSize(1000, 680)


class _Filled(QWidget):
    """An area in one colour of the theme."""

    def __init__(self, token: Token) -> None:
        super().__init__()
        self._token = token

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The colour."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(self._token))
        painter.end()


class WizardWindow(QWidget):
    """Walks a person from nothing to a profile that is switched on.

    `on_done` gets the name of the saved profile. `closed` is emitted when the window has closed,
    finished or not; the draft is kept before.
    """

    closed = Signal()

    def __init__(
        self,
        services: WizardServices,
        runner: Runner,
        translator: Translator,
        on_done: Callable[[str], None],
        *,
        names: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self._on_done = on_done
        self._finished = False
        self._saved = False
        self.session = Session(Flow(names=names), services, runner, Speech(translator))
        self._saving = Work(runner, self)
        self.setWindowIcon(application_icon())
        self.setMinimumSize(LEAST_SIZE)
        self.resize(FIRST_SIZE)
        self._build()
        self._build_keys()
        self._show_step()

    # --- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self.pages: dict[Step, Page] = {
            page.step: page
            for page in (
                WelcomePage(self.session),
                SourcePage(self.session),
                AssignmentPage(self.session),
                TargetPage(self.session),
                ConnectionPage(self.session),
                NotificationPage(self.session),
                MappingsPage(self.session),
                PreviewPage(self.session),
            )
        }
        self._stack = QStackedWidget()
        self._areas: dict[Step, QScrollArea] = {}
        for step, page in self.pages.items():
            page.changed.connect(self.refresh)
            page.wanted.connect(self._jump)
            page.proceed.connect(self.go_next)
            page.nothing_to_fill.connect(self._focus_footer)
            page.setContentsMargins(Space.HUGE, Space.PAGE + 4, Space.HUGE, Space.PAGE)
            self._areas[step] = page_scroll(page)
            self._stack.addWidget(self._areas[step])
        welcome = self.pages[Step.WELCOME]
        if isinstance(welcome, WelcomePage):
            welcome.resumed.connect(self._resume)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._stack, 1)
        right.addWidget(Hairline())
        right.addWidget(self._build_footer())
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._build_rail())
        whole.addWidget(Hairline(upright=True))
        whole.addLayout(right, 1)

    def _build_rail(self) -> QWidget:
        self._rail_area = _Filled(Token.SUNKEN)
        column = self._rail_column = QVBoxLayout(self._rail_area)
        column.setSpacing(Space.PAGE)
        head = QHBoxLayout()
        head.setContentsMargins(Space.MEDIUM, 0, 0, 0)
        head.setSpacing(Space.MEDIUM)
        self._mark = Label("")
        self._mark.setPixmap(application_icon().pixmap(QSize(28, 28), self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.setSpacing(0)
        self._product = Label("Rollcall", Role.SECTION)
        self._task = Label(self.tr("Set up a profile"), Role.CAPTION, Token.TEXT2)
        words.addWidget(self._product)
        words.addWidget(self._task)
        head.addWidget(self._mark)
        head.addLayout(words, 1)
        self.rail = StepRail(
            (
                self.tr("Welcome"),
                self.tr("Microsoft sign-in"),
                self.tr("Application & assignment"),
                self.tr("GoTo credentials"),
                self.tr("Connection test"),
                self.tr("Notification"),
                self.tr("Mappings"),
                self.tr("Preview & switch on"),
            )
        )
        self.rail.chosen.connect(lambda index: self._jump(index + 1))
        self._kept = Label(
            self.tr("Answers are kept as you go. Close the window and carry on later."),
            Role.CAPTION,
            Token.TEXT2,
            wrap=True,
        )
        self._kept.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, 0)
        column.addLayout(head)
        column.addWidget(self.rail)
        column.addStretch(1)
        column.addWidget(self._kept)
        return self._rail_area

    def _build_footer(self) -> QWidget:
        footer = _Filled(Token.SURFACE)
        footer.setMinimumHeight(FOOTER_HEIGHT)
        row = ReflowRow(spacing=Space.MEDIUM)
        whole = QHBoxLayout(footer)
        whole.setContentsMargins(Space.HUGE - 6, Space.MEDIUM, Space.HUGE, Space.MEDIUM)
        whole.addWidget(row)
        self.help = Button(self.tr("Help"), kind="link")
        self.help.clicked.connect(self._help)
        helping = QWidget()
        beside = QHBoxLayout(helping)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.help)
        beside.addWidget(KeyCap("F1"))
        row.add(helping, 0, Qt.AlignmentFlag.AlignLeft)
        row.add_stretch()
        self.save_and_close = Button(self.tr("Save and close"), kind="link")
        self.save_and_close.clicked.connect(self.close)
        self.back = Button(self.tr("&Back"))
        self.back.clicked.connect(self.go_back)
        self.next = Button(self.tr("&Next"), kind="primary")
        self.next.clicked.connect(self.go_next)
        leading = QWidget()
        flow = FlowLayout(leading, spacing=Space.MEDIUM)
        for button in (self.save_and_close, self.back, self.next):
            flow.addWidget(button)
        row.add(leading, 0, Qt.AlignmentFlag.AlignVCenter)
        return footer

    def _build_keys(self) -> None:
        back = QKeySequence(Qt.Modifier.ALT | Qt.Key.Key_Left)
        QShortcut(back, self, self.go_back)
        self._next_letter = chosen_letter(self.tr("&Next"))
        # On pages whose leading button has another word, Next's key still leads on.
        self._next_key = QShortcut(QKeySequence(f"Alt+{self._next_letter}"), self, self.go_next)
        QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), self, self._help)

    @property
    def finished(self) -> bool:
        """Whether the profile was switched on."""
        return self._finished

    # --- walking -----------------------------------------------------------------------------

    @property
    def page(self) -> Page:
        """The page on show."""
        return self.pages[self.session.flow.step]

    def go_next(self) -> None:
        """Explain what is missing, or try it and go on."""
        page = self.page
        if not page.next_allowed() or not self.next.isEnabled():
            return
        page.collect()
        flow = self.session.flow
        problems = page.problems() if isinstance(page, WelcomePage) else flow.problems()
        if problems:
            if flow.step is not Step.WELCOME:
                flow.fail()
            page.show_problems(problems)
            self.refresh()
            return
        page.clear_errors()
        page.check(self._passed)
        self.refresh()

    def go_back(self) -> None:
        """One page back; what was typed is kept and what waits is stopped."""
        if self.session.flow.step is Step.WELCOME:
            return
        self.page.cancel_work()
        self.page.collect()
        self.session.flow.back()
        self._show_step()

    def _passed(self) -> None:
        flow = self.session.flow
        if flow.step is Step.PREVIEW:
            self._finished = True
            name = flow.draft.name
            self.close()
            self._on_done(name)
            return
        if flow.next():
            self.page.show_problems(flow.problems())
        else:
            self._show_step()

    def _jump(self, step: int) -> None:
        if step == self.session.flow.step:
            return
        self.page.cancel_work()
        self.page.collect()
        self.session.flow.jump(Step(step))
        self._show_step()

    def _resume(self, answers: Answers) -> None:
        self.session.flow = Flow(answers, self.session.flow.names)
        self.session.forget()
        self._show_step()

    def _show_step(self) -> None:
        step = self.session.flow.step
        page = self.pages[step]
        page.clear_errors()
        self._stack.setCurrentWidget(self._areas[step])
        self._areas[step].verticalScrollBar().setValue(0)
        page.enter()
        self.refresh()
        page.focus_first()

    # --- showing -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Rail, footer and title after anything changed."""
        flow, page = self.session.flow, self.page
        for step in Step:
            self.rail.set_state(int(step) - 1, _RAIL_STATES[self._rail_state(step)])
            reason = self.tr("First: {step}").format(step=self._step_name(flow.first_open()))
            self.rail.set_reason(int(step) - 1, reason)
        self.rail.set_current(int(flow.step) - 1)
        self.next.setText(page.next_text())
        self._allow_next(page)
        self.next.set_kind("primary" if page.next_leads() else "normal")
        self.next.updateGeometry()
        self.back.setVisible(flow.step is not Step.WELCOME)
        name = flow.draft.name
        self.setWindowTitle(
            self.tr("Rollcall – set up “{name}”").format(name=name)
            if name
            else self.tr("Rollcall – set up a profile")
        )
        frame = (self.next, self.back, self.save_and_close, self.help)
        give_mnemonics(page, frame, (self._next_letter,))
        self._next_key.setEnabled(chosen_letter(self.next.text()) != self._next_letter)

    def _allow_next(self, page: Page) -> None:
        allowed = page.next_allowed() and not self._saving.running
        if not allowed and self.next.hasFocus():
            # Qt would hand the focus to whatever comes next; it belongs beside what is busy.
            beside = page.cancel_button if page.cancel_button.isVisible() else self.back
            (beside if beside.isVisible() else self.save_and_close).setFocus(
                Qt.FocusReason.OtherFocusReason
            )
        self.next.setEnabled(allowed)

    def _focus_footer(self) -> None:
        wanted = self.next if self.next.isEnabled() else self.back
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rail_state(self, step: Step) -> StepState:
        flow = self.session.flow
        state = flow.state(step)
        if state is StepState.CURRENT:
            return StepState.DONE if flow.is_done(step) else StepState.LATER
        return state

    def _step_name(self, step: Step) -> str:
        return self.rail.button(int(step) - 1).text()

    def _help(self) -> None:
        page = self.page
        keys = (
            (f"Alt+{self._next_letter}", self.tr("One step on")),
            ("Alt+Left", self.tr("One step back")),
            ("F5", self.tr("Read this page’s facts again")),
            ("Esc", self.tr("Stop waiting")),
        )
        HelpDialog(page.title.text(), page.explanation.text(), keys, self).open()

    # --- closing -----------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the answers first; a finished or untouched wizard just closes."""
        if self._finished or self._saved or self.session.draft.world is None:
            for page in self.pages.values():
                page.work.cancel()
            event.accept()
            self.closed.emit()
            return
        event.ignore()
        self.page.cancel_work()
        self.page.collect()
        answers, services = self.session.flow.answers, self.session.services

        async def keep(_stop: Cancellation, _tell: object) -> None:
            await services.save_draft(answers)

        self._saving.start(keep, self._kept_answers, self._not_kept)
        self.refresh()

    def _kept_answers(self, _none: None) -> None:
        self._saved = True
        self.close()

    def _not_kept(self, error: RollcallError) -> None:
        """Say why; closing again closes without them."""
        self._saved = True
        self.page.show_error(error)
        self.refresh()

    # --- keys and size -----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is the leading button; Esc is safe: it stops waiting and closes nothing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, Button | IconButton):
                focused.click()
            elif self.next.isEnabled():
                self.go_next()
            event.accept()
            return
        if event.key() == Qt.Key.Key_Escape:
            self.page.cancel_work()
            event.accept()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """The font grew or shrank: the rail may have to make room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._fit_rail()

    def resizeEvent(self, _event: object) -> None:
        """Large text or a narrow window leaves the rail its numbers."""
        self._fit_rail()

    def _fit_rail(self) -> None:
        narrow = large_text() or self.width() < NARROW_WINDOW
        least = NARROW_STEP + grown(20) + 2 * Space.TIGHT
        wide = max(grown(RAIL_WIDTH), self.rail.wanted_width() + 2 * Space.WIDE)
        self._rail_area.setFixedWidth(least if narrow else min(wide, grown(MOST_RAIL_WIDTH)))
        sides = Space.TIGHT if narrow else Space.WIDE
        self._rail_column.setContentsMargins(sides, Space.PAGE, sides, Space.PAGE)
        self.rail.set_narrow(narrow)
        for label in (self._product, self._task, self._kept):
            label.setVisible(not narrow)


_RAIL_STATES = {
    StepState.DONE: RailState.DONE,
    StepState.FAILED: RailState.FAILED,
    StepState.LATER: RailState.LATER,
    StepState.CURRENT: RailState.LATER,
}
