"""Step 4: the administrator at GoTo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.accounts import AccountChoice
from app.domain.errors import (
    ConfigurationError,
    CredentialsRefused,
    RollcallError,
    Service,
    SignInNeeded,
)
from app.domain.settings import TargetKind, TargetSignIn
from app.setup.cancel import Cancellation
from app.setup.draft import (
    TARGET_CLIENT_SECRET,
    TARGET_PASSWORD,
    TARGET_SIGN_IN,
    TARGET_TOKEN,
    Step,
    secret_of_target,
)
from app.ui.theme import grown
from app.ui.widgets import Field
from app.ui.widgets.fields import FIELD_WIDTH
from app.ui.wizard.page import Session, focus
from app.ui.wizard.sign_in_form import SignInPage

OAUTH_CLIENTS = "https://developer.logmeininc.com/clients"


class TargetPage(SignInPage):
    """How Rollcall signs in at GoTo; tried on Next, nothing is written."""

    step = Step.TARGET

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.set_heading(
            self.tr("GoTo credentials"),
            self.tr(
                "Rollcall needs a GoTo account that may create, change and suspend users. It is "
                "checked as soon as you press Next; nothing is written to GoTo."
            ),
        )
        self._build_choices()
        self._build_fields()
        self.add_secret_place()
        self.sign_in.changed.connect(lambda _key: self.choose_way())

    def _build_choices(self) -> None:
        able = self.session.services.abilities
        later = self.tr("Not in this version.")
        self.kind = self.choice(
            "target_kind",
            self.tr("Connect through"),
            (
                (TargetKind.GOTO_ADMIN.value, self.tr("Admin API")),
                (TargetKind.GOTO_SCIM.value, self.tr("GoTo SCIM")),
                (TargetKind.SCIM2.value, self.tr("Other SCIM 2.0")),
            ),
            hint=self.tr("Recommended: the only one that can take seats away again."),
        )
        for kind in TargetKind:
            self.kind.set_option_enabled(kind.value, kind in able.target_kinds, later)
        self.sign_in = self.choice(
            "target_sign_in",
            self.tr("Sign in with"),
            (
                (TargetSignIn.PASSWORD.value, self.tr("Password")),
                (TargetSignIn.BROWSER.value, self.tr("Browser")),
                (TargetSignIn.PERSONAL_ACCESS_TOKEN.value, self.tr("Access token")),
            ),
        )
        for sign_in in (
            TargetSignIn.PASSWORD,
            TargetSignIn.BROWSER,
            TargetSignIn.PERSONAL_ACCESS_TOKEN,
        ):
            self.sign_in.set_option_enabled(sign_in.value, sign_in in able.target_sign_ins, later)

    def _build_fields(self) -> None:
        self.user = self.line(
            "user_name",
            self.tr("Admin user name"),
            hint=self.tr("A super admin, or an admin who may manage users and seats."),
        )
        self.password = self.secret(TARGET_PASSWORD, self.tr("Admin password"))
        self.token = self.secret(
            TARGET_TOKEN,
            self.tr("Personal access token"),
            hint=self.tr("From myaccount.goto.com; its scopes must include “identity:”."),
        )
        self.client = self.line(
            "target_client_id",
            self.tr("OAuth client ID"),
            hint=self.tr("From GoTo Developer Center, My OAuth clients."),
            link=self.tr("Show me where"),
        )
        self.fields["target_client_id"].link_pressed.connect(
            lambda: QDesktopServices.openUrl(QUrl(OAUTH_CLIENTS))
        )
        self.client_secret = self.secret(
            TARGET_CLIENT_SECRET,
            self.tr("OAuth client secret"),
            hint=self.tr("Only if the client has one."),
        )
        self.person_sign_in = self.person(
            Service.TARGET,
            self.tr("Sign-in"),
            hint=self.tr("The OAuth client needs the redirect address http://localhost."),
        )
        self.organisation = QComboBox()
        self.organisation.setMaximumWidth(grown(FIELD_WIDTH))
        made = Field(
            self.tr("GoTo organisation"),
            self.organisation,
            hint=self.tr("Rollcall asks GoTo which accounts this administrator manages."),
        )
        self.content.addWidget(self.add_field("account_key", made))
        self._show_choices(())

    def enter(self) -> None:
        """Show the answers so far."""
        draft, secrets = self.session.draft, self.session.flow.answers.secrets
        self.kind.set_value(draft.target_kind.value)
        self.sign_in.set_value(draft.target_sign_in.value)
        self.user.setText(draft.user_name)
        self.password.setText(secrets.get(TARGET_PASSWORD, ""))
        self.token.setText(secrets.get(TARGET_TOKEN, ""))
        self.client.setText(draft.target_client_id)
        self.client_secret.setText(secrets.get(TARGET_CLIENT_SECRET, ""))
        if draft.account_key and self.organisation.findData(draft.account_key) < 0:
            self.organisation.addItem(draft.account_name or draft.account_key, draft.account_key)
        self.organisation.setCurrentIndex(max(0, self.organisation.findData(draft.account_key)))
        self.show_person(Service.TARGET, self.person_sign_in)
        self.show_way()
        self.show_practice((self.user, self.client))

    def collect(self) -> None:
        """Take what was typed."""
        flow = self.session.flow
        key = str(self.organisation.currentData() or "")
        flow.answer(
            target_kind=TargetKind(self.kind.value()),
            target_sign_in=TargetSignIn(self.sign_in.value()),
            user_name=self.user.text().strip(),
            target_client_id=self.client.text().strip(),
            account_key=key,
        )
        if key:
            flow.answer(account_name=self.organisation.currentText())
        flow.answer_secret(TARGET_PASSWORD, self.password.text())
        flow.answer_secret(TARGET_TOKEN, self.token.text())
        flow.answer_secret(TARGET_CLIENT_SECRET, self.client_secret.text())
        self.session.review = self.session.preview = None
        if not self.work.running:
            # Another client has nobody signed in yet.
            self.show_person(Service.TARGET, self.person_sign_in)

    def first_field(self) -> QWidget | None:
        """Who signs in: the choices above have their usual answer already."""
        fields = (self.user, self.token, self.client)
        return next((one for one in fields if one.isVisibleTo(self)), None)

    def check(self, go_on: Callable[[], None]) -> None:
        """Sign in and ask which organisations there are."""
        answers = self.session.flow.answers
        services = self.session.services

        async def sign_in(stop: Cancellation, _tell: object) -> Sequence[AccountChoice]:
            found = await services.check_target(answers, stop)
            await services.store_secrets(answers)
            return found

        def signed_in(found: Sequence[AccountChoice]) -> None:
            if self._organisation_open(found):
                return
            go_on()

        self.show_busy(self.tr("Signing in at GoTo…"))
        self.work.start(sign_in, signed_in, self._refused)

    def next_text(self) -> str:
        """After a refusal Next tries again."""
        return self.tr("Try &again") if self.refused else self.tr("&Next")

    def _organisation_open(self, found: Sequence[AccountChoice]) -> bool:
        """More than one organisation and none chosen: the administrator has to say."""
        self._show_choices(found)
        chosen = self.session.draft.account_key
        names = {choice.key: choice.name for choice in found}
        if len(found) == 1:
            self.session.flow.answer(account_name=found[0].name)
        if chosen in names or len(found) < 2:
            return False
        self.mark(
            "account_key",
            self.tr("This administrator manages {count} organisations. Choose one.").format(
                count=len(found)
            ),
        )
        return True

    def _show_choices(self, found: Sequence[AccountChoice]) -> None:
        chosen = self.organisation.currentData()
        self.organisation.clear()
        self.organisation.addItem(self.tr("Find it for me"), "")
        for choice in found:
            self.organisation.addItem(choice.name, choice.key)
        self.organisation.setCurrentIndex(max(0, self.organisation.findData(chosen)))

    def show_way(self) -> None:
        """A name goes with a password only."""
        way = TargetSignIn(self.sign_in.value())
        self.fields["user_name"].setVisible(way is TargetSignIn.PASSWORD)
        for name in (TARGET_PASSWORD, TARGET_TOKEN, TARGET_SIGN_IN):
            self.fields[name].setVisible(name == secret_of_target(way))
        self.person_sign_in.offer_code(False)

    def _refused(self, error: RollcallError) -> None:
        self.refuse(error)
        if isinstance(error, SignInNeeded):
            focus(self.person_sign_in.begin)
        elif isinstance(error, CredentialsRefused):
            secret = secret_of_target(self.session.draft.target_sign_in)
            words = (
                self.tr("Not accepted at {time}. Repeated wrong tries may lock the account.")
                if secret == TARGET_PASSWORD
                else self.tr("Not accepted at {time}.")
            )
            self.mark(secret, words.format(time=self.time()))
        elif isinstance(error, ConfigurationError) and error.key.endswith("account_key"):
            self.mark("account_key", self.session.speech.say(error.text))
