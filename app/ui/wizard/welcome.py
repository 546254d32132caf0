"""Step 1: the practice tenant or a real one, or carry on with what was begun."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from app.setup.cancel import Cancellation
from app.setup.draft import Answers, Step, World
from app.setup.flow import Problem
from app.setup.practice import PracticeTenant
from app.ui import icons, paint
from app.ui.states import State
from app.ui.theme import Role, Size, Space, Token, grown
from app.ui.widgets import Label
from app.ui.widgets.reflow import ReflowRow
from app.ui.wizard.page import Page, Session


class ChoiceCard(QAbstractButton):
    """A large card that can be chosen; one of its group is."""

    chosen_at_once = Signal()
    """Double click: choose and go on."""

    def __init__(self, glyph: str, title: str, hint: str, text: str) -> None:
        super().__init__()
        self._glyph = glyph
        self.setCheckable(True)
        self.setText(title)
        self.setAccessibleDescription(f"{hint} {text}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PAGE, Space.PAGE + grown(36) + 16, Space.PAGE, Space.PAGE)
        column.setSpacing(Space.TIGHT)
        for label in (
            Label(title, Role.SECTION, wrap=True),
            Label(hint, Role.STRONG, Token.LINK, wrap=True),
            Label(text, Role.BODY, Token.TEXT2, wrap=True),
        ):
            label.setForegroundRole(QPalette.ColorRole.WindowText)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        column.addStretch(1)
        self.setMinimumHeight(220)
        # A button's own policy is a fixed height, which would cut wrapped words.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click goes on."""
        super().mouseDoubleClickEvent(event)
        self.setChecked(True)
        self.chosen_at_once.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A card; the chosen one has the accent's edge."""
        painter = QPainter(self)
        chosen = self.isChecked()
        over = self.underMouse() and self.isEnabled()
        fill = Token.HOVER if over and not chosen else Token.SURFACE
        edge = Token.ACCENT if chosen else Token.CONTROL
        paint.rounded(painter, self.rect(), Size.CARD_RADIUS, fill, edge, 2 if chosen else 1)
        top = self.rect().adjusted(Space.PAGE, Space.PAGE, -Space.PAGE, 0)
        top.setHeight(grown(36))
        top.setWidth(grown(36))
        icons.paint(painter, top, self._glyph, Token.ACCENT if chosen else Token.TEXT2)
        if chosen:
            side = grown(20)
            tick = self.rect().adjusted(self.width() - 24 - side, Space.PAGE, -Space.PAGE, 0)
            tick.setHeight(side)
            icons.paint(painter, tick, "circle-check", Token.ACCENT)
        painter.end()


class WelcomePage(Page):
    """Two large cards, and the draft of last time if there is one."""

    step = Step.WELCOME
    resumed = Signal(object)
    """The answers to carry on with."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.set_heading(
            self.tr("Welcome to Rollcall"),
            self.tr(
                "Everyone assigned to your GoToMeeting application in Microsoft Entra ID gets a "
                "GoToMeeting account, and the accounts stay in step. Which tenant is it for?"
            ),
        )
        self.practice = ChoiceCard(
            "flask-conical",
            self.tr("Practice tenant"),
            self.tr("Try it in a minute, no cloud account"),
            self.tr(
                "A made-up company of 25 people and a practice GoTo on this computer. Every step "
                "is the real one, every field is filled in, and nothing leaves this machine."
            ),
        )
        self.real = ChoiceCard(
            "app-window",
            self.tr("Your own tenant"),
            self.tr("About ten minutes, with an administrator of both sides"),
            self.tr(
                "You need an app registration in Entra that may read users, groups and "
                "applications, and a GoTo administrator. Nothing is written before the last step."
            ),
        )
        self._group = QButtonGroup(self)
        row = ReflowRow(spacing=Space.WIDE)
        for card in (self.practice, self.real):
            self._group.addButton(card)
            row.add(card, 1)
            card.toggled.connect(lambda _on: self.note_choice())
            card.chosen_at_once.connect(self.proceed)
        self.content.addWidget(row)
        self._saved: Answers | None = None
        self._asked = False

    def enter(self) -> None:
        """Mark what was chosen; look once for a draft of last time."""
        self.practice.setVisible(self.session.services.practice_offered)
        world = self.session.draft.world
        self.practice.setChecked(world is World.PRACTICE)
        self.real.setChecked(world is World.REAL)
        if not self._asked and world is None:
            self._asked = True
            self.work.start(
                lambda _stop, _tell: self.session.services.load_draft(),
                self._show_saved,
                self.show_error,
            )

    def next_allowed(self) -> bool:
        """Looking for a draft keeps nobody waiting."""
        return True

    def first_field(self) -> QWidget | None:
        """The chosen card, else the first."""
        shown = [card for card in (self.practice, self.real) if not card.isHidden()]
        return next((card for card in shown if card.isChecked()), shown[0])

    def note_choice(self) -> None:
        """A choice was made; nothing is missing any more."""
        if self._group.checkedButton() is not None and self._saved is None:
            self.clear_errors()

    def collect(self) -> None:
        """The own tenant is taken at once; the practice tenant has to be opened first."""
        if self.real.isChecked():
            self._world_chosen(changed=self.session.flow.choose_real())

    def _world_chosen(self, *, changed: bool) -> None:
        """What the other tenant said is not said of this one."""
        if changed:
            self.session.forget()

    def problems(self) -> tuple[Problem, ...]:
        """What Next says when no card is chosen."""
        return () if self._group.checkedButton() else self.session.flow.problems()

    def check(self, go_on: Callable[[], None]) -> None:
        """Open the practice tenant when that card is chosen."""
        if not self.practice.isChecked():
            go_on()
            return

        def opened(tenant: PracticeTenant) -> None:
            self.session.practice = tenant
            self._world_chosen(changed=self.session.flow.choose_practice(tenant))
            go_on()

        async def open_practice(_stop: Cancellation, _tell: object) -> PracticeTenant:
            return await self.session.services.open_practice()

        self.show_busy(self.tr("Starting the practice tenant…"))
        self.work.start(open_practice, opened, self.show_error)

    def _show_saved(self, answers: Answers | None) -> None:
        if answers is None or answers.draft.world is None:
            return
        self._saved = answers
        self.note.clear_actions()
        self.show_note(
            State.ADVICE,
            self.tr("Carry on where you stopped"),
            self.tr("“{name}”, step {step} of 8. Your answers are kept; begin anew below.").format(
                name=answers.draft.name or answers.draft.tenant, step=int(answers.draft.step)
            ),
        )
        button = self.note.add_button(self.tr("Carry on"))
        button.clicked.connect(self._resume)
        # A layout shows its new child later; until then it would not take the focus.
        button.show()
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _resume(self) -> None:
        if self._saved is not None:
            self.resumed.emit(self._saved)
