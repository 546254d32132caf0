"""The offer to start with one person: a note with its chooser and its button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from app.setup.assignment_table import AssignedPerson
from app.ui.states import State
from app.ui.theme import grown
from app.ui.widgets import Button, Note
from app.ui.wizard.page import Session
from app.ui.wizard.speech import short_name


class OnePersonNote(Note):
    """Writes its answer into the draft; `changed` tells the page to count anew."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(State.ADVICE, "", "")
        self._session = session
        self.person = QComboBox()
        self.person.setMaximumWidth(grown(190))
        self.person.setAccessibleName(self.tr("Person to start with"))
        self.person.currentIndexChanged.connect(lambda _index: self._show())
        self.start_with = Button("")
        self.start_with.clicked.connect(self._toggle)
        self.add_widget(self.person)
        self.add_widget(self.start_with)

    def show_people(self, candidates: Sequence[AssignedPerson]) -> None:
        """Offer these; the one chosen before stays chosen."""
        self.person.blockSignals(True)
        self.person.clear()
        for one in candidates:
            self.person.addItem(one.name, one.user_principal_name)
        at = self.person.findData(self._session.draft.pilot)
        self.person.setCurrentIndex(max(0, at))
        self.person.blockSignals(False)
        self.setVisible(bool(candidates))
        if at < 0 and candidates:
            self._take(first=self._session.draft.one_person_first)
        self._show()

    def _show(self) -> None:
        name = self.person.currentText()
        if self._session.draft.one_person_first:
            if self.person.currentData() != self._session.draft.pilot:
                self._take(first=True)
            self.show_message(
                State.SUCCESS,
                self.tr("{name} comes first").format(name=name),
                self.tr("Only this account is touched until you add the rest."),
            )
            self.start_with.setText(self.tr("Everyone at once"))
        else:
            self.show_message(
                State.ADVICE,
                self.tr("Start with one person"),
                self.tr(
                    "Rollcall provisions one person, you look at the account in GoTo, then you "
                    "add the rest. Nobody else is touched."
                ),
            )
            self.start_with.setText(self.tr("Start with {name}").format(name=short_name(name)))
        self.start_with.updateGeometry()

    def _take(self, *, first: bool) -> None:
        self._session.flow.answer(
            pilot=str(self.person.currentData() or ""),
            pilot_name=self.person.currentText(),
            one_person_first=first,
        )

    def _toggle(self) -> None:
        self._take(first=not self._session.draft.one_person_first)
        self._show()
        self.changed.emit()
