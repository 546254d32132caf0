"""What a person does in the overview that takes its time: on the worker, the answer in place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.bridge.background import Background
from app.domain.errors import RollcallError, Service
from app.domain.texts import Text, Translator
from app.ui.error_words import error_words
from app.ui.overview.cards import SandboxCard
from app.ui.secret_dialog import SecretDialog
from app.ui.services import ProfileFacts, SandboxOperation, WindowServices
from app.ui.sign_in_dialog import SignInDialog


class Deeds(QObject):
    """Makes something happen in the practice world, and keeps new secrets."""

    secrets_replaced = Signal()
    signed_in = Signal()
    everyone_let_in = Signal()
    failed = Signal(object)
    """An error that no card of its own shows."""

    def __init__(
        self,
        services: WindowServices,
        background: Background,
        sandbox: SandboxCard,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._services = services
        self._background = background
        self._sandbox = sandbox
        self._window = window

    def make_happen(self, operation: SandboxOperation) -> None:
        """One thing in the practice world; the card says what it was."""
        self._sandbox.set_busy(busy=True)
        self._background.run(operation.run, self._happened, self._did_not_happen)

    def _happened(self, sentence: Text) -> None:
        self._sandbox.set_busy(busy=False)
        self._sandbox.show_answer(self._services.translator.render(sentence))

    def _did_not_happen(self, error: Exception) -> None:
        self._sandbox.set_busy(busy=False)
        self._sandbox.show_answer(said(self._services.translator, error), failed=True)

    def provision_everyone(self) -> None:
        """The profile is for everybody who is assigned from now on."""
        self._background.run(
            self._services.provision_everyone,
            lambda _none: self.everyone_let_in.emit(),
            self.failed.emit,
        )

    def replace_secret(self, names: tuple[str, ...], profile: ProfileFacts) -> None:
        """Ask for the new values; they are kept before the dialog closes."""
        dialog = SecretDialog(names, profile.title, practice=profile.sandbox, parent=self._window)
        dialog.replaced.connect(lambda values: self._keep(dialog, values))
        dialog.open()

    def sign_in(self, side: Service, profile: ProfileFacts) -> None:
        """A person signs in again; what comes of it is kept before the dialog closes."""
        by_code = dict(profile.sign_ins).get(side, False)
        dialog = SignInDialog(
            self._services, side, profile.title, by_code=by_code, parent=self._window
        )
        dialog.signed_in.connect(self.signed_in)
        dialog.open()

    def _keep(self, dialog: SecretDialog, values: Mapping[str, str]) -> None:
        def keep() -> None:
            for name, value in values.items():
                self._services.replace_secret(name, value)

        def kept(_none: None) -> None:
            dialog.accept()
            self.secrets_replaced.emit()

        def failed(error: Exception) -> None:
            translator = self._services.translator
            if isinstance(error, RollcallError):
                words = error_words(translator.render, error.text, error.advice)
                dialog.show_failure(words.title, words.advice)
            else:
                dialog.show_failure(said(translator, error), "")

        dialog.show_busy()
        self._background.run(keep, kept, failed)


def said(translator: Translator, error: BaseException) -> str:
    """The error's sentence; a fault of ours says at least what it is."""
    if isinstance(error, RollcallError):
        return translator.render(error.text)
    return str(error) or type(error).__name__
