"""Step 7: what is sent for each person, on one real person and against everybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.bridge.roles import CellRole
from app.setup.assignment_table import build_table
from app.setup.cancel import Cancellation
from app.setup.draft import Step
from app.setup.mapping_review import Finding, MappingReview, MappingRow
from app.ui.icons import icon
from app.ui.states import State
from app.ui.theme import Role, Size, Space, Token, grown
from app.ui.widgets import (
    Button,
    Card,
    ElidedLabel,
    IconButton,
    Label,
    StateLine,
    framed,
    set_up_table,
)
from app.ui.widgets.columns import SharedColumns
from app.ui.widgets.reflow import ReflowRow
from app.ui.wizard.match_delegate import MatchDelegate
from app.ui.wizard.page import Page, Session
from app.ui.wizard.speech import number
from app.ui.wizard.tables import Cell, RowsModel


class MappingsPage(Page):
    """The default mapping as people read it, and whom it does not fit."""

    step = Step.MAPPINGS

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.set_heading(
            self.tr("Mappings"),
            self.tr(
                "These values are sent to GoTo for each person. The defaults suit most companies; "
                "everything can be changed later without losing an account."
            ),
        )
        self._values: tuple[str, ...] = ()
        self._build_head()
        self._build_table()
        self._build_check()
        for key in (QKeySequence("F5"), QKeySequence("Ctrl+R")):
            QShortcut(key, self, self.load)

    def _build_head(self) -> None:
        row = self.head = ReflowRow()
        row.add(Label(self.tr("Users"), Role.SECTION))
        self.kind = ElidedLabel("", Role.CAPTION, Token.TEXT2)
        row.add(self.kind, 1)
        self.person = QComboBox()
        self.person.setFixedWidth(grown(220))
        self.person.currentIndexChanged.connect(lambda _index: self._show_person())
        label = Label(self.tr("Show the &values of"), Role.BODY, Token.TEXT2)
        label.setBuddy(self.person)
        row.add(label)
        row.add(self.person)
        self.next_person = IconButton("chevron-right", self.tr("Next person"))
        self.next_person.clicked.connect(self._go_on)
        row.add(self.next_person)
        self.content.addWidget(self.head)

    def _build_table(self) -> None:
        self.model: RowsModel[tuple[int, MappingRow]] = RowsModel(
            (self.tr("GoTo attribute"), self.tr("Type"), self.tr("Comes from"), ""),
            self._cells,
            self,
        )
        self.view = QTableView()
        self.view.setModel(self.model)
        set_up_table(self.view)
        self.view.setItemDelegateForColumn(2, MatchDelegate(self.view))
        self.view.setAccessibleName(self.tr("Mappings of users"))
        SharedColumns(self.view, (0.145, 0.115, 0.42))
        self.card = framed(self.view)
        self.content.addWidget(self.card)

    def _build_check(self) -> None:
        self.check_card = Card()
        self.content.addWidget(self.check_card)
        head = ReflowRow()
        self.check_title = Label("", Role.SECTION)
        self.check_limits = Label("", Role.CAPTION, Token.TEXT2, wrap=True)
        head.add(self.check_title)
        head.add_stretch()
        head.add(self.check_limits)
        self.check_card.body.addWidget(head)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.HAIR)
        self.check_card.body.addLayout(self._lines)
        self.matching = StateLine(State.INFO, "", tinted=False, wrap=True, rich=True)
        self.content.addWidget(self.matching)

    # --- hooks -------------------------------------------------------------------------------

    def enter(self) -> None:
        """Show the review, or make it."""
        if self.session.review is not None:
            self._show(self.session.review)
            return
        for widget in (self.head, self.card, self.check_card, self.matching):
            widget.hide()
        self.load()

    def first_field(self) -> QWidget | None:
        """The chooser of the person."""
        return self.person if not self.head.isHidden() else None

    def load(self) -> None:
        """Map everybody who gets an account, and look who has one already."""
        answers, services, nested = (
            self.session.flow.answers,
            self.session.services,
            self.session.draft.nested_groups,
        )
        known = self.session.facts

        async def review(
            stop: Cancellation, tell: Callable[[object], None]
        ) -> tuple[object, MappingReview]:
            facts = known or await services.load_assignments(answers, tell, stop)
            table = build_table(facts, nested_groups=nested)
            return facts, await services.review_mappings(answers, facts, table, tell, stop)

        self.clear_errors()
        self.show_busy(self.tr("Checking the mappings against everybody…"))
        self.work.start(review, self._came, self.show_error, self._count)

    def _count(self, people: object) -> None:
        if isinstance(people, int):
            self.show_busy(self.tr("{count} people so far…").format(count=number(people)))

    def _came(self, result: tuple[object, MappingReview]) -> None:
        self.session.facts, self.session.review = result  # type: ignore[assignment] # facts as loaded
        self._show(result[1])
        self.focus_first()
        self.changed.emit()

    # --- showing -----------------------------------------------------------------------------

    def _show(self, review: MappingReview) -> None:
        self.kind.set_whole(
            (
                self.tr("{count} attributes and the licence · default mapping")
                if review.default_mapping
                else self.tr("{count} attributes and the licence")
            ).format(count=len(review.rows) - 1)
        )
        self._fill_people(review)
        self.model.set_rows(list(enumerate(review.rows)))
        header = self.view.horizontalHeader().sizeHint().height()
        row = self.view.verticalHeader().defaultSectionSize()
        self.view.setFixedHeight(header + row * len(review.rows))
        # A column of what a person gets needs a person.
        self.view.setColumnHidden(3, not review.people)
        self._show_findings(review)
        words = self.tr(
            "People are matched to existing GoTo accounts by <b>{attribute}</b>, ignoring "
            "capitals. {count} accounts will be taken over, none made twice."
        )
        words = words.format(
            attribute=escape(review.match_attribute), count=number(review.taken_over)
        )
        self.matching.show_state(State.INFO, words)
        self.matching.label.set_token(Token.TEXT2)
        for widget in (self.card, self.check_card, self.matching):
            widget.show()
        self.head.setVisible(bool(review.people))

    def _fill_people(self, review: MappingReview) -> None:
        pilot = self.session.draft.pilot_name
        self.person.blockSignals(True)
        self.person.clear()
        for one in review.people:
            self.person.addItem(icon("user-round", Token.TEXT2), one.name)
        self.person.setCurrentIndex(max(0, self.person.findText(pilot)))
        self.person.blockSignals(False)
        self._show_person()

    def _show_person(self) -> None:
        review, at = self.session.review, self.person.currentIndex()
        if review is None or not 0 <= at < len(review.people):
            return
        self._values = review.people[at].values
        self.model.set_header(3, self.tr("{name} gets").format(name=review.people[at].name))
        self.model.set_rows(list(enumerate(review.rows)))

    def _go_on(self) -> None:
        if self.person.count():
            self.person.setCurrentIndex((self.person.currentIndex() + 1) % self.person.count())

    def _show_findings(self, review: MappingReview) -> None:
        words = self.tr("Checked against all {count} people")
        self.check_title.setText(words.format(count=number(review.checked)))
        if review.name_limit:
            limits = self.tr(
                "GoTo’s limits: names up to {limit} characters, one account per address"
            )
            self.check_limits.setText(limits.format(limit=review.name_limit))
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._lines.addWidget(self._fitting_line(review))
        for finding in review.findings:
            self._lines.addWidget(self._finding_line(finding))

    def _fitting_line(self, review: MappingReview) -> QWidget:
        if review.checked:
            fit = self.tr("{count} fit as they are").format(count=number(review.fitting))
            line = StateLine(State.SUCCESS, _leading_bold(fit), tinted=False, rich=True)
        else:
            nobody = self.tr("Nobody gets an account yet, so there was nothing to check.")
            line = StateLine(State.INFO, nobody, tinted=False, wrap=True)
        line.setMinimumHeight(Size.CONTROL)
        return line

    def _finding_line(self, finding: Finding) -> QWidget:
        state = State(finding.status) if finding.status is not None else State.INFO
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        said = _leading_bold(self.session.speech.say(finding.text))
        words = StateLine(state, said, tinted=False, wrap=True, rich=True)
        row.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
        text = self.tr("Show this person") if finding.count == 1 else self.tr("Show the {count}")
        button = Button(text.format(count=number(finding.count)), kind="link")
        button.clicked.connect(lambda: self._show_names(finding))
        row.addWidget(button)
        return line

    def _show_names(self, finding: Finding) -> None:
        dialog = QDialog(self)
        dialog.setWindowTitle(self.tr("People concerned"))
        dialog.resize(460, 360)
        names = QListWidget()
        names.addItems(finding.names)
        names.setAccessibleName(self.tr("People concerned"))
        column = QVBoxLayout(dialog)
        column.addWidget(Label(self.session.speech.say(finding.text), wrap=True))
        column.addWidget(names)
        if finding.count > len(finding.names):
            more = self.tr("and {count} more").format(
                count=number(finding.count - len(finding.names))
            )
            column.addWidget(Label(more, Role.CAPTION, Token.TEXT2))
        buttons = QDialogButtonBox()
        close = Button(self.tr("&Close"))
        buttons.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(dialog.reject)
        column.addWidget(buttons)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _cells(self, numbered: tuple[int, MappingRow]) -> Sequence[Cell]:
        at, row = numbered
        say = self.session.speech.say
        match = self.tr("Match {precedence}").format(precedence=row.match) if row.match else ""
        return (
            Cell(row.target, {CellRole.STRONG: True}),
            Cell(say(row.type)),
            Cell(say(row.comes_from), {CellRole.SECOND_LINE: match}),
            Cell(self._values[at] if at < len(self._values) else ""),
        )


def _leading_bold(text: str) -> str:
    """Markup of a sentence whose number stands out, when it begins with one."""
    number_first = re.match(r"[\d\s.,’]*\d", text)
    if number_first is None:
        return escape(text)
    end = number_first.end()
    return f"<b>{escape(text[:end])}</b>{escape(text[end:])}"
