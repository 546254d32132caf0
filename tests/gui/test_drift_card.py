"""Accounts changed by hand: one line in the overview, who and what, and two answers."""

from dataclasses import replace

import picture_world as world
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt

from app.domain.commands import DecideDrift
from app.domain.drift import DriftChoice

pytestmark = pytest.mark.gui
ROW = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


@pytest.fixture
def page(open_window, services):
    services.by_hand = world.changed_by_hand()
    services.job_status = replace(services.job_status, drifted=3)
    return open_window().overview


def cells(page):
    model = page.drift.table.model()
    return [
        [model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())
    ]


def test_it_says_how_many_and_lists_who_and_what(page):
    assert page.drift.isVisible()
    assert page.drift.sentence == "3 accounts were changed by hand in GoTo"
    assert cells(page)[0] == ["Mikko Hämäläinen", "Seat", "no seat", "GoToMeeting"]
    assert cells(page)[1] == ["Åsa Öberg", "lastName", "Öberg-Lind", "Öberg"]
    assert cells(page)[3][1:3] == ["Account", "deleted"]
    assert page.health.sentence == "Everything that changed in Entra is in GoTo"
    assert (page.drift.repair.kind, page.sync.kind) == ("primary", "normal")
    assert page.drift.repair.text() == "Repair all"


def test_without_a_selection_the_answer_is_about_all_that_is_listed(page, services, qtbot):
    qtbot.mouseClick(page.drift.repair, Qt.MouseButton.LeftButton)
    people = tuple(dict.fromkeys(one.source.id for one in services.by_hand))
    assert services.posted == [DecideDrift(DriftChoice.REPAIR, people)]


def test_a_selection_narrows_the_answer_to_these_people(page, services, qtbot):
    table = page.drift.table
    table.selectionModel().select(table.model().index(1, 0), ROW)
    assert page.drift.accept.text() == "Accept 1 accounts"
    qtbot.mouseClick(page.drift.accept, Qt.MouseButton.LeftButton)
    person = services.by_hand[1].source.id
    assert services.posted == [DecideDrift(DriftChoice.ACCEPT, (person,))]


def test_what_is_decided_is_listed_no_more(open_window, services):
    first, *others = world.changed_by_hand()
    decided = replace(first, drift=replace(first.drift, decision=DriftChoice.ACCEPT))
    services.by_hand = (decided, *others)
    services.job_status = replace(services.job_status, drifted=2)
    page = open_window().overview
    assert page.drift.sentence == "2 accounts were changed by hand in GoTo"
    assert len(cells(page)) == 3


def test_nothing_changed_by_hand_shows_nothing(open_window):
    page = open_window().overview
    assert not page.drift.isVisible()
    assert page.sync.kind == "primary"


def test_a_long_list_shows_the_first_and_then_more(open_window, services, qtbot):
    (one, *_) = world.changed_by_hand()
    services.by_hand = tuple(
        replace(one, source=replace(one.source, id=str(number))) for number in range(20)
    )
    services.job_status = replace(services.job_status, drifted=20)
    page = open_window().overview
    assert len(cells(page)) == 6
    assert page.drift.more.text() == "Show 14 more"
    qtbot.mouseClick(page.drift.more, Qt.MouseButton.LeftButton)
    assert len(cells(page)) == 20
    assert not page.drift.more.isVisible()
