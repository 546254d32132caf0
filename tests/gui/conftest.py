"""The window's tests: our style, nothing moves, every window is closed and deleted."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication

from app.bridge.event_pipe import EventPipe
from app.ui.motion import reduce_motion
from app.ui.style import apply_theme
from app.ui.theme import Scheme

# The invented company of the pictures is the tests' company too.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))


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
