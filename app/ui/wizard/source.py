"""Step 2: tenant and app registration at Microsoft."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from app.domain.errors import (
    ConfigurationError,
    CredentialsRefused,
    RollcallError,
    Service,
    SignInNeeded,
)
from app.domain.people import Application
from app.domain.settings import SourceSettings, SourceSignIn
from app.setup.cancel import Cancellation
from app.setup.draft import (
    SOURCE_CERTIFICATE,
    SOURCE_SECRET,
    SOURCE_SIGN_IN,
    Step,
    secret_of_source,
)
from app.ui.widgets import Button
from app.ui.wizard.page import Session, focus
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
        self.sign_in.changed.connect(lambda _key: self.choose_way())
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
        self.certificate = self.secret(
            SOURCE_CERTIFICATE,
            self.tr("Certificate"),
            hint=self.tr(
                "Certificate and private key as PEM, or a PFX file; without a password. The "
                "registration needs the same application permissions as with a secret."
            ),
        )
        choose = Button(self.tr("Choose a file…"), kind="link")
        choose.clicked.connect(self._choose_certificate)
        self.fields[SOURCE_CERTIFICATE].add_beside(choose)
        self.person_sign_in = self.person(Service.SOURCE, self.tr("Sign-in"))
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
        secrets = self.session.flow.answers.secrets
        self.client_secret.setText(secrets.get(SOURCE_SECRET, ""))
        self.certificate.setText(secrets.get(SOURCE_CERTIFICATE, ""))
        self.name.setText(draft.name)
        self.sign_in.set_value(draft.source_sign_in.value)
        self.show_person(Service.SOURCE, self.person_sign_in)
        self.show_way()
        self.show_practice((self.tenant, self.client, self.client_secret, self.name))

    def collect(self) -> None:
        """Take what was typed."""
        flow = self.session.flow
        if self.session.practising:
            flow.answer(source_sign_in=SourceSignIn(self.sign_in.value()))
            return
        before = self._as_answered()
        flow.answer(
            tenant=self.tenant.text().strip(),
            client_id=self.client.text().strip(),
            source_sign_in=SourceSignIn(self.sign_in.value()),
        )
        flow.answer_secret(SOURCE_SECRET, self.client_secret.text())
        flow.answer_secret(SOURCE_CERTIFICATE, self.certificate.text())
        if flow.draft.name_is_own:
            flow.answer(name=self.name.text().strip())
        self.name.setText(flow.draft.name)
        if before != self._as_answered():
            self.session.forget()
        if not self.work.running:
            # Another tenant or application has nobody signed in yet.
            self.show_person(Service.SOURCE, self.person_sign_in)

    def _as_answered(self) -> tuple[SourceSettings, Sequence[str | None]]:
        answers = self.session.flow.answers
        names = (SOURCE_SECRET, SOURCE_CERTIFICATE, SOURCE_SIGN_IN)
        return answers.draft.source_settings(), [answers.secrets.get(name) for name in names]

    def show_way(self) -> None:
        """One secret or one person, and what the registration needs for it."""
        way = SourceSignIn(self.sign_in.value())
        wanted = secret_of_source(way)
        for name in (SOURCE_SECRET, SOURCE_CERTIFICATE, SOURCE_SIGN_IN):
            self.fields[name].setVisible(name == wanted)
        by_code = way is SourceSignIn.DEVICE_CODE
        self.person_sign_in.offer_code(by_code)
        self.fields[SOURCE_SIGN_IN].set_hint(
            self.tr(
                "With an account that may read users, groups and applications. The registration "
                "needs “Allow public client flows”."
            )
            if by_code
            else self.tr(
                "With an account that may read users, groups and applications. The registration "
                "needs the platform Mobile and desktop applications with http://localhost, and "
                "“Allow public client flows”."
            )
        )

    def _choose_certificate(self) -> None:
        """PEM is text; anything else is taken for a PFX file and kept in base64."""
        chosen, _ = QFileDialog.getOpenFileName(
            self, self.tr("Certificate"), "", self.tr("Certificates (*.pem *.pfx *.p12);;All (*)")
        )
        if not chosen:
            return
        try:
            content = Path(chosen).read_bytes()
        except OSError:
            words = self.tr("{file} cannot be read. Choose another file, or paste its content.")
            self.mark(SOURCE_CERTIFICATE, words.format(file=Path(chosen).name))
            return
        pem = b"-----BEGIN" in content
        text = content.decode("ascii", "replace") if pem else b64encode(content).decode()
        self.certificate.setText(" ".join(text.split()))
        self.fields[SOURCE_CERTIFICATE].set_error("")

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
        if isinstance(error, SignInNeeded):
            focus(self.person_sign_in.begin)
        elif isinstance(error, ConfigurationError) and error.key == SOURCE_CERTIFICATE:
            self.advise(
                self.tr(
                    "Choose a file that holds the certificate and its private key, as PEM or PFX "
                    "without a password."
                )
            )
            self.mark(SOURCE_CERTIFICATE, self.tr("This certificate cannot be used."))
        elif isinstance(error, CredentialsRefused):
            wanted = secret_of_source(self.session.draft.source_sign_in)
            self.mark(wanted, self.tr("Not accepted at {time}.").format(time=self.time()))

    def _name_typed(self, _text: str) -> None:
        self.session.flow.answer(name_is_own=True)

    def _tenant_typed(self, text: str) -> None:
        self.session.flow.answer(tenant=text.strip())
        self.name.setText(self.session.draft.name)
