"""Step 8: what the first cycle would do, and the switch."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from app.domain.activity import Progress
from app.domain.errors import RollcallError
from app.setup.cancel import Cancellation
from app.setup.draft import Step
from app.setup.preview import Deed, Preview, deed
from app.ui.theme import Role, Token
from app.ui.widgets import ChipRow, EmptyState, Label, SearchEdit, Tile, TileRow
from app.ui.widgets.reflow import ReflowRow
from app.ui.wizard.page import Page, Session
from app.ui.wizard.plan_table import PlanTable
from app.ui.wizard.speech import number, short_name
from app.ui.wizard.switch_card import SwitchCard

ROWS_SHOWN = 7
LOW_BELOW = 760
"""Height of a window in which the switch comes before the rows, so that both can be seen."""
ROWS_IN_LOW = 4
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
        self.table = PlanTable(session.speech, self.words)
        self.content.addWidget(self.table, 1)
        self.nobody = EmptyState("users", self.tr("Nobody is assigned, so nothing would change."))
        self.content.addWidget(self.nobody)
        self.more = Label("", Role.CAPTION, Token.TEXT2)
        self.content.addWidget(self.more)
        self.switch_card = SwitchCard()
        self.switch_card.switched.connect(self._switched)
        self.switch_card.one_person_chosen.connect(self._one_person_chosen)
        self.content.addWidget(self.switch_card)
        for key in (QKeySequence("F5"), QKeySequence("Ctrl+R")):
            QShortcut(key, self, self.load)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)

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

    # --- hooks -------------------------------------------------------------------------------

    def enter(self) -> None:
        """Show the plan, or make it."""
        draft = self.session.draft
        self.switch_card.show_answers(
            on=draft.switch_on, pilot=draft.pilot_name, one_person_first=draft.one_person_first
        )
        if self.session.preview is not None:
            self._show(self.session.preview)
            return
        self._explain(None)
        for widget in (
            self.tile_row,
            self.filters,
            self.table,
            self.nobody,
            self.more,
            self.switch_card,
        ):
            widget.hide()
        self.load()

    def next_text(self) -> str:
        """The deed."""
        draft, preview = self.session.draft, self.session.preview
        if not draft.switch_on:
            return self.tr("Save, leave it s&witched off")
        if preview is None or not _people(preview):
            return self.tr("S&witch on")
        if draft.one_person_first:
            words = self.tr("S&witch on and provision {name}")
            return words.format(name=short_name(draft.pilot_name).replace("&", "&&"))
        people = _people(preview)
        words = (
            self.tr("S&witch on and provision 1 person")
            if people == 1
            else self.tr("S&witch on and provision {count} people")
        )
        return words.format(count=number(people))

    def next_allowed(self) -> bool:
        """Without a plan there is nothing to agree to."""
        return not self.work.running and self.session.preview is not None

    def first_field(self) -> QWidget | None:
        """The choice between one person and everyone."""
        return None if self.switch_card.isHidden() else self.switch_card.first_field()

    def check(self, go_on: Callable[[], None]) -> None:
        """Save and switch on; then the wizard is over."""
        answers, services = self.session.flow.answers, self.session.services

        async def switch_on(_stop: Cancellation, _tell: object) -> str:
            return await services.switch_on(answers)

        self.show_busy(self.tr("Saving the profile…"))
        self.work.start(switch_on, lambda _name: go_on(), self._failed)

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

    def _explain(self, preview: Preview | None) -> None:
        """Nothing is claimed before it is known."""
        if preview is None:
            words = self.tr("Rollcall works out what the first cycle would do. Nothing is written.")
        elif preview.counts.get(Deed.DISABLE, 0):
            words = self.tr("This is what the first cycle would do. Nothing has been written yet.")
        else:
            words = self.tr(
                "This is what the first cycle would do. Nothing has been written yet, and no "
                "account in GoTo will be disabled."
            )
        self.explanation.setText(words)

    def _show(self, preview: Preview) -> None:
        self._explain(preview)
        for one, tile in self.tiles.items():
            tile.set_value(preview.counts.get(one, 0))
        self.tiles[Deed.FAIL].set_token(
            Token.FAILURE if preview.counts.get(Deed.FAIL) else Token.TEXT
        )
        self.chips.set_text("all", self.tr("All {count}").format(count=number(preview.total)))
        self.table.show_rows(preview.rows)
        self._filter()
        self.more.setText(
            self.tr("The first {shown} of {total} are listed; the counts are of everybody.").format(
                shown=number(len(preview.rows)), total=number(preview.total)
            )
        )
        self.more.setVisible(not preview.complete)
        self.switch_card.show_plan(
            _people(preview), preview.seconds, self.session.draft.interval_minutes
        )
        self.tile_row.show()
        self.switch_card.show()
        self.filters.setVisible(bool(preview.rows))
        self.table.setVisible(bool(preview.rows))
        self.nobody.setVisible(not preview.rows)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the switch comes before the rows."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        low = self.window().height() < LOW_BELOW
        self.table.show_at_most(ROWS_IN_LOW if low else ROWS_SHOWN)
        wanted = 1 if low else self.content.count() - 1
        if self.content.indexOf(self.switch_card) != wanted:
            self.content.removeWidget(self.switch_card)
            self.content.insertWidget(wanted, self.switch_card)
            before, after = (
                (self.switch_card.one_person, self.chips.chip("all"))
                if low
                else (self.table.view, self.switch_card.switch)
            )
            QWidget.setTabOrder(before, after)

    def _switched(self, on: bool) -> None:
        self.session.flow.answer(switch_on=on)
        self.changed.emit()

    def _one_person_chosen(self, on: bool) -> None:
        self.session.flow.answer(one_person_first=on)
        self.changed.emit()

    def _filter(self) -> None:
        kind, text = self.chips.value(), self.search.text().strip().casefold()
        if kind == "all" and not text:
            self.table.set_filter(None)
            return
        self.table.set_filter(
            lambda row: (
                (kind == "all" or deed(row) == kind)
                and (text in row.source.name.casefold() or text in row.target.name.casefold())
            )
        )


def _people(preview: Preview) -> int:
    """People who will have an account."""
    return sum(preview.counts.get(one, 0) for one in (Deed.CREATE, Deed.LINK, Deed.UPDATE))
