"""Step 8: what the first cycle would do, and the switch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QTableView,
    QWidget,
)

from app.bridge.roles import CellRole
from app.domain.activity import ActionKind, PlannedAction, Progress, Status
from app.domain.errors import RollcallError
from app.domain.products import product_name
from app.domain.texts import Text
from app.setup.cancel import Cancellation
from app.setup.draft import Step
from app.setup.preview import Deed, Preview, deed
from app.ui.states import State
from app.ui.theme import Role, Space, Token
from app.ui.widgets import (
    ActionDelegate,
    Card,
    ChangeDelegate,
    ChipRow,
    Label,
    SearchEdit,
    Switch,
    Tile,
    TileRow,
    framed,
    set_up_table,
)
from app.ui.wizard.page import Page, Session
from app.ui.wizard.rows import ReflowRow, SharedColumns
from app.ui.wizard.speech import number, short_name
from app.ui.wizard.tables import Cell, RowsModel

ROWS_SHOWN = 7
_GLYPHS = {
    Deed.CREATE: "user-plus",
    Deed.LINK: "link-2",
    Deed.UPDATE: "user-pen",
    Deed.DISABLE: "user-x",
    Deed.SKIP: "circle-minus",
    Deed.FAIL: "octagon-x",
}


class PreviewPage(Page):
    """Six counts, the rows behind them, one person first, and the button that does it."""

    step = Step.PREVIEW

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.title.setText(self.tr("Preview & switch on"))
        self.words = {
            Deed.CREATE: self.tr("Create"),
            Deed.LINK: self.tr("Link"),
            Deed.UPDATE: self.tr("Update"),
            Deed.DISABLE: self.tr("Disable"),
            Deed.SKIP: self.tr("Skip"),
            Deed.FAIL: self.tr("Will fail"),
        }
        self.tiles = {one: Tile(_GLYPHS[one], self.words[one]) for one in Deed}
        self.tile_row = TileRow(list(self.tiles.values()))
        self.content.addWidget(self.tile_row)
        self._build_filter()
        self._build_table()
        self._build_switch()
        self._explain(None)
        for key in (QKeySequence("F5"), QKeySequence("Ctrl+R")):
            QShortcut(key, self, self.load)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)

    # --- building ----------------------------------------------------------------------------

    def _build_filter(self) -> None:
        shown = [one for one in Deed if one is not Deed.DISABLE]
        self.chips = ChipRow(
            [("all", self.tr("All"), ""), *((d.value, self.words[d], _GLYPHS[d]) for d in shown)]
        )
        self.chips.changed.connect(lambda _key: self._filter())
        self.search = SearchEdit(self.tr("Search people"))
        self.search.textChanged.connect(lambda _text: self._filter())
        row = self.filters = ReflowRow()
        row.add(self.chips, 1, Qt.AlignmentFlag.AlignVCenter)
        row.add(self.search)
        self.content.addWidget(self.filters)

    def _build_table(self) -> None:
        self.model: RowsModel[PlannedAction] = RowsModel(
            (
                self.tr("Action"),
                self.tr("Person"),
                self.tr("GoTo account"),
                self.tr("What changes"),
            ),
            self._cells,
            self,
        )
        self.view = QTableView()
        self.view.setModel(self.model)
        set_up_table(self.view)
        self.view.setItemDelegateForColumn(0, ActionDelegate(self.view))
        self.view.setItemDelegateForColumn(3, ChangeDelegate(self.view))
        self.view.setAccessibleName(self.tr("What the first cycle would do"))
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        SharedColumns(self.view, (0.13, 0.215, 0.315))
        self.card = framed(self.view)
        self.content.addWidget(self.card, 1)
        self.more = Label("", Role.CAPTION, Token.TEXT2)
        self.content.addWidget(self.more)

    def _build_switch(self) -> None:
        self.switch_card = Card(edge=Token.ACCENT)
        row = QHBoxLayout()
        row.setSpacing(Space.WIDE)
        self.switch = Switch("")
        self.switch.setAccessibleName(self.tr("Switch provisioning on"))
        self.switch.toggled.connect(self._switched)
        self.switch_title = Label(self.tr("Switch provisioning on"), Role.STRONG)
        self.switch_title.setBuddy(self.switch)
        row.addWidget(self.switch)
        row.addWidget(self.switch_title, 1)
        self.switch_card.body.addLayout(row)
        self.duration = Label("", Role.BODY, Token.TEXT2, wrap=True)
        self.everyone = QRadioButton("")
        self.one_person = QRadioButton("")
        self._choice = QButtonGroup(self)
        self._choice.addButton(self.everyone)
        self._choice.addButton(self.one_person)
        self.one_person.toggled.connect(self._one_person_chosen)
        choices = QHBoxLayout()
        choices.setSpacing(Space.PAGE)
        choices.addWidget(self.everyone)
        choices.addWidget(self.one_person)
        choices.addStretch(1)
        for part in (self.duration, choices):
            indented = QHBoxLayout()
            indented.setContentsMargins(52, 0, 0, 0)
            if isinstance(part, QHBoxLayout):
                indented.addLayout(part)
            else:
                indented.addWidget(part)
            self.switch_card.body.addLayout(indented)
        self.content.addWidget(self.switch_card)

    # --- hooks -------------------------------------------------------------------------------

    def enter(self) -> None:
        """Show the plan, or make it."""
        draft = self.session.draft
        self.switch.setChecked(draft.switch_on)
        self.one_person.setVisible(bool(draft.pilot))
        self.one_person.setText(
            self.tr("&One person first: {name}").format(name=draft.pilot_name.replace("&", "&&"))
        )
        (self.one_person if draft.one_person_first else self.everyone).setChecked(True)
        if self.session.preview is not None:
            self._show(self.session.preview)
            return
        for widget in (self.tile_row, self.filters, self.card, self.more, self.switch_card):
            widget.hide()
        self.load()

    def next_text(self) -> str:
        """The deed."""
        draft, preview = self.session.draft, self.session.preview
        if preview is None:
            return self.tr("S&witch on")
        if not draft.switch_on:
            return self.tr("Save, leave it s&witched off")
        if draft.one_person_first:
            words = self.tr("S&witch on and provision {name}")
            return words.format(name=short_name(draft.pilot_name).replace("&", "&&"))
        words = self.tr("S&witch on and provision {count} people")
        return words.format(count=number(_people(preview)))

    def next_allowed(self) -> bool:
        """Without a plan there is nothing to agree to."""
        return not self.work.running and self.session.preview is not None

    def first_field(self) -> QWidget | None:
        """The choice between one person and everyone."""
        if self.switch_card.isHidden():
            return None
        return self.one_person if self.one_person.isChecked() else self.everyone

    def check(self, go_on: Callable[[], None]) -> None:
        """Save and switch on; then the wizard is over."""
        answers, services = self.session.flow.answers, self.session.services

        async def switch_on(_stop: Cancellation, _tell: object) -> str:
            return await services.switch_on(answers)

        self.show_busy(self.tr("Saving the profile…"))
        self.work.start(switch_on, lambda _name: go_on(), self._not_saved)

    def load(self) -> None:
        """Plan the first cycle; nothing is written anywhere."""
        answers, services = self.session.flow.answers, self.session.services

        async def plan(stop: Cancellation, tell: Callable[[object], None]) -> Preview:
            return await services.preview(answers, tell, stop)

        self.clear_errors()
        self.show_busy(self.tr("Working out what the first cycle would do…"))
        self.work.start(plan, self._came, self._failed, self._progress)

    # --- showing -----------------------------------------------------------------------------

    def _progress(self, news: object) -> None:
        if isinstance(news, Progress) and news.total:
            words = self.tr("{done} of {total} people decided…")
            self.show_busy(words.format(done=number(news.done), total=number(news.total)))
        elif isinstance(news, Progress) and news.read:
            self.show_busy(self.tr("{count} people so far…").format(count=number(news.read)))

    def _came(self, preview: Preview) -> None:
        self.session.preview = preview
        self._show(preview)
        self.changed.emit()
        self.focus_first()

    def _failed(self, error: RollcallError) -> None:
        self.show_error(error)
        self.changed.emit()

    def _not_saved(self, error: RollcallError) -> None:
        self.show_error(error)
        self.changed.emit()

    def _explain(self, preview: Preview | None) -> None:
        disabled = preview.counts.get(Deed.DISABLE, 0) if preview is not None else 0
        self.explanation.setText(
            self.tr(
                "This is what the first cycle would do. Nothing has been written yet, and no "
                "account in GoTo will be disabled."
            )
            if not disabled
            else self.tr("This is what the first cycle would do. Nothing has been written yet.")
        )

    def _show(self, preview: Preview) -> None:
        self._explain(preview)
        for one, tile in self.tiles.items():
            count = preview.counts.get(one, 0)
            tile.set_value(count)
        self.tiles[Deed.FAIL].set_token(
            Token.FAILURE if preview.counts.get(Deed.FAIL) else Token.TEXT
        )
        self.chips.set_text("all", self.tr("All {count}").format(count=number(preview.total)))
        self.model.set_rows(preview.rows)
        self._filter()
        self.more.setText(
            self.tr("The first {shown} of {total} are listed; the counts are of everybody.").format(
                shown=number(len(preview.rows)), total=number(preview.total)
            )
        )
        self.more.setVisible(not preview.complete)
        self._show_switch(preview)
        for widget in (self.tile_row, self.filters, self.card, self.switch_card):
            widget.show()
        header = self.view.horizontalHeader().sizeHint().height()
        row = self.view.verticalHeader().defaultSectionSize()
        self.view.setMinimumHeight(header + row * max(2, min(len(preview.rows), ROWS_SHOWN)))
        self.view.setMaximumHeight(header + row * max(2, len(preview.rows)))

    def _show_switch(self, preview: Preview) -> None:
        people = _people(preview)
        words = (
            self.tr("&Everyone, 1 person") if people == 1 else self.tr("&Everyone, {count} people")
        )
        self.everyone.setText(words.format(count=number(people)))
        minutes = round(preview.seconds / 60)
        if minutes < 2:
            takes = self.tr("The first cycle takes about a minute, at GoTo’s limit of requests.")
        else:
            takes = self.tr(
                "The first cycle takes about {minutes} minutes, at GoTo’s limit of requests."
            ).format(minutes=number(minutes))
        after = self.tr(
            "After that, changes follow every {minutes} minutes. You can stop at any moment; what "
            "is written stays listed and can be undone."
        ).format(minutes=self.session.draft.interval_minutes)
        self.duration.setText(f"{takes} {after}")

    def _switched(self, on: bool) -> None:
        self.session.flow.answer(switch_on=on)
        self.switch_card.set_edge(Token.ACCENT if on else Token.BORDER)
        self.everyone.setEnabled(on)
        self.one_person.setEnabled(on)
        self.changed.emit()

    def _one_person_chosen(self, on: bool) -> None:
        self.session.flow.answer(one_person_first=on)
        self.changed.emit()

    def _filter(self) -> None:
        kind, text = self.chips.value(), self.search.text().strip().casefold()
        if kind == "all" and not text:
            self.model.set_filter(None)
            return
        self.model.set_filter(
            lambda row: (
                (kind == "all" or deed(row) == kind)
                and (text in row.source.name.casefold() or text in row.target.name.casefold())
            )
        )

    def _cells(self, row: PlannedAction) -> Sequence[Cell]:
        kind = deed(row)
        message = self._message(row)
        roles: dict[CellRole, object] = {CellRole.ACTION: row.action.value}
        last: dict[CellRole, object] = {}
        if kind in (Deed.SKIP, Deed.FAIL):
            roles[CellRole.STATE] = (State.SKIPPED if kind is Deed.SKIP else State.FAILURE).value
        if kind is Deed.FAIL:
            last[CellRole.TINT] = Token.FAILURE.value
        elif row.status is Status.WARNING:
            last[CellRole.TINT] = Token.WARNING.value
        elif row.action is ActionKind.UPDATE and row.changes:
            last[CellRole.CHANGES] = row.changes
        advice = self.session.speech.say(row.advice)
        return (
            Cell(self.words[kind], roles),
            Cell(row.source.name),
            Cell(row.target.name or "–"),
            Cell(message, last, f"{message} {advice}".strip()),
        )

    def _message(self, row: PlannedAction) -> str:
        """What will be; the engine's sentences say what was."""
        say = self.session.speech.say
        if row.action is not ActionKind.CREATE or row.status not in (
            Status.SUCCESS,
            Status.WARNING,
        ):
            return say(row.message)
        codes = next((one.new for one in row.changes if one.attribute == "licences"), ())
        if isinstance(codes, tuple) and codes:
            words = self.tr("New account with a {product} seat").format(product=product_name(codes))
        else:
            words = self.tr("New account")
        loss = row.message.values.get("warning")
        return f"{words}. {say(loss)}" if isinstance(loss, Text) else words


def _people(preview: Preview) -> int:
    """People who will have an account."""
    return sum(preview.counts.get(one, 0) for one in (Deed.CREATE, Deed.LINK, Deed.UPDATE))
