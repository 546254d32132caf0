"""What F1 says in the main window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.ui.help_dialog import HelpDialog


def main_help(*, in_log: bool, parent: QWidget) -> HelpDialog:
    """What the page on show is for, and the keys of the window."""
    overview = QCoreApplication.translate("MainHelp", "Overview")
    log = QCoreApplication.translate("MainHelp", "Provisioning log")
    text = (
        QCoreApplication.translate(
            "MainHelp", "Everything Rollcall did to an account, with the steps that led to it."
        )
        if in_log
        else QCoreApplication.translate(
            "MainHelp", "How provisioning stands, what needs you, and when it goes on."
        )
    )
    keys = (
        ("Ctrl+1", overview),
        ("Ctrl+4", log),
        ("Ctrl+R", QCoreApplication.translate("MainHelp", "Sync now")),
        ("Ctrl+.", QCoreApplication.translate("MainHelp", "Stop the cycle")),
        ("Ctrl+F", QCoreApplication.translate("MainHelp", "Search this page")),
        ("Ctrl+J", QCoreApplication.translate("MainHelp", "Show or hide the activity")),
        ("F6", QCoreApplication.translate("MainHelp", "On to the next part of the window")),
    )
    return HelpDialog(log if in_log else overview, text, keys, parent)
