"""Mail through an SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage

from app.domain.errors import RollcallError
from app.domain.settings import NotificationSettings, SmtpSettings
from app.domain.texts import Text

SECONDS = 20.0


class SmtpMailer:
    """`domain.ports.Mailer` for one profile."""

    def __init__(self, settings: NotificationSettings, password: str | None) -> None:
        self._settings = settings
        self._password = password

    def send(self, subject: str, body: str) -> None:
        """Hand a plain mail over; raises `RollcallError` naming the server."""
        smtp = self._settings.smtp
        if smtp is None or not self._settings.email:
            raise RollcallError(
                "No mail server or no address is configured",
                "Fill notification.smtp and notification.email in the profile.",
            )
        message = EmailMessage()
        message["Subject"] = " ".join(subject.split())
        message["From"] = smtp.sender
        message["To"] = ", ".join(self._settings.email)
        message.set_content(body)
        try:
            self._deliver(smtp, message)
        except (OSError, smtplib.SMTPException) as error:
            raise RollcallError(
                Text(
                    "The mail server {host} did not take the mail: {cause}",
                    {"host": f"{smtp.host}:{smtp.port}", "cause": str(error)},
                ),
                "Check host, port, security and password under notification.smtp.",
            ) from error

    def _deliver(self, smtp: SmtpSettings, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=SECONDS, context=context)
            if smtp.security == "tls"
            else smtplib.SMTP(smtp.host, smtp.port, timeout=SECONDS)
        )
        with server:
            if smtp.security == "starttls":
                server.starttls(context=context)
            if smtp.user_name and self._password:
                server.login(smtp.user_name, self._password)
            server.send_message(message)


def open_mailer(settings: NotificationSettings, secrets: Callable[[str], str]) -> SmtpMailer:
    """The mailer of a profile. Only a server that wants a user name has a password.

    Raises `SecretMissing` when it is not in the keyring.
    """
    asks = settings.smtp is not None and bool(settings.smtp.user_name)
    return SmtpMailer(settings, secrets("smtp.password") if asks else None)
