"""The window's language: Qt's translators, and the locale numbers and dates are written in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.ui.resources import resource_path

LANGUAGES = ("en", "fr")


def install_language(application: QApplication, locale: QLocale) -> list[QTranslator]:
    """Translate the window from now on; returns the translators, which must be kept.

    English has a catalogue too: it holds the plural forms.
    """
    language = QLocale.languageToCode(locale.language())
    if language not in LANGUAGES:
        language, locale = "en", QLocale(QLocale.Language.English)
    QLocale.setDefault(locale)
    kept = []
    ours = QTranslator(application)
    try:
        file = resource_path(f"translations/rollcall_{language}.qm")
    except FileNotFoundError:
        file = None
    if file is not None and ours.load(str(file)):
        application.installTranslator(ours)
        kept.append(ours)
    qts = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language != "en" and qts.load(f"qtbase_{language}", folder):
        application.installTranslator(qts)
        kept.append(qts)
    return kept


@contextmanager
def window_language(application: QApplication, locale: QLocale) -> Iterator[None]:
    """Translate the windows made inside; afterwards all is as before."""
    before = QLocale()
    kept = install_language(application, locale)
    try:
        yield
    finally:
        for translator in kept:
            application.removeTranslator(translator)
        QLocale.setDefault(before)
