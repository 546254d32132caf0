"""Step 5: every check live, both sides at the same time, each ending in what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.domain.activity import CheckPart, CheckResult, Status
from app.domain.errors import RollcallError
from app.setup.cancel import Cancellation
from app.setup.connection_test import SOURCE_CHECKS, TARGET_CHECKS, passed
from app.setup.draft import Step
from app.setup.flow import StepState
from app.ui.states import State
from app.ui.theme import Role, Token, grown
from app.ui.widgets import Button, Label
from app.ui.widgets.flow import FlowLayout
from app.ui.wizard.check_rows import SideCard
from app.ui.wizard.page import Page, Session, reveal

COLUMN_NAME = 200


class ConnectionPage(Page):
    """Runs by itself when it is shown; a failure leads back to the credentials."""

    step = Step.CONNECTION_TEST

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.set_heading(
            self.tr("Connection test"),
            self.tr(
                "Rollcall tries every step it will later rely on. Each line says what was found "
                "and, if something is missing, what to do about it."
            ),
        )
        say = session.speech.say
        self.sides = {
            "source": SideCard(
                "Microsoft Entra ID", [(one.name, say(one.title)) for one in SOURCE_CHECKS]
            ),
            "target": SideCard(
                "GoToMeeting", [(one.name, say(one.title)) for one in TARGET_CHECKS]
            ),
        }
        for card in self.sides.values():
            self.content.addWidget(card)
        titles = [row.title for card in self.sides.values() for row in card.rows.values()]
        widest = max(title.sizeHint().width() for title in titles)
        for title in titles:
            title.setMinimumWidth(max(grown(COLUMN_NAME), widest))
        self._results: dict[tuple[str, str], CheckResult] = {}
        self._seen_enough = Cancellation()
        self.sides["source"].rows["people"].stop.clicked.connect(self._stop_counting)
        self._build_actions()
        for key in (QKeySequence("F5"), QKeySequence("Ctrl+R")):
            QShortcut(key, self, self.run)

    def _build_actions(self) -> None:
        self.back_to_credentials = Button(
            self.tr("Back to &credentials"), kind="primary", glyph="key-round"
        )
        self.back_to_credentials.clicked.connect(self._go_back)
        self.again = Button(self.tr("&Test again"), glyph="refresh-cw")
        self.again.clicked.connect(self.run)
        self.copy = Button(self.tr("Copy &report"), kind="link", glyph="copy")
        self.copy.clicked.connect(self._copy_report)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.back_to_credentials, self.again, self.copy):
            flow.addWidget(button)
        self.content.addWidget(buttons)
        words = self.tr("Both sides are tested at the same time. Nothing is written.")
        self.content.addWidget(Label(words, Role.CAPTION, Token.TEXT2, wrap=True))

    # --- hooks -------------------------------------------------------------------------------

    def enter(self) -> None:
        """Test at once, unless these answers passed already."""
        draft = self.session.draft
        self.sides["source"].show_hint(draft.tenant)
        self.sides["target"].show_hint(draft.account_name)
        if not self._holds():
            self.run()
        self._show_actions()

    def _holds(self) -> bool:
        return (
            self.session.flow.is_done(self.step)
            and bool(self._results)
            and passed(tuple(self._results.values()))
        )

    def next_allowed(self) -> bool:
        """Only a passed test lets on."""
        return not self.work.running and passed(tuple(self._results.values()))

    def next_leads(self) -> bool:
        """After a failure the way back leads."""
        return self.session.flow.state(self.step) is not StepState.FAILED

    def first_field(self) -> QWidget | None:
        """The way back after a failure; otherwise there is nothing to do here but go on."""
        return self.back_to_credentials if not self.back_to_credentials.isHidden() else None

    # --- the test ----------------------------------------------------------------------------

    def run(self) -> None:
        """Run every check; the lines fill as they come."""
        answers, services = self.session.flow.answers, self.session.services
        seen_enough = self._seen_enough = Cancellation()
        self._results.clear()
        self.session.flow.retry()
        self.clear_errors()
        for name, card in self.sides.items():
            for row in card.rows.values():
                row.show_check(State.WAITING, self.tr("Not tested yet"), "")
                row.show_parts(())
            self._summarise(name)

        async def test(
            stop: Cancellation, tell: Callable[[object], None]
        ) -> tuple[CheckResult, ...]:
            return await services.test_connection(answers, tell, seen_enough, stop)

        self.work.start(test, self._ended, self._broke, self._came)
        self._show_actions()

    def _came(self, news: object) -> None:
        if not isinstance(news, CheckResult):
            return
        say = self.session.speech.say
        self._results[news.side, news.name] = news
        row = self.sides[news.side].rows[news.name]
        if news.status is None:
            fact = say(news.fact) or self.tr("Trying…")
            row.show_check(State.RUNNING, fact, "")
        elif news.status is Status.SKIPPED:
            row.show_check(State.WAITING, say(news.fact), say(news.advice))
        else:
            row.show_check(State(news.status), say(news.fact), say(news.advice))
            row.show_parts([(State(one.status), self._part(one)) for one in news.parts])
        counting = news.name == "people" and news.status is None and news.fact is not None
        row.stop.setVisible(counting)
        if (news.side, news.name) == ("target", "account") and news.status is Status.SUCCESS:
            self.sides["target"].show_hint(say(news.fact))
        self._summarise(news.side)

    def _part(self, part: CheckPart) -> str:
        return self.tr("{name}: {fact}").format(
            name=part.name, fact=self.session.speech.say(part.fact)
        )

    def _stop_counting(self) -> None:
        self._seen_enough.set()

    def _ended(self, results: tuple[CheckResult, ...]) -> None:
        flow = self.session.flow
        if passed(results):
            flow.passed()
        elif any(one.status is Status.FAILURE for one in results):
            flow.fail()
        self._show_actions()
        self.changed.emit()
        self.focus_first()
        failed = next((one for one in results if one.status is Status.FAILURE), None)
        if failed is not None:
            # The way back has the focus, below; what went wrong must be in sight too.
            reveal(self.sides[failed.side].rows[failed.name])

    def _broke(self, error: RollcallError) -> None:
        """The test itself could not begin: a profile key is wrong."""
        self.session.flow.fail()
        self.show_error(error)
        self._show_actions()
        self.changed.emit()

    def cancel_work(self) -> None:
        """Stopped by hand: what has not been tested says so."""
        super().cancel_work()
        self._show_actions()

    def _summarise(self, side: str) -> None:
        card = self.sides[side]
        results = [one for (of, _name), one in self._results.items() if of == side]
        failed = sum(one.status is Status.FAILURE for one in results)
        done = sum(one.status in (Status.SUCCESS, Status.WARNING) for one in results)
        warned = sum(one.status is Status.WARNING for one in results)
        total = len(card.rows)
        if failed:
            words = self.tr("1 problem") if failed == 1 else self.tr("{count} problems")
            card.summary.show_state(State.FAILURE, words.format(count=failed))
        elif done == total:
            state = State.WARNING if warned else State.SUCCESS
            words = self.tr("Passed, with advice") if warned else self.tr("All {total} passed")
            card.summary.show_state(state, words.format(total=total))
        else:
            words = self.tr("{done} of {total}")
            state = State.RUNNING if results else State.WAITING
            card.summary.show_state(state, words.format(done=done, total=total))

    def _show_actions(self) -> None:
        failed = self.session.flow.state(self.step) is StepState.FAILED and not self.work.running
        actions = (self.back_to_credentials, self.again, self.copy)
        had_focus = any(button.hasFocus() for button in actions)
        self.back_to_credentials.setVisible(failed)
        self.again.setEnabled(not self.work.running)
        self.copy.setEnabled(bool(self._results) and not self.work.running)
        if had_focus and not any(button.hasFocus() for button in actions):
            self.focus_first()

    def _go_back(self) -> None:
        source_failed = any(
            side == "source" and one.status is Status.FAILURE
            for (side, _name), one in self._results.items()
        )
        target_failed = any(
            side == "target" and one.status is Status.FAILURE
            for (side, _name), one in self._results.items()
        )
        only_source = source_failed and not target_failed
        self.wanted.emit(int(Step.SOURCE if only_source else Step.TARGET))

    def _copy_report(self) -> None:
        say = self.session.speech.say
        lines = []
        for (side, _name), one in self._results.items():
            status = one.status.value if one.status else "running"
            words = [self.sides[side].title.text(), say(one.title), status, say(one.fact)]
            words += [*map(self._part, one.parts), say(one.advice)]
            words += [*(f"{key}={value}" for key, value in one.details.items())]
            lines.append("\t".join(word for word in words if word))
        QGuiApplication.clipboard().setText("\n".join(lines))
