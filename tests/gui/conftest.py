"""The window's tests: our style, nothing moves, every window is closed and deleted."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from walker import Walker
from wizard_world import WizardWorld

from app.bridge.event_pipe import EventPipe
from app.domain.texts import English
from app.host.language import GettextTranslator
from app.host.paths import resources
from app.ui.language import window_language
from app.ui.main_window import MainWindow
from app.ui.motion import reduce_motion
from app.ui.style import apply_theme
from app.ui.theme import Scheme

# The invented company of the pictures is the tests' company too.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))

import picture_world as company


@pytest.fixture(autouse=True)
def _window_world(qapp):
    """Light, English numbers, no motion; afterwards no window is left."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    apply_theme(qapp, Scheme.LIGHT)
    reduce_motion(True)
    yield
    for window in QApplication.topLevelWidgets():
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    QLocale.setDefault(before)


@pytest.fixture
def pipe(qapp):
    """The pipe from the engine's thread; its timer runs."""
    made = EventPipe()
    yield made
    made.stop()
    made.deleteLater()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture(params=["en", "fr"])
def world(request: pytest.FixtureRequest, qapp: QApplication, home: Path) -> Iterator[WizardWorld]:
    """Practice servers and the real services; both languages."""
    with ExitStack() as stack:
        stack.enter_context(window_language(qapp, QLocale(request.param)))
        made = WizardWorld(home, GettextTranslator(request.param, resources() / "translations"))
        stack.callback(made.close)
        yield made


@pytest.fixture
def walker(qtbot: QtBot, world: WizardWorld) -> Walker:
    window = world.window()
    qtbot.addWidget(window)
    return Walker(qtbot, window)


@pytest.fixture
def services():
    made = company.PictureServices(English())
    made.job_status, made.past = company.healthy_status(), company.cycles()
    made.records = tuple(company.stream(company.NOW)) * 120
    return made


@pytest.fixture
def open_window(services, pipe, qtbot):
    def make(*, size=(1280, 800), settings_path=None, tray=None):
        window = MainWindow(
            services, pipe, settings_path=settings_path, now=lambda: company.NOW, tray=tray
        )
        qtbot.addWidget(window, before_close_func=MainWindow.give_back)
        window.resize(*size)
        window.show()
        qtbot.waitExposed(window)
        if services.past:
            qtbot.waitUntil(lambda: bool(window._snapshot.cycles), timeout=3000)
        else:
            qtbot.wait(250)
        return window

    return make
