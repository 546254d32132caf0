"""Asks once before everybody who is assigned is provisioned, not the first people alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask_for_everyone(near: QWidget, go_on: Callable[[], None]) -> None:
    """Call `go_on` when the answer is yes; the safe answer is the default."""
    box = QMessageBox(near.window())
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(QCoreApplication.translate("EveryoneQuestion", "Provision everyone"))
    box.setText(
        QCoreApplication.translate(
            "EveryoneQuestion", "Provision everyone who is assigned to the application?"
        )
    )
    box.setInformativeText(
        QCoreApplication.translate(
            "EveryoneQuestion",
            "A cycle starts now: it counts these people and gives each of them an account and a "
            "seat in GoTo. Stop ends it at any time; what was written stays written.",
        )
    )
    yes = box.addButton(
        QCoreApplication.translate("EveryoneQuestion", "Provision everyone"),
        QMessageBox.ButtonRole.AcceptRole,
    )
    safe = box.addButton(
        QCoreApplication.translate("EveryoneQuestion", "Cancel"), QMessageBox.ButtonRole.RejectRole
    )
    box.setDefaultButton(safe)
    box.setEscapeButton(safe)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    yes.clicked.connect(go_on)
    box.open()
