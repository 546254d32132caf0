"""Mail through an SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid

from app.domain.errors import ConfigurationError, MailRefused
from app.domain.letters import compose
from app.domain.notices import Letter
from app.domain.settings import NotificationSettings, SmtpSettings
from app.domain.texts import Text
from app.host.clock import SystemClock

SECONDS = 20.0


class SmtpMailer:
    """`domain.ports.Mailer` for one profile."""

    def __init__(
        self,
        settings: NotificationSettings,
        password: str | None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._settings = settings
        self._password = password
        self._now = now or SystemClock().now

    def send(self, subject: str, body: str, html: str | None = None) -> None:
        """Hand a mail over; raises `MailRefused` naming the server."""
        smtp = self._settings.smtp
        if smtp is None or not self._settings.email:
            raise ConfigurationError(
                "No mail server or no address is configured",
                "Fill notification.smtp and notification.email in the profile.",
                key="notification.smtp",
            )
        message = compose(
            Letter(subject, body, html),
            smtp.sender,
            self._settings.email,
            self._now(),
            make_msgid(domain=smtp.sender.rpartition("@")[2]),
        )
        try:
            self._deliver(smtp, message)
        except (OSError, smtplib.SMTPException) as error:
            raise MailRefused(
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
