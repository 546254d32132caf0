"""The card that switches provisioning on, for one person first or for everyone."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QRadioButton, QWidget

from app.ui.theme import Role, Space, Token
from app.ui.widgets import Card, FlowLayout, Label, Switch
from app.ui.wizard.speech import number


class SwitchCard(Card):
    """The switch, what it starts, and who comes first."""

    switched = Signal(bool)
    one_person_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__(edge=Token.ACCENT)
        self.switch = Switch("")
        self.switch.setAccessibleName(self.tr("Switch provisioning on"))
        self._title = Label(self.tr("Switch provisioning on"), Role.STRONG)
        self._title.setBuddy(self.switch)
        self._text = Label("", Role.BODY, Token.TEXT2, wrap=True)
        self.everyone = QRadioButton("")
        self.one_person = QRadioButton(self.tr("&One person first:"))
        self._name = Label("", Role.STRONG)
        self._choice = QButtonGroup(self)
        self._choice.addButton(self.everyone)
        self._choice.addButton(self.one_person)
        self._build()
        self.switch.toggled.connect(self._switched)
        self.one_person.toggled.connect(self.one_person_chosen)

    def _build(self) -> None:
        one = self._one = QWidget()
        beside = QHBoxLayout(one)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(Space.TIGHT)
        beside.addWidget(self.one_person)
        beside.addWidget(self._name)
        self._choices = QWidget()
        flow = FlowLayout(self._choices, spacing=Space.PAGE)
        flow.addWidget(self.everyone)
        flow.addWidget(one)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.WIDE)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.switch, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._title, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._text, 1, 1)
        grid.addWidget(self._choices, 2, 1)
        self.body.addLayout(grid)

    def show_answers(self, *, on: bool, pilot: str, one_person_first: bool) -> None:
        """As answered before."""
        self.switch.setChecked(on)
        self._one.setVisible(bool(pilot))
        self._name.setText(pilot)
        words = self.tr("One person first: {name}").format(name=pilot)
        self.one_person.setAccessibleName(words)
        (self.one_person if one_person_first else self.everyone).setChecked(True)

    def show_plan(self, people: int, seconds: float, interval: int) -> None:
        """How many it is about, and how long it takes."""
        self._choices.setVisible(people > 0)
        words = (
            self.tr("&Everyone, 1 person") if people == 1 else self.tr("&Everyone, {count} people")
        )
        self.everyone.setText(words.format(count=number(people)))
        after = self.tr(
            "After that, changes follow every {minutes} minutes. You can stop at any moment; what "
            "is written stays listed and can be undone."
        ).format(minutes=interval)
        nobody = self.tr(
            "Nobody gets an account yet. Whoever is assigned later follows within {minutes} "
            "minutes."
        ).format(minutes=interval)
        self._text.setText(f"{self._takes(seconds)} {after}" if people else nobody)

    def first_field(self) -> QWidget:
        """The choice between one person and everyone; the switch where there is none."""
        if self._choices.isHidden():
            return self.switch
        return self.one_person if self.one_person.isChecked() else self.everyone

    def _takes(self, seconds: float) -> str:
        minutes = round(seconds / 60)
        if minutes < 2:
            return self.tr("The first cycle takes about a minute, at GoTo’s limit of requests.")
        words = self.tr(
            "The first cycle takes about {minutes} minutes, at GoTo’s limit of requests."
        )
        return words.format(minutes=number(minutes))

    def _switched(self, on: bool) -> None:
        self.set_edge(Token.ACCENT if on else Token.BORDER)
        for part in (self.everyone, self.one_person, self._name):
            part.setEnabled(on)
        self.switched.emit(on)
