"""What a credential is called: GoTo has passwords and tokens, Microsoft has secrets."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.setup.draft import TARGET_PASSWORD, TARGET_TOKEN


def replace_word(names: Sequence[str]) -> str:
    """On the button that asks for a new one."""
    if list(names) == [TARGET_PASSWORD]:
        return QCoreApplication.translate("SecretWords", "Replace password…")
    if list(names) == [TARGET_TOKEN]:
        return QCoreApplication.translate("SecretWords", "Replace token…")
    return QCoreApplication.translate("SecretWords", "Replace secret…")


def replace_advice(names: Sequence[str]) -> str:
    """What to do when it is refused."""
    if list(names) == [TARGET_PASSWORD]:
        return QCoreApplication.translate("SecretWords", "Replace the password to go on.")
    if list(names) == [TARGET_TOKEN]:
        return QCoreApplication.translate("SecretWords", "Replace the token to go on.")
    return QCoreApplication.translate("SecretWords", "Replace the secret to go on.")


def new_one(names: Sequence[str], organisation: str) -> str:
    """Over the field for the new one; `organisation` is whose profile it is."""
    if list(names) == [TARGET_PASSWORD]:
        text = QCoreApplication.translate("SecretWords", "New GoTo password for {organisation}")
    elif list(names) == [TARGET_TOKEN]:
        text = QCoreApplication.translate("SecretWords", "New GoTo token for {organisation}")
    elif list(names) == ["source.client_secret"]:
        text = QCoreApplication.translate("SecretWords", "New client secret for {organisation}")
    else:
        text = QCoreApplication.translate("SecretWords", "New credentials for {organisation}")
    return text.format(organisation=organisation)
