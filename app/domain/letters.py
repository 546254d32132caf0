"""A mail as it goes over the wire; the same for SMTP and Graph. Time and id come from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from app.domain.notices import Letter


def compose(
    letter: Letter, sender: str, recipients: Sequence[str], at: datetime, message_id: str
) -> EmailMessage:
    """Text, or text and HTML. No line break in a subject can smuggle in a header."""
    message = EmailMessage()
    message["Subject"] = " ".join(letter.subject.split())
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    # Nobody's out-of-office answers a machine (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    return message
