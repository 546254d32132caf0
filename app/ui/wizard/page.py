"""What every page of the wizard has: title, explanation, content, and three states."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.domain.errors import RollcallError, ServiceError
from app.domain.people import Application
from app.domain.texts import Text
from app.setup.assignment_table import AssignmentFacts
from app.setup.draft import Draft, Step, World
from app.setup.flow import Flow, Problem
from app.setup.mapping_review import MappingReview
from app.setup.practice import PracticeTenant
from app.setup.preview import Preview
from app.setup.services import WizardServices
from app.ui.error_words import error_words
from app.ui.states import State
from app.ui.theme import Role, Space, Token, grown
from app.ui.widgets import Button, Field, Label, Note, Segmented, StateLine
from app.ui.wizard.speech import Speech
from app.ui.wizard.work import Runner, Work

TEXT_WIDTH = 780
BRIEF_MS = 300
"""What is over so soon makes nothing move."""
_SETTLED_MS = 50
"""Until texts that wrap have found their height, which takes layouts more than one round."""


@dataclass(slots=True)
class Session:
    """What the pages share: the walk, the services, and what the world said so far.

    The answers of the world are not part of the draft; a resumed wizard asks again.
    """

    flow: Flow
    services: WizardServices
    runner: Runner
    speech: Speech
    applications: Sequence[Application] = ()
    facts: AssignmentFacts | None = None
    review: MappingReview | None = None
    preview: Preview | None = None
    practice: PracticeTenant | None = None
    """What the practice tenant fills in, once it was opened."""
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def draft(self) -> Draft:
        """The answers so far."""
        return self.flow.draft

    @property
    def practising(self) -> bool:
        """The profile is for the practice tenant."""
        return self.draft.world is World.PRACTICE

    def forget(self) -> None:
        """What the world said belongs to other answers now."""
        self.applications = ()
        self.facts = self.review = self.preview = None


class _Missing(QObject):
    """`tr` finds plurals in the very class alone, and `Page` is a base of others."""

    def words(self, number: int) -> str:
        """So many answers are missing."""
        return self.tr("%n answers are missing", "", number)


class Page(QWidget):
    """One step. Subclasses build their content into `content` and answer the hooks."""

    step: Step
    changed = Signal()
    """The footer and the rail have to be looked at again."""
    wanted = Signal(int)
    """Another step, asked for by a button of this page."""
    proceed = Signal()
    """As if Next had been pressed."""
    nothing_to_fill = Signal()
    """The focus has no place on this page now; the footer may have it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.work = Work(session.runner, self)
        self.work.changed.connect(self._work_changed)
        self.title = Label("", Role.TITLE)
        self.explanation = Label("", Role.BODY, Token.TEXT2, wrap=True)
        self.explanation.setMaximumWidth(grown(TEXT_WIDTH))
        self.note = Note()
        self.note.hide()
        self.busy = StateLine(State.RUNNING, "")
        self.cancel_button = Button(self.tr("Cancel"), kind="link")
        self.cancel_button.clicked.connect(self.cancel_work)
        self._busy_row = QWidget()
        row = QHBoxLayout(self._busy_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.busy)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        self._busy_row.hide()
        self.content = QVBoxLayout()
        self.content.setSpacing(Space.WIDE)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(Space.WIDE)
        heading = QVBoxLayout()
        heading.setSpacing(Space.HAIR)
        heading.addWidget(self.title)
        heading.addWidget(self.explanation)
        outer.addLayout(heading)
        outer.addWidget(self.note)
        outer.addLayout(self.content)
        outer.addWidget(self._busy_row)
        outer.addStretch(1)
        self.fields: dict[str, Field] = {}
        """Form fields by the name that `flow.Problem` uses."""

    def set_heading(self, title: str, explanation: str) -> None:
        """Title and the two lines below it."""
        self.title.setText(title)
        self.explanation.setText(explanation)

    def minimumSizeHint(self) -> QSize:
        """As high as the content at this width needs.

        The layout's own answer is for its narrowest width, where every text wraps into a tower,
        and a scroll area would believe it.
        """
        return QSize(super().minimumSizeHint().width(), 0)

    # --- hooks -------------------------------------------------------------------------------

    def enter(self) -> None:
        """The page is shown; fill it from the answers."""

    def collect(self) -> None:
        """Take what was typed into the answers."""

    def check(self, go_on: Callable[[], None]) -> None:
        """Nothing is missing: try it against the world if need be, then call `go_on`."""
        go_on()

    def next_text(self) -> str:
        """The word on the leading button."""
        return self.tr("&Next")

    def next_allowed(self) -> bool:
        """False only while a test runs or has failed; otherwise Next explains what is missing."""
        return not self.work.running

    def next_leads(self) -> bool:
        """True when Next is the page's primary button."""
        return True

    def first_field(self) -> QWidget | None:
        """Where the focus goes when the page is shown."""
        return next((one.control for one in self.fields.values() if one.isVisibleTo(self)), None)

    def extras(self) -> Sequence[QWidget]:
        """Buttons of this page for the left of the footer."""
        return ()

    # --- states ------------------------------------------------------------------------------

    def show_busy(self, text: str) -> None:
        """Something waits; Cancel stands beside it."""
        self.busy.show_state(State.RUNNING, text)
        self._busy_row.show()
        reveal(self._busy_row, BRIEF_MS)

    def cancel_work(self) -> None:
        """Stop waiting; what was typed stays."""
        self.work.cancel()

    def _work_changed(self) -> None:
        if not self.work.running:
            had_focus = self.cancel_button.hasFocus()
            self._busy_row.hide()
            if had_focus:
                self.focus_first()
        self.changed.emit()

    def clear_errors(self) -> None:
        """Back to valid."""
        self.note.hide()
        for one in self.fields.values():
            one.set_error("")

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say what is missing under its field; the focus goes to the first."""
        self.clear_errors()
        shown = False
        for problem in problems:
            one = self.fields.get(problem.field)
            if one is None:
                continue
            one.set_error(self.session.speech.say(problem.text))
            if not shown:
                shown = True
                focus(one.control)
        if shown:
            missing = _Missing().words(len(problems))
            self.show_note(State.FAILURE, missing, self.tr("The fields below say what they need."))
        elif problems:
            self.show_note(State.WARNING, self.session.speech.say(problems[0].text))
            self.focus_first()

    def show_error(self, error: RollcallError) -> None:
        """The cause on top: what happened, what to do, the code behind Details."""
        request = error.request_id if isinstance(error, ServiceError) else None
        self.show_text(error.text, error.advice, code=type(error).__name__, request=request)

    def show_text(
        self, text: Text, advice: Text | None, *, code: str, request: str | None = None
    ) -> None:
        """A failure in its parts; what the service said itself goes behind Details."""
        asked = self.tr("request {id}").format(id=request) if request else ""
        words = error_words(self.session.speech.say, text, advice, (code, asked))
        self.show_note(State.FAILURE, words.title, words.advice, words.details)

    def show_note(self, state: State, title: str, text: str = "", details: str = "") -> None:
        """A message above the content."""
        self.note.show_message(state, title, text, details)
        self.note.show()
        if state is State.FAILURE:
            reveal(self.note)

    def focus_first(self) -> None:
        """Put the focus where a person begins."""
        first = self.first_field()
        if first is not None and first.isEnabled() and first.isVisibleTo(self):
            focus(first)
        else:
            self.nothing_to_fill.emit()

    def add_field(self, name: str, made: Field) -> Field:
        """A form field; typing into it takes its error away."""
        self.fields[name] = made
        if isinstance(made.control, QLineEdit):
            made.control.textEdited.connect(lambda _text: made.set_error(""))
        return made


def focus(control: QWidget) -> None:
    """Give a control the focus; a segmented choice passes it to its chosen part."""
    if isinstance(control, Segmented):
        control = control.part(control.value())
    control.setFocus(Qt.FocusReason.OtherFocusReason)
    reveal(control)


def reveal(widget: QWidget, after_ms: int = _SETTLED_MS) -> None:
    """Scroll to it, with the label and the error round it, once what else changed has its room."""
    area = widget.parentWidget()
    whole = widget
    while area is not None and not isinstance(area, QScrollArea):
        whole = area if isinstance(area, Field) else whole
        area = area.parentWidget()
    if area is not None:
        QTimer.singleShot(after_ms, area, partial(_scroll, area, whole, widget))


def _scroll(area: QScrollArea, *widgets: QWidget) -> None:
    for widget in widgets:
        if widget.isVisibleTo(area):
            area.ensureWidgetVisible(widget, 0, Space.WIDE)
