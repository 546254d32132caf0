"""Step 2: tenant and app registration at Microsoft."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.domain.errors import CredentialsRefused, RollcallError
from app.domain.people import Application
from app.domain.settings import SourceSignIn
from app.setup.cancel import Cancellation
from app.setup.draft import SOURCE_SECRET, Step
from app.ui.wizard.page import Session
from app.ui.wizard.sign_in_form import SignInPage

REGISTRATIONS = (
    "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade"
)


class SourcePage(SignInPage):
    """How Rollcall signs in at Microsoft; tried on Next."""

    step = Step.SOURCE

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.set_heading(
            self.tr("Microsoft sign-in"),
            self.tr(
                "Rollcall reads users, groups and assignments with an app registration of your "
                "tenant. It is checked as soon as you press Next; Rollcall never writes to Entra."
            ),
        )
        self.tenant = self.line(
            "tenant",
            self.tr("Tenant"),
            hint=self.tr("A verified domain such as contoso.com, or the tenant ID."),
        )
        self.sign_in = self.choice(
            "source_sign_in",
            self.tr("Sign in with"),
            (
                (SourceSignIn.CLIENT_SECRET.value, self.tr("App secret")),
                (SourceSignIn.CERTIFICATE.value, self.tr("Certificate")),
                (SourceSignIn.BROWSER.value, self.tr("Browser")),
                (SourceSignIn.DEVICE_CODE.value, self.tr("Device code")),
            ),
        )
        able = session.services.abilities.source_sign_ins
        for kind in SourceSignIn:
            self.sign_in.set_option_enabled(
                kind.value, kind in able, self.tr("Not in this version: use an app secret.")
            )
        self.client = self.line(
            "client_id",
            self.tr("Application (client) ID"),
            hint=self.tr("From App registrations, Overview."),
            link=self.tr("Show me where"),
        )
        self.fields["client_id"].link_pressed.connect(
            lambda: QDesktopServices.openUrl(QUrl(REGISTRATIONS))
        )
        self.client_secret = self.secret(
            SOURCE_SECRET,
            self.tr("Client secret"),
            hint=self.tr(
                "The value, not its ID. The registration needs the application permissions "
                "Application.Read.All, User.Read.All and GroupMember.Read.All."
            ),
        )
        self.name = self.line(
            "name",
            self.tr("Profile name"),
            hint=self.tr("How this set-up is called in Rollcall and on the command line."),
        )
        self.name.textEdited.connect(self._name_typed)
        self.tenant.textEdited.connect(self._tenant_typed)
        self.add_secret_place()

    def enter(self) -> None:
        """Show the answers so far."""
        draft = self.session.draft
        self.tenant.setText(draft.tenant)
        self.client.setText(draft.client_id)
        self.client_secret.setText(self.session.flow.answers.secrets.get(SOURCE_SECRET, ""))
        self.name.setText(draft.name)
        self.sign_in.set_value(draft.source_sign_in.value)
        self.show_practice((self.tenant, self.client, self.client_secret, self.name))

    def collect(self) -> None:
        """Take what was typed."""
        if self.session.practising:
            return
        flow = self.session.flow
        before = flow.draft.source_settings(), flow.answers.secrets.get(SOURCE_SECRET)
        flow.answer(
            tenant=self.tenant.text().strip(),
            client_id=self.client.text().strip(),
            source_sign_in=SourceSignIn(self.sign_in.value()),
        )
        flow.answer_secret(SOURCE_SECRET, self.client_secret.text())
        if flow.draft.name_is_own:
            flow.answer(name=self.name.text().strip())
        self.name.setText(flow.draft.name)
        if before != (flow.draft.source_settings(), flow.answers.secrets.get(SOURCE_SECRET)):
            self.session.forget()

    def check(self, go_on: Callable[[], None]) -> None:
        """Sign in and list the applications of the next page."""
        answers = self.session.flow.answers
        services = self.session.services

        async def sign_in(stop: Cancellation, _tell: object) -> Sequence[Application]:
            found = await services.check_source(answers, stop)
            await services.store_secrets(answers)
            return found

        def signed_in(found: Sequence[Application]) -> None:
            self.session.applications = found
            go_on()

        self.show_busy(self.tr("Signing in at Microsoft…"))
        self.work.start(sign_in, signed_in, self._refused)

    def next_text(self) -> str:
        """After a refusal Next tries again."""
        return self.tr("Try &again") if self.refused else self.tr("&Next")

    def _refused(self, error: RollcallError) -> None:
        self.refuse(error)
        if isinstance(error, CredentialsRefused):
            self.mark(SOURCE_SECRET, self.tr("Not accepted at {time}.").format(time=self.time()))

    def _name_typed(self, _text: str) -> None:
        self.session.flow.answer(name_is_own=True)

    def _tenant_typed(self, text: str) -> None:
        self.session.flow.answer(tenant=text.strip())
        self.name.setText(self.session.draft.name)
