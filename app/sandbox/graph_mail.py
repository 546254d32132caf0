"""The MIME form of sendMail (spec/graph.md 8), read into the shape of the JSON form."""

from __future__ import annotations

import base64
import binascii
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default as modern

from app.sandbox.graph_lists import error
from app.sandbox.wire import Call, Json, Refused


def is_mime(call: Call) -> bool:
    """Whether the body is a message in base64 and not JSON."""
    return call.headers.get("content-type", "").lower().startswith("text/plain")


def mime_message(call: Call) -> Json:
    """Subject, recipients, both bodies and the headers. Raises `Refused` for bad base64."""
    try:
        mail = message_from_bytes(base64.b64decode(call.body, validate=True), policy=modern)
    except (binascii.Error, ValueError):
        code = "ErrorMimeContentInvalidBase64String"
        raise Refused(error(400, code, "Invalid base64 string for MIME content.")) from None
    addresses = [one.strip() for one in str(mail.get("To", "")).split(",") if one.strip()]
    return {
        "subject": str(mail.get("Subject", "")),
        "toRecipients": [{"emailAddress": {"address": one}} for one in addresses],
        "body": {"contentType": "HTML", "content": _part(mail, "html")},
        "textBody": _part(mail, "plain"),
        "headers": {name: str(value) for name, value in mail.items()},
    }


def _part(mail: Message, kind: str) -> str:
    part = mail.get_body((kind,)) if isinstance(mail, EmailMessage) else None
    return str(part.get_content()) if part is not None else ""
