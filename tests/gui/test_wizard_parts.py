"""Parts of the wizard by themselves: keys, numbers, tables, work that comes back late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.bridge.roles import CellRole
from app.domain.errors import ConfigurationError, RollcallError, Stopped
from app.domain.texts import English, Text
from app.ui.widgets import Button, Field
from app.ui.wizard.mnemonics import (
    assign_letters,
    chosen_letter,
    give_mnemonics,
    with_letter,
    without_letter,
)
from app.ui.wizard.speech import Speech, number, short_name
from app.ui.wizard.tables import Cell, RowsModel
from app.ui.wizard.work import Work

pytestmark = pytest.mark.gui


class Later:
    """A runner that keeps its work until it is told to do it."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Any, Any, Any]] = []

    def submit(
        self,
        factory: Callable[[], Coroutine[Any, Any, Any]],
        on_result: Callable[[Any], None],
        on_error: Callable[[BaseException], None],
    ) -> None:
        self.jobs.append((factory, on_result, on_error))

    def run(self, at: int = 0) -> None:
        factory, on_result, on_error = self.jobs[at]
        try:
            result = asyncio.run(factory())
        except (RollcallError, ZeroDivisionError) as error:
            on_error(error)
        else:
            on_result(result)


def test_letters_of_translators_are_kept_and_nobody_shares_one(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    texts = ["&Next", "Back", "&Next again", "No", "Or", "Salt && pepper", "&Salt"]
    buttons = [Button(text) for text in texts]
    for button in buttons[2:]:
        column.addWidget(button)
    column.addWidget(Field("Name", QLineEdit()))
    page.show()
    for _ in range(2):
        give_mnemonics(page, buttons[:2])
        letters = [chosen_letter(button.text()) for button in buttons]
        assert letters[0] == "N"
        assert len(set(letters)) == len(letters)
        assert all(letters)
        assert [without_letter(button.text()) for button in buttons] == [
            without_letter(text) for text in texts
        ]


def test_a_changed_text_gets_its_key_again(qtbot: QtBot) -> None:
    page, button = QWidget(), Button("Alpha")
    qtbot.addWidget(page)
    qtbot.addWidget(button)
    give_mnemonics(page, [button])
    assert button.text() == "&Alpha"
    button.setText("Beta")
    give_mnemonics(page, [button])
    assert button.text() == "&Beta"


def test_a_text_gives_way_to_one_that_has_no_choice() -> None:
    assert assign_letters({0: "ab", 1: "a", 2: "cab"}, set()) == {0: "B", 1: "A", 2: "C"}
    assert assign_letters({0: "a", 1: "a"}, set()) == {0: "A"}
    assert assign_letters({0: "a1"}, {"A"}) == {0: "1"}


def test_the_mark_is_put_and_taken() -> None:
    assert with_letter("Éa", "A") == "É&a"
    assert without_letter("A && &B") == "A && B"
    assert chosen_letter("A && &b") == "B"
    assert chosen_letter("A && b") == ""


def test_numbers_in_texts_are_grouped_as_the_language_does() -> None:
    speech = Speech(English())
    inner = Text("{count} of them", {"count": 1234})
    text = Text("{n} person, {inner}", {"n": 12444, "inner": inner}, plural="{n} people, {inner}")
    assert speech.say(text) == "12,444 people, 1,234 of them"
    assert speech.say(None) == ""
    QLocale.setDefault(QLocale(QLocale.Language.French))
    assert number(12444) != "12,444"


@pytest.mark.parametrize(
    ("name", "short"),
    [("Zoë Lefèvre", "Zoë"), ("陈美玲 (Chen Meiling)", "陈美玲"), ("Cher", "Cher"), ("", "")],
)
def test_people_are_called_by_their_first_name(name: str, short: str) -> None:
    assert short_name(name) == short


def test_rows_are_rendered_only_when_they_are_seen(qtbot: QtBot) -> None:
    rendered: list[int] = []

    def render(row: int) -> list[Cell]:
        rendered.append(row)
        return [Cell(f"row {row}", {CellRole.GLYPH: "check"}, tooltip="all of it")]

    model: RowsModel[int] = RowsModel(["Row"], render)
    model.set_rows(range(100_000))
    assert model.rowCount() == 100_000
    assert rendered == []
    index = model.index(5, 0)
    assert index.data() == "row 5"
    assert index.data(CellRole.GLYPH) == "check"
    assert index.data(CellRole.STATE) is None
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "all of it"
    assert index.data(Qt.ItemDataRole.DecorationRole) is None
    assert rendered == [5]
    model.set_filter(lambda row: row % 1000 == 7)
    assert model.rowCount() == 100
    assert model.row_at(1) == 1007
    model.set_header(0, "Line")
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Line"
    model.set_filter(None)
    assert model.rowCount() == 100_000


async def _answer(stop: object, tell: Callable[[object], None]) -> str:
    tell(1)
    tell(2)
    return "done"


async def _refuse(stop: object, tell: object) -> str:
    raise ConfigurationError("no")


async def _stopped(stop: object, tell: object) -> str:
    raise Stopped


async def _bug(stop: object, tell: object) -> str:
    raise ZeroDivisionError


def test_work_gives_its_news_before_its_result(qtbot: QtBot) -> None:
    runner, heard = Later(), []
    work = Work(runner)
    work.start(_answer, heard.append, heard.append, heard.append)
    assert work.running
    runner.run()
    assert heard == [1, 2, "done"]
    assert not work.running


def test_cancelled_work_is_not_listened_to(qtbot: QtBot) -> None:
    runner, heard = Later(), []
    work = Work(runner)
    work.start(_answer, heard.append, heard.append, heard.append)
    work.cancel()
    assert not work.running
    runner.run()
    assert heard == []


def test_newer_work_makes_the_older_answer_void(qtbot: QtBot) -> None:
    runner, heard = Later(), []
    work = Work(runner)
    work.start(_refuse, heard.append, heard.append)
    work.start(_answer, heard.append, heard.append)
    runner.run(0)
    assert work.running
    runner.run(1)
    assert heard == ["done"]


def test_errors_for_people_are_handed_over_and_a_stop_is_silent(qtbot: QtBot) -> None:
    runner = Later()
    heard: list[RollcallError] = []
    work = Work(runner)
    work.start(_refuse, print, heard.append)
    work.start(_stopped, print, heard.append)
    runner.run(1)
    assert heard == []
    work.start(_refuse, print, heard.append)
    runner.run(2)
    assert [str(one) for one in heard] == ["no"]


def test_a_bug_is_not_swallowed(qtbot: QtBot) -> None:
    runner = Later()
    work = Work(runner)
    work.start(_bug, print, print)
    with pytest.raises(ZeroDivisionError):
        runner.run()
    assert not work.running


def test_an_answer_after_the_window_has_gone_is_dropped(qtbot: QtBot) -> None:
    runner, heard = Later(), []
    work = Work(runner)
    work.start(_answer, heard.append, heard.append)
    delete(work)
    runner.run()
    assert heard == []
