"""What the two credential pages share: line fields, secrets, and where secrets go."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain.errors import RollcallError, Service, SignInNeeded
from app.host.sign_ins import name_of
from app.setup.cancel import Cancellation
from app.setup.sign_in import Shown
from app.ui.states import State
from app.ui.theme import Role, Space, Token
from app.ui.widgets import Field, Label, SecretEdit, Segmented
from app.ui.widgets.lines import Glyph
from app.ui.wizard.page import Page, Session, focus, reveal
from app.ui.wizard.person_sign_in import PersonSignIn


class SignInPage(Page):
    """A page of fields. The practice tenant's are filled in and can be read, not changed."""

    refused = False
    """The last try against the world failed; Next tries again."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.fill_again = self.note.add_button(self.tr("Fill in again"), glyph="rotate-ccw")
        self.fill_again.clicked.connect(self._fill_again)
        self.fill_again.hide()

    def refuse(self, error: RollcallError) -> None:
        """The world said no: the cause on top, the step turns to an octagon."""
        self.refused = True
        self.session.flow.fail()
        self.show_error(error)
        nothing = self.tr("Nothing was changed.")
        told = f"{nothing} {self.note.text}".strip()
        self.note.show_message(State.FAILURE, self.note.title, told, self.note.details)
        self.ask_again(error)
        self._offer_to_fill()
        self.changed.emit()

    def mark(self, name: str, text: str) -> None:
        """Say it under the field it concerns, and put the focus there."""
        self.fields[name].set_error(text)
        control = self.fields[name].control
        focus(control)
        if isinstance(control, QLineEdit):
            control.selectAll()

    def time(self) -> str:
        """Now, as everywhere in the window."""
        return QTime.currentTime().toString("HH:mm")

    def clear_errors(self) -> None:
        """Back to valid."""
        super().clear_errors()
        self.refused = False
        self.fill_again.hide()
        if not self.session.practising:
            return
        if self._filled_in():
            self.show_note(State.INFO, *self.practice_words())
        else:
            self.show_note(
                State.INFO,
                self.tr("Practice tenant: this page has been changed"),
                self.tr("The practice tenant knows only what it filled in itself."),
            )
            self._offer_to_fill()

    def _filled_in(self) -> bool:
        tenant = self.session.practice
        return tenant is None or self.session.flow.filled_by(tenant)

    def _offer_to_fill(self) -> None:
        self.fill_again.setVisible(self.session.practising and not self._filled_in())

    def _fill_again(self) -> None:
        """Take the practice tenant's answers back."""
        if self.session.practice is not None:
            self.session.flow.choose_practice(self.session.practice)
        self.session.flow.retry()
        self.clear_errors()
        self.enter()
        self.changed.emit()
        self.nothing_to_fill.emit()

    def line(self, name: str, label: str, *, hint: str = "", link: str = "") -> QLineEdit:
        """A field for one line of text."""
        edit = QLineEdit()
        self.content.addWidget(self.add_field(name, Field(label, edit, hint=hint, link=link)))
        return edit

    def secret(self, name: str, label: str, *, hint: str = "") -> SecretEdit:
        """A field for a secret; its value stays in this window until Next."""
        edit = SecretEdit()
        self.content.addWidget(self.add_field(name, Field(label, edit, hint=hint)))
        return edit

    def choice(
        self, name: str, label: str, options: Sequence[tuple[str, str]], *, hint: str = ""
    ) -> Segmented:
        """A few choices side by side."""
        segmented = Segmented(options, label.replace("&", ""))
        self.content.addWidget(self.add_field(name, Field(label, segmented, hint=hint)))
        return segmented

    def person(self, side: Service, label: str, *, hint: str = "") -> PersonSignIn:
        """The button with which a person signs in on this side."""
        panel = PersonSignIn()
        name = name_of(side)
        self.content.addWidget(self.add_field(name, Field(label, panel, hint=hint)))
        panel.wanted.connect(lambda: self._sign_person_in(side, panel))
        panel.cancelled.connect(self.cancel_work)
        panel.reshaped.connect(self.changed)
        self.work.changed.connect(lambda: self._person_done(side, panel))
        return panel

    def show_person(self, side: Service, panel: PersonSignIn) -> None:
        """Who is signed in by the answers."""
        panel.show_who(self.session.services.signed_in(self.session.flow.answers, side))

    def _sign_person_in(self, side: Service, panel: PersonSignIn) -> None:
        """With the fields as they are: what is missing above is asked for first."""
        self.collect()
        name = name_of(side)
        missing = [one for one in self.session.flow.problems() if one.field not in (name, "name")]
        if missing:
            self.show_problems(missing)
            return
        self._begin_afresh()
        answers, services = self.session.flow.answers, self.session.services

        async def sign_in(stop: Cancellation, tell: Callable[[object], None]) -> str:
            return await services.sign_in(answers, side, tell, stop)

        def signed_in(made: str) -> None:
            self.session.flow.answer_secret(name, made)
            self.session.forget()
            self.show_person(side, panel)
            focus(panel.begin)

        def news(shown: object) -> None:
            if isinstance(shown, Shown):
                panel.show_what_to_do(shown)
                reveal(panel.copy)

        def refused(error: RollcallError) -> None:
            self.session.flow.fail()
            self.show_error(error)
            self.ask_again(error)
            # The note may be out of sight, where the page is longer than the window.
            self.mark(name, self.tr("Not signed in at {time}.").format(time=self.time()))

        self.work.start(sign_in, signed_in, refused, news)
        panel.show_waiting()
        reveal(panel.cancel)

    def ask_again(self, error: RollcallError) -> None:
        """A person has to sign in: the advice names this page, and here it is the button."""
        if isinstance(error, SignInNeeded):
            self.advise(self.tr("Sign in again with the button below."))

    def advise(self, words: str) -> None:
        """What to do on this page, in place of the error's own advice for wherever it is read."""
        self.note.show_message(State.FAILURE, self.note.title, words, self.note.details)

    def _begin_afresh(self) -> None:
        """What failed is being tried again, or in another way: the page and the rail forget it."""
        self.session.flow.retry()
        self.clear_errors()

    def _person_done(self, side: Service, panel: PersonSignIn) -> None:
        """However it ended, the button is there again, and the focus where it was."""
        if self.work.running or panel.begin.isEnabled():
            return
        had_focus = panel.isAncestorOf(self.focusWidget() or self)
        self.show_person(side, panel)
        if had_focus:
            focus(panel.begin)

    def choose_way(self) -> None:
        """Another way of signing in: nothing of it has failed yet."""
        self.cancel_work()
        self._begin_afresh()
        self.show_way()
        self.changed.emit()

    def show_way(self) -> None:
        """The fields that the chosen way of signing in needs."""

    def add_secret_place(self) -> None:
        """The line that says where secrets go."""
        place = self.session.speech.say(self.session.services.secret_place)
        words = self.tr("Secrets go into {place}, never into the profile or a log.")
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.TIGHT)
        row.addWidget(Glyph("lock", Token.TEXT2))
        row.addWidget(Label(words.format(place=place), Role.BODY, Token.TEXT2, wrap=True), 1)
        self.add_below(line)

    def add_below(self, widget: QWidget) -> None:
        """A widget in the column of the fields, without a label of its own."""
        self.content.addWidget(Field("", widget))

    def show_practice(self, edits: Sequence[QLineEdit]) -> None:
        """Say that everything is filled in, and keep it so."""
        for edit in edits:
            edit.setReadOnly(self.session.practising)
        self.clear_errors()

    def practice_words(self) -> tuple[str, str]:
        """What the page says while it is about the practice tenant."""
        return (
            self.tr("Practice tenant: everything is filled in"),
            self.tr("Your own tenant would ask for these. Nothing leaves this computer."),
        )
