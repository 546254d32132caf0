"""Mail through Microsoft Graph (spec/graph.md 8), as MIME: text, HTML and headers as in SMTP."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

from app.connectors.entra_sign_in import EntraSignIn
from app.connectors.graph import Graph
from app.connectors.http import Patience, ServiceClient
from app.connectors.tokens import TokenKeeper
from app.connectors.wire import segment
from app.domain.errors import ConfigurationError, MailRefused, RollcallError, Service
from app.domain.letters import compose
from app.domain.notices import Letter
from app.domain.settings import NotificationSettings, SourceSettings
from app.domain.texts import Text

PERMISSION = "Mail.Send"
_PATIENCE = Patience(tries=3, seconds=20.0, throttled_seconds=60.0)


class _Never:
    """A mail is short; nobody stops it."""

    def is_set(self) -> bool:
        return False

    async def wait(self, seconds: float) -> bool:
        await asyncio.sleep(seconds)
        return False


class GraphMailer:
    """`domain.ports.Mailer` for one profile. Each mail opens its own connection."""

    def __init__(
        self,
        source: SourceSettings,
        settings: NotificationSettings,
        secrets: Callable[[str], str],
        now: Callable[[], datetime],
    ) -> None:
        self._source = source
        self._settings = settings
        self._secrets = secrets
        self._now = now

    def send(self, subject: str, body: str, html: str | None = None) -> None:
        """Hand a mail over; raises `MailRefused`. Runs a loop of its own: call it in a thread."""
        mailbox, recipients = self._settings.mailbox, self._settings.email
        if mailbox is None or not recipients:
            raise ConfigurationError(
                "No mailbox or no address is configured",
                "Fill notification.mailbox and notification.email in the profile.",
                key="notification.mailbox",
            )
        message = compose(
            Letter(subject, body, html),
            mailbox,
            recipients,
            self._now(),
            make_msgid(domain=mailbox.rpartition("@")[2]),
        )
        try:
            asyncio.run(self._deliver(mailbox, message))
        except ConfigurationError:
            raise
        except RollcallError as error:
            raise MailRefused(
                Text(
                    "Microsoft did not take the mail from {mailbox}: {cause}",
                    {"mailbox": mailbox, "cause": error.text},
                ),
                error.advice,
            ) from error

    async def _deliver(self, mailbox: str, message: EmailMessage) -> None:
        http = ServiceClient(
            Service.SOURCE, _Never(), patience=_PATIENCE, network=self._source.network
        )
        try:
            tokens = TokenKeeper(EntraSignIn(self._source, self._secrets, http).obtain)
            graph = Graph(self._source.graph_url, http, tokens)
            content = base64.b64encode(message.as_bytes(policy=SMTP))
            await graph.hand_over(f"/users/{segment(mailbox)}/sendMail", content, PERMISSION)
        finally:
            await http.close()
